"""Tables inside procedure steps: one line per item or action, each cell a control; the value is a list of lines.

`case_id` is the subject's; the lines are read when the field is made. What comes back is plain JSON.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models, queries, rules
from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries

YES_NO = [("", ""), ("yes", _("yes")), ("no", _("no"))]
BLANK_LINES = 3
MOST_LINES = 100
ISSUED = ("what", "item", "person")  # what makes an issued action the same as the line of a plan


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
        ordered = sorted(added, key=lambda key: int(key[1:]))[:MOST_LINES]
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
        context["grows"] = self.grows
        if self.grows:
            fresh = Line(key="n__", is_new=True)
            context["fresh"] = [{"line": fresh, "cells": list(self._cells(name, fresh, None))}]
        return context

    def _cells(self, name: str, line: Line, entered: Mapping[str, Any] | None) -> Iterator[tuple[str, Any, str]]:
        for column, each in self.columns.items():
            value = (entered or {}).get(column, line.filled.get(column, each.initial or ""))
            value = _as_word(value) if isinstance(value, bool) else value
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


def _items(case_id: int) -> list[models.Item]:
    return list(models.Item.objects.filter(case=case_id, withdrawn_at=None).order_by("position"))


def _item_line(item: models.Item, filled: Mapping[str, Any], note: str = "") -> Line:
    return Line(
        key=str(item.pk), number=str(item.position), head=item.text, note=note, filled=filled, fixed={"item": item.pk}
    )


def _yes_no(label: Any, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(choices=YES_NO, label=label, required=required)


def _as_word(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


class PersonSelect(forms.Select):
    """Somebody of the company, searched for by typing: only the chosen one is in the page."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-search": reverse_lazy("cases:person_suggestions")})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        ids = [int(each) for each in value if each.isascii() and each.isdigit() and len(each) < 19]
        chosen = [(str(pk), words) for pk, words in people_words(ids).items()]
        options = [("", ""), *chosen]
        return [
            (None, [self.create_option(name, key, words, key in value, at)], at)
            for at, (key, words) in enumerate(options)
        ]


def people_words(ids: Sequence[int]) -> dict[int, str]:
    """People's names with their numbers."""
    if not ids:
        return {}
    return {person.pk: person.actor_name for person in org.Person.objects.filter(pk__in=ids)}


def people_like(text: str) -> QuerySet[org.Person]:
    """Colleagues whose name, Latin name or employee number contains the text; all with an empty one."""
    people = org_queries.people()
    if not text:
        return people
    return people.filter(Q(name__icontains=text) | Q(name_latin__icontains=text) | Q(employee_number__istartswith=text))


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


def _person(label: Any, required: bool = False) -> PersonField:
    return PersonField(label=label, required=required)


def _words(label: Any, required: bool = False) -> kit_forms.Text:
    return kit_forms.Text(label=label, required=required, max_length=4000, widget=kit_forms.TextArea(2))


def _day(label: Any, required: bool = False) -> forms.DateField:
    return kit_forms.Day(label=label, required=required, widget=kit_forms.DateInput())


def _choice(choices: Any, label: Any, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(choices=[("", ""), *choices], label=label, required=required)


# The tables -----------------------------------------------------------------------------------------------------------


class ItemsField(TableField):
    """At registration: nature, reach, owner and due day of each item."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [
            _item_line(
                item, {"kind": item.kind, "applies": item.applies, "owner": item.owner_id, "due_on": item.due_on}
            )
            for item in _items(case_id)
        ]
        columns = {
            "kind": _choice(models.Kind.choices, _("Nature")),
            "applies": _choice(models.Applies.choices, _("Applies to")),
            "owner": _person(_("Owner")),
            "due_on": _day(_("Due")),
        }
        super().__init__(lines, columns, **kwargs)


class AnalysisField(TableField):
    """Authentic, feasible, reasonable, with words where one is not (S5 2(1)); what others analysed is filled in."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [
            _item_line(
                item,
                {
                    "authentic": _as_word(item.is_authentic),
                    "feasible": _as_word(item.is_feasible),
                    "reasonable": _as_word(item.is_reasonable),
                    "words": item.analysis,
                },
                note=str(item.get_kind_display()),
            )
            for item in _items(case_id)
        ]
        columns = {
            "authentic": _yes_no(_("Authentic")),
            "feasible": _yes_no(_("Feasible")),
            "reasonable": _yes_no(_("Reasonable")),
            "words": _words(_("Reason, conditions")),
        }
        super().__init__(lines, columns, **kwargs)

    def faults_in(self, line: Line, cleaned: Mapping[str, Any]) -> list[str]:
        sure = all(cleaned[part] is True for part in ("authentic", "feasible", "reasonable"))
        if sure or str(cleaned["words"] or "").strip():
            return []
        return [say("%(line)s: please give the reason.") % {"line": self.words_of(line)}]


