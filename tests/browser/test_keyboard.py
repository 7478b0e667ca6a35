"""Working without the mouse, and a session that ends while one works."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.seats import PASSWORD, Seat


def test_keys(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    keys = lina.page.keyboard
    lina.go("/cases/")

    keys.press("/")
    expect(lina.page.locator("#top-search")).to_be_focused()
    keys.type("周转箱")
    keys.press("Enter")
    lina.page.wait_for_url("**/search/**")
    lina.sees("包装改为可循环周转箱")

    lina.page.locator("h1").click()
    keys.press("n")
    lina.page.wait_for_url("**/cases/new/")
    lina.page.locator("h1").click()
    keys.press("g")
    keys.press("w")
    expect(lina.heading).to_have_text("工作台")

    lina.go("/cases/")
    links = lina.page.locator("main [data-row] a.row-link")
    keys.press("j")
    expect(links.nth(0)).to_be_focused()
    keys.press("j")
    keys.press("j")
    keys.press("k")
    expect(links.nth(1)).to_be_focused()
    number = links.nth(1).inner_text()
    keys.press("Enter")
    expect(lina.heading).to_contain_text(number)

    lina.settle()
    keys.press("?")
    help_ = lina.page.locator("#keys")
    expect(help_).to_be_visible()
    expect(help_).to_contain_text("登记要求")
    keys.press("Escape")
    expect(help_).to_be_hidden()


def test_a_session_that_ended_leads_to_sign_in_and_back(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    lina.go("/customers/")
    lina.page.context.clear_cookies()
    lina.go("/cases/of/CSR-2026-0003/")
    expect(lina.heading).to_have_text("登录")
    lina.page.locator("[name=name]").fill("lina")
    lina.page.locator("[name=password]").fill(PASSWORD)
    lina.page.locator(".door-button").click()
    expect(lina.heading).to_contain_text("CSR-2026-0003")


def test_a_session_that_ended_within_a_page_leads_to_sign_in_and_back(sit_down: Callable[..., Seat]) -> None:
    """A list that filters itself asks the server; the whole page goes to sign-in, not the list alone."""
    lina = sit_down("lina")
    lina.go("/cases/")
    lina.page.context.clear_cookies()
    lina.page.locator("[name=sort]").select_option(index=1)
    expect(lina.heading).to_have_text("登录")
    lina.page.locator("button[name=person][value=lina]").click()
    lina.page.wait_for_url("**/cases/**")
