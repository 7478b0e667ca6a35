"""PDFs of several programs say what was set, whatever the layout."""

from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import typst
from PIL import Image

from tests.sources.pdf import making
from yinuo.sources.definition import Fault, Noise, Shape, Unreadable
from yinuo.sources.readers import pdf
from yinuo.sources.readers.pdf import recognising

GOLD = Path(__file__).parent / "gold"


def tight(said: str) -> str:
    return "".join(said.split())


@pytest.mark.parametrize("name", sorted(making.FILES))
def test_every_paragraph_is_one_block(name: str) -> None:
    text, _ = making.FILES[name]
    blocks = pdf.read((GOLD / f"{name}.pdf").read_bytes()).blocks
    assert [tight(block.text) for block in blocks] == [tight(said) for said in text.expected]
    rows = [block.cells for block in blocks if block.shape is Shape.ROW]
    assert [tuple(map(tight, cells)) for cells in rows] == [tuple(map(tight, row)) for row in text.rows]


def test_heads_feet_page_numbers_and_contents_are_named() -> None:
    noise = pdf.read((GOLD / "typst_contents_zh.pdf").read_bytes()).noise
    assert {why for _, why in noise} == {Noise.RUNNING_HEAD, Noise.PAGE_NUMBER, Noise.CONTENTS}
    assert [tight(block.text) for block, why in noise if why is Noise.PAGE_NUMBER] == ["1/3", "2/3", "3/3"]


def test_clauses_that_say_the_same_at_the_foot_of_their_pages_are_text(tmp_path: Path) -> None:
    pages = "#pagebreak()".join(
        f"{chapter} Process {chapter}\n\nIt is kept as agreed.\n#v(1fr)\n{chapter}.1 The supplier shall keep it"
        for chapter in range(1, 7)
    )
    head = "#set page(width: 595pt, height: 842pt, header: [3.2 Packaging of parts], numbering: none)\n"
    reading = pdf.read(compiled(head + pages, tmp_path))
    said = [block.text for block in reading.blocks]
    assert [text for text in said if text.endswith("shall keep it")] == [
        f"{chapter}.1 The supplier shall keep it" for chapter in range(1, 7)
    ]
    assert {why for _, why in reading.noise} == {Noise.RUNNING_HEAD}


def test_places_are_on_their_pages() -> None:
    reading = pdf.read((GOLD / "typst_two_columns_de.pdf").read_bytes())
    for block in reading.blocks:
        left, top, right, bottom = block.place.box or (0, 0, 0, 0)
        width, height = reading.pages[block.place.page - 1]
        assert 0 <= left < right <= width
        assert 0 <= top < bottom <= height
    numbers = [block.place.block for block in reading.blocks]
    assert numbers == sorted(set(numbers))


def compiled(source: str, tmp_path: Path) -> bytes:
    file = tmp_path / "asked.typ"
    file.write_text(source, "utf-8")
    made = typst.compile(str(file))
    assert isinstance(made, bytes)
    return made


def test_a_slanted_watermark_is_no_text(tmp_path: Path) -> None:
    source = "#set page(background: rotate(30deg, text(60pt)[CONFIDENTIAL]))\n1.1 Records are kept for 15 years."
    reading = pdf.read(compiled(source, tmp_path))
    assert [block.text for block in reading.blocks] == ["1.1 Records are kept for 15 years."]
    assert [(block.text, why) for block, why in reading.noise] == [("CONFIDENTIAL", Noise.WATERMARK)]


def test_turned_pages_are_read_as_they_are_shown() -> None:
    document = pdfium.PdfDocument((GOLD / "libreoffice_en.pdf").read_bytes())
    for page in document:
        page.set_rotation(90)
    packed = BytesIO()
    document.save(packed)
    with pytest.raises(Unreadable) as refused:  # its words run downwards: they are legends, not text
        pdf.read(packed.getvalue())
    assert refused.value.remark.fault is Fault.NO_TEXT


def scanned(pages: int) -> bytes:
    packed = BytesIO()
    first, *more = [Image.new("L", (600, 800), 200) for _ in range(pages)]
    first.save(packed, "PDF", save_all=True, append_images=more)
    return packed.getvalue()


def test_scanned_pages_are_named_as_unread() -> None:
    document = pdfium.PdfDocument((GOLD / "libreoffice_en.pdf").read_bytes())
    count = len(document)
    document.import_pages(pdfium.PdfDocument(scanned(2)))
    packed = BytesIO()
    document.save(packed)
    reading = pdf.read(packed.getvalue())
    assert reading.unread == (count + 1, count + 2)
    assert [remark.fault for remark in reading.remarks] == [Fault.PAGES_UNREAD]


WHOLE = (GOLD / "libreoffice_en.pdf").read_bytes()


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (scanned(1), Fault.NO_TEXT),
        (b"no document at all", Fault.DAMAGED),
        (b"%PDF-1.7\n" + b"x" * 3000, Fault.TRUNCATED),
        (b"%PDF-1.7\n" + b"x" * 3000 + b"\n%%EOF", Fault.DAMAGED),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        pdf.read(content)
    assert refused.value.remark.fault is fault


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_half_a_file_never_breaks_the_reader(share: float) -> None:
    try:
        reading = pdf.read(WHOLE[: int(len(WHOLE) * share)])
    except Unreadable as refused:
        assert refused.remark.fault in (Fault.TRUNCATED, Fault.NO_TEXT, Fault.DAMAGED)  # noqa: PT017
    else:
        assert reading.blocks


