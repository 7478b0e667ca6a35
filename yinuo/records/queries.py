"""Reading the trail and the files, and walking the chain of seals."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, lookups
from django.utils import timezone

from yinuo.kit import plugs, subjects
from yinuo.records import models, rules
from yinuo.records.engine import anchors, chain, store

SEGMENT = 2000
FILES_AT_ONCE = 100 * 1024 * 1024
GRACE = timedelta(minutes=10)  # an unsealed entry younger than this simply waits for the sealer


# The trail -----------------------------------------------------------------------------------------------------------


def permission_of(subject_type: str) -> str:
    """Which permission shows what hangs on a subject: that of seeing its room."""
    return f"{subject_type.partition('.')[0]}.see"


def may_read(person: Any, subject_type: str, subject_id: int) -> bool:
    """Whether somebody may read what hangs on subjects of this type, and on this one where a room guards it."""
    if not person.may(permission_of(subject_type)):
        return False
    if subject_type not in plugs.guards:
        return True
    return bool(plugs.guards.get(subject_type).function(subject_id, person))


def attachable(person: Any, subject_type: str, subject_id: int) -> subjects.Ref | None:
    """The subject if somebody may hang files on it."""
    if subject_type not in plugs.attachables:
        return None
    found: subjects.Ref | None = plugs.attachables.get(subject_type).function(subject_id, person)
    return found


def entries(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Entry]:
    """The trail of a subject, newest first."""
    it = subjects.ref(subject)
    return models.Entry.objects.filter(subject_type=it.type, subject_id=it.id).order_by("-id")


def people_named(text: str) -> list[str]:
    """Actor ids of people whose name, sign-in name or employee number contains the text."""
    found = get_user_model()._default_manager.filter(
        Q(name__icontains=text) | Q(sign_in__icontains=text) | Q(employee_number__icontains=text)
    )
    return [str(key) for key in found.values_list("pk", flat=True)[:500]]


# What has changed since a point --------------------------------------------------------------------------------------

AUDIT = "records.audit"
LOOK = 2000  # seals looked through at once for somebody who may see few of their entries


@dataclass(frozen=True)
class Changes:
    """Entries with their seals, in the order of the chain; `last` is the seal looked at last, told or not."""

    entries: list[tuple[models.Seal, models.Entry]]
    last: models.Seal | None
    is_more: bool


def changes(person: Any, *, after: int, limit: int, of_type: str = "") -> Changes:
    """What the chain has beyond a seal's number, as far as the person may see it.

    The order of ids is not the order in which transactions commit. The chain's is: only what is committed gets a seal,
    and its number is drawn under the sealer's lock, so nothing ever appears before a number that somebody has read.
    """
    found: list[tuple[models.Seal, models.Entry]] = []
    last, number, step = None, after, limit * 2
    visible = _visible_to(person, of_type)
    while number - after < LOOK:
        seals = list(models.Seal.objects.filter(number__gt=number).order_by("number")[:step])
        seen = visible.in_bulk([seal.entry_id for seal in seals])
        for seal in seals:
            if seal.entry_id in seen:
                if len(found) == limit:
                    return Changes(found, last, is_more=True)
                found.append((seal, seen[seal.entry_id]))
            last = seal
        if len(seals) < step:
            return Changes(found, last, is_more=False)
        number, step = seals[-1].number, min(step * 4, LOOK)
    return Changes(found, last, is_more=True)


def _visible_to(person: Any, of_type: str) -> QuerySet[models.Entry]:
    """The entries that the person may see: as beside their subjects, or as the trail's auditor."""
    rows, kind = models.Entry.objects.all(), subjects.Sieve("subject_type", CharField())
    if of_type:
        rows = rows.filter(lookups.Exact(kind, of_type))
    seen: QuerySet[models.Entry] = person.visible(rows, AUDIT)
    for permission, types in _types_by_permission().items():
        if person.may(permission):
            seen = seen | person.visible(rows.filter(lookups.In(kind, types)), permission)
    return seen


def _types_by_permission() -> dict[str, list[str]]:
    """The types of subject by the permission that shows them; without those whose trail a room guards one by one."""
    found: dict[str, list[str]] = defaultdict(list)
    for model in apps.get_models():
        of_type = getattr(model, "subject_type", None)
        if isinstance(of_type, str) and of_type not in plugs.guards:
            found[permission_of(of_type)].append(of_type)
    return found


