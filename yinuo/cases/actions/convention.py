"""How the company numbers, ranks and times its cases."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.cases import definition, models, rules
from yinuo.cases.actions import numbering
from yinuo.cases.engine import choosing, own_fields, pools
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records


class CannotDecide(refusals.Refusal):
    """The convention cannot be like this."""


FAULTS = {
    "fields": _("A pattern may use {year}, {yy}, {month} and {n:04} only."),
    "running": _("A pattern must contain the running number {n:04}."),
    "year": _("A pattern with a month must have the year too."),
    "long": _("The number would become too long."),
}


@transaction.atomic
def change_convention(*, by: org.Person, now: datetime, expected: int, **values: Any) -> models.Convention:
    """Change how the company numbers, ranks and times its cases. `expected` is 0 while nothing was decided yet."""
    if not by.may(Permission.CASES_STEER):
        raise refusals.NotAllowed()
    _check_convention(values)
    row = models.Convention.objects.order_by("pk").first()
    if row is None:
        if expected:
            raise refusals.Stale()
        row = models.Convention.objects.create()
        expected = row.version
    changes = rows.change(row, expected=expected, **values)
    if any(change.field == "allows_gaps" and change.new for change in changes):
        numbering.count_on()
    records.write(by=by, now=now, word="cases.convention.changed", subject=row, changes=changes)
    return row


def _check_convention(values: dict[str, Any]) -> None:
    fault = rules.pattern_fault(values["number_pattern"]) if "number_pattern" in values else ""
    if fault:
        raise CannotDecide(FAULTS[fault], field="number_pattern")
    if "priorities" in values:
        _table, faults = rules.table_of(values["priorities"])
        if faults:
            words = " ".join(fault.say(get_language() or "zh") for fault in faults)
            raise CannotDecide(words, field="priorities")
    if {"pools", "assignment"} & set(values):
        was = convention_queries.convention()
        faults = pools.faults_of(values.get("pools", was.pools), values.get("assignment", was.assignment))
        if faults:
            said = " ".join(fault.say(get_language() or "zh") for fault in faults)
            raise CannotDecide(said, field="pools" if "pools" in values else "assignment")
    if "fields" in values and (faults := own_fields.faults_of(values["fields"])):
        raise CannotDecide(" ".join(fault.say(get_language() or "zh") for fault in faults), field="fields")
    if "procedures" in values:
        keys = [key for key, _name in procedure_queries.to_choose()]
        faults = choosing.faults_of(values["procedures"], keys)
        if faults:
            said = " ".join(fault.say(get_language() or "zh") for fault in faults)
            raise CannotDecide(said, field="procedures")
    for word, days in values.get("due_days", {}).items():
        if word not in definition.PRIORITY_BY_WORD or not isinstance(days, int) or not 0 <= days <= 250:
            raise CannotDecide(_("Working days go from 0 to 250."), field="due_days")
