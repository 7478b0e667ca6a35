"""What differs between two texts, word by word; Chinese letter by letter, without crumbs between."""

import difflib
import re

KEEP, GONE, NEW = "keep", "gone", "new"
_WORD = re.compile(r"[A-Za-z0-9]+(?:[.,][0-9]+)*|\s+|.", re.DOTALL)
MOST = 3_000  # words; longer texts are shown one after the other
CRUMB = 1  # as much kept between two changes reads as part of them
AROUND = 24  # letters shown beside a change

Part = tuple[str, str]


def differences(old: str, new: str) -> list[Part]:
    """The texts as one: kept, gone and new parts in their order."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if len(before) > MOST or len(after) > MOST:
        return _pair(old, new)
    found: list[Part] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append((KEEP, "".join(before[a:b])))
        else:
            found += _pair("".join(before[a:b]), "".join(after[c:d]))
    return _without_crumbs(found)


def _pair(old: str, new: str) -> list[Part]:
    return [part for part in ((GONE, old), (NEW, new)) if part[1]]


def _without_crumbs(parts: list[Part]) -> list[Part]:
    """Short kept parts between changes join them, and neighbours of one kind are one."""
    whole: list[Part] = []
    gone = new = ""
    for at, (kind, text) in enumerate(parts):
        is_between = 0 < at < len(parts) - 1
        if kind == KEEP and not (is_between and len(text.strip()) <= CRUMB and "\n" not in text):
            whole += [*_pair(gone, new), (KEEP, text)]
            gone = new = ""
            continue
        gone += text if kind != NEW else ""
        new += text if kind != GONE else ""
    return [*whole, *_pair(gone, new)]


def shortened(parts: list[Part], around: int = AROUND) -> list[Part]:
    """Long kept parts with their middle left out."""
    found = []
    for at, (kind, text) in enumerate(parts):
        if kind == KEEP and len(text) > 3 * around:
            head = text[:around] if at else ""
            tail = text[-around:] if at < len(parts) - 1 else ""
            text = f"{head}…{tail}"
        found.append((kind, text))
    return found
