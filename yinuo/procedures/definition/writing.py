"""A `Definition` as plain data and as YAML, reading back to an equal definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from yinuo.procedures.definition.cards import Card
from yinuo.procedures.definition.shapes import (
    Allowed,
    Block,
    Choice,
    Decision,
    Definition,
    Due,
    Effect,
    EffectCall,
    Field,
    ForEach,
    Form,
    Opinions,
    Outcome,
    Sequence,
    SideBySide,
    Span,
    Step,
    Task,
    Timer,
    Wait,
    Who,
    Work,
)
from yinuo.procedures.definition.tables import LONE_OPERATORS, Condition, Table
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.definition.upgrading import FORMAT


def plain(definition: Definition) -> dict[str, Any]:
    """JSON-ready data in the format that `reading.read_plain` reads."""
    shows, reopens = definition.shows, definition.reopens
    return _filled(
        format=FORMAT,
        key=definition.key,
        subject=definition.subject,
        card=_card(definition.card),
        statuses=[
            {"key": status.key, "title": _text(status.title), "stage": status.stage} for status in definition.statuses
        ],
        shows=_filled(**{name: getattr(shows, name) for name in shows.__slots__}),
        reopens=_filled(**{name: getattr(reopens, name) for name in reopens.__slots__}),
        phases=[{"key": phase.key, "title": _text(phase.title)} for phase in definition.phases],
        forms=[_form(form) for form in definition.forms],
        facts={
            fact.name: _filled(
                title=_text(fact.title), values={value: _text(words) for value, words in fact.values.items()}
            )
            for fact in definition.facts
        },
        flow=_blocks(definition.flow),
    )


def yaml_text(definition: Definition) -> str:
    """The same as YAML, Chinese readable, fields in their usual order."""
    return yaml_of(plain(definition))


def yaml_of(data: dict[str, Any]) -> str:
    """Plain data as YAML, whether it is a definition or still to become one."""
    text: str = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, indent=2)
    return text


class _Dumper(yaml.SafeDumper):
    """Words in both languages and conditions stand on one line; nothing is written by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_dict(dumper: _Dumper, data: dict[str, Any]) -> yaml.Node:
    short = set(data) == {"zh", "en"} and sum(map(len, map(str, data.values()))) < 70
    return dumper.represent_mapping("tag:yaml.org,2002:map", data, flow_style=short)


def _represent_list(dumper: _Dumper, data: list[Any]) -> yaml.Node:
    short = all(not isinstance(member, dict | list) for member in data) and len(str(data)) < 90
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dumper.add_representer(dict, _represent_dict)
_Dumper.add_representer(list, _represent_list)


def _filled(**values: Any) -> dict[str, Any]:
    """Only what says something: a value that is its default is left out."""
    return {name: value for name, value in values.items() if value not in (None, "", False, [], {}, ())}


def _text(text: Text) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text else None


def _texts(texts: tuple[Text, ...]) -> list[dict[str, str] | None]:
    return [_text(text) for text in texts]


def _card(card: Card) -> dict[str, Any]:
    def terms(name: str) -> list[Any]:
        return [{"term": _text(term.term), "meaning": _text(term.meaning)} for term in getattr(card, name)]

    return _filled(
        number=card.number,
        edition=card.edition,
        title=_text(card.title),
        purpose=_text(card.purpose),
        scope=_text(card.scope),
        terms=terms("terms"),
        references=_texts(card.references),
        duties=[{"department": _text(duty.department), "text": _text(duty.text)} for duty in card.duties],
        resources=_texts(card.resources),
        inputs=_texts(card.inputs),
        outputs=_texts(card.outputs),
        kpis=_texts(card.kpis),
        abbreviations=terms("abbreviations"),
        attachments=_texts(card.attachments),
    )


def _form(form: Form) -> dict[str, Any]:
    return _filled(
        key=form.key,
        number=form.number,
        edition=form.edition,
        title=_text(form.title),
        fields=[_field(field) for field in form.fields],
    )


def _field(field: Field) -> dict[str, Any]:
    return _filled(
        key=field.key,
        kind=field.kind,
        label=_text(field.label),
        required=field.required,
        options=[{"key": option.key, "label": _text(option.label)} for option in field.options],
        help=_text(field.help),
        unit=field.unit,
        shown_when=_table(field.shown_when),
    )


def _table(table: Table | None) -> dict[str, Any] | None:
    if table is None:
        return None
    rows = [
        {"when": [_condition(condition) for condition in row.when], **_filled(then=row.then, note=_text(row.note))}
        for row in table.rows
    ]
    return _filled(rows=rows, otherwise=table.otherwise)


