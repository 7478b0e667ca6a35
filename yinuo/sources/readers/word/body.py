"""The body of a Word document → blocks, in reading order, with the numbers that the program shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from yinuo.sources.definition import Block, Change, Noise, Place, Shape
from yinuo.sources.readers.word.inline import MC, Inline, Words
from yinuo.sources.readers.word.numbering import Numbering, Shown, indent_of
from yinuo.sources.readers.word.styles import Styles, W, number_of, value_of

WRAPPERS = tuple(W + name for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"))
GONE = (W + "del", W + "moveFrom")
CONTENTS_STYLE = re.compile(r"^(toc|目录|目次|verzeichnis|inhalts)\s*\d*$|^toc heading$", re.IGNORECASE)


@dataclass
class Body:
    """Reads one body; `blocks` and `noise` are what came of it."""

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], etree._Element] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    noise: list[tuple[Block, Noise]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inline = Inline(self.styles)
        self.at = 0
        self._carried: Words | None = None  # words before a struck-out paragraph mark: they join what follows

    def read(self, node: etree._Element) -> None:
        """Everything inside a body, a cell's layout table or a text box, in order."""
        for each in node.iterchildren(etree.Element):
            if each.tag == W + "p":
                self._paragraph(each)
            elif each.tag == W + "tbl":
                self._table(each)
            elif each.tag == W + "sdt" and _is_contents(each):
                self._contents(each)
            elif each.tag in WRAPPERS:
                self.read(each)
            elif each.tag == MC + "AlternateContent":
                chosen = each.find(MC + "Choice")
                if chosen is not None:
                    self.read(chosen)

    def end(self) -> None:
        """What was carried over to a paragraph that never came."""
        if self._carried is not None:
            carried, self._carried = self._carried, None
            self._say(carried, None, None, None)

    # paragraphs

    def _paragraph(self, element: etree._Element) -> None:
        words, properties, style, shown = self._heard(element)
        if words is None:
            return
        self._say(words, properties, style, shown)
        self._beside(words)

    def _heard(self, element: etree._Element) -> tuple[Words | None, etree._Element | None, str | None, Shown | None]:
        """A paragraph's words and number; no words where its mark was struck out and it goes on in the next one."""
        properties = element.find(W + "pPr")
        style = value_of(properties, "pStyle") or self.styles.default or None
        words = self.inline.words(element, style)
        if _mark_is_gone(properties):
            self._carried = _joined(self._carried, words)
            return None, None, None, None
        if self._carried is not None:
            words, self._carried = _joined(self._carried, words), None
        return words, properties, style, self.numbering.shown(properties, style)

    def _say(self, words: Words, properties: etree._Element | None, style: str | None, shown: Shown | None) -> None:
        self.at += 1
        block = self._block(words, properties, style, shown)
        if words.is_contents or self._is_contents_style(style):
            if block.text.strip() or block.number:
                self.noise.append((block, Noise.CONTENTS))
        elif block.text.strip() or block.number:
            self.blocks.append(block)
        elif words.struck.strip():
            self.noise.append((_with(block, words.struck), Noise.DELETED))
        if words.hidden.strip():
            self.noise.append((_with(block, words.hidden), Noise.HIDDEN))

    def _block(self, words: Words, properties: etree._Element | None, style: str | None, shown: Shown | None) -> Block:
        outline = number_of(properties, "outlineLvl")
        if outline is None:
            outline = self.styles.outline(style)
        is_heading = outline is not None and outline < 9
        if is_heading:
            shape, level = Shape.HEADING, (outline or 0) + 1
        elif shown is not None:
            shape, level = Shape.ITEM, shown.level + 1
        else:
            shape, level = Shape.PARAGRAPH, 0
        known = self.styles.styles.get(style or "")
        return Block(
            text=words.text.strip("\n\t "),
            place=Place(block=self.at),
            shape=shape,
            number="" if shown is None else shown.label,
            level=level,
            series="" if shown is None else shown.series,
            style="" if known is None else known.name,
            is_bold=words.is_bold,
            size=words.size,
            indent=_indent(properties, shown),
            changes=tuple(words.changes),
        )

    def _is_contents_style(self, style: str | None) -> bool:
        known = self.styles.styles.get(style or "")
        return known is not None and CONTENTS_STYLE.match(known.name) is not None

    def _contents(self, element: etree._Element) -> None:
        """A table of contents that the program keeps: noise, whatever stands in it."""
        before = len(self.blocks)
        self.read(element)
        self.noise += [(block, Noise.CONTENTS) for block in self.blocks[before:]]
        del self.blocks[before:]

    def _beside(self, words: Words) -> None:
        """Text boxes and notes that hang on a paragraph stand after it."""
        for box in words.boxes:
            self.read(box)
        for key in words.notes:
            note = self.notes.pop(key, None)
            if note is not None:
                self._note(note)

    def _note(self, element: etree._Element) -> None:
        said = [self.inline.words(each, None).text.strip() for each in element.iter(W + "p")]
        text = "\n".join(each for each in said if each)
        if text:
            self.at += 1
            self.blocks.append(Block(text, Place(block=self.at), Shape.NOTE))

    # tables

    def _table(self, table: etree._Element) -> None:
        for row in _rows(table):
            cells = list(_cells(row))
            if len(cells) == 1:
                self.read(cells[0])  # a frame around text, or a line over the whole width
                continue
            said = [self._cell(cell) for cell in cells]
            if any(cell.text for cell in said):
                self.at += 1
                self.blocks.append(
                    Block(
                        text="\t".join(cell.text for cell in said),
                        place=Place(block=self.at),
                        shape=Shape.ROW,
                        cells=tuple(cell.text for cell in said),
                        is_bold=all(cell.is_bold for cell in said if cell.text),
                        changes=tuple(change for cell in said for change in cell.changes),
                        joined=tuple(at for at, cell in enumerate(cells) if value_or_none(cell) == "continue"),
                    )
                )
            for cell in said:
                self._beside(cell.beside)

    def _cell(self, cell: etree._Element) -> "Cell":
        said = Cell()
        if value_or_none(cell) == "continue":
            return said
        for element in _inside(cell):
            if element.tag == W + "tbl":
                for row in _rows(element):
                    inner = [self._cell(each) for each in _cells(row)]
                    said.add("\t".join(each.text for each in inner), all(each.is_bold for each in inner), [])
                continue
            words, _, style, shown = self._heard(element)
            if words is None or words.is_contents or self._is_contents_style(style):
                continue
            label = "" if shown is None else shown.label
            said.add(f"{label} {words.text.strip()}".strip(), words.is_bold, words.changes)
            said.beside.boxes += words.boxes
            said.beside.notes += words.notes
        return said


