"""Reading, checking and writing procedures."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.procedures import flows, stories
from yinuo.procedures.definition import reading, sources, upgrading, writing
from yinuo.procedures.definition.mistakes import Known
from yinuo.procedures.definition.shapes import Definition, Step

HEAD = """format: 1
key: small
card: {number: QP-9, edition: A/0, title: {zh: 小流程, en: Small}}
statuses: [{key: new, title: {zh: 待处理, en: Pending}, stage: pending}]
forms: [{key: paper, number: F-1, edition: A/0, title: {zh: 表, en: Paper}}]
flow:
"""
TASK = "  - {task: %s, title: {zh: 做, en: Do}, who: {post: clerk}%s}\n"
ESCALATION = ", due: {working_days: 1}, escalate: [{after: {working_days: 1}, to: {boss: x}}]"
OPENING = "{zh: 等, en: Wait}, events: [x.y]"
CHOICE = """  - choice: pick
    title: {zh: 选, en: Pick}
    table: {rows: [{when: [[%s]], then: %s}]%s}
    branches: {one: [{task: c, title: {zh: 做, en: Do}, who: {post: clerk}}]}
"""


def faults(source: str, known: Known | None = None) -> list[str]:
    """The Chinese sentences of all mistakes; that both languages are there and that it did not read, too."""
    read = reading.read_yaml(HEAD + source, file="t.yaml", known=known)
    assert (read.definition is None) == bool(read.faults)
    assert all(fault.words.en and fault.words.zh for fault in read.faults)
    return [fault.say("zh") for fault in read.faults]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (TASK % ("a", ", form: papper"), "t.yaml · 第 7 行 · 步骤 a · form：未知表单“papper”。"),
        (TASK % ("a", ", status: old"), "t.yaml · 第 7 行 · 步骤 a · status：未知状态“old”。"),
        (TASK % ("a", ", statuss: new"), "t.yaml · 第 7 行 · 步骤 a · statuss：未知字段“statuss”。是否指“status”？"),
        (TASK % ("a", "") * 2, "t.yaml · 第 8 行 · 步骤 a · task：标识“a”重复，首次出现在第 7 行。"),
        (TASK % ("A1", ""), "“A1”不能作为标识"),
        ("  - {task: a, title: {zh: 做}, who: {post: clerk}}\n", "步骤 a · title：缺少英文。"),
        ("  - {task: a, title: 做, who: {post: clerk}}\n", "应给出中文和英文"),
        ("  - {task: a, title: {zh: 做, en: Do}}\n", "缺少责任者"),
        (TASK % ("a", ", due: {days: 3}"), "时长须且只能用一种单位"),
        (TASK % ("a", ", due: {working_days: soon}"), "此处应为数字。"),
        (TASK % ("a", ", due: {working_days: -1}"), "时长超出范围。"),
        (TASK % ("a", ", remind: [{working_days: 1}]"), "有提醒却没有期限。"),
        (TASK % ("a", ", gate: maybe"), "此处应为 true 或 false。"),
        (TASK % ("a", ", may: {return_to: [b]}") + TASK % ("b", ""), "不能退回到“b”"),
        ("  - {task: a, title: {zh: 做, en: Do}, who: {finder: x.y}}\n", "可能找不到人"),
        ("  - {task: a, title: {zh: 做, en: Do}, who: {each: thing, fallback: {post: p}}}\n", "没有名为“thing”的"),
        ("  - {wait: w, title: {zh: 等, en: Wait}}\n", "等待须给出“until”“events”或“by_hand”。"),
        ("  - {timer: w, title: {zh: 等, en: Wait}}\n", "计时须且只能给出"),
        ("  - {effect: w, title: {zh: 做, en: Do}}\n", "缺少“run”"),
        ("  - {task: a, effect: b}\n", "每一段须且只能以其中一种开头"),
        ("  - {sequence: s, flow: []}\n", "列表不能为空。"),
        ("  - {side_by_side: s, branches: []}\n", "列表不能为空。"),
        ("  - {for_each: f, title: {zh: 逐, en: Each}, name: n, flow: []}\n", "逐一执行缺少列表“list”。"),
        (CHOICE % ("cases.x, is, 1", "one", ""), "步骤 pick · table.otherwise：选择缺少“otherwise”"),
        (CHOICE % ("cases.x, is, 1", "two", ", otherwise: skip"), "未知分支“two”。"),
        (CHOICE % ("cases.x, iz, 1", "one", ", otherwise: skip"), "未知运算符“iz”。可用的有：is, is not"),
        (CHOICE % ("cases.x, is", "one", ", otherwise: skip"), "“is”之后缺少值。"),
        (CHOICE % ('cases.x, ">", many', "one", ", otherwise: skip"), "此处应为数字。"),
        (CHOICE % ("cases.x, between, [1]", "one", ", otherwise: skip"), "“between”需要两个值"),
        (CHOICE % ("cases.x, before, soon", "one", ", otherwise: skip"), "此处应为日期"),
        (CHOICE % ("x, is, 1", "one", ", otherwise: skip"), "事实写成 来源.名称"),
        (CHOICE % ("c.outcome, is, 1", "one", ", otherwise: skip"), "其结果还不可知"),
        (TASK % ("a", "") + CHOICE % ("a.cost, is, 1", "one", ", otherwise: skip"), "步骤“a”没有结果“cost”。"),
        (CHOICE % ("cases.x, empty, 1", "one", ", otherwise: skip"), "“empty”之后不应有值。"),
        (CHOICE % ("cases.x, in, a", "one", ", otherwise: skip"), "“in”之后应为一组值。"),
        (CHOICE % ("cases.x, is, [a]", "one", ", otherwise: skip"), "此处应为单个值。"),
        (CHOICE % ("cases.x", "one", ", otherwise: skip"), "条件应写成 [字段, 运算符, 值]。"),
        ("  - {task: a, title: {zh: 做, en: Do}, who: {role: quality}}\n", "角色应写成 团队:角色。"),
        (TASK % ("a", ESCALATION), "责任者须且只能"),
        ("  - {opinions: o, title: {zh: 评, en: Ask}, ask: [{post: p}, {post: p}]}\n", "同一方列出了两次。"),
        ("  - {opinions: o, title: {zh: 评, en: Ask}, ask: {fact: cases.x}}\n", "名单为空时须有人负责"),
        ("  - {wait: w, title: {zh: 等, en: Wait}, events: [1]}\n", "此处应为事件名称。"),
        ("  - {wait: w, title: {zh: 等, en: Wait}, events: [x.y], timeout: end}\n", "写明了到期处理却没有期限"),
        ("  - {wait: w, title: " + OPENING + ", outcomes: [{key: ok, label: {zh: 好, en: OK}}]}\n", "“ok”永远不会"),
        ("  - {choice: p, title: {zh: 选, en: Pick}}\n", "缺少判定表“table”。"),
        ("  - {side_by_side: s, branches: [[" + (TASK % ("a", "")).strip()[2:] + "]]}\n", "并行至少需要两个分支。"),
        ("  - {for_each: f, title: {zh: 逐, en: Each}, name: n, list: [{post: p}, {post: p}]}\n", "列出了两次。"),
        (CHOICE % ("event.x, is, 1", "one", ", otherwise: skip"), "只有等待事件的步骤"),
        (TASK % ("a", ", phase: old"), "步骤 a · phase：未知阶段“old”。"),
        (TASK % ("a", ", due: {working_days: 1.5}"), "步骤 a · due.working_days：工作日只能是整数"),
        ("  - {wait: w, title: {zh: 等, en: Wait}, events: [x.y], form: paper}\n", "步骤 w · form：本步骤无人填写"),
        ("  - {effect: w, title: {zh: 发, en: Do}, run: x.y, due: {working_days: 1}}\n", "步骤 w · due：由系统完成的"),
        ("  - {timer: w, title: {zh: 等, en: Wait}, lasts: {working_days: 1}, form: paper}\n", "步骤 w · form：本步骤"),
        ("  - {wait: w, title: {zh: 等, en: Wait}, by_hand: true}\n", "步骤 w · who：写明了 by_hand 却没有责任者"),
        (TASK % ("a", "") + CHOICE % ("a.outcome, is, dun", "one", ", otherwise: skip"), "未知取值“dun”。"),
        (TASK % ("a", "") + CHOICE % ('a.outcome, ">", 1', "one", ", otherwise: skip"), "不能用“>”比较"),
        (TASK % ("a", "") + CHOICE % ("cases.on, before, b.until", "one", ", otherwise: skip"), "未知事实“b.until”。"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_place(source: str, said: str) -> None:
    found = faults(source, Known(facts=frozenset({"cases."})))
    assert any(said in fault for fault in found), found


FORMS = """format: 1
key: small
card: {number: QP-9, edition: A/0, title: {zh: 小流程, en: Small}}
forms:
  - key: paper
    number: F-1
    edition: A/0
    title: {zh: 表, en: Paper}
    fields:
      - key: way
        kind: choice
        label: {zh: 方式, en: Way}
        options: [{key: mail, label: {zh: 邮件, en: Mail}}]
      - {key: clear, kind: yesno, label: {zh: 清楚, en: Clear}}
      - {key: why, kind: note, label: {zh: 原因, en: Why}, shown_when: {rows: [{when: [[%s]], then: show}]}}
  - {key: other, number: %s, edition: A/0, title: {zh: 另表, en: Other}}
