"""What the rules propose of a clause: its kind, its place in the standard, and the words that say so."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yinuo.sources.rules import classifying, mapping, pointing

PLACES = [
    ("5.2", "PPAP提交", "供应商应按等级3提交PPAP，未经批准不得量产。", "8.3.4.4"),
    ("3.4", "分层审核", "供应商须每班实施LPA，并保存记录。", "9.2.2.3"),
    ("7", "质量问题处理", "收到质量问题后24小时内提交3D报告，10个工作日内提交8D报告。", "10.2.3"),
    ("9", "Records", "Records shall be retained for 15 years.", "7.5.3.2.1"),
    ("2.1", "", "Each shift shall have personnel with authority to stop production.", "5.3.2"),
    ("2.2", "", "The supplier shall audit its sub-suppliers once a year.", "8.4.2.4.1"),
    ("2.3", "", "The organization shall audit its suppliers at planned intervals.", "8.4.2.4.1"),
    ("2.4", "", "供方应能在 4 小时内追溯到原材料批次。", "8.5.2.1"),
    ("2.5", "", "控 制 计 划应经顾客批准。", "8.5.1.1"),
    ("2.6", "", "Innerhalb von 10 Arbeitstagen ist ein 8D-Report vorzulegen.", "10.2.3"),
]
KINDS = [
    ("5.2", "PPAP提交", "供应商应按等级3提交PPAP，未经批准不得量产。", "specific"),
    ("1", "范围", "本手册适用于所有向本公司供货的供应商。", "informative"),
    ("8", "付款", "乙方开具增值税发票后60天内支付货款。", "commercial"),
    ("9", "收货地址", "供应商应将货物送至上海市嘉定区1号仓库，收货时间为8:00-16:00。", "other"),
    ("4", "Hardness", "The hardness shall be 58-62 HRC.", "other"),
    ("3", "Terms", "PSW means Part Submission Warrant.", "informative"),
    ("8.3.2.2", "产品设计技能", "无补充要求。", "informative"),
    ("9.2.2.2", "System audit", "There are no customer-specific requirements for this section.", "informative"),
    ("4", "PPAP", "", "informative"),
    ("7", "", "我司质量部负责本手册的编制、更新和发布。", "informative"),
    ("7", "", "供应商应对每批产品进行检验并保存记录。", "specific"),
    ("6.4", "Packaging", "Each pallet shall carry 24 boxes and must not exceed 1000 kg.", "other"),
    ("6.3", "Packaging", "Packaging shall protect the parts from damage and corrosion.", "specific"),
    ("8", "", "3日内未回复的，视为接受索赔。", "commercial"),
]


@pytest.mark.parametrize(("number", "title", "text", "expected"), PLACES)
def test_words_of_the_field_lead_to_the_clause(number: str, title: str, text: str, expected: str) -> None:
    assert mapping.propose(number, title, text)[0].number == expected


@pytest.mark.parametrize(("number", "title", "text", "expected"), KINDS)
def test_what_a_clause_is(number: str, title: str, text: str, expected: str) -> None:
    assert classifying.propose(number, title, text).nature == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("符合IATF 16949:2016第8.5.6.1条的要求", ["8.5.6.1"]),
        ("IATF16949 8.3.3.3、8.5.1.1及9.2.2.3", ["8.3.3.3", "8.5.1.1", "9.2.2.3"]),
        ("see clause 8.4.2.3 of IATF 16949", ["8.4.2.3"]),
        ("Section 4.2.3 of ISO/TS 16949", ["7.5.2", "7.5.3"]),
        ("ISO 9001:2008 8.5.2", ["10.2"]),
        ("ISO 9001-2008 clause 7.4.1", ["8.4.1", "8.4.2"]),
        ("ISO/TS 16949:2009 clause 7.3.6.3", ["8.3.4.4"]),
        ("ISO 9001:2015 8.7", ["8.7"]),
        ("version 8.3.3 of the portal, IATF 16949:2016", []),
        ("IATF 16949 8.9.9", []),
    ],
)
def test_numbers_of_the_standard_are_read(text: str, expected: list[str]) -> None:
    assert [each.number for each in pointing.pointed(text)] == expected


def test_a_number_of_the_standard_counts_most() -> None:
    found = mapping.propose("4.1", "培训", "供应商应培训员工，见IATF 16949 8.5.1.5。")
    assert (found[0].number, found[0].because[0]) == ("8.5.1.5", "IATF 16949 8.5.1.5")
    assert "7.2.1" in [each.number for each in found]


def test_an_own_number_counts_only_when_the_words_fit() -> None:
    fits = mapping.propose("8.5.1.5", "Maintenance", "Critical machines shall have spare parts in stock.")
    assert fits[0].number == "8.5.1.5"
    assert fits[0].score > 0.9
    strange = mapping.propose("8.5.1.5", "培训", "新员工上岗前应完成岗位培训。")
    assert strange[0].number == "7.2.2"


def test_a_word_inside_a_longer_one_says_nothing() -> None:
    """紧固件 is no 固件; "reach" is not REACH; a supplier who is spoken to is nobody's sub-supplier."""
    assert "8.3.2.3" not in [each.number for each in mapping.propose("", "", "所有紧固件强度等级为8.8。")]
    assert "8.4.2.2" not in [each.number for each in mapping.propose("", "", "Parts shall reach the line in time.")]
    assert "8.4.2.4.1" not in [each.number for each in mapping.propose("", "", "供应商须每班实施分层审核。")]


