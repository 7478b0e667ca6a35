"""A confidential customer's case exists for those who are let in, and for nobody else: not even as a number."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.seats import Seat

CASE = "CSR-2026-0008"
TITLE = "新项目电池模块支架保密要求与响应时间"
CUSTOMER = "某新势力车企"
PANELS = ("/letters/about/", "/records/files/", "/records/timeline/")


@pytest.fixture
def lina(sit_down: Callable[..., Seat]) -> Seat:
    """She is let in."""
    return sit_down("lina")


@pytest.fixture
def qian(sit_down: Callable[..., Seat]) -> Seat:
    """He does the same work for other customers, and is not let in."""
    return sit_down("qian")


def count(seat: Seat, address: str) -> int:
    seat.go(address)
    found = re.search(r"\d+", seat.page.locator(".list-total").inner_text())
    assert found
    return int(found[0])


def test_lists_and_their_counts(lina: Seat, qian: Seat) -> None:
    assert count(lina, "/cases/") == count(qian, "/cases/") + 1
    qian.sees_not(CASE, TITLE, CUSTOMER)
    lina.sees(CASE, CUSTOMER)
    qian.go("/customers/")
    qian.sees_not(CUSTOMER)
    lina.go("/customers/")
    lina.sees(CUSTOMER)


@pytest.mark.parametrize("words", ["电池模块", CASE, CUSTOMER])
def test_search_and_its_suggestions(lina: Seat, qian: Seat, words: str) -> None:
    for seat, may_find in ((lina, True), (qian, False)):
        seat.go("/")
        seat.page.locator("#top-search").press_sequentially(words)
        suggested = seat.page.locator("#top-suggest")
        expect(suggested).to_be_visible()
        expect(suggested.locator("a[href*='/of/']", has_text=TITLE)).to_have_count(1 if may_find else 0)
        seat.page.locator("#top-search").press("Enter")
        seat.page.wait_for_url("**/search/**")
        expect(seat.body.get_by_role("link", name=TITLE)).to_have_count(1 if may_find else 0)


def test_similar_cases_and_customers_offered_at_intake(lina: Seat, qian: Seat) -> None:
    for seat, offered in ((lina, 1), (qian, 0)):
        seat.go("/cases/new/")
        with seat.page.expect_response("**/suggestions/customers/**"):
            seat.page.locator("#id_customer-ts-control").fill(CUSTOMER)
        expect(seat.page.locator(".ts-dropdown [role=option]", has_text=CUSTOMER)).to_have_count(offered)
        with seat.page.expect_response("**/new/similar/"):
            seat.page.locator("[name=title]").fill(TITLE)
        expect(seat.page.locator("#similar", has_text=CASE)).to_have_count(offered)


def test_work_bench_and_inbox(lina: Seat, qian: Seat) -> None:
    lina.go("/")
    lina.sees(CASE)
    for address in ("/", "/?tab=done", "/notify/"):
        qian.go(address)
        qian.sees_not(CASE, TITLE, CUSTOMER)


def part_of(seat: Seat, address: str) -> str:
    return seat.page.request.get(address, headers={"hx-request": "true"}).text()


def test_every_address_about_it(lina: Seat, qian: Seat) -> None:
    """What 李娜 opens from the case's page is not found for 钱进."""
    lina.go(f"/cases/of/{CASE}/")
    links = lina.page.locator("main a[href^='/'], .side a[href^='/'], [hx-get^='/']").evaluate_all(
        "all => all.map(each => each.getAttribute('href') || each.getAttribute('hx-get'))"
    )
    about = [
        f"/cases/of/{CASE}/",
        *(link for link in links if re.search(rf"{CASE}|cases\.case|/tasks/|/runs/|/file/", link)),
    ]
    assert len(about) > 10
    for address in about:
        answer = qian.page.request.get(address, max_redirects=0)
        # Of what there is none a panel is empty, whether or not there is such a case.
        if address.startswith(PANELS) and not address.endswith(("/open/", "/progress/")):
            assert part_of(qian, address) == part_of(qian, re.sub(r"/\d+/", "/999999/", address)), address
        else:
            assert answer.status in (403, 404), address
        assert TITLE not in answer.text(), address
        assert CUSTOMER not in answer.text(), address
    assert qian.page.request.get(f"/cases/of/{CASE}/").status == 404
