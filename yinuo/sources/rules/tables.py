"""Rows of tables that are clauses: which columns are the requirement's own, and which only stand beside it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from yinuo.sources.definition import Block, Shape

BESIDE = re.compile(
    r"\[\w\w(?:[-_]\w+)?\]|annotation|\burn\b|\blevel\b|\bdepth\b|assessable|\bweight\b|\bgroups?$|example|reference|remark|comment|note|status|date|mapping|source|priority|rating|answer|response|compl|evidence|verif|method|rationale|guid|owner|respons"
    r"|\btypes?$|trace|justif"
    r"|备注|补充说明|示例|举例|参考|状态|日期|证据|符合|答复|回复|反馈|评审|负责|责任|来源|优先|验证|检查|方法|得分|评价|满足|偏离|是否|意见|记录|表单"
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
FIRST_COLUMNS = 6  # in which a number may stand


SIGNED = re.compile(r"[^:：]{1,16}[:：]")
VERSION = re.compile(
    r"版本号?|版次|版号|修订(?:版本|号|次)|version|rev(?:ision)?\.?|issue|ausgabe|stand", re.IGNORECASE
)
CHANGED = re.compile(r"日期|更改|变更|修改|修订|date|chang|modif|datum|änderung", re.IGNORECASE)
NUMBER_COLUMN = re.compile(
    r"#|(?:req(?:uirement)?s?\.?|clause|item|chapter|section|article|ref\.?|control|rule|criteri(?:on|a)|question|safeguard"
    r"|measure|subcategory|policy|principle|standard|line|anforderungs?|kapitel)?[ _\-/.]*"
    r"(?:no\.?|nr\.?|num\.?|id\.?|ids|number|nummer|code|identifier|#)(?:\W*[\u3400-\u9fff]+)?"
    r"|item|clause|chapter|ref\.?(?:erence)?"
    r"|序号|编号|(?:条款|章节|要求|条目|需求|条)?(?:编号|序号|号)|条款|章节|条目|项次|项号|ziffer|lfd\. ?nr\.?",
    re.IGNORECASE,
)
COUNTING = re.compile(
    r"序号|项次|#|no\.?|nr\.?|num(?:ber|mer)?\.?|lfd\. ?nr\.?", re.IGNORECASE
)  # may only count the rows


class Row(NamedTuple):
    """One row: where its cells stand in its text, which of them are the requirement; or why it is none."""

    cells: list[tuple[int, int]]
    own: frozenset[int]
    reason: str = ""


def columns(blocks: Sequence[Block], cuts: dict[int, tuple[int, int]], loose: Sequence[int] = ()) -> dict[int, Row]:
    """The rows in which clauses begin, and the headings of their tables; `loose` are the rows without a number."""
    found: dict[int, Row] = {}
    whole = dict.fromkeys(loose, (0, 0)) | cuts
    for start, end in runs(blocks):
        found |= _table(blocks, start, end, whole, set(loose) - set(cuts))
    return found


def histories(blocks: Sequence[Block]) -> set[int]:
    """The rows that tell the versions of the document: their numbers are none of clauses."""
    found: set[int] = set()
    for start, end in runs(blocks):
        for place in range(start, end):
            cells = _said(blocks[place])
            is_named = any(VERSION.fullmatch(cell) for cell in cells) and all(len(cell) <= LONG_ROW for cell in cells)
            if is_named and sum(bool(VERSION.fullmatch(cell) or CHANGED.search(cell)) for cell in cells) >= 2:
                found |= set(range(place, end))
                break
    return found


def numbered(blocks: Sequence[Block]) -> tuple[set[tuple[int, int]], set[int]]:
    """(block, column) below the headings that say that numbers of requirements stand there; and these headings."""
    found: set[tuple[int, int]] = set()
    heads: set[int] = set()
    for start, end in runs(blocks):
        columns: list[int] = []
        for place in range(start, end):
            cells = [cell.strip() for cell in blocks[place].text.split("\t")]
            named = [which for which, cell in enumerate(cells[:FIRST_COLUMNS]) if NUMBER_COLUMN.fullmatch(cell)]
            if named and any(OWN.search(cell) for which, cell in enumerate(cells) if which not in named):
                telling = [which for which in named if not COUNTING.fullmatch(cells[which])]
                columns = telling or named
                heads.add(place)
            else:
                found |= {(place, which) for which in columns}
    return found, heads


def levels(blocks: Sequence[Block], cuts: dict[int, int], known: set[int]) -> dict[int, int]:
    """Tables whose first columns name groups: the column of each row that begins a clause or a group. The rows that
    are `known` have a heading that says so by itself.
    """
    found: dict[int, int] = {}
    for start, end in runs(blocks):
        if not known.isdisjoint(range(start, end)):
            continue
        begun = {place: _column(blocks[place], cuts[place]) for place in range(start, end) if place in cuts}
        if len(begun) < 3:
            continue
        usual = max(begun.values(), key=list(begun.values()).count)
        head = _head(blocks, start, min(begun))
        none = _no_clauses(blocks, start, end, sorted(begun), _heads(blocks, start, sorted(begun)))
        groups = {
            place: _column(blocks[place], 0)
            for place in range(start, end)
            if place not in begun and place not in none and place > head and 0 <= _column(blocks[place], 0) < usual
        }
        if groups:
            found |= begun | groups
    return found


def ended(blocks: Sequence[Block], cuts: dict[int, int]) -> list[tuple[int, int]]:
    """(block, last row) of the words after each table of clauses: they speak of the table, not of its last row."""
    found = []
    for start, end in runs(blocks):
        begun = [place for place in range(start, end) if place in cuts]
        after = next((place for place in range(end, len(blocks)) if blocks[place].text.strip()), -1)
        if not begun or after < 0 or after in cuts or blocks[after].shape is Shape.ROW:
            continue
        if len(begun) >= FEWEST or len(blocks[begun[-1]].text) - cuts[begun[-1]] >= LONG_ROW:
            found.append((after, begun[-1]))
    return found


def _column(block: Block, at: int) -> int:
    """The column of the first word at or after a place of a row; -1 where there is none."""
    for which, (start, end) in enumerate(spans(block.text)):
        if end > at and block.text[max(start, at) : end].strip():
            return which
    return -1


def runs(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    """The tables: rows that go on from each other, from one to before another."""
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


def _table(
    blocks: Sequence[Block], start: int, end: int, cuts: dict[int, tuple[int, int]], loose: set[int]
) -> dict[int, Row]:
    begun = [place for place in range(start, end) if place in cuts]
    if not begun:
        return {}
    heads = _heads(blocks, start, begun)
    if not heads and len(begun) < FEWEST:
        return {}
    full = [place for place in begun if len(_said(blocks[place])) > 1] or begun
    beside = _beside(blocks, full, _named(blocks, heads))
    repeated = {which for which in range(FIRST_COLUMNS) if is_repeated(blocks, full, which)}
    rows: dict[int, Row] = {}
    for place in begun:
        cells = spans(blocks[place].text)
        own = frozenset(which for which in range(len(cells)) if which not in beside)
        starting = next((which for which, (a, b) in enumerate(cells) if a <= cuts[place][0] < b), 0)
        starting = FIRST_COLUMNS if place in loose else starting
        rows[place] = Row(cells, own - {which for which in repeated if which < starting})
    for place, reason in _no_clauses(blocks, start, end, begun, heads).items():
        rows[place] = Row(spans(blocks[place].text), frozenset(), reason)
    return rows


def _no_clauses(blocks: Sequence[Block], start: int, end: int, begun: list[int], heads: list[int]) -> dict[int, str]:
    """Rows that say nothing of a requirement: the heading, once more in each chapter, and who signed below."""
    said, taken = {blocks[place].text for place in heads}, set(begun)
    found = {}
    for place in range(start, end):
        cells = _said(blocks[place])
        if place not in taken and blocks[place].text in said:
            found[place] = "column_head"
        elif place > begun[-1] and len(cells) > 1 and all(SIGNED.match(cell) for cell in cells):
            found[place] = "closing"
    return found


def _heads(blocks: Sequence[Block], start: int, begun: list[int]) -> list[int]:
    """The rows of the heading, one or two; a chapter may stand above it."""
    first = next((place for place in begun if len(_said(blocks[place])) > 1), begun[0])
    low = _head(blocks, start, first)
    if low < 0 or low in begun:
        return []
    is_double = low - 1 not in begun and _head(blocks, low - 1, low) == low - 1 if low > start else False
    return [low - 1, low] if is_double else [low]


def names(blocks: Sequence[Block], start: int, begun: list[int]) -> list[str]:
    """How the columns of a table are called, those of a heading of two rows by both."""
    return _named(blocks, _heads(blocks, start, begun))


def _named(blocks: Sequence[Block], heads: list[int]) -> list[str]:
    lines = [[cell.strip() for cell in blocks[place].text.split("\t")] for place in heads]
    if len(lines) < 2:
        return lines[0] if lines else []
    upper, lower = lines
    names: list[str] = []
    over = ""
    for which in range(max(map(len, lines))):
        above = upper[which] if which < len(upper) else ""
        below = lower[which] if which < len(lower) else ""
        over = above or (over if below else "")  # a merged cell names the columns to its right too
        names.append(f"{over} {below}".strip())
    return names


def _said(block: Block) -> list[str]:
    return [cell.strip() for cell in block.text.split("\t") if cell.strip()]


def _beside(blocks: Sequence[Block], begun: list[int], names: list[str]) -> set[int]:
    """The columns that only stand beside the requirement: named so, or holding marks. The longest never is."""
    said: dict[int, list[str]] = defaultdict(list)
    for place in begun:
        for which, cell in enumerate(blocks[place].text.split("\t")):
            said[which].append(cell.strip())
    length = {which: sum(map(len, cells)) / len(cells) for which, cells in said.items()}
    named = {which for which, name in enumerate(names) if OWN.search(name) and length.get(which, 0) > LONG_MARK}
    named = {which for which in named if not BESIDE.search(names[which])} or named
    longest = max(named or length, key=lambda which: length.get(which, 0))
    found = set()
    for which, cells in said.items():
        name = names[which].strip() if which < len(names) else ""
        is_own = bool(OWN.search(name)) and not BESIDE.search(name)
        is_mark = not any(WORD.search(cell) for cell in cells) or length[which] <= LONG_MARK
        if which != longest and not is_own and (BESIDE.search(name) or (is_mark and bool(names))):
            found.add(which)
    return found


def is_repeated(blocks: Sequence[Block], begun: list[int], which: int) -> bool:
    """A column before the number that says the same in many rows, or says it once for many, names groups."""
    said = [
        cells[which]
        for cells in (blocks[place].text.split("\t") for place in begun)
        if len(cells) > which and cells[which]
    ]
    return len(set(said)) * 2 <= len(begun)


def _head(blocks: Sequence[Block], start: int, first: int) -> int:
    """The row above the first clause whose cells read like names of columns."""
    for place in range(first - 1, max(start - 1, first - 5), -1):
        cells = [cell.strip() for cell in blocks[place].text.split("\t") if cell.strip()]
        named = sum(bool(NUMBER_COLUMN.fullmatch(cell) or OWN.search(cell) or BESIDE.search(cell)) for cell in cells)
        if len(cells) >= 2 and named and all(len(cell) <= 40 for cell in cells):
            return place
    return -1


def spans(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for cell in text.split("\t"):
        found.append((at, at + len(cell)))
        at += len(cell) + 1
    return found
