"""Registering a request."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.actions import opening
from yinuo.customers import models as customers
from yinuo.kit import refusals, remembering
from yinuo.procedures import models as procedures
from yinuo.records import models as records


def test_a_request_is_registered_with_number_items_run_and_first_task(
    working: cast.Company, svw: customers.Customer
) -> None:
    case = stories.open_case(working, svw, items=stories.items(stories.SALT, stories.REPORT))
    assert case.number == "CSR-2026-0001"
    assert [item.text for item in case.items.all()] == [stories.SALT, stories.REPORT]
    assert [wording.number for item in case.items.all() for wording in item.wordings.all()] == [1, 1]
    assert case.state == models.State.NEW
    assert (case.step_zh, case.holder) == ("登记核对", "李娜")
    assert procedures.Run.objects.get(pk=case.run_id).subject_label == "CSR-2026-0001 盐雾试验要求提高到 720 h"
    assert records.Entry.objects.filter(word="cases.case.opened", subject_id=case.pk).count() == 1


def test_numbers_rise_and_start_anew_each_year(working: cast.Company, svw: customers.Customer) -> None:
    numbers = [stories.open_case(working, svw).number for _ in range(3)]
    assert numbers == ["CSR-2026-0001", "CSR-2026-0002", "CSR-2026-0003"]
    later = stories.NOW + timedelta(days=365)
    assert stories.open_case(working, svw, now=later, notified_at=later).number == "CSR-2027-0001"


def test_a_rolled_back_registration_leaves_no_gap(working: cast.Company, svw: customers.Customer) -> None:
    stories.open_case(working, svw)
    with pytest.raises(opening.CannotOpen):
        stories.open_case(working, svw, items=[])
    assert stories.open_case(working, svw).number == "CSR-2026-0002"


def test_it_costs_few_statements(working: cast.Company, svw: customers.Customer) -> None:
    stories.open_case(working, svw)
    by = stories.fresh(working.lina)
    with CaptureQueriesContext(connection) as captured, remembering.page():
        stories.open_case(working, svw, by=by, items=stories.items(stories.SALT, stories.REPORT))
    statements = [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) <= 28, "\n" + "\n".join(sql[:110] for sql in statements)
    drawn = next(at for at, sql in enumerate(statements) if "cases_counter" in sql)
    others_wait = statements[drawn + 1 :]
    reads = [sql for sql in others_wait if sql.startswith("SELECT")]
    assert len(others_wait) <= 17, "\n" + "\n".join(sql[:110] for sql in others_wait)
    assert len(reads) <= 4, "\n" + "\n".join(sql[:110] for sql in reads)


def test_what_is_in_hand_is_what_the_row_says(working: cast.Company, svw: customers.Customer) -> None:
    case = stories.open_case(working, svw, items=stories.items(stories.SALT, stories.REPORT))
    row = models.Case.objects.get(pk=case.pk)
    for field in models.Case._meta.concrete_fields:
        assert getattr(case, field.attname) == getattr(row, field.attname), field.attname


def test_priority_and_due_follow_the_table(working: cast.Company, svw: customers.Customer) -> None:
    usual = stories.open_case(working, svw)
    assert usual.priority == models.Priority.NORMAL
    assert usual.due_at
    assert usual.due_at.date() == date(2026, 3, 16)
    safety = stories.open_case(working, svw, is_safety=True)
    assert (safety.priority, safety.priority_zh) == (models.Priority.TOP, "涉及健康或安全，始终为最高优先级")
    soon = stories.open_case(working, svw, wanted_on=date(2026, 3, 4))
    assert soon.priority == models.Priority.URGENT
    assert soon.due_at
    assert soon.due_at.date() == date(2026, 3, 4)


def test_oral_words_await_writing_until_a_day(working: cast.Company, svw: customers.Customer) -> None:
    case = stories.open_case(working, svw, channel="phone", is_oral=True)
    assert (case.oral, case.oral_due_on) == (models.Confirmation.WAITING, date(2026, 3, 9))
    assert case.items.get().wordings.get().confirmation == models.Confirmation.WAITING


def test_originals_are_kept_byte_for_byte(working: cast.Company, svw: customers.Customer) -> None:
    content = bytes(range(256)) * 40
    case = stories.open_case(working, svw, files=[("顾客来函.eml", content)])
    attachment = records.Attachment.objects.get(subject_type="cases.case", subject_id=case.pk)
    assert (attachment.kind, attachment.name) == ("original", "顾客来函.eml")
    assert attachment.blob.path.read_bytes() == content


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"items": []}, "items"),
        ({"items": [opening.NewItem(text=" ", kind="technical")]}, "items"),
        ({"items": [opening.NewItem(text="x", kind="nonsense")]}, "items"),
        ({"channel": "pigeon"}, "channel"),
        ({"said_by": ""}, "said_by"),
        ({"notified_at": stories.NOW + timedelta(days=1)}, "notified_at"),
        ({"said_at": stories.NOW}, "said_at"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(working, svw, said, field) -> None:
    with pytest.raises(opening.CannotOpen) as refused:
        stories.open_case(working, svw, **said)
    assert refused.value.field == field
    assert not models.Case.objects.exists()


def test_only_who_may_register_does(working: cast.Company, svw: customers.Customer) -> None:
    with pytest.raises(refusals.NotAllowed):
        stories.open_case(working, svw, by=stories.fresh(working.auditor))


def test_a_case_is_as_confidential_as_its_customer(working: cast.Company) -> None:
    circle = working.lina.scope_grants.model.scope.field.related_model.objects.create(name_zh="保密圈")
    for person in (working.lina, working.zhao):
        circle.grants.create(person=person, granted_at=stories.NOW)
    closed = stories.customer(working, "SECRET", "某新势力车企", scope=circle)
    case = stories.open_case(working, closed, owner=working.zhao)
    assert case.scope_id == circle.pk
    run = procedures.Run.objects.get(pk=case.run_id)
    assert (run.scope_id, run.tasks.get().scope_id) == (circle.pk, circle.pk)
    with pytest.raises(refusals.NotAllowed):
        stories.open_case(working, closed, by=stories.fresh(working.sun))


NAUGHTY = [
    "', DROP TABLE cases_case;--",
    "<script>alert(1)</script>",
    "😀𠮷",
    "\u202eabc",
    "%s%d{}",
    "ﷺ" * 50,
    "undefined",
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_strange_words_come_back_as_they_were(working: cast.Company, svw: customers.Customer, text: str) -> None:
    case = stories.open_case(working, svw, title=text, items=stories.items(text), said_by=text[:100], text=text)
    again = models.Case.objects.get(pk=case.pk)
    assert (again.title, again.text, again.items.get().text) == (text, text, text)