def as_they_are(entries: Iterable[models.Entry]) -> dict[tuple[str, int], dict[str, Any]]:
    """What the subjects of entries are called and which version they have now; one query for each type."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        wanted[entry.subject_type].add(entry.subject_id)
    found = {}
    for model in apps.get_models():
        of_type: Any = getattr(model, "subject_type", None)
        names = {field.name for field in model._meta.concrete_fields} & {"number", "version"}
        if names and isinstance(of_type, str) and of_type in wanted:
            for row in model._default_manager.filter(pk__in=wanted[of_type]).values("pk", *names):
                found[of_type, row["pk"]] = row
    return found


def place_of(seal: models.Seal | None) -> str:
    """Where a reader stands behind a seal: its number, and enough of its chain to be known again."""
    return f"{seal.number}-{seal.chain[:8]}" if seal else ""


def is_place(number: int, proof: str) -> bool:
    """Whether the chain has that place: not so when the database was set back to an older state."""
    return models.Seal.objects.filter(number=number, chain__startswith=proof).exists()


# Files ---------------------------------------------------------------------------------------------------------------


def attachments(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Attachment]:
    """The files of a subject with their blobs, oldest first, void ones too."""
    it = subjects.ref(subject)
    return (
        models.Attachment.objects.filter(subject_type=it.type, subject_id=it.id).select_related("blob").order_by("id")
    )


def file_names(subject_type: str, ids: Collection[int]) -> dict[int, list[str]]:
    """The names of the files that hang on subjects of a type, without void and purged ones."""
    found: dict[int, list[str]] = defaultdict(list)
    valid = models.Attachment.objects.filter(voided_at=None, purged_at=None)
    rows = valid.filter(subject_type=subject_type, subject_id__in=ids).order_by("pk")
    for subject_id, name in rows.values_list("subject_id", "name"):
        found[subject_id].append(name)
    return found


def known_blobs(names: Sequence[str]) -> set[str]:
    """Those of the content names whose bytes the database wants kept."""
    return set(models.Blob.objects.filter(sha256__in=names, purged_at=None).values_list("sha256", flat=True))


def periods() -> models.Periods:
    """The company's retention periods; made with the usual ones on first use."""
    usual = {"record_years": rules.RECORD_YEARS, "working_years": rules.WORKING_YEARS}
    row, _is_new = models.Periods.objects.get_or_create(pk=1, defaults=usual)
    return row


def kept_until(attachment: models.Attachment, years: models.Periods) -> date | None:
    """The last day on which a file must be kept; None: for good."""
    return rules.keep_until(timezone.localdate(attachment.attached_at), years.years(attachment.retention))


def held() -> dict[tuple[str, int], list[int]]:
    """What is held, with the holds that do it: each hold's subject and what belongs to it."""
    found: dict[tuple[str, int], list[int]] = defaultdict(list)
    for hold in models.Hold.objects.filter(to_at=None).order_by("pk"):
        whole = hold.subject_type
        parts = plugs.parts.get(whole).function(hold.subject_id) if whole in plugs.parts else []
        for each in [(whole, hold.subject_id), *parts]:
            found[each].append(hold.pk)
    return found


def holds(subject: subjects.Subject | subjects.Ref) -> QuerySet[models.Hold]:
    """The holds in force on a subject or on what it belongs to, oldest first."""
    it = subjects.ref(subject)
    return models.Hold.objects.filter(pk__in=held().get((it.type, it.id), [])).order_by("pk")


def past_retention(now: datetime) -> Iterator[models.Attachment]:
    """Files whose retention is over and that nobody holds, oldest first."""
    years, today, kept = periods(), timezone.localdate(now), held()
    rows = models.Attachment.objects.filter(purged_at=None).exclude(retention="lasting")
    for attachment in rows.select_related("blob").order_by("pk").iterator(chunk_size=500):
        until = kept_until(attachment, years)
        if until is not None and until < today and (attachment.subject_type, attachment.subject_id) not in kept:
            yield attachment


# Seals ---------------------------------------------------------------------------------------------------------------


def seal_key() -> bytes:
    """The key of the trail's digests and seals, derived from the installation's secret."""
    return hashlib.sha256(b"trail:" + settings.SECRET_KEY.encode()).digest()


def anchor_folder() -> Path:
    """Where the head of the chain is kept outside the database."""
    return Path(settings.DATA_DIR) / "seals"


def last_seal() -> models.Seal | None:
    return models.Seal.objects.order_by("-number").first()


