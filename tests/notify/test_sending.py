"""Mail through real servers: taken, hesitated over, refused, hanging, dying; and nothing sent twice unawares."""

from datetime import datetime, timedelta
from email.header import decode_header

import pytest
import time_machine
from django.test import Client, override_settings

from tests import cast
from tests.notify.conftest import CASE, Postman, free_port
from yinuo.kit import plugs
from yinuo.notify import actions, jobs, models, queries, rules
from yinuo.notify.channels import smtp
from yinuo.org import models as org_models

LATER = cast.NOW + timedelta(seconds=11)


def told(person: org_models.Person, words: str = "请办理：工程评审", *, urgent: bool = False) -> models.Mail:
    actions.tell(people=[person], subject=CASE, kind="task_assigned", words=words, now=cast.NOW, urgent=urgent)
    return models.Mail.objects.latest("pk")


def post_at(moment: datetime) -> None:
    with time_machine.travel(moment, tick=False):
        jobs.post()


def again(mail: models.Mail) -> models.Mail:
    mail.refresh_from_db()
    return mail


def test_a_mail_is_delivered_and_says_what_it_should(company: cast.Company, postman: Postman) -> None:
    mail = told(company.lina)
    post_at(LATER)
    assert again(mail).state == "sent"
    assert mail.sent_at is not None
    (letter,) = postman.taken
    assert letter["Subject"] == "请办理：工程评审"
    assert letter["From"] == "一诺 <yinuo@qinghe.example>"
    assert letter["To"] == "lina@qinghe.example"
    assert letter["Message-ID"] == mail.header_id
    assert letter["Auto-Submitted"] == "auto-generated"
    body = letter.get_content()
    assert "李娜" in body
    assert f"/notify/{mail.message_id}/" in body
    header = next(line for line in postman.raw[0].splitlines() if line.startswith(b"Subject:"))
    assert header.isascii()  # RFC 2047: Chinese is encoded
    assert decode_header(header[9:].decode())[0][1] == "utf-8"


def test_nothing_leaves_before_ten_seconds(company: cast.Company, postman: Postman) -> None:
    mail = told(company.lina)
    post_at(cast.NOW + timedelta(seconds=9))
    assert again(mail).state == "waiting"
    assert postman.taken == []


def test_a_hesitating_server_is_asked_again_later(company: cast.Company, postman: Postman) -> None:
    postman.rcpt_replies = ["451 4.7.1 greylisted, come back"]
    mail = told(company.lina)
    post_at(LATER)
    assert again(mail).state == "waiting"
    assert "greylisted" in mail.error
    assert mail.next_at == LATER + rules.RETRIES[0]
    post_at(mail.next_at - timedelta(seconds=1))
    assert postman.taken == []
    post_at(mail.next_at)
    assert again(mail).state == "sent"
    assert mail.attempts == 2
    assert not mail.is_uncertain


def test_one_hesitated_over_does_not_hold_up_the_others(company: cast.Company, postman: Postman) -> None:
    postman.rcpt_replies = ["450 mailbox busy"]
    told(company.lina)
    told(company.wang)
    post_at(LATER)
    assert [letter["To"] for letter in postman.taken] == ["wang@qinghe.example"]


@pytest.mark.parametrize("place", ["rcpt_replies", "data_replies"])
def test_a_refused_mail_fails_with_the_servers_words(place: str, company: cast.Company, postman: Postman) -> None:
    setattr(postman, place, ["550 5.1.1 no such user here"])
    mail = told(company.lina)
    post_at(LATER)
    assert again(mail).state == "failed"
    assert "no such user" in mail.error
    post_at(LATER + timedelta(days=2))
    assert postman.taken == []


def test_a_refused_text_that_is_tried_again_is_not_uncertain(company: cast.Company, postman: Postman) -> None:
    postman.data_replies = ["452 4.3.1 disk full"]
    mail = told(company.lina)
    post_at(LATER)
    post_at(LATER + timedelta(minutes=2))
    assert again(mail).state == "sent"
    assert not mail.is_uncertain
    assert len(postman.taken) == 1


def test_a_bad_address_fails_without_a_server(company: cast.Company, postman: Postman) -> None:
    company.lina.email = "not an address"
    mail = told(company.lina)
    post_at(LATER)
    assert again(mail).state == "failed"
    assert "bad address" in mail.error


@pytest.mark.django_db
def test_no_server_at_that_port(company: cast.Company) -> None:
    mail, other = told(company.lina), told(company.wang)
    with override_settings(SMTP_URL=f"smtp://127.0.0.1:{free_port()}"):
        post_at(LATER)
    assert again(mail).state == "waiting"
    assert "refused" in mail.error.lower()
    assert again(other).attempts == 0  # no use knocking for each


