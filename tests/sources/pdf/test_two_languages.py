"""Documents in two languages side by side: each clause is read once, in both."""

from pathlib import Path

import pytest
import typst

from tests.sources import scoring
from yinuo.sources.readers import pdf
from yinuo.sources.rules import splitting

SET = "#set page(width: 595pt, height: 842pt, margin: 50pt, header: [Supplier Manual #h(1fr) Rev. 3])\n"
SET += '#set text(font: ("DejaVu Serif", "Noto Sans CJK SC"), size: 10pt)\n'
CLAUSES = [
    ("1", "Purpose", "This document tells suppliers what is expected of them in series and before.",
     "目的", "本文件规定批量生产及其之前对供应商的各项要求，供应商应当遵守。"),
    ("2", "Scope", "It applies to all suppliers of production parts and of services that touch them.",
     "范围", "适用于全部生产件供应商，以及接触生产件的服务供应商。"),
    ("2.1", "Parts", "All parts for series, their packaging and their labels are meant here.",
     "零件", "全部批量零件及其包装和标签均在此范围内。"),
    ("2.2", "Services", "Heat treatment, coating and sorting are services that touch parts.",
     "服务", "热处理、表面处理和分选属于接触零件的服务。"),
    ("3", "Changes", "Each change is announced twelve months ahead, in writing, and approved first.",
     "变更", "每项变更应当提前十二个月书面通知，经批准后方可实施。"),
]  # fmt: skip
PAIRS = ",".join(
    f"[*{number} {title}*\\ {text}], [*{number} {titled}*\\ {said}]" for number, title, text, titled, said in CLAUSES
)
ENGLISH = "\n\n".join(f"*{number} {title}*\n\n{text}" for number, title, text, _, _ in CLAUSES)
CHINESE = "\n\n".join(f"*{number} {title}*\n\n{text}" for number, _, _, title, text in CLAUSES)
LAYOUTS = {
    "rows": f"#grid(columns: (1fr, 1fr), column-gutter: 24pt, row-gutter: 14pt, {PAIRS})",
    "table": f"#table(columns: (1fr, 1fr), {PAIRS})",
    "columns": f"#columns(2)[{ENGLISH}\n#colbreak()\n{CHINESE}]",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_clause_says_both(layout: str, tmp_path: Path) -> None:
    source = tmp_path / "two.typ"
    source.write_text(SET + LAYOUTS[layout], "utf-8")
    split = splitting.split(pdf.read(typst.compile(source)).blocks)
    assert [(each.number, each.title, each.parent) for each in split.clauses] == [
        ("1", "Purpose", -1),
        ("2", "Scope", -1),
        ("2.1", "Parts", 1),
        ("2.2", "Services", 1),
        ("3", "Changes", -1),
    ]
    for clause, (_, _, english, title, chinese) in zip(split.clauses, CLAUSES, strict=True):
        assert all(words in clause.text for words in (english, title, chinese))
    assert scoring.is_whole(split)


def test_a_list_of_words_in_two_languages_keeps_its_pairs(tmp_path: Path) -> None:
    words = ["Supplier", "Customer", "Requirement", "Release", "Change", "Record", "Sample", "Audit", "Delivery"]
    said = ["供应商", "顾客", "要求", "放行", "变更", "记录", "样件", "审核", "交付"]
    pairs = ",".join(f"[{word}], [{other}]" for word, other in zip(words, said, strict=True))
    source = tmp_path / "words.typ"
    source.write_text(f"{SET}#grid(columns: (1fr, 1fr), row-gutter: 6pt, {pairs})", "utf-8")
    text = "\n".join(block.text for block in pdf.read(typst.compile(source)).blocks)
    assert all(f"{word}\t{other}" in text for word, other in zip(words, said, strict=True))
