"""Changes: opened with editions, reviewed, implemented, verified by others, dropped; who may, what is refused."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests import cast
from tests.changes import story
from tests.customers import people
from yinuo.changes import models
from yinuo.changes.actions import applying, beside, deciding, recording, setting
from yinuo.changes.hooks import change_documents
from yinuo.customers import models as customers
from yinuo.customers.actions import companies, products
from yinuo.kit import refusals
from yinuo.notify import models as notify
from yinuo.records import models as records
from yinuo.sources.actions import documents

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.fixture
def tree(company: cast.Company) -> dict[str, customers.Customer]:
    story.know_years()
    return people.volkswagen(company)


@pytest.fixture
def change(company: cast.Company, tree: Any) -> models.Change:
    return story.change(company, tree["svw"], sites=[company.site["nb"]])


def by(person: Any, version: int = 1, **more: Any) -> dict[str, Any]:
    return {"by": people.fresh(person), "now": cast.NOW, "expected": version, **more}


def reviewed(change: models.Change, company: cast.Company, **facts: Any) -> models.Change:
    said = {"on": TODAY, "reviewer": company.sun, "result": "take_over", "said": "改模具，PPAP 等级3。"} | facts
    return deciding.review(change=change, **said, **by(company.wang, change.version))


def product(company: cast.Company, customer: customers.Customer, number: str = "P-1") -> customers.Product:
    return products.add(number=number, name_zh="支架", customer=customer, by=people.fresh(company.lina), now=cast.NOW)


BREAK = {"break_kind": "batch", "break_mark": "B260302", "stock": "use_up", "stock_note": "300 件", "transit": "none"}


def words(change: models.Change) -> list[str]:
    entries = records.Entry.objects.filter(subject_type="changes.change", subject_id=change.pk).order_by("pk")
    return [each.word for each in entries]


# Editions -------------------------------------------------------------------------------------------------------------


def test_an_edition_that_replaces_one_opens_its_change_at_once_and_only_once(company: cast.Company, tree: Any) -> None:
    row = story.document(company, tree["svw"], sites=[company.site["nb"]])
    first = story.edition(row, company.lina, "A/0", story.OLD, TODAY - 90 * DAY)
    story.accept(first, company.lina)
    assert models.Change.objects.count() == 0, "the first edition replaces nothing"
    second = story.edition(
        row, company.lina, "A/1", story.NEW, TODAY - DAY, notified_on=TODAY - 4 * DAY, published_on=TODAY - 9 * DAY
    )
    made = models.Change.objects.get(edition=second)
    assert (made.customer, made.responsible, made.site) == (tree["svw"], company.lina, company.site["nb"])
    assert (made.started_on, made.days, made.clauses_changed) == (TODAY - 4 * DAY, 10, None)
    story.accept(second, company.lina)
    made.refresh_from_db()
    assert made.clauses_changed == 3, "two reworded, one new"
    assert models.Change.objects.count() == 1
    assert words(made) == ["changes.change.opened", "changes.change.counted"]
    assert recording.open_for_edition(edition=second, by=people.fresh(company.lina), now=cast.NOW) is None


def test_days_of_an_edition_set_right_move_the_clock_with_the_reason(company: cast.Company, tree: Any) -> None:
    row = story.document(company, tree["svw"])
    story.edition(row, company.lina, "A/0", story.OLD, TODAY - 90 * DAY)
    second = story.edition(row, company.lina, "A/1", story.NEW, TODAY)
    made = models.Change.objects.get(edition=second)
    documents.change_edition(
        edition=second, by=people.fresh(company.lina), now=cast.NOW, expected=second.version,
        reason="邮件早到三天", received_on=TODAY - 3 * DAY,
    )  # fmt: skip
    made.refresh_from_db()
    assert (made.started_on, made.start_reason) == (TODAY - 3 * DAY, "邮件早到三天")
    assert made.due_on < story.change(company, tree["svw"]).due_on


def test_a_draft_of_an_edition_opens_nothing_until_it_is_in_force(company: cast.Company, tree: Any) -> None:
    row = story.document(company, tree["svw"])
    story.edition(row, company.lina, "A/0", story.OLD, TODAY - 90 * DAY)
    draft = story.edition(row, company.lina, "A/1", story.NEW, TODAY, standing="draft")
    assert models.Change.objects.count() == 0
    documents.change_edition(
        edition=draft, by=people.fresh(company.lina), now=cast.NOW, expected=draft.version, standing="in_force"
    )
    assert models.Change.objects.get().edition == draft


def test_a_law_belongs_to_nobody_and_opens_nothing(company: cast.Company) -> None:
    row = story.document(company, None, kind="law", title="某法")  # type: ignore[arg-type]
    story.edition(row, company.lina, "2020", story.OLD, TODAY - 90 * DAY)
    story.edition(row, company.lina, "2025", story.NEW, TODAY)
    assert models.Change.objects.count() == 0


# Days -----------------------------------------------------------------------------------------------------------------


def test_numbers_run_on_within_a_year(company: cast.Company, tree: Any) -> None:
    numbers = [story.change(company, tree["svw"]).number for _n in range(3)]
    assert numbers == ["EC-2026-0001", "EC-2026-0002", "EC-2026-0003"]
    later = story.at(date(2027, 1, 4))
    assert story.change(company, tree["svw"], now=later).number == "EC-2027-0001"


def test_a_start_before_today_or_another_one_needs_the_reason(company: cast.Company, tree: Any) -> None:
    with pytest.raises(recording.CannotKeep) as refusal:
        story.change(company, tree["svw"], received_on=TODAY - DAY)
    assert refusal.value.field == "reason"
    assert models.Change.objects.count() == 0
    row = story.change(company, tree["svw"], received_on=TODAY - DAY, reason="昨天下班后收到")
    assert row.start_reason == "昨天下班后收到"
    with pytest.raises(recording.CannotKeep):
        recording.change(change=row, received_on=TODAY, **by(company.lina))
    changed = recording.change(change=row, received_on=TODAY, reason="实为今天收到", **by(company.lina))
    assert (changed.started_on, changed.version) == (TODAY, 2)
    entry = records.Entry.objects.filter(word="changes.change.changed").latest("pk")
    assert entry.reason == "实为今天收到"
    same = recording.change(change=row, title="另一标题", **by(company.lina, 2))
    assert same.started_on == TODAY


def test_days_to_come_and_strangers_are_refused(company: cast.Company, tree: Any) -> None:
    with pytest.raises(recording.CannotKeep) as refusal:
        story.change(company, tree["svw"], received_on=TODAY + DAY)
    assert refusal.value.field == "received_on"
    for name in ("auditor", "outsider", "admin"):
        with pytest.raises(refusals.NotAllowed):
            story.change(company, tree["svw"], by=company.people[name])
    with pytest.raises(recording.CannotKeep) as refusal:
        story.change(company, tree["svw"], responsible=company.outsider)
    assert refusal.value.field == "responsible"


def test_an_edition_has_one_change_and_belongs_to_its_customer(company: cast.Company, tree: Any) -> None:
    row = story.document(company, tree["svw"])
    made = story.edition(row, company.lina, "A/0", story.OLD, TODAY)
    with pytest.raises(recording.CannotKeep, match=r"another customer|其他顾客"):
        story.change(company, tree["faw"], edition=made)
    first = story.change(company, tree["svw"], edition=made)
    with pytest.raises(recording.CannotKeep, match=first.number):
        story.change(company, tree["svw"], edition=made)


def test_who_saw_an_older_version_changes_nothing(change: models.Change, company: cast.Company) -> None:
    recording.change(change=change, title="新标题", **by(company.lina))
    with pytest.raises(refusals.Stale):
        recording.change(change=people.fresh(change), title="旧", **by(company.lina, 1))


# Terms ----------------------------------------------------------------------------------------------------------------


def test_a_customers_term_holds_for_those_below_and_never_beyond_the_companys(company: cast.Company, tree: Any) -> None:
    said = {"start": "received", "days": 5, "by": people.fresh(company.zhou), "now": cast.NOW}
    term = setting.set_term(customer=tree["group"], expected=0, **said)
    assert story.change(company, tree["plant"]).days == 5
    with pytest.raises(setting.CannotSet, match="10"):
        setting.set_term(customer=None, expected=0, **said | {"days": 11})
    setting.set_term(customer=None, expected=0, **said | {"days": 4, "start": "earliest"})
    assert story.change(company, tree["plant"]).days == 4, "the company's own term is shorter"
    with pytest.raises(setting.CannotSet, match="4"):
        setting.set_term(customer=tree["svw"], expected=0, **said)
    setting.end_term(term=term, expected=1, by=people.fresh(company.zhou), now=cast.NOW)
    assert story.change(company, tree["plant"]).start == "earliest"
    again = setting.set_term(customer=tree["group"], expected=0, **said | {"days": 2})
    assert (again.pk, again.ended_at) == (term.pk, None)
    for name in ("lina", "chen", "auditor", "admin"):
        with pytest.raises(refusals.NotAllowed):
            setting.set_term(customer=None, expected=1, **said | {"by": people.fresh(company.people[name])})


def test_a_term_of_a_closed_customer_is_told_of_with_the_customer(company: cast.Company, tree: Any) -> None:
    said = {"start": "received", "days": 5, "by": people.fresh(company.zhou), "now": cast.NOW, "expected": 0}
    setting.set_term(customer=tree["svw"], **said)
    setting.set_term(customer=None, **said | {"days": 9})
    told = records.Entry.objects.filter(word="changes.term.set").order_by("pk")
    assert [each.subject_type for each in told] == ["customers.customer", "changes.term"]


def test_a_clock_that_runs_keeps_its_term(change: models.Change, company: cast.Company) -> None:
    due = change.due_on
    said = {"by": people.fresh(company.zhou), "now": cast.NOW, "expected": 0}
    setting.set_term(customer=None, start="received", days=3, **said)
    recording.change(change=change, title="另一标题", **by(company.lina))
    assert (change.days, change.due_on) == (10, due)


# Review and PPAP ------------------------------------------------------------------------------------------------------


def test_a_review_stops_the_clock_and_is_taken_back(change: models.Change, company: cast.Company) -> None:
    reviewed(change, company)
    assert (change.reviewed_on, change.reviewed_by) == (TODAY, company.sun)
    deciding.take_review_back(change=change, **by(company.wang, change.version))
    assert (change.reviewed_on, change.result) == (None, "")
    assert words(change)[-2:] == ["changes.change.reviewed", "changes.change.review_taken_back"]


def test_a_review_of_an_earlier_day_or_anew_needs_the_reason(company: cast.Company, tree: Any) -> None:
    row = story.change(company, tree["svw"], received_on=TODAY - 7 * DAY, reason="补登")
    with pytest.raises(deciding.CannotDecide) as refusal:
        reviewed(row, company, on=TODAY - DAY)
    assert refusal.value.field == "reason"
    reviewed(row, company, on=TODAY - DAY, reason="会议纪要见附件")
    with pytest.raises(deciding.CannotDecide):
        reviewed(row, company, on=TODAY - DAY)
    for wrong in (TODAY + DAY, TODAY - 8 * DAY):
        with pytest.raises(deciding.CannotDecide) as refusal:
            reviewed(row, company, on=wrong, reason="x")
        assert refusal.value.field == "on"
    with pytest.raises(deciding.CannotDecide) as refusal:
        reviewed(row, company, said=" ", reason="x")
    assert refusal.value.field == "said"


def test_ppap_is_decided_with_its_level_and_the_answer_comes_after(
    change: models.Change, company: cast.Company
) -> None:
    said = {"decider": company.zhou}
    with pytest.raises(deciding.CannotDecide):
        deciding.record_answer(change=change, answer="approved", on=TODAY, **by(company.sun))
    with pytest.raises(deciding.CannotDecide) as refusal:
        deciding.judge_impact(change=change, impact="resubmit", level=None, **said, **by(company.sun))
    assert refusal.value.field == "level"
    deciding.judge_impact(change=change, impact="resubmit", level=3, **said, **by(company.sun))
    deciding.record_answer(change=change, answer="interim", on=TODAY, reference="PSW-7", **by(company.sun, 2))
    assert (change.impact_by, change.level, change.answer) == (company.zhou, 3, "interim")
    deciding.judge_impact(change=change, impact="none", level=3, **said, **by(company.sun, 3))
    assert (change.level, change.answer, change.answered_on) == (None, "", None)


# Products and sites ---------------------------------------------------------------------------------------------------


@pytest.fixture
def applications(change: models.Change, company: cast.Company, tree: Any) -> list[models.Application]:
    both = [product(company, tree["svw"]), product(company, tree["svw"], "P-2")]
    return applying.name(change=change, products=both, sites=[company.site["nb"]], **by(company.lina))


def test_a_change_is_implemented_when_it_is_everywhere_and_verified_by_others(
    change: models.Change, company: cast.Company, applications: list[models.Application]
) -> None:
    one, two = applications
    with pytest.raises(applying.CannotApply, match=r"reviewed|评审"):
        applying.implement(application=one, on=TODAY, **BREAK, **by(company.wang))
    reviewed(change, company)
    applying.implement(application=one, on=TODAY, **BREAK, **by(company.wang))
    change.refresh_from_db()
    assert (change.implemented_on, change.verified_on) == (None, None), "the second product is still open"
    applying.leave_out(application=two, reason="该产品不用此支架", **by(company.wang))
    change.refresh_from_db()
    assert (change.implemented_on, change.verified_on) == (TODAY, None)
    with pytest.raises(applying.CannotApply, match=r"yourself|本人"):
        applying.verify(application=one, on=TODAY, how="量尺寸", **by(company.wang, 2))
    applying.verify(application=one, on=TODAY, how="量尺寸 5 件", **by(company.sun, 2))
    change.refresh_from_db()
    assert (change.verified_on, change.is_open) == (TODAY, False)
    applying.take_back(application=one, **by(company.sun, 3), reason="量具未校准")
    change.refresh_from_db()
    assert (one.state, change.verified_on, change.implemented_on) == ("implemented", None, TODAY)
    applying.take_back(application=one, **by(company.wang, 4))
    change.refresh_from_db()
    assert (one.state, change.implemented_on) == ("to_do", None)
    assert words(change)[-1] == "changes.application.taken_back"


def test_a_break_point_and_the_fate_of_parts_are_asked_for(
    change: models.Change, company: cast.Company, applications: list[models.Application]
) -> None:
    reviewed(change, company)
    for wrong, field in (
        ({"break_kind": ""}, "break_kind"), ({"break_kind": "day"}, "break_on"), ({"break_mark": " "}, "break_mark"),
        ({"stock": ""}, "stock"), ({"transit": "sell"}, "transit"),
    ):  # fmt: skip
        with pytest.raises(applying.CannotApply) as refusal:
            applying.implement(application=applications[0], on=TODAY, **BREAK | wrong, **by(company.wang))
        assert refusal.value.field == field
    with pytest.raises(applying.CannotApply) as refusal:
        applying.implement(application=applications[0], on=TODAY - DAY, **BREAK, **by(company.wang))
    assert refusal.value.field == "on"


def test_products_are_named_once_and_only_visible_ones(
    change: models.Change, company: cast.Company, applications: list[models.Application], tree: Any
) -> None:
    same = [each.product for each in applications]
    with pytest.raises(applying.CannotApply):
        applying.name(change=change, products=same, sites=[company.site["nb"]], **by(company.lina, change.version))
    more = applying.name(
        change=change, products=same, sites=[company.site["nb"], company.site["cc"]], **by(company.lina, change.version)
    )
    assert [each.site for each in more] == [company.site["cc"]] * 2
    with pytest.raises(applying.CannotApply) as refusal:
        applying.name(change=change, products=[], sites=[], **by(company.lina, change.version))
    assert refusal.value.field == "products"


def test_a_review_that_was_acted_upon_is_not_taken_back(
    change: models.Change, company: cast.Company, applications: list[models.Application]
) -> None:
    reviewed(change, company)
    applying.implement(application=applications[0], on=TODAY, **BREAK, **by(company.wang))
    change.refresh_from_db()
    with pytest.raises(deciding.CannotDecide):
        deciding.take_review_back(change=change, **by(company.wang, change.version))


def test_a_dropped_change_stands_still_until_it_is_taken_up(
    change: models.Change, company: cast.Company, applications: list[models.Application]
) -> None:
    with pytest.raises(recording.CannotKeep):
        recording.drop(change=change, reason=" ", **by(company.lina, change.version))
    recording.drop(change=change, reason="顾客撤回", **by(company.lina, change.version))
    with pytest.raises(deciding.CannotDecide):
        reviewed(change, company)
    with pytest.raises(applying.CannotApply):
        applying.leave_out(application=applications[0], reason="x", **by(company.wang))
    recording.take_up(change=change, **by(company.lina, change.version))
    reviewed(change, company)
    with pytest.raises(recording.CannotKeep):
        recording.drop(change=change, reason="顾客撤回", **by(company.lina, change.version))


# What follows ---------------------------------------------------------------------------------------------------------


def test_whoever_is_to_change_a_document_is_told_and_may_say_that_it_is_done(
    change: models.Change, company: cast.Company
) -> None:
    said = {"kind": "fmea", "number": "FMEA-12", "responsible": company.he, "due_on": TODAY + 7 * DAY}
    with pytest.raises(beside.CannotKeep) as refusal:
        beside.add_document(change=change, **said | {"number": ""}, by=people.fresh(company.lina), now=cast.NOW)
    assert refusal.value.field == "number"
    row = beside.add_document(change=change, **said, by=people.fresh(company.lina), now=cast.NOW)
    assert notify.Message.objects.filter(person=company.he, kind="change_document").count() == 1
    with pytest.raises(refusals.NotAllowed):
        beside.finish_document(document=row, on=TODAY, new_edition="B", **by(company.auditor))
    beside.change_document(document=row, responsible=company.sun, **by(company.lina))
    assert notify.Message.objects.filter(person=company.sun, kind="change_document").count() == 1
    beside.finish_document(document=row, on=TODAY, new_edition="B", **by(company.sun, 2))
    assert (row.done_on, row.done_by) == (TODAY, company.sun)
    beside.reopen_document(document=row, **by(company.sun, 3))
    assert row.done_on is None


def test_a_supplier_acknowledges_only_what_it_was_told(change: models.Change, company: cast.Company) -> None:
    row = beside.add_supplier(change=change, name="宁波某注塑厂", by=people.fresh(company.lina), now=cast.NOW)
    with pytest.raises(beside.CannotKeep) as refusal:
        beside.change_supplier(supplier=row, acknowledged_on=TODAY, **by(company.lina))
    assert refusal.value.field == "acknowledged_on"
    beside.change_supplier(supplier=row, told_on=TODAY, acknowledged_on=TODAY, **by(company.lina))
    with pytest.raises(beside.CannotKeep):
        beside.add_supplier(change=change, name="宁波某注塑厂", by=people.fresh(company.lina), now=cast.NOW)


# Confidential ---------------------------------------------------------------------------------------------------------


def test_a_change_is_at_least_as_confidential_as_its_customer(
    change: models.Change, company: cast.Company, tree: Any
) -> None:
    circle = people.scope_of(company.lina, company.wang, company.zhao)
    companies.change(
        customer=people.fresh(tree["svw"]), by=people.fresh(company.lina), now=cast.NOW,
        expected=people.fresh(tree["svw"]).version, scope=circle,
    )  # fmt: skip
    change.refresh_from_db()
    assert change.scope == circle
    assert change_documents([change.pk])[0].scope_id == circle.pk
    assert words(change)[-1] == "changes.change.rescoped"
    with pytest.raises(refusals.NotAllowed):
        deciding.review(change=change, on=TODAY, reviewer=company.sun, result="take_over", said="x", **by(company.sun))
    row = story.document(company, people.fresh(tree["svw"]))
    story.edition(row, company.lina, "A/0", story.OLD, TODAY - 90 * DAY)
    second = story.edition(row, company.lina, "A/1", story.NEW, TODAY)
    assert models.Change.objects.get(edition=second).scope == circle
