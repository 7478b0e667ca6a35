"""The team's board in a real Chromium: cards moved by mouse and by keyboard, taken back, and two managers at one card.

Every move is taken back, so that the stories after this one find the company as they know it.
"""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE
from tests.browser.seats import Seat
from tests.browser.test_every_page import faults_of


def lane(seat: Seat, name: str) -> Locator:
    return seat.page.locator(".lane").filter(has=seat.page.get_by_role("heading", level=2, name=name))


def number_of(card: Locator) -> str:
    return card.locator(".row-link").inner_text()


def dialog(seat: Seat) -> Locator:
    expect(seat.page.locator("dialog[open] form.moving")).to_be_visible()
    return seat.page.locator("dialog[open]")


def hand_over(seat: Seat) -> None:
    """The dialog is filled in: the usual reason by one click, and sent."""
    dialog(seat).get_by_role("button", name="负荷均衡").click()
    dialog(seat).get_by_role("button", name="转办", exact=True).click()


def undo(seat: Seat) -> None:
    seat.page.locator("#notices").get_by_role("button", name="撤销").click()
    seat.is_told("已撤销")


def card_of(seat: Seat, name: str, number: str, step: str) -> Locator:
    return lane(seat, name).locator(".board-card", has_text=number).filter(has_text=step)


def test_a_card_is_dragged_to_a_colleague_and_taken_back(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    zhou.go("/reports/")
    zhou.page.keyboard.press("g")
    zhou.page.keyboard.press("b")
    expect(zhou.heading).to_contain_text("人员负荷看板")
    card = lane(zhou, "孙丽").locator(".board-card").first
    number, step = number_of(card), card.locator(".board-step").inner_text()
    card.drag_to(lane(zhou, "周华").locator(".lane-head"))
    expect(dialog(zhou).get_by_role("radio", checked=True)).to_have_count(1)
    dialog(zhou).get_by_role("button", name="转办", exact=True).click()
    zhou.is_told("原因")
    hand_over(zhou)
    zhou.is_told("已转给周华")
    expect(card_of(zhou, "周华", number, step)).to_be_visible()
    undo(zhou)
    expect(card_of(zhou, "孙丽", number, step)).to_be_visible()


def test_cards_are_walked_chosen_and_moved_by_keyboard(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    zhou.go("/reports/board")
    keys, focused = zhou.page.keyboard, zhou.page.locator(".board-card:focus-within")
    lane(zhou, "孙丽").locator(".row-link").first.focus()
    first = number_of(focused)
    keys.press(" ")
    keys.press("ArrowRight")
    second = number_of(focused)
    assert second != first
    keys.press(" ")
    expect(zhou.page.locator(".board-bar")).to_contain_text("已选 2 项")
    keys.press("m")
    for each in (first, second):
        expect(dialog(zhou)).to_contain_text(each)
    dialog(zhou).get_by_role("radio", name="周华").press(" ")
    dialog(zhou).get_by_label("原因").fill("人员缺勤")
    keys.press("Enter")
    zhou.is_told("2 项任务已转给周华")
    expect(zhou.page.locator(".board-card .row-link:focus")).to_have_count(1)
    undo(zhou)
    for each in (first, second):
        expect(lane(zhou, "孙丽").locator(".board-card", has_text=each)).to_be_visible()


def test_of_two_managers_the_second_is_told_who_was_first(sit_down: Callable[..., Seat]) -> None:
    zhou, chen = sit_down("zhou"), sit_down("chen")
    zhou.go("/reports/board")
    zhou.page.get_by_role("button", name="查看").click()
    zhou.settle()
    chen.go(zhou.page.url)
    card = lane(zhou, "孙丽").locator(".board-card").first
    number, step = number_of(card), card.locator(".board-step").inner_text()
    for seat in (zhou, chen):
        card_of(seat, "孙丽", number, step).locator(".row-link").focus()
        seat.page.keyboard.press("m")
        dialog(seat).get_by_role("radio", name="周华").check()
    hand_over(zhou)
    zhou.is_told("已转给周华")
    hand_over(chen)
    chen.is_told("将该任务转给 周华")
    expect(chen.page.locator("#notices")).to_contain_text(re.compile(r"周华 已于 \d{4}-\d\d-\d\d \d\d:\d\d"))
    expect(card_of(chen, "周华", number, step)).to_be_visible()
    undo(zhou)
    expect(card_of(zhou, "孙丽", number, step)).to_be_visible()


def test_on_the_phone_one_person_after_the_other(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou", size=PHONE)
    zhou.go("/reports/board")
    assert zhou.page.evaluate("document.documentElement.scrollWidth") <= 390
    lanes = zhou.page.locator(".lane").all()
    tops = [box["y"] for each in lanes if (box := each.bounding_box())]
    assert tops == sorted(tops)
    lane(zhou, "孙丽").locator(".board-move").first.click()
    expect(dialog(zhou)).to_contain_text("周华")


def test_board_and_dialog_are_accessible_and_speak_chinese(sit_down: Callable[..., Seat]) -> None:
    zhou = sit_down("zhou")
    zhou.go("/reports/board")
    move = zhou.page.locator(".board-move").first.get_attribute("href")
    assert move
    for url in ("/reports/board", "/reports/board?department=none", move):
        assert list(faults_of(zhou.page, url)) == []
