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

# How much speaks for a nature (tests/sources/proposing measures what comes of it).
WHOLE_TITLE = 2.2  # more for a title that is nothing but the word
WORTH = {
    "specific": {TITLE: 0.8, OWN: 0.6, NEAR: 0.15},
    "other": {TITLE: 1.5, OWN: 1.3, NEAR: 0.15},
    "informative": {TITLE: 1.6, OWN: 1.4, NEAR: 0.3},
    "commercial": {TITLE: 1.9, OWN: 1.8, NEAR: 0.4},
}
IN_TITLE, ABOVE = 1.3, 0.5
BOUND = {"specific": 0.7, "other": 0.25}  # a duty stands there
BOUND_ELSEWHERE = 0.5  # a duty, and nothing of the standard's topics
CONTRACT = 0.4  # of that, where money or law is spoken of
UNBOUND = 2.5  # no duty, and nothing of the standard's topics
PLACED, PLACED_UNBOUND = 5.5, 1.0  # a clause of the standard was found, with a duty and without
ASIDE = 0.6  # words of explanation beside a duty
DUTY_AGAINST = -1.4  # a duty in what would be informative
EMPTY = 3.0  # a heading alone binds to nothing
VALUED, MONEY_NAMED, REACHED, DEFINED = 1.4, 2.0, 0.8, 1.4
SHARP = 0.75  # below 1: less sure than the weights would have it

DUTY = re.compile(
    r"必须|(?<![无毋])须(?!知)|(?<![供相反效对响适感呼])应(?!急|力|用|变|对(?:措施|方案|计划|能力|风险|突发)|答|付款|收|聘|届|商|链)(?:当|该)?"
    r"|不得|严禁|禁止|不允许|不准|务必|(?<![要无毋])需(?!求)要?|要求供应商|要求乙方|(?<!的)负责(?!人)|负有|确保|保证(?![书金])|有义务|不可(?!抗)"
    r"|方可|后才[能可]|才可以|至少保存|不能用|承诺|[都均还]要(?!求)|要[先经]"
    r"|\b(?:shall|must|should|is\srequired\sto|are\srequired\sto|is\srequired|are\srequired|has\sto|have\sto|is\sto\sbe|are\sto\sbe"
    r"|is\sobliged|are\sobliged|may\snot|cannot|may\sonly|need\sto|needs\sto|needs?\s(?:an?|our|the)|requires?|makes?\ssure|is\sresponsible\sfor|are\sresponsible\sfor"
    r"|is\sexpected|are\sexpected|is\sprohibited|are\sprohibited|(?:is|are)\snot\s(?:permitted|allowed|accepted)|mandatory|is\sdue|are\sdue"
    r"|(?:supplier|suppliers|organization|seller)\swill"
    r"|muss|müssen|ist\sverpflichtet|sind\sverpflichtet|darf\snicht|dürfen\snicht|darf\snur|bedarf|bedürfen"
    r"|(?:ist|sind|hat|haben)\s[^.;]{0,80}?(?:zu\s\w{1,30}en|\w{1,20}zu\w{1,20}en))\b",
    re.IGNORECASE,
)
DONE = re.compile(  # a duty without its word: 供应商每月提交…, 每年一次
    r"(?:供应商|供方|乙方|卖方|组织)(?:[^。；;，,]{0,14}?)(?:提交|提供|建立|制定|实施|执行|通知|保存|保留|完成|回复|承担|遵守|按照|采用|使用|进行|接受|配合|登录|填写|上传|标注|粘贴|签署)"
    r"|每(?:年|季度?|月|周|日|天|班|批)[^。；;，,]{0,6}(?:一次|[提报检做审])|提交我[司方厂]"
    r"|\b(?:submit|provide|notify|retain|maintain|ensure|implement|perform|conduct|establish|use)\b(?=[^.]{0,60}\b(?:level|form|report|records?|customer|before|within|prior)\b)",
    re.IGNORECASE,
)
VALUE = re.compile(
    r"(?:[≥≤<>±]|不小于|不大于|不低于|不超过|at\sleast|min\.?|max\.?|up\sto|within)?\s?(?<![\d.,])\d{1,9}(?:[.,]\d{1,9})?\s?"
    r"(?:mm|cm|µm|μm|um|kg|g|N·?m|Nm|MPa|kPa|GPa|bar|HRC|HV|HB|Hz|V(?:DC)?|mA|A|Ω|kΩ|MΩ|℃|°C|°|dB|lx|m[lL]|[lL]/min|次循环|cycles)(?![A-Za-z\d])"
)
MONEY = re.compile(
    r"(?<![\d,.])\d[\d,.]{0,18}\s?(?:万|千)?元|(?:EUR|USD|RMB|CNY|€|\$|¥|￥)\s?\d[\d,.]{0,18}|(?<![\d,.])\d[\d,.]{0,18}\s?(?:EUR|USD|RMB|CNY|€|Euro|euros?|dollars)(?!\w)"
    r"|千分之[一二三四五六七八九]|\d\s?‰|货款"
)
DEFINED_SO = re.compile(
    r"^[^。；;.,，]{2,40}[:：]\s?(?:an?\s|the\s|指|为|是)|^[“\"「][^”\"」]{1,30}[”\"」]|^(?:下|上)[图表]|^如[图表]|^(?:the\s)?term\s|^(?:note|remark|注|备注|Hinweis)\b",
    re.IGNORECASE,
)
THEIRS = re.compile(  # who else than the supplier has the duty: 我司质量部负责…
    r"(?:^|[。；;\n.]\s?)(?:我司|我公司|我们|本公司|甲方|买方|顾客|客户|we|our|the\s(?:buyer|customer|purchaser)|der\sKunde|wir)(?![^。；;.]*(?:供应商|供方|乙方|supplier|seller|Lieferant))[^。；;.]*",
    re.IGNORECASE,
)
NOTHING = re.compile(  # 无补充要求, no customer-specific requirement
    r"^\W*(?:本条|该条款?|此条款?)?(?:无|没有|暂无)[^。；;,，]{0,8}要求|^\W*(?:there\s(?:is|are)\s)?no\s(?:[\w\-]+\s){0,4}requirements?\b"
    r"|^\W*keine\s(?:\w+\s){0,3}Anforderung|^\W*(?:not\sapplicable|n/a|不适用|无)\W*$",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.]{1,64}|(?:\+\d{1,3}|0\d{2,3})[\s\-]?\d{3,4}[\s\-]?\d{4}|https?://\S+|www\.\S+"
)


