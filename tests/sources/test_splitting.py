"""Blocks → clauses: gold documents of every way of numbering, and laws that hold for any text."""

import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources import scoring
from yinuo.sources.definition import Block, Place, Shape
from yinuo.sources.readers import markdown, opening, pdf, text, word
from yinuo.sources.rules import splitting

GOLD = sorted(scoring.GOLD.glob("*.*"))
SAMPLES = Path(os.environ.get("YINUO_SAMPLES", scoring.GOLD.parents[3] / "shared" / "samples"))
READERS = {".md": markdown, ".txt": text, ".docx": word, ".pdf": pdf}
LONGEST = 60  # seconds; a second as a rule, hours by the square
TRUTHS = {
    "产品质量法(2018-12-29).*": "clauses-law-产品质量法_2018-12-29_.json",
    "认证认可条例(2023-07-20).*": "clauses-law-认证认可条例_2023-07-20_.json",
    "OpenChainSpec-2.0-zh-Hans.*": "clauses-openchain-2.0-zh.json",
    "csf2.xlsx": "clauses-xlsx-csf2.json",
}


def paragraphs(*lines: str) -> list[Block]:
    return [Block(line, Place(number)) for number, line in enumerate(lines, 1)]


def rows(*lines: tuple[str, ...], sheet: str = "") -> list[Block]:
    return [
        Block("\t".join(cells), Place(number, sheet=sheet), Shape.ROW, cells=cells)
        for number, cells in enumerate(lines, 1)
    ]


def numbers(blocks: list[Block], depth: int | None = None) -> list[str]:
    return [clause.number for clause in splitting.split(blocks, depth).clauses]


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.name)
def test_gold(path: Path) -> None:
    gold = path.read_text(encoding="utf-8")
    blocks = READERS[path.suffix].read(scoring.document(gold).encode()).blocks
    split = splitting.split(blocks)
    score, wrong = scoring.strict(split.clauses, scoring.truth(gold))
    assert score >= 0.97, "\n".join(wrong)
    assert scoring.is_whole(split)


@pytest.mark.parametrize("pattern", TRUTHS)
def test_samples(pattern: str, tmp_path: Path) -> None:
    files = sorted(SAMPLES.glob(f"*/{pattern}"))
    if not files:
        pytest.skip("no samples: YINUO_SAMPLES names their folder")
    for path in files:
        split = splitting.split(opening.read(path.read_bytes(), path.name).blocks)
        said = [{"number": each.number, "title": each.title, "text": each.text} for each in split.clauses]
        (tmp_path / "said.json").write_text(json.dumps(said), encoding="utf-8")
        program = [sys.executable, SAMPLES / "score" / "clause_score.py", tmp_path / "said.json"]
        answer = subprocess.run(
            [*program, SAMPLES / "truth" / TRUTHS[pattern], "--json"], capture_output=True, check=True
        )
        assert json.loads(answer.stdout)["strict"]["F1"] >= 0.97, path.name
        assert scoring.is_whole(split)


def test_automatic_numbers_are_the_clauses_numbers_and_lists_keep_theirs_in_the_text() -> None:
    blocks = [
        Block("总则", Place(1), Shape.HEADING, "第一章", 1),
        Block("为了规范采购，制定本办法。", Place(2), Shape.ITEM, "第一条", 1),
        Block("供应商应当提交：", Place(3), Shape.ITEM, "第二条", 1),
        Block("营业执照；", Place(4), Shape.ITEM, "（一）", 2),
        Block("体系证书。", Place(5), Shape.ITEM, "（二）", 2),
        Block("附则", Place(6), Shape.HEADING, "第二章", 1),
        Block("本办法自发布之日起施行。", Place(7), Shape.ITEM, "第三条", 1),
    ]
    split = splitting.split(blocks)
    assert [each.number for each in split.clauses] == ["第一章", "第一条", "第二条", "第二章", "第三条"]
    assert split.clauses[2].text == "供应商应当提交：\n（一） 营业执照；\n（二） 体系证书。"
    assert [each.parent for each in split.clauses] == [-1, 0, 0, -1, 3]
    assert min(each.confidence for each in split.clauses) == 1.0


