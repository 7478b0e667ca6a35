"""Text, Markdown and HTML → blocks: what a person would see, and what is set aside."""

import contextlib

import pytest

from tests.sources import scoring
from yinuo.sources.definition import Block, Fault, Noise, Shape, Unreadable
from yinuo.sources.readers import html, markdown, text
from yinuo.sources.rules import splitting

CHINESE = "1 范围\r\n本标准规定了制动盘的技术要求、试验方法和检验规则。\r\n2 术语\r\n"


def texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_in_any_character_set(codec: str) -> None:
    reading = text.read(CHINESE.encode(codec))
    assert texts(reading.blocks) == ["1 范围", "本标准规定了制动盘的技术要求、试验方法和检验规则。", "2 术语"]


def test_a_guessed_character_set_is_told() -> None:
    assert [each.fault for each in text.read(CHINESE.encode("gb18030")).remarks] == [Fault.CHARSET_GUESSED]
    assert text.read(CHINESE.encode()).remarks == ()


@pytest.mark.parametrize("reader", [text, markdown, html])
@pytest.mark.parametrize("content", [b"", b" \n\r\n "])
def test_nothing_is_unreadable(reader: object, content: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        reader.read(content)  # type: ignore[attr-defined]
    assert caught.value.remark.fault is Fault.EMPTY


def test_lines_of_one_width_are_joined() -> None:
    lines = [
        "1. Introduction",
        "",
        "   The supplier shall keep a record of every change of the process, and",
        "   shall hand it over on request within ten working days; the record is",
        "   kept for fifteen years.",
        "",
        "   Further demands are given in the drawing.  They apply to each of the",
        "   parts that are delivered.",
        "   a) first item",
        "   b) second item, which is rather long and therefore goes on in a line",
        "      of its own",
    ]
    assert texts(text.read("\n".join(lines).encode()).blocks) == [
        "1. Introduction",
        "The supplier shall keep a record of every change of the process, and shall hand it over on request within ten "
        "working days; the record is kept for fifteen years.",
        "Further demands are given in the drawing.  They apply to each of the parts that are delivered.",
        "a) first item",
        "b) second item, which is rather long and therefore goes on in a line of its own",
    ]


def test_lines_of_many_widths_stay() -> None:
    lines = [
        "目的",
        "规范顾客投诉的处理，缩短回复时间。",
        "范围",
        "适用于全部产品。",
        "职责",
        "质量部负责登记、分析和回复。",
        "记录",
        "登记表。",
        "附则",
        "即日实施。",
    ]
    assert texts(text.read("\n".join(lines).encode()).blocks) == lines


def test_heads_and_feet_of_pages_are_noise() -> None:
    page = "Supplier manual  issue 4\n\n{0}. Chapter\n\nWords of chapter {0}.\n\nMiller    Internal    [Page {0}]\n\f"
    reading = text.read("".join(page.format(number) for number in range(1, 5)).encode())
    assert texts(reading.blocks)[1:4] == ["Words of chapter 1.", "2. Chapter", "Words of chapter 2."]
    assert {reason for _, reason in reading.noise} == {Noise.RUNNING_HEAD, Noise.PAGE_NUMBER}


def test_markdown() -> None:
    source = """---
title: x
---
# Manual

<!-- internal note -->
Second title
------------

A paragraph with **bold**, *italic*, `code_1`, a [link](https://x.example/a_(b)) and 2\\. escaped,
going on in the next line.
第一行。
第二行。

**Bold line**

3. third
3. fourth
   - bullet one
   - bullet two

| No. | Demand |
|---|:---|
| 1.1 | a \\| b |

```
raw  text
```
"""
    reading = markdown.read(source.encode())
    assert [(each.shape.value, each.level, each.number, each.text, each.is_bold) for each in reading.blocks] == [
        ("heading", 1, "", "Manual", False),
        ("heading", 2, "", "Second title", False),
        (
            "paragraph",
            0,
            "",
            "A paragraph with bold, italic, code_1, a link and 2. escaped, going on in the next line.第一行。"
            "\n第二行。",
            False,
        ),
        ("paragraph", 0, "", "Bold line", True),
        ("item", 1, "3.", "third", False),
        ("item", 1, "4.", "fourth", False),
        ("item", 2, "•", "bullet one", False),
        ("item", 2, "•", "bullet two", False),
        ("row", 0, "", "No.\tDemand", False),
        ("row", 0, "", "1.1\ta | b", False),
        ("paragraph", 0, "", "raw  text", False),
    ]
    assert [(block.text, reason) for block, reason in reading.noise] == [
        ("---\ntitle: x\n---", Noise.HIDDEN),
        ("internal note", Noise.HIDDEN),
    ]


def test_numbers_of_lists_as_a_browser_shows_them() -> None:
    source = """<ol><li>one<li value=5>five<li>six
      <ol type=a start=3><li>c<ol type=I><li>first</ol><li>d</ol>
    </ol><ol reversed><li>x<li>y</ol><ol style="list-style-type: upper-alpha"><li>big</ol><ul><li>dot</ul>"""
    blocks = html.read(source.encode()).blocks
    assert [(each.number, each.text, each.level) for each in blocks] == [
        ("1.", "one", 1),
        ("5.", "five", 1),
        ("6.", "six", 1),
        ("c.", "c", 2),
        ("I.", "first", 3),
        ("d.", "d", 2),
        ("2.", "x", 1),
        ("1.", "y", 1),
        ("A.", "big", 1),
        ("•", "dot", 1),
    ]


def test_html_shows_what_a_page_shows() -> None:
    source = """<html><head><meta charset="gb2312"><title>t</title><style>p{}</style></head><body>
    <nav><a href=x>首页</a></nav><h2>1 范围</h2><p>适用于<b>全部</b>供应商。<br>包括备件。</p>
    <div style="display: none">内部说明</div><p><strong>2 定义</strong></p>
    <table><tr><td><table><tr><td>外框</td></tr></table></td></tr></table>
    <table><tr><th>条款</th><th>要求</th></tr><tr><td>2.1</td><td><p>第一段</p><p>第二段</p></td></tr></table>
    <script>alert(1)</script></body></html>"""
    reading = html.read(source.encode("gb18030"))
    assert [(each.shape, each.text, each.is_bold) for each in reading.blocks] == [
        (Shape.HEADING, "1 范围", False),
        (Shape.PARAGRAPH, "适用于全部供应商。\n包括备件。", False),
        (Shape.PARAGRAPH, "2 定义", True),
        (Shape.PARAGRAPH, "外框", False),
        (Shape.ROW, "条款\t要求", False),
        (Shape.ROW, "2.1\t第一段\n第二段", False),
    ]
    assert [(block.text, reason) for block, reason in reading.noise] == [
        ("首页", Noise.CONTENTS),
        ("内部说明", Noise.HIDDEN),
    ]


def test_html_of_a_statute_is_split() -> None:
    source = "<h1>条例</h1><h2>第一章 总则</h2><p>第一条 为了监督，制定本条例。</p>"
    source += "<p>第二条 下列情形：</p><p>（一）甲；</p><p>（二）乙。</p>"
    split = splitting.split(html.read(source.encode()).blocks)
    assert [each.number for each in split.clauses if each.number] == ["第一章", "第一条", "第二条"]
    assert split.clauses[-1].text == "下列情形：\n（一）甲；\n（二）乙。" or split.clauses[-1].title == "下列情形"
    assert scoring.is_whole(split)


@pytest.mark.parametrize(
    "content", [b"<" * 5000, b"<div>" * 3000 + b"x", b"\x00\xff\xfe<p>", b"<ol>" * 50 + b"<li>a", b"| a |\n|--|\n| b"]
)
def test_hostile_bytes_end_in_blocks_or_a_reason(content: bytes) -> None:
    for reader in (text, markdown, html):
        with contextlib.suppress(Unreadable):
            assert isinstance(reader.read(content).blocks, tuple)
