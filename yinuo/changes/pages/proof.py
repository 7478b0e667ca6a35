"""The proof that the clocks of a month were kept: on the screen, as a workbook, on the company's paper."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.changes import lists, models, queries, rules
from yinuo.changes.pages import changes
from yinuo.customers import lists as customers_lists
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import lists as kit_lists
from yinuo.kit import pages, printing, rows
from yinuo.kit.paper import definition as paper
from yinuo.org.definition import Permission
from yinuo.records import actions as records

MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2199


def month_of(text: str, today: date) -> date:
    """The first day of the month that an address names; of this month if it names none."""
    found = MONTH.fullmatch(text)
    if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def _asked(request: pages.Request) -> tuple[date, customers.Customer | None, list[models.Change], bool]:
    """Month and customer of the address, and what started then; whether there is more than one proof takes."""
    first = month_of(request.GET.get("month", ""), timezone.localdate())
    key = rows.key_in(request.GET.get("customer", ""))
    customer = customers_queries.customers(request.user).filter(pk=key).first() if key else None
    found = _rows(request, first, customer)
    kit_lists.give_file(lists.changes_at(timezone.localdate(), lists.PROOF), found, request.GET, person=request.user)
    shown = list(found.order_by("started_on", "pk")[: queries.MOST_IN_MONTH + 1])
    return first, customer, shown[: queries.MOST_IN_MONTH], len(shown) > queries.MOST_IN_MONTH


def _rows(request: pages.Request, first: date, customer: customers.Customer | None) -> Any:
    return lists.change_rows(queries.in_month(request.user, first, customer))


def _figures(clocks: list[queries.Clock]) -> list[tuple[str, int]]:
    """How many clocks were met, were met too late, run, and ran out."""
    counts = Counter(each.standing.state for each in clocks)
    running = (rules.State.RUNNING, rules.State.SOON, rules.State.NEAR, rules.State.TODAY)
    return [
        (pgettext("proof", "Changes"), len(clocks)),
        (_("reviewed in time"), counts[rules.State.MET]),
        (_("reviewed too late"), counts[rules.State.MET_LATE]),
        (pgettext("clock", "clock is running"), sum(counts[each] for each in running)),
        (pgettext("clock", "overdue"), counts[rules.State.LATE]),
    ]


@pages.page(Permission.CHANGES_SEE)
def proof(request: pages.Request) -> HttpResponse:
    """Every change whose clock started in a month, with its days, counted day by day."""
    first, customer, found, is_cut = _asked(request)
    calendars, today = queries.Calendars(), timezone.localdate()
    clocks = [queries.clock(row, today, calendars) for row in found]
    sheet = lists.changes_at(today, lists.PROOF)
    context = {
        "first": first, "customer": customer, "is_cut": is_cut, "most": queries.MOST_IN_MONTH,
        "customers": customers_lists.OF_CUSTOMER.choices(request.user),  # type: ignore[misc]
        "figures": _figures(clocks), "views": changes.views_of(), "sheet": sheet, "today": today,
        "clocks": [
            (each.change, each, lists.standing_badge(each.change, each.standing), changes.shown_weeks(each),
             lists.used_of(each.change, today, calendars))
            for each in clocks
        ],
        "weekdays": lists.WEEKDAYS, "head": printing.letterhead(), "note": printing.note(request.user, timezone.now()),
    }  # fmt: skip
    for row in found:
        records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "changes/proof.html", context)


@pages.page(Permission.CHANGES_SEE)
def proof_paper(request: pages.Request) -> HttpResponse:
    """The proof on the company's paper."""
    first, customer, found, is_cut = _asked(request)
    now, today, calendars = timezone.now(), timezone.localdate(), queries.Calendars()
    clocks = [queries.clock(row, today, calendars) for row in found]
    for row in found:
        records.note_reading(subject=row, way="print", by=request.user, now=now)
    title = _("Proof of review terms")
    made = paper.Paper(
        head=printing.letterhead(),
        title=title,
        number=f"{first:%Y-%m}",
        secrecy=_("Confidential: only for whom it is meant") if any(row.scope_id for row in found) else "",
        note=printing.note(request.user, now),
        language=printing.language(),
        blocks=list(_blocks(first, customer, clocks, calendars, is_cut)),
        signers=[paper.Signer(_("Prepared")), paper.Signer(_("Reviewed")), paper.Signer(_("Approved"))],
    )
    return printing.answer(made, f"{title}_{first:%Y-%m}")


def _blocks(
    first: date, customer: customers.Customer | None, clocks: list[queries.Clock], calendars: queries.Calendars,
    is_cut: bool,
) -> Iterator[paper.Block]:  # fmt: skip
    figures = [(words, str(n), False) for words, n in _figures(clocks)]
    whose = customer.name if customer else _("all customers")
    yield paper.Facts([(_("Month"), f"{first:%Y-%m}", False), (_("Customer"), whose, False), *figures])
    if is_cut:
        yield paper.Text(_("More changes started in this month than one proof takes. Please choose a customer."))
    if not clocks:
        yield paper.Text(str(lists.PROOF.empty))
    for each in clocks:
        yield from _one(each, calendars)
    yield paper.Text(_("The day on which the clock starts is not counted."), is_quiet=True)


def _one(clock: queries.Clock, calendars: queries.Calendars) -> Iterator[paper.Block]:
    """One change: its days, then its clock day by day."""
    row = clock.change
    yield paper.Heading(row.subject_label)
    yield paper.Facts(
        [
            (_("Customer"), row.customer.name, False),
            (pgettext("clock", "Clock"), lists.standing_words(clock.standing), False),
            *((words, printing.words(on) or "–", False) for _key, words, _state, on in changes.steps_of(row)),
            (_("Clock starts on"), f"{row.get_start_display()}：{row.started_on:%Y-%m-%d}", True),
            (_("To be reviewed by"), f"{row.due_on:%Y-%m-%d}", False),
            (_("Term in working days"), str(row.days), False),
            (_("Working days used"), str(lists.used_of(row, clock.today, calendars)), False),
            *([(_("Reason for the start"), row.start_reason, True)] if row.start_reason else []),
        ]
    )
    if clock.unknown:
        years = "、".join(str(each) for each in clock.unknown)
        yield paper.Text(
            _("Provisional: the holidays of %(years)s are not entered yet, so nothing is proved.") % {"years": years}
        )
    yield printing.table(
        [_("Day"), _("Weekday"), _("What it is"), _("Counted as")],
        [[f"{day.on:%Y-%m-%d}", lists.weekday(day.on), lists.day_words(day), _number(day)] for day in clock.days],
    )


def _number(day: rules.Day) -> str:
    if day.is_start:
        return pgettext("clock", "start")
    return str(day.number) if day.number else "–"
