"""What a task asks for: its form, its possible outcomes, what was answered, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yinuo.procedures import models
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.queries import people

SIGNER_OUTCOMES = {"agree": Text("同意", "Agree"), "disagree": Text("不同意", "Disagree")}
SIGNER_MEANING = Text("本人已审阅并签署意见", "I have read this and sign my opinion")


def form_of(definition: shapes.Definition, step: shapes.Step, task: models.Task) -> shapes.Form | None:
    """The form of a task; added signers have none."""
    if not step.form or task.kind == models.Task.Kind.SIGNER:
        return None
    return next(form for form in definition.forms if form.key == step.form)


def outcomes_of(step: shapes.Step, task: models.Task) -> dict[str, Text]:
    """The outcomes among which a decision or an added signer chooses, else the verdicts of an opinion, else none."""
    if task.kind == models.Task.Kind.SIGNER:
        return SIGNER_OUTCOMES
    if isinstance(step.work, shapes.Decision | shapes.Wait):
        return {outcome.key: outcome.label for outcome in step.work.outcomes}
    if isinstance(step.work, shapes.Opinions):
        return dict(shapes.VERDICTS)
    return {}


def meanings_of(step: shapes.Step, task: models.Task) -> dict[str, Text]:
    """What a signature on a task means, per outcome that may be chosen; empty when none is asked for."""
    if not isinstance(step.work, shapes.Decision) or not step.work.sign:
        return {}
    if task.kind == models.Task.Kind.SIGNER:
        return dict.fromkeys(SIGNER_OUTCOMES, SIGNER_MEANING)
    return {outcome.key: step.work.meaning_under(outcome) for outcome in step.work.outcomes}


def is_by_hand(step: shapes.Step, task: models.Task) -> bool:
    """Whether a task is a wait whose end somebody records."""
    return task.kind == models.Task.Kind.WAIT and isinstance(step.work, shapes.Wait) and step.work.by_hand


def needs_remark(step: shapes.Step, task: models.Task) -> frozenset[str]:
    """The outcomes that a person must explain: those that send the run back."""
    if task.kind == models.Task.Kind.SIGNER or not isinstance(step.work, shapes.Decision | shapes.Wait):
        return frozenset()
    return frozenset(outcome.key for outcome in step.work.outcomes if outcome.then == "back")


def remark_missing(label: Text) -> str:
    """What is said where an outcome that leads back was chosen without a word."""
    return _("“%(outcome)s” needs a remark: please write it.") % {"outcome": label.say(get_language() or "zh")}


def sent_back_as(definition: shapes.Definition, task: models.Task) -> Text:
    """The outcome by which somebody decided that a step is done again; nothing where they returned it (退回)."""
    if not task.returned_because:
        return NOTHING
    found = models.Task.objects.filter(run=task.run_id, closed_at=task.opened_at, condition=task.returned_because)
    decided = found.exclude(outcome="").first()
    return outcome_of(walking.step(definition, decided.step), decided) if decided is not None else NOTHING


def both(text: Text) -> dict[str, str]:
    """A text as the trail notes it."""
    return {"zh": text.zh, "en": text.en}


def outcome_of(step: shapes.Step, task: models.Task) -> Text:
    """The outcome or verdict of a finished task in words."""
    return outcomes_of(step, task).get(task.outcome or task.verdict, NOTHING)


@dataclass(frozen=True)
class Answer:
    """One field of a form that was filled in: label, value in words, files with their tokens."""

    label: Text
    value: str = ""
    files: tuple[tuple[str, str], ...] = ()


def answered(form: shapes.Form, data: Mapping[str, Any]) -> list[Answer]:
    """What was entered in a form, in words, in the order of its fields."""
    return [_answer(field, data[field.key]) for field in form.fields if data.get(field.key) not in (None, "", [])]


def _answer(field: shapes.Field, value: Any) -> Answer:
    if field.kind == "file":
        return Answer(field.label, files=tuple((file["token"], file["name"]) for file in value if "token" in file))
    return Answer(field.label, _words(field, value))


def _words(field: shapes.Field, value: Any) -> str:
    """A value in words, in the reader's language."""
    language = get_language() or "zh"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    options = {option.key: option.label.say(language) for option in field.options}
    if isinstance(value, list):
        return "、".join(_words(field, each) for each in value)
    if isinstance(value, Mapping):
        return str(value.get("label") or value.get("title") or value.get("name") or value.get("key") or "")
    text = str(value)
    if text in options:
        return options[text]
    if field.kind == "moment" and (moment := parse_datetime(text)) is not None:
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    if text.partition(":")[0] in ("person", "department", "post"):
        return people.words_of(text).say(language)
    return f"{text} {field.unit}" if field.unit else text
