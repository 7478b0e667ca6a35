"""History of a ledger is written in blocks: asked, numbered, told, found and refused as each entry by itself."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cases import story as stories
from tests.imports import test_imports as importing
from tests.imports import test_ledgers as ledgers
from tests.records import test_trail as trail
from yinuo.cases import access, models
from yinuo.cases.actions import ledger, opening
from yinuo.imports import models as imports
from yinuo.kit import refusals
from yinuo.org import models as org
from yinuo.records import models as records
from yinuo.reports.actions import counting
from yinuo.search import actions as search
from yinuo.search import models as search_models

pytestmark = pytest.mark.usefixtures("data_folder")

HEADS = ["编号", "顾客名称", "要求内容", "收到日期", "状态", "负责人", "备注"]


def entry(n: int, state: str = "已完成", owner: str = "") -> list[Any]:
    return [f"K-{n:03}", "SVW", f"第 {n} 条要求，盐雾 720 h", date(2024, 3, 1 + n % 20), state, owner, f"备注 {n}"]


@pytest.fixture
def working(company: cast.Company) -> cast.Company:
    stories.publish(company)
    return company


@pytest.fixture
def svw(working: cast.Company) -> Any:
    return stories.customer(working)


@pytest.fixture
def lina(working: cast.Company, svw: Any, signed_in: Callable[[str], Client]) -> Client:
    return signed_in("lina")


def past(svw: Any, mark: str, **more: Any) -> ledger.Past:
    """An entry as the intake tells it."""
    said = {
        "customer": svw, "title": f"要求 {mark}", "channel": "other", "items": stories.items(f"盐雾 {mark}"),
        "notified_at": cast.NOW, "text": "", "said_by": "沈工", "products": [], **more,
    }  # fmt: skip
    return ledger.Past(ledger.Kept(mark, mark, [["备注", mark]]), cast.NOW, "", said)


def test_entries_of_every_kind_enter_in_the_order_of_the_ledger(lina: Client) -> None:
    rows = [entry(1), entry(2), entry(3, "进行中"), entry(4), entry(5, "已取消"), entry(6, "进行中")]
    row = ledgers.taken(lina, ledgers.workbook(rows, HEADS))
    assert set(importing.states(row).values()) == {"taken"}
    cases = list(models.Case.objects.order_by("pk"))
    assert [case.taken_over.number for case in cases] == [f"K-00{n}" for n in range(1, 7)]
    assert [case.number for case in cases] == sorted(case.number for case in cases)
    assert [case.is_open for case in cases] == [False, False, True, False, False, True]
    assert [case.state for case in cases if not case.is_open] == ["archived", "archived", "archived", "terminated"]
    assert set(row.lines.values_list("url", flat=True)) == {case.get_absolute_url() for case in cases}


def test_each_entry_has_its_lines_in_the_trail_and_the_chain_holds(lina: Client) -> None:
    ledgers.taken(lina, ledgers.workbook([entry(n) for n in range(1, 8)], HEADS))
    trail.seal()
    for case in models.Case.objects.all():
        told = records.Entry.objects.filter(subject_type="cases.case", subject_id=case.pk).order_by("pk")
        assert [each.word for each in told] == ["cases.case.taken_over", "imports.row.taken_over"]
        assert told[0].changes[0] == {"field": "title", "old": None, "new": case.title}
        assert told[1].note["file"] == "台账.xlsx"
    walk = trail.verified()
    assert (walk.findings, walk.checked) == ([], records.Entry.objects.count())


def test_what_stands_in_the_index_is_what_its_source_would_say(lina: Client) -> None:
    ledgers.taken(lina, ledgers.workbook([entry(1), entry(2)], HEADS))
    before = list(search_models.Body.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as asked:
        search.refresh("cases.case", models.Case.objects.values_list("pk", flat=True))
    assert list(search_models.Body.objects.order_by("pk").values()) == before
    assert not [each["sql"] for each in asked if "INSERT" in each["sql"]], "nothing had to be written anew"
    assert ledgers.case_of("K-002").number in lina.get("/search/?q=备注 2").content.decode()


def test_one_that_is_refused_keeps_no_other_out(working: cast.Company, svw: Any) -> None:
    """The owner is nobody who may see the case; a request without words is none."""
    entries = [past(svw, "A"), past(svw, "B", owner=working.outsider), past(svw, "C", title=" "), past(svw, "D")]
    told = ledger.take_history(entries=entries, by=stories.fresh(working.lina), now=cast.NOW)
    assert [type(each) for each in told] == [
        models.Case, access.OutsideCircle, opening.CannotOpen, models.Case
    ]  # fmt: skip
    assert [case.taken_over.mark for case in models.Case.objects.order_by("pk")] == ["A", "D"]
    assert not counting.set_right(by=working.lina, now=cast.NOW), "and the figures count what is there"


def test_whoever_may_not_register_takes_nothing_over(working: cast.Company, svw: Any) -> None:
    told = ledger.take_history(entries=[past(svw, "A")], by=stories.fresh(working.outsider), now=cast.NOW)
    assert [type(each) for each in told] == [refusals.NotAllowed]
    assert not models.Case.objects.exists()


def test_an_entry_twice_in_a_block_or_there_before_is_refused(working: cast.Company, svw: Any) -> None:
    by: org.Person = stories.fresh(working.lina)
    ledger.take_history(entries=[past(svw, "A")], by=by, now=cast.NOW)
    told = ledger.take_history(entries=[past(svw, each) for each in "ABBC"], by=by, now=cast.NOW)
    assert [isinstance(each, ledger.AlreadyThere) for each in told] == [True, False, True, False]
    numbers = sorted(models.Case.objects.values_list("number", flat=True))
    assert [int(each[-4:]) for each in numbers] == [1, 2, 3], "no number is lost"


def test_a_block_costs_about_the_same_statements_for_few_and_many(lina: Client) -> None:
    costs = []
    for first, count in ((1, 5), (10, 40)):
        row = ledgers.checked(lina, ledgers.workbook([entry(n) for n in range(first, first + count)], HEADS))
        lina.post(f"/imports/{row.pk}/confirm/", {"version": row.version})
        with CaptureQueriesContext(connection) as asked:
            importing.work()
        assert imports.Line.objects.filter(of=row, state="taken").count() == count
        costs.append(len([each for each in asked if "search_document" not in each["sql"]]))
    # SQLite takes a thousand values in a statement, and one document after the other into its index.
    assert costs[1] - costs[0] < 35 / 3, costs


def test_the_chain_names_a_line_of_a_block_that_was_changed_afterwards(lina: Client) -> None:
    ledgers.taken(lina, ledgers.workbook([entry(1), entry(2)], HEADS))
    trail.seal()
    line = records.Entry.objects.filter(word="cases.case.taken_over").latest("pk")
    records.Entry.objects.filter(pk=line.pk).update(reason="otherwise")
    assert [(code, key) for code, _number, key in trail.verified().findings] == [("entry_changed", line.pk)]
