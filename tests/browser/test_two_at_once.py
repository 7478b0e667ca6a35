"""Two people at the same task: one finishes it, the other is told by whom and when, and keeps what they wrote."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.seats import Seat

CASE = "CSR-2026-0010"
STEP = "登记核对"


def test_one_wins_and_the_other_is_told(sit_down: Callable[..., Seat]) -> None:
    lina, zhao = sit_down("lina"), sit_down("zhao")
    lina.take_up(CASE, STEP)
    delegate(lina, "赵敏")

    for seat, words in ((lina, "李娜的备注：样件随后寄到"), (zhao, "赵敏的备注")):
        seat.take_up(CASE, STEP)
        seat.tick("原件已保存", "是")
        seat.tick("决定", "受理")
        seat.form.locator("[name=condition]").fill(words)
    zhao.submit()

    lina.press("提交")
    lina.is_told("赵敏")
    expect(lina.page.locator("#notices")).to_contain_text(re.compile(r"\d{1,2}:\d{2}"))
    expect(lina.form.locator("[name=condition]")).to_have_value("李娜的备注：样件随后寄到")

    lina.go("/")
    expect(lina.body.locator("tr", has_text=CASE).filter(has_text=STEP)).to_have_count(0)
    lina.open_case(CASE)
    lina.sees("向顾客确认接收")


def delegate(seat: Seat, to: str) -> None:
    """委托代理: they may do it on one's behalf, and one still can oneself."""
    seat.begin("委托代理")
    seat.choose("人员", to)
    seat.write("原因", "下午外出")
    seat.press("委托代理")
    seat.is_told("已委托")
