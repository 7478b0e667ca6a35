"""The swim-lane chart, the flow strip and the step table."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings

from tests.procedures import flows, stories
from tests.procedures.stories import Story
from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine import chart, chart_layout, chart_stacking, moves, outline, wrapping
from yinuo.procedures.engine.chart_plan import Edge, Layout, Node

LIBRARY = Path(rules.__file__).parent / "library"
HALF = 83.0
"""Half the width of the widest box."""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def s5() -> Definition:
    return stories.read((LIBRARY / "s5.yaml").read_text("utf-8"), "s5")


def parsed(definition: Definition, **more: object) -> ET.Element:
    return ET.fromstring(chart.draw(definition, **more))  # type: ignore[arg-type]  # noqa: S314


def laid_out(definition: Definition) -> Layout:
    """The layout with boxes of one height and the labels of branches."""
    heights = dict.fromkeys(walking.plan_of(definition).places, 70.0)
    labels = {key: {"b0": ["否则"], "skip": ["两行", "文字"]} for key in heights}
    layout = chart_layout.laid_out(definition, heights, labels, lambda text: [text.zh] if text else [], 30.0, 50.0)
    lanes = list(layout.spans.values())
    assert all(one[1] == other[0] for one, other in pairwise(lanes)), "lanes stand side by side"
    return layout


def check_apart(definition: Definition) -> None:
    """No box on another, and no line through a box."""
    layout = laid_out(definition)
    found = [node for node in layout.nodes if node.kind in ("step", "choice")]
    assert {node.block.key for node in found if node.block} >= {step.key for step in walking.steps(definition)}
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            beside = abs(one.x - other.x) >= 2 * HALF
            assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
        for edge in layout.edges:
            if one is not edge.source and one is not edge.target:
                assert not any(crosses(segment, one) for segment in segments(layout, edge))


def segments(layout: Layout, edge: Edge) -> list[tuple[float, float, float, float]]:
    """The straight pieces of a line as left, top, right, bottom."""
    top, bottom = edge.source.y + edge.source.height, edge.target.y
    if edge.x1 == edge.x2:
        return [(edge.x1, top, edge.x1, bottom)]
    turn = chart_stacking.turn_of(layout, edge)
    left, right = sorted((edge.x1, edge.x2))
    assert top <= turn <= bottom
    return [(edge.x1, top, edge.x1, turn), (left, turn, right, turn), (edge.x2, turn, edge.x2, bottom)]


def crosses(segment: tuple[float, float, float, float], node: Node) -> bool:
    left, top, right, bottom = segment
    inside = right > node.x - HALF and left < node.x + HALF
    return inside and bottom > node.y and top < node.y + node.height


@pytest.mark.parametrize("name", ["s1", "s2", "s4", "s7", "s8"])
def test_no_box_stands_on_another(name: str) -> None:
    check_apart(stories.shipped(name))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(flows.definitions())
def test_no_box_stands_on_another_in_any_procedure(definition: Definition) -> None:
    check_apart(definition)
    ET.fromstring(chart.draw(definition))  # noqa: S314


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_can_be_found_and_read_aloud(s5: Definition, lang: str) -> None:
    svg = parsed(s5, lang=lang, dom_id="flow", selectable=True)
    groups = {group.get("data-step"): group for group in svg.iter(f"{SVG}g") if group.get("data-step")}
    for step in walking.steps(s5):
        group = groups[step.key]
        title = group.find(f"{SVG}title")
        assert title is not None
        assert title.text is not None
        assert step.title.say(lang) in title.text
        assert group.get("id") == f"flow-{step.key}"
        assert group.get("role") == "button"
        assert group.get("tabindex") == "0"
    numbers = [form.number for form in s5.forms]
    words = "".join(svg.itertext())
    assert all(number in words for number in numbers)
    ids = [element.get("id") for element in svg.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


def test_a_strict_page_can_show_it(s5: Definition) -> None:
    text = chart.draw(s5)
    assert not re.search(r"<style|\sstyle=|<script|\son[a-z]+=|href=", text)


def test_words_from_a_procedure_cannot_break_out() -> None:
    source = stories.source_of("s1").replace("记录要求", '<script>&quot;\\"')
    svg = parsed(stories.read(source))
    assert "<script>" in "".join(svg.itertext())
    assert not list(svg.iter(f"{SVG}script"))


def test_lanes_are_the_departments_in_order() -> None:
    svg = parsed(stories.shipped("s2"))
    titles = [text.text for text in svg.iter(f"{SVG}text") if text.get("class") == "pc-lane-title"]
    assert titles == [
        "国际部", "生产管理部", "工程研究院", "质量管理部", "采购部", "物资部", "制造技术部", "市场管理部订单物流课",
    ]  # fmt: skip


def test_where_a_run_stands_is_said_by_class_and_in_words() -> None:
    story = Story(stories.shipped("s2"))
    story.submit("receive")
    for party in ("engineering_institute", "quality", "purchasing", "manufacturing"):
        story.opine("review", f"department:{party}")
    story.submit("contract")
    story.submit("develop")
    marks = outline.marks_of(story.definition, story.state)
    assert marks["receive"] == "done"
    assert marks["decline"] == "skipped"
    assert marks["notice"] == marks["parts"] == "current"
    assert marks["ship"] == "waiting"
    svg = parsed(story.definition, state=story.state)
    groups = {group.get("data-step"): group for group in svg.iter(f"{SVG}g") if group.get("data-step")}
    assert "is-current" in str(groups["notice"].get("class"))
    assert "进行中" in "".join(groups["notice"].itertext())
    assert str(groups["receive"].get("aria-label")).endswith("已完成")
    story.move(moves.Return(item=story.item("notice").id, to="receive", reason="更改"))
    assert outline.marks_of(story.definition, story.state)["develop"] == "returned"


def test_the_strip_says_which_phase_it_is(s5: Definition) -> None:
    assert [mark.title.zh for mark in outline.strip_of(s5)] == [
        "登记", "回执", "分析", "方案", "落实", "答复顾客", "顾客反馈", "归档",
    ]  # fmt: skip
    story = Story(s5, {"cases.oral_state": "not_needed"})
    story.submit("register", outcome="accept")
    marks = [mark.mark for mark in outline.strip_of(s5, story.state)]
    assert marks == ["done", "current", *["waiting"] * 6]
    story.move(moves.Terminate(reason="顾客取消"))
    assert [mark.mark for mark in outline.strip_of(s5, story.state)] == ["done", *["skipped"] * 7]


def test_the_step_table_reads_like_the_document(s5: Definition) -> None:
    rows = {row.key: row for row in outline.rows_of(s5, "5")}
    assert list(rows) == [step.key for step in walking.steps(s5)]
    assert rows["register"].number == "5.1"
    assert rows["clarify"].number == "5.4.1.1"
    assert rows["clarify"].depth == 1
    assert rows["register"].forms == (("QR-CSR-05-01", s5.forms[0].title),)
    notes = [note.zh for note in rows["approve"].notes]
    assert notes[0].startswith("是否须总经理批准：涉及健康、安全为是；或不能满足的要求项数大于0")
    assert "关口：未完成不得越过" in notes
    assert "退回修改：退回“制定处理方案”" in notes
    assert "不同意：终止" in notes
    assert [note.zh for note in rows["implement"].notes] == ["逐项执行：方案中的每项措施"]


def test_numbers_are_unique_and_those_of_the_chart(s5: Definition) -> None:
    numbers = outline.numbers_of(s5)
    assert len(set(numbers.values())) == len(numbers)
    words = "".join(parsed(s5).itertext())
    assert all(number in words for number in numbers.values())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("登记核对", ["登记核对"]),
        ("分析真实性、可行性与合理性以及其他", ["分析真实性、可行性", "与合理性以及其他"]),
        ("Analyse whether it is feasible", ["Analyse whether it", "is feasible"]),
        ("", [""]),
    ],
)
def test_lines_break_as_the_language_wants(text: str, lines: list[str]) -> None:
    assert wrapping.wrapped(text, 13, (128,)) == lines


def test_no_line_begins_with_closing_punctuation() -> None:
    for width in range(40, 140, 4):
        lines = wrapping.wrapped("技术、质量、交付（环保），服务。法规", 13, (float(width),), 9)
        assert not any(line[0] in wrapping.NOT_FIRST for line in lines)
        assert not any(line[-1] in wrapping.NOT_LAST for line in lines)
        assert "".join(lines) == "技术、质量、交付（环保），服务。法规"


def test_what_does_not_fit_ends_with_dots() -> None:
    [line] = wrapping.wrapped("与客户协商一致之后重新评审", 10, (80.0,), 1)
    assert line.endswith("…")
    assert wrapping.width_of(line, 10) <= 80


def test_a_gate_is_marked(s5: Definition) -> None:
    svg = chart.draw(s5, lang="zh")
    assert svg.count(" · 关口</text>") == sum(step.gate for step in walking.steps(s5)) == 1
