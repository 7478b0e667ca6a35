"""What is watched: the overview of portals and pages, the list of pages, one page with its visits."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.customers import lists as customers_lists
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers import rules as customers_rules
from yinuo.kit import editing, fetching, pages, plugs, subjects
from yinuo.kit import lists as kit_lists
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.watches import access, forms, lists, models, queries, rules
from yinuo.watches.actions import pages as actions
from yinuo.watches.actions import visiting

SHOWN = 50  # portals and visits on one page; the lists have all
SEE, EDIT = Permission.WATCHES_SEE, Permission.WATCHES_EDIT


def views_of(person: org.Person) -> list[tuple[str, str, int, str]]:
    """The overview and the list of pages, as tabs."""
    return [
        ("overview", pgettext("watch", "Overview"), 0, reverse("watches:overview")),
        ("watched", _("Watched pages"), queries.waiting_for(person).count(), reverse("watches:watched")),
    ]


@pages.page(SEE)
def overview(request: pages.Request) -> HttpResponse:
    """What is due, missed and changed: checks of portals and watched pages together."""
    person, today = request.user, timezone.localdate()
    since = today - timedelta(weeks=customers_rules.WEEKS)
    portals = customers_queries.portals(person).filter(is_active=True).select_related("customer", "keeper")
    shown = list(portals.order_by("next_check_on", "pk")[:SHOWN])
    weeks = customers_queries.weeks(shown, today)
    due = [row for row in shown if row.next_check_on and row.next_check_on <= today]
    waiting = list(queries.waiting(person)[:SHOWN])
    context = {
        "views": views_of(person),
        "sentence": sentence_of(due, waiting, today),
        "due": [(row, customers_lists.check_state(row)) for row in due],
        "waiting": [(row, lists.state_badge(row)) for row in waiting],
        "portals": [(row, weeks[row.pk]) for row in shown],
        "made": customers_queries.made(customers_queries.all_checks(person).filter(was_due_on__gte=since)),
        "watched": queries.pages(person).filter(is_active=True).count(),
    }
    return render(request, "watches/overview.html", context)


def sentence_of(due: list[customers.Portal], waiting: list[models.Page], today: Any) -> str:
    """「2 个门户待检查，其中 1 个已逾期；1 个网页有变化」 — what the overview answers first."""
    parts = []
    if due:
        parts.append(
            ngettext("%(n)s portal is to be checked", "%(n)s portals are to be checked", len(due)) % {"n": len(due)}
        )
        late = sum(row.next_check_on < today for row in due)
        if late:
            parts.append(ngettext("%(n)s of them is overdue", "%(n)s of them are overdue", late) % {"n": late})
    changed = sum(row.state == models.State.CHANGED for row in waiting)
    if changed:
        parts.append(ngettext("%(n)s page has changed", "%(n)s pages have changed", changed) % {"n": changed})
    lost = len(waiting) - changed
    if lost:
        parts.append(ngettext("%(n)s page cannot be reached", "%(n)s pages cannot be reached", lost) % {"n": lost})
    return _("%(what)s.") % {"what": _(", ").join(parts)} if parts else _("Nothing is due and nothing has changed.")


@pages.page(SEE)
def watched(request: pages.Request) -> HttpResponse:
    """All watched pages."""
    rows = lists.page_rows(queries.pages(request.user))
    found = kit_lists.page_of(lists.PAGES, rows, request.GET, person=request.user)
    waiting = list(queries.waiting(request.user)[:SHOWN])
    context = {"page": found, "views": views_of(request.user), "sentence": sentence_of([], waiting, None)}
    return render(request, "watches/watched.html", context)


def _page(request: pages.Request, pk: int) -> models.Page:
    rows = queries.pages(request.user).select_related(
        "customer", "document__customer", "keeper", "deputy", "base", "latest__decided_by"
    )
    return get_object_or_404(rows, pk=pk)


@pages.page(SEE)
def page(request: pages.Request, pk: int) -> HttpResponse:
    """One page: how it stands, what changed, every visit."""
    row = _page(request, pk)
    base, latest = row.base, row.latest
    is_open = row.state == models.State.CHANGED
    hunks = []
    if is_open and base is not None and latest is not None and not latest.is_file:
        hunks = rules.changes(base.text, latest.text, ignores_numbers=row.ignores_numbers)
    context = {
        "page": row,
        "state": lists.state_badge(row),
        "is_open": is_open,
        "hunks": hunks,
        "is_example": fetching.is_example(row.address),
        "visits": [
            (each, lists.outcome_badge(each), lists.trouble_of(each), _ways_on(each, row, request.user))
            for each in queries.visits(row)[:SHOWN]
        ],
        "others": lists.others_of(row),
        "may_edit": access.may_edit(request.user, row),
        "may_decide": access.may_decide(request.user, row),
    }
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return render(request, "watches/page.html", context)


@pages.page(SEE)
def difference(request: pages.Request, pk: int, visit: int) -> HttpResponse:
    """What one visit found that was not there before it."""
    row = _page(request, pk)
    found = get_object_or_404(row.visits, pk=visit)
    kept = row.visits.filter(pk__lt=found.pk).exclude(outcome__in=(models.Outcome.SAME, models.Outcome.FAILED))
    before = kept.order_by("-pk").first()
    hunks = rules.changes(before.text if before else "", found.text, ignores_numbers=row.ignores_numbers)
    return render(request, "watches/difference.html", {"page": row, "visit": found, "before": before, "hunks": hunks})


def _ways_on(visit: models.Visit, row: models.Page, person: org.Person) -> list[tuple[plugs.Plug[Any], str]]:
    """What rooms offer to do with what a visit found, plugged in as `watches.visit/<room>`."""
    if visit.decision not in (models.Decision.EDITION, models.Decision.REPORT):
        return []
    ref = subjects.Ref("watches.visit", visit.pk, visit.remark, "", row.scope_id, row.site_id)
    ways = [plug for plug in plugs.panels if plug.name.partition("/")[0] == ref.type]
    return [(way, url) for way in ways if (url := way.function(ref, person))]


@pages.page(EDIT, methods=editing.READ_WRITE)
def page_add(request: pages.Request) -> HttpResponse:
    """Watch a page from now on."""
    now = timezone.now()
    initial = {
        "keeper": request.user.pk,
        "customer": request.GET.get("customer", ""),
        "document": request.GET.get("document", ""),
    }
    form = forms.NewPage(*editing.sent(request), person=request.user, initial=initial)
    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(
            request, form, now, lambda: actions.add(by=request.user, now=now, **form.facts()).get_absolute_url()
        ),
        said=_("The page is watched from now on."),
        title=_("Watch a page"),
        sentence=_("Public pages only: portals behind a password are checked by people."),
        verb=_("Watch"),
        back=reverse("watches:watched"),
    )


@pages.page(EDIT, methods=editing.READ_WRITE)
def page_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change what is watched and who is told."""
    row = _page(request, pk)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {**{key: getattr(row, key) for key in actions.COLUMNS}, "version": row.version}
    initial["others"] = list(row.others.all())
    form = forms.ChangedPage(*editing.sent(request), person=request.user, row=row, initial=initial)

    def change() -> str:
        expected = form.cleaned_data["version"]
        actions.change(page=row, by=request.user, now=timezone.now(), expected=expected, **form.facts())
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=change, said=_("Saved."), title=_("Change %(label)s") % {"label": row.name},
        sentence=_("With another address or part the page begins anew."), verb=_("Save"), back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(SEE, methods=("POST",))
