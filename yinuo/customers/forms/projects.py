"""What people say about a project and its team."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models
from yinuo.customers.forms import choosing, facts
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org.forms import fields


def _products_of(row: models.Project | None) -> list[int]:
    return list(row.products.values_list("pk", flat=True)) if row else []


class ProjectForm(facts.Facts):
    """What people say about a project."""

    def __init__(self, *args: Any, person: org.Person, row: models.Project | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        text = kit_forms.Text
        self.fields |= {
            "number": text(label=_("Project number"), max_length=60),
            "name_zh": text(label=_("Name"), max_length=200),
            "name_en": text(label=_("English name"), max_length=200, required=False),
            "customer": choosing.CustomerField(person, keep=[row and row.customer_id], label=_("Customer")),
            "products": choosing.ProductsField(person, keep=_products_of(row), label=_("Products"), required=False),
            "vehicle": text(label=_("Vehicle"), max_length=200, required=False),
            "phase": forms.ChoiceField(label=_("Phase"), choices=models.Phase.choices),
            "department": forms.ModelChoiceField(
                org.Department.objects.filter(choosing.in_use([row and row.department_id])).order_by("code"),
                label=_("Responsible department"),
                required=False,
                empty_label="",
            ),
            "site": forms.ModelChoiceField(
                org.Site.objects.filter(choosing.in_use([row and row.site_id])).order_by("code"),
                label=_("Site"),
                required=False,
                empty_label=_("all sites"),
            ),
            "starts_on": facts.day(_("Start")),
            "sop_on": facts.day(_("Start of production")),
            "scope": facts.scope_field(person),
            "note": text(label=_("Note"), required=False, max_length=4000, widget=kit_forms.TextArea()),
        }


class NewProject(ProjectForm, kit_forms.OnceForm):
    """A project to add."""


class ChangedProject(ProjectForm, kit_forms.VersionedForm):
    """A project to change."""

    def __init__(self, *args: Any, person: org.Person, row: models.Project, **kwargs: Any) -> None:
        super().__init__(*args, person=person, row=row, **kwargs)
        self.leave_out_unseen(row)


class NewMember(kit_forms.OnceForm):
    """Somebody joins a project team."""

    person = fields.PersonField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role in the team"), choices=models.TeamRole.choices)
    from_on = facts.day(pgettext_lazy("day", "From"), required=True)
    to_on = facts.day(_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = timezone.localdate


class LeavingMember(kit_forms.VersionedForm):
    """Somebody leaves a project team, or stays after all."""

    to_on = facts.day(_("Last day"), help_text=_("Left empty: stays in the team."))
