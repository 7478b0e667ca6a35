"""The rows behind the figures: requests by what happened when, and open tasks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import lists as cases_lists
from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import rows as kit_rows
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.procedures import models as procedures
from yinuo.reports import definition, rules
from yinuo.reports.definition import Result, Standing
from yinuo.reports.queries import accounted, areas, counted, deadlines, figures, load, places, statistics
from yinuo.search.engine import glossary

# Sites ----------------------------------------------------------------------------------------------------------------


def sites(person: org.Person) -> list[org.Site]:
    """The sites whose figures the person may see."""
    mine = person.rights.sites_for(Permission.REPORTS_SEE)
    return [site for site in org_queries.sites() if mine is None or site.pk in mine]


def _at_site(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    site = kit_rows.key_in(value)
    return rows.filter(site_id=site) if site is not None else rows


SITE = Filter("site", _("Site"), _at_site, lambda person: [(str(site.pk), site.name) for site in sites(person)])

# Requests -------------------------------------------------------------------------------------------------------------

OPEN, REGISTERED, COMPLETED, TERMINATED = "open", "registered", "completed", "terminated"
WHAT: dict[str, tuple[Words, str, Q]] = {  # words, the day or moment by which `since` and `until` sift, condition
    OPEN: (_("under way"), "registered_at", Q(ended_at=None)),
    REGISTERED: (_("newly registered"), "registered_at", Q()),
    COMPLETED: (pgettext_lazy("requests", "completed"), "ended_at", Q(ended_at__isnull=False, end_reason="")),
    TERMINATED: (pgettext_lazy("requests", "terminated"), "ended_at", Q(ended_at__isnull=False) & ~Q(end_reason="")),
    deadlines.PROMISED: (_("promised to the customer"), "promised_on", Q(ended_at=None)),
    deadlines.WANTED: (_("asked for by the customer"), "wanted_on", Q(ended_at=None)),
    deadlines.INNER: (_("due inside"), "due_at", Q(ended_at=None)),
}


def day_in(text: str) -> date | None:
    """The day of an address; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def requests_at(now: datetime, what: str) -> Sheet:
    """The list of requests of one kind at a moment, as the list of requests shows them."""
    sheet = cases_lists.cases_at(now)
    field = WHAT.get(what, WHAT[OPEN])[1]

    def since(rows: QuerySet[cases.Case], value: str) -> QuerySet[cases.Case]:
        return rows.filter(deadlines.within(field, day_in(value), None))

    def until(rows: QuerySet[cases.Case], value: str) -> QuerySet[cases.Case]:
        return rows.filter(deadlines.within(field, None, day_in(value)))

    def of_kind(rows: QuerySet[cases.Case], value: str) -> QuerySet[cases.Case]:
        return rows.filter(WHAT[value][2]) if value in WHAT else rows

    filters = (
        Filter("what", _("Which"), of_kind, lambda person: [(key, words) for key, (words, *_rest) in WHAT.items()]),
        Filter("since", pgettext_lazy("day", "From"), since, kind="day"),
        Filter("until", pgettext_lazy("day", "Until"), until, kind="day"),
        SITE,
    )
    kept = {key: sheet.sorts[key] for key in ("due", "newest", "oldest", "priority")}
    return replace(sheet, name="requests", filters=filters, sorts=kept)


# Open tasks -----------------------------------------------------------------------------------------------------------


def live_tasks(person: org.Person) -> QuerySet[procedures.Task]:
    """Open tasks of people and waits that the person may see, with what the list shows."""
    tasks = procedures.Task.objects.filter(closed_at=None, kind__in=counted.KINDS)
    tasks = tasks.select_related("holder", "post", "run__procedure")
    shown = (
        "subject_type", "subject_id", "subject_label", "subject_url", "scope_id", "version", "title_zh",
        "title_en", "about_zh", "about_en", "party_zh", "party_en", "opened_at", "due_at", "site_id",
        "holder__name", "post__name_zh", "post__name_en", "run__held_at", "run__procedure__key",
    )  # fmt: skip
    return places.here(tasks.only(*shown), person, None)


