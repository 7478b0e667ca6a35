"""The ledger of changes (工程规范变更台账), and the proof that its clocks were kept (时限证明)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from yinuo.changes import models, queries, rules
from yinuo.customers import lists as customers_lists
from yinuo.kit import views
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.org import models as org
from yinuo.org import queries as org_queries

GROUPS = {
    rules.State.RUNNING: "active",
    rules.State.SOON: "pending",
    rules.State.NEAR: "pending",
    rules.State.TODAY: "suspect",
    rules.State.LATE: "late",
    rules.State.MET: "done",
    rules.State.MET_LATE: "suspect",
    rules.State.STOPPED: "quiet",
}
APPLICATION_GROUPS = {
    models.Application.State.OPEN: "pending",
    models.Application.State.IMPLEMENTED: "active",
    models.Application.State.VERIFIED: "done",
    models.Application.State.UNAFFECTED: "quiet",
}
DAY_WORDS: dict[str, Words] = {
    rules.Kind.WORKING: _("working day"),
    rules.Kind.MAKE_UP: _("make-up working day"),
    rules.Kind.WEEKEND: _("weekend"),
    rules.Kind.HOLIDAY: _("holiday"),
}


def standing_words(standing: rules.Standing) -> str:
    """How a clock stands, in words."""
    n = standing.days
    if standing.state is rules.State.LATE:
        words = ngettext("overdue by %(n)s working day", "overdue by %(n)s working days", n)
        return words % {"n": n} if n else pgettext("clock", "overdue")
    if standing.state in (rules.State.RUNNING, rules.State.SOON, rules.State.NEAR):
        return ngettext("%(n)s working day left", "%(n)s working days left", n) % {"n": n}
    return str(
        {
            rules.State.TODAY: pgettext("clock", "due today"),
            rules.State.MET: pgettext("clock", "in time"),
            rules.State.MET_LATE: pgettext("clock", "too late"),
            rules.State.STOPPED: pgettext("clock", "dropped"),
        }[standing.state]
    )


def standing_badge(row: models.Change, standing: rules.Standing) -> tuple[str, str]:
    """How a clock stands, as a badge; one that reaches a year without calendar data says that it is provisional."""
    words = standing_words(standing)
    is_open = row.reviewed_on is None and row.dropped_at is None
    if row.is_provisional and is_open:
        words = pgettext("clock", "%(words)s (provisional)") % {"words": words}
    return GROUPS[standing.state], words


def application_badge(row: models.Application) -> tuple[str, str]:
    return APPLICATION_GROUPS[models.Application.State(row.state)], row.get_state_display()


def change_rows(rows: QuerySet[models.Change]) -> QuerySet[models.Change]:
    """The rows with what the list shows."""
    return rows.select_related("customer", "responsible", "edition__document")


# Filters --------------------------------------------------------------------------------------------------------------

STANDINGS: Sequence[tuple[str, Words]] = (
    ("open", pgettext_lazy("clock", "clock is running")),
    ("soon", _("due within five working days")),
    ("late", pgettext_lazy("clock", "overdue")),
    ("met", _("reviewed in time")),
    ("met_late", _("reviewed too late")),
    ("implement", _("to be implemented")),
    ("verify", pgettext_lazy("change", "to be verified")),
    ("done", pgettext_lazy("change", "verified")),
    ("dropped", pgettext_lazy("change", "dropped")),
)


def _standing(rows: QuerySet[models.Change], value: str) -> QuerySet[models.Change]:
    today = timezone.localdate()
    until = org_queries.calendar(None).working_day(today, rules.FIRST)
    open_ = queries.waiting()
    goes_on = Q(reviewed_on__isnull=False, dropped_at=None) & ~Q(result=models.Result.NOTHING)
    found = {
        "open": open_,
        "soon": open_ & Q(due_on__gte=today, due_on__lte=until),
        "late": open_ & Q(due_on__lt=today),
        "met": Q(reviewed_on__lte=F("due_on")),
        "met_late": queries.met_late(),
        "implement": goes_on & Q(implemented_on=None),
        "verify": goes_on & Q(implemented_on__isnull=False, verified_on=None),
        "done": Q(verified_on__isnull=False),
        "dropped": Q(dropped_at__isnull=False),
    }.get(value)
    return rows.filter(found) if found is not None else rows.none()


def _called(rows: QuerySet[models.Change], value: str) -> QuerySet[models.Change]:
    return rows.filter(Q(title__icontains=value) | Q(number__icontains=value) | Q(reference__icontains=value))


def _of_responsible(rows: QuerySet[models.Change], value: str) -> QuerySet[models.Change]:
    return rows.filter(responsible=int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else rows


def _responsible(person: org.Person) -> Sequence[tuple[str, Words]]:
    """The reader first, then the others who answer for a change that the reader may see."""
    theirs = queries.changes(person).exclude(responsible=person).order_by("responsible__name")
    named = theirs.values_list("responsible", "responsible__name").distinct()[:200]
    return [(views.ME, _("mine")), *((str(pk), name) for pk, name in named)]


# The ledger -----------------------------------------------------------------------------------------------------------


def _document(row: models.Change) -> str:
    if row.edition is None:
        return row.reference
    return f"{row.edition.document.title} {row.edition.label}"


def _impact(row: models.Change) -> str:
    level = f" {row.level}" if row.level else ""
    return f"{row.get_impact_display()}{level}" if row.impact else ""


CHANGES = Sheet(
    name="changes",
    title=_("Ledger of engineering changes"),
    columns=(
        Column("number", pgettext_lazy("change", "Number"), lambda row: row.number, "link", sort="number"),
        Column("title", pgettext_lazy("change", "Title"), lambda row: row.title),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column("standing", pgettext_lazy("clock", "Clock"), lambda row: None, "badge"),
        Column("due", _("To be reviewed by"), lambda row: row.due_on, "day", sort="due_on"),
        Column("received", pgettext_lazy("change", "Received"), lambda row: row.received_on, "number", narrow=False),
        Column("reviewed", pgettext_lazy("change", "Reviewed"), lambda row: row.reviewed_on, "number", narrow=False),
        Column(
            "implemented", pgettext_lazy("change", "Implemented"), lambda row: row.implemented_on, "number",
            narrow=False,
        ),
        Column("verified", pgettext_lazy("change", "Verified"), lambda row: row.verified_on, "number", narrow=False),
        Column(
            "responsible", pgettext_lazy("person", "Responsible"), lambda row: row.responsible.name, "person",
            narrow=False,
        ),
    ),
    filters=(
        Filter("text", _("Number, title or reference"), _called, kind="text"),
        Filter("standing", pgettext_lazy("clock", "Standing"), _standing, lambda person: STANDINGS),
        customers_lists.OF_CUSTOMER,
        Filter("responsible", pgettext_lazy("person", "Responsible"), _of_responsible, _responsible),
    ),
    sorts={
        "newest": (_("Newest first"), "started_on", True),
        "due": (_("By due day"), "due_on", False),
        "number": (_("By number"), "number", False),
    },
    further=(
        Column("document", _("Document and edition"), _document),
        Column("what", pgettext_lazy("change", "What changed"), lambda row: row.what, "long"),
        Column("clauses", _("Clauses changed"), lambda row: row.clauses_changed, "number"),
        Column("published", pgettext_lazy("change", "Published"), lambda row: row.published_on, "day"),
        Column("notified", pgettext_lazy("change", "Notified"), lambda row: row.notified_on, "day"),
        Column("started", _("Clock started on"), lambda row: row.started_on, "day"),
        Column("days", _("Term in working days"), lambda row: row.days, "number"),
        Column("result", _("Result of the review"), lambda row: row.get_result_display()),
        Column("said", _("Words of the review"), lambda row: row.said, "long"),
        Column("impact", _("Effect on PPAP"), _impact),
    ),
    empty=_("No change is on record yet. A new edition of a customer's document opens one by itself; add others here."),
)  # fmt: skip


def changes_at(today: date, sheet: Sheet = CHANGES) -> Sheet:
    """The list on a day: how each clock stands then. Calendars are read once, whatever the number of rows."""
    calendars = queries.Calendars()
    values: dict[str, Callable[[Any], Any]] = {
        "standing": lambda row: standing_badge(row, queries.standing_of(row, today, calendars)),
        "used": lambda row: used_of(row, today, calendars),
        "count": lambda row: "\n".join(lines_of(queries.clock(row, today, calendars))),
    }
    columns, further = (
        [replace(each, value=values.get(each.key, each.value)) for each in columns]
        for columns in (sheet.columns, sheet.further)
    )
    return replace(sheet, columns=columns, further=further)


# The proof ------------------------------------------------------------------------------------------------------------


def used_of(row: models.Change, today: date, calendars: queries.Calendars) -> int:
    """Working days that the review took, or has taken so far."""
    until = row.reviewed_on or row.dropped_at or today
    return max(calendars.of(row.site_id).working_days_between(row.started_on, until), 0)


def day_words(day: rules.Day) -> str:
    """What a day of a count is, with the name of a holiday."""
    words = str(DAY_WORDS[day.kind])
    return f"{words} {day.name}".strip() if day.name else words


def lines_of(clock: queries.Clock) -> list[str]:
    """A count, one line for each day: day, weekday, what it is, running number."""
    lines = []
    for day in clock.days:
        number = str(day.number) if day.number else (pgettext("clock", "start") if day.is_start else "–")
        lines.append(f"{day.on:%Y-%m-%d} {weekday(day.on)} {day_words(day)} {number}")
    return lines


def weekday(on: date) -> str:
    """The short name of a weekday."""
    return str(WEEKDAYS[on.weekday()])


WEEKDAYS: Sequence[Any] = (
    pgettext_lazy("weekday", "Mon"), pgettext_lazy("weekday", "Tue"), pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"), pgettext_lazy("weekday", "Fri"), pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)  # fmt: skip

PROOF = Sheet(
    name="changes-proof",
    title=_("Proof of review terms"),
    columns=(
        Column("number", pgettext_lazy("change", "Number"), lambda row: row.number, "link"),
        Column("title", pgettext_lazy("change", "Title"), lambda row: row.title),
        Column("customer", _("Customer"), lambda row: row.customer.name),
        Column("started", _("Clock started on"), lambda row: row.started_on, "day"),
        Column("days", _("Term in working days"), lambda row: row.days, "number"),
        Column("due", _("To be reviewed by"), lambda row: row.due_on, "day"),
        Column("reviewed", pgettext_lazy("change", "Reviewed"), lambda row: row.reviewed_on, "day"),
        Column("used", _("Working days used"), lambda row: None, "number"),
        Column("standing", pgettext_lazy("clock", "Clock"), lambda row: None, "badge"),
    ),
    sorts={"started": (_("By start of the clock"), "started_on", False)},
    further=(
        Column("published", pgettext_lazy("change", "Published"), lambda row: row.published_on, "day"),
        Column("notified", pgettext_lazy("change", "Notified"), lambda row: row.notified_on, "day"),
        Column("received", pgettext_lazy("change", "Received"), lambda row: row.received_on, "day"),
        Column("implemented", pgettext_lazy("change", "Implemented"), lambda row: row.implemented_on, "day"),
        Column("verified", pgettext_lazy("change", "Verified"), lambda row: row.verified_on, "day"),
        Column("count", _("Counted day by day"), lambda row: None, "long"),
    ),
    empty=_("No clock started in this month."),
)  # fmt: skip
