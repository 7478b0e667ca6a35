"""Letters that leave by mail: what is on the wire, who took it, what came back, and what nobody knows."""

import contextlib
import re
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests import cast
from tests.customers import people
from tests.letters import imap_server
from tests.notify import conftest as servers
from yinuo.customers import models as customers
from yinuo.customers.actions import contacts
from yinuo.kit import actors, refusals, subjects
from yinuo.letters import access, jobs, models, queries, rules
from yinuo.letters.actions import mailboxes, outgoing, posting, senders, sending, threads
from yinuo.letters.intake import receiving
from yinuo.notify import models as notify
from yinuo.notify.channels import smtp
from yinuo.records import actions as records_actions
from yinuo.records import models as records

pytestmark = pytest.mark.django_db
ABOUT = subjects.Ref("upper.row", 413, "CSR-2026-0413 盐雾试验", "/upper/413/")
State = models.Dispatch.State
needs_server = pytest.mark.skipif(not imap_server.is_here(), reason="needs Dovecot, and root to start it")


@pytest.fixture(autouse=True)
def own_network() -> Iterator[None]:
    with override_settings(OUTGOING_ALLOW=["127.0.0.1", "localhost"]):
        yield


@pytest.fixture
def tree(company: cast.Company) -> dict[str, Any]:
    found = people.volkswagen(company)
    for name, address in (("张三", "zhang@vw.example"), ("Li Wei", "li@vw.example"), ("无邮箱", "")):
        contacts.add(customer=found["svw"], name=name, email=address, by=people.fresh(company.lina), now=cast.NOW)
    return found


@pytest.fixture
def thread(company: cast.Company, tree: dict[str, Any]) -> models.Thread:
    facts = {"subject": ABOUT, "customer": tree["svw"], "title": "720 h 是否含划格", "purpose": "clarification"}
    return threads.open_thread(by=people.fresh(company.lina), now=timezone.now(), **facts)


@pytest.fixture
def letter(thread: models.Thread, company: cast.Company) -> models.Letter:
    return released(thread, company)


def released(
    thread: models.Thread, company: cast.Company, text: str = "张工，您好！\n\n请确认 720 h < 是否含划格？"
) -> models.Letter:
    lina = people.fresh(company.lina)
    draft = outgoing.draft(thread=thread, text=text, by=lina, now=timezone.now())
    return outgoing.release(letter=draft, by=lina, now=timezone.now(), expected=draft.version)


def sender(company: cast.Company, port: int, **facts: Any) -> models.Sender:
    admin = people.fresh(company.admin)
    box = mailboxes.add(
        name="质量邮箱", address="csr@qinghe.example", host="127.0.0.1", port=facts.pop("imap", 993), way="imap",
        user=imap_server.USER, folder="INBOX", since_on=date(2020, 1, 1), site=None, scope=None, is_active=True,
        password=imap_server.PASSWORD, by=admin, now=timezone.now(),
    )  # fmt: skip
    values = {
        "name": "青禾汽车部件 质量部", "host": "127.0.0.1", "port": port, "way": "smtp", "user": "", "sent_folder": "",
        "is_active": True, **facts,
    }  # fmt: skip
    return senders.set_sender(mailbox=box, by=admin, now=timezone.now(), expected=0, **values)


class Post(servers.Postman):
    """The mail server, and its answer to each address."""

    by_address: dict[str, list[str]]

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        said = self.by_address.get(address, [])
        if said:
            return said.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def post(company: cast.Company) -> Iterator[Post]:
    man, port = Post(), servers.free_port()
    man.by_address = {}
    controller = Controller(man, hostname="127.0.0.1", port=port)
    controller.start()
    sender(company, port)
    yield man
    controller.stop()


def wish(
    letter: models.Letter, company: cast.Company, to: str = "zhang@vw.example", cc: str = "", **facts: Any
) -> models.Dispatch:
    def named(addresses: str) -> list[customers.CustomerContact]:
        return list(customers.CustomerContact.objects.filter(email__in=addresses.split()).order_by("pk"))

    letter = people.fresh(letter)
    values = {
        "letter": letter, "sender": models.Sender.objects.get(), "to": named(to), "cc": named(cc),
        "heading": "720 h 是否含划格", "by": people.fresh(company.lina), "now": timezone.now(),
        "expected": letter.version, **facts,
    }  # fmt: skip
    return sending.send(**values)


