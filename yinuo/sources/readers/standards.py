"""A list of a standard's clauses out of YAML or a workbook, and the lists that come with the product.

YAML says all of itself. In a workbook the sheet with clause numbers and titles is found by its headings, the sheet with
old and new numbers is the crosswalk; number and edition of the standard are said beside it.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yinuo.kit.sheets import apart
from yinuo.kit.sheets.definition import Grid, Unreadable, address
from yinuo.sources.rules import standards as rules
from yinuo.sources.rules.comparing import Kind
from yinuo.sources.rules.standards import Entry, Given, Line

LIBRARY = Path(__file__).resolve().parents[1] / "library"
USUAL = ("iatf-16949-2016", "iso-9001-2015")  # what every company begins with
MOST_BYTES = 4 * 2**20
DEEPEST = 40  # rows in which a heading is looked for


@cache
def _columns() -> tuple[dict[str, str], dict[str, str]]:
    """What a heading means, and what became of a clause, by the words that people write."""
    kept = yaml.safe_load((LIBRARY / "columns.yaml").read_text("utf-8"))
    headings, kinds = (
        {str(word): name for name, words in kept[part].items() for word in words} for part in ("headings", "kinds")
    )
    return headings, kinds


def supplied() -> dict[str, Given]:
    """The lists that come with the product, by the name of their file."""
    names = [path.stem for path in LIBRARY.glob("*.yaml") if path.read_text("utf-8").find("\nclauses:") > 0]
    return {name: read_supplied(name) for name in sorted(names, key=lambda name: read_supplied(name).dated_on)}


@cache
def read_supplied(name: str) -> Given:
    """One of them, with the crosswalk to it, if there is one."""
    given = _given(yaml.safe_load(content_of(name)))
    crosswalk = LIBRARY / "crosswalks" / f"{name}.yaml"
    if not crosswalk.exists():
        return given
    kept = yaml.safe_load(crosswalk.read_text("utf-8"))
    lines = tuple(_line(each, at) for at, each in enumerate(kept["rows"], 1))
    return rules.heard(
        rules.said(given) | {"follows": str(kept["from"]), "sources": [str(each) for each in kept["sources"]]}
        | {"crosswalk": [[list(each.old), list(each.new), each.kind, each.at] for each in lines]}
    )  # fmt: skip


def content_of(name: str) -> bytes:
    """The bytes of a supplied list."""
    return (LIBRARY / f"{name}.yaml").read_bytes()


def read(content: bytes, name: str, said: dict[str, str]) -> Given:
    """The list in a file that somebody brings; `said` is what they say beside it. `Unreadable`: there is none."""
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large", limit=MOST_BYTES // 2**20)
    if name.lower().endswith((".yaml", ".yml")):
        return _with(_from_yaml(content), said)
    book = apart.read(content, name)
    clauses, lines = [], []
    for grid in book.grids:
        found = _heading(grid)
        if found is None:
            continue
        row, columns = found
        if "old" in columns and "new" in columns:
            lines += _lines(grid, row, columns)
        elif "number" in columns and ("zh" in columns or "en" in columns):
            clauses += _entries(grid, row, columns)
    if not clauses:
        raise Unreadable("no_heading")
    return _with(Given("", "", clauses=tuple(clauses), crosswalk=tuple(lines)), said)


def _with(given: Given, beside: dict[str, str]) -> Given:
    """What was said beside a file holds before what the file says."""
    return rules.heard(rules.said(given) | {key: value for key, value in beside.items() if value})


# YAML -----------------------------------------------------------------------------------------------------------------


def _from_yaml(content: bytes) -> Given:
    try:
        if content.count(b"&") and re.search(rb"(?m)[:\-\[,]\s*\*\w", content):
            raise Unreadable("aliases")  # a few lines of them can stand for gigabytes
        kept = yaml.safe_load(content.decode("utf-8-sig"))
        if not isinstance(kept, dict) or not isinstance(kept.get("clauses"), list):
            raise Unreadable("no_heading")
        return _given(kept)
    except UnicodeDecodeError:
        raise Unreadable("no_utf8") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable("no_yaml", line=mark.line + 1 if mark else 1) from None
    except (TypeError, AttributeError, KeyError):
        raise Unreadable("no_heading") from None


def _given(kept: dict[str, Any]) -> Given:
    titles = kept.get("title") or {}
    titles = titles if isinstance(titles, dict) else {"zh": titles}
    crosswalk = kept.get("crosswalk") or {}
    rows = crosswalk.get("rows", []) if isinstance(crosswalk, dict) else crosswalk
    day = kept.get("dated_on") or ""
    return Given(
        number=rules.tidy(kept.get("number")),
        edition=rules.title_of(kept.get("edition")),
        zh=rules.title_of(titles.get("zh")),
        en=rules.title_of(titles.get("en")),
        dated_on=day.isoformat() if isinstance(day, date) else rules.tidy(day),
        follows=rules.title_of((isinstance(crosswalk, dict) and crosswalk.get("from")) or kept.get("follows")),
        clauses=tuple(_entry(each, at) for at, each in enumerate(kept["clauses"], 1)),
        crosswalk=tuple(_line(each, at) for at, each in enumerate(rows, 1)),
        sources=tuple(rules.title_of(each) for each in (crosswalk.get("sources", []) if rows and crosswalk else [])),
    )


def _entry(said: dict[str, Any], at: int) -> Entry:
    return Entry(
        rules.tidy(said.get("number")), rules.title_of(said.get("zh")), rules.title_of(said.get("en")),
        rules.tidy(said.get("of")), bool(said.get("untitled")), f"clauses[{at}]",
    )  # fmt: skip


def _line(said: dict[str, Any], at: int) -> Line:
    return Line(_numbers(said.get("old")), _numbers(said.get("new")), _kind(said.get("kind")), f"crosswalk[{at}]")


# Workbooks ------------------------------------------------------------------------------------------------------------


def _heading(grid: Grid) -> tuple[int, dict[str, int]] | None:
    """The row with the headings, and in which column what stands."""
    for at, cells in enumerate(grid.rows[:DEEPEST], 1):
        columns: dict[str, int] = {}
        for place, value in enumerate(cells, 1):
            word = re.sub(r"[\s_]+", "", rules.tidy(value)).lower()
            name = _columns()[0].get(word)
            if name:
                columns.setdefault(name, place)
        if len(columns) > 1:
            return at, columns
    return None


def _entries(grid: Grid, heading: int, columns: dict[str, int]) -> list[Entry]:
    found = []
    for row in range(heading + 1, len(grid.rows) + 1):
        said = {name: grid.at(row, column) for name, column in columns.items()}
        if any(value not in (None, "") for value in said.values()):
            at = f"{grid.name}!{address(row, columns['number'])}"
            zh, en = rules.title_of(said.get("zh")), rules.title_of(said.get("en"))
            found.append(Entry(rules.tidy(said["number"]), zh, en, rules.tidy(said.get("of")), at=at))
    return found


def _lines(grid: Grid, heading: int, columns: dict[str, int]) -> list[Line]:
    found = []
    for row in range(heading + 1, len(grid.rows) + 1):
        said = {name: grid.at(row, column) for name, column in columns.items()}
        if any(value not in (None, "") for value in said.values()):
            at = f"{grid.name}!{address(row, columns['old'])}"
            found.append(Line(_numbers(said["old"]), _numbers(said["new"]), _kind(said.get("kind")), at))
    return found


def _numbers(value: Any) -> tuple[str, ...]:
    """One or several clause numbers of a cell."""
    if isinstance(value, list):
        return tuple(number for each in value if (number := rules.tidy(each)))
    text = "" if value is None else str(value)
    return tuple(
        number for each in re.split(r"[,，、;；\n]+", text) if (number := rules.tidy(each)) not in ("", "-", "–", "—")
    )


def _kind(value: Any) -> str:
    """What became of a clause, in the words of the field; a word that is none stays, to be named."""
    word = rules.tidy(value).lower()
    return Kind.GONE if word.startswith("删") else _columns()[1].get(word, word)
