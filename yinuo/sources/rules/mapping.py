"""Where in IATF 16949:2016 a customer's clause belongs, and by which of its words.

A number of the standard in the clause counts most; then the clause's own number, when it is one of the standard's and
what the clause says fits (many customers number after the standard); then the words of the field that speak for a
clause's topic (`library/proposing/topics.yaml`): a title's more than the text's, rare and long ones more than others.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import yaml

from yinuo.sources.rules import likening, pointing, spotting

_SUPPLEMENT = re.compile(r"\s*(?:—+|-)\s*(?:supplemental|补充)$")
MOST = 5
OWN, NEAR, BOTH = 1.0, 0.35, 1.15  # what a word that says the topic weighs, one that speaks for it, two together
TITLE, TEXT, HEADING, ABOVE = 2.2, 1.0, 0.9, 0.4
GENERAL = 0.8  # of a clause of which the standard has narrower ones
CITED, NUMBERED = 0.97, 0.9
ALIKE, ALIKE_MOST = 0.04, 0.3  # what likeness by single words weighs, and at most
LISTED = 0.7  # one thing of a list of many
INSIDE = 0.5  # a word of two together that is a part of a longer word
EVEN, STEEP = 0.42, 11  # where a proposal is as often right as wrong, and how fast it gets surer
LEAST, BESIDE = 0.03, 0.1  # what is proposed at all, and beside a better one


@dataclass(frozen=True)
class Target:
    """A clause of the standard that is proposed; `because` are words of the customer's clause, `score` 0 to 1."""

    number: str
    score: float
    because: tuple[str, ...]


class _Sign(NamedTuple):
    """What one or two words say: which clause, how strongly."""

    number: str
    weight: float
    other: str  # the word that must stand beside it


class _Topics(NamedTuple):
    """The words of `topics.yaml` by what they speak for, and those of its groups."""

    vocabulary: spotting.Vocabulary
    signs: dict[str, list[_Sign]]
    groups: dict[str, str]
    likeness: likening.Likeness


@cache
def _topics() -> _Topics:
    """What stands in `topics.yaml`."""
    said = yaml.safe_load((pointing.LIBRARY / "proposing" / "topics.yaml").read_text(encoding="utf-8"))
    groups = {spotting.key_of(term): name for name, terms in said["groups"].items() for term in _entries(terms)}
    terms = [term for group in said["groups"].values() for term in _entries(group)]
    signs: dict[str, dict[tuple[str, str], _Sign]] = defaultdict(dict)
    for number, kinds in said["topics"].items():
        for kind, weight in (("near", NEAR), ("own", OWN)):
            for entry in _entries(kinds.get(kind, "")):
                first, _plus, other = (part.strip() for part in entry.partition(" + "))
                terms += [first, other]
                key, second = _key(first), _key(other)
                signs[key][number, second] = _Sign(number, BOTH if other else weight, second)
    about: dict[str, list[str]] = {
        number: [part for kind in kinds.values() for part in re.split(r", | \+ ", kind)]
        for number, kinds in said["topics"].items()
    }
    for number, title in _titles():
        terms.append(title)
        about.setdefault(number, []).append(title)
        signs[_key(title)].setdefault((number, ""), _Sign(number, OWN, ""))
    return _Topics(spotting.Vocabulary.of(terms), _weighed(signs), groups, likening.Likeness.of(about))


def _titles() -> Iterator[tuple[str, str]]:
    """The standard's short titles that say something by themselves: not 总则, General."""
    for number, titles in pointing.titles().items():
        for title in titles:
            bare = _SUPPLEMENT.sub("", title)
            if len(spotting.row_of(bare)) > (1 if bare.isascii() else 2):
                yield number, bare


def _entries(said: str) -> list[str]:
    return [entry for entry in (each.strip() for each in said.split(",")) if entry]


def _key(term: str) -> str:
    return term if term.startswith("(") else spotting.key_of(term)


def _weighed(signs: dict[str, dict[tuple[str, str], _Sign]]) -> dict[str, list[_Sign]]:
    """Signs with their weight: less for a word that speaks for many clauses, more for a long one."""
    found = {}
    for key, by_number in signs.items():
        many = len({sign.number for sign in by_number.values() if not sign.other})
        rare = 1 / (1 + math.log(many)) if many else 1.0
        long = min(1 + 0.12 * key.count(" "), 1.6)
        found[key] = [
            sign._replace(weight=sign.weight * (1.0 if sign.other else rare * long)) for sign in by_number.values()
        ]
    return found


def propose(number: str, title: str, text: str, headings: Sequence[str] = ()) -> list[Target]:
    """Up to five clauses of the standard, the likeliest first."""
    return list(_proposed(number, title, text, tuple(headings)))


