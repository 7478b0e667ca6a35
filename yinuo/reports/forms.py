"""What is said when work is moved, and when somebody says what asks the same."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models as cases
from yinuo.cases.forms import joining
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org


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
