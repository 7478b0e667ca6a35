"""Read every message in folders of mails and count what came out: `python -m tests.letters.reading.sweep FOLDER …`."""

import sys
import sysconfig
import time
from collections import Counter
from pathlib import Path

from yinuo.letters.readers import mail

PYTHONS_OWN = next(
    (
        folder
        for stdlib in (sysconfig.get_path("stdlib"), *sorted(map(str, Path("/usr/lib").glob("python3.*"))))
        if (folder := Path(stdlib) / "test" / "test_email" / "data").is_dir()
    ),
    None,
)
ENDINGS = {".eml", ".msg", ".txt", ".mbox"}


def sweep(files: list[Path]) -> tuple[Counter[str], list[str]]:
    """Outcomes by kind and fault, and the files of which nothing came: neither words nor files nor a sentence why."""
    outcomes: Counter[str] = Counter()
    empty = []
    for path in files:
        began = time.monotonic()
        it = mail.read(path.read_bytes())
        outcomes["read"] += 1
        outcomes[f"kind {it.kind}"] += 1
        outcomes.update(f"remark {remark.fault}" for remark in it.remarks)
        outcomes["forwarded"] += bool(it.originals)
        outcomes["files"] += len(it.files)
        outcomes["slow"] += time.monotonic() - began > 2
        if not (it.text or it.files or it.remarks):
            empty.append(path.name)
    return outcomes, empty


def main(folders: list[str]) -> None:
    files = [path for folder in folders for path in sorted(Path(folder).rglob("*")) if path.suffix.lower() in ENDINGS]
    outcomes, empty = sweep(files)
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:6d}  {outcome}")
    print(f"{len(empty):6d}  without a word", *empty)


if __name__ == "__main__":
    main(sys.argv[1:])
