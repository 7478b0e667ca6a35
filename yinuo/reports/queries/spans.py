"""The span of days that an address of the statistics asks for, and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from yinuo.reports import rules
from yinuo.reports.queries import deadlines

TWELVE, THIS, BEFORE, QUARTER, YEAR, OWN = "months12", "month", "last_month", "quarter", "year", "own"
WEEK, WEEKS4 = "week", "weeks4"
MOST = 60  # months


@dataclass(frozen=True)
class Span:
    """From a day to a day, mostly whole months; `key` is the name by which the address chose them."""

    key: str
    since: date
    until: date

    @property
    def first(self) -> date:
        """The month in which it begins, by its first day."""
        return self.since.replace(day=1)

    @property
    def last(self) -> date:
        """The month in which it ends, by its first day."""
        return self.until.replace(day=1)

    @property
    def is_whole(self) -> bool:
        """Whether it is whole months."""
        return self.since == self.first and self.until == deadlines.end_of_month(self.last)

    @property
    def ends(self) -> tuple[str, str]:
        """Its ends as an address says them: months, else days."""
        how = "%Y-%m" if self.is_whole else "%Y-%m-%d"
        return self.since.strftime(how), self.until.strftime(how)

    @property
    def words(self) -> str:
        """2026-01 至 2026-03; 2026-03-02 至 2026-03-29."""
        first, last = self.ends
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def weeks(self) -> tuple[date, date]:
        """The first and the last Monday of its weeks: those that begin in whole months, those that other days touch."""
        monday = rules.monday_of(self.since + timedelta(days=6 if self.is_whole else 0))
        return monday, rules.monday_of(self.until)

    def parameters(self) -> dict[str, str]:
        """What an address says to choose it."""
        if self.key == TWELVE:
            return {}
        if self.key != OWN:
            return {"span": self.key}
        return {"span": OWN, "since": self.ends[0], "until": self.ends[1]}


def span_of(parameters: Mapping[str, str], today: date) -> Span:
    """The span that an address asks for; the last twelve months if none, or one that is none."""
    this = today.replace(day=1)
    key = parameters.get("span", "")
    if key == OWN:
        return _own(parameters, today)
    if key == WEEK:
        monday = rules.monday_of(today)
        return Span(WEEK, monday, monday + timedelta(days=6))
    if key == WEEKS4:
        return Span(WEEKS4, today - timedelta(days=27), today)
    firsts = {
        THIS: this,
        BEFORE: rules.months_back(this, 1),
        QUARTER: this.replace(month=(this.month - 1) // 3 * 3 + 1),
        YEAR: this.replace(month=1),
    }
    if key in firsts:
        return Span(key, firsts[key], deadlines.end_of_month(firsts[key] if key == BEFORE else this))
    return Span(TWELVE, rules.months_back(this, 11), deadlines.end_of_month(this))


def _own(parameters: Mapping[str, str], today: date) -> Span:
    """Two days or months in their order, at most so many months apart."""
    pairs = [_end(parameters.get(name, ""), today) for name in ("since", "until")]
    since, until = min(first for first, _last in pairs), max(last for _first, last in pairs)
    return Span(OWN, max(since, rules.months_back(until.replace(day=1), MOST - 1)), until)


def _end(text: str, today: date) -> tuple[date, date]:
    """The first and the last day that an address names as 2026-03-05 or 2026-03; else of this month."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        month = deadlines.month_of(text, today)
        return month, deadlines.end_of_month(month)
    return (day, day) if 2001 <= day.year < 2100 else _end("", today)


def presets() -> list[tuple[str, str]]:
    """Every choice with its words."""
    return [
        (TWELVE, _("Last 12 months")),
        (WEEK, _("This week")),
        (WEEKS4, _("Last 4 weeks")),
        (THIS, _("This month")),
        (BEFORE, _("Last month")),
        (QUARTER, _("This quarter")),
        (YEAR, _("This year")),
        (OWN, _("Own span")),
    ]


def address(url: str, **query: object) -> str:
    """An address with whatever of the query says something."""
    said = {key: value for key, value in query.items() if value not in ("", None)}
    return f"{url}?{urlencode(said)}" if said else url
