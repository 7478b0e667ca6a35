"""Moving cards: to whom and why, in a dialog or on a page of its own; and taking a move back."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.kit import editing, pages, refusals, rows
from yinuo.notify import rules as notify_rules
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures
from yinuo.reports import forms, lists
from yinuo.reports.actions import moving
from yinuo.reports.pages import board
from yinuo.reports.queries import candidates

MOST = 50  # cards moved at once
AMONG = 200  # people offered
SALT = "reports.board.undo"
UNDO_SECONDS = 60  # the notice offers it for ten, the way there takes a little


def _cards_in(request: pages.Request) -> dict[int, int]:
    """The tasks of the chosen cards with the versions that were shown."""
    said = (request.POST if request.method == "POST" else request.GET).getlist("card")
    found = {}
    for each in said[:MOST]:
        key, _colon, version = each.partition(":")
        task, seen = rows.key_in(key), rows.key_in(version)
        if task is not None and seen is not None:
            found[task] = seen
    return found


@pages.page(Permission.PROCEDURES_STEER, methods=editing.READ_WRITE)
def board_move(request: pages.Request) -> HttpResponse:
    """Who gets the cards, and why: each candidate with load, absence and whether they are qualified."""
    person, now = request.user, timezone.now()
    chosen = board.chosen_in(request, lists.sites(person), now)
    back = f"{reverse('reports:board')}?{urlencode(chosen.query)}"
    seen = _cards_in(request)
    if not seen:
        messages.warning(request, _("Please choose at least one task on the board."))
        return redirect(back)
    tasks = candidates.tasks_of(person, list(seen))
    if not tasks:
        raise Http404
    staff = board.staff_of(person, chosen, now, AMONG)
    form = forms.Move(
        *editing.sent(request),
        among=[each.pk for each in staff.people],
        initial={"to": rows.key_in(request.GET.get("to", ""))},
    )
    owned = candidates.owned(person, tasks) if person.may(Permission.CASES_STEER) else {}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        cards = [_seen(task, seen, owned if said["with_case"] else {}, request) for task in tasks]
        outcomes = moving.move_all(cards=cards, to=said["to"], reason=said["reason"], by=person, now=now)
        if not _refused(form, outcomes):
            _tell(request, outcomes, said["to"])
            return redirect(back)
    context = {
        "form": form,
        "tasks": [(f"{task.pk}:{seen[task.pk]}", _label(task), task.responsible) for task in tasks],
        "candidates": candidates.candidates(person, staff, tasks, now),
        "wanted": str(form["to"].value() or ""),
        "owned": [(case.pk, case.version, case.number) for case in owned.values()],
        "reasons": [
            _("Balancing the load"),
            pgettext("reason", "Somebody is absent"),
            _("Better qualified"),
            _("Change of duties"),
        ],
        "title": _("Move to …"),
        "back": back,
    }
    return render(request, "reports/board_move.html", context, status=422 if form.is_bound else 200)


def _seen(task: procedures.Task, seen: dict[int, int], owned: dict[int, Any], request: pages.Request) -> moving.Seen:
    """A card as it was shown; its request too, if its owner is to change."""
    case = owned.get(task.subject_id)
    version = rows.key_in(request.POST.get(f"case-{case.pk}", "")) if case else None
    is_its = case is not None and version is not None and case.owner_id == task.holder_id
    return moving.Seen(task, seen[task.pk], (case, version or 0) if case is not None and is_its else None)


def _label(task: procedures.Task) -> str:
    """CSR-2026-0413 技术评审."""
    number = notify_rules.number_of(task.subject_label) or task.subject_label
    return f"{number} {task.title}"


def _refused(form: forms.Move, outcomes: Sequence[moving.Outcome]) -> bool:
    """Nothing was moved, and another person or reason would change that: the form says so and stays."""
    refused = [each.refusal for each in outcomes if each.refusal is not None]
    if len(refused) < len(outcomes) or not all(each.field for each in refused):
        return False
    for sentence in dict.fromkeys(str(each) for each in refused):
        form.add_error(refused[0].field if refused[0].field in form.fields else None, sentence)
    return True


def _tell(request: pages.Request, outcomes: Sequence[moving.Outcome], to: org.Person) -> None:
    """What was moved, with the way back for ten seconds; then each card that was not, and why."""
    done = [each for each in outcomes if each.moved is not None]
    if done:
        if len(done) == 1:
            said = _("%(task)s is with %(who)s now.") % {"task": _label(done[0].task), "who": to.name}
        else:
            said = ngettext(
                "%(n)s task is with %(who)s now.", "%(n)s tasks are with %(who)s now.", len(done)
            ) % {"n": len(done), "who": to.name}  # fmt: skip
        messages.success(request, said, extra_tags=_undo_tag([each.moved for each in done if each.moved]))
    _tell_refused(request, outcomes)


def _tell_refused(request: pages.Request, outcomes: Sequence[moving.Outcome]) -> None:
    """One sentence for one card; of several, each with its own."""
    refused = [each for each in outcomes if each.refusal is not None]
    if len(outcomes) == 1 and refused:
        messages.warning(request, f"{_label(refused[0].task)}{_(': ')}{refused[0].refusal}")
    elif refused:
        lines = pgettext("refusals", "; ").join(
            f"{_label(each.task)}{_(': ')}{str(each.refusal).rstrip('。.')}" for each in refused
        )
        said = ngettext("Not moved, %(n)s task: %(lines)s.", "Not moved, %(n)s tasks: %(lines)s.", len(refused))
        messages.warning(request, said % {"n": len(refused), "lines": lines})


def _undo_tag(moved: Sequence[moving.Moved]) -> str:
    """What the notice needs to offer the way back: nothing where a task was nobody's before."""
    back = [asdict(each) for each in moved if each.had_people]
    if not back:
        return ""
    token = signing.dumps(back, salt=SALT, compress=True)
    return f"undo:{reverse('reports:board_undo')}?{urlencode({'moved': token})}"


@pages.page(Permission.PROCEDURES_STEER, methods=("POST",))
def board_undo(request: pages.Request) -> HttpResponse:
    """Move back what was just moved, if nobody has acted on it."""
    back = pages.back_to(request, reverse("reports:board"))
    try:
        said = signing.loads(request.GET.get("moved", ""), salt=SALT, max_age=UNDO_SECONDS)
    except signing.BadSignature:
        messages.warning(request, _("This can no longer be undone; hand the task over anew instead."))
        return redirect(back)
    _take_back(request, [moving.Moved(**each) for each in said], timezone.now())
    return redirect(back)


def _take_back(request: pages.Request, moved: Sequence[moving.Moved], now: datetime) -> None:
    done, refused = 0, []
    for each in moved:
        try:
            moving.take_back(moved=each, by=request.user, now=now)
        except refusals.Refusal as refusal:
            refused.append(str(refusal))
        else:
            done += 1
    if done:
        pages.done(request, ngettext("%(n)s task moved back.", "%(n)s tasks moved back.", done) % {"n": done})
    for sentence in dict.fromkeys(refused):
        messages.warning(request, sentence)
