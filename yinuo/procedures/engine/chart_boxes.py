"""The boxes of a flow chart: what each kind of step looks like.

Shapes follow ISO 5807 where it has one: process, decision (diamond), delay (a wait or timer), predefined process (an
effect of the program); several sheets stand for the opinions of several parties.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from yinuo.procedures.definition.shapes import Opinions, Step
from yinuo.procedures.engine.outline import MARKS, Mark
from yinuo.procedures.engine.wrapping import width_of, wrapped

FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans S Chinese, sans-serif"
INK, GREY, LINE, HAIR = "#1c1b19", "#5f5b55", "#8a857d", "#dedad3"
PAPER, GROUND, ACCENT, WASH = "#ffffff", "#f5f3ef", "#0f5f66", "#e6f0f0"

WIDTH = 154.0
DIAMOND = 166.0
TITLE = 13.0
SMALL = 10.5
LINE_HEIGHT = 17.0

STROKES: dict[Mark | None, tuple[str, str, str]] = {
    None: (PAPER, INK, ""),
    "done": (GROUND, GREY, ""),
    "current": (WASH, ACCENT, ' stroke-width="2.4"'),
    "waiting": (PAPER, LINE, ""),
    "skipped": (PAPER, LINE, ' stroke-dasharray="3 3"'),
    "returned": (PAPER, ACCENT, ' stroke-dasharray="7 3"'),
}
"""Fill, stroke and more, by mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A box not yet placed: `at(x, y)` gives its SVG with x its middle and y its top."""

    height: float
    at: Callable[[float, float], str]


def step(
    found: Step, *, title: str, number: str, form: str, ways: Sequence[str], mark: Mark | None, lang: str
) -> Drawn:
    """The box of a step."""
    if found.kind == "decision":
        return _decision(title, number, form, ways, mark)
    lines = wrapped(title, TITLE, (WIDTH - 24,), 3)
    body = 22.0 + LINE_HEIGHT * len(lines) + (16.0 if form else 0.0) + 6.0
    foot = 17.0 * len(ways)

    def at(x: float, y: float) -> str:
        left = x - WIDTH / 2
        parts = [_outline(found, left, y, body, mark)]
        parts.append(_small(number, left + 12, y + 15))
        parts.extend(_title(line, x, y + 33 + LINE_HEIGHT * at, mark) for at, line in enumerate(lines))
        if form:
            parts.append(_form(form, x, y + body - 8))
        if found.kind in ("wait", "timer"):
            parts.append(_clock(left + 20 + width_of(number, SMALL), y + 11))
        parts.extend(_way(way, x, y + body + 17 * n) for n, way in enumerate(ways))
        inset = {"wait": 22, "timer": 22, "effect": 19}.get(found.kind, 14)
        parts.append(_badge(mark, left + WIDTH - inset, y + 12, lang))
        return "".join(parts)

    return Drawn(height=body + foot, at=at)


def _decision(title: str, number: str, form: str, ways: Sequence[str], mark: Mark | None) -> Drawn:
    lines = wrapped(title, 12.5, (92,), 2) if width_of(title, 12.5) <= 180 else wrapped(title, 12, (76, 108, 76), 3)
    body = 62.0 + 14.0 * len(lines)
    foot = (17.0 if form else 0.0) + 17.0 * len(ways)

    def at(x: float, y: float) -> str:
        parts = [_diamond(x, y, body, mark), _small(number, x - DIAMOND / 2 + 4, y + 12)]
        first = y + body / 2 + 4.5 - 7.5 * (len(lines) - 1)
        parts.extend(_title(line, x, first + 15 * n, mark, 12.5) for n, line in enumerate(lines))
        below = y + body
        if form:
            parts.append(f'<rect x="{x - 55:.1f}" y="{below:.1f}" width="110" height="16" fill="{PAPER}"/>')
            parts.append(_form(form, x, below + 12))
            below += 17
        parts.extend(_way(way, x, below + 17 * n) for n, way in enumerate(ways))
        parts.append(_badge(mark, x + DIAMOND / 2 - 12, y + 12, ""))
        return "".join(parts)

    return Drawn(height=body + foot, at=at)


def choice(title: str) -> Drawn:
    """The diamond of a choice the table makes by itself: smaller and lighter than a person's decision."""
    lines = wrapped(title, 11.5, (84,), 2) if width_of(title, 11.5) <= 160 else wrapped(title, 11, (72, 104, 72), 3)
    height = 54.0 + 12.0 * len(lines)

    def at(x: float, y: float) -> str:
        rhombus = _rhombus(x, y, 156.0, height)
        first = y + height / 2 + 4 - 7 * (len(lines) - 1)
        texts = "".join(
            f'<text x="{x:.1f}" y="{first + 14 * n:.1f}" text-anchor="middle" font-size="11.5" fill="{GREY}">'
            f"{escape(line)}</text>"
            for n, line in enumerate(lines)
        )
        return f'<polygon class="pc-shape" points="{rhombus}" fill="{GROUND}" stroke="{LINE}"/>{texts}'

    return Drawn(height=height, at=at)


