"""How the company numbers, ranks and times its cases; the priority table line by line."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases import definition, models
from yinuo.cases.forms import deciding, parts, tables
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org

WORDED: dict[str, Sequence[tuple[Any, Any]]] = {
    "cases.is_safety": [("true", _("yes")), ("false", _("no"))],
    "cases.stops_line": [("true", _("yes")), ("false", _("no"))],
    "cases.channel": models.Channel.choices,
    "cases.kinds": models.Kind.choices,
}
PRIORITIES = [(word, models.Priority(value).label) for word, value in definition.PRIORITY_BY_WORD.items()]


class SkillsField(tables.TableField):
    """Which skill on record is needed to analyse each nature of requirement."""

    def __init__(self, chosen: Mapping[str, str], **kwargs: Any) -> None:
        skills = [(skill.code, str(skill)) for skill in org.Skill.objects.order_by("code")]
        codes = {code for code, _name in skills}
        lines = [
            tables.Line(
                key=kind,
                head=str(label),
                filled={"skill": chosen.get(kind) or (kind if kind in codes else "")},
                fixed={"kind": kind},
            )
            for kind, label in models.Kind.choices
        ]
        # A kind without a skill on record may be analysed by anybody; the item says so.
        choices = [("", _("none on record")), *skills]
        columns = {"skill": forms.ChoiceField(choices=choices, label=_("Skill"), required=False)}
        super().__init__(lines, columns, **kwargs)

    def clean(self, value: Any) -> Any:
        return {line["kind"]: line["skill"] for line in super().clean(value) if line["skill"]}


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

    def __init__(self, data: Any = None, files: Any = None, *, initial: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(data, files, initial=initial, **kwargs)
        sent = self.data.get("procedure_key") if self.is_bound else None
        steps = convention_queries.steps_to_choose(str(sent or initial["procedure_key"]))
        self.fields |= {
            "procedure_key": forms.ChoiceField(label=_("Procedure"), choices=convention_queries.procedures_to_choose()),
            "amended_to": forms.ChoiceField(
                label=_("Step for an amended requirement"), choices=steps, initial=initial["amended_to"]
            ),
            "improved_at": forms.ChoiceField(
                label=_("Step for a customer not satisfied"), choices=steps, initial=initial["improved_at"]
            ),
            "priorities": deciding.DecisionField(
                initial["priorities"],
                facts=definition.FACTS,
                worded=WORDED,
                outcomes=PRIORITIES,
                outcome=_("Priority"),
                label=_("Priority table"),
                help_text=_(
                    "Read from above; the first line that holds decides. Several values are set apart by commas."
                ),
            ),
            "otherwise": forms.ChoiceField(
                label=_("Priority otherwise"),
                choices=PRIORITIES,
                initial=initial["priorities"].get("otherwise", "normal"),
            ),
            "skills": SkillsField(initial["skills"], label=_("Skill needed by kind"), required=False),
        }

    def clean(self) -> dict[str, Any]:
        """The table with what holds where no line does."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "priorities" in cleaned and "otherwise" in cleaned:
            cleaned["priorities"] = {"rows": cleaned["priorities"], "otherwise": cleaned["otherwise"]}
        return cleaned
