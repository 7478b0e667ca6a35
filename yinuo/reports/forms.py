"""What is said when work is moved, and when somebody says what asks the same."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases import models as cases
from yinuo.cases.forms import joining
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.reports import models


class ReportForm(forms.Form):
    """A report's name, and with whom it is shared."""

    name = kit_forms.Text(label=pgettext_lazy("report", "Name"), max_length=60)
    posts = kit_forms.Several(
        label=_("Shared with posts"),
        queryset=org.Post.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
    )
    departments = kit_forms.Several(
        label=_("Shared with departments"),
        queryset=org.Department.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
        help_text=_("With all their sections. Whoever opens it sees what they may see, not what you see."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].queryset = org_queries.posts()  # type: ignore[attr-defined]
        self.fields["departments"].queryset = org_queries.departments()  # type: ignore[attr-defined]


class NewReport(kit_forms.OnceForm, ReportForm):
    """A report to be saved."""


class ChangedReport(kit_forms.VersionedForm, ReportForm):
    """A report's new name, or with whom it is shared now."""


WEEKDAYS = (
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")),
    (6, _("Saturday")), (7, _("Sunday")),
)  # fmt: skip


class SendingForm(kit_forms.VersionedForm):
    """When a report is sent, and to whom."""

    rhythm = forms.ChoiceField(label=_("Send it"), choices=models.SavedReport.Rhythm.choices, required=False)
    weekday = forms.TypedChoiceField(label=_("Every week on"), choices=WEEKDAYS, coerce=int, required=False)
    month_day = forms.TypedChoiceField(
        label=_("Every month on day"),
        choices=[*((day, str(day)) for day in range(1, 29)), (31, _("the last one"))],
        coerce=int,
        required=False,
    )
    at_hour = forms.TypedChoiceField(
        label=pgettext_lazy("hour", "From"),
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        help_text=_("On a day off it goes on the next working day. Mail leaves within mail hours only."),
    )
    people = kit_forms.Several(
        label=_("Receivers"),
        queryset=org.Person.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
        help_text=_("Only people of the company who may see figures. Each gets what they may see."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = org_queries.people()  # type: ignore[attr-defined]


class Seen(kit_forms.VersionedForm):
    """The version that the person saw."""


class Move(forms.Form):
    """To whom, and why; whether the owner of the requests changes with it."""

    to = forms.ModelChoiceField(
        label=_("Give to"),
        queryset=org.Person.objects.none(),
        error_messages={"required": _("Please choose who gets it.")},
    )
    reason = kit_forms.Text(
        label=_("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs={"list": "move-reasons", "autocomplete": "off"}),
        error_messages={"required": _("Please give a reason.")},
    )
    with_case = forms.BooleanField(label=_("The owner of the request changes too"), required=False)

    def __init__(self, *args: Any, among: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = org.Person.objects.filter(pk__in=list(among))  # type: ignore[attr-defined]


class Apart(kit_forms.VersionedForm):
    """Why it is not the same; may be left out."""

    reason = kit_forms.Text(label=_("Reason"), required=False, max_length=500, widget=kit_forms.TextArea(2))


class Bring(forms.Form):
    """Which request asks the same, and why."""

    def __init__(self, *args: Any, person: org.Person, case: cases.Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"] = joining.CaseField(person, case, label=_("Case"), help_text=_("by number or title"))
        self.fields["reason"] = kit_forms.Text(
            label=_("Reason"), required=False, max_length=500, widget=kit_forms.TextArea(2)
        )