def test_a_typed_number_in_an_automatic_list_is_the_clauses_number() -> None:
    blocks = [
        Block("Launch", Place(1), Shape.HEADING, "4", 1),
        Block("4.1 The supplier shall plan.", Place(2), Shape.ITEM, "1)", 1),
        Block("4.2 The supplier shall report.", Place(3), Shape.ITEM, "2)", 1),
    ]
    assert numbers(blocks) == ["4", "4.1", "4.2"]


def test_rows_with_numbers_are_clauses_and_other_columns_stand_beside() -> None:
    blocks = rows(
        ("No.", "Requirement", "Priority", "Remark"),
        ("1.1", "The supplier shall hold a certificate to IATF 16949.", "A", "checked every year by the buyer"),
        ("1.2", "The supplier shall name a safety representative.", "B", ""),
        ("2.1", "Samples are delivered with full measurement reports.", "A", "see the portal for the form"),
    )
    split = splitting.split(blocks)
    assert [(each.number, each.text) for each in split.clauses] == [
        ("1.1", "The supplier shall hold a certificate to IATF 16949."),
        ("1.2", "The supplier shall name a safety representative."),
        ("2.1", "Samples are delivered with full measurement reports."),
    ]
    assert {each.reason for each in split.leftovers} == {"column_head", "other_column"}
    assert scoring.is_whole(split)


def test_a_column_that_counts_the_rows_is_not_that_of_their_numbers() -> None:
    blocks = rows(
        ("Type", "Num", "ID", "Statement", "Traceability"),
        ("FUN", "1", "S-FUN-001", "The unit shall record each measurement.", "S-SAF-001"),
        ("FUN", "2", "S-FUN-002", "The unit shall show the last measurement.", "S-SAF-003"),
        ("PHY", "3", "S-PHY-003", "The unit shall weigh less than two kilograms.", "S-FUN-001"),
        sheet="Requirements",
    )
    split = splitting.split(blocks)
    assert [(each.number, each.text) for each in split.clauses] == [
        ("S-FUN-001", "The unit shall record each measurement."),
        ("S-FUN-002", "The unit shall show the last measurement."),
        ("S-PHY-003", "The unit shall weigh less than two kilograms."),
    ]
    assert [part.title for part in split.parts] == [""], "names of columns are no title"


def test_identifiers_that_an_annex_lists_again_stand_where_they_say_most() -> None:
    demands = [f"REQ-00{each} The supplier shall keep the record of process {each}." for each in range(1, 6)]
    annex = ["Appendix A Who answers", *(f"REQ-00{each} Quality" for each in range(1, 6))]
    clauses = splitting.split(paragraphs(*demands, *annex)).clauses
    assert [each.number for each in clauses] == [*(f"REQ-00{each}" for each in range(1, 6)), "Appendix A"]
    assert "REQ-003 Quality" in clauses[-1].text


def test_groups_in_first_columns_are_parents() -> None:
    blocks = rows(
        ("Area", "Topic", "Demand"),
        ("LAUNCH", "", ""),
        ("", "Planning", ""),
        ("", "", "LA.PL-01: Milestones are agreed with the customer"),
        ("", "", "LA.PL-02: Milestones are reported weekly"),
        ("SERIES", "", ""),
        ("", "Change", ""),
        ("", "", "SE.CH-01: Changes are announced twelve months ahead"),
        sheet="CSR",
    )
    clauses = splitting.split(blocks).clauses
    assert [(each.number, each.title, each.parent) for each in clauses] == [
        ("", "LAUNCH", -1),
        ("", "Planning", 0),
        ("LA.PL-01", "", 1),
        ("LA.PL-02", "", 1),
        ("", "SERIES", -1),
        ("", "Change", 4),
        ("SE.CH-01", "", 5),
    ]


