"""Decisions of procedures: tables read against facts, form values, which due moment counts. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import VERDICTS, Decision, Definition, Due, Fact, Field, Form, Json, Wait
from yinuo.procedures.definition.tables import OPERATORS, Condition, Row, Table
from yinuo.procedures.definition.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a table decided: `outcome`, `row` (0-based, -1 = otherwise), `why` in words."""

    outcome: str
    row: int
    why: Text


def decide(table: Table, facts: Mapping[str, Json], words: Mapping[str, Fact] | None = None) -> Verdict:
    """The first row that holds, and why, in words.

    A missing fact is empty: nothing holds of it but `empty`, `is not` and `not in`. Never raises: values that
    cannot be compared do not match. `words` are those of `fact_words`; without them facts appear by name.
    """
    for at, row in enumerate(table.rows):
        if all(holds(condition, facts) for condition in row.when):
            return Verdict(outcome=row.then, row=at, why=why(row, words or {}))
    return Verdict(outcome=table.otherwise, row=-1, why=NONE_HOLDS)


NONE_HOLDS = Text("以上各行均不成立", "none of the rows holds")


NEEDS_WORDS = frozenset({"conditional", "cannot"})  # verdicts that need a condition or reason in words

# ── conditions ──────────────────────────────────────────────────────────────────────────────────────────────


def holds(condition: Condition, facts: Mapping[str, Json]) -> bool:
    """Whether one condition holds."""
    return _HOLDS[condition.operator](facts.get(condition.field), condition.value, facts)


def _is_empty(fact: Json) -> bool:
    return fact is None or fact == "" or fact == [] or fact == {}


def _same(fact: Json, value: Any) -> bool:
    """Equal, but true is not 1; yes and no may be written as words."""
    if isinstance(fact, bool) or isinstance(value, bool):
        return _as_bool(fact) is not None and _as_bool(fact) == _as_bool(value)
    return fact == value


def _as_bool(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"yes": True, "no": False}.get(value) if isinstance(value, str) else None


def _compared(test: Callable[[float, float], bool]) -> Callable[[Json, Any, Mapping[str, Json]], bool]:
    def holds_(fact: Json, value: Any, facts: Mapping[str, Json]) -> bool:
        if not _is_number(fact) or not _is_number(value):
            return False
        return test(fact, value)  # type: ignore[arg-type]

    return holds_


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _between(fact: Json, value: Any, facts: Mapping[str, Json]) -> bool:
    if _is_number(fact) and all(map(_is_number, value)):
        return bool(value[0] <= fact <= value[1])
    days = [_moment(part) for part in (value[0], fact, value[1])]
    return all(days) and not _earlier(days[1], days[0]) and not _earlier(days[2], days[1])


def _contains(fact: Json, value: Any, facts: Mapping[str, Json]) -> bool:
    if isinstance(fact, str):
        return isinstance(value, str) and value != "" and value in fact
    return isinstance(fact, list) and any(_same(member, value) for member in fact)


def _in_time(fact: Json, value: Any, facts: Mapping[str, Json], *, before: bool) -> bool:
    moment, other = _moment(fact), _moment(value)
    if other is None and isinstance(value, str):
        other = _moment(facts.get(value))
    if moment is None or other is None:
        return False
    return _earlier(moment, other) if before else _earlier(other, moment)


