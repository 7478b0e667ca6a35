"""Writing the trail, redacting what it tells, hanging files on subjects, voiding, holding and purging them, noting who
read what."""

import dataclasses
import io
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, jobs, plugs, refusals, rows, subjects
from yinuo.records import access, models, queries, rules
from yinuo.records.engine import pictures, store

VERIFICATION_DIES = timedelta(hours=1)  # a walk that did not end by then was lost
SEAL_WITHIN = 5  # seconds: entries written meanwhile share one visit of the sealer


class CannotAttach(refusals.Refusal):
    """This file cannot be attached."""


class CannotVoid(refusals.Refusal):
    """This file cannot be voided."""


class CannotKeep(refusals.Refusal):
    """Files cannot be kept like this."""


class CannotPurge(refusals.Refusal):
    """This file cannot be purged."""


class CannotRedact(refusals.Refusal):
    """This entry cannot be redacted."""


# The trail -----------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Rescoped:
    """What was told of a subject so far follows it into a scope."""

    type: str
    id: int
    scope_id: int | None


# What was told within `together` and is not written, each with a mark that the database drops when it takes back the
# part of the transaction in which it was told.
_waiting: ContextVar[list[tuple[Callable[[], None], models.Entry | _Rescoped]] | None] = ContextVar(
    "told", default=None
)


@contextmanager
def together() -> Iterator[None]:
    """Write what is told within, in one transaction, at its end, all at once and in order.

    What an act told that was refused meanwhile, and taken back to its savepoint, is not written. One within another
    joins it.
    """
    if _waiting.get() is not None or not connection.in_atomic_block:
        yield
        return
    told: list[tuple[Callable[[], None], models.Entry | _Rescoped]] = []
    token = _waiting.set(told)
    try:
        yield
    finally:
        _waiting.reset(token)
    _write_told(_standing(told))


def _wait(told: models.Entry | _Rescoped) -> None:
    waiting = _waiting.get()
    assert waiting is not None  # noqa: S101 - asked before

    def mark() -> None:
        """Nothing is left to do at the commit."""

    transaction.on_commit(mark)
    waiting.append((mark, told))


def _standing(
    told: Iterable[tuple[Callable[[], None], models.Entry | _Rescoped]],
) -> list[models.Entry | _Rescoped]:
    """What was told and not taken back."""
    standing = {id(callback[1]) for callback in connection.run_on_commit}
    return [each for mark, each in told if id(mark) in standing]


def _write_told(told: Sequence[models.Entry | _Rescoped]) -> None:
    entries: list[models.Entry] = []
    for each in told:
        if isinstance(each, models.Entry):
            entries.append(each)
            continue
        for entry in entries:
            if (entry.subject_type, entry.subject_id) == (each.type, each.id):
                entry.scope_id = each.scope_id
    if entries:
        models.Entry.objects.bulk_create(entries)
        jobs.soon("records.seal", within=SEAL_WITHIN)


def write(
    *,
    by: actors.Actor,
    now: datetime,
    word: str,
    subject: subjects.Subject | subjects.Ref,
    changes: Iterable[rows.Change] = (),
    reason: str = "",
    note: dict[str, Any] | None = None,
) -> models.Entry:
    """Write one entry of the trail in the caller's transaction.

    `word` says what was done (`cases.case.opened`); `changes` field by field; `note` further JSON facts that the
    timeline shows (file names, recipients). Secrets are masked.
    """
    entry = _entry(by, now, word, subjects.ref(subject), changes, reason, note or {})
    if _waiting.get() is not None:
        _wait(entry)
        return entry
    entry.save(force_insert=True)
    jobs.soon("records.seal", within=SEAL_WITHIN)
    return entry


def write_all(
    *, by: actors.Actor, now: datetime, word: str, told: Iterable[tuple[subjects.Ref, dict[str, Any]]]
) -> None:
    """Write what one act did to many subjects, each with its note, in the caller's transaction."""
    with together():
        for it, note in told:
            write(by=by, now=now, word=word, subject=it, note=note)


