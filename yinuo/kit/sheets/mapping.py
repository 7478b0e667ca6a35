"""Columns of a foreign table → fields that a room declares: proposed with confidence, then cell by cell made clean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from rapidfuzz import fuzz

from yinuo.kit.sheets import heads
from yinuo.kit.sheets.definition import Grid, address

SURE = 0.9
LIKELY = 0.6
YES = {"是", "y", "yes", "true", "1", "√", "✓", "有", "对", "x", "●", "在用"}
NO = {"否", "n", "no", "false", "0", "×", "无", "不", "-", "停用"}
EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119, as Excel counts days
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s].*)?$")
_SHORT_DAY = re.compile(r"(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]\s*(\d{1,2}):(\d{1,2})(?::\d{1,2})?)?$"
)
_DAY_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_MAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[A-Za-z]{2,}$")
_LIST = re.compile(r"[\n;；、,，|]+")


@dataclass(frozen=True)
class Field:
    """What a room wants to know of each row.

    `kind`: text, code (a number that is text: 4.10 is not 4.1), long, day, moment, number, flag, choice, list, mail.
    `aliases` are further headings under which people keep it; `choices` words → value, `choice_aliases` further words.
    """

    key: str
    words: str
    aliases: tuple[str, ...] = ()
    kind: str = "text"
    is_required: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0
    help: str = ""

    @property
    def keys(self) -> set[str]:
        return {heads.key_of(each) for each in (self.words, self.key, *self.aliases)}


@dataclass(frozen=True)
class Proposal:
    """A column that probably holds a field."""

    field: str
    column: int
    confidence: float


@dataclass(frozen=True)
class Problem:
    """What is wrong with, or worth looking at in, one cell. `code` and `facts` become a sentence where it is read."""

    row: int
    column: int
    code: str
    facts: Mapping[str, Any]
    is_warning: bool = False

    @property
    def address(self) -> str:
        return address(self.row, self.column) if self.column else str(self.row)


def is_known(fields: Sequence[Field]) -> Any:
    """Whether a heading is a field's word or alias; for finding the table."""
    known = {key for each in fields for key in each.keys}
    return lambda heading: any(key in known for key in heads.keys_of(heading))


def propose(headings: Mapping[int, str], fields: Sequence[Field]) -> list[Proposal]:
    """The likeliest column of each field; a column serves one field, the surest first."""
    rated = sorted(
        (
            Proposal(each.key, column, rate)
            for column, words in headings.items()
            for each in fields
            if (rate := _confidence(words, each)) >= LIKELY
        ),
        key=lambda p: (-p.confidence, p.column),
    )
    found: list[Proposal] = []
    for each in rated:
        if all(each.field != taken.field and each.column != taken.column for taken in found):
            found.append(each)
    return sorted(found, key=lambda p: p.column)


def _confidence(heading: str, wanted: Field) -> float:
    keys, own = heads.keys_of(heading), wanted.keys
    if keys and keys[0] in own:
        return 1.0
    if any(key in own for key in keys):
        return 0.95
    best = 0.0
    for key in keys:
        for alias in own:
            if len(alias) >= 2 and alias in key and 4 * len(alias) >= len(key):
                best = max(best, 0.6 + 0.25 * len(alias) / len(key))
            elif len(key) >= 4 and len(alias) >= 4 and (ratio := fuzz.ratio(key, alias)) >= 80:
                best = max(best, 0.6 + (ratio - 80) / 100)
    return round(min(best, 0.89), 2)


# Cells ---------------------------------------------------------------------------------------------------------------


def cleaned(wanted: Field, value: Any, *, shown: str = "") -> tuple[Any, str, dict[str, Any], bool]:
    """The value as the field takes it; the code of a problem with its facts, and whether it is only a warning.

    `shown` is the format in which Excel shows a number.
    """
    if value in (None, ""):
        return (None, "missing", {}, False) if wanted.is_required else (None, "", {}, False)
    clean = _CLEAN.get(wanted.kind, _text)
    found, code, facts, is_warning = clean(wanted, value, shown)
    if not code and isinstance(found, str) and wanted.longest and len(found) > wanted.longest:
        return found, "too_long", {"longest": wanted.longest}, False
    return found, code, facts, is_warning


Answer = tuple[Any, str, dict[str, Any], bool]


def _good(value: Any) -> Answer:
    return value, "", {}, False


def _text(wanted: Field, value: Any, shown: str) -> Answer:
    if isinstance(value, datetime):
        return _good(value.strftime("%Y-%m-%d %H:%M"))
    if isinstance(value, date):
        return _good(value.isoformat())
    text = str(value)
    return _good(text if wanted.kind == "long" else " ".join(text.split()))