def test_what_the_heading_calls_the_number_is_the_number_however_it_is_written() -> None:
    blocks = rows(
        ("depth", "ref_id", "name", "description", "name[fr]"),
        ("1", "GOV", "Governance", "", "Gouvernance"),
        ("2", "1-1", "Strategy", "A strategy is agreed.", "Stratégie"),
        ("3", "1-1-1", "", "It is reviewed every year.", ""),
        ("2", "Article 2er", "Scope", "It holds for all sites.", "Portée"),
        ("2", "", "", "Requirements without a number are requirements too.", ""),
        sheet="CSR",
    )
    split = splitting.split(blocks)
    assert [(each.number, each.title, each.text, each.parent) for each in split.clauses] == [
        ("GOV", "", "Governance", -1),
        ("1-1", "Strategy", "A strategy is agreed.", -1),
        ("1-1-1", "", "It is reviewed every year.", 1),
        ("Article 2er", "Scope", "It holds for all sites.", -1),
        ("", "", "Requirements without a number are requirements too.", -1),
    ]
    assert split.clauses[4].doubts == ["no_number"]
    assert scoring.is_whole(split)


def test_rows_of_a_list_without_numbers_are_clauses_under_their_groups() -> None:
    blocks = rows(
        ("Area", "Requirement", "Status"),
        ("Delivery", "Parts are delivered before four in the afternoon.", "open"),
        ("", "Each box carries the label of the customer.", "open"),
        ("Records", "Records are kept for fifteen years at least.", "done"),
        ("", "Records are shown within one working day.", "open"),
        sheet="CSR",
    )
    split = splitting.split(blocks)
    assert [(each.title or each.text, each.parent) for each in split.clauses] == [
        ("Delivery", -1),
        ("Parts are delivered before four in the afternoon.", 0),
        ("Each box carries the label of the customer.", 0),
        ("Records", -1),
        ("Records are kept for fifteen years at least.", 3),
        ("Records are shown within one working day.", 3),
    ]
    assert all(each.doubts == ["no_number"] for each in split.clauses)
    assert {each.reason for each in split.leftovers} == {"column_head", "other_column"}
    assert scoring.is_whole(split)


def test_a_merged_number_holds_for_all_its_rows() -> None:
    blocks = rows(
        ("Level", "No.", "Requirement"),
        ("A", "R-1", "Samples are sent:"),
        ("A", "", "with the report,"),
        ("A", "R-2", "Changes are announced."),
        ("A", "R-3", "Tools are marked."),
        sheet="CSR",
    )
    blocks[2] = replace(blocks[2], joined=(1,))
    assert [(each.number, each.text) for each in splitting.split(blocks).clauses] == [
        ("R-1", "Samples are sent:\nwith the report,"),
        ("R-2", "Changes are announced."),
        ("R-3", "Tools are marked."),
    ]


def test_a_label_that_closes_every_list_belongs_to_the_section() -> None:
    lines = []
    for section in (1, 2, 3):
        lines += [f"{section} Topic {section}", "Evidence:", f"{section}.1 A record of the first kind exists."]
        lines += [f"{section}.2 A record of the second kind exists.", "Rationale:", "So that everybody can see it."]
    clauses = splitting.split(paragraphs(*lines)).clauses
    assert [each.text for each in clauses if each.number == "1.2"] == ["A record of the second kind exists."]
    rationale = next(each for each in clauses if each.title == "Rationale")
    assert clauses[rationale.parent].number == "1"


def test_a_label_inside_every_clause_stays_there() -> None:
    lines = ["1 Brakes"]
    for item in range(1, 5):
        lines += [f"1.{item} The brake shall hold.", "Rationale:", "It must not roll away."]
    clauses = splitting.split(paragraphs(*lines)).clauses
    assert [each.number for each in clauses] == ["1", "1.1", "1.2", "1.3", "1.4"]
    assert "roll away" in clauses[2].text


def test_parts_have_titles() -> None:
    gold = (scoring.GOLD / "two_documents_zh.txt").read_text(encoding="utf-8")
    split = splitting.split(text.read(scoring.document(gold).encode()).blocks)
    assert [(part.title, split.clauses[part.first].number) for part in split.parts] == [
        ("顾客要求评审管理程序", "1"),
        ("顾客要求变更管理程序", "1"),
    ]


