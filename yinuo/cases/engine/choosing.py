"""By which procedure a case runs: the company's table, read from above."""

from collections.abc import Collection, Mapping
from typing import Any

from yinuo.cases import rules
from yinuo.procedures import rules as procedure_rules
from yinuo.procedures.definition.shapes import Fact, Json
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.definition.texts import Text

FACTS = {
    name: Fact(name=name, title=title)
    for name, title in (
        ("cases.customer", Text("顾客", "customer")),
        ("cases.channel", Text("来源渠道", "channel")),
        ("cases.kinds", Text("要求性质", "kinds asked")),
        ("cases.is_safety", Text("涉及健康或安全", "touches health or safety")),
        ("cases.site", Text("工厂", "site")),
    )
}
USUAL_WHY = Text("判定表中没有适用的行，按默认程序", "No row of the table applies: the usual procedure")


def chosen(plain: Mapping[str, Any], facts: Mapping[str, Json]) -> tuple[str, Text]:
    """The key of the procedure for a case of which these facts are known, and why."""
    table, _faults = _read(plain)
    verdict = procedure_rules.decide(table, facts, FACTS)
    if verdict.row < 0:
        return verdict.outcome, USUAL_WHY
    return verdict.outcome, table.rows[verdict.row].note or verdict.why


def _read(plain: Any) -> tuple[Table, list[Text]]:
    """The table; unlike others it may have no row: then every case runs by the same procedure."""
    if isinstance(plain, dict) and plain.get("rows") == [] and isinstance(plain.get("otherwise"), str):
        return Table(rows=(), otherwise=plain["otherwise"]), []
    return rules.read_table(plain)


def faults_of(plain: Any, keys: Collection[str]) -> list[Text]:
    """What is wrong with such a table; `keys`: the procedures that may be named."""
    table, faults = _read(plain)
    asked = {condition.field for row in table.rows for condition in row.when}
    faults += [Text(f"未知的判定依据“{name}”。", f"Unknown fact “{name}”.") for name in sorted(asked - set(FACTS))]
    named = {row.then for row in table.rows} | {table.otherwise}
    faults += [
        Text(f"程序“{key}”未发布，或不用于案件。", f"Procedure “{key}” is not published, or not for cases.")
        for key in sorted(named - set(keys))
    ]
    return faults
