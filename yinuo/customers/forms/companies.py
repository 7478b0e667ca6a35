"""What people say about a customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models, queries
from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org.forms import fields


class CustomerForm(facts.Facts):
    """What people say about a customer."""

    def __init__(self, *args: Any, person: org.Person, row: models.Customer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        text = kit_forms.Text
        self.fields |= {
            "name_zh": text(label=_("Name"), max_length=100, help_text=_("What we call it, e.g. 上汽大众")),
            "name_en": text(label=_("English name"), max_length=100, required=False),
            "code": text(label=_("Code"), max_length=30, help_text=_("Short and unique, e.g. SVW")),
            "registered_name": text(label=_("Registered name"), max_length=200, required=False),
            "aliases": text(
                label=_("Other names of the same company"),
                required=False,
                max_length=2000,
                widget=kit_forms.TextArea(2),
                help_text=_("One a line. Whoever types one of them finds this customer."),
            ),
            "level": forms.ChoiceField(label=_("Level"), choices=models.Level.choices, initial=models.Level.COMPANY),
            "parent": choosing.CustomerField(
                person, keep=[row and row.parent_id], label=_("Belongs to"), required=False
            ),
            "kind": forms.ChoiceField(label=_("Kind"), choices=models.Kind.choices),
            "is_customer": forms.BooleanField(label=_("Buys from us"), required=False, initial=True),
            "is_final_oem": forms.BooleanField(label=_("Final vehicle manufacturer"), required=False),
            "window": fields.PersonField(
                keep=[row.window_id if row else None],
                label=_("Window to the customer"),
                required=False,
                help_text=_("Releases what goes out. Left empty: as for the customer it belongs to."),
            ),
            "window_deputy": fields.PersonField(
                keep=[row.window_deputy_id if row else None], label=_("Deputy of the window"), required=False
            ),
            "language": forms.ChoiceField(label=_("Language of correspondence"), choices=facts.LANGUAGES),
            "sites": facts.sites_field(_("Supplied by"), row),
            "scope": facts.scope_field(person),
            "note": text(label=_("Note"), required=False, max_length=4000, widget=kit_forms.TextArea()),
            "although_similar": forms.BooleanField(
                label=_("This is another company"), required=False, widget=forms.HiddenInput
            ),
        }

    def clean_aliases(self) -> list[str]:
        """One name a line; each at most once."""
        names = [line.strip()[:200] for line in self.cleaned_data["aliases"].splitlines()]
        return list(dict.fromkeys(name for name in names if name))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("is_customer") and not values.get("is_final_oem"):
            self.add_error("is_customer", _("It buys from us, or builds the vehicle, or both."))
        if values.get("window_deputy") and not values.get("window"):
            self.add_error("window", _("Name the window before its deputy."))
        return values

    def ask_about_similar(self) -> None:
        """Show the box by which somebody says that it is another company."""
        self.fields["although_similar"].widget = forms.CheckboxInput()


class NewCustomer(CustomerForm, kit_forms.OnceForm):
    """A customer to add, with a new card in the address book or one that is there."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["organisation"] = forms.ModelChoiceField(
            queries.cards_without_customer(person),
            label=_("Entry in the address book"),
            required=False,
            empty_label=_("a new one"),
            widget=forms.Select(attrs={"data-search": ""}),
        )


class ChangedCustomer(CustomerForm, kit_forms.VersionedForm):
    """A customer to change."""

    def __init__(self, *args: Any, person: org.Person, row: models.Customer, **kwargs: Any) -> None:
        super().__init__(*args, person=person, row=row, **kwargs)
        self.leave_out_unseen(row)
        self.fields["is_active"] = forms.BooleanField(label=_("In use"), required=False)
        self.fields["reason"] = kit_forms.Text(label=_("Reason of the change"), required=False, max_length=500)
