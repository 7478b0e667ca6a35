"""Pure decisions about customers: when two names are one, what hangs under what, when a portal is looked at again."""

import calendar
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from yinuo.customers import definition

SEPARATOR = "/"
WEEKS = 52
WORST = ("missed", "no_access", "late", "on_time")  # what a week with several checks is shown as
MOST_DAYS = 400  # days of checks that are told as missed one by one
MAY_HANG_UNDER: dict[str, frozenset[str]] = {
    "group": frozenset({"group"}),
    "company": frozenset({"group", "company"}),
    "plant": frozenset({"company", "plant"}),
}
NEEDS_PARENT = frozenset({"plant"})
FREQUENCIES: dict[str, tuple[int, int]] = {  # days, months
    "daily": (1, 0),
    "weekly": (7, 0),
    "fortnightly": (14, 0),
    "monthly": (0, 1),
    "quarterly": (0, 3),
    "half_yearly": (0, 6),
    "yearly": (0, 12),
}


def name_key(text: str) -> str:
    """What two writings of one name have in common: width, case, blanks and punctuation do not count.

    一汽-大众 and 一汽大众 are one name; 一汽-大众 and 上汽大众 are two. Nothing is guessed beyond that.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    key = "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")
    # A name of signs only ("★") is still a name. What stood apart may combine now, so it is normalised once more.
    return unicodedata.normalize("NFKC", (key or "".join(folded.split()))).casefold()[:200]


def core_key(text: str) -> str:
    """A name without what says form, seat or trade of a company, in simple characters: for questions, never to decide.

    上汽大众汽车有限公司 and 上汽大众 have one core; 一汽-大众 and 上汽大众 have two.
    """
    key = name_key(text).translate(definition.SIMPLER).removesuffix("示例")
    while end := next((each for each in definition.OF_FORM if key.endswith(each) and len(key) > len(each) + 1), ""):
        key = key.removesuffix(end)
    shorter = key.removesuffix("汽车")
    return shorter if len(shorter) > 1 else key


def kin(text: str) -> set[str]:
    """Cores of names under which the same company, or one of its group, goes."""
    own = {core_key(text), name_key(text)}
    found = [row for row in definition.ONE_COMPANY if own & row]
    return set().union(*found) - own if found else set()


def may_hang_under(level: str, parent_level: str | None) -> bool:
    """Whether a customer of this level may stand under one of that level (None: at the top of a tree)."""
    if parent_level is None:
        return level not in NEEDS_PARENT
    return parent_level in MAY_HANG_UNDER[level]


def path_of(code: str, parent_path: str = "") -> str:
    """The place in the tree as codes from the top: `VWG/SVW/`. Sorted by it, a tree stands together."""
    return f"{parent_path}{code}{SEPARATOR}"


def codes_of(path: str) -> list[str]:
    """The codes along a path, from the customer itself up to the top."""
    return [code for code in path.split(SEPARATOR) if code][::-1]


def only(site_ids: Iterable[int]) -> int | None:
    """The one site, or None when there are several or none (then every site sees the row)."""
    found = set(site_ids)
    return found.pop() if len(found) == 1 else None


def add_months(day: date, months: int) -> date:
    """The same day `months` later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_days(
    first_on: date, frequency: str, until: date, workday: Callable[[date], date] = lambda day: day
) -> list[date]:
    """The days up to `until` on which a portal is to be looked at, the first of them `first_on`.

    `workday` moves a day to the one on which people work.
    """
    found: list[date] = []
    day = first_on
    while day <= until and len(found) < MOST_DAYS:
        found.append(day)
        day = workday(next_check_on(day, frequency))
    return found


def how_made(days_late: int | None, result: str) -> str:
    """What became of a check: missed, no_access, late or on_time."""
    if days_late is None:
        return "missed"
    if result == "no_access":
        return "no_access"
    return "late" if days_late else "on_time"


@dataclass(frozen=True)
class Week:
    """A week by its Monday, and the worst that became of the checks due in it; "" when none was."""

    monday: date
    state: str
    count: int


def year_of(checks: Iterable[tuple[date, str]], today: date) -> list[Week]:
    """The last 52 weeks up to this one, from (day it was due, what became of it)."""
    last = today - timedelta(days=today.weekday())
    mondays = [last - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)]
    found: dict[date, list[str]] = {monday: [] for monday in mondays}
    for day, state in checks:
        monday = day - timedelta(days=day.weekday())
        if monday in found:
            found[monday].append(state)
    return [Week(day, min(states, key=WORST.index) if states else "", len(states)) for day, states in found.items()]


def next_check_on(last_on: date, frequency: str) -> date:
    """When a portal is to be looked at again after `last_on`, by the calendar."""
    days, months = FREQUENCIES[frequency]
    return add_months(last_on, months) + timedelta(days=days)
