"""What people say when they decide about a change or have done something of it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.changes import models
from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.kit import uploads
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.forms import fields as org_fields

EMPTY = ("", "")


def today_field(label: Any) -> forms.DateField:
    return facts.day(label, required=True, initial=timezone.localdate)


class Review(kit_forms.VersionedForm):
    """What the review came to, by whom and when; with the proof."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "on": today_field(_("Reviewed on")),
            "reviewer": org_fields.PersonField(label=_("Reviewed by"), initial=person.pk),
            "result": forms.ChoiceField(label=_("Result of the review"), choices=[EMPTY, *models.Result.choices]),
            "said": kit_forms.Text(
                label=_("In a sentence"), max_length=4000, widget=kit_forms.TextArea(),
                help_text=_("What it means for our parts, processes and documents."),
            ),
            "reason": kit_forms.Text(
                label=_("Reason"), max_length=500, required=False,
                help_text=_("Needed when the review is recorded afterwards, or anew."),
            ),
            "proof": uploads.FilesField(
                label=_("Proof"), required=False, help_text=_("Minutes, list of participants.")
            ),
        }  # fmt: skip


class Impact(kit_forms.VersionedForm):
    """What the change means for PPAP, and who decided it."""

    def __init__(self, *args: Any, person: org.Person, row: models.Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [("", ""), *((str(n), str(n)) for n in range(1, 6))]
        self.fields |= {
            "impact": forms.ChoiceField(label=_("Effect on PPAP"), choices=[EMPTY, *models.Impact.choices]),
            "level": forms.TypedChoiceField(
                label=_("Level of submission"), choices=levels, coerce=int, empty_value=None, required=False,
                help_text=_("Needed when PPAP is submitted again."),
            ),
            "decider": org_fields.PersonField(keep=[row.impact_by_id], label=_("Decided by"), initial=person.pk),
            "note": kit_forms.Text(
                label=_("Reasons"), max_length=4000, required=False, widget=kit_forms.TextArea()
            ),
        }  # fmt: skip


class Answered(kit_forms.VersionedForm):
    """What the customer answered."""

    answer = forms.ChoiceField(label=_("Customer's answer"), choices=[EMPTY, *models.Answer.choices])
    on = today_field(_("Answered on"))
    reference = kit_forms.Text(
        label=pgettext_lazy("change", "Reference"), max_length=200, required=False,
        help_text=_("Number of the PSW, mail or entry in the portal."),
    )  # fmt: skip
    proof = uploads.FilesField(label=_("Proof"), required=False)


class Named(kit_forms.VersionedForm):
    """Products and sites at which the change is to be implemented."""

    def __init__(self, *args: Any, person: org.Person, row: models.Change, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "products": choosing.ProductsField(person, label=_("Products")),
            "sites": facts.sites_field(_("Sites"), None),
        }
        sites = [each.pk for each in row.sites.all()]
        if not sites and len(org_queries.sites_in_use()) == 1:
            sites = [org_queries.sites_in_use()[0].pk]
        self.fields["sites"].initial = sites


class Implemented(kit_forms.VersionedForm):
    """From where on parts are made as changed, and what becomes of those made before."""

    on = today_field(_("Implemented on"))
    break_kind = forms.ChoiceField(label=_("Break point"), choices=[EMPTY, *models.BreakPoint.choices])
    break_on = facts.day(_("Day of the break point"))
    break_mark = kit_forms.Text(
        label=_("First batch or serial number"), max_length=100, required=False,
        help_text=_("Needed when the break point is a batch or a serial number."),
    )  # fmt: skip
    stock = forms.ChoiceField(label=_("Parts in stock"), choices=[EMPTY, *models.Disposal.choices])
    stock_note = kit_forms.Text(label=_("Quantity and remark: stock"), max_length=300, required=False)
    transit = forms.ChoiceField(label=_("Parts in transit"), choices=[EMPTY, *models.Disposal.choices])
    transit_note = kit_forms.Text(label=_("Quantity and remark: transit"), max_length=300, required=False)
    proof = uploads.FilesField(label=_("Proof"), required=False)


class Verified(kit_forms.VersionedForm):
    """By what it was verified."""

    on = today_field(_("Verified on"))
    how = kit_forms.Text(
        label=_("Verified by what"), max_length=4000, widget=kit_forms.TextArea(),
        help_text=_("Parts measured, documents seen at the line, records."),
    )  # fmt: skip
    proof = uploads.FilesField(label=_("Proof"), required=False)


class OwnDocument(forms.Form):
    """An own document that follows the change."""

    def __init__(self, *args: Any, keep: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "kind": forms.ChoiceField(label=_("Kind"), choices=[EMPTY, *models.DocumentKind.choices]),
            "number": kit_forms.Text(label=_("Document number"), max_length=80, required=False),
            "title": kit_forms.Text(label=pgettext_lazy("document", "Title"), max_length=200, required=False),
            "responsible": org_fields.PersonField(keep=[keep], label=pgettext_lazy("person", "Responsible")),
            "due_on": facts.day(pgettext_lazy("own document", "To be done by"), required=True),
        }


class NewOwnDocument(OwnDocument, kit_forms.OnceForm):
    """An own document to name."""


class ChangedOwnDocument(OwnDocument, kit_forms.VersionedForm):
    """An own document to set right."""


class Done(kit_forms.VersionedForm):
    """An own document was changed."""

    on = today_field(_("Done on"))
    new_edition = kit_forms.Text(label=_("New edition"), max_length=40, required=False)


class Supplier(forms.Form):
    """A supplier whom the change concerns."""

    name = kit_forms.Text(label=_("Supplier"), max_length=200)
    told_on = facts.day(_("Told on"))
    acknowledged_on = facts.day(_("Acknowledged on"))
    note = kit_forms.Text(label=_("Note"), max_length=300, required=False)


class NewSupplier(Supplier, kit_forms.OnceForm):
    """A supplier to name."""


class ChangedSupplier(Supplier, kit_forms.VersionedForm):
    """A supplier to set right."""
