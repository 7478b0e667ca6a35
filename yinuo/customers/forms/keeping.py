"""What people say about customers, contacts, products, projects and portals: the input of the room's actions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


def _scope_field(person: org.Person) -> forms.ModelChoiceField:
    """The circles the person belongs to: only to these may they close a row."""
    return forms.ModelChoiceField(
        org.Scope.objects.filter(pk__in=person.rights.scope_ids).order_by("name_zh"),
        required=False,
        label=_("Confidential"),
        empty_label=_("no: everybody who may see customers"),
        help_text=_("Only the people of the circle you choose see it, and everything below it."),
    )


def _sites_field(label: Any, row: models.Customer | models.Product | None) -> forms.ModelMultipleChoiceField:
    kept = list(row.sites.values_list("pk", flat=True)) if row else []
    return kit_forms.Several(
        org.Site.objects.filter(choosing.in_use(kept)).order_by("code"),
        required=False,
        label=label,
        widget=forms.CheckboxSelectMultiple,
    )


def _day(label: Any, required: bool = False, **kwargs: Any) -> forms.DateField:
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


# Customers and contacts ----------------------------------------------------------------------------------------------


class CustomerForm(Facts):
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
            "window": choosing.PersonField(
                keep=[row and row.window_id],
                label=_("Window to the customer"),
                required=False,
                help_text=_("Releases what goes out. Left empty: as for the customer it belongs to."),
            ),
            "window_deputy": choosing.PersonField(
                keep=[row and row.window_deputy_id], label=_("Deputy of the window"), required=False
            ),
            "language": forms.ChoiceField(label=_("Language of correspondence"), choices=LANGUAGES),
            "sites": _sites_field(_("Supplied by"), row),
            "scope": _scope_field(person),
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


class ContactForm(Facts):
    """What people say about somebody at a customer."""

    name = kit_forms.Text(label=pgettext_lazy("person", "Name"), max_length=100)
    department = kit_forms.Text(label=_("Department"), max_length=100, required=False)
    role = kit_forms.Text(label=_("Position"), max_length=100, required=False)
    authority = forms.MultipleChoiceField(
        label=_("May state or approve"),
        choices=models.Authority.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phone = kit_forms.Text(label=_("Phone"), max_length=60, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    wechat = kit_forms.Text(label=_("WeChat"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    from_on = _day(_("Contact since"))
    to_on = _day(_("Left on"))
    note = kit_forms.Text(label=_("Note"), max_length=300, required=False)


class NewContact(ContactForm, kit_forms.OnceForm):
    """A contact to add."""


class ChangedContact(ContactForm, kit_forms.VersionedForm):
    """A contact to change."""


# Products ------------------------------------------------------------------------------------------------------------


class ProductForm(Facts):
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
            "starts_on": _day(_("Start of production")),
            "ends_on": _day(_("End of production")),
            "service_until_on": _day(_("Service parts until")),
            "sites": _sites_field(_("Made at"), row),
            "scope": _scope_field(person),
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


class NewDrawing(kit_forms.OnceForm):
    """A drawing's edition."""

    number = kit_forms.Text(label=_("Drawing number"), max_length=80)
    edition = kit_forms.Text(label=_("Edition"), max_length=40)
    dated_on = _day(_("Date of edition"), required=True)
    note = kit_forms.Text(label=_("Note"), max_length=200, required=False)


# Projects ------------------------------------------------------------------------------------------------------------


def _products_of(row: models.Project | None) -> list[int]:
    return list(row.products.values_list("pk", flat=True)) if row else []


class ProjectForm(Facts):
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
            "starts_on": _day(_("Start")),
            "sop_on": _day(_("Start of production")),
            "scope": _scope_field(person),
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

    person = choosing.PersonField(label=_("Person"))
    role = forms.ChoiceField(label=_("Role in the team"), choices=models.TeamRole.choices)
    from_on = _day(pgettext_lazy("day", "From"), required=True)
    to_on = _day(_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["from_on"].initial = timezone.localdate


class LeavingMember(kit_forms.VersionedForm):
    """Somebody leaves a project team."""

    to_on = _day(_("Last day"), required=True)


# Portals -------------------------------------------------------------------------------------------------------------


class PortalForm(Facts):
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
            "keeper": choosing.PersonField(keep=[row and row.keeper_id], label=_("Account keeper")),
            "deputy": choosing.PersonField(
                keep=[row and row.deputy_id], label=_("Deputy of the keeper"), required=False
            ),
            "next_check_on": _day(_("Next check"), help_text=_("Left empty: by the frequency.")),
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
