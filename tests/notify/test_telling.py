"""Who is told what, where, and when a mail may leave."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from tests import cast
from tests.notify.conftest import CASE
from yinuo.kit import plugs, subjects
from yinuo.kit import words as kit_words
from yinuo.notify import actions, models, queries, rules
from yinuo.org import models as org_models

WORDS = _("Save")  # any sentence with a Chinese translation would do


def tell(*people: org_models.Person, **more: object) -> list[models.Message]:
    values: dict[str, object] = {"subject": CASE, "kind": "task_assigned", "words": WORDS, "now": cast.NOW, **more}
    return actions.tell(people=people, **values)  # type: ignore[arg-type]


def test_each_person_gets_a_line_and_a_mail(company: cast.Company) -> None:
    tell(company.lina, company.wang, company.lina)
    assert [m.person for m in models.Message.objects.order_by("pk")] == [company.lina, company.wang]
    assert sorted(models.Mail.objects.values_list("to", flat=True)) == ["lina@qinghe.example", "wang@qinghe.example"]
    assert {mail.next_at for mail in models.Mail.objects.all()} == {cast.NOW + timedelta(seconds=10)}
    assert queries.unread_count(company.lina) == 1


def test_who_left_is_not_told(company: cast.Company) -> None:
    company.wang.is_active = False
    assert tell(company.wang) == []


def test_confidential_matters_reach_named_people_only(company: cast.Company) -> None:
    scope = org_models.Scope.objects.create(name_zh="保密项目")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.lina, granted_at=cast.NOW)
    secret = subjects.Ref(CASE.type, CASE.id, CASE.label, CASE.url, scope_id=scope.pk)
    tell(company.lina, company.wang, subject=secret, words="向上汽大众提高盐雾要求")
    assert [m.person for m in models.Message.objects.all()] == [company.lina]
    mail = models.Mail.objects.get()
    assert "CSR-2026-0413" in mail.heading
    assert "盐雾" not in mail.heading + mail.text
    assert "上汽大众" not in mail.heading + mail.text


def test_a_mail_says_the_discreet_sentence_instead(company: cast.Company) -> None:
    scope = org_models.Scope.objects.create(name_zh="保密项目")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.lina, granted_at=cast.NOW)
    secret = subjects.Ref(CASE.type, CASE.id, CASE.label, CASE.url, scope_id=scope.pk)
    tell(company.lina, subject=secret, words="机密内容", discreet="CSR-2026-0413 工程评审")
    assert "CSR-2026-0413 工程评审" in models.Mail.objects.get().heading


def test_what_became_confidential_is_seen_by_named_people_only(company: cast.Company) -> None:
    tell(company.lina, company.wang)
    scope = org_models.Scope.objects.create(name_zh="保密项目")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.lina, granted_at=cast.NOW)
    plugs.events.get("kit.rescoped/notify").function(type=CASE.type, id=CASE.id, scope_id=scope.pk)
    assert queries.unread_count(company.lina) == 1
    assert queries.unread_count(company.wang) == 0
    assert set(models.Mail.objects.values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize(
    ("choice", "urgent", "expected"),
    [("all", False, 1), ("all", True, 1), ("urgent", False, 0), ("urgent", True, 1), ("never", True, 0)],
)
def test_people_choose_their_mail(choice: str, urgent: bool, expected: int, company: cast.Company) -> None:
    actions.choose(by=company.lina, now=cast.NOW, mails=choice)
    tell(company.lina, urgent=urgent)
    assert models.Mail.objects.count() == expected
    assert queries.unread_count(company.lina) == 1


def test_somebody_without_an_address_gets_the_line_only(company: cast.Company) -> None:
    company.lina.email = ""
    tell(company.lina)
    assert queries.unread_count(company.lina) == 1
    assert not models.Mail.objects.exists()


def test_taking_back_leaves_what_was_read(company: cast.Company) -> None:
    first, second = tell(company.lina, company.wang)
    actions.read(message=first, by=company.lina, now=cast.NOW)
    assert actions.take_back(subject=CASE, kind="task_assigned", by=company.zhao, now=cast.NOW) == 1
    assert queries.inbox(company.lina).count() == 1
    assert queries.inbox(company.wang).count() == 0
    assert models.Mail.objects.get(message=second).state == "cancelled"


def test_the_mail_is_in_the_persons_language(company: cast.Company) -> None:
    company.wang.language = "en"
    tell(company.lina, company.wang, words=_("Saved."))
    zh = models.Mail.objects.get(to="lina@qinghe.example")
    en = models.Mail.objects.get(to="wang@qinghe.example")
    assert en.heading == "Saved."
    assert "Dear 王强" in en.text
    assert "Dear" not in zh.text
    message = models.Message.objects.get(person=company.lina)
    assert f"/notify/{message.pk}/" in zh.text


# When mail leaves ----------------------------------------------------------------------------------------------------

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAY = {date(2026, 2, 16), date(2026, 2, 17)}
MAKE_UP = {date(2026, 2, 14)}  # a Saturday that is worked


def is_working_day(day: date) -> bool:
    return day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAY)


def leaves(at: str, *, urgent: bool = False) -> str:
    now = datetime.fromisoformat(at).replace(tzinfo=SHANGHAI)
    when = rules.may_leave_at(now + rules.UNDO, urgent=urgent, zone=SHANGHAI, is_working_day=is_working_day)
    return when.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-02 09:30:00", "03-02 09:30:10"),  # an ordinary Monday
        ("2026-03-02 07:59:55", "03-02 08:00:05"),  # the undo time reaches into the day
        ("2026-03-02 05:00:00", "03-02 08:00:00"),  # before work
        ("2026-03-02 19:59:49", "03-02 19:59:59"),
        ("2026-03-02 19:59:50", "03-03 08:00:00"),  # after work
        ("2026-03-06 21:00:00", "03-09 08:00:00"),  # Friday night
        ("2026-02-14 12:00:00", "02-14 12:00:10"),  # a make-up day
        ("2026-02-14 21:00:00", "02-18 08:00:00"),  # Sunday and two holidays in between
    ],
)
def test_quiet_at_night_and_on_holidays(at: str, expected: str) -> None:
    assert leaves(at) == expected


def test_urgent_mail_leaves_at_once() -> None:
    assert leaves("2026-02-16 03:00:00", urgent=True) == "02-16 03:00:10"


@pytest.mark.parametrize("kind", ["product_safety", "health", "stop_ship"])
def test_safety_health_and_stop_ship_are_always_urgent(kind: str, company: cast.Company) -> None:
    night = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai
    tell(company.lina, kind=kind, now=night)
    assert models.Mail.objects.get().next_at == night + timedelta(seconds=10)


def test_the_receivers_own_calendar_counts(company: cast.Company) -> None:
    saturday = datetime(2026, 3, 7, 2, 0, tzinfo=UTC)
    org_models.CalendarDay.objects.create(site=company.site["cc"], day=date(2026, 3, 7), is_working=True)
    tell(company.lina, company.he, now=saturday)
    assert models.Mail.objects.get(to="he@qinghe.example").next_at == saturday + timedelta(seconds=10)
    assert models.Mail.objects.get(to="lina@qinghe.example").next_at == datetime(2026, 3, 9, 0, 0, tzinfo=UTC)


def test_the_company_sets_its_mail_hours(company: cast.Company) -> None:
    actions.set_hours(starts=time(10), ends=time(16), expected=1, by=company.admin, now=cast.NOW)
    tell(company.lina)
    assert models.Mail.objects.get().next_at == datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 20)))
def test_mail_never_leaves_early_nor_outside_hours(moment: datetime) -> None:
    now = moment.replace(tzinfo=SHANGHAI)
    when = rules.may_leave_at(now + rules.UNDO, urgent=False, zone=SHANGHAI, is_working_day=is_working_day)
    local = when.astimezone(SHANGHAI)
    assert when >= now + rules.UNDO
    assert is_working_day(local.date())
    assert time(8) <= local.time() < time(20)


def test_a_number_is_all_that_a_label_gives_away() -> None:
    assert rules.number_of("CSR-2026-0413 盐雾试验") == "CSR-2026-0413"
    assert rules.number_of("盐雾试验 720") == ""
    assert rules.number_of("") == ""


def test_moments_are_told_by_the_receivers_clock(company: cast.Company) -> None:
    org_models.Site.objects.filter(code="cc").update(time_zone="Europe/Berlin")
    lina, he = org_models.Person.objects.filter(sign_in__in=["lina", "he"]).order_by("pk")
    tell(lina, he, words=kit_words.filled("%(moment)s", moment=cast.NOW))
    said = [message.words_zh for message in models.Message.objects.order_by("pk")]
    assert said == ["2026-03-02 09:30", "2026-03-02 02:30"]
