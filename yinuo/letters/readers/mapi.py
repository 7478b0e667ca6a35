"""Properties as Outlook keeps them, in winmail.dat and in .msg files: one message with its people and files."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from yinuo.letters.definition import File
from yinuo.letters.readers import charsets, headers, rtf
from yinuo.letters.readers import html as html_reader

SUBJECT, CLASS, SENT_AT, HEADERS, DELIVERED_AT = 0x0037, 0x001A, 0x0039, 0x007D, 0x0E06
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
AUTHOR_NAME, AUTHOR_ADDRESS, AUTHOR_SMTP = 0x0042, 0x0065, 0x5D02
BODY, RTF, HTML, CODE_PAGE, MESSAGE_PAGE = 0x1000, 0x1009, 0x1013, 0x3FDE, 0x3FFD
MESSAGE_ID, IN_REPLY_TO, REFERENCES = 0x1035, 0x1042, 0x1039
NAME, ADDRESS, SMTP, RECIPIENT_KIND = 0x3001, 0x3003, 0x39FE, 0x0C15
DATA, FILE_NAME, LONG_NAME, MIME, CONTENT_ID, METHOD = 0x3701, 0x3704, 0x3707, 0x370E, 0x3712, 0x3705
INTEGER, BOOLEAN, OBJECT, STRING8, UNICODE, TIME, BINARY = 0x0003, 0x000B, 0x000D, 0x001E, 0x001F, 0x0040, 0x0102
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

Properties = dict[int, Any]


@dataclass
class Message:
    """One message of Outlook: its properties, recipients' and files' properties, and messages attached to it."""

    properties: Properties = field(default_factory=dict)
    recipients: list[Properties] = field(default_factory=list)
    files: list[Properties] = field(default_factory=list)
    nested: list["Message"] = field(default_factory=list)


def code_page(properties: Properties) -> str:
    """The character set of eight-bit strings."""
    number = properties.get(MESSAGE_PAGE) or properties.get(CODE_PAGE)
    if not isinstance(number, int) or number in (0, 1200, 20127):
        return ""
    return rtf.CODE_PAGES.get(str(number), f"cp{number}")


def moment(ticks: int) -> datetime | None:
    """Outlook's count of 100 nanoseconds since 1601."""
    try:
        found = EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None
    return found if 1970 <= found.year < 2200 else None


def text_of(properties: Properties, key: int) -> str:
    """A string property, whichever way it was kept."""
    value = properties.get(key)
    if isinstance(value, bytes):
        value = charsets.decode(value.rstrip(b"\x00"), code_page(properties))[0]
    return value.rstrip("\x00") if isinstance(value, str) else ""


def bodies(properties: Properties) -> tuple[str, str]:
    """Plain words and HTML; the HTML may lie in its own property or wrapped in RTF."""
    text = text_of(properties, BODY).replace("\r\n", "\n").replace("\r", "\n")
    html = properties.get(HTML)
    if isinstance(html, bytes):
        page = properties.get(CODE_PAGE)
        declared = rtf.CODE_PAGES.get(str(page), f"cp{page}") if isinstance(page, int) else ""
        html = charsets.decode(html, html_reader.charset(html) or declared)[0]
    if not isinstance(html, str):
        html = ""
    packed = properties.get(RTF)
    if not html and isinstance(packed, bytes):
        said, is_html = rtf.words(rtf.uncompressed(packed))
        html, text = (said, text) if is_html else ("", text or said.strip())
    return text, html


def file_of(properties: Properties, number: int) -> File | None:
    """An attached file; None for what is no bytes (a message, an object)."""
    content = properties.get(DATA)
    if not isinstance(content, bytes):
        return None
    name = text_of(properties, LONG_NAME) or text_of(properties, FILE_NAME) or text_of(properties, NAME)
    return File(
        name=headers.file_name(name) or f"{number}.bin",
        media_type=text_of(properties, MIME).lower()[:100] or "application/octet-stream",
        content=content,
        content_id=headers.line(text_of(properties, CONTENT_ID)).strip("<>")[:200],
    )
