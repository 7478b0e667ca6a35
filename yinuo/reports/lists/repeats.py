"""The list of what is asked again and again."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows as kit_rows
from yinuo.kit.lists import Column, Filter, Sheet
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.reports import lists, models
from yinuo.reports.queries import repeats as queries
from yinuo.search.engine import glossary


def topic_words(keys: Any) -> str:
    """Some topics in the reader's language."""
    return str(_(", ")).join(glossary.name_of(key, get_language() or "") for key in keys or ())


def _sure(repeat: models.Repeat) -> str:
    return f"{repeat.percent} %"


def sheet_for(person: org.Person) -> Sheet:
    """The list as the person may have it: filters look at those members only that the person sees, and whoever does not
    see all sites has no order by what the whole company was asked last."""
    sees_all = person.rights.sites_for(Permission.REPORTS_SEE) is None
    seen = queries.seen_cases(person, Permission.REPORTS_SEE)

    def with_member(rows: QuerySet[models.Repeat], **wanted: Any) -> QuerySet[models.Repeat]:
        members = models.Asking.objects.filter(repeat=OuterRef("pk"), case__in=seen, **wanted)
        return rows.filter(Exists(members))

    def of_customer(rows: QuerySet[models.Repeat], value: str) -> QuerySet[models.Repeat]:
        key = kit_rows.key_in(value)
        return with_member(rows, case__customer=key) if key is not None else rows

    def since(rows: QuerySet[models.Repeat], value: str) -> QuerySet[models.Repeat]:
        day = lists.day_in(value)
        return with_member(rows, case__registered_at__gte=_moment(day)) if day else rows

    def until(rows: QuerySet[models.Repeat], value: str) -> QuerySet[models.Repeat]:
        day = lists.day_in(value)
        return with_member(rows, case__registered_at__lt=_moment(day + timedelta(days=1))) if day else rows

    sorts = {
        "often": (_("asked most often"), "times" if sees_all else "n_times", True),
        "customers": (_("by most customers"), "customers" if sees_all else "n_customers", True),
    }
    if sees_all:
        sorts["latest"] = (_("asked last"), "last_at", True)
    return Sheet(
        name="repeats",
        title=_("Repeated requests"),
        columns=(
            Column("title", _("Requirement"), lambda row: row.n_title[:160], "link"),
            Column("topics", _("Topics"), lambda row: topic_words(row.n_topics), narrow=False),
            Column("times", _("Times asked"), lambda row: row.n_times, "number"),
            Column("customers", _("Customers"), lambda row: row.n_customers, "number"),
            Column("first", _("First asked"), lambda row: row.n_first, "moment", narrow=False),
            Column("last", _("Last asked"), lambda row: row.n_last, "moment"),
            Column("sure", _("How sure"), _sure, "number", narrow=False),
        ),
        filters=(
            Filter("customer", _("Customer"), of_customer, lists.customer_choices),
            Filter("since", pgettext_lazy("day", "From"), since, kind="day"),
            Filter("until", pgettext_lazy("day", "Until"), until, kind="day"),
        ),
        sorts=sorts,
        empty=_("Nothing has been asked twice. New requests are compared within a minute."),
    )


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