def send_to(
    letter: models.Letter, company: cast.Company, *contacts_chosen: customers.CustomerContact
) -> models.Dispatch:
    letter = people.fresh(letter)
    return sending.send(
        letter=letter, sender=models.Sender.objects.get(), to=contacts_chosen, heading="再发",
        by=people.fresh(company.lina), now=timezone.now(), expected=letter.version,
    )  # fmt: skip


def run(dispatch: models.Dispatch) -> models.Dispatch:
    """The ten seconds, or the pause between tries, are over."""
    models.Dispatch.objects.filter(pk=dispatch.pk).update(next_at=timezone.now())
    jobs.post()
    return people.fresh(dispatch)


def states(dispatch: models.Dispatch) -> dict[str, str]:
    return dict(dispatch.recipients.values_list("address", "state"))


# On the wire ----------------------------------------------------------------------------------------------------------


def test_a_letter_leaves_with_what_answers_need(
    letter: models.Letter, thread: models.Thread, post: Post, company: cast.Company
) -> None:
    file = records_actions.attach(
        subject=letter.ref, content=b"%PDF-1.4 plan", name="试验计划（第2版）.pdf", by=company.lina, now=timezone.now()
    )
    dispatch = wish(letter, company, cc="li@vw.example", files=[file])
    jobs.post()
    assert post.taken == []  # ten seconds in which it can be taken back
    assert run(dispatch).state == State.SENT
    (mail,) = post.taken
    raw = post.raw[0]
    token = queries.token_of(thread)
    assert mail["Subject"] == f"720 h 是否含划格 {token}"
    assert "划格".encode() not in raw.partition(b"\r\n\r\n")[0]  # headers are encoded
    assert b"=?utf-8?" in raw
    assert (mail["To"], mail["Cc"]) == ("张三 <zhang@vw.example>", "Li Wei <li@vw.example>")
    assert mail["From"] == "青禾汽车部件 质量部 <csr@qinghe.example>"
    assert mail["Message-ID"] == f"<{dispatch.header_id}>"
    assert dispatch.header_id.endswith("@qinghe.example")
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "720 h < 是否" in plain.get_content()
    assert "720 h &lt; 是否" in html.get_content()
    assert token in plain.get_content()
    assert [(each.get_filename(), each.get_content()) for each in mail.iter_attachments()] == [
        ("试验计划（第2版）.pdf", b"%PDF-1.4 plan")
    ]
    assert b"filename*" in raw
    letter = people.fresh(letter)
    assert (letter.state, letter.way, letter.sent_by) == ("sent", "mail", company.lina)
    assert people.fresh(thread).state == "waiting"
    kept = records.Attachment.objects.get(subject_type="letters.letter", kind="sent")
    assert kept.blob.path.read_bytes().replace(b"\r\n", b"\n") == raw.replace(b"\r\n", b"\n")


def test_the_second_letter_refers_to_the_first_and_to_the_answer(
    letter: models.Letter, thread: models.Thread, post: Post, company: cast.Company
) -> None:
    first = run(wish(letter, company))
    answer(first, References=f"<{first.header_id}>")
    second = run(wish(released(thread, company, "谢谢。"), company))
    mail = post.taken[1]
    assert mail["In-Reply-To"] == "<answer@vw.example>"
    assert mail["References"].split() == [f"<{first.header_id}>", "<answer@vw.example>"]
    assert second.header_id != first.header_id


def test_a_line_break_in_the_matter_makes_no_header(letter: models.Letter, post: Post, company: cast.Company) -> None:
    run(wish(letter, company, heading="划格\r\nBcc: evil@example.com" + "长" * 300))
    assert post.taken[0]["Bcc"] is None
    assert queries.token_of(letter.thread) in post.taken[0]["Subject"]


# Who may, and what not ------------------------------------------------------------------------------------------------


