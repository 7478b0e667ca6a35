"""How the company numbers, ranks and times its cases."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.forms import parts
from yinuo.kit import forms as kit_forms


class ConventionForm(kit_forms.VersionedForm):
    """How the company numbers, ranks and times its cases."""

    number_pattern = parts.line(_("Pattern of case numbers"), most=60, help_text="CSR-{year}-{n:04}")
    allows_gaps = forms.BooleanField(
        label=_("Numbers may have gaps"),
        required=False,
        help_text=_("Registrations then never wait for one another; a failed one leaves a gap."),
    )
    oral_days = forms.IntegerField(label=_("Working days for confirmation in writing"), min_value=1, max_value=250)
    feedback_days = forms.IntegerField(label=_("Days a feedback link holds"), min_value=1, max_value=365)
    top = forms.IntegerField(label=_("Working days when top"), min_value=0, max_value=250)
    urgent = forms.IntegerField(label=_("Working days when urgent"), min_value=0, max_value=250)
    normal = forms.IntegerField(label=_("Working days when normal"), min_value=0, max_value=250)
    low = forms.IntegerField(label=_("Working days when low"), min_value=0, max_value=250)
    priorities = forms.JSONField(label=_("Priority table"), widget=kit_forms.TextArea(14))
    skills = forms.JSONField(label=_("Skill needed by kind"), required=False, widget=kit_forms.TextArea(3))

    def clean_skills(self) -> dict[str, str]:
        given = self.cleaned_data["skills"] or {}
        if not isinstance(given, dict) or not set(given) <= set(models.Kind.values):
            raise forms.ValidationError(_("Name kinds and the codes of skills."))
        return {str(kind): str(code) for kind, code in given.items()}
