"""What people say about a product, the customers' numbers for it, and its drawings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models
from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org


class ProductForm(facts.Facts):
    """What people say about a product."""

    def __init__(self, *args: Any, person: org.Person, row: models.Product | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        text = kit_forms.Text
        self.fields |= {
            "number": text(label=_("Our part number"), max_length=60),
            "name_zh": text(label=_("Name"), max_length=200),
            "name_en": text(label=_("English name"), max_length=200, required=False),
            "family": text(label=_("Product family"), max_length=100, required=False),
            "customer": choosing.CustomerField(
                person, keep=[row and row.customer_id], label=_("Made for"), required=False
            ),
            "final_oem": choosing.CustomerField(
                person, keep=[row and row.final_oem_id], label=_("Final vehicle manufacturer"), required=False
            ),
            "vehicle": text(label=_("Vehicle"), max_length=200, required=False),
            "starts_on": facts.day(_("Start of production")),
            "ends_on": facts.day(_("End of production")),
            "service_until_on": facts.day(_("Service parts until")),
            "sites": facts.sites_field(_("Made at"), row),
            "scope": facts.scope_field(person),
            "note": text(label=_("Note"), required=False, max_length=4000, widget=kit_forms.TextArea()),
        }


class NewProduct(ProductForm, kit_forms.OnceForm):
    """A product to add."""


class ChangedProduct(ProductForm, kit_forms.VersionedForm):
    """A product to change."""

    def __init__(self, *args: Any, person: org.Person, row: models.Product, **kwargs: Any) -> None:
        super().__init__(*args, person=person, row=row, **kwargs)
        self.leave_out_unseen(row)
        self.fields["is_active"] = forms.BooleanField(label=_("In use"), required=False)
        self.fields["reason"] = kit_forms.Text(label=_("Reason of the change"), required=False, max_length=500)


class NewPartNumber(kit_forms.OnceForm):
    """A customer's own number for a product."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"] = choosing.CustomerField(person, label=_("Customer"))
        self.fields["number"] = kit_forms.Text(label=_("Customer's part number"), max_length=60)
        self.fields["name"] = kit_forms.Text(label=_("Customer's part name"), max_length=200, required=False)


class DrawingForm(facts.Facts):
    """What people say about a drawing's edition."""

    number = kit_forms.Text(label=_("Drawing number"), max_length=80)
    edition = kit_forms.Text(label=_("Edition"), max_length=40)
    dated_on = facts.day(_("Date of edition"), required=True)
    note = kit_forms.Text(label=_("Note"), max_length=200, required=False)


class NewDrawing(DrawingForm, kit_forms.OnceForm):
    """A drawing's edition to record."""


class CorrectedDrawing(DrawingForm, kit_forms.VersionedForm):
    """A drawing's edition to set right."""


class VoidForm(kit_forms.VersionedForm):
    """Why a drawing's edition is void."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300, widget=kit_forms.TextArea(2))
