"""The documents that a text names: standards, handbooks, customers' norms, laws, titles, annexes of the very document.

`find` gives each once per place, with its designation in one spelling, the edition that is said beside it, and the
words as printed. Numbers of clauses and parts, days and telephone numbers name no document.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yinuo.sources.rules import designations, editions, numbers, words
from yinuo.sources.rules.designations import Kind

EDITION = "1"  # of these rules: whoever keeps what was found finds it anew with a later one

ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s，。；、）》]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+", re.IGNORECASE
)
DASHES = {0x2010: 0x2D, 0x2011: 0x2D, 0x2012: 0x2D, 0x2013: 0x2D, 0x2014: 0x2D, 0x2212: 0x2D, 0xA: 0x20}
GOES_ON = re.compile(
    r"\s?(?:[/、,&]|and|und|和|及|与|或|or)\s?(?P<n>\d{4,5}(?:-\d{1,3}(?!\d))?)(?![\dA-Za-z.%年])", re.IGNORECASE
)
A_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")

TITLE = re.compile(r"《(?P<title>[^《》]{2,60})》")
TITLED_NUMBER = re.compile(
    r"\s?[(（]?\s?(?:文件)?(?:编号|文号|代号|No\.?)?\s?[:：]?\s?(?P<n>[A-Z]{1,8}(?:[A-Z0-9]*[-/.][A-Z0-9]+)+)(?![A-Za-z])"
)
LAW = re.compile(
    r"(?:法|法典|条例|法律|法规|令)(?:[(（].{0,12}[)）])?$|^中华人民共和国|(?:管理|监督|处罚|实施)(?:办法|规定|规则|细则)$"
)
OWN_FORM = re.compile(
    r"(?:表|单|卡|票|图|签|记录|清单|台账|台帐|报告|报告书|保证书|任务书|通知|通知书|通知单|申请|申请书|计划|计划书|合格证|证书|说明|履历|标识|海报|周报|月报|目录)$"
)
DOCUMENT = re.compile(
    r"(?:手册|指南|协议|协议书|合同|条款|要求|规范|标准|准则|规定|规则|办法|制度|程序|程序文件|流程|细则|大纲|说明书|须知"
    r"|政策|守则|方案|导则|通则|声明|指令"
    r"|Manual|Handbook|Requirements?|Guidelines?|Specifications?|Agreement|Standards?|Conditions|Terms|Code of Conduct"
    r"|SQM|SOR|CSR)"
    r"(?:\s?[(（].{1,20}[)）])?(?:\s?[A-Z\d.\-]{1,12})?$",
    re.IGNORECASE,
)
ENGLISH_TITLE = re.compile(
    r"(?<!\w)(?P<quote>[“\"„«])?(?P<title>(?:[A-Z][\w&/-]{0,30}[ \t]){1,6}(?:of[ ][A-Z]\w+[ ]|for[ ][A-Z]\w+[ ])?"
    r"(?:Manual|Handbook|Guidelines?|Requirements|Agreement|Specification|Terms(?: and Conditions)?|Code of Conduct))"
    r"(?![a-z])(?:[ ]?\([A-Z]{3,6}\))?(?P<close>[”\"“»])?"
)
NEAR = 6  # characters between a title and a designation that stands for itself
FILLERS = ("The ", "This ", "Our ", "Your ", "These ", "Its ", "See ", "Per ", "In ", "All ", "Any ")


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
    found = sorted((*_designated(flat), *_titled(flat), *_annexes(flat)), key=lambda each: (each.start, -each.end))
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
            last = _with_edition(flat, name, match.start(), match.end(), family)
            yield last
            while family.goes_on and (more := GOES_ON.match(flat, last.end)) and not A_YEAR.match(more["n"]):
                head = name.rsplit(" ", 1)[0]
                head = "ISO" if head == "IATF" else head
                last = _with_edition(flat, f"{head} {more['n']}", more.start("n"), more.end(), family)
                yield last


def _with_edition(flat: str, name: str, start: int, end: int, family: designations.Family) -> Cited:
    at = end + 1 if flat[end : end + 1] == "》" else end
    edition, after = editions.after(flat, at, has_short_years=family.has_short_years)
    if not edition:
        edition, start = editions.before(flat, start)
    return Cited(name, edition, start, max(after if after > at else end, end), family.kind)


def _titled(flat: str) -> Iterator[Cited]:
    """Titles in 《》, and English ones that are quoted or have an edition beside them."""
    for match in TITLE.finditer(flat):
        title = " ".join(match["title"].split())
        named = list(_designated(title))
        if any(each.end - each.start > 4 for each in named) or OWN_FORM.search(title):
            continue
        is_law = bool(LAW.search(title))
        if not is_law and not DOCUMENT.search(title):
            continue
        numbered = TITLED_NUMBER.match(flat, match.end())
        if numbered and any(each.start < NEAR for each in _designated(flat[match.end() : match.end() + 40])):
            numbered = None  # it stands for itself
        end = numbered.end() if numbered else match.end()
        edition, after = editions.after(flat, end)
        if not edition and numbered:
            edition, after = _edition_in(flat, end)
        yield Cited(title, edition, match.start(), max(after, end), Kind.LAW if is_law else Kind.CUSTOMER)
    for match in ENGLISH_TITLE.finditer(flat):
        title = match["title"]
        edition, after = editions.after(flat, match.end())
        for filler in FILLERS:
            title = title.removeprefix(filler)
        is_quoted = bool(match["quote"] and match["close"])
        if " " in title and (edition or is_quoted) and not any(True for _each in _designated(title)):
            yield Cited(title, edition, match.start("title"), max(after, match.end("title")), Kind.CUSTOMER)


def _edition_in(flat: str, at: int) -> tuple[str, int]:
    """The edition after a number inside the same brackets: （GL-SQM-01 V3.0）, （编号 GL-SQM，第2版）."""
    closing = flat.find(")", at, at + 24)
    if closing < 0:
        return "", at
    edition, after = editions.after(flat, at)
    return (edition, closing + 1) if edition and after <= closing else ("", at)


def _annexes(flat: str) -> Iterator[Cited]:
    for match in designations.ANNEX.finditer(flat):
        if match["zh"]:
            said = match["n"]
            which = said if said.isascii() else str(numbers.of_han(said))
            yield Cited(f"{''.join(match['zh'].split())}{which.upper()}", "", match.start(), match.end(), Kind.ANNEX)
        else:
            name = f"{match['la'].capitalize()} {match['m'].upper()}"
            yield Cited(name, "", match.start(), match.end(), Kind.ANNEX)
