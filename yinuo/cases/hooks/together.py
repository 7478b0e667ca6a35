"""What is done with several requests, or several reports, at once: each by the act of its own page."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases import lists, models
from yinuo.cases.actions import reassigning, sorting, steering
from yinuo.cases.queries import cases as case_queries
from yinuo.cases.queries import findings as finding_queries
from yinuo.kit import bulk, plugs, refusals
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.org.forms import fields as org_fields
from yinuo.procedures.actions import handing
from yinuo.procedures.queries import runs as run_queries


class NobodyToUrge(refusals.Refusal):
    """Nothing of the case waits for anybody."""


# Requests -------------------------------------------------------------------------------------------------------------


def _cases(person: org.Person) -> Any:
    return case_queries.cases(person).select_related("customer", "owner", "site", "scope")


def _reason(_person: org.Person | None = None) -> kit_forms.Text:
    return kit_forms.Text(label=_("Reason"), max_length=300, widget=kit_forms.TextArea(2))


def _owner_fields(person: org.Person) -> dict[str, forms.Field]:
    return {"owner": org_fields.PersonField(label=_("New owner")), "reason": _reason()}


def give(*, row: models.Case, by: org.Person, now: datetime, expected: int, owner: org.Person, reason: str) -> None:
    """Another owner, with the reason."""
    reassigning.reassign(case=row, owner=owner, reason=reason, by=by, now=now, expected=expected)


def _priority_fields(person: org.Person) -> dict[str, forms.Field]:
    choices = [(str(value), words) for value, words in models.Priority.choices]
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=choices, coerce=int, widget=forms.RadioSelect, initial=str(models.Priority.NORMAL)
    )
    return {"priority": priority, "reason": _reason()}


def rank(*, row: models.Case, by: org.Person, now: datetime, expected: int, priority: int, reason: str) -> None:
    """Another priority, with the reason; the due moment follows."""
    steering.change_priority(case=row, priority=priority, reason=reason, by=by, now=now, expected=expected)


def urge(*, row: models.Case, by: org.Person, now: datetime, expected: int) -> None:
    """Send a reminder to whoever has an open step; of steps at the same time, to all who can be reminded now."""
    bulk.require_seen(row, expected)
    run = run_queries.run_of(row)
    refused: refusals.Refusal = NobodyToUrge(_("Nothing of this request waits for anybody now."))
    urged = 0
    for task in run.tasks.filter(closed_at=None, state="open") if run is not None else ():
        try:
            handing.remind(task=task, by=by, now=now)
            urged += 1
        except refusals.Refusal as refusal:
            refused = refusal
    if not urged:
        raise refused


def _copy_fields(person: org.Person) -> dict[str, forms.Field]:
    people = kit_forms.Several(
        label=_("Copy to"),
        queryset=org_queries.people().order_by("name", "pk"),
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
    )
    return {"people": people, "note": kit_forms.Text(label=_("Note"), max_length=300, required=False)}


def copy(*, row: models.Case, by: org.Person, now: datetime, expected: int, people: Any, note: str) -> None:
    """Bring it to others' notice."""
    run = run_queries.run_of(row)
    if run is None:
        raise NobodyToUrge(_("No procedure is under way for this case."))
    handing.copy_to(run=run, people=list(people), note=note, by=by, now=now)


def hold(*, row: models.Case, by: org.Person, now: datetime, expected: int, reason: str) -> None:
    """Put it on hold for the customer."""
    bulk.require_seen(row, expected)
    steering.hold(case=row, reason=reason, by=by, now=now)


def resume(*, row: models.Case, by: org.Person, now: datetime, expected: int) -> None:
    """Go on after a hold."""
    bulk.require_seen(row, expected)
    steering.resume(case=row, by=by, now=now)


_ABOUT: dict[str, Any] = {"rows": _cases, "sheet": lambda _person: lists.CASES, "label": lambda case: case.number}
_STEERED = {**_ABOUT, "permission": Permission.CASES_STEER}

plugs.bulk.plug(
    "cases/owner", give, zh="更换负责人", en="Change owner", fields=_owner_fields, icon="user-share", **_STEERED
)
plugs.bulk.plug(
    "cases/priority", rank, zh="设定优先级", en="Set priority", fields=_priority_fields, icon="flag", **_STEERED
)
plugs.bulk.plug(
    "cases/urge", urge, zh="催办", en="Send reminder", icon="bell-ringing", permission=Permission.CASES_HANDLE, **_ABOUT
)
plugs.bulk.plug(
    "cases/copy", copy, zh="抄送", en="Copy to", fields=_copy_fields, icon="send", permission=Permission.CASES_HANDLE,
    **_ABOUT,
)  # fmt: skip
plugs.bulk.plug(
    "cases/hold", hold, zh="暂停", en="Put on hold", fields=lambda _person: {"reason": _reason()}, icon="player-pause",
    **_STEERED,
)  # fmt: skip
plugs.bulk.plug("cases/resume", resume, zh="恢复", en="Resume", icon="player-play", **_STEERED)


# Reports --------------------------------------------------------------------------------------------------------------


def dismiss(*, row: models.Finding, by: org.Person, now: datetime, expected: int, reason: str) -> dict[str, int]:
    """It is no requirement to be handled, with the reason, which the reporter is told."""
    sorting.dismiss(finding=row, reason=reason, by=by, now=now, expected=expected)
    return {"version": row.version}


def put_back(*, row: models.Finding, kept: dict[str, int], by: org.Person, now: datetime) -> None:
    """It waits to be sorted again; what the reporter was told is taken back."""
    sorting.put_back(finding=row, by=by, now=now, expected=kept["version"])


plugs.bulk.plug(
    "findings/dismiss", dismiss, zh="不予受理", en="Dismiss", undo=put_back, icon="ban",
    permission=Permission.CASES_OPEN,
    rows=lambda person: finding_queries.findings(person).select_related("customer", "reported_by", "case", "scope"),
    sheet=lists.findings_for, label=lambda finding: finding.title, fields=lambda _person: {"reason": _reason()},
)  # fmt: skip
