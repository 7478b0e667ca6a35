"""What people choose about mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.notify import models


class ChoiceForm(forms.Form):
    """Which mails one wants to get."""

    mails = forms.ChoiceField(
        label=_("Mails"),
        choices=models.Choice.Mails.choices,
        widget=forms.RadioSelect,
        help_text=_("Your inbox always has everything. Mail that is not urgent leaves within mail hours only."),
    )
    digest = forms.BooleanField(
        label=_("Daily digest"),
        required=False,
        help_text=_("One mail on the morning of a working day with what is overdue or due soon; none when nothing is."),
    )


class HoursForm(kit_forms.VersionedForm):
    """The company's mail hours."""

    starts = forms.TimeField(
        label=_("Mail leaves from"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    ends = forms.TimeField(label=_("Mail leaves until"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
