"""The company's paper: what was said stands on it, nothing of it is executed, and nothing runs over the edge."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yinuo.kit.paper import apart, fitting, writing
from yinuo.kit.paper.definition import (
    CannotPrint,
    Column,
    Facts,
    Heading,
    Letterhead,
    Paper,
    Picture,
    Signer,
    Table,
    Text,
)

HEAD = Letterhead("青禾汽车部件有限公司", "宁波市北仑区示例路 88 号")
# What a markup language might take for its own, and what people write.
BITS = st.sampled_from(
    ["#", "$", "*", "_", "`", "<", ">", "@", "\\", "[", "]", "{", "}", "(", ")", '"', "'", "=", "-", "+", "/", "//",
     "/*", "~", "#eval(", "#read(", "#import ", "#sys.inputs", "\\u{41}", "https://", "盐雾", "试验", "720 h", "≥", "x",
     "Müller", "1.67", " ", "、", "。", "%", "&amp;", "#{", "#let x = 1", "1. ", "- ", "= ", "told.json"]
)  # fmt: skip
SAID = st.lists(BITS, min_size=1, max_size=12).map("".join)


def paper_of(*blocks: object, **more: object) -> Paper:
    return Paper(**{"head": HEAD, "title": "要求受理清单", "blocks": blocks, **more})  # type: ignore[arg-type]


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def texts(content: bytes) -> list[str]:
    with opened(content) as document:
        return [page.get_textpage().get_text_range() for page in document]


def bare(text: str) -> str:
    """A text without blanks, line ends and hyphens: the reader takes one at the end of a line for a broken word."""
    return re.sub(r"[\s\ufffe\u0002-]+", "", text)


def places(content: bytes) -> Iterator[tuple[float, float]]:
    """Left and right edge of every letter; a blank at a line's end may hang over."""
    with opened(content) as document:
        for page in document:
            words = page.get_textpage()
            for at in range(words.count_chars()):
                left, _bottom, right, _top = words.get_charbox(at)
                if words.get_text_range(at, 1).strip():
                    yield left, right


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SAID, min_size=12, max_size=12))
def test_whatever_is_said_stands_there_as_it_was_said(said: list[str]) -> None:
    rows = [[f"r{at}", each] for at, each in enumerate(said[:6])]
    facts = Facts([(each, each, False) for each in said[6:8]])
    made = apart.pdf(
        paper_of(Text(said[8]), Heading(said[9]), facts, Table([Column("#"), Column(said[10])], rows), title=said[11])
    )
    found = bare("".join(texts(made)))
    for each in said[:11]:
        assert bare(fitting.plain(each)) in found, each


def test_a_text_is_never_markup_nor_a_way_to_a_file() -> None:
    said = '#read("told.json") #eval("1+1") #image("logo.png") #import "@preview/x:1.0.0" $ 1+1 $ #sys.inputs #(40+2)'
    [page] = texts(apart.pdf(paper_of(Text(said), title=said, number=said, secrecy=said, note=said)))
    assert bare(said) in bare(page)
    assert "42" not in page


@pytest.mark.parametrize("way", ["/etc/passwd", "../../etc/passwd", "../main.py"])
def test_a_template_opens_nothing_outside_its_folder(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("paper.typ").write_text(f'#read("{way}")', encoding="utf-8")
    monkeypatch.setattr(apart, "HERE", tmp_path)
    with pytest.raises(CannotPrint, match="failed"):
        apart.pdf(paper_of())


def test_a_template_that_does_not_end_or_asks_for_too_much_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "HERE", tmp_path)
    monkeypatch.setattr(apart, "SECONDS", 1)
    tmp_path.joinpath("paper.typ").write_text("#let f(n) = while true { n += 1 }\n#f(1)", encoding="utf-8")
    with pytest.raises(CannotPrint):
        apart.pdf(paper_of())
    monkeypatch.setattr(apart, "MEMORY", 200 * 2**20)
    monkeypatch.setattr(apart, "HERE", Path(apart.__file__).parent)
    with pytest.raises(CannotPrint):
        apart.pdf(paper_of(Table([Column("x")], [["y" * 40]] * 20_000)))


