"""What came with the product of withdrawn documents and renamed companies: `library/withdrawn.yaml`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from yinuo.sources.rules.obsolete import Entry

FILE = Path(__file__).parent.parent / "library" / "withdrawn.yaml"
LISTED = ("designations", "only", "names", "unless")


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """The entries, in the order of the file; what people read of them in Chinese or ("en") in English."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(_entry(each, said["sources"], language) for each in said["entries"])


def _entry(said: dict[str, Any], sources: dict[str, dict[str, str]], language: str) -> Entry:
    values: dict[str, Any] = {key: value for key, value in said.items() if not key.endswith("_en")}
    if language == "en":
        values |= {key.removesuffix("_en"): value for key, value in said.items() if key.endswith("_en")}
    values["source"] = sources[said["source"]]["en" if language == "en" else "zh"]
    read: dict[str, Any] = {
        key: tuple(map(str, value)) if key in LISTED else str(value) for key, value in values.items()
    }
    return Entry(**read)
