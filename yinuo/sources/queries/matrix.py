"""矩阵: to which clauses of IATF 16949 the requirements of which customers belong, as far as the person may see them.

A customer's column holds what its own documents demand and those of the customers above it, each in the newest edition
whose clauses are accepted.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers import rules as customers_rules
from yinuo.org import models as org
from yinuo.sources import models, queries
from yinuo.sources.queries import judging
from yinuo.sources.queries import standards as standard_queries

MOST = 12  # customers beside each other
DECIDED = models.Judgement.State.DECIDED
ACCEPTED = models.Mapping.State.ACCEPTED


@dataclass(frozen=True)
class Point:
    """A customer's clause in a cell; a sure one was judged and accepted there by a person."""

    pk: int
    words: str
    title: str
    language: str
    is_sure: bool


@dataclass
class Column:
    """One customer, and how far its documents are judged."""

    customer: customers.Customer
    documents: list[models.Document] = field(default_factory=list)
    read: list[models.Edition] = field(default_factory=list)  # of each document the edition that stands for it
    waiting: int = 0  # documents that hold no accepted clauses yet, or whose newest edition does not
    clauses: int = 0
    decided: int = 0
    unplaced: int = 0  # customer-specific requirements that belong to no clause of the standard

    @property
    def editions(self) -> list[int]:
        return [each.pk for each in self.read]

    @property
    def is_decided(self) -> bool:
        """Whether somebody has said of every clause what it is."""
        return bool(self.clauses) and not self.waiting and self.decided == self.clauses

    @property
    def is_judged(self) -> bool:
        """Whether it can be said that nothing points to a clause: what belongs nowhere yet may belong there."""
        return self.is_decided and not self.unplaced


@dataclass
class Row:
    """One clause of the standard with a cell for each column."""

    line: standard_queries.Line
    columns: Sequence[Column]
    cells: list[list[Point]]

    @property
    def pairs(self) -> list[tuple[list[Point], Column]]:
        return list(zip(self.cells, self.columns, strict=True))

    @property
    def has_points(self) -> bool:
        return any(self.cells)


def standard(person: org.Person) -> models.Document | None:
    """The standard whose clauses stand down the side."""
    rows = standard_queries.standards(person).filter(number=judging.STANDARD, current__isnull=False)
    return rows.select_related("current").first()


def choices(person: org.Person) -> list[customers.Customer]:
    """Customers with documents of their own that the person may see."""
    mine = _documents(person).values("customer")
    return list(customers_queries.customers(person).filter(pk__in=mine, is_active=True).order_by("path"))


def columns(person: org.Person, chosen: Iterable[customers.Customer]) -> list[Column]:
    """The customers side by side. As many queries for one as for all."""
    documents = list(_documents(person).select_related("customer", "current"))
    read = _read(documents)
    counted = _counted(person, [each.pk for each in read.values()])
    found = []
    for customer in chosen:
        codes = customers_rules.codes_of(customer.path)
        column = Column(customer, [each for each in documents if each.customer and each.customer.code in codes])
        for each in column.documents:
            edition = read.get(each.pk)
            column.waiting += edition is None or each.current_id not in (None, edition.pk)
            if edition is not None:
                column.read.append(edition)
                clauses, decided, unplaced = counted.get(edition.pk, (0, 0, 0))
                column.clauses, column.decided = column.clauses + clauses, column.decided + decided
                column.unplaced += unplaced
        found.append(column)
    return found


def rows(edition: models.Edition, person: org.Person, shown: Sequence[Column]) -> list[Row]:
    """The clauses of the standard, each with what belongs to it."""
    lines = standard_queries.lines_of(edition, person)
    targets = {each.text.clause_id for each in lines}
    points = _points(person, {each for column in shown for each in column.editions}, targets)
    return [
        Row(
            line,
            shown,
            [[point for each in column.editions for point in points[line.text.clause_id, each]] for column in shown],
        )
        for line in lines
    ]


def with_points(found: list[Row]) -> list[Row]:
    """Only rows that hold something, with what stands above them."""
    by_key = {row.line.text.pk: row for row in found}
    wanted: set[int] = set()
    for row in found:
        at: Row | None = row if row.has_points else None
        while at is not None and at.line.text.pk not in wanted:
            wanted.add(at.line.text.pk)
            at = by_key.get(at.line.text.parent_id or 0)
    return [row for row in found if row.line.text.pk in wanted]


def _documents(person: org.Person) -> QuerySet[models.Document]:
    kinds = (models.DocumentKind.STANDARD, models.DocumentKind.LAW)
    return queries.documents(person).filter(customer__isnull=False, is_active=True).exclude(kind__in=kinds)


def _read(documents: Sequence[models.Document]) -> dict[int, models.Edition]:
    """Document → the edition that is read: the one that holds, else the newest whose clauses are accepted."""
    current = {each.current_id for each in documents}
    editions = models.Edition.objects.filter(document__in=documents, clauses=models.Edition.Clauses.ACCEPTED)
    found: dict[int, models.Edition] = {}
    for edition in editions.select_related("document").order_by("received_on", "pk"):
        known = found.get(edition.document_id)
        if known is None or known.pk not in current:
            found[edition.document_id] = edition
    return found


def _counted(person: org.Person, editions: Iterable[int]) -> dict[int, tuple[int, int, int]]:
    """Edition → how many clauses, how many of them decided, how many customer-specific requirements without a clause
    of the standard. Other requirements are those of which it does not speak: they may stay without."""
    mine = queries.texts(person).filter(edition__in=list(editions))
    placed = Q(clause__in=judging.ACCEPTED.order_by().values("clause"))
    decided = Q(clause__judgement__state=DECIDED)
    unplaced = decided & Q(clause__judgement__nature=models.Nature.SPECIFIC) & ~placed
    counts = mine.order_by().values("edition")
    counts = counts.annotate(every=Count("pk"), sure=Count("pk", filter=decided), loose=Count("pk", filter=unplaced))
    return {each["edition"]: (each["every"], each["sure"], each["loose"]) for each in counts}


def _points(
    person: org.Person, editions: set[int], targets: set[int]
) -> dict[tuple[int, int], list[Point]]:  # fmt: skip
    """(clause of the standard, edition) → the clauses that belong there, or are proposed to.

    What is only proposed is not told of a clause that somebody has placed, or has said to be no requirement.
    """
    texts = queries.texts(person).filter(edition__in=editions, clause__mappings__state__in=standard_queries.COUNTED)
    said = texts.order_by("edition", "place").values_list(
        "pk", "clause", "edition", "edition__language", "number", "title", "text",
        "clause__mappings__target", "clause__mappings__state", "clause__judgement__state",
        "clause__judgement__nature",
    )  # fmt: skip
    told = [each for each in said if each[7] in targets]  # customers' clauses may belong to other standards too
    placed = {clause for _pk, clause, *_said, state, _judged, _nature in told if state == ACCEPTED}
    found: dict[tuple[int, int], list[Point]] = defaultdict(list)
    for pk, clause, edition, language, number, title, text, target, state, judged, nature in told:
        is_settled = clause in placed or (judged == DECIDED and nature not in judging.REQUIREMENTS)
        if state != ACCEPTED and is_settled:
            continue
        words = number or (title or text)[:12]
        is_sure = state == ACCEPTED and judged == DECIDED
        found[target, edition].append(Point(pk, words, (title or text)[:120], language, is_sure))
    return found
