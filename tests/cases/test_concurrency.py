"""Several people registering at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.actions import convention, opening
from yinuo.customers import models as customers
from yinuo.org import models as org

THREADS, EACH = 4, 6
at_once = pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in after the other anyway")


def register_at_once(company: cast.Company, of: customers.Customer) -> list[str]:
    """Registrations from several threads, each with its own connection; every third one is rolled back."""
    start = threading.Barrier(THREADS)

    def work(thread: int) -> list[str]:
        try:
            start.wait(10)
            found = []
            for turn in range(EACH):
                by = org.Person.objects.get(pk=company.lina.pk)
                if turn % 3 == 2:
                    with pytest.raises(opening.CannotOpen):
                        stories.open_case(company, of, by=by, items=[])
                    continue
                found.append(stories.open_case(company, of, by=by, title=f"{thread}/{turn}").number)
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return [number for numbers in pool.map(work, range(THREADS)) for number in numbers]


@at_once
@pytest.mark.django_db(transaction=True)
def test_numbers_are_unique_and_without_gaps_under_concurrency() -> None:
    company = cast.company()
    stories.publish(company)
    svw = stories.customer(company)
    numbers = register_at_once(company, svw)
    assert sorted(numbers) == [f"CSR-2026-{n:04}" for n in range(1, THREADS * (EACH - EACH // 3) + 1)]
    assert models.Case.objects.count() == len(numbers)


@at_once
@pytest.mark.django_db(transaction=True)
def test_where_gaps_are_allowed_numbers_are_still_unique() -> None:
    company = cast.company()
    stories.publish(company)
    svw = stories.customer(company)
    before = stories.open_case(company, svw).number
    convention.change_convention(by=stories.fresh(company.zhou), now=stories.NOW, expected=0, allows_gaps=True)
    numbers = [before, *register_at_once(company, svw)]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.django_db(transaction=True)
def test_a_pattern_that_comes_back_gives_no_number_twice() -> None:
    company = cast.company()
    stories.publish(company)
    svw = stories.customer(company)
    numbers = [stories.open_case(company, svw).number]
    for pattern in ("Q{year}-{n:03}", "CSR-{year}-{n:04}", "CSR-{n:08}", "CSR-{year}-{n:04}"):
        row = models.Convention.objects.first()
        expected = row.version if row else 0
        convention.change_convention(
            by=stories.fresh(company.zhou), now=stories.NOW, expected=expected, number_pattern=pattern
        )
        numbers.append(stories.open_case(company, svw).number)
    assert len(set(numbers)) == len(numbers)
