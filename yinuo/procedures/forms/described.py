"""The form of a task for programs: described as JSON Schema, and filled in from JSON."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from yinuo.kit import api
from yinuo.procedures.definition import shapes

PREFIX = "f-"
MOST_CHOICES = 100  # more than these are looked up by other calls
KINDS: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.FileField, {"type": "null", "x-files": True}),  # sent beside, not among the values
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.FloatField, {"type": "number"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.BooleanField, {"type": "boolean"}),
)


def schema_of(form: forms.Form) -> dict[str, Any]:
    """What a task asks for: its fields under `values`, and the outcome, verdict, condition or signature beside."""
    values, beside = dict[str, Any](), dict[str, Any]()
    for name, field in form.fields.items():
        if name.startswith(PREFIX):
            values[name.removeprefix(PREFIX)] = _described(field)
        elif name != "version":
            beside[name] = _described(field)
    needed = [name for name, field in form.fields.items() if field.required and name in beside]
    return {"type": "object", "properties": {"values": _object(values), **beside}, "required": needed}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _described(field: Any) -> dict[str, Any]:
    """One field: its words, its kind, and among what is chosen; a table by its lines and columns."""
    words = {"title": str(field.label or ""), "x-required": bool(field.required)}
    if field.help_text:
        words["description"] = str(field.help_text)
    if hasattr(field, "columns") and hasattr(field, "lines"):
        cells = {name: _described(each) for name, each in field.columns.items()}
        lines = {line.key: {**_object(cells), "title": f"{line.number} {line.head}".strip()} for line in field.lines}
        return {**_object(lines), **words}
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        keys = {str(key): str(said) for key, said in choices if key not in ("", None)}
        one: dict[str, Any] = {"type": "string"}
        if len(keys) <= MOST_CHOICES:
            one |= {"enum": list(keys), "x-words": keys}
        return {**words, **({"type": "array", "items": one} if isinstance(field, forms.MultipleChoiceField) else one)}
    kind = next((shape for of, shape in KINDS if isinstance(field, of)), {"type": "string"})
    longest = getattr(field, "max_length", None)
    return {**words, **kind, **({"maxLength": longest} if longest else {})}


def as_form(said: Mapping[str, Any], version: int) -> Any:
    """What was entered as the form reads it; the cells of a table one by one."""
    flat: dict[str, Any] = {"version": version}
    for name, value in said["values"].items():
        if isinstance(value, dict):
            for line, cells in value.items():
                flat |= {f"{PREFIX}{name}-{line}-{column}": _word(cell, "yes", "no") for column, cell in cells.items()}
        else:
            flat[PREFIX + name] = _word(value, "true", "false")
    flat |= {name: said[name] for name in ("outcome", "verdict", "condition", "secret")}
    return api.as_form(flat)


def _word(value: Any, yes: str, no: str) -> Any:
    """Yes and no as the form's choices say them."""
    return (yes if value else no) if isinstance(value, bool) else value


def files_of(sent: MultiValueDict[str, Any]) -> MultiValueDict[str, Any]:
    """Files that came under the keys of fields, as the form names them."""
    return MultiValueDict({f"{PREFIX}{key}": sent.getlist(key) for key in sent})


def demand_fields(form: forms.Form, sent: Iterable[str]) -> None:
    """Refuse files under a name that is no file field of the form: they would be forgotten in silence."""
    wrong = [key for key in sent if not isinstance(form.fields.get(f"{PREFIX}{key}"), forms.FileField)]
    if wrong:
        raise api.Unfit([(key, str(_("The form has no such field for files."))) for key in wrong])


def kept_files(form: shapes.Form | None, values: Mapping[str, Any] | None) -> dict[str, list[dict[str, str]]]:
    """The files of each file field of a form, those that are stored."""
    keys = [field.key for field in form.fields if field.kind == "file"] if form else []
    found = {key: [each for each in (values or {}).get(key) or [] if each.get("token")] for key in keys}
    return {key: files for key, files in found.items() if files}
