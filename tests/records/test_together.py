"""What several acts tell in one transaction is written at its end, as if each had written by itself."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests import cast
from yinuo.kit import subjects
from yinuo.records import actions, models
from yinuo.records import queries as records_queries

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def tell(company: cast.Company, word: str, key: int = 1, scope_id: int | None = None) -> None:
    it = subjects.Ref("cases.case", key, f"case {key}", scope_id=scope_id)
    actions.write(by=company.people["lina"], now=NOW, word=word, subject=it)


class Refused(Exception):
    """The act comes to nothing."""


def refuse(tell_first: Callable[[], None]) -> None:
    """An act that tells something and is refused then."""
    with transaction.atomic():
        tell_first()
        raise Refused


def told() -> list[tuple[str, int, int | None]]:
    return [(each.word, each.subject_id, each.scope_id) for each in models.Entry.objects.order_by("pk")]


def test_all_of_it_is_one_statement_in_the_order_in_which_it_was_told(company: cast.Company) -> None:
    models.Entry.objects.all().delete()
    with CaptureQueriesContext(connection) as captured, actions.together():
        tell(company, "a", 1)
        with actions.together():
            tell(company, "b", 2)
        tell(company, "c", 3)
    assert sum('INSERT INTO "records_entry"' in query["sql"] for query in captured) == 1
    assert told() == [("a", 1, None), ("b", 2, None), ("c", 3, None)]
    for entry in models.Entry.objects.all():
        assert records_queries.rules.digest(entry.payload, key=records_queries.seal_key()) == entry.digest


def test_an_act_that_is_refused_takes_what_it_told_with_it(company: cast.Company) -> None:
    models.Entry.objects.all().delete()
    with actions.together():
        tell(company, "a")
        with pytest.raises(Refused):
            refuse(lambda: tell(company, "b"))
        tell(company, "c")
    assert [word for word, _id, _scope in told()] == ["a", "c"]


def test_what_an_inner_act_told_that_was_done_goes_with_the_outer_that_is_refused(company: cast.Company) -> None:
    models.Entry.objects.all().delete()

    def done_within() -> None:
        with transaction.atomic():
            tell(company, "b")

    with actions.together():
        tell(company, "a")
        with pytest.raises(Refused):
            refuse(done_within)
        with transaction.atomic():
            tell(company, "c")
    assert [word for word, _id, _scope in told()] == ["a", "c"]


def test_when_the_whole_is_refused_nothing_is_told_and_nothing_is_left_for_the_next(company: cast.Company) -> None:
    models.Entry.objects.all().delete()
    with pytest.raises(Refused), transaction.atomic(), actions.together():
        refuse(lambda: tell(company, "a"))
    tell(company, "b")
    assert [word for word, _id, _scope in told()] == ["b"]


def test_what_was_told_of_a_subject_follows_it_into_a_scope(company: cast.Company) -> None:
    models.Entry.objects.all().delete()
    lina = company.people["lina"]
    with actions.together():
        tell(company, "a", 1)
        tell(company, "a", 2)
        with actions.together():
            actions.follow_subject(type="cases.case", id=1, scope_id=7, by=lina, now=NOW)
        tell(company, "b", 1, scope_id=7)
    words = [each for each in told() if each[0] != models.Entry.RESCOPED]
    assert words == [("a", 1, 7), ("a", 2, None), ("b", 1, 7)]
    assert models.Entry.objects.filter(word=models.Entry.RESCOPED, subject_id=1).count() == 1
    assert models.Entry.objects.get(word="a", subject_id=1).first_scope_id is None


def test_a_scope_that_is_refused_leaves_what_was_told_before_as_it_was(company: cast.Company) -> None:
    models.Entry.objects.all().delete()
    lina = company.people["lina"]
    with actions.together():
        tell(company, "a", 1)
        with pytest.raises(Refused):
            refuse(lambda: actions.follow_subject(type="cases.case", id=1, scope_id=7, by=lina, now=NOW))
    assert told() == [("a", 1, None)]