def test_only_who_releases_sends_and_only_what_is_released(
    letter: models.Letter, thread: models.Thread, post: Post, company: cast.Company
) -> None:
    with pytest.raises(access.NotReleaser):
        wish(letter, company, by=people.fresh(company.wang))
    draft = outgoing.draft(thread=thread, text="草稿", by=people.fresh(company.wang), now=timezone.now())
    with pytest.raises(sending.CannotSend, match=r"经批准|released"):
        wish(draft, company)
    dispatch = wish(letter, company)
    with pytest.raises(outgoing.CannotSend, match=r"A mail|邮件"):
        send_to(letter, company, dispatch.recipients.get().contact)
    for act in (outgoing.mark_sent, outgoing.withdraw):
        extra = {"sent_at": timezone.now()} if act is outgoing.mark_sent else {"reason": "改用传真"}
        it = people.fresh(letter)
        with pytest.raises(outgoing.CannotSend):
            act(letter=it, by=people.fresh(company.lina), now=timezone.now(), expected=it.version, **extra)


def test_nobody_without_an_address_and_no_file_of_others(
    letter: models.Letter, thread: models.Thread, post: Post, company: cast.Company
) -> None:
    nobody = customers.CustomerContact.objects.get(email="")
    with pytest.raises(sending.CannotSend, match="无邮箱"):
        send_to(letter, company, nobody)
    hidden = records_actions.attach(
        subject=subjects.Ref("upper.other", 1, "内部", ""), content=b"cost", name="成本.xlsx", by=company.wang,
        now=timezone.now(),
    )  # fmt: skip
    with pytest.raises(sending.CannotSend):
        wish(letter, company, files=[hidden])
    assert not models.Dispatch.objects.exists()