def page_look(request: pages.Request, pk: int) -> HttpResponse:
    """Have it looked at now."""
    row = _page(request, pk)
    actions.look_now(page=row, by=request.user, now=timezone.now())
    pages.done(request, _("The page is being looked at; what came of it stands here in a moment."))
    return redirect(row.get_absolute_url())


@pages.page(SEE, methods=editing.READ_WRITE)
def page_decide(request: pages.Request, pk: int) -> HttpResponse:
    """Say what a change means; the way on stands on the page then."""
    row = _page(request, pk)
    if not access.may_decide(request.user, row):
        return pages.forbidden(request)
    form = forms.Decide(*editing.sent(request), initial={"version": row.version})

    def decide() -> str:
        said = form.cleaned_data
        visit = visiting.decide(
            page=row, decision=said["decision"], remark=said["remark"], by=request.user, now=timezone.now(),
            expected=said["version"],
        )  # fmt: skip
        ways = {way.name.partition("/")[2]: url for way, url in _ways_on(visit, row, request.user)}
        return ways.get({"edition": "watches", "report": "cases"}.get(visit.decision, ""), row.get_absolute_url())

    answered = editing.answer(
        request, form, act=decide, said=_("Kept. The page is watched on."), title=_("What does the change mean?"),
        verb=_("Keep"), back=row.get_absolute_url(),
    )  # fmt: skip
    return editing.led_away(request, answered) if form.is_bound and _leads_on(form) else answered


def _leads_on(form: forms.Decide) -> bool:
    """Whether what was decided is to be taken up elsewhere."""
    return form.data.get("decision") in (models.Decision.EDITION, models.Decision.REPORT)
