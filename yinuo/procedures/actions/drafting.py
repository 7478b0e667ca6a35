"""Writing a procedure's next edition: begin, edit step by step, take back, read a text in, publish, discard."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals, rows
from yinuo.org import models as org
from yinuo.org.actions import signing as org_signing
from yinuo.procedures import access, models
from yinuo.procedures.actions import publishing, running
from yinuo.procedures.definition import editing, reading, starting, undoing, writing
from yinuo.procedures.definition.faults import Fault
from yinuo.procedures.definition.paths import CannotEdit, Path
from yinuo.procedures.engine import comparing
from yinuo.procedures.queries import definitions, drafts
from yinuo.records import actions as records

TRAINING = "adopt"  # the procedure by which a new edition is trained
WORDY = 200  # characters of a value that the trail repeats


class CannotDraft(refusals.Refusal):
    """The procedure cannot be edited like this."""


@transaction.atomic
def start(
    *,
    by: org.Person,
    now: datetime,
    procedure: models.Procedure | None = None,
    content: dict[str, Any] | None = None,
    owner_post: org.Post | None = None,
) -> models.Draft:
    """Begin a draft: of a procedure's next edition, or of a new procedure with this content.

    A procedure has one draft at a time: begun already, that one is given.
    """
    _may(by)
    based_on = procedure.current if procedure is not None else None
    if procedure is not None and based_on is not None:
        models.Procedure.objects.select_for_update().filter(pk=procedure.pk).first()
        open_one = models.Draft.objects.filter(procedure=procedure, ended_at=None).first()
        if open_one is not None:
            return open_one
        content = content or drafts.next_of(based_on)
        owner_post = owner_post or procedure.owner_post
    if content is None or not starting.is_sound(content):
        raise CannotDraft(_("This is no procedure."))
    draft = models.Draft.objects.create(
        procedure=procedure, based_on=based_on, owner_post=owner_post, content=starting.tidied(content),
        started_at=now, started_by=by, changed_at=now, changed_by=by,
    )  # fmt: skip
    note = {"based_on": based_on.label if based_on else ""}
    records.write(by=by, now=now, word="procedures.draft.started", subject=draft, note=note)
    return draft


def _may(by: org.Person) -> None:
    if not access.may_publish(by):
        raise refusals.NotAllowed()


def _open(draft: models.Draft, by: org.Person, expected: int) -> models.Draft:
    """The draft as it is now, if it is still written and nobody changed it since the person saw it."""
    _may(by)
    fresh = models.Draft.objects.select_for_update().get(pk=draft.pk)
    if fresh.ended_at is not None:
        raise CannotDraft(_("This draft has been published or discarded."))
    if fresh.version != expected:
        raise refusals.Stale(
            _("%(who)s changed this draft at %(at)s. What you see is not the newest; reload the page.")
            % {"who": fresh.changed_by.name, "at": f"{timezone.localtime(fresh.changed_at):%H:%M}"}
        )
    return fresh


@transaction.atomic
def edit(*, draft: models.Draft, do: editing.Edit, by: org.Person, now: datetime, expected: int) -> Path | None:
    """Make one small edit; gives what is selected after it (None: as before)."""
    fresh = _open(draft, by, expected)
    try:
        edited = editing.apply(fresh.content, do)
    except CannotEdit as refusal:
        raise CannotDraft(refusal.words.say(get_language() or "zh")) from refusal
    content = drafts.with_words_for_facts(edited.data)
    if do.do == "who":
        content = drafts.with_duty(fresh.content, content, do.path)
    patch = undoing.between(fresh.content, content, do.path)
    if patch is not None:
        past = undoing.remembered(fresh.past, patch)
        is_same_entry = len(past) == len(fresh.past) and len(past) < undoing.KEPT
        _save(draft, fresh, by, now, content=content, past=past, ahead=[])
        if not is_same_entry:
            field, was, value = "/".join(map(str, patch.path)), _short(patch.was), _short(patch.now)
            changes = [rows.Change(field, was, value)]
            records.write(by=by, now=now, word="procedures.draft.edited", subject=draft, changes=changes)
    return edited.at


def _short(value: Any) -> Any:
    return value if not isinstance(value, dict | list) and len(str(value)) <= WORDY else "…"


def _save(draft: models.Draft, fresh: models.Draft, by: org.Person, now: datetime, **values: Any) -> None:
    """Keep the change; the caller's draft says what holds now."""
    rows.change(fresh, expected=fresh.version, changed_by=by, changed_at=now, **values)
    for name in ("version", "content", "past", "ahead", "owner_post", "changed_by", "changed_at"):
        setattr(draft, name, getattr(fresh, name))


@transaction.atomic
def undo(*, draft: models.Draft, by: org.Person, now: datetime, expected: int) -> Path:
    """Take the last edit back; gives the place that it was about."""
    return _step(draft, "past", "ahead", undoing.taken_back, "undone", by=by, now=now, expected=expected)


