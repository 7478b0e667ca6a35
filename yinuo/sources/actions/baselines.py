"""Re-baselining (换版): from one edition of a standard to the next, nothing is lost on the way.

What belongs to a clause that goes on follows by itself. What belongs to one that was split, merged, reworded or dropped
is decided by people, and can be decided anew until somebody signs: then the new edition holds, and the numbers that
lists and chips show are the new ones. The rows stay as the record of where each came from.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import signing as org_signing
from yinuo.procedures.actions import signing
from yinuo.records import actions as records
from yinuo.sources import access, models
from yinuo.sources.actions import citing
from yinuo.sources.queries import baselines as queries
from yinuo.sources.rules import baselines as rules
from yinuo.sources.rules import standards as standards_rules

Act = models.BaselineRow.Act
CHOICES = (Act.CHOSEN, Act.KEPT, Act.DROPPED)
ONE_MORE = F("version") + 1


class CannotDecide(refusals.Refusal):
    """This cannot be decided so."""


class CannotSign(refusals.Refusal):
    """This re-baselining cannot be signed yet."""


@transaction.atomic
def decide(
    *, baseline: models.Baseline, seen: Mapping[int, int], act: str, targets: Sequence[int] = (), reason: str = "",
    by: org.Person, now: datetime,
) -> int:  # fmt: skip
    """Decide rows alike: `seen` are their mappings with the versions of the rows that the person saw (0: undecided).

    `CHOSEN`: they belong to `targets`, clauses of the new edition. `KEPT`: they stay where they are. `DROPPED`: they
    belong nowhere any more. The last two need a reason. How many were decided.
    """
    _check_open(baseline)
    if act not in CHOICES:
        raise CannotDecide(_("Please say what becomes of it."), field="act")
    if act in rules.WITH_REASON and not reason.strip():
        raise CannotDecide(_("Please give the reason. It stays on record."), field="reason")
    chosen = list(models.ClauseText.objects.filter(pk__in=targets, edition=baseline.after)) if act == Act.CHOSEN else []
    if act == Act.CHOSEN and not chosen:
        raise CannotDecide(_("Please choose at least one clause of the new edition."), field="targets")
    found = _rows_seen(baseline, seen, by)
    for mapping in found:
        _decide(baseline, mapping, act, chosen, reason.strip(), by, now)
    return len(found)


def _decide(
    baseline: models.Baseline, mapping: models.Mapping, act: str, chosen: Sequence[models.ClauseText], reason: str,
    by: org.Person, now: datetime,
) -> None:  # fmt: skip
    """One row, told at the customer's clause."""
    old = models.ClauseText.objects.get(pk=_old(mapping))
    said = {"act": act, "reason": reason, "by": by, "at": now}
    row = baseline.rows.filter(mapping=mapping).first()
    if row is None:
        row = models.BaselineRow.objects.create(baseline=baseline, mapping=mapping, old=old, **said)
    else:
        rows.change(row, expected=row.version, **said)
    row.targets.set(chosen)
    note = {
        "baseline": baseline.subject_label, "rebased": act, "old_clause": old.number,
        "new_clauses": [each.number for each in chosen],
    }  # fmt: skip
    records.write(by=by, now=now, word="sources.mapping.rebased", subject=_subject(mapping), reason=reason, note=note)


@transaction.atomic
def take_back(*, baseline: models.Baseline, seen: Mapping[int, int], by: org.Person, now: datetime) -> int:
    """Take decisions back: the rows wait again, or follow by themselves. Only before the signature."""
    _check_open(baseline)
    found = _rows_seen(baseline, seen, by)
    for mapping in found:
        row = baseline.rows.filter(mapping=mapping).first()
        if row is None or row.act == Act.WAITS:
            continue
        was = row.act
        rows.change(row, expected=row.version, act=Act.WAITS, reason="", by=by, at=now)
        row.targets.clear()
        note = {"baseline": baseline.subject_label, "rebased": was, "old_clause": row.old.number}
        records.write(by=by, now=now, word="sources.mapping.rebasing_undone", subject=_subject(mapping), note=note)
    return len(found)


def undo_decided(*, by: org.Person, now: datetime, baseline: int, rows_seen: Sequence[Sequence[int]]) -> None:
    """What a decision's notice offers: take it back."""
    row = models.Baseline.objects.get(pk=baseline)
    take_back(baseline=row, seen={each[0]: each[1] for each in rows_seen}, by=by, now=now)


