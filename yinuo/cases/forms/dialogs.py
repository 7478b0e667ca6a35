"""Small forms that open in a dialog: what somebody does with a case or an item."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.engine import own_fields as definitions
from yinuo.cases.forms import own_fields, parts, steps, tables
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org


class Reason(forms.Form):
    """Only why."""

    reason = parts.prose(_("Reason"), rows=2)


class VersionedReason(kit_forms.VersionedForm, Reason):
    """Why, on the version seen."""


class Rank(kit_forms.VersionedForm):
    """Another priority than the table's."""

    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=models.Priority.choices, coerce=int, widget=forms.RadioSelect
    )
    reason = parts.prose(_("Reason"), rows=2)


class Owner(kit_forms.VersionedForm):
    """Another owner."""

    owner = tables.PersonField(label=_("Owner"))

    def clean_owner(self) -> org.Person:
        return org.Person.objects.get(pk=self.cleaned_data["owner"])


class Reopen(forms.Form):
    """Where to go on, and why."""

    def __init__(self, *args: Any, steps: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ChoiceField(label=_("Go on at"), choices=steps, widget=forms.RadioSelect)
        self.fields["reason"] = parts.prose(_("Reason"), rows=2)


# Items ----------------------------------------------------------------------------------------------------------------


class NewItem(kit_forms.OnceForm):
    """One requirement more, with how it came and what the company asks of each."""

    text = parts.prose(_("Requirement"))
    kind = parts.choice(_("Nature"), models.Kind.choices)
    applies = forms.ChoiceField(label=_("Applies to"), initial=models.Applies.CUSTOMER)
    channel = parts.choice(_("Channel"), models.Channel.choices)
    said_by = parts.line(_("Who said it"), most=100)
    said_at = parts.moment(_("Said or published"))
    is_oral = forms.BooleanField(label=_("Spoken only, to be confirmed in writing"), required=False)
    owner = tables.PersonField(label=_("Owner"), required=False)
    due_on = parts.day(_("Due"))
    reason = parts.line(_("Remark"), required=False, most=300)

    def __init__(self, *args: Any, case: models.Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applies"].choices = steps.reaches_in(case)  # type: ignore[attr-defined]
        remark = self.fields.pop("reason")
        self.fields |= {**own_fields.asked(definitions.ITEM), "reason": remark}

    def clean(self) -> dict[str, Any]:
        """What came by phone or on a visit is to be confirmed in writing."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("channel") in models.SPOKEN:
            cleaned["is_oral"] = True
        return cleaned

    def clean_owner(self) -> org.Person | None:
        owner = self.cleaned_data["owner"]
        return org.Person.objects.filter(pk=owner).first() if owner else None


class Amend(kit_forms.VersionedForm):
    """The customer says it otherwise."""

    text = parts.prose(_("New wording"), rows=4)
    channel = parts.choice(_("Channel"), models.Channel.choices)
    said_by = parts.line(_("Who said it"), most=100)
    said_at = parts.moment(_("Said or published"), required=False)
    is_oral = forms.BooleanField(label=_("Spoken only, to be confirmed in writing"), required=False)
    reason = parts.prose(_("Why it changes"), rows=2)


class Confirm(forms.Form):
    """Oral words in writing, or not."""

    confirmed = parts.radio(
        _("What the customer did"), [("yes", _("confirmed in writing")), ("no", _("does not confirm in writing"))]
    )
    how = parts.line(_("In which mail or letter, or who refused"), most=300)


class Analyse(kit_forms.VersionedForm):
    """What an analyst says of one item."""

    is_authentic = parts.radio(_("Authentic"), tables.YES_NO[1:], help_text=_("Source and authority are verified."))
    is_feasible = parts.radio(_("Feasible"), tables.YES_NO[1:])
    is_reasonable = parts.radio(_("Reasonable"), tables.YES_NO[1:])
    words = parts.prose(_("Reason, conditions"), required=False)


class Judge(kit_forms.VersionedForm):
    """A verdict by hand."""

    verdict = parts.radio(_("Verdict"), models.Verdict.choices)
    condition = parts.prose(_("Condition or reason"), required=False, rows=2)


class CustomersAnswer(kit_forms.VersionedForm):
    """What the customer decided about our alternative."""

    answer = parts.radio(_("Customer's decision"), models.Answer.choices)
    answer_by = parts.line(_("Who at the customer"), most=100)
    answer_on = parts.day(_("Decided on"), required=True, initial=lambda: timezone.localdate())
    waived_until_on = parts.day(_("Waived until"))
    waived_quantity = forms.IntegerField(
        label=_("Waived for pieces"), required=False, min_value=1, max_value=2_000_000_000
    )


class Verify(kit_forms.VersionedForm):
    """What came of an item."""

    is_met = parts.radio(_("Verified"), [("yes", _("met")), ("no", _("not met"))])
    result = parts.prose(_("Result"), required=False, rows=2)
    finding = parts.prose(_("What was checked and found"), rows=2)
