"""What a Word file says beside its numbers, and what is said of one that cannot be read."""

import zipfile
from io import BytesIO

import pytest

from tests.sources.word.making import NS, Made, asks, cell, definition, level, number, p, row, run, style, table
from yinuo.sources.definition import Change, Fault, Noise, Reading, Shape, Unreadable
from yinuo.sources.readers import word

LIST = [definition(0, [level(0, "decimal", "%1."), level(1, "decimal", "%1.%2")]), number(1, 0)]
WHO = 'w:id="1" w:author="王工" w:date="2026-03-01T09:00:00Z"'


def read(*body: str, **more: object) -> Reading:
    return word.read(Made(list(body), LIST, **more).content())  # type: ignore[arg-type]


def said(reading: Reading) -> list[tuple[str, str]]:
    return [(block.number, block.text) for block in reading.blocks]


def struck(text: str) -> str:
    return f"<w:del {WHO}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def inserted(text: str) -> str:
    return f"<w:ins {WHO}>{run(text)}</w:ins>"


def test_changes_are_read_as_accepted_and_kept() -> None:
    reading = read(p(inside=run("Cpk 不低于 ") + struck("1.33") + inserted("1.67"), number=asks(1, 0)))
    assert said(reading) == [("1.", "Cpk 不低于 1.67")]
    assert reading.blocks[0].changes == (
        Change(False, "1.33", "王工", "2026-03-01"),
        Change(True, "1.67", "王工", "2026-03-01"),
    )


def test_a_struck_out_clause_takes_no_number() -> None:
    gone = p(inside=struck("保存 10 年"), number=asks(1, 0), more=f"<w:rPr><w:del {WHO}/></w:rPr>")
    reading = read(p("保存 5 年", number=asks(1, 0)), gone, p("保存 15 年", number=asks(1, 0)))
    assert said(reading) == [("1.", "保存 5 年"), ("2.", "保存 15 年")]
    assert reading.blocks[1].changes[0] == Change(False, "保存 10 年", "王工", "2026-03-01")


def test_a_paragraph_whose_mark_was_struck_out_goes_on_in_the_next() -> None:
    first = p("供方应", number=asks(1, 0), more=f"<w:rPr><w:del {WHO}/></w:rPr>")
    assert said(read(first, p("提交 PPAP", number=asks(1, 0)))) == [("1.", "供方应提交 PPAP")]


def test_a_struck_out_row_is_gone() -> None:
    kept = row(cell(p("1")), cell(p("尺寸")))
    gone = row(cell(p("2")), cell(p("硬度")), more=f"<w:trPr><w:del {WHO}/></w:trPr>")
    assert [block.cells for block in read(table(kept, gone)).blocks] == [("1", "尺寸")]


def field(instruction: str, shown: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        f"{mark.format('begin')}<w:r><w:instrText>{instruction}</w:instrText></w:r>{mark.format('separate')}"
        f"{run(shown)}{mark.format('end')}"
    )


def test_a_field_shows_its_result_and_never_its_instruction() -> None:
    assert said(read(p(inside=run("见 ") + field(" REF _Ref1 \\r \\h ", "4.2") + run(" 条")))) == [("", "见 4.2 条")]


