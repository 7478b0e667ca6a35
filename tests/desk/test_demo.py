"""The demo company shows every state that work can be in, not the easy ones alone, and desks alive at first sign-in.

It is set up once for this file, on an ordinary Wednesday at ten.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings
from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.desk import queries
from yinuo.desk.actions import demo_clock
from yinuo.letters import models as letters
from yinuo.letters import queries as letters_queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.records import models as records
from yinuo.reports import models as reports
from yinuo.sources import models as sources
from yinuo.sources.queries import baselines

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        override_settings(PASSWORD_HASHERS=FAST),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        call_command("demo")
        yield
        transaction.set_rollback(True)


def person(sign_in: str) -> org.Person:
    return org.Person.objects.get(sign_in=sign_in)


def case(number: int) -> cases.Case:
    return cases.Case.objects.get(number=f"CSR-2026-{number:04}")


def values(model: type, field: str) -> set[str]:
    return set(model.objects.values_list(field, flat=True))  # type: ignore[attr-defined]


# Every state ---------------------------------------------------------------------------------------------------------


def test_reports_wait_to_be_sorted() -> None:
    assert values(cases.Finding, "state") >= {"unsorted", "dismissed"}
    assert cases.Finding.objects.filter(state="unsorted", customer=None).exists()


def test_cases_stand_in_every_state() -> None:
    assert values(cases.Case, "state") >= {
        "new", "active", "customer", "verifying", "archived", "terminated", "reopened", "held",
        "merged",
    }  # fmt: skip
    assert values(cases.Case, "oral") == {"not_needed", "waiting", "confirmed", "refused"}
    spoken = cases.Case.objects.filter(channel__in=cases.SPOKEN)
    assert not spoken.filter(oral="not_needed").exists(), "phone and visits are spoken until somebody writes"
    assert cases.Case.objects.filter(is_satisfied=False, archived_at__isnull=False).exists()
    assert cases.Case.objects.filter(is_safety=True, ended_at=None).exists()
    assert values(cases.Case, "channel") >= {"mail", "portal", "phone", "visit", "sample", "audit", "letter", "drawing"}
    assert cases.Case.objects.count() >= 30


def test_one_was_asked_twice_and_one_complained_about_after_the_archive() -> None:
    merged = cases.Case.objects.get(state="merged")
    assert merged.merged_into.customer == merged.customer
    link = cases.Link.objects.get(relation="complaint")
    assert (link.case.channel, link.other.state) == ("complaint", "archived")


def test_items_are_judged_in_every_way_and_reach_as_far_as_they_may() -> None:
    assert values(cases.Item, "verdict") >= {"can", "conditional", "cannot", "not_concerned", ""}
    assert values(cases.Item, "applies") == {"customer", "site", "product", "project"}
    assert values(cases.Item, "answer") >= {"accepted", "waived"}
    waived = cases.Item.objects.get(answer="waived")
    assert waived.waived_until_on > timezone.localdate(NOW)
    assert cases.Item.objects.filter(wording_number__gt=1).exists()
    assert values(cases.Item, "kind") >= {"technical", "quality", "delivery", "environment", "regulatory", "commercial"}


def test_objects_have_photographs() -> None:
    assert values(cases.Sample, "kind") >= {"sample", "colour", "gauge", "limit"}
    photographed = records.Attachment.objects.filter(subject_type="cases.sample", kind="photo")
    assert photographed.values("subject_id").distinct().count() == cases.Sample.objects.count()


def test_talks_go_in_and_out_and_wait() -> None:
    assert values(letters.Thread, "state") == {"open", "waiting", "closed"}
    assert values(letters.Letter, "state") >= {"draft", "sent", "received"}
    assert letters.Letter.objects.filter(confirmation="waiting", confirm_due_on__gte=NOW.date()).exists()
    assert letters_queries.drafts_to_release(person("lina"), NOW)


def test_customers_are_of_several_kinds_and_contacts_come_and_go() -> None:
    assert values(customers.Customer, "kind") >= {"oem", "tier_1"}
    assert customers.Customer.objects.filter(is_customer=False, is_final_oem=True).exists()
    kinds = {kind for card in org.Organisation.objects.all() for kind in card.kinds}
    assert kinds >= {"customer", "final_oem", "certification_body", "laboratory"}
    today = timezone.localdate(NOW)
    assert customers.CustomerContact.objects.filter(to_on__lt=today).exists()
    assert customers.CustomerContact.objects.filter(to_on__gt=today).exists()
    for row in customers.Customer.objects.exclude(code="SECRET"):
        assert "（示例）" in row.name_zh, row


def test_portals_were_looked_at_and_are_due() -> None:
    assert values(customers.PortalCheck, "result") == {"", "nothing_new", "something_new", "no_access"}
    assert customers.PortalCheck.objects.filter(days_late__gt=0).exists()
    due = set(customers.Portal.objects.values_list("next_check_on", flat=True))
    today = timezone.localdate(NOW)
    assert today in due
    assert min(due) < today < max(due)


def test_clauses_are_judged_and_go_on_into_the_next_edition() -> None:
    document = sources.Document.objects.get(number="QK-2")
    first, second = document.editions.order_by("received_on")
    mine = sources.Judgement.objects.filter(clause__document=document)
    assert set(mine.values_list("nature", flat=True)) == set(sources.Nature)
    assert mine.filter(state="decided").exclude(nature=F("proposed")).exists(), "somebody knew better"
    assert set(mine.filter(text__edition=second).values_list("state", flat=True)) == {"decided", "carried", "proposed"}
    kinds = set(second.lineage.values_list("kind", flat=True))
    assert kinds == {"same", "reworded", "new", "gone"}
    mapped = sources.Mapping.objects.filter(clause__document=document)
    assert set(mapped.values_list("state", flat=True)) == {"proposed", "accepted", "rejected"}
    ways = sources.Translation.objects.filter(text__edition__in=(first, second)).values_list("way", flat=True)
    assert set(ways) == {"typed", "carried"}


def test_a_standard_is_being_re_baselined() -> None:
    baseline = sources.Baseline.objects.get(signed_at=None)
    assert set(baselines.progress(baseline).by_act) == {"follows", "chosen", "waits"}


# Confidence ----------------------------------------------------------------------------------------------------------


def test_who_works_on_what_is_confidential_belongs_to_its_circle() -> None:
    closed = cases.Case.objects.exclude(scope=None).select_related("owner", "scope", "customer", "project")
    assert {each.customer.scope_id is None for each in closed} == {True, False}  # a customer's circle, a project's own
    for each in closed:
        inside = set(each.scope.grants.filter(ended_at=None).values_list("person", flat=True))
        assert {each.owner_id, each.registered_by_id} <= inside, each
        holders = procedures.Task.objects.filter(subject_type="cases.case", subject_id=each.pk).exclude(holder=None)
        assert set(holders.values_list("holder", flat=True)) <= inside, each
    assert not person("qian").may("cases.see", case(8).scope_id)
    theirs = {name: person(name).visible(cases.Case.objects.all(), "cases.see") for name in ("lina", "qian")}
    assert set(theirs["lina"]) - set(theirs["qian"]) == {case(8)}
    rows = [row for rows in queries.work_of(person("lina"), NOW).groups.values() for row in rows]
    assert case(8).pk in {row.task.subject_id for row in rows}


# What the browser's stories start from --------------------------------------------------------------------------------


def test_the_first_ten_requests_keep_number_and_place() -> None:
    assert case(3).title.startswith("仪表板横梁焊缝强度")
    assert procedures.Task.objects.get(subject_id=case(3).pk, state="open").step == "feedback"
    assert case(8).customer.code == "SECRET"
    task = procedures.Task.objects.get(subject_type="cases.case", subject_id=case(10).pk, state="open")
    assert (task.step, task.holder) == ("register", person("lina"))
    assert cases.Case.objects.get(title="包装改为可循环周转箱").lessons.exists()
    in_order = list(cases.Case.objects.order_by("number").values_list("registered_at", flat=True))
    assert in_order == sorted(in_order)


def test_other_procedures_than_s5_are_under_way_at_several_stages() -> None:
    runs = procedures.Run.objects.filter(subject_type="cases.case")
    assert set(runs.values_list("procedure__key", flat=True)) == {"s1", "s5", "s7"}
    open_ = procedures.Task.objects.filter(state="open", run__procedure__key__in=("s1", "s7"))
    assert set(open_.values_list("step", flat=True)) == {"handle", "coordinate", "solve", "next_report", "contain"}
    assert set(cases.Case.objects.filter(title__contains="夹手").values_list("state_zh", "priority")) == {
        ("正在处理", 1)
    }
    last = cases.Case.objects.order_by("number")[cases.Case.objects.count() - 8]
    assert last.title == "送货单增加批次条码", "numbers of what was there before stay"


def test_something_was_asked_before_and_figures_go_out_every_week() -> None:
    repeat = reports.Repeat.objects.filter(askings__isnull=False).distinct().earliest("pk")
    assert len({each.case.customer_id for each in repeat.askings.select_related("case")}) >= 2
    report = reports.SavedReport.objects.get()
    assert report.next_at is not None
    assert {each.person.name for each in report.receivers.select_related("person")} == {"周华", "高远"}


# Desks ---------------------------------------------------------------------------------------------------------------


def test_the_desk_of_lina_is_alive() -> None:
    groups = queries.work_of(person("lina"), NOW).groups
    assert len(groups["overdue"]) >= 1
    assert len(groups["today"]) >= 3
    assert len(groups["week"]) >= 1
    from_whom = {row.task.run.started_by.name for rows in groups.values() for row in rows}
    assert len(from_whom) >= 4


@pytest.mark.parametrize("sign_in", ["zhao", "gao", "chen", "qian", "wang", "sun", "zhou", "wu"])
def test_nobody_signs_in_to_an_empty_desk(sign_in: str) -> None:
    assert queries.work_of(person(sign_in), NOW).count


@pytest.mark.parametrize("sign_in", ["zhao", "gao", "chen", "lina", "zhou"])
def test_managers_get_copies(sign_in: str) -> None:
    assert procedures.Copy.objects.filter(person=person(sign_in)).exists()


# Time ----------------------------------------------------------------------------------------------------------------


def test_everything_happened_in_working_hours() -> None:
    calendar = org_queries.calendar(org.Site.objects.get(code="nb").pk)
    moments = [
        *cases.Case.objects.values_list("registered_at", flat=True),
        *procedures.Task.objects.exclude(closed_at=None).values_list("closed_at", flat=True),
        *letters.Letter.objects.exclude(said_at=None).values_list("said_at", flat=True),
        *customers.PortalCheck.objects.exclude(checked_at=None).values_list("checked_at", flat=True),
    ]
    for at in moments:
        assert at <= NOW
        assert calendar.is_working_moment(at - timedelta(seconds=1)) or calendar.is_working_moment(at), at


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 25, 8, 0),  # before work
        datetime(2026, 11, 25, 17, 0),
        datetime(2026, 11, 25, 22, 0),  # after it
        datetime(2026, 11, 28, 11, 0),  # Saturday
        datetime(2026, 10, 3, 11, 0),  # National Day
    ],
)
def test_days_are_counted_back_at_any_hour(now: datetime) -> None:
    calendar = org_queries.calendar(org.Site.objects.get(code="nb").pk)
    clock = demo_clock.Clock(calendar, now.replace(tzinfo=ZoneInfo("Asia/Shanghai")))
    moments = [clock.at(days, part) for days in (9, 2, 1, 0) for part in (0.1, 0.9)]
    assert moments == sorted(moments)
    assert moments[-1] <= clock.now
    for at in moments:
        assert calendar.is_working_moment(at) or calendar.is_working_moment(at - timedelta(seconds=1))
    assert calendar.closing(clock.day(0)) > clock.now  # what is due today is not over yet


# My work -------------------------------------------------------------------------------------------------------------


def test_my_work_names_the_customer_of_each_request() -> None:
    rows = [row for rows in queries.work_of(person("lina"), NOW).groups.values() for row in rows]
    assert {row.customer for row in rows} >= {"吉利汽车（示例）", "上汽大众（示例）", "上汽大众安亭工厂（示例）"}
    client = Client()
    client.force_login(person("lina"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").content.decode().count("吉利汽车（示例）") >= 2
