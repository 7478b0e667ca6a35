"""Plain text: in whatever character set, lines of one width joined to paragraphs, heads and feet of pages as noise."""

import re
import unicodedata
from collections import Counter

from yinuo.letters.readers import charsets
from yinuo.sources.definition import Block, Fault, Noise, Place, Reading, Remark, Unreadable

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CJK = re.compile("[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef]")
ITEM = re.compile(
    r"\s*(?:[-*•●○■◆➢▪·–—]\s|\(?[0-9]{1,3}(?:\.\d{1,3})*[.)、．:：\s]|\(?[a-z][.)]\s|[(（][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|第.{1,6}[章节条]|[①-⑳]|\[)"
)
PAGE_MARK = re.compile(
    r"\s*(?:.*\[Page \d+\]|第\s*\d+\s*页.*|\d{1,4}|-\s?\d{1,4}\s?-|Page \d+(?: of \d+)?)\s*", re.IGNORECASE
)
NARROWEST, WIDEST = 30, 140
FEW = 8  # lines below which nothing is said about the width


def decoded(content: bytes) -> tuple[str, tuple[Remark, ...]]:
    """The text of a file that says little or nothing about its character set, with line ends as line feeds."""
    remarks: tuple[Remark, ...] = ()
    for mark, codec in MARKS:
        if content.startswith(mark):
            text = content.decode(codec, "replace")
            break
    else:
        codec = _without_mark(content)
        if codec:
            text = content.decode(codec, "replace")
        else:
            text, remark = charsets.decode(content)
            remarks = (Remark(Fault.CHARSET_GUESSED, remark.about),) if remark else ()
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.lstrip("\ufeff"), remarks


def _without_mark(content: bytes) -> str:
    """UTF-16 without a mark shows in zeros (of spaces, digits, line ends) that all stand at even or at odd places."""
    head = content[:4000]
    at_even, at_odd = head[0::2].count(0), head[1::2].count(0)
    if at_even + at_odd < 2 or min(at_even, at_odd) * 10 > max(at_even, at_odd):
        return ""
    return "utf-16-le" if at_odd > at_even else "utf-16-be"


def read(content: bytes) -> Reading:
    """The blocks of a text file; `Unreadable` says why there are none."""
    if not content.strip():
        raise Unreadable(Fault.EMPTY)
    text, remarks = decoded(content)
    lines = text.replace("\f", "\n\f\n").split("\n")
    noise = _running(lines)
    width = _width(lines)
    blocks: list[Block] = []
    left_out: list[tuple[Block, Noise]] = []
    waiting: list[str] = []
    for line in [*lines, ""]:
        stripped = line.strip("\f")
        place = Place(len(blocks) + len(left_out) + 1)
        if line != "\f" and _key(line) in noise:
            left_out.append(
                (Block(line.strip(), place), Noise.PAGE_NUMBER if PAGE_MARK.fullmatch(line) else Noise.RUNNING_HEAD)
            )
            continue
        if waiting and not _goes_on(waiting[-1], stripped, width):
            blocks.append(_block(waiting, place))
            waiting = []
        if stripped.strip():
            waiting.append(stripped)
    if not blocks:
        raise Unreadable(Fault.NO_TEXT)
    return Reading("txt", tuple(blocks), tuple(left_out), remarks)


def _block(lines: list[str], place: Place) -> Block:
    indent = len(lines[0]) - len(lines[0].lstrip())
    return Block(joined([line.strip() for line in lines]), place, indent=float(indent * 5))


def joined(lines: list[str]) -> str:
    """Lines of one paragraph as one: no space between Chinese characters, a broken word whole again."""
    text = lines[0]
    for line in lines[1:]:
        if not text or not line or (CJK.match(text[-1]) or CJK.match(line[0])):
            text += line
        else:
            text += line if re.search(r"[A-Za-z]-$", text) and line[0].islower() else " " + line
    return text


def breadth(text: str) -> int:
    """How wide a line is in a font of one width, in which Chinese characters take two places."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text.rstrip())


def _width(lines: list[str]) -> int:
    """The width at which the lines of a file were broken; 0 where they were not."""
    widths = sorted(breadth(line) for line in lines if line.strip())
    if len(widths) < FEW:
        return 0
    most = widths[int(len(widths) * 0.97)]
    near = sum(most * 0.86 <= width <= most * 1.05 for width in widths)
    return most if NARROWEST <= most <= WIDEST and near >= len(widths) * 0.25 else 0


def _goes_on(line: str, following: str, width: int) -> bool:
    if not width or not following.strip() or ITEM.match(following):
        return False
    indent, further = (len(each) - len(each.lstrip()) for each in (line, following))
    if further > indent + 1 and not ITEM.match(line):
        return False
    if line.rstrip()[-1:] in "。；：;:" and breadth(line) < width * 0.93:
        return False
    first = following.split()[0]
    needed = 2 if CJK.match(first) else 1 + breadth(first)
    return breadth(line) + needed >= width * 0.95


def _key(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _running(lines: list[str]) -> set[str]:
    """Lines that stand at the edge of pages again and again, but for their numbers."""
    if lines.count("\f") < 2:
        return set()
    edges: Counter[str] = Counter()
    for place, line in enumerate(lines):
        if line != "\f":
            continue
        for way in (-1, 1):
            at = place + way
            while 0 <= at < len(lines) and not lines[at].strip():
                at += way
            if 0 <= at < len(lines) and lines[at] != "\f":
                edges[_key(lines[at])] += 1
    return {key for key, count in edges.items() if count >= 2}
