"""Doing the same with several rows of a list: what is asked, how far it is, what became of each row."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yinuo.kit import bulk as kit_bulk
from yinuo.kit import editing, lists, pages, plugs, refusals
from yinuo.kit.templatetags import kit as tags
from yinuo.org import models
from yinuo.org.actions import batches as actions
from yinuo.org.forms import keeping as forms

SHOWN = 8  # rows named before one acts
State = models.BatchRow.State


@pages.page(pages.SIGNED_IN, methods=editing.READ_WRITE)
def bulk(request: pages.Request, sheet: str, act: str) -> HttpResponse:
    """What is asked before something is done with several rows; then it is done, row by row."""
    it, me = _act(f"{sheet}/{act}", request), request.user
    chosen = forms.Chosen(request.POST or None, initial=_asked_for(it, request))
    form = it.form(me, request.POST or None)
    if request.method == "POST" and chosen.is_valid() and form.is_valid():
        return _begin(request, it, chosen)
    picks = kit_bulk.read_picks(str(chosen["picks"].value() or "").split(","))
    back = _back(request, str(chosen["back"].value() or ""))
    pages.stand_at(request, back)
    context = {
        "form": form,
        "chosen": chosen,
        "title": tags.in_language(it.plug),
        "count": len(picks),
        "named": _named(it, picks, me),
        "more": max(len(picks) - SHOWN, 0),
        "is_many": len(picks) > kit_bulk.AT_ONCE,
        "is_most": len(picks) == kit_bulk.MOST,
        "is_grave": it.is_grave,
        "back": back,
    }
    return render(request, "org/batches/ask.html", context, status=422 if form.is_bound else 200)


def _named(act: kit_bulk.Act, picks: list[kit_bulk.Pick], person: models.Person) -> list[str]:
    """The first of the rows by name."""
    found = act.rows(person).in_bulk([pick.row for pick in picks[:SHOWN]])
    return [act.label(found[pick.row]) for pick in picks[:SHOWN] if pick.row in found]


def _act(name: str, request: pages.Request) -> kit_bulk.Act:
    try:
        act = kit_bulk.act_of(name)
    except plugs.UnknownPlug:
        raise Http404 from None
    if not act.may(request.user):
        raise refusals.NotAllowed()
    return act


def _asked_for(act: kit_bulk.Act, request: pages.Request) -> dict[str, str]:
    """The rows that the address names; or, with `found`, the first of all that the list finds."""
    picks = request.GET.getlist("pick")
    if "found" in request.GET:
        query, person = QueryDict(request.GET["found"][:4000]), request.user
        sheet = act.plug.about["sheet"](person)
        rows = lists.found_by(sheet, act.rows(person), query, person=person, most=kit_bulk.MOST)
        picks = [kit_bulk.written(row) for row in rows]
    return {"picks": ",".join(picks), "back": request.GET.get("back", "")[:2000]}


def _back(request: pages.Request, wanted: str) -> str:
    return pages.local_address(wanted, request) or "/"


def _begin(request: pages.Request, act: kit_bulk.Act, chosen: forms.Chosen) -> HttpResponse:
    """Take it up once; do it here where it is little, and say what came of it."""
    me, now, data = request.user, timezone.now(), chosen.cleaned_data
    picks = kit_bulk.read_picks(data["picks"].split(","))
    asked = {name: [each[:4000] for each in request.POST.getlist(name)[:500]] for name in act.form(me).fields}
    back = _back(request, data["back"])

    def create() -> str:
        batch = actions.begin(act=act, picks=picks, asked=asked, back=back, by=me, now=now)
        return reverse("org:batch", args=[batch.pk])

    url = editing.create_once(request, chosen, now, create)
    batch = models.Batch.objects.get(pk=int(url.rpartition("/")[2]))
    if len(picks) <= kit_bulk.AT_ONCE:
        actions.carry_out(batch=batch, now=now)
        if not batch.rows.exclude(state=State.DONE).exists():
            _say_done(request, act, batch)
            url = back
    if not request.htmx:
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response


def _say_done(request: pages.Request, act: kit_bulk.Act, batch: models.Batch) -> None:
    n = batch.rows.count()
    said = ngettext("%(act)s: %(n)s row done.", "%(act)s: %(n)s rows done.", n)
    undo = f"undo:{reverse('org:batch_undo', args=[batch.pk])}" if act.undo else ""
    messages.success(request, said % {"act": tags.in_language(act.plug), "n": n}, extra_tags=undo)


@pages.page(pages.SIGNED_IN)
def batch(request: pages.Request, pk: int) -> HttpResponse:
    """How far it is, and what became of each row."""
    it = get_object_or_404(models.Batch, pk=pk, person=request.user.pk)
    pages.stand_at(request, it.back)
    rows = list(it.rows.order_by("pk"))
    act = kit_bulk.act_of(it.act)
    context: dict[str, Any] = {
        "batch": it,
        "title": tags.in_language(act.plug),
        "left": [row for row in rows if row.state == State.LEFT],
        "done": [row for row in rows if row.state in (State.DONE, State.UNDONE)],
        "settled": sum(row.state != State.WAITING for row in rows),
        "waiting": sum(row.state == State.WAITING for row in rows),
        "count": len(rows),
        "may_undo": it.undone_at is None and actions.may_undo(request.user, it, timezone.now()),
    }
    return render(request, "org/batches/batch.html", context)


@pages.page(pages.SIGNED_IN, methods=("POST",))
def batch_undo(request: pages.Request, pk: int) -> HttpResponse:
    """Take back what was just done, row by row."""
    it = get_object_or_404(models.Batch, pk=pk, person=request.user.pk)
    actions.undo(batch=it, by=request.user, now=timezone.now())
    kept = it.rows.filter(state=State.DONE).count()
    if kept:
        return redirect("org:batch", pk=it.pk)
    pages.done(request, _("Undone."))
    return redirect(it.back)
