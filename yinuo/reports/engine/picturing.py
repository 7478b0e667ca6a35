"""Drawings that leave the page: with their own colours, and bars with words for mails and paper."""

from collections.abc import Sequence
from html import escape

ACCENT, SOFT, INK, LINE = "#0f5f66", "#d5e6e7", "#3c4441", "#9aa39f"
STYLE = (
    f".pairs-ground{{fill:none;stroke:{LINE}}}.pairs-came{{fill:{SOFT};stroke:{ACCENT}}}"
    f".pairs-ended{{fill:{ACCENT};stroke:{ACCENT}}}text{{fill:{INK};font-size:10.5px;text-anchor:middle;"
    'font-family:"Noto Sans S Chinese"}'
    f".lying{{fill:{ACCENT}}}.lying-theirs{{fill:#fff;stroke:{ACCENT}}}.lying-name{{text-anchor:end}}"
    ".lying-words{text-anchor:start}"
)
WIDE, ROW, NAME, EDGE = 720, 22, 250, 8


def alone(svg: str) -> str:
    """A drawing of a page as a file of its own, which no style sheet reaches."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" '
    start = svg.index(">") + 1
    return f"{svg[:start].replace('<svg ', head, 1)}<style>{STYLE}</style>{svg[start:]}"


def lying(rows: Sequence[tuple[str, float, str, bool]], *, title: str) -> str:
    """A bar for each row: its name before it, its value in words behind it; hollow where it is not ours."""
    most = max([*(value for _name, value, _words, _ours in rows), 1e-9])
    room = WIDE - NAME - 90
    found = []
    for place, (name, value, words, is_ours) in enumerate(rows):
        top = place * ROW
        long = max(value / most * room, 1)
        kind = "lying" if is_ours else "lying-theirs"
        found.append(
            f'<text class="lying-name" x="{NAME - EDGE}" y="{top + 15}">{escape(_cut(name))}</text>'
            f'<rect class="{kind}" x="{NAME}" y="{top + 4}" width="{long:.1f}" height="{ROW - 8}"/>'
            f'<text class="lying-words" x="{NAME + long + EDGE:.1f}" y="{top + 15}">{escape(words)}</text>'
        )
    tall = max(len(rows), 1) * ROW
    return f'<svg viewBox="0 0 {WIDE} {tall}" role="img"><title>{escape(title)}</title>{"".join(found)}</svg>'


def _cut(name: str) -> str:
    """So much of a name as has room before its bar."""
    room, kept = (NAME - 2 * EDGE) / 5.6, ""
    for letter in name:
        room -= 1 if letter.isascii() else 2
        if room < 1:
            return f"{kept}…"
        kept += letter
    return kept
