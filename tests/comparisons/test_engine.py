"""The laws of comparing three texts."""

from hypothesis import given
from hypothesis import strategies as st

from yinuo.comparisons.engine import merging, words
from yinuo.kit.sheets import mapping, settling

TEXTS = st.text(st.sampled_from("甲乙丙ab01 \n=.、"), max_size=12).map(settling.settled)
FREE = merging.Column(1, 0, "note", "备注", "long", mapping.Field("note", "备注", kind="long"))
FIXED = merging.Column(1, 0, "number", "编号", "link", None)


def cells(column: merging.Column, base: str, theirs: str, ours: str) -> list[merging.Cell]:
    return merging.merged([column], [base], [merging.heard(column, theirs, base)], [ours])


@given(TEXTS, TEXTS)
def test_what_the_file_did_not_touch_is_never_written(base: str, ours: str) -> None:
    for column in (FREE, FIXED):
        assert not any(cell.is_written or cell.state == merging.CONFLICT for cell in cells(column, base, base, ours))


@given(TEXTS, TEXTS)
def test_what_only_the_file_changed_is_what_the_file_says(base: str, theirs: str) -> None:
    found = cells(FREE, base, theirs, base)
    if base == theirs:
        assert found == []
    else:
        assert [(cell.state, cell.theirs, cell.is_written) for cell in found] == [("theirs", theirs, True)]


@given(TEXTS, TEXTS)
def test_what_both_say_is_no_change(base: str, both: str) -> None:
    assert not any(cell.is_written or cell.state == merging.CONFLICT for cell in cells(FREE, base, both, both))


@given(TEXTS, TEXTS, TEXTS)
def test_three_different_texts_are_a_conflict_until_somebody_decides(base: str, theirs: str, ours: str) -> None:
    if len({base, theirs, ours}) < 3:
        return
    [cell] = cells(FREE, base, theirs, ours)
    assert (cell.state, cell.is_written) == (merging.CONFLICT, False)
    cell.choice = merging.THEIRS
    assert cell.is_written
    [cell] = cells(FIXED, base, theirs, ours)
    assert (cell.state, cell.is_written) == (merging.LOCKED, False)


@given(st.lists(st.sampled_from(["甲", "乙", "丙"]), max_size=3))
def test_the_order_of_several_things_in_a_cell_says_nothing(things: list[str]) -> None:
    column = merging.Column(1, 0, "aliases", "别名", "text", mapping.Field("aliases", "别名", kind="list"))
    once = list(dict.fromkeys(things))
    base = "、".join(once)
    assert merging.merged([column], [base], [merging.heard(column, "、".join(reversed(once)), base)], [base]) == []


@given(TEXTS, TEXTS)
def test_word_differences_hold_both_texts(old: str, new: str) -> None:
    parts = words.differences(old, new)
    assert "".join(text for kind, text in parts if kind != words.NEW) == old
    assert "".join(text for kind, text in parts if kind != words.GONE) == new


def test_a_number_that_excel_made_of_a_text_is_that_text() -> None:
    code = merging.Column(1, 0, "account", "账号", "text", mapping.Field("account", "账号", kind="code"))
    for text, raw in (("004100", 4100), ("4.10", 4.1), ("6225880123456789012", 6.225880123456789e18)):
        assert merging.heard(code, raw, text) == merging.Heard(text)
    assert merging.heard(code, 4.2, "4.10").code == "", "another number is a change"


def test_changed_numbers_stand_out_whole() -> None:
    assert words.differences("盐雾 480 h", "盐雾 720 h") == [
        ("keep", "盐雾 "), ("gone", "480"), ("new", "720"), ("keep", " h")
    ]  # fmt: skip