@dataclass(frozen=True)
class Proposal:
    """What a clause is proposed to be; `because` are words of the clause, `certainty` 0 to 1."""

    nature: str
    because: tuple[str, ...]
    certainty: float


@cache
def _vocabulary() -> tuple[spotting.Vocabulary, dict[str, dict[str, str]]]:
    """The words of `natures.yaml`, and for each its kind in which nature."""
    said = yaml.safe_load((pointing.LIBRARY / "proposing" / "natures.yaml").read_text(encoding="utf-8"))
    terms: list[str] = []
    speaks: dict[str, dict[str, str]] = {}
    for nature, kinds in said.items():
        for kind in (NEAR, OWN, TITLE):
            for term in filter(None, (each.strip() for each in kinds.get(kind, "").split(","))):
                terms.append(term)
                speaks.setdefault(spotting.key_of(term), {})[f"{nature} {kind}"] = nature
    return spotting.Vocabulary.of(terms), speaks


class _Said:
    """How much a clause says for each nature, and with which words."""

    def __init__(self) -> None:
        self.weights = dict.fromkeys(NATURES, 0.0)
        self.reasons: dict[str, list[tuple[float, str]]] = {nature: [] for nature in NATURES}

    def add(self, nature: str, weight: float, word: str = "") -> None:
        """One thing more that speaks for a nature, or against it."""
        self.weights[nature] += weight
        if word:
            self.reasons[nature].append((weight, word))