@transaction.atomic
def sign(
    *, baseline: models.Baseline, proof: org_signing.Proof | None, by: org.Person, now: datetime, expected: int
) -> models.Baseline:
    """The new edition holds from now on; every row goes where it belongs. Refused while one waits."""
    if not access.may_load_standards(by):
        raise refusals.NotAllowed()
    given = signing.check_proof(proof, by=by, now=now)
    fresh = models.Baseline.objects.select_for_update().get(pk=baseline.pk)
    _check_open(fresh)
    found = list(queries.mappings(fresh).select_related("target_text").order_by("pk"))
    waiting = sum(getattr(each, "act", "") == rules.WAITS for each in found)
    if waiting:
        words = ngettext(
            "%(count)s row is not decided yet. Decide it in the work list, then sign.",
            "%(count)s rows are not decided yet. Decide them in the work list, then sign.",
            waiting,
        )
        raise CannotSign(words % {"count": waiting})
    covered = _go_over(fresh, found, now)
    _bring_proposals(fresh)
    post = org_queries.post_on(by, timezone.localtime(now).date())
    rows.change(
        fresh, expected=expected, signed_by=by, signed_at=now, signed_way=given.way,
        signed_post=post.name_zh if post else "", digest=rules.digest_of(covered),
    )  # fmt: skip
    tally = Counter(f"rebased_{act}" for _mapping, _old, act, _new in covered)
    note = {"rows": len(covered), "digest": fresh.digest, "signed_way": given.way} | dict(tally)
    records.write(by=by, now=now, word="sources.baseline.signed", subject=fresh, note=note)
    _put_in_force(fresh, by, now)
    return fresh


def _go_over(
    baseline: models.Baseline, found: Sequence[models.Mapping], now: datetime
) -> list[tuple[int, str, str, list[str]]]:
    """Bring every mapping where it belongs, and keep of each a row; what the signature covers."""
    followers = _followers(baseline)
    following = [each for each in found if getattr(each, "act", "") == Act.FOLLOWS]
    _keep_followed(baseline, following, followers, now)
    decided = {each.mapping_id: each for each in baseline.rows.prefetch_related("targets")}
    numbers = dict(baseline.before.texts.values_list("pk", "number"))
    covered = []
    for mapping in found:
        act, targets = str(getattr(mapping, "act", "")), list(decided[mapping.pk].targets.all())
        if act == Act.CHOSEN:
            _assign(mapping, targets)
        elif act == Act.DROPPED:
            rows.change(mapping, expected=mapping.version, state=models.Mapping.State.REJECTED)
        covered.append((mapping.pk, numbers[_old(mapping)], act, [each.number for each in targets]))
    return covered


def _followers(baseline: models.Baseline) -> dict[int, models.ClauseText]:
    """The new text of each old one that goes on as it was."""
    lineage = models.Lineage.objects.filter(edition=baseline.after, kind__in=standards_rules.FOLLOWING)
    return {each.old_id or 0: each.new for each in lineage.select_related("new") if each.new is not None}


def _keep_followed(
    baseline: models.Baseline, following: Sequence[models.Mapping], followers: Mapping[int, models.ClauseText],
    now: datetime,
) -> None:  # fmt: skip
    """What goes on by itself has the new number now, and its row: clause by clause, however many there are."""
    made = models.BaselineRow.objects.filter(baseline=baseline, mapping__in=[each.pk for each in following])
    made.update(act=Act.FOLLOWS, at=now, version=ONE_MORE)
    there = set(made.values_list("mapping", flat=True))
    models.BaselineRow.objects.bulk_create(
        [
            models.BaselineRow(baseline=baseline, mapping=each, old_id=_old(each), act=Act.FOLLOWS, at=now)
            for each in following if each.pk not in there
        ],
        batch_size=500,
    )  # fmt: skip
    keys = dict(made.all().values_list("mapping", "pk"))
    between = models.BaselineRow.targets.through
    between._default_manager.bulk_create(
        [between(baselinerow_id=keys[each.pk], clausetext_id=followers[_old(each)].pk) for each in following],
        batch_size=500,
    )
    for old in {_old(each) for each in following}:
        there_now = [each.pk for each in following if _old(each) == old]
        models.Mapping.objects.filter(pk__in=there_now).update(target_text=followers[old], version=ONE_MORE)