flow:
  - task: a
    title: {zh: 做, en: Do}
    who: {post: clerk}
    form: paper
  - decision: d
    title: {zh: 定, en: Decide}
    who: {post: boss}
    form: paper
    sign: false
    outcomes: [{key: yes, label: {zh: 是, en: Yes}}]
"""


@pytest.mark.parametrize(
    ("condition", "number", "said"),
    [
        ("way, is, mail", "F-2", ""),
        ("cases.kind, is, a", "F-2", ""),
        ("way, is, mial", "F-2", "fields[2].shown_when.rows[0].when[0][2]：未知取值“mial”。“way”的取值有：mail。"),
        ('way, ">", 3', "F-2", "“way”不能用“>”比较"),
        ("clear, is, maybe", "F-2", "“clear”的取值有：false、true。"),
        ("a.way, is, mial", "F-2", "未知取值“mial”。"),
        ("a.wey, is, mail", "F-2", "步骤“a”没有结果“wey”。"),
        ("nothing.at_all, is, 1", "F-2", "未知事实“nothing.at_all”。"),
        ("outcome, is, yes", "F-2", "“outcome”不是本表单中在前的字段。"),
        ("way, is, mail", "F-1", "forms[1].number：表单编号“F-1”已用于“paper”。"),
    ],
)
def test_forms_ask_for_what_can_be(condition: str, number: str, said: str) -> None:
    read = reading.read_yaml(FORMS % (condition, number), known=Known(facts=frozenset({"cases."})))
    found = [fault.say("zh") for fault in read.faults]
    assert any(said in fault for fault in found) if said else found == []


BESIDE = """  - side_by_side: both
    branches:
      - [{task: x, title: {zh: 甲, en: X}, who: {post: clerk}, form: paper}]
      - - choice: pick
          title: {zh: 选, en: Pick}
          table: {rows: [{when: [[x.outcome, is, done]], then: one}], otherwise: skip}
          branches: {one: [{task: c, title: {zh: 做, en: Do}, who: {post: clerk}}]}
