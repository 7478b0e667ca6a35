"""A letter as the bytes of one mail: plain words and the same as clean HTML, files, and the lines by which answers find
back. Knows no database and no Django."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime

LANGUAGES = {"zh": "zh-CN"}
NUMBER = re.compile(r"[!-;=?-~]{1,250}")


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Written:
    """All that the mail says."""

    sender: tuple[str, str]
    to: Sequence[tuple[str, str]]
    cc: Sequence[tuple[str, str]]
    heading: str
    text: str
    language: str
    header_id: str
    at: datetime
    token: str
    answers: str = ""
    references: Sequence[str] = ()
    files: Sequence[Enclosed] = ()


def mail_of(said: Written) -> bytes:
    """The mail; names, headings and file names in Chinese as the standards ask (RFC 2047, RFC 2231)."""
    return _numbers(said) + _mail(said).as_bytes()


def _numbers(said: Written) -> bytes:
    """The lines by which answers find back, each number whole on its line: long ones must be neither folded inside nor
    encoded, which the library does."""
    lines = [f"Message-ID: <{said.header_id}>"]
    if NUMBER.fullmatch(said.answers):
        lines.append(f"In-Reply-To: <{said.answers}>")
    known = [f"<{each}>" for each in said.references if NUMBER.fullmatch(each)]
    if known:
        lines.append("References: " + "\r\n ".join(known))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _mail(said: Written) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    mail["From"] = _address(*said.sender)
    mail["To"] = [_address(*each) for each in said.to]
    if said.cc:
        mail["Cc"] = [_address(*each) for each in said.cc]
    mail["Subject"] = said.heading
    mail["Date"] = format_datetime(said.at)
    mail["Content-Language"] = LANGUAGES.get(said.language, said.language)
    mark = f"\n\n{said.token}\n"
    mail.set_content(said.text.rstrip() + mark, cte="base64")
    mail.add_alternative(_html(said), subtype="html", cte="base64")
    for file in said.files:
        main, _slash, sub = file.media_type.partition("/")
        if main in ("multipart", "message", "") or not sub:
            main, sub = "application", "octet-stream"
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return mail


def _address(name: str, address: str) -> Address:
    plain = "".join(c if c.isprintable() else " " for c in name).strip()
    return Address(display_name=plain, addr_spec=address)


def _html(said: Written) -> str:
    """The same words in paragraphs; every character of the letter is escaped, nothing loads, nothing runs."""
    pieces = [piece for piece in re.split(r"\n\s*\n", said.text.strip().replace("\r\n", "\n")) if piece.strip()]
    words = "\n".join(f"<p>{html.escape(piece).replace(chr(10), '<br>' + chr(10))}</p>" for piece in pieces)
    language = html.escape(LANGUAGES.get(said.language, said.language))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(said.heading)}'
        f'</title></head>\n<body style="font-family:sans-serif;font-size:14px;line-height:1.6">\n{words}\n'
        f'<p style="color:#767676;font-size:12px">{html.escape(said.token)}</p>\n</body></html>\n'
    )
