"""Outlook's own ways: winmail.dat and .msg."""

import struct
from email.message import EmailMessage

import pytest

from tests.letters.reading import outlook_files as made
from yinuo.letters.definition import Fault, Kind
from yinuo.letters.readers import mail, mapi, rtf

WORDS = "请将盐雾试验提高到 720 h。"


def wrapped(content: bytes, text: str = "") -> bytes:
    it = EmailMessage()
    it["From"] = "zhang@vw.example"
    it.set_content(text)
    it.add_attachment(content, "application", "ms-tnef", filename="winmail.dat")
    return it.as_bytes()


def test_winmail_gives_its_words_and_files() -> None:
    html = f"<p>{WORDS}</p>".encode("gb18030")
    content = made.tnef(
        {mapi.BODY: (mapi.STRING8, WORDS.encode("gb18030") + b"\0"), mapi.HTML: (mapi.BINARY, html)},
        [("图纸A.pdf".encode("gb18030"), b"%PDF-1"), (b"b.txt", b"two")],
    )
    read = mail.read(wrapped(content))
    assert read.text == WORDS
    assert read.html == f"<p>{WORDS}</p>"
    assert [(file.name, file.content) for file in read.files] == [("图纸A.pdf", b"%PDF-1"), ("b.txt", b"two")]


def test_damaged_winmail_is_kept_as_a_file_with_what_could_be_read() -> None:
    content = made.tnef({mapi.BODY: (mapi.STRING8, b"words\0")}, [(b"a.txt", b"one"), (b"b.txt", b"x" * 100)])
    read = mail.read(wrapped(content[:-60]))
    assert [remark.fault for remark in read.remarks if remark.about] == [Fault.TNEF_DAMAGED]
    assert [file.name for file in read.files] == ["winmail.dat", "a.txt"]
    assert read.text == "words"


def message(**more: "bytes | made.Tree") -> made.Tree:
    return {
        **dict(
            [
                made.properties(32, {mapi.SENT_AT: (mapi.TIME, 134081868110000000), mapi.CODE_PAGE: (3, 936)}),
                made.stream(mapi.CLASS, "IPM.Note"),
                made.stream(mapi.SUBJECT, "盐雾试验要求"),
                made.stream(mapi.BODY, WORDS),
                made.stream(mapi.AUTHOR_NAME, "张三"),
                made.stream(mapi.AUTHOR_ADDRESS, "/O=VW/CN=ZHANG"),
                made.stream(mapi.AUTHOR_SMTP, "zhang@vw.example"),
                made.stream(mapi.MESSAGE_ID, "<7@vw.example>"),
            ]
        ),
        "__recip_version1.0_#00000000": dict(
            [
                made.properties(8, {mapi.RECIPIENT_KIND: (3, 1)}),
                made.stream(mapi.NAME, "李娜"),
                made.stream(mapi.SMTP, "lina@qinghe.example"),
            ]
        ),
        "__attach_version1.0_#00000000": dict(
            [
                made.properties(8, {mapi.METHOD: (3, 1)}),
                made.stream(mapi.LONG_NAME, "图纸.pdf"),
                made.stream(mapi.DATA, b"%PDF" + b"x" * 5000),
            ]
        ),
        **more,
    }


def test_a_msg_file() -> None:
    read = mail.read(made.compound(message()))
    assert read.kind is Kind.REQUEST
    assert str(read.sender) == "张三 <zhang@vw.example>"
    assert [str(each) for each in read.to] == ["李娜 <lina@qinghe.example>"]
    assert (read.subject, read.text, read.message_id) == ("盐雾试验要求", WORDS, "7@vw.example")
    assert read.said_at is not None
    assert read.said_at.year == 2025
    (file,) = read.files
    assert file.name == "图纸.pdf"
    assert file.content.startswith(b"%PDFxxx")
    assert read.remarks == ()


def test_a_msg_file_with_another_inside_is_passed_on() -> None:
    inner = {
        **message(),
        "__properties_version1.0": made.properties(24, {mapi.SENT_AT: (mapi.TIME, 134081868110000000)})[1],
    }
    outer = {
        **message(),
        **dict([made.stream(mapi.AUTHOR_SMTP, "lina@qinghe.example"), made.stream(mapi.SUBJECT, "转发: 盐雾")]),
        "__attach_version1.0_#00000001": dict([made.properties(8, {mapi.METHOD: (3, 5)})])
        | {"__substg1.0_3701000D": inner},
    }
    read = mail.read(made.compound(outer))
    assert [each.sender.address for each in read.originals] == ["zhang@vw.example"]
    assert [file.name for file in read.files] == ["图纸.pdf", "盐雾试验要求.txt"]


def test_a_report_of_outlook() -> None:
    it = {**message(), **dict([made.stream(mapi.CLASS, "REPORT.IPM.Note.NDR")])}
    assert mail.read(made.compound(it)).kind is Kind.BOUNCE


@pytest.mark.parametrize("keep", [8, 400, 600, 2000, 9000])
def test_a_damaged_msg_file_ends_in_a_sentence(keep: int) -> None:
    read = mail.read(made.compound(message())[:keep])
    assert read.remarks or read.text


def test_html_wrapped_in_rtf() -> None:
    wrapped_html = (
        rb"{\rtf1\ansi\ansicpg936\fromhtml1 \deff0{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 "
        rb"\u35831?\'c7\'eb\htmlrtf }\htmlrtf0{\*\htmltag72 </p>}}"
    )
    assert rtf.words(wrapped_html) == ("<p>请请</p>", True)
    raw = struct.pack("<III", len(wrapped_html) + 12, len(wrapped_html), 0x414C454D) + bytes(4) + wrapped_html
    assert mapi.bodies({mapi.RTF: raw})[1] == "<p>请请</p>"


def test_the_example_of_the_published_format() -> None:
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.uncompressed(packed).startswith(rb"{\rtf1\ansi\ansicpg1252\pard hello world}")
