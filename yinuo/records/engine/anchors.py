"""The head of the chain, kept in files beside the database: one small file a day, replaced as the head moves.

Whoever empties the end of the trail in the database cannot make these agree. Copying the folder to another machine
(backup, write-once storage) keeps the proof out of reach of this one's administrators too.
"""

import os
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


def write(folder: Path, *, number: int, chain: str, now: datetime) -> None:
    """Note the head of the chain in the file of the day (UTC)."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{now:%Y-%m-%d}.txt"
    passing = target.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
    with passing.open("w", encoding="ascii") as file:
        file.write(f"{number} {chain} {now.isoformat()}\n")
        file.flush()
        os.fsync(file.fileno())
    passing.replace(target)


def read(folder: Path) -> dict[int, str]:
    """All anchors: number of the seal → its chain value. A damaged file gives none."""
    return dict(_each(folder))


def _each(folder: Path) -> Iterator[tuple[int, str]]:
    for path in sorted(folder.glob("????-??-??.txt")):
        parts = path.read_text("ascii", "replace").split()
        if len(parts) == 3 and parts[0].isdigit() and len(parts[1]) == 64:
            yield int(parts[0]), parts[1]
