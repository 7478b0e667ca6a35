"""Laws of reading: no bytes make it stumble, and what the standard library writes is read as it was meant."""

import random
import time
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.letters.reading import mails, outlook_files, sweep
from yinuo.letters.definition import Fault, Kind
from yinuo.letters.readers import mail, mapi

often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)
LINES = st.lists(HANZI, min_size=1, max_size=5).map("\n".join)
PIECES = [
    b"From: a@b.example\n", b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Type: message/rfc822\n", b"--x\n",
    b"--x--\n", b"\n", b"Content-Type: "
        b"application/ms-tnef\n", b"Content-Transfer-Encoding: base64\n", b"=?gb2312?B?xP?=",
    b"Subject: ", b"Date: Fri, 99 Foo 20260 99:99:99 +9999\n", b"Content-Type: text/html; "
        b"charset=utf-16\n", b"\x00\xff",
    b"Content-Disposition: attachment; filename*0*=x'%; filename*9999999999*=y\n", b"begin 644 x\n", b"<p>" * 20, b"\r",
    "发件人: 张三\n发送时间: 9999年99月99日\n主题: x\n".encode(), b"Content-Type: text/plain; charset=idna\n", b"> ",
    b"Content-Type: text/plain; charset=unicode_escape\n", b"\x78\x9f\x3e\x22", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"Subject: =?utf-7?Q?+AAA-?=\n", b"Content-Type: text/plain; format=flowed\n", b" \n",
]  # fmt: skip


@often
@given(st.binary(max_size=2000))
def test_no_bytes_ever_raise(content: bytes) -> None:
    mail.read(content)


@often
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=40))
def test_no_pieces_of_mails_ever_raise(pieces: list[bytes]) -> None:
    read = mail.read(b"".join(pieces))
    read.text.encode()
    read.subject.encode()
    for file in read.files:
        assert file.name
        assert not set(file.name) & set("/\\\n\0")


@pytest.mark.parametrize("seed", range(30))
def test_damaged_outlook_files_never_raise(seed: int) -> None:
    chance = random.Random(seed)
    winmail = outlook_files.tnef({mapi.BODY: (mapi.STRING8, b"words\0")}, [(b"a.txt", b"one")])
    for whole in (
        winmail,
        outlook_files.compound(dict([outlook_files.properties(32, {}), outlook_files.stream(55, "x")])),
    ):
        content = bytearray(whole)
        for _time in range(20):
            content[chance.randrange(8, len(content))] = chance.randrange(256)
        mail.read(bytes(content))
        mail.read(b"From: a@b.example\nContent-Type: application/ms-tnef\n\n" + bytes(content))


@often
@given(HANZI, HANZI, LINES, HANZI, st.binary(max_size=300), st.sampled_from(["utf-8", "gb18030", "gbk"]))
def test_what_the_standard_library_writes_is_read_as_it_was_meant(
    name: str, subject: str, text: str, file_name: str, content: bytes, charset: str
) -> None:
    it = EmailMessage(policy=policy.SMTP)
    it["From"], it["Subject"], it["To"] = f'"{name}" <zhang@vw.example>', subject, "csr@qinghe.example"
    it["Date"], it["Message-ID"] = "Fri, 20 Nov 2026 16:20:11 +0800", "<1@vw.example>"
    it.set_content(text, charset=charset)
    it.add_alternative(f"<p>{text}</p>", subtype="html", charset=charset)
    it.add_attachment(content, "application", "octet-stream", filename=f"{file_name}.pdf")
    it.add_attachment(mails.mail())
    read = mail.read(it.as_bytes())
    assert (read.sender.name, read.sender.address, read.subject) == (name, "zhang@vw.example", subject)
    assert read.text.strip() == text
    assert read.html.strip() == f"<p>{text}</p>"
    assert [(file.name, file.content) for file in read.files[:1]] == [(f"{file_name}.pdf", content)]
    assert read.nested[0].subject == "盐雾试验要求"
    assert read.remarks == ()


# Bounds ---------------------------------------------------------------------------------------------------------------


def faults(content: bytes, seconds: float) -> set[Fault]:
    began = time.monotonic()
    read = mail.read(content)
    assert time.monotonic() - began < seconds
    return {remark.fault for remark in read.remarks}


