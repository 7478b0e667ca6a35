"""Sparklines, bars, columns and a Pareto chart as SVG.

Colours come from the style sheet; shapes tell the same on a grey print.
"""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, EDGE = 132, 36, 4
BAR, THICK = 240, 14


def sparkline(values: Sequence[int], *, id: str, title: str, description: str) -> str:  # noqa: A002 - SVG's own word
    """A line through the values from left to right on a ground of zero, its last point marked; described in words."""
    most = max([*values, 1])
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    points = [
        (EDGE + place * step, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / most) for place, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    ground = HEIGHT - EDGE
    area = f"{points[0][0]:.1f},{ground} {line} {points[-1][0]:.1f},{ground}"
    x, y = points[-1]
    return (
        f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-labelledby="{id}-title {id}-words"><title id="{id}-title">{escape(title)}</title>'
        f'<desc id="{id}-words">{escape(description)}</desc>'
        f'<polygon class="spark-area" points="{area}"/><polyline class="spark-line" points="{line}"/>'
        f'<circle class="spark-now" cx="{x:.1f}" cy="{y:.1f}" r="3"/></svg>'
    )


WIDE, TALL, FOOT, HEAD = 720, 160, 24, 22


def pairs(months: Sequence[tuple[str, int, int]], *, id: str, title: str, description: str) -> str:  # noqa: A002
    """Two columns beside each other for each month, the first hollow, the second dark; the highest of both is named."""
    most = max([*(max(came, ended) for _month, came, ended in months), 1])
    step = WIDE / len(months)
    wide = min(step * 0.36, 26)
    ground, scale = TALL - FOOT, (TALL - FOOT - HEAD) / most
    every = -(-len(months) // 12)
    found = [f'<path class="pairs-ground" d="M0 {ground}.5H{WIDE}"/>']
    for place, (month, came, ended) in enumerate(months):
        middle = step * (place + 0.5)
        for left, value, kind in ((middle - wide - 1, came, "came"), (middle + 1, ended, "ended")):
            if value:
                high = max(value * scale, 2)
                shape = f'x="{left:.1f}" y="{ground - high:.1f}" width="{wide:.1f}" height="{high:.1f}"'
                found.append(f'<rect class="pairs-{kind}" {shape}/>')
                if every == 1:
                    at = f'x="{left + wide / 2:.1f}" y="{ground - high - 3:.1f}"'
                    found.append(f'<text class="pairs-number" {at}>{value}</text>')
        if place % every == 0:
            kind = "pairs-month" if (len(months) - 1 - place) % (3 * every) else "pairs-month pairs-quarter"
            found.append(f'<text class="{kind}" x="{middle:.1f}" y="{TALL - 6}">{escape(month[2:])}</text>')
    return (
        f'<svg class="pairs" viewBox="0 0 {WIDE} {TALL}" role="img" aria-labelledby="{id}-title {id}-words">'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-words">{escape(description)}</desc>'
        f"{''.join(found)}</svg>"
    )


def bar(part: float, whole: float, *, most: float, kind: str = "", tick: float | None = None) -> str:
    """A bar of `whole`, its beginning up to `part` dark; `tick` marks one more value. `most` fills the width.

    The figures stand beside it in words, so it is hidden from screen readers. Kind `outline` is drawn hollow.
    """
    scale = (BAR - 8) / most if most > 0 else 0
    found = []
    if whole > 0:
        found.append(f'<rect class="bar-whole" x="1" y="3" width="{max(whole * scale, 2):.1f}" height="{THICK}"/>')
    if part > 0:
        found.append(f'<rect class="bar-part" x="1" y="3" width="{max(part * scale, 2):.1f}" height="{THICK}"/>')
    if tick is not None and tick > 0:
        at = 1 + min(tick, most) * scale
        found.append(f'<path class="bar-tick" d="M{at:.1f} 0v{THICK + 6}"/>')
    words = f"bar bar-{kind}" if kind else "bar"
    height = THICK + 6
    shape = f'viewBox="0 0 {BAR} {height}" height="{height}" preserveAspectRatio="none"'
    return f'<svg class="{words}" {shape} aria-hidden="true" focusable="false">{"".join(found)}</svg>'


def pareto(
    columns: Sequence[tuple[str, int, str]],
    whole: int,
    *,
    id: str,  # noqa: A002 - SVG's own word
    title: str,
    description: str,
) -> str:
    """Columns from the highest down, each with its name, its value and the address of its rows; above them the line of
    what they make up together of `whole`, and the mark of 80 %."""
    most = max([*(value for _name, value, _url in columns), 1])
    step = WIDE / max(len(columns), 1)
    wide, ground, tall = min(step * 0.66, 54), 190, 190 - HEAD
    eighty = ground - tall * 0.8
    found = [f'<path class="pareto-eighty" d="M0 {eighty:.1f}H{WIDE}"/>']
    found.append(f'<text class="pareto-mark" x="{WIDE - 2}" y="{eighty - 3:.1f}">80 %</text>')
    together, points = 0, []
    for place, (name, value, url) in enumerate(columns):
        middle, high = step * (place + 0.5), max(value * tall / most, 2)
        together += value
        points.append((middle, ground - tall * together / max(whole, 1)))
        found.append(
            f'<a href="{escape(url)}"><title>{escape(name)}: {value}</title>'
            f'<rect class="pareto-column" x="{middle - wide / 2:.1f}" y="{ground - high:.1f}" width="{wide:.1f}" '
            f'height="{high:.1f}"/>'
            f'<text class="pareto-number" x="{middle:.1f}" y="{ground - high - 3:.1f}">{value}</text>'
            f'<text class="pareto-rank" x="{middle:.1f}" y="{ground + 14}">{place + 1}</text>'
            f'<text class="pareto-name" x="{middle:.1f}" y="{ground + 28}">{escape(_short(name, step))}</text></a>'
        )
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    found.append(f'<polyline class="pareto-line" points="{line}"/>')
    found += [f'<circle class="pareto-point" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points]
    found.append(f'<path class="pairs-ground" d="M0 {ground}.5H{WIDE}"/>')
    return (
        f'<svg class="pareto" viewBox="0 0 {WIDE} 226" role="group" aria-labelledby="{id}-title {id}-words">'
        f'<title id="{id}-title">{escape(title)}</title><desc id="{id}-words">{escape(description)}</desc>'
        f"{''.join(found)}</svg>"
    )


def _short(name: str, step: float) -> str:
    """So much of a name as stands below its column; Chinese characters are twice as wide."""
    room, kept = step / 5.4, ""
    for letter in name:
        room -= 1 if letter.isascii() else 2
        if room < 1:
            return f"{kept}…"
        kept += letter
    return kept
