"""Where in a file the exported table stands: its headings, columns that were called otherwise, marks that slipped."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from yinuo.kit.sheets import settling
from yinuo.kit.sheets.definition import Book, Grid

KEY, VERSION = "#id", "#version"
WITHIN = 30  # rows in which the headings are looked for
ALIKE = 0.6  # so much of a column must stand as it left, then it is that column whatever it is called
SHIFTED = 3  # rows with another row's mark: so many are no slip of the hand


def table_in(book: Book) -> tuple[Grid, int] | None:
    """The sheet with the hidden keys, and the row of its headings."""
    for grid in book.grids:
        for number, row in enumerate(grid.rows[:WITHIN], 1):
            if any(value == KEY for value in row):
                return grid, number
    return None


def headings(grid: Grid, number: int) -> dict[int, str]:
    """Column → heading."""
    return {at: str(value).strip() for at, value in enumerate(grid.rows[number - 1], 1) if value not in (None, "")}


def placed(found: Mapping[int, str], wanted: Sequence[str]) -> tuple[dict[int, int], list[int]]:
    """Columns of the file that bear an exported heading: file column → place; and those that bear another one."""
    left = defaultdict(list)
    for place, words in enumerate(wanted):
        left[words].append(place)
    known, strange = {}, []
    for at, words in sorted(found.items()):
        if words in (KEY, VERSION):
            continue
        if left.get(words):
            known[at] = left[words].pop(0)
        else:
            strange.append(at)
    return known, strange


def renamed(
    strange: Sequence[int],
    missing: Sequence[int],
    pairs: Iterable[tuple[Sequence[Any], Sequence[str]]],
    kinds: Sequence[str],
) -> dict[int, int]:
    """Columns that hold what left under another heading. `pairs`: (row of the file, the row as it left)."""
    if not strange or not missing:
        return {}
    filled: dict[int, int] = dict.fromkeys(missing, 0)
    alike: dict[tuple[int, int], int] = defaultdict(int)
    for row, base in pairs:
        told: dict[tuple[int, str], str] = {}
        for place in missing:
            if not base[place]:
                continue
            filled[place] += 1
            for at in strange:
                raw = row[at - 1] if at <= len(row) else None
                text = told.setdefault((at, kinds[place]), settling.settled(raw, kinds[place]))
                alike[at, place] += text == base[place]
    rated = sorted(((n / filled[place], at, place) for (at, place), n in alike.items() if n), reverse=True)
    found: dict[int, int] = {}
    for rate, at, place in rated:
        if rate >= ALIKE and at not in found and place not in found.values():
            found[at] = place
    return found


def print_of(values: Iterable[str]) -> bytes:
    return hashlib.blake2b("\x1f".join(values).encode("utf-8", "replace"), digest_size=12).digest()


def is_much_changed(theirs: Sequence[str], base: Sequence[str]) -> bool:
    """Whether a row hardly looks like what left under its mark."""
    filled = [place for place, text in enumerate(base) if text]
    return len(filled) >= 2 and sum(theirs[place] != base[place] for place in filled) * 2 > len(filled)
