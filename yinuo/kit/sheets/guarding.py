"""What a file is by its bytes, and whether it is safe to open: before any library sees it."""

import io
import zipfile
from collections.abc import Sequence

from yinuo.kit.sheets.definition import Unreadable

MOST_BYTES = 50 * 2**20  # of the file
MOST_UNPACKED = 500 * 2**20  # a hundred thousand rows of texts unpack to a fifth of it
MOST_ENTRIES = 2_000
MOST_RATIO = 150  # unpacked to packed; sheets of repeated numbers reach some 40
SMALL = 10 * 2**20  # below that the ratio harms nobody

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Tools by which companies encrypt what lies on their disks; their files open only on machines that have the tool.
ENTERPRISE = ((b"%TSD-Header-###%", "天锐绿盾"), (b"E-SafeNet", "亿赛通"), (b"IP-guard", "IP-guard"))
NOT_SHEETS = (
    (b"%PDF", "pdf"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"),
    (b"Rar!", "archive"), (b"7z\xbc\xaf", "archive"), (b"{\\rtf", "rtf"),
)  # fmt: skip


def kind_of(content: bytes, name: str) -> str:
    """xlsx, xlsm, xlsb, ods, xls or csv; `Unreadable` for everything else, with the reason."""
    if not content:
        raise Unreadable("empty")
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", limit=MOST_BYTES // 2**20)
    for mark, tool in ENTERPRISE:
        if mark in content[:512]:
            raise Unreadable("enterprise", tool=tool)
    if content.startswith(b"PK\x03\x04"):
        return _packed_kind(content)
    if content.startswith(OLE):
        return _old_kind(content)
    for mark, kind in NOT_SHEETS:
        if content.startswith(mark):
            raise Unreadable("not_a_sheet", kind=kind)
    return _text_kind(content, name)


def _packed_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as pack:
            entries = pack.infolist()
            names = {entry.filename for entry in entries}
            types = pack.read("mimetype")[:80] if "mimetype" in names and _is_small(entries, "mimetype") else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        raise Unreadable("damaged") from None
    _check_size(entries, len(content))
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("password")
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "xl/workbook.xml" in names or any(name.endswith("/workbook.xml") for name in names):
        return "xlsm" if "xl/vbaProject.bin" in names else "xlsx"
    if b"opendocument.spreadsheet" in types:
        return "ods"
    raise Unreadable("not_a_sheet", kind="word" if "word/document.xml" in names else "archive")


def _is_small(entries: Sequence[zipfile.ZipInfo], name: str) -> bool:
    return all(entry.file_size < 1000 for entry in entries if entry.filename == name)


def _check_size(entries: Sequence[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    bomb = unpacked > SMALL and unpacked > MOST_RATIO * packed
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or bomb:
        raise Unreadable("bomb", unpacked=unpacked // 2**20)


def _old_kind(content: bytes) -> str:
    """An old compound file: a workbook, one sealed with a password, or another program's document."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable("password")
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xls"
    raise Unreadable("not_a_sheet", kind="word" if "WordDocument".encode("utf-16-le") in content else "old")


def _text_kind(content: bytes, name: str) -> str:
    begins = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if begins.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise Unreadable("html")
    if begins.startswith(b"<?xml"):
        raise Unreadable("xml2003" if b"schemas-microsoft-com:office:spreadsheet" in begins else "not_a_sheet")
    if _looks_like_text(content):
        return "csv"
    claims_workbook = name.lower().endswith((".xlsx", ".xls", ".xlsm", ".xlsb", ".et"))
    raise Unreadable("encrypted" if claims_workbook else "not_a_sheet")


def _looks_like_text(content: bytes) -> bool:
    sample = content[:4000]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) or content.startswith(b"\xef\xbb\xbf"):
        return True
    zeros = sample.count(0)
    if zeros:  # UTF-16 without its mark: every other byte of Latin letters and separators is a zero
        most = max(sample[::2].count(0), sample[1::2].count(0))
        return most > zeros * 0.9 and most > len(sample) // 20
    return sum(byte < 32 and byte not in b"\t\r\n\x0c\x1b" for byte in sample) == 0
