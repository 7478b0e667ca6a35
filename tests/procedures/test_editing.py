"""Laws of editing: what is moved can be moved back, what is taken back is as it was, no edit loses a step."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.procedures import stories
from yinuo.procedures.actions.publishing import LIBRARY
from yinuo.procedures.definition import editing, editing_blocks, keys, paths, reading, starting, undoing, writing
from yinuo.procedures.definition.editing import Edit
from yinuo.procedures.definition.paths import CannotEdit, Path

SOURCES = {path.stem: path for folder in (stories.HERE, LIBRARY) for path in sorted(folder.glob("*.yaml"))}
DEFINITIONS = {name: stories.read(path.read_text("utf-8"), name) for name, path in sorted(SOURCES.items())}
S5 = DEFINITIONS["s5"]
SAMPLES = [starting.tidied(writing.plain(found)) for found in (S5, *DEFINITIONS.values())]
sample = st.sampled_from(SAMPLES)


def steps_of(data: dict[str, Any]) -> list[str]:
    return sorted(str(block[starting.kind_of(block)]) for _path, block in keys.blocks_in(data["flow"]))


def inner_steps(data: dict[str, Any]) -> list[str]:
    """Steps without the blocks around them."""
    found = [block for _path, block in keys.blocks_in(data["flow"])]
    return sorted(str(block[kind]) for block in found if (kind := starting.kind_of(block)) in starting.STEP_KINDS)


def flows_in(data: dict[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    yield ("flow",), data["flow"]
    for path, block in keys.blocks_in(data["flow"]):
        yield from keys.flows_of(block, path)


@st.composite
def placed(draw: st.DrawFn) -> tuple[dict[str, Any], Path]:
    """A procedure and a block in it."""
    data = draw(sample)
    return data, draw(st.sampled_from([path for path, _block in keys.blocks_in(data["flow"])]))


def edited(data: dict[str, Any], do: str, path: Path, value: Any = None) -> editing.Edited:
    return editing.apply(data, Edit(do=do, path=path, value=value))


@given(placed(), st.data())
def test_moving_there_and_back_changes_nothing(case: tuple[dict[str, Any], Path], draw: st.DataObject) -> None:
    data, path = case
    to, flow = draw.draw(st.sampled_from([each for each in flows_in(data) if each[0][: len(path)] != path]))
    at = draw.draw(st.integers(0, len(flow)))
    moved = edited(data, "move", path, {"to": list(to), "at": at})
    assert moved.at is not None
    assert steps_of(moved.data) == steps_of(data)
    assert paths.at(moved.data, moved.at) == paths.at(data, path)
    home, index = paths.followed(path[:-1], moved.at[:-1], int(moved.at[-1]), 1), int(path[-1])
    home = path[:-1] if home == moved.at[:-1] else home
    # Taken out again first, so the place at home counts without it.
    back_at = index + 1 if home == moved.at[:-1] and index > int(moved.at[-1]) else index
    assert edited(moved.data, "move", moved.at, {"to": list(home), "at": back_at}).data == data


@given(placed(), st.sampled_from(starting.BLOCK_KINDS))
def test_indenting_and_outdenting_changes_nothing(case: tuple[dict[str, Any], Path], kind: str) -> None:
    data = edited(case[0], "wrap", case[1], kind).data
    data = edited(data, "copy", case[1]).data
    path = (*case[1][:-1], int(case[1][-1]) + 1)
    inside = edited(data, "indent", path)
    assert inside.at is not None
    assert inside.at != path
    outside = edited(inside.data, "outdent", inside.at)
    assert (outside.data, outside.at) == (data, path)


@given(placed(), st.sampled_from(starting.BLOCK_KINDS))
def test_wrapping_keeps_the_block_and_unwrapping_brings_it_back(case: tuple[dict[str, Any], Path], kind: str) -> None:
    data, path = case
    wrapped = edited(data, "wrap", path, kind)
    assert set(steps_of(wrapped.data)) >= set(steps_of(data))
    if kind in ("sequence", "for_each", "choice"):
        assert edited(wrapped.data, "unwrap", path).data == data


@given(placed(), st.sampled_from(["copy", "indent", "outdent", "unwrap", "branch", "wrap", "add", "shift"]))
def test_no_edit_but_removing_loses_a_step(case: tuple[dict[str, Any], Path], do: str) -> None:
    data, path = case
    value = {"wrap": "side_by_side", "add": "decision", "shift": 1}.get(do)
    try:
        found = edited(data, do, path, value)
    except CannotEdit:
        return
    assert set(inner_steps(found.data)) >= set(inner_steps(data))
    assert starting.is_sound(found.data)


@given(placed())
def test_a_copy_reads_like_the_original(case: tuple[dict[str, Any], Path]) -> None:
    data, path = case
    found = edited(data, "copy", path)
    assert len(steps_of(found.data)) == len(set(steps_of(found.data)))
    said = [fault.words.zh for fault in reading.read_plain(found.data).faults]
    assert said == []


paths_in = st.lists(st.one_of(st.sampled_from(["flow", "forms", "card", "title", "zh", "branches", "table", "rows"]),
                              st.integers(-1, 12)), max_size=7).map(tuple)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=8) | st.sampled_from(["task", "skip", "a_1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["zh", "to", "at", "flow"]), inner),
    max_leaves=6,
)


@settings(max_examples=400)
@given(sample, st.sampled_from(sorted(editing.EDITS)), paths_in, values)
def test_whatever_is_sent_is_an_edit_or_refused(data: dict[str, Any], do: str, path: Path, value: Any) -> None:
    try:
        found = edited(data, do, path, value)
    except CannotEdit:
        return
    assert starting.is_sound(found.data)
    reading.read_plain(starting.completed(found.data))
    patch = undoing.between(data, found.data)
    if patch is not None:
        assert undoing.taken_back(found.data, patch) == data
        assert undoing.made_again(data, patch) == found.data
        assert undoing.from_json(patch.as_json()) == patch


@pytest.mark.parametrize("data", SAMPLES)
def test_text_to_data_to_text_stays_the_same(data: dict[str, Any]) -> None:
    read = reading.read_plain(starting.completed(data))
    assert read.definition is not None
    text = writing.yaml_text(read.definition)
    again = reading.read_yaml(text)
    assert again.definition == read.definition
    assert again.definition is not None
    assert starting.tidied(writing.plain(again.definition)) == data
    assert writing.yaml_text(again.definition) == text


def test_letters_typed_one_after_the_other_are_taken_back_together() -> None:
    data, past = SAMPLES[0], []
    was = data
    for words in ("分", "分析", "分析与", "分析与判断"):
        now = edited(data, "set", ("flow", 0, "title", "zh"), words).data
        patch = undoing.between(data, now)
        assert patch is not None
        past, data = undoing.remembered(past, patch), now
    assert len(past) == 1
    assert undoing.taken_back(data, undoing.from_json(past[0])) == was


def test_a_step_named_anew_is_named_so_wherever_it_is_spoken_of() -> None:
    path = next(path for path, block in keys.blocks_in(SAMPLES[0]["flow"]) if block.get("task") == "plan")
    found = edited(SAMPLES[0], "rename", (*path, "task"), "make_plan")
    assert reading.read_plain(starting.completed(found.data)).faults == ()
    text = str(found.data)
    assert "'back': 'plan'" not in text
    assert "'plan.cost'" not in text
    assert "make_plan.cost" in text
    with pytest.raises(CannotEdit):
        edited(SAMPLES[0], "rename", (*path, "task"), "analyse")
    with pytest.raises(CannotEdit):
        edited(SAMPLES[0], "rename", (*path, "task"), "制定")


def test_a_field_named_anew_is_asked_for_by_its_new_name() -> None:
    at = next(n for n, form in enumerate(SAMPLES[0]["forms"]) if form["key"] == "analysis")
    field = next(n for n, each in enumerate(SAMPLES[0]["forms"][at]["fields"]) if each["key"] == "clarity")
    found = edited(SAMPLES[0], "rename", ("forms", at, "fields", field, "key"), "is_clear")
    assert reading.read_plain(starting.completed(found.data)).faults == ()


def test_a_branch_named_anew_keeps_its_rows() -> None:
    path, block = next((p, b) for p, b in keys.blocks_in(SAMPLES[0]["flow"]) if "choice" in b)
    name = next(iter(block["branches"]))
    found = edited(SAMPLES[0], "rename", (*path, "branches", name), "other_way")
    assert reading.read_plain(starting.completed(found.data)).faults == ()
    without = edited(found.data, "branch_cut", (*path, "branches", "other_way"))
    assert paths.at(without.data, (*path, "table"))["rows"] == []


def test_english_left_out_is_filled_from_the_chinese_and_named() -> None:
    data = edited(SAMPLES[0], "set", ("flow", 0, "title", "en"), "").data
    assert list(starting.untranslated(data)) == [("flow", 0, "title")]
    read = reading.read_plain(starting.completed(data))
    assert read.definition is not None
    assert starting.tidied(writing.plain(read.definition)) == data


@pytest.mark.parametrize(("do", "value", "was", "now"), [
    ("amount", 5, {"working_days": 3}, {"working_days": 5}),
    ("unit", "working_hours", {"working_days": 3, "after": "x.y"}, {"working_hours": 3, "after": "x.y"}),
    ("amount", 2, None, {"working_days": 2}),
])  # fmt: skip
def test_spans(do: str, value: Any, was: Any, now: Any) -> None:
    data = edited(SAMPLES[0], "set", ("flow", 0, "due"), was).data
    assert paths.at(edited(data, do, ("flow", 0, "due"), value).data, ("flow", 0, "due")) == now


def test_another_post_keeps_its_fallback() -> None:
    data = edited(SAMPLES[0], "set", ("flow", 0, "who"), {"post": "a", "fallback": {"post": "b"}}).data
    who = paths.at(edited(data, "who", ("flow", 0, "who"), {"finder": "c.d"}).data, ("flow", 0, "who"))
    assert who == {"finder": "c.d", "fallback": {"post": "b"}}


@pytest.mark.parametrize(("operator", "now"), [
    ("in", ["a.b", "in", [3]]), ("empty", ["a.b", "empty"]), (">=", ["a.b", ">=", 3]),
])  # fmt: skip
def test_an_operator_brings_its_kind_of_value(operator: str, now: list[Any]) -> None:
    table = {"rows": [{"when": [["a.b", "is", 3]], "then": "x"}]}
    data = edited(SAMPLES[0], "set", ("flow", 0, "until"), table).data
    path: Path = ("flow", 0, "until", "rows", 0, "when", 0)
    assert paths.at(edited(data, "operator", path, operator).data, path) == now


@pytest.mark.parametrize(("text", "value"), [
    ("3", 3), ("2.5", 2.5), ("true", True), ("false", False), ("waiting", "waiting"), ("1_000", "1_000"),
    ("nan", "nan"),
])  # fmt: skip
def test_typed_values(text: str, value: Any) -> None:
    assert editing.scalar(text) == value


def test_numbers_that_follow() -> None:
    assert [starting.next_label(label) for label in ("A/0", "1.9", "B")] == ["A/1", "1.10", "B/1"]
    found = edited(SAMPLES[0], "new_form", ("flow", 1))
    assert found.at is not None
    form = paths.at(found.data, found.at)
    assert form["number"] not in {each["number"] for each in SAMPLES[0]["forms"]}
    assert paths.at(found.data, ("flow", 1, "form")) == form["key"]


@pytest.mark.parametrize("kind", starting.KINDS)
def test_every_new_block_is_sound(kind: str) -> None:
    found = editing_blocks.add(SAMPLES[0], ("flow", 0), kind)
    assert starting.is_sound(found[0])
    assert found[1] == ("flow", 1)
