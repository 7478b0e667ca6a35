"""Tables inside procedure steps: one line per item or action, each cell a control; the value is a list of lines.

`case_id` is the subject's; the lines are read when the field is made. What comes back is plain JSON.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases.queries import people as people_queries
from yinuo.org import models as org
from yinuo.org import queries as org_queries

YES_NO = [("", ""), ("yes", _("yes")), ("no", _("no"))]
MOST_LINES = 100


@dataclass
class Line:
    """One line: its key within the table, what stands at its head, what is filled in, and fixed values."""

    key: str
    number: str = ""
    head: str = ""
    note: str = ""
    filled: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    is_new: bool = False


class TableWidget(forms.Widget):
    """Draws the lines; names of controls are `<field>-<line>-<column>`."""

    template_name = "cases/widgets/table.html"

    def __init__(self, lines: Sequence[Line], columns: Mapping[str, forms.Field]) -> None:
        super().__init__()
        self.lines, self.columns = lines, columns

    def lines_in(self, data: Mapping[str, Any], name: str) -> list[Line]:
        """The table's lines, and new ones that were added on the page."""
        keys = {line.key for line in self.lines}
        pattern = re.compile(rf"{re.escape(name)}-(n\d{{1,3}})-")
        added = {match.group(1) for key in data if (match := pattern.match(key))} - keys if self.grows else set()
        fixed = next((line.fixed for line in self.lines if line.is_new), {})
        ordered = sorted(added, key=lambda key: int(key[1:]))
        return [*self.lines, *(Line(key=key, fixed=fixed, is_new=True) for key in ordered)]

    @property
    def grows(self) -> bool:
        return any(line.is_new for line in self.lines)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> dict[str, dict[str, Any]]:
        self.lines = self.lines_in(data, name)
        return {
            line.key: {
                column: each.widget.value_from_datadict(data, files, f"{name}-{line.key}-{column}")
                for column, each in self.columns.items()
            }
            for line in self.lines
        }

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        entered = value if isinstance(value, dict) else {}
        context["columns"] = [(key, each.label) for key, each in self.columns.items()]
        context["lines"] = [
            {"line": line, "cells": list(self._cells(name, line, entered.get(line.key)))} for line in self.lines
        ]
        context["grows"], context["most"] = self.grows, MOST_LINES
        if self.grows:
            fresh = Line(key="n__", is_new=True)
            context["fresh"] = [{"line": fresh, "cells": list(self._cells(name, fresh, None))}]
        return context

    def _cells(self, name: str, line: Line, entered: Mapping[str, Any] | None) -> Iterator[tuple[str, Any, str]]:
        for column, each in self.columns.items():
            value = (entered or {}).get(column, line.filled.get(column, each.initial or ""))
            value = as_word(value) if isinstance(value, bool) else value
            control = f"{name}-{line.key}-{column}"
            style = "form-select" if isinstance(each.widget, forms.Select) else "form-control"
            attrs = {"id": f"id_{control}", "aria-label": f"{line.number or line.head} {each.label}", "class": style}
            yield column, each.label, each.widget.render(control, each.prepare_value(value), attrs)


