"""What was decided of clauses goes over to the next edition: nothing is lost, only what says something else is asked
again. A person may say that a new clause is one that was held to be gone, and take that back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.sources import access, models
from yinuo.sources.actions import judging
from yinuo.sources.rules import carrying as rules
from yinuo.sources.rules import comparing

STATE = models.Judgement.State
FIELDS = ("text", "was", "state", "nature", "reason", "by", "at", "version", "proposed", "because", "certainty")


class CannotLink(refusals.Refusal):
    """These two clauses cannot be one."""


@dataclass
class Group:
    """The texts of one match of two editions: what was, and what came of it."""

    kind: str
    old: list[models.ClauseText] = field(default_factory=list)
    new: list[models.ClauseText] = field(default_factory=list)


@dataclass
class Carried:
    """What goes over: judgements as they are now, copies for clauses that were split off, whose mappings to whom."""

    changed: list[models.Judgement] = field(default_factory=list)
    copies: list[models.Judgement] = field(default_factory=list)
    mappings: list[tuple[int, int]] = field(default_factory=list)  # from one clause to another
    anew: set[int] = field(default_factory=set)  # clauses that say something else


def carry(*, edition: models.Edition, by: org.Person, now: datetime) -> dict[str, int]:
    """Part of accepting an edition: decisions of the edition before go on, the rest gets proposals. How many go on, and
    how many are asked again."""
    groups = _groups(edition)
    held = {
        each.text_id: each
        for each in models.Judgement.objects.filter(text__edition__in={old.edition_id for g in groups for old in g.old})
    }
    told = Carried()
    for group in groups:
        _go_over(group, held, told)
    models.Judgement.objects.bulk_update(told.changed, FIELDS, batch_size=100)
    models.Judgement.objects.bulk_create(told.copies, batch_size=500)
    _copy_mappings(told.mappings)
    _carry_translations([(g.old[0], g.new[0]) for g in groups if g.kind in rules.HOLDS])
    judging.propose(edition=edition, now=now)
    reopened = sorted(
        each.clause_id for each in (*told.changed, *told.copies)
        if each.clause_id in told.anew and each.state == STATE.CARRIED
    )  # fmt: skip
    if reopened:
        plugs.announce("sources.clauses_reopened", edition=edition, clauses=reopened, by=by, now=now)
    kept = sum(each.clause_id not in told.anew for each in told.changed)
    return {"kept": kept, "reopened": len(reopened)}


def _groups(edition: models.Edition) -> list[Group]:
    """The matches of an edition with the one before, each with its texts once."""
    lines = edition.lineage.select_related("old", "new").order_by("place", "pk")
    found = []
    for (_place, kind), rows_ in groupby(lines, key=lambda each: (each.place, each.kind)):
        group = Group(kind)
        for each in rows_:
            for side, text in ((group.old, each.old), (group.new, each.new)):
                if text is not None and text not in side:
                    side.append(text)
        found.append(group)
    return found


def _go_over(group: Group, held: dict[int, models.Judgement], told: Carried) -> None:
    """What becomes of the judgements of one match. The clause of the first old text goes on as the first new one."""
    ours = [held[text.pk] for text in group.old if text.pk in held]
    if not ours or not group.new:
        return
    said = [_held(each) for each in ours]
    best = ours[said.index(rules.foremost(said))]
    state, was = rules.carried(_held(best), group.kind)
    for text in group.new:
        row = next((each for each in ours if each.clause_id == text.clause_id), None)
        moved = _moved(row or models.Judgement(), best, text, state, was)
        (told.changed if row else told.copies).append(moved)
        if group.kind not in rules.HOLDS:
            told.anew.add(text.clause_id)
            moved.proposed, moved.because, moved.certainty = "", [], 0.0  # asked of the program once more
        told.mappings += [(each.clause_id, text.clause_id) for each in ours if each.clause_id != text.clause_id]


def _held(row: models.Judgement) -> rules.Held:
    return rules.Held(row.state, row.nature, row.text_id, row.was_id)


def _moved(
    row: models.Judgement, best: models.Judgement, text: models.ClauseText, state: str, was: int | None
) -> models.Judgement:
    """A judgement that says what the best one says, of another text."""
    row.nature, row.reason, row.by_id, row.at = best.nature, best.reason, best.by_id, best.at
    row.clause_id, row.text, row.state, row.was_id = text.clause_id, text, state, was
    row.version = row.version + 1 if row.pk else 1
    return row


def _copy_mappings(pairs: Iterable[tuple[int, int]]) -> None:
    """What a clause was mapped to, for those that came of it; what these are mapped to already stays as it is."""
    pairs = list(pairs)
    every: dict[int, list[models.Mapping]] = {}
    for each in models.Mapping.objects.filter(clause__in={key for pair in pairs for key in pair}):
        every.setdefault(each.clause_id, []).append(each)
    fresh: dict[tuple[int, int], models.Mapping] = {}
    taken = {(each.clause_id, each.target_id) for mappings in every.values() for each in mappings}
    for source, clause in pairs:
        for each in every.get(source, ()):
            if each.state == models.Mapping.State.PROPOSED or (clause, each.target_id) in taken:
                continue
            fresh.setdefault(
                (clause, each.target_id),
                models.Mapping(
                    clause_id=clause, target_id=each.target_id, target_text_id=each.target_text_id, state=each.state,
                    score=each.score, because=each.because, by_id=each.by_id, at=each.at,
                ),
            )  # fmt: skip
    models.Mapping.objects.bulk_create(fresh.values(), batch_size=500)


def _carry_translations(pairs: list[tuple[models.ClauseText, models.ClauseText]]) -> None:
    """What says the same in the original says the same in another language."""
    after = {old.pk: new for old, new in pairs}
    editions = {old.edition_id for old, _new in pairs}
    models.Translation.objects.bulk_create(
        (
            models.Translation(
                text=after[each.text_id], language=each.language, title=each.title, body=each.body,
                way=models.Translation.Way.CARRIED, by_id=each.by_id, at=each.at,
            )
            for each in models.Translation.objects.filter(text__edition__in=editions)
            if each.text_id in after
        ),
        batch_size=500,
    )  # fmt: skip


# By hand --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def link(
    *, edition: models.Edition, old: models.ClauseText, new: models.ClauseText, by: org.Person, now: datetime,
    expected: int,
) -> models.Judgement | None:  # fmt: skip
    """A clause that was held to be new is one that was held to be gone. `expected`: the version of the new one's
    judgement as seen, 0 for none.

    The text becomes one of the old clause, so all that hangs there goes on. What hung on the new one stays with it, and
    comes back when this is undone. Rooms above hear of both.
    """
    _check(by, new, expected)
    lines = edition.lineage.select_for_update()  # of two who link the same clause at once, the second is refused
    gone = lines.filter(old=old, new=None).first()
    fresh = lines.filter(old=None, new=new).first()
    if gone is None or fresh is None:
        raise CannotLink(_("Meanwhile one of the two is no longer new or gone. Look at the list again."))
    before, after = _said(old), _said(new)
    kind = comparing.Kind.RENUMBERED if before.words == after.words else comparing.Kind.REWORDED
    left = new.clause_id
    _repoint(new, old.clause_id)
    models.Lineage.objects.filter(pk=fresh.pk).update(
        old=old, kind=kind, values=[list(each) for each in comparing.changed_values(before, after)]
    )
    models.Lineage.objects.filter(pk=gone.pk).delete()
    row = models.Judgement.objects.filter(clause=old.clause_id, text=old).first()
    if row is not None:
        state, was = rules.carried(_held(row), kind)
        asked = {} if kind in rules.HOLDS else {"proposed": "", "because": [], "certainty": 0.0}
        rows.change(row, expected=row.version, text=new, state=state, was_id=was, **asked)
        judging.propose(edition=edition, now=now)
    if kind in rules.HOLDS:
        _carry_translations([(old, new)])
    _tell(edition, "linked", old.clause_id, left, new, old, by, now)
    if row is not None and row.state == STATE.CARRIED:
        plugs.announce("sources.clauses_reopened", edition=edition, clauses=[old.clause_id], by=by, now=now)
    return row


@transaction.atomic
def unlink(*, edition: models.Edition, text: models.ClauseText, by: org.Person, now: datetime, expected: int) -> None:
    """Take back that a new clause is one that was gone: both are again what they were before."""
    row = _check(by, text, expected)
    line = edition.lineage.filter(new=text).exclude(old=None).select_related("old").first()
    own = models.Judgement.objects.filter(text=text).exclude(clause=text.clause_id).first()
    if line is None or line.old is None or own is None or row is None:
        raise CannotLink(_("These two were not linked by hand."))
    old, kept = line.old, text.clause_id
    _repoint(text, own.clause_id)
    values: dict[str, Any] = {"text": old}
    if row.was_id == old.pk:
        values |= {"was": None, "state": STATE.DECIDED}
    rows.change(row, expected=row.version, **values)
    models.Lineage.objects.filter(pk=line.pk).update(old=None, kind=comparing.Kind.NEW, values=[], score=0.0)
    models.Lineage.objects.create(
        edition=edition, before=old.edition, kind=comparing.Kind.GONE, old=old, place=line.place
    )
    _tell(edition, "unlinked", kept, own.clause_id, text, old, by, now)


def _check(by: org.Person, text: models.ClauseText, expected: int) -> models.Judgement | None:
    """The judgement of a text, if the person may change it and saw it as it is."""
    if not access.may_judge(by, text):
        raise refusals.NotAllowed()
    row = models.Judgement.objects.select_for_update().filter(clause=text.clause_id).first()
    if (row.version if row else 0) != expected:
        raise judging.Overtaken(judging.overtaken(row))
    if row is not None and row.text_id != text.pk:
        raise CannotLink(_("This clause has gone on to a newer edition. Please do it there."))
    return row


def _repoint(text: models.ClauseText, clause: int) -> None:
    models.ClauseText.objects.filter(pk=text.pk).update(clause=clause)
    text.clause_id = clause


def _tell(
    edition: models.Edition, what: str, kept: int, left: int, text: models.ClauseText, old: models.ClauseText,
    by: org.Person, now: datetime,
) -> None:  # fmt: skip
    records.write(by=by, now=now, word=f"sources.clause.{what}", subject=text, note={"clause": old.subject_label})
    plugs.announce(f"sources.clauses_{what}", edition=edition, kept=kept, left=left, by=by, now=now)


def _said(text: models.ClauseText) -> comparing.Said:
    return comparing.Said(str(text.pk), text.number, text.title, text.text)
