"""What clauses are held to be, and where in the standard they belong. The program proposes, a person decides."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, jobs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.sources import access, models
from yinuo.sources.queries import judging as queries
from yinuo.sources.rules import classifying
from yinuo.sources.rules import mapping as placing

STATE = models.Judgement.State
MAPPED = models.Mapping.State
UNJUDGED = (models.DocumentKind.LAW, models.DocumentKind.STANDARD)
AT_ONCE = 200  # clauses for which proposals are made at once; more are left to the worker
BLOCK = 500  # rows that are decided in one statement
PROPOSED = 3  # clauses of the standard that are proposed for one clause


class CannotJudge(refusals.Refusal):
    """This clause cannot be judged like this now."""


class Overtaken(CannotJudge, refusals.Stale):
    """Somebody else was faster with this clause."""


# What the program proposes --------------------------------------------------------------------------------------------


def propose(*, edition: models.Edition, now: datetime) -> None:
    """Part of accepting: a proposal for each clause that has none, or says something else now. Many of them take the
    worker seconds; it makes them while the page shows how far it is."""
    if queries.unproposed(edition).count() <= AT_ONCE:
        propose_some(edition=edition, most=AT_ONCE, by=actors.PROGRAM, now=now)
    else:
        jobs.enqueue("sources.propose", key=f"{edition.pk}-{edition.version}", now=now, edition=edition.pk)


@transaction.atomic
def propose_some(*, edition: models.Edition, most: int, by: actors.Actor, now: datetime) -> int:
    """Proposals for the next clauses that wait for one; how many. Clauses of laws and standards wait for none."""
    if edition.document.kind in UNJUDGED:
        return 0
    asked = list(queries.unproposed(edition).order_by("place")[:most])
    known = {each.clause_id: each for each in models.Judgement.objects.filter(clause__texts__in=asked)}
    above = queries.headings(list(edition.texts.only("pk", "edition", "parent", "title").order_by("place")))
    fresh: list[models.Judgement] = []
    changed: list[models.Judgement] = []
    for text in asked:
        row = known.get(text.clause_id)
        said = classifying.propose(text.number, text.title, text.text, above[text.pk])
        (changed if row else fresh).append(_proposed(row or models.Judgement(clause_id=text.clause_id), text, said))
    models.Judgement.objects.bulk_create(fresh, batch_size=500)
    fields = ("text", "nature", "proposed", "because", "certainty")
    models.Judgement.objects.bulk_update(changed, fields, batch_size=100)
    _propose_mappings(asked, above)
    return len(asked)


def _proposed(row: models.Judgement, text: models.ClauseText, said: classifying.Proposal) -> models.Judgement:
    row.proposed, row.because, row.certainty = said.nature, list(said.because), said.certainty
    if row.state == STATE.PROPOSED:
        row.text, row.nature = text, said.nature
    return row


def _propose_mappings(texts: list[models.ClauseText], above: dict[int, list[str]]) -> None:
    """Proposals of the program give way to newer ones; what a person decided stays."""
    targets = queries.targets_by_number()
    clauses = {each.clause_id for each in texts}
    models.Mapping.objects.filter(clause__in=clauses, state=MAPPED.PROPOSED).delete()
    taken = set(models.Mapping.objects.filter(clause__in=clauses).values_list("clause_id", "target_id"))
    fresh = []
    for text in texts if targets else ():
        for each in placing.propose(text.number, text.title, text.text, above[text.pk])[:PROPOSED]:
            target = targets.get(each.number)
            if target is not None and (text.clause_id, target.clause_id) not in taken:
                fresh.append(
                    models.Mapping(
                        clause_id=text.clause_id, target_id=target.clause_id, target_text=target, score=each.score,
                        because=list(each.because),
                    )
                )  # fmt: skip
    models.Mapping.objects.bulk_create(fresh, batch_size=500)


@transaction.atomic
def begin(*, edition: models.Edition, by: org.Person, now: datetime) -> int:
    """Proposals for an edition whose clauses were accepted before there were any."""
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    if edition.clauses != models.Edition.Clauses.ACCEPTED:
        raise CannotJudge(_("The clauses of this edition are not accepted yet. Check and accept them first."))
    count = queries.unproposed(edition).count()
    propose(edition=edition, now=now)
    records.write(by=by, now=now, word="sources.edition.proposed", subject=edition, note={"proposed": count})
    return count


# What a person decides ------------------------------------------------------------------------------------------------


@transaction.atomic
def judge(
    *, text: models.ClauseText, nature: str, by: org.Person, now: datetime, expected: int, reason: str | None = None
) -> models.Judgement:
    """Say what a clause is. Confirming what was carried over is saying it once more. Without `reason` it stays."""
    row = _judgement(text, by, expected)
    if nature not in models.Nature:
        raise CannotJudge(_("Please choose what this clause is."), field="nature")
    values = {"nature": nature, "state": STATE.DECIDED, "by": by, "at": now}
    values["reason"] = row.reason if reason is None else reason.strip()
    is_confirmed = row.state == STATE.CARRIED and nature == row.nature
    changes = [each for each in rows.change(row, expected=expected, **values) if each.field not in ("by", "at")]
    word = "sources.clause.confirmed" if is_confirmed else "sources.clause.judged"
    records.write(by=by, now=now, word=word, subject=text, changes=changes, reason=reason or "")
    return row


@transaction.atomic
def restore(*, judgement: int, was: dict[str, Any], by: org.Person, now: datetime, expected: int) -> models.Judgement:
    """Take back what the person has just decided: as it was before."""
    row = models.Judgement.objects.select_for_update().select_related("text").get(pk=judgement)
    _ask(row.text, by)
    at = datetime.fromisoformat(was["at"]) if was["at"] else None
    changes = _change(row, expected, **{**was, "at": at})
    told = [each for each in changes if each.field not in ("by_id", "at")]
    records.write(by=by, now=now, word="sources.clause.reopened", subject=row.text, changes=told)
    return row


def before(row: models.Judgement) -> dict[str, Any]:
    """What `restore` needs to know of a judgement as it stands."""
    at = row.at.isoformat() if row.at else None
    return {"state": row.state, "nature": row.nature, "reason": row.reason, "by_id": row.by_id, "at": at}


@transaction.atomic
def accept_proposals(
    *, edition: models.Edition, certainty: float, with_mappings: bool, by: org.Person, now: datetime
) -> int:
    """Decide everything as proposed that the program is so sure of; with the clause of the standard that is proposed
    first with as much certainty. How many clauses."""
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    mine = models.Judgement.objects.select_for_update().filter(text__edition=edition, state=STATE.PROPOSED)
    found = dict(mine.filter(certainty__gte=certainty).values_list("pk", "clause"))
    _decide(models.Judgement, list(found), STATE.DECIDED, by, now)
    if with_mappings:
        _accept_first(list(found.values()), certainty, by, now)
    if found:
        note = {"count": len(found), "certainty": f"{certainty:.0%}"}
        records.write(by=by, now=now, word="sources.edition.proposals_accepted", subject=edition, note=note)
    return len(found)


def _accept_first(clauses: list[int], floor: float, by: org.Person, now: datetime) -> None:
    """The first proposal of each clause, where nothing of it is decided yet."""
    first: dict[int, int] = {}
    decided: set[int] = set()
    told = models.Mapping.objects.filter(clause__in=clauses).order_by("-score", "pk")
    for pk, clause, state, score in told.values_list("pk", "clause", "state", "score"):
        if state != MAPPED.PROPOSED:
            decided.add(clause)
        elif score >= floor:
            first.setdefault(clause, pk)
    chosen = [pk for clause, pk in first.items() if clause not in decided]
    _decide(models.Mapping, chosen, MAPPED.ACCEPTED, by, now)


def _decide(
    model: type[models.Judgement] | type[models.Mapping], keys: list[int], state: str, by: org.Person, now: datetime
) -> None:
    """All of these rows alike."""
    for at in range(0, len(keys), BLOCK):
        rows_ = model._default_manager.filter(pk__in=keys[at : at + BLOCK])
        rows_.update(state=state, by=by, at=now, version=queries.ONE_MORE)


@transaction.atomic
def reject_proposals(*, edition: models.Edition, at: datetime, by: org.Person, now: datetime) -> int:
    """Take back what `accept_proposals` did at that moment, where nothing was changed since."""
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    mine = {"by": by, "at": at}
    found = models.Judgement.objects.filter(text__edition=edition, state=STATE.DECIDED, **mine)
    clauses = list(found.values_list("clause_id", flat=True))
    mapped = models.Mapping.objects.filter(clause__in=clauses, state=MAPPED.ACCEPTED, **mine)
    for each, state in ((mapped, MAPPED.PROPOSED), (found, STATE.PROPOSED)):
        each.update(state=state, by=None, at=None, version=queries.ONE_MORE)
    note = {"count": len(clauses)}
    records.write(by=by, now=now, word="sources.edition.proposals_reopened", subject=edition, note=note)
    return len(clauses)


@transaction.atomic
def confirm_all(
    *, edition: models.Edition, picks: Iterable[tuple[int, int]], by: org.Person, now: datetime
) -> tuple[int, int]:
    """Confirm several that were carried over, each (text, version) as it was seen. How many, and how many were changed
    by others meanwhile and stay as they are."""
    seen = dict(picks)
    texts = models.ClauseText.objects.filter(edition=edition, pk__in=seen).select_related("clause__judgement")
    done = 0
    for text in texts:
        row = getattr(text.clause, "judgement", None)
        if row is None or row.state != STATE.CARRIED or row.version != seen[text.pk]:
            continue
        judge(text=text, nature=row.nature, by=by, now=now, expected=row.version)
        done += 1
    return done, len(seen) - done


@transaction.atomic
def unconfirm_all(
    *, edition: models.Edition, at: datetime, was: Iterable[tuple[int, int | None, str | None]], by: org.Person,
    now: datetime,
) -> int:  # fmt: skip
    """Take back what `confirm_all` did at that moment, where nothing was changed since."""
    before_ = {key: (person, moment) for key, person, moment in was}
    mine = models.Judgement.objects.select_for_update().filter(pk__in=before_, state=STATE.DECIDED, by=by, at=at)
    found = list(mine.filter(text__edition=edition).select_related("text"))
    for row in found:
        person, moment = before_[row.pk]
        restore(
            judgement=row.pk, by=by, now=now, expected=row.version,
            was={"state": STATE.CARRIED, "by_id": person, "at": moment},
        )  # fmt: skip
    return len(found)


# Where in the standard it belongs -------------------------------------------------------------------------------------


@transaction.atomic
def place(*, mapping: models.Mapping, state: str, by: org.Person, now: datetime, expected: int) -> models.Mapping:
    """Accept or reject that a clause belongs to a clause of the standard."""
    text = queries.text_of(mapping.clause_id)
    _ask(text, by)
    if state not in (MAPPED.ACCEPTED, MAPPED.REJECTED, MAPPED.PROPOSED):
        raise CannotJudge(_("Please accept or reject it."))
    decided = state != MAPPED.PROPOSED  # taking back the first decision makes it a proposal again
    _change(mapping, expected, state=state, by=by if decided else None, at=now if decided else None)
    note = {"standard": queries.target_words(mapping)}
    records.write(by=by, now=now, word=f"sources.clause.mapping_{state}", subject=text, note=note)
    return mapping


@transaction.atomic
def add_mapping(*, text: models.ClauseText, target: models.ClauseText, by: org.Person, now: datetime) -> models.Mapping:
    """Say that a clause belongs to a clause of the standard, proposed or not."""
    _ask(text, by)
    if target.edition.document.kind != models.DocumentKind.STANDARD:
        raise CannotJudge(_("Please choose a clause of the standard."), field="target")
    row = models.Mapping.objects.filter(clause=text.clause_id, target=target.clause_id).first()
    if row is not None:
        if row.state == MAPPED.ACCEPTED:
            raise CannotJudge(_("It belongs there already."), field="target")
        return place(mapping=row, state=MAPPED.ACCEPTED, by=by, now=now, expected=row.version)
    row = models.Mapping.objects.create(
        clause_id=text.clause_id, target_id=target.clause_id, target_text=target, state=MAPPED.ACCEPTED, score=1.0,
        by=by, at=now,
    )  # fmt: skip
    note = {"standard": queries.target_words(row)}
    records.write(by=by, now=now, word="sources.clause.mapping_accepted", subject=text, note=note)
    return row


# ----------------------------------------------------------------------------------------------------------------------


def _judgement(text: models.ClauseText, by: org.Person, expected: int) -> models.Judgement:
    """The judgement of a text for one person at a time; whoever was faster is named."""
    _ask(text, by)
    row = models.Judgement.objects.select_for_update().filter(clause=text.clause_id).first()
    if row is None:
        raise CannotJudge(_("There is no proposal for this clause yet. Have proposals made on the page of judging."))
    if row.version != expected:
        raise Overtaken(overtaken(row))
    if row.text_id != text.pk:
        raise CannotJudge(_("This clause has gone on to a newer edition. Please judge it there."))
    return row


def _ask(text: models.ClauseText, by: org.Person) -> None:
    if not access.may_judge(by, text):
        raise refusals.NotAllowed()


def _change(row: Any, expected: int, **values: Any) -> list[rows.Change]:
    try:
        return rows.change(row, expected=expected, **values)
    except refusals.Stale:
        row.refresh_from_db()
        raise Overtaken(overtaken(row)) from None


def overtaken(row: models.Judgement | models.Mapping | None) -> str:
    """Who was faster with this clause."""
    if row is None or row.by is None:
        return str(_("Somebody else has changed this meanwhile. Look at it again."))
    words = _("%(name)s has just judged this clause: %(what)s. Look at it again, then go on.")
    what = row.get_nature_display() if isinstance(row, models.Judgement) else row.get_state_display()
    return str(words % {"name": row.by.name, "what": what})
