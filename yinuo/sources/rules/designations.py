"""How documents of the car industry are called: standards, customers' norms, handbooks of associations, laws, titles.

Each family knows how its designations are printed, and the one spelling under which they are the same. The pattern
reads text whose letters and signs are half-width (`words.flat`); `n`, `m` … are its parts.
"""
# ruff: noqa: E501 (patterns)

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
_S = r"[ \t\n]{0,2}"
_FROM = r"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-_.])"  # nothing of a longer name before
_TO = r"(?![A-Za-z0-9])"
_PART = r"(?:-\d{1,3}(?!\d|[A-Za-z]))*"


class Kind(StrEnum):
    """What a document that a clause names is."""

    STANDARD = "standard"
    CUSTOMER = "customer"  # a customer's own norm, manual or agreement
    TITLED = "titled"  # named by its title only: nobody has said whose it is
    LAW = "law"
    ANNEX = "annex"  # a part of the very document


@dataclass(frozen=True)
class Family:
    """One way of calling documents. `name(match)` gives the designation, "" where it is none after all."""

    kind: Kind
    pattern: re.Pattern[str]
    name: Callable[[re.Match[str]], str]
    has_short_years: bool = False  # GB/T 1804-92, ASTM B117-19
    goes_on: bool = False  # ISO 9001, 14001 and 45001


def _family(
    kind: Kind, pattern: str, name: str | Callable[[re.Match[str]], str], flags: int = 0, **more: bool
) -> Family:
    made = name if callable(name) else lambda match, form=name: form.format(**_parts(match))
    return Family(kind, re.compile(_FROM + pattern, flags), made, **more)


def _parts(match: re.Match[str]) -> dict[str, str]:
    return {key: re.sub(r"\s+", " ", value or "").strip() for key, value in match.groupdict().items()}


def squeezed(text: str) -> str:
    return "".join(text.split())


def _iso(match: re.Match[str]) -> str:
    """ISO and the bodies that take its standards over: DIN EN ISO 4892-2, ISO/TS 16949, IATF 16949."""
    said = _parts(match)
    body = re.sub(r"[\s/]+", "/", said["body"].upper())
    body = {"TS": "ISO/TS", "IATF/TS": "IATF", "IATF/ISO": "IATF", "ISO/IATF": "IATF"}.get(body, body)
    number = squeezed(said["n"])
    if body == "ISO" and number in FILM:
        return ""
    if body == "ISO/TS" and number == "9000":
        return ""
    before = " ".join(said["taken"].upper().replace("-", " ").split())
    return f"{before} {body} {number}".strip()


FILM = {"100", "200", "400", "800", "1600", "3200", "6400"}  # how sensitive a film is
STATE = (  # Chinese standards that are written without /T too
    "GB", "GJB", "QC", "JB", "YB", "YS", "HJ", "TB", "JJF", "JJG", "QB", "FZ", "SJ", "HG", "JT", "GA",
)  # fmt: skip
BRANCH = (
    "AQ|BB|CB|CH|CJ|CY|DL|DZ|EJ|FZ|GA|GB|GBZ|GJB|GY|HB|HG|HJ|HY|JB|JC|JG|JR|JT|LB|LD|LY|MH|MT|MZ|NB|NY|QB|QC|QX|RB|SB|SC|SF|SH"
    "|SJ|SL|SN|SY|TB|TD|TY|WB|WH|WJ|WM|WS|XB|YB|YC|YD|YS|YY|ZY"
)


def _state(match: re.Match[str]) -> str:
    said = _parts(match)
    mark = said.get("mark", "").upper().replace(" ", "")
    if not mark and said["body"] == "GB" and re.search(r"\d\s?$", match.string[: match.start()]):
        return ""  # 16 GB
    return f"{said['body']}/{mark} {said['n']}" if mark else f"{said['body']} {said['n']}"


def _vda(match: re.Match[str]) -> str:
    said = _parts(match)
    number = said["n"] or ""
    if re.fullmatch(_YEAR, number):
        return ""
    part = said["part"]
    return f"VDA {number}.{part}" if part and "." not in number else f"VDA {number}"


def _tool(match: re.Match[str]) -> str:
    """The handbooks of AIAG: PPAP alone is a way of working, "PPAP 4th edition" a book."""
    name = {"CP": "Control Plan", "CONTROL PLAN": "Control Plan", "控制计划": "Control Plan", "LPA": "CQI-8"}
    said = match["tool"].upper()
    said = re.sub(r"^(?:D|P)?FMEA$", "FMEA", said)
    with_vda = "VDA" in match[0].upper() and said == "FMEA"
    return f"AIAG & VDA {said}" if with_vda else f"AIAG {name.get(said, said)}"


