"""Forms of the calendar: one day, the week."""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
STRETCH = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至]\s*(\d{1,2})[:：](\d{2})")


class DayForm(kit_forms.VersionedForm):
    """What a day is."""

    kind = forms.ChoiceField(
        label=_("This day is"),
        choices=[("work", _("a working day")), ("off", _("a day off")), ("rule", _("as the rule has it"))],
        widget=forms.RadioSelect,
    )
    name_zh = kit_forms.Text(label=_("Name in Chinese"), max_length=100, required=False)
    name_en = kit_forms.Text(label=_("Name in English"), max_length=100, required=False)
    reason = kit_forms.Text(label=_("Reason"), max_length=300)


class StretchesField(kit_forms.Text):
    """Working hours of a weekday as people write them: `8:30-12:00 13:00-17:30`."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value) or "")
        if STRETCH.sub("", text).strip(" ,，;；、\n\t"):
            raise forms.ValidationError(_("Write hours like 8:30-12:00 13:00-17:30."))
        try:
            return [(time(int(a), int(b)), time(int(c), int(d))) for a, b, c, d in STRETCH.findall(text)]
        except ValueError:
            raise forms.ValidationError(_("There is no such time of day.")) from None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return " ".join(f"{starts:%H:%M}-{ends:%H:%M}" for starts, ends in value)
        return value


class WeekForm(kit_forms.VersionedForm):
    """The working hours of each weekday; all empty gives a site back to the company's hours."""

    reason = kit_forms.Text(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, week: dict[int, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, words in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = StretchesField(
                label=words, required=False, max_length=200, initial=list((week or {}).get(number, ()))
            )
        self.order_fields([f"day{number}" for number in range(7)])

    def week(self) -> dict[int, list[tuple[time, time]]]:
        """The cleaned hours by weekday, free weekdays left out."""
        found = {number: self.cleaned_data[f"day{number}"] for number in range(7)}
        return {number: stretches for number, stretches in found.items() if stretches}


class KnownYear(forms.Form):
    """A year whose days were entered by hand."""

    reason = kit_forms.Text(
        label=_("Source of the days"),
        max_length=300,
        help_text=_("For example the number of the State Council's notice"),
    )
