"""What the answers of messengers have in common: a status, and mostly a JSON object with a code and a message."""

import json
from typing import Any

from yinuo.kit import outgoing
from yinuo.messengers.definition import Outcome, Verdict

FOREIGN = "foreign"  # somebody else answered than who was asked: a sign-in page, a proxy
JSON = {"Content-Type": "application/json; charset=utf-8"}


def body(value: Any) -> bytes:
    """The JSON body of a post, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def by_status(answer: outgoing.Answer) -> Outcome | None:
    """What the status alone decides; None for 200, where the body decides."""
    if answer.status == 200:
        return None
    words = f"HTTP {answer.status}"
    if answer.status == 429:
        return Outcome(Verdict.LATER, words, wait=answer.wait or 60, is_crowded=True)
    if answer.status >= 500 or answer.status in (408, 425):
        return Outcome(Verdict.LATER, words, wait=answer.wait)
    return Outcome(Verdict.REFUSED, words)


def said(answer: outgoing.Answer) -> dict[str, Any] | None:
    """The JSON object of an answer, None when it is none."""
    try:
        value = json.loads(answer.body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def by_code(
    answer: outgoing.Answer, *, code: str, message: str, crowded: dict[int, int], busy: frozenset[int]
) -> Outcome:
    """The outcome by the code in the body: 0 taken, `crowded` (code → seconds) and `busy` later, else never."""
    if (decided := by_status(answer)) is not None:
        return decided
    value = said(answer)
    if value is None or not isinstance(value.get(code), int):
        return Outcome(Verdict.LATER, FOREIGN)
    number, words = value[code], f"{value[code]} {value.get(message, '')}".strip()[:300]
    if number == 0:
        return Outcome(Verdict.TAKEN)
    if number in crowded:
        return Outcome(Verdict.LATER, words, wait=crowded[number], is_crowded=True)
    return Outcome(Verdict.LATER if number in busy else Verdict.REFUSED, words)
