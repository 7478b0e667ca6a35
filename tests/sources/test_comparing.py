"""What became of each clause: gold tables, laws, values, and the published truth where it is at hand."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources import editions
from yinuo.sources.readers import opening
from yinuo.sources.rules import comparing, splitting
from yinuo.sources.rules.comparing import Kind, Said, compare

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "documents"


def f1(told: set[object], gold: set[object]) -> float:
    return 2 * len(told & gold) / (len(told) + len(gold))


@pytest.mark.parametrize(("seed", "is_chinese"), [(1, True), (2, False), (3, True), (4, False), (5, True)])
def test_gold_pairs(seed: int, is_chinese: bool) -> None:
    pair = editions.made(seed, is_chinese=is_chinese)
    assert len(pair.old) >= 120
    told = {
        (match.kind, match.old, match.new)
        for match in compare(pair.old, pair.new)
        if not any(key[1:2] == "h" for key in (*match.old, *match.new))
    }
    assert f1({*told}, {*pair.gold}) >= 0.95, sorted(map(str, told ^ pair.gold))
    same = {each for each in pair.gold if each[0] in (Kind.SAME, Kind.RENUMBERED)}
    assert {each for each in told if each[0] is Kind.REWORDED and (each[1], each[2]) in {s[1:] for s in same}} == set()


@pytest.mark.parametrize("seed", range(6, 12))
def test_every_changed_value_is_told(seed: int) -> None:
    pair = editions.made(seed, is_chinese=seed % 2 == 0)
    told = {match.old[0]: match for match in compare(pair.old, pair.new) if match.old}
    for key, before, after in pair.values:
        values = told[key].values
        assert [(old.split()[0], new.split()[0]) for old, new in values] == [(before, after)], key


def test_every_number_changed() -> None:
    pair = editions.made(20, is_chinese=True)
    renumbered = [Said(f"n{each.key}", f"9{each.number}", each.title, each.text, "") for each in pair.old]
    flat = [Said(each.key, each.number, each.title, each.text, "") for each in pair.old]
    told = compare(flat, renumbered)
    assert {match.kind for match in told} == {Kind.RENUMBERED}
    assert all(match.new == (f"n{match.old[0]}",) for match in told)


def test_numbers_used_again_for_something_else() -> None:
    old = [
        Said("a", "4.1", "标签", "每个包装单元应贴顾客格式的标签，含零件号和批次号。"),
        Said("b", "4.2", "追溯", "供方应能在四小时内追溯到原材料批次。"),
    ]
    new = [
        Said("x", "4.1", "追溯", "供方应能在四小时内追溯到原材料批次。"),
        Said("y", "4.2", "网络安全", "供方应具备与产品软件相适应的安全管理流程。"),
    ]
    assert {(match.kind, match.old, match.new) for match in compare(old, new)} == {
        (Kind.RENUMBERED, ("b",), ("x",)),
        (Kind.GONE, ("a",), ()),
        (Kind.NEW, (), ("y",)),
    }


@pytest.mark.parametrize(
    ("old", "new", "values"),
    [
        ("Cpk 不低于 1.33", "Cpk 不低于 1.67", [("1.33", "1.67")]),
        ("保存 10 年", "保存15年", [("10 年", "15年")]),
        ("PPAP Level 3 submission", "PPAP level 4 submission", [("Level 3", "level 4")]),
        ("within five working days", "within ten working days", [("5 working days", "10 working days")]),
        ("应在三个月内", "应在六个月内", [("三个月", "六个月")]),
        ("公差 ±0.05 mm", "公差 ±0.03 mm", [("±0.05 mm", "±0.03 mm")]),
        ("24 h 内提交 D3", "24 h 内提交 D3", []),
        ("100% inspection", "inspection", [("100%", "")]),
        ("≥ 1.33 mm", "≤ 1.33 mm", [("≥ 1.33 mm", "≤ 1.33 mm")]),
        ("10 工作日", "10 个月", [("10 工作日", "10 个月")]),
    ],
)
def test_values(old: str, new: str, values: list[tuple[str, str]]) -> None:
    assert list(comparing.changed_values(Said("a", "", "", old), Said("b", "", "", new))) == values


def test_the_published_change_of_a_law() -> None:
    """Of 77 articles exactly one changed."""
    if not SAMPLES.exists():
        pytest.skip("the samples are not here")

    def said(name: str) -> list[Said]:
        split = splitting.split(opening.read((SAMPLES / name).read_bytes(), name).blocks)
        return [Said(str(at), each.number, each.title, each.text) for at, each in enumerate(split.clauses)]

    for ending in (".md", ".auto.docx"):
        old, new = said(f"认证认可条例(2020-11-29){ending}"), said(f"认证认可条例(2023-07-20){ending}")
        changed = [match for match in compare(old, new) if match.kind is not Kind.SAME]
        assert [(match.kind, old[int(match.old[0])].number) for match in changed] == [(Kind.REWORDED, "第六十六条")]


def test_how_a_list_is_dressed_is_no_change() -> None:
    plain = "应当：\n确认角色和职责\n已分配时间"
    dressed = "应当：\n▪ 确认角色和职责\no 已分配时间"
    assert [match.kind for match in compare([Said("a", "1", "", plain)], [Said("b", "1", "", dressed)])] == [Kind.SAME]
    below, above = Said("a", "1", "", "偏差\n-5 mm"), Said("b", "1", "", "偏差\n5 mm")
    assert [match.values for match in compare([below], [above])] == [(("-5 mm", "5 mm"),)]


said_lists = st.lists(
    st.tuples(st.sampled_from(["", "1", "1.1", "2", "a)"]), st.text("甲乙丙丁 ab1.", max_size=30)), max_size=12
)


def clauses(rows: list[tuple[str, str]], side: str) -> list[Said]:
    return [Said(f"{side}{at}", number, "", text) for at, (number, text) in enumerate(rows)]


@given(said_lists, said_lists)
def test_every_clause_stands_in_exactly_one_match(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    told = compare(clauses(old, "o"), clauses(new, "n"))
    assert sorted(key for match in told for key in match.old) == sorted(f"o{at}" for at in range(len(old)))
    assert sorted(key for match in told for key in match.new) == sorted(f"n{at}" for at in range(len(new)))


@given(said_lists)
def test_the_same_edition_is_the_same(rows: list[tuple[str, str]]) -> None:
    long = [(number, f"{text}第{at}项要求的内容各不相同") for at, (number, text) in enumerate(rows)]
    assert {match.kind for match in compare(clauses(long, "o"), clauses(long, "n"))} <= {Kind.SAME}


@given(st.text(max_size=60), st.text(max_size=60))
def test_differences_say_both_texts(old: str, new: str) -> None:
    pieces = comparing.differences(old, new)
    assert "".join(words for how, words in pieces if how != "in") == old
    assert "".join(words for how, words in pieces if how != "out") == new


def test_a_thousand_clauses_in_seconds() -> None:
    """Not a timed test: what would be quadratic takes minutes."""
    pair = editions.made(30, is_chinese=True, chapters=70)
    shuffled = [Said(each.key, f"{at}", "", each.text[2:] + "并记录") for at, each in enumerate(pair.new)]
    random.Random(1).shuffle(shuffled)
    begin = time.process_time()
    told = compare(pair.old, shuffled)
    print(f"{len(pair.old)} and {len(shuffled)} clauses: {time.process_time() - begin:.2f} s of CPU")
    assert len(told) >= 1000