def test_files_of_the_case_go_along_only_when_chosen(
    letter: models.Letter, post: Post, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    records_actions.attach(
        subject=ABOUT, content=b"x" * 2048, name="内部评审.xlsx", by=company.wang, now=timezone.now()
    )
    page = signed_in("lina").get(reverse("letters:letter_mail", args=[letter.pk]))
    assert page.status_code == 200
    own, more = queries.enclosable(letter, people.fresh(company.lina))
    assert (own, [each.name for each in more]) == ([], [])  # a room nobody may see: nothing is offered


def test_the_page_sends_and_the_notice_undoes(
    letter: models.Letter, post: Post, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")
    url = reverse("letters:letter_mail", args=[letter.pk])
    contact = customers.CustomerContact.objects.get(email="zhang@vw.example")
    sent = {"version": letter.version, "to": [contact.pk], "heading": "720 h"}
    page = client.post(url, sent, follow=True)
    assert page.status_code == 200
    assert models.Dispatch.objects.get().state == State.WAITING
    undo = re.search(r"[\w/-]*/undo/[^\"']+", page.content.decode())
    assert undo is not None
    assert client.post(undo[0]).status_code == 302
    assert run(models.Dispatch.objects.get()).state == State.CANCELLED
    assert post.taken == []
    assert people.fresh(letter).state == "released"
    assert client.post(reverse("letters:mail_cancel", args=[letter.pk])).status_code == 409


# Servers that are no good ---------------------------------------------------------------------------------------------


def test_each_recipient_has_their_own_fate(letter: models.Letter, post: Post, company: cast.Company) -> None:
    post.by_address = {"li@vw.example": ["550 5.1.1 no such user 查无此人"]}
    dispatch = run(wish(letter, company, cc="li@vw.example"))
    assert states(dispatch) == {"zhang@vw.example": "taken", "li@vw.example": "refused"}
    assert "no such user" in dispatch.recipients.get(address="li@vw.example").words
    assert dispatch.state == State.SENT
    assert people.fresh(letter).state == "sent"
    assert notify.Message.objects.filter(kind="letter_undelivered", person=company.lina).count() == 1


def test_refused_by_all_it_is_not_sent_and_can_be_sent_to_others(
    letter: models.Letter, post: Post, company: cast.Company
) -> None:
    post.by_address = {"zhang@vw.example": ["550 5.7.1 blocked"]}
    dispatch = run(wish(letter, company))
    assert dispatch.state == State.FAILED
    assert people.fresh(letter).state == "released"
    assert run(wish(letter, company, to="li@vw.example")).state == State.SENT


def test_greylisted_it_goes_to_the_rest_and_comes_again_for_one(
    letter: models.Letter, post: Post, company: cast.Company
) -> None:
    post.by_address = {"li@vw.example": ["451 4.7.1 greylisted"]}
    dispatch = run(wish(letter, company, cc="li@vw.example"))
    assert (dispatch.state, states(dispatch)["li@vw.example"]) == (State.WAITING, "waiting")
    assert dispatch.next_at > timezone.now()
    assert people.fresh(letter).state == "sent"
    dispatch = run(dispatch)
    assert (dispatch.state, set(states(dispatch).values())) == (State.SENT, {"taken"})
    assert len(post.taken) == 2
    assert len({mail["Message-ID"] for mail in post.taken}) == 1
    assert records.Attachment.objects.filter(kind="sent").count() == 1


def test_a_busy_server_is_tried_ever_more_seldom_and_at_last_given_up(
    letter: models.Letter, post: Post, company: cast.Company
) -> None:
    post.data_replies = ["452 4.3.1 busy"] * 20
    dispatch = wish(letter, company)
    pauses = []
    for _time in range(len(rules.RETRIES)):
        dispatch = run(dispatch)
        assert dispatch.state == State.WAITING
        pauses.append(dispatch.next_at - timezone.now())
    assert pauses == sorted(pauses)
    dispatch = run(dispatch)
    assert (dispatch.state, states(dispatch)) == (State.FAILED, {"zhang@vw.example": "refused"})
    assert "busy" in dispatch.recipients.get().words
    assert post.taken == []


def test_a_refused_text_is_refused_for_everybody(letter: models.Letter, post: Post, company: cast.Company) -> None:
    post.data_replies = ["554 5.7.1 spam"]
    dispatch = run(wish(letter, company, cc="li@vw.example"))
    assert (dispatch.state, set(states(dispatch).values())) == (State.FAILED, {"refused"})


def test_no_answer_after_the_text_is_perhaps_sent_and_never_again_by_itself(
    letter: models.Letter, post: Post, company: cast.Company
) -> None:
    post.die_after_data = 1
    dispatch = run(wish(letter, company))
    assert (dispatch.state, states(dispatch)) == (State.UNCERTAIN, {"zhang@vw.example": "handed"})
    for _time in range(3):
        assert run(dispatch).state == State.UNCERTAIN
    assert len(post.taken) == 1
    assert people.fresh(letter).state == "released"
    assert notify.Message.objects.filter(kind="letter_uncertain", person=company.lina).exists()


@pytest.mark.parametrize(("arrived", "mails"), [(True, 1), (False, 2)])
def test_a_person_decides_what_nobody_knows(
    arrived: bool, mails: int, letter: models.Letter, post: Post, company: cast.Company
) -> None:
    post.die_after_data = 1
    dispatch = run(wish(letter, company))
    with pytest.raises(refusals.Refusal):
        sending.decide(letter=letter, arrived=arrived, by=people.fresh(company.wang), now=timezone.now())
    sending.decide(letter=letter, arrived=arrived, by=people.fresh(company.lina), now=timezone.now())
    dispatch = run(dispatch)
    assert (dispatch.state, people.fresh(letter).state, len(post.taken)) == (State.SENT, "sent", mails)
    assert len({mail["Message-ID"] for mail in post.taken}) == 1


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_worker_that_is_killed_leaves_the_truth_behind(
    where: str, letter: models.Letter, post: Post, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    send_to = smtp.send_to

    def killed(server: Any, mine: str, to: Any, content: bytes, *, handing_over: Any, timeout: float) -> Any:
        if where == "before":
            raise Killed
        send_to(server, mine, to, content, handing_over=handing_over, timeout=timeout)
        raise Killed

    dispatch = wish(letter, company)
    with monkeypatch.context() as patch:
        patch.setattr(smtp, "send_to", killed)
        with pytest.raises(Killed):
            run(dispatch)
    assert people.fresh(dispatch).state == State.SENDING
    jobs.post()  # while the lease holds, nobody else touches it
    assert people.fresh(dispatch).state == State.SENDING
    models.Dispatch.objects.filter(pk=dispatch.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    jobs.look_for_letters()
    jobs.post()
    dispatch = people.fresh(dispatch)
    assert len(post.taken) == 1
    assert dispatch.state == (State.SENT if where == "before" else State.UNCERTAIN)


@contextlib.contextmanager
def talking(lines: list[bytes]) -> Iterator[int]:
    """A server that says these lines, one to each command, whatever it hears."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with contextlib.suppress(OSError):
            talk, _from = listening.accept()
            with talk, talk.makefile("rb") as heard:
                talk.sendall(lines[0])
                for said in lines[1:]:
                    line = heard.readline()
                    if line.upper().startswith(b"DATA"):
                        talk.sendall(b"354 go on\r\n")
                        while heard.readline().strip() != b".":
                            pass
                    talk.sendall(said)
                over.wait(3)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield int(listening.getsockname()[1])
    over.set()
    listening.close()
    thread.join(2)


OK = b"250 OK\r\n"


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([b"220 hello\r\n", OK, OK, OK, b"garbage, no code\r\n"], State.UNCERTAIN),
        ([b"220 hello\r\n", OK, OK, OK, b"199 what\r\n"], State.UNCERTAIN),
        ([b"220 hello\r\n", OK, OK, OK], State.UNCERTAIN),  # silence after the text
        ([b"220 hello\r\n", OK, OK, b"\xff\xfe\r\n"], State.WAITING),
        ([b"220 hello\r\n", OK], State.WAITING),  # silence before it
        ([b"554 go away\r\n"], State.WAITING),
        ([b"220 hello\r\n", OK, b"550 not from you\r\n"], State.FAILED),
    ],
)
def test_servers_that_lie_or_fall_silent(
    lines: list[bytes], state: str, letter: models.Letter, company: cast.Company
) -> None:
    with talking(lines) as port:
        sender(company, port)
        dispatch = wish(letter, company)
        models.Dispatch.objects.update(next_at=timezone.now())
        found = queries.next_dispatch(timezone.now())
        assert found is not None
        assert posting.claim(dispatch=found, by=actors.PROGRAM, now=timezone.now())
        jobs.deliver(found, timeout=0.5)
    assert people.fresh(dispatch).state == state
    assert people.fresh(letter).state == "released"


def test_a_server_that_is_down_shows_at_its_mailbox_and_at_the_letter(
    letter: models.Letter, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    it = sender(company, servers.free_port())
    dispatch = run(wish(letter, company))
    assert (dispatch.state, people.fresh(it).state) == (State.WAITING, "trouble")
    assert dispatch.error
    assert "refused" in signed_in("admin").get(reverse("letters:mailboxes")).content.decode()
    page = signed_in("lina").get(reverse("letters:thread", args=[letter.thread_id])).content.decode()
    assert "refused" in page
    client = signed_in("lina")
    assert client.post(reverse("letters:mail_now", args=[letter.pk])).status_code == 302
    assert client.post(reverse("letters:mail_cancel", args=[letter.pk])).status_code == 302
    assert people.fresh(dispatch).state == State.CANCELLED


def test_no_server_inside_unless_it_is_named(company: cast.Company) -> None:
    with override_settings(OUTGOING_ALLOW=[]):
        for host in ("127.0.0.1", "10.0.0.5", "169.254.169.254", "::1"):
            with pytest.raises(senders.CannotSet):
                sender(company, 25, host=host)
            models.Mailbox.objects.all().delete()


def test_a_name_that_leads_inside_is_not_connected_to(letter: models.Letter, post: Post, company: cast.Company) -> None:
    models.Sender.objects.update(host="localhost")
    with override_settings(OUTGOING_ALLOW=[]):
        dispatch = run(wish(letter, company))
    assert (dispatch.state, post.taken) == (State.WAITING, [])


# Copies ---------------------------------------------------------------------------------------------------------------


@needs_server
@pytest.mark.slow
def test_a_copy_lies_in_the_sent_folder_once(letter: models.Letter, post: Post, company: cast.Company) -> None:
    with tempfile.TemporaryDirectory(prefix="imap-") as root, imap_server.running(Path(root)) as server:
        models.Mailbox.objects.update(port=server.plain)
        models.Sender.objects.update(sent_folder="已发送")
        with server.talk() as talk:
            talk.create('"&XfJT0ZAB-"')
        dispatch = run(wish(letter, company))
        assert (dispatch.state, dispatch.copy) == (State.SENT, "kept")
        models.Dispatch.objects.update(copy="wanted", copy_tries=0)
        assert run(dispatch).copy == "kept"
        with server.talk() as talk:
            talk.select('"&XfJT0ZAB-"', readonly=True)
            found = talk.search(None, "HEADER", "Message-ID", f'"{dispatch.header_id}"')[1][0].split()
            assert len(found) == 1
            assert "Seen" in str(talk.fetch(found[0].decode(), "(FLAGS)")[1])
        models.Sender.objects.update(sent_folder="nowhere")
        models.Dispatch.objects.update(copy="wanted", copy_tries=0)
        dispatch = run(dispatch)
        assert dispatch.copy == "wanted"
        assert people.fresh(dispatch.sender).copy_error


# What comes back ------------------------------------------------------------------------------------------------------


def answer(dispatch: models.Dispatch, **lines: Any) -> models.Mail:
    mail = EmailMessage()
    usual = {
        "From": "张三 <zhang@vw.example>", "To": "csr@qinghe.example", "Subject": f"Re: {dispatch.heading}",
        "Date": "Fri, 27 Nov 2026 09:20:11 +0800", "Message-ID": "<answer@vw.example>",
    }  # fmt: skip
    body = lines.pop("body", "含划格。")
    for name, value in {**usual, **{name.replace("_", "-"): value for name, value in lines.items()}}.items():
        if value:
            mail[name] = value
    mail.set_content(body)
    return receiving.receive(mail.as_bytes(), by=actors.PROGRAM, now=timezone.now())[0]


# What programs and gateways make of our mail: (what they do, subject, In-Reply-To, References, quoted text).
# {s}: our subject, {t}: its token, {id}: our Message-ID.
MANGLED = [
    ("a plain answer", "Re: {s}", "{id}", "{id}", ""),
    ("Outlook, Chinese", "答复: {s}", "{id}", "{id}", ""),
    ("Outlook drops References", "答复: {s}", "{id}", "", ""),
    ("Outlook through Exchange drops both", "RE: {s}", "", "", ""),
    ("QQ mail", "回复：{s}", "{id}", "{id}", ""),
    ("QQ mail, answered twice", "回复：回复：{s}", "", "<x@qq.com> {id}", ""),
    ("163 mail", "Re:{s}", "{id}", "", ""),
    ("forwarded inside, then answered", "转发: 答复: {s}", "", "", ""),
    ("WeChat enterprise mail", "回复:{s}", "", "{id}", ""),
    ("German Outlook", "AW: {s}", "", "", ""),
    ("a gateway marks what comes from outside", "[外部邮件] RE: {s}", "", "", ""),
    ("a gateway rewrites our Message-ID", "Re: {s}", "<rewritten@gateway.example>", "<rewritten@gateway.example>", ""),
    ("token in full-width brackets", "回复：720 h 【{t}】", "", "", ""),
    ("token in full width altogether", "回复：{wide}", "", "", ""),
    ("token in capitals", "RE: {upper}", "", "", ""),
    ("token folded with a blank", "Re: 720 h [{head} {tail}]", "", "", ""),
    ("hyphens made long", "Re: 720 h {long}", "", "", ""),
    ("the subject is new, the number stays", "关于盐雾试验", "{id}", "", ""),
    ("the subject is cut off before the token", "Re: 720 h 是否…", "", "{id}", ""),
    ("the subject is empty", "", "", "<a@b.example> {id}", ""),
    ("the number lost its brackets", "盐雾", "{bare}", "", ""),
    ("References cut off, the id in In-Reply-To", "盐雾", "{id}", "<cut@", ""),
    ("all lines lost, the text quoted", "关于盐雾试验", "", "", "含划格。\n\n在 2026-11-26 写道：\n> 请确认\n> {t}\n"),
    ("all lines lost, quoted in a table of Foxmail", "盐雾", "", "", "含划格。\n\n发件人： 青禾\n主题： {s}\n\n请确认"),
    ("all lines rewritten, mark in the quoted subject", "盐雾", "<r@g.example>", "<q@g.example>", "好。\nSubject: {s}"),
]


@pytest.mark.parametrize(("what", "subject", "reply_to", "references", "body"), MANGLED, ids=[m[0] for m in MANGLED])
def test_mangled_answers_join_their_talk(
    what: str, subject: str, reply_to: str, references: str, body: str, letter: models.Letter, thread: models.Thread,
    post: Post, company: cast.Company,
) -> None:  # fmt: skip
    dispatch = run(wish(letter, company))
    token = queries.token_of(thread).strip("[]")
    head, _dash, tail = token.rpartition("-")
    words = {
        "s": dispatch.heading, "t": token, "id": f"<{dispatch.header_id}>", "bare": dispatch.header_id,
        "upper": f"[{token.upper()}]", "head": f"{head}-", "tail": tail, "long": token.replace("-", "–"),
        "wide": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in token),
    }  # fmt: skip
    said = {"Subject": subject, "In_Reply_To": reply_to, "References": references}
    mail = answer(
        dispatch,
        body=body.format(**words) or "含划格。",
        **{name: value.format(**words) for name, value in said.items()},
    )
    mail = people.fresh(mail)
    assert (mail.outcome, mail.letter and mail.letter.thread) == ("talk", thread), what


def test_a_token_in_a_strangers_mail_or_a_wrong_one_opens_no_talk(
    letter: models.Letter, thread: models.Thread, post: Post, company: cast.Company
) -> None:
    dispatch = run(wish(letter, company))
    assert answer(dispatch, From="Eve <eve@elsewhere.example>").outcome != "talk"
    forged = f"[YN-{thread.pk}-00000000]"
    assert answer(dispatch, Subject=f"Re: {forged}", Message_ID="<2@vw.example>").outcome != "talk"


REPORT = """From: Mail Delivery System <MAILER-DAEMON@mx.vw.example>
To: csr@qinghe.example
Subject: {subject}
Message-ID: <{number}@mx.vw.example>
Date: Fri, 27 Nov 2026 09:20:11 +0800
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Delivery failed.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.vw.example

Final-Recipient: rfc822; zhang@vw.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 mailbox
 is gone

--b
Content-Type: {type}

From: csr@qinghe.example
Subject: original
Message-ID: {about}

--b--
"""
QQ = """From: PostMaster <PostMaster@qq.com>
To: csr@qinghe.example
Subject: {subject}
Message-ID: <qq@qq.com>
Date: Fri, 27 Nov 2026 09:20:11 +0800
Content-Type: text/plain; charset=utf-8

退信：您发往 ZHANG@vw.example 的邮件无法送达，收件人邮箱不存在。
"""


@pytest.mark.parametrize("how", ["whole mail", "headers only", "words of QQ"])
def test_what_could_not_be_delivered_is_shown_at_the_letter(
    how: str, letter: models.Letter, post: Post, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    dispatch = run(wish(letter, company, cc="li@vw.example"))
    if how == "words of QQ":
        said = QQ.format(subject=f"系统退信: {dispatch.heading}")
    else:
        kind = "message/rfc822" if how == "whole mail" else "text/rfc822-headers"
        said = REPORT.format(subject="Undelivered", number=1, type=kind, about=f"<{dispatch.header_id}>")
    mail, _is_new = receiving.receive(said.encode(), by=actors.PROGRAM, now=timezone.now())
    assert states(dispatch) == {"zhang@vw.example": "bounced", "li@vw.example": "taken"}
    row = dispatch.recipients.get(address="zhang@vw.example")
    assert ("mailbox is gone" in row.words) if how != "words of QQ" else ("不存在" in row.words)
    mail = people.fresh(mail)
    assert (mail.outcome, mail.led_to_id, mail.customer) == ("kept", letter.pk, letter.thread.customer)
    assert notify.Message.objects.filter(kind="letter_undelivered", person=company.lina).count() == 1
    page = signed_in("lina").get(reverse("letters:thread", args=[letter.thread_id])).content.decode()
    assert row.words.split()[0] in page
