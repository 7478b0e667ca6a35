"""How wide columns are, and where a word that is wider than its column may be broken."""

import re
import unicodedata
from collections.abc import Sequence

SIZE = 9.0  # points, of the letters in tables
INSET = 4.0  # points, on either side of a cell
LEAST = 24.0  # points of a column
LATIN, WIDEST = 0.6, 0.92  # of the size: what a Latin letter takes on the whole, and what the widest takes
SHORT = 6  # letters of a heading that is not broken
PROBED = 400  # rows from which widths are estimated

# Letters between which no line is broken: everything but blanks, ideographs, kana and Korean.
_RUN = re.compile(r"[^ \n\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+")
_FORBIDDEN = {"Cc", "Cs", "Cf", "Co", "Cn"}  # what steers instead of standing on the paper
_KEPT = "\n\u200d"
_TABS = str.maketrans({"\t": " ", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\xa0": " ", "\u202f": " "})


def plain(text: str) -> str:
    """The text as it can stand on paper: no letters that steer, no blank that refuses to break a line."""
    text = text.replace("\r\n", "\n").translate(_TABS)
    return "".join(each for each in text if each in _KEPT or unicodedata.category(each) not in _FORBIDDEN)


def width(text: str, size: float = SIZE) -> float:
    """About how wide a line is, in points."""
    wide = sum(unicodedata.east_asian_width(each) in "WFA" for each in text)
    return size * (wide + (len(text) - wide) * LATIN)


def broken(text: str, room: float, size: float = SIZE) -> list[str]:
    """The text in parts, with a line's end allowed between any two; a word that fits into `room` stays in one part."""
    text = plain(text)
    most = max(int(room / (size * WIDEST)), 1)
    parts: list[str] = []
    at = 0
    for run in _RUN.finditer(text):
        if run.end() - run.start() > most:
            letters, few = _clusters(run[0]), max(most // 4, 1)  # so lines are filled by three quarters at least
            parts.append(text[at : run.start()])
            parts += ["".join(letters[start : start + few]) for start in range(0, len(letters), few)]
            at = run.end()
    return [part for part in (*parts, text[at:]) if part]


def _clusters(word: str) -> list[str]:
    """The letters of a word, each with the marks that stand upon it."""
    found: list[str] = []
    for each in word:
        if found and (unicodedata.combining(each) or each == "\u200d" or found[-1].endswith("\u200d")):
            found[-1] += each
        else:
            found.append(each)
    return found


def widths(labels: Sequence[str], rows: Sequence[Sequence[str]], room: float) -> list[float]:
    """Columns that fill `room` together: narrow ones as wide as they need, the others by what stands in them."""
    probed = rows[:: max(len(rows) // PROBED, 1)]
    wanted = [_wanted(label, [row[at] for row in probed if at < len(row)]) for at, label in enumerate(labels)]
    return _shared(wanted, room)


def _wanted(label: str, cells: Sequence[str]) -> float:
    lines = sorted(max((width(line) for line in cell.split("\n")), default=0.0) for cell in cells) or [0.0]
    usual = lines[min(len(lines) * 95 // 100, len(lines) - 1)]
    short = len(label) <= SHORT  # a short heading stands in one line
    head = width(label) if short else max((width(word) for word in re.split(r"[ \n]+", label)), default=0.0)
    return max(usual, min(head, SIZE * 5), LEAST - 2 * INSET) + 2 * INSET + 1


def _shared(wanted: Sequence[float], room: float) -> list[float]:
    """Whoever wants less than an equal share of what is left gets it; the others share by the root of their wishes."""
    given: dict[int, float] = {}
    while len(given) < len(wanted):
        left = {at: each for at, each in enumerate(wanted) if at not in given}
        rest = room - sum(given.values())
        small = {at: each for at, each in left.items() if each <= rest / len(left)}
        if not small:
            roots = sum(each**0.5 for each in left.values())
            given |= {at: rest * each**0.5 / roots for at, each in left.items()}
        given |= small
    weights = {at: each**1.5 for at, each in given.items()}  # what is over goes to those who have much to say
    over = (room - sum(given.values())) / sum(weights.values())
    return [round(given[at] + weights[at] * over, 2) for at in range(len(wanted))]
