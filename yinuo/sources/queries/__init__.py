"""What is read of documents, editions and clauses. Every list begins with what the person may see."""

import json
import zlib
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from yinuo.kit import models as kit
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import models as records
from yinuo.sources import models
from yinuo.sources.definition import Block, Fault, Noise, Split
from yinuo.sources.readers import apart
from yinuo.sources.rules import comparing, correcting

SEE = Permission.SOURCES_SEE


def documents(person: org.Person) -> QuerySet[models.Document]:
    """The documents the person may see."""
    return person.visible(models.Document.objects.all(), SEE)


def editions(person: org.Person) -> QuerySet[models.Edition]:
    """The editions the person may see."""
    return person.visible(models.Edition.objects.all(), SEE)


def texts(person: org.Person) -> QuerySet[models.ClauseText]:
    """The accepted clauses the person may see."""
    return person.visible(models.ClauseText.objects.all(), SEE)


def listed_texts(person: org.Person) -> QuerySet[models.ClauseText]:
    """The accepted clauses of editions that hold. Standards have lists of their own."""
    rows = texts(person).exclude(edition__standing=models.Standing.SUPERSEDED)
    return rows.exclude(edition__document__kind=models.DocumentKind.STANDARD)


def newest(document: models.Document) -> models.Edition | None:
    """The edition that holds: the newest in force, else the newest of all."""
    rows = document.editions.filter(withdrawn_at=None).order_by("-received_on", "-pk")
    return rows.filter(standing=models.Standing.IN_FORCE).first() or rows.first()


def packed(said: Any) -> bytes:
    """JSON, small enough to keep."""
    return zlib.compress(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), 6)


def unpacked(content: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(bytes(content)))


def blocks_of(file: models.File) -> tuple[list[Block], list[tuple[Block, Noise]]]:
    """What stands in a file: its text, and what was named as none. Nothing once its bytes were purged."""
    kept = getattr(file, "blocks", None)
    if kept is None:
        return [], []
    said = unpacked(kept.packed)
    noise = [(apart.block_of(block), Noise(why)) for block, why in said["noise"]]
    return [apart.block_of(each) for each in said["blocks"]], noise


def splits_of(edition: models.Edition) -> list[tuple[int, Split]]:
    """What each file of an edition that could be read was split into, by its place."""
    files = edition.files.filter(state=models.File.State.READ).select_related("blocks")
    return [(file.place, apart.split_of(unpacked(file.blocks.packed)["split"])) for file in files]


def tree_of(draft: models.Draft) -> correcting.Tree:
    """The clauses of a draft."""
    return correcting.heard(unpacked(draft.packed))


def is_given_up(edition: models.Edition) -> bool:
    """Whether an edition is to be read, and nobody does: its job failed for good."""
    if edition.clauses != models.Edition.Clauses.READING:
        return False
    open_ = (kit.Job.State.WAITING, kit.Job.State.RUNNING)
    return not kit.Job.objects.filter(key__startswith=f"sources.read:{edition.pk}-", state__in=open_).exists()


def is_tracked(files: Iterable[models.File]) -> bool:
    """Whether changes are tracked in one of the files."""
    return any(fault == Fault.TRACKED for file in files for fault, *_about in file.remarks)


def is_recognised(edition: models.Edition) -> bool:
    """Whether words of the edition were read from pictures."""
    return any(fault == Fault.RECOGNISED for file in edition.files.all() for fault, *_about in file.remarks)


def reviewed_before(edition: models.Edition) -> models.Edition | None:
    """The draft or round of negotiation that a signed edition was made from: the last one before it."""
    if edition.standing != models.Standing.SIGNED:
        return None
    drafts = edition.document.editions.filter(standing__in=(models.Standing.DRAFT, models.Standing.ROUND))
    return drafts.filter(received_on__lte=edition.received_on).order_by("-received_on", "-round", "-pk").first()


def twin_of(document: models.Document, attachments: list[records.Attachment]) -> models.Edition | None:
    """The edition of the document that was given exactly these files before."""
    prints = sorted(each.blob.sha256 for each in attachments)
    for edition in document.editions.prefetch_related("files__attachment__blob"):
        if prints == sorted(file.attachment.blob.sha256 for file in edition.files.all()):
            return edition
    return None


def accepted_before(edition: models.Edition) -> models.Edition | None:
    """The nearest edition before this one whose clauses are accepted: an edition that nobody checked loses nothing."""
    seen = {edition.pk}
    before = edition.follows
    while before is not None and before.clauses != models.Edition.Clauses.ACCEPTED and before.pk not in seen:
        seen.add(before.pk)
        before = before.follows
    return before if before is not None and before.clauses == models.Edition.Clauses.ACCEPTED else None


def last_correction(edition: models.Edition) -> models.Correction | None:
    """The newest correction that was not undone."""
    return edition.corrections.filter(undone_at=None).order_by("-number").first()


def said_of(edition: models.Edition) -> list[comparing.Said]:
    """The clauses of an edition as they are compared: accepted texts, else the draft's."""
    if edition.clauses == models.Edition.Clauses.ACCEPTED:
        return [
            comparing.Said(str(each.pk), each.number, each.title, each.text, str(each.parent_id or ""))
            for each in edition.texts.all()
        ]
    draft = models.Draft.objects.filter(edition=edition).first()
    nodes = tree_of(draft).nodes if draft else ()
    return [comparing.Said(each.key, each.number, each.title, each.text, each.parent) for each in nodes]
