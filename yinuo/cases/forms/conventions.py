"""How the company numbers, ranks and times its cases; the priority table line by line."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases import definition, models
from yinuo.cases.engine import choosing
from yinuo.cases.forms import deciding, own_fields, parts, tables
from yinuo.cases.queries import procedures as procedure_queries
from yinuo.customers import models as customer_models
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries

WORDED: dict[str, Sequence[tuple[Any, Any]]] = {
    "cases.is_safety": [("true", _("yes")), ("false", _("no"))],
    "cases.stops_line": [("true", _("yes")), ("false", _("no"))],
    "cases.channel": models.Channel.choices,
    "cases.kinds": models.Kind.choices,
}
TABLES = ("priorities", "procedures", "fields", "skills")
PRIORITIES = [(word, models.Priority(value).label) for word, value in definition.PRIORITY_BY_WORD.items()]


def worded_for_procedures() -> dict[str, Sequence[tuple[Any, Any]]]:
    """The words of what the table of procedures looks at: customers and sites by their codes."""
    customers = [(each.code, each.name) for each in customer_models.Customer.objects.order_by("code")]
    sites = [(each.code, each.name) for each in org_queries.sites()]
    known = {name: WORDED[name] for name in ("cases.is_safety", "cases.channel", "cases.kinds")}
    return {**known, "cases.customer": customers, "cases.site": sites}


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
        # The tables fill their lines themselves; as initial values theirs would be taken for what was entered.
        plain = {name: value for name, value in initial.items() if name not in TABLES}
        super().__init__(data, files, initial=plain, **kwargs)
        offered = procedure_queries.to_choose()
        self.fields |= {
            "procedures": deciding.DecisionField(
                initial["procedures"],
                facts=choosing.FACTS,
                worded=worded_for_procedures(),
                outcomes=offered,
                outcome=_("Procedure"),
                label=_("Which procedure a case runs by"),
                help_text=_("Read from above; whoever registers a request may choose another."),
                required=False,
            ),
            "usual": forms.ChoiceField(
                label=_("Procedure otherwise"), choices=offered, initial=initial["procedures"].get("otherwise")
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
            "fields": own_fields.FieldsField(
                initial["fields"],
                label=_("Further fields of cases and items"),
                help_text=_("Asked at intake and shown on the case; what was entered stays when a field is left out."),
                required=False,
            ),
            "skills": SkillsField(initial["skills"], label=_("Skill needed by kind"), required=False),
        }

    def clean(self) -> dict[str, Any]:
        """The table with what holds where no line does."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "priorities" in cleaned and "otherwise" in cleaned:
            cleaned["priorities"] = {"rows": cleaned["priorities"], "otherwise": cleaned["otherwise"]}
        if "procedures" in cleaned and "usual" in cleaned:
            cleaned["procedures"] = {"rows": cleaned["procedures"], "otherwise": cleaned["usual"]}
        return cleaned