def test_a_server_that_hangs(company: cast.Company, silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp.send, "__kwdefaults__", {"timeout": 0.3})
    mail = told(company.lina)
    with override_settings(SMTP_URL=f"smtp://127.0.0.1:{silent_port}"):
        post_at(LATER)
    assert again(mail).state == "waiting"
    assert "timed out" in mail.error
    assert not mail.is_uncertain  # nothing was handed over


def test_a_server_that_dies_after_the_text(company: cast.Company, postman: Postman) -> None:
    postman.die_after_data = 1
    mail = told(company.lina)
    post_at(LATER)
    assert again(mail).state == "waiting"
    assert mail.is_uncertain
    post_at(LATER + timedelta(minutes=2))
    assert again(mail).state == "sent"
    assert mail.is_uncertain
    assert [letter["Message-ID"] for letter in postman.taken] == [mail.header_id] * 2


def test_twice_without_an_answer_is_for_people_to_look_at(company: cast.Company, postman: Postman) -> None:
    postman.die_after_data = 5
    mail = told(company.lina)
    post_at(LATER)
    post_at(LATER + timedelta(minutes=2))
    assert again(mail).state == "failed"
    post_at(LATER + timedelta(days=1))
    assert len(postman.taken) == 2


def test_a_sender_killed_before_handing_over(company: cast.Company, postman: Postman) -> None:
    mail = told(company.lina)
    assert jobs.claim(mail, LATER)
    post_at(LATER + timedelta(seconds=30))
    assert postman.taken == []  # still held
    post_at(LATER + rules.LEASE + timedelta(seconds=1))
    assert again(mail).state == "sent"
    assert not mail.is_uncertain
    assert len(postman.taken) == 1


def test_a_sender_killed_after_handing_over(company: cast.Company, postman: Postman) -> None:
    mail = told(company.lina)
    assert jobs.claim(mail, LATER)
    models.Mail.objects.filter(pk=mail.pk).update(handed_at=LATER)
    post_at(LATER + rules.LEASE + timedelta(seconds=1))
    assert again(mail).state == "sent"
    assert mail.is_uncertain


def test_two_senders_claim_one_mail_once(company: cast.Company) -> None:
    mail = told(company.lina)
    same = models.Mail.objects.select_related("message__person").get(pk=mail.pk)
    assert jobs.claim(mail, LATER)
    assert not jobs.claim(same, LATER)


def test_who_may_not_see_it_any_more_gets_no_mail(company: cast.Company, postman: Postman) -> None:
    mail = told(company.lina)
    org_models.Person.objects.filter(pk=company.lina.pk).update(is_active=False)
    post_at(LATER)
    assert again(mail).state == "cancelled"
    assert postman.taken == []


def test_without_a_server_mail_waits_and_grows_stale(company: cast.Company) -> None:
    mail = told(company.lina)
    with override_settings(SMTP_URL=""):
        post_at(LATER)
        assert again(mail).state == "waiting"
        with time_machine.travel(LATER + timedelta(days=3, hours=1), tick=False):
            jobs.look_for_mail()
    assert again(mail).state == "failed"  # so that an administrator sees it and may send it after all
    with override_settings(SMTP_URL="smtp://mail.example.com"):
        assert queries.failed(company.admin) == [mail]


