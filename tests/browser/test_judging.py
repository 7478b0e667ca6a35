"""A customer's manual is judged by keys and all at once; its next edition asks only for what changed; the matrix shows
where everything belongs."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.seats import Seat

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TITLE = "判定演示手册（示例）"
FIRST = """1 总则
1.1 适用范围
本手册适用于全部供方。
2 要求
2.1 变更管理
供方变更材料、工艺或场地的，应在实施前 6 个月书面申请，经顾客批准后实施。
2.2 记录保存
质量记录应保存 15 年。
2.3 报告传递
不合格品报告应当通过传真提交顾客质量部。
"""
NEXT = (
    FIRST.replace("6 个月", "9 个月")
    .replace("2.3 报告传递", "2.3 数字化报送")
    .replace("不合格品报告应当通过传真提交顾客质量部。", "供方须在系统内上传每批检验数据，当日完成。")
)


def clause(seat: Seat, number: str) -> Locator:
    """A row of the page of judging."""
    named = seat.page.locator(".row-link").get_by_text(number, exact=True)
    return seat.page.locator("tr.judging-row").filter(has=named)


def is_fit(seat: Seat) -> None:
    """At the desk and on a phone: nothing sticks out, and everybody can use it."""
    for size in (PHONE, WIDE):
        seat.page.set_viewport_size(size)
        assert seat.page.evaluate(TOO_WIDE) <= 0
        seat.is_accessible()


def tab(seat: Seat, words: str) -> Locator:
    return seat.page.locator("#judging-tabs").get_by_role("link", name=words)


def turn_to(seat: Seat, words: str) -> None:
    tab(seat, words).click()
    expect(tab(seat, words)).to_have_attribute("aria-current", "page")
    seat.page.wait_for_load_state()
    seat.settle()


def accept(seat: Seat) -> None:
    """The clauses as they were read, as soon as they are there; then on to judging them."""
    page = seat.page
    page.get_by_role("link", name="条款校对").click(timeout=60_000)
    page.get_by_role("button", name="确认条款").click()
    page.get_by_role("alertdialog").get_by_role("button", name="确认", exact=True).click()
    seat.is_told("条款已确认")
    page.locator("main").get_by_role("link", name="条款判定").click()
    expect(seat.heading).to_have_text("条款判定")
    seat.settle()


def bring(seat: Seat, folder: Path) -> None:
    """A document of a customer with its first edition."""
    file = folder / "手册2025.txt"
    file.write_text(FIRST, encoding="utf-8")
    seat.go("/sources/add/")
    seat.form.locator("[name=kind]").select_option("manual")
    seat.choose("顾客", "福特")
    seat.write("文件名称", TITLE)
    seat.form.locator("[name=label]").fill("2025")
    seat.attach(file)
    seat.press("新增")
    seat.is_told("文件已登记")


def bring_next(seat: Seat, folder: Path) -> None:
    """Its next edition, from the page of the document."""
    file = folder / "手册2026.txt"
    file.write_text(NEXT, encoding="utf-8")
    seat.go(seat.page.locator(".page-sentence a").get_attribute("href") or "")
    seat.page.locator("h1 a").click()
    seat.page.get_by_role("link", name="新增版本").click()
    seat.form.locator("[name=label]").fill("2026")
    seat.attach(file)
    seat.press("新增")
    seat.is_told("版本已登记")


def stand_on(seat: Seat, number: str) -> Locator:
    """The row of a clause, from where keys act."""
    row = clause(seat, number)
    row.locator(".row-link").focus()
    return row


def test_a_manual_is_judged_and_goes_on_into_its_next_edition(sit_down: Callable[..., Seat], tmp_path: Path) -> None:
    zhao = sit_down("zhao")
    page, keys = zhao.page, zhao.page.keyboard
    bring(zhao, tmp_path)
    accept(zhao)
    expect(tab(zhao, "待办")).to_contain_text("6")

    # By keys: what it is, and where in the standard it belongs; the numbers follow, and one stands on the next row.
    stand_on(zhao, "2.1")
    keys.press("1")
    expect(clause(zhao, "2.1")).to_contain_text("已判定")
    expect(tab(zhao, "待办")).to_contain_text("5")
    expect(clause(zhao, "2.2").locator(".row-link")).to_be_focused()
    stand_on(zhao, "2.1")
    keys.press("m")
    expect(clause(zhao, "2.1").locator(".chip:not(.is-proposed)")).to_have_text("8.5.6.1")
    stand_on(zhao, "2.3")
    keys.press("2")
    expect(tab(zhao, "待办")).to_contain_text("4")
    keys.press("z")
    expect(clause(zhao, "2.3")).to_contain_text("系统建议")
    expect(tab(zhao, "待办")).to_contain_text("5")
    is_fit(zhao)

    # All of which the program is sure, and back; the rest one by one.
    page.locator("[name=certainty]").select_option("0.6")
    for _again in range(2):
        page.get_by_role("button", name="采纳系统建议").click()
        page.get_by_role("alertdialog").get_by_role("button", name="采纳系统建议").click()
        zhao.is_told("按系统建议判定")
        if not _again:
            keys.press("z")
            expect(tab(zhao, "待办")).to_contain_text("5")
            zhao.settle()
    while page.locator("tr.judging-row .btn", has_text="采纳建议").count():
        page.locator("tr.judging-row .btn", has_text="采纳建议").first.click()
        zhao.settle()
    zhao.sees("全部条款已判定")

    # The next edition asks for what changed alone. What is new is what seemed gone: so its decision goes on.
    bring_next(zhao, tmp_path)
    accept(zhao)
    expect(tab(zhao, "沿用待确认")).to_contain_text("1")
    row = stand_on(zhao, "2.1")
    expect(row).to_contain_text("6 个月")
    keys.press("c")
    expect(row).to_contain_text("已判定")
    turn_to(zhao, "已取消条款")
    is_fit(zhao)
    page.locator(".judging-gone li", has_text="报告传递").locator("[name=new]").select_option(index=1)
    page.get_by_role("button", name="关联").click()
    zhao.is_told("延续")
    zhao.settle()
    turn_to(zhao, "沿用待确认")
    page.get_by_label("本页全选").check()
    page.get_by_role("button", name="确认沿用所选").click()
    zhao.is_told("已确认沿用 1 条")
    zhao.sees("全部条款已判定")

    # Where it belongs stands in the matrix, and from there one comes to the clause with its past.
    zhao.go("/sources/matrix/?show=content")
    line = page.locator(".matrix-table tr", has=page.get_by_role("rowheader", name="8.5.6.1", exact=False))
    point = line.locator(".matrix-point:not(.is-proposed)", has_text="2.1").first
    is_fit(zhao)
    point.click()
    expect(zhao.heading).to_contain_text("变更管理")
    zhao.sees("9 个月", "历次版本", "2025")
    page.wait_for_load_state()
    zhao.settle()
    is_fit(zhao)