def _entry(
    by: actors.Actor,
    now: datetime,
    word: str,
    it: subjects.Ref,
    changes: Iterable[rows.Change],
    reason: str,
    note: dict[str, Any],
) -> models.Entry:
    entry = models.Entry(
        at=now,
        actor_id=by.actor_id[:40],
        actor_name=rules.storable(by.actor_name)[:200],
        word=word,
        subject_type=it.type,
        subject_id=it.id,
        subject_label=rules.storable(it.label)[:300],
        subject_url=rules.storable(it.url)[:300],
        scope_id=it.scope_id,
        first_scope_id=it.scope_id,
        site_id=it.site_id,
        reason=rules.storable(str(reason)),
        changes=rules.storable(rules.masked([change.as_json() for change in changes])),
        note=rules.storable(rules.masked(rows.plain(note))),
        nonce=secrets.token_hex(8),
    )
    entry.digest = rules.digest(entry.payload, key=queries.seal_key())
    return entry


@transaction.atomic
def redact(*, entry: models.Entry, reason: str, by: actors.Actor, now: datetime) -> models.Entry:
    """Take out what an entry tells (personal data), leaving who, when and its digest; returns the entry that says so.

    Provable: the digest stays sealed, and the new entry names the redacted one. Without such an entry the emptied row
    is reported as changed.
    """
    access.demand(by, access.REDACT, entry)
    if entry.word in (models.Entry.REDACTED, models.Entry.RESCOPED):
        raise CannotRedact(_("This entry proves what was done to others and must stay."))
    if not reason.strip():
        raise CannotRedact(_("Please give the reason for redacting."), field="reason")
    emptied = models.Entry.objects.filter(pk=entry.pk, is_redacted=False).update(
        is_redacted=True, changes=[], note={}, reason="", subject_label=""
    )
    if not emptied:
        raise CannotRedact(_("This entry is already redacted."))
    return write(
        by=by,
        now=now,
        word=models.Entry.REDACTED,
        subject=dataclasses.replace(entry.subject, label=""),
        reason=reason,
        note={"entry": entry.pk, "digest": entry.digest},
    )


def follow_subject(*, type: str, id: int, scope_id: int | None, by: actors.Actor, now: datetime) -> None:  # noqa: A002
    """Bring what was written about a subject into its new scope, and say so, that nobody else can do it unnoticed."""
    for model in (models.Attachment, models.Reading, models.Hold):
        model._default_manager.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)
    known = models.Entry.objects.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)
    if (waiting := _waiting.get()) is not None:
        standing = [each for each in _standing(waiting) if isinstance(each, models.Entry)]
        known += sum((entry.subject_type, entry.subject_id) == (type, id) for entry in standing)
        _wait(_Rescoped(type, id, scope_id))
    if known:
        subject = subjects.Ref(models.Entry.RESCOPED, id, "")
        write(by=by, now=now, word=models.Entry.RESCOPED, subject=subject, note={"of_type": type, "to_scope": scope_id})


def note_reading(
    *, subject: subjects.Subject | subjects.Ref, way: str, by: actors.Actor, now: datetime, what: str = ""
) -> None:
    """Note in the read log that somebody read, printed or exported (`way`) something, if it is confidential."""
    it = subjects.ref(subject)
    if it.scope_id is None:
        return
    models.Reading.objects.create(
        **subjects.columns(it), at=now, actor_id=by.actor_id, actor_name=by.actor_name, way=way, what=what[:255]
    )


def note_readings(*, of: Iterable[subjects.Ref], way: str, by: actors.Actor, now: datetime, what: str = "") -> None:
    """The same of many at once, as where a list is exported."""
    models.Reading.objects.bulk_create(
        models.Reading(
            **subjects.columns(it), at=now, actor_id=by.actor_id, actor_name=by.actor_name, way=way, what=what[:255]
        )
        for it in of
        if it.scope_id is not None
    )


@transaction.atomic
def note_export(*, title: str, url: str, rows: int, filters: str, by: actors.Actor, now: datetime) -> None:
    """Tell the trail that somebody took a whole list out of the program."""
    write(
        by=by,
        now=now,
        word="records.list.exported",
        subject=subjects.Ref("records.list", 0, title, url),
        note={"rows": rows, "filters": filters},
    )


# Files ---------------------------------------------------------------------------------------------------------------


