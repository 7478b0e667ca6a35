"""Recording documents and their editions, with the files as they came."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers.actions import scoping
from yinuo.kit import jobs, plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search
from yinuo.sources import access, models, queries

WITHOUT_CUSTOMER = (models.DocumentKind.LAW, models.DocumentKind.STANDARD, models.DocumentKind.ENTERPRISE)
WHOSE = _("Please say whose document this is. Only laws and standards belong to nobody.")


class CannotKeep(refusals.Refusal):
    """What was said does not fit together."""


class DocumentFacts(TypedDict, total=False):
    """What people say about a document."""

    number: str
    title: str
    kind: str
    customer: customers.Customer | None
    sites: Sequence[org.Site]
    projects: Sequence[customers.Project]
    scope: org.Scope | None
    note: str
    is_active: bool


class EditionFacts(TypedDict, total=False):
    """What people say about an edition."""

    label: str
    standing: str
    round: int | None
    dated_on: date | None
    effective_on: date | None
    published_on: date | None
    notified_on: date | None
    received_on: date
    downloaded_on: date | None
    way: str
    language: str
    binding_language: str
    note: str


COLUMNS = ("number", "title", "kind", "customer", "note", "is_active")
EDITION_COLUMNS = tuple(EditionFacts.__annotations__)


@transaction.atomic
def add(*, by: org.Person, now: datetime, **facts: Unpack[DocumentFacts]) -> models.Document:
    """Record a document. It is at least as confidential as the customer that gave it."""
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    row = models.Document(**{key: facts[key] for key in COLUMNS if key in facts})  # type: ignore[literal-required]
    row.own_scope, row.added_at = facts.get("scope"), now
    _check(by, row)
    row.scope = scoping.narrowed(row.own_scope, row.customer.scope if row.customer else None)
    sites = list(facts.get("sites") or ())
    row.site = sites[0] if len(sites) == 1 else None
    row.save(force_insert=True)
    row.sites.set(sites)
    row.projects.set(facts.get("projects") or ())
    records.write(
        by=by, now=now, word="sources.document.added", subject=row, changes=rows.created(row, *COLUMNS, "own_scope")
    )
    search.refresh("sources.document", [row.pk])
    return row


@transaction.atomic
def change(
    *, document: models.Document, by: org.Person, now: datetime, expected: int, reason: str = "",
    **facts: Unpack[DocumentFacts],
) -> models.Document:  # fmt: skip
    """Change what `facts` name; editions and clauses follow in who may see them."""
    if not access.may_edit(by, document):
        raise refusals.NotAllowed()
    values: dict[str, Any] = {key: facts[key] for key in COLUMNS if key in facts}  # type: ignore[literal-required]
    wanted = models.Document(**{key: values.get(key, getattr(document, key)) for key in COLUMNS})
    wanted.own_scope = values["own_scope"] = facts.get("scope", document.own_scope)
    _check(by, wanted, was=document)
    sites = list(facts.get("sites", document.sites.all()))
    projects = list(facts.get("projects", document.projects.all()))
    values["scope"] = scoping.narrowed(wanted.own_scope, wanted.customer.scope if wanted.customer else None)
    values["site"] = sites[0] if len(sites) == 1 else None
    was = (document.scope_id, document.site_id)
    changes = rows.change(document, expected=expected, **values)
    for name, new in (("sites", sites), ("projects", projects)):
        old = list(getattr(document, name).all())
        if {each.pk for each in old} != {each.pk for each in new}:
            getattr(document, name).set(new)
            changes.append(rows.Change(name, rows.plain(old), rows.plain(new)))
    if changes:
        records.write(by=by, now=now, word="sources.document.changed", subject=document, changes=changes, reason=reason)
        search.refresh("sources.document", [document.pk])
        plugs.announce("sources.document_changed", document=document, by=by, now=now)
    if was != (document.scope_id, document.site_id):
        guard(document)
    return document


def guard(document: models.Document) -> None:
    """Hand down who may see a document to its editions and clauses; rooms above hear of each."""
    where = {"scope": document.scope, "site": document.site}
    models.Edition.objects.filter(document=document).update(**where)
    models.ClauseText.objects.filter(edition__document=document).update(**where)
    plugs.announce("kit.rescoped", type=document.subject_type, id=document.pk, scope_id=document.scope_id)
    for pk in document.editions.values_list("pk", flat=True):
        plugs.announce("kit.rescoped", type=models.Edition.subject_type, id=pk, scope_id=document.scope_id)


@transaction.atomic
def add_edition(
    *, document: models.Document, files: Sequence[File], by: org.Person, now: datetime, **facts: Unpack[EditionFacts]
) -> models.Edition:
    """Record an edition with its files (one or several), in the order given; they are read within seconds."""
    if not access.may_edit(by, document):
        raise refusals.NotAllowed()
    if not files:
        raise CannotKeep(_("Please add the file of this edition, as it came."), field="files")
    row = models.Edition(document=document, brought_by=by, added_at=now, **facts)
    _check_days(row, now)
    row.scope, row.site = document.scope, document.site
    row.follows = document.current
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise _taken(row.label) from None
    kept = [
        records.attach(subject=row, content=file, name=file.name or "", by=by, now=now, kind="original")
        for file in files
    ]
    twin = queries.twin_of(document, kept)
    if twin is not None:
        words = _("Exactly these files are on record already, as edition “%(label)s” received on %(day)s.")
        raise CannotKeep(words % {"label": twin.label, "day": twin.received_on.isoformat()}, field="files")
    models.File.objects.bulk_create(
        models.File(edition=row, place=place, attachment=each) for place, each in enumerate(kept)
    )
    told = rows.created(row, *EDITION_COLUMNS)
    records.write(by=by, now=now, word="sources.edition.added", subject=row, changes=told)
    _supersede(row, by, now)
    _point(document)
    jobs.enqueue("sources.read", key=f"{row.pk}-1", now=now, edition=row.pk)
    search.refresh("sources.document", [document.pk])
    plugs.announce("sources.edition_recorded", edition=row, by=by, now=now)
    return row


@transaction.atomic
def change_edition(
    *, edition: models.Edition, by: org.Person, now: datetime, expected: int, reason: str = "",
    **facts: Unpack[EditionFacts],
) -> models.Edition:  # fmt: skip
    """Set right what was said of an edition. An earlier day of receipt needs a reason: clocks are counted from it."""
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    wanted = models.Edition(**{key: facts.get(key, getattr(edition, key)) for key in EDITION_COLUMNS})
    _check_days(wanted, now)
    is_moved = any(getattr(wanted, key) != getattr(edition, key) for key in ("received_on", "notified_on"))
    if is_moved and not reason.strip():
        raise CannotKeep(_("Clocks are counted from this day. Please give the reason."), field="reason")
    try:
        with transaction.atomic():
            changes = rows.change(edition, expected=expected, **facts)
    except IntegrityError:
        raise _taken(wanted.label) from None
    if changes:
        records.write(by=by, now=now, word="sources.edition.changed", subject=edition, changes=changes, reason=reason)
        _supersede(edition, by, now)
        _point(edition.document)
        plugs.announce("sources.edition_changed", edition=edition, by=by, now=now, reason=reason)
    return edition


def _supersede(edition: models.Edition, by: org.Person, now: datetime) -> None:
    """The edition in force puts the one before it out of force."""
    if edition.standing != models.Standing.IN_FORCE:
        return
    earlier = edition.document.editions.filter(standing=models.Standing.IN_FORCE).exclude(pk=edition.pk)
    for each in earlier.filter(received_on__lte=edition.received_on):
        changes = rows.change(each, expected=each.version, standing=models.Standing.SUPERSEDED)
        records.write(by=by, now=now, word="sources.edition.changed", subject=each, changes=changes)


def _point(document: models.Document) -> None:
    """Keep which edition holds."""
    document.current = queries.newest(document)
    models.Document.objects.filter(pk=document.pk).update(current=document.current)


@transaction.atomic
def read_again(*, edition: models.Edition, by: org.Person, now: datetime, expected: int) -> None:
    """Read the files of an edition anew: a reader has learned, or a program that was missing is there now."""
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    if edition.clauses == models.Edition.Clauses.ACCEPTED:
        raise CannotKeep(_("The clauses of this edition are accepted."))
    if queries.last_correction(edition) is not None:
        raise CannotKeep(_("Clauses of this edition were corrected. Undo the corrections first."))
    models.File.objects.filter(edition=edition).update(state=models.File.State.WAITING)
    if not rows.change(edition, expected=expected, clauses=models.Edition.Clauses.READING):
        rows.touch(edition, expected=expected)  # it was given up: a job of another key begins anew
    records.write(by=by, now=now, word="sources.edition.asked_again", subject=edition)
    jobs.enqueue("sources.read", key=f"{edition.pk}-{edition.version}", now=now, edition=edition.pk)


def _check(by: org.Person, row: models.Document, was: models.Document | None = None) -> None:
    if not row.title.strip():
        raise CannotKeep(_("Please give the title."), field="title")
    if row.customer is None and row.kind not in WITHOUT_CUSTOMER:
        raise CannotKeep(WHOSE, field="customer")
    is_new = row.customer is not None and row.customer != getattr(was, "customer", None)
    if is_new and row.customer and not by.may(customers_queries.SEE, row.customer.scope_id, row.customer.site_id):
        raise refusals.NotAllowed()
    if row.own_scope != getattr(was, "own_scope", None):
        inside = row.own_scope is None or row.own_scope.grants.filter(person=by, ended_at=None).exists()
        if not inside:
            words = _("You can only close it to a circle of people that you belong to yourself.")
            raise CannotKeep(words, field="scope")


def _taken(label: str) -> CannotKeep:
    return CannotKeep(
        _("The edition “%(label)s” of this document is on record already.") % {"label": label}, field="label"
    )


def _check_days(row: models.Edition, now: datetime) -> None:
    if not row.label.strip():
        raise CannotKeep(_("Please give the edition as it is printed on the document."), field="label")
    if row.standing == models.Standing.ROUND and not row.round:
        raise CannotKeep(_("Please give the number of the round."), field="round")
    for key in ("received_on", "notified_on", "downloaded_on"):
        day = getattr(row, key)
        if day is not None and day > timezone.localdate(now):
            raise CannotKeep(_("This day is still to come."), field=key)
