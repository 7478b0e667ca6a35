"""Forms around the editor: beginning a draft, reading a text in, publishing, discarding, trying out, moving runs."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.kit import forms as kit_forms
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.definition import editing
from yinuo.procedures.engine import questioning
from yinuo.procedures.forms import fields
from yinuo.procedures.forms.sheets import controls
from yinuo.procedures.queries import definitions, trials

LARGEST = 400_000


def _owner(**kwargs: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        label=_("Post that owns the procedure"),
        queryset=org.Post.objects.none(),
        required=False,
        empty_label="—",
        **kwargs,
    )


class NewDraftForm(kit_forms.OnceForm):
    """A new procedure: from nothing, as a copy of another, or from a text."""

    title = kit_forms.Text(label=pgettext_lazy("editor", "Title"), max_length=200)
    number = kit_forms.Text(label=pgettext_lazy("document", "Number"), max_length=60)
    owner_post = _owner()
    copied = forms.ModelChoiceField(
        label=_("Begin as a copy of"), queryset=models.Procedure.objects.none(), required=False,
        empty_label=_("nothing: a blank procedure"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_post"].queryset = org_queries.posts()  # type: ignore[attr-defined]
        known = definitions.procedures().filter(current__isnull=False)
        self.fields["copied"].queryset = known  # type: ignore[attr-defined]


class TextForm(forms.Form):
    """A procedure's text, pasted or as a file."""

    file = forms.FileField(label=_("YAML file"), required=False)
    source = forms.CharField(
        label=pgettext_lazy("editor", "Text"),
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is not None and file.size <= LARGEST:
            try:
                cleaned["source"] = file.read().decode("utf-8")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not UTF-8 text."))
        elif file is not None:
            self.add_error("file", _("This file is too large for a procedure."))
        if not (cleaned.get("source") or "").strip() and not self.errors:
            self.add_error("source", _("Please paste the text or choose a file."))
        return cleaned


class ReadInForm(kit_forms.VersionedForm, TextForm):
    """A text for a draft, from the version that the person saw."""


class DiscardForm(kit_forms.VersionedForm):
    reason = kit_forms.Text(label=_("Reason"), max_length=500, widget=kit_forms.TextArea(rows=2))


class PublishDraftForm(kit_forms.VersionedForm):
    """Why this edition, who is to be trained on it, and the signature."""

    reason = kit_forms.Text(label=_("Reason for the new edition"), max_length=500, widget=kit_forms.TextArea(rows=2))
    owner_post = _owner()
    departments = kit_forms.Several(
        label=_("Departments to be trained on it"), queryset=org.Department.objects.none(), required=False,
        widget=forms.SelectMultiple(attrs={"data-search": ""}),
        help_text=_("The head of each gets a task."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Signing PIN or password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_post"].queryset = org_queries.posts()  # type: ignore[attr-defined]
        self.fields["departments"].queryset = org_queries.departments()  # type: ignore[attr-defined]


class EditForm(forms.Form):
    """One edit as the editor sends it."""

    version = forms.IntegerField()
    do = forms.CharField(max_length=20)
    path = forms.CharField(max_length=2000, required=False)
    at = forms.CharField(max_length=2000, required=False)
    value = forms.CharField(max_length=30_000, required=False, strip=False)
    read_as = forms.ChoiceField(
        choices=[(each, each) for each in ("word", "number", "flag", "scalar", "scalars", "json")], required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["path"] = controls.read_path(cleaned.get("path") or "[]")
        cleaned["at"] = controls.read_path(cleaned.get("at") or "[]")
        cleaned["value"] = _read(cleaned.get("value") or "", cleaned.get("read_as") or "word")
        return cleaned


def _read(text: str, read_as: str) -> Any:
    """What was typed or chosen, as the definition holds it."""
    text = text.replace("\r\n", "\n")
    match read_as:
        case "flag":
            return text == "true"
        case "number":
            found = editing.scalar(text)
            return found if isinstance(found, int | float) and not isinstance(found, bool) else None
        case "scalar":
            return editing.scalar(text)
        case "scalars":
            parts = text.replace("，", ",").replace("、", ",").split(",")
            return [editing.scalar(part) for part in parts if part.strip()]
        case "json":
            try:
                return json.loads(text) if text else None
            except ValueError:
                return None
    return "".join(sign for sign in text if sign in "\n\t" or (sign >= " " and sign != "\x7f")).strip()


class TrialForm(forms.Form):
    """What is invented for a trial: the matter, the start, and whatever the definition asks."""

    about = forms.ChoiceField(
        label=pgettext_lazy("editor", "For"), required=False, widget=forms.Select(attrs={"data-search": ""})
    )
    start = kit_forms.Moment(label=pgettext_lazy("editor", "Begins"), required=False)

    def __init__(self, data: Any, *, questions: tuple[questioning.Question, ...], person: org.Person) -> None:
        super().__init__(data)
        self.questions = {f"q-{question.name}": question for question in questions}
        offered = trials.subjects_for(person)
        kinds = {kind: fields.readable(trials.kind_words(kind)) for _value, _label, kind in offered}
        named = [(value, f"{kinds[kind]} {label}") for value, label, kind in offered]
        self.fields["about"].choices = [("", _("an invented matter")), *named]  # type: ignore[attr-defined]
        for name, question in self.questions.items():
            self.fields[name] = _field(question)

    def answers(self) -> dict[str, Any]:
        """What was invented, as facts."""
        found = {}
        for name, question in self.questions.items():
            value = self.cleaned_data.get(name)
            if value not in (None, "", []):
                found[question.name] = _answer(question, value)
        return found

    def begins(self, now: datetime) -> datetime:
        return self.cleaned_data.get("start") or now


def _field(question: questioning.Question) -> forms.Field:
    label = fields.readable(question.title)
    common: dict[str, Any] = {"label": label[:1].upper() + label[1:], "required": False}
    options = [(key, fields.readable(words)) for key, words in question.options.items()]
    match question.kind:
        case "choice":
            return forms.ChoiceField(choices=[("", "—"), *options], **common)
        case "choices":
            return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **common)
        case "yesno":
            return forms.ChoiceField(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))], **common)
        case "number":
            return forms.FloatField(widget=forms.NumberInput(attrs={"step": "any"}), **common)
        case "count":
            how_many = pgettext_lazy("editor", "how many") if get_language() else ""
            return forms.IntegerField(min_value=0, max_value=questioning.MOST, help_text=how_many, **common)
        case "date":
            return kit_forms.Day(**common)
        case "party":
            return fields.PersonField(**common)
        case "departments":
            return fields.Departments(**common)
    return kit_forms.Text(max_length=200, **common)


def _answer(question: questioning.Question, value: Any) -> Any:
    if question.kind == "yesno":
        return value == "true"
    if question.kind == "date":
        return value.isoformat()
    return value


class MoveRunsForm(forms.Form):
    """Why live runs are moved to the edition in force."""

    reason = kit_forms.Text(label=_("Reason"), max_length=2000, widget=kit_forms.TextArea(rows=2))
