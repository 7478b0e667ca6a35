"""Which part of a page counts, when two texts say the same, what changed, and when to look again."""

import re
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from yinuo.sources.rules import comparing
from yinuo.watches.definition import Hunk

NUMBERS = re.compile(r"\d+(?:[.,:/年月日-]\d+)*")
UNREACHABLE_AFTER = 3  # visits in a row that brought nothing
FIRST_RETRY = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=2)  # that a server may ask for
MOST_HUNKS = 200
WORD_BY_WORD = 3000  # characters of changed lines that are compared word by word
MOST_LINES = 4000  # lines up to which none counts as too frequent to be compared


NAME = r"-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*"
STEP = re.compile(
    rf"\s*(?P<child>>?)\s*(?P<tag>{NAME}|\*)?(?P<rest>(?:#{NAME}|\.{NAME}"
    rf"|\[{NAME}(?:=(?:\"[^\"\]]*\"|'[^'\]]*'|[\w-]+))?\])*)"
)
SIGN = re.compile(rf"#(?P<id>{NAME})|\.(?P<kind>{NAME})|\[(?P<key>{NAME})(?:=(?P<value>[^\]]*))?\]")


def xpath_of(selector: str) -> str | None:
    """The path to what a CSS selector means: elements, #id, .class, [key=value], one inside another (also with >), and
    several by commas. None when it says anything else, or nothing."""
    paths = [_path(each) for each in selector.split(",")]
    return " | ".join(each for each in paths if each) if all(paths) else None


def _path(selector: str) -> str | None:
    at, path = 0, ""
    while at < len(selector.rstrip()):
        step = STEP.match(selector, at)
        if step is None or not (step["tag"] or step["rest"]) or (step["child"] and not path):
            return None
        path += ("/" if step["child"] else "//") + (step["tag"] or "*").lower()
        path += "".join(_condition(sign) for sign in SIGN.finditer(step["rest"]))
        at = step.end()
        if at < len(selector.rstrip()) and selector[at] not in " >\t":
            return None
    return path or None


def _condition(sign: re.Match[str]) -> str:
    if sign["id"]:
        return f"[@id='{sign['id']}']"
    if sign["kind"]:
        return f"[contains(concat(' ', normalize-space(@class), ' '), ' {sign['kind']} ')]"
    if sign["value"] is None:
        return f"[@{sign['key'].lower()}]"
    value = sign["value"].strip("\"'")
    quote = '"' if "'" in value else "'"
    return f"[@{sign['key'].lower()}={quote}{value}{quote}]"


def tidy(text: str) -> str:
    """The text without empty lines and needless space."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def part_of(text: str, begins: str, ends: str) -> str | None:
    """What stands from one phrase up to another; None when one of them is not there."""
    start = text.find(begins) if begins else 0
    if start < 0:
        return None
    end = text.find(ends, start + len(begins)) if ends else len(text)
    return None if end < 0 else text[start:end]


def compared(line: str, *, ignores_numbers: bool) -> str:
    """What of a line counts when it is compared."""
    return NUMBERS.sub("#", line) if ignores_numbers else line


def changes(old: str, new: str, *, ignores_numbers: bool = False) -> list[Hunk]:
    """What changed from one text to another, line by line, and word by word where that is little."""
    before, after = old.splitlines(), new.splitlines()
    keys = [[compared(line, ignores_numbers=ignores_numbers) for line in lines] for lines in (before, after)]
    matcher = SequenceMatcher(None, keys[0], keys[1], autojunk=max(len(before), len(after)) > MOST_LINES)
    found: list[Hunk] = []
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag != "equal" and len(found) < MOST_HUNKS:
            found.append(_hunk("\n".join(before[a1:a2]), "\n".join(after[b1:b2])))
    return found


def _hunk(gone: str, come: str) -> Hunk:
    if gone and come and len(gone) + len(come) <= WORD_BY_WORD:
        return Hunk(tuple(comparing.differences(gone, come)))
    return Hunk(tuple((how, words) for how, words in (("out", gone), ("in", come)) if words))


def next_at(now: datetime, hours: int, failures: int = 0, wait: int = 0) -> datetime:
    """When to look again: by the page's own time; after failures sooner, each time twice as late; never before the
    server wants."""
    usual = timedelta(hours=hours)
    pause = usual if not failures else min(usual, FIRST_RETRY * 2 ** min(failures - 1, 16))
    return now + max(pause, min(timedelta(seconds=wait), LONGEST_WAIT))
