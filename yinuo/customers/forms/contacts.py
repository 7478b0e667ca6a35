"""What people say about somebody at a customer."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.customers import models
from yinuo.customers.forms import facts
from yinuo.kit import forms as kit_forms


class ContactForm(facts.Facts):
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
    language = forms.ChoiceField(label=_("Language"), choices=facts.LANGUAGES)
    from_on = facts.day(_("Contact since"))
    to_on = facts.day(_("Left on"))
    note = kit_forms.Text(label=_("Note"), max_length=300, required=False)


class NewContact(ContactForm, kit_forms.OnceForm):
    """A contact to add."""


class ChangedContact(ContactForm, kit_forms.VersionedForm):
    """A contact to change."""