def test_a_table_of_contents_is_no_text() -> None:
    begin = p(
        inside='<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("1 总则\t1")
    )
    end = p(inside=run("2 范围\t2") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    typed = p("3 定义\t3", style="t1")
    reading = read(begin, end, typed, p("总则", number=asks(1, 0)), styles=[style("t1", "toc 1")])
    assert said(reading) == [("1.", "总则")]
    assert [(block.text, why) for block, why in reading.noise] == [
        ("1 总则\t1", Noise.CONTENTS),
        ("2 范围\t2", Noise.CONTENTS),
        ("3 定义\t3", Noise.CONTENTS),
    ]


def test_hidden_words_are_named_and_no_text() -> None:
    reading = read(p(inside=run("可见") + run("内部批注", "<w:vanish/>")))
    assert said(reading) == [("", "可见")]
    assert [(block.text, why) for block, why in reading.noise] == [("内部批注", Noise.HIDDEN)]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f'<w:txbxContent xmlns:w="{NS.split(chr(34))[1]}">{p("图注：密封面")}</w:txbxContent>'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    twice = (
        f"<w:r><mc:AlternateContent {mc}><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert said(read(p(inside=run("正文") + twice), p("后文"))) == [("", "正文"), ("", "图注：密封面"), ("", "后文")]


def test_a_note_stands_after_the_paragraph_that_names_it() -> None:
    notes = [
        f'<w:footnote w:id="0" w:type="separator">{p("—")}</w:footnote>',
        f'<w:footnote w:id="2">{p("除非另有约定")}</w:footnote>',
    ]
    reading = read(p(inside=run("保存期") + '<w:r><w:footnoteReference w:id="2"/></w:r>'), p("下一段"), notes=notes)
    assert [(block.shape, block.text) for block in reading.blocks] == [
        (Shape.PARAGRAPH, "保存期"),
        (Shape.NOTE, "除非另有约定"),
        (Shape.PARAGRAPH, "下一段"),
    ]


def test_tables_are_rows_nested_ones_lines_and_frames_text() -> None:
    inner = table(row(cell(p("D3")), cell(p("24 h"))))
    outer = table(row(cell(p("8D")), cell(p("期限："), inner)), row(cell(p("整行标题"))))
    frame = table(row(cell(p("框内条款", number=asks(1, 0)))))
    reading = read(outer, frame)
    assert [(block.shape, block.cells or block.text) for block in reading.blocks] == [
        (Shape.ROW, ("8D", "期限：\nD3\t24 h")),
        (Shape.PARAGRAPH, "整行标题"),
        (Shape.ITEM, "框内条款"),
    ]


def test_a_cell_merged_downwards_is_said_once() -> None:
    first = row(cell(p("尺寸"), more='<w:vMerge w:val="restart"/>'), cell(p("长")))
    second = row(cell(p("尺寸"), more="<w:vMerge/>"), cell(p("宽")))
    assert [block.cells for block in read(table(first, second)).blocks] == [("尺寸", "长"), ("", "宽")]


def test_signs_of_fonts_show_what_they_show() -> None:
    signs = '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("\uf0fc", '<w:rFonts w:ascii="Wingdings"/>')
    reading = read(p(inside=signs + run("\ue123")))
    assert said(reading) == [("", "≥✓\ue123")]
    assert [remark.fault for remark in reading.remarks] == [Fault.GLYPHS_UNKNOWN]


def test_headings_are_known_by_level_or_by_name() -> None:
    styles = [
        style("x", "标题 2"),
        style("y", "Own", paragraph='<w:outlineLvl w:val="0"/>', run='<w:b/><w:sz w:val="32"/>'),
    ]
    blocks = read(p("二级", style="x"), p("一级", style="y"), p("正文"), styles=styles).blocks
    assert [(block.shape, block.level) for block in blocks] == [
        (Shape.HEADING, 2),
        (Shape.HEADING, 1),
        (Shape.PARAGRAPH, 0),
    ]
    assert (blocks[1].is_bold, blocks[1].size) == (True, 16.0)


def changed(content: bytes, **parts: bytes) -> bytes:
    """The same file with some parts replaced."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            new.writestr(each.filename, parts.get(each.filename.rpartition("/")[2].split(".")[0], old.read(each)))
    return packed.getvalue()


WHOLE = Made([p("条款")]).content()
OUTSIDE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
ENTITY = f"{OUTSIDE}<w:document {NS}><w:body><w:p><w:r><w:t>a&x;</w:t></w:r></w:p></w:body></w:document>"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (WHOLE[: len(WHOLE) // 2], Fault.TRUNCATED),
        (b"no zip at all", Fault.DAMAGED),
        (changed(WHOLE, document=b"<w:document"), Fault.DAMAGED),
        (changed(WHOLE, document=f"<w:document {NS}/>".encode()), Fault.DAMAGED),
        (changed(WHOLE, document=f"<w:document {NS}><w:body/></w:document>".encode()), Fault.NO_TEXT),
        (Made([p("x")], others={"word/media/a.bin": bytes(60 * 2**20)}).content(), Fault.BOMB),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, fault: Fault) -> None:
    with pytest.raises(Unreadable) as refused:
        word.read(content)
    assert refused.value.remark.fault is fault


def test_nothing_outside_is_read() -> None:
    assert [block.text for block in word.read(changed(WHOLE, document=ENTITY.encode())).blocks] == ["a"]


def test_macros_are_named() -> None:
    reading = word.read(Made([p("条款")], others={"word/vbaProject.bin": b"x"}).content())
    assert [remark.fault for remark in reading.remarks] == [Fault.HAS_MACROS]


def test_a_ring_of_styles_ends() -> None:
    styles = [style("a1", "A", parent="a2"), style("a2", "B", parent="a1")]
    assert said(read(p("条款", style="a1"), styles=styles)) == [("", "条款")]