def turned(turn: int, matrix: str) -> bytes:
    """One line on a page that is shown turned, written so that it is level then."""
    drawn = f"BT /F1 12 Tf {matrix} Tm (1.1 Records shall be kept) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Rotate {turn}/Contents 4 0 R".encode()
        + b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj%bendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return content + b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(content),
    )


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [(0, "1 0 0 1 50 700"), (90, "0 1 -1 0 100 100"), (180, "-1 0 0 -1 500 100"), (270, "0 -1 1 0 100 700")],
)
def test_text_that_is_level_when_shown_is_read(turn: int, matrix: str) -> None:
    reading = pdf.read(turned(turn, matrix))
    assert [block.text for block in reading.blocks] == ["1.1 Records shall be kept"]
    left, top, right, bottom = reading.blocks[0].place.box or (0, 0, 0, 0)
    assert right - left > 100
    assert 5 < bottom - top < 20


def test_scanned_pages_are_recognised_where_that_can_be_done() -> None:
    if "eng" not in recognising.languages():
        pytest.skip("tesseract is not installed")
    page = pdfium.PdfDocument(WHOLE)[0]
    picture = page.render(scale=3).to_pil()
    packed = BytesIO()
    picture.save(packed, "PDF", resolution=216)
    reading = pdf.read(packed.getvalue())
    assert [remark.fault for remark in reading.remarks] == [Fault.RECOGNISED]
    said = " ".join(block.text for block in reading.blocks)
    assert "Containment actions shall be reported within twenty-four hours" in " ".join(said.split())
    assert any(block.text.startswith("1.1") for block in reading.blocks)


def test_the_words_of_a_line_stand_together() -> None:
    head = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        "5\t1\t1\t1\t1\t1\t100\t100\t40\t44\t96\t1.1",
        "5\t1\t1\t1\t1\t2\t160\t100\t44\t44\t91\t质",
        "5\t1\t1\t1\t1\t3\t206\t100\t44\t44\t91\t量",
        "5\t1\t1\t1\t2\t1\t100\t160\t44\t44\t12\t~",
    ]
    assert [piece.text for piece in recognising.pieces_of("\n".join([head, *rows]))] == ["1.1 质量"]


def test_footnotes_are_notes_and_their_marks_no_digits_of_the_text(tmp_path: Path) -> None:
    source = """#set page(height: 12cm)
    #set text(size: 11pt)
    4.1 Records are kept for a reasonable time#footnote[Fifteen years, unless the law asks for more.] after the end.

    4.2 The surface is 12 m#super[2] and the force 10#super[3] N#footnote[At room temperature, as drawn.].
    """
    blocks = pdf.read(compiled(source, tmp_path)).blocks
    assert [each.text for each in blocks if each.shape is not Shape.NOTE] == [
        "4.1 Records are kept for a reasonable time after the end.",
        "4.2 The surface is 12 m2 and the force 103 N.",
    ]
    assert [each.text[:3] for each in blocks if each.shape is Shape.NOTE] == ["1Fi", "2At"]


def test_a_table_without_lines_is_rows(tmp_path: Path) -> None:
    source = """#set text(size: 10pt)
    Requirements of the customer:

    #table(columns: (2cm, 8cm, 3cm), stroke: none, row-gutter: 4pt,
      [No.], [Requirement], [Owner],
      [R-1], [The supplier shall hold a certificate to the standard and show it whenever it is asked for.], [Quality],
      [R-2], [Samples are delivered with reports.], [Sales],
      [R-3], [Changes are announced twelve months before they are made, with a plan of all steps.], [Purchasing])

    The list ends here, and a line of text follows that is as wide as the whole page and crosses all of its columns.
    """
    blocks = pdf.read(compiled(source, tmp_path)).blocks
    assert [each.cells for each in blocks if each.shape is Shape.ROW] == [
        ("No.", "Requirement", "Owner"),
        (
            "R-1",
            "The supplier shall hold a certificate to the standard and show it whenever it is asked for.",
            "Quality",
        ),
        ("R-2", "Samples are delivered with reports.", "Sales"),
        ("R-3", "Changes are announced twelve months before they are made, with a plan of all steps.", "Purchasing"),
    ]
    assert [each.text[:8] for each in blocks if each.shape is Shape.PARAGRAPH] == ["Requirem", "The list"]


def test_numbers_before_hanging_paragraphs_are_no_table(tmp_path: Path) -> None:
    lines = "\n".join(f"    [4.{each}], [The supplier shall do what is asked in this place.]," for each in range(1, 9))
    source = f"#table(columns: (2cm, 12cm), stroke: none,\n{lines})"
    blocks = pdf.read(compiled(source, tmp_path)).blocks
    assert all(each.shape is Shape.PARAGRAPH for each in blocks)
    assert len(blocks) == 8


def test_letters_that_lean_are_text(tmp_path: Path) -> None:
    source = "#box(skew(ax: -12deg, [倾斜的 words])) stand upright; #rotate(-45deg, text(size: 40pt)[DRAFT])"
    reading = pdf.read(compiled(source, tmp_path))
    assert "倾斜的 words" in " ".join(each.text for each in reading.blocks)
    assert [each.text for each, _ in reading.noise] == ["DRAFT"]
