"""Pure decisions of a case: its number, its priority and why, what an amendment reopens, what a verdict must say."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yinuo.cases import definition
from yinuo.cases.definition import Oral, Priority, Verdict
from yinuo.procedures import rules as procedure_rules
from yinuo.procedures.definition import boxes, reading_tables
from yinuo.procedures.definition.shapes import Json
from yinuo.procedures.definition.sources import Lines
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.definition.texts import Text

# Numbers -------------------------------------------------------------------------------------------------------------


PART = re.compile(r"\{(?P<field>year|yy|month|n)(?P<zeros>:0[1-9])?\}|(?P<words>[\w.-]+)")
LONGEST = 40


def pattern_fault(pattern: str) -> str:
    """What is wrong with a number pattern such as `CSR-{year}-{n:04}`: fields, running, year, long; "" when nothing.

    Numbers stand in addresses: letters, digits, hyphens, dots and underscores are all there may be beside the fields.
    """
    parts = list(PART.finditer(pattern))
    fields = {part["field"] for part in parts if part["field"]}
    wrong_zeros = any(part["zeros"] and part["field"] != "n" for part in parts)
    if "".join(part[0] for part in parts) != pattern or wrong_zeros:
        return "fields"
    if "n" not in fields:
        return "running"
    if "month" in fields and not {"year", "yy"} & fields:
        return "year"
    return "long" if len(number_of(pattern, 99_999_999, date(2026, 12, 1))) > LONGEST else ""


def number_of(pattern: str, n: int, on: date) -> str:
    """The case number by company pattern: `CSR-{year}-{n:04}` → `CSR-2026-0413` (S1 2.2)."""
    days = {"year": f"{on:%Y}", "yy": f"{on:%y}", "month": f"{on:%m}"}

    def filled(part: re.Match[str]) -> str:
        if part["words"]:
            return part["words"]
        if part["field"] == "n":
            return str(n).zfill(int((part["zeros"] or ":01")[2:]))
        return days[part["field"]]

    return PART.sub(filled, pattern)


def period_of(pattern: str, on: date) -> str:
    """The stretch in which the running number counts: the year or month that the pattern shows, else for ever."""
    fields = {part["field"] for part in PART.finditer(pattern)}
    if "month" in fields:
        return f"{on:%Y-%m}"
    return f"{on:%Y}" if fields & {"year", "yy"} else ""


# Priority ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Urgency:
    """A priority and the reason for it, in words."""

    priority: Priority
    why: Text


def read_table(plain: Any) -> tuple[Table, list[Text]]:
    """A company's decision table from its stored JSON, and what is wrong with its form."""
    sheet = boxes.Sheet("", Lines())
    table = reading_tables.table(boxes.Box(plain, (), sheet))
    return table, [fault.words for fault in sheet.faults]


def table_of(plain: Any) -> tuple[Table, list[Text]]:
    """The priority table from its stored JSON, and what is wrong with it."""
    table, faults = read_table(plain)
    outcomes = {row.then for row in table.rows} | ({table.otherwise} if table.otherwise else set())
    faults += [
        Text(f"未知优先级“{word}”。", f"Unknown priority “{word}”.")
        for word in sorted(outcomes - set(definition.PRIORITY_BY_WORD))
    ]
    return table, faults


def priority_of(table: Table, facts: Mapping[str, Json]) -> Urgency:
    """The priority by decision table; health and safety are top whatever the table says (S7 2)."""
    if facts.get("cases.is_safety"):
        return Urgency(Priority.TOP, definition.SAFETY_WHY)
    verdict = procedure_rules.decide(table, facts, definition.FACTS)
    priority = definition.PRIORITY_BY_WORD.get(verdict.outcome, Priority.NORMAL)
    if verdict.row < 0:
        return Urgency(priority, definition.USUAL_WHY)
    return Urgency(priority, table.rows[verdict.row].note or verdict.why)


def lowers_safety(is_safety: bool, new: Priority) -> bool:
    """Whether a new priority would lower a case of health or safety: only with a reason by somebody who steers."""
    return is_safety and new != Priority.TOP


def due_days(days: Mapping[str, int], priority: Priority) -> int:
    """Working days for a priority by company data, else as shipped."""
    word = next(word for word, value in definition.PRIORITY_BY_WORD.items() if value == priority)
    return int(days.get(word, definition.DUE_DAYS[word]))


# Items and wordings --------------------------------------------------------------------------------------------------

LEAD = re.compile(
    r"^\s*(?:[(（]?\d{1,3}(?:\.\d{1,3})*[)）.、．:：](?!\d)|[①-⑳]|[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[-–•·●*]\s)\s*"
)


