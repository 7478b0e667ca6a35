"""A customer's document comes as a PDF: it is read, its clauses are checked, corrected and accepted, and then found."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.seats import Seat, barriers

GOLD = Path(__file__).parents[1] / "sources/pdf/gold/libreoffice_en.pdf"
TITLE = "零部件供应商要求（示例）"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CURSOR = "(body, words) => { body.focus(); body.selectionStart = body.selectionEnd = body.value.indexOf(words); }"


def is_fit(seat: Seat) -> None:
    """At the desk and on a phone: nothing sticks out, and everybody can use it."""
    for size in (PHONE, WIDE):
        seat.page.set_viewport_size(size)
        assert (size["width"], barriers(seat.page)) == (size["width"], [])
        assert seat.page.evaluate(TOO_WIDE) <= 0


def numbers(seat: Seat) -> Locator:
    return seat.page.locator(".check-node .clause-number")


def chosen(seat: Seat) -> Locator:
    return seat.page.locator(".check-node.is-chosen .clause-number")


def walk_to(seat: Seat, number: str) -> None:
    """Down the clauses with j."""
    for _step in range(numbers(seat).count()):
        if chosen(seat).inner_text() == number:
            return
        seat.page.keyboard.press("j")
    expect(chosen(seat)).to_have_text(number)


def bring(seat: Seat) -> None:
    """A document with its first edition, and wait until its clauses are there."""
    page = seat.page
    seat.go("/sources/")
    page.get_by_role("link", name="新增文件").first.click()
    seat.form.locator("[name=kind]").select_option(label="技术协议")
    seat.choose("顾客", "福特")
    seat.write("文件名称", TITLE)
    seat.form.locator("[name=language]").select_option("en")
    seat.attach(GOLD)
    is_fit(seat)
    seat.press("新增")
    expect(seat.form.locator(".has-fault")).to_have_count(1)  # the edition is missing; the file is still there
    expect(seat.form.locator(".drop-name")).to_have_text(GOLD.name)
    expect(seat.form.locator("[name=title]")).to_have_value(TITLE)
    is_fit(seat)
    seat.form.locator("[name=label]").fill("3.0")
    seat.press("新增")
    seat.is_told("文件已登记")
    expect(seat.heading).to_contain_text(TITLE)
    expect(page.get_by_role("link", name="条款校对")).to_be_visible(timeout=60_000)
    expect(page.locator(".clause")).to_have_count(35)
    is_fit(seat)
    page.get_by_role("link", name="条款校对").click()
    expect(seat.heading).to_have_text("条款校对")


def settled(seat: Seat) -> None:
    """What the last act brought is alive: its buttons listen."""
    seat.page.wait_for_function(
        "document.querySelector('#check-side [data-act]')?.['htmx-internal-data']?.listenerInfos"
    )


def test_a_pdf_becomes_clauses_that_are_found(sit_down: Callable[..., Seat]) -> None:
    lina = sit_down("lina")
    page, keys = lina.page, lina.page.keyboard
    bring(lina)
    expect(page.locator(".check-sheet img").first).to_have_js_property("complete", True)
    assert page.evaluate("document.documentElement.scrollHeight") <= WIDE["height"]
    is_fit(lina)

    # One clause is chosen by the keys; the source shows where it stands.
    expect(chosen(lina)).to_have_text("1")
    walk_to(lina, "1.2")
    expect(page.locator(".check-source rect.is-chosen")).not_to_have_count(0)

    # Joined to the one before, and back: one stays where one works.
    keys.press("m")
    expect(numbers(lina)).to_have_count(34)
    expect(chosen(lina)).to_have_text("1.1")
    expect(page.locator(".check-node.is-chosen")).to_contain_text("1.2 For parts of class FFFFFFF")
    settled(lina)
    keys.press("b")
    expect(numbers(lina)).to_have_count(35)
    expect(chosen(lina)).to_have_text("1.1")

    # Cut where the cursor stands; what is new is chosen and gets its number.
    keys.press("j")
    expect(chosen(lina)).to_have_text("1.2")
    page.locator("[data-body]").evaluate(CURSOR, "and complete its review")
    page.get_by_role("button", name="从光标处拆分").click()
    expect(numbers(lina)).to_have_count(36)
    expect(page.locator(".check-node.is-chosen")).to_contain_text("and complete its review within ten working days")
    settled(lina)
    page.get_by_label("编号").fill("1.2a")
    keys.press("Enter")
    expect(chosen(lina)).to_have_text("1.2a")
    is_fit(lina)

    # No clause at all: its words are left over, and are taken in again.
    page.locator("h1").click()
    settled(lina)
    walk_to(lina, "1.6")
    keys.press("x")
    expect(numbers(lina)).to_have_count(35)
    page.get_by_role("link", name="1 处未归入").click()
    left = page.locator("#left li")
    expect(left).to_contain_text("1.6 For parts of class KKKKK")
    is_fit(lina)
    left.get_by_role("button", name="单独成为条款").click()
    expect(numbers(lina)).to_have_count(36)
    expect(left).to_have_count(0)
    expect(page.locator(".check-node.is-chosen")).to_contain_text("1.6 For parts of class KKKKK")

    page.get_by_role("button", name="确认条款").click()
    page.get_by_role("alertdialog").get_by_role("button", name="确认", exact=True).click()
    lina.is_told("条款已确认")
    expect(page.locator(".clause")).to_have_count(36)
    expect(page.get_by_role("link", name="条款校对")).to_have_count(0)
    is_fit(lina)

    # Anybody who may see it finds the clause by its words, and comes to where it stands.
    zhao = sit_down("zhao")
    zhao.page.keyboard.press("/")
    zhao.page.keyboard.type("class MMMMMM special characteristics")
    zhao.page.keyboard.press("Enter")
    zhao.page.wait_for_url("**/search/**")
    zhao.page.locator("main").get_by_role("link", name="2.5").first.click()
    expect(zhao.heading).to_contain_text(TITLE)
    expect(zhao.page.locator(".clause:target")).to_contain_text("For parts of class MMMMMM")
