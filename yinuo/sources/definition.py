"""What a document says, whatever program wrote it: blocks as a reader found them, clauses as the rules split them."""

from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """What a block is in its file, by the file's own words; what it means is for the rules to say."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"  # a paragraph of a list, numbered by the program or by a bullet
    ROW = "row"  # one row of a table; its cells stand in `cells`
    NOTE = "note"  # a foot- or endnote


class Noise(StrEnum):
    """Why a block of the file is no part of its text. Nothing is dropped in silence: it stands in `Reading.noise`."""

    RUNNING_HEAD = "running_head"
    RUNNING_FOOT = "running_foot"
    PAGE_NUMBER = "page_number"
    WATERMARK = "watermark"  # slanted over the page
    CONTENTS = "contents"
    HIDDEN = "hidden"
    DELETED = "deleted"  # struck out by tracked changes in a released document
    DOWNLOAD = "download"  # what a download site put around the text
    COLUMN_HEAD = "column_head"  # the heading of a table, repeated on each page


class Fault(StrEnum):
    """What was wrong with a file, or could not be read of it. Its sentence stands in `intake.sentences`."""

    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    ENTERPRISE_ENCRYPTED = "enterprise_encrypted"  # a company's own encryption tool: no reader opens it
    DAMAGED = "damaged"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_HEAVY = "too_heavy"
    BOMB = "bomb"
    WRONG_EXTENSION = "wrong_extension"
    UNKNOWN_FORMAT = "unknown_format"
    OLD_WORD = "old_word"  # a .doc, and no program here that reads it
    HAS_MACROS = "has_macros"
    TRACKED = "tracked"  # changes are tracked in it: read as if they were accepted
    NO_TEXT = "no_text"  # scanned, and no recognition installed
    PAGES_UNREAD = "pages_unread"
    RECOGNISED = "recognised"  # read from pictures: to be looked at with care
    TEXT_CUT = "text_cut"
    CHARSET_GUESSED = "charset_guessed"
    GLYPHS_UNKNOWN = "glyphs_unknown"  # characters of a font that does not say what they mean


@dataclass(frozen=True, slots=True)
class Remark:
    """One fault, with what it is about (page numbers, a name)."""

    fault: Fault
    about: str = ""


class Unreadable(Exception):
    """Nothing can be read of the file; the fault says why."""

    def __init__(self, fault: Fault, about: str = "") -> None:
        super().__init__(fault)
        self.remark = Remark(fault, about)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands in its file.

    `block` counts the file's paragraphs and rows from 1. `page` counts from 1; 0 where a file has no pages. `box` is
    left, top, right, bottom in points (1/72 inch) from the page's upper left corner. `sheet` and `cell`: a workbook's.
    """

    block: int
    page: int = 0
    box: tuple[float, float, float, float] | None = None
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One tracked change of a block: what was put in or struck out, by whom, on which day (ISO 8601), if it says so.
    `before` are the last words that stand before it: there it belongs.
    """

    is_insertion: bool
    text: str
    by: str = ""
    at: str = ""
    before: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph or one row of a table, as it stands in the file.

    `number` is what the program shows before the text by itself ("第一条", "1.1", "a)"), exactly as shown; a number
    that somebody typed stays in `text`. `level` is the level of a heading (from 1) or of a list (from 1). `series` is
    the list whose numbers go on from block to block. `size` is the type size in points, 0 where unknown; `indent` is in
    points. `text` keeps line breaks inside a paragraph as a line feed; a row's text is its cells joined by a tab.
    Nothing is corrected: all is as printed.
    """

    text: str
    place: Place
    shape: Shape = Shape.PARAGRAPH
    number: str = ""
    level: int = 0
    series: str = ""
    cells: tuple[str, ...] = ()
    style: str = ""
    is_bold: bool = False
    size: float = 0.0
    indent: float = 0.0
    changes: tuple[Change, ...] = ()
    joined: tuple[int, ...] = ()  # columns of a row whose cell is merged with the one above


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one file. `pages` are width and height in points; `unread` are pages without any text."""

    format: str
    blocks: tuple[Block, ...]
    noise: tuple[tuple[Block, Noise], ...] = ()
    remarks: tuple[Remark, ...] = ()
    pages: tuple[tuple[float, float], ...] = ()
    unread: tuple[int, ...] = ()


@dataclass(slots=True)
class Clause:
    """One clause. `number` is the document's own, as printed (stray spaces closed up); `parent` is a place in
    `Split.clauses`, -1 at the top. `blocks` are the numbers (`Place.block`) of the blocks it was made of, in order.
    `confidence` is from 0 to 1; `doubts` are the codes of what lowered it, whose sentences stand in `intake.sentences`.
    """

    number: str
    title: str
    text: str
    parent: int = -1
    blocks: list[int] = field(default_factory=list)
    confidence: float = 1.0
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Leftover:
    """A block of the file that belongs to no clause, and why."""

    block: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Part:
    """One of several documents inside one file: its title, and its first clause's place in `Split.clauses`."""

    title: str
    first: int


@dataclass(frozen=True, slots=True)
class Split:
    """A file as clauses. Every character of the blocks is in a clause or in a leftover: `assigned` of `total`."""

    clauses: tuple[Clause, ...]
    leftovers: tuple[Leftover, ...]
    assigned: int
    total: int
    parts: tuple[Part, ...] = ()