def split(text: str) -> list[str]:
    """A pasted text as proposed items: one per line, or per numbered line where lines are numbered; a person corrects.

    A line without a number continues the numbered one above it.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not any(LEAD.match(line) for line in lines):
        return lines
    found: list[str] = []
    numbered = False
    for line in lines:
        if LEAD.match(line):
            found.append(LEAD.sub("", line, count=1))
            numbered = True
        elif numbered:
            found[-1] = f"{found[-1]}\n{line}"
    return [each for each in found if each]


def reach(word: str) -> tuple[str, int]:
    """How far an item reaches, as forms say it: `customer`, `product:12`, `site:3` → which, and the key of one."""
    applies, _colon, key = word.partition(":")
    return applies, int(key) if key.isascii() and key.isdigit() and len(key) < 19 else 0


def oral_of(states: Iterable[str]) -> Oral:
    """How a case stands whose items' wordings stand so: the one that asks for most attention."""
    found = set(states)
    for state in (Oral.WAITING, Oral.REFUSED, Oral.CONFIRMED):
        if state in found:
            return state
    return Oral.WRITTEN


WORST = [Verdict.CANNOT, Verdict.CONDITIONAL, Verdict.CAN, Verdict.NOT_CONCERNED]


def summary_of(verdicts: Iterable[str]) -> str:
    """The verdict over all items: the worst given, empty while one is missing or there is none."""
    found = list(verdicts)
    if not found or "" in found:
        return ""
    return next(str(verdict) for verdict in WORST if verdict in found)


def needs_words(verdict: str) -> bool:
    """A condition, or why it cannot be met, must be said in words (S5 3(3))."""
    return verdict in (Verdict.CONDITIONAL, Verdict.CANNOT)


@dataclass(frozen=True)
class Progress:
    """How far an item has come; each part rests on the wording it was made for."""

    analysed: bool = False
    judged: bool = False
    decided: bool = False
    planned: bool = False
    verified: bool = False


REOPENS = ("analysed", "judged", "decided", "planned", "verified")


def reopened_by(progress: Progress) -> tuple[str, ...]:
    """What an amendment reopens: everything already done for the old wording, in working order."""
    return tuple(part for part in REOPENS if getattr(progress, part))


# Plan, alternative, feedback -----------------------------------------------------------------------------------------


def is_endless(until: date | None, quantity: int | None) -> bool:
    """A waiver ends on a day or with a quantity (IATF 16949 8.7.1.1); this one does not."""
    return until is None and not quantity


def link_state(*, expires_at: datetime, revoked: bool, answered: bool, now: datetime) -> str:
    """How a feedback link stands: open, answered, revoked or expired."""
    if answered:
        return "answered"
    if revoked:
        return "revoked"
    return "expired" if now >= expires_at else "open"


def held_seconds(held_at: datetime | None, before: int, now: datetime) -> int:
    """Seconds on hold for the customer until now, kept apart from our own handling time."""
    return before + (int((now - held_at).total_seconds()) if held_at else 0)


def earlier(one: Any, other: Any) -> Any:
    """The first day or moment if it comes before the other, or there is no other; else None."""
    return one if one is not None and (other is None or one < other) else None


# Findings ------------------------------------------------------------------------------------------------------------

# Words by which the nature of a requirement is guessed; whoever accepts the case corrects it.
KIND_WORDS = {
    "environment": r"环保|RoHS|REACH|\bELV\b|IMDS|禁用物质|有害物质|碳足迹|回收",
    "regulatory": r"法规|法律|强制认证|\b3C\b|\bCCC\b|出口管制",
    "delivery": r"交付|交期|交货|发货|到货|包装|标签|物流|库存|样件",
    "commercial": r"价格|报价|降价|年降|付款|合同",
    "service": r"售后|三包|索赔",
    "quality": r"质量|PPAP|\b8D\b|审核|检验|报告|Cpk|\bPPM\b|不良|追溯|\bMSA\b|\bSPC\b",
}


def kind_of(text: str) -> str:
    """The nature of a requirement by the words that occur most in it; technical where none does."""
    counts = {kind: len(re.findall(words, text, re.I)) for kind, words in KIND_WORDS.items()}
    best = max(counts, key=lambda kind: counts[kind])
    return best if counts[best] else "technical"


def title_of(text: str, most: int = 80) -> str:
    """A title from reported words: the first sentence of the first line, cut where it is too long."""
    first = LEAD.sub("", text.strip().partition("\n")[0], count=1).strip()
    sentence = re.split(r"(?<=[。！？；])|(?<=[.!?;])\s", first, maxsplit=1)[0].rstrip("。；;. ") or first
    return sentence if len(sentence) <= most else f"{sentence[: most - 1]}…"