@lru_cache(maxsize=256)  # what a clause is to us is asked beside where it belongs
def _proposed(number: str, title: str, text: str, headings: tuple[str, ...]) -> tuple[Target, ...]:
    weights, reasons = _spoken_for(title, text, headings)
    scores = {target: _score(weight, weights) for target, weight in weights.items()}
    own = pointing.own(number)
    if own and own in weights:
        scores[own] = max(scores[own], NUMBERED + 0.05 * scores[own])
        reasons[own].insert(0, number.strip())
    for place in (title, text, *headings[-1:]):
        for each in pointing.pointed(place):
            scores[each.number] = CITED
            reasons[each.number].insert(0, each.said)
    best = sorted(scores, key=lambda each: (-scores[each], _order(each)))[:MOST]
    least = max(LEAST, BESIDE * scores[best[0]]) if best else LEAST
    return tuple(
        Target(each, round(scores[each], 3), tuple(dict.fromkeys(reasons[each]))[:4])
        for each in best
        if scores[each] >= least
    )


def _order(number: str) -> tuple[int, ...]:
    return tuple(int(part) for part in number.split("."))


def _score(weight: float, weights: dict[str, float]) -> float:
    """How likely a clause is: how much speaks for it, and how much more than for the others."""
    others = sum(sorted(weights.values(), reverse=True)[:4]) or 1.0
    seen = weight / (weight + 0.9) * (0.45 + 0.55 * weight / others)
    return 0.95 / (1 + math.exp(-STEEP * (0.9 * seen - EVEN)))


class _Word(NamedTuple):
    """A word of the field in a clause: where, how much its place weighs, as it is printed."""

    term: str
    place: int
    sentence: int
    weight: float
    printed: str
    is_inside: bool
    is_listed: bool


def _words(title: str, text: str, headings: Sequence[str]) -> list[_Word]:
    """The words of the field in a clause: its title is place 0, its text place 1."""
    vocabulary, _signs, groups, _likeness = _topics()
    places = [(title, TITLE), (text, TEXT)]
    places += [(heading, HEADING if at == len(headings) - 1 else ABOVE) for at, heading in enumerate(headings)]
    found = [
        _Word(
            each.term, at, each.sentence, weight, place[each.start : each.end], each.is_inside, _is_listed(place, each)
        )
        for at, (place, weight) in enumerate(places)
        for each in vocabulary.spot(place)
    ]
    is_us = any(groups.get(word.term) == "us" for word in found)
    subs = {"sub", "maker"} if is_us else {"sub"}
    return found + [word._replace(term="(sub)") for word in found if groups.get(word.term) in subs]


def _is_listed(place: str, found: spotting.Found) -> bool:
    """Whether a word is one of several that stand side by side: 召回、投诉、报废."""
    return place[max(found.start - 2, 0) : found.start].strip().endswith("、") or place.startswith("、", found.end)


def _spoken_for(title: str, text: str, headings: Sequence[str]) -> tuple[dict[str, float], dict[str, list[str]]]:
    """What speaks for each clause of the standard, and the words that say it, the weightiest first."""
    said: dict[str, dict[str, tuple[float, str]]] = defaultdict(dict)
    found, signs = _words(title, text, headings), _topics().signs
    beside = {(word.term, word.place, word.sentence) for word in found}
    in_titles = {word.term for word in found if word.place != 1}
    count: Counter[str] = Counter()
    for word in found:
        count[word.term] += 1
        for sign in signs.get(word.term, ()):
            if sign.other:
                is_said = sign.other in in_titles or (sign.other, word.place, word.sentence) in beside
            else:
                is_said = not word.is_inside
            worth = sign.weight * word.weight * (1 + 0.35 * math.log(count[word.term]))
            worth *= INSIDE if word.is_inside else LISTED if word.is_listed else 1.0
            key = f"{word.term} + {sign.other}"
            if is_said and worth > said[sign.number].get(key, (0.0, ""))[0]:
                said[sign.number][key] = (worth, word.printed)
    for at, place in enumerate((title, text)):
        for number, words in _topics().likeness.to(place).items():
            alike = min(ALIKE * sum(worth for worth, _word in words), ALIKE_MOST)
            said[number][f"{at} ="] = (alike, max(words)[1])
    weights = {
        each: sum(worth for worth, _word in reasons.values()) * (GENERAL if _has_narrower(each) else 1.0)
        for each, reasons in said.items()
        if reasons
    }
    reasons = {each: [word for _worth, word in sorted(found.values(), reverse=True)] for each, found in said.items()}
    return weights, defaultdict(list, reasons)


@cache
def _has_narrower(number: str) -> bool:
    return any(other.startswith(number + ".") for other in pointing.titles())
