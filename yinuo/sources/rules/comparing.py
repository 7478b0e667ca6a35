"""Two editions of a document, clause by clause: same, moved, renumbered, reworded, split, merged, new, gone.

Words decide, not numbers: in a new edition every number may have changed, and an old number may mean something else.
The number, the heading above and the neighbours only decide between clauses that say nearly the same. Pure: lists of
clauses in, matches out.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

ALIKE = 0.5  # from here on two texts may be the same clause reworded
ALIKE_IN_PLACE = 0.32  # with the same number and heading less is enough
ALIKE_ELSEWHERE = 0.66  # where neither number nor neighbours agree, the words must say it alone
PART = 0.85  # so much of a shorter text must stand in the longer one for a split or a merge
SHORT = 8  # characters below which words alone say too little
CANDIDATES = 12


# What programs put before the lines of a list; "o" is Word's hollow bullet as a PDF says it.
BULLET = re.compile(r"^[ \t]*(?:[•●○◦▪■□◆◇▶➢➔✓★※·‣⁃*–—-]|o(?=[ \t]))[ \t]*(?=\D)", re.MULTILINE)


class Kind(StrEnum):
    """What became of a clause."""

    SAME = "same"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Said:
    """A clause of one edition as it is compared. `parent` is the key of the clause above, "" at the top."""

    key: str
    number: str
    title: str
    text: str
    parent: str = ""

    @cached_property
    def words(self) -> str:
        """Heading and text without spaces and bullets, in one width and case: how a list is dressed says nothing."""
        said = unicodedata.normalize("NFKC", f"{self.title}\n{self.text}").lower()
        return "".join(BULLET.sub("", said).split())

    @cached_property
    def place(self) -> str:
        """The number without what is only punctuation around it."""
        return re.sub(r"[\s.、．()（）]+$|^[\s(（]+", "", unicodedata.normalize("NFKC", self.number)).lower()


@dataclass(frozen=True)
class Match:
    """One or several clauses of the old edition and what became of them in the new one. `score` is from 0 to 1;
    `values` are the numbers with units that changed, as (old, new), "" where one came or went."""

    kind: Kind
    old: tuple[str, ...]
    new: tuple[str, ...]
    score: float = 1.0
    values: tuple[tuple[str, str], ...] = ()


def compare(old: Sequence[Said], new: Sequence[Said]) -> list[Match]:
    """What became of every clause; each key stands in exactly one match. In the order of the new edition; what is gone
    stands where it stood."""
    pairs = _exact(old, new)
    pairs |= _alike(old, new, pairs)
    parts = _parts(old, new, pairs)
    return _told(old, new, pairs, parts)


# Pairs ----------------------------------------------------------------------------------------------------------------


def _exact(old: Sequence[Said], new: Sequence[Said]) -> dict[int, int]:
    """Clauses that say the very same. Where several do, number and order decide."""
    by_words: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, clauses in enumerate((old, new)):
        for at, each in enumerate(clauses):
            by_words[each.words][side].append(at)
    pairs: dict[int, int] = {}
    unsure: list[tuple[list[int], list[int]]] = []
    for words, (ours, theirs) in by_words.items():
        if not ours or not theirs:
            continue
        if len(ours) == len(theirs) == 1 and len(words) >= SHORT:
            pairs[ours[0]] = theirs[0]
        else:
            unsure.append((ours, theirs))
    for ours, theirs in unsure:
        _settle(old, new, ours, theirs, pairs)
    return pairs


def _settle(
    old: Sequence[Said], new: Sequence[Said], ours: list[int], theirs: list[int], pairs: dict[int, int]
) -> None:
    """Pair those of the same words: first by number under the same heading, then by what stands around them."""
    ranked = sorted(((_around(old, new, a, b, pairs), -abs(a - b), a, b) for a in ours for b in theirs), reverse=True)
    taken = set(pairs.values())
    for around, _near, a, b in ranked:
        if a in pairs or b in taken:
            continue
        if around <= 0 and len(old[a].words) < SHORT and len(ranked) > 1:
            continue
        pairs[a] = b
        taken.add(b)


def _around(old: Sequence[Said], new: Sequence[Said], a: int, b: int, pairs: dict[int, int]) -> float:
    """How well two clauses agree in what is not their words: number, neighbours."""
    said = 0.0
    if old[a].place and old[a].place == new[b].place:
        said += 1.0
    for step in (-1, 1):
        if pairs.get(a + step) == b + step:
            said += 0.6
    if old[a].title and old[a].title == new[b].title:
        said += 0.4
    return said


def _alike(old: Sequence[Said], new: Sequence[Said], pairs: dict[int, int]) -> dict[int, int]:
    """Clauses that say nearly the same, the surest first."""
    ours = [at for at in range(len(old)) if at not in pairs]
    taken = set(pairs.values())
    theirs = [at for at in range(len(new)) if at not in taken]
    ranked = []
    for a, b in _candidates(old, new, ours, theirs):
        score = _score(old[a], new[b])
        around = _around(old, new, a, b, pairs)
        floor = ALIKE_IN_PLACE if around >= 1.4 else ALIKE if around > 0 else ALIKE_ELSEWHERE
        if score >= floor:
            ranked.append((score + 0.08 * around, score, a, b))
    found: dict[int, int] = {}
    for _rank, _sure, a, b in sorted(ranked, reverse=True):
        if a not in found and b not in taken:
            found[a] = b
            taken.add(b)
    return found


def _score(old: Said, new: Said) -> float:
    """How alike two clauses are. A text to which much was added is still the same clause, if all of it is kept."""
    if not old.words or not new.words:
        return 1.0 if old.words == new.words and old.place == new.place else 0.0
    same = Indel.normalized_similarity(old.words, new.words)
    shorter = min(len(old.words), len(new.words))
    if shorter < SHORT:
        return same if same > 0.8 or old.place == new.place else same * 0.6
    longer = max(len(old.words), len(new.words))
    inside = fuzz.partial_ratio(old.words, new.words) / 100
    return max(same, inside * 0.8 if inside > 0.9 and shorter / longer > 0.25 else 0.0)


def _candidates(
    old: Sequence[Said], new: Sequence[Said], ours: Iterable[int], theirs: Sequence[int]
) -> set[tuple[int, int]]:
    """Pairs worth looking at: those that share rare pieces of words, and those at the same number."""
    pieces: dict[str, list[int]] = defaultdict(list)
    places: dict[str, list[int]] = defaultdict(list)
    for at in theirs:
        for piece in _pieces(new[at].words):
            pieces[piece].append(at)
        if new[at].place:
            places[new[at].place].append(at)
    found: set[tuple[int, int]] = set()
    for at in ours:
        shared: Counter[int] = Counter()
        for piece in _pieces(old[at].words):
            members = pieces.get(piece, ())
            if len(members) <= 60:
                for other in members:
                    shared[other] += 1
        found |= {(at, other) for other, _count in shared.most_common(CANDIDATES)}
        found |= {(at, other) for other in places.get(old[at].place, ())[:3]}
    return found


def _pieces(words: str) -> set[str]:
    return {words[at : at + 3] for at in range(max(1, len(words) - 2))} if words else set()


# Splits and merges ----------------------------------------------------------------------------------------------------


def _parts(old: Sequence[Said], new: Sequence[Said], pairs: dict[int, int]) -> list[tuple[Kind, list[int], list[int]]]:
    """Clauses that became several, and several that became one. What takes part in one is no pair of its own."""
    found: list[tuple[Kind, list[int], list[int]]] = []
    back = {b: a for a, b in pairs.items()}
    for kind, whole, pieces, partner in (
        (Kind.SPLIT, old, new, pairs),
        (Kind.MERGED, new, old, back),
    ):
        free = [at for at in range(len(pieces)) if at not in (back if kind is Kind.SPLIT else pairs)]
        for at, each in enumerate(whole):
            if len(each.words) < 2 * SHORT:
                continue
            first = partner.get(at)
            if first is not None and pieces[first].words == each.words:
                continue
            near = [other for other in free if _is_part(pieces[other], each)]
            members = sorted({*near, *([first] if first is not None and _is_part(pieces[first], each, 0.6) else [])})
            if len(members) < 2 or not _make_up([pieces[other] for other in members], each):
                continue
            free = [other for other in free if other not in members]
            group = ([at], members) if kind is Kind.SPLIT else (members, [at])
            found.append((kind, *group))
            for a in group[0]:
                b = pairs.pop(a, None)
                if b is not None:
                    back.pop(b, None)
    return found


def _is_part(piece: Said, whole: Said, floor: float = PART) -> bool:
    """Whether a clause's text stands in a longer one."""
    text = (
        piece.words if len(piece.text) < SHORT else "".join(unicodedata.normalize("NFKC", piece.text).lower().split())
    )
    if len(text) < SHORT or len(text) > len(whole.words) * 0.95:
        return False
    return fuzz.partial_ratio(text, whole.words) >= floor * 100


