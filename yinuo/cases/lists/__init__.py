"""The lists of the room: cases, objects, lessons learned."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases import access, models
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import refusals, views
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules

OPEN = "open"
SHOWN = (
    "number", "title", "kind", "priority", "is_safety", "oral", "no_original", "state", "state_zh", "state_en", "stage",
    "step_zh", "step_en", "holder_zh", "holder_en", "step_due_at", "ended_at", "site_id", "customer__name_zh",
    "customer__name_en", "owner__name", "version",
)  # fmt: skip
IN_FILES = (
    "text", "said_by", "channel", "said_at", "notified_at", "registered_at", "wanted_on", "promised_on",
    "acknowledged_at", "answered_at", "remark", "scope_id", "version", "project__number", "project__name_zh",
    "project__name_en",
)  # fmt: skip
PRIORITY_GROUPS = {1: "late", 2: "suspect", 3: "quiet", 4: "quiet"}


def case_rows(rows: QuerySet[models.Case]) -> QuerySet[models.Case]:
    """The rows with what the list shows and no more: half the work of a page was columns that nobody saw."""
    return rows.select_related("customer", "owner").only(*SHOWN)


def whole_rows(rows: QuerySet[models.Case]) -> QuerySet[models.Case]:
    """The rows with what a file of them has: the texts and all dates."""
    return rows.select_related("customer", "owner", "project").only(*SHOWN, *IN_FILES)


def priority_badge(case: models.Case) -> tuple[str, Words]:
    """The priority; safety is a mark of its own."""
    if case.is_safety:
        return "safety", _("safety")
    return PRIORITY_GROUPS[case.priority], str(models.Priority(case.priority).label)


def mark(case: models.Case) -> tuple[str, Words] | None:
    """What is missing: the original, or the writing."""
    if case.no_original:
        return "suspect", _("original missing")
    if case.oral in (models.Confirmation.WAITING, models.Confirmation.REFUSED):
        return "suspect", str(case.get_oral_display())
    return None


def next_step(case: models.Case) -> str:
    """What is done next and by whom."""
    return " · ".join(filter(None, (case.step, case.holder)))


def due_in(now: datetime) -> Callable[[models.Case], Any]:
    """The due cell at a moment: overdue in working days of the case's site; calendars are read when one is overdue."""

    def cell(case: models.Case) -> Any:
        at = case.step_due_at
        if case.ended_at or at is None or at >= now:
            return at, case.ended_at
        if case.site_id not in calendars:
            calendars[case.site_id] = org_queries.calendar(case.site_id)
        return at, None, calendars[case.site_id].overdue_working_days(at, now)

    calendars: dict[int | None, org_rules.Calendar] = {}
    return cell


def cases_at(now: datetime) -> Sheet:
    """The list of cases at a moment."""
    kinds = {key: str(words) for key, words in models.Kind.choices}  # translated once, not row by row
    channels = {key: str(words) for key, words in models.Channel.choices}
    values = {
        "due": due_in(now),
        "kind": lambda case: kinds.get(case.kind, case.kind),
        "channel": lambda case: channels.get(case.channel, case.channel),
    }
    columns, further = (
        [replace(each, value=values.get(each.key, each.value)) for each in columns]
        for columns in (CASES.columns, CASES.further)
    )
    return replace(CASES, columns=columns, further=further)


