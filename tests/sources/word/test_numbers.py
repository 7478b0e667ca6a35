"""Numbers equal those that a word processor shows."""

import json
from pathlib import Path

import pytest

from tests.sources.word import shelf
from yinuo.sources.definition import Block
from yinuo.sources.readers import word
from yinuo.sources.readers.word import numerals

GOLD = Path(__file__).parent / "gold"
# LibreOffice knows neither legal numbers (`w:isLgl`) nor restarts (`w:lvlRestart`); Word shows what the standard says.
BY_THE_STANDARD = {
    "legal": [
        *("Article I.", "Section 1.01", "Section 1.02", "(a)", "(b)", "(i)", "(ii)", "(iii)", "(iv)", "(c)"),
        *("Section 1.03", "Article II.", "Section 2.01", "(a)", "Article III.", "Article IV.", "Section 4.01"),
        "Section 4.02",
    ],
    "restarts": ["1", "1.1", "a)", "R1", "b)", "1.2", "c)", "R2", "2", "2.1", "a)", "R3", "2.2", "b)", "R4"],
}


def lines(blocks: tuple[Block, ...]) -> list[str]:
    """Blocks as a word processor writes them out: each cell a line of its own."""
    said: list[str] = []
    for block in blocks:
        said += block.cells or [f"{block.number} {block.text}".strip()]
    return [" ".join(line.split()) for line in said]


@pytest.mark.parametrize("name", sorted(set(shelf.FILES) - set(BY_THE_STANDARD)))
def test_numbers_are_those_of_libreoffice(name: str) -> None:
    shown = json.loads((GOLD / f"{name}.json").read_text("utf-8"))
    assert lines(word.read(shelf.FILES[name]().content()).blocks) == [" ".join(line.split()) for line in shown]


@pytest.mark.parametrize("name", sorted(BY_THE_STANDARD))
def test_numbers_are_those_of_the_standard(name: str) -> None:
    assert [block.number for block in word.read(shelf.FILES[name]().content()).blocks] == BY_THE_STANDARD[name]


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (10, "chineseCountingThousand", "十"),
        (19, "chineseCountingThousand", "十九"),
        (20, "chineseCountingThousand", "二十"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1001, "chineseCountingThousand", "一千零一"),
        (10010, "chineseCountingThousand", "一万零一十"),
        (101, "chineseCounting", "一○一"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (28, "upperLetter", "BB"),
        (1994, "upperRoman", "MCMXCIV"),
        (22, "ordinal", "22nd"),
        (112, "ordinal", "112th"),
        (21, "cardinalText", "Twenty-one"),
        (21, "decimalEnclosedCircle", "㉑"),
        (12, "decimalFullWidth", "１２"),
        (7, "none", ""),
        (7, "no such format", "7"),
    ],
)
def test_formats(value: int, kind: str, shown: str) -> None:
    assert numerals.written(value, kind) == shown