def propose(number: str, title: str, text: str, headings: Sequence[str] = ()) -> Proposal:
    """What the clause is to us."""
    said = _Said()
    duties = _duties(text)
    _weigh_words(said, (title, text, headings[-1] if headings else ""), bool(duties))
    _weigh_places(said, mapping.propose(number, title, text, headings), bool(duties), (title, text))
    _weigh_signs(said, duties, text)
    return _decided(said)


def _duties(text: str) -> list[str]:
    """The words of duty that speak to the supplier, as they are printed."""
    flat = words.flat(text)
    theirs = [each.span() for each in THEIRS.finditer(flat)]
    for sign in (DUTY, DONE):
        found = [
            text[each.start() : each.end()]
            for each in sign.finditer(flat)
            if not any(start <= each.start() < end for start, end in theirs)
        ]
        if found:
            return found
    return []


def _weigh_words(said: _Said, places: tuple[str, str, str], is_bound: bool) -> None:
    """What the words of the title, the text and the heading above say."""
    vocabulary, speaks = _vocabulary()
    counted: set[tuple[str, str]] = set()
    for place, is_title, weight in zip(places, (True, False, True), (1.0, 1.0, ABOVE), strict=True):
        for found in vocabulary.spot(place):
            length = (found.end - found.start) / max(len(place.strip()), 1)
            for key, nature in speaks[found.term].items():
                worth = weight * _worth(nature, key.removeprefix(nature + " "), is_title, length)
                if is_bound and nature == "informative" and not is_title:
                    worth *= ASIDE
                if worth and not found.is_inside and (found.term, nature) not in counted:
                    counted.add((found.term, nature))
                    said.add(nature, worth, place[found.start : found.end] if weight == 1.0 else "")


def _worth(nature: str, kind: str, is_title: bool, length: float) -> float:
    """What a word weighs; `length` is its part of the place where it stands."""
    worth = WORTH[nature][kind]
    if kind == TITLE:
        return worth * (1.0 + WHOLE_TITLE * length) if is_title else 0.0
    return worth * (IN_TITLE if is_title else 1.0)


def _weigh_places(said: _Said, targets: list[mapping.Target], is_bound: bool, places: tuple[str, str]) -> None:
    """What the standard's clauses that were found say: the likelier, the more it is one of its requirements."""
    best = targets[0].score if targets else 0.0
    said.add("specific", (PLACED if is_bound else PLACED_UNBOUND) * best)
    if is_bound:
        said.add("other", BOUND_ELSEWHERE * (1 - best))
    else:
        is_money = said.weights["commercial"] >= WORTH["commercial"][OWN]  # contracts bind without words of duty
        said.add("informative", UNBOUND * (1 - best) * (CONTRACT if is_money else 1))
    for target in targets[:2]:
        for word in target.because[:2]:
            if any(word in place for place in places):
                said.reasons["specific"].append((target.score, word))


def _weigh_signs(said: _Said, duties: list[str], text: str) -> None:
    """Duties, values with their units, money, addresses."""
    flat = words.flat(text)
    for nature, worth in BOUND.items():
        if duties:
            said.add(nature, worth)
            said.reasons[nature].append((0.3, duties[0]))
    said.add("informative", DUTY_AGAINST * min(len(duties), 3) if text.strip() else EMPTY)
    for nature, sign, worth, most in (
        ("informative", NOTHING, EMPTY, 1),
        ("informative", CONTACT, REACHED, 2),
        ("informative", DEFINED_SO, DEFINED, 1),
        ("other", VALUE, VALUED, 3),
        ("commercial", MONEY, MONEY_NAMED, 2),
    ):
        for match in list(sign.finditer(flat))[:most]:
            said.add(nature, worth, text[match.start() : match.end()].strip())


def _decided(said: _Said) -> Proposal:
    best = max(NATURES, key=lambda nature: said.weights[nature])
    total = sum(math.exp(SHARP * (said.weights[nature] - said.weights[best])) for nature in NATURES)
    reasons = dict.fromkeys(word for _weight, word in sorted(said.reasons[best], reverse=True))
    return Proposal(best, tuple(reasons)[:MOST_REASONS], round(1 / total, 3))
