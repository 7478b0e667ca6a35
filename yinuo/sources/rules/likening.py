"""How alike a text is to what is said of a topic, by single words: what is left when no word of the field stands there.

Weighted as search engines do (BM25): a word that few topics have tells more, one that stands there thrice not thrice as
much. Chinese is taken two characters at a time.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from yinuo.sources.rules import pointing, spotting, words

OFTEN, LONG = 1.2, 0.5  # how fast repeating stops to tell, how much a topic of many words loses
SHORTEST = 4  # letters of a word that tells something
BINDING = frozenset("的了在和与及或应须需由按并其为是对从以之于不得将被至每各该此我所有可能会要")  # they bind words


@cache
def common() -> frozenset[str]:
    """The words of `common.txt`."""
    lines = (pointing.LIBRARY / "proposing" / "common.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(spotting.stem(word) for line in lines if not line.startswith("#") for word in line.split())


@dataclass(frozen=True)
class Likeness:
    """Which topics have a word, and how much it tells of each."""

    postings: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, topics: Mapping[str, Iterable[str]]) -> "Likeness":
        """Topics by name, with the words that are said of them."""
        bags = {
            name: Counter(word for term in terms for word, _at, _end in telling(term)) for name, terms in topics.items()
        }
        among = Counter(word for bag in bags.values() for word in bag)
        usual = sum(bag.total() for bag in bags.values()) / max(len(bags), 1)
        postings: dict[str, dict[str, float]] = defaultdict(dict)
        for name, bag in bags.items():
            room = OFTEN * (1 - LONG + LONG * bag.total() / usual)
            for word, count in bag.items():
                rare = math.log(1 + (len(bags) - among[word] + 0.5) / (among[word] + 0.5))
                postings[word][name] = rare * count * (OFTEN + 1) / (count + room)
        return cls(postings)

    def to(self, text: str) -> dict[str, list[tuple[float, str]]]:
        """The topics a text is like: how much each of its words tells, as printed."""
        found: dict[str, list[tuple[float, str]]] = defaultdict(list)
        seen: set[str] = set()
        for word, start, end in telling(text):
            if word not in seen:
                seen.add(word)
                for name, worth in self.postings.get(word, {}).items():
                    found[name].append((worth, text[start:end]))
        return found


def telling(text: str) -> list[tuple[str, int, int]]:
    """The words of a text that can tell something, and where they stand."""
    found = []
    before: spotting.Piece | None = None
    for piece in spotting.pieces(text):
        is_han = bool(words.IS_CJK.match(piece.word))
        if (
            is_han
            and before is not None
            and words.IS_CJK.match(before.word)
            and not BINDING & {before.word, piece.word}
        ):
            found.append((before.word + piece.word, before.start, piece.end))
        elif not is_han and len(piece.word) >= SHORTEST and not piece.word.isdigit():
            found.append((piece.word, piece.start, piece.end))
        before = piece
    return [each for each in found if each[0] not in common()]