def _moment(value: Any) -> date | datetime | None:
    """An ISO day or moment; a moment without zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        if len(value) == len("2026-03-01"):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _earlier(one: date | datetime | None, other: date | datetime | None) -> bool:
    """Strictly earlier; a day and a moment are compared by their days as written."""
    if one is None or other is None:
        return False
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    day = one.date() if isinstance(one, datetime) else one
    other_day = other.date() if isinstance(other, datetime) else other
    return day < other_day


_HOLDS: dict[str, Callable[[Json, Any, Mapping[str, Json]], bool]] = {
    "is": lambda fact, value, _: _same(fact, value),
    "is not": lambda fact, value, _: not _same(fact, value),
    "in": lambda fact, value, _: any(_same(fact, member) for member in value),
    "not in": lambda fact, value, _: not any(_same(fact, member) for member in value),
    ">": _compared(lambda fact, value: fact > value),
    ">=": _compared(lambda fact, value: fact >= value),
    "<": _compared(lambda fact, value: fact < value),
    "<=": _compared(lambda fact, value: fact <= value),
    "between": _between,
    "contains": _contains,
    "empty": lambda fact, _, __: _is_empty(fact),
    "not empty": lambda fact, _, __: not _is_empty(fact),
    "before": lambda fact, value, facts: _in_time(fact, value, facts, before=True),
    "after": lambda fact, value, facts: _in_time(fact, value, facts, before=False),
}

# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────


def fact_words(definition: Definition) -> dict[str, Fact]:
    """Words for the facts of a definition: declared ones, and results and form fields of its own steps."""
    words = {fact.name: fact for fact in definition.facts}
    forms = {form.key: form for form in definition.forms}
    for step in walking.steps(definition):
        zh, en = step.title.zh, step.title.en
        if isinstance(step.work, Decision | Wait):
            values = {outcome.key: outcome.label for outcome in step.work.outcomes}
            name = f"{step.key}.outcome"
            words[name] = Fact(name=name, title=Text(f"“{zh}”的结果", f"the outcome of “{en}”"), values=values)
        if step.kind == "opinions":
            name = f"{step.key}.verdict"
            words[name] = Fact(name=name, title=Text(f"“{zh}”的结论", f"the verdict of “{en}”"), values=VERDICTS)
        for field in forms[step.form].fields if step.form in forms else ():
            name = f"{step.key}.{field.key}"
            options = {option.key: option.label for option in field.options}
            title = Text(f"“{zh}”的{field.label.zh}", f"{field.label.en} of “{en}”")
            words[name] = Fact(name=name, title=title, values=options)
    return words


def condition_words(condition: Condition, words: Mapping[str, Fact]) -> Text:
    """One condition in words: 「优先级为安全」, "priority is safety"."""
    fact = words.get(condition.field)
    title = fact.title if fact and fact.title else Text(condition.field, condition.field)
    operator = OPERATORS[condition.operator]
    if condition.operator in ("empty", "not empty"):
        return Text(f"{title.zh}{operator.zh}", f"{title.en} {operator.en}")
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    said = [_value_words(value, fact, words) for value in values]
    joint_zh, joint_en = ("至", " and ") if condition.operator == "between" else ("、", ", ")
    return Text(
        f"{title.zh}{operator.zh}{joint_zh.join(word.zh for word in said)}",
        f"{title.en} {operator.en} {joint_en.join(word.en for word in said)}",
    )


def row_words(when: tuple[Condition, ...], words: Mapping[str, Fact]) -> Text:
    """All conditions of a row in words."""
    said = [condition_words(condition, words) for condition in when]
    if not said:
        return Text("任何情况", "in any case")
    return Text("，且".join(word.zh for word in said), " and ".join(word.en for word in said))


def short_words(condition: Condition, words: Mapping[str, Fact]) -> Text:
    """One condition in as few words as will do beside a line of a chart: 「不能满足」, "times repeated ≥ 3"."""
    fact = words.get(condition.field)
    sign = _SIGNS.get(condition.operator)
    if sign is None or fact is None or isinstance(condition.value, tuple):
        return condition_words(condition, words)
    value = _value_words(condition.value, fact, words)
    if sign == "=" and condition.value is True:
        return fact.title
    if sign == "=" and str(condition.value) in fact.values:
        return value
    return Text(f"{fact.title.zh} {sign} {value.zh}", f"{fact.title.en} {sign} {value.en}")


_SIGNS = {"is": "=", "is not": "≠", ">": ">", ">=": "≥", "<": "<", "<=": "≤"}


def _value_words(value: Any, fact: Fact | None, words: Mapping[str, Fact]) -> Text:
    if fact and str(value) in fact.values:
        return fact.values[str(value)]
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, str) and value in words and words[value].title:
        return words[value].title
    return Text(str(value), str(value))


def why(row: Row, words: Mapping[str, Fact]) -> Text:
    """Why a row decided: its note, and what it asks."""
    said = row_words(row.when, words)
    return Text(f"{row.note.zh}（{said.zh}）", f"{row.note.en} ({said.en})") if row.note else said


# ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFault:
    """One wrong value of a form: field key and words."""

    field: str
    words: Text


CHOSEN = "outcome"  # by this name a form's fields ask for the outcome chosen beside them


def shown_fields(form: Form, data: Mapping[str, Json], facts: Mapping[str, Json]) -> tuple[Field, ...]:
    """The fields of a form that are asked now, given what is entered so far (fields by their bare key) and facts,
    the outcome chosen among them (`CHOSEN`). What was entered in a field that is not shown does not count."""
    shown: list[Field] = []
    entered: dict[str, Json] = {}
    for field in form.fields:
        if field.shown_when is None or decide(field.shown_when, {**facts, **entered}).outcome == "show":
            shown.append(field)
            if field.key in data:
                entered[field.key] = data[field.key]
    return tuple(shown)


def check_values(form: Form, data: Mapping[str, Json], facts: Mapping[str, Json]) -> tuple[ValueFault, ...]:
    """What is wrong with the values of a form: required and empty, wrong type, unknown option, unknown field.
    Values of fields not shown are ignored; kinds plugged in by upper rooms are only checked for being required."""
    faults: list[ValueFault] = []
    for field in shown_fields(form, data, facts):
        value = data.get(field.key)
        if _is_empty(value):
            if field.required:
                words = Text(f"请填写“{field.label.zh}”。", f"Fill in “{field.label.en}”.")
                faults.append(ValueFault(field=field.key, words=words))
        elif field.kind in _FITS and not _FITS[field.kind](value, {option.key for option in field.options}):
            words = Text(f"“{field.label.zh}”的内容无效。", f"“{field.label.en}” has no valid value.")
            faults.append(ValueFault(field=field.key, words=words))
    known = {field.key for field in form.fields}
    for key in sorted(set(data) - known):
        faults.append(ValueFault(field=key, words=Text("表单中没有这个字段。", "The form has no such field.")))
    return tuple(faults)


_FITS: dict[str, Callable[[Any, set[str]], bool]] = {
    "text": lambda value, _: isinstance(value, str) and "\n" not in value,
    "note": lambda value, _: isinstance(value, str),
    "number": lambda value, _: _is_number(value),
    "date": lambda value, _: _is_day(value),
    "moment": lambda value, _: isinstance(_moment(value), datetime),
    "choice": lambda value, options: isinstance(value, str) and value in options,
    "choices": lambda value, options: (
        isinstance(value, list) and all(isinstance(member, str) and member in options for member in value)
    ),
    "yesno": lambda value, _: isinstance(value, bool),
}


def _is_day(value: Any) -> bool:
    moment = _moment(value)
    return moment is not None and not isinstance(moment, datetime)


# ── due ─────────────────────────────────────────────────────────────────────────────────────────────────────


def due_base(due: Due, facts: Mapping[str, Json], opened_at: str) -> str:
    """The ISO day or moment a due span counts from: the fact's when it is known, else the opening."""
    value = facts.get(due.after) if due.after else None
    return value if isinstance(value, str) and _moment(value) is not None else opened_at
