"""Laws of correcting: nothing is lost, the tree stays a tree, order is that of the document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.sources.definition import Clause, Leftover, Split
from yinuo.sources.rules import correcting
from yinuo.sources.rules.correcting import CannotCorrect, Node, Tree


def tree(*rows: tuple[str, str, str, str]) -> Tree:
    """Rows of key, parent, number, text."""
    return Tree(tuple(Node(key, number, "", text, parent) for key, parent, number, text in rows))


SMALL = tree(("a", "", "1", "总则"), ("b", "a", "1.1", "甲乙丙丁"), ("c", "a", "1.2", "戊己"), ("d", "", "2", "范围"))


def shape(of: Tree) -> list[tuple[str, str]]:
    return [(each.key, each.parent) for each in of.nodes]


def test_a_first_draft_keeps_tree_order_and_leftovers() -> None:
    split = Split(
        (Clause("1", "总则", ""), Clause("1.1", "", "甲", parent=0, blocks=[4])), (Leftover(1, "封面", "before"),), 3, 5
    )
    made = correcting.tree_of([(0, split), (1, split)])
    assert shape(made) == [("0.0", ""), ("0.1", "0.0"), ("1.0", ""), ("1.1", "1.0")]
    assert made.signs == (6, 10)


def test_split_cuts_a_text_where_the_cursor_stands() -> None:
    after = correcting.split(SMALL, key="b", at=2, number="1.2")
    assert [(each.number, each.text) for each in after.nodes[1:3]] == [("1.1", "甲乙"), ("1.2", "丙丁")]
    assert after.nodes[2].parent == "a"


def test_a_number_that_stands_in_the_text_is_not_written_twice() -> None:
    after = correcting.split(tree(("a", "", "1", "甲。1.1 乙")), key="a", at=2, number="1.1")
    assert (after.nodes[1].number, after.nodes[1].text) == ("1.1", "乙")


def test_a_clause_that_is_cut_keeps_what_is_below_it() -> None:
    after = correcting.split(SMALL, key="a", at=1)
    assert shape(after) == [("a", ""), ("b", "a"), ("c", "a"), ("n0", ""), ("d", "")]


def test_merge_takes_number_and_text_along() -> None:
    after = correcting.merge(SMALL, key="c")
    assert after.node("b").text == "甲乙丙丁\n1.2\n戊己"
    assert shape(after) == [("a", ""), ("b", "a"), ("d", "")]


def test_in_and_out_again_is_where_it_was() -> None:
    inside = correcting.inwards(SMALL, key="c")
    assert shape(inside) == [("a", ""), ("b", "a"), ("c", "b"), ("d", "")]
    assert shape(correcting.outwards(inside, key="c")) == shape(SMALL)


def test_out_goes_behind_what_is_below_its_parent() -> None:
    assert shape(correcting.outwards(SMALL, key="b")) == [("a", ""), ("c", "a"), ("b", ""), ("d", "")]


def test_up_and_down_move_what_is_below_along() -> None:
    after = correcting.down(SMALL, key="a")
    assert shape(after) == [("d", ""), ("a", ""), ("b", "a"), ("c", "a")]
    assert shape(correcting.up(after, key="a")) == shape(SMALL)


def test_a_shorter_title_gives_its_rest_to_the_text() -> None:
    titled = Tree((Node("a", "1", "总则 本规定适用于", "全部零件"),))
    after = correcting.head(titled, key="a", number="1", title="总则")
    assert (after.nodes[0].title, after.nodes[0].text) == ("总则", "本规定适用于\n全部零件")
    longer = correcting.head(Tree((Node("a", "1", "", "总则\n本规定"),)), key="a", number="1", title="总则")
    assert (longer.nodes[0].title, longer.nodes[0].text) == ("总则", "本规定")


def test_what_is_left_out_can_be_taken_in_again() -> None:
    after = correcting.leave_out(SMALL, key="a")
    assert shape(after) == [("b", ""), ("c", ""), ("d", "")]
    assert [each.text for each in after.left] == ["1 总则"]
    back = correcting.take_in(after, key=after.left[0].key, into="b")
    assert back.node("b").text == "甲乙丙丁\n1 总则"
    assert back.left == ()


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        ("split", {"key": "b", "at": 0}),
        ("split", {"key": "b", "at": 4}),
        ("merge", {"key": "a"}),
        ("inwards", {"key": "a"}),
        ("outwards", {"key": "a"}),
        ("up", {"key": "a"}),
        ("down", {"key": "d"}),
        ("take_in", {"key": "nothing"}),
        ("head", {"key": "nothing", "number": "", "title": ""}),
    ],
)
def test_what_makes_no_sense_is_refused(act: str, arguments: dict[str, object]) -> None:
    keeps = SMALL if act != "split" or arguments["at"] else tree(("b", "", "", "甲乙"))
    with pytest.raises(CannotCorrect):
        correcting.ACTS[act](keeps, **arguments)


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    rows: list[Node] = []
    for at in range(draw(st.integers(1, 12))):
        chain = [""]
        if rows:
            key = rows[-1].key
            parents = {each.key: each.parent for each in rows}
            while key:
                chain.append(key)
                key = parents[key]
        text = draw(st.text("甲乙 a1\n.", max_size=8))
        rows.append(Node(f"k{at}", draw(st.sampled_from(["", "1.1", "a)"])), "", text, draw(st.sampled_from(chain))))
    return Tree(tuple(rows))


MOVES = ["split", "merge", "inwards", "outwards", "up", "down", "leave_out", "confirm"]


@given(trees(), st.lists(st.tuples(st.sampled_from(MOVES), st.integers(0, 11), st.integers(0, 8)), max_size=12))
def test_no_act_loses_a_character_or_breaks_the_tree(start: Tree, acts: list[tuple[str, int, int]]) -> None:
    def said(of: Tree) -> list[str]:
        numbers = "".join(each.number for each in of.nodes)
        texts = "".join(each.title + each.text for each in of.nodes) + "".join(each.text for each in of.left)
        return sorted("".join((numbers + texts).split()))

    at = start
    for act, place, cut in acts:
        key = at.nodes[place % len(at.nodes)].key
        arguments = {"key": key} | ({"at": cut} if act == "split" else {})
        try:
            at = correcting.ACTS[act](at, **arguments)
        except CannotCorrect:
            continue
        if not at.nodes:
            break
        assert said(at) == said(start)
        seen = {""}
        for each in at.nodes:  # a parent stands before what is below it, and keys are unique
            assert each.parent in seen
            assert each.key not in seen
            seen.add(each.key)
        assert correcting.heard(correcting.said(at)) == at