def terminal(text: str, x: float, y: float, height: float, *, is_end: bool) -> str:
    """Where a run starts and ends."""
    width = max(64.0, width_of(text, 12) + 28)
    fill, ink = (INK, PAPER) if is_end else (PAPER, INK)
    return (
        f'<g class="pc-terminal"><rect x="{x - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'rx="{height / 2:.1f}" fill="{fill}" stroke="{INK}"/><text x="{x:.1f}" y="{y + height / 2 + 4:.1f}" '
        f'text-anchor="middle" font-size="12" fill="{ink}">{escape(text)}</text></g>'
    )


# ── pieces ──────────────────────────────────────────────────────────────────────────────────────────────────


def _outline(found: Step, left: float, y: float, height: float, mark: Mark | None) -> str:
    fill, stroke, more = STROKES[mark]
    paint = f'class="pc-shape" fill="{fill}" stroke="{stroke}"{more}'
    right, bottom, half = left + WIDTH, y + height, min(height / 2, 26.0)
    box = f'<rect x="{left:.1f}" y="{y:.1f}" width="{WIDTH}" height="{height:.1f}" rx="6" {paint}/>'
    if found.kind in ("wait", "timer"):
        return (
            f'<path d="M{left + 6:.1f} {y:.1f}H{right - half:.1f}A{half:.1f} {height / 2:.1f} 0 0 1 {right - half:.1f} '
            f"{bottom:.1f}H{left + 6:.1f}A6 6 0 0 1 {left:.1f} {bottom - 6:.1f}V{y + 6:.1f}A6 6 0 0 1 {left + 6:.1f} "
            f'{y:.1f}Z" {paint}/>'
        )
    if found.kind == "effect":
        bars = "".join(
            f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="{stroke}"/>'
            for x in (left + 7, right - 7)
        )
        return f'<rect x="{left:.1f}" y="{y:.1f}" width="{WIDTH}" height="{height:.1f}" {paint}/>{bars}'
    if isinstance(found.work, Opinions):
        edge = f"M{right + 3:.1f} {y + 7:.1f}V{bottom - 3:.1f}a6 6 0 0 1 -6 6H{left + 7:.1f}"
        return f'{box}<path d="{edge}" fill="none" stroke="{stroke}"{more}/>'
    return box


def _diamond(x: float, y: float, height: float, mark: Mark | None) -> str:
    fill, stroke, more = STROKES[mark]
    rhombus = _rhombus(x, y, DIAMOND, height)
    return f'<polygon class="pc-shape" points="{rhombus}" fill="{fill}" stroke="{stroke}"{more}/>'


def _rhombus(x: float, y: float, width: float, height: float) -> str:
    half, middle = width / 2, y + height / 2
    return f"{x:.1f},{y:.1f} {x + half:.1f},{middle:.1f} {x:.1f},{y + height:.1f} {x - half:.1f},{middle:.1f}"


