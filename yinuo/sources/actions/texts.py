"""What other rooms say in words that is no longer so: requirements of cases, changes, terms with customers.

A subject is looked through once in each of its versions, and anew when rules or entries have changed.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from yinuo.kit import actors, plugs, rows
from yinuo.kit.texts import Text
from yinuo.sources import models
from yinuo.sources.actions import obsolete as actions
from yinuo.sources.queries import citing as reading
from yinuo.sources.rules import citing, obsolete

STATE = models.Obsolete.State
AROUND = 160  # characters kept before and behind what was found
BLOCK = 200  # subjects in one transaction


@transaction.atomic
def look_through(*, type: str, by: actors.Actor, now: datetime) -> int:  # noqa: A002 - of subjects
    """Look through the next subjects of a type that were not in their version; how many there were."""
    plug, stamp = plugs.texts.get(type), f"{citing.EDITION}-{reading.stamp()}"
    done = models.LookedText.objects.filter(
        type=type, subject_id=OuterRef("pk"), version=OuterRef("version"), stamp=stamp
    )
    waiting = plug.about["rows"]().filter(~Exists(done)).order_by("pk")
    versions = dict(waiting.values_list("pk", "version")[:BLOCK])
    if not versions:
        return 0
    found = models.Obsolete.objects.filter(of_type=type, of_id__in=list(versions))
    known = {(row.entry, row.of_id or 0): row for row in found}
    finder = obsolete.Finder(reading.entries())
    said = {key for text in plug.function(list(versions)) for key in _note(type, text, finder, known, now)}
    for key, row in known.items():
        if key not in said and row.state != STATE.GONE:
            rows.change(row, expected=row.version, state=STATE.GONE)
    models.LookedText.objects.bulk_create(
        [
            models.LookedText(type=type, subject_id=pk, version=version, stamp=stamp)
            for pk, version in versions.items()
        ],
        update_conflicts=True, unique_fields=["type", "subject_id"], update_fields=["version", "stamp"],
    )  # fmt: skip
    return len(versions)


def _note(
    type: str, text: Text, finder: obsolete.Finder, known: dict[tuple[str, int], models.Obsolete], now: datetime  # noqa: A002
) -> list[tuple[str, int]]:  # fmt: skip
    """Keep what one subject says, each entry once."""
    keys: list[tuple[str, int]] = []
    for hit in finder.find(text.words, citing.find(text.words)):
        key = (hit.entry, text.id)
        if key in keys:
            continue
        keys.append(key)
        values = {
            "printed": text.words[hit.start : hit.end][:300],
            "of_label": text.label[:200],
            "of_url": text.url[:500],
            "of_words": _around(text.words, hit),
            "customer_id": text.customer_id,
            "scope_id": text.about.scope_id,
            "site_id": text.about.site_id,
        }
        actions.keep(known.get(key), values, now, entry=hit.entry, of_type=type, of_id=text.id)
    return keys


def _around(words: str, hit: obsolete.Hit) -> str:
    low, high = max(hit.start - AROUND, 0), hit.end + AROUND
    return ("… " if low else "") + words[low:high] + (" …" if high < len(words) else "")


@transaction.atomic
def drop_ended(*, type: str, by: actors.Actor, now: datetime) -> None:  # noqa: A002 - of subjects
    """What is over says nothing any more; what people have said of it stays on record."""
    holding = plugs.texts.get(type).about["rows"]().values("pk")
    for row in models.Obsolete.objects.filter(of_type=type, state=STATE.OPEN).exclude(of_id__in=holding):
        rows.change(row, expected=row.version, state=STATE.GONE)


def guard(*, type: str, id: int, scope_id: int | None) -> None:  # noqa: A002 - names of the event
    """Who may see a subject has changed: what was found in its words goes with it."""
    models.Obsolete.objects.filter(of_type=type, of_id=id).update(scope=scope_id)
