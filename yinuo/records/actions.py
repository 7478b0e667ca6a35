"""Writing the trail. (Sealing, attaching and voiding files stand beside it.)"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings

from yinuo.kit import actors, rows, subjects
from yinuo.records import models, rules


def seal_key() -> bytes:
    """The key of the trail's digests, derived from the installation's secret."""
    return hashlib.sha256(b"trail:" + settings.SECRET_KEY.encode()).digest()


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
    it = subjects.ref(subject)
    entry = models.Entry(
        at=now,
        actor_id=by.actor_id,
        actor_name=by.actor_name,
        word=word,
        subject_type=it.type,
        subject_id=it.id,
        subject_label=it.label,
        subject_url=it.url,
        scope_id=it.scope_id,
        site_id=it.site_id,
        reason=reason,
        changes=rules.masked([change.as_json() for change in changes]),
        note=rows.plain(note or {}),
    )
    entry.digest = rules.digest(payload_of(entry), key=seal_key())
    entry.save(force_insert=True)
    return entry


def payload_of(entry: models.Entry) -> dict[str, Any]:
    """What the digest covers: all that the entry tells."""
    return {
        "at": entry.at.timestamp(),
        "actor": [entry.actor_id, entry.actor_name],
        "word": entry.word,
        "subject": [entry.subject_type, entry.subject_id, entry.subject_label],
        "reason": entry.reason,
        "changes": entry.changes,
        "note": entry.note,
    }
