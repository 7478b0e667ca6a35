"""Markdown: headings, lists, tables and paragraphs as they are shown; comments as noise, no marks of emphasis."""

import html
import re
from dataclasses import dataclass, field
from itertools import pairwise

from yinuo.sources.definition import Block, Fault, Noise, Place, Reading, Shape, Unreadable
from yinuo.sources.readers import text as plain

HEADING = re.compile(r"\s{0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?\s*$")
UNDERLINE = re.compile(r"\s{0,3}(=+|-{2,})\s*$")
RULE = re.compile(r"\s{0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
BULLET = re.compile(r"(\s*)[-*+][ \t]+(.*)$")
ORDERED = re.compile(r"(\s*)(\d{1,9})([.)])(?:[ \t]+(.*)|)$")
FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
COMMENT = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
TABLE_LINE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
FRONT = re.compile(r"---\n.*?\n(?:---|\.\.\.)\n", re.DOTALL)
LINK = re.compile(
    r"!?\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?:\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)|\[[^\]]*\](?!\())"
)
AUTOLINK = re.compile(r"<((?:https?|mailto):[^>\s]+)>")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
CODE = re.compile(r"(`{1,8})([^`].{0,800}?)\1")
BOLD = re.compile(r"(\*\*|__)(?=\S)(.{1,800}?)(?<=\S)\1")
ITALIC = re.compile(
    r"(?<![\w*])\*(?=[^\s*])(.{1,400}?)(?<=[^\s*])\*(?![\w*])|(?<![\w_])_(?=[^\s_])(.{1,400}?)(?<=[^\s_])_(?![\w_])"
)
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
WHOLE_BOLD = re.compile(r"\s*(\*\*|__)(?!\s)(?:(?!\1).)+\1\s*[:：]?\s*")
DEFINITION = re.compile(r"\s{0,3}\[[^\]]+\]:\s+\S+")


def read(content: bytes) -> Reading:
    """The blocks of a Markdown file; `Unreadable` says why there are none."""
    if not content.strip():
        raise Unreadable(Fault.EMPTY)
    said, remarks = plain.decoded(content)
    page = _Page()
    front = FRONT.match(said)
    if front:
        page.leave_out(front[0].strip())
        said = said[front.end() :]
    for number, piece in enumerate(_pieces(said)):
        if number % 2:
            page.end()
            page.leave_out(piece)
        else:
            page.take(piece.split("\n"))
    page.end()
    if not page.blocks:
        raise Unreadable(Fault.NO_TEXT)
    return Reading("md", tuple(page.blocks), tuple(page.noise), remarks)


def _pieces(said: str) -> list[str]:
    """The text between comments, and the comments, in turn."""
    pieces, at = [], 0
    for found in COMMENT.finditer(said):
        pieces += [said[at : found.start()], found[0][4:].removesuffix("-->").strip()]
        at = found.end()
    return [*pieces, said[at:]]


@dataclass(slots=True)
class _List:
    indent: int
    number: int  # -1: bullets
    mark: str = ""


@dataclass(slots=True)
class _Page:
    """What has been read so far, and the paragraph that is being read."""

    blocks: list[Block] = field(default_factory=list)
    noise: list[tuple[Block, Noise]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    shown: str = ""
    fence: str = ""
    table: list[str] = field(default_factory=list)

    def take(self, lines: list[str]) -> None:
        for place, line in enumerate(lines):
            following = lines[place + 1] if place + 1 < len(lines) else ""
            self._line(re.sub(r"^\s{0,3}(?:>\s?)+", "", line), following)

    def _line(self, line: str, following: str) -> None:
        fence = FENCE.match(line)
        if self.fence or fence:
            self._fenced(line, fence)
        elif "|" in line and (self.table or _is_table_line(following)):
            self._row(line)
        elif not line.strip() or DEFINITION.match(line):
            self.end()
        elif HEADING.match(line):
            self._heading(line)
        elif self.lines and not self.shown and UNDERLINE.match(line):
            self._say(Shape.HEADING, 1 if line.strip()[0] == "=" else 2)
        elif RULE.match(line):
            self.end()
        else:
            self._words(line)

    def _fenced(self, line: str, fence: re.Match[str] | None) -> None:
        if not self.fence and fence:
            self.end()
            self.fence = fence[1]
        elif fence and fence[1].startswith(self.fence):
            self.fence = ""
            if self.lines:
                self._append("\n".join(self.lines), Shape.PARAGRAPH, 0, False)
                self.lines = []
        else:
            self.lines.append(line)

    def _heading(self, line: str) -> None:
        self.end()
        found = HEADING.match(line)
        if found and found[2]:
            self.lists = []
            self.lines = [found[2]]
            self._say(Shape.HEADING, len(found[1]))

    def _words(self, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        bullet, ordered = BULLET.match(line), ORDERED.match(line)
        if bullet or (ordered and (not self.lines or self.lists or ordered[2] == "1")):
            self.end(keeps_table=False)
            self._item(indent, bullet, ordered)
            return
        if not self.lines:
            while self.lists and indent <= self.lists[-1].indent:
                self.lists.pop()
        self.lines.append(line)

    def _item(self, indent: int, bullet: re.Match[str] | None, ordered: re.Match[str] | None) -> None:
        while self.lists and indent < self.lists[-1].indent:
            self.lists.pop()
        mark = ordered[3] if ordered else ""
        if self.lists and indent <= self.lists[-1].indent + 1:
            current = self.lists[-1]
            if (current.number < 0) != (ordered is None) or current.mark != mark:
                self.lists[-1] = current = _List(indent, int(ordered[2]) - 1 if ordered else -1, mark)
        else:
            current = _List(indent, int(ordered[2]) - 1 if ordered else -1, mark)
            self.lists.append(current)
        if ordered:
            current.number += 1
        self.shown = f"{current.number}{mark}" if ordered else "•"
        words = (ordered[4] if ordered else bullet[2] if bullet else "") or ""
        self.lines = [words]

    def _row(self, line: str) -> None:
        if not self.table:
            self.end()
        self.table.append(line)
        if TABLE_LINE.fullmatch(line):
            return
        cells = tuple(
            _clean(cell.replace("\0", "|")).strip() for cell in line.strip().replace("\\|", "\0").strip("|").split("|")
        )
        self._append("\t".join(cells), Shape.ROW, 0, False, cells)

    def end(self, keeps_table: bool = False) -> None:
        if not keeps_table:
            self.table = []
        if self.lines:
            self._say(Shape.ITEM if self.shown else Shape.PARAGRAPH, len(self.lists) if self.shown else 0)

    def _say(self, shape: Shape, level: int) -> None:
        source = "\n".join(self.lines)
        is_bold = shape is not Shape.HEADING and bool(WHOLE_BOLD.fullmatch(source))
        lines = [_clean(line) for line in BREAK.sub("\n", _broken(self.lines)).split("\n")]
        self.lines = []
        self._append("\n".join(line.strip() for line in lines).strip(), shape, level, is_bold)

    def _append(self, said: str, shape: Shape, level: int, is_bold: bool, cells: tuple[str, ...] = ()) -> None:
        number, self.shown = self.shown, ""
        if said.strip() or number not in ("", "•"):
            place = Place(len(self.blocks) + len(self.noise) + 1)
            self.blocks.append(Block(said, place, shape, number, level, cells=cells, is_bold=is_bold))

    def leave_out(self, said: str) -> None:
        if said:
            place = Place(len(self.blocks) + len(self.noise) + 1)
            self.noise.append((Block(said, place), Noise.HIDDEN))


def _is_table_line(line: str) -> bool:
    return "-" in line and "|" in line and bool(TABLE_LINE.fullmatch(line))


def _broken(lines: list[str]) -> str:
    """The lines of a paragraph: broken where its author broke them on purpose, joined elsewhere."""
    pieces = [lines[0].strip()]
    for before, line in pairwise(lines):
        is_break = before.endswith(("  ", "\\")) or before.rstrip()[-1:] in "。；：;:" or plain.ITEM.match(line)
        if is_break:
            pieces.append(line.strip())
        else:
            pieces[-1] = plain.joined([pieces[-1].removesuffix("\\"), line.strip()])
    return "\n".join(piece.removesuffix("\\") for piece in pieces)


def _clean(line: str) -> str:
    """A line without its marks: `**bold**`, `[words](address)`, `\\*`."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[found.lastindex or 0])
        return f"\0{len(held) - 1}\0"

    line = CODE.sub(hold, line)
    line = ESCAPED.sub(hold, line)
    for _ in range(3):
        line = LINK.sub(r"\1", line)
    line = TAG.sub("", AUTOLINK.sub(r"\1", line))
    for _ in range(2):
        line = BOLD.sub(r"\2", line)
    line = ITALIC.sub(lambda found: found[1] or found[2], line)
    return re.sub("\0(\\d+)\0", lambda found: held[int(found[1])], html.unescape(line))
