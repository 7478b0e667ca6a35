"""Absence and delegation: who is away, who stands in, entering one's own."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import pages
from yinuo.org import access, models, queries, rules
from yinuo.org.actions import absences as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import people as forms
from yinuo.org.pages import showing

GET_POST = ("GET", "HEAD", "POST")
WEEKS = 6


@pages.page(Permission.ORG_SEE)
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away now and in the coming weeks, and who stands in."""
    me, now = showing.person(request), timezone.now()
    found = list(
        models.Absence.objects.filter(cancelled_at=None, to_at__gt=now, from_at__lt=now + timedelta(weeks=WEEKS))
        .select_related("person", "delegate")
        .order_by("from_at", "pk")
    )
    whom = set(_whom(me))
    today = timezone.localtime(now).date()
    last = today + timedelta(weeks=WEEKS)
    spans = [
        (max(timezone.localtime(a.from_at).date(), today), min(timezone.localtime(a.to_at).date(), last)) for a in found
    ]
    away: dict[int, int | None] = {a.person_id: a.delegate_id for a in found if a.from_at <= now}
    acting = models.Person.objects.in_bulk({pk for pk in (rules.stand_in(p, away) for p in away) if pk})
    rows = [
        {
            "absence": absence,
            "bar": rules.bar_within(start, end, today, last),
            "now": absence.from_at <= now,
            "acting": acting.get(rules.stand_in(absence.person_id, away) or 0),
            "mine": absence.person_id in whom,
        }
        for absence, (start, end) in zip(found, spans, strict=True)
    ]
    return showing.shown(
        request, "absences", "absences", rows=rows, away=sum(row["now"] is True for row in rows), today=today, last=last
    )


@pages.page(pages.SIGNED_IN, methods=GET_POST)
def absence_new(request: HttpRequest) -> HttpResponse:
    """Enter an absence: one's own, or somebody's one is superior to."""
    me, now = showing.person(request), timezone.now()

    def act(data: dict[str, Any]) -> str:
        actions.enter_absence(**data, by=me, now=timezone.now())
        return _back(me)

    calendar = queries.calendar(me.site_id)
    day = calendar.working_day(now, 1)
    initial = {
        "person": request.GET.get("person") or me.pk,
        "from_at": calendar.opening(day),
        "to_at": calendar.closing(day),
    }
    form = forms.NewAbsence(request.POST or None, initial=initial)
    form.fields["person"].queryset = queries.people().filter(pk__in=_whom(me))  # type: ignore[attr-defined]
    return showing.acted(request, form, act, title=_("Enter absence"), verb=_("Enter it"), back=_back(me))


@pages.page(pages.SIGNED_IN, methods=GET_POST)
def absence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an absence, or come back earlier."""
    me = showing.person(request)
    row = _mine(me, pk)

    def act(data: dict[str, Any]) -> str:
        actions.change_absence(absence=row, **data, by=me, now=timezone.now())
        return _back(me)

    form = forms.ChangeAbsence(request.POST or None, initial=showing.initial_of(row, forms.ChangeAbsence))
    title = _("Absence of %(name)s") % {"name": row.person.name}
    return showing.acted(request, form, act, title=title, verb=_("Save"), back=_back(me))


@pages.page(pages.SIGNED_IN, methods=GET_POST)
def absence_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an absence off."""
    me = showing.person(request)
    row = _mine(me, pk)

    def act(data: dict[str, Any]) -> str:
        actions.cancel_absence(absence=row, **data, by=me, now=timezone.now())
        return _back(me)

    form = forms.Seen(request.POST or None, initial={"version": row.version})
    title = _("Call off the absence of %(name)s") % {"name": row.person.name}
    return showing.acted(request, form, act, title=title, verb=_("Call off"), back=_back(me), danger=True)


def _back(me: models.Person) -> str:
    return reverse("org:absences" if me.may(Permission.ORG_SEE) else "org:me")


def _mine(me: models.Person, pk: int) -> models.Absence:
    """An absence that the person may change."""
    row = get_object_or_404(models.Absence.objects.select_related("person__superior"), pk=pk, cancelled_at=None)
    if not access.may_enter_absence(me, row.person, queries.superior_of(row.person, timezone.localdate())):
        raise Http404
    return row


def _whom(me: models.Person) -> list[int]:
    """Whose absence somebody may enter: for the choice only, the action asks again."""
    if access.may_manage_somewhere(me):
        return list(queries.people().values_list("pk", flat=True))
    return [me.pk, *queries.reports_of(me, timezone.localdate())]
