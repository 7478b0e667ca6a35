"""The table of plugs in `docs/house.md` says what is plugged in; run with UPDATE_DOCS=1 to write it."""

import os

from tests.house import tree
from yinuo.kit import plugs

MARK = "<!-- plugs: written by tests/house/test_plugs.py -->\n"
BOARDS = [
    plugs.effects, plugs.facts, plugs.finders, plugs.field_kinds, plugs.panels, plugs.index_sources,
    plugs.events, plugs.jobs, plugs.attachables, plugs.guards, plugs.duties, plugs.undos, plugs.schedules,
    plugs.menu, plugs.views, plugs.bulk, plugs.importables, plugs.beside, plugs.enclosures,
    plugs.letterheads, plugs.texts,
]  # fmt: skip


def table() -> str:
    lines = ["| board | what it is | plugged in |", "|---|---|---|"]
    for board in BOARDS:
        names = ", ".join(f"`{name}`" for name in board.names()) or "–"
        lines.append(f"| {board.noun} | {board.meaning.replace('|', '/')} | {names} |")
    return "\n".join(lines) + "\n"


def test_the_floor_plan_lists_what_is_plugged_in() -> None:
    path = tree.ROOT / "docs" / "house.md"
    before, _, said = path.read_text().partition(MARK)
    if os.environ.get("UPDATE_DOCS") == "1":
        path.write_text(before + MARK + table())
        said = table()
    assert said == table()
