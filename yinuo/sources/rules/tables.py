"""Rows of tables that are clauses: which columns are the requirement's own, and which only stand beside it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yinuo.sources.definition import Block, Shape

BESIDE = re.compile(
    r"example|reference|remark|comment|note|status|date|mapping|source|priority|rating|answer|response|compl|evidence|verif|rationale|guid|owner|respons"
    r"|备注|补充说明|示例|举例|参考|状态|日期|证据|符合|答复|回复|反馈|评审|负责|责任|来源|优先|验证|检查|得分|意见|记录|表单"
    r"|bemerkung|beispiel|verweis|kommentar|hinweis|antwort|stand|datum|quelle",
    re.IGNORECASE,
)
OWN = re.compile(
    r"requirement|demand|description|text|control|subcategory|clause|title|name|statement|content|specification|provision|question"
    r"|要求|内容|条款|描述|说明|标题|名称|条文|规定|项目|问题|原文|译文"
    r"|anforderung|beschreibung|inhalt|titel|forderung|text|frage",
    re.IGNORECASE,
)


WORD = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")
LONG_MARK = 6  # characters on average up to which a column holds marks
LONG_ROW = 40  # characters of a row that is more than a heading
FEWEST = 3  # clauses that make rows a table of clauses where no heading says so


NUMBER_COLUMN = re.compile(r"#|no\.?|nr\.?|id|item|ref\.?|序号|编号|条款号|项次|ziffer", re.IGNORECASE)


class Row(NamedTuple):
    """One row: where its cells stand in its text, which of them are the requirement, whether it is the heading."""

    cells: list[tuple[int, int]]
    own: frozenset[int]
    is_head: bool = False


def columns(blocks: Sequence[Block], cuts: dict[int, tuple[int, int]]) -> dict[int, Row]:
    """The rows in which clauses begin, and the headings of their tables."""
    found: dict[int, Row] = {}
    for start, end in _tables(blocks):
        found |= _table(blocks, start, end, cuts)
    return found


def levels(blocks: Sequence[Block], cuts: dict[int, int]) -> dict[int, int]:
    """Tables whose first columns name groups: the column of each row that begins a clause or a group."""
    found: dict[int, int] = {}
    for start, end in _tables(blocks):
        begun = {place: _column(blocks[place], cuts[place]) for place in range(start, end) if place in cuts}
        if len(begun) < 3:
            continue
        usual = max(begun.values(), key=list(begun.values()).count)
        head = _head(blocks, start, min(begun))
        groups = {
            place: _column(blocks[place], 0)
            for place in range(start, end)
            if place not in begun and place > head and 0 <= _column(blocks[place], 0) < usual
        }
        if groups:
            found |= begun | groups
    return found


def ended(blocks: Sequence[Block], cuts: dict[int, int]) -> list[tuple[int, int]]:
    """(block, last row) of the words after each table of clauses: they speak of the table, not of its last row."""
    found = []
    for start, end in _tables(blocks):
        begun = [place for place in range(start, end) if place in cuts]
        after = next((place for place in range(end, len(blocks)) if blocks[place].text.strip()), -1)
        if not begun or after < 0 or after in cuts or blocks[after].shape is Shape.ROW:
            continue
        if len(begun) >= FEWEST or len(blocks[begun[-1]].text) - cuts[begun[-1]] >= LONG_ROW:
            found.append((after, begun[-1]))
    return found


def _column(block: Block, at: int) -> int:
    """The column of the first word at or after a place of a row; -1 where there is none."""
    for which, (start, end) in enumerate(_cells(block.text)):
        if end > at and block.text[max(start, at) : end].strip():
            return which
    return -1


def _tables(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    place = 0
    while place < len(blocks):
        end = place
        while end < len(blocks) and _is_like(blocks[place], blocks[end]):
            end += 1
        if end > place:
            yield place, end
        place = max(end, place + 1)


def _is_like(one: Block, other: Block) -> bool:
    return (
        one.shape is other.shape is Shape.ROW
        and one.place.sheet == other.place.sheet
        and (bool(one.place.sheet) or one.text.count("\t") == other.text.count("\t"))
    )


def _table(blocks: Sequence[Block], start: int, end: int, cuts: dict[int, tuple[int, int]]) -> dict[int, Row]:
    begun = [place for place in range(start, end) if place in cuts]
    if not begun:
        return {}
    head = _head(blocks, start, begun[0])
    if head < 0 and len(begun) < FEWEST:
        return {}
    beside = _beside(blocks, begun, blocks[head].text.split("\t") if head >= 0 else [])
    rows: dict[int, Row] = {}
    for place in begun:
        cells = _cells(blocks[place].text)
        own = frozenset(which for which in range(len(cells)) if which not in beside)
        starting = next((which for which, (a, b) in enumerate(cells) if a <= cuts[place][0] < b), 0)
        before = {which for which in range(starting) if _is_repeated(blocks, begun, which)}
        rows[place] = Row(cells, own - before)
    if head >= 0:
        rows[head] = Row(_cells(blocks[head].text), frozenset(), True)
    return rows


def _beside(blocks: Sequence[Block], begun: list[int], names: list[str]) -> set[int]:
    """The columns that only stand beside the requirement: named so, or holding marks. The longest never is."""
    said: dict[int, list[str]] = defaultdict(list)
    for place in begun:
        for which, cell in enumerate(blocks[place].text.split("\t")):
            said[which].append(cell.strip())
    length = {which: sum(map(len, cells)) / len(cells) for which, cells in said.items()}
    named = {which for which, name in enumerate(names) if OWN.search(name) and length.get(which, 0) > LONG_MARK}
    longest = max(named or length, key=lambda which: length.get(which, 0))
    found = set()
    for which, cells in said.items():
        name = names[which].strip() if which < len(names) else ""
        is_own = bool(OWN.search(name)) and not BESIDE.search(name)
        is_mark = not any(WORD.search(cell) for cell in cells) or length[which] <= LONG_MARK
        if which != longest and not is_own and (BESIDE.search(name) or (is_mark and bool(names))):
            found.add(which)
    return found


def _is_repeated(blocks: Sequence[Block], begun: list[int], which: int) -> bool:
    """A column before the number that says the same in many rows names groups, not requirements."""
    said = [
        cells[which]
        for cells in (blocks[place].text.split("\t") for place in begun)
        if len(cells) > which and cells[which]
    ]
    return len(set(said)) * 2 <= len(said)


def _head(blocks: Sequence[Block], start: int, first: int) -> int:
    """The row above the first clause whose cells read like names of columns."""
    for place in range(first - 1, max(start - 1, first - 5), -1):
        cells = [cell.strip() for cell in blocks[place].text.split("\t") if cell.strip()]
        named = sum(bool(NUMBER_COLUMN.fullmatch(cell) or OWN.search(cell) or BESIDE.search(cell)) for cell in cells)
        if len(cells) >= 2 and named and all(len(cell) <= 40 for cell in cells):
            return place
    return -1


def _cells(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for cell in text.split("\t"):
        found.append((at, at + len(cell)))
        at += len(cell) + 1
    return found
