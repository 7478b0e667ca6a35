"""What people have in hand of cases: cases, items, actions of the plan, objects kept; and how it is given to others."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet

from yinuo.cases import access, models
from yinuo.cases.actions import giving, items, reassigning, samples
from yinuo.kit import duties, plugs, subjects
from yinuo.org import models as org
from yinuo.org.definition import Permission

OPEN = models.Measure.State.OPEN


def cases_owned(person: org.Person) -> QuerySet[models.Case]:
    """Open cases of an owner, the most pressing first."""
    return models.Case.objects.filter(owner=person, ended_at=None).order_by(F("due_at").asc(nulls_last=True), "pk")


def items_owned(person: org.Person) -> QuerySet[models.Item]:
    """Items somebody answers for that are still asked for, in open cases."""
    rows = models.Item.objects.filter(owner=person, withdrawn_at=None, case__ended_at=None).select_related("case")
    return rows.order_by("case", "position")


def measures_to_do(person: org.Person) -> QuerySet[models.Measure]:
    """Actions of plans that somebody has not carried out yet, in open cases."""
    rows = models.Measure.objects.filter(person=person, state=OPEN, case__ended_at=None).select_related("case")
    return rows.order_by("due_on", "pk")


def objects_kept(person: org.Person) -> QuerySet[models.Sample]:
    """Objects somebody keeps, of cases that are over too."""
    return models.Sample.objects.filter(keeper=person, voided_at=None).select_related("case").order_by("number")


def _case_of(row: Any) -> models.Case:
    case: models.Case = row if isinstance(row, models.Case) else row.case
    return case


def _reading(
    rows_of: Callable[[org.Person], QuerySet[Any]], may: Callable[[org.Person, models.Case], bool],
    **shown: Callable[[Any], Any],
) -> Callable[[org.Person, org.Person, datetime], duties.Held]:  # fmt: skip
    """The reading of one kind of duty: whoever may see the case may see it."""

    def read(person: org.Person, by: org.Person, now: datetime) -> duties.Held:
        rows = list(rows_of(person))
        seen = [row for row in rows if access.may_see(by, _case_of(row))]
        hidden = sum(_case_of(row).scope_id is None for row in rows) - sum(
            _case_of(row).scope_id is None for row in seen
        )
        return duties.Held([_duty(row, may(by, _case_of(row)), shown) for row in seen], hidden)

    return read


def _duty(row: Any, may_give: bool, shown: dict[str, Callable[[Any], Any]]) -> duties.Duty:
    said = {name: of(row) for name, of in shown.items()}
    about = subjects.ref(_case_of(row))
    return duties.Duty(
        key=row.pk, version=row.version, url=row.get_absolute_url(), subject=about, may_give=may_give, **said
    )


def _giving(
    rows_of: Callable[[org.Person], QuerySet[Any]], act: Callable[..., Any], row_as: str, to_as: str, **more: Any
) -> Callable[..., None]:
    """The giving of one kind of duty by the room's own act."""

    def give(
        *, key: int, holder: org.Person, to: org.Person, last_on: date, reason: str, expected: int, by: org.Person,
        now: datetime,
    ) -> None:  # fmt: skip
        row = rows_of(holder).filter(pk=key).first()
        if row is None:
            raise duties.NotTheirs()
        act(**{row_as: row, to_as: to}, reason=reason, by=by, now=now, expected=expected, **more)

    return give


plugs.duties.plug(
    "cases.case",
    _reading(cases_owned, access.may_steer, label=lambda it: it.subject_label, due_at=lambda it: it.due_at),
    zh="负责的案件", en="Cases owned", give=_giving(cases_owned, reassigning.reassign, "case", "owner", quietly=True),
    order=20, sees=Permission.CASES_SEE, needs=Permission.CASES_STEER,
    counted=("{n} 个案件", "{n} case", "{n} cases"),
)  # fmt: skip
plugs.duties.plug(
    "cases.item",
    _reading(
        items_owned, access.may_handle, label=lambda it: f"{it.subject_label} {it}", due_on=lambda it: it.due_on
    ),
    zh="负责的要求项", en="Items owned", give=_giving(items_owned, items.describe, "item", "owner", quietly=True),
    order=30, sees=Permission.CASES_SEE, needs=Permission.CASES_HANDLE,
    counted=("{n} 条要求项", "{n} item", "{n} items"),
)  # fmt: skip
plugs.duties.plug(
    "cases.measure",
    _reading(measures_to_do, access.may_handle, label=lambda it: it.subject_label, due_on=lambda it: it.due_on),
    zh="方案措施", en="Actions of plans", give=_giving(measures_to_do, giving.give_measure, "measure", "to"),
    order=35, sees=Permission.CASES_SEE, needs=Permission.CASES_HANDLE,
    counted=("{n} 项方案措施", "{n} action of a plan", "{n} actions of plans"),
)  # fmt: skip
plugs.duties.plug(
    "cases.sample",
    _reading(
        objects_kept, access.may_handle, label=lambda it: str(it), due_on=lambda it: it.valid_until_on,
        note=lambda it: it.place,
    ),
    zh="保管的实物", en="Objects kept", give=_giving(objects_kept, samples.change_sample, "sample", "keeper"),
    order=40, sees=Permission.CASES_SEE, needs=Permission.CASES_HANDLE,
    counted=("{n} 件实物", "{n} object", "{n} objects"),
)  # fmt: skip
