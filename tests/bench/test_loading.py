"""A case loaded in bulk equals, row for row and column for column, one made by the product's actions."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tests import cast
from tests.bench import casting, loading, moulds, people, texts
from yinuo.cases import models as cases
from yinuo.records import models as records_models
from yinuo.records import queries as records_queries
from yinuo.records import rules as records_rules
from yinuo.search import actions as search_actions
from yinuo.search import models as search_models
from yinuo.search import queries as search

LOADED, MADE = 7_000_000_000, 8_000_000_000  # SQLite counts on from its largest key, so these come second
# Tables that actions write for a case and a load does not, and columns that differ in any two cases.
NOT_LOADED = {
    "cases_counter": "the load counts on once at its end",
    "reports_account": "counted from the rows at the load's end",
    "reports_tally": "counted from the rows at the load's end",
    "search_frequency": "estimated by a job over all documents",
}
OWN_COLUMNS = {
    "nonce": "random, so that equal entries differ",
    "digest": "covers the nonce; checked against the payload below",
}


@pytest.fixture
def bench_company(db: None) -> Iterator[people.Company]:
    yield people.prepare(20, cast.NOW)
    # PostgreSQL's sequences are not rolled back with the test.
    for model in filter(moulds.counted, moulds.tables()):
        moulds.count_from(model, 0)


def _count_from(first: int) -> None:
    for place, model in enumerate(filter(moulds.counted, moulds.tables())):
        moulds.count_from(model, first + place * moulds.KEYS)


def _rows(first: int, number: str) -> dict[str, list[dict[str, Any]]]:
    """All rows whose keys were counted from `first`, with keys told by their place and the case number by a word."""

    def neutral(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: neutral(each) for key, each in value.items()}
        if isinstance(value, list):
            return [neutral(each) for each in value]
        if isinstance(value, str) or (isinstance(value, int) and value > first):
            return re.sub(rf"(?<!\w){str(first)[0]}(\d{{9}})(?!\w)", r"key \1", str(value)).replace(number, "NUMBER")
        return value

    found = {}
    for model in moulds.tables():
        rows = model._base_manager.filter(pk__gt=first, pk__lt=first + 1_000_000_000).order_by("pk").values()
        if rows:
            found[model._meta.db_table] = [
                {name: neutral(value) for name, value in row.items() if name not in OWN_COLUMNS} for row in rows
            ]
    return found


def _parts(company: people.Company, number: int) -> moulds.Cast:
    customer = company.customers[3]
    window = next(person for person in company.people if person.pk == customer.window_id)
    registrar, owner, analyst = (person for person in company.people[7:10])
    return moulds.Cast(customer, registrar, window, owner, analyst, texts.said_in(number, 20))


def _load(state: str, weekday: int, parts: moulds.Cast) -> str:
    """Load one such case on the weekday after `cast.NOW`; returns its number."""
    loader = loading.Loader.begin([state], [weekday])
    for place, model in enumerate(filter(moulds.counted, moulds.tables())):
        loader.last[model._meta.db_table] = LOADED + place * moulds.KEYS
    weeks = (moulds.MONDAY - cast.NOW).days // 7
    loader.write([(loader.forms[state, weekday], casting.Wanted(parts, "CSR-2026-9413", weeks))])
    return "CSR-2026-9413"


@pytest.mark.parametrize("state", loading.STATES)
def test_a_loaded_case_equals_one_made_by_actions(bench_company: people.Company, state: str) -> None:
    parts = _parts(bench_company, 13)
    loaded = _load(state, 3, parts)
    moulds.qualify(parts.analyst)
    _count_from(MADE)
    made = moulds.live(state, cast.NOW + timedelta(days=3), parts)

    rows_made, rows_loaded = _rows(MADE, made.number), _rows(LOADED, loaded)
    assert rows_loaded.keys() == rows_made.keys()
    for table, rows in rows_made.items():
        assert rows_loaded[table] == rows, table
    assert {"cases_case", "procedures_move", "letters_letter", "records_entry", "search_body"} <= rows_made.keys()
    assert len(rows_made["letters_letter"]) == 3


def test_a_case_leaves_rows_in_no_other_table(
    bench_company: people.Company, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    """What a load would have to write besides."""
    others = [
        model for model in apps.get_models() if model not in moulds.tables() and model._meta.db_table not in NOT_LOADED
    ]

    def counted() -> dict[str, int]:
        return {model._meta.db_table: model._base_manager.count() for model in others}

    parts = _parts(bench_company, 13)
    moulds.qualify(parts.analyst)
    before = counted()
    moulds.live("terminated", cast.NOW, parts)

    assert counted() == before


def test_a_loaded_trail_verifies_and_the_words_are_found(bench_company: people.Company) -> None:
    parts = _parts(bench_company, 13)
    number = _load("active", 0, parts)
    case = cases.Case.objects.get(number=number)

    entries = records_models.Entry.objects.filter(pk__gt=LOADED)
    assert len(entries) > 8
    for entry in entries:
        assert entry.digest == records_rules.digest(entry.payload, key=records_queries.seal_key())
    for words in (number, parts.said.title, texts.COMMON, parts.customer.name_zh, parts.said.item):
        assert [hit.id for hit in search.find(parts.owner, words, kinds=["cases.case"])] == [case.pk], words


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="the words of a contentless table cannot be read back")
def test_loaded_words_are_those_of_the_product(bench_company: people.Company) -> None:
    number = _load("new", 0, _parts(bench_company, 13))
    case = cases.Case.objects.get(number=number)

    def words() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT words::text FROM search_document WHERE subject_id = %s", [case.pk])
            return str(cursor.fetchone()[0])

    loaded = words()
    search_models.Document.objects.filter(subject_id=case.pk).delete()
    search_actions.refresh(case.subject_type, [case.pk])
    assert words() == loaded


def test_keys_and_numbers_count_on_after_a_load(bench_company: people.Company) -> None:
    loader = loading.Loader.begin(days=[0])
    loader.forms = {(state, day): loader.forms[state, 0] for state in loading.STATES for day in range(5)}
    assert loader.write(loading.plan(10, bench_company, loader, cast.NOW.date())) == 10
    loader.end()

    last = cases.Case.objects.order_by("-pk")[0]
    parts = _parts(bench_company, 1)
    following = moulds.live("new", last.registered_at + timedelta(days=1), parts)
    assert following.pk == last.pk + 1
    assert int(following.number[-4:]) == int(last.number[-4:]) + 1


def test_the_same_words_occur_as_often_as_promised() -> None:
    said = [texts.said_in(number, 1000) for number in range(1000)]
    assert sum(texts.RARE in each.text for each in said) == texts.RARE_HITS
    assert sum(texts.COMMON in each.text for each in said) == 1000 // texts.COMMON_EVERY
    assert said == [texts.said_in(number, 1000) for number in range(1000)]


def test_indexes_are_back_after_a_load(db: None) -> None:
    def names() -> set[str]:
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "cases_case")
        return {name for name, about in found.items() if about["index"]}

    before = names()
    with loading.without_indexes(["cases_case"]):
        assert len(names()) < len(before)
    assert names() == before