def _code(wanted: Field, value: Any, shown: str) -> Answer:
    """A number that is text. Excel may have made a day of 3-1, and 4.1 of 4.10; what it shows tells, or is asked."""
    if isinstance(value, date):
        return value.isoformat(), "became_day", {}, True
    if isinstance(value, int | float) and abs(value) >= 10**15:
        return f"{value:.0f}", "lost_digits", {}, True
    if isinstance(value, float):
        decimals = re.fullmatch(r"0\.(0+)", shown or "")
        if decimals:
            return _good(f"{value:.{len(decimals[1])}f}")
        return f"{value:g}", "lost_zero", {}, True
    if isinstance(value, int) and re.fullmatch(r"0{2,}", shown or ""):
        return _good(f"{value:0{len(shown)}d}")
    return _good(" ".join(str(value).split()))


def _day(wanted: Field, value: Any, shown: str) -> Answer:
    if isinstance(value, datetime):
        return _good(value.date())
    if isinstance(value, date):
        return _good(value)
    if isinstance(value, int | float) and int(value) in EXCEL_DAYS:
        return date.fromordinal(date(1899, 12, 30).toordinal() + int(value)), "counted_day", {}, True
    text = unicodedata.normalize("NFKC", str(value)).strip()
    found = _DAY.match(text) or _DAY_TOGETHER.match(text)
    try:
        if found:
            return _good(date(int(found[1]), int(found[2]), int(found[3])))
        if short := _SHORT_DAY.match(text):  # 26/3/1 is read as years come first here, and said
            return date(2000 + int(short[1]), int(short[2]), int(short[3])), "counted_day", {}, True
    except ValueError:
        pass
    return None, "no_day", {}, False


def _moment(wanted: Field, value: Any, shown: str) -> Answer:
    """A moment by the clock on the wall, to the minute."""
    if isinstance(value, datetime):
        return _good((value + timedelta(milliseconds=500)).replace(second=0, microsecond=0))
    if isinstance(value, date):
        return _good(datetime.combine(value, time()))
    found = _MOMENT.match(unicodedata.normalize("NFKC", str(value)).strip())
    try:
        if found:
            year, month, day, hour, minute = (int(part or 0) for part in found.groups())
            return _good(datetime.combine(date(year, month, day), time(hour, minute)))
    except ValueError:
        pass
    return None, "no_moment", {}, False


def _number(wanted: Field, value: Any, shown: str) -> Answer:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _good(value)
    text = unicodedata.normalize("NFKC", str(value)).replace(",", "").strip()
    try:
        number = float(text)
    except ValueError:
        return None, "no_number", {}, False
    return _good(int(number) if number.is_integer() else number)


def _flag(wanted: Field, value: Any, shown: str) -> Answer:
    if isinstance(value, bool):
        return _good(value)
    key = str(value).strip().lower()
    if key in YES:
        return _good(True)
    return _good(False) if key in NO else (None, "no_flag", {}, False)


def _choice(wanted: Field, value: Any, shown: str) -> Answer:
    by_key = {heads.key_of(words): chosen for words, chosen in wanted.choices.items()}
    by_key |= {heads.key_of(chosen): chosen for chosen in wanted.choices.values()}
    key = heads.key_of(value)
    if key in by_key:
        return _good(by_key[key])
    near = max(by_key, key=lambda each: fuzz.ratio(each, key), default="")
    words = list(dict.fromkeys(wanted.choices))
    guess = next((w for w in words if heads.key_of(w) == near), "") if near and fuzz.ratio(near, key) >= 60 else ""
    return None, "no_choice", {"choices": "、".join(words[:12]), "guess": guess}, False


def _listed(wanted: Field, value: Any, shown: str) -> Answer:
    return _good(list(dict.fromkeys(part.strip() for part in _LIST.split(str(value)) if part.strip())))


def _mail(wanted: Field, value: Any, shown: str) -> Answer:
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return _good(text) if _MAIL.match(text) else (None, "no_mail", {}, False)


_CLEAN = {
    "code": _code, "day": _day, "moment": _moment, "number": _number, "flag": _flag, "choice": _choice,
    "list": _listed, "mail": _mail,
}  # fmt: skip


def rows_of(
    table: heads.Table, fields: Sequence[Field], columns: Mapping[str, int]
) -> tuple[list[tuple[int, dict[str, Any]]], list[Problem]]:
    """Each line as clean values by field, and what is wrong with which cell. `columns`: field → column."""
    grid: Grid = table.grid
    found: list[tuple[int, dict[str, Any]]] = []
    problems: list[Problem] = []
    mapped = sorted(
        ((each, columns[each.key]) for each in fields if each.key in columns), key=lambda pair: (pair[1], pair[0].key)
    )
    for line in table.lines:
        values: dict[str, Any] = {}
        for wanted, column in mapped:
            raw = line.values.get(column)
            mark = grid.marks.get((line.number, column))
            value, code, facts, is_warning = cleaned(wanted, raw, shown=mark.format if mark else "")
            if raw in (None, "") and mark is not None and mark.error:
                code, facts, is_warning = "failed", {"error": mark.error}, not wanted.is_required
            if code:
                said = {"field": wanted.words, "value": _shown(raw), "read": _shown(value), **facts}
                problems.append(Problem(line.number, column, code, said, is_warning))
            if not code or is_warning:
                values[wanted.key] = value
        found.append((line.number, values))
    return found, problems


def _shown(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
