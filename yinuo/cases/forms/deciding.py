"""Decision tables of the room, line by line: what is looked at, how it is compared, with what, and what follows."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases.forms import parts, tables
from yinuo.procedures.definition.shapes import Fact
from yinuo.procedures.definition.tables import LIST_OPERATORS, LONE_OPERATORS, OPERATORS

COMMAS = re.compile(r"[,，、;；]")
NOT_OFFERED = ("before", "after")  # no fact of a case is a day here
OFFERED_IN_WORDS = 20

Worded = Mapping[str, Sequence[tuple[Any, Any]]]
"""Facts whose values have words: (value, words) of each."""


def words_of(worded: Worded, fact: str, value: Any) -> str:
    """A value of the table as people read it: 是, 顾客审核报告、投诉, 3."""
    labels = {str(key): str(label) for key, label in worded.get(fact, ())}
    values = value if isinstance(value, list | tuple) else [value]
    plain = ["" if each is None else (str(each).lower() if isinstance(each, bool) else str(each)) for each in values]
    return "、".join(labels.get(each, each) for each in plain)


def value_of(worded: Worded, fact: str, operator: str, text: str) -> Any:
    """The value that a text means: by the fact's own words or keys, a number else, several where the operator asks."""
    keys = {name: str(key) for key, label in worded.get(fact, ()) for name in (str(key), str(label))}
    found: list[Any] = []
    for part in filter(None, (each.strip() for each in COMMAS.split(text))):
        if fact in worded and part not in keys:
            offered = "、".join(str(label) for _key, label in worded[fact][:OFFERED_IN_WORDS])
            raise forms.ValidationError(say("“%(text)s” is none of: %(offered)s.") % {"text": part, "offered": offered})
        word = keys.get(part, part)
        is_number = fact not in worded and re.fullmatch(r"-?\d{1,6}", word)
        found.append({"true": True, "false": False}.get(word, int(word) if is_number else word))
    if operator in LIST_OPERATORS:
        return found
    if len(found) != 1:
        raise forms.ValidationError(say("Please give one value."))
    return found[0]


class DecisionField(tables.TableField):
    """A decision table: a line per condition; a line without outcome is a further condition of the one above."""

    def __init__(
        self,
        plain: Mapping[str, Any],
        *,
        facts: Mapping[str, Fact],
        worded: Worded,
        outcomes: Sequence[tuple[str, Any]],
        outcome: Any,
        **kwargs: Any,
    ) -> None:
        self.worded, self.missing = worded, say("The first line needs: %(what)s.") % {"what": outcome}
        filled: list[dict[str, Any]] = []
        for row in plain.get("rows", []):
            note = row.get("note") or {}
            follows = {"then": row.get("then"), "zh": note.get("zh", ""), "en": note.get("en", "")}
            for fact, operator, *value in row.get("when") or [["", ""]]:
                words = words_of(worded, fact, value[0]) if value else ""
                filled.append({"fact": fact, "operator": operator, "value": words, **follows})
                follows = {}
        lines = [tables.Line(key=f"n{at}", is_new=True, filled=each) for at, each in enumerate([*filled, {}])]
        language = get_language() or "zh"
        asked = [("", _("always")), *((name, fact.title.say(language)) for name, fact in facts.items())]
        operators = [("", ""), *((k, text.say(language)) for k, text in OPERATORS.items() if k not in NOT_OFFERED)]
        columns = {
            "fact": forms.ChoiceField(choices=asked, label=_("What is looked at"), required=False),
            "operator": forms.ChoiceField(choices=operators, label=_("Compared"), required=False),
            "value": parts.line(_("Value"), required=False),
            "then": forms.ChoiceField(choices=[("", _("and")), *outcomes], label=outcome, required=False),
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
                raise forms.ValidationError(self.missing)
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
        return [*condition, value_of(self.worded, line["fact"], line["operator"], text)]
