"""The company's own fields in forms: asked at intake and correction, in a line of items, and defined by rows."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yinuo.cases.engine import own_fields
from yinuo.cases.forms import parts, tables
from yinuo.cases.queries import own_fields as own_queries
from yinuo.kit import forms as kit_forms
from yinuo.kit import subjects
from yinuo.procedures.definition import shapes
from yinuo.procedures.forms import fields

PREFIX = "own_"
NOWHERE = subjects.Ref("", 0, "", "", None, None)
COMMAS = re.compile(r"[,，、;；]")
KINDS = {
    "text": pgettext_lazy("field", "one line"),
    "note": pgettext_lazy("field", "several lines"),
    "number": pgettext_lazy("field", "a number"),
    "date": pgettext_lazy("field", "day"),
    "choice": pgettext_lazy("field", "one of several"),
    "yesno": pgettext_lazy("field", "yes or no"),
}


def asked(of: str, values: Mapping[str, Any] | None = None) -> dict[str, forms.Field]:
    """The fields for a form, filled in with the values."""
    found = {}
    for each in own_queries.form_of(of).fields:
        field = fields.field_of(each, NOWHERE)
        value = (values or {}).get(each.key)
        if value is not None:
            field.initial = fields.TO_INITIAL[each.kind](value) if each.kind in fields.TO_INITIAL else value
        found[PREFIX + each.key] = field
    return found


def given(of: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered in them, as it is stored."""
    found = {}
    for each in own_queries.form_of(of).fields:
        value = cleaned.get(PREFIX + each.key)
        if value not in (None, "", []):
            found[each.key] = fields.TO_JSON[each.kind](value) if each.kind in fields.TO_JSON else value
    return found


def columns() -> dict[str, forms.Field]:
    """The fields of an item as columns of a table."""
    return {PREFIX + each.key: _column(each) for each in own_queries.form_of(own_fields.ITEM).fields}


def _column(field: shapes.Field) -> forms.Field:
    label, required = fields.readable(field.label), field.required
    if field.kind == "choice":
        choices = [(option.key, fields.readable(option.label)) for option in field.options]
        return parts.choice(label, choices, required=required)
    if field.kind == "yesno":
        return forms.ChoiceField(choices=tables.YES_NO, label=label, required=required)
    if field.kind == "date":
        return parts.day(label, required=required)
    if field.kind == "number":
        return forms.FloatField(label=label, required=required)
    return parts.line(label, required=required, most=500)


def in_line(line: Mapping[str, Any]) -> dict[str, Any]:
    """What a line of a table says in these columns."""
    wanted = [each.key for each in own_queries.form_of(own_fields.ITEM).fields]
    return {key: line[PREFIX + key] for key in wanted if line.get(PREFIX + key) not in (None, "")}


class ItemMore(kit_forms.VersionedForm):
    """The company's own fields of an item."""

    def __init__(self, *args: Any, values: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= asked(own_fields.ITEM, values)


class FieldsField(tables.TableField):
    """The definitions, a line each. A key stays with its field however it is named; a line without name goes."""

    def __init__(self, plain: Iterable[Mapping[str, Any]], **kwargs: Any) -> None:
        there = list(plain)
        numbers = [int(each["key"][1:]) for each in there if re.fullmatch(r"f\d+", each["key"])]
        self.next = max(numbers, default=0) + 1
        self.before = {str(each["key"]): each for each in there}
        lines = [
            tables.Line(key=f"n{at}", filled=self._filled(each), fixed={"key": each["key"]})
            for at, each in enumerate(there)
        ]
        lines.append(tables.Line(key=f"n{len(there)}", is_new=True, filled={"of": own_fields.CASE, "kind": "text"}))
        of = [(own_fields.CASE, _("the case")), (own_fields.ITEM, _("each item"))]
        kinds = list(KINDS.items())
        columns = {
            "zh": parts.line(_("Name in Chinese"), required=False, most=60),
            "en": parts.line(_("Name in English"), required=False, most=60),
            "of": forms.ChoiceField(choices=of, label=pgettext_lazy("field", "Belongs to"), required=False),
            "kind": forms.ChoiceField(choices=kinds, label=pgettext_lazy("field", "Kind"), required=False),
            "options": parts.line(_("Options, set apart by commas"), required=False, most=1000),
            "required": parts.choice(pgettext_lazy("field", "Required"), tables.YES_NO[1:], required=False),
        }
        super().__init__(lines, columns, **kwargs)

    @staticmethod
    def _filled(each: Mapping[str, Any]) -> dict[str, Any]:
        options = "、".join(option["label"]["zh"] for option in each.get("options", []))
        label = each["label"]
        return {
            "zh": label["zh"], "en": label["en"], "of": each["of"], "kind": each["kind"], "options": options,
            "required": tables.as_word(bool(each.get("required"))),
        }  # fmt: skip

    def key_of(self, line: Mapping[str, Any]) -> str:
        return ""

    def is_blank(self, line: tables.Line, cells: Mapping[str, Any]) -> bool:
        return not any(str(cells.get(name) or "").strip() for name in ("zh", "en"))

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """The definitions as they are stored."""
        found, number = [], self.next
        for line in super().clean(value):
            key = line.get("key")
            if key is None:
                key, number = f"f{number}", number + 1
            zh, en = line["zh"] or line["en"], line["en"] or line["zh"]
            each = {"of": line["of"] or own_fields.CASE, "key": key, "kind": line["kind"] or "text",
                    "label": {"zh": zh, "en": en}}  # fmt: skip
            if line["required"]:
                each["required"] = True
            if each["kind"] == "choice":
                each["options"] = self._options(key, line["options"] or "")
            found.append(each)
        return found

    def _options(self, key: str, text: str) -> list[dict[str, Any]]:
        """The options by their names; one that was there keeps its key, for values have been stored by it."""
        before = {each["label"]["zh"]: each for each in self.before.get(key, {}).get("options", [])}
        numbers = [int(each["key"][1:]) for each in before.values() if re.fullmatch(r"o\d+", each["key"])]
        number, found = max(numbers, default=0), list[dict[str, Any]]()
        for name in dict.fromkeys(filter(None, (each.strip() for each in COMMAS.split(text)))):
            if name not in before:
                number += 1
            found.append(before.get(name) or {"key": f"o{number}", "label": {"zh": name, "en": name}})
        return found