@transaction.atomic
def redo(*, draft: models.Draft, by: org.Person, now: datetime, expected: int) -> Path:
    """Make the edit again that was taken back last."""
    return _step(draft, "ahead", "past", undoing.made_again, "redone", by=by, now=now, expected=expected)


def _step(
    draft: models.Draft,
    source: str,
    target: str,
    make: Callable[[Any, undoing.Patch], Any],
    word: str,
    *,
    by: org.Person,
    now: datetime,
    expected: int,
) -> Path:
    fresh = _open(draft, by, expected)
    stack = getattr(fresh, source)
    if not stack:
        raise CannotDraft(_("There is nothing to take back.") if source == "past" else _("There is nothing to redo."))
    patch = undoing.from_json(stack[-1])
    content = make(fresh.content, patch)
    values = {source: stack[:-1], target: [*getattr(fresh, target), stack[-1]]}
    _save(draft, fresh, by, now, content=content, **values)
    field = "/".join(map(str, patch.path))
    records.write(by=by, now=now, word=f"procedures.draft.{word}", subject=draft, note={"place": field})
    return patch.at


@transaction.atomic
def read_in(*, draft: models.Draft, source: str, by: org.Person, now: datetime, expected: int) -> tuple[Fault, ...]:
    """Take a text in YAML over into the draft, mistakes and all, if it has the shape of a procedure; it can be taken
    back like any edit. Gives its mistakes."""
    fresh = _open(draft, by, expected)
    content, faults = drafts.content_of(source)
    if content is None:
        raise publishing.CannotPublish("\n".join(fault.say(get_language() or "zh") for fault in faults[:8]))
    if fresh.procedure is not None and content.get("key") != fresh.procedure.key:
        raise CannotDraft(
            _("This text is of another procedure: its key is “%(key)s”.") % {"key": content.get("key")}, field="source"
        )
    patch = undoing.between(fresh.content, content, ("card",))
    if patch is not None:
        past = undoing.remembered(fresh.past, patch)
        _save(draft, fresh, by, now, content=content, past=past, ahead=[])
    records.write(by=by, now=now, word="procedures.draft.read_in", subject=draft, note={"mistakes": len(faults)})
    return faults


@transaction.atomic
def publish(
    *,
    draft: models.Draft,
    reason: str,
    owner_post: org.Post | None,
    departments: Sequence[org.Department],
    proof: org_signing.Proof | None,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Edition:
    """Publish the draft as the edition in force, signed; the heads of the departments are to train theirs on it."""
    fresh = _open(draft, by, expected)
    read = reading.read_plain(starting.completed(fresh.content), file=str(fresh), known=definitions.known())
    if read.definition is None:
        said = [fault.say(get_language() or "zh") for fault in read.faults]
        raise publishing.CannotPublish("\n".join(said), faults=read.faults)
    different = drafts.differences(fresh, read.definition)
    edition = publishing.publish(
        source=writing.yaml_text(read.definition), file=f"{read.definition.key}.yaml", by=by, now=now, reason=reason,
        proof=proof, owner_post=owner_post,
    )  # fmt: skip
    rows.change(fresh, expected=fresh.version, ended_at=now, edition=edition, procedure=edition.procedure)
    said = [f"{comparing.KIND_WORDS[each.kind].zh}：{each.title.zh}" for each in different]
    note = {"edition": edition.label, "differences": said[:50]}
    records.write(by=by, now=now, word="procedures.draft.published", subject=draft, reason=reason.strip(), note=note)
    if departments:
        open_training(edition=edition, departments=departments, by=by, now=now)
    return edition


@transaction.atomic
def open_training(
    *, edition: models.Edition, departments: Sequence[org.Department], by: actors.Actor, now: datetime
) -> models.Run:
    """Ask the head of each department to train it on an edition, by the procedure for that."""
    if not models.Procedure.objects.filter(key=TRAINING, current__isnull=False).exists():
        publishing.load_library(by=actors.PROGRAM, now=now)
    listed = [{"key": f"department:{each.code}", "title_zh": each.name_zh, "title_en": each.name_en}
              for each in departments]  # fmt: skip
    return running.start(
        procedure_key=TRAINING, subject=edition, by=by, now=now, facts={"procedures.departments": listed}
    )


@transaction.atomic
def discard(*, draft: models.Draft, reason: str, by: org.Person, now: datetime, expected: int) -> None:
    """Give a draft up, with a reason. What it said stays on record."""
    fresh = _open(draft, by, expected)
    if not reason.strip():
        raise CannotDraft(_("Please give a reason."), field="reason")
    rows.change(fresh, expected=fresh.version, ended_at=now)
    records.write(by=by, now=now, word="procedures.draft.discarded", subject=draft, reason=reason.strip())