def test_the_same_content_gives_the_same_bytes() -> None:
    paper = paper_of(Table([Column("编号"), Column("n", True)], [["CSR-2026-0001", "1"]] * 30), note="2026-03-02 09:30")
    assert apart.pdf(paper) == apart.pdf(paper)
    assert b"CreationDate" not in apart.pdf(paper)


def test_headings_are_repeated_and_pages_counted() -> None:
    rows = [[f"CSR-2026-{at:04}", "盐雾试验要求提高到 720 h"] for at in range(120)]
    made = apart.pdf(paper_of(Table([Column("编号一"), Column("要求")], rows, total=["合计", "120"]), number="QH-07"))
    pages = texts(made)
    assert len(pages) > 2
    for at, page in enumerate(pages, start=1):
        assert "编号一" in page
        assert "QH-07" in page
        assert bare(f"第{at}页共{len(pages)}页") in bare(page)
        assert "要求受理清单" in page
    assert bare("".join(pages)).count("CSR2026") == 120
    assert [page.count("合计") for page in pages] == [0] * (len(pages) - 1) + [1]


@pytest.mark.parametrize(
    "word",
    [
        "x" * 400,
        "W" * 200,
        "盐" * 300,
        "。" * 200,
        "1" * 300,
        "a\u0301" * 150,
        "a\xa0b" * 100,
        "（（（" * 60,
        "é-" * 90,
    ],
)
def test_no_word_runs_over_the_edge(word: str) -> None:
    columns = [Column(f"列{at}") for at in range(8)]
    blocks = (
        Text(word), Facts([(word, word, False), (word, word, True)]), Heading(word),
        Table(columns, [[word] * 8, ["short"] * 8], total=[word] * 8, groups=[(word, 4), (word, 4)]),
    )  # fmt: skip
    made = apart.pdf(
        paper_of(
            *blocks, title=word, number=word, edition=word, secrecy=word, note=word, signers=[Signer(word, word, word)],
            head=Letterhead(word, word),
        )
    )  # fmt: skip
    edge = writing.SHORT - writing.MARGIN
    assert all(left >= writing.MARGIN - 1 and right <= edge + 1 for left, right in places(made))


@given(
    st.lists(st.tuples(st.text(max_size=20), st.text(max_size=200)), min_size=1, max_size=18),
    st.sampled_from([writing.SHORT, writing.LONG]),
)
def test_columns_fill_the_paper(columns: list[tuple[str, str]], room: float) -> None:
    found = fitting.widths([label for label, _cell in columns], [[cell for _label, cell in columns]], room)
    assert sum(found) == pytest.approx(room, abs=0.2)
    assert min(found) > min(fitting.LEAST, room / len(columns)) * 0.5


@given(st.text(max_size=80), st.floats(5, 500))
def test_breaking_loses_nothing(text: str, room: float) -> None:
    assert "".join(fitting.broken(text, room)) == fitting.plain(text)
    assert fitting.plain(fitting.plain(text)) == fitting.plain(text)


def test_signers_stand_at_the_end_of_the_last_page() -> None:
    rows = [[str(at)] for at in range(100)]
    signers = [Signer("编制", "李娜", "2026-03-02"), Signer("审核"), Signer("批准")]
    pages = texts(apart.pdf(paper_of(Table([Column("n")], rows), signers=signers)))
    assert "批准" not in pages[0]
    assert "李娜" in pages[-1]


def test_a_paper_speaks_english() -> None:
    [page] = texts(apart.pdf(paper_of(Text("Salt spray"), title="Requests", language="en", number="QH-07")))
    assert bare("Page 1 of 1") in bare(page)


def test_a_drawing_becomes_a_picture_with_its_chinese_words() -> None:
    words = '<text x="10" y="30" font-size="20">盐雾</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40">{words}</svg>'
    made = apart.picture(svg, width=300)
    assert made.startswith(b"\x89PNG")
    assert made != apart.picture(svg.replace("盐雾", "口口"), width=300)
    assert apart.pdf(paper_of(Picture(svg, "盐雾"))).startswith(b"%PDF")
