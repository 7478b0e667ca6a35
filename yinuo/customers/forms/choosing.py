"""Fields in which this room and those above choose a customer, contact, product or project.

A choosing field knows the person: it suggests and accepts only what that person may see. It offers rows in use, and
those to `keep` (keys, or None): what is chosen already stays lawful when it goes out of use.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from yinuo.customers import models, queries
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org

CUSTOMERS = reverse_lazy("customers:customer_suggestions")
PRODUCTS = reverse_lazy("customers:product_suggestions")
PROJECTS = reverse_lazy("customers:project_suggestions")


def contacts_url(customer: models.Customer | None) -> str:
    """Where contacts are suggested: of a customer and those around it, or of all."""
    return f"{reverse('customers:contact_suggestions')}?customer={customer.pk if customer else ''}"


class SearchSelect(forms.Select):
    """One row, searched for by typing: only the chosen one is in the page, the others are suggested by `url`."""

    def __init__(self, url: Any) -> None:
        super().__init__(attrs={"data-search": url})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        ids = [each for each in value if each.isascii() and each.isdigit() and len(each) < 19]
        field = self.choices.field  # type: ignore[attr-defined]
        options = [] if self.allow_multiple_selected else [("", "")]
        options += [(str(row.pk), field.label_from_instance(row)) for row in field.queryset.filter(pk__in=ids)]
        return [
            (None, [self.create_option(name, key, words, key in value, at)], at)
            for at, (key, words) in enumerate(options)
        ]


class SearchSelectMultiple(SearchSelect, forms.SelectMultiple):
    """Several rows, searched for by typing."""


def _ids(keep: Iterable[Any]) -> list[int]:
    return [each for each in keep if each is not None]


def in_use(keep: Iterable[Any] = ()) -> Q:
    """Rows in use, and those to keep."""
    return Q(is_active=True) | Q(pk__in=_ids(keep))


class _Choosing:
    """What the choosing fields share: the person's rows as the only lawful choices, and how a row is worded."""

    def label_from_instance(self, row: Model) -> str:
        return getattr(row, "subject_label", "") or str(row)


class CustomerField(_Choosing, forms.ModelChoiceField):
    """A customer in use."""

    def __init__(self, person: org.Person, keep: Iterable[Any] = (), **kwargs: Any) -> None:
        rows = queries.customers(person).filter(in_use(keep))
        super().__init__(rows, widget=SearchSelect(CUSTOMERS), **kwargs)


class ProductField(_Choosing, forms.ModelChoiceField):
    """A product in use."""

    def __init__(self, person: org.Person, keep: Iterable[Any] = (), **kwargs: Any) -> None:
        rows = queries.products(person).filter(in_use(keep))
        super().__init__(rows, widget=SearchSelect(PRODUCTS), **kwargs)


class ProductsField(_Choosing, kit_forms.Several):
    """Several products in use."""

    def __init__(self, person: org.Person, keep: Iterable[Any] = (), **kwargs: Any) -> None:
        rows = queries.products(person).filter(in_use(keep))
        super().__init__(rows, widget=SearchSelectMultiple(PRODUCTS), **kwargs)


class ProjectField(_Choosing, forms.ModelChoiceField):
    """A project that is not closed."""

    def __init__(self, person: org.Person, keep: Iterable[Any] = (), **kwargs: Any) -> None:
        rows = queries.projects(person).filter(~Q(phase=models.Phase.CLOSED) | Q(pk__in=_ids(keep)))
        super().__init__(rows, widget=SearchSelect(PROJECTS), **kwargs)


class ContactsField(kit_forms.Several):
    """Several people at a customer, or above or below it, who have not left."""

    def __init__(self, person: org.Person, customer: models.Customer, **kwargs: Any) -> None:
        rows = queries.contacts_around(person, customer, timezone.localdate())
        super().__init__(rows, widget=SearchSelectMultiple(contacts_url(customer)), **kwargs)

    def label_from_instance(self, row: models.CustomerContact) -> str:
        return queries.contact_words(row)


class ContactField(forms.ModelChoiceField):
    """Somebody at a customer (or above or below it, when `customer` is given) who has not left."""

    def __init__(self, person: org.Person, customer: models.Customer | None = None, **kwargs: Any) -> None:
        rows = queries.contacts_around(person, customer, timezone.localdate()) if customer else queries.contacts(person)
        super().__init__(rows, widget=SearchSelect(contacts_url(customer)), **kwargs)

    def label_from_instance(self, row: models.CustomerContact) -> str:
        return queries.contact_words(row)
