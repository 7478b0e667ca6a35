"""The list of items: every requirement that customers ask, across all cases, one row each."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases import lists, models
from yinuo.cases.queries import cases as case_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import rows, views
from yinuo.kit.lists import Column, Filter, Sheet, Words
from yinuo.org import models as org

SHOWN = (
    "position", "text", "kind", "due_on", "verdict", "result", "is_met", "withdrawn_at", "version", "owner__name",
    "case__number", "case__ended_at", "case__customer__name_zh", "case__customer__name_en",
)  # fmt: skip
OPEN, MET, UNMET, WITHDRAWN = "open", "met", "unmet", "withdrawn"


def item_rows(items: QuerySet[models.Item]) -> QuerySet[models.Item]:
    """The rows with what the list shows and no more."""
    return _confidential_as_their_case(items).select_related("case__customer", "owner").only(*SHOWN)


def whole_rows(items: QuerySet[models.Item]) -> QuerySet[models.Item]:
    """The rows with what a file of them has; whether one may be changed asks for its whole case."""
    return items.only().select_related("case__customer", "owner", "product", "site", "verified_by")


def _confidential_as_their_case(items: QuerySet[models.Item]) -> QuerySet[models.Item]:
    return items.annotate(scope_id=F("case__scope_id"))  # a file of them notes what is confidential


def standing(item: models.Item) -> tuple[str, Words]:
    """How far it is: asked for, met, not met, or no longer asked for."""
    if item.withdrawn_at:
        return "quiet", pgettext_lazy("item", "withdrawn")
    if item.is_met is None:
        return "active", pgettext_lazy("item", "not verified yet")
    return ("done", _("met")) if item.is_met else ("late", _("not met"))


def _of_customer(items: QuerySet[models.Item], value: str) -> QuerySet[models.Item]:
    named = customers_queries.matching_names(customers.Customer.objects.all(), value)
    return items.filter(case__customer__in=named)


def _in_state(items: QuerySet[models.Item], value: str) -> QuerySet[models.Item]:
    asked = Q(withdrawn_at=None)
    chosen = {
        OPEN: asked & Q(is_met=None, case__ended_at=None),
        MET: asked & Q(is_met=True),
        UNMET: asked & Q(is_met=False),
        WITHDRAWN: ~asked,
        "overdue": asked & Q(is_met=None, case__ended_at=None, due_on__lt=timezone.localdate()),
    }
    return items.filter(chosen[value]) if value in chosen else items


def _states(_person: org.Person) -> Sequence[tuple[str, Words]]:
    return [
        (OPEN, pgettext_lazy("item", "not verified yet")), ("overdue", _("overdue")), (MET, _("met")),
        (UNMET, _("not met")), (WITHDRAWN, pgettext_lazy("item", "withdrawn")),
    ]  # fmt: skip


def _of_owner(items: QuerySet[models.Item], value: str) -> QuerySet[models.Item]:
    key = rows.key_in(value)
    return items.filter(owner=key) if key is not None else items


def _owners(person: org.Person) -> Sequence[tuple[str, Words]]:
    """The reader first, then the others who own an item that is not met yet and that the reader may see."""
    theirs = case_queries.items(person).filter(owner=OuterRef("pk"), is_met=None, withdrawn_at=None)
    named = org.Person.objects.filter(Exists(theirs)).exclude(pk=person.pk)
    others = [(str(pk), name) for pk, name in named.order_by("name", "pk").values_list("pk", "name")[:200]]
    return [(views.ME, _("mine")), *others]


def _due_until(items: QuerySet[models.Item], value: str) -> QuerySet[models.Item]:
    day = _day(value)
    return items.filter(due_on__lte=day) if day else items


def _due_from(items: QuerySet[models.Item], value: str) -> QuerySet[models.Item]:
    day = _day(value)
    return items.filter(due_on__gte=day) if day else items


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def of_one_customer(items: QuerySet[models.Item]) -> None:
    """Refuse rows of several customers in a file for one."""
    lists.of_one_customer(models.Case.objects.filter(pk__in=items.order_by().values("case")))


ITEMS = Sheet(
    name="items",
    title=_("List of requirements"),
    columns=(
        Column("item", _("Item"), lambda item: item.subject_label, "link", sort="pk"),
        Column("text", _("Requirement"), lambda item: item.text, "long"),
        Column("customer", _("Customer"), lambda item: item.case.customer.name),
        Column("kind", _("Nature"), lambda item: item.get_kind_display(), narrow=False),
        Column("verdict", _("Verdict"), lambda item: item.verdict_badge, "badge", narrow=False),
        Column("result", _("Result"), lambda item: item.result, "long", narrow=False),
        Column("standing", _("State"), standing, "badge"),
        Column(
            "owner", _("Owner of the item"), lambda item: item.owner.name if item.owner else "", "person",
            is_internal=True,
        ),
        Column("due", _("Due"), lambda item: item.due_on, "day", sort="due_on", is_internal=True),
    ),
    filters=(
        Filter("number", _("Number"), lambda items, value: items.filter(case__number__istartswith=value), kind="text"),
        Filter("customer", _("Customer"), _of_customer, kind="text"),
        Filter("q", _("Contains"), lambda items, value: items.filter(text__icontains=value), kind="text"),
        Filter("state", _("State"), _in_state, _states),
        Filter(
            "kind", _("Nature"), lambda items, value: items.filter(kind=value), lambda _person: models.Kind.choices
        ),
        Filter(
            "verdict", _("Verdict"), lambda items, value: items.filter(verdict=value),
            lambda _person: models.Verdict.choices,
        ),
        Filter("owner", _("Owner of the item"), _of_owner, _owners),
        Filter("from", pgettext_lazy("item", "Due from"), _due_from, kind="day"),
        Filter("to", pgettext_lazy("item", "Due until"), _due_until, kind="day"),
    ),
    sorts={
        "newest": (_("newest first"), "pk", True),
        "oldest": (_("oldest first"), "pk", False),
        "due": (_("due first"), "due_on", False),
    },
    empty=_("No request has been registered yet. Register what a customer asks: each of its items stands here."),
    further=(
        Column("case", _("Case"), lambda item: item.case.number),
        Column("title", _("Title"), lambda item: item.case.title),
        Column("applies", _("applies to"), lambda item: item.get_applies_display()),
        Column("product", _("Product"), lambda item: item.product.number if item.product else ""),
        Column("site", _("Site"), lambda item: item.site.name if item.site else ""),
        Column("analysis", _("analysis"), lambda item: item.analysis, "long", is_internal=True),
        Column("condition", _("condition or reason"), lambda item: item.condition, "long", is_internal=True),
        Column("alternative", _("alternative"), lambda item: item.alternative, "long", is_internal=True),
        Column("answer", _("customer's decision"), lambda item: item.answer_badge, "badge"),
        Column("waived", _("waived until"), lambda item: item.waived_until_on, "day"),
        Column("verification", _("verification"), lambda item: item.verification, "long", is_internal=True),
        Column("verified", _("Verified at"), lambda item: item.verified_at, "moment", is_internal=True),
        Column(
            "verifier", _("Verified by"), lambda item: item.verified_by.name if item.verified_by else "", "person",
            is_internal=True,
        ),
    ),
    whole=whole_rows,
    outward=of_one_customer,
)  # fmt: skip
