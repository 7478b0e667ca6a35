"""The templates that came with the product: kind → language → subject line and words."""

from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent.parent / "library" / "templates.yaml"


@cache
def templates() -> dict[tuple[str, str], tuple[str, str]]:
    """Subject line and words, by kind and language."""
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {
        (kind, language): (words["heading"], words["text"].rstrip())
        for kind, languages in said.items()
        for language, words in languages.items()
    }
