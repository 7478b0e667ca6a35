"""The same is asked twice and becomes one; a part becomes its own case; the customer complains after the archive."""

import re
from collections.abc import Callable, Sequence

from playwright.sync_api import expect

from tests.browser.seats import Seat

LABEL = "周转箱标签纸须耐酒精擦拭 20 次不脱墨"
SIDE = "标签贴于周转箱短边，距底边 50 mm"
COLOUR = "标签底色为浅黄色"


def register(seat: Seat, title: str, items: Sequence[str]) -> str:
    """A request of 福特 by mail. Gives its number."""
    seat.go("/cases/new/")
    seat.find(seat.page.locator("#id_customer-ts-control"), "福特")
    seat.page.locator("[name=channel]").select_option("mail")
    seat.page.locator("[name=title]").fill(title)
    seat.page.locator("[name=said_by]").fill("包装工程师")
    for at, text in enumerate(items, start=1):
        if at > 1:
            seat.page.locator("[data-line-add]").click()
        seat.cell(at, "text").fill(text)
        seat.cell(at, "kind").select_option("delivery")
    seat.form.locator(".btn-primary").click()
    expect(seat.heading).to_contain_text(title)
    return number_in(seat)


def number_in(seat: Seat) -> str:
    seat.settle()
    found = re.search(r"CSR-\d{4}-\d{4}", seat.heading.inner_text())
    assert found
    return found[0]


def choose_in_menu(seat: Seat, entry: str) -> None:
    """From the menu 更多 of a case."""
    menu = seat.page.locator(".page-actions details[data-drop-menu]")
    menu.locator("summary").click()
    menu.get_by_role("link", name=entry).click()
    seat.settle()


def test_what_was_asked_twice_becomes_one_and_can_be_parted(sit_down: Callable[..., Seat]) -> None:
    lina, zhao = sit_down("lina"), sit_down("zhao")
    first = register(lina, "周转箱标签耐擦拭", [LABEL, SIDE])
    second = register(lina, "周转箱标签耐擦拭（再次来函）", [LABEL, COLOUR])

    zhao.go(f"/cases/of/{second}/")
    choose_in_menu(zhao, "合并到其他案件")
    zhao.page.locator(".merge-list li", has_text=first).get_by_role("link", name="合并到此案件").click()
    expect(zhao.heading).to_contain_text(f"将 {second} 合并到 {first}")
    zhao.sees("合并后的案件已有相同文字")
    same, new = zhao.page.locator(".going li", has_text=LABEL), zhao.page.locator(".going li", has_text=COLOUR)
    expect(same.get_by_role("checkbox")).not_to_be_checked()
    expect(new.get_by_role("checkbox")).to_be_checked()
    zhao.page.get_by_role("button", name="合并", exact=True).click()
    expect(zhao.page.locator("#id_reason_error")).to_be_visible()  # nothing is merged without a reason
    zhao.page.get_by_label("原因").fill("同一要求重复来函")
    zhao.page.get_by_role("button", name="合并", exact=True).click()
    zhao.is_told(f"{second} 已合并到 {first}")
    expect(zhao.heading).to_contain_text(first)
    zhao.settle()
    zhao.sees(COLOUR, f"来自 {second} 第 2 项")

    lina.go(f"/cases/of/{second}/")  # the old number leads on
    lina.sees(f"{second} 已合并到 {first}")
    lina.page.get_by_role("link", name=f"前往 {first}").click()
    expect(lina.heading).to_contain_text(first)
    lina.settle()
    lina.sees("已合并到本案件")

    choose_in_menu(lina, "拆分要求项")
    lina.page.locator(".going li", has_text=SIDE).get_by_role("checkbox").check()
    lina.page.get_by_label("新案件标题").fill("标签位置")
    lina.page.get_by_label("原因").fill("由物流部单独办理")
    lina.page.get_by_role("button", name="拆分", exact=True).click()
    lina.is_told("已拆分为新案件")
    third = number_in(lina)
    assert third not in (first, second)
    lina.sees(SIDE, "源自", first)
    lina.go(f"/cases/of/{first}/")
    lina.sees(f"已移至 {third} 第 1 项", "派生")

    zhao.go(f"/cases/of/{second}/")
    zhao.ask_for(zhao.page.locator(".merged-note").get_by_role("link", name="拆回"))
    zhao.page.locator("dialog[open]").get_by_label("原因").fill("底色要求单独办理")
    zhao.page.locator("dialog[open]").get_by_role("button", name="拆回").click()
    zhao.is_told(f"{second} 已恢复单独办理")
    zhao.go(f"/cases/of/{first}/")
    zhao.sees(f"已移至 {second} 第 2 项")


def test_a_complaint_after_the_archive_is_a_case_of_its_own(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go("/cases/?state=archived")
    lina.page.locator("main").get_by_role("link", name=re.compile("CSR-")).last.click()
    old = number_in(lina)
    choose_in_menu(lina, "顾客再次投诉")
    lina.sees(f"顾客就 {old}", "再次投诉")
    expect(lina.page.locator("[name=channel]")).to_have_value("complaint")
    expect(lina.page.locator("[name=text]")).to_have_value(re.compile(f"原案件 {old}"))
    lina.cell(1, "text").fill("到货周转箱数量与要求不符")
    lina.cell(1, "kind").select_option("delivery")
    lina.form.locator(".btn-primary").click()
    lina.is_told("已登记")
    new = number_in(lina)
    assert new != old
    lina.sees("投诉所涉案件", old)
    lina.go(f"/cases/of/{old}/")
    lina.sees("后续投诉", new)
