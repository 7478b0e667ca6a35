"""Whether the forms of a definition can be filled in: their numbers, kinds, options and shown fields."""

from __future__ import annotations

from collections.abc import Iterator

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.checking_values import comparison_mistakes_of, field_values
from yinuo.procedures.definition.mistakes import Known, Mistake, unknown
from yinuo.procedures.definition.shapes import FIELD_KINDS, Decision, Form, Wait


def form_mistakes_of(plan: walking.Plan, known: Known) -> Iterator[Mistake]:
    """Every mistake in the forms."""
    numbers: dict[str, str] = {}
    for at, form in enumerate(plan.definition.forms):
        if form.number and form.number in numbers:
            yield Mistake(
                "",
                ("forms", at, "number"),
                f"表单编号“{form.number}”已用于“{numbers[form.number]}”。",
                f"The form number “{form.number}” is already that of “{numbers[form.number]}”.",
            )
        numbers.setdefault(form.number, form.key)
        for number, field in enumerate(form.fields):
            where = ("forms", at, "fields", number)
            kinds = known.field_kinds
            if field.kind and field.kind not in FIELD_KINDS and kinds is not None and field.kind not in kinds:
                yield Mistake("", (*where, "kind"), *unknown("字段类型", "field kind", field.kind))
            if field.kind in ("choice", "choices") and not field.options:
                yield Mistake("", (*where, "options"), "选择字段没有选项。", "The choice field has no options.")
        yield from _shown(plan, form, at)


def _shown(plan: walking.Plan, form: Form, at: int) -> Iterator[Mistake]:
    """What fields are shown for: earlier fields of the form, or the outcome chosen beside it."""
    outcomes = outcomes_beside(plan, form)
    for number, field in enumerate(form.fields):
        earlier = {before.key: field_values(before) for before in form.fields[:number]}
        if outcomes:
            earlier.setdefault("outcome", ("choice", outcomes))  # `rules.CHOSEN`
        for row_at, row in enumerate(field.shown_when.rows if field.shown_when else ()):
            where = ("forms", at, "fields", number, "shown_when", "rows", row_at)
            if row.then != "show":
                yield Mistake("", (*where, "then"), "此处只能是 show。", "Only “show” can stand here.")
            for condition_at, condition in enumerate(row.when):
                if "." in condition.field:
                    continue
                if condition.field not in earlier:
                    yield Mistake(
                        "",
                        (*where, "when", condition_at, 0),
                        f"“{condition.field}”不是本表单中在前的字段。",
                        f"“{condition.field}” is no earlier field of this form.",
                    )
                else:
                    yield from comparison_mistakes_of(
                        "", condition, *earlier[condition.field], (*where, "when", condition_at)
                    )


def outcomes_beside(plan: walking.Plan, form: Form) -> frozenset[str]:
    """The outcomes that may be chosen beside a form, if one is chosen on every step that uses it."""
    works = [step.work for step in plan.steps() if step.form == form.key]
    if not works or not all(isinstance(work, Decision | Wait) for work in works):
        return frozenset()
    return frozenset(found.key for work in works if isinstance(work, Decision | Wait) for found in work.outcomes)
