"""Setting a paper in a process of its own, with a limit of memory and of time.

The process sees one folder: template, data, logo, pictures. typst opens nothing outside it, no package is at hand, and
fonts of the machine are left out, so that a paper is the same everywhere: the same content, the same bytes.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from yinuo.kit.paper import writing
from yinuo.kit.paper.definition import CannotPrint, Paper, Table

SECONDS = 60
MEMORY = 3 * 2**30  # of addresses, fonts and threads included
MOST = 64 * 2**20  # bytes of a file that comes out
MOST_TAGGED = 500  # rows that are told to screen readers as a table; the tags take five times the room of the rows
HERE = Path(__file__).resolve().parent
HOUSE = HERE.parents[2]
FONTS = HOUSE / "assets" / "fonts"
FONT_FILES = ("NotoSansHans-Regular.otf", "NotoSansHans-Bold.otf")
SCALE = 2.0  # points of a picture to its pixels: sharp on any screen


def pdf(paper: Paper) -> bytes:
    """The paper as PDF; `CannotPrint` when nothing came of it."""
    told, files = writing.of(paper)
    rows = sum(len(block.rows) for block in paper.blocks if isinstance(block, Table))
    return _set("paper.typ", told, files, "pdf" if rows <= MOST_TAGGED else "plain pdf")


def first_page(paper: Paper) -> bytes:
    """The first page as PNG, to be looked at."""
    told, files = writing.of(paper)
    return _set("paper.typ", {**told, "is_first_only": True}, files, "png")


def picture(svg: str, *, width: float) -> bytes:
    """A drawing as PNG, for programs that show no SVG: `width` points wide, as high as it is."""
    return _set("picture.typ", {"width": width}, {"picture.svg": svg.encode()}, "png")


def _set(template: str, told: Mapping[str, Any], files: Mapping[str, bytes], kind: str) -> bytes:
    if not all(FONTS.joinpath(name).is_file() for name in FONT_FILES):
        raise CannotPrint("no_fonts")
    with tempfile.TemporaryDirectory(prefix="yinuo-paper-") as folder:
        room = Path(folder)
        for name, content in files.items():
            room.joinpath(name).write_bytes(content)
        room.joinpath("told.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        room.joinpath("main.typ").write_bytes(HERE.joinpath(template).read_bytes())
        start = f"import sys; sys.path.insert(0, {str(HOUSE)!r}); from yinuo.kit.paper import apart; apart.main()"
        command = [sys.executable, "-I", "-c", start, folder, kind, str(MEMORY)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise CannotPrint("too_long") from None
    if done.returncode or not done.stdout or len(done.stdout) > MOST:
        raise CannotPrint("too_heavy" if done.returncode < 0 or not done.stderr else "failed") from RuntimeError(
            done.stderr.decode("utf-8", "replace")[-2000:]
        )
    return done.stdout


def main() -> None:
    """The other process: set what lies in the folder, and hand it over."""
    folder, kind, memory = sys.argv[1:4]
    _limit_memory(int(memory))
    import typst  # only here: the server never loads it

    form: Literal["pdf", "png"] = "png" if kind == "png" else "pdf"
    found = typst.compile(
        str(Path(folder) / "main.typ"),
        root=folder,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        package_path=str(Path(folder) / "none"),
        package_cache_path=str(Path(folder) / "none"),
        format=form,
        ppi=72 * SCALE if form == "png" else None,
        pdf_tags=kind == "pdf",
    )
    sys.stdout.buffer.write(found[0] if isinstance(found, list) else found)


def _limit_memory(most: int) -> None:
    try:
        import resource  # Windows has none; the limit of time holds there too
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
