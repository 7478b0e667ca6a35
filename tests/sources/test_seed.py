"""Several documents in one file: eight procedures as a download site glued them together, and others made for this."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources import scoring
from tests.sources.word import making
from yinuo.sources.definition import Block, Clause, Place, Split
from yinuo.sources.readers import opening, text, word
from yinuo.sources.rules import splitting

SEED = Path(__file__).parents[3] / "shared" / "seeds" / "000_f7887ac061df3cd8.txt"
BEGINNINGS = [  # the title of each document, the number of its first clause, and words of it
    ("客户特殊要求管理程序", "1", "引言在业务处理过程中"),
    ("客户特殊要求管理程序", "", "国际部/业务员1.收到客户特殊要求需求表"),
    ("顾客特殊要求管理程序", "1.0", "目的"),
    ("顾客特殊要求管理程序", "1", "目的本程序明确顾客特殊要求,对顾客特殊要求进行早期识别"),
    ("020客户特殊要求管理程序", "一", "引言为了更好地满足"),
    ("顾客特殊要求管理程序", "7", "附件附件一:戴姆勒-克莱斯勒公司的特殊要求"),
    ("顾客特殊要求管理程序概述", "1", "顾客特殊要求的记录"),
    ("", "1", "适用范围"),
]
SYMBOLS = ("〈SQ 及〈E〉", "<H> : <N> PF-噪声", "N>指噪声法规要求", "T〉指防盗要求")


@pytest.fixture(scope="module", params=["txt", "docx"])
def seed(request: pytest.FixtureRequest) -> Split:
    if not SEED.exists():
        pytest.skip("no seed: shared/seeds stands beside the project")
    content = SEED.read_bytes()
    if request.param == "docx":
        lines = content.decode("utf-8").splitlines()
        content = making.Made([making.p(line) for line in lines if line.strip()]).content()
    return splitting.split(opening.read(content, f"seed.{request.param}").blocks)


def of_part(split: Split, which: int) -> list[Clause]:
    ends = [*[part.first for part in split.parts], len(split.clauses)]
    return list(split.clauses[ends[which] : ends[which + 1]])


def test_eight_documents_in_their_order(seed: Split) -> None:
    firsts = [(part, seed.clauses[part.first]) for part in seed.parts]
    assert [(part.title, clause.number) for part, clause in firsts] == [each[:2] for each in BEGINNINGS]
    for (_, clause), (_, _, said) in zip(firsts, BEGINNINGS, strict=True):
        assert (clause.title + clause.text).startswith(said)


def test_what_only_a_title_tells_is_doubted(seed: Split) -> None:
    firsts = [seed.clauses[part.first] for part in seed.parts]
    assert [which for which, clause in enumerate(firsts) if "another" in clause.doubts] == [1, 5]
    assert all("restart" in firsts[which].doubts for which in (2, 3, 4, 6, 7))
    assert all(clause.confidence < 0.9 for clause in firsts)
    assert {tuple(each.doubts) for each in of_part(seed, 1)[1:]} == {("no_number",)}


def test_the_duties_of_the_second_stand_in_it_alone(seed: Split) -> None:
    said = [clause.text for clause in of_part(seed, 1)]
    assert [each[:3] for each in said[1:7]] == ["工程研", "生产管", "质量管", "采购部", "物资部", "市场管"]
    assert "考评指标:客户特殊要求满足率。" in said
    assert not any("国际部" in clause.text for clause in of_part(seed, 0))


def test_the_first_annex_has_its_clauses_and_the_others_are_titles(seed: Split) -> None:
    part = of_part(seed, 5)
    assert [clause.number for clause in part] == ["7", "附件一", "1", "2", "3", "4", "4.1", "4.2", "4.3", "5"]
    base = seed.parts[5].first
    assert [clause.parent - base for clause in part[2:]] == [1, 1, 1, 1, 5, 5, 5, 1]
    assert part[1].title == "戴姆勒-克莱斯勒公司的特殊要求"
    assert all(f"附件{each}:" in part[0].title + part[0].text for each in "一二三四五六")


def test_symbols_are_kept_as_printed(seed: Split) -> None:
    part = of_part(seed, 5)
    assert part[5].title == "菱形符号◊〈D〉"
    assert all(symbol in part[4].text for symbol in SYMBOLS)


def test_nothing_is_lost_and_noise_is_named(seed: Split) -> None:
    assert scoring.is_whole(seed)
    reasons = {leftover.text: leftover.reason for leftover in seed.leftovers}
    assert reasons["- 格式:doc"] == reasons["更多免费资料下载请进:好好学习社区。"] == "download"
    cover = next(leftover for leftover in seed.leftovers if "QD-Q-C04" in leftover.text)
    assert cover.reason == "front"
    assert {leftover.reason for leftover in seed.leftovers} == {"front", "title", "download"}


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("glued_titles_zh.txt", ["包装管理程序", "标签管理程序", "追溯管理程序"]),
        ("glued_titles_en.txt", ["Packaging Procedure", "Labelling Procedure", "Traceability Procedure"]),
    ],
)
def test_other_documents_glued_together(name: str, titles: list[str]) -> None:
    gold = (scoring.GOLD / name).read_text(encoding="utf-8")
    lines = scoring.document(gold)
    made = making.Made([making.p(line) for line in lines.splitlines()]).content()
    for reading in (text.read(lines.encode()), word.read(made)):
        split = splitting.split(reading.blocks)
        assert [part.title for part in split.parts] == titles
        assert [split.clauses[part.first].number for part in split.parts] == ["1", "", "7"]
        assert [len(of_part(split, which)) for which in range(3)] == [5, 5, 5]
        assert scoring.is_whole(split)


@pytest.mark.parametrize(
    "line",
    [
        "包装管理程序2.2质量部负责包装方案的批准。",  # the head of a page before the number that goes on
        "包装管理程序3.4中的要求同样适用。",
        "按包装管理程序第三章执行。",
        "标签管理程序规定了标签的内容,共 3 页。",
        "包装管理程序 1 年评审一次。",
        "包装管理程序 2 份交物流部。",
    ],
)
def test_a_title_that_is_spoken_of_or_repeated_begins_nothing(line: str) -> None:
    lines = [
        "包装管理程序",
        "1.目的规范包装。",
        "2.职责",
        "2.1物流部负责编制。",
        line,
        "2.3仓库负责执行。",
        "3.记录无。",
    ]
    split = splitting.split([Block(each, Place(place)) for place, each in enumerate(lines, 1)])
    assert len(split.parts) == 1
    assert scoring.is_whole(split)


LINES = st.sampled_from(
    [
        "包装管理程序",
        "包装管理程序7 附件附件一:编码附件二:记录附件一编码1.组成。",
        "标签管理程序物流部1.接收;2.打印。",
        "更多免费资料下载请进:某某社区",
        "1.目的规范包装。",
        "2.职责2.1仓库负责。",
        "(以下无正文)",
        "一、总则",
        "Packaging Procedure 1. Scope",
        "编号QP-1名称包装管理程序版号1/A修订1审核批准包装管理程序1.目的",
        "仓库1.粘贴;2.核对。",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=12), st.sampled_from([None, 1]))
def test_laws_of_files_with_several_documents(lines: list[str], depth: int | None) -> None:
    split = splitting.split([Block(line, Place(number)) for number, line in enumerate(lines, 1)], depth)
    assert scoring.is_whole(split)
    firsts = [part.first for part in split.parts]
    assert firsts == sorted(set(firsts))
    assert all(first < len(split.clauses) for first in firsts)
    assert all(-1 <= clause.parent < place for place, clause in enumerate(split.clauses))
    begun = [clause.blocks[0] for clause in split.clauses]
    assert begun == sorted(begun)
