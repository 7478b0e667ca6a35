"""How many requests a second several people register at once, each through the web form.

    python -m tests.bench.creating --size 100000 --database postgres://user@host/name

Each client is a process of its own that goes through the whole product (form, rules, number without gaps, procedure,
trail, index, messages), against one loaded database. What they register stays in it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="10000")
    parser.add_argument("--database", required=True)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--count", type=int, default=50)
    arguments = parser.parse_args()
    run = [sys.executable, "-m", "tests.bench.run", arguments.database, "opening", arguments.size]
    clients = [
        subprocess.Popen(
            [*run, str(number), str(arguments.count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for number in range(arguments.clients)
    ]
    for client in clients:
        assert client.stdout is not None
        assert json.loads(client.stdout.readline()) == "ready"
    began = time.monotonic()
    for client in clients:
        assert client.stdin is not None
        client.stdin.write("go\n")
        client.stdin.flush()
    took: list[float] = []
    for client in clients:
        assert client.stdout is not None
        took += json.loads(client.stdout.readline())["ms"]
    seconds = time.monotonic() - began
    print("| clients | cases in the database | registered | cases/s | median ms | p95 ms |")
    print("|---|---|---|---|---|---|")
    print(
        f"| {arguments.clients} | {int(arguments.size):,} | {len(took)} | {len(took) / seconds:.1f} "
        f"| {statistics.median(took):.0f} | {statistics.quantiles(took, n=20)[-1]:.0f} |"
    )


if __name__ == "__main__":
    main()
