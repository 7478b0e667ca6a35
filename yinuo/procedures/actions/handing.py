"""Bringing others in: reassign, delegate, add a signer, copy, remind."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals, rows, subjects
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.procedures import access, models
from yinuo.procedures.actions import assigning, effects, telling, working
from yinuo.procedures.actions import course as courses
from yinuo.procedures.engine import moves
from yinuo.procedures.queries import people
from yinuo.records import actions as records

REMIND_AGAIN = timedelta(hours=1)


class CannotHandOver(refusals.Refusal):
    """The task cannot be given to this person."""


class CannotRemind(refusals.Refusal):
    """A reminder cannot be sent now."""


class CannotCopy(refusals.Refusal):
    """This cannot be copied to this person."""


def _reason(reason: str) -> str:
    if not reason.strip():
        raise CannotHandOver(_("Please give a reason."), field="reason")
    return reason.strip()


def _able(person: org.Person, task: models.Task) -> None:
    if not access.able([person], access.P.PROCEDURES_WORK, task.scope_id, task.site_id):
        raise CannotHandOver(
            _("%(who)s may not work on this: no right, or not named in its confidential scope.") % {"who": person.name},
            field="to",
        )


@transaction.atomic
def reassign(
    *, task: models.Task, to: org.Person, reason: str, by: org.Person, now: datetime, expected: int,
    quietly: bool = False,
) -> None:  # fmt: skip
    """Hand a task over for good (转办): by whoever has it, or by somebody who steers.

    `quietly`: one of many, of which whoever gets them is told as a whole.
    """
    said = _reason(reason)
    course, current = working.opened(task, by=by, now=now, expected=expected)
    if not current.is_for_people:
        raise CannotHandOver(_("This is done by the program."))
    if not access.may_steer(by, current):
        working.own(current, by=by, now=now)
    if not course.step(current).allowed.reassign:
        raise CannotHandOver(_("This step must not be handed over."))
    if current.holder_id == to.pk:
        raise CannotHandOver(_("%(who)s already has this task.") % {"who": to.name}, field="to")
    _able(to, current)
    _hand_over(course, current, to, said, by=by, now=now, expected=expected, quietly=quietly)
    task.version = current.version


@transaction.atomic
def put_back(
    *, task: models.Task, post: org.Post | None, candidates: Sequence[org.Person], reason: str, by: org.Person,
    now: datetime, expected: int,
) -> None:  # fmt: skip
    """Put a task back to the post or the people it was taken from (撤销 of a move): by somebody who steers; any of
    them may take it again."""
    said = _reason(reason)
    course, current = working.opened(task, by=by, now=now, expected=expected)
    if not access.may_steer(by, current):
        raise refusals.NotAllowed()
    if not current.is_for_people or not course.step(current).allowed.reassign:
        raise CannotHandOver(_("This step must not be handed over."))
    _hand_over(course, current, post, said, candidates=candidates, by=by, now=now, expected=expected)
    task.version = current.version


@transaction.atomic
def give_back(
    *, task: models.Task, to: org.Person | org.Post, by: org.Person, now: datetime, expected: int, since: datetime,
    delegate: org.Person | None = None,
) -> None:  # fmt: skip
    """Undo a reassignment that whoever asks has just made: whoever had the task has it again, and whoever worked on it
    on their behalf, as long as nothing followed; who was told of it is told so no more."""
    course, current = working.opened(task, by=by, now=now, expected=expected)
    if not current.is_for_people:
        raise CannotHandOver(_("This is done by the program."))
    if isinstance(to, org.Person):
        _able(to, current)
    notify.take_back(subject=current.subject, kind="task_reassigned", by=by, now=now, since=since)
    again = access.able([delegate] if delegate else [], access.P.PROCEDURES_WORK, current.scope_id, current.site_id)
    _hand_over(
        course, current, to, str(_("Undone.")), by=by, now=now, expected=expected, quietly=True,
        delegate=next(iter(again), None),
    )  # fmt: skip
    task.version = current.version


@transaction.atomic
def pass_on(*, task: models.Task, to: org.Person, reason: str, by: actors.Actor, now: datetime) -> None:
    """Give an open task to somebody because what it is about is theirs now; whoever may not work on it is passed by.

    Called by other rooms' actions, which have asked whether the person may.
    """
    course = courses.locked(task.run_id, by=by, now=now)
    current = course.task(task.item)
    if not current.is_live or not current.is_for_people or current.holder_id == to.pk:
        return
    if access.able([to], access.P.PROCEDURES_WORK, current.scope_id, current.site_id):
        _hand_over(course, current, to, _reason(reason), by=by, now=now, expected=current.version)


def _hand_over(
    course: courses.Course, current: models.Task, to: org.Person | org.Post | None, said: str, *, by: actors.Actor,
    now: datetime, expected: int, quietly: bool = False, candidates: Sequence[org.Person] = (),
    delegate: org.Person | None = None,
) -> None:  # fmt: skip
    """Another holder for a task, or a post, or several who may take it: they are told, what others had entered is set
    aside, the trail knows from whom."""
    before = telling.workers(current, now)
    holder, post = (to, None) if isinstance(to, org.Person) else (None, to)
    gets = to.name if to is not None else "、".join(each.name for each in candidates)
    values = {"holder": holder, "post": post, "delegate": delegate, "warning_zh": "", "warning_en": ""}
    changes = rows.change(current, expected=expected, **values)
    current.candidacies.all().delete()
    models.Candidate.objects.bulk_create(models.Candidate(task=current, person=each) for each in candidates)
    assigning.drop_entries(current, now)
    if current.state == models.Task.State.OPEN and not quietly:
        telling.tell("task_reassigned", telling.workers(current, now), current, now=now, by=by)
    records.write(
        by=by,
        now=now,
        word="procedures.task.reassigned",
        subject=current.subject,
        changes=[change for change in changes if change.field == "holder"],
        reason=said,
        note={**working.note_of(current), "from": [person.name for person in before], "to": gets},
    )
    courses.announce(course)


@transaction.atomic
def delegate(
    *, task: models.Task, to: org.Person | None, reason: str, by: org.Person, now: datetime, expected: int
) -> None:
    """Let somebody work on one's task on one's behalf (委托代理); the task stays one's own. None ends it."""
    said = _reason(reason) if to is not None else reason.strip()
    course, current = working.opened(task, by=by, now=now, expected=expected)
    if working.own(current, by=by, now=now) is not None:
        raise CannotHandOver(_("Only the person responsible can delegate a task."))
    if to is not None:
        if to.pk == by.pk:
            raise CannotHandOver(_("Choose somebody else."), field="to")
        _able(to, current)
    was = current.delegate
    if to is None and was is None:
        raise CannotHandOver(_("Nobody works on your behalf here."))
    changes = rows.change(current, expected=expected, holder=by, delegate=to)
    current.candidacies.all().delete()
    assigning.drop_entries(current, now)
    if to is not None:
        telling.tell("task_delegated", [to], current, now=now, by=by)
    if was is not None and was != to:
        telling.tell("task_delegation_ended", [was], current, now=now, by=by)
    records.write(
        by=by,
        now=now,
        word="procedures.task.delegated",
        subject=task.subject,
        changes=changes,
        reason=said,
        note={**working.note_of(current), "to": to.name if to else ""},
    )
    task.version = current.version
    courses.announce(course)