def test_without_a_server_that_is_said_once_and_not_of_each_mail(company: cast.Company, client: Client) -> None:
    mail = told(company.lina)
    models.Mail.objects.filter(pk=mail.pk).update(state="failed", error=models.Mail.Ending.NO_SERVER)
    with override_settings(SMTP_URL=""):
        assert queries.failed(company.admin) == []
        client.force_login(company.admin, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/notify/outbox/").content.decode()
    assert page.count("YINUO_SMTP_URL") == 1
    assert mail.to in page  # it still stands in the list, to be sent by hand once there is a server
    models.Mail.objects.filter(pk=mail.pk).update(error="550 no such user")
    assert queries.failed(company.admin) == [mail]  # whatever a server refused before is still shown


def test_urgent_mail_waits_for_a_server_however_long(company: cast.Company, postman: Postman) -> None:
    mail = told(company.lina, urgent=True)
    much_later = LATER + timedelta(days=30)
    with time_machine.travel(much_later, tick=False):
        jobs.look_for_mail()
    assert again(mail).state == "waiting"
    post_at(much_later)
    assert again(mail).state == "sent"


def test_urgent_mail_is_never_given_up(company: cast.Company) -> None:
    pauses = [rules.next_try(LATER, attempts, urgent=True) for attempts in (1, 8, 9, 500)]
    assert [pause - LATER for pause in pauses if pause] == [timedelta(minutes=1), *[rules.URGENT_RETRY] * 3]
    assert rules.next_try(LATER, 9, urgent=False) is None


AT_NIGHT = cast.NOW.replace(hour=14)  # Monday 22:30 in Shanghai
IN_THE_MORNING = cast.NOW.replace(hour=0, minute=0) + timedelta(days=1)  # Tuesday 08:00


def test_what_was_held_up_until_the_night_waits_for_the_morning(company: cast.Company, postman: Postman) -> None:
    mail, urgent = told(company.lina), told(company.wang, urgent=True)
    post_at(AT_NIGHT)
    assert [letter["To"] for letter in postman.taken] == [urgent.to]
    assert (again(mail).state, mail.attempts, mail.next_at) == ("waiting", 0, IN_THE_MORNING)
    post_at(IN_THE_MORNING)
    assert again(mail).state == "sent"


def test_a_mail_is_not_tried_again_at_night(company: cast.Company, postman: Postman) -> None:
    postman.rcpt_replies = ["451 come back"]
    mail = told(company.lina)
    post_at(cast.NOW.replace(hour=11, minute=59, second=30))  # 19:59:30, and a minute later it is too late
    assert (again(mail).state, mail.next_at) == ("waiting", IN_THE_MORNING)


def test_mail_being_sent_when_its_subject_becomes_confidential_is_not_sent_again(company: cast.Company) -> None:
    mail = told(company.lina)
    assert jobs.claim(mail, LATER)
    models.Mail.objects.filter(pk=mail.pk).update(handed_at=LATER)
    plugs.events.get("kit.rescoped/notify").function(type=CASE.type, id=CASE.id, scope_id=99)
    assert (again(mail).state, mail.is_uncertain) == ("cancelled", True)


def test_mail_taken_back_while_it_was_due_says_so(company: cast.Company) -> None:
    mail = told(company.lina)
    models.Message.objects.filter(pk=mail.message_id).update(taken_back_at=LATER)
    assert not jobs.claim(models.Mail.objects.get(pk=mail.pk), LATER)
    assert again(mail).error == models.Mail.Ending.TAKEN_BACK


def test_a_name_and_password_are_given(company: cast.Company, guarded_postman) -> None:
    man, port = guarded_postman("yinuo", "p@ss:w/rd%")
    mail = told(company.lina, urgent=True)  # leaves at whatever hour the tests run
    with override_settings(SMTP_URL=f"smtp://yinuo:p%40ss%3Aw%2Frd%25@127.0.0.1:{port}"):
        jobs.post()  # on the real clock, which the server waits by after a wrong password
    assert again(mail).state == "sent"
    assert len(man.taken) == 1


@pytest.mark.parametrize(("password", "expected"), [("wrong", "535"), ("w%C3%B6rd", "ascii")])
def test_a_wrong_password_is_not_the_mails_fault(
    password: str, expected: str, company: cast.Company, guarded_postman
) -> None:
    _man, port = guarded_postman("yinuo", "right")
    mail = told(company.lina, urgent=True)  # leaves at whatever hour the tests run
    with override_settings(SMTP_URL=f"smtp://yinuo:{password}@127.0.0.1:{port}"):
        jobs.post()  # on the real clock, which the server waits by after a wrong password
    assert again(mail).state == "waiting"
    assert expected in mail.error


NASTY = "急\r\nBcc: everybody@evil.example\r\n\r\n\u202eX\x00\x07" + "长" * 600


def test_nobody_adds_headers_of_their_own(company: cast.Company, postman: Postman) -> None:
    company.lina.name = "李\r\nX-Evil: 1"
    mail = told(company.lina, words=NASTY)
    post_at(LATER)
    assert again(mail).state == "sent"
    (letter,) = postman.taken
    assert letter["Bcc"] is None
    assert letter["X-Evil"] is None
    assert letter["To"] == "lina@qinghe.example"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", smtp.Server("smtp", "mail.example", 25)),
        ("smtps://u:p@mail.example", smtp.Server("smtps", "mail.example", 465, "u", "p")),
        ("smtp+tls://u%40x:p%2F@mail.example:2525", smtp.Server("smtp+tls", "mail.example", 2525, "u@x", "p/")),
    ],
)
def test_the_address_of_a_mail_server(url: str, expected: smtp.Server) -> None:
    assert smtp.server_of(url) == expected


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://:25"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(smtp.BadServer):
        smtp.server_of(url)