def test_endless_nesting_ends() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(500))
    assert Fault.TOO_DEEP in faults(b"From: a@b.example\n" + deep, 5)
    mails_in_mails = b"From: a@b.example\nContent-Type: message/rfc822\n\n" * 500
    assert Fault.TOO_DEEP in faults(mails_in_mails + b"x", 5) or mail.read(mails_in_mails).nested


def test_ten_thousand_parts_are_read_as_far_as_anybody_would() -> None:
    parts = b"--x\nContent-Disposition: attachment; filename=a.txt\n\none\n" * 10_000
    assert Fault.TOO_MANY_PARTS in faults(
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n" + parts, 5
    )


def test_fifty_megabytes_are_read_and_more_are_named() -> None:
    body = b"Content-Transfer-Encoding: base64\nContent-Type: application/pdf; name=a.pdf\n\n" + b"QUJD" * 18 + b"\n"
    whole = b"From: a@b.example\n" + body + (b"QUJD" * 18 + b"\n") * (45 * 1024 * 1024 // 73)
    assert faults(whole, 20) == {Fault.NO_DATE}
    assert Fault.TOO_LARGE in faults(whole + b"A" * (6 * 1024 * 1024), 20)


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: " + b"=?utf-8?q?" * 100_000,
        b"From: " + b"<" * 200_000,
        b"From: " + b"a@b.example," * 50_000,
        b"Content-Type: text/plain;" + b' a="\\' * 50_000,
        b"Subject: FW: x\n\n" + b"From: " * 200_000,
        b"Subject: FW: x\n\n" + "发件人: 张三 <a@b.cn>\n时间: 2026-11-20\n主题: x\n".encode() * 8000,
        b"Subject: FW: x\n\n" + b"-" * 400_000,
        b"Subject: FW: x\n\n" + b"on 1 " * 80_000,
        b"Subject: FW: x\n\n" + b"\n" * 400_000 + b"x",
        b"Subject: FW: x\n\n" + b"> > > " * 80_000,
        b"Subject: FW: x\n\n" + b"begin forwarded message\n" * 20_000,
        b"Content-Type: text/html\n\n" + b"<img " * 200_000,
        b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
        b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 60_000,
        b"Content-Type: text/html\n\n" + b"<" * 900_000,
        b"X: y\n z\n" * 100_000,
        b"Content-Type: multipart/mixed; boundary=x\n\n" + b"\n--" * 300_000,
    ],
    ids=range(17),
)
def test_no_mail_takes_long(content: bytes) -> None:
    faults(content, 6)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.NOT_A_MAIL),
        (b"just words, no lines on top", Fault.NOT_A_MAIL),
        (b"From x@y Fri Nov 20 2026\nFrom: a@b.example\n\nwords", Fault.NO_DATE),
        (b"From: a@b.example\nContent-Type: multipart/mixed\n\nno boundary", Fault.BROKEN_PARTS),
        (b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nopen end", Fault.UNCLOSED_PARTS),
        (b"From: a@b.example\nContent-Type: message/external-body; name=a.doc\n\n", Fault.ELSEWHERE),
        (
            b"From: a@b.example\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nQUJDR",
            Fault.CODING_BROKEN,
        ),
    ],
)
def test_malformed_mails_end_in_a_sentence(content: bytes, fault: Fault) -> None:
    assert fault in {remark.fault for remark in mail.read(content).remarks}


def test_words_survive_what_is_broken_around_them() -> None:
    assert mail.read(b"From x@y Fri Nov 20 2026\nFrom: a@b.example\n\nwords").text == "words"
    assert mail.read(b"\xef\xbb\xbf\r\n\r\nFrom: a@b.example\r\n\r\nw\x00ords").text == "words"
    assert mail.read(b"From: a@b.example\rSubject: x\r\rwords\r").subject == "x"
    assert mail.read("From: a@b.example\nSubject: 盐\n\n雾".encode("utf-16")).text == "雾"
    guessed = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=lost\n\n--found\nContent-Type: "
        b"text/plain\n"
        b"\n"
        b"words\n"
        b"--found--"
    )
    assert mail.read(guessed).text == "words"


def test_every_message_of_pythons_own_tests_comes_in() -> None:
    if sweep.PYTHONS_OWN is None:
        pytest.skip("Python's own test set is not installed here (Debian: libpython3.11-testsuite)")
    files = sorted(sweep.PYTHONS_OWN.glob("*.txt"))
    outcomes, empty = sweep.sweep(files)
    assert outcomes["read"] == len(files) > 40
    assert empty == []
    assert outcomes[f"kind {Kind.BOUNCE}"] >= 3
