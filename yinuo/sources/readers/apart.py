"""Reading and splitting a file in a process of its own, with a limit of memory and of time.

Whatever a file does to a library, the server stays; what comes back is JSON, never objects of the other process.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from yinuo.sources.definition import (
    Block,
    Change,
    Clause,
    Fault,
    Leftover,
    Noise,
    Part,
    Place,
    Reading,
    Remark,
    Shape,
    Split,
    Unreadable,
)
from yinuo.sources.readers import old_word, opening

SECONDS = 180
MEMORY = 2048 * 2**20
HOUSE = Path(__file__).resolve().parents[3]
START = "from yinuo.sources.readers import apart; apart.main()"


def read(content: bytes, name: str) -> tuple[Reading, Split]:
    """What the file says, as blocks and as clauses; `Unreadable` says why there is nothing."""
    if opening.kind_of(content, name) == "doc":
        content, name = old_word.converted(content), f"{name}.docx"  # its program has a process and limit of its own
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(HOUSE)!r}); {START}"]
    asked = json.dumps({"name": name}).encode() + b"\n" + content
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        said = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise Unreadable(Fault.TOO_LONG, str(SECONDS)) from None
    except ValueError:  # it died: no memory, or a fault in a library
        raise Unreadable(Fault.TOO_HEAVY) from None
    if "fault" in said:
        raise Unreadable(Fault(said["fault"]), said["about"])
    return reading_of(said["reading"]), split_of(said["split"])


def main() -> None:
    """The other process: read, split, and say what came of it."""
    from yinuo.sources.rules import splitting  # only the other process splits

    limit_memory()
    head, _, content = sys.stdin.buffer.read().partition(b"\n")
    said: dict[str, Any]
    try:
        reading = opening.read(content, json.loads(head)["name"])
        said = {"reading": asdict(reading), "split": asdict(splitting.split(reading.blocks))}
    except Unreadable as fault:
        said = {"fault": fault.remark.fault, "about": fault.remark.about}
    except (MemoryError, RecursionError):
        said = {"fault": Fault.TOO_HEAVY, "about": ""}
    except Exception:  # whatever broken bytes did to a library: the file is the cause
        said = {"fault": Fault.DAMAGED, "about": ""}
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"))


def limit_memory() -> None:
    """No file may take more than `MEMORY` of this process."""
    try:
        import resource  # does not exist on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def reading_of(said: dict[str, Any]) -> Reading:
    """A reading from its JSON."""
    return Reading(
        format=said["format"],
        blocks=tuple(map(block_of, said["blocks"])),
        noise=tuple((block_of(block), Noise(why)) for block, why in said["noise"]),
        remarks=tuple(Remark(Fault(each["fault"]), each["about"]) for each in said["remarks"]),
        pages=tuple((width, height) for width, height in said["pages"]),
        unread=tuple(said["unread"]),
    )


def block_of(said: dict[str, Any]) -> Block:
    place = said["place"]
    box = None if place["box"] is None else tuple(place["box"])
    return Block(
        **said
        | {
            "place": Place(**place | {"box": box}),
            "shape": Shape(said["shape"]),
            "cells": tuple(said["cells"]),
            "joined": tuple(said["joined"]),
            "changes": tuple(Change(**each) for each in said["changes"]),
        }
    )


def split_of(said: dict[str, Any]) -> Split:
    """A split from its JSON."""
    return Split(
        clauses=tuple(Clause(**each) for each in said["clauses"]),
        leftovers=tuple(Leftover(**each) for each in said["leftovers"]),
        assigned=said["assigned"],
        total=said["total"],
        parts=tuple(Part(**each) for each in said["parts"]),
    )