def test_doubts_lower_the_confidence() -> None:
    blocks = paragraphs(
        "1.范围适用于全部供应商。",
        "2.职责2.1采购部:负责联络。",
        "2.2质量部:负责审核。",
        "2 . 4仓库负责隔离。",
        "3.记录保存十五年。",
    )
    split = splitting.split(blocks)
    doubts = {each.number: each.doubts for each in split.clauses}
    assert doubts["2.1"] == ["glued"]
    assert doubts["2.4"] == ["gap", "spaced"]
    assert doubts["2.2"] == []
    assert all(each.confidence < 1 for each in split.clauses if each.doubts)


@pytest.mark.parametrize(
    "line",
    [
        "2.3 mm is the least thickness.",
        "2.3中规定的要求同样适用。",
        "2.3 of the manual applies as well.",
        "2.3至2.5条不适用。",
        "2025.03.01 is the day of release.",
        "16949 is the number of the standard.",
        "3 samples are enough.",
        "3个工作日内答复。",
    ],
)
def test_no_clause_begins_with_a_quantity_a_date_or_a_reference(line: str) -> None:
    blocks = paragraphs(
        "1 Scope", "All parts.", "2 Tests", "2.1 Bore", "Measured.", "2.2 Wall", "Measured.", line, "The end."
    )
    assert numbers(blocks) == ["1", "2", "2.1", "2.2"]


def test_depth_asked_for() -> None:
    blocks = paragraphs(
        "1 Scope", "1.1 Parts", "The following count:", "a) castings", "b) forgings", "1.2 Tools", "2 Tests"
    )
    assert numbers(blocks) == ["1", "1.1", "1.2", "2"]
    assert numbers(blocks, depth=1) == ["1", "2"]
    assert numbers(blocks, depth=3) == ["1", "1.1", "a)", "b)", "1.2", "2"]


def test_a_document_without_numbers_is_its_paragraphs() -> None:
    split = splitting.split(paragraphs("Dear supplier,", "please send the certificates by Friday.", "Best regards"))
    assert [each.text for each in split.clauses] == [
        "Dear supplier,",
        "please send the certificates by Friday.",
        "Best regards",
    ]
    assert all(each.doubts == ["no_number"] for each in split.clauses)


def test_bold_lines_of_a_document_without_numbers_are_its_headings() -> None:
    blocks = [
        Block("Packaging", Place(1), is_bold=True, size=14),
        Block("Parts are packed dry.", Place(2), size=10),
        Block("Boxes are closed.", Place(3), size=10),
        Block("Labels", Place(4), is_bold=True, size=10),
        Block("Each box has a label.", Place(5), size=10),
        Block("It shows the batch.", Place(6), size=10),
        Block("It is readable.", Place(7), size=10),
    ]
    clauses = splitting.split(blocks).clauses
    assert [(each.title, each.text, each.parent) for each in clauses] == [
        ("Packaging", "Parts are packed dry.\nBoxes are closed.", -1),
        ("Labels", "Each box has a label.\nIt shows the batch.\nIt is readable.", 0),
    ]


def test_lines_in_capitals_are_headings_where_nothing_else_is() -> None:
    blocks = paragraphs(
        "PURPOSE",
        "This document tells suppliers what is expected.",
        "NONCONFORMING MATERIAL",
        "Suppliers shall:",
        "a) sort all parts",
        "b) report within 24 hours",
        "CHANGE CONTROL",
        "No change is made without approval.",
    )
    clauses = splitting.split(blocks).clauses
    assert [(each.title, each.text) for each in clauses] == [
        ("PURPOSE", "This document tells suppliers what is expected."),
        ("NONCONFORMING MATERIAL", "Suppliers shall:\na) sort all parts\nb) report within 24 hours"),
        ("CHANGE CONTROL", "No change is made without approval."),
    ]