class VerdictsField(TableField):
    """What a department says to each item: the four verdicts, with the condition or reason."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [_item_line(item, {}, note=item.analysis) for item in _items(case_id)]
        columns = {
            "verdict": _choice(models.Verdict.choices, _("Verdict")),
            "condition": _words(_("Condition or reason")),
        }
        super().__init__(lines, columns, **kwargs)

    def faults_in(self, line: Line, cleaned: Mapping[str, Any]) -> list[str]:
        if not rules.needs_words(cleaned["verdict"] or "") or str(cleaned["condition"] or "").strip():
            return []
        return [say("%(line)s: please give the condition or reason.") % {"line": self.words_of(line)}]


class WordingsField(TableField):
    """After a clarification: the words of each item as agreed; left as they are where nothing changed."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        lines = [_item_line(item, {"text": item.text}) for item in _items(case_id)]
        super().__init__(lines, {"text": _words(_("Agreed wording"), required=True)}, **kwargs)


class PlanField(TableField):
    """The plan's actions: what, for which item, who, until when; empty lines for new ones (S5 3(2))."""

    def __init__(self, case_id: int, **kwargs: Any) -> None:
        items = _items(case_id)
        standing = models.Measure.objects.filter(case=case_id).exclude(state=models.Measure.State.DROPPED)
        lines = [
            Line(
                key=f"m{each.pk}",
                number="",
                head=str(each.get_state_display()),
                filled={"what": each.what, "item": each.item_id, "person": each.person_id, "due_on": each.due_on},
                fixed={"measure": each.pk},
            )
            for each in standing.order_by("position", "pk")
        ]
        blank = max(BLANK_LINES, len(items)) if not lines else BLANK_LINES
        lines += [Line(key=f"n{at}", fixed={"measure": None}, is_new=True) for at in range(blank)]
        choices = [(item.pk, f"{item.position} {item.text[:30]}") for item in items]
        columns = {
            "what": _words(_("What"), required=True),
            "item": forms.TypedChoiceField(
                choices=[("", _("whole case")), *choices], coerce=int, empty_value=None, required=False, label=_("Item")
            ),
            "person": _person(_("Who does it"), required=True),
            "due_on": _day(_("To be done by"), required=True),
        }
        super().__init__(lines, columns, **kwargs)

    def key_of(self, line: Mapping[str, Any]) -> str:
        """Known actions by their key; new ones in the order of the draft."""
        return f"m{line['measure']}" if line.get("measure") else ""

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        shown = super().prepare_value(value)
        # A plan that is made again: its new lines of then are the known actions of now.
        known = [[line.filled[part] for part in ISSUED] for line in self.lines if not line.is_new]
        new = [
            line
            for line in value
            if isinstance(line, dict) and not line.get("measure") and [line.get(part) for part in ISSUED] not in known
        ]
        free = [line for line in self.lines if line.is_new]
        return {**shown, **{place.key: line for place, line in zip(free, new, strict=False)}}

    def is_blank(self, line: Line, cells: Mapping[str, Any]) -> bool:
        """A line whose words were emptied is left out: a known action is dropped."""
        return not str(cells.get("what") or "").strip() and (not line.is_new or super().is_blank(line, cells))


class NewItemsField(TableField):
    """At intake: the requirements one by one, as many as there are."""

    def __init__(self, texts: Sequence[str] = (), kind: str = "", **kwargs: Any) -> None:
        count = max(len(texts), 1)
        lines = [
            Line(key=f"n{at}", is_new=True, filled={"text": text, "kind": kind} if text else {})
            for at, text in enumerate([*texts, *[""] * (count - len(texts))])
        ]
        columns = {
            "text": _words(_("Requirement"), required=True),
            "kind": _choice(models.Kind.choices, _("Nature")),
            "applies": forms.ChoiceField(
                choices=models.Applies.choices, label=_("Applies to"), required=False, initial=models.Applies.CUSTOMER
            ),
            "owner": _person(_("Owner")),
            "due_on": _day(_("Due")),
        }
        super().__init__(lines, columns, **kwargs)

    def key_of(self, line: Mapping[str, Any]) -> str:
        return ""

    def is_blank(self, line: Line, cells: Mapping[str, Any]) -> bool:
        """Without words there is no requirement, whatever else was chosen."""
        return not str(cells.get("text") or "").strip()


def letter_text(case_id: int, step: str, name: str) -> str:
    """The latest text that was drafted at a step of the case's procedure, for whoever releases it."""
    return queries.latest_answer(case_id, step).get(name, "")
