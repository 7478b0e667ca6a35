"""Which documents clauses name: found, matched with what is on record, linked or put aside by people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.kit import actors, refusals, rows
from yinuo.letters import models as letters
from yinuo.letters.actions import threads
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.sources import access, models, queries
from yinuo.sources.actions import obsolete as obsolete_actions
from yinuo.sources.queries import citing as reading
from yinuo.sources.rules import citing
from yinuo.sources.rules.citing import Cited
from yinuo.sources.rules.designations import Kind

STATE = models.Reference.State
SHORT = 40  # characters of a line that may be the title of an annex


class CannotLink(refusals.Refusal):
    """This cannot be said of a cited document."""


@transaction.atomic
def look_through(*, edition: models.Edition, by: actors.Actor, now: datetime) -> None:
    """Find anew what the accepted clauses of an edition name, and what of it is no longer so. What people said of a
    cited document stays."""
    texts = list(edition.texts.order_by("place"))
    found = {text.pk: citing.find(spoken(text)) for text in texts}
    references = _references(edition, [each for cited in found.values() for each in cited])
    old = models.Citation.objects.filter(text__edition=edition)
    before = set(old.values_list("reference", flat=True))
    old.delete()
    models.Citation.objects.bulk_create(
        [
            models.Citation(
                text=text, reference=references[_key(edition, each), each.edition[:40]],
                printed=spoken(text)[each.start : each.end][:300], start=each.start, end=each.end,
                scope_id=text.scope_id, site_id=text.site_id,
            )
            for text in texts
            for each in found[text.pk]
        ],
        batch_size=500,
    )  # fmt: skip
    _settle_annexes(edition, references.values(), texts)
    _count(edition.document, before)
    _drop_unused(edition)
    obsolete_actions.note(edition=edition, texts=texts, found=found, now=now)
    said = {"rules": citing.EDITION, "entries": reading.stamp()}
    models.Looked.objects.update_or_create(edition=edition, defaults=said)


def spoken(text: models.ClauseText) -> str:
    """What is read of a clause: its title and its text."""
    return f"{text.title}\n{text.text}" if text.title else text.text


def _key(edition: models.Edition, cited: Cited) -> str:
    """An annex belongs to its document; anything else is the same wherever it is named."""
    key = citing.key_of(cited.designation)
    return (f"{edition.document_id}#{key}" if cited.kind is Kind.ANNEX else key)[:200]


def _references(edition: models.Edition, cited: list[Cited]) -> dict[tuple[str, str], models.Reference]:
    """The rows of what is named, in the circle of the edition; new ones are matched with what is on record."""
    wanted = {(_key(edition, each), each.edition[:40]): each for each in cited}
    known = models.Reference.objects.filter(scope=edition.scope_id, key__in={key for key, _edition in wanted})
    found = {(row.key, row.edition): row for row in known}
    for (key, said), each in wanted.items():
        row = found.get((key, said))
        if row is not None and row.kind == models.CitedKind.TITLED != str(each.kind):
            rows.change(row, expected=row.version, kind=str(each.kind))  # somebody says whose it is
            settle(row)
        elif row is None:
            row = models.Reference.objects.create(
                key=key,
                designation=each.designation[:200],
                edition=said,
                kind=str(each.kind),
                scope_id=edition.scope_id,
            )
            if each.kind is not Kind.ANNEX:
                settle(row)
            found[key, said] = row
    return found


def _count(document: models.Document, before: set[int] | None = None) -> None:
    """Keep how many clauses in force name each of the references that a document's clauses name or have named."""
    named = set(models.Citation.objects.filter(text__edition__document=document).values_list("reference", flat=True))
    counted = (
        models.Citation.objects.filter(reading.in_force(), reference=OuterRef("pk"))
        .order_by()
        .values("reference")
        .annotate(n=Count("text", distinct=True))
        .values("n")
    )
    rows = models.Reference.objects.filter(pk__in=named | (before or set()))
    rows.update(clauses=Coalesce(Subquery(counted), 0))


def _settle_annexes(
    edition: models.Edition, references: Iterable[models.Reference], texts: list[models.ClauseText]
) -> None:
    """An annex is held when a clause or a file of the edition is called so."""
    heads = [citing.key_of(f"{each.number}{each.title}") for each in texts]
    heads += [citing.key_of(line) for each in texts for line in each.text.splitlines() if _is_head(line)]
    heads += [citing.key_of(each.attachment.name) for each in edition.files.select_related("attachment")]
    for row in references:
        if row.kind != models.CitedKind.ANNEX or row.state == STATE.NOT_NEEDED:
            continue
        name = row.key.partition("#")[2]
        is_here = any(head.startswith(name) or name in head.partition(".")[0][-60:] for head in heads)
        _follow(row, edition.document if is_here else None, edition if is_here else None, STATE.HELD)


def _is_head(line: str) -> bool:
    """A short line that is no sentence: the title of an annex that no clause begins with."""
    return len(line) < SHORT and not line.rstrip().endswith(("。", ".", "；", ";", "，", ","))


def _drop_unused(edition: models.Edition) -> None:
    """References that nobody names any more and of which nobody has said anything go."""
    models.Reference.objects.filter(citations=None, by=None, scope=edition.scope_id).delete()