"""


def test_a_branch_knows_nothing_of_the_one_beside_it() -> None:
    [said] = faults(BESIDE)
    assert "步骤 pick · table.rows[0].when[0]：步骤“x”在另一分支中" in said


DECISION = """  - {task: a, title: {zh: 做, en: Do}, who: {post: clerk}}
  - decision: d
    title: {zh: 定, en: Decide}
    who: {post: boss}
    sign: %s
    outcomes: [%s]
"""


@pytest.mark.parametrize(
    ("sign", "outcomes", "said"),
    [
        ("false", "{key: y, label: {zh: 是, en: Yes}, back: a}", "没有任何结果能继续往下走"),
        ("false", "{key: y, label: {zh: 是, en: Yes}}, {key: n, label: {zh: 否, en: No}, back: z}", "未知步骤“z”。"),
        ("false", "{key: y, label: {zh: 是, en: Yes}}, {key: n, label: {zh: 否, en: No}, back: d}", "不能退回到“d”"),
        ("false", "{key: y, label: {zh: 是, en: Yes}}, {key: y, label: {zh: 否, en: No}}", "结果“y”重复。"),
        ("false", "", "列表不能为空。"),
    ],
)
def test_decisions_have_a_way_on(sign: str, outcomes: str, said: str) -> None:
    found = faults(DECISION % (sign, outcomes))
    assert any(said in fault for fault in found), found


MEANT = "meaning: {zh: 是, en: Yes}"


@pytest.mark.parametrize(
    ("outcomes", "fields"),
    [
        ("{key: y, label: {zh: 是, en: Yes}}, {key: n, label: {zh: 否, en: No}, back: a}", ["outcomes[1].meaning"]),
        ("{key: y, label: {zh: 是, en: Yes}}, {key: n, label: {zh: 否, en: No}, end: true}", ["outcomes[1].meaning"]),
        ("{key: y, label: {zh: 是, en: Yes}}, {key: n, label: {zh: 否, en: No}, back: a, " + MEANT + "}", []),
        ("{key: y, label: {zh: 是, en: Yes}}, {key: z, label: {zh: 可, en: So}}", []),
    ],
)
def test_one_meaning_does_not_sign_outcomes_that_lead_elsewhere(outcomes: str, fields: list[str]) -> None:
    source = DECISION % ("true", outcomes)
    assert faults(source) == [], "with no meaning of its own a signature says no more than that it was decided"
    found = faults(source + f"    {MEANT}\n")
    assert [fault.partition("步骤 d · ")[2].partition("：")[0] for fault in found] == fields


def test_unknown_plugs_are_named_when_the_known_ones_are_given() -> None:
    source = """  - {task: a, title: {zh: 做, en: Do}, who: {finder: x.who, fallback: {post: nobody}}, on_done: [x.do]}
  - {wait: w, title: {zh: 等, en: Wait}, events: [x.came]}
  - {wait: v, title: {zh: 等, en: Wait}, until: {rows: [{when: [[x.fact, is, 1]], then: ok}]}}
  - {task: b, title: {zh: 做, en: Do}, who: {role: "projct:quality", fallback: {person: "9999"}}}
