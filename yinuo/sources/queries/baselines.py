"""What is read of re-baselining: every mapping to the edition before, what became of its clause, what was decided."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.sources import models, queries
from yinuo.sources.queries import standards
from yinuo.sources.rules import baselines as rules
from yinuo.sources.rules import standards as standards_rules
from yinuo.sources.rules.comparing import Kind

ACT = models.BaselineRow.Act


def baselines(person: org.Person) -> QuerySet[models.Baseline]:
    """The re-baselinings that the person may see."""
    return person.visible(models.Baseline.objects.filter(after__withdrawn_at=None), Permission.SOURCES_SEE)


def mappings(baseline: models.Baseline) -> "QuerySet[Any]":
    """Every accepted mapping that a re-baselining is about. `old_text` is its clause of the standard before, `became`
    what became of that, `row_version` is 0 where nobody has decided. A signed one has the rows it was signed with."""
    rows = models.BaselineRow.objects.filter(baseline=baseline, mapping=OuterRef("pk"))
    if baseline.signed_at is None:
        accepted = models.Mapping.State.ACCEPTED
        found = models.Mapping.objects.filter(state=accepted, target__texts__edition=baseline.before)
        texts = models.ClauseText.objects.filter(edition=baseline.before, clause=OuterRef("target"))
        old = Subquery(texts.values("pk")[:1])
    else:
        found = models.Mapping.objects.filter(pk__in=baseline.rows.values("mapping"))
        old = Subquery(rows.values("old")[:1])
    lineage = models.Lineage.objects.filter(edition=baseline.after, old=OuterRef("old_text"))
    return found.annotate(
        old_text=old,
        became=Coalesce(Subquery(lineage.values("kind")[:1]), Value(str(Kind.GONE))),
        decided=Coalesce(Subquery(rows.values("act")[:1]), Value(rules.WAITS)),
        row_version=Coalesce(Subquery(rows.values("version")[:1]), Value(0)),
        act=Case(
            When(decided__in=[ACT.CHOSEN, ACT.KEPT, ACT.DROPPED, ACT.FOLLOWS], then=F("decided")),
            When(became__in=[str(kind) for kind in standards_rules.FOLLOWING], then=Value(rules.FOLLOWS)),
            default=Value(rules.WAITS),
            output_field=CharField(),
        ),
    )


def visible(found: "QuerySet[Any]", person: org.Person) -> "QuerySet[Any]":
    """Those whose customers' clauses the person may see."""
    return found.filter(clause__document__in=queries.documents(person).values("pk"))


@dataclass(frozen=True)
class Progress:
    """How far a re-baselining is: rows by what becomes of them."""

    by_act: dict[str, int]
    hidden: int = 0  # waiting rows that the person may not see

    @property
    def all(self) -> int:
        return sum(self.by_act.values())

    @property
    def waits(self) -> int:
        return self.by_act.get(rules.WAITS, 0)

    @property
    def done(self) -> int:
        return self.all - self.waits

    @property
    def percent(self) -> int:
        return 100 * self.done // self.all if self.all else 100


def progress(baseline: models.Baseline, person: org.Person | None = None) -> Progress:
    """Rows by what becomes of them, all of them; and how many of the waiting ones the person may not see."""
    found = mappings(baseline)
    counted = dict(Counter(found.values_list("act", flat=True)))
    hidden = 0
    if person is not None and counted.get(rules.WAITS):
        hidden = counted[rules.WAITS] - visible(found, person).filter(act=rules.WAITS).count()
    return Progress(counted, hidden)


@dataclass(frozen=True)
class Row:
    """One customer's clause that belongs to a clause of the standard: before, and behind."""

    mapping: models.Mapping
    said: models.ClauseText | None  # the customer's clause as it holds
    customer: str
    act: str
    version: int
    targets: tuple[models.ClauseText, ...]
    decision: models.BaselineRow | None


@dataclass(frozen=True)
class Group:
    """A clause of the standard before, what became of it, and what belongs to it."""

    old: models.ClauseText
    kind: str
    new: tuple[models.ClauseText, ...]
    rows: tuple[Row, ...]

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if row.act == rules.WAITS]

    @property
    def decided(self) -> list[Row]:
        return [row for row in self.rows if row.decision is not None and row.act != rules.WAITS]

    @property
    def ticked(self) -> list[int]:
        return rules.proposed(self.kind, [each.pk for each in self.new])