def settle(reference: models.Reference) -> None:
    """Match a reference with what is on record now. What a person has linked or put aside stays as it is; which
    edition is meant follows. What is kept elsewhere stays so until it is on record."""
    if reference.state == STATE.NOT_NEEDED or reference.kind == models.CitedKind.ANNEX:
        return
    document = reference.document if reference.is_by_hand else reading.matching(reference)
    if document is None and reference.state == STATE.KNOWN:
        return
    state, held = reading.standing(reference, document)
    _follow(reference, document, held, state)


def _follow(row: models.Reference, document: models.Document | None, held: models.Edition | None, state: str) -> None:
    state = state if document else reading.unheld(row)
    if (row.document_id, row.held_id, row.state) != (document and document.pk, held and held.pk, state):
        rows.change(row, expected=row.version, document=document, held=held, state=state)


@transaction.atomic
def follow(*, document: models.Document, by: actors.Actor, now: datetime) -> None:
    """A document, or one of its editions, was recorded or changed: references to it follow."""
    before = set(document.keys.values_list("key", flat=True))
    after = {each[:300] for each in citing.keys_of(document.number, document.title)}
    document.keys.filter(key__in=before - after).delete()
    models.DocumentKey.objects.bulk_create(models.DocumentKey(document=document, key=key) for key in after - before)
    touched = models.Reference.objects.filter(Q(key__in=before | after) | Q(document=document))
    for row in touched.select_related("document"):
        settle(row)
    _count(document)


@transaction.atomic
def link(
    *, reference: models.Reference, document: models.Document, by: org.Person, now: datetime, expected: int
) -> models.Reference:
    """Say which document on record is meant."""
    _require(by, reference)
    if not queries.documents(by).filter(pk=document.pk).exists():
        raise refusals.NotAllowed()
    if document.scope_id is not None and document.scope_id != reference.scope_id:
        raise CannotLink(
            _("This document is confidential, and clauses that others see name it. Choose one that they may see too."),
            field="document",
        )
    state, held = reading.standing(reference, document)
    said = {"document": document, "held": held, "state": state, "is_by_hand": True, "reason": ""}
    return _say(reference, "linked", by, now, expected, **said)


@transaction.atomic
def put_aside(
    *, reference: models.Reference, reason: str, by: org.Person, now: datetime, expected: int
) -> models.Reference:
    """We need not hold this document: say why."""
    _require(by, reference)
    if not reason.strip():
        raise CannotLink(_("Please say why this document is not needed."), field="reason")
    return _say(reference, "put_aside", by, now, expected, state=STATE.NOT_NEEDED, reason=reason.strip())


@transaction.atomic
def know(*, reference: models.Reference, where: str, by: org.Person, now: datetime, expected: int) -> models.Reference:
    """We know this document and keep it elsewhere: say where."""
    _require(by, reference)
    if reference.document is not None:
        raise CannotLink(_("This document is on record already."))
    if not where.strip():
        raise CannotLink(_("Please say where it is kept, so that others find it."), field="reason")
    return _say(reference, "known", by, now, expected, state=STATE.KNOWN, reason=where.strip())


@transaction.atomic
def ask(
    *, reference: models.Reference, customer: customers.Customer, title: str, by: org.Person, now: datetime,
    expected: int,
) -> letters.Thread:  # fmt: skip
    """Open a talk with a customer whose clauses name it: it is asked for there, the letter is written there."""
    _require(by, reference)
    if reference.thread_id is not None:
        raise CannotLink(_("A talk about this is under way already."))
    places = reading.places(by, reference).filter(text__edition__document__customer=customer)
    first = places.select_related("text__edition__document").first()
    if first is None:
        raise CannotLink(_("No clause of this customer names it. Choose one whose clauses do."), field="customer")
    thread = threads.open_thread(
        subject=first.text.edition.document, customer=customer, title=title,
        purpose=letters.Purpose.CLARIFICATION, by=by, now=now,
    )  # fmt: skip
    rows.change(reference, expected=expected, thread=thread)
    records.write(by=by, now=now, word="sources.reference.asked", subject=reference, note={"talk": thread.title})
    return thread


@transaction.atomic
def follow_again(*, reference: models.Reference, by: org.Person, now: datetime, expected: int) -> models.Reference:
    """Take back what was said by hand: the reference follows what is on record."""
    _require(by, reference)
    said = {"document": None, "held": None, "state": reading.unheld(reference), "is_by_hand": False, "reason": ""}
    row = _say(reference, "followed_again", by, now, expected, **said)
    if row.kind == models.CitedKind.ANNEX:
        for edition in models.Edition.objects.filter(texts__citations__reference=row).distinct()[:1]:
            _settle_annexes(edition, [row], list(edition.texts.order_by("place")))
    settle(row)
    return row


def _require(by: org.Person, reference: models.Reference) -> None:
    if not access.may_edit(by, reference):
        raise refusals.NotAllowed()


def _say(
    row: models.Reference, done: str, by: org.Person, now: datetime, expected: int, **values: Any
) -> models.Reference:
    changes = rows.change(row, expected=expected, by=by, at=now, **values)
    told = [each for each in changes if each.field not in ("by", "at")]
    reason = str(values.get("reason") or "")
    records.write(by=by, now=now, word=f"sources.reference.{done}", subject=row, changes=told, reason=reason)
    return row


@transaction.atomic
def guard(*, document: models.Document, by: actors.Actor, now: datetime) -> None:
    """Who may see a document has changed: what its clauses name goes to the same circle, and references follow."""
    for edition in document.editions.filter(clauses=models.Edition.Clauses.ACCEPTED):
        look_through(edition=edition, by=by, now=now)
    obsolete_actions.guard(document=document)
    follow(document=document, by=by, now=now)
