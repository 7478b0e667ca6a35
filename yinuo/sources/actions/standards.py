"""Taking over lists of a standard's clauses: those that come with the product, and those that the company brings.

A list becomes an edition with accepted clauses. The same list twice changes nothing. An edition that follows another
one waits with `baselines` until somebody has signed where everything belongs now.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals, rows
from yinuo.kit.sheets.definition import Unreadable
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search
from yinuo.sources import access, models
from yinuo.sources.actions import citing
from yinuo.sources.queries import standards as queries
from yinuo.sources.readers import standards as reading
from yinuo.sources.rules import correcting
from yinuo.sources.rules import standards as rules


class CannotLoad(refusals.Refusal):
    """This list cannot be taken over as a standard."""


@transaction.atomic
def load_usual(*, by: actors.Actor, now: datetime) -> list[models.Edition]:
    """The standards with which every company begins, as far as it does not have them. Idempotent."""
    known = set(queries.standards().values_list("number", flat=True))
    wanted = [name for name in reading.USUAL if reading.read_supplied(name).number not in known]
    return [_load(reading.read_supplied(name), reading.content_of(name), f"{name}.yaml", by, now) for name in wanted]


@transaction.atomic
def load_supplied(*, name: str, by: org.Person, now: datetime) -> models.Edition:
    """One of the lists that come with the product. What is on record already stays as it is."""
    if not access.may_load_standards(by):
        raise refusals.NotAllowed()
    if name not in reading.supplied():
        raise CannotLoad(_("No such list comes with the product."))
    return _load(reading.read_supplied(name), reading.content_of(name), f"{name}.yaml", by, now)


@transaction.atomic
def receive(
    *, content: bytes, name: str, said: dict[str, str], by: org.Person, now: datetime, why: dict[str, Any]
) -> models.Loading:
    """Keep a list that somebody brings, with what was read of it; nothing of it holds yet. `why`: sentences of what
    makes a file no list, by code."""
    if not access.may_load_standards(by):
        raise refusals.NotAllowed()
    try:
        given = reading.read(content, name, said)
    except Unreadable as fault:
        raise CannotLoad(why.get(fault.code, why[""]) % fault.facts, field="file") from None
    if not given.number:
        raise CannotLoad(_("Please give the number of the standard."), field="number")
    if not given.edition:
        raise CannotLoad(_("Please give the edition as it is printed on the standard."), field="edition")
    row = models.Loading(name=name[:255], said=rules.said(given), by=by, added_at=now)
    row.save(force_insert=True)
    row.attachment = records.attach(subject=row, content=content, name=name, by=by, now=now, kind="original")
    row.save(update_fields=["attachment"])
    told = {"standard": given.number, "edition": given.edition, "clauses": len(given.clauses)}
    records.write(by=by, now=now, word="sources.loading.received", subject=row, note=told)
    return row


@transaction.atomic
def confirm(*, loading: models.Loading, by: org.Person, now: datetime, expected: int) -> models.Edition:
    """Take over a list that was looked at and has no faults."""
    if not access.may_load_standards(by):
        raise refusals.NotAllowed()
    if loading.edition is not None:
        raise CannotLoad(_("This list is taken over already."))
    given = rules.heard(loading.said)
    if queries.faults_of(given):
        raise CannotLoad(_("This list has faults. Correct them in the file and bring it again."))
    edition = _load(given, b"", loading.name, by, now, kept=loading)
    rows.change(loading, expected=expected, edition=edition)
    told = {"edition": edition.subject_label}
    records.write(by=by, now=now, word="sources.loading.taken_over", subject=loading, note=told)
    return edition


def _load(
    given: rules.Given, content: bytes, name: str, by: actors.Actor, now: datetime,
    kept: models.Loading | None = None,
) -> models.Edition:  # fmt: skip
    """The edition of a list; the one on record, if it says the same."""
    document = queries.document_of(given.number) or _document(given, by, now)
    there = document.editions.filter(label=given.edition, withdrawn_at=None).first()
    if there is not None:
        _check_same(there, given)
        return there
    if queries.open_baseline(document) is not None:
        raise CannotLoad(_("Another edition of this standard is being introduced. Sign that one first."))
    edition = _edition(document, given, by, now)
    if kept is None or kept.attachment is None:
        file = records.attach(subject=edition, content=content, name=name, by=by, now=now, kind="original")
    else:
        file = kept.attachment
    place = models.File.objects.create(
        edition=edition, place=0, attachment=file, state=models.File.State.READ, format=name.rpartition(".")[2][:10],
        read_at=now,
    )  # fmt: skip
    tally = _keep_clauses(edition, place, given, by, now)
    note = {"clauses": len(given.clauses), "file": name} | tally
    records.write(by=by, now=now, word="sources.standard.loaded", subject=edition, note=note)
    _settle(document, edition, by, now)
    citing.follow(document=document, by=by, now=now)
    search.refresh("sources.document", [document.pk])
    return edition


def _check_same(edition: models.Edition, given: rules.Given) -> None:
    """What is accepted stays: another list under the same edition is refused."""
    ours = {each.number: (each.zh, each.en) for each in queries.entries_of(edition)}
    theirs = {each.number: (each.zh, each.en) for each in given.clauses}
    differing = [number for number in ours | theirs if ours.get(number) != theirs.get(number)]
    if differing:
        words = _(
            "Edition %(label)s is on record already, and differs at %(count)s clauses (%(first)s …). What is accepted "
            "stays: give the new list an edition of its own."
        )
        facts = {"label": edition.label, "count": len(differing), "first": differing[0]}
        raise CannotLoad(words % facts)


def _document(given: rules.Given, by: actors.Actor, now: datetime) -> models.Document:
    row = models.Document(
        number=given.number[:80], title=(given.title or given.number)[:300], kind=models.DocumentKind.STANDARD,
        added_at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    changes = rows.created(row, "number", "title", "kind")
    records.write(by=by, now=now, word="sources.document.added", subject=row, changes=changes)
    return row


def _edition(document: models.Document, given: rules.Given, by: actors.Actor, now: datetime) -> models.Edition:
    """The row of an edition: accepted, for a list has nothing to be corrected; not in force while it replaces one."""
    person = by if isinstance(by, org.Person) else None
    before = _before(document, given)
    row = models.Edition(
        document=document, label=given.edition[:80], follows=before, dated_on=_day(given.dated_on),
        received_on=timezone.localdate(now), way=models.Way.PUBLIC, brought_by=person, language=given.language,
        clauses=models.Edition.Clauses.ACCEPTED, accepted_at=now, accepted_by=person, added_at=now,
        standing=models.Standing.DRAFT if before else models.Standing.IN_FORCE, scope=document.scope,
        site=document.site,
    )  # fmt: skip
    if _is_earlier(document, given):
        row.standing = models.Standing.SUPERSEDED
    row.save(force_insert=True)
    return row


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise CannotLoad(_("The date of the edition is no day: %(text)s.") % {"text": text}, field="dated_on") from None


def _is_earlier(document: models.Document, given: rules.Given) -> bool:
    """Whether a list is of an edition before the one that holds, kept for those who still cite it."""
    current, day = document.current, _day(given.dated_on)
    return bool(current and current.dated_on and day and day < current.dated_on)


def _before(document: models.Document, given: rules.Given) -> models.Edition | None:
    """The edition that this one follows."""
    if _is_earlier(document, given):
        return None
    named = document.editions.filter(label=given.follows, withdrawn_at=None).first() if given.follows else None
    return named or document.current


def _keep_clauses(
    edition: models.Edition, file: models.File, given: rules.Given, by: actors.Actor, now: datetime
) -> dict[str, int]:
    """The clauses of a list, and what became of those of the edition before; how many of each kind."""
    became: list[rules.Became] = []
    old: dict[str, models.ClauseText] = {}
    if edition.follows is not None:
        old = {each.number: each for each in edition.follows.texts.all()}
        became = rules.became(queries.entries_of(edition.follows), given.clauses, given.crosswalk)
    going_on = {each.new: old[each.old].clause_id for each in became if each.kind in rules.GOING_ON}
    new = _texts(edition, file, given.clauses, going_on)
    person = by if isinstance(by, org.Person) else None
    models.Translation.objects.bulk_create(
        models.Translation(
            text=new[each.number], language=models.Language.EN, title=each.en, way=models.Translation.Way.IMPORTED,
            by=person, at=now,
        )
        for each in given.clauses if each.zh and each.en
    )  # fmt: skip
    models.Origin.objects.bulk_create(
        models.Origin(text=new[each.number], of=each.of[:80], is_untitled=each.is_untitled) for each in given.clauses
    )
    keep_lineage(edition, became, old, new)
    search.refresh("sources.clause", [each.pk for each in new.values()])
    return {f"clauses_{kind}": count for kind, count in rules.tally(became).items()}


def _texts(
    edition: models.Edition, file: models.File, entries: Sequence[rules.Entry], going_on: dict[str, int]
) -> dict[str, models.ClauseText]:
    """The texts in the order of the list. A clause that goes on stays the same clause, whatever its number."""
    above = rules.parents([each.number for each in entries])
    made: list[models.ClauseText] = []
    for place, each in enumerate(entries):
        parent = made[above[place]] if above[place] >= 0 else None
        clause = going_on.get(each.number)
        if clause is None:
            clause = models.Clause.objects.create(document_id=edition.document_id, since=edition).pk
        made.append(
            models.ClauseText.objects.create(
                clause_id=clause, edition=edition, place=place, parent=parent, depth=parent.depth + 1 if parent else 0,
                number=each.number, title=each.title, file=file, scope_id=edition.scope_id, site_id=edition.site_id,
                fingerprint=correcting.fingerprint(each.number, each.zh, each.en),
            )
        )  # fmt: skip
    return {each.number: each for each in made}


def keep_lineage(
    edition: models.Edition, became: Sequence[rules.Became], old: dict[str, models.ClauseText],
    new: dict[str, models.ClauseText],
) -> None:  # fmt: skip
    """Part of taking over a list: one row for each old and new clause that belong together."""
    models.Lineage.objects.bulk_create(
        models.Lineage(
            edition=edition, before=edition.follows, kind=each.kind, place=place, score=1.0, old=old.get(each.old),
            new=new.get(each.new),
        )
        for place, each in enumerate(became)
    )  # fmt: skip


def _settle(document: models.Document, edition: models.Edition, by: actors.Actor, now: datetime) -> None:
    """The first edition holds at once; one that follows another opens its re-baselining."""
    if edition.standing == models.Standing.IN_FORCE:
        document.current = edition
        models.Document.objects.filter(pk=document.pk).update(current=edition)
    elif edition.standing == models.Standing.DRAFT and edition.follows is not None:
        person = by if isinstance(by, org.Person) else None
        row = models.Baseline(before=edition.follows, after=edition, opened_by=person, added_at=now)
        row.save(force_insert=True)
        records.write(by=by, now=now, word="sources.baseline.opened", subject=row)