@dataclass
class Cell:
    """What stands in one cell of a table; its paragraphs are lines."""

    text: str = ""
    is_bold: bool = True
    changes: list[Change] = field(default_factory=list)
    beside: Words = field(default_factory=Words)

    def add(self, text: str, is_bold: bool, changes: list[Change]) -> None:
        if text:
            self.text += ("\n" if self.text else "") + text
            self.is_bold = self.is_bold and is_bold
        self.changes += changes


def _inside(node: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables directly in a cell, whatever is wrapped around them."""
    for each in node.iterchildren(etree.Element):
        if each.tag in (W + "p", W + "tbl"):
            yield each
        elif each.tag in WRAPPERS:
            yield from _inside(each)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for each in table.iterchildren(etree.Element):
        if each.tag == W + "tr":
            properties = each.find(W + "trPr")
            if properties is None or all(properties.find(tag) is None for tag in GONE):
                yield each
        elif each.tag in WRAPPERS:
            yield from _rows(each)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for each in row.iterchildren(etree.Element):
        if each.tag == W + "tc":
            yield each
        elif each.tag in WRAPPERS:
            yield from _cells(each)


def value_or_none(cell: etree._Element) -> str | None:
    """How a cell takes part in a cell merged downwards: "restart", "continue", or None."""
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return None if merged is None else merged.get(W + "val", "continue")


def _is_contents(element: etree._Element) -> bool:
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val", "").lower() == "table of contents"


def _mark_is_gone(properties: etree._Element | None) -> bool:
    look = None if properties is None else properties.find(W + "rPr")
    return look is not None and any(look.find(tag) is not None for tag in GONE)


def _joined(first: Words | None, second: Words) -> Words:
    if first is None:
        return second
    return Words(
        text=first.text + second.text,
        struck=first.struck + second.struck,
        hidden=first.hidden + second.hidden,
        changes=first.changes + second.changes,
        boxes=first.boxes + second.boxes,
        notes=first.notes + second.notes,
        bold=first.bold + second.bold,
        size=max(first.size, second.size),
        is_contents=first.is_contents or second.is_contents,
    )


def _indent(properties: etree._Element | None, shown: Shown | None) -> float:
    own = indent_of(None if properties is None else properties.find(W + "ind"))
    if own is None and shown is not None:
        own = shown.indent
    return own or 0.0


def _with(block: Block, text: str) -> Block:
    return Block(text.strip(), block.place, block.shape, style=block.style, changes=block.changes)
