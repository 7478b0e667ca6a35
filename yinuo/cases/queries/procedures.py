"""The procedures by which cases may run: which, which one for a case, what statuses they know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from yinuo.cases import models
from yinuo.cases.engine import choosing
from yinuo.org import queries as org_queries
from yinuo.procedures import models as procedure_models
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.queries import definitions
from yinuo.procedures.queries import runs as run_queries


@dataclass(frozen=True)
class Choice:
    """A procedure for a case, and why this one."""

    key: str
    why: Text


def in_force() -> list[tuple[procedure_models.Procedure, shapes.Definition]]:
    """The published procedures whose runs are about cases (or about anything), with what they say."""
    found = []
    for row in definitions.in_force():
        if row.current is not None:
            definition = definitions.definition_of(row.current)
            if definition.subject in ("", models.Case.subject_type):
                found.append((row, definition))
    return found


def to_choose() -> list[tuple[str, str]]:
    """The same, as they are offered."""
    return [(row.key, f"{row.number} {row.name}") for row, _definition in in_force()]


def statuses() -> list[tuple[str, str]]:
    """The statuses of all procedures for cases that are no words of the product's own, each said once."""
    language = get_language() or "zh"
    found: dict[str, str] = {}
    for _row, definition in in_force():
        for status in definition.statuses:
            if status.key not in models.STATE_GROUPS:
                found.setdefault(status.key, status.title.say(language))
    return list(found.items())


def knows_of(run: procedure_models.Run | None) -> dict[str, bool]:
    """Whether the case's procedure makes plans, and judges items one by one: what it knows nothing of is not shown."""
    if run is None:
        return {"plans": True, "judges": True}
    definition = run_queries.definition_of(run)
    works = [step.work for step in walking.steps(definition)]
    kinds = {field.kind for form in definition.forms for field in form.fields}
    return {
        "plans": any(isinstance(work, shapes.Effect) and work.call.name == "cases.issue_plan" for work in works),
        "judges": "cases.verdicts" in kinds,
    }


def choice_for(case: models.Case, kinds: Collection[str], convention: models.Convention) -> Choice:
    """The procedure for a case, as the company's table decides; the case need not be saved."""
    table = convention.procedures
    if not table.get("rows"):
        return Choice(*choosing.chosen(table, {}))
    facts: dict[str, Any] = {
        "cases.customer": case.customer.code if case.customer_id else "",
        "cases.channel": case.channel,
        "cases.kinds": sorted(set(kinds)),
        "cases.is_safety": case.is_safety,
        "cases.site": org_queries.sites().filter(pk=case.site_id or 0).values_list("code", flat=True).first() or "",
    }
    return Choice(*choosing.chosen(table, facts))