def last_verification() -> models.Verification | None:
    return models.Verification.objects.order_by("-pk").first()


def walk_on(walk: chain.Walk, *, size: int = SEGMENT) -> bool:
    """Check the next `size` seals; false when there are none left."""
    seals = list(models.Seal.objects.filter(number__gt=walk.number).order_by("number")[:size])
    if not seals:
        return False
    covered = models.Entry.objects.in_bulk([seal.entry_id for seal in seals])
    key, moved = seal_key(), _rescopings(covered.values())
    segment = [_sealed(seal, covered.get(seal.entry_id), key, moved) for seal in seals]
    chain.go_on(walk, segment, anchors.read(anchor_folder()), key=key)
    return True


def _rescopings(covered: Iterable[models.Entry]) -> dict[tuple[str, int], models.Entry]:
    """The last entry about each subject of the entries that says into which scope it came."""
    said = models.Entry.objects.filter(
        subject_type=models.Entry.RESCOPED, subject_id__in={entry.subject_id for entry in covered}
    )
    return {(each.note["of_type"], each.subject_id): each for each in said.order_by("pk")}


def _is_misplaced(entry: models.Entry, moved: Mapping[tuple[str, int], models.Entry]) -> bool:
    """Whether the entry stands in another scope than it was written in, or was brought to later."""
    last = moved.get((entry.subject_type, entry.subject_id))
    expected = last.note["to_scope"] if last is not None and last.pk > entry.pk else entry.first_scope_id
    return bool(entry.scope_id != expected)


def _sealed(
    seal: models.Seal, entry: models.Entry | None, key: bytes, moved: Mapping[tuple[str, int], models.Entry]
) -> chain.Sealed:
    if entry is None:
        return chain.Sealed(seal.number, seal.entry_id, seal.digest, seal.chain, None)
    return chain.Sealed(
        number=seal.number,
        entry_id=seal.entry_id,
        digest=seal.digest,
        chain=seal.chain,
        entry_digest=entry.digest,
        payload_digest="" if entry.is_redacted else rules.digest(entry.payload, key=key),
        is_misplaced=_is_misplaced(entry, moved),
        is_redacted=entry.is_redacted,
        is_proved=entry.is_redacted and _is_redaction_proved(entry),
    )


def _is_redaction_proved(entry: models.Entry) -> bool:
    """Whether a later entry, itself covered by the chain, names this one as redacted."""
    later = models.Entry.objects.filter(
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        pk__gt=entry.pk,
        word=models.Entry.REDACTED,
        is_redacted=False,
    )
    is_bare = not (entry.changes or entry.note or entry.reason or entry.subject_label)
    return is_bare and any(each.note == {"entry": entry.pk, "digest": entry.digest} for each in later)


def files_on(walk: chain.Walk) -> bool:
    """Read the next stored files anew, some 100 MB of them; false when there are none left."""
    read = 0
    for blob in models.Blob.objects.filter(pk__gt=walk.blob, purged_at=None).order_by("pk")[:SEGMENT]:
        if (sha256 := store.sha256_of(blob.path)) != blob.sha256:
            walk.find("file_missing" if sha256 is None else "file_changed", 0, blob.pk)
        walk.blob, walk.files, read = blob.pk, walk.files + 1, read + blob.size
        if read > FILES_AT_ONCE:
            break
    return read > 0


def end_walk(walk: chain.Walk, now: datetime) -> None:
    """After the last seal: what is not sealed, what is there twice, and what the anchors say."""
    chain.end(walk, anchors.read(anchor_folder()))
    key = seal_key()
    for entry in unsealed().iterator(chunk_size=SEGMENT):
        if entry.is_redacted or rules.digest(entry.payload, key=key) != entry.digest:
            walk.find("entry_inserted", 0, entry.pk)
        elif entry.at < now - GRACE:
            walk.waiting += 1
    twice = models.Seal.objects.values("digest").annotate(n=Count("number")).filter(n__gt=1).values("digest")
    for seal in models.Seal.objects.filter(digest__in=twice).order_by("number")[: chain.MOST_FINDINGS]:
        walk.find("entry_copied", seal.number, seal.entry_id)


def unsealed() -> QuerySet[models.Entry]:
    """Entries that no seal covers, oldest first."""
    sealed = models.Seal.objects.filter(entry_id=OuterRef("pk"))
    return models.Entry.objects.filter(~Exists(sealed)).order_by("pk")
