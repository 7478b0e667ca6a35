"""Mailboxes: everything comes in once, nothing is changed on the server, and every trouble can be seen."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import cast
from tests.customers import people
from tests.letters import imap_server
from tests.letters.reading import mails as written
from yinuo.cases import models as cases
from yinuo.customers.actions import contacts
from yinuo.kit import refusals, vault
from yinuo.letters import jobs, models, queries, rules
from yinuo.letters.actions import mailboxes
from yinuo.letters.channels import imap
from yinuo.letters.intake import polling, receiving
from yinuo.records import models as records

pytestmark = pytest.mark.django_db
PASSWORD = "a-code-for-programs"
needs_server = pytest.mark.skipif(not imap_server.is_here(), reason="needs Dovecot, and root to start it")


@pytest.fixture(scope="module")
def server() -> Iterator[imap_server.Server]:
    with tempfile.TemporaryDirectory(prefix="imap-") as root, imap_server.running(Path(root)) as running:
        yield running


@pytest.fixture
def tree(company: cast.Company) -> dict[str, Any]:
    found = people.volkswagen(company)
    contacts.add(
        customer=found["svw"], name="张三", email="zhang@vw.example", by=people.fresh(company.lina), now=cast.NOW
    )
    return found


def box(company: cast.Company, port: int, **facts: Any) -> models.Mailbox:
    values = {
        "name": "质量邮箱", "address": "csr@qinghe.example", "host": "127.0.0.1", "port": port, "way": "imap",
        "user": imap_server.USER, "folder": "INBOX", "since_on": date(2020, 1, 1), "site": None, "scope": None,
        "is_active": True, "password": imap_server.PASSWORD, **facts,
    }  # fmt: skip
    return mailboxes.add(by=people.fresh(company.admin), now=timezone.now(), **values)


def look(mailbox: models.Mailbox) -> models.Mailbox:
    """One look, as the job does it."""
    models.Mailbox.objects.filter(pk=mailbox.pk).update(next_at=None)
    jobs.read_mailboxes()
    mailbox.refresh_from_db()
    return mailbox


def numbered(number: int, **lines: str) -> bytes:
    return written.mail(
        f"要求 {number}", Message_ID=f"<{number}@vw.example>", Subject=f"要求 {number}", **lines
    ).as_bytes()


# With a real server ---------------------------------------------------------------------------------------------------


@needs_server
@pytest.mark.slow
def test_what_is_new_comes_in_once_and_stays_as_it_was_on_the_server(
    company: cast.Company, tree: Any, server: imap_server.Server
) -> None:
    server.empty()
    server.put(numbered(1))
    mailbox = look(box(company, server.plain))
    assert (mailbox.state, mailbox.error) == ("well", "")
    assert [each.title for each in cases.Finding.objects.all()] == ["要求 1"]
    (mail,) = models.Mail.objects.all()
    assert (mail.mailbox, mail.customer, mail.brought_by) == (mailbox, tree["svw"], None)
    look(mailbox)
    server.put(numbered(2))
    server.put(numbered(1))  # the same again, under another number
    look(mailbox)
    assert [each.title for each in cases.Finding.objects.order_by("pk")] == ["要求 1", "要求 2"]
    assert len(server.flags()) == 3
    assert not any(b"Seen" in flags or b"Deleted" in flags for flags in server.flags())


@needs_server
@pytest.mark.slow
def test_a_server_that_counts_anew_brings_nothing_twice(
    company: cast.Company, tree: Any, server: imap_server.Server
) -> None:
    server.empty()
    server.put(numbered(1))
    mailbox = look(box(company, server.plain))
    models.Mailbox.objects.filter(pk=mailbox.pk).update(uid_validity=1, uid_last=999_999)
    server.put(numbered(2))
    look(mailbox)
    assert mailbox.uid_validity > 1
    assert sorted(models.Mail.objects.values_list("heading", flat=True)) == ["要求 1", "要求 2"]


@needs_server
@pytest.mark.slow
def test_a_worker_that_dies_in_the_middle_loses_nothing(
    company: cast.Company, tree: Any, server: imap_server.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.empty()
    for number in (1, 2, 3):
        server.put(numbered(number))
    mailbox = box(company, server.plain)
    receive, seen = receiving.receive, []

    def dying(content: bytes, **facts: Any) -> Any:
        seen.append(content)
        found = receive(content, **facts)
        if len(seen) == 2:
            raise OSError("the disk is full")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", dying)
        look(mailbox)
    assert mailbox.state == "trouble"
    assert "disk is full" in mailbox.error
    assert models.Mail.objects.count() == 1
    look(mailbox)
    assert mailbox.state == "well"
    assert sorted(models.Mail.objects.values_list("heading", flat=True)) == ["要求 1", "要求 2", "要求 3"]


@needs_server
@pytest.mark.slow
@pytest.mark.parametrize("way", ["imaps", "imap+tls"])
def test_encrypted_and_only_with_a_certificate_that_holds(
    company: cast.Company, tree: Any, server: imap_server.Server, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.tls if way == "imaps" else server.plain
    mailbox = look(box(company, port, way=way, host="localhost"))
    assert mailbox.state == "trouble"
    assert "证书" in mailbox.error
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert look(mailbox).state == "well"


@needs_server
@pytest.mark.slow
def test_a_wrong_password_is_said_and_tried_less_and_less_often(
    company: cast.Company, tree: Any, server: imap_server.Server
) -> None:
    mailbox = look(box(company, server.plain, password="wrong"))
    assert mailbox.state == "trouble"
    first = mailbox.next_at - timezone.now()
    look(mailbox)
    assert mailbox.tries == 2
    assert mailbox.next_at - timezone.now() > first
    mailboxes.change(
        mailbox=mailbox, password=imap_server.PASSWORD, by=people.fresh(company.admin), now=timezone.now(),
        expected=mailbox.version, **{field: getattr(mailbox, field) for field in mailboxes.FIELDS},
    )  # fmt: skip
    assert look(mailbox).state == "well"


@needs_server
@pytest.mark.slow
def test_a_folder_with_a_chinese_name(company: cast.Company, tree: Any, server: imap_server.Server) -> None:
    name = imap._quoted("顾客 & 要求")
    with server.talk() as talk:
        talk.create(name)
    server.put(numbered(7), name)
    assert look(box(company, server.plain, folder="顾客 & 要求")).state == "well"
    assert models.Mail.objects.get().heading == "要求 7"
    assert look(box(company, server.plain, folder="没有")).state == "trouble"


# With servers that are no good ----------------------------------------------------------------------------------------


def script(**said: bytes) -> Any:
    """What a server says by the command; usual answers else."""

    def answer(tag: str, words: str) -> bytes:
        if tag == "*":
            return said.get("HELLO", b"* OK [CAPABILITY IMAP4rev1] hello\r\n")
        verb = words.replace("UID ", "").partition(" ")[0].upper()
        usual = {
            "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n",
            "EXAMINE": b"* 3 EXISTS\r\n* OK [UIDVALIDITY 5] ok\r\n",
            "SEARCH": b"* SEARCH 7\r\n",
        }
        body = said.get(verb, usual.get(verb, b""))
        return b"" if body == b"SILENCE" else body + f"{tag} OK done\r\n".encode()

    return answer


SIZE = b'* 1 FETCH (UID 7 RFC822.SIZE 10 INTERNALDATE "20-Nov-2026 16:20:11 +0800")\r\n'


@pytest.mark.parametrize(
    "said",
    [
        {"HELLO": b"SILENCE\r\n"},
        {"HELLO": b"\x00\xff\r\n"},
        {"LOGIN": b"SILENCE"},
        {"EXAMINE": b"* OK no validity\r\n"},
        {"EXAMINE": b"* OK [UIDVALIDITY none] x\r\n"},
        {"SEARCH": b"SILENCE"},
        {"FETCH": b"* 1 FETCH (UID 7 RFC822.SIZE 10 BODY[] {99999999999}\r\n"},
        {"FETCH": b"* 1 FETCH (UID 7 RFC822.SIZE 10 BODY[] {100}\r\nshort"},
        {"FETCH": b"A" * 2_000_000},
    ],
    ids=range(9),
)
def test_a_server_that_lies_or_hangs_is_trouble_and_no_more(company: cast.Company, said: dict[str, bytes]) -> None:
    with imap_server.lying(script(**said)) as port:
        mailbox = box(company, port)
        polling.look_at(mailbox, timeout=1)
    mailbox.refresh_from_db()
    assert mailbox.state == "trouble"
    assert mailbox.error
    assert (mailbox.uid_last, models.Mail.objects.count()) == (0, 0)


def test_numbers_that_are_none_and_mails_that_are_gone_are_passed_over(company: cast.Company) -> None:
    said = {"SEARCH": b"* SEARCH 7 x 0 -1 99999999999999\r\n", "FETCH": b""}
    with imap_server.lying(script(**said)) as port:
        mailbox = box(company, port)
        polling.look_at(mailbox, timeout=2)
    mailbox.refresh_from_db()
    assert (mailbox.error, mailbox.state, mailbox.uid_validity, mailbox.uid_last) == ("", "well", 5, 7)


def test_a_server_that_is_down_is_trouble(company: cast.Company, signed_in: Any) -> None:
    mailbox = box(company, imap_server.free_port())
    polling.look_at(mailbox, timeout=1)
    page = signed_in("admin").get(reverse("letters:mailboxes")).content.decode()
    assert "无法连接" in page


def test_a_mail_too_large_is_read_in_its_beginning_and_says_so(company: cast.Company, tree: Any) -> None:
    content = numbered(1)
    about = b'* 1 FETCH (UID 7 RFC822.SIZE 99999999 INTERNALDATE "20-Nov-2026 16:20:11 +0800"'
    body = about + b" BODY[]<0> {%d}\r\n" % len(content) + content + b")\r\n"
    with imap_server.lying(script(FETCH=body)) as port:
        polling.look_at(box(company, port), timeout=5)
    mail = models.Mail.objects.get()
    assert {"fault": "too_large", "about": ""} in mail.remarks
    assert mail.notified_at == datetime.fromisoformat("2026-11-20T16:20:11+08:00")


# Keeping them up ------------------------------------------------------------------------------------------------------


def test_the_password_is_sealed_and_nowhere_told(company: cast.Company, signed_in: Any) -> None:
    mailbox = box(company, 143, password=PASSWORD)
    assert vault.unseal(mailbox.secret) == PASSWORD
    assert PASSWORD not in mailbox.secret
    assert not any(PASSWORD in str(entry.changes) + str(entry.note) for entry in records.Entry.objects.all())
    client = signed_in("admin")
    for name, args in (("mailboxes", []), ("mailbox_change", [mailbox.pk])):
        assert PASSWORD not in client.get(reverse(f"letters:{name}", args=args)).content.decode()


def test_only_administrators_keep_mailboxes(company: cast.Company, signed_in: Any) -> None:
    with pytest.raises(refusals.NotAllowed):
        mailboxes.add(password="x", by=people.fresh(company.lina), now=cast.NOW)
    assert signed_in("lina").get(reverse("letters:mailboxes")).status_code == 403


def test_another_server_is_not_given_the_old_password(company: cast.Company) -> None:
    mailbox = box(company, 143)
    values = {field: getattr(mailbox, field) for field in mailboxes.FIELDS} | {"host": "elsewhere.example"}
    by = {"by": people.fresh(company.admin), "now": timezone.now(), "expected": mailbox.version}
    with pytest.raises(mailboxes.CannotSet):
        mailboxes.change(mailbox=mailbox, **values, **by)


def test_what_it_brings_belongs_where_it_does_and_its_own_address_goes_round(company: cast.Company, tree: Any) -> None:
    circle = people.scope_of(company.lina)
    mailbox = box(company, 143, site=company.site["nb"], scope=circle)
    take = {"mailbox": mailbox, "by": polling.actors.PROGRAM, "now": timezone.now()}
    mail, _is_new = receiving.receive(numbered(1), **take)
    assert (mail.site, mail.scope, cases.Finding.objects.get().scope) == (company.site["nb"], circle, circle)
    round_trip, _is_new = receiving.receive(numbered(2, From="csr@qinghe.example"), **take)
    assert (round_trip.kind, round_trip.outcome) == ("loop", "kept")
    nothing, _is_new = receiving.receive(b"no mail at all", **take)
    assert nothing.outcome == "sorting"


def test_it_is_looked_at_again_in_its_time(company: cast.Company) -> None:
    mailbox, now = box(company, 143), timezone.now()
    assert queries.mailboxes_due(now).exists()
    assert mailboxes.claim(mailbox=mailbox, now=now)
    assert not mailboxes.claim(mailbox=mailbox, now=now)
    mailboxes.well(mailbox=mailbox, has_more=False, now=now)
    assert not queries.mailboxes_due(now).exists()
    assert queries.mailboxes_due(now + rules.LOOK_EVERY).exists()
    waits = [rules.try_again_after(tries) for tries in range(9)]
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
