"""Reading a foreign workbook in a process of its own, with a limit of memory and of time.

A small file can say that its last cell stands at XFD1048576; what a library then does must not take the server down.
What comes back is JSON, never objects of the other process.
"""

import base64
import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from yinuo.kit.sheets import guarding, reading
from yinuo.kit.sheets.definition import Book, Grid, Mark, Unreadable

SECONDS = 60
MEMORY = 1536 * 2**20
HOUSE = Path(__file__).resolve().parents[3]


def read(content: bytes, name: str) -> Book:
    """The workbook in the file; `Unreadable` says why there is none. What is no workbook is told without a process."""
    guarding.kind_of(content, name)
    asked = json.dumps({"name": name, "content": base64.b64encode(content).decode()}).encode()
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(HOUSE)!r}); {START}"]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        said = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Unreadable("too_long", seconds=SECONDS) from None
    except ValueError:  # it died: no memory, or a fault in a library
        raise Unreadable("too_heavy") from None
    if "code" in said:
        raise Unreadable(said["code"], **said["facts"])
    return book_of(said)


START = "from yinuo.kit.sheets import apart; apart.main()"


def main() -> None:
    """The other process: read, and say what was read."""
    _limit_memory()
    asked = json.loads(sys.stdin.buffer.read())
    try:
        book = reading.read(base64.b64decode(asked["content"]), asked["name"])
        said = said_of(book)
    except Unreadable as fault:
        said = {"code": fault.code, "facts": fault.facts}
    except MemoryError:
        said = {"code": "too_heavy", "facts": {}}
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))


def _limit_memory() -> None:
    try:
        import resource  # Windows has none; the limit of time holds there too
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def said_of(book: Book) -> dict[str, Any]:
    return {
        "kind": book.kind,
        "notes": book.notes,
        "grids": [
            {
                "name": grid.name,
                "rows": [[_said(value) for value in row] for row in grid.rows],
                "is_hidden": grid.is_hidden,
                "merged": grid.merged,
                "hidden_rows": sorted(grid.hidden_rows),
                "hidden_columns": sorted(grid.hidden_columns),
                "marks": [
                    [*at, m.comment, m.colour, m.is_struck, m.format, m.ground, m.error] for at, m in grid.marks.items()
                ],
            }
            for grid in book.grids
        ],
    }


def book_of(said: dict[str, Any]) -> Book:
    grids = [
        Grid(
            name=each["name"],
            rows=[[_heard(value) for value in row] for row in each["rows"]],
            is_hidden=each["is_hidden"],
            merged=[(top, left, bottom, right) for top, left, bottom, right in each["merged"]],
            hidden_rows=set(each["hidden_rows"]),
            hidden_columns=set(each["hidden_columns"]),
            marks={(row, column): Mark(*mark) for row, column, *mark in each["marks"]},
        )
        for each in said["grids"]
    ]
    return Book(said["kind"], grids, [(code, facts) for code, facts in said["notes"]])


def _said(value: Any) -> Any:
    """A value in JSON; days and moments in a list of one, as nothing else is."""
    return [value.isoformat()] if isinstance(value, date) else value


def _heard(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return datetime.fromisoformat(value[0]) if len(value[0]) > 10 else date.fromisoformat(value[0])
