"""The form of a task, made from its step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.kit import subjects
from yinuo.procedures import models, rules
from yinuo.procedures.definition import shapes
from yinuo.procedures.forms import fields
from yinuo.procedures.queries import answers, task_page

ANSWERS = ("outcome", "verdict", "condition")


@dataclass(frozen=True)
class Row:
    """One field of the step's form for the template."""

    key: str
    field: forms.BoundField
    is_hidden: bool
    files: list[dict[str, str]]


class TaskForm(forms.Form):
    """What a task asks for: the step's form fields, and the outcome or verdict with its condition.

    Fields not shown for what is entered (`rules.shown_fields`) do not count. After `is_valid`, `values` are JSON per
    field key, `new_files` the files chosen per file field.
    """

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        form: shapes.Form | None,
        facts: Mapping[str, Any],
        subject: subjects.Ref,
        outcomes: Mapping[str, Any],
        kind: str,
        explained: frozenset[str] = frozenset(),
        signs: bool = False,
        kept: Mapping[str, Any] | None = None,
        version: int = 0,
    ) -> None:
        self.form, self.facts, self.kept, self.explained = form, facts, dict(kept or {}), explained
        self.outcomes = outcomes
        initial = {"version": version, **self._initial(form, self.kept)}
        super().__init__(data, files, initial=initial)
        for field in form.fields if form else ():
            self.fields[f"f-{field.key}"] = fields.field_of(field, subject)
        self._add_outcome(outcomes, kind)
        if signs:
            self.fields["secret"] = forms.CharField(
                label=_("Signing PIN or password"),
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
                strip=False,
            )

    @staticmethod
    def _initial(form: shapes.Form | None, kept: Mapping[str, Any]) -> dict[str, Any]:
        found = {name: kept.get(name, "") for name in ANSWERS}
        for field in form.fields if form else ():
            value = kept.get(field.key)
            if value is not None and field.kind != "file":
                convert = fields.TO_INITIAL.get(field.kind)
                found[f"f-{field.key}"] = convert(value) if convert else value
        return found

    def _add_outcome(self, outcomes: Mapping[str, Any], kind: str) -> None:
        """The choice among the outcomes, with a remark; whoever records that a wait is over says what happened."""
        is_wait = kind == models.Task.Kind.WAIT
        if not outcomes and not is_wait:
            return
        choices = [(key, fields.readable(label)) for key, label in outcomes.items()]
        if kind == models.Task.Kind.OPINIONS:
            self.fields["verdict"] = fields.choice_field(choices, label=_("Opinion"))
            label, hint = _("Condition or reason"), _("Needed for “on condition” and “cannot be met”.")
        else:
            if choices:
                self.fields["outcome"] = fields.choice_field(choices, label=_("Outcome") if is_wait else _("Decision"))
            label, hint = (_("What has happened") if is_wait else _("Remark")), self._hint(outcomes)
        self.fields["condition"] = kit_forms.Text(
            label=label,
            help_text=hint,
            required=is_wait,
            max_length=fields.NOTE_LENGTH,
            widget=kit_forms.TextArea(rows=2),
        )

    def _hint(self, outcomes: Mapping[str, Any]) -> Any:
        """Under which outcomes the remark is needed."""
        named = "、".join(f"“{fields.readable(label)}”" for key, label in outcomes.items() if key in self.explained)
        return _("Needed for %(outcomes)s.") % {"outcomes": named} if named else ""

    def _clean_fields(self) -> None:
        """Whether a field must be filled in depends on what is shown, so `clean` asks for that."""
        must = {name: field.required for name, field in self.fields.items() if name.startswith("f-")}
        for name in must:
            self.fields[name].required = False
        super()._clean_fields()  # type: ignore[misc]
        for name, required in must.items():
            self.fields[name].required = required

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.form is not None:
            for fault in rules.check_values(self.form, self.draft(), self._known()):
                if not self.has_error(f"f-{fault.field}"):
                    self.add_error(f"f-{fault.field}", fields.readable(fault.words))
        if cleaned.get("verdict") in rules.NEEDS_WORDS and not cleaned.get("condition"):
            self.add_error("condition", _("Please say on which condition, or why not."))
        if cleaned.get("outcome") in self.explained and not cleaned.get("condition"):
            self.add_error("condition", answers.remark_missing(self.outcomes[cleaned["outcome"]]))
        return cleaned

    @property
    def new_files(self) -> dict[str, list[File]]:
        """The files chosen now, per file field shown."""
        return {key: self.cleaned_data[f"f-{key}"] for key in self._file_keys() if self.cleaned_data.get(f"f-{key}")}

    def _file_keys(self) -> list[str]:
        return [field.key for field in self.form.fields if field.kind == "file"] if self.form else []

    def draft(self) -> dict[str, Any]:
        """What is entered and valid so far, per field key; files chosen now stand by their names."""
        found: dict[str, Any] = {}
        for field in self.form.fields if self.form else ():
            value = self.cleaned_data.get(f"f-{field.key}")
            if field.kind == "file":
                value = [*self.kept.get(field.key, []), *({"name": file.name} for file in value or [])]
            if value not in (None, "", []):
                found[field.key] = fields.TO_JSON[field.kind](value) if field.kind in fields.TO_JSON else value
        return found

    @property
    def values(self) -> dict[str, Any]:
        """What is submitted, per field key; of files those kept before (new ones are attached by the action)."""
        keep = set(self.shown())
        found = {key: value for key, value in self.draft().items() if key in keep}
        for key in self._file_keys():
            found.pop(key, None)
            if key in keep and self.kept.get(key):
                found[key] = self.kept[key]
        return found

    def shown(self) -> list[str]:
        """The keys of the fields shown for what is entered so far (before anything: for what was kept)."""
        if self.form is None:
            return []
        entered = self.draft() if hasattr(self, "cleaned_data") else self.kept
        return [field.key for field in rules.shown_fields(self.form, entered, self._known())]

    def _known(self) -> dict[str, Any]:
        """The facts that the form's conditions ask for, with the outcome chosen so far."""
        chosen = self.answer("outcome") if hasattr(self, "cleaned_data") else self.kept.get("outcome", "")
        return {**self.facts, rules.CHOSEN: chosen}

    def answer(self, name: str) -> str:
        """The outcome, verdict or condition, "" when there is none."""
        return self.cleaned_data.get(name) or ""

    def unfinished(self) -> dict[str, Any]:
        """The draft with outcome, verdict and condition, to be kept."""
        files = {key: self.kept[key] for key in self._file_keys() if self.kept.get(key)}
        without_new = {key: value for key, value in self.draft().items() if key not in self._file_keys()}
        answers = {name: self.answer(name) for name in ANSWERS if self.answer(name)}
        for field in self.form.fields if self.form else ():
            # Fields of rooms above may keep what is not complete yet.
            made = self.fields[f"f-{field.key}"]
            if f"f-{field.key}" not in self.cleaned_data and hasattr(made, "unfinished"):
                without_new[field.key] = made.unfinished(self[f"f-{field.key}"].data)
        return {**without_new, **files, **answers}

    def rows(self) -> list[Row]:
        """For the template: the fields in order, which are hidden now, and what was kept of files."""
        shown = set(self.shown())
        return [
            Row(
                key=field.key,
                field=self[f"f-{field.key}"],
                is_hidden=field.key not in shown,
                files=self.kept.get(field.key, []) if field.kind == "file" else [],
            )
            for field in (self.form.fields if self.form else ())
        ]


def form_for(shown: task_page.TaskPage, data: Any = None, files: Any = None, *, signs: bool = True) -> TaskForm:
    """The task's form, filled with the draft."""
    return TaskForm(
        data,
        files,
        form=shown.form,
        facts=shown.form_facts,
        subject=shown.task.subject,
        outcomes=shown.outcomes,
        kind=shown.task.kind,
        explained=answers.needs_remark(shown.step, shown.task),
        signs=signs and shown.signs,
        kept=shown.task.draft,
        version=shown.task.version,
    )
