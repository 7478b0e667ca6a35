"""What a task asks for: its form, its possible outcomes, what was answered, in words."""

from yinuo.procedures import models
from yinuo.procedures.definition import shapes
from yinuo.procedures.definition.texts import NOTHING, Text

SIGNER_OUTCOMES = {"agree": Text("同意", "Agree"), "disagree": Text("不同意", "Disagree")}


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


def outcome_of(step: shapes.Step, task: models.Task) -> Text:
    """The outcome or verdict of a finished task in words."""
    return outcomes_of(step, task).get(task.outcome or task.verdict, NOTHING)