def _make_up(pieces: Sequence[Said], whole: Said) -> bool:
    """Whether the pieces together are about as long as the whole."""
    length = sum(len(each.words) for each in pieces)
    return 0.6 * len(whole.words) <= length <= 1.6 * len(whole.words) + 12


# What is told ---------------------------------------------------------------------------------------------------------


def _told(
    old: Sequence[Said], new: Sequence[Said], pairs: dict[int, int], parts: list[tuple[Kind, list[int], list[int]]]
) -> list[Match]:
    in_order = _kept_order(pairs)
    parents = {old[a].key: new[b].key for a, b in pairs.items()}
    told: list[tuple[float, int, Match]] = []
    for a, b in pairs.items():
        kind = _kind(old[a], new[b], a in in_order, parents)
        score = 1.0 if kind is not Kind.REWORDED else round(_score(old[a], new[b]), 3)
        values = changed_values(old[a], new[b]) if kind is Kind.REWORDED else ()
        told.append((b, 1, Match(kind, (old[a].key,), (new[b].key,), score, values)))
    for kind, ours, theirs in parts:
        before, after = _joined([old[at] for at in ours]), _joined([new[at] for at in theirs])
        keys = tuple(old[at].key for at in ours), tuple(new[at].key for at in theirs)
        told.append((theirs[0], 1, Match(kind, *keys, round(_score(before, after), 3), changed_values(before, after))))
    used_old = {*pairs, *(at for _kind_, ours, _theirs in parts for at in ours)}
    used_new = {*pairs.values(), *(at for _kind_, _ours, theirs in parts for at in theirs)}
    told += [(at, 1, Match(Kind.NEW, (), (each.key,), 0.0)) for at, each in enumerate(new) if at not in used_new]
    told += [
        (_where(at, pairs), 2, Match(Kind.GONE, (each.key,), (), 0.0))
        for at, each in enumerate(old)
        if at not in used_old
    ]
    return [match for _at, _rank, match in sorted(told, key=lambda each: each[:2])]


