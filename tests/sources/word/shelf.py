"""Word files with every style of numbering that the trade uses. What LibreOffice shows for them stands in `gold/`."""

from tests.sources.word.making import Made, asks, cell, definition, level, number, p, row, run, starts, style, table

HEADINGS = [
    style(f"{place + 1}", f"heading {place + 1}", paragraph=f'{asks(1, place)}<w:outlineLvl w:val="{place}"/>')
    for place in range(4)
]
LEGAL = "<w:isLgl/>"


def linked(place: int, format_: str, text: str, key: str) -> str:
    return level(place, format_, text, more=f'<w:pStyle w:val="{key}"/>')


def statute() -> Made:
    """第一章 and 第十二条 each count through the whole document; items begin anew under each article."""
    body = []
    for chapter in range(3):
        body.append(p(f"第{chapter + 1}部分的名称", number=asks(1, 0)))
        for article in range(9):
            body.append(p(f"供方应当执行第{chapter}-{article}项要求。", number=asks(2, 0)))
            if article == 4:
                body += [p(f"项目{chapter}-{item}；", number=asks(3 + chapter, 0)) for item in range(3)]
    return Made(
        body,
        [
            definition(0, [level(0, "chineseCountingThousand", "第%1章")]),
            definition(1, [level(0, "chineseCountingThousand", "第%1条")]),
            definition(2, [level(0, "chineseCountingThousand", "（%1）")]),
            number(1, 0),
            number(2, 1),
            *(number(3 + at, 2, starts(0, 1)) for at in range(3)),
        ],
    )


def headings() -> Made:
    """1, 1.1, 1.1.1 that come from the styles of headings alone."""
    levels = [linked(at, "decimal", ".".join(f"%{k + 1}" for k in range(at + 1)), str(at + 1)) for at in range(4)]
    order = [1, 2, 2, 3, 3, 4, 4, 3, 2, 1, 2, 3, 1, 1, 2]
    body = [p(f"Requirement {at} of the customer", style=str(place)) for at, place in enumerate(order)]
    return Made(body, [definition(7, levels), number(1, 7)], HEADINGS)


def legal() -> Made:
    """Article IV, Section 4.01: the upper level is Roman, and shown as decimal in the lower one."""
    levels = [
        level(0, "upperRoman", "Article %1."),
        level(1, "decimalZero", "Section %1.%2", more=LEGAL),
        level(2, "lowerLetter", "(%3)"),
        level(3, "lowerRoman", "(%4)"),
    ]
    order = [0, 1, 1, 2, 2, 3, 3, 3, 3, 2, 1, 0, 1, 2, 0, 0, 1, 1]
    body = [p(f"The supplier shall keep term {at}.", number=asks(1, place)) for at, place in enumerate(order)]
    return Made(body, [definition(0, levels), number(1, 0)])


def outline() -> Made:
    """一、 （一） 1. （1） ① as a Chinese office writes."""
    levels = [
        level(0, "chineseCounting", "%1、"),
        level(1, "chineseCounting", "（%2）"),
        level(2, "decimal", "%3．"),
        level(3, "decimal", "（%4）"),
        level(4, "decimalEnclosedCircleChinese", "%5"),
    ]
    order = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4, 3, 2, 1, 2, 0, 1, 0, *[0] * 9, 1, 2]
    body = [p(f"质量协议要求事项{at}", number=asks(1, place)) for at, place in enumerate(order)]
    return Made(body, [definition(0, levels), number(1, 0)])


def annexes() -> Made:
    """附件一 with A.1, A.1.1 below it."""
    levels = [
        level(0, "chineseCountingThousand", "附件%1"),
        level(1, "upperLetter", "%2."),
        level(2, "decimal", "%2.%3"),
        level(3, "decimal", "%2.%3.%4"),
    ]
    order = [0, 1, 2, 2, 3, 3, 1, 2, 0, 1, 2, 3, 2, 0]
    body = [p(f"戴姆勒附件内容{at}", number=asks(1, place)) for at, place in enumerate(order)]
    return Made(body, [definition(0, levels), number(1, 0)])


def overrides() -> Made:
    """Lists of one definition go on together, unless one says where it begins."""
    levels = [level(0, "decimal", "%1)"), level(1, "lowerLetter", "%2)")]
    body = [p(f"first {at}", number=asks(1, at % 2)) for at in range(5)]
    body += [p(f"same definition {at}", number=asks(2, 0)) for at in range(3)]
    body += [p(f"anew {at}", number=asks(3, 0)) for at in range(3)]
    body += [p(f"first again {at}", number=asks(1, 0)) for at in range(2)]
    body += [p(f"from seven {at}", number=asks(4, 0)) for at in range(2)]
    return Made(
        body,
        [definition(0, levels), number(1, 0), number(2, 0), number(3, 0, starts(0, 1)), number(4, 0, starts(0, 7))],
    )