def _title(line: str, x: float, y: float, mark: Mark | None, size: float = TITLE) -> str:
    ink = GREY if mark == "skipped" else INK
    weight = ' font-weight="600"' if mark == "current" else ""
    return (
        f'<text class="pc-title" x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="{size}" fill="{ink}"{weight}>'
        f"{escape(line)}</text>"
    )


def _small(text: str, x: float, y: float) -> str:
    return f'<text class="pc-number" x="{x:.1f}" y="{y:.1f}" font-size="{SMALL}" fill="{ACCENT}">{escape(text)}</text>'


def _form(number: str, x: float, y: float) -> str:
    """A small sheet of paper and the number of the form."""
    left = x - (width_of(number, SMALL) + 13) / 2
    sheet = f"M{left:.1f} {y - 8:.1f}h5l3 3v7h-8z"
    return (
        f'<path d="{sheet}" fill="none" stroke="{GREY}" stroke-width="0.9"/>'
        f'<text class="pc-form" x="{left + 12:.1f}" y="{y + 1:.1f}" font-size="{SMALL}" fill="{GREY}">'
        f"{escape(number)}</text>"
    )


def _way(way: str, x: float, y: float) -> str:
    """A way out that is no line: back to an earlier step, or the end."""
    text = wrapped(way, SMALL, (WIDTH,), 1)[0]
    width = width_of(text, SMALL) + 16
    return (
        f'<rect class="pc-way" x="{x - width / 2:.1f}" y="{y + 1:.1f}" width="{width:.1f}" height="15" rx="7.5" '
        f'fill="{GROUND}" stroke="{HAIR}"/><text x="{x:.1f}" y="{y + 12:.1f}" text-anchor="middle" '
        f'font-size="{SMALL}" fill="{INK}">{escape(text)}</text>'
    )


def _clock(x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="none" stroke="{GREY}"/>'
        f'<path d="M{x:.1f} {y - 3:.1f}v3l2 1.5" fill="none" stroke="{GREY}"/>'
    )


def _badge(mark: Mark | None, x: float, y: float, lang: str) -> str:
    """The sign of a mark; "now" and "sent back" also in words, above the box."""
    if mark is None:
        return ""
    words = ""
    if mark in ("current", "returned") and lang:
        text = MARKS[mark][1].say(lang)
        width = width_of(text, SMALL) + 4
        words = (
            f'<text class="pc-mark" x="{x - 11 - width / 2:.1f}" y="{y + 3.5:.1f}" text-anchor="middle" '
            f'font-size="{SMALL}" fill="{ACCENT}" font-weight="600">{escape(text)}</text>'
        )
    return sign(mark, x, y) + words


def sign(mark: Mark, x: float, y: float) -> str:
    """✓ ● ○ – ↩ drawn, so that every font shows the same."""
    match mark:
        case "done":
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{GREY}"/>'
                f'<path d="M{x - 3.2:.1f} {y:.1f}l2.4 2.6 4.2-5" fill="none" stroke="{PAPER}" stroke-width="1.7"/>'
            )
        case "current":
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{PAPER}" stroke="{ACCENT}" stroke-width="1.6"/>'
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.6" fill="{ACCENT}"/>'
            )
        case "waiting":
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{PAPER}" stroke="{LINE}"/>'
        case "skipped":
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{PAPER}" stroke="{LINE}" stroke-dasharray="2 2"/>'
                f'<path d="M{x - 3:.1f} {y:.1f}h6" stroke="{LINE}" stroke-width="1.4"/>'
            )
        case "returned":
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{PAPER}" stroke="{ACCENT}" stroke-width="1.2"/>'
                f'<path d="M{x - 0.5:.1f} {y - 4.2:.1f}l-3 2.6 3 2.6M{x - 3:.1f} {y - 1.6:.1f}h4a2.4 2.4 0 0 1 0 4.8'
                f'h-3" fill="none" stroke="{ACCENT}" stroke-width="1.2"/>'
            )