def _kind(old: Said, new: Said, is_in_order: bool, parents: dict[str, str]) -> Kind:
    if old.words != new.words:
        return Kind.REWORDED
    is_elsewhere = bool(old.parent or new.parent) and parents.get(old.parent, "") != new.parent
    if old.place == new.place:
        return Kind.SAME if is_in_order else Kind.MOVED
    return Kind.MOVED if not is_in_order or is_elsewhere else Kind.RENUMBERED


def _kept_order(pairs: dict[int, int]) -> set[int]:
    """The old places of the longest run of pairs that keep their order; the others have moved."""
    tails: list[int] = []
    at_tail: list[int] = []
    before: dict[int, int | None] = {}
    for a in sorted(pairs):
        b = pairs[a]
        place = bisect_left(tails, b)
        before[a] = at_tail[place - 1] if place else None
        if place == len(tails):
            tails.append(b)
            at_tail.append(a)
        else:
            tails[place], at_tail[place] = b, a
    kept: set[int] = set()
    at = at_tail[-1] if at_tail else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept


def _where(at: int, pairs: dict[int, int]) -> float:
    """Where something that is gone stood, told in places of the new edition."""
    earlier = [pairs[a] for a in range(at - 1, -1, -1) if a in pairs][:1]
    return earlier[0] if earlier else -1


