"""The ledger of changes, one change with its clock, recording it and setting it right; the panels of other pages."""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.changes import access, lists, models, queries, rules
from yinuo.changes.actions import recording as actions
from yinuo.changes.forms import recording as forms
from yinuo.customers import queries as customers_queries
from yinuo.kit import editing, pages, undoing
from yinuo.kit import lists as kit_lists
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.sources import models as sources
from yinuo.sources import queries as sources_queries


def views_of() -> list[tuple[str, str, int, str]]:
    """The pages of the room, as tabs."""
    return [
        ("changes", _("Ledger"), 0, reverse("changes:changes")),
        ("proof", _("Proof of terms"), 0, reverse("changes:proof")),
        ("terms", pgettext("changes", "Terms"), 0, reverse("changes:terms")),
    ]


@pages.page(Permission.CHANGES_SEE)
def changes(request: pages.Request) -> HttpResponse:
    """All changes, the newest first."""
    rows = lists.change_rows(queries.changes(request.user))
    sheet = lists.changes_at(timezone.localdate())
    page = kit_lists.page_of(sheet, rows, request.GET, person=request.user)
    context = {"page": page, "views": views_of(), "sentence": sentence_of(request.user)}
    return render(request, "changes/changes.html", context)


def sentence_of(person: org.Person) -> str:
    """「2 项变更的评审已逾期，其中 1 项由您负责」 — what the list answers first."""
    today = timezone.localdate()
    late = queries.changes(person).filter(queries.waiting(), due_on__lt=today).count()
    mine = queries.due_for(person, today).count()
    words = (
        ngettext("The review of %(n)s change is overdue.", "The reviews of %(n)s changes are overdue.", late)
        % {"n": late}
        if late
        else _("No review is overdue.")
    )
    if mine:
        words += " " + ngettext(
            "%(n)s of yours is due within five working days, or overdue.",
            "%(n)s of yours are due within five working days, or overdue.",
            mine,
        ) % {"n": mine}
    return words


def found(request: pages.Request, number: str) -> models.Change:
    """The change, if the person may see it; else 404."""
    return get_object_or_404(queries.with_all(queries.changes(request.user)), number=number)


@pages.page(Permission.CHANGES_SEE)
def change(request: pages.Request, number: str) -> HttpResponse:
    """One change: its clock, its review, what follows for PPAP, products, documents and suppliers."""
    row, today = found(request, number), timezone.localdate()
    may_edit = access.may_edit(request.user, row)
    clock = queries.clock(row, today, queries.Calendars())
    context = {
        "change": row,
        "clock": clock,
        "standing": lists.standing_badge(row, clock.standing),
        "weeks": shown_weeks(clock),
        "weekdays": lists.WEEKDAYS,
        "steps": steps_of(row),
        "applications": [(each, lists.application_badge(each)) for each in row.applications.all()],
        "documents": row.documents.all(),
        "suppliers": row.suppliers.all(),
        "may_edit": may_edit,
        "may_work": may_edit and row.dropped_at is None,
        "may_implement": row.result == models.Result.TAKE_OVER,
        "has_before": row.edition is not None and row.edition.follows_id is not None,
        "today": today,
        "sees_edition": row.edition is not None and sources_queries.SEE in _held(request.user),
    }
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "changes/change.html", context)


def _held(person: org.Person) -> list[str]:
    return [sources_queries.SEE] if person.may(sources_queries.SEE) else []


def shown_weeks(clock: queries.Clock) -> list[list[dict[str, Any] | None]]:
    """The weeks of a count as they are drawn: each day with its words and with what stands on it."""
    marks = {
        rules.Occasion.FIRST: "T-5", rules.Occasion.SECOND: "T-2", rules.Occasion.TODAY: "T0",
    }  # fmt: skip
    standing_on: dict[date, list[str]] = {}
    for occasion, on in clock.occasions.items():
        if occasion in marks:
            standing_on.setdefault(on, []).append(marks[occasion])
    return [[_drawn(day, clock, standing_on) if day else None for day in week] for week in clock.weeks]


def _drawn(day: rules.Day, clock: queries.Clock, standing_on: dict[date, list[str]]) -> dict[str, Any]:
    return {
        "day": day,
        "words": lists.day_words(day),
        "marks": standing_on.get(day.on, []),
        "is_due": day.on == clock.change.due_on,
        "is_today": day.on == clock.today,
        "is_reviewed": day.on == clock.change.reviewed_on,
        "is_late": day.on > clock.change.due_on,
    }


