"""What is read of changes. Every list begins with what the person may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import F, Prefetch, Q, QuerySet

from yinuo.changes import models, rules
from yinuo.customers import models as customers
from yinuo.customers import rules as customers_rules
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.org.definition import Permission
from yinuo.sources import models as sources
from yinuo.sources.rules import comparing

SEE = Permission.CHANGES_SEE
SAME = (comparing.Kind.SAME, comparing.Kind.MOVED, comparing.Kind.RENUMBERED)
COUNTED = (sources.Standing.IN_FORCE, sources.Standing.SIGNED)  # a draft or a round of negotiation changes nothing yet
MOST_IN_MONTH = 300  # changes on one proof


def changes(person: org.Person) -> QuerySet[models.Change]:
    """The changes the person may see."""
    return person.visible(models.Change.objects.all(), SEE)


def waiting() -> Q:
    """Changes whose clock runs: neither reviewed nor dropped."""
    return Q(reviewed_on=None, dropped_at=None)


def due_for(person: org.Person, today: date) -> QuerySet[models.Change]:
    """Changes that somebody is to have reviewed, and that are due within five working days or overdue."""
    until = org_queries.calendar(person.site_id).working_day(today, rules.FIRST)
    return changes(person).filter(waiting(), responsible=person, due_on__lte=until)


# Terms ----------------------------------------------------------------------------------------------------------------


def company_term() -> models.Term:
    """The company's own term; as the standard has it while nobody has set another."""
    return models.Term.objects.filter(customer=None).first() or models.Term(version=0)


def terms() -> QuerySet[models.Term]:
    """The terms of single customers that hold."""
    return models.Term.objects.filter(customer__isnull=False, ended_at=None).select_related("customer")


def term_of(customer: customers.Customer) -> tuple[str, int]:
    """Start and length of the clock for a customer: the nearest term named for it or above it, never longer than the
    company's."""
    whole = company_term()
    codes = customers_rules.codes_of(customer.path)
    own = terms().filter(customer__code__in=codes).order_by("-customer__depth").first()
    return (own.start, min(own.days, whole.days)) if own else (whole.start, whole.days)


# The clock ------------------------------------------------------------------------------------------------------------


@dataclass
class Calendars:
    """The calendars of sites and the names of their days, each read once."""

    found: dict[int | None, org_rules.Calendar] = field(default_factory=dict)
    named: dict[tuple[int | None, int], dict[date, str]] = field(default_factory=dict)

    def of(self, site_id: int | None) -> org_rules.Calendar:
        if site_id not in self.found:
            self.found[site_id] = org_queries.calendar(site_id)
        return self.found[site_id]

    def names(self, site_id: int | None, first: date, last: date) -> dict[date, str]:
        """What the days that differ from the week are called."""
        told: dict[date, str] = {}
        for year in range(first.year, last.year + 1):
            key = (site_id, year)
            if key not in self.named:
                self.named[key] = {on: row.name for on, row in org_queries.named_days(*key).items()}
            told |= self.named[key]
        return told


def standing_of(row: models.Change, today: date, calendars: Calendars) -> rules.Standing:
    """How a change's clock stands."""
    return rules.standing(
        calendars.of(row.site_id), started=row.started_on, due_on=row.due_on, reviewed_on=row.reviewed_on,
        today=today, is_dropped=row.dropped_at is not None,
    )  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """A change's clock as it is shown: each day counted, and what stands on it."""

    change: models.Change
    standing: rules.Standing
    days: list[rules.Day]
    occasions: dict[rules.Occasion, date]
    today: date

    @property
    def weeks(self) -> list[list[rules.Day | None]]:
        return rules.weeks_of(self.days)

    @property
    def unknown(self) -> list[int]:
        """The years of the count whose holidays nobody has entered."""
        return sorted({day.on.year for day in self.days if not day.is_known})


def clock(row: models.Change, today: date, calendars: Calendars) -> Clock:
    """The clock of a change, counted until it was reviewed, or is due, or (overdue) until today."""
    calendar, due_on = calendars.of(row.site_id), row.due_on
    last = due_on if row.dropped_at else max(due_on, row.reviewed_on or (today if today > due_on else due_on))
    names = calendars.names(row.site_id, row.started_on, last)
    return Clock(
        row, standing_of(row, today, calendars), rules.counted(calendar, names, row.started_on, last),
        rules.occasions(calendar, row.started_on, due_on), today,
    )  # fmt: skip


# One change -----------------------------------------------------------------------------------------------------------


def with_all(rows: QuerySet[models.Change]) -> QuerySet[models.Change]:
    """Changes with everything their page shows."""
    return rows.select_related(
        "customer", "edition__document", "edition__follows", "responsible", "department", "scope", "own_scope",
        "reviewed_by", "impact_by", "added_by",
    ).prefetch_related(
        "sites",
        Prefetch(
            "applications",
            models.Application.objects.select_related("product", "site", "implemented_by", "verified_by"),
        ),
        Prefetch("documents", models.OwnDocument.objects.select_related("responsible", "done_by")),
        "suppliers",
    )  # fmt: skip


def clauses_changed(edition: sources.Edition) -> int:
    """How many clauses of an edition changed, came or went."""
    rows = sources.Lineage.objects.filter(edition=edition).exclude(kind__in=SAME)
    return rows.values("place").distinct().count()


def in_month(person: org.Person, first: date, customer: customers.Customer | None) -> QuerySet[models.Change]:
    """Changes whose clock started in a month, of a customer and of all below it."""
    after = (first + timedelta(days=31)).replace(day=1)
    rows = changes(person).filter(started_on__gte=first, started_on__lt=after)
    if customer is not None:
        rows = rows.filter(customer__path__startswith=customer.path)
    return rows


def of_customer(person: org.Person, customer: customers.Customer) -> QuerySet[models.Change]:
    """Changes of a customer and of those above it, which hold for it too."""
    codes: Sequence[str] = customers_rules.codes_of(customer.path)
    return changes(person).filter(customer__code__in=codes).select_related("customer", "responsible")


def met_late() -> Q:
    return Q(reviewed_on__gt=F("due_on"))


def documents_of(person: org.Person) -> QuerySet[models.OwnDocument]:
    """Own documents that somebody is to change."""
    rows = models.OwnDocument.objects.filter(responsible=person, done_on=None, change__dropped_at=None).select_related(
        "change"
    )
    return rows.order_by("due_on", "pk")


def responsible_for(person: org.Person) -> QuerySet[models.Change]:
    """Changes somebody answers for on which something is still to be done."""
    rows = models.Change.objects.filter(responsible=person, dropped_at=None, verified_on=None)
    return rows.exclude(result=models.Result.NOTHING).order_by("due_on", "pk")
