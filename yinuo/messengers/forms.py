"""What is entered of a receiver."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.messengers import models
from yinuo.org import queries as org_queries


class Receiver(forms.Form):
    """Kind, address, signature and what is told. An address that is kept is never shown again."""

    kind = forms.ChoiceField(label=_("Kind"), choices=models.Receiver.Kind.choices)
    name = kit_forms.Text(label=_("Name"), max_length=100, help_text=_("As your people call the group or the system."))
    address = kit_forms.Text(
        label=_("Webhook address"),
        max_length=1000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        help_text=_("From the settings of the robot or the other system; it begins with https://."),
    )
    secret = kit_forms.Text(
        label=_("Signing secret"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("DingTalk and Feishu: if the robot demands a signature. Webhook: leave empty for a new one."),
    )
    department = forms.ModelChoiceField(
        label=_("Department"),
        queryset=org_queries.departments().none(),
        required=False,
        empty_label=_("Whole company"),
        help_text=_("A group hears what the people of this department are told, sections included."),
    )
    tells = forms.ChoiceField(label=_("Is told"), choices=models.Receiver.Tells.choices, initial="late")
    digest_at = forms.TimeField(
        label=_("Daily digest at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("What is overdue, on working days. Empty: no digest."),
    )
    with_confidential = forms.BooleanField(
        label=_("Also about what is confidential"),
        required=False,
        help_text=_("Number and step only, as always; but whoever is in the group reads them."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("zh", "中文"), ("en", "English")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = org_queries.departments().filter(is_active=True)

    def facts(self) -> dict[str, Any]:
        """What the actions take beside the form's own fields."""
        return {key: value for key, value in self.cleaned_data.items() if key not in ("once", "version")}


class NewReceiver(Receiver, kit_forms.OnceForm):
    """A receiver to be added."""


class ChangedReceiver(Receiver, kit_forms.VersionedForm):
    """A receiver's entry; what stays empty of address and secret stays as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kind"]
        for name in ("address", "secret"):
            self.fields[name].required = False
            self.fields[name].help_text = _("Leave empty to keep what is there.")
