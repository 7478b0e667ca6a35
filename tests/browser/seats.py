"""Somebody at their browser: what people do in the product, named as they would say it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

PASSWORD = "demo-yinuo-2026"  # of everybody in the demo company
# Nothing is on its way any more: panels that load by themselves, lists that are made searchable.
AT_REST = """() => document.readyState === 'complete'
    && !document.querySelector('.htmx-request, select[data-search]:not(.tomselected)')"""
# What fades in or out is past: its colours are none that anybody reads.
STILL = """() => document.getAnimations().every(
    each => each.playState !== 'running' || each.effect.getTiming().iterations === Infinity)"""
AXE = Axe().axe_script
BARRIERS = """axe.run(document, {resultTypes: ['violations']})
    .then(found => found.violations.map(each => [
        each.id, each.nodes[0].html, each.nodes[0].any.map(said => said.message).join()]))"""
LOOKS = 60  # times that one looks whether the worker has done its part, half a second apart


def barriers(page: Page) -> list[list[str]]:
    """What axe-core finds against a page as it stands: [rule, first element, why]."""
    page.wait_for_function(STILL)
    page.evaluate(AXE)
    found: list[list[str]] = page.evaluate(BARRIERS)
    return found


class Seat:
    """A person before the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # Going somewhere --------------------------------------------------------------------------------------------------

    def go(self, address: str) -> None:
        self.page.goto(address)
        self.settle()

    def settle(self) -> None:
        """Until everything that the page loads by itself is there."""
        self.page.wait_for_function(AT_REST)

    def go_until(self, address: str, wanted: Locator) -> None:
        """Look at an address again and again until something is there: the worker acts in its own time."""
        for _look in range(LOOKS):
            self.go(address)
            if wanted.count():
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"never came at {address}: {wanted}\n{self.words()}")

    def open_case(self, number: str) -> None:
        """By the list of requests."""
        self.go("/cases/")
        self.page.locator("main").get_by_role("link", name=number).first.click()
        expect(self.heading).to_contain_text(number)
        self.settle()

    def take_up(self, number: str, step: str) -> None:
        """One's task from the work bench, as soon as it is there."""
        row = self.page.locator("main tr", has_text=number).filter(has_text=step)
        self.go_until("/", row)
        row.first.get_by_role("link", name="办理").click()
        expect(self.heading).to_contain_text(step)
        self.settle()

    # Reading ----------------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def body(self) -> Locator:
        return self.page.locator("main")

    def words(self) -> str:
        """Everything that stands on the page."""
        return self.body.inner_text()

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.body).to_contain_text(each)

    def sees_not(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).not_to_contain_text(each)

    def is_accessible(self) -> None:
        found = barriers(self.page)
        assert not found, found

    def is_told(self, sentence: str) -> None:
        """By a notice, or by a sentence in or above a form."""
        places = self.page.locator("#notices .notice, .form-faults, .fault, .refusal")
        expect(places.filter(has_text=sentence).first).to_be_visible()

    # Filling in -------------------------------------------------------------------------------------------------------

    @property
    def form(self) -> Locator:
        """The form one works on: in the open dialog, else the page's."""
        dialog = self.page.locator("dialog[open] form")
        return dialog if dialog.count() else self.page.locator("main form:has(.btn-primary)").first

    def write(self, label: str, words: str) -> None:
        self.form.get_by_label(label).fill(words)

    def tick(self, group: str, choice: str) -> None:
        """One of several choices under a heading."""
        self.form.get_by_role("group", name=group).get_by_label(choice, exact=True).check()

    def choose(self, label: str, words: str) -> None:
        """Search in a long list by typing, and take what fits."""
        self.find(self.form.get_by_role("combobox", name=label), words)

    def find(self, box: Locator, words: str) -> None:
        box.locator("..").click()
        box.fill(words)
        self.page.locator(".ts-dropdown [role=option]:visible", has_text=words).first.click()

    def cell(self, number: int, column: str) -> Locator:
        """What is filled in at a line (from 1) and column of a table in the form."""
        cell = self.form.locator("[data-line]").nth(number - 1).locator(f".lines-cell.lines-{column}")
        return cell.locator(":is(input, select, textarea):not(.tomselected)")

    def attach(self, *files: Path) -> None:
        self.form.locator("input[type=file]").set_input_files(list(files))

    def press(self, button: str) -> None:
        self.form.get_by_role("button", name=button, exact=True).click()

    def submit(self) -> None:
        self.press("提交")
        self.is_told("已办结")

    def sign(self, secret: str = PASSWORD) -> None:
        self.form.get_by_label("签署 PIN 或登录密码").fill(secret)
        self.press("签署并提交")

    def ask_for(self, opener: Locator) -> None:
        """Open a form in a dialog."""
        opener.click()
        expect(self.page.locator("dialog[open] form")).to_be_visible()

    def do_with_item(self, position: int, action: str) -> None:
        """From the menu of a case's item."""
        item = self.page.locator(f"#item-{position}")
        item.locator("details[data-drop-menu] summary").click()
        self.ask_for(item.get_by_role("link", name=action))

    # Moves on a task --------------------------------------------------------------------------------------------------

    def begin(self, move: str) -> None:
        """A button over the task's form, or an entry of its menu: opens in a dialog."""
        moves = self.page.locator(".task-moves")
        entry = moves.get_by_role("link", name=move, exact=True)
        if not entry.is_visible():
            moves.locator("summary").click()
        self.ask_for(entry)

    def hand_over(self, to: str, reason: str) -> None:
        """转办"""
        self.begin("转办")
        self.choose("人员", to)
        self.write("原因", reason)
        self.press("转办")
        self.is_told("已转办")

    def give_back(self, step: str, reason: str) -> None:
        """退回"""
        self.begin("退回")
        self.tick("退回到", step)
        self.write("原因", reason)
        self.press("退回")
        self.is_told("已退回")
