"""Inbox, choices and outbox through the browser-like client."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.notify.conftest import CASE
from yinuo.kit import models as kit_models
from yinuo.kit import plugs, subjects
from yinuo.notify import actions, models, queries
from yinuo.org import models as org_models
from yinuo.records import models as records_models

SignedIn = Callable[[str], Client]


def told(company: cast.Company, words: str = "请办理", **more: object) -> models.Message:
    values: dict[str, object] = {"subject": CASE, "kind": "task_assigned", "words": words, "now": cast.NOW, **more}
    return actions.tell(people=[company.lina], **values)[0]  # type: ignore[arg-type]


def test_the_inbox_shows_what_is_unread_first(company: cast.Company, signed_in: SignedIn) -> None:
    old, new = told(company, "已读过的事"), told(company, "还没看的事")
    actions.read(message=old, by=company.lina, now=cast.NOW)
    page = signed_in("lina").get("/notify/").content.decode()
    assert "还没看的事" in page
    assert "已读过的事" not in page
    assert "CSR-2026-0413" in page
    everything = signed_in("lina").get("/notify/?view=all").content.decode()
    assert everything.index("还没看的事") < everything.index("已读过的事")
    assert new.pk


def test_somebody_elses_messages_are_not_there(company: cast.Company, signed_in: SignedIn) -> None:
    message = told(company)
    client = signed_in("wang")
    assert "请办理" not in client.get("/notify/?view=all").content.decode()
    assert client.get(f"/notify/{message.pk}/").status_code == 404
    assert client.post(f"/notify/{message.pk}/read/").status_code == 404
    message.refresh_from_db()
    assert message.read_at is None


def test_opening_a_message_reads_it_and_leads_to_its_subject(company: cast.Company, signed_in: SignedIn) -> None:
    message = told(company)
    response = signed_in("lina").get(f"/notify/{message.pk}/")
    assert response["Location"] == CASE.url
    message.refresh_from_db()
    assert message.read_at is not None


def test_a_message_never_leads_elsewhere(company: cast.Company, signed_in: SignedIn) -> None:
    for url in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        message = told(company, subject=subjects.Ref("cases.case", 7, "x", url))
        assert signed_in("lina").get(f"/notify/{message.pk}/")["Location"] == "/notify/"


def test_the_bell_counts(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("lina")
    assert client.get("/notify/count/").content.strip().startswith(b"<span")  # nothing before the menu's counts
    told(company)
    assert client.get("/notify/count/").content.startswith(b"1")


@pytest.fixture
def waiting() -> Iterator[list[int]]:
    """How much the first entry of the menu says to wait, in place of what it counts; and how often it was asked."""
    told_and_asked = [3, 0]
    plug = plugs.menu.get("org")

    def count(_person: object) -> int:
        told_and_asked[1] += 1
        return told_and_asked[0]

    plugs.menu._plugs["org"] = dataclasses.replace(plug, function=count)
    cache.clear()
    yield told_and_asked
    plugs.menu._plugs["org"] = plug
    cache.clear()


def test_no_page_waits_for_the_counts_of_its_menu(
    company: cast.Company, signed_in: SignedIn, waiting: list[int]
) -> None:
    client = signed_in("lina")
    assert 'class="menu-count num">' not in client.get("/notify/").content.decode()
    assert waiting[1] == 0
    shown = '<span class="menu-count num">3<'
    brought = client.get("/notify/count/").content.decode()
    assert 'id="menu-count-org" hx-swap-oob="innerHTML">' + shown in brought
    assert shown in client.get("/notify/").content.decode()  # what was seen last, until the page has asked anew
    assert waiting[1] == 1
    assert shown not in signed_in("wang").get("/notify/").content.decode()


def test_whoever_acts_never_sees_the_count_of_before(
    company: cast.Company, signed_in: SignedIn, waiting: list[int]
) -> None:
    client = signed_in("lina")
    client.get("/notify/count/")
    waiting[0] = 2
    client.post("/notify/read/", {"newest": 1})
    assert 'class="menu-count num">' not in client.get("/notify/").content.decode()
    client.get("/notify/count/")
    assert '<span class="menu-count num">2<' in client.get("/notify/").content.decode()


def test_reading_all_leaves_what_came_meanwhile(company: cast.Company, signed_in: SignedIn) -> None:
    seen, later = told(company), told(company)
    signed_in("lina").post("/notify/read/", {"newest": seen.pk})
    assert list(queries.inbox(company.lina).filter(read_at=None)) == [later]


def test_older_messages_are_a_page_away(company: cast.Company, signed_in: SignedIn) -> None:
    for number in range(60):
        told(company, f"消息{number:02}号")
    client = signed_in("lina")
    first = client.get("/notify/")
    assert "消息59号" in first.content.decode()
    assert "消息05号" not in first.content.decode()
    second = client.get(f"/notify/?view=unread&before={first.context['next_before']}").content.decode()
    assert "消息05号" in second
    assert "消息59号" not in second


def test_strange_parameters_do_no_harm(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("lina")
    for query in ("before=abc", "before=" + "9" * 40, "before=²", "before=-1"):
        assert client.get(f"/notify/?{query}").status_code == 200
    assert client.post("/notify/read/", {"newest": "x"}).status_code == 302


def test_choosing_mails_is_in_the_trail(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("lina")
    assert client.post("/notify/choices/", {"mails": "urgent", "digest": "on"}).status_code == 302
    assert queries.choices_of([company.lina.pk]) == {company.lina.pk: "urgent"}
    entry = records_models.Entry.objects.get(word="notify.choice.changed")
    assert entry.changes == [{"field": "mails", "old": "all", "new": "urgent"}]
    assert client.post("/notify/choices/", {"mails": "nonsense"}).status_code == 200
    assert queries.choices_of([company.lina.pk]) == {company.lina.pk: "urgent"}


def failed_mail(company: cast.Company) -> models.Mail:
    told(company)
    mail = models.Mail.objects.get()
    mail.state, mail.error = models.Mail.State.FAILED, "550 no such user"
    mail.save()
    return mail


def test_administrators_see_what_failed_and_send_it_again(company: cast.Company, signed_in: SignedIn) -> None:
    mail = failed_mail(company)
    client = signed_in("admin")
    assert "550 no such user" in client.get("/notify/outbox/").content.decode()
    assert client.post(f"/notify/outbox/{mail.pk}/again/", {"version": mail.version}).status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("waiting", 0)
    assert records_models.Entry.objects.filter(word="notify.mail.sent_again", subject_id=mail.pk).count() == 1
    assert client.post(f"/notify/outbox/{mail.pk}/cancel/", {"version": 1}).status_code == 409  # stale
    assert client.post(f"/notify/outbox/{mail.pk}/cancel/", {"version": mail.version}).status_code == 302
    mail.refresh_from_db()
    assert mail.state == "cancelled"


def test_sent_mail_stays_sent(company: cast.Company, signed_in: SignedIn) -> None:
    mail = failed_mail(company)
    models.Mail.objects.update(state="sent")
    client = signed_in("admin")
    assert client.post(f"/notify/outbox/{mail.pk}/again/", {"version": mail.version}).status_code == 409
    assert client.post(f"/notify/outbox/{mail.pk}/cancel/", {"version": mail.version}).status_code == 409


def test_the_outbox_is_for_administrators(company: cast.Company, signed_in: SignedIn) -> None:
    mail = failed_mail(company)
    client = signed_in("lina")
    assert client.get("/notify/outbox/").status_code == 403
    assert client.post(f"/notify/outbox/{mail.pk}/again/", {"version": mail.version}).status_code == 403


def test_the_outbox_does_not_give_away_confidential_headings(company: cast.Company, signed_in: SignedIn) -> None:
    failed_mail(company)
    models.Message.objects.update(scope_id=77)
    page = signed_in("admin").get("/notify/outbox/").content.decode()
    assert "lina@qinghe.example" in page
    assert "请办理" not in page


def test_mail_hours_are_set_by_administrators(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("admin")
    version = queries.hours_row().version
    good = {"starts": "07:30", "ends": "18:00", "version": version}
    assert client.post("/notify/outbox/hours/", good).status_code == 302
    assert str(queries.hours_row()) == "07:30–18:00"
    assert client.post("/notify/outbox/hours/", good).status_code == 409
    bad = {"starts": "18:00", "ends": "07:30", "version": queries.hours_row().version}
    assert client.post("/notify/outbox/hours/", bad).status_code == 409
    assert client.post("/notify/outbox/hours/", {"starts": "x"}).status_code == 409
    assert signed_in("lina").post("/notify/outbox/hours/", good).status_code == 403


def test_the_inbox_costs_the_same_for_one_and_for_forty(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("lina")

    def queries_of(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path, headers={"HX-Request": "true"}).status_code == 200
        return len(seen)

    told(company)
    client.get("/notify/")
    one = [queries_of("/notify/?view=all"), queries_of("/notify/count/")]
    for _number in range(39):
        told(company)
    assert [queries_of("/notify/?view=all"), queries_of("/notify/count/")] == one


def test_work_that_was_given_up_is_shown_counted_and_run_again(company: cast.Company, signed_in: SignedIn) -> None:
    job = kit_models.Job.objects.create(
        key="notify.post:x", name="notify.post", state="failed", due_at=cast.NOW, attempts=7, error="OSError: 磁盘已满"
    )
    admin = signed_in("admin")
    assert "磁盘已满" in admin.get("/notify/jobs/").content.decode()
    assert next(plug for plug in plugs.menu if plug.name == "notify.outbox").function(company.admin) == 1
    assert admin.post(f"/notify/jobs/{job.pk}/again/").status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("waiting", 0)
    assert admin.post(f"/notify/jobs/{job.pk}/again/").status_code == 404
    assert records_models.Entry.objects.filter(word="notify.job.run_again", actor_name__contains="9001").exists()
    assert signed_in("lina").get("/notify/jobs/").status_code == 403


def test_work_of_the_company_is_not_one_sites_matter(company: cast.Company, signed_in: SignedIn) -> None:
    job = kit_models.Job.objects.create(key="a", name="notify.post", state="failed", due_at=cast.NOW, error="机密")
    org_models.RoleGrant.objects.create(
        person=company.he, role="administrator", site=company.site["cc"], from_on="2020-01-01"
    )
    he = signed_in("he")
    assert "机密" not in he.get("/notify/jobs/").content.decode()
    assert he.post(f"/notify/jobs/{job.pk}/again/").status_code == 404