def _formel(match: re.Match[str]) -> str:
    which = (match["which"] or match["zh"] or "").strip(" -").lower()
    names = {
        "konkret": "Formel Q-konkret", "concrete": "Formel Q-konkret", "capability": "Formel Q-Capability",
        "fähigkeit": "Formel Q-Capability", "faehigkeit": "Formel Q-Capability", "能力": "Formel Q-Capability",
        "capability software": "Formel Q-Capability Software",
    }  # fmt: skip
    return names.get(which) or (
        "Formel Q Neuteile Integral" if which.startswith(("neuteile", "new parts", "新零件")) else "Formel Q"
    )


def _act(match: re.Match[str]) -> str:
    """An act of the European Union or its communities, by its number."""
    said = _parts(match)
    number = said["n"] or said["n2"]
    ending = (said["of"] or said["of2"] or "").upper().replace("EG", "EC").replace("EWG", "EEC")
    if said["n"] and not ending and not said["act"]:
        return ""
    return f"({ending}) {number}" if said["n2"] and ending else f"{number}/{ending}" if ending else number


def _regulation(match: re.Match[str]) -> str:
    return f"UN R{int(match['n'])}"


def _own(match: re.Match[str]) -> str:
    """Q/JLY J7110538D: the standard of an enterprise."""
    said = match["n"].strip(" .-")
    if not re.search(r"\d", said):
        return ""
    return f"Q/{match['who']} {said}".replace("  ", " ")