"""
    none = frozenset[str]()
    assert faults(source) == []
    known = Known(effects=none, facts=none, finders=none, events={}, posts=none, teams=none, people=none)
    found = "".join(faults(source, known))
    for name in ("x.who", "nobody", "x.do", "x.came", "x.fact", "projct", "9999"):
        assert f"“{name}”" in found
    assert faults(source, Known(facts=frozenset({"x."}), effects=frozenset({"x.do"}))) == []


def test_lines_are_those_of_the_file() -> None:
    read = reading.read_yaml("format: 1\nkey: a\n\ncard:\n  number: 1\n  edition: ''\nflow: []\n", file="a.yaml")
    assert {(fault.line, fault.field) for fault in read.faults} == {(4, "card.title"), (6, "card.edition"), (7, "flow")}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a: [1\n", "第 2 行：不是有效的 YAML：方括号或花括号中缺少逗号"),
        ("a: b: c\n", "第 1 行：不是有效的 YAML：冒号"),
        ("a: 1\n\tb: 2\n", "制表符"),
        ('a: "b\n', "引号或括号没有结束"),
        ("a: %b\n", "文字以不能开头的符号开头"),
        ("a: 1\n  b: 2\n", "冒号"),
        ("a: 1\n---\nb: 1\n", "只能有一个程序"),
        ("a: &x 1\nb: *x\n", "不允许使用锚点"),
        ("a: !!python/object:os.system x\n", "不允许使用标签"),
        ("a: 1\na: 2\n", "第 2 行 · a：字段“a”重复。"),
        ("[1, 2]: 3\n", "字段名必须是一个词"),
        pytest.param("[" * 900_000, "嵌套层次过深", id="deep"),
        pytest.param("- " * 900_000, "嵌套层次过深", id="deep lists"),
        ("", "字段: 值"),
        ("format: 7\n", "“format”应为 1。"),
    ],
)
def test_what_is_no_procedure_at_all_is_said_too(source: str, said: str) -> None:
    found = reading.read_yaml(source, file="x.yaml")
    assert found.definition is None
    assert any(said in fault.say("zh") for fault in found.faults), [fault.say("zh") for fault in found.faults]


def test_words_stay_words() -> None:
    data, _ = sources.load("a: yes\nb: 2026-03-01\nc: on\nd: true\ne: 012\nf: 1.5\ng:\nh: 1:30\n")
    assert data == {
        "a": "yes", "b": "2026-03-01", "c": "on", "d": True, "e": 12, "f": 1.5, "g": None, "h": "1:30",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["s1", "s2", "s4", "s7", "s8"])
def test_a_procedure_is_written_as_it_was_read(name: str) -> None:
    definition = stories.shipped(name)
    stored = json.loads(json.dumps(writing.plain(definition)))
    assert reading.read_plain(stored).definition == definition
    text = writing.yaml_text(definition)
    assert stories.read(text) == definition
    assert "\\u" not in text


@settings(max_examples=60, deadline=None)
@given(flows.definitions())
def test_any_procedure_is_written_as_it_was_read(definition: Definition) -> None:
    assert reading.read_plain(json.loads(json.dumps(writing.plain(definition)))).definition == definition
    assert stories.read(writing.yaml_text(definition)) == definition


def test_older_formats_are_brought_up_step_by_step() -> None:
    upgraders = {0: lambda data: {**data, "key": data["name"]}, 1: lambda data: {**data, "card": {}}}
    assert upgrading.upgraded({"format": 0, "name": "a"}, upgraders) == {
        "format": 2, "name": "a", "key": "a", "card": {},
    }  # fmt: skip
    assert upgrading.upgraded("junk", upgraders) == "junk"
    assert upgrading.upgraded({"format": True}, upgraders) == {"format": True}


# ── junk ────────────────────────────────────────────────────────────────────────────────────────────────────

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
WORDS = st.sampled_from(
    ["format", "key", "card", "flow", "task", "wait", "choice", "for_each", "side_by_side", "sequence", "opinions",
     "title", "zh", "en", "who", "post", "table", "rows", "when", "then", "branches", "otherwise", "list", "fact",
     "due", "working_days", "outcomes", "back", "fields", "kind", "forms", "events", "until", "run", "name"]
)  # fmt: skip
JUNK = st.recursive(
    SCALARS | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=4), inner, max_size=5),
    max_leaves=30,
)


def check_answer(read: reading.Reading) -> None:
    assert (read.definition is None) == bool(read.faults)
    for fault in read.faults:
        assert fault.say("zh")
        assert fault.say("en")


@settings(max_examples=300, deadline=None)
@given(JUNK, st.booleans())
def test_junk_never_raises(junk: object, framed: bool) -> None:
    if framed and isinstance(junk, list):
        junk = {"format": 1, "key": "a", "card": junk, "flow": junk}
    check_answer(reading.read_plain(junk))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_or_bytes_never_raise(source: str | bytes) -> None:
    check_answer(reading.read_yaml(source))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_procedure_with_one_thing_spoiled_never_raises(data: st.DataObject) -> None:
    plain = yaml.safe_load((stories.HERE / data.draw(st.sampled_from(["s2.yaml", "s8.yaml"]))).read_text("utf-8"))
    place = plain
    for _ in range(data.draw(st.integers(1, 7))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        place, before = place[key], place
    else:
        before[key] = data.draw(JUNK)
        check_answer(reading.read_plain(plain))
        return
    place[key] = data.draw(JUNK)
    check_answer(reading.read_plain(plain))


def test_steps_know_their_kind() -> None:
    kinds = {block.kind for block in stories.shipped("s7").flow.blocks if isinstance(block, Step)}
    assert kinds == {"decision", "task", "effect", "wait"}


@pytest.mark.parametrize("key", ["nowhere", "contain", "send_reply"])
def test_a_run_goes_back_only_to_steps_of_people_in_no_branch(key: str) -> None:
    """A step that is not there, one in a branch, one of the program."""
    plain = writing.plain(stories.shipped("s7"))
    assert plain["reopens"] == {"amended": "assign", "unsatisfied": "assign"}
    [fault] = reading.read_plain({**plain, "reopens": {"unsatisfied": key}}).faults
    assert fault.field == "reopens.unsatisfied"
    assert key in fault.words.zh