def _at_step(rows: QuerySet[procedures.Task], value: str) -> QuerySet[procedures.Task]:
    """Tasks of requests at a step, named as the tallies name it."""
    procedure, _slash, step = value.partition("/")
    return rows.filter(run__procedure__key=procedure, step=step, subject_type=counted.SUBJECT)


def _steps(person: org.Person) -> Sequence[tuple[str, Words]]:
    return figures.step_words()


ON_DESKS = Q(run__held_at=None, kind__in=procedures.Task.PEOPLE_KINDS)


def _holders(person: org.Person) -> Sequence[tuple[str, Words]]:
    return [(str(pk), name) for pk, name in org_queries.people().values_list("pk", "name")[:300]]


def _of_post(rows: QuerySet[procedures.Task], value: str) -> QuerySet[procedures.Task]:
    key = kit_rows.key_in(value)
    return rows.filter(ON_DESKS, holder=None, post=key) if key is not None else rows


def _posts(person: org.Person) -> Sequence[tuple[str, Words]]:
    live = procedures.Task.objects.filter(post=OuterRef("pk"), holder=None, closed_at=None)
    return [(str(post.pk), post.name) for post in org_queries.posts().filter(Exists(live))[:200]]


def tasks_at(now: datetime) -> Sheet:
    """The list of open tasks at a moment."""
    calendars = counted.Calendars()

    def due(task: procedures.Task) -> Any:
        if task.due_at is None or task.due_at >= now or task.run.held_at:
            return task.due_at, task.run.held_at  # on hold: without alarm
        return task.due_at, None, calendars[task.site_id].overdue_working_days(task.due_at, now)

    def of_holder(rows: QuerySet[procedures.Task], value: str) -> QuerySet[procedures.Task]:
        key = kit_rows.key_in(value)
        return rows.filter(load.on_desk(key, now), ON_DESKS) if key is not None else rows

    def is_late(rows: QuerySet[procedures.Task], value: str) -> QuerySet[procedures.Task]:
        return rows.filter(due_at__lt=now, run__held_at=None) if value else rows

    return Sheet(
        name="tasks",
        title=_("List of open tasks"),
        columns=(
            Column("task", _("Task"), lambda task: task.title, "link"),
            Column("subject", _("For"), lambda task: task.subject_label),
            Column("holder", pgettext_lazy("tasks", "With"), lambda task: task.responsible, "person"),
            Column("opened", _("Open since"), lambda task: task.opened_at, "moment", sort="opened_at"),
            Column("due", _("Due"), due, "due", sort="due_at"),
            Column("state", _("State"), lambda task: ("pending", _("on hold")) if task.run.held_at else None, "badge"),
        ),
        filters=(
            Filter("step", _("Step"), _at_step, _steps),
            Filter("holder", pgettext_lazy("tasks", "With"), of_holder, _holders),
            Filter("post", _("Waits at the post"), _of_post, _posts),
            Filter("late", _("Overdue?"), is_late, lambda person: [("yes", _("overdue only"))]),
            SITE,
        ),
        sorts={
            "due": (_("due first"), "due_at", False),
            "oldest": (_("oldest first"), "opened_at", False),
            "newest": (_("newest first"), "opened_at", True),
        },
        empty=_("No task is open."),
    )


# Behind the statistics ------------------------------------------------------------------------------------------------

NONE = "none"  # in an address: requests whose owner is in no department
OF_FIGURES: dict[str, Words] = {
    definition.REGISTERED: pgettext_lazy("figure", "Registered"),
    Standing.SOLVED: pgettext_lazy("standing", "Solved"),
    Standing.DOING: pgettext_lazy("standing", "Doing"),
    Standing.PENDING: pgettext_lazy("standing", "Pending"),
    statistics.ENDED: pgettext_lazy("figure", "Ended"),
    Result.ASKED: _("As asked"),
    Result.ALTERNATIVE: _("With an alternative"),
    Result.REFUSED: pgettext_lazy("result", "Refused"),
    Result.TERMINATED: pgettext_lazy("result", "Terminated"),
    Result.MERGED: pgettext_lazy("result", "Merged"),
    definition.TOOK: _("Answered requests"),
    definition.HELD: _("Time on hold"),
    definition.ON_TIME: _("On time"),
    definition.LATE: _("Late"),
    statistics.TIMELY: _("With a deadline"),
    definition.REOPENED: pgettext_lazy("figure", "Reopened"),
}