def _condition(condition: Condition) -> list[Any]:
    if condition.operator in LONE_OPERATORS:
        return [condition.field, condition.operator]
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    return [condition.field, condition.operator, value]


def _blocks(sequence: Sequence) -> list[Any]:
    return [_block(block) for block in sequence.blocks]


def _branch(branch: Sequence) -> list[Any] | dict[str, Any]:
    if branch.title:
        return {"title": _text(branch.title), "flow": _blocks(branch)}
    return _blocks(branch)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Step):
        return _step(block)
    title = _filled(title=_text(block.title), phase=block.phase)
    match block:
        case Sequence():
            return {"sequence": block.key, **title, "flow": _blocks(block)}
        case SideBySide():
            return {"side_by_side": block.key, **title, "branches": [_branch(found) for found in block.branches]}
        case Choice():
            branches = {name: _branch(branch) for name, branch in block.branches.items()}
            return {"choice": block.key, **title, "table": _table(block.table), "branches": branches}
        case ForEach():
            elements = [dict([element.split(":", 1)]) for element in block.elements]
            listed: Any = elements or {"fact": block.fact}
            return {
                "for_each": block.key,
                **title,
                "name": block.name,
                "list": listed,
                **_filled(in_sequence=block.in_sequence),
                "flow": _blocks(block.body),
            }


def _step(step: Step) -> dict[str, Any]:
    return {
        step.kind: step.key,
        **_filled(
            title=_text(step.title),
            instruction=_text(step.instruction),
            who=_who(step.who),
            form=step.form,
            status=step.status,
            phase=step.phase,
            due=_due(step.due),
            remind=[_span(span) for span in step.remind],
            escalate=[{"after": _span(rule.after), "to": _who(rule.to)} for rule in step.escalate],
            duty=_text(step.duty),
            passes_on=_text(step.passes_on),
            gate=step.gate,
        ),
        **_work(step.work),
        **_filled(on_open=_calls(step.on_open), on_done=_calls(step.on_done), may=_allowed(step.allowed)),
    }


def _who(who: Who | None) -> dict[str, Any] | str | None:
    if who is None:
        return None
    if who.kind == "superior":
        return "superior"
    return {who.kind: who.name, **_filled(fallback=_who(who.fallback))}


def _span(span: Span) -> dict[str, float]:
    return {span.unit: span.amount}


def _due(due: Due | None) -> dict[str, Any] | None:
    return None if due is None else {**_span(due.span), **_filled(after=due.after)}


def _call(call: EffectCall) -> dict[str, Any] | str:
    if not call.params and not call.repeatable:
        return call.name
    return _filled(effect=call.name, **{"with": dict(call.params)}, repeatable=call.repeatable)


def _calls(calls: tuple[EffectCall, ...]) -> list[Any]:
    return [_call(call) for call in calls]


def _allowed(allowed: Allowed) -> dict[str, Any]:
    flags = {name: False for name in ("reassign", "add_signer", "withdraw") if not getattr(allowed, name)}
    return flags if allowed.return_to is None else {"return_to": list(allowed.return_to), **flags}


def _outcomes(outcomes: tuple[Outcome, ...]) -> list[dict[str, Any]]:
    return [
        _filled(
            key=outcome.key,
            label=_text(outcome.label),
            meaning=_text(outcome.meaning),
            back=outcome.to,
            end=outcome.then == "end",
        )
        for outcome in outcomes
    ]


def _work(work: Work) -> Mapping[str, Any]:
    match work:
        case Task():
            return {}
        case Opinions():
            ask: Any = {"fact": work.parties_fact} if work.parties_fact else [_who(who) for who in work.parties]
            return {"mode": work.mode, "ask": ask}
        case Decision():
            sign = {} if work.sign else {"sign": False}
            return {"outcomes": _outcomes(work.outcomes), **sign, **_filled(meaning=_text(work.meaning))}
        case Wait():
            timeout: Any = {"back": work.timeout_to} if work.timeout == "back" else work.timeout
            return _filled(
                until=_table(work.until),
                events=list(work.events),
                outcomes=_outcomes(work.outcomes),
                by_hand=work.by_hand,
                timeout=None if timeout == "stay" else timeout,
                timeout_effects=_calls(work.timeout_effects),
            )
        case Timer():
            return _filled(moment=work.moment, lasts=_span(work.span) if work.span else None)
        case Effect():
            return {"run": _call(work.call)}
