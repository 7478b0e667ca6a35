"""The form of a hand-over: who takes over, for each kind and each thing apart if wished."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import duties
from yinuo.kit import forms as kit_forms
from yinuo.org import models, queries, rules
from yinuo.org.actions import handing_over
from yinuo.org.forms import fields

SHOWN = 20  # things of a kind that can be given apart; the others go where their kind goes
STAYS = "-"
Plan = list[tuple[queries.InHand, duties.Duty, models.Person | None]]


def field_name(plug_name: str, key: int | None = None) -> str:
    """The name of the field of a kind, or of one thing of it."""
    return f"to-{plug_name.replace('.', '-')}" + (f"-{key}" if key is not None else "")


def stays_name(plug_name: str) -> str:
    """The name of the field by which a whole kind stays."""
    return f"stays-{plug_name.replace('.', '-')}"


class SeenField(forms.CharField):
    """The things that the page showed, with their versions: {kind: {key: version}}."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> dict[str, dict[int, int]]:
        try:
            found = json.loads(super().clean(value) or "{}")
            return {str(kind): {int(key): int(version) for key, version in of.items()} for kind, of in found.items()}
        except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
            raise forms.ValidationError(
                _("The form is incomplete. Please reload the page and send it again.")
            ) from None


@dataclass(frozen=True)
class Group:
    """One kind on the page: what is in hand, the field of its successor, the things with fields of their own and by how
    many working days each is overdue."""

    in_hand: queries.InHand
    field: BoundField | None
    stays: BoundField | None
    rows: list[tuple[duties.Duty, BoundField | None, int | None]]
    more: int


class HandingOver(kit_forms.OnceForm, kit_forms.VersionedForm):
    """Who takes over what somebody has in hand, from when, and why."""

    to = fields.PersonField(label=_("Successor"), required=False, empty_label="")
    last_on = kit_forms.Day(
        label=_("Last day of work"),
        help_text=_("Posts and project roles end with it; from the next day on others hold them."),
    )
    reason = kit_forms.Text(label=_("Reason"), max_length=300)
    leaves = forms.BooleanField(label=_("Leaves the company on that day"), required=False)
    seen = SeenField(required=False)

    def __init__(
        self, *args: Any, person: models.Person, in_hand: Sequence[queries.InHand],
        near: Sequence[queries.Successor], may_leave: bool, now: datetime, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.person, self.in_hand, self.now = person, in_hand, now
        self.calendars: dict[int | None, rules.Calendar] = {}
        everybody: Any = self.fields["to"]
        everybody.queryset = queries.people().exclude(pk=person.pk)
        if not may_leave:
            del self.fields["leaves"]
        self.people = {str(each.person.pk): each.person for each in near}
        for kind in in_hand:
            self._add_fields(kind)

    def _add_fields(self, kind: queries.InHand) -> None:
        if not any(duty.may_give for duty in kind.held.duties):
            return
        name = kind.plug.name
        self.fields[field_name(name)] = fields.PersonField(
            label=_("Successor"), required=False, empty_label=_("as chosen above")
        )
        self.fields[stays_name(name)] = forms.BooleanField(label=_("Stays for now"), required=False)
        near = [(pk, person.name) for pk, person in self.people.items()]
        offered = [("", gettext("with its kind")), *near, (STAYS, gettext("stays"))]
        for duty in kind.held.duties[:SHOWN]:
            if duty.may_give:
                field = forms.ChoiceField(label=duty.label, choices=offered, required=False)
                self.fields[field_name(name, duty.key)] = field

    @property
    def main(self) -> list[BoundField]:
        """The fields above everything else."""
        return [self[name] for name in ("to", "last_on", "reason", "leaves") if name in self.fields]

    @property
    def groups(self) -> Iterator[Group]:
        for kind in self.in_hand:
            name = kind.plug.name
            shown = kind.held.duties[:SHOWN]
            rows = [(duty, self._bound(field_name(name, duty.key)), self._overdue(duty)) for duty in shown]
            more = len(kind.held.duties) - len(rows)
            yield Group(kind, self._bound(field_name(name)), self._bound(stays_name(name)), rows, more)

    def _overdue(self, duty: duties.Duty) -> int | None:
        if duty.due_at is None or duty.due_at >= self.now:
            return None
        site = duty.subject.site_id
        if site not in self.calendars:
            self.calendars[site] = queries.calendar(site)
        return self.calendars[site].overdue_working_days(duty.due_at, self.now)

    def _bound(self, name: str) -> BoundField | None:
        return self[name] if name in self.fields else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        last_on: date | None = data.get("last_on")
        if last_on and self.person.left_on and last_on > self.person.left_on:
            self.add_error("last_on", _("This person leaves the company before that."))
        is_first_look = self.data.get("step") != "do"  # the action asks too: what is sent twice was done the first time
        if is_first_look and not self.errors and not data.get("leaves") and not self.choices():
            self.add_error("to", _("Nothing would be handed over: choose who takes over."))
        return data

    def plan(self) -> Plan:
        """Everything that is in hand and was on the page, with whoever takes it (None: it stays)."""
        seen = self.cleaned_data.get("seen") or {}
        found: Plan = []
        for kind in self.in_hand:
            shown = seen.get(kind.plug.name, {})
            found += [(kind, duty, self._to(kind, duty)) for duty in kind.held.duties if duty.key in shown]
        return found

    def _to(self, kind: queries.InHand, duty: duties.Duty) -> models.Person | None:
        if not duty.may_give:
            return None
        apart = self.cleaned_data.get(field_name(kind.plug.name, duty.key), "")
        if apart:
            return self.people.get(apart)
        if self.cleaned_data.get(stays_name(kind.plug.name)):
            return None
        person: models.Person | None = self.cleaned_data.get(field_name(kind.plug.name)) or self.cleaned_data.get("to")
        return person

    def choices(self) -> list[handing_over.Choice]:
        """What the action is to do, each thing in the version that the page showed."""
        seen = self.cleaned_data.get("seen") or {}
        return [
            handing_over.Choice(duty=kind.plug.name, key=duty.key, expected=seen[kind.plug.name][duty.key], to=to)
            for kind, duty, to in self.plan()
            if to is not None
        ]


def seen_of(in_hand: Sequence[queries.InHand]) -> str:
    """What the page shows, for `SeenField`."""
    shown = {kind.plug.name: {duty.key: duty.version for duty in kind.held.duties} for kind in in_hand}
    return json.dumps(shown, separators=(",", ":"))
