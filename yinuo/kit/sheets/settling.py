"""Values as a workbook gives them back: so what was exported, what comes back and what holds now can be compared.

Each is spelled as one text: days and moments alike however a program wrote them, moments to the minute that a sheet
shows, texts without what a cell cannot hold.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from yinuo.kit.sheets import parts

MOMENTS = ("moment", "due")
HALF_A_SECOND = timedelta(milliseconds=500)  # moments are fractions of a day in a workbook


def settled(value: Any, kind: str = "text") -> str:
    """The value of a cell as one text; `kind` is the kind of its column in the list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return _day_or_moment(value, kind)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    return parts.kept(str(value))


def _day_or_moment(value: date, kind: str) -> str:
    if kind in MOMENTS and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime) and kind != "day":
        rounded = value + HALF_A_SECOND if value.year < 9999 else value
        return f"{rounded:%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}"


def is_cut(text: str) -> bool:
    """Whether only the beginning of a text was exported, because a cell holds no more."""
    return len(text) >= parts.MOST_LETTERS and text.endswith(parts.CUT)


def is_same_number(raw: Any, text: str) -> bool:
    """Whether a program made a number of a text that stood there: 00123 → 123, 4.10 → 4.1."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return False
    try:
        return float(text) == float(raw)
    except ValueError:
        return False
