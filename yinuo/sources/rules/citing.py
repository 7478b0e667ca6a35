"""The documents that a text names: standards, handbooks, customers' norms, laws, titles, annexes of the very document.

`find` gives each once per place, with its designation in one spelling, the edition that is said beside it, and the
words as printed. Numbers of clauses and parts, days and telephone numbers name no document.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yinuo.sources.rules import designations, editions, numbers, titled, words
from yinuo.sources.rules.designations import Kind

EDITION = "2"  # of these rules: whoever keeps what was found finds it anew with a later one

ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s，。；、）》]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.IGNORECASE
)
DASHES = {0x2010: 0x2D, 0x2011: 0x2D, 0x2012: 0x2D, 0x2013: 0x2D, 0x2014: 0x2D, 0x2212: 0x2D, 0xA: 0x20}
GOES_ON = re.compile(
    r"\s?(?:[/、,&]|and|und|和|及|与|或|or)\s?(?P<n>\d{4,5}(?:-\d{1,3}(?!\d))?)(?![\dA-Za-z.%年])", re.IGNORECASE
)
A_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
PART_ON = re.compile(  # VDA 6.1-6.7, GB/T 31467.1～31467.3, VDA 6.3/6.5: the other parts, each with its head
    r"\s?(?:[-~/、,&]|至|到|和|及|与|或|bis|to|through|and|und|or)\s?(?P<n>\d{1,5}\.\d{1,2})(?![\d.A-Za-z%])",
    re.IGNORECASE,
)

BEFORE = 40  # characters before a title that may say whose it is


@dataclass(frozen=True, slots=True)
class Cited:
    """One document that a text names, from `start` to `end` of the text. `edition` is "" where none is said."""

    designation: str
    edition: str
    start: int
    end: int
    kind: Kind


def find(text: str) -> list[Cited]:
    """What the text names, in its order; of what lies over another the first and longest counts."""
    flat = _plain(text)
    named = [*_designated(flat), *_titled(flat)]
    found = sorted((*named, *_annexes(flat, named)), key=lambda each: (each.start, -each.end))
    kept: list[Cited] = []
    for each in found:
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def key_of(designation: str) -> str:
    """The designation as it is looked up: case, spaces and dashes do not count."""
    return re.sub(r"[\s\-–—_]+", "", words.flat(designation)).casefold()


def keys_of(number: str, title: str) -> set[str]:
    """The keys under which a document on record is found: its number, its title, what both name."""
    keys = {key_of(each) for each in (number, title) if each.strip()}
    for each in (number, f"{number} {title}", title, f"《{title}》"):
        if found := [one for one in find(each) if one.kind is not Kind.ANNEX and one.start <= 1]:
            keys.add(key_of(found[0].designation))
    return keys - {""}


def _plain(text: str) -> str:
    """The text place for place with half-width signs and one dash; addresses blotted out."""
    flat = words.flat(text).translate(DASHES)
    return ADDRESS.sub(lambda match: "\x00" * len(match[0]), flat)


def _designated(flat: str) -> Iterator[Cited]:
    """What has a designation of its own."""
    for family in designations.FAMILIES:
        for match in family.pattern.finditer(flat):
            name = " ".join(family.name(match).split())
            if not name:
                continue
            first = _with_edition(flat, name, match.start(), match.end(), family)
            yield first
            yield from _goes_on(flat, name, first, family)


def _goes_on(flat: str, name: str, last: Cited, family: designations.Family) -> Iterator[Cited]:
    """The other numbers behind a designation that share its head: ISO 9001/14001, VDA 6.1-6.7 (its two ends)."""
    head, _blank, number = name.rpartition(" ")
    body = "ISO" if head == "IATF" else head
    while True:
        more = GOES_ON.match(flat, last.end) if family.goes_on else None
        if more is None or A_YEAR.match(more["n"]):
            more = PART_ON.match(flat, last.end) if "." in number else None
            if more is None or more["n"].partition(".")[0] != number.partition(".")[0]:
                return
        last = _with_edition(flat, f"{body} {more['n']}", more.start("n"), more.end(), family)
        yield last


def _with_edition(flat: str, name: str, start: int, end: int, family: designations.Family) -> Cited:
    at = end + 1 if flat[end : end + 1] == "》" else end
    edition, after = editions.after(flat, at, has_short_years=family.has_short_years)
    if not edition:
        edition, start = editions.before(flat, start)
    edition, after = editions.amended(flat, after, edition)
    return Cited(name, edition, start, max(after if after > at else end, end), family.kind)


def _titled(flat: str) -> Iterator[Cited]:
    """Titles in 《》, and others that are quoted or have an edition beside them."""
    beside = {place for each in _designated(flat) for place in (each.start, each.end)}
    for match in titled.TITLE.finditer(flat):
        title = " ".join(match["title"].split())
        named = list(_designated(title))
        if any(each.end - each.start > 4 or each.designation.startswith("AIAG") for each in named):
            continue
        if not titled.is_document(title) or _is_beside(flat, match, beside):
            continue
        numbered = titled.NUMBERED.match(flat, match.end())
        end = numbered.end() if numbered else match.end()
        edition, after = editions.after(flat, end)
        if not edition and numbered:
            edition, after = _edition_in(flat, end)
        kind = titled.whose(title, flat[max(match.start() - BEFORE, 0) : match.start()], is_numbered=bool(numbered))
        yield Cited(title, edition, match.start(), max(after, end), kind)
    for match in (*titled.ENGLISH.finditer(flat), *titled.GERMAN.finditer(flat)):
        yield from _plain_title(flat, match)


def _is_beside(flat: str, title: re.Match[str], places: set[int]) -> bool:
    """Whether a title only says how a document is called whose number stands directly before it, or behind it in
    brackets: one document, not two."""
    before = title.start() - (flat[title.start() - 1 : title.start()] == " ")
    gap = flat[title.end() : title.end() + 3]
    behind = title.end() + len(gap) - len(gap.lstrip(" ("))
    return before in places or behind in places


def _plain_title(flat: str, match: re.Match[str]) -> Iterator[Cited]:
    title = match["title"]
    edition, after = editions.after(flat, match.end())
    for filler in titled.FILLERS:
        title = title.removeprefix(filler)
    is_quoted = bool(match["quote"] and match["close"])
    is_more = " " in title or match.re is titled.GERMAN
    if is_more and (edition or is_quoted) and not any(True for _each in _designated(title)):
        kind = titled.whose(title, flat[max(match.start() - BEFORE, 0) : match.start()])
        yield Cited(title, edition, match.start("title"), max(after, match.end("title")), kind)


def _edition_in(flat: str, at: int) -> tuple[str, int]:
    """The edition after a number inside the same brackets: （GL-SQM-01 V3.0）, （编号 GL-SQM，第2版）."""
    closing = flat.find(")", at, at + 24)
    if closing < 0:
        return "", at
    edition, after = editions.after(flat, at)
    return (edition, closing + 1) if edition and after <= closing else ("", at)


def _annexes(flat: str, cited: Sequence[Cited]) -> Iterator[Cited]:
    """Annexes of the very document; one that is said to be of a cited document is not ours."""
    begins, ends = {each.start for each in cited}, {each.end for each in cited}
    for match in designations.ANNEX.finditer(flat):
        if _is_of(flat, match, begins, ends):
            continue
        if match["zh"]:
            said = match["n"]
            which = said if said.isascii() else str(numbers.of_han(said))
            yield Cited(f"{''.join(match['zh'].split())}{which.upper()}", "", match.start(), match.end(), Kind.ANNEX)
        else:
            name = f"{match['la'].capitalize()} {match['m'].upper()}"
            yield Cited(name, "", match.start(), match.end(), Kind.ANNEX)


def _is_of(flat: str, annex: re.Match[str], begins: set[int], ends: set[int]) -> bool:
    """Whether an annex is said to be of a document that is cited before it (GB/T 2828.1 附录A; DIN EN 60068, Anhang C)
    or behind it (Appendix B of CQI-14). Behind a comma only what standards have counts: 附录, Annex, Anhang."""
    behind = designations.ANNEX_OF.match(flat, annex.end())
    if behind and behind.end() in begins:
        return True
    gap = next((n for n in (0, 1, 2) if annex.start() - n in ends), None)
    if gap is None:
        return False
    is_listed = flat[annex.start() - gap : annex.start()].strip() not in ("", "的")
    return not is_listed or bool(annex["std"] or annex["stl"])
