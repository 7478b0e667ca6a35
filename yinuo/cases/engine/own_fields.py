"""Fields that a company adds to its cases and items (S1 2.1): defined as data, in the shape of a form's fields."""

from collections.abc import Iterable, Mapping
from typing import Any

from yinuo.procedures import rules as procedure_rules
from yinuo.procedures.definition import reading
from yinuo.procedures.definition.shapes import Form, Json
from yinuo.procedures.definition.texts import NOTHING, Text

CASE, ITEM = "case", "item"
KINDS = ("text", "note", "number", "date", "choice", "yesno")
MOST = 20  # of a case, and of an item


def form_of(plain: Iterable[Mapping[str, Any]], of: str) -> Form:
    """The company's fields of a case, or of an item, as a form."""
    wanted = [_field(each) for each in plain if each.get("of") == of]
    fields, _faults = reading.read_fields(wanted)
    return Form(key=of, number="", edition="", title=NOTHING, fields=fields)


def _field(each: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in each.items() if name != "of"}


def faults_of(plain: Any) -> list[Text]:
    """What is wrong with such definitions."""
    if not isinstance(plain, list) or not all(isinstance(each, dict) for each in plain):
        return [Text("字段定义应为列表。", "The fields must be a list.")]
    faults = [Text("字段属于案件或要求项。", "A field is of a case or of an item.")
              for each in plain if each.get("of") not in (CASE, ITEM)][:1]  # fmt: skip
    for of in (CASE, ITEM):
        wanted = [_field(each) for each in plain if each.get("of") == of]
        fields, wrong = reading.read_fields(wanted)
        faults += wrong
        if len(wanted) > MOST:
            faults.append(Text(f"最多 {MOST} 个字段。", f"There may be {MOST} fields at most."))
        for field in fields:
            if field.kind not in KINDS:
                faults.append(Text(f"未知字段类型“{field.kind}”。", f"Unknown kind of field “{field.kind}”."))
            if field.kind == "choice" and not field.options:
                faults.append(Text(f"“{field.label.zh}”没有选项。", f"“{field.label.en}” has no options."))
    return faults


def faults_in(form: Form, values: Mapping[str, Json]) -> list[tuple[str, Text]]:
    """What is wrong with values, field by field; checked as the forms of steps are."""
    return [(fault.field, fault.words) for fault in procedure_rules.check_values(form, values, {})]
