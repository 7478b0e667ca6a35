"""What the hot pages cost at several sizes, and how that grows.

    python -m tests.bench.pages --sizes 10000,100000 --database sqlite
    python -m tests.bench.pages --sizes 10000,100000,1000000 --database postgres://user@host/name

On SQLite what is not there yet is loaded first (`tests.bench.loading`). All sizes and pages are fetched in turn, round
after round, so that a noisy moment of the machine meets all of them. Growth compares the fastest of each size, as
noise only ever adds. Prints Markdown.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections import defaultdict
from typing import Any

from tests.bench import run


class Side:
    """The process that serves one size."""

    def __init__(self, database: str, size: int) -> None:
        command = [sys.executable, "-m", "tests.bench.run", database, "serving", str(size)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pages: list[str] = self._answer()
        self.times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.looks: dict[str, dict[str, float]] = {}

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the serving process has ended")
        return json.loads(line)

    def ask(self, act: str, page: str) -> dict[str, float]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps([act, page]) + "\n")
        self.process.stdin.flush()
        found: dict[str, float] = self._answer()
        return found

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def measure(sides: list[Side], repeats: int) -> None:
    """Fetch every page of every size `repeats` times, in turn, after one round that warms up."""
    for side in sides:
        for page in side.pages:
            side.ask("get", page)
            side.looks[page] = side.ask("look", page)
            side.ask("bare", page)
    for _round in range(repeats):
        for page in sides[0].pages:
            for side in sides:
                cost = side.ask("get", page)
                side.times[page]["ms"].append(cost["ms"])
                side.times[page]["cpu"].append(cost["cpu"])
                side.times[page]["bare"].append(side.ask("bare", page)["ms"])


def table(sides: list[Side], sizes: list[int]) -> str:
    """The figures as Markdown: one row per page and size."""
    lines = [
        "| page | cases | median ms | p95 ms | CPU ms | least CPU ms | queries | its SQL alone ms | KB | growth |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for page in sides[0].pages:
        before = 0.0  # the fastest of the size before: the other sizes met other noise
        for side, size in zip(sides, sizes, strict=True):
            times, look = side.times[page], side.looks[page]
            median = statistics.median(times["ms"])
            p95 = statistics.quantiles(times["ms"], n=20)[-1]
            cpu, bare = statistics.median(times["cpu"]), statistics.median(times["bare"])
            least = min(times["cpu"])
            fastest = min(times["ms"])
            growth = f"×{fastest / before:.2f}" if before else ""
            lines.append(
                f"| {page} | {size:,} | {median:.1f} | {p95:.1f} | {cpu:.1f} | {least:.1f} | {look['queries']} "
                f"| {bare:.2f} | {look['bytes'] // 1024} | {growth} |"
            )
            before = fastest
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("--repeats", type=int, default=40)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    for size in sizes:
        if arguments.database == "sqlite" and not os.path.exists(
            run.address("sqlite", str(size)).removeprefix("sqlite:///")
        ):
            subprocess.run([sys.executable, "-m", "tests.bench.run", "sqlite", "loading", str(size)], check=True)
    sides = [Side(arguments.database, size) for size in sizes]
    measure(sides, arguments.repeats)
    print(table(sides, sizes))
    for side in sides:
        side.close()


if __name__ == "__main__":
    main()
