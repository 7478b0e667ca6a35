"""Handing over what somebody has in hand: what there is, who gets what, and what became of it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.kit import duties, once, pages, refusals
from yinuo.org import access, models, queries
from yinuo.org.actions import handing_over as actions
from yinuo.org.definition import Permission
from yinuo.org.forms import handing_over as forms
from yinuo.org.forms.fields import in_language
from yinuo.org.pages import showing

MOST = 200  # rows of the record that one page shows
FIRST = 5  # things of a kind that the preview names
EARLIER = 10
State = models.HandedOver.State


@pages.page(Permission.ORG_SEE, methods=("GET", "HEAD", "POST"))
def person_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What somebody has in hand; who is to get it; then, seen once more as a whole, it is done."""
    row = get_object_or_404(models.Person.objects.select_related("site", "superior"), pk=pk)
    me, now = showing.person(request), timezone.now()
    if not access.may_hand_over(me, row, queries.superior_of(row, timezone.localtime(now).date())):
        raise refusals.NotAllowed()
    found, near = queries.in_hand(row, me, now), queries.successors(row, now)
    form = forms.HandingOver(
        request.POST or None,
        person=row,
        in_hand=found,
        near=near,
        now=now,
        may_leave=row.is_active and access.may_manage_person(me, row),
        initial={
            "version": row.version,
            "to": near[0].person if near else None,
            "last_on": row.left_on or timezone.localtime(now).date(),
            "leaves": row.left_on is not None,
            "seen": forms.seen_of(found),
        },
    )
    step = request.POST.get("step", "")
    if step == "do" and form.is_valid():
        url = _do(form, row, me, now)
        if url:
            return redirect(url)
    elif step not in ("", "edit") and form.is_valid():
        return _preview(request, row, form)
    context = {
        "person": row, "form": form, "near": near, "in_hand": found, "sentence": in_words(row, found),
        "hidden": _hidden(row, found, now), "earlier": row.hand_overs.select_related("by").order_by("-pk")[:EARLIER],
    }  # fmt: skip
    status = 422 if step not in ("", "edit") else 200
    response = showing.shown(request, "hand_over_new", "people", **context)
    response.status_code = status
    return response


def in_words(row: models.Person, found: Sequence[queries.InHand]) -> str:
    """李娜 手上有 7 项待办、3 个案件。"""
    things = [in_language(kind.counted) for kind in found if kind.held.duties]
    if not things:
        return _("%(name)s has nothing in hand that you could hand over.") % {"name": row.name}
    listed = pgettext("between things", ", ").join(things)
    return _("%(name)s has in hand: %(things)s.") % {"name": row.name, "things": listed}


def offer(request: HttpRequest, row: models.Person) -> tuple[str, str] | None:
    """What is said beside the end of an account or a post while there is something in hand."""
    me, now = showing.person(request), timezone.now()
    if not access.may_hand_over(me, row, queries.superior_of(row, timezone.localtime(now).date())):
        return None
    found = [kind for kind in queries.in_hand(row, me, now) if kind.held.duties and kind.plug.name != "org.post"]
    return (in_words(row, found), reverse("org:person_hand_over", args=[row.pk])) if found else None


def _hidden(row: models.Person, found: Sequence[queries.InHand], now: datetime) -> list[str]:
    """What whoever looks has no right to see, and who has. Of what is confidential not even the number is told."""
    said = []
    for kind in found:
        if kind.held.hidden:
            on = timezone.localtime(now).date()
            people = queries.who_may(kind.plug.about["needs"], besides=[row.pk], on=on)
            names = pgettext("between names", ", ").join(person.name for person in people)
            things = in_language(queries.counted(kind.plug, kind.held.hidden))
            sentence = _("Not shown, as you have no right to see it: %(things)s. It may be handed over by %(names)s.")
            said.append(sentence % {"things": things, "names": names or "–"})
    return said


