"""Pools and the table that chooses among them: what a company may write down, read and judged. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yinuo.cases import rules
from yinuo.procedures import rules as procedure_rules
from yinuo.procedures.definition.shapes import Fact, Json
from yinuo.procedures.definition.tables import Row, Table
from yinuo.procedures.definition.texts import Text

FACTS = {
    name: Fact(name=name, title=Text(zh, en))
    for name, zh, en in (
        ("cases.kind", "要求性质", "nature"),
        ("cases.priority", "优先级", "priority"),
        ("cases.is_safety", "涉及健康或安全", "touches health or safety"),
        ("cases.channel", "来源渠道", "channel"),
        ("cases.customers", "顾客（含上级）", "customer or one above"),
        ("cases.site", "工厂", "site"),
        ("cases.families", "产品族", "product families"),
    )
}
"""What the assignment table may ask about a case."""

LEAST = 2  # of a skill, where a row says nothing else: can do it without being taught


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """People among whom a case is given out: of a skill at least at a level, of a department with those below, of a
    post; all that is named must hold. `key` is what the table names."""

    key: str
    name: Text
    skill: str = ""
    level: int = LEAST
    department: str = ""
    post: str = ""

    @property
    def is_boundless(self) -> bool:
        return not (self.skill or self.department or self.post)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pool a case falls to, by which row (-1: none holds), and why; no pool: the window keeps it."""

    pool: Pool | None
    row: int
    why: Text


def pools_of(plain: Iterable[Mapping[str, Any]]) -> dict[str, Pool]:
    """A company's pools from their stored JSON, by key."""
    found = {}
    for each in plain:
        zh, en = str(each.get("zh") or ""), str(each.get("en") or "")
        found[str(each["key"])] = Pool(
            key=str(each["key"]),
            name=Text(zh or en, en or zh),
            skill=str(each.get("skill") or ""),
            level=int(each.get("level") or LEAST),
            department=str(each.get("department") or ""),
            post=str(each.get("post") or ""),
        )
    return found


def table_of(plain: Any) -> tuple[Table, list[Text]]:
    """The assignment table from its stored JSON, and what is wrong with it. It may have no rows: then `otherwise`."""
    if isinstance(plain, dict) and not plain.get("rows"):
        return Table(rows=(), otherwise=str(plain.get("otherwise") or "")), []
    return rules.read_table(plain)


def faults_of(plain_pools: Iterable[Mapping[str, Any]], plain_table: Any) -> list[Text]:
    """What is wrong with pools and table together."""
    rows = list(plain_pools)
    pools = pools_of(rows)
    faults = []
    if len(pools) != len(rows):
        faults.append(Text("分派组的代号重复。", "Two pools have the same key."))
    for pool in pools.values():
        name = pool.name or Text("未命名", "without a name")
        if not pool.name:
            faults.append(Text("请填写分派组名称。", "Please name the pool."))
        if pool.is_boundless:
            words = f"“{name.zh}”须指定技能、部门或岗位。"
            faults.append(Text(words, f"“{name.en}” needs a skill, a department or a post."))
        if pool.level not in (1, 2, 3):
            faults.append(Text(f"“{name.zh}”的技能等级应为 1 至 3。", f"“{name.en}”: levels go from 1 to 3."))
    table, wrong = table_of(plain_table)
    asked = {condition.field for row in table.rows for condition in row.when} - set(FACTS)
    faults += [Text(f"未知条件“{name}”。", f"Unknown condition “{name}”.") for name in sorted(asked)]
    unknown = sorted({word for word in (*(row.then for row in table.rows), table.otherwise) if word} - set(pools))
    faults += [
        Text(f"规则指定的分派组“{word}”不存在。", f"A rule names the pool “{word}”, which does not exist.")
        for word in unknown
    ]
    return faults + wrong


def choose(pools: Mapping[str, Pool], table: Table, facts: Mapping[str, Json], words: Mapping[str, Fact]) -> Choice:
    """The pool to which the first row that holds gives a case. `words` are those of the facts and their values."""
    verdict = procedure_rules.decide(table, facts, words)
    if verdict.row >= 0:
        n, row = verdict.row + 1, table.rows[verdict.row]
        said = words_of(row, words)
        return Choice(pools.get(verdict.outcome), verdict.row, Text(f"第 {n} 行：{said.zh}", f"row {n}: {said.en}"))
    return Choice(pools.get(verdict.outcome), -1, Text("各行均不适用，按“其他情况”", "no row holds: otherwise"))


def words_of(row: Row, words: Mapping[str, Fact]) -> Text:
    """A row as people read it: its note, else what it asks."""
    return row.note or procedure_rules.row_words(row.when, words)


def start(skills: Mapping[str, Text], kinds: Mapping[str, str], names: Mapping[str, Text]) -> dict[str, Any]:
    """Pools and a table to begin with: one pool per skill needed to analyse some kind of requirement (`kinds`: kind →
    code of a skill), and a row per kind. `skills` are the names of those on record, `names` those of the kinds."""
    used = [code for code in dict.fromkeys(kinds.values()) if code in skills]
    pools = [
        {"key": f"p{n}", "zh": f"{skills[code].zh}组", "en": skills[code].en, "skill": code, "level": LEAST}
        for n, code in enumerate(used, 1)
    ]
    keys = {each["skill"]: each["key"] for each in pools}
    rows = [
        {
            "when": [["cases.kind", "is", kind]],
            "then": keys[code],
            "note": {"zh": f"性质为{names[kind].zh}", "en": f"nature is {names[kind].en}"},
        }
        for kind, code in kinds.items()
        if code in keys
    ]
    return {"pools": pools, "assignment": {"rows": rows, "otherwise": ""}}
