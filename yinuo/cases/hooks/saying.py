"""What a letter to the customer may say of a case without anybody writing it: the placeholders of templates.

Only what the customer may know: no remarks, no analysis, no names but the owner's. Texts come in the language that is
active when they are asked for.
"""

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.customers import models as customers
from yinuo.kit import plugs, subjects
from yinuo.letters.queries import wording

MOST = 40  # cases that a report names


def of_case(subject: subjects.Ref) -> dict[str, Any]:
    """The placeholders of a letter about a case."""
    case = models.Case.objects.select_related("owner").filter(pk=subject.id).first()
    if case is None:
        return {}
    return {
        "case_number": case.number,
        "matter": case.title,
        "received_on": timezone.localdate(case.notified_at),
        "wanted_on": case.wanted_on,
        "promised_on": case.promised_on,
        "state": case.state_words,
        "step": case.step,
        "owner": wording.person_words(case.owner),
        "items": _items(Q(case=case)),
        "progress": "\n".join([_line(case), *_indented(_items(Q(case=case), is_over=False))]),
    }


def of_item(subject: subjects.Ref) -> dict[str, Any]:
    """The placeholders of a letter about one item: its case's, and itself."""
    item = models.Item.objects.select_related("case").filter(pk=subject.id).first()
    if item is None:
        return {}
    case = item.case
    about = subjects.Ref("cases.case", case.pk, case.subject_label)
    return {**of_case(about), "items": _items(Q(pk=item.pk))}


def of_customer(subject: subjects.Ref) -> dict[str, Any]:
    """The placeholders of a letter about all that is going on with a customer and those below it. What is confidential
    stands only in letters of the same circle."""
    customer = customers.Customer.objects.filter(pk=subject.id).first()
    if customer is None:
        return {}
    scope = Q(scope=None) if subject.scope_id is None else Q(scope=None) | Q(scope=subject.scope_id)
    rows = models.Case.objects.filter(scope, customer__path__startswith=customer.path, ended_at=None)
    found = list(rows.order_by("registered_at", "pk")[: MOST + 1])
    lines = [f"{at}. {_line(case)}" for at, case in enumerate(found[:MOST], start=1)]
    if len(found) > MOST:
        lines.append("…")
    name = customer.name
    return {"progress": "\n".join(lines) or _("Nothing is open at present."), "matter": name}


def _line(case: models.Case) -> str:
    """「CSR-2026-0413 盐雾试验：处理中，承诺完成日期 2026-12-01」."""
    said = _("%(number)s %(title)s: %(state)s") % {
        "number": case.number, "title": case.title, "state": case.state_words,
    }  # fmt: skip
    if case.promised_on:
        said += _(", promised for %(day)s") % {"day": case.promised_on.isoformat()}
    elif case.wanted_on:
        said += _(", asked for by %(day)s") % {"day": case.wanted_on.isoformat()}
    return said


def _items(which: Q, *, is_over: bool = True) -> str:
    """The items; our verdict stands beside them only where the result is told: under way it is still our own."""
    rows = models.Item.objects.filter(which, withdrawn_at=None).order_by("case", "position")[:MOST]
    return "\n".join(_item(each, is_over=is_over) for each in rows)


def _item(item: models.Item, *, is_over: bool) -> str:
    words = f"{item.position}. {' '.join(item.text.split())[:200]}"
    return f"{words} — {item.get_verdict_display()}" if item.verdict and is_over else words


def _indented(lines: str) -> list[str]:
    return [f"   {line}" for line in lines.splitlines()]


for _type, _function in (("cases.case", of_case), ("cases.item", of_item), ("customers.customer", of_customer)):
    plugs.facts.plug(f"{wording.FACT}{_type}", _function, zh="信函中的占位内容", en="what letters say of it")
