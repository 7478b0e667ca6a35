"""Registering a request, and correcting what was registered."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.forms import own_fields, parts, steps, tables
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers.forms import choosing
from yinuo.kit import forms as kit_forms
from yinuo.kit import rows
from yinuo.kit.uploads import FilesField
from yinuo.org import models as org
from yinuo.org import queries as org_queries

MOST_FILES = 30
DAY = kit_forms.DateInput


class WhatWasSaid(forms.Form):
    """What is known of the request itself: how it came, who said it, when, until when."""

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= {
            "title": kit_forms.Text(label=_("Title"), max_length=200, help_text=_("What is wanted, in one line")),
            "channel": forms.ChoiceField(label=_("Channel"), choices=[("", ""), *models.Channel.choices]),
            "contact": choosing.ContactField(person, label=_("Contact at the customer"), required=False),
            "said_by": kit_forms.Text(
                label=_("Who said it"),
                max_length=100,
                required=False,
                help_text=_("If the contact is not on record"),
            ),
            "said_at": kit_forms.Moment(label=_("Said or published"), required=False, widget=kit_forms.MomentInput()),
            "wanted_on": kit_forms.Day(label=_("Asked by the customer"), required=False, widget=DAY()),
            "promised_on": kit_forms.Day(label=_("Promised"), required=False, widget=DAY()),
            "project": choosing.ProjectField(person, label=_("Project"), required=False),
            "is_safety": forms.BooleanField(
                label=_("Health or safety"), required=False, help_text=_("Always the highest priority")
            ),
            "stops_line": forms.BooleanField(label=_("A line or shipment may stop"), required=False),
            "text": kit_forms.Text(
                label=_("What was asked"),
                required=False,
                max_length=50_000,
                widget=kit_forms.TextArea(5),
                help_text=_("The customer's own words; split them into items below"),
            ),
        }
        self.fields["contact"].widget.attrs["data-search-with"] = "customer"  # offers the chosen customer's people


class NewCase(kit_forms.OnceForm, WhatWasSaid):
    """A request to register, with its items and originals."""

    ORDER = (
        "customer", "title", "channel", "contact", "said_by", "said_at", "notified_at", "wanted_on", "is_oral",
        "is_safety", "stops_line", "products", "project", "site", "owner", "procedure", "text", "items", "files",
        "object_kind",
        "object_number", "object_place", "object_keeper",
    )  # fmt: skip

    def __init__(self, *args: Any, person: org.Person, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        del self.fields["promised_on"]
        self.fields |= {
            "customer": choosing.CustomerField(person, label=_("Customer")),
            "notified_at": kit_forms.Moment(
                label=_("Notified"), widget=kit_forms.MomentInput(), initial=lambda: timezone.localtime()
            ),
            "is_oral": forms.BooleanField(label=_("Spoken only, to be confirmed in writing"), required=False),
            "products": choosing.ProductsField(person, label=_("Products"), required=False),
            "object_kind": parts.choice(_("Kind"), models.Sample.Kind.choices, required=False),
            "object_number": parts.line(_("Number of the object"), required=False, most=60),
            "object_place": parts.line(_("Place"), required=False),
            "object_keeper": tables.PersonField(label=_("Keeper"), required=False, initial=person.pk),
            "site": forms.ModelChoiceField(
                org_queries.sites(), label=_("Site"), required=False, empty_label=_("All sites of the customer")
            ),
            "owner": tables.PersonField(
                label=_("Owner"),
                required=False,
                help_text=_("Left empty: whom the rules of assignment name, else the window to the customer"),
            ),
            **self._procedure(),
            **own_fields.asked("case"),
            "items": steps.NewItemsField(products=self._products(person), label=_("Items")),
            "files": FilesField(label=_("Originals"), required=False),
        }
        self.order_fields(self.ORDER)

    @staticmethod
    def _procedure() -> dict[str, forms.Field]:
        """Asked only where there is a choice; left open, the company's table decides."""
        offered = procedure_queries.to_choose()
        if len(offered) < 2:
            return {}
        choices = [("", _("As the company's table says")), *offered]
        return {"procedure": forms.ChoiceField(label=_("Procedure"), choices=choices, required=False)}

    def _products(self, person: org.Person) -> list[customers.Product]:
        """The products as sent, among which a line chooses the one it applies to."""
        sent = self.data.getlist("products")[:50] if hasattr(self.data, "getlist") else []
        keys = [key for each in sent if (key := rows.key_in(each))]
        return list(customers_queries.products(person).filter(pk__in=keys)) if keys else []

    @property
    def own(self) -> list[forms.BoundField]:
        """The company's own fields of a case."""
        return [self[name] for name in self.fields if name.startswith(own_fields.PREFIX)]

    def clean_files(self) -> list[Any]:
        files: list[Any] = self.cleaned_data["files"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most %(n)s files at once.") % {"n": MOST_FILES})
        return files

    def clean_owner(self) -> org.Person | None:
        owner = self.cleaned_data["owner"]
        return org.Person.objects.filter(pk=owner).first() if owner else None

    def clean_object_keeper(self) -> org.Person | None:
        keeper = self.cleaned_data["object_keeper"]
        return org.Person.objects.filter(pk=keeper).first() if keeper else None

    def clean(self) -> dict[str, Any]:
        """What came by phone or on a visit, with nothing in writing, is to be confirmed in writing; an object is
        registered with its number and place."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parts_of = [name for name in ("object_kind", "object_number", "object_place") if cleaned.get(name)]
        is_object = bool(parts_of) or (cleaned.get("channel") == models.Channel.SAMPLE and not cleaned.get("files"))
        for name in ("object_kind", "object_number", "object_place", "object_keeper"):
            if is_object and not cleaned.get(name) and not self.has_error(name):
                self.add_error(name, _("A sample is registered with its kind, number, place and keeper."))
        if cleaned.get("channel") in models.SPOKEN and not cleaned.get("files"):
            cleaned["is_oral"] = True
        return cleaned


class Correction(kit_forms.VersionedForm, WhatWasSaid):
    """What was registered, corrected."""

    SAME = (
        "title", "channel", "said_by", "said_at", "notified_at", "wanted_on", "promised_on", "is_safety", "stops_line",
        "text", "version",
    )  # fmt: skip
    ORDER = (
        "title", "customer", "channel", "contact", "said_by", "said_at", "notified_at", "wanted_on", "promised_on",
        "products", "project", "site", "text", "is_oral", "is_safety", "stops_line", "reason",
    )  # fmt: skip

    def __init__(self, *args: Any, person: org.Person, case: models.Case, **kwargs: Any) -> None:
        products = list(case.products.values_list("pk", flat=True))
        initial = {name: getattr(case, name) for name in self.SAME} | {
            "contact": case.contact_id, "project": case.project_id, "customer": case.customer_id,
            "products": products, "site": case.site_id,
        }  # fmt: skip
        super().__init__(*args, person=person, initial=initial, **kwargs)
        self.fields |= {
            "customer": choosing.CustomerField(person, keep=[case.customer_id], label=_("Customer")),
            "notified_at": kit_forms.Moment(label=_("Notified"), widget=kit_forms.MomentInput()),
            "products": choosing.ProductsField(person, keep=products, label=_("Products"), required=False),
            "project": choosing.ProjectField(person, keep=[case.project_id], label=_("Project"), required=False),
            "site": forms.ModelChoiceField(
                org_queries.sites(), label=_("Site"), required=False, empty_label=_("All sites of the customer")
            ),
        }
        self.fields["said_by"].help_text = ""
        if case.oral in (models.Confirmation.NOT_NEEDED, models.Confirmation.WAITING):
            self.fields["is_oral"] = forms.BooleanField(
                label=_("Spoken only, to be confirmed in writing"),
                required=False,
                initial=case.oral == models.Confirmation.WAITING,
            )
        self.fields |= own_fields.asked("case", case.more)
        if case.is_safety:
            self.fields["reason"] = parts.line(
                _("Why health or safety is not concerned"),
                required=False,
                most=300,
                help_text=_("Needed when the mark is taken away"),
            )
        self.order_fields(self.ORDER)
