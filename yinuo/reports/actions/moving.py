"""Moving work between desks on the board: each task on its own, by the actions that hand it over."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models as cases
from yinuo.cases.actions import reassigning
from yinuo.kit import refusals
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import handing, working
from yinuo.reports.queries import moved as moved_queries


class CannotMove(refusals.Refusal):
    """The task cannot be moved to this person."""


class AlreadyMoved(refusals.Refusal):
    """Somebody else has moved or changed the task since the board was shown."""


class CannotTakeBack(refusals.Refusal):
    """The move cannot be undone any more."""


@dataclass(frozen=True)
class Seen:
    """A card as it was moved: the task and the version that was shown; `case`: the request whose owner changes with
    it, with its version."""

    task: procedures.Task
    version: int
    case: tuple[cases.Case, int] | None = None


@dataclass(frozen=True)
class Moved:
    """What is needed to move a task back: its version after the move, what was entered in it, where it lay before; the
    request whose owner changed with it, as (key, version, owner before)."""

    task_id: int
    version: int
    entered: int
    holder_id: int | None
    post_id: int | None
    candidates: Sequence[int] = ()
    case: Sequence[int] | None = None

    @property
    def had_people(self) -> bool:
        """Whether there is somewhere to put it back to."""
        return bool(self.holder_id or self.post_id or self.candidates)


@dataclass(frozen=True)
class Outcome:
    """What became of one card: moved, or why not."""

    task: procedures.Task
    moved: Moved | None
    refusal: refusals.Refusal | None = None


def move_all(*, cards: Sequence[Seen], to: org.Person, reason: str, by: org.Person, now: datetime) -> list[Outcome]:
    """Move several cards to one person. Each is an act of its own: what cannot be moved stays and says why."""
    found = []
    for card in cards:
        try:
            found.append(Outcome(card.task, move(card=card, to=to, reason=reason, by=by, now=now)))
        except refusals.Refusal as refusal:
            found.append(Outcome(card.task, None, refusal))
    return found


@transaction.atomic
def move(*, card: Seen, to: org.Person, reason: str, by: org.Person, now: datetime) -> Moved:
    """Give a task to somebody who is there, as it was shown; who comes second is told who was first."""
    task = card.task
    before = procedures.Task.objects.only("holder", "post").get(pk=task.pk)
    candidates = list(before.candidacies.values_list("person_id", flat=True))
    _require_there(to, now)
    try:
        handing.reassign(task=task, to=to, reason=reason, by=by, now=now, expected=card.version)
    except working.AlreadyDone:
        raise AlreadyMoved(_done_words(task)) from None
    except refusals.Stale:
        raise AlreadyMoved(_moved_words(task)) from None
    case = _give_case(card, to, reason, by, now)
    return Moved(
        task.pk, task.version, _entered_in(task), before.holder_id, before.post_id, candidates=candidates, case=case
    )


def _give_case(card: Seen, to: org.Person, reason: str, by: org.Person, now: datetime) -> tuple[int, int, int] | None:
    """The request goes with its task to the new owner, if it is asked for and is not theirs already."""
    if card.case is None or card.case[0].owner_id in (None, to.pk):
        return None
    case, version = card.case
    owner = case.owner_id
    reassigning.reassign(case=case, owner=to, reason=reason, by=by, now=now, expected=version)
    return case.pk, case.version, owner or 0


def _require_there(to: org.Person, now: datetime) -> None:
    """Who is away or has left is given nothing: it would lie there, or go to somebody whom nobody chose."""
    if not to.is_active:
        raise CannotMove(_("%(who)s no longer works here. Please choose somebody else.") % {"who": to.name}, field="to")
    away = org_queries.absences_at(now).filter(person=to).order_by("-to_at").first()
    if away is not None:
        said = {"who": to.name, "until": _when(away.to_at)}
        raise CannotMove(_("%(who)s is away until %(until)s. Please choose somebody else.") % said, field="to")


def _when(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "Y-m-d H:i")


def _done_words(task: procedures.Task) -> str:
    current = procedures.Task.objects.select_related("closed_by").get(pk=task.pk)
    if current.closed_by is None or current.closed_at is None:
        return say("This task is not needed any more; there is nothing left to move.")
    said = {"who": current.closed_by.name, "when": _when(current.closed_at)}
    return say("%(who)s finished this task at %(when)s; there is nothing left to move.") % said


def _moved_words(task: procedures.Task) -> str:
    """Who moved it to whom, and when; else with whom it is now."""
    current = procedures.Task.objects.select_related("holder", "post").get(pk=task.pk)
    last = moved_queries.last_move(current)
    if last is None:
        said = {"who": current.responsible or "–"}
        return say("This task has changed since; it is with %(who)s now. The board shows it as it is.") % said
    said = {"by": last.by, "to": last.to, "when": _when(last.at)}
    return say("%(by)s already moved this task to %(to)s at %(when)s. The board shows it as it is.") % said


# Taking back ----------------------------------------------------------------------------------------------------------


def _entered_in(task: procedures.Task) -> int:
    """A mark of what stands in a task's form: another one means that somebody has begun."""
    draft = procedures.Task.objects.values_list("draft", flat=True).get(pk=task.pk)
    return zlib.crc32(json.dumps(draft, sort_keys=True).encode())


@transaction.atomic
def take_back(*, moved: Moved, by: org.Person, now: datetime) -> procedures.Task:
    """Undo a move (撤销): the task goes where it came from, unless whoever got it has acted on it."""
    task = procedures.Task.objects.select_related("holder").get(pk=moved.task_id)
    who = {"who": task.responsible or "–"}
    if not task.is_live or task.version != moved.version or _entered_in(task) != moved.entered:
        raise CannotTakeBack(_("%(who)s has acted on this task meanwhile; hand it over anew instead.") % who)
    reason, expected = say("Undo"), moved.version
    if moved.holder_id is not None:
        to = org.Person.objects.get(pk=moved.holder_id)
        handing.reassign(task=task, to=to, reason=reason, by=by, now=now, expected=expected)
    elif moved.had_people:
        post = org.Post.objects.get(pk=moved.post_id) if moved.post_id else None
        candidates = list(org.Person.objects.filter(pk__in=list(moved.candidates)))
        handing.put_back(
            task=task, post=post, candidates=candidates, reason=reason, by=by, now=now, expected=expected
        )  # fmt: skip
    else:
        raise CannotTakeBack(_("This task was nobody's before. Please hand it over to somebody."))
    if moved.case is not None:
        case_id, version, owner_id = moved.case
        case, owner = cases.Case.objects.get(pk=case_id), org.Person.objects.get(pk=owner_id)
        reassigning.reassign(case=case, owner=owner, reason=reason, by=by, now=now, expected=version)
    return task
