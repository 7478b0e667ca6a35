"""What stood in a list when it left as a workbook, kept so that the file can be compared when it comes back.

The file carries a mark: a random token under a seal that only this installation can make. The values themselves stay
here, packed by blocks of rows; whoever forwards a file with some rows taken out forwards nothing of the others.
"""

import hashlib
import hmac
import json
import re
import secrets
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from yinuo.kit import models
from yinuo.kit.sheets import marks, settling

PROPERTY = "YinuoExport"
BLOCK = 2_000  # rows packed together
LEVEL = 3
_MARK = re.compile(r"yinuo1\.([\w-]{10})\.([\w-]{22})\.([\w-]{27})")


class Row(NamedTuple):
    """A row as it left."""

    key: int
    version: int | None
    values: list[str]


class Strange(Exception):
    """The file cannot be told to be one that left here. `code`: no_mark, elsewhere, broken_mark, unknown."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# The mark -------------------------------------------------------------------------------------------------------------


def _seal(text: str, length: int) -> str:
    key = hashlib.sha256(b"exported:" + settings.SECRET_KEY.encode()).digest()
    return urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()[:length]


def mark_of(token: str) -> str:
    """What a file carries: whose it is, which export it was, and the seal over both."""
    home = _seal("installation", 10)
    return f"yinuo1.{home}.{token}.{_seal(f'{home}.{token}', 27)}"


def exported_of(marks: Iterable[str]) -> models.Exported:
    """The export that a file with these marks is. Raises `Strange`."""
    found = {match.groups() for text in marks for match in _MARK.finditer(text)}
    if not found:
        raise Strange("no_mark")
    if len(found) > 1:
        raise Strange("broken_mark")
    home, token, seal = found.pop()
    if home != _seal("installation", 10):
        raise Strange("elsewhere")
    if not hmac.compare_digest(seal, _seal(f"{home}.{token}", 27)):
        raise Strange("broken_mark")
    row = models.Exported.objects.filter(token=token, is_whole=True).first()
    if row is None:  # too long ago, or the database was set back to a day before
        raise Strange("unknown")
    return row


def is_ours(content: bytes) -> bool:
    """Whether the file carries the mark of an export that is still kept."""
    try:
        exported_of([marks.properties(content).get(PROPERTY, "")])
    except Strange:
        return False
    return True


# Keeping and reading --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column as it left."""

    key: str
    words: str
    kind: str


class Keeper:
    """Keeps the rows of one export while they are written out, block by block."""

    def __init__(self, sheet: str, columns: Sequence[Column], *, by_name: str, language: str, now: datetime) -> None:
        self.token = secrets.token_urlsafe(16)
        self.columns = columns
        self._about = {"sheet": sheet, "by_name": by_name[:200], "language": language, "at": now}
        self._row: models.Exported | None = None
        self._waiting: list[Any] = []
        self._blocks = self._rows = 0

    def keep(self, key: int, version: int | None, values: Sequence[Any]) -> None:
        told = [settling.settled(value, each.kind) for value, each in zip(values, self.columns, strict=True)]
        self._waiting.append([key, version, told])
        if len(self._waiting) >= BLOCK:
            self._put()

    def close(self) -> None:
        """The file is whole."""
        self._put()
        models.Exported.objects.filter(pk=self._begun().pk).update(is_whole=True, rows=self._rows)

    def _begun(self) -> models.Exported:
        if self._row is None:
            zone = timezone.get_current_timezone_name()
            columns = [[each.key, each.words, each.kind] for each in self.columns]
            self._row = models.Exported.objects.create(token=self.token, columns=columns, zone=zone, **self._about)
        return self._row

    def _put(self) -> None:
        if not self._waiting:
            return
        models.ExportedBlock.objects.create(of=self._begun(), number=self._blocks, packed=packed(self._waiting))
        self._blocks, self._rows = self._blocks + 1, self._rows + len(self._waiting)
        self._waiting = []


def packed(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows column by column: what repeats itself stands together."""
    keys, versions, values = zip(*rows, strict=True)
    told = json.dumps([keys, versions, list(zip(*values, strict=True))], ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(told.encode("utf-8", "replace"), LEVEL)


def columns_of(exported: models.Exported) -> list[Column]:
    return [Column(*each) for each in exported.columns]


def rows_of(exported: models.Exported) -> Iterator[list[Row]]:
    """The rows as they left, block by block."""
    for block in exported.blocks.order_by("number").iterator(chunk_size=1):
        keys, versions, columns = json.loads(zlib.decompress(bytes(block.packed)))
        values = zip(*columns, strict=True) if columns else ([] for _key in keys)
        yield [Row(key, version, list(row)) for key, version, row in zip(keys, versions, values, strict=True)]
