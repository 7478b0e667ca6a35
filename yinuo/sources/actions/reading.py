"""What comes of reading an edition's files: blocks kept, a first draft of its clauses, or why there is none."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from yinuo.kit import actors, rows
from yinuo.records import actions as records
from yinuo.sources import models, queries
from yinuo.sources.definition import Reading, Remark, Split
from yinuo.sources.rules import correcting

STATE = models.Edition.Clauses


@transaction.atomic
def keep(*, file: models.File, reading: Reading, split: Split, now: datetime) -> None:
    """Keep what was read of one file, and the clauses it was split into."""
    said = {
        "blocks": [asdict(each) for each in reading.blocks],
        "noise": [[asdict(block), why] for block, why in reading.noise],
        "split": asdict(split),
    }
    models.Blocks.objects.update_or_create(file=file, defaults={"packed": queries.packed(said)})
    models.File.objects.filter(pk=file.pk).update(
        state=models.File.State.READ,
        format=reading.format,
        remarks=[[each.fault, each.about] for each in reading.remarks],
        pages=[list(size) for size in reading.pages],
        unread=list(reading.unread),
        read_at=now,
    )


@transaction.atomic
def give_up(*, file: models.File, remark: Remark, now: datetime) -> None:
    """Say why nothing could be read of one file."""
    models.File.objects.filter(pk=file.pk).update(
        state=models.File.State.FAILED, remarks=[[remark.fault, remark.about]], read_at=now
    )


@transaction.atomic
def settle(*, edition: models.Edition, by: actors.Actor, now: datetime) -> None:
    """All files were looked at: the draft of what was read, or nothing at all."""
    edition = models.Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.clauses != STATE.READING:
        return  # read twice at the same time: the first has settled it
    splits = queries.splits_of(edition)
    tree = correcting.tree_of(splits)
    state = STATE.DRAFT if splits else STATE.FAILED
    if splits:
        packed = queries.packed(correcting.said(tree))
        models.Draft.objects.update_or_create(edition=edition, defaults={"packed": packed})
    rows.change(edition, expected=edition.version, clauses=state)
    inside, all_ = tree.signs
    note = {"clauses": len(tree.nodes), "assigned": inside, "signs": all_}
    records.write(by=by, now=now, word=f"sources.edition.{'read' if splits else 'unread'}", subject=edition, note=note)