@transaction.atomic
def add_signer(
    *, task: models.Task, signer: org.Person, before: bool, reason: str, by: org.Person, now: datetime, expected: int
) -> None:
    """Ask one more to sign (加签): before the holder, who waits, or after."""
    course, current = working.opened(task, by=by, now=now, expected=expected)
    working.own(current, by=by, now=now)
    if signer.pk == by.pk:
        raise CannotHandOver(_("Choose somebody else."), field="to")
    _able(signer, current)
    effects.make(course, moves.AddSigner(item=current.item, party=people.party_of(signer), before=before))
    records.write(
        by=by,
        now=now,
        word="procedures.task.signer_added",
        subject=task.subject,
        reason=reason.strip(),
        note={**working.note_of(current), "signer": signer.name, "before": before},
    )


@transaction.atomic
def copy_to(
    *,
    run: models.Run,
    people: Sequence[org.Person],
    note: str,
    by: org.Person,
    now: datetime,
    task: models.Task | None = None,
) -> None:
    """Bring a run to others' notice (抄送). They must be allowed to see it; nobody is told twice."""
    if not access.may_see(by, run):
        raise refusals.NotAllowed()
    able = access.able(people, access.P.PROCEDURES_SEE, run.scope_id, run.site_id)
    unable = [person.name for person in people if person not in able]
    if unable:
        raise CannotCopy(_("May not see this: %(names)s.") % {"names": "、".join(unable)}, field="people")
    had = set(models.Copy.objects.filter(run=run).values_list("person_id", flat=True))
    new = [person for person in able if person.pk not in had and person.pk != by.pk]
    models.Copy.objects.bulk_create(
        models.Copy(
            run=run, task=task, person=person, by=by, copied_at=now, note=note[:500], **subjects.columns(run.subject)
        )
        for person in new
    )
    telling.tell("run_copied", new, task or run, now=now, by=by)
    names = [person.name for person in new]
    records.write(
        by=by, now=now, word="procedures.run.copied", subject=run.subject, reason=note.strip(), note={"to": names}
    )


@transaction.atomic
def remind(*, task: models.Task, by: org.Person, now: datetime) -> None:
    """Urge whoever has the task (催办): by whoever started the run, works in it or steers; at most once an hour."""
    current = models.Task.objects.select_related("run", "holder", "post", "delegate").get(pk=task.pk)
    if not access.may_see(by, current):
        raise refusals.NotAllowed()
    if current.state != models.Task.State.OPEN or not current.is_for_people or current.run.held_at is not None:
        raise CannotRemind(_("There is nobody to remind."))
    if not access.may_remind(by, current):
        raise refusals.NotAllowed()
    asked = models.Reminder.Kind.ASKED
    last = models.Reminder.objects.filter(task=current, kind=asked).order_by("-sent_at").first()
    if last is not None and now - last.sent_at < REMIND_AGAIN:
        raise CannotRemind(_("They were reminded less than an hour ago. Please wait a little."))
    told = telling.workers(current, now)
    models.Reminder.objects.create(
        task=current, kind=asked, planned_at=now, sent_at=now, by=by, told=[person.name for person in told]
    )
    telling.tell("task_reminder", told, current, now=now, by=by)
    records.write(
        by=by,
        now=now,
        word="procedures.task.reminded",
        subject=task.subject,
        note={**working.note_of(current), "told": [person.name for person in told]},
    )


@transaction.atomic
def read_copy(*, copy: models.Copy, by: org.Person, now: datetime) -> None:
    """Note that a copy was read by the person it went to; the row itself says when, so the trail need not."""
    models.Copy.objects.filter(pk=copy.pk, person=by, read_at=None).update(read_at=now)