def figure_words() -> list[tuple[str, Words]]:
    """The figures of the statistics that requests stand behind."""
    return [(str(key), words) for key, words in OF_FIGURES.items()]


def counted_rows(person: org.Person) -> QuerySet[cases.Case]:
    """Requests that the person may see and that the statistics count."""
    return cases_lists.case_rows(places.here(cases.Case.objects.filter(account__month__isnull=False), person, None))


def customer_choices(person: org.Person) -> Sequence[tuple[str, Words]]:
    named = person.visible(customers.Customer.objects.order_by("name_zh", "pk"), Permission.REPORTS_SEE)
    return [(str(row.pk), row.name) for row in named.only("name_zh", "name_en")[:300]]


def _departments(person: org.Person) -> Sequence[tuple[str, Words]]:
    return [*((str(row.pk), row.name) for row in org_queries.departments()), (NONE, _("not known"))]


def _topics(person: org.Person) -> Sequence[tuple[str, Words]]:
    language = get_language() or ""
    named = [(term.key, term.name(language)) for term in glossary.terms().values() if term.kind == glossary.TOPIC]
    return sorted(named, key=lambda each: each[1])


def _products(person: org.Person) -> Sequence[tuple[str, Words]]:
    named = customers_queries.products(person).order_by("number", "pk")[:300]
    return [(str(row.pk), row.subject_label) for row in named]


