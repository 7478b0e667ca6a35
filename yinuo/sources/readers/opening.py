"""What a file is by its bytes, whatever its name says, and which reader reads it."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

from yinuo.kit.sheets import guarding
from yinuo.sources.definition import Fault, Reading, Remark, Unreadable
from yinuo.sources.readers import html, markdown, old_word, pdf, text, word, workbook

MOST_BYTES = 100 * 2**20
HEAD = 4096
OLE = guarding.OLE
SEALS = (  # further tools, whose files begin with these bytes
    (b"\x62\x14\x23\x65", "亿赛通"),
    (b"DRMONE", "Fasoo"),
    (b"SCDSA", "SoftCamp"),
    (b".pfile", "Microsoft Information Protection"),
)
SEALED = 64  # bytes in which a seal stands
RIGHTS = ("DRMEncryptedDataSpace", "DRMEncryptedTransform")  # parts of an office file under rights management
WEB = (b"<!doctype html", b"<html", b"<head", b"<body")
ENDINGS = {
    "docx": ("docx", "docm", "dotx", "dotm"),
    "xlsx": ("xlsx", "xlsm", "xlsb", "ods", "xls", "csv"),
    "doc": ("doc", "dot", "wps", "rtf", "odt"),
    "pdf": ("pdf",),
    "html": ("html", "htm", "mht", "xhtml"),
    "markdown": ("md", "markdown"),
    "text": ("txt", "text", "log", ""),
}
READERS: dict[str, Callable[[bytes], Reading]] = {
    "docx": word.read,
    "doc": lambda content: word.read(old_word.converted(content)),
    "pdf": pdf.read,
    "html": html.read,
    "markdown": markdown.read,
    "text": text.read,
}


def read(content: bytes, name: str) -> Reading:
    """The blocks of a file; `Unreadable` says why there are none. A name that says something else is only remarked."""
    kind = kind_of(content, name)
    reading = workbook.read(content, name) if kind == "xlsx" else READERS[kind](content)
    ending = ending_of(name)
    is_other = any(ending in endings for other, endings in ENDINGS.items() if other != kind)
    if ending and is_other and not (kind in ("text", "markdown") and ending in ("txt", "md", "markdown")):
        reading = replace(reading, remarks=(*reading.remarks, Remark(Fault.WRONG_EXTENSION, f".{ending} → {kind}")))
    return reading


def kind_of(content: bytes, name: str) -> str:
    """A key of `ENDINGS`, by the bytes of the file; `Unreadable` for what no reader here reads."""
    if not content.strip(b"\0 \r\n\t"):
        raise Unreadable(Fault.EMPTY)
    if len(content) > MOST_BYTES:
        raise Unreadable(Fault.TOO_LARGE, f"{len(content) // 2**20} MB")
    for mark, tool in (*guarding.ENTERPRISE, *SEALS):
        if mark in content[: SEALED if (mark, tool) in SEALS else HEAD]:
            raise Unreadable(Fault.ENTERPRISE_ENCRYPTED, tool)
    if content.startswith(b"PK"):
        return _packed_kind(content)
    if content.startswith(OLE):
        return _old_kind(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"{\\rtf"):
        return "doc"
    return _text_kind(content, name)


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _packed_kind(content: bytes) -> str:
    try:
        parts = zipfile.ZipFile(BytesIO(content))
        names = set(parts.namelist())
        kind = parts.open("mimetype").read(80) if "mimetype" in names else b""  # never all of it: it may be a bomb
    except RuntimeError:
        raise Unreadable(Fault.ENCRYPTED) from None
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, zlib.error):
        raise Unreadable(Fault.TRUNCATED) from None
    if any(name.startswith("word/") for name in names):
        return "docx"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "xlsx" if b"spreadsheet" in kind else "doc"
    raise Unreadable(Fault.UNKNOWN_FORMAT, ", ".join(sorted(names)[:3]))


def _old_kind(content: bytes) -> str:
    if any(name.encode("utf-16-le") in content for name in RIGHTS):
        raise Unreadable(Fault.ENTERPRISE_ENCRYPTED, "Microsoft IRM")
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unreadable(Fault.ENCRYPTED)
    if "WordDocument".encode("utf-16-le") in content:
        return "doc"
    if any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        return "xlsx"
    raise Unreadable(Fault.UNKNOWN_FORMAT)


def _text_kind(content: bytes, name: str) -> str:
    """Text, unless it is plainly none: then a file that claims to be of an office program was sealed by some tool."""
    head, ending = content[:HEAD], ending_of(name)
    has_mark = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not has_mark and (b"\0" in head or sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) * 0.02):
        is_office = any(ending in ENDINGS[kind] for kind in ("docx", "xlsx", "doc", "pdf"))
        raise Unreadable(Fault.ENTERPRISE_ENCRYPTED if is_office else Fault.UNKNOWN_FORMAT)
    if any(mark in head[:1024].lower() for mark in WEB) or ending in ENDINGS["html"]:
        return "html"
    if ending == "csv":
        return "xlsx"
    return "markdown" if ending in ENDINGS["markdown"] else "text"
