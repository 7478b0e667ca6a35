"""Differences between editions are said in words, each where it belongs."""

from typing import Any

import pytest

from tests.procedures.test_editing import DEFINITIONS
from yinuo.procedures.definition import editing, keys, reading, starting, writing
from yinuo.procedures.definition.editing import Edit
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import comparing

S5 = DEFINITIONS["s5"]
CONTENT = starting.tidied(writing.plain(S5))
NAMES = {"post:general_manager": Text("总经理", "general manager"), "department:finance": Text("财务部", "Finance")}


def path_of(key: str) -> Path:
    return next(p for p, block in keys.blocks_in(CONTENT["flow"]) if block[starting.kind_of(block)] == key)


def edited(*edits: Edit) -> Definition:
    content = CONTENT
    for each in edits:
        content = editing.apply(content, each).data
    read = reading.read_plain(starting.completed(content))
    assert read.as_far is not None
    return read.as_far


def said(*edits: Edit) -> list[tuple[str, str, list[str]]]:
    found = comparing.differences(S5, edited(*edits), NAMES)
    return [(each.kind, each.title.zh, [line.zh for line in each.lines]) for each in found]


def test_the_same_edition_differs_in_nothing() -> None:
    assert comparing.differences(S5, S5, NAMES) == ()
    for each in DEFINITIONS.values():
        assert comparing.differences(each, each, {}) == ()


def test_another_due_time_is_said_as_from_and_to() -> None:
    found = said(Edit(do="amount", path=(*path_of("plan"), "due"), value=5))
    assert found == [("changed", "制定处理方案", ["期限：3 个工作日 → 5 个工作日"])]


def test_a_new_step_says_where_it_stands_and_who_does_it() -> None:
    at = path_of("plan")
    new = (*at[:-1], int(at[-1]) + 1)
    found = said(
        Edit(do="add", path=at, value="opinions"),
        Edit(do="set", path=(*new, "ask"), value=[{"department": "finance"}]),
    )
    [(kind, title, lines)] = found
    assert (kind, title) == ("new", "会签")
    assert "在“制定处理方案”之后" in lines
    assert "各方：财务部" in lines


def test_what_is_gone_is_named_and_what_only_moved_up_behind_it_is_not() -> None:
    found = said(Edit(do="cut", path=path_of("complete")))
    assert found == [("gone", "办结并总结经验", [])]


def test_a_step_elsewhere_is_moved_and_no_other() -> None:
    found = said(Edit(do="shift", path=path_of("acknowledge"), value=1))
    assert len(found) == 1
    assert found[0][0] == "moved"


@pytest.mark.parametrize(
    ("do", "path", "value", "line"),
    [
        ("set", ("card", "edition"), "A/1", "版号：A/0 → A/1"),
        ("set", ("card", "kpis"), [], "绩效指标"),
        ("set", ("phases", 0, "title", "zh"), "登录", "阶段有修改"),
    ],
)
def test_the_card(do: str, path: Path, value: Any, line: str) -> None:
    [(kind, title, lines)] = said(Edit(do=do, path=path, value=value))
    assert (kind, title) == ("changed", "程序卡")
    assert any(line in each for each in lines)


def test_a_form_tells_its_fields() -> None:
    at = next(n for n, form in enumerate(CONTENT["forms"]) if form["key"] == "plan")
    [(kind, title, lines)] = said(Edit(do="set", path=("forms", at, "fields", 0, "required"), value=False))
    assert kind == "changed"
    assert "处理方案" in title
    assert lines == ["字段 summary：处理方案，必填 → 处理方案"]


def test_a_decision_table_is_read_out() -> None:
    at = path_of("needs_approval")
    [(_kind, _title, lines)] = said(Edit(do="set", path=(*at, "table", "rows", 2, "when", 0, 2), value=80000))
    assert "80000" in lines[0]
    assert "须批准" in lines[0]