def _cut_filters(path: str) -> tuple[Filter, ...]:
    """Customer, department, nature of whatever hangs on an account by `path`."""

    def of_customer(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        key = kit_rows.key_in(value)
        return rows.filter(**{f"{path}customer_id": key}) if key is not None else rows

    def of_department(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        key = kit_rows.key_in(value)
        if value == NONE or key is not None:
            return rows.filter(**{f"{path}department_id": key})
        return rows

    def of_topic(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{path}topics__contains": f" {value} "})

    def of_product(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{path}products__contains": f" {value} "})

    def of_nature(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{path}kind": value})

    return (
        Filter(statistics.CUSTOMER, _("Customer"), of_customer, customer_choices),
        Filter(statistics.DEPARTMENT, _("Department"), of_department, _departments),
        Filter(statistics.KIND, _("Nature"), of_nature, lambda person: cases.Kind.choices),
        Filter(areas.TOPIC, _("Topic"), of_topic, _topics),
        Filter(areas.PRODUCT, _("Product"), of_product, _products),
    )


def counted_at(now: datetime, figure: str) -> Sheet:
    """The requests behind a figure of the statistics; from a day to a day."""
    sheet = cases_lists.cases_at(now)

    def of_figure(rows: QuerySet[cases.Case], value: str) -> QuerySet[cases.Case]:
        return rows.filter(statistics.behind(value))

    def since(rows: QuerySet[cases.Case], value: str) -> QuerySet[cases.Case]:
        return rows.filter(statistics.within(figure, day_in(value), None))

    def until(rows: QuerySet[cases.Case], value: str) -> QuerySet[cases.Case]:
        return rows.filter(statistics.within(figure, None, day_in(value)))

    filters = (
        Filter("figure", _("Figure"), of_figure, lambda person: figure_words()),
        Filter("since", pgettext_lazy("day", "From"), since, kind="day"),
        Filter("until", pgettext_lazy("day", "Until"), until, kind="day"),
        *_cut_filters("account__"),
        SITE,
    )
    kept = {key: sheet.sorts[key] for key in ("newest", "oldest", "due", "priority")}
    return replace(sheet, name="statistics_requests", filters=filters, sorts=kept)


def item_rows(person: org.Person) -> QuerySet[cases.Item]:
    """Items that count, of requests that the person may see."""
    seen = places.here(cases.Case.objects.filter(account__month__isnull=False), person, None)
    rows = cases.Item.objects.filter(accounted.STANDING_ITEMS, case__in=seen.order_by().values("pk"))
    shown = (
        "position", "text", "kind", "verdict", "version", "site", "case__number", "case__customer__name_zh",
        "case__customer__name_en",
    )  # fmt: skip
    rows = rows.annotate(scope_id=F("case__scope_id"))  # a file of them notes what is confidential
    return rows.select_related("case__customer").only(*shown)


def _items_since(rows: QuerySet[cases.Item], value: str) -> QuerySet[cases.Item]:
    return rows.filter(statistics.within(definition.REGISTERED, day_in(value), None, "case__"))


def _items_until(rows: QuerySet[cases.Item], value: str) -> QuerySet[cases.Item]:
    return rows.filter(statistics.within(definition.REGISTERED, None, day_in(value), "case__"))


def _items_at(rows: QuerySet[cases.Item], value: str) -> QuerySet[cases.Item]:
    site = kit_rows.key_in(value)
    return rows.filter(case__site_id=site) if site is not None else rows


ITEMS = Sheet(
    name="statistics_items",
    title=_("Items of the statistics"),
    columns=(
        Column("item", _("Item"), lambda item: item.subject_label, "link"),
        Column("text", _("Requirement"), lambda item: item.text),
        Column("customer", _("Customer"), lambda item: item.case.customer.name),
        Column("kind", _("Nature"), lambda item: item.get_kind_display(), narrow=False),
        Column("verdict", _("Verdict"), lambda item: item.verdict_badge, "badge"),
    ),
    filters=(
        Filter("since", pgettext_lazy("day", "From"), _items_since, kind="day"),
        Filter("until", pgettext_lazy("day", "Until"), _items_until, kind="day"),
        *_cut_filters("case__account__"),
        replace(SITE, apply=_items_at),
    ),
    sorts={"newest": (_("newest first"), "pk", True), "oldest": (_("oldest first"), "pk", False)},
    empty=_("No item has been registered."),
)


def finished_tasks(person: org.Person) -> QuerySet[procedures.Task]:
    """Finished tasks of requests that took somebody's time and that the person may see."""
    tasks = procedures.Task.objects.filter(
        closed_at__isnull=False, kind__in=counted.KINDS, subject_type=counted.SUBJECT
    ).exclude(state=procedures.Task.State.CANCELLED)
    shown = (
        "subject_type", "subject_id", "subject_label", "subject_url", "scope_id", "version", "title_zh", "title_en",
        "about_zh", "about_en", "opened_at", "closed_at", "state", "site_id", "closed_by__name",
    )  # fmt: skip
    return places.here(tasks.select_related("closed_by").only(*shown), person, None)


def finished_at(now: datetime) -> Sheet:
    """The list of finished tasks, each with its time on the calendar of its site."""
    calendars = counted.Calendars()

    def took(task: procedures.Task) -> str:
        calendar = calendars[task.site_id]
        time = calendar.working_time_between(task.opened_at, task.closed_at or now)
        return f"{time.total_seconds() / rules.seconds_of_day(calendar):.1f}"

    def closed_since(rows: QuerySet[procedures.Task], value: str) -> QuerySet[procedures.Task]:
        return rows.filter(deadlines.within("closed_at", day_in(value), None))

    def closed_until(rows: QuerySet[procedures.Task], value: str) -> QuerySet[procedures.Task]:
        return rows.filter(deadlines.within("closed_at", None, day_in(value)))

    return Sheet(
        name="statistics_tasks",
        title=_("List of finished tasks"),
        columns=(
            Column("task", _("Task"), lambda task: task.title, "link"),
            Column("subject", _("For"), lambda task: task.subject_label),
            Column("by", pgettext_lazy("tasks", "Done by"), lambda task: task.closed_by or "", "person"),
            Column("opened", _("Open since"), lambda task: task.opened_at, "moment", narrow=False),
            Column(
                "closed", pgettext_lazy("tasks", "Finished"), lambda task: task.closed_at, "moment", sort="closed_at"
            ),
            Column("took", _("Working days"), took, "number"),
        ),
        filters=(
            Filter("step", _("Step"), _at_step, _steps),
            Filter("since", pgettext_lazy("day", "From"), closed_since, kind="day"),
            Filter("until", pgettext_lazy("day", "Until"), closed_until, kind="day"),
            SITE,
        ),
        sorts={
            "newest": (_("last finished first"), "closed_at", True),
            "oldest": (_("first finished first"), "closed_at", False),
        },
        empty=_("No task has been finished."),
    )
