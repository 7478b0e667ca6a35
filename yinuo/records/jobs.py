"""The sealer, the walk along the seals, and the broom for files that no row knows."""

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from yinuo.kit import jobs, plugs
from yinuo.records import models, queries, rules
from yinuo.records.engine import anchors, chain, store

log = logging.getLogger(__name__)

BATCH = 500  # entries sealed in one transaction, so that on SQLite nobody waits long for the sealer
VISIT = 20.0  # seconds that one visit of the sealer or along the seals takes
MOST_REFUSED = 1000


# Sealing -------------------------------------------------------------------------------------------------------------


@jobs.job("records.seal", outside=True)
def seal() -> None:
    """Seal the committed entries that are not sealed yet, in the order of their ids; go on in another visit if many."""
    until = time.monotonic() + VISIT
    settled: int | None = None
    after = 0
    while True:
        now, largest = timezone.now(), _largest_id()  # before this transaction has a number, as `_settled` wants it
        with transaction.atomic():
            head, _is_new = models.Head.objects.select_for_update().get_or_create(pk=1)
            if settled is None:
                settled = _settled(head, largest)
            beyond = queries.unsealed().filter(pk__gt=max(head.settled_id, after)).exclude(pk__in=head.refused)
            entries = list(beyond[:BATCH])
            _seal(entries, head, now)
            if len(entries) < BATCH:
                head.settled_id = max(head.settled_id, settled)
            head.save()
        if len(entries) < BATCH:
            break
        after = entries[-1].pk
        if time.monotonic() > until:
            jobs.soon("records.seal", within=1)
            break
    _anchor(timezone.now())


def _settled(head: models.Head, largest: int) -> int:
    """Up to which id nothing can appear any more, as of now; watches the largest id for next time.

    Whoever drew an id up to the largest had a transaction number by then, and ours, drawn after the largest was read,
    is above all of these. The highest one that has ended is not: one above it may still be running with a smaller id.
    """
    running, own = _transactions()
    if head.watched_transaction > running:
        return head.settled_id
    # Every transaction that could still bring an id up to the watched one has ended.
    settled = head.watched_id
    head.watched_id, head.watched_transaction = largest, own
    return settled


@jobs.every(1, "records.look_for_unsealed")
def look_for_unsealed() -> None:
    """Ask for the sealer where no action did: the process was killed after its commit, or rows were loaded in bulk."""
    head = models.Head.objects.filter(pk=1).first()
    settled, refused = (head.settled_id, head.refused) if head else (0, [])
    if queries.unsealed().filter(pk__gt=settled).exclude(pk__in=refused).exists():
        jobs.soon("records.seal", within=1)


@jobs.every(24 * 60, "records.look_back")
def look_back() -> None:
    """Once a day let the sealer look from the beginning: an entry's id is drawn an instant before its transaction has a
    number of its own, so one in very many could have been passed over."""
    models.Head.objects.update(settled_id=0)


def _seal(entries: list[models.Entry], head: models.Head, now: datetime) -> None:
    """Chain the entries behind the last seal.

    An entry whose digest does not fit what it tells was not written so by the program: it gets no seal and is reported.
    """
    last = queries.last_seal()
    number, previous = (last.number, last.chain) if last else (0, rules.CHAIN_START)
    key, seals, refused = queries.seal_key(), [], []
    for entry in entries:
        # A redacted entry was checked when it was redacted; its redaction is an entry of its own.
        if not entry.is_redacted and rules.digest(entry.payload, key=key) != entry.digest:
            refused.append(entry.pk)
            continue
        number += 1
        previous = rules.link(previous, number, entry.pk, entry.digest, key=key)
        seals.append(models.Seal(number=number, entry_id=entry.pk, digest=entry.digest, chain=previous, sealed_at=now))
    models.Seal.objects.bulk_create(seals)
    words = {entry.word for entry in entries} - set(models.Word.objects.values_list("word", flat=True))
    models.Word.objects.bulk_create([models.Word(word=word) for word in sorted(words)], ignore_conflicts=True)
    if refused:
        head.refused = (head.refused + refused)[-MOST_REFUSED:]
        log.error("trail entries that the program did not write so: %s", refused)
        plugs.announce("records.trail_suspect", entry_ids=refused, now=now)


def _anchor(now: datetime) -> None:
    """Note the head outside the database, after the commit: an anchor is never ahead of its seals."""
    last = queries.last_seal()
    if last:
        anchors.write(queries.anchor_folder(), number=last.number, chain=last.chain, now=now)


def _largest_id() -> int:
    return models.Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _transactions() -> tuple[int, int]:
    """The oldest running transaction, and our own. SQLite has one writer: all earlier ones have ended."""
    if connection.vendor == "sqlite":
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_current_xact_id()::text::bigint"
        )
        running, own = cursor.fetchone()
    return running, own


# Verifying -----------------------------------------------------------------------------------------------------------


@jobs.job("records.verify", outside=True)
def verify(verification: int) -> None:
    """Walk on for a while; ask for another visit until the last seal is checked."""
    row = models.Verification.objects.get(pk=verification)
    if row.finished_at:
        return
    walk = chain.Walk.of(row.progress)
    until = time.monotonic() + VISIT
    while queries.walk_on(walk) or queries.files_on(walk):
        models.Verification.objects.filter(pk=row.pk, finished_at=None).update(progress=walk.as_json())
        if time.monotonic() > until:
            jobs.enqueue(
                "records.verify",
                key=f"{row.pk}-{walk.number}-{walk.blob}",
                now=timezone.now(),
                verification=verification,
            )
            return
    now = timezone.now()
    queries.end_walk(walk, now)
    models.Verification.objects.filter(pk=row.pk).update(progress=walk.as_json(), finished_at=now)


# Files ---------------------------------------------------------------------------------------------------------------


@jobs.every(24 * 60, "records.time_to_sweep")
def time_to_sweep() -> None:
    """Ask for the broom once a day."""
    jobs.soon("records.sweep_files", within=60)


@jobs.job("records.sweep_files", outside=True)
def sweep_files() -> None:
    """Remove files that were never finished or whose row was never committed, a day after they came."""
    day_ago = (timezone.now() - timedelta(days=1)).timestamp()
    removed = store.sweep(Path(settings.FILES_DIR), older_than=day_ago, is_known=queries.known_blobs)
    if removed:
        log.info("%s files without a row removed", len(removed))
