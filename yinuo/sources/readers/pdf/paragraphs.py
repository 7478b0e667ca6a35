"""Lines → paragraphs: broken lines joined, hyphenation taken back, across columns and pages too."""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from yinuo.sources.readers.pdf.lines import Line
from yinuo.sources.readers.pdf.pieces import is_wide

BULLET = re.compile(r"^[\ufffd•●○◦▪■□◆◇▶➢➔✓✗☑☐★※·‣⁃–—\-\uf000-\uf0ff]\s*(?=\S)")
NUMBER = re.compile(
    r"^(?:[（(【\[]?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5}|[一二三四五六七八九十百]{1,4})[)）】\].、．]"
    r"|\d{1,3}(?:\s?[.．]\s?\d{1,3}){1,6}[.．]?(?=[\s\u3400-\u9fffA-Za-z(（《“\"]|$)|第[〇零一二三四五六七八九十百千\d]{1,6}[章节条款编部]|[①-⑳]"
    r"|(?:附件|附录|附表|Annex|Appendix|Section|Article|Clause|Chapter|§)\s*[\dA-Z一二三四五六七八九十]"
    r"|\d{1,2}(?=\s*\t|\s{2,}|\s+[A-Z\u4e00-\u9fff])|[A-Z]{2,6}[-_. ]?\d)"
)
TERMINAL = tuple("。．.;；:：!！?？」』”）)")
FULL_STOP = tuple("。.;；:：!！?？")
DIGITS, NUMBER_PART = re.compile(r"\d+"), re.compile(r"[\d\s.．]*")
HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
FIRST_WORD = re.compile(r"[^\W\d_]*")
SMALL = re.compile(r"^[a-zäöüß]")


@dataclass(slots=True)
class Paragraph:
    """Lines that are one paragraph."""

    lines: list[Line] = field(default_factory=list)

    def text(self, hyphenated: frozenset[str] = frozenset()) -> str:
        """Its words; `hyphenated` are the words that the document writes with a hyphen in the middle of a line."""
        said = self.lines[0].text
        for line in self.lines[1:]:
            said = joined(said, line.text, hyphenated)
        return said


@dataclass(frozen=True, slots=True)
class Flow:
    """One column of text: its edges, and how far its lines usually stand apart."""

    left: float
    right: float
    leading: float

    @classmethod
    def of(cls, lines: list[Line]) -> "Flow":
        lefts, rights = sorted(line.left for line in lines), sorted(line.right for line in lines)
        gaps = [b.baseline - a.baseline for a, b in pairwise(lines) if b.baseline > a.baseline]
        near = [gap for line, gap in zip(lines, gaps, strict=False) if gap < line.size * 2.6] or gaps or [14.0]
        return cls(lefts[len(lefts) // 20], rights[-1 - len(rights) // 20], _usual(near))


def paragraphs_of(lines: list[Line]) -> list[Paragraph]:
    """Paragraphs of the whole document; lines come in reading order."""
    flows: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        flows.setdefault((line.page, line.flow), []).append(line)
    known = {key: Flow.of(members) for key, members in flows.items()}
    made: list[Paragraph] = []
    for line in lines:
        if made and _goes_on(made[-1], line, known):
            made[-1].lines.append(line)
        else:
            made.append(Paragraph([line]))
    return made


def hyphenated_in(lines: list[Line]) -> frozenset[str]:
    """The words that a document writes with a hyphen, not counting those broken at the end of a line."""
    return frozenset(word.lower() for line in lines for word in HYPHENATED.findall(line.text))


def joined(before: str, after: str, hyphenated: frozenset[str] = frozenset()) -> str:
    """Two lines as one: no space between Chinese signs, a broken word put together."""
    if before.endswith("-") and len(before) > 1 and before[-2].isalpha() and SMALL.match(after):
        word = f"{before.split()[-1]}{FIRST_WORD.match(after)[0]}".lower()  # type: ignore[index]
        return (before if word in hyphenated else before[:-1]) + after
    if before.endswith(("-", "/")) and len(before) > 1 and before[-2].isalnum():
        return before + after
    if is_wide(before[-1:]) or is_wide(after[:1]):
        return before + after
    return f"{before} {after}"


def _goes_on(paragraph: Paragraph, line: Line, flows: dict[tuple[int, int], Flow]) -> bool:
    last = paragraph.lines[-1]
    own, other = flows[last.page, last.flow], flows[line.page, line.flow]
    if abs(line.size - last.size) > 0.12 * max(line.size, last.size) or line.is_bold != last.is_bold:
        return False
    is_same = (line.page, line.flow) == (last.page, last.flow)
    is_full = last.right + _room(line) > own.right
    if not is_same:
        return is_full and not last.text.endswith(FULL_STOP) and not _begins(line) and _is_at(line, other, paragraph)
    if line.baseline - last.baseline > own.leading * 1.35 + 1 or not is_full:
        return False
    if BULLET.match(line.text):
        return False
    if _begins(line):
        is_level = abs(line.left - last.left) < line.size * 0.5 and "\t" not in line.text[:12]
        return is_level and not last.text.endswith(TERMINAL) and not _follows(paragraph.lines[0], line)
    return _is_at(line, own, paragraph)


def _is_at(line: Line, flow: Flow, paragraph: Paragraph) -> bool:
    """Whether the line begins where a line of that paragraph would."""
    first, last = paragraph.lines[0], paragraph.lines[-1]
    size = max(line.size, 1.0)
    if len(paragraph.lines) > 1 and (last.page, last.flow) == (line.page, line.flow):
        return abs(line.left - last.left) < size * 0.8
    is_first_indented = first.left - flow.left > size * 0.8
    if (first.page, first.flow) == (line.page, line.flow):
        deeper = line.left - first.left
        return deeper < size * 0.8 or _begins(first) or BULLET.match(first.text) is not None or is_first_indented
    return line.left - flow.left < size * 0.8 or _begins(first)


def _begins(line: Line) -> bool:
    return NUMBER.match(line.text) is not None or BULLET.match(line.text) is not None


def _follows(first: Line, line: Line) -> bool:
    """Whether a line's number may come after that of the paragraph it would belong to; if it has none, it may."""
    before, after = (DIGITS.findall(NUMBER_PART.match(each.text)[0]) for each in (first, line))  # type: ignore[index]
    if not before or not after or len(before) == len(after) == 1:
        return True
    return any(after == [*before[:place], str(int(before[place]) + 1)] for place in range(len(before))) or (
        after[:-1] == before and after[-1] in ("0", "1")
    )


def _room(line: Line) -> float:
    """How much room the first word of a line takes: it would have stood on the line before, had there been room."""
    text = line.text
    if is_wide(text[:1]):
        return line.size * 2.2  # a sign, and the one that must not begin a line
    word = re.match(r"\S+", text)
    share = len(word[0]) if word else 1
    return (line.right - line.left) * min(1.0, (share + 1) / max(len(text), 1)) + line.size * 0.3


def _usual(gaps: list[float]) -> float:
    return median(sorted(gaps)[: max(1, (len(gaps) * 3 + 3) // 4)])
