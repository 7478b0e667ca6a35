"""Decision tables as rows: conditions of fact, operator and value, and where the row leads."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.tables import LIST_OPERATORS, LONE_OPERATORS
from yinuo.procedures.forms.sheets.choices import Choices
from yinuo.procedures.forms.sheets.controls import Button, Choice, Control, Maker, Row, json_word, value_at

NEW_CONDITION = ["", "is", ""]


def table(
    make: Maker,
    choices: Choices,
    where: Path,
    label: str,
    leads: Sequence[Choice],
    *,
    path: Path,
    optional: bool = False,
    fields: Sequence[tuple[Choice, tuple[str, list[Choice]]]] = (),
) -> Control:
    """A table at `where`, asked at the block `path`. `leads` are its outcomes; `fields` what else can be asked for,
    with kind and values (earlier fields of the same form)."""
    rows_at: Path = (*where, "rows")
    rows = [
        Row((*rows_at, at), _row(make, choices, (*rows_at, at), leads, path, fields))
        for at in range(make.count(rows_at))
    ]
    first = leads[0].value if leads else "show"
    new = {"when": [NEW_CONDITION], "then": first}
    add = Button(_("One more row"), "insert", rows_at, new)
    if optional and value_at(make.content, where) is None:
        return make.rows(
            where,
            label,
            [],
            [Button(pgettext("editor", "Set conditions"), "set", where, {"rows": [new]})],
            kind="table",
        )
    control = make.rows(where, label, rows, [add], kind="table")
    adds = [
        *control.adds,
        *([Button(pgettext("editor", "Without conditions"), "set", where, None, icon="x")] if optional else []),
    ]
    otherwise = make.pick(
        (*where, "otherwise"), pgettext("editor", "otherwise"), leads, empty="—" if optional else None
    )
    parts = [otherwise] if leads and leads[0].value != "show" else []
    return Control("table", where, label, rows=control.rows, adds=adds, parts=parts)


def _row(
    make: Maker,
    choices: Choices,
    here: Path,
    leads: Sequence[Choice],
    path: Path,
    fields: Sequence[tuple[Choice, tuple[str, list[Choice]]]],
) -> list[Control]:
    when: Path = (*here, "when")
    conditions = [
        Row((*when, at), _condition(make, choices, (*when, at), path, fields), movable=False)
        for at in range(make.count(when))
    ]
    found = [
        make.rows(
            when,
            pgettext("editor", "When"),
            conditions,
            [Button(pgettext("editor", "and"), "insert", when, NEW_CONDITION)],
            kind="conditions",
        )
    ]
    if leads and leads[0].value != "show":
        found.append(make.pick((*here, "then"), pgettext("editor", "then"), leads, empty=None))
        found.append(make.words((*here, "note"), _("Why this row")))
    return found


def _condition(
    make: Maker,
    choices: Choices,
    here: Path,
    path: Path,
    fields: Sequence[tuple[Choice, tuple[str, list[Choice]]]],
) -> list[Control]:
    condition = value_at(make.content, here)
    parts = condition if isinstance(condition, list) else []
    fact, operator = (str(part) for part in (*parts, "", "")[:2])
    known = {choice.value: values for choice, values in fields}
    listed = [*(choice for choice, _values in fields), *choices.facts(path)]
    kind, values = known[fact] if fact in known else choices.values_of(fact)
    found = [
        make.pick((*here, 0), pgettext("editor", "Fact"), listed, again=True),
        make.pick(
            here,
            pgettext("editor", "Comparison"),
            choices.operators(),
            do="operator",
            again=True,
            empty=None,
            value=operator,
        ),
    ]
    if operator not in LONE_OPERATORS:
        found.append(_value(make, (*here, 2), kind, values, operator, parts[2] if len(parts) > 2 else ""))
    return found


def _value(make: Maker, where: Path, kind: str, values: Sequence[Choice], operator: str, value: Any) -> Control:
    """What the fact is compared with: chosen where its values are known, else typed."""
    if operator in LIST_OPERATORS:
        chosen = [json_word(member) for member in value] if isinstance(value, list) else [json_word(value)]
        if values:
            return Control(
                "several", where, pgettext("editor", "Values"), value=chosen, choices=values, read_as="scalars"
            )
        hint = _("several, with commas between")
        return Control(
            "line", where, pgettext("editor", "Values"), value="，".join(chosen), read_as="scalars", hint=hint
        )
    if kind == "yesno" or isinstance(value, bool):
        values = [Choice("true", _("Yes")), Choice("false", _("No"))]
    if values:
        return make.pick(where, pgettext("editor", "Value"), values, read_as="scalar")
    return make.line(where, pgettext("editor", "Value"), read_as="scalar")
