"""Bytes on disk, named by their SHA-256. Knows no database and no Django.

A file is written under a passing name, forced to disk and only then renamed, so a killed process leaves no half file
under a content name.
"""

import codecs
import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import filetype

from yinuo.records import rules

Known = Callable[[Sequence[str]], set[str]]

CHUNK = 1024 * 1024
HEAD = 8192
INCOMING = "incoming"


class TooLarge(Exception):
    """More bytes came than allowed."""


@dataclass(frozen=True)
class Stored:
    """What was stored: content name, size in bytes, media type by content."""

    sha256: str
    size: int
    media_type: str


def path_of(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256[2:4] / sha256


def store(root: Path, chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Write the chunks under their content name; raises `TooLarge` beyond `limit` bytes and leaves nothing then."""
    incoming = root / INCOMING
    incoming.mkdir(parents=True, exist_ok=True)
    passing = incoming / secrets.token_hex(16)
    sha, size, head = hashlib.sha256(), 0, b""
    try:
        with passing.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge
                if len(head) < HEAD:
                    head += chunk[: HEAD - len(head)]
                sha.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        final = path_of(root, sha.hexdigest())
        final.parent.mkdir(parents=True, exist_ok=True)
        passing.replace(final)
        _force_to_disk(final.parent)
    finally:
        passing.unlink(missing_ok=True)
    return Stored(sha.hexdigest(), size, media_type_of(head))


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a stored file as it is now; None when it is gone."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _force_to_disk(folder: Path) -> None:
    """The new name itself survives a power cut (not on Windows, which has no such call)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def media_type_of(head: bytes) -> str:
    """What a file is by its first bytes, whatever its name claims; plain text when nothing else and readable."""
    if not head:
        return rules.UNKNOWN_TYPE
    with contextlib.suppress(Exception):  # a guess must never hinder the storing of an original
        found = filetype.guess_mime(head)
        if found:
            return str(found)
    if b"\x00" in head:
        return rules.UNKNOWN_TYPE
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            # The head may end inside a character.
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < HEAD)
            if all(c.isprintable() or c in "\t\r\n\f\ufeff\u3000" for c in text):
                return "text/plain"
    return rules.UNKNOWN_TYPE


def sweep(root: Path, *, older_than: float, is_known: Known) -> list[str]:
    """Remove what was never finished or never recorded and was last touched before `older_than` (epoch seconds).

    `is_known(names)` gives those of the content names that the database knows. Returns what was removed.
    """
    removed = []
    for path in _files(root / INCOMING):
        if path.stat().st_mtime < older_than:
            path.unlink(missing_ok=True)
            removed.append(path.name)
    for folder in sorted(root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]")):
        old = [path for path in _files(folder) if len(path.name) == 64 and path.stat().st_mtime < older_than]
        known = is_known([path.name for path in old]) if old else set()
        for path in old:
            if path.name not in known and _remove_unless_renewed(root, path, older_than, is_known):
                removed.append(path.name)
    return removed


def remove(root: Path, sha256: str, *, older_than: float, is_known: Known) -> None:
    """Remove one content that the database does not want any more, unless it was stored again lately."""
    if path_of(root, sha256).exists():
        (root / INCOMING).mkdir(parents=True, exist_ok=True)
        _remove_unless_renewed(root, path_of(root, sha256), older_than, is_known)


def _remove_unless_renewed(root: Path, path: Path, older_than: float, is_known: Known) -> bool:
    """Take the file aside first: the same content may have been stored again since we looked."""
    aside = root / INCOMING / f"aside-{path.name}"
    path.rename(aside)
    if aside.stat().st_mtime >= older_than or is_known([path.name]):
        aside.replace(path)
        return False
    aside.unlink()
    return True


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*")) if path.is_file())
