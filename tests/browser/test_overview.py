"""The managers' overview in a real Chromium: figures that lead to their rows, keys, the phone, the printed page."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.seats import Seat


def test_every_figure_is_one_click_from_its_rows(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    zhou.go("/reports/")
    expect(zhou.heading).to_have_text("管理看板")
    expect(zhou.page.locator(".page-sentence")).to_contain_text(
        re.compile("较上周：新登记 .+，办结 .+逾期任务 .+平均耗时")
    )
    figures = zhou.page.locator(".figure")
    expect(figures).to_have_count(4)
    expect(zhou.page.locator(".spark")).to_have_count(4)
    for place in range(4):
        number = figures.nth(place).locator(".figure-number").inner_text().split()[0]
        figures.nth(place).locator("a").click()
        zhou.settle()
        if number == "0":
            expect(zhou.page.locator(".nothing")).to_be_visible()
        else:
            expect(zhou.page.locator(".list-total")).to_contain_text(number)
        zhou.go("/reports/")
    step = zhou.page.locator(".is-slowest")
    waiting = step.locator("td").last.inner_text()
    step.locator("a").click()
    zhou.settle()
    expect(zhou.heading).to_have_text("待办任务")
    expect(zhou.page.locator("main [data-row]")).to_have_count(int(waiting))


def test_keys_walk_over_figures_and_months(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    keys = zhou.page.keyboard
    zhou.go("/reports/")
    keys.press("j")
    expect(zhou.page.locator(".figure a").first).to_be_focused()
    keys.press("g")
    keys.press("d")
    expect(zhou.heading).to_contain_text("期限日历")
    this = zhou.heading.inner_text()
    keys.press("]")
    expect(zhou.heading).not_to_have_text(this)
    keys.press("[")
    expect(zhou.heading).to_have_text(this)
    due = zhou.page.locator(".deadlines a").first
    number = due.locator(".num").inner_text()
    due.click()
    zhou.settle()
    expect(zhou.page.locator("main [data-row]")).to_have_count(int(number))


def test_on_the_phone_the_month_is_a_list_of_days(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou", size=PHONE)
    for address in ("/reports/", "/reports/deadlines"):
        zhou.go(address)
        assert zhou.page.evaluate("document.documentElement.scrollWidth") <= 390
    shown = [cell for cell in zhou.page.locator(".deadlines td").all() if cell.is_visible()]
    assert shown
    for cell in shown:
        assert cell.locator("a").count() or "is-today" in (cell.get_attribute("class") or "")


def test_printed_it_stays_on_paper(sit_down: Callable[..., Seat]) -> None:
    """A4 without margins is 703 pixels wide; nothing is cut off, the bars are there, the frame is not."""
    zhou = sit_down("zhou")
    zhou.page.set_viewport_size({"width": 703, "height": 1000})
    zhou.page.emulate_media(media="print")
    for address in ("/reports/", "/reports/deadlines"):
        zhou.go(address)
        assert zhou.page.evaluate("document.documentElement.scrollWidth") <= 703
        expect(zhou.page.locator(".menu")).to_be_hidden()
    expect(zhou.page.locator(".deadlines thead")).to_be_visible()
    zhou.go("/reports/")
    expect(zhou.page.locator(".bars .bar").first).to_be_visible()
