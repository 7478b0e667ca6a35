"""Forms about oneself: signing in, password, PIN, settings."""

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms


class PasswordInput(forms.PasswordInput):
    """A password field; `purpose` tells password managers whether to fill in or to make one up."""

    def __init__(self, purpose: str) -> None:
        super().__init__(attrs={"autocomplete": purpose})


class SignInForm(forms.Form):
    """Name and password. Names are compared in lower case."""

    name = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"), max_length=200, strip=False, widget=PasswordInput("current-password")
    )

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip().lower()


class NewPasswordForm(forms.Form):
    """A new password, typed twice and checked against the rules."""

    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        widget=PasswordInput("new-password"),
        help_text=_("At least 10 characters, not only digits, nothing that is easy to guess."),
    )
    again = forms.CharField(
        label=_("New password again"), max_length=200, strip=False, widget=PasswordInput("new-password")
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        elif data.get("password"):
            try:
                password_validation.validate_password(data["password"], self.person)
            except forms.ValidationError as fault:
                self.add_error("password", fault)
        return data


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who knows the present one."""

    old = forms.CharField(
        label=_("Present password"), max_length=200, strip=False, widget=PasswordInput("current-password")
    )
    field_order = ("old", "password", "again")


class PinForm(forms.Form):
    """One's personal signing PIN."""

    password = forms.CharField(
        label=_("Present password"), max_length=200, strip=False, widget=PasswordInput("current-password")
    )
    pin = forms.CharField(
        label=_("Signing PIN"),
        max_length=12,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=_("6 to 12 digits. Whoever signs types it instead of the password."),
    )


class OwnForm(kit_forms.VersionedForm):
    """What people change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=[("zh", "中文"), ("en", "English")])
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = kit_forms.Text(label=_("Phone"), required=False, max_length=40)
