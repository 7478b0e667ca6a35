"""Working on a task: take, draft, submit, return, withdraw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org.actions import signing as org_signing
from yinuo.procedures import access, models, rules
from yinuo.procedures.actions import assigning, effects, signing, telling
from yinuo.procedures.actions import course as courses
from yinuo.procedures.definition import shapes
from yinuo.procedures.engine import moves
from yinuo.procedures.queries import answers, facts
from yinuo.records import actions as records


class AlreadyDone(refusals.Refusal):
    """Somebody else has finished this task."""


class NotYours(refusals.NotAllowed):
    """This task belongs to somebody else."""


class Incomplete(refusals.Refusal):
    """The form is incomplete."""


class CannotTake(refusals.Refusal):
    """This task cannot be taken."""


class CannotWithdraw(refusals.Refusal):
    """This cannot be withdrawn."""


def opened(task: models.Task, *, by: org.Person, now: datetime, expected: int) -> tuple[courses.Course, models.Task]:
    """The task's run, locked, and the task as it is now, still open and of the version that the person saw.

    Raises `AlreadyDone` naming who finished it and when, else `Stale`.
    """
    course = courses.locked(task.run_id, by=by, now=now)
    current = course.task(task.item)
    if not access.may_see(by, current):
        raise refusals.NotAllowed()
    if not current.is_live:
        raise already_done(current)
    if current.version != expected:
        raise refusals.Stale()
    return course, current


def already_done(task: models.Task) -> AlreadyDone:
    """The refusal that says who finished a task, and when."""
    when = formats.date_format(timezone.localtime(task.closed_at), "Y-m-d H:i") if task.closed_at else ""
    if task.closed_by is not None:
        sentence = _("%(who)s already finished this task at %(when)s. What you entered was not sent; it is still here.")
        return AlreadyDone(sentence % {"who": task.closed_by.name, "when": when})
    sentence = _("This task has not been needed since %(when)s. What you entered was not sent; it is still here.")
    return AlreadyDone(sentence % {"when": when})


def own(task: models.Task, *, by: org.Person, now: datetime) -> org.Person | None:
    """On whose behalf the person works on the task (None: their own). Refuses when it is not theirs at all."""
    is_theirs, on_behalf_of = access.in_whose_name(by, task, now)
    if not is_theirs:
        raise NotYours(_("This task is with %(who)s.") % {"who": task.responsible or "–"})
    return on_behalf_of


@transaction.atomic
def take(*, task: models.Task, by: org.Person, now: datetime, expected: int) -> None:
    """Take a task that several people could do: the taker becomes its holder."""
    _course, current = opened(task, by=by, now=now, expected=expected)
    if current.holder is not None:
        raise CannotTake(_("%(who)s has already taken this task.") % {"who": current.holder.name})
    on_behalf_of = own(current, by=by, now=now)
    holder = on_behalf_of or by
    changes = rows.change(current, expected=expected, holder=holder, delegate=by if on_behalf_of else None)
    current.candidacies.all().delete()
    assigning.drop_entries(current, now)
    records.write(
        by=by, now=now, word="procedures.task.taken", subject=task.subject, changes=changes, note=note_of(current)
    )
    task.version = current.version


def note_of(task: models.Task) -> dict[str, Any]:
    """What the trail notes of a task: its title in both languages."""
    zh, en = f"{task.title_zh} · {task.about_zh}", f"{task.title_en} · {task.about_en}"
    return {"task": {"zh": zh.removesuffix(" · "), "en": en.removesuffix(" · ")}}


@transaction.atomic
def save_draft(*, task: models.Task, data: Mapping[str, Any], by: org.Person, now: datetime, expected: int) -> None:
    """Keep unfinished input (暂存). A draft is not yet said, so the trail does not tell of it.

    Nor is the task another one by it: who works on it too can still submit. Of two drafts the later one is kept; each
    of the two has their own words before them.
    """
    current = models.Task.objects.select_related("holder", "delegate", "post", "closed_by").get(pk=task.pk)
    if not current.is_live:
        raise already_done(current)
    own(current, by=by, now=now)
    kept = models.Task.objects.filter(pk=current.pk, version=expected).update(draft=rows.plain(dict(data)))
    if not kept:
        raise refusals.Stale()


@transaction.atomic
def submit(
    *,
    task: models.Task,
    by: org.Person,
    now: datetime,
    expected: int,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[File]] | None = None,
    outcome: str = "",
    verdict: str = "",
    condition: str = "",
    proof: org_signing.Proof | None = None,
    paper: signing.Paper | None = None,
) -> models.Run:
    """Finish a task (提交 / 办结): the form's values, with a decision's or signer's outcome or an opinion's verdict.

    `files` are new ones per form field; they are attached to the subject and join those named in `data`. A decision
    that is signed needs a fresh `proof` of the person, or `paper` that somebody who may work here or steer enters.
    Returns the run as it stands after. Raises `AlreadyDone`, `NotYours`, `Incomplete`, `SignatureMissing`, `Stale`.
    """
    course, current = opened(task, by=by, now=now, expected=expected)
    signer = paper.signer if paper is not None else by
    if paper is not None and not (access.may_steer(by, current) or access.in_whose_name(by, current, now)[0]):
        raise NotYours(_("This task is with %(who)s.") % {"who": current.responsible or "–"})
    on_behalf_of = own(current, by=signer, now=now)
    return finish(
        course, current, data=dict(data or {}), files=files or {}, outcome=outcome, verdict=verdict,
        condition=condition, proof=proof, paper=paper, on_behalf_of=on_behalf_of, by=by,
    )  # fmt: skip


def finish(
    course: courses.Course,
    task: models.Task,
    *,
    data: dict[str, Any],
    files: Mapping[str, Sequence[File]],
    outcome: str,
    verdict: str,
    condition: str,
    proof: org_signing.Proof | None,
    paper: signing.Paper | None,
    on_behalf_of: org.Person | None,
    by: org.Person,
) -> models.Run:
    """Check and submit what a person entered, sign it where the step asks for it, and tell the trail."""
    now = course.now
    step = course.step(task)
    meanings = answers.meanings_of(step, task)
    if meanings and paper is None:
        signing.check_proof(proof, by=by, now=now)
    data = {**data, **attached(task, data, files, by=by, now=now)}
    check(course, task, data, outcome=outcome, remark=condition)
    move = moves.Submit(item=task.item, outcome=outcome, verdict=verdict, condition=condition.strip(), data=data)
    doer = paper.signer if paper is not None else by
    run = effects.make(course, move, acting=task.item, on_behalf_of=on_behalf_of, doer=doer)
    if meanings:
        task.run = course.run
        signing.sign_task(
            task, meanings[outcome], answers.outcome_of(step, task), proof=proof, paper=paper,
            on_behalf_of=on_behalf_of, by=by, now=now,
        )  # fmt: skip
    note = {**note_of(task), "result": outcome_words(step, task), "on_behalf_of": getattr(on_behalf_of, "name", "")}
    if paper is not None:
        note["signed_on_paper_by"] = paper.signer.name
    records.write(
        by=by,
        now=now,
        word="procedures.task.done",
        subject=task.subject,
        reason=task.condition,
        note={name: value for name, value in note.items() if value},
    )
    return run


def outcome_words(step: shapes.Step, task: models.Task) -> dict[str, str]:
    """The outcome or verdict of a finished task in both languages, for the trail."""
    text = answers.outcome_of(step, task)
    return answers.both(text) if text else {}


def attached(
    task: models.Task, data: dict[str, Any], files: Mapping[str, Sequence[File]], *, by: org.Person, now: datetime
) -> dict[str, Any]:
    """The values of file fields: what was there, and the new files attached to the subject."""
    values = {}
    for key, new in files.items():
        kept = list(data.get(key) or [])
        for file in new:
            try:
                stored = records.attach(
                    subject=task.subject, content=file, name=file.name or key, by=by, now=now, kind="procedures.form"
                )
            except records.CannotAttach as refusal:
                raise Incomplete(f"{file.name}: {refusal}", field=key) from None
            kept.append({"token": stored.token, "name": stored.name, "sha256": stored.blob.sha256})
        values[key] = kept
    return values


def check(course: courses.Course, task: models.Task, data: dict[str, Any], *, outcome: str, remark: str) -> None:
    """The values fit the step's form (added signers have none), and whoever sends it back says why."""
    step = course.step(task)
    if outcome in answers.needs_remark(step, task) and not remark.strip():
        raise Incomplete(answers.remark_missing(answers.outcomes_of(step, task)[outcome]), field="condition")
    if answers.is_by_hand(step, task) and not remark.strip():
        raise Incomplete(_("Please say what has happened."), field="condition")
    form = answers.form_of(course.definition, step, task)
    if form is None:
        if data:
            raise Incomplete(_("This step has no form."))
        return
    known = {**facts.for_form(form, course.seen_from(task)), rules.CHOSEN: outcome}
    faults = rules.check_values(form, data, known)
    if faults:
        raise Incomplete(faults[0].words.say(get_language() or "zh"), field=faults[0].field)


