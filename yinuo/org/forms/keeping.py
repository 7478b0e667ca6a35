"""Forms of saved views and of what is done with several rows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import forms as kit_forms
from yinuo.kit import views


class ViewForm(forms.Form):
    """A view's name, and for whom it is."""

    name = kit_forms.Text(label=pgettext_lazy("view", "Name"), max_length=60)
    is_shared = forms.BooleanField(
        label=_("Share it with everybody who may open this list"),
        required=False,
        help_text=_("They see it with your name; only you change it. They see what they may see, not what you see."),
    )

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]


class NewView(kit_forms.OnceForm, ViewForm):
    """A view to be saved."""

    is_first = forms.BooleanField(label=_("Open this list with it"), required=False)
    field_order = ("name", "is_first", "is_shared")


class ChangedView(kit_forms.VersionedForm, ViewForm):
    """A view's new name."""


class Shown(kit_forms.VersionedForm):
    """What the list shows now, for a view that is brought up to it."""

    query = forms.CharField(required=False, max_length=views.LONGEST)


class Place(forms.Form):
    """Which list a view is of, where that stands, and what it shows."""

    list = forms.RegexField(r"^[\w.-]+$", max_length=60)
    path = forms.RegexField(r"^/[\w/.-]*$", max_length=200)
    beside = kit_forms.Text(required=False, max_length=200)
    query = forms.CharField(required=False, max_length=views.LONGEST)


class Chosen(kit_forms.OnceForm):
    """The rows of a list that were chosen, as `<key>.<version>` each, and where the list stands."""

    picks = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
