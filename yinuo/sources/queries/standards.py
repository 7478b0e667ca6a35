"""What is read of standards: their clauses in both languages, and how many clauses of customers belong to each."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import get_language

from yinuo.org import models as org
from yinuo.sources import models, queries
from yinuo.sources.readers import standards as reading
from yinuo.sources.rules import standards as rules

COUNTED = (models.Mapping.State.PROPOSED, models.Mapping.State.ACCEPTED)


def standards(person: org.Person | None = None) -> QuerySet[models.Document]:
    """All standards, or those that the person may see."""
    rows = queries.documents(person) if person else models.Document.objects.all()
    return rows.filter(kind=models.DocumentKind.STANDARD, customer=None)


def document_of(number: str) -> models.Document | None:
    """The standard with this number."""
    wanted = rules.tidy(number).lower()
    return next((row for row in standards().order_by("pk") if rules.tidy(row.number).lower() == wanted), None)


def entries_of(edition: models.Edition) -> list[rules.Entry]:
    """The clauses of an edition as a list says them."""
    texts = edition.texts.select_related("origin").prefetch_related("translations")
    return [_entry(each) for each in texts]


def _entry(text: models.ClauseText) -> rules.Entry:
    said = {each.language: each.title for each in text.translations.all()}
    is_zh = text.edition.language == models.Language.ZH and (said or _is_chinese(text.title))
    origin = getattr(text, "origin", None)
    return rules.Entry(
        text.number, text.title if is_zh else "", said.get("en", "") if is_zh else text.title,
        origin.of if origin else "", bool(origin and origin.is_untitled),
    )  # fmt: skip


def _is_chinese(title: str) -> bool:
    return any("一" <= sign <= "鿿" for sign in title)


def faults_of(given: rules.Given) -> list[rules.Wrong]:
    """What is wrong in a list, looked at with what is on record."""
    before = before_of(given)
    return rules.faults_of(given, before.texts.values_list("number", flat=True) if before else None)


def before_of(given: rules.Given) -> models.Edition | None:
    """The edition that a list would follow."""
    document = document_of(given.number)
    if document is None:
        return None
    named = document.editions.filter(label=given.follows, withdrawn_at=None).first() if given.follows else None
    return named or (document.current if document.current and document.current.label != given.edition else None)


def open_baseline(document: models.Document) -> models.Baseline | None:
    """The re-baselining of a standard that is not signed yet."""
    return models.Baseline.objects.filter(after__document=document, after__withdrawn_at=None, signed_at=None).first()


def past_baselines(document: models.Document) -> QuerySet[models.Baseline]:
    """The signed re-baselinings of a standard, the latest first."""
    rows = models.Baseline.objects.filter(after__document=document).exclude(signed_at=None)
    return rows.select_related("before__document", "after").order_by("-signed_at")


@dataclass(frozen=True)
class Supplied:
    """A list that comes with the product; `edition`: it is on record."""

    name: str
    given: rules.Given
    edition: models.Edition | None


def supplied() -> list[Supplied]:
    """The lists that come with the product, and which of them are on record."""
    there = {
        (each.document.number, each.label): each
        for each in models.Edition.objects.filter(document__in=standards(), withdrawn_at=None).select_related(
            "document"
        )
    }
    return [
        Supplied(name, given, there.get((given.number, given.edition))) for name, given in reading.supplied().items()
    ]


# The tree of clauses --------------------------------------------------------------------------------------------------


@dataclass
class Line:
    """One clause of a standard to show: both titles, whose it is, and how many clauses of which customers are here."""

    text: models.ClauseText
    zh: str
    en: str
    of: str
    is_untitled: bool
    customers: list[tuple[str, int]] = field(default_factory=list)
    mapped: int = 0
    proposed: int = 0


def lines_of(edition: models.Edition, person: org.Person) -> list[Line]:
    """The clauses of an edition of a standard with what belongs to them, as far as the person may see it."""
    texts = list(edition.texts.select_related("origin", "edition").prefetch_related("translations"))
    counts, proposed = counts_of(edition, person)
    found = []
    for text in texts:
        entry = _entry(text)
        here = sorted(counts[text.clause_id].items(), key=lambda each: (-each[1], each[0]))
        found.append(
            Line(
                text, entry.zh, entry.en, entry.of, entry.is_untitled, here, sum(number for _name, number in here),
                proposed[text.clause_id],
            )
        )  # fmt: skip
    return found


def counts_of(edition: models.Edition, person: org.Person) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    """Clause → customer → how many accepted; clause → how many are only proposed. Two queries, however many."""
    seen = queries.documents(person).filter(customer__isnull=False).values("pk")
    rows = (
        models.Mapping.objects.filter(target__texts__edition=edition, clause__document__in=seen)
        .exclude(state=models.Mapping.State.REJECTED)
        .values("target_id", "clause__document__customer__name_zh", "clause__document__customer__name_en")
        .annotate(
            accepted=Count("pk", filter=Q(state=models.Mapping.State.ACCEPTED)),
            only_proposed=Count("pk", filter=Q(state=models.Mapping.State.PROPOSED)),
        )
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    proposed: dict[int, int] = defaultdict(int)
    for row in rows:
        name = _name(row["clause__document__customer__name_zh"], row["clause__document__customer__name_en"])
        if row["accepted"]:
            counts[row["target_id"]][name] = counts[row["target_id"]].get(name, 0) + row["accepted"]
        proposed[row["target_id"]] += row["only_proposed"]
    return counts, proposed


def _name(zh: str, en: str) -> str:
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


# Beside the tree ------------------------------------------------------------------------------------------------------

HOME = reverse_lazy("sources:standards")


@dataclass(frozen=True)
class Overview:
    """A standard in the list: its clauses, and how many clauses of customers belong to it."""

    document: models.Document
    clauses: int
    mapped: int


def overview(person: org.Person) -> list[tuple[Overview, models.Baseline | None]]:
    """The standards that the person may see, each with its re-baselining that is not signed yet."""
    documents = list(standards(person).filter(is_active=True).select_related("current").order_by("number", "pk"))
    counted = dict(
        models.ClauseText.objects.filter(edition__in=[each.current_id for each in documents])
        .values_list("edition")
        .annotate(Count("pk"))
    )
    seen = queries.documents(person).filter(customer__isnull=False).values("pk")
    mapped = dict(
        models.Mapping.objects.filter(
            target__document__in=documents, state=models.Mapping.State.ACCEPTED, clause__document__in=seen
        )
        .values_list("target__document")
        .annotate(Count("pk"))
    )
    open_ = {
        each.after.document_id: each
        for each in models.Baseline.objects.filter(signed_at=None, after__withdrawn_at=None).select_related(
            "before__document", "after__document"
        )
    }
    return [
        (Overview(each, counted.get(each.current_id, 0), mapped.get(each.pk, 0)), open_.get(each.pk))
        for each in documents
    ]


def with_above(lines: list[Line]) -> list[Line]:
    """Only clauses to which something belongs, with what stands above them."""
    by_key = {line.text.pk: line for line in lines}
    wanted: set[int] = set()
    for line in lines:
        at: Line | None = line if line.mapped or line.proposed else None
        while at is not None and at.text.pk not in wanted:
            wanted.add(at.text.pk)
            at = by_key.get(at.text.parent_id or 0)
    return [line for line in lines if line.text.pk in wanted]


def line_of(text: models.ClauseText) -> Line:
    """One clause with both its titles."""
    entry = _entry(text)
    return Line(text, entry.zh, entry.en, entry.of, entry.is_untitled)


def texts_mapped_to(text: models.ClauseText, person: org.Person) -> QuerySet[models.ClauseText]:
    """Customers' clauses that belong to a clause of a standard, as they read in the editions that hold."""
    clauses = models.Mapping.objects.filter(target=text.clause_id, state__in=COUNTED).values("clause")
    rows = queries.texts(person).filter(clause__in=clauses).exclude(edition__standing=models.Standing.SUPERSEDED)
    return rows.select_related("edition__document__customer")


def tally(before: models.Edition, given: rules.Given) -> dict[str, int]:
    """How many clauses would become what, if a list were taken over."""
    became = rules.became(entries_of(before), given.clauses, given.crosswalk)
    return rules.tally(became)


def depths(above: list[int]) -> list[int]:
    """How deep each clause of a list stands, by the place of what is above it."""
    found: list[int] = []
    for place in above:
        found.append(found[place] + 1 if place >= 0 else 0)
    return found


def is_on_record(given: rules.Given) -> bool:
    """Whether exactly this edition is there."""
    document = document_of(given.number)
    return document is not None and document.editions.filter(label=given.edition, withdrawn_at=None).exists()
