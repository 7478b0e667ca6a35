"""What a mail is: somebody asks, or a machine speaks."""

import pytest

from tests.letters.reading import mails
from yinuo.letters.definition import Circle, Fault, Kind
from yinuo.letters.readers import mail

OURS = Circle(own_addresses=frozenset({"csr@qinghe.example"}), portal_domains=frozenset({"portal.vw.example"}))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ({}, Kind.REQUEST),
        ({"Subject": "Re: 盐雾"}, Kind.REPLY),
        ({"Subject": "答复：盐雾"}, Kind.REPLY),
        ({"In_Reply_To": "<9@qinghe.example>"}, Kind.REPLY),
        ({"Subject": "转发: 盐雾", "In_Reply_To": "<9@x.example>"}, Kind.REQUEST),
        ({"From": "noreply@srm.example"}, Kind.NOTICE),
        ({"Auto_Submitted": "auto-generated"}, Kind.NOTICE),
        ({"Auto_Submitted": "no"}, Kind.REQUEST),
        ({"Auto_Submitted": "auto-replied", "From": "x@portal.vw.example"}, Kind.NOTICE),
        ({"Auto_Submitted": "auto-replied"}, Kind.AUTO_REPLY),
        ({"Subject": "自动回复: 盐雾"}, Kind.AUTO_REPLY),
        ({"Subject": "Automatic reply: salt"}, Kind.AUTO_REPLY),
        ({"X_Autoreply": "yes"}, Kind.AUTO_REPLY),
        ({"From": "MAILER-DAEMON@mx.example", "Subject": "Undelivered Mail Returned to Sender"}, Kind.BOUNCE),
        ({"From": "PostMaster@qq.example", "Subject": "系统退信"}, Kind.BOUNCE),
        ({"X_Failed_Recipients": "a@b.example"}, Kind.BOUNCE),
        ({"From": "CSR <csr@qinghe.example>"}, Kind.LOOP),
        ({"X_Loop": "csr@qinghe.example"}, Kind.LOOP),
    ],
)
def test_by_its_lines(lines: dict[str, str], kind: Kind) -> None:
    assert mail.read(mails.mail(**lines).as_bytes(), OURS).kind is kind


def test_a_mail_that_went_round_is_a_loop() -> None:
    hops = "".join(f"Received: from a by mx{n}.example; Fri, 20 Nov 2026 16:20:11 +0800\n" for n in range(40))
    assert mail.read(hops.encode() + mails.mail().as_bytes()).kind is Kind.LOOP


def report(action: str) -> bytes:
    return mails.raw(
        "From: mailer-daemon@mx.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=r",
        f"--r\n\nSorry.\n--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        f"Final-Recipient: rfc822; a@b.example\nAction: {action}\n--r--\n",
    )


@pytest.mark.parametrize(
    ("action", "kind"),
    [("failed", Kind.BOUNCE), ("delayed", Kind.DELIVERY_REPORT), ("delivered", Kind.DELIVERY_REPORT)],
)
def test_reports_say_what_happened(action: str, kind: Kind) -> None:
    assert mail.read(report(action)).kind is kind


def test_a_read_receipt() -> None:
    it = mails.raw(
        "From: zhang@vw.example\nSubject: 已读: 回复\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=r",
        "--r\n\n已读\n--r\nContent-Type: message/disposition-notification\n\nDisposition: manual-action; "
        "displayed\n--r--\n",
    )
    assert mail.read(it).kind is Kind.READ_RECEIPT


def test_an_invitation_keeps_its_calendar_as_a_file() -> None:
    it = mails.mail()
    it.add_alternative(b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n", "text", "calendar")
    read = mail.read(it.as_bytes())
    assert read.kind is Kind.INVITATION
    assert [file.name for file in read.files] == ["1.ics"]
    assert read.text.startswith("请将盐雾")


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        ("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIIB"),
        (
            'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=e',
            "--e\n\nVersion: 1\n--e--",
        ),
        ("Content-Type: text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----"),
    ],
)
def test_encrypted_mails_are_named_as_such(lines: str, body: str) -> None:
    read = mail.read(mails.raw(f"From: zhang@vw.example\nSubject: x\n{lines}", body))
    assert read.kind is Kind.ENCRYPTED
    assert Fault.ENCRYPTED in [remark.fault for remark in read.remarks]


def test_signed_mails_are_read_and_named() -> None:
    body = (
        "--s\nContent-Type: text/plain; charset=utf-8\n\n请确认\n--s\nContent-Type: "
        "application/pkcs7-signature; name=smime.p7s\n"
        "\n"
        "MII\n"
        "--s--"
    )
    read = mail.read(mails.raw("From: a@b.example\nContent-Type: multipart/signed; boundary=s", body))
    assert read.text == "请确认"
    assert Fault.SIGNED in [remark.fault for remark in read.remarks]


def test_html_runs_nothing_and_loads_nothing() -> None:
    it = mails.mail()
    it.add_alternative(
        "<html><head><style>p{}</style><script>alert(1)</script></head><body onload=x()><p>请<b>确认</b></p>"
        '<img src="http://tracker.example/1.gif" alt="标志"><img src="cid:a@b"><a href="javascript:x()">a</a>'
        '<a href="https://vw.example/spec">规范</a><iframe src="//x"></iframe><form action=/x><input></form></body>',
        subtype="html",
    )
    read = mail.read(it.as_bytes())
    assert Fault.REMOTE_IMAGES in [remark.fault for remark in read.remarks]
    for word in ("script", "alert", "onload", "tracker", "cid:", "javascript", "iframe", "form", "style"):
        assert word not in read.html
    assert "<b>确认</b>" in read.html
    assert 'href="https://vw.example/spec"' in read.html


def test_pictures_inside_the_text_stay_as_files() -> None:
    it = mails.mail()
    it.add_alternative('<p>见图 <img src="cid:pic1" alt="图1"></p>', subtype="html")
    it.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<pic1>")
    (file,) = mail.read(it.as_bytes()).files
    assert (file.name, file.content_id, file.content) == ("1.png", "pic1", b"\x89PNG")


def test_when_which_server_took_it() -> None:
    lines = (
        "Received: from a by mail.qinghe.example with LMTP; Fri, 20 Nov 2026 16:20:31 +0800\n"
        "Received: from b by mx.qinghe.example (Postfix)\n\twith ESMTPS id 1; Fri, 20 Nov 2026 16:20:21 +0800\n"
        "Received: from c by out.vw.example; Fri, 20 Nov 2026 09:20:11 +0100\n"
    )
    read = mail.read(lines.encode() + mails.mail().as_bytes())
    assert [by for by, _at in read.received] == ["mail.qinghe.example", "mx.qinghe.example", "out.vw.example"]
