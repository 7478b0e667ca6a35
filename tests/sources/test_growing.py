"""Four times the text is four times the work, whatever a document is made of."""

import random
from collections.abc import Callable

import pytest

from tests.sources import growing
from tests.sources.growing import PER_FOURFOLD
from yinuo.sources.definition import Block, Place, Shape
from yinuo.sources.rules import splitting

FEW, MANY = 25, 100  # pieces of a document
PIECES = ("1", "1.", "1.1", "2.", "2.1.3", "a)", "(1)", "（一）", "第一条", "附件一", "Annex A", "A.1", "一、", "", "")
WORDS = ("范围", "The supplier shall.", "见4.2条", "2.5 mm", "职责：", "and 3.1", "。", "ISO 9001", "IV. ")


def lines(*texts: str) -> list[Block]:
    return [Block(text, Place(number)) for number, text in enumerate(texts, 1)]


def chapters(pieces: int) -> list[Block]:
    texts = []
    for chapter in range(1, pieces + 1):
        texts += [f"{chapter} Chapter", *(f"{chapter}.{each} Demand" for each in range(1, 6))]
        texts += ["a) within 10 days per ISO 9001 clause 8.3", "b) 2.5 mm", "见第4.2条；温度为 23.5 ℃。"]
    return lines(*texts)


def lists_in_lists(pieces: int) -> list[Block]:
    """First items of ever other lists, none of which goes on: each could stand inside the one before it."""
    return lines(
        *["The supplier shall report.", "A) drawings", "Evidence:", "一、说明", "（1）样件", "2. more"] * pieces
    )


def at_random(pieces: int) -> list[Block]:
    chance = random.Random(1)
    return lines(*(f"{chance.choice(PIECES)} {chance.choice(WORDS)}{chance.choice(WORDS)}" for _ in range(6 * pieces)))


def documents(pieces: int) -> list[Block]:
    one = ["1.目的", "为了规范。", "2.范围", "适用。", "2.1 职责", "质量部负责。", "", "", "下载"]
    return lines(*(text for each in range(pieces) for text in (("供应商质量管理程序", "变更管理程序")[each % 2], *one)))


def identifiers(pieces: int) -> list[Block]:
    return lines(*(f"REQ-{each} It shall hold.\nsee REQ-{each - 1}, 4.2.1, Annex B" for each in range(6 * pieces)))


def contents(pieces: int) -> list[Block]:
    listed = [f"{each} Topic {each} ........ {each + 3}" for each in range(1, 2 * pieces)]
    said = [text for each in range(1, 2 * pieces) for text in (f"{each} Topic {each}", "Words.", "- a bullet")]
    return lines(*listed, *said)


def headings(pieces: int) -> list[Block]:
    return [
        Block("It shall hold.", Place(each), Shape.PARAGRAPH if each % 4 else Shape.HEADING, level=each % 5 + 1)
        for each in range(6 * pieces)
    ]


def rows(pieces: int) -> list[Block]:
    cells = [("Area", "No.", "Requirement", "Remark")]
    cells += [
        ("A" if not each % 9 else "", f"{each // 9}.{each % 9}", "It shall hold.", "ok") for each in range(4 * pieces)
    ]
    cells += [("Delivery" if not each % 9 else "", "", "It shall hold.", "") for each in range(4 * pieces)]
    return [
        Block("\t".join(row), Place(number, sheet=f"S{number % 2}"), Shape.ROW, cells=row)
        for number, row in enumerate(cells)
    ]


KINDS = (chapters, lists_in_lists, at_random, documents, identifiers, contents, headings, rows)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_work_grows_with_the_text_alone(kind: Callable[[int], list[Block]]) -> None:
    few, many = kind(FEW), kind(MANY)
    splitting.split(few)  # what is kept from one to the next is not counted
    assert growing.calls(lambda: splitting.split(many)) < PER_FOURFOLD * growing.calls(lambda: splitting.split(few))