class TableField(forms.Field):
    """A table; its cleaned value is a list of dictionaries, the draft of which is the same list."""

    def __init__(self, lines: Sequence[Line], columns: Mapping[str, forms.Field], **kwargs: Any) -> None:
        self.lines, self.columns = lines, columns
        super().__init__(widget=TableWidget(lines, columns), **kwargs)

    @property
    def all_lines(self) -> Sequence[Line]:
        """The lines, those added on the page included."""
        return self.widget.lines if isinstance(self.widget, TableWidget) else self.lines

    def add_lines(self, lines: Sequence[Line]) -> None:
        """Show further lines behind those that are there."""
        self.lines = [*self.lines, *lines]
        if isinstance(self.widget, TableWidget):
            self.widget.lines = self.lines

    def prepare_value(self, value: Any) -> Any:
        """A draft (list of lines) as what the widget shows."""
        if not isinstance(value, list):
            return value
        by_key = {self.key_of(line): line for line in value if isinstance(line, dict)}
        return {key: line for key, line in by_key.items() if key}

    def key_of(self, line: Mapping[str, Any]) -> str:
        return str(line.get("item") or "")

    def clean(self, value: Any) -> list[dict[str, Any]]:
        entered = value if isinstance(value, dict) else {}
        found, faults = [], []
        for line in self.all_lines:
            cells = entered.get(line.key, {})
            if self.is_blank(line, cells):
                continue
            cleaned, wrong = self._clean_line(line, cells)
            faults += wrong or self.faults_in(line, cleaned)
            found.append({**line.fixed, **cleaned, "label": self.label_of(line, cells)})
        if len(found) > MOST_LINES and any(line.is_new for line in self.all_lines):
            words = say("These are %(n)s lines; at most %(most)s are taken at once. Please split them.")
            faults = [words % {"n": len(found), "most": MOST_LINES}]
        if faults:
            raise forms.ValidationError(faults)
        if self.required and not found:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return found

    def unfinished(self, value: Any) -> list[dict[str, Any]]:
        """What is entered so far as a draft keeps it, complete or not."""
        entered = value if isinstance(value, dict) else {}
        cells = {line.key: entered.get(line.key, {}) for line in self.all_lines}
        kept = [line for line in self.all_lines if any(str(cell or "").strip() for cell in cells[line.key].values())]
        return [{**line.fixed, **cells[line.key]} for line in kept]

    def _clean_line(self, line: Line, cells: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
        cleaned, wrong = {}, []
        for column, each in self.columns.items():
            try:
                cleaned[column] = _plain(each.clean(cells.get(column)))
            except forms.ValidationError as error:
                cleaned[column] = None
                wrong.append(f"{self.words_of(line)} · {each.label}: {' '.join(error.messages)}")
        return cleaned, wrong

    def label_of(self, line: Line, cells: Mapping[str, Any]) -> str:
        """The line in words, for whoever reads the submitted form later."""
        said = []
        for column, each in self.columns.items():
            value = str(cells.get(column) or "").strip()
            if value and isinstance(each, forms.ChoiceField):
                choices: Any = each.choices
                value = next((str(words) for key, words in choices if str(key) == value), value)
            if value:
                said.append(value)
        return " · ".join([line.number, *said] if line.number else said)[:500]

    def words_of(self, line: Line) -> str:
        return say("Item %(n)s") % {"n": line.number} if line.number else line.head or say("New line")

    def is_blank(self, line: Line, cells: Mapping[str, Any]) -> bool:
        """Whether nothing was entered in a line that may be left out."""
        return line.is_new and not any(str(cells.get(column) or "").strip() for column in self.columns)

    def faults_in(self, line: Line, cleaned: Mapping[str, Any]) -> list[str]:
        """What does not fit together within a line."""
        return []

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def day_of(text: Any) -> date | None:
    """A day as a table gives it."""
    return date.fromisoformat(text) if isinstance(text, str) and text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, org.Person):
        return value.pk
    return {"yes": True, "no": False}.get(value, value) if isinstance(value, str) else value


def as_word(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


class PersonSelect(forms.Select):
    """Somebody of the company, searched for by typing: only the chosen one is in the page."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-search": reverse_lazy("cases:person_suggestions")})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        ids = [int(each) for each in value if each.isascii() and each.isdigit() and len(each) < 19]
        chosen = [(str(pk), words) for pk, words in people_queries.people_words(ids).items()]
        options = [("", ""), *chosen]
        return [
            (None, [self.create_option(name, key, words, key in value, at)], at)
            for at, (key, words) in enumerate(options)
        ]


class PersonField(forms.Field):
    """Somebody who works here; the value is their key."""

    widget = PersonSelect

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else str(value)

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        if not text.isascii() or not text.isdigit() or len(text) > 18:
            raise forms.ValidationError(say("Please choose somebody from the list."))
        if not org_queries.people().filter(pk=int(text)).exists():
            raise forms.ValidationError(say("Please choose somebody from the list."))
        return int(text)
