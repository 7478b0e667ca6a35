"""Guarded changes: of two people saving at once one wins, and the trail gets what changed from what to what."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests import cast
from yinuo.kit import refusals, rows
from yinuo.org import models


def test_a_change_says_what_changed(company: cast.Company) -> None:
    person = company.lina
    changes = rows.change(person, expected=1, name="李娜娜", phone="123", email=person.email)
    assert [(c.field, c.old, c.new) for c in changes] == [("name", "李娜", "李娜娜"), ("phone", "", "123")]
    person.refresh_from_db()
    assert (person.name, person.phone, person.version) == ("李娜娜", "123", 2)


def test_of_two_who_saw_the_same_one_wins(company: cast.Company) -> None:
    first, second = models.Person.objects.get(pk=company.lina.pk), models.Person.objects.get(pk=company.lina.pk)
    rows.change(first, expected=1, phone="1")
    with pytest.raises(refusals.Stale):
        rows.change(second, expected=1, phone="2")
    assert models.Person.objects.get(pk=company.lina.pk).phone == "1"


def test_nothing_changed_is_nothing_written(company: cast.Company) -> None:
    assert rows.change(company.lina, expected=1, name="李娜") == []
    company.lina.refresh_from_db()
    assert company.lina.version == 1


def test_a_stale_version_is_refused_even_when_nothing_differs(company: cast.Company) -> None:
    with pytest.raises(refusals.Stale):
        rows.change(company.lina, expected=7, name="李娜")


def test_a_row_whose_change_stands_elsewhere_is_touched(company: cast.Company) -> None:
    rows.touch(company.lina, expected=1)
    assert company.lina.version == 2
    with pytest.raises(refusals.Stale):
        rows.touch(company.lina, expected=1)


def test_related_rows_are_told_by_their_label_and_key(company: cast.Company) -> None:
    (change,) = rows.change(company.lina, expected=1, superior=company.zhou)
    assert (change.old, change.new) == (f"赵敏 #{company.zhao.pk}", f"周华 #{company.zhou.pk}")


def test_a_new_row_tells_its_filled_fields(company: cast.Company) -> None:
    assert [(c.field, c.old, c.new) for c in rows.created(company.lina, "name", "phone", "capacity")] == [
        ("name", None, "李娜"),
        ("capacity", None, 100),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (Decimal("1.33"), "1.33"),
        (date(2026, 3, 2), "2026-03-02"),
        (datetime(2026, 3, 2, 1, 30, tzinfo=UTC), "2026-03-02T01:30:00+00:00"),
        ({1: Decimal(2)}, {"1": "2"}),
        ((1, "a"), [1, "a"]),
    ],
)
def test_values_are_stored_as_json(value: object, expected: object) -> None:
    assert rows.plain(value) == expected
