"""The form of a new token."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.kit import forms as kit_forms
from yinuo.org import models


class NewToken(kit_forms.OnceForm):
    """What the token is for, what it may do, how long."""

    name = kit_forms.Text(
        label=pgettext_lazy("token", "What it is for"), max_length=60, help_text=_("The program that will use it")
    )
    may_write = forms.TypedChoiceField(
        label=pgettext_lazy("token", "What it may do"),
        choices=[("no", _("read only")), ("yes", _("read and write"))],
        coerce=lambda value: value == "yes",
        initial="no",
        widget=forms.RadioSelect,
        help_text=_("Never more than you may do yourself at that moment."),
    )
    days = forms.IntegerField(
        label=_("Valid for days"), min_value=1, max_value=models.Token.LONGEST_DAYS, initial=90,
    )  # fmt: skip