def _in_state(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    return rows.filter(ended_at=None) if value == OPEN else rows.filter(state=value)


def _states(person: org.Person) -> Sequence[tuple[str, Words]]:
    return [(OPEN, pgettext_lazy("cases", "not over yet")), *models.State.choices, *procedure_queries.statuses()]


def _of_customer(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    """Cases of customers one of whose names contains the text."""
    named = customers_queries.matching_names(customers.Customer.objects.all(), value)
    return rows.filter(customer__in=named)


def _of_kind(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    """Cases that ask something of this nature in one of their items."""
    items = models.Item.objects.filter(case=OuterRef("pk"), kind=value)
    return rows.filter(Q(kind=value) | Exists(items))


def _of_owner(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    return rows.filter(owner=int(value)) if value.isascii() and value.isdigit() and len(value) < 19 else rows


def _owners(person: org.Person) -> Sequence[tuple[str, Words]]:
    """The reader first, then the others who own a case that is not over and that the reader may see."""
    theirs = case_queries.cases(person).filter(owner=OuterRef("pk"), ended_at=None)
    named = org.Person.objects.filter(Exists(theirs)).exclude(pk=person.pk)
    others = [(str(pk), name) for pk, name in named.order_by("name", "pk").values_list("pk", "name")[:200]]
    return [(views.ME, _("mine")), *others]


def _of_project(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    """Cases of projects whose number, name or vehicle contains the text."""
    return rows.filter(project__in=customers_queries.matching_projects(customers.Project.objects.all(), value))


def _marked(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    """Oral, overdue at its step, without original, confidential."""
    if value in models.Confirmation.values:
        return rows.filter(oral=value)
    if value == "overdue":
        return rows.filter(ended_at=None, held_at=None, step_due_at__lt=timezone.now())
    if value == "missing":
        return rows.exclude(no_original="")
    return rows.filter(scope__isnull=False) if value == "confidential" else rows


def _marks(person: org.Person) -> Sequence[tuple[str, Words]]:
    said = models.Confirmation
    spoken = [(str(each), each.label) for each in (said.WAITING, said.REFUSED, said.CONFIRMED)]
    return [
        ("overdue", _("overdue")),
        *spoken,
        ("missing", _("original missing")),
        ("confidential", _("confidential")),
    ]


def _day(value: str) -> datetime | None:
    """The beginning of a day of our times, here; None for what is no such day."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if 2000 <= day.year < 2100 else None


def _registered_from(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    start = _day(value)
    return rows.filter(registered_at__gte=start) if start else rows


def _registered_to(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    start = _day(value)
    return rows.filter(registered_at__lt=start + timedelta(days=1)) if start else rows


def _priority(rows: QuerySet[models.Case], value: str) -> QuerySet[models.Case]:
    if value == "safety":
        return rows.filter(is_safety=True)
    return rows.filter(priority=value) if value in {"1", "2", "3", "4"} else rows


def _priorities(person: org.Person) -> Sequence[tuple[str, Words]]:
    return [("safety", _("safety")), *((str(key), words) for key, words in models.Priority.choices)]


class SeveralCustomers(refusals.Refusal):
    """A file for a customer holds what this customer asked, nothing of others."""


def of_one_customer(rows: QuerySet[models.Case]) -> None:
    """Refuse rows of several customers, unless one of them stands above all the others."""
    paths = list(rows.order_by().values_list("customer__path", flat=True).distinct()[:500])
    if paths and not all(path.startswith(min(paths, key=len)) for path in paths):
        raise SeveralCustomers(
            _("The list holds requests of several customers. Please filter it by one customer, then export it again.")
        )


CASES = Sheet(
    name="cases",
    title=_("List of cases"),
    columns=(
        Column("number", _("Number"), lambda case: case.number, "link", sort="pk"),
        Column("title", _("Title"), lambda case: case.title),
        Column("customer", _("Customer"), lambda case: case.customer.name),
        Column("kind", _("Nature"), lambda case: case.get_kind_display(), narrow=False),
        Column("priority", _("Priority"), priority_badge, "badge", sort="priority", is_internal=True),
        Column("state", _("State"), lambda case: case.badge, "badge"),
        Column("mark", _("Mark"), mark, "badge", narrow=False, is_internal=True),
        Column("step", _("Next step"), next_step, is_internal=True),
        Column(
            "owner",
            _("Owner"),
            lambda case: case.owner.name if case.owner else "",
            "person",
            narrow=False,
            is_internal=True,
        ),
        Column(
            "due",
            _("Due"),
            lambda case: (case.step_due_at, case.ended_at),
            "due",
            sort="step_due_at",
            is_internal=True,
        ),
    ),
    filters=(
        Filter("number", _("Number"), lambda rows, value: rows.filter(number__istartswith=value), kind="text"),
        Filter("customer", _("Customer"), _of_customer, kind="text"),
        Filter("state", _("State"), _in_state, _states),
        Filter("priority", _("Priority"), _priority, _priorities),
        Filter("kind", _("Nature"), _of_kind, lambda person: models.Kind.choices),
        Filter("owner", _("Owner"), _of_owner, _owners),
        Filter("mark", _("Mark"), _marked, _marks),
        Filter("project", _("Project"), _of_project, kind="text"),
        Filter("from", _("Registered from"), _registered_from, kind="day"),
        Filter("to", _("Registered to"), _registered_to, kind="day"),
    ),
    sorts={
        "newest": (_("newest first"), "pk", True),
        "oldest": (_("oldest first"), "pk", False),
        "due": (_("due first"), "step_due_at", False),
        "priority": (_("most urgent first"), "priority", False),
    },
    empty=_("No request has been registered yet. Register what a customer asks, and it is followed to its end."),
    further=(
        Column("text", _("What was asked"), lambda case: case.text, "long"),
        Column("said_by", _("Who said it"), lambda case: case.said_by, "person"),
        Column("channel", _("Channel"), lambda case: case.get_channel_display()),
        Column("project", _("Project"), lambda case: case.project.subject_label if case.project else ""),
        Column("said", _("Said or published"), lambda case: case.said_at, "moment"),
        Column("notified", _("Notified"), lambda case: case.notified_at, "moment"),
        Column("registered", _("Registered"), lambda case: case.registered_at, "moment", is_internal=True),
        Column("wanted", _("Asked by the customer for"), lambda case: case.wanted_on, "day"),
        Column("promised", _("Promised for"), lambda case: case.promised_on, "day"),
        Column("acknowledged", _("Receipt confirmed"), lambda case: case.acknowledged_at, "moment"),
        Column("answered", _("Customer told"), lambda case: case.answered_at, "moment"),
        Column("ended", _("Ended"), lambda case: case.ended_at, "moment"),
        Column("remark", _("Completion remark"), lambda case: case.remark, "long", is_internal=True),
    ),
    whole=whole_rows,
    outward=of_one_customer,
)


# Objects --------------------------------------------------------------------------------------------------------------

EXPIRES_SOON = timedelta(days=30)


def _object_state(today: date) -> Callable[[models.Sample], Any]:
    def state(sample: models.Sample) -> tuple[str, Words] | None:
        if sample.voided_at:
            return "quiet", _("void")
        if sample.valid_until_on is None or sample.valid_until_on > today + EXPIRES_SOON:
            return None
        return ("late", _("expired")) if sample.valid_until_on < today else ("suspect", _("expires soon"))

    return state


def _object_states(rows: QuerySet[models.Sample], value: str) -> QuerySet[models.Sample]:
    today = timezone.localdate()
    if value == "void":
        return rows.filter(voided_at__isnull=False)
    until = {"expired": today - timedelta(days=1), "soon": today + EXPIRES_SOON}.get(value)
    return rows.filter(voided_at=None, valid_until_on__lte=until) if until else rows


def _object_containing(rows: QuerySet[models.Sample], value: str) -> QuerySet[models.Sample]:
    return rows.filter(Q(number__icontains=value) | Q(name__icontains=value) | Q(place__icontains=value))


def objects_on(today: date) -> Sheet:
    """The list of objects on a day."""
    columns = [replace(each, value=_object_state(today)) if each.key == "state" else each for each in OBJECTS.columns]
    return replace(OBJECTS, columns=columns)


OBJECTS = Sheet(
    name="objects",
    title=_("List of objects"),
    columns=(
        Column("number", _("Number of the object"), lambda sample: sample.number, "link", sort="number"),
        Column("kind", _("Kind"), lambda sample: sample.get_kind_display()),
        Column("name", _("Description"), lambda sample: sample.name, narrow=False),
        Column("place", _("Place"), lambda sample: sample.place),
        Column("keeper", _("Keeper"), lambda sample: sample.keeper.name, "person"),
        Column("case", _("From case"), lambda sample: sample.case.number, narrow=False),
        Column("until", _("Valid until"), lambda sample: sample.valid_until_on, "day", sort="valid_until_on"),
        Column("state", _("State"), lambda sample: None, "badge"),
    ),
    filters=(
        Filter("q", _("Number, description or place"), _object_containing, kind="text"),
        Filter("keeper", _("Keeper"), lambda rows, value: rows.filter(keeper__name__icontains=value), kind="text"),
        Filter(
            "kind", _("Kind"), lambda rows, value: rows.filter(kind=value), lambda person: models.Sample.Kind.choices
        ),
        Filter(
            "state",
            _("State"),
            _object_states,
            lambda person: [("soon", _("expires soon")), ("expired", _("expired")), ("void", _("void"))],
        ),
    ),
    sorts={
        "until": (_("expiring first"), "valid_until_on", False),
        "number": (_("by number"), "number", False),
        "newest": (_("newest first"), "pk", True),
    },
    empty=_("No object has been registered yet. They are registered at the case with which they came."),
)


# Lessons --------------------------------------------------------------------------------------------------------------


def _lesson_state(lesson: models.Lesson) -> tuple[str, Words] | None:
    return ("quiet", _("void")) if lesson.voided_at else None


def _containing(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    return rows.filter(
        Q(title__icontains=value) | Q(text__icontains=value) | Q(family__icontains=value) | Q(fits__icontains=value)
    )


LESSONS = Sheet(
    name="lessons",
    title=_("List of lessons"),
    columns=(
        Column("title", _("Lesson"), lambda lesson: lesson.title, "link", sort="pk"),
        Column("kind", _("Nature"), lambda lesson: lesson.get_kind_display() if lesson.kind else ""),
        Column("family", _("Product family"), lambda lesson: lesson.family),
        Column("tags", _("Tags"), lambda lesson: "、".join(lesson.tags), narrow=False),
        Column("case", _("From case"), lambda lesson: lesson.case.number if lesson.case else ""),
        Column("by", _("Written by"), lambda lesson: lesson.written_by.name, "person", narrow=False),
        Column("at", _("Written"), lambda lesson: lesson.written_at, "moment"),
        Column("state", _("Remark"), _lesson_state, "badge"),
    ),
    filters=(
        Filter("q", _("Contains"), _containing, kind="text"),
        Filter("kind", _("Nature"), lambda rows, value: rows.filter(kind=value), lambda person: models.Kind.choices),
    ),
    sorts={"newest": (_("newest first"), "pk", True), "oldest": (_("oldest first"), "pk", False)},
    empty=_("No lesson has been written yet. They come from completed cases and are proposed again where they fit."),
)


# Findings -------------------------------------------------------------------------------------------------------------


def _found_by(rows: QuerySet[models.Finding], value: str) -> QuerySet[models.Finding]:
    return rows.filter(reported_by__name__icontains=value)


def _found_containing(rows: QuerySet[models.Finding], value: str) -> QuerySet[models.Finding]:
    return rows.filter(Q(text__icontains=value) | Q(said_by__icontains=value))


def _found_at(rows: QuerySet[models.Finding], value: str) -> QuerySet[models.Finding]:
    """Findings from customers one of whose names contains the text."""
    return rows.filter(customer__in=customers_queries.matching_names(customers.Customer.objects.all(), value))


def findings_for(person: org.Person) -> Sheet:
    """The list of findings for a reader: the number of a case stands there for whoever may see the case."""

    def number(finding: models.Finding) -> str:
        case = finding.case
        return case.number if case is not None and access.may_see(person, case) else ""

    columns = [replace(each, value=number) if each.key == "case" else each for each in FINDINGS.columns]
    return replace(FINDINGS, columns=columns)


FINDINGS = Sheet(
    name="findings",
    title=_("List of reports"),
    columns=(
        Column("title", _("What was learned"), lambda finding: finding.title, "link"),
        Column("customer", _("Customer"), lambda finding: finding.customer.name if finding.customer else ""),
        Column("by", _("Reported by"), lambda finding: finding.reporter, "person"),
        Column("at", _("Reported"), lambda finding: finding.reported_at, "moment", sort="pk"),
        Column("state", _("State"), lambda finding: finding.badge, "badge"),
        Column("case", _("Case"), lambda finding: ""),
        Column("reason", _("Reason"), lambda finding: finding.reason, narrow=False),
    ),
    filters=(
        Filter("q", _("Contains"), _found_containing, kind="text"),
        Filter("customer", _("Customer"), _found_at, kind="text"),
        Filter("by", _("Reported by"), _found_by, kind="text"),
        Filter(
            "state",
            _("State"),
            lambda rows, value: rows.filter(state=value),
            lambda person: models.Finding.State.choices,
        ),
    ),
    sorts={"newest": (_("newest first"), "pk", True), "oldest": (_("oldest first"), "pk", False)},
    empty=_("Nothing has been reported yet. Whatever a customer says, writes or publishes can be reported."),
)
