"""How the company numbers, ranks and times its cases; the priority table line by line."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases import definition, models
from yinuo.cases.forms import parts, tables
from yinuo.cases.queries import conventions as convention_queries
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.procedures.definition.tables import LIST_OPERATORS, LONE_OPERATORS, OPERATORS

COMMAS = re.compile(r"[,，、;；]")
NOT_OFFERED = ("before", "after")  # no fact of a case's priority is a day
WORDED: dict[str, Sequence[tuple[Any, Any]]] = {
    "cases.is_safety": [("true", _("yes")), ("false", _("no"))],
    "cases.stops_line": [("true", _("yes")), ("false", _("no"))],
    "cases.channel": models.Channel.choices,
    "cases.kinds": models.Kind.choices,
}
PRIORITIES = [(word, models.Priority(value).label) for word, value in definition.PRIORITY_BY_WORD.items()]


def words_of(fact: str, value: Any) -> str:
    """A value of the table as people read it: 是, 顾客审核报告、投诉, 3."""
    labels = {str(key): str(label) for key, label in WORDED.get(fact, ())}
    values = value if isinstance(value, list | tuple) else [value]
    plain = ["" if each is None else (str(each).lower() if isinstance(each, bool) else str(each)) for each in values]
    return "、".join(labels.get(each, each) for each in plain)


def value_of(fact: str, operator: str, text: str) -> Any:
    """The value that a text means: by the fact's own words or keys, a number else, several where the operator asks."""
    keys = {name: str(key) for key, label in WORDED.get(fact, ()) for name in (str(key), str(label))}
    found: list[Any] = []
    for part in filter(None, (each.strip() for each in COMMAS.split(text))):
        if fact in WORDED and part not in keys:
            offered = "、".join(str(label) for _key, label in WORDED[fact])
            raise forms.ValidationError(say("“%(text)s” is none of: %(offered)s.") % {"text": part, "offered": offered})
        word = keys.get(part, part)
        found.append({"true": True, "false": False}.get(word, int(word) if re.fullmatch(r"-?\d{1,6}", word) else word))
    if operator in LIST_OPERATORS:
        return found
    if len(found) != 1:
        raise forms.ValidationError(say("Please give one value."))
    return found[0]


class PriorityField(tables.TableField):
    """The priority table: a line per condition; a line without priority is a further condition of the one above."""

    def __init__(self, plain: Mapping[str, Any], **kwargs: Any) -> None:
        filled: list[dict[str, Any]] = []
        for row in plain.get("rows", []):
            note = row.get("note") or {}
            outcome = {"then": row.get("then"), "zh": note.get("zh", ""), "en": note.get("en", "")}
            for fact, operator, *value in row.get("when") or [["", ""]]:
                words = words_of(fact, value[0]) if value else ""
                filled.append({"fact": fact, "operator": operator, "value": words, **outcome})
                outcome = {}
        lines = [tables.Line(key=f"n{at}", is_new=True, filled=each) for at, each in enumerate([*filled, {}])]
        language = get_language() or "zh"
        facts = [("", _("always")), *((name, fact.title.say(language)) for name, fact in definition.FACTS.items())]
        operators = [("", ""), *((k, text.say(language)) for k, text in OPERATORS.items() if k not in NOT_OFFERED)]
        columns = {
            "fact": forms.ChoiceField(choices=facts, label=_("What is looked at"), required=False),
            "operator": forms.ChoiceField(choices=operators, label=_("Compared"), required=False),
            "value": parts.line(_("Value"), required=False),
            "then": forms.ChoiceField(choices=[("", _("and")), *PRIORITIES], label=_("Priority"), required=False),
            "zh": parts.line(_("Reason in Chinese"), required=False),
            "en": parts.line(_("Reason in English"), required=False),
        }
        super().__init__(lines, columns, **kwargs)

    def key_of(self, line: Mapping[str, Any]) -> str:
        return ""

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """The rows as the table stores them."""
        rows: list[dict[str, Any]] = []
        for at, line in enumerate(super().clean(value), 1):
            if line["then"]:
                rows.append({"when": [], "then": line["then"]})
                if line["zh"] or line["en"]:
                    rows[-1]["note"] = {"zh": line["zh"] or line["en"], "en": line["en"] or line["zh"]}
            elif not rows:
                raise forms.ValidationError(say("The first line needs a priority."))
            if not line["fact"]:
                continue
            try:
                rows[-1]["when"].append(self._condition(line))
            except forms.ValidationError as fault:
                raise forms.ValidationError(f"{at}：{' '.join(fault.messages)}") from None
        return rows

    def _condition(self, line: Mapping[str, Any]) -> list[Any]:
        if not line["operator"]:
            raise forms.ValidationError(say("Please choose how it is compared."))
        condition = [line["fact"], line["operator"]]
        if line["operator"] in LONE_OPERATORS:
            return condition
        value = line["value"]
        text = tables.as_word(value) if isinstance(value, bool) else value or ""
        return [*condition, value_of(line["fact"], line["operator"], text)]


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
            "priorities": PriorityField(
                initial["priorities"],
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
