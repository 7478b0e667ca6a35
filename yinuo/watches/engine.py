"""What a page says, from the bytes that came: the text of a web page, the print of any other file."""

import hashlib
import re

from yinuo.letters.readers import charsets
from yinuo.sources.definition import Unreadable
from yinuo.sources.readers import html
from yinuo.watches import rules
from yinuo.watches.definition import Part, Seen, Trouble, Unread

WEB = (b"<!doctype html", b"<html", b"<head", b"<body")
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset", re.IGNORECASE)
MOST_TEXT = 400_000  # characters of a page that are kept and compared
UTF8 = b"\xef\xbb\xbf"


def read(body: bytes, media: str, part: Part) -> Seen:
    """What counts of it. Raises `Unread` when there is nothing to compare."""
    if not body:
        raise Unread(Trouble.NO_TEXT)
    kind = media.partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml") or any(mark in body[:1024].lower() for mark in WEB):
        text = _page(body, media, part.selector)
    elif kind.startswith("text/") or kind in ("application/json", "application/xml"):
        text, _remark = charsets.decode(body, _charset(media))
    else:
        return Seen(hashlib.sha256(body).hexdigest(), len(body), is_file=True)
    said = rules.part_of(rules.tidy(text), part.begins, part.ends)
    if said is None:
        raise Unread(Trouble.PART_GONE)
    if not said.strip():
        raise Unread(Trouble.NO_TEXT)
    said = said[:MOST_TEXT].replace("\x00", "")
    counted = rules.compared(said, ignores_numbers=part.ignores_numbers)
    return Seen(hashlib.sha256(counted.encode("utf-8", "replace")).hexdigest(), len(body), text=said)


def _page(body: bytes, media: str, selector: str) -> str:
    """The text of a web page, or of what a selector means in it. A character set that only the server names is heeded
    where the page names none."""
    charset = _charset(media)
    if charset and not DECLARED.search(body[:4096]) and not body.startswith(UTF8):
        body = UTF8 + charsets.decode(body, charset)[0].encode("utf-8", "replace")
    try:
        path = rules.xpath_of(selector) if selector else None
        reading = html.read(body, only=path or "")
    except html.NothingChosen:
        raise Unread(Trouble.SELECTOR_GONE, selector) from None
    except Unreadable:
        raise Unread(Trouble.NO_TEXT) from None
    return "\n".join(f"{block.number} {block.text}" for block in reading.blocks)


def _charset(media: str) -> str:
    found = CHARSET.search(media)
    return found[1] if found else ""