def test_where_no_word_of_the_field_stands_single_words_tell_a_little() -> None:
    found = mapping.propose("", "", "Alternative arrangements are to be verified daily.")
    assert "8.5.6.1.1" in [each.number for each in found]
    assert found[0].score < 0.3


def test_every_number_is_one_of_the_standard() -> None:
    said = yaml.safe_load((pointing.LIBRARY / "proposing" / "topics.yaml").read_text(encoding="utf-8"))
    assert set(said["topics"]) <= set(pointing.titles())
    assert {number for new in pointing.successors().values() for number in new} <= set(pointing.titles())


SAMPLES = [
    *(
        "供应商",
        "应",
        "PPAP",
        "不得",
        "shall",
        "retain",
        "records",
        "for",
        "15",
        "years",
        "分供方",
        "审核",
        "控",
        "制计划",
    ),
    *(
        "付款",
        "EDI",
        "托盘",
        "８Ｄ",
        "目的",
        "IATF",
        "16949",
        "8.5.6.1",
        "audit",
        "its",
        "sub-suppliers",
        "，",
        "。",
        ".",
    ),
    *("\n", "55", "HRC", "a@b.cn", "质量", "sub-tier", "传递", "特殊特性", "我司", "负责", "500元", "、", "召回"),
]
WORDS = st.lists(st.sampled_from(SAMPLES), max_size=25).map(" ".join)


@given(WORDS, WORDS, WORDS, WORDS)
def test_reasons_stand_in_the_clause(number: str, title: str, text: str, heading: str) -> None:
    targets = mapping.propose(number, title, text, [heading])
    for target in targets:
        assert target.because
        assert all(any(word in place for place in (number, title, text, heading)) for word in target.because)
        assert 0 < target.score <= 1
    assert len(targets) <= mapping.MOST
    assert [each.score for each in targets] == sorted((each.score for each in targets), reverse=True)
    proposal = classifying.propose(number, title, text, [heading])
    assert all(any(word in place for place in (number, title, text)) for word in proposal.because)
    assert proposal.nature in classifying.NATURES
    assert 0.25 <= proposal.certainty <= 1


@given(st.text(), st.text(), st.text())
def test_any_text_is_answered(number: str, title: str, text: str) -> None:
    assert len(mapping.propose(number, title, text)) <= mapping.MOST
    assert classifying.propose(number, title, text).nature in classifying.NATURES
