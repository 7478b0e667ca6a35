"""The span of months that an address of the statistics asks for, and its words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from yinuo.reports import rules
from yinuo.reports.queries import deadlines

TWELVE, THIS, BEFORE, QUARTER, YEAR, OWN = "months12", "month", "last_month", "quarter", "year", "own"
MOST = 60  # months


@dataclass(frozen=True)
class Span:
    """Whole months, each by its first day; `key` is the name by which the address chose them."""

    key: str
    first: date
    last: date

    @property
    def since(self) -> date:
        """The first day."""
        return self.first

    @property
    def until(self) -> date:
        """The last day."""
        return deadlines.end_of_month(self.last)

    @property
    def words(self) -> str:
        """2026-01 至 2026-03."""
        first, last = f"{self.first:%Y-%m}", f"{self.last:%Y-%m}"
        return first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}

    @property
    def weeks(self) -> tuple[date, date]:
        """The first and the last Monday on which a week of the span begins."""
        monday = rules.monday_of(self.first + timedelta(days=6))
        return monday, rules.monday_of(self.until)

    def parameters(self) -> dict[str, str]:
        """What an address says to choose it."""
        if self.key == TWELVE:
            return {}
        if self.key != OWN:
            return {"span": self.key}
        return {"span": OWN, "since": f"{self.first:%Y-%m}", "until": f"{self.last:%Y-%m}"}


def span_of(parameters: Mapping[str, str], today: date) -> Span:
    """The span that an address asks for; the last twelve months if none, or one that is none."""
    this = today.replace(day=1)
    key = parameters.get("span", "")
    if key == OWN:
        return _own(parameters, this)
    firsts = {
        THIS: this,
        BEFORE: rules.months_back(this, 1),
        QUARTER: this.replace(month=(this.month - 1) // 3 * 3 + 1),
        YEAR: this.replace(month=1),
    }
    if key in firsts:
        return Span(key, firsts[key], firsts[key] if key == BEFORE else this)
    return Span(TWELVE, rules.months_back(this, 11), this)


def _own(parameters: Mapping[str, str], this: date) -> Span:
    """Two months in their order, at most so many apart."""
    pair = [deadlines.month_of(parameters.get(name, ""), this) for name in ("since", "until")]
    first, last = sorted(pair)
    return Span(OWN, max(first, rules.months_back(last, MOST - 1)), last)


def presets() -> list[tuple[str, str]]:
    """Every choice with its words."""
    return [
        (TWELVE, _("Last 12 months")),
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