def attach(
    *,
    subject: subjects.Subject | subjects.Ref,
    content: bytes | IO[bytes] | File,
    name: str,
    by: actors.Actor,
    now: datetime,
    kind: str = "file",
    retention: str = models.Attachment.Retention.RECORD,
) -> models.Attachment:
    """Store an original, byte for byte, and hang it on the subject under a cleaned name.

    `content` is read in chunks; the same bytes are stored once. `kind` is the room's word for what it is
    (`file`, `original`, `photo`, `scan` …). Refuses files above the size limit and empty ones.
    """
    # Before any transaction of ours, so that a large file keeps no writer waiting.
    stored = _stored(content)
    with transaction.atomic():
        blob, _is_new = models.Blob.objects.get_or_create(
            sha256=stored.sha256,
            defaults={"size": stored.size, "media_type": stored.media_type, "stored_at": now},
        )
        if blob.purged_at:
            models.Blob.objects.filter(pk=blob.pk).update(purged_at=None)
        attachment = models.Attachment.objects.create(
            **subjects.columns(subject),
            blob=blob,
            token=secrets.token_urlsafe(24),
            name=rules.clean_name(name),
            kind=kind,
            retention=retention,
            by_id=by.actor_id,
            by_name=by.actor_name,
            attached_at=now,
        )
        facts = {"file": attachment.name, "sha256": blob.sha256, "size": blob.size}
        write(by=by, now=now, word="records.file.attached", subject=subject, note=facts)
        plugs.announce("records.attached", attachment_id=attachment.pk, subject=attachment.subject, by=by, now=now)
    return attachment


def _stored(content: bytes | IO[bytes] | File) -> store.Stored:
    try:
        stored = store.store(Path(settings.FILES_DIR), _chunks(content), limit=settings.MAX_FILE_BYTES)
    except store.TooLarge:
        limit = settings.MAX_FILE_BYTES // 1024 // 1024
        raise CannotAttach(_("The file is larger than %(limit)s MB.") % {"limit": limit}, field="file") from None
    if stored.size == 0:
        raise CannotAttach(_("The file is empty."), field="file")
    return stored


def _chunks(content: bytes | IO[bytes] | File) -> Iterator[bytes]:
    if isinstance(content, bytes):
        content = io.BytesIO(content)
    elif content.seekable():
        content.seek(0)
    while chunk := content.read(store.CHUNK):
        yield chunk


@transaction.atomic
def start_verification(*, by: actors.Actor, now: datetime) -> models.Verification:
    """Have the whole trail verified by a job; asked twice while one runs, the running one is returned."""
    running = models.Verification.objects.filter(finished_at=None, started_at__gt=now - VERIFICATION_DIES).first()
    if running:
        return running
    last = queries.last_seal()
    row = models.Verification.objects.create(
        asked_by_id=by.actor_id,
        asked_by_name=by.actor_name,
        started_at=now,
        seals_to_check=last.number if last else 0,
    )
    write(by=by, now=now, word="records.trail.verification_started", subject=row)
    jobs.enqueue("records.verify", key=f"{row.pk}-0", now=now, verification=row.pk)
    return row


@transaction.atomic
def void_attachment(*, attachment: models.Attachment, reason: str, by: actors.Actor, now: datetime) -> None:
    """Void a file: it stays, struck through with its reason, and can still be read."""
    if not reason.strip():
        raise CannotVoid(_("Please give the reason for voiding."), field="reason")
    voided = models.Attachment.objects.filter(pk=attachment.pk, voided_at=None).update(
        voided_at=now, void_reason=reason.strip()[:300]
    )
    if not voided:
        raise CannotVoid(_("This file is already void."))
    attachment.voided_at, attachment.void_reason = now, reason.strip()[:300]
    write(
        by=by,
        now=now,
        word="records.file.voided",
        subject=attachment.subject,
        reason=reason,
        note={"file": attachment.name, "sha256": attachment.blob.sha256},
    )
    plugs.announce("records.voided", attachment_id=attachment.pk, subject=attachment.subject, by=by, now=now)


# Keeping, holding, purging -------------------------------------------------------------------------------------------


