"""The words of one paragraph: runs, fields, tracked changes, hidden text, notes and text boxes inside it."""

from dataclasses import dataclass, field

from lxml import etree

from yinuo.sources.definition import Change
from yinuo.sources.readers import glyphs
from yinuo.sources.readers.word.styles import Styles, W, is_on, number_of, value_of

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
BEFORE = 16  # signs by which the place of a change is found again
INSERTED, STRUCK = (W + "ins", W + "moveTo"), (W + "del", W + "moveFrom")
INSIDE = (
    *(W + name for name in ("hyperlink", "smartTag", "sdt", "sdtContent", "customXml", "dir", "bdo", "fldSimple")),
    *(W + name for name in ("ruby", "rubyBase")),
    *(M + name for name in ("oMath", "oMathPara")),
)
BREAKS = {W + "tab": "\t", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}


@dataclass
class Words:
    """What one paragraph says. `boxes` are the text boxes anchored in it; `notes` the keys of its notes."""

    text: str = ""
    struck: str = ""
    hidden: str = ""
    changes: list[Change] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    bold: int = 0
    size: float = 0.0
    is_contents: bool = False

    @property
    def is_bold(self) -> bool:
        """Whether nearly everything that can be seen is bold."""
        seen = len("".join(self.text.split()))
        return seen > 0 and self.bold >= seen * 0.9


@dataclass
class Fields:
    """The fields that are open: they may begin in one paragraph and end in another."""

    open: list[list[str | bool]] = field(default_factory=list)  # [instruction, is its result shown]

    def begin(self) -> None:
        self.open.append(["", False])

    def instruct(self, text: str) -> None:
        if self.open:
            self.open[-1][0] = str(self.open[-1][0]) + text

    def separate(self) -> None:
        if self.open:
            self.open[-1][1] = True

    def end(self) -> None:
        if self.open:
            self.open.pop()

    @property
    def is_silent(self) -> bool:
        """Inside an instruction, which nobody sees."""
        return any(not shown for _, shown in self.open)

    @property
    def is_contents(self) -> bool:
        """Inside a table of contents that the program makes."""
        return any(str(said).strip().upper().startswith(("TOC", "INDEX")) for said, _ in self.open)


class Inline:
    """Reads paragraphs one after the other; fields go on from one to the next."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.fields = Fields()

    def words(self, paragraph: etree._Element, style: str | None) -> Words:
        """The words of a paragraph that has this style."""
        said = Words(is_contents=self.fields.is_contents)
        hides = self.styles.switch(style, "vanish")
        self._walk(paragraph, said, style, hides, None)
        said.is_contents = said.is_contents or self.fields.is_contents
        return said

    def _walk(self, node: etree._Element, said: Words, style: str | None, hides: bool, change: Change | None) -> None:
        for each in node.iterchildren(etree.Element):
            tag = each.tag
            if tag in (W + "r", M + "r"):
                self._run(each, said, style, hides, change)
            elif tag in INSERTED or tag in STRUCK:
                by, at = each.get(W + "author", ""), (each.get(W + "date") or "")[:10]
                self._walk(each, said, style, hides, Change(tag in INSERTED, "", by, at))
            elif tag == W + "fldSimple" and each.get(W + "instr", "").strip().upper().startswith("TOC"):
                said.is_contents = True
                self._walk(each, said, style, hides, change)
            elif tag == MC + "AlternateContent":
                chosen = _chosen(each)
                if chosen is not None:
                    self._walk(chosen, said, style, hides, change)
            elif tag in INSIDE or tag.startswith(M):
                self._walk(each, said, style, hides, change)

    def _run(self, run: etree._Element, said: Words, style: str | None, hides: bool, change: Change | None) -> None:
        look = run.find(W + "rPr")
        own = is_on(look, "vanish")
        hidden = hides if own is None else own
        text = self._text(run, said, _font(look))
        if not text:
            return
        if hidden:
            said.hidden += text
        elif change is not None and not change.is_insertion:
            said.struck += text
            said.changes.append(Change(False, text, change.by, change.at, said.text[-BEFORE:]))
        else:
            if change is not None:
                said.changes.append(Change(True, text, change.by, change.at, said.text[-BEFORE:]))
            said.text += text
            self._look(look, said, style, text)

    def _look(self, look: etree._Element | None, said: Words, style: str | None, text: str) -> None:
        kind = value_of(look, "rStyle")
        bold = is_on(look, "b")
        if bold is None:
            bold = (kind is not None and self.styles.switch(kind, "b")) or self.styles.switch(style, "b")
        if bold:
            said.bold += len("".join(text.split()))
        size = number_of(look, "sz")
        said.size = max(said.size, size / 2 if size else self.styles.size(style))

    def _text(self, run: etree._Element, said: Words, font: str) -> str:
        text = ""
        for each in run.iterchildren(etree.Element):
            tag = each.tag
            if tag == W + "fldChar":
                self._field(each.get(W + "fldCharType"))
            elif tag == W + "instrText":
                self.fields.instruct(each.text or "")
            elif self.fields.is_silent:
                continue
            elif tag in (W + "t", W + "delText", M + "t"):
                text += glyphs.plain(each.text or "", font)
            elif tag == W + "sym":
                text += glyphs.shown(each.get(W + "char", ""), each.get(W + "font", ""))
            elif tag == W + "br":
                text += "\n" if each.get(W + "type") in (None, "textWrapping") else ""
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                said.notes.append((tag.removeprefix(W).removesuffix("Reference"), each.get(W + "id", "")))
            elif tag == W + "ruby":
                text += "".join(part.text or "" for part in each.iterfind(f"{W}rubyBase//{W}t"))
            else:
                text += BREAKS.get(tag, "")
                self._boxes(each, said)
        return text

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self.fields.begin()
        elif kind == "separate":
            self.fields.separate()
        elif kind == "end":
            self.fields.end()

    def _boxes(self, element: etree._Element, said: Words) -> None:
        """Text boxes in a drawing. Newer programs write each of them twice; one is taken."""
        if element.tag == W + "txbxContent":
            said.boxes.append(element)
            return
        if element.tag == MC + "AlternateContent":
            chosen = _chosen(element)
            if chosen is not None:
                self._boxes(chosen, said)
            return
        for each in element.iterchildren(etree.Element):
            self._boxes(each, said)


def _chosen(element: etree._Element) -> etree._Element | None:
    """Which of two writings of the same thing: the newer one, unless only the older one holds words."""
    choice, fallback = element.find(MC + "Choice"), element.find(MC + "Fallback")
    if choice is None or (fallback is not None and not _has_words(choice) and _has_words(fallback)):
        return fallback
    return choice


def _has_words(element: etree._Element) -> bool:
    return next(element.iter(W + "t", M + "t"), None) is not None


def _font(look: etree._Element | None) -> str:
    fonts = None if look is None else look.find(W + "rFonts")
    return "" if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or ""
