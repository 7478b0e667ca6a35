"""The morning's digest by mail: once a working day, only to whom something is due, and no more than they may read."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests import cast
from tests.cases import story as stories
from tests.notify import conftest as servers
from yinuo.cases import models
from yinuo.kit import actors, plugs
from yinuo.notify import actions as notify_actions
from yinuo.notify import jobs as notify_jobs
from yinuo.notify import models as notify
from yinuo.notify import queries
from yinuo.notify.channels import smtp
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.procedures.queries import digest

postman = servers.postman  # the fixture
LATER = cast.NOW + timedelta(days=28)  # a Monday 09:30 as well
SECRETS = ("盐雾", "上汽", "沈工")


@pytest.fixture
def case(company: cast.Company) -> models.Case:
    stories.publish(company)
    return stories.open_case(company, stories.customer(company))


def send(now: object = LATER) -> list[notify.Mail]:
    """One visit of the clock at a moment."""
    for person, on in queries.digest_due(now):  # type: ignore[arg-type]
        heading, lines = digest.lines_for(person, now)  # type: ignore[arg-type]
        said = {"person": person, "heading": heading, "lines": lines, "on": on, "by": actors.PROGRAM, "now": now}
        notify_actions.send_digest(**said)  # type: ignore[arg-type]
    return list(notify.Mail.objects.filter(message__kind="digest").order_by("pk"))


def test_one_mail_in_the_morning_to_whom_something_is_due(case: models.Case, company: cast.Company) -> None:
    (mail,) = send()
    assert (mail.to, mail.message.person) == ("lina@qinghe.example", company.lina)
    assert mail.heading == "1 项任务逾期"
    task = procedures.Task.objects.get(closed_at=None, holder=company.lina)
    assert f"{case.number} · 登记核对 · 逾期 " in mail.text
    assert task.get_absolute_url() in mail.text
    assert not any(secret in mail.text + mail.heading for secret in SECRETS)
    assert len(send(LATER + timedelta(hours=3))) == 1
    assert len(send(LATER + timedelta(days=1))) == 2
    assert queries.unread_count(company.lina) == queries.inbox(company.lina).exclude(kind="digest").count()


def test_the_same_facts_as_the_groups_hear(case: models.Case, company: cast.Company) -> None:
    late, soon = digest.due_for(stories.fresh(company.lina), LATER)
    groups = set(
        procedures.Task.objects.filter(
            closed_at=None, due_at__lt=LATER, kind__in=procedures.Task.PEOPLE_KINDS
        ).values_list("pk", flat=True)
    )
    assert {task.pk for task in late} == groups
    assert soon == []
    procedures.Task.objects.update(due_at=LATER + timedelta(hours=5))
    late, soon = digest.due_for(stories.fresh(company.lina), LATER)
    assert (late, {task.pk for task in soon}) == ([], groups)
    procedures.Task.objects.update(due_at=LATER + timedelta(days=9))
    assert digest.lines_for(stories.fresh(company.lina), LATER) == ("", [])


@pytest.mark.parametrize("hours", [-9, -3, 12])
def test_never_at_night(hours: int, case: models.Case) -> None:
    assert send(LATER + timedelta(hours=hours)) == []


def test_never_on_a_holiday(case: models.Case) -> None:
    assert send(LATER - timedelta(days=1)) == []  # Sunday


def test_who_does_not_want_it_or_is_away_gets_none(case: models.Case, company: cast.Company) -> None:
    notify_actions.choose(by=company.lina, now=LATER, mails="all", digest=False)
    assert send() == []
    notify_actions.choose(by=company.lina, now=LATER, mails="never", digest=True)
    assert send() == []
    notify_actions.choose(by=company.lina, now=LATER, mails="urgent", digest=True)
    org.Absence.objects.create(person=company.lina, from_at=LATER - timedelta(days=1), to_at=LATER + timedelta(days=1))
    assert send() == []
    assert len(send(LATER + timedelta(days=2))) == 1


def test_of_what_is_confidential_only_the_number_and_only_to_its_circle(
    case: models.Case, company: cast.Company
) -> None:
    scope = org.Scope.objects.create(name_zh="保密")
    models.Case.objects.update(scope=scope)
    plugs.announce("kit.rescoped", type="cases.case", id=case.pk, scope_id=scope.pk, was=None)
    assert send() == []
    notify.Digest.objects.all().delete()
    scope.grants.create(person=company.lina, granted_at=cast.NOW)
    (mail,) = send()
    assert case.number in mail.text
    assert not any(secret in mail.text + mail.heading for secret in SECRETS)


def test_what_could_not_leave_on_its_day_does_not_leave_later(
    case: models.Case, company: cast.Company, postman: servers.Postman
) -> None:
    (mail,) = send()
    notify_jobs.claim(mail, LATER + timedelta(days=1))
    mail.refresh_from_db()
    assert mail.state == "cancelled"
    assert postman.taken == []


def test_it_really_leaves(case: models.Case, company: cast.Company, postman: servers.Postman) -> None:
    (mail,) = send()
    assert notify_jobs.claim(mail, LATER + timedelta(seconds=20))
    host = settings.SMTP_URL
    assert notify_jobs.deliver(mail, smtp.server_of(host))
    assert postman.taken[0]["Subject"] == "1 项任务逾期"
    assert "登记核对" in postman.taken[0].get_content()


def test_looking_costs_the_same_however_many_are_seen(case: models.Case, company: cast.Company) -> None:
    assert len(queries.digest_due(LATER)) == len(queries.digest_due(LATER, most=500))
    assert len(queries.digest_due(LATER, most=2)) == 2
    send()
    assert queries.digest_due(LATER) == []