@transaction.atomic
def return_to(*, task: models.Task, to: str, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Send the run back (退回) to the earlier step `to`; everything behind it closes and opens anew."""
    if not reason.strip():
        raise Incomplete(_("Please say why it is returned."), field="reason")
    course, current = opened(task, by=by, now=now, expected=expected)
    on_behalf_of = own(current, by=by, now=now)
    move = moves.Return(item=current.item, to=to, reason=reason.strip())
    effects.make(course, move, acting=current.item, on_behalf_of=on_behalf_of)
    again = [each for each in course.new if each.step == to]
    records.write(
        by=by,
        now=now,
        word="procedures.task.returned",
        subject=task.subject,
        reason=reason.strip(),
        note={**note_of(current), "to_step": note_of(again[0])["task"] if again else to},
    )


@transaction.atomic
def withdraw(*, task: models.Task, by: org.Person, now: datetime, expected: int, reason: str = "") -> None:
    """Take back one's own finished task (撤回) while nothing that depends on it has been done."""
    course = courses.locked(task.run_id, by=by, now=now)
    current = course.task(task.item)
    if by.pk not in (current.closed_by_id, current.on_behalf_of_id):
        raise CannotWithdraw(_("Only the person who finished a task can withdraw it."))
    if current.version != expected:
        raise refusals.Stale()
    told = [person for each in course.live_tasks() for person in telling.workers(each, now)]
    effects.make(course, moves.Withdraw(item=current.item))
    telling.tell("task_withdrawn", told, current, now=now, by=by)
    records.write(
        by=by, now=now, word="procedures.task.withdrawn", subject=task.subject, reason=reason, note=note_of(current)
    )