def _preview(request: HttpRequest, row: models.Person, form: forms.HandingOver) -> HttpResponse:
    """Who gets what, what stays, and what will probably be refused; nothing is done yet."""
    kinds = {kind.plug.name: kind for kind in form.in_hand}
    given: dict[models.Person, dict[str, list[duties.Duty]]] = defaultdict(lambda: defaultdict(list))
    stays, doubtful = [], []
    for kind, duty, to in form.plan():
        if to is None:
            stays.append((kind, duty))
            continue
        given[to][kind.plug.name].append(duty)
        if not to.may(kind.plug.about["sees"], duty.subject.scope_id, duty.subject.site_id):
            doubtful.append((duty, to))
    away = dict(queries.absences_at(timezone.now()).filter(person__in=given).values_list("person_id", "to_at"))
    successors = [
        (to, away.get(to.pk), [_listed(kinds[name], found) for name, found in things.items()])
        for to, things in given.items()
    ]
    sent = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context = {
        "person": row, "data": form.cleaned_data, "successors": successors, "stays": stays[:MOST],
        "stay_count": len(stays), "doubtful": doubtful[:MOST],
        "sent": [each for each in sent if each[0] not in ("csrfmiddlewaretoken", "step")],
        "in_background": sum(len(d) for things in given.values() for d in things.values()) > actions.AT_ONCE,
    }  # fmt: skip
    return showing.shown(request, "hand_over_preview", "people", **context)


def _listed(kind: queries.InHand, found: list[duties.Duty]) -> tuple[str, list[duties.Duty], int]:
    """How much of a kind, the first of it, and how many more."""
    first = found[:FIRST]
    return in_language(queries.counted(kind.plug, len(found))), first, len(found) - len(first)


def _do(form: forms.HandingOver, row: models.Person, me: models.Person, now: datetime) -> str:
    """Hand over as chosen; the address of the record, or nothing when it was refused."""
    data, begun = form.cleaned_data, []

    def create() -> str:
        begun.append(
            actions.begin(
                person=row, choices=form.choices(), reason=data["reason"], last_on=data["last_on"],
                leaves=bool(data.get("leaves")) and row.left_on != data["last_on"], expected=data["version"], by=me,
                now=now,
            )
        )  # fmt: skip
        return begun[0].get_absolute_url()

    try:
        url = once.once(data["once"], person_id=me.pk, now=now, create=create)
    except refusals.NotAllowed:
        raise
    except refusals.Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return ""
    if begun and begun[0].rows.count() <= actions.AT_ONCE:
        actions.carry_on(hand_over=begun[0], by=me, now=now)
    return url


@pages.page(Permission.ORG_SEE)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of a hand-over: what was given to whom, what stayed and why; while it goes on, how far it is."""
    row = get_object_or_404(models.HandOver.objects.select_related("person", "by"), pk=pk)
    return showing.shown(request, "hand_over", "people", **_record(request, row))


@pages.page(Permission.ORG_SEE)
def hand_over_state(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the record that changes while it goes on."""
    row = get_object_or_404(models.HandOver.objects.select_related("person", "by"), pk=pk)
    return render(request, "org/hand_over_state.html", _record(request, row))


def _record(request: HttpRequest, row: models.HandOver) -> dict[str, Any]:
    me, today = showing.person(request), timezone.localdate()
    may = access.may_hand_over(me, row.person, queries.superior_of(row.person, today))
    shown = queries.handed_over(row, me)
    if not may:
        shown = shown.filter(to=me)
        if not shown.exists():
            raise Http404
    done, left = shown.filter(state=State.DONE), shown.filter(state=State.LEFT)
    total, done_count, left_count = shown.count(), done.count(), left.count()
    return {
        "hand_over": row, "person": row.person, "may": may, "left": left[:MOST],
        "done": _by_successor(done) if row.finished_at else [],
        "done_count": done_count, "left_count": left_count, "total": total, "tried": done_count + left_count,
        "share": 100 * (done_count + left_count) // total if total else 100, "most": MOST,
    }  # fmt: skip


def _by_successor(rows: QuerySet[models.HandedOver]) -> list[tuple[models.Person, int, list[models.HandedOver]]]:
    """Each successor with how much they got, and the first of it."""
    counts: dict[int, int] = dict(rows.order_by().values_list("to").annotate(n=Count("pk")))
    found: dict[models.Person, list[models.HandedOver]] = defaultdict(list)
    for each in rows[:MOST]:
        found[each.to].append(each)
    return [(to, counts[to.pk], things) for to, things in found.items()]
