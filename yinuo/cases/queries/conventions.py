"""What the company decided about its cases, and what it may choose from."""

from django.utils.translation import get_language

from yinuo.cases import models
from yinuo.procedures import models as procedures
from yinuo.procedures.definition import walking
from yinuo.procedures.queries import definitions as definition_queries


def convention() -> models.Convention:
    """What the company decided about its cases; as shipped while it decided nothing."""
    return models.Convention.objects.order_by("pk").first() or models.Convention()


def procedures_to_choose() -> list[tuple[str, str]]:
    """Procedures with an edition in force, by which cases may go."""
    rows = procedures.Procedure.objects.filter(current__isnull=False).order_by("key")
    return [(row.key, f"{row.number} {row.name}") for row in rows]


def steps_to_choose(procedure_key: str) -> list[tuple[str, str]]:
    """The steps of a procedure's edition in force to which a case may go back: those that people do."""
    row = (
        procedures.Procedure.objects.filter(key=procedure_key, current__isnull=False).select_related("current").first()
    )
    if row is None or row.current is None:
        return []
    steps = walking.steps(definition_queries.definition_of(row.current))
    language = get_language() or "zh"
    return [(step.key, step.title.say(language)) for step in steps if step.kind in ("task", "opinions", "decision")]
