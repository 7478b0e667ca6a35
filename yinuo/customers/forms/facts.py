"""What the forms of the room share: what people say, without the form's own keys, is what an action takes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.customers import models, queries
from yinuo.customers.forms import choosing
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org

LANGUAGES = [
    ("zh", _("Chinese")),
    ("en", _("English")),
    ("de", _("German")),
    ("ja", _("Japanese")),
    ("ko", _("Korean")),
]


def scope_field(person: org.Person) -> forms.ModelChoiceField:
    """The circles the person belongs to: only to these may they close a row."""
    return forms.ModelChoiceField(
        org.Scope.objects.filter(pk__in=person.rights.scope_ids).order_by("name_zh"),
        required=False,
        label=_("Confidential"),
        empty_label=_("no: everybody who may see customers"),
        help_text=_("Only the people of the circle you choose see it, and everything below it."),
    )


def sites_field(label: Any, row: models.Customer | models.Product | None) -> forms.ModelMultipleChoiceField:
    kept = list(row.sites.values_list("pk", flat=True)) if row else []
    return kit_forms.Several(
        org.Site.objects.filter(choosing.in_use(kept)).order_by("code"),
        required=False,
        label=label,
        widget=forms.CheckboxSelectMultiple,
    )


def day(label: Any, required: bool = False, **kwargs: Any) -> forms.DateField:
    return kit_forms.Day(label=label, required=required, widget=kit_forms.DateInput(), **kwargs)


class Facts(forms.Form):
    """A form whose cleaned data, without the form's own keys, are the facts of an action."""

    person: org.Person
    own_keys: Sequence[str] = ("once", "version", "although_similar", "organisation", "reason")

    def facts(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key not in self.own_keys}

    def leave_out_unseen(self, row: models.Guarded) -> None:
        """Drop the fields whose present value the person may not see: left out, they stay as they are."""
        scope_id = getattr(row, "own_scope_id", None)
        if scope_id is not None and scope_id not in self.person.rights.scope_ids:
            self.fields.pop("scope", None)
        final_oem = getattr(row, "final_oem", None)
        if final_oem and not self.person.may(queries.SEE, final_oem.scope_id, final_oem.site_id):
            self.fields.pop("final_oem", None)
