"""A list kept under a name and shared, several rows changed at once by the keyboard, and on a phone."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.seats import Seat

NAME = "一般优先级的"


def test_a_view_is_saved_shared_opened_by_address_and_removed(sit_down: Callable[..., Seat]) -> None:
    zhou, wang = sit_down("zhou"), sit_down("wang")
    zhou.go("/cases/")
    zhou.page.locator("select[name=priority]").select_option("3")
    zhou.page.get_by_role("link", name="存为视图").click()
    dialog = zhou.page.locator("dialog[open]")
    dialog.locator("[name=name]").fill(NAME)
    dialog.locator("[name=is_shared]").check()
    zhou.is_accessible()
    dialog.get_by_role("button", name="保存").click()
    zhou.page.wait_for_url(re.compile(r"/cases/\?view=\d+$"))
    chips = zhou.page.locator(".view")
    expect(zhou.page.locator(".view[aria-current]")).to_contain_text(NAME)
    expect(zhou.page.locator("select[name=priority]")).to_have_value("3")
    address = zhou.page.url

    # Looking at more of it: the view can be brought up to what is shown, and everything is one click away.
    zhou.page.locator("select[name=sort]").select_option("oldest")
    zhou.page.get_by_role("button", name="更新").click()
    zhou.is_told("已更新")
    expect(zhou.page.locator("select[name=sort]")).to_have_value("oldest")
    zhou.is_accessible()
    chips.filter(has_text="全部").click()
    expect(zhou.page.locator("select[name=priority]")).to_have_value("")

    # By mail to a colleague: he sees what he may see, with her name, and does not change it.
    wang.go(address)
    expect(wang.page.locator("select[name=priority]")).to_have_value("3")
    expect(wang.page.locator(".view[aria-current]")).to_contain_text("周华")
    wang.page.locator(".views summary").click()
    expect(wang.page.locator(".views .drop-sheet")).not_to_contain_text("移除视图")
    wang.page.get_by_role("button", name="默认以此视图打开").click()
    wang.is_told("今后默认")
    wang.go("/cases/")
    expect(wang.page.locator(".view[aria-current]")).to_contain_text(NAME)

    zhou.go(address)
    zhou.page.locator(".views summary").click()
    zhou.page.get_by_role("button", name="移除视图").click()
    zhou.is_told("已移除")
    wang.go(address)
    wang.sees("该视图已不存在，或未共享给您")
    zhou.page.get_by_role("button", name="撤销").click()
    zhou.is_told("已恢复")
    wang.go("/cases/")
    expect(wang.page.locator(".view[aria-current]")).to_contain_text(NAME)
    wang.page.locator(".views summary").click()
    wang.page.get_by_role("button", name="不再默认").click()


def test_rows_are_chosen_and_ranked_by_the_keyboard(sit_down: Callable[..., Seat]) -> None:
    zhou, zhao = sit_down("zhou"), sit_down("zhao")
    for seat in (zhou, zhao):
        seat.go("/cases/?state=open&sort=oldest")
    keys = zhou.page.keyboard
    bar = zhou.page.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    for key in ("j", "x", "j", "x", "j", "x"):
        keys.press(key)
    expect(bar).to_contain_text("已选 3 项")
    keys.press("x")
    expect(bar).to_contain_text("已选 2 项")
    zhou.is_accessible()
    numbers = [zhou.page.locator("tr.is-picked a.row-link").nth(n).inner_text() for n in range(2)]
    zhou.page.get_by_role("button", name="设定优先级").press("Enter")
    dialog = zhou.page.locator("dialog[open]")
    expect(dialog).to_contain_text(numbers[1])
    dialog.get_by_label("紧急").check()
    dialog.locator("[name=reason]").fill("顾客催促")
    keys.press("Control+Enter")
    zhou.is_told("已完成 2 项")
    for number in numbers:
        row = zhou.page.locator("tr", has_text=number)
        expect(row).to_contain_text(re.compile("紧急|安全"))

    # He has the list of before on his screen: what she has just changed stays, the third goes through.
    boxes = zhao.page.locator("[data-pick]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    expect(zhao.page.locator("[data-bulk]")).to_contain_text("已选 3 项")
    zhao.page.get_by_role("button", name="设定优先级").click()
    dialog = zhao.page.locator("dialog[open]")
    dialog.get_by_label("低", exact=True).check()
    dialog.locator("[name=reason]").fill("可以缓办")
    dialog.get_by_role("button", name="设定优先级").click()
    zhao.page.wait_for_url("**/org/batches/*")
    expect(zhao.body).to_contain_text("1 项已完成，2 项保持原样")
    expect(zhao.page.locator("tr", has_text=numbers[0])).to_contain_text("他人已作修改")
    zhao.is_accessible()
    zhao.page.get_by_role("link", name="返回列表").click()
    zhao.page.wait_for_url("**/cases/?state=open&sort=oldest")


def test_choosing_on_a_phone(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou", size=PHONE)
    zhou.go("/customers/")
    rows = zhou.page.locator("tr[data-row]")
    zhou.page.get_by_role("button", name="选择", exact=True).click()
    rows.nth(1).click()
    expect(zhou.page.locator("[data-bulk]")).to_contain_text("已选 1 项")
    zhou.is_accessible()
    before = rows.nth(1).locator(".cell-person").inner_text()
    zhou.page.get_by_role("button", name="更换对外联络窗口").click()
    dialog = zhou.page.locator("dialog[open]")
    zhou.find(dialog.get_by_role("combobox", name="对外联络窗口"), "赵敏")
    dialog.get_by_role("button", name="更换对外联络窗口").click()
    zhou.is_told("已完成 1 项")
    expect(rows.nth(1)).to_contain_text("赵敏")
    zhou.page.get_by_role("button", name="撤销").click()
    zhou.is_told("已撤销")
    expect(rows.nth(1).locator(".cell-person")).to_have_text(before)