def steps_of(row: models.Change) -> list[tuple[str, str, str, Any]]:
    """The days of a change in their order: key, words, state, day."""
    days = [
        ("published", _("Published on"), row.published_on),
        ("notified", _("Notified on"), row.notified_on),
        ("received", _("Received on"), row.received_on),
        ("reviewed", _("Reviewed on"), row.reviewed_on),
        ("implemented", _("Implemented on"), row.implemented_on),
        ("verified", _("Verified on"), row.verified_on),
    ]
    return [(key, words, "done" if on else "open", on) for key, words, on in days]


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def change_add(request: pages.Request) -> HttpResponse:
    """Record a change; with `?edition=` the one that comes with an edition."""
    now = timezone.now()
    form = forms.NewChange(*editing.sent(request), person=request.user, initial=_initial(request))

    @transaction.atomic
    def add() -> str:
        said = form.cleaned_data
        return actions.add(by=request.user, now=now, reason=said["reason"], **form.facts()).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, add),
        said=_("The change is on record. Its clock is running."),
        title=_("Add a change"),
        sentence=_("The clock runs from the day that the company's rule names, in working days of the site."),
        verb=_("Add"),
        back=reverse("changes:changes"),
    )


def _initial(request: pages.Request) -> dict[str, Any]:
    """What is known already: from an edition, or whose change it is."""
    said: dict[str, Any] = {"customer": request.GET.get("customer", "")[:20]}
    asked = request.GET.get("edition", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        edition = sources_queries.editions(request.user).select_related("document").filter(pk=int(asked)).first()
        if edition is not None:
            said |= {
                "edition": edition.pk, "title": edition.subject_label, "customer": edition.document.customer_id,
                "received_on": edition.received_on, "notified_on": edition.notified_on,
                "published_on": edition.published_on, "sites": edition.document.sites.all(),
            }  # fmt: skip
    return said


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def change_change(request: pages.Request, number: str) -> HttpResponse:
    """Set right what was said of a change."""
    row = found(request, number)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {key: getattr(row, key) for key in actions.COLUMNS} | {
        "sites": row.sites.all(), "scope": row.own_scope_id, "version": row.version,
    }  # fmt: skip
    form = forms.ChangedChange(*editing.sent(request), person=request.user, row=row, initial=initial)

    def act() -> str:
        said = form.cleaned_data
        actions.change(
            change=row, by=request.user, now=timezone.now(), expected=said["version"], reason=said["reason"],
            **form.facts(),
        )  # fmt: skip
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Change %(label)s") % {"label": row.number},
        verb=_("Save"), back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def change_drop(request: pages.Request, number: str) -> HttpResponse:
    """It is none of ours, or was taken back: the clock stops."""
    row = found(request, number)
    form = forms.Reason(*editing.sent(request), initial={"version": row.version})

    def act() -> None:
        said = form.cleaned_data
        actions.drop(change=row, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"])

    return editing.answer(
        request, form, act=act, said=_("The change was dropped."), title=_("Drop %(number)s") % {"number": row.number},
        sentence=_("It stays in the ledger with the reason; its clock stops."), verb=pgettext("change", "Drop"),
        back=row.get_absolute_url(), danger=True,
        undo=lambda: undoing.offer(request.user, "changes.dropped", change=row.pk, version=row.version),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=("POST",))
def change_take_up(request: pages.Request, number: str) -> HttpResponse:
    """Take a dropped change up again."""
    row = found(request, number)
    actions.take_up(change=row, by=request.user, now=timezone.now(), expected=row.version)
    pages.done(request, _("The change was taken up again. Its clock is running."))
    return redirect(row.get_absolute_url())


# Panels of other pages ------------------------------------------------------------------------------------------------


def _shown(rows: QuerySet[models.Change]) -> list[tuple[models.Change, tuple[str, str]]]:
    calendars, today = queries.Calendars(), timezone.localdate()
    return [(row, lists.standing_badge(row, queries.standing_of(row, today, calendars))) for row in rows]


@pages.page(Permission.CHANGES_SEE)
def of_customer(request: pages.Request, pk: int) -> HttpResponse:
    """The newest changes of a customer and of those above it."""
    customer = get_object_or_404(customers_queries.customers(request.user), pk=pk)
    rows = queries.of_customer(request.user, customer).order_by("-started_on", "-pk")[:20]
    return render(request, "changes/of_customer.html", {"customer": customer, "changes": _shown(rows)})


@pages.page(Permission.CHANGES_SEE)
def of_edition(request: pages.Request, pk: int) -> HttpResponse:
    """The change that came with an edition, or the way to record one."""
    edition = get_object_or_404(sources_queries.editions(request.user).select_related("document"), pk=pk)
    rows = queries.changes(request.user).filter(edition=edition)
    context = {"edition": edition, "changes": _shown(rows), "may_add": _may_add(request.user, edition)}
    return render(request, "changes/of_edition.html", context)


def _may_add(person: org.Person, edition: sources.Edition) -> bool:
    """Whether a change may be recorded for this edition: somebody's whom it concerns may have one that is not seen."""
    is_free = not models.Change.objects.filter(edition=edition).exists()
    return is_free and edition.document.customer_id is not None and access.may_edit(person)
