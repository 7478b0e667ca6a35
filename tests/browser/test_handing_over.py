"""李娜 leaves: her work is handed over, seen as a whole before; of two who do it the second finds what is left."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.seats import Seat

CASE = "CSR-2026-0031"
STEP = "登记核对"


def test_from_the_persons_page_to_the_successors_bench(sit_down: Callable[..., Seat]) -> None:
    zhou, gao = sit_down("zhou"), sit_down("gao")
    for seat in (zhou, gao):
        seat.go("/org/people/")
        seat.body.get_by_role("link", name="李娜").first.click()
        seat.settle()
        seat.page.get_by_role("link", name="移交工作").click()
        seat.settle()
        expect(seat.heading).to_have_text("移交李娜的工作")
        seat.sees("李娜手上有", "项待办", "个顾客窗口")

    zhou.press("预览移交清单")
    zhou.is_told("这个字段是必填项。")
    zhou.write("原因", "李娜月底离职")
    zhou.find(zhou.form.get_by_role("combobox", name="接收人", exact=True), "钱进")
    zhou.form.locator(".hand-rows tr", has_text=CASE).locator("select").first.select_option(label="赵敏")
    zhou.press("预览移交清单")
    zhou.sees("尚未移交", "钱进", "赵敏", "李娜月底离职")
    zhou.press("返回修改")
    expect(zhou.form.get_by_label("原因")).to_have_value("李娜月底离职")
    zhou.press("预览移交清单")
    zhou.press("移交")
    expect(zhou.heading).to_have_text("李娜的工作移交")
    zhou.sees("已移交", "赵敏", CASE)

    gao.write("原因", "李娜离职")
    gao.press("预览移交清单")  # the page of before: what is gone since is not offered again
    gao.sees_not(CASE)

    zhao = sit_down("zhao")
    zhao.go("/notify/")
    zhao.sees("李娜的工作移交给您：1 项待办。原因：李娜月底离职")
    zhao.body.get_by_role("link", name="李娜的工作移交给您").first.click()
    zhao.settle()
    zhao.sees(CASE)
    zhao.take_up(CASE, STEP)

    qian = sit_down("qian")
    qian.go("/notify/")
    expect(qian.body.get_by_text("李娜的工作移交给您")).to_have_count(1)
    qian.sees("个顾客窗口")