def groups(
    baseline: models.Baseline, person: org.Person, *, acts: Sequence[str] = (), after: int = -1, most: int = 20
) -> tuple[list[Group], int | None]:
    """Clauses of the standard with what the person may see of what belongs to them, from a place on; and the place of
    the last one, if there are more."""
    found = visible(mappings(baseline), person)
    if acts:
        found = found.filter(act__in=acts)
    wanted = models.ClauseText.objects.filter(pk__in=found.values("old_text"), place__gt=after).order_by("place")
    olds = list(wanted[: most + 1])
    more, olds = len(olds) > most, olds[:most]
    rows = list(
        found.filter(old_text__in=[each.pk for each in olds])
        .select_related("clause__document__customer", "target_text")
        .order_by("clause__document", "clause")
    )
    shown = _rows(baseline, rows)
    lineage = _lineage(baseline, olds)
    made = [_group(old, lineage[old.pk], [row for row in shown if row[0] == old.pk]) for old in olds]
    return made, olds[-1].place if more else None


def _group(old: models.ClauseText, came: list[models.Lineage], rows: list[tuple[int, Row]]) -> Group:
    kind = came[0].kind if came else str(Kind.GONE)
    return Group(old, kind, tuple(each.new for each in came if each.new), tuple(row for _old, row in rows))


def _lineage(baseline: models.Baseline, olds: Iterable[models.ClauseText]) -> dict[int, list[models.Lineage]]:
    found: dict[int, list[models.Lineage]] = defaultdict(list)
    rows = models.Lineage.objects.filter(edition=baseline.after, old__in=[each.pk for each in olds])
    for each in rows.select_related("new"):
        found[each.old_id or 0].append(each)
    return found


def _rows(baseline: models.Baseline, found: Sequence[models.Mapping]) -> list[tuple[int, Row]]:
    """Each mapping with what it says, by its old clause."""
    clauses = {each.clause_id for each in found}
    texts = models.ClauseText.objects.filter(clause__in=clauses).select_related("edition__document")
    newest = {each.clause_id: each for each in texts.order_by("edition__received_on", "pk")}
    decisions = {
        each.mapping_id: each
        for each in baseline.rows.filter(mapping__in=[each.pk for each in found])
        .select_related("by")
        .prefetch_related("targets")
    }
    going_on = {
        each.old_id: each.new
        for each in models.Lineage.objects.filter(
            edition=baseline.after, kind__in=standards_rules.FOLLOWING, old__in={_old(each) for each in found}
        ).select_related("new")
    }
    made = []
    for each in found:
        decision = decisions.get(each.pk)
        targets = tuple(decision.targets.all()) if decision else ()
        follower = going_on.get(_old(each))
        if not targets and follower is not None and _act(each) == rules.FOLLOWS:
            targets = (follower,)
        customer = each.clause.document.customer
        row = Row(
            each, newest.get(each.clause_id), customer.name if customer else "", _act(each),
            getattr(each, "row_version", 0), targets, decision,
        )  # fmt: skip
        made.append((_old(each), row))
    return made


def _old(mapping: models.Mapping) -> int:
    return int(getattr(mapping, "old_text", 0) or 0)


def _act(mapping: models.Mapping) -> str:
    return str(getattr(mapping, "act", rules.WAITS))


# New clauses ----------------------------------------------------------------------------------------------------------

MOST_READ, MOST_SHOWN = 3000, 5


@dataclass(frozen=True)
class Fresh:
    """A clause that the standard did not have before, and customers' clauses that speak of it and belong nowhere."""

    text: models.ClauseText
    other: str
    candidates: tuple[models.ClauseText, ...]


def fresh(baseline: models.Baseline, person: org.Person) -> list[Fresh]:
    """The new clauses of the standard, with what customers say of them that belongs to no clause yet."""
    rows = (
        models.Lineage.objects.filter(edition=baseline.after, kind=Kind.NEW)
        .select_related("new__edition")
        .prefetch_related("new__translations")
    )
    mapped = models.Mapping.objects.filter(state__in=standards.COUNTED).values("clause")
    said = list(
        queries.texts(person)
        .filter(edition__document__customer__isnull=False, edition=F("edition__document__current"))
        .exclude(clause__in=mapped)
        .select_related("edition__document__customer")
        .order_by("pk")[:MOST_READ]
    )
    by_key = {each.pk: each for each in said}
    words = [(each.pk, f"{each.title} {each.text}") for each in said]
    made = []
    for each in rows:
        if each.new is None:
            continue
        other = next((it.title for it in each.new.translations.all()), "")
        keys = rules.candidates(each.new.title, other, words)[:MOST_SHOWN]
        made.append(Fresh(each.new, other, tuple(by_key[key] for key in keys)))
    return made


def counts_by_kind(baseline: models.Baseline) -> dict[str, int]:
    """How many clauses of the standard became what: each old clause once, and the new ones."""
    rows = models.Lineage.objects.filter(edition=baseline.after).values_list("kind", "old", "new")
    seen = {(kind, old if old else f"new-{new}") for kind, old, new in rows}
    return dict(Counter(kind for kind, _key in seen))