@transaction.atomic
def set_periods(
    *, record_years: int | None, working_years: int | None, expected: int, by: actors.Actor, now: datetime
) -> models.Periods:
    """Say for how many years files are kept (None: for good). Files that are there already are kept by it too."""
    row = queries.periods()
    access.demand(by, access.KEEP, subjects.ref(row))
    changes = rows.change(row, expected=expected, record_years=record_years, working_years=working_years)
    if changes:
        write(by=by, now=now, word="records.periods.changed", subject=row, changes=changes)
    return row


@transaction.atomic
def classify(*, attachment: models.Attachment, retention: str, reason: str, by: actors.Actor, now: datetime) -> None:
    """Put a file into another retention class."""
    access.demand(by, access.KEEP, attachment)
    if retention not in models.Attachment.Retention.values or attachment.purged_at:
        raise CannotKeep(_("There is no such retention class."), field="retention")
    change = rows.Change("retention", attachment.retention, retention)
    models.Attachment.objects.filter(pk=attachment.pk).update(retention=retention)
    attachment.retention = retention
    if change.old != change.new:
        note = {"file": attachment.name}
        subject = attachment.subject
        write(by=by, now=now, word="records.file.kept", subject=subject, changes=[change], reason=reason, note=note)


@transaction.atomic
def place_hold(
    *, subject: subjects.Subject | subjects.Ref, reason: str, by: actors.Actor, now: datetime
) -> models.Hold:
    """Keep everything that hangs on a subject from being purged, whatever its retention, until the hold is lifted."""
    it = subjects.ref(subject)
    access.demand(by, access.KEEP, it)
    if not reason.strip():
        raise CannotKeep(_("Please give the reason."), field="reason")
    hold = models.Hold.objects.create(
        **subjects.columns(it), reason=reason.strip()[:300], by_id=by.actor_id, by_name=by.actor_name, from_at=now
    )
    write(by=by, now=now, word="records.hold.placed", subject=it, reason=reason)
    return hold


@transaction.atomic
def lift_hold(*, hold: models.Hold, expected: int, reason: str, by: actors.Actor, now: datetime) -> None:
    """End a hold; the retention of each file decides again."""
    access.demand(by, access.KEEP, hold)
    if not reason.strip():
        raise CannotKeep(_("Please give the reason."), field="reason")
    if hold.to_at:
        raise CannotKeep(_("This hold is lifted already."))
    rows.change(hold, expected=expected, to_at=now)
    write(by=by, now=now, word="records.hold.lifted", subject=hold.subject, reason=reason, note={"hold": hold.reason})


@transaction.atomic
def purge(*, attachment: models.Attachment, by: actors.Actor, now: datetime) -> None:
    """Remove a file's bytes for good once its retention is over; its row stays and says what there was.

    Refused while the subject is held. Bytes that another file still needs stay.
    """
    access.demand(by, access.KEEP, attachment)
    blob = models.Blob.objects.select_for_update().get(pk=attachment.blob_id)
    until = queries.kept_until(attachment, queries.periods())
    if until is None or timezone.localdate(now) <= until:
        raise CannotPurge(_("The retention of this file is not over."))
    if queries.holds(attachment.subject).exists():
        raise CannotPurge(_("This file is held."))
    if not models.Attachment.objects.filter(pk=attachment.pk, purged_at=None).update(purged_at=now):
        raise CannotPurge(_("This file is purged already."))
    facts = {"file": attachment.name, "sha256": blob.sha256, "size": blob.size, "kept_until": until}
    write(by=by, now=now, word="records.file.purged", subject=attachment.subject, note=facts)
    plugs.announce("records.voided", attachment_id=attachment.pk, subject=attachment.subject, by=by, now=now)
    if not blob.attachment_set.filter(purged_at=None).exists():
        models.Blob.objects.filter(pk=blob.pk).update(purged_at=now)
        transaction.on_commit(lambda: _remove_bytes(blob, now))


def _remove_bytes(blob: models.Blob, now: datetime) -> None:
    """Unless the same bytes were stored again meanwhile; then the broom looks after them."""
    day_ago = (now - timedelta(days=1)).timestamp()
    store.remove(Path(settings.FILES_DIR), blob.sha256, older_than=day_ago, is_known=queries.known_blobs)
    for size in pictures.SIZES:
        blob.preview_path(size).unlink(missing_ok=True)
    shutil.rmtree(blob.pages_folder, ignore_errors=True)
