"""Paging by key, filters, sorts: every row once, in order, whatever the address says."""

import base64
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from yinuo.kit import lists, models

SHEET = lists.Sheet(
    name="jobs",
    columns=[lists.Column("name", "Name", lambda job: job.name)],
    filters=[
        lists.Filter("name", "Name", lambda rows, text: rows.filter(name=text), kind="text"),
        lists.Filter(
            "state", "State", lambda rows, text: rows.filter(state=text), choices=lambda _p: [("done", "Done")]
        ),
    ],
    sorts={
        "newest": ("Newest", "pk", True),
        "oldest": ("Oldest", "pk", False),
        "name": ("Name", "name", False),
        "name_down": ("Name down", "name", True),
        "lease": ("Lease", "leased_until", False),
        "lease_down": ("Lease down", "leased_until", True),
        "attempts": ("Attempts", "attempts", True),
    },
)
SORTS = list(SHEET.sorts)
ANYBODY = SimpleNamespace()


def page(**parameters: str) -> lists.Page:
    return lists.page_of(SHEET, models.Job.objects.all(), parameters, person=ANYBODY, size=7)


def all_pages(**parameters: str) -> list[models.Job]:
    """Following the next page until the end."""
    found: list[models.Job] = []
    shown = page(**parameters)
    for _n in range(50):
        found += [row for row, _cells in shown.rows]
        if not shown.next_query:
            return found
        shown = page(**dict(parse_qsl(shown.next_query)))
    raise AssertionError("the list does not end")


def make(*leases: int | None, name: str = "a") -> None:
    models.Job.objects.bulk_create(
        models.Job(
            key=f"{name}-{number}",
            name=f"{name}{number % 5}",
            due_at=cast.NOW,
            attempts=number % 3,
            leased_until=None if lease is None else cast.NOW + timedelta(microseconds=lease),
        )
        for number, lease in enumerate(leases)
    )


@pytest.mark.django_db
@pytest.mark.parametrize("sort", SORTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leases=st.lists(st.none() | st.integers(0, 5), max_size=40))
def test_the_pages_together_are_the_list(sort: str, leases: list[int | None]) -> None:
    models.Job.objects.all().delete()
    make(*leases)
    found = all_pages(sort=sort)
    assert sorted(row.pk for row in found) == sorted(models.Job.objects.values_list("pk", flat=True))
    _words, name, descending = SHEET.sorts[sort]
    values = [getattr(row, name) for row in found]
    filled = [value for value in values if value is not None]
    assert filled == sorted(filled, reverse=descending)
    assert values == filled + [None] * (len(values) - len(filled))  # empty ones last, both ways


@pytest.mark.django_db
def test_a_row_added_meanwhile_shifts_nothing() -> None:
    make(*[None] * 20)
    first = page(sort="newest")
    make(*[None] * 5, name="b")
    second = page(**dict(parse_qsl(first.next_query)))
    seen = [row.pk for row, _cells in first.rows + second.rows]
    assert len(seen) == len(set(seen)) == 14
    assert seen == sorted(seen, reverse=True)


@pytest.mark.django_db
def test_filters_narrow_and_stay_in_the_address() -> None:
    make(*[None] * 60)
    shown = page(name="a3", sort="oldest")
    assert shown.total == 12
    assert shown.is_filtered
    assert {row.name for row, _cells in shown.rows} == {"a3"}
    assert dict(parse_qsl(shown.next_query))["name"] == "a3"
    assert {row.name for row in all_pages(name="a3")} == {"a3"}
    assert shown.filters[1][1] == [("done", "Done")]


@pytest.mark.django_db
def test_counting_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_LIMIT", 10)
    make(*[None] * 10)
    assert (page().total, page().more_than_total) == (10, False)
    make(None, name="b")
    assert (page().total, page().more_than_total) == (10, True)


def key(value: object, pk: object = 5) -> str:
    return base64.urlsafe_b64encode(json.dumps([value, pk]).encode()).decode()


FORGED = [
    "nonsense", "====", key("text"), key([1]), key({"a": 1}), key(None, "x"), key(None, 10**30), key(10**30), key(True),
    key("2026-13-45T00:00:00+00:00"), key("2026-03-02T00:00:00"), key("a\x00b"), key(float("nan")), key("9" * 400),
    base64.urlsafe_b64encode(b"[" * 500).decode(), base64.urlsafe_b64encode(b"{}").decode(), "é", "x" * 5000,
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("after", FORGED)
def test_a_forged_key_is_no_error(after: str, sort: str) -> None:
    make(*[None] * 3)
    assert page(after=after, sort=sort).total == 3


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["\x00", "a\x00", "'", "%", "x" * 9999, "\ud800"])
def test_strange_filters_are_no_error(text: str) -> None:
    make(None)
    assert page(sort=text, state="nonsense").total == 0
    if text != "\ud800":  # Django itself turns undecodable bytes of an address into U+FFFD
        assert page(name=text).total == (1 if text == "\x00" else 0)  # nothing is left to filter by


@pytest.mark.django_db
def test_the_key_keeps_moments_exact() -> None:
    """A microsecond lost on the way to the address would skip or repeat a row."""
    base = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)
    for number in range(20):
        models.Job.objects.create(
            key=str(number), name="a", due_at=base, leased_until=base + timedelta(microseconds=number)
        )
    assert [row.key for row in all_pages(sort="lease")] == [str(number) for number in range(20)]


@pytest.mark.django_db
def test_a_page_costs_two_queries(django_assert_num_queries) -> None:
    """A third one where the sort value can be missing and the page goes on to rows without it."""
    make(*[None] * 30)
    with django_assert_num_queries(2):
        page(sort="newest")
    first = "lease" if connection.vendor == "sqlite" else "lease_down"  # empty values come first by themselves
    with django_assert_num_queries(3):
        page(sort=first)


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["lease", "lease_down"])
def test_an_index_gives_the_order(sort: str) -> None:
    """No page is sorted by the database: that would cost more with every row."""
    make(*[1] * 5, *[None] * 5)
    with CaptureQueriesContext(connection) as captured:
        assert len(all_pages(sort=sort)) == 10
    ordered = [query["sql"].partition("ORDER BY")[2] for query in captured if "ORDER BY" in query["sql"]]
    assert ordered
    assert not any("NULLS" in order for order in ordered)