def styled_lists() -> Made:
    """A list style: the definition that paragraphs use only points to it."""
    styles = [
        '<w:style w:type="numbering" w:styleId="ls"><w:name w:val="Terms"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    ]
    levels = [level(0, "decimal", "%1."), level(1, "decimal", "%1.%2.")]
    body = [p(f"条款内容{at}", number=asks(2 if at % 3 else 1, at % 2)) for at in range(9)]
    return Made(
        body,
        [
            definition(0, levels, '<w:styleLink w:val="ls"/>'),
            definition(1, [], '<w:numStyleLink w:val="ls"/>'),
            number(1, 0),
            number(2, 1),
        ],
        styles,
    )


def inherited() -> Made:
    """A style that only says its level takes the list from the one it is based on; another takes both."""
    styles = [
        style("c1", "Clause", paragraph=asks(1, 0)),
        style("c2", "Sub Clause", parent="c1", paragraph=asks(None, 1)),
        style("c3", "Bold Clause", parent="c1", run="<w:b/>"),
        style("c4", "No Number", parent="c1", paragraph=asks(0)),
    ]
    levels = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2")]
    order = ["c1", "c2", "c2", "c3", "c4", "c2", "c1", "c2"]
    body = [p(f"clause text {at}", style=key) for at, key in enumerate(order)]
    body.append(p("taken out by hand", style="c1", number=asks(0)))
    body.append(p("and on", style="c1"))
    return Made(body, [definition(0, levels), number(1, 0)], styles)


def formats() -> Made:
    """Formats beyond plain numbers, far enough to pass their turns."""
    body, numbering = [], []
    for at, (kind, count) in enumerate(
        {
            "decimalZero": 11,
            "upperLetter": 29,
            "lowerRoman": 14,
            "chineseCountingThousand": 22,
            "chineseLegalSimplified": 12,
            "ideographTraditional": 10,
            "ideographZodiac": 12,
            "decimalEnclosedCircle": 10,
            "japaneseCounting": 21,
        }.items()
    ):
        numbering += [definition(at, [level(0, kind, "%1.")]), number(at + 1, at)]
        body += [p(f"{kind} line {line}", number=asks(at + 1, 0)) for line in range(count)]
    return Made(body, numbering)


def restarts() -> Made:
    """A level that never begins anew, and one that begins anew only with the uppermost."""
    levels = [
        level(0, "decimal", "%1"),
        level(1, "decimal", "%1.%2"),
        level(2, "lowerLetter", "%3)", more='<w:lvlRestart w:val="1"/>'),
        level(3, "decimal", "R%4", more='<w:lvlRestart w:val="0"/>'),
    ]
    order = [0, 1, 2, 3, 2, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3]
    body = [p(f"restart line {at}", number=asks(1, place)) for at, place in enumerate(order)]
    return Made(body, [definition(0, levels), number(1, 0)])


def tables() -> Made:
    """Numbers in cells: they count on along the rows."""
    levels = [level(0, "decimal", "%1"), level(1, "decimal", "%1.%2")]
    rows = [row(cell(p("No.")), cell(p("Requirement")), cell(p("要求")))]
    rows += [
        row(cell(p("", number=asks(1, 0 if at % 4 == 0 else 1))), cell(p(f"Text {at}")), cell(p(f"文本{at}")))
        for at in range(9)
    ]
    return Made([p("Before"), table(*rows), p("After", number=asks(1, 0))], [definition(0, levels), number(1, 0)])


def questions() -> Made:
    """Numbers with words around them: Q-001, SRS 12 -, § 3."""
    body, numbering = [], []
    for at, (kind, text) in enumerate([("decimalZero", "Q-%1"), ("decimal", "SRS %1 -"), ("decimal", "§ %1")]):
        numbering += [definition(at, [level(0, kind, text, start=at * 5 + 1)]), number(at + 1, at)]
        body += [p(f"{text} line {line}", number=asks(at + 1, 0)) for line in range(6)]
    return Made(body, numbering)


FILES = {
    made.__name__: made
    for made in (
        statute,
        headings,
        legal,
        outline,
        annexes,
        overrides,
        styled_lists,
        inherited,
        formats,
        restarts,
        tables,
        questions,
    )
}

__all__ = ["FILES", "Made", "run"]