def _bring_proposals(baseline: models.Baseline) -> None:
    """What the program proposed, and nobody has decided, is proposed for what became of the clause."""
    became: dict[int, list[models.ClauseText]] = {}
    for each in models.Lineage.objects.filter(edition=baseline.after, old__isnull=False).select_related("old", "new"):
        if each.old is not None:
            became.setdefault(each.old.clause_id, []).extend([each.new] if each.new else [])
    proposed = models.Mapping.objects.filter(state=models.Mapping.State.PROPOSED, target__in=list(became))
    moving = []
    for mapping in proposed.order_by("pk"):
        targets = became[mapping.target_id]
        if len(targets) == 1 and targets[0].clause_id == mapping.target_id:
            continue
        moving.append((mapping, targets))
    for clause, targets in became.items():
        if len(targets) == 1 and targets[0].clause_id == clause:
            proposed.filter(target=clause).update(target_text=targets[0], version=ONE_MORE)
    for mapping, targets in moving:
        _assign(mapping, targets)


def _assign(mapping: models.Mapping, targets: Sequence[models.ClauseText]) -> None:
    """The mapping belongs to these clauses of the new edition: itself to the first, a copy of it to each other one.
    Where the clause belongs to one of them already, that one stays, and this one is no longer asked of."""
    others = models.Mapping.objects.filter(clause=mapping.clause_id).exclude(pk=mapping.pk)
    there = {each.target_id: each for each in others}
    free = [each for each in targets if each.clause_id not in there]
    for target in targets:
        twin = there.get(target.clause_id)
        if twin is not None and twin.target_text_id != target.pk:
            state = mapping.state if twin.state == models.Mapping.State.REJECTED else twin.state
            rows.change(twin, expected=twin.version, target_text=target, state=state)
    if not free:
        rows.change(mapping, expected=mapping.version, state=models.Mapping.State.REJECTED)
        return
    first, *more = sorted(free, key=lambda each: each.clause_id != mapping.target_id)
    for target in more:
        models.Mapping.objects.create(
            clause_id=mapping.clause_id, target_id=target.clause_id, target_text=target, state=mapping.state,
            score=mapping.score, because=mapping.because, by_id=mapping.by_id, at=mapping.at,
        )  # fmt: skip
    rows.change(mapping, expected=mapping.version, target_id=first.clause_id, target_text=first)


def _put_in_force(baseline: models.Baseline, by: org.Person, now: datetime) -> None:
    """The new edition holds, the one before does not."""
    pairs = ((baseline.before, models.Standing.SUPERSEDED), (baseline.after, models.Standing.IN_FORCE))
    for edition, standing in pairs:
        changes = rows.change(edition, expected=edition.version, standing=standing)
        records.write(by=by, now=now, word="sources.edition.changed", subject=edition, changes=changes)
    models.Document.objects.filter(pk=baseline.after.document_id).update(current=baseline.after)
    citing.follow(document=models.Document.objects.get(pk=baseline.after.document_id), by=by, now=now)


def _check_open(baseline: models.Baseline) -> None:
    if baseline.signed_at is not None:
        raise CannotDecide(_("This re-baselining is signed. What it decided can be changed at each clause."))


def _rows_seen(baseline: models.Baseline, seen: Mapping[int, int], by: org.Person) -> list[models.Mapping]:
    """The rows, if the person may decide them and nobody was faster."""
    found = list(
        queries.visible(queries.mappings(baseline), by)
        .filter(pk__in=seen)
        .select_related("clause__document")
        .order_by("pk")
    )
    if not found or len(found) != len(seen):
        raise CannotDecide(_("Please choose the rows that are meant."), field="rows")
    for mapping in found:
        if not access.may_edit(by, mapping.clause.document):
            raise refusals.NotAllowed()
        if getattr(mapping, "row_version", 0) != seen[mapping.pk]:
            raise refusals.Stale(_("Somebody else has decided one of these rows meanwhile. Look at them again."))
    return found


def _old(mapping: models.Mapping) -> int:
    """The clause of the standard to which a row belonged, as the query has found it."""
    return int(getattr(mapping, "old_text", 0))


def _subject(mapping: models.Mapping) -> models.ClauseText:
    """The customer's clause, as it reads now: there people look for what happened to it."""
    return models.ClauseText.objects.filter(clause=mapping.clause_id).latest("edition__received_on", "pk")