def test_lines_that_end_with_a_place_in_the_standard_are_headings() -> None:
    blocks = paragraphs(
        "Product safety - 4.4.1.2",
        "The organization shall name a representative:",
        "a) by name",
        "b) by telephone",
        "Contingency plans - 6.1.2.3",
        "Plans shall be tested every year.",
        "Control plan – 8.5.1",
        "It shall be reviewed after each complaint.",
        "Set-ups - 8.5.1.3",
        "Set-ups shall be released.",
    )
    clauses = splitting.split(blocks).clauses
    assert [(each.number, each.title, each.parent) for each in clauses] == [
        ("4.4.1.2", "Product safety", -1),
        ("6.1.2.3", "Contingency plans", -1),
        ("8.5.1", "Control plan", -1),
        ("8.5.1.3", "Set-ups", 2),
    ]


def test_what_stands_below_a_clause_in_two_languages_stands_below_that_clause() -> None:
    lines = [
        "1 Purpose",
        "1 目的",
        "For all.",
        "适用。",
        "2 Scope",
        "2 范围",
        "2.1 Parts",
        "2.1 零件",
        "All.",
        "全部。",
    ]
    clauses = splitting.split(paragraphs(*lines)).clauses
    assert [(each.number, each.parent) for each in clauses] == [("1", -1), ("2", -1), ("2.1", 1)]


def test_examples_that_are_counted_through_the_document_do_not_hide_its_clauses() -> None:
    lines = ["1 Words", "1.1 And", "Such as:", "(a) brakes and hoses", "(b) pads and discs", "1.2 Or", "Such as:"]
    lines += ["(c) brakes or hoses", "(d) pads or discs", "1.3 Not", "Such as:", "(e) no brakes", "(f) no pads"]
    clauses = splitting.split(paragraphs(*lines, "2 Records")).clauses
    assert [each.number for each in clauses] == ["1", "1.1", "1.2", "1.3", "2"]


def test_nothing_comes_of_nothing() -> None:
    assert splitting.split([]).clauses == ()


PIECES = st.sampled_from(
    [
        "1",
        "1.",
        "1.1",
        "1.2",
        "2.",
        "2.1.3",
        "a)",
        "b)",
        "(1)",
        "（一）",
        "第一条",
        "第二条",
        "附件一",
        "Annex A",
        "A.1",
        "一、",
        "二、",
    ]
)
WORDS = st.sampled_from(
    [
        "范围",
        "The supplier shall.",
        "见4.2条",
        "2.5 mm",
        "职责：",
        "目的",
        "",
        "and 3.1",
        "。",
        "\n",
        "\t",
        "ISO 9001",
        "IV. ",
    ]
)
LINES = st.lists(st.lists(st.one_of(PIECES, WORDS, st.text(max_size=6)), max_size=5).map(" ".join), max_size=30)
SHAPES = st.sampled_from(list(Shape))


@settings(max_examples=200, deadline=None)
@given(LINES, st.lists(SHAPES, min_size=30, max_size=30), st.sampled_from([None, 1, 2]))
def test_laws(lines: list[str], shapes: list[Shape], depth: int | None) -> None:
    blocks = [
        Block(line, Place(number), shape, level=1 if shape is Shape.HEADING else 0)
        for number, (line, shape) in enumerate(zip(lines, shapes, strict=False), 1)
    ]
    split = splitting.split(blocks, depth)
    assert scoring.is_whole(split), "assigned + left over = total"
    assert split == splitting.split(blocks, depth), "the same blocks, the same clauses"
    assert all(clause.parent < place for place, clause in enumerate(split.clauses)), "parents stand before children"
    firsts = [clause.blocks[0] for clause in split.clauses]
    assert firsts == sorted(firsts), "clauses stand in the order of the text"
    assert all(0 < clause.confidence <= 1 for clause in split.clauses)


@pytest.mark.parametrize("piece", ["1. ", "1.1 ", "一、", "(1)", "第一条", "A.1.", "1.1 x。", "附件一", "REQ-1 "])
def test_a_line_of_nothing_but_numbers_takes_no_time(piece: str) -> None:
    start = time.process_time()
    assert scoring.is_whole(splitting.split(paragraphs(piece * 20_000)))
    assert time.process_time() - start < LONGEST
