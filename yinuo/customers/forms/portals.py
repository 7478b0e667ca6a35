"""What people say about a supplier portal, and what looking at it brought."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models
from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org.forms import fields


class PortalForm(facts.Facts):
    """What people say about a supplier portal."""

    def __init__(self, *args: Any, row: models.Portal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text = kit_forms.Text
        self.fields |= {
            "name": text(label=_("Portal"), max_length=200),
            "url": forms.URLField(label=_("Address"), max_length=500, assume_scheme="https"),
            "account": text(
                label=_("Account"), max_length=100, required=False, help_text=_("The sign-in name; never a password.")
            ),
            "frequency": forms.ChoiceField(
                label=_("How often"), choices=models.Frequency.choices, initial=models.Frequency.WEEKLY
            ),
            "keeper": fields.PersonField(keep=[row.keeper_id if row else None], label=_("Account keeper")),
            "deputy": fields.PersonField(
                keep=[row.deputy_id if row else None], label=_("Deputy of the keeper"), required=False
            ),
            "next_check_on": facts.day(_("Next check"), help_text=_("Left empty: by the frequency.")),
            "escalate_after": forms.IntegerField(
                label=_("Tell deputy and superior after (working days)"),
                min_value=0,
                max_value=60,
                initial=2,
                help_text=_("Working days after which an overdue check is told to them; 0: never."),
            ),
            "note": text(label=_("Note"), max_length=300, required=False),
        }


class NewPortal(PortalForm, kit_forms.OnceForm):
    """A portal to add; without a customer given, it is chosen here."""

    def __init__(self, *args: Any, person: org.Person, customer: models.Customer | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if customer is None:
            self.fields = {"customer": choosing.CustomerField(person, label=_("Customer")), **self.fields}


class ChangedPortal(PortalForm, kit_forms.VersionedForm):
    """A portal to change."""

    def __init__(self, *args: Any, row: models.Portal, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["is_active"] = forms.BooleanField(label=_("In use"), required=False)


class PortalCheckForm(kit_forms.OnceForm, kit_forms.VersionedForm):
    """What looking at a portal brought, with proof."""

    result = forms.ChoiceField(label=_("Result"), choices=models.Result.choices, widget=forms.RadioSelect)
    note = kit_forms.Text(label=_("What was found"), required=False, max_length=4000, widget=kit_forms.TextArea())
    proof = forms.FileField(
        label=_("Proof"), required=False, widget=forms.FileInput(attrs={"data-drop": ""}), max_length=255
    )
