"""Field kinds of procedures: how a value is asked, and how it becomes JSON and back."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.files import File
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit import plugs, subjects
from yinuo.org import queries as org_queries
from yinuo.procedures.definition import shapes
from yinuo.procedures.queries import people

RADIO_UP_TO = 5  # more options than this are a list to choose from
NOTE_LENGTH = 20_000


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class Files(forms.FileField):
    """Several files. Cleaned value: list of files."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FilesInput(attrs={"data-drop": "", "multiple": ""}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        several = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(each, None) for each in several]


def readable(text: Any) -> str:
    """A bilingual text in the reader's language."""
    return str(text.say(get_language() or "zh"))


def choice_field(choices: Sequence[tuple[str, str]], **kwargs: Any) -> forms.ChoiceField:
    """Radio buttons while they are few, else a select."""
    if len(choices) <= RADIO_UP_TO:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **kwargs)
    return forms.ChoiceField(choices=[("", "—"), *choices], **kwargs)


def _number(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _people() -> list[tuple[str, str]]:
    found = org_queries.people().only("name", "employee_number")
    return [(people.party_of(person), f"{person.name} {person.employee_number or ''}".strip()) for person in found]


class PersonField(forms.ChoiceField):
    """One person of the company; the value is a party word ("person:0102")."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", ""), *_people()], widget=forms.Select(attrs={"data-search": ""}), **kwargs)


class Departments(forms.MultipleChoiceField):
    """Departments; the value is a list of party words ("department:quality")."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(f"department:{each.code}", each.name) for each in org_queries.departments()]
        super().__init__(choices=choices, widget=forms.SelectMultiple(attrs={"data-search": ""}), **kwargs)


def _yesno(**kwargs: Any) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[("true", _("Yes")), ("false", _("No"))],
        coerce=lambda value: value == "true",
        empty_value=None,
        widget=forms.RadioSelect,
        **kwargs,
    )


def _options(field: shapes.Field) -> list[tuple[str, str]]:
    return [(option.key, readable(option.label)) for option in field.options]


BUILDERS: dict[str, Callable[[shapes.Field, dict[str, Any]], forms.Field]] = {
    "text": lambda field, common: kit_forms.Text(max_length=500, **common),
    "note": lambda field, common: kit_forms.Text(max_length=NOTE_LENGTH, widget=kit_forms.TextArea(), **common),
    "number": lambda field, common: forms.FloatField(widget=forms.NumberInput(attrs={"step": "any"}), **common),
    "date": lambda field, common: kit_forms.Day(widget=kit_forms.DateInput(), **common),
    "moment": lambda field, common: kit_forms.Moment(widget=kit_forms.MomentInput(), **common),
    "choice": lambda field, common: choice_field(_options(field), **common),
    "choices": lambda field, common: forms.MultipleChoiceField(
        choices=_options(field), widget=forms.CheckboxSelectMultiple, **common
    ),
    "yesno": lambda field, common: _yesno(**common),
    "person": lambda field, common: PersonField(**common),
    "file": lambda field, common: Files(**common),
}
TO_JSON: dict[str, Callable[[Any], Any]] = {
    "number": _number,
    "date": lambda value: value.isoformat(),
    "moment": _moment,
    "choices": list,
}
TO_INITIAL: dict[str, Callable[[Any], Any]] = {
    "date": lambda value: parse_date(str(value)),
    "moment": lambda value: parse_datetime(str(value)),
    "yesno": lambda value: {True: "true", False: "false"}.get(value, ""),
}


def field_of(field: shapes.Field, subject: subjects.Ref) -> forms.Field:
    """The Django field of a form field: built in, or of a kind that a room above plugged in."""
    label = readable(field.label) + (f"（{field.unit}）" if field.unit else "")
    common = {"label": label, "required": field.required, "help_text": readable(field.help)}
    builder = BUILDERS.get(field.kind)
    if builder is not None:
        return builder(field, common)
    made: forms.Field = plugs.field_kinds.get(field.kind).function(field, subject)
    made.label, made.required, made.help_text = label, field.required, made.help_text or readable(field.help)
    return made
