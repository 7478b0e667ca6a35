"""What sentences name, measured on gold sentences; editions; what is no longer so."""

import pytest

from tests.sources.citing import scoring
from yinuo.sources.readers import withdrawn
from yinuo.sources.rules import citing, editions, obsolete


@pytest.mark.parametrize(("half", "least"), [("work", 75), ("held out", 75), ("fresh", 60), ("unseen", 24)])
def test_what_sentences_name(half: str, least: int) -> None:
    result, wrong = scoring.score(half)
    assert len(scoring.sentences(half)) >= least
    assert result.precision >= 0.98, wrong
    assert result.recall >= 0.95, wrong


def test_words_stay_as_printed_and_in_their_place() -> None:
    text = "依据ISO9001：2015与《供应商质量手册》（第3版）执行。"
    printed = [text[each.start : each.end] for each in citing.find(text)]
    assert printed == ["ISO9001：2015", "《供应商质量手册》（第3版）"]


@pytest.mark.parametrize(
    ("said", "label", "same"),
    [
        ("2016", "2016", True),
        ("2016", "第3版（2016-11）", True),
        ("ed. 4", "第四版", True),
        ("ed. 4", "4th edition", True),
        ("V6", "V6.0", False),
        ("Rev. C", "rev c", True),
        ("2015", "2008", False),
        ("2013-06", "2013.06", True),
        ("2017+A1", "2017", False),
        ("2017+A1", "2017（含第1号修改单）", True),
        ("2017", "2017+A1", True),
        ("2017+A1", "2017/XG2-2020", True),
        ("", "2016", False),
    ],
)
def test_the_same_edition(said: str, label: str, same: bool) -> None:
    assert editions.is_same(said, label) is same


@pytest.mark.parametrize(
    ("one", "other", "older"),
    [
        ("2008", "2015", True),
        ("2015", "2015", False),
        ("ed. 3", "ed. 4", True),
        ("ed. 5", "ed. 4", False),
        ("V5", "V6", True),
        ("2016", "2016-10", False),
        ("ed. 3", "2016", None),
        ("Rev. A", "Rev. C", True),
        ("2017+A1", "2017", False),
        ("2017+A1", "2017+A2", True),
        ("2015+A1", "2018", True),
    ],
)
def test_older_editions(one: str, other: str, older: bool | None) -> None:
    assert editions.is_older(one, other) is older


@pytest.mark.parametrize(
    ("said", "labels", "current", "answer"),
    [
        ("2016", ["2009", "2016"], 1, ("held", 1)),
        ("2009", ["2009", "2016"], 1, ("newer", 0)),
        ("2008", ["2015"], 0, ("newer", 0)),
        ("2015", ["2008"], 0, ("older", 0)),
        ("", ["2008"], 0, ("undated", 0)),
        ("ed. 3", ["2016"], 0, ("other", 0)),
        ("2017+A1", ["2017"], 0, ("older", 0)),
        ("2017+A1", ["2017", "2017（第1号修改单）"], 1, ("held", 1)),
        ("2016", [], None, ("missing", None)),
    ],
)
def test_what_we_hold_of_it(said: str, labels: list[str], current: int | None, answer: tuple[str, int | None]) -> None:
    assert editions.held(said, labels, current) == answer


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("按《产品标识管理规定》执行。", "titled"),
        ("执行《文件控制程序》。", "titled"),
        ("供方应建立《供应商管理程序》。", "titled"),
        ("按《供应商变更管理办法》办理。", "customer"),
        ("遵守甲方《现场管理规定》。", "customer"),
        ("执行《现场管理规定》（编号：XC-2024-01）。", "customer"),
        ("依据《缺陷汽车产品召回管理条例》。", "law"),
        ("按总局令第43号《强制性产品认证管理规定》。", "law"),
        ("依据《家用汽车产品修理更换退货责任规定》。", "law"),
        ("按 GB/T 2828.1 抽样。", "standard"),
    ],
)
def test_whose_a_document_is_is_said_only_where_it_is_known(sentence: str, kind: str) -> None:
    assert [str(each.kind) for each in citing.find(sentence)] == [kind]


def hits(text: str) -> list[tuple[str, str]]:
    found = obsolete.Finder(withdrawn.entries("zh")).find(text, citing.find(text))
    return [(each.entry, text[each.start : each.end]) for each in found]


@pytest.mark.parametrize(
    ("text", "entry", "printed"),
    [
        ("则必须获得QS- 9000第三方注册。", "qs-9000", "QS- 9000"),
        ("附件一：戴姆勒-克莱斯勒公司的特殊要求", "daimlerchrysler", "戴姆勒-克莱斯勒"),
        ("Parts for Daimler\nChrysler carry the shield.", "daimlerchrysler", "Daimler\nChrysler"),
        ("通过 ISO/TS 16949:2009 认证", "iso-ts-16949", "ISO/TS 16949:2009"),
        ("符合 GB/T 19001-2008", "gb-t-19001", "GB/T 19001-2008"),
        ("VDA 6.3 第3版", "vda-6-3", "VDA 6.3 第3版"),
        ("VDA 6.3:2016", "vda-6-3-years", "VDA 6.3:2016"),
        ("依据《中华人民共和国合同法》", "contract-law", "《中华人民共和国合同法》"),
        ("上海通用汽车的供应商", "shanghai-gm", "上海通用汽车"),
        ("Heat treatment per CQI-9 3rd edition", "cqi-9", "CQI-9 3rd edition"),
        ("FMEA 手册第四版", "fmea", "FMEA 手册第四版"),
        ("RoHS 2002/95/EC", "rohs-1", "2002/95/EC"),
    ],
)
def test_what_is_no_longer_so(text: str, entry: str, printed: str) -> None:
    assert (entry, printed) in hits(text)


@pytest.mark.parametrize(
    "text",
    [
        "通过 IATF 16949:2016 与 ISO 9001:2015 认证",
        "上海通用五菱之外的顾客",
        "按最新版 ISO 9001 执行",
        "VDA 6.3 第4版、CQI-9 第4版、PPAP 第四版",
        "上汽大众、一汽-大众和上汽通用的要求",
        "《中华人民共和国民法典》合同编",
        "AIAG & VDA FMEA 手册第1版",
        "The opelescent finish of the pandelphi lamp",
    ],
)
def test_what_still_holds_is_left_alone(text: str) -> None:
    assert hits(text) == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_entry_can_be_shown_to_an_auditor(language: str) -> None:
    entries = withdrawn.entries(language)
    assert len({each.key for each in entries}) == len(entries) > 80
    assert all(each.source and (each.designations or each.names) for each in entries)
    assert {each.what for each in entries} <= {"withdrawn", "replaced", "renamed", "merged", "split"}
    assert all(each.successor for each in entries if each.what in ("replaced", "renamed", "merged", "split"))
    assert {each.sure for each in entries} == {"high", "medium"}


def test_no_text_takes_long() -> None:
    """Long rows of letters, digits and blanks are read in the time of their length."""
    for each in ("A" * 40_000, "Aa " * 15_000, "1.2." * 10_000, "《" * 20_000, "GB/T " * 8_000, "- - " * 10_000):
        citing.find(each)