S, C, L = Kind.STANDARD, Kind.CUSTOMER, Kind.LAW
FAMILIES: tuple[Family, ...] = (
    # International and national standards ---------------------------------------------------------------------------
    _family(
        S,
        r"(?P<taken>(?:(?:DIN|BS|NF|SN|UNI|ÖNORM|CSN|PN|UNE)[ \-])?(?:EN[ \-])?)"
        r"(?P<body>IATF[/ ](?:TS|ISO)|ISO ?/ ?IATF|ISO[ /]{0,3}(?:TS|TR|PAS|SAE|IEC(?: TS| TR)?|IWA)|IEC(?:/TS|/TR| TS| TR)?"
        r"|ISO|IATF|TS(?=[ ]?16949))"
        rf"{_S}[- ]?(?P<n>\d{{3,6}}{_PART}){_TO}",
        _iso,
        re.IGNORECASE,
        goes_on=True,
    ),
    _family(S, rf"(?P<body>DIN EN|DIN|BS EN|NF EN|EN|VDI){_S}(?P<n>\d{{2,6}}{_PART}){_TO}", "{body} {n}"),
    _family(S, r"(?P<body>IATF)\s?(?:认[可证](?:方案)?)?\s?(?:规则|Rules)(?P<n>)", "IATF Rules", re.IGNORECASE),
    _family(
        S,
        rf"(?P<body>{BRANCH}){_S}/{_S}(?P<mark>[TZ]){_S}(?P<n>\d{{1,6}}(?:\.\d{{1,3}})?){_TO}",
        _state,
        re.IGNORECASE,
        has_short_years=True,
        goes_on=True,
    ),
    _family(
        S, rf"(?P<body>GB|QC|JB){_S}(?P<mark>T){_S}(?P<n>\d{{3,6}}(?:\.\d{{1,3}})?){_TO}", _state, has_short_years=True
    ),
    _family(
        S,
        rf"(?P<body>{'|'.join(STATE)}){_S}(?P<n>\d{{3,6}}(?:\.\d{{1,3}})?)(?:(?<=9001)[A-C])?{_TO}",
        _state,
        has_short_years=True,
    ),
    _family(S, rf"(?P<body>DB\d\d(?:/T)?){_S}(?P<n>\d{{2,6}}(?:\.\d{{1,3}})?)(?=-{_YEAR})", "{body} {n}"),
    _family(S, rf"T{_S}/{_S}(?P<body>[A-Z]{{3,8}}){_S}(?P<n>\d{{1,5}}(?:\.\d{{1,3}})?){_TO}", "T/{body} {n}"),
    _family(S, rf"JIS{_S}(?P<body>[A-Z]){_S}(?P<n>\d{{4}}{_PART}){_TO}", "JIS {body} {n}"),
    _family(S, rf"JASO{_S}(?P<body>[A-Z]){_S}(?P<n>\d{{3,4}}{_PART}){_TO}", "JASO {body} {n}"),
    _family(S, rf"SAE{_S}-?(?P<body>J|AS|AMS|ARP){_S}-?(?P<n>\d{{2,5}}(?:[-/]\d{{1,2}}(?!\d))?){_TO}", "SAE {body}{n}"),
    _family(S, rf"(?:SAE ?/ ?)?USCAR{_S}-?(?P<n>\d{{1,2}}){_TO}", "USCAR-{n}"),
    _family(S, rf"ASTM{_S}-?(?P<body>[A-G]){_S}(?P<n>\d{{1,4}}){_TO}", "ASTM {body}{n}", has_short_years=True),
    _family(S, r"AMS[- ]?(?P<n>\d{4}(?:/\d{1,2})?)(?![\dA-Z])", "AMS {n}"),
    _family(S, rf"ASME{_S}(?P<body>[A-Z]\d{{1,2}}(?:\.\d{{1,3}}){{0,2}})M?{_TO}", "ASME {body}"),
    _family(
        S, rf"ANSI(?:/ASQC?|/ESD|/[A-Z]{{2,5}})?{_S}(?P<body>[A-Z]{{1,2}}\d{{1,2}}\.\d{{1,4}}){_TO}", "ANSI {body}"
    ),
    _family(S, r"MIL-(?P<body>STD|PRF|DTL|HDBK|[A-Z])-(?P<n>\d{2,6}[A-Z]?)(?![\dA-Za-z])", "MIL-{body}-{n}"),
    _family(S, r"IPC(?:[/ ]JEDEC)?[- ](?P<n>[A-Z]-\d{3}|TM-\d{3}|\d{4}|J-STD-\d{3})[A-Z]?(?![\dA-Za-z])", "IPC-{n}"),
    _family(S, rf"J-STD-(?P<n>\d{{3}})[A-Z]?{_TO}", "IPC-J-STD-{n}"),
    _family(S, rf"AEC{_S}-?{_S}(?P<n>Q\d{{3}}){_TO}", "AEC-{n}"),
    _family(S, r"UL[ -]?(?P<n>\d{2,5}[A-Z]?)(?![\dA-Za-z%])", "UL {n}"),
    _family(S, rf"CISPR{_S}(?P<n>\d{{1,2}}(?:-\d)?){_TO}", "CISPR {n}"),
    _family(S, rf"OHSAS{_S}-?(?P<n>18001){_TO}", "OHSAS {n}", re.IGNORECASE),
    _family(S, rf"SA{_S}(?P<n>8000){_TO}", "SA {n}"),
    _family(S, rf"TL{_S}-?(?P<n>9000){_TO}", "TL {n}"),
    _family(S, rf"(?P<body>QS|TE){_S}-?{_S}(?P<n>9000){_TO}", "{body}-{n}", re.IGNORECASE),
    _family(S, r"(?P<body>EAQF|AVSQ)(?:[' ]{0,2}(?:19)?9\d)?(?P<n>)(?![A-Za-z0-9])", "{body}"),
    # Handbooks of associations ----------------------------------------------------------------------------------------
    _family(
        S,
        rf"VDA{_S}-?(?:Band|Volume|Vol\.|第|卷)?{_S}(?P<n>\d{{1,4}}(?:\.\d{{1,2}}|-(?!{_YEAR})\d{{3}})?)(?:\s?卷)?"
        rf"(?:[, ]{{0,2}}(?:Teil|Part|第)\s?(?P<part>\d{{1,2}})(?:\s?部分?|(?!\s?版|\d)))?(?![\dA-Za-z])",
        _vda,
        re.IGNORECASE,
    ),
    _family(S, rf"CQI{_S}-?{_S}(?P<n>\d{{1,2}}){_TO}", "CQI-{n}", re.IGNORECASE),
    _family(
        S,
        r"AIAG(?:\s?(?:&|-|/|and|与|和)\s?VDA)?\s?(?:的|[-–:])?\s?(?:《)?\s?"
        r"(?P<tool>D?FMEA|PFMEA|PPAP|APQP|MSA|SPC|Control Plan|控制计划)(?![A-Za-z0-9])",
        _tool,
        re.IGNORECASE,
    ),
    _family(
        S,
        r"(?:VDA[-/ ]AIAG\s)?(?:《产品质量先期策划和控制计划》[(（])?(?P<tool>FMEA|PPAP|APQP|MSA|SPC)"
        r"(?=[)）》]?\s?(?:参考)?\s?(?:手册|(?:reference\s)?manual\b|handbook\b"
        r"|[,，(（]?\s?(?:按|采用)?(?:第\s?[一二三四五六\d]\s?版|\d(?:st|nd|rd|th)\b|(?:first|second|third|fourth|fifth)\sedition)))",
        _tool,
        re.IGNORECASE,
    ),
    _family(S, rf"MMOG{_S}[/ -]?{_S}LE{_TO}", "MMOG/LE", re.IGNORECASE),
    # Laws by their number ---------------------------------------------------------------------------------------------
    _family(S, rf"FMVSS{_S}(?:No\.?\s?|-)?(?P<body>571\.)?(?P<n>\d{{3}}[a-z]?)(?!\d)", "FMVSS {n}", re.IGNORECASE),
    _family(
        L,
        rf"(?:UN[/ -]?ECE|ECE|UN)(?:[- ]?(?:R\.?|Regulation(?: No\.?)?|法规)){_S}-?(?P<n>\d{{1,3}})(?:[./]\d\d)?{_TO}",
        _regulation,
    ),
    _family(
        L,
        r"(?P<act>(?:Council |Commission )?(?:Directive|Regulation|Decision|Richtlinie|Verordnung)\s)?"
        r"(?:(?:\((?P<of2>EU|EC|EG|EEC)\)\s?(?:No\.?\s|Nr\.?\s)?(?P<n2>\d{2,4}/\d{2,4}))"
        r"|(?P<n>\d{2,4}/\d{1,4})/(?P<of>EU|EC|EG|EEC|EWG))(?![A-Za-z0-9])",
        _act,
        re.IGNORECASE,
    ),
    # Customers' norms and manuals -------------------------------------------------------------------------------------
    _family(C, r"SOR[-_](?P<n>(?=[A-Z0-9_-]*\d)[A-Z0-9]{1,12}(?:[-_][A-Z0-9]{1,12}){0,4})(?![A-Za-z0-9])", "SOR-{n}"),
    _family(
        C,
        r"SOR\s?(?:编号|文号|No\.?|Nr\.?)\s?[:.]{0,2}\s?(?P<n>(?=[A-Z0-9-]*\d)[A-Z0-9]{1,12}(?:[-_.][A-Z0-9]{1,12}){0,4})(?![A-Za-z0-9])",
        "SOR {n}",
        re.IGNORECASE,
    ),
    _family(
        C,
        r"FORMEL[- ]?Q(?:[-–: ]{1,3}(?P<which>konkret|concrete|capability software|capability|fähigkeit|faehigkeit|neuteile(?: integral)?|new parts(?: integral)?)|(?:\s?(?P<zh>新零件|能力)))?(?![A-Za-z0-9])",
        lambda match: (
            _formel(match)
            if match["which"]
            else {"能力": "Formel Q-Capability", "新零件": "Formel Q Neuteile Integral"}.get(
                match["zh"] or "", "Formel Q"
            )
        ),
        re.IGNORECASE,
    ),
    _family(C, rf"VW{_S}(?P<n>\d{{5}}{_PART}){_TO}", "VW {n}"),
    _family(C, rf"VW{_S}(?P<n>\d{{3}}) (?P<m>\d\d){_TO}", "VW {n}{m}"),
    _family(C, rf"(?P<body>PV|TL){_S}-?(?P<n>\d{{3,5}}(?:[-.]\d{{1,2}}(?!\d))?)(?![A-Za-z0-9%])", "{body} {n}"),
    _family(
        C,
        rf"(?:BMW{_S}(?:Group{_S}Standard{_S})?)?GS{_S}(?P<n>9\d{{4}}{_PART}){_TO}|BMW{_S}(?:Group{_S}Standard{_S})(?P<m>\d{{5}}{_PART}){_TO}",
        "BMW GS {n}{m}",
    ),
    _family(
        C, rf"(?P<body>MBN{_S}LV|MBN|DBL|LV){_S}(?P<n>\d{{3,5}}(?:\.\d{{1,2}})?{_PART})(?![A-Za-z0-9%])", "{body} {n}"
    ),
    _family(C, rf"MBST{_S}(?P<n>\d{{1,3}}(?:/(?:\d{{2}}|\d{{4}})(?!\d))?){_TO}", "MBST {n}"),
    _family(C, r"GMW[ -]?(?P<n>\d{4,5}(?:-\d{1,2}(?!\d))?)(?![A-Za-z0-9])", "GMW{n}"),
    _family(C, r"GM[ -]?(?P<n>\d{4,5}(?:-\d{1,2}(?!\d))?[A-Z]?)(?:\s?QN)?(?![A-Za-z0-9])", "GM{n}"),
    _family(C, r"(?:GM\s)?GP-?(?P<n>4|5|9|10|11|12)(?![\dA-Za-z%]|\.\d)", "GP-{n}"),
    _family(
        C,
        r"(?P<n>(?:WSS|WSK|WSB|WSD|WSE|WSA|WSP|WSF|ES[A-Z]|SK)-?M\d{1,2}[A-Z]{1,2}\d{1,5}-[A-Z]\d{0,2})(?![A-Za-z0-9])",
        "{n}",
    ),
    _family(C, rf"FLTM{_S}(?P<body>[A-Z]{{2}}){_S}(?P<n>\d{{3}}-\d{{2}}){_TO}", "FLTM {body} {n}"),
    _family(C, r"(?P<body>PF|PS|CEP|QR|SQ|CS)[.](?P<n>\d{5,6})(?![A-Za-z0-9])", "{body}.{n}"),
    _family(C, r"(?P<body>PF|PS|MS)-(?P<n>\d{4,5})(?![A-Za-z0-9-])", "{body}-{n}"),
    _family(C, r"(?P<n>(?:RNDS|RNES)-[A-Z]-\d{5})(?![A-Za-z0-9])", "{n}"),
    _family(C, r"(?P<n>\d{2}-\d{2}-\d{3})/-{1,2}[A-Z](?![A-Za-z0-9])", "{n}"),
    _family(C, r"(?P<n>ANPQP|ASES)(?![A-Za-z0-9])", "{n}"),
    _family(C, r"(?P<n>TS[A-Z]\d{4}G)(?![A-Za-z0-9])", "{n}"),
    _family(
        C,
        r"(?P<body>HES|NES|MES)[ -](?P<m>[A-Z]{1,2}) ?(?P<n>\d{3,4}(?:-\d{1,3}(?!\d))?)(?![A-Za-z0-9])",
        "{body} {m}{n}",
    ),
    _family(C, r"(?P<body>MS|ES)[ ]?(?P<n>\d{3,5}-\d{2})(?![A-Za-z0-9-])", "{body} {n}"),
    _family(C, rf"SMTC{_S}(?P<a>\d) ?(?P<b>\d{{3}}) ?(?P<c>\d{{3}}){_TO}", "SMTC {a} {b} {c}"),
    _family(C, r"(?P<n>VS-\d\d\.\d\d-[A-Z]-\d{3,6})(?:-A\d)?(?![A-Za-z0-9])", "{n}"),
    _family(
        C,
        rf"Q{_S}/{_S}(?P<who>[A-Z]{{2,6}}){_S}[-.]?"
        rf"(?P<n>[A-Z]{{0,3}}[-. ]?\d[A-Z0-9]*(?:[.-](?!{_YEAR}(?!\d))[A-Z0-9]+)*)(?![A-Za-z0-9])",
        _own,
    ),
    _family(
        C,
        rf"Q{_S}/{_S}(?P<who>JLY|SQR|BYD|CAM|CC|FC|DFL|ZK|HX|GAC|BJ|SGMW|CA)(?P<n>J?T?\d[A-Z0-9]*(?:[.-](?!{_YEAR}(?!\d))[A-Z0-9]+)*)(?![A-Za-z0-9])",
        _own,
    ),
)
# Parts of the very document: 附件3, Annex B.
ANNEX = re.compile(
    r"(?P<zh>附\s?(?:[件表图]|(?P<std>录)))\s?(?P<n>[一二三四五六七八九十]{1,3}|\d{1,2}(?:\.\d{1,2})?|[A-Z](?![A-Za-z]))"
    r"|(?<![A-Za-z])(?P<la>(?P<stl>Annex|Anhang)|Appendix|Attachment|Enclosure|Anlage)\s(?P<m>[A-Z](?![A-Za-z])|[IVX]{1,4}(?![A-Za-z])|\d{1,2}(?:\.\d{1,2})?)(?![\d%])",
    re.IGNORECASE,
)
# What makes it another document's: Appendix B of CQI-14.
ANNEX_OF = re.compile(r"\s(?:of|to|der|des|zur?|in)\s(?:the\s|die\s)?", re.IGNORECASE)
