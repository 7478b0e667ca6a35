"""Where the table begins in a sheet, and its rows: headings of one or two rows, merged cells spread, 同上 resolved."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from yinuo.kit.sheets.definition import Grid

WITHIN = 30  # rows in which the headings are looked for
SAME = {"同上", "同前", "〃", "″", "''", '"', "ditto", "same as above", "do."}
TOTALS = {"合计", "总计", "小计", "共计", "累计", "total", "subtotal", "grand total", "sum"}
_BRACKETS = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_NOISE = re.compile(r"[\s*＊:：/\\_\-—.·、,，;；'\"“”]+")
_COUNTING = re.compile(r"^(?:序号|编号|no\.?|#|\d+)$", re.IGNORECASE)


def key_of(heading: Any) -> str:
    """A heading without what is no part of its word: width, case, blanks, marks."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", str(heading or "")).lower())


def keys_of(heading: Any) -> list[str]:
    """The keys by which a heading is known: as it stands, without what stands in brackets, line by line."""
    text = unicodedata.normalize("NFKC", str(heading or ""))
    found = [key_of(text), key_of(_BRACKETS.sub("", text)), *(key_of(line) for line in text.splitlines())]
    return list(dict.fromkeys(key for key in found if key))


@dataclass(frozen=True)
class Line:
    """One row of the table: its number in the sheet, and its values by column (from 1)."""

    number: int
    values: dict[int, Any]


@dataclass
class Table:
    """A table in a sheet: headings by column, the rows they stand in, the lines below, and what was passed by."""

    grid: Grid
    heading_rows: tuple[int, ...]
    headings: dict[int, str]
    lines: list[Line] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)  # row, why: empty, total, heading, section

    @property
    def print(self) -> str:
        """What the headings look like, whatever stands below: the next file with the same ones is mapped alike."""
        return "|".join(f"{column}:{key_of(words)}" for column, words in sorted(self.headings.items()))


def found_in(grid: Grid, is_known: Callable[[str], bool]) -> Table | None:
    """The table of a sheet: its headings are the row (or two) with the most words that somebody knows."""
    covered = _spread(grid)
    best: tuple[float, tuple[int, ...], dict[int, str]] | None = None
    for number in range(1, min(WITHIN, len(grid.rows)) + 1):
        for rows in ((number,), (number, number + 1)):
            if rows[-1] > len(grid.rows):
                continue
            headings = _headings(grid, covered, rows)
            score = _score(headings, is_known, len(rows))
            if score > 0 and (best is None or score > best[0]):
                best = (score, rows, headings)
    if best is None:
        return None
    table = Table(grid, best[1], best[2])
    _fill(table, covered)
    return table


def at_rows(grid: Grid, rows: Sequence[int]) -> Table:
    """The table whose headings somebody says stand in these rows."""
    covered = _spread(grid)
    table = Table(grid, tuple(rows), _headings(grid, covered, tuple(rows)))
    _fill(table, covered)
    return table


def headed(grid: Grid, rows: Sequence[int]) -> Table:
    """The same without its lines: what the headings would be."""
    inside = tuple(row for row in rows if 0 < row <= len(grid.rows))
    return Table(grid, inside, _headings(grid, _spread(grid), inside) if inside else {})


def _spread(grid: Grid) -> dict[tuple[int, int], Any]:
    """The value of each cell that a merged one covers."""
    covered: dict[tuple[int, int], Any] = {}
    for top, left, bottom, right in grid.merged:
        if (bottom - top + 1) * (right - left + 1) > 20_000:
            continue
        value = grid.at(top, left)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                covered[row, column] = value
    return covered


def _headings(grid: Grid, covered: dict[tuple[int, int], Any], rows: tuple[int, ...]) -> dict[int, str]:
    width = max(len(grid.rows[row - 1]) for row in rows)
    found: dict[int, str] = {}
    for column in range(1, width + 1):
        words = [str(value) for row in rows if (value := covered.get((row, column), grid.at(row, column))) is not None]
        words = list(dict.fromkeys(words))
        if words and len(words[-1]) <= 60:
            found[column] = "\n".join(words)
    return found


def _score(headings: dict[int, str], is_known: Callable[[str], bool], height: int) -> float:
    """How much a row looks like headings: known words count, and different ones; a second row must earn its place."""
    known = {keys_of(words)[0] for words in headings.values() if keys_of(words) and is_known(words)}
    return len(known) * 10 + 0.1 * min(len(set(headings.values())), 20) - (height - 1) * 2 if known else 0


def _fill(table: Table, covered: dict[tuple[int, int], Any]) -> None:
    grid, last = table.grid, table.heading_rows[-1]
    heading = {column: key_of(words) for column, words in table.headings.items()}
    above: dict[int, Any] = {}
    for number in range(last + 1, len(grid.rows) + 1):
        values = dict(_values(grid, covered, number, table.headings))
        if why := _passed_by(values, heading, grid, number):
            table.skipped.append((number, why))
            continue
        for column, value in values.items():
            if isinstance(value, str) and value.strip().lower() in SAME and above.get(column) is not None:
                values[column] = above[column]
        above.update({column: value for column, value in values.items() if value is not None})
        table.lines.append(Line(number, values))


def _values(
    grid: Grid, covered: dict[tuple[int, int], Any], number: int, headings: dict[int, str]
) -> Iterator[tuple[int, Any]]:
    for column in headings:
        yield column, covered.get((number, column), grid.at(number, column))


def _passed_by(values: dict[int, Any], heading: dict[int, str], grid: Grid, number: int) -> str:
    """Why a row is no row of data; empty when it is one."""
    said = {column: value for column, value in values.items() if value not in (None, "")}
    if not said or all(_COUNTING.match(str(value)) and heading[c] in ("序号", "no") for c, value in said.items()):
        return "empty"
    first = key_of(next(iter(said.values())))
    if first in TOTALS:
        return "total"
    if len(said) > 1 and sum(key_of(v) == heading[c].split("\n")[-1] for c, v in said.items()) > len(said) / 2:
        return "heading"
    is_wide = any(top == number and right - left >= max(2, len(heading) - 2) for top, left, _b, right in grid.merged)
    return "section" if is_wide and len(set(map(str, said.values()))) == 1 else ""
