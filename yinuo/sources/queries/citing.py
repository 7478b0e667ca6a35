"""What is read of citations and of what is no longer so."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import plugs
from yinuo.org import models as org
from yinuo.sources import models, queries
from yinuo.sources.queries import SEE
from yinuo.sources.readers import withdrawn
from yinuo.sources.rules import citing, editions, obsolete

State = models.Obsolete.State
SHORT_OF = (models.Reference.State.MISSING, models.Reference.State.OLDER, models.Reference.State.OTHER)


def in_force() -> Q:
    """Citations of clauses that hold: the editions whose clauses are listed."""
    return ~Q(text__edition__standing=models.Standing.SUPERSEDED)


def citations(person: org.Person) -> QuerySet[models.Citation]:
    """The places of clauses in force that the person may see."""
    return person.visible(models.Citation.objects.filter(in_force()), SEE)


def references(person: org.Person) -> QuerySet[models.Reference]:
    """The documents that clauses in force name, of the circles the person belongs to."""
    return person.visible(models.Reference.objects.filter(clauses__gt=0), SEE)


def places(person: org.Person, reference: models.Reference) -> QuerySet[models.Citation]:
    """Where a document is named, document by document."""
    rows = citations(person).filter(reference=reference)
    return rows.select_related("text__edition__document__customer").order_by("text__edition_id", "text__place", "start")


def cited_in(texts: Iterable[int]) -> dict[int, list[models.Citation]]:
    """What each of these clauses names, each document once."""
    found: dict[int, list[models.Citation]] = defaultdict(list)
    for row in models.Citation.objects.filter(text__in=list(texts)).select_related("reference").order_by("start"):
        if all(each.reference_id != row.reference_id for each in found[row.text_id]):
            found[row.text_id].append(row)
    return found


def obsolete_in(texts: Iterable[int]) -> dict[int, list[models.Obsolete]]:
    """What of each of these clauses is no longer so."""
    found: dict[int, list[models.Obsolete]] = defaultdict(list)
    for row in models.Obsolete.objects.filter(text__in=list(texts)).exclude(state=State.GONE).order_by("pk"):
        found[row.text_id or 0].append(row)
    return found


def matching(reference: models.Reference) -> models.Document | None:
    """The document on record that a reference means: of the same circle or open to all, in use, the newest."""
    rows = models.Document.objects.filter(keys__key=reference.key, is_active=True)
    rows = rows.filter(Q(scope=None) | Q(scope=reference.scope_id)).order_by("-added_at", "-pk")
    found = list(rows.select_related("current")[:20])
    found.sort(key=lambda row: (row.scope_id == reference.scope_id, row.current_id is not None), reverse=True)
    return found[0] if found else None


def unheld(reference: models.Reference) -> str:
    """How a document stands that is not on record: what only its title names is not said to be missing."""
    is_titled = reference.kind == models.CitedKind.TITLED
    return models.Reference.State.NAMED if is_titled else models.Reference.State.MISSING


def standing(reference: models.Reference, document: models.Document | None) -> tuple[str, models.Edition | None]:
    """How what we hold answers a reference, and the edition that is meant."""
    if document is None:
        return unheld(reference), None
    rows = list(document.editions.filter(withdrawn_at=None).order_by("received_on", "pk"))
    current = next((at for at, each in enumerate(rows) if each.pk == document.current_id), None)
    word, at = editions.held(reference.edition, [_label(document, each) for each in rows], current)
    return word, rows[at] if at is not None else None


def _label(document: models.Document, edition: models.Edition) -> str:
    """The edition as it is called, else as the document's number or title says, else the year of its day."""
    if editions.read(edition.label):
        return edition.label
    for each in citing.find(f"{document.number} {document.title}")[:1]:
        if each.edition and document.current_id == edition.pk:
            return each.edition
    return str(edition.dated_on.year) if edition.dated_on else edition.label


# What is no longer so -------------------------------------------------------------------------------------------------


def came_along() -> tuple[obsolete.Entry, ...]:
    """The entries that came with the product, in the reader's language."""
    return withdrawn.entries("en" if (get_language() or "").startswith("en") else "zh")


def entries() -> list[obsolete.Entry]:
    """All entries, the company's own first: of two that speak of the same name, the first counts."""
    own = models.Withdrawn.objects.filter(is_active=True).order_by("name")
    return [*map(_own, own), *came_along()]


def entry_of(row: models.Obsolete) -> obsolete.Entry | None:
    """The entry that a row was found by; None when it is no longer there."""
    if row.own is not None:
        return _own(row.own)
    return next((each for each in came_along() if each.key == row.entry), None)


def _own(row: models.Withdrawn) -> obsolete.Entry:
    """An entry of the company's own. What reads as a designation is matched as one, anything else as a name."""
    designations, names = [], []
    for each in (row.name, *row.also.splitlines()):
        found = citing.find(each)
        if found and found[0].start == 0:
            designations.append(found[0].designation)
        elif each.strip():
            names.append(each.strip())
    return obsolete.Entry(
        key=f"own-{row.pk}", name=row.name, what=row.what, successor=row.successor, since=row.since,
        source=row.source, designations=tuple(designations), before=row.before, names=tuple(names), is_own=True,
    )  # fmt: skip


