"""Every word of the blocks goes to the clause before it, or is left over with a reason: none is lost or said twice."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from yinuo.sources.definition import Block, Leftover, Shape
from yinuo.sources.rules import tables
from yinuo.sources.rules.candidates import Candidate, Kind
from yinuo.sources.rules.series import Step

FAREWELL = re.compile(r"\s*[(（]?(?:以下无正文|以下空白|本页无正文|此页无正文)")
DOWNLOAD = re.compile(
    r"\s*(?:-\s*(?:格式|大小|文档页数|页数|浏览|下载)\s*[:：].{0,20}"
    r"|更多.{0,8}(?:资料|文档|资源)?.{0,4}下载.{0,24}"
    r"|本文(?:档)?由.{2,20}(?:整理|提供|分享).{0,20}"
    r"|(?:文档|资料)来自.{2,30}"
    r"|Downloaded from .{3,60})\s*[。.]?\s*"
)


class Cut(NamedTuple):
    """A clause begins here: the words before `at` are another's, those from `end` on are its own."""

    block: int
    at: int
    end: int
    step: int  # its place in the series, -1 for words without a number that begin a clause
    above: int  # the step that it stands under
    column: int = -1  # of a table whose columns are levels: the column it stands in


class Head(NamedTuple):
    """The title of one document inside a file, and where it stands; block -1 where it has none of its own."""

    title: str
    block: int = -1
    start: int = 0
    end: int = 0
    reason: str = "title"  # why its words are left over: a cover stands before the first clause


@dataclass(slots=True)
class Draft:
    """A clause while its pieces are gathered: (block, text)."""

    cut: Cut
    pieces: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Gathering:
    """One walk over the blocks."""

    blocks: Sequence[Block]
    candidates: Sequence[Candidate]
    steps: Sequence[Step]
    contents: set[int]
    heads: Sequence[Head]
    drafts: list[Draft] = field(default_factory=list)
    leftovers: list[Leftover] = field(default_factory=list)
    assigned: int = 0
    is_over: bool = False
    is_front: bool = False  # between the title of a document and its first clause

    def walk(self, cuts: Sequence[Cut], loose: Sequence[int] = ()) -> None:
        here: dict[int, list[Cut]] = defaultdict(list)
        for cut in cuts:
            here[cut.block].append(cut)
        rows = tables.columns(self.blocks, {cut.block: (cut.at, cut.end) for cut in cuts if cut.step >= 0}, loose)
        for place in range(len(self.blocks)):
            self._block(place, here.get(place, []), rows.get(place))

    def walk_one(self, place: int) -> None:
        """One block as a clause of its own, unless there is a reason to leave it."""
        text = self.blocks[place].text
        reason = self._reason(place, None)
        if reason or not text.strip():
            self._leave(place, text, reason)
            return
        self.drafts.append(Draft(Cut(place, 0, 0, -1, -1)))
        self._add(place, text)

    def _block(self, place: int, cuts: list[Cut], row: tables.Row | None) -> None:
        text = self.blocks[place].text
        reason = "" if cuts else self._reason(place, row)
        if reason:
            self._leave(place, text, reason)
            return
        at = 0
        numbered = [cut for cut in cuts if cut.step >= 0]
        if row and (len(numbered) == 1 or not numbered):
            self._row(place, cuts, numbered[0] if numbered else cuts[-1] if cuts else None, row)
            return
        for cut in cuts:
            if cut.at > at:
                self._put(place, at, cut.at)
            self._begin(cut)
            at = cut.end
        if cuts and self._kind(cuts[0]) is Kind.TAIL:
            self._add(place, text[: cuts[0].end])
            self.assigned += size(text[cuts[0].end :])
        elif at < len(text) or not cuts:
            self._put(place, at, len(text))

    def _reason(self, place: int, row: tables.Row | None) -> str:
        block = self.blocks[place]
        if place in self.contents:
            return "contents"
        if block.shape is Shape.NOTE:
            return "note"
        if row and row.reason:
            return row.reason
        if DOWNLOAD.fullmatch(block.text):
            return "download"
        self.is_over = self.is_over or bool(FAREWELL.match(block.text))
        return "closing" if self.is_over else ""

    def _begin(self, cut: Cut) -> None:
        self.is_over = self.is_front = False
        if cut.step >= 0 and self.steps[cut.step].how == "twin" and self.drafts:
            self.drafts[-1].pieces.append((cut.block, ""))
        else:
            self.drafts.append(Draft(cut))
        if self._kind(cut) is not Kind.TAIL:
            self.assigned += size(self.blocks[cut.block].text[cut.at : max(cut.end, cut.at)])

    def _kind(self, cut: Cut) -> Kind | None:
        return self.candidates[self.steps[cut.step].candidate].kind if cut.step >= 0 else None

    def _put(self, place: int, start: int, end: int) -> None:
        """The words between two beginnings go to the clause before them; titles of documents are left over."""
        for head in self.heads:
            if head.block == place and start <= head.start < end:
                until = min(head.end, end)
                self._put_words(place, start, head.start)
                self._leave(place, self.blocks[place].text[head.start : until], head.reason)
                self.is_front = True
                start = until
        self._put_words(place, start, end)

    def _put_words(self, place: int, start: int, end: int) -> None:
        text = self.blocks[place].text[start:end]
        shown = self.blocks[place].number if start == 0 else ""
        if not text.strip() and not (shown.strip() and self.drafts):
            return
        if not self.drafts or self.is_front or not self._is_same_sheet(place):
            self._leave(place, text, "front")
            return
        is_own = self.drafts[-1].cut.block == place and self.drafts[-1].cut.at == 0
        if shown.strip() and not is_own:
            self.drafts[-1].pieces.append((place, f"{shown} {text.lstrip()}"))
            self.assigned += size(text)
        else:
            self._add(place, text)

    def _is_same_sheet(self, place: int) -> bool:
        return self.blocks[self.drafts[-1].cut.block].place.sheet == self.blocks[place].place.sheet

    def _row(self, place: int, cuts: list[Cut], own: Cut | None, row: tables.Row) -> None:
        """A row with a number or without one; the groups that begin in its first cells stand above it."""
        text = self.blocks[place].text
        above = set()
        for cut in cuts:
            self._begin(cut)
            if cut is not own:
                above.add(cut.at)
                self._add(place, text[cut.at : next(end for start, end in row.cells if start == cut.at)])
        if own is None and (not self.drafts or self.is_front or not self._is_same_sheet(place)):
            self._leave(place, text, "front")
            return
        self._put_cells(place, own or Cut(place, 0, 0, -1, -1), row, above)

    def _put_cells(self, place: int, cut: Cut, row: tables.Row, above: set[int]) -> None:
        text = self.blocks[place].text
        for which, (start, end) in enumerate(row.cells):
            if start in above:
                continue
            if start < cut.end < end or which in row.own:
                before = text[start : min(end, cut.at)]
                after = text[max(start, cut.end) : end]
                self._add(place, before)
                self._add(place, after)
            elif end > cut.end or end <= cut.at:
                self._leave(place, text[start:end], "other_column")

    def _add(self, place: int, text: str) -> None:
        if text.strip():
            self.drafts[-1].pieces.append((place, text))
            self.assigned += size(text)

    def _leave(self, place: int, text: str, reason: str) -> None:
        if text.strip():
            self.leftovers.append(Leftover(self.blocks[place].place.block, text, reason))


def size(text: str) -> int:
    """How many characters of a text are seen."""
    return sum(map(len, text.split()))