def _joined(clauses: Sequence[Said]) -> Said:
    return Said("", clauses[0].number, clauses[0].title, "\n".join(f"{each.title}{each.text}" for each in clauses))


# Values ---------------------------------------------------------------------------------------------------------------

UNITS = (
    "个工作日|工作日|个月|小时|分钟|毫米|微米|厘米|千克|公斤|年|月|日|天|周|次|件|级|元|倍|米|克|吨|秒|"
    "working days?|business days?|calendar days?|days?|hours?|weeks?|months?|years?|minutes?|pieces|pcs|"
    "mm|µm|μm|um|cm|km|kg|mg|ml|kpa|mpa|pa|kn|nm|n·m|rpm|ppm|dpmo|v|a|w|kw|hz|khz|mhz|°c|℃|°f|k|%|‰|h|min|s|m|g|n|l"
)
CHINESE = "一二两三四五六七八九十百千"
VALUE = re.compile(
    rf"(?:[≥≤<>±~]\s*)?(?<![A-Za-z0-9_.])[-+]?\d+(?:[.,]\d+)*(?:\s*[-~–/×x:]\s*\d+(?:[.,]\d+)*)*\s*(?:(?:{UNITS})(?![a-z]))?"
    rf"|[{CHINESE}]+(?:{'|'.join(UNITS.split('|')[:23])})"
    r"|(?:level|等级|级别|class|grade)\s*[a-z0-9]+",
    re.IGNORECASE,
)
WORDS = {
    **{word: str(at) for at, word in enumerate(("one", "two", "three", "four", "five", "six", "seven"), 1)},
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "twelve": "12",
    "fifteen": "15",
    "twenty": "20",
    "thirty": "30",
}
SPELLED = re.compile(rf"\b({'|'.join(WORDS)})\b(?=[\s-]+(?:{UNITS}))", re.IGNORECASE)


def values_in(text: str) -> list[str]:
    """The numbers of a text with their units and limits, in order: "≥ 1.67", "15 年", "level 3"."""
    said = unicodedata.normalize("NFKC", text)
    said = SPELLED.sub(lambda found: WORDS[found[1].lower()], said)
    return [" ".join(found[0].split()) for found in VALUE.finditer(said)]


def changed_values(old: Said, new: Said) -> tuple[tuple[str, str], ...]:
    """The values that are not in both texts, paired in their order."""
    before, after = values_in(f"{old.title}\n{old.text}"), values_in(f"{new.title}\n{new.text}")
    left, right = Counter(map(_plain, before)), Counter(map(_plain, after))
    gone, came = left - right, right - left
    lost, won = _those(before, gone), _those(after, came)
    longer = max(len(lost), len(won))
    return tuple(zip([*lost, *[""] * (longer - len(lost))], [*won, *[""] * (longer - len(won))], strict=True))


def _plain(value: str) -> str:
    return "".join(value.lower().split())


def _those(values: Sequence[str], wanted: Counter[str]) -> list[str]:
    left = Counter(wanted)
    found = []
    for value in values:
        if left[_plain(value)] > 0:
            left[_plain(value)] -= 1
            found.append(value)
    return found


# Differences in words -------------------------------------------------------------------------------------------------

TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-zÀ-ÿ]+|\s+|.", re.DOTALL)


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """The new text beside the old, piece by piece: ("same" | "out" | "in", words). A number is one piece."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    pieces: list[tuple[str, str]] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(before[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(("out", "".join(before[a1:a2])))
        if b2 > b1:
            pieces.append(("in", "".join(after[b1:b2])))
    return pieces