def stamp() -> str:
    """What says whether the entries are still the same."""
    said = repr(
        [*models.Withdrawn.objects.filter(is_active=True).order_by("pk").values_list(), *withdrawn.entries("zh")]
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def obsolete_rows(person: org.Person) -> QuerySet[models.Obsolete]:
    """What is no longer so in clauses in force, in names of customers and in words of other rooms, as far as the
    person may see it there."""
    rows = person.visible(models.Obsolete.objects.exclude(state=State.GONE), SEE)
    seen = Q(of_type="") & (Q(customer=None) | Q(customer__in=customers_queries.customers(person).values("pk")))
    for plug in plugs.texts:
        seen |= Q(of_type=plug.name, of_id__in=plug.about["seen"](person).values("pk"))
    return rows.exclude(text__edition__standing=models.Standing.SUPERSEDED).filter(seen)


def groups(person: org.Person) -> list[dict[str, Any]]:
    """Each entry of which something was found, with how much of it is open; the most open first."""
    known = {each.key: each for each in entries()}
    counted = (
        obsolete_rows(person)
        .order_by()
        .values("entry")
        .annotate(n=Count("pk"), open=Count("pk", filter=Q(state=State.OPEN)))
    )
    found = [
        {"entry": known[each["entry"]], "n": each["n"], "open": each["open"]}
        for each in counted
        if each["entry"] in known
    ]
    return sorted(found, key=lambda each: (-each["open"], -each["n"], each["entry"].name))


def holding(document: models.Document) -> models.Edition | None:
    """The edition whose clauses count: accepted and not superseded, the newest of them."""
    rows = document.editions.filter(clauses=models.Edition.Clauses.ACCEPTED)
    rows = rows.exclude(standing=models.Standing.SUPERSEDED)
    return rows.order_by("-received_on", "-pk").first()


def to_look_through(most: int) -> list[models.Edition]:
    """Editions whose clauses were accepted, and not yet looked through with these rules and entries."""
    rows = models.Edition.objects.filter(clauses=models.Edition.Clauses.ACCEPTED)
    done = models.Looked.objects.filter(edition=OuterRef("pk"), rules=citing.EDITION, entries=stamp())
    return list(rows.filter(~Exists(done)).order_by("pk")[:most])


def names_of(customer: customers.Customer) -> str:
    return "\n".join(filter(None, (customer.name_zh, customer.name_en)))


def unknown(most: int) -> list[models.Document]:
    """Documents that are not known by their names yet."""
    return list(models.Document.objects.filter(keys=None).order_by("pk")[:most])


# What pages show ------------------------------------------------------------------------------------------------------

MOST = 8  # named one by one in a panel
AROUND = 90  # characters shown before and behind a citation


@dataclass(frozen=True)
class Place:
    """A citation with the words around it."""

    citation: models.Citation
    before: str
    after: str


def around(rows: Iterable[models.Citation]) -> list[Place]:
    """The citations with the words around them."""
    found = []
    for row in rows:
        words = f"{row.text.title}\n{row.text.text}" if row.text.title else row.text.text
        low = max(row.start - AROUND, 0)
        before = ("… " if low else "") + words[low : row.start]
        after = words[row.end : row.end + AROUND] + (" …" if row.end + AROUND < len(words) else "")
        found.append(Place(row, before, after))
    return found


def other_editions(person: org.Person, row: models.Reference) -> list[models.Reference]:
    """The same document, named in other editions."""
    rows = references(person).filter(key=row.key, scope=row.scope_id).exclude(pk=row.pk)
    return list(rows.order_by("edition")[:20])


def linkable(person: org.Person, row: models.Reference) -> QuerySet[models.Document]:
    """The documents that everybody may see who sees the clauses."""
    rows = queries.documents(person).filter(is_active=True)
    return rows.filter(Q(scope=None) | Q(scope=row.scope_id)).order_by("title", "pk")


def naming_customers(person: org.Person, row: models.Reference) -> QuerySet[customers.Customer]:
    """The customers whose clauses in force name a document."""
    rows = citations(person).filter(reference=row).order_by()
    named = rows.values("text__edition__document__customer")
    return customers_queries.customers(person).filter(pk__in=named).order_by("name_zh", "pk")


def counts(person: org.Person) -> dict[str, int]:
    """How many cited documents there are, and how many are not held as they are cited."""
    rows = references(person).exclude(kind=models.CitedKind.ANNEX).order_by().values("state").annotate(n=Count("pk"))
    found = {each["state"]: each["n"] for each in rows}
    return {"all": sum(found.values()), **{state: found.get(state, 0) for state in models.Reference.State.values}}


def summary(person: org.Person, document: models.Document) -> dict[str, Any]:
    """What the clauses of a document in force name and what of it is no longer so, in figures; the worst by name."""
    mine = citations(person).filter(text__edition__document=document, reference=OuterRef("pk")).order_by()
    rows = models.Reference.objects.filter(Exists(mine)).order_by("designation", "edition")
    named = rows.exclude(kind=models.CitedKind.ANNEX)
    missing = named.filter(state__in=SHORT_OF)
    annexes = rows.filter(kind=models.CitedKind.ANNEX, state=models.Reference.State.MISSING)
    old = obsolete_rows(person).filter(text__edition__document=document, state=State.OPEN).order_by("pk")
    return {
        "cited": named.count(),
        "missing": list(missing[:MOST]),
        "missing_count": missing.count(),
        "annexes_missing": list(annexes[:MOST]),
        "obsolete": list(old.select_related("text__edition")[:MOST]),
        "obsolete_count": old.count(),
    }
