"""The swim-lane flow chart as one SVG, for screen, phone and paper."""

from __future__ import annotations

from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.engine.state import State


def draw(definition: Definition, state: State | None = None, *, lang: str = "zh", dom_id: str = "chart") -> str:
    """The chart as an `<svg>` string: a lane per department or post, time downwards.

    `state`: also show where a run stands. `lang`: "zh" or "en". `dom_id` makes ids unique on a page with several
    charts. Each step is a `<g class="step …" data-step="key" tabindex="0" role="img">`; no style attributes, no script:
    colours are presentation attributes that page CSS may override.
    """
    raise NotImplementedError
