"""What a customer's clause is to us, and by which of its words. The criteria, so that a person can follow them:

specific     binds how we plan, make, check, release, change, record or improve, or how our quality system works, and
             belongs to a clause of IATF 16949 (rules/mapping finds one): PPAP level 3, LPA each shift, 8D in 10 days.
other        binds us to something of which the standard does not speak: where and when goods and data are handed over
             (addresses, windows, containers, label format, EDI, portals) and what the product is (values, materials).
informative  binds to nothing: purpose, scope, definitions, references, explanations, history of changes, contacts,
             "no specific requirement".
commercial   money, law and contract: price, payment, liability, cost of warranty, patents, termination, disputes,
             secrecy as a term of contract.

A duty is known by its word (应, 须, 不得, shall, must, is required, muss). Where money and quality stand in one clause,
the title decides, else what more is said of. The certainty falls when two natures are near to each other.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import yaml

from yinuo.sources.rules import mapping, pointing, spotting, words

NATURES = ("specific", "other", "informative", "commercial")
TITLE, OWN, NEAR = "title", "own", "near"
MOST_REASONS = 5

DUTY = re.compile(
    r"必须|须(?!知)|(?<!供)(?<!相)(?<!反)(?<!效)(?<!对)(?<!响)(?<!适)(?<!感)(?<!呼)(?<!供)应(?!急|力|用|变|对|答|付款|收|聘|届|商|力|链)(?:当|该)?"
    r"|不得|严禁|禁止|不允许|不准|务必|(?<!要)需(?!求)要?|要求供应商|要求乙方|负责|确保|保证(?!书|金)|有义务|不可(?!抗)"
    r"|\b(?:shall|must|should|is\srequired\sto|are\srequired\sto|is\srequired|are\srequired|has\sto|have\sto|is\sto\sbe|are\sto\sbe"
    r"|is\sobliged|are\sobliged|may\snot|cannot|need\sto|needs\sto|is\sresponsible\sfor|are\sresponsible\sfor|is\sexpected\sto"
    r"|are\sexpected\sto|is\sprohibited|are\sprohibited|mandatory|(?:supplier|suppliers|organization|seller)\swill"
    r"|muss|müssen|ist\sverpflichtet|sind\sverpflichtet|darf\snicht|dürfen\snicht|darf\snur|hat\szu|haben\szu|ist\szu|sind\szu)\b",
    re.IGNORECASE,
)
DONE = re.compile(  # a duty without its word: 供应商每月提交…
    r"(?:供应商|供方|乙方|卖方|组织)(?:[^。；;，,]{0,14}?)(?:提交|提供|建立|制定|实施|执行|通知|保存|保留|完成|回复|承担|遵守|按照|采用|使用|进行|接受|配合|登录|填写|上传|标注|粘贴|签署)"
    r"|\b(?:submit|provide|notify|retain|maintain|ensure|implement|perform|conduct|establish|use)\b(?=[^.]{0,60}\b(?:level|form|report|records?|customer|before|within|prior)\b)",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"(?:[≥≤<>±]|不小于|不大于|不低于|不超过|至少|at\sleast|min\.?|max\.?|up\sto|within)?\s?\d+(?:[.,]\d+)?\s?"
    r"(?:mm|cm|µm|μm|um|kg|g/m|N·?m|Nm|MPa|kPa|GPa|bar|HRC|HV|HB|Hz|V(?:DC)?|mA|A|Ω|kΩ|MΩ|℃|°C|°|dB|lx|mL|L/min|次循环|cycles)(?![A-Za-z])"
)
CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?:\+\d{1,3}|0\d{2,3})[\s\-]?\d{3,4}[\s\-]?\d{4}|https?://\S+|www\.\S+")


@dataclass(frozen=True)
class Proposal:
    """What a clause is proposed to be; `because` are words of the clause, `certainty` 0 to 1."""

    nature: str
    because: tuple[str, ...]
    certainty: float


@cache
def _vocabulary() -> tuple[spotting.Vocabulary, dict[str, dict[str, str]]]:
    """The words of `natures.yaml`, and for each what it is in which nature."""
    said = yaml.safe_load((pointing.LIBRARY / "proposing" / "natures.yaml").read_text(encoding="utf-8"))
    terms: list[str] = []
    speaks: dict[str, dict[str, str]] = {}
    for nature, kinds in said.items():
        for kind in (NEAR, OWN, TITLE):
            for term in filter(None, (each.strip() for each in kinds.get(kind, "").split(","))):
                terms.append(term)
                speaks.setdefault(spotting.key_of(term), {})[f"{nature}.{kind}"] = nature
    return spotting.Vocabulary.of(terms), speaks


@dataclass
class _Said:
    """How much a clause says for each nature, and with which words."""

    weights: dict[str, float]
    reasons: dict[str, list[tuple[float, str]]]

    def add(self, nature: str, weight: float, word: str = "") -> None:
        self.weights[nature] += weight
        if word:
            self.reasons[nature].append((weight, word))


def propose(number: str, title: str, text: str, headings: Sequence[str] = ()) -> Proposal:
    """What the clause is to us."""
    said = _Said(dict.fromkeys(NATURES, 0.0), {nature: [] for nature in NATURES})
    duties = [match.group() for match in DUTY.finditer(words.flat(text))]
    duties += [] if duties else [match.group() for match in DONE.finditer(words.flat(text))]
    _weigh_words(said, title, text, headings)
    _weigh_duty(said, duties, title, text)
    targets = mapping.propose(number, title, text, headings)
    best = targets[0].score if targets else 0.0
    said.add("specific", (3.2 if duties else 1.0) * best)
    for target in targets[:2]:
        for word in target.because[:2]:
            if word in title or word in text or word == number:
                said.reasons["specific"].append((target.score, word))
    return _decided(said)


def _weigh_words(said: _Said, title: str, text: str, headings: Sequence[str]) -> None:
    vocabulary, speaks = _vocabulary()
    counted: set[tuple[str, str]] = set()
    places = [(title, 1.0, True), (text, 1.0, False), *((heading, 0.5, True) for heading in headings[-1:])]
    for place, weight, is_title in places:
        for found in vocabulary.spot(place):
            for kind, nature in speaks[found.term].items():
                worth = _worth(kind, is_title, found, place) * weight
                if worth and not found.is_inside and (found.term, nature) not in counted:
                    counted.add((found.term, nature))
                    said.add(nature, worth, place[found.start : found.end] if weight == 1.0 else "")


def _worth(kind: str, is_title: bool, found: spotting.Found, place: str) -> float:
    """What a word weighs: a title that is nothing but the word weighs most."""
    if kind.endswith(TITLE):
        if not is_title:
            return 0.0
        return 1.0 + 1.5 * (found.end - found.start) / max(len(place.strip()), 1)
    weight = 0.8 if kind.endswith(OWN) else 0.2
    return weight * (1.3 if is_title else 1.0)


def _weigh_duty(said: _Said, duties: list[str], title: str, text: str) -> None:
    flat = words.flat(text)
    if duties:
        said.add("specific", 1.0)
        said.add("other", 0.6)
        said.add("informative", -0.9 * min(len(duties), 3))
        for nature in ("specific", "other"):
            said.reasons[nature].append((0.3, duties[0]))
    else:
        said.add("informative", 1.6)
    for match in list(CONTACT.finditer(flat))[:2]:
        said.add("informative", 0.8, match.group())
    values = [match.group() for match in VALUE.finditer(flat)]
    if values:
        said.add("other", 0.9 * min(len(values), 3), values[0].strip())


def _decided(said: _Said) -> Proposal:
    best = max(NATURES, key=lambda nature: said.weights[nature])
    total = sum(math.exp(said.weights[nature] - said.weights[best]) for nature in NATURES)
    reasons = dict.fromkeys(word for _weight, word in sorted(said.reasons[best], reverse=True))
    return Proposal(best, tuple(reasons)[:MOST_REASONS], round(1 / total, 3))
