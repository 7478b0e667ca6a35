"""HTML: what a browser shows, with the numbers of its lists; what it hides, and navigation, as noise."""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as parser

from yinuo.letters.readers import charsets
from yinuo.sources.definition import Block, Fault, Noise, Place, Reading, Remark, Shape, Unreadable
from yinuo.sources.readers import text as plain
from yinuo.sources.readers.word import numerals

DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
DROPPED = frozenset({"script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math"})
DROPPED |= {"button", "select", "input", "textarea"}
NAVIGATION = frozenset({"nav", "footer", "aside"})
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "img", "ins"}
)
INLINE |= {
    "kbd",
    "label",
    "mark",
    "q",
    "rb",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
}
INLINE |= {"sup", "time", "tt", "u", "var", "wbr"}
HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|$)|opacity\s*:\s*0\s*(?:;|$))",
    re.IGNORECASE,
)
BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
STYLES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
STYLES |= {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
SPACE = re.compile(r"[ \t\r\n\f]+")
DEEPEST = 200


class NothingChosen(Exception):
    """A page in which nothing stands where it is looked for."""


def read(content: bytes, *, only: str = "") -> Reading:
    """The blocks of an HTML file; `Unreadable` says why there are none. `only`: of the elements at this path."""
    if not content.strip():
        raise Unreadable(Fault.EMPTY)
    said, remarks = _decoded(content)
    try:
        root = parser.document_fromstring(
            re.sub(r"^\s*<\?xml[^>]*\?>", "", said), parser=parser.HTMLParser(huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Unreadable(Fault.NO_TEXT) from None
    page = _Page()
    body = root.find("body")
    for element in _chosen(root, only) if only else [root if body is None else body]:
        page.element(element, _Look(), 0)
        page.end()
    if not page.blocks:
        raise Unreadable(Fault.NO_TEXT)
    return Reading("html", tuple(page.blocks), tuple(page.noise), remarks)


def _chosen(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path, without those that stand inside another of them."""
    found = [each for each in root.xpath(path) if isinstance(each, etree._Element)]
    if not found:
        raise NothingChosen
    there = set(found)
    return [each for each in found if not any(above in there for above in each.iterancestors())]


def _decoded(content: bytes) -> tuple[str, tuple[Remark, ...]]:
    """The text in the character set that the page declares, unless its first bytes say another."""
    declared = DECLARED.search(content[:4096])
    if declared and not content.startswith(tuple(mark for mark, _ in plain.MARKS)):
        said, remark = charsets.decode(content, declared[1].decode("ascii", "replace"))
        return said, (Remark(Fault.CHARSET_GUESSED, remark.about),) if remark else ()
    return plain.decoded(content)


@dataclass(frozen=True, slots=True)
class _Look:
    """What surrounds a piece of text."""

    is_bold: bool = False
    is_kept: bool = False  # line breaks stand, as in <pre>
    noise: Noise | None = None
    heading: int = 0
    depth: int = 0  # of lists
    number: str = ""


@dataclass(slots=True)
class _Page:
    blocks: list[Block] = field(default_factory=list)
    noise: list[tuple[Block, Noise]] = field(default_factory=list)
    pieces: list[tuple[str, bool]] = field(default_factory=list)
    look: _Look = field(default_factory=_Look)
    number: str = ""

    def element(self, node: etree._Element, look: _Look, deep: int) -> None:
        """One element and what stands inside it."""
        if not isinstance(node.tag, str) or deep > DEEPEST:
            return
        tag = node.tag.lower()
        if tag in DROPPED:
            return
        look = self._look(node, tag, look)
        if tag == "br":
            self.pieces.append(("\n", look.is_bold))
        elif tag == "table" and self._is_of_data(node):
            self.end()
            self._table(node, look, deep)
        elif tag in ("ol", "ul"):
            self.end()
            self._list(node, look, deep)
            self.end()
        elif tag in INLINE:
            self._inside(node, look, deep)
        else:
            self.end()
            self.look = look
            self._inside(node, look, deep)
            self.end()

    def _inside(self, node: etree._Element, look: _Look, deep: int) -> None:
        self._say(node.text, look)
        for child in node:
            self.element(child, look, deep + 1)
            self._say(child.tail, look)

    def _say(self, said: str | None, look: _Look) -> None:
        if not said:
            return
        if not self.pieces:
            self.look = look
        self.pieces.append((said if look.is_kept else SPACE.sub(" ", said), look.is_bold))

    def _look(self, node: etree._Element, tag: str, look: _Look) -> _Look:
        style = node.get("style", "")
        is_hidden = node.get("hidden") is not None or bool(HIDDEN.search(style)) or node.get("aria-hidden") == "true"
        noise = Noise.HIDDEN if is_hidden else Noise.CONTENTS if tag in NAVIGATION else None
        heading = int(tag[1]) if re.fullmatch("h[1-6]", tag) else look.heading
        is_bold = look.is_bold or tag in ("b", "strong", "th") or bool(BOLD_STYLE.search(style))
        return _Look(is_bold, look.is_kept or tag in ("pre", "textarea"), look.noise or noise, heading, look.depth)

    def _list(self, node: etree._Element, look: _Look, deep: int) -> None:
        """The items of a list, counted as a browser counts them."""
        items = [child for child in node if isinstance(child.tag, str)]
        step = -1 if node.get("reversed") is not None else 1
        value = _whole(node.get("start"), len(items) if step < 0 else 1)
        for child in items:
            if child.tag.lower() != "li":
                self.element(
                    child, _Look(look.is_bold, look.is_kept, look.noise, look.heading, look.depth + 1), deep + 1
                )
                continue
            value = _whole(child.get("value"), value)
            within = self._look(child, "li", look)
            within = _Look(within.is_bold, within.is_kept, within.noise, within.heading, look.depth + 1)
            self.end()
            self.number = _shown(value, node, child)
            self.look = within
            self._inside(child, within, deep + 1)
            self.end()
            self.number = ""
            value += step

    @staticmethod
    def _is_of_data(node: etree._Element) -> bool:
        """Tables that only lay a page out have one cell a row or other tables inside."""
        if node.find(".//table") is not None:
            return False
        return any(len(row.findall("td")) + len(row.findall("th")) > 1 for row in node.iter("tr"))

    def _table(self, node: etree._Element, look: _Look, deep: int) -> None:
        for row in node.iter("tr"):
            cells: list[str] = []
            for cell in row:
                if isinstance(cell.tag, str) and cell.tag.lower() in ("td", "th"):
                    cells.append(self._cell(cell, look, deep))
            if any(cells):
                self._append(Block("\t".join(cells), self._place(), Shape.ROW, cells=tuple(cells)), look.noise)

    def _cell(self, cell: etree._Element, look: _Look, deep: int) -> str:
        """All that a cell says, its paragraphs and lists as lines."""
        inner = _Page()
        inner.element(cell, look, deep + 1)
        inner.end()
        said = [f"{block.number} {block.text}".strip() for block in inner.blocks]
        return "\n".join(said).replace("\t", " ")

    def _place(self) -> Place:
        return Place(len(self.blocks) + len(self.noise) + 1)

    def end(self) -> None:
        """The end of a paragraph."""
        said = "".join(piece for piece, _ in self.pieces)
        lines = [line.strip(" \t\r\n\f") if not self.look.is_kept else line.rstrip() for line in said.split("\n")]
        text = "\n".join(lines).strip("\n ")
        is_bold = bool(text) and all(bold for piece, bold in self.pieces if piece.strip())
        self.pieces = []
        number, self.number = (self.number, "") if text else ("", self.number)
        if not text.strip():
            return
        look = self.look
        shape = Shape.HEADING if look.heading else Shape.ITEM if number else Shape.PARAGRAPH
        level = look.heading or (look.depth if number else 0)
        self._append(Block(text, self._place(), shape, number, level, is_bold=is_bold and not look.heading), look.noise)

    def _append(self, block: Block, noise: Noise | None) -> None:
        if noise:
            self.noise.append((block, noise))
        else:
            self.blocks.append(block)


def _whole(value: str | None, other: int) -> int:
    return int(value) if value and re.fullmatch(r"\s*-?\d{1,6}\s*", value) else other


def _shown(value: int, node: etree._Element, item: etree._Element) -> str:
    """What stands before an item."""
    if node.tag.lower() == "ul":
        return "•"
    style = LIST_STYLE.search(item.get("style", "")) or LIST_STYLE.search(node.get("style", ""))
    kind = item.get("type") or (style[1].lower() if style else "") or node.get("type") or "1"
    if kind == "none":
        return ""
    kind = STYLES.get(kind, kind) if "-" in kind else kind
    known = STYLES.get(kind, "decimal")
    return f"{numerals.written(value, known)}."
