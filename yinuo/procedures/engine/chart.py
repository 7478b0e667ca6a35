"""The swim-lane flow chart as one SVG, for screen, phone and paper.

Colours are presentation attributes, which any rule of a page's style sheet overrides by class: `pc-step`, its kind
(`pc-task` … `pc-effect`), its mark (`is-done` …), `pc-choice`, `pc-line`, `pc-lane`, `pc-phase`, `pc-frame`. What a
colour says is also said by a shape and by words, so that the chart can be printed in grey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import SKIP, Choice, Decision, Definition, Outcome, Step, Wait
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import chart_boxes, chart_layout, chart_stacking, outline
from yinuo.procedures.engine.chart_boxes import FONT, GREY, GROUND, HAIR, INK, LINE, PAPER, Drawn
from yinuo.procedures.engine.chart_plan import COLUMN, FRAME_TOP, LABEL, Edge, Frame, Node
from yinuo.procedures.engine.outline import MARKS, Mark
from yinuo.procedures.engine.state import State
from yinuo.procedures.engine.wrapping import width_of, wrapped

PHASES = 34.0
HEAD = 40.0
FOOT = 34.0
LONG = 1.8  # times as high as wide: on one sheet of paper its words could not be read
START, END = Text("开始", "Start"), Text("结束", "End")
ELSE = Text("否则", "otherwise")
CHART = Text("流程图", "Flow chart")
TO_DO = Text("责任：", "by ")
GATE = Text("关口", "gate")
EACH, ONE_BY_ONE = Text("逐项：", "Repeated for "), Text("依次：", "One by one for ")


def draw(
    definition: Definition,
    state: State | None = None,
    *,
    lang: str = "zh",
    dom_id: str = "chart",
    selectable: bool = False,
) -> str:
    """The chart as an `<svg>` string: a lane per department or post, time downwards.

    `state`: also show where a run stands. `lang`: "zh" or "en". `dom_id` makes ids unique on a page with several
    charts. Each step is a `<g id="{dom_id}-{key}" class="pc-step …" data-step="{key}">` with its words as label;
    with `selectable` it takes the keyboard focus as a button (for a page whose script answers). There is no style
    attribute and no script.
    """
    return _Drawing(definition, state, lang, dom_id, selectable=selectable).svg()


class _Drawing:
    def __init__(
        self, definition: Definition, state: State | None, lang: str, dom_id: str, *, selectable: bool
    ) -> None:
        self.definition = definition
        self.plan = walking.plan_of(definition)
        self.lang = lang
        self.dom_id = dom_id
        self.selectable = selectable
        self.marks: dict[str, Mark] = outline.marks_of(definition, state) if state else {}
        self.numbers = outline.numbers_of(definition)
        self.titles = {step.key: step.title for step in self.plan.steps()}
        self.forms = {form.key: form for form in definition.forms}
        self.left = PHASES if definition.phases else 0.0
        self.drawn = self._boxes()
        heights = {key: box.height for key, box in self.drawn.items()}
        self.layout = chart_layout.laid_out(definition, heights, self._labels(), self._label_lines, self.left, HEAD + 8)

    def _boxes(self) -> dict[str, Drawn]:
        """What every step and choice looks like, before it is known where it stands."""
        boxes: dict[str, Drawn] = {}
        for key, place in self.plan.places.items():
            match place.block:
                case Step() as step:
                    form = self.forms.get(step.form)
                    boxes[key] = chart_boxes.step(
                        step,
                        title=step.title.say(self.lang),
                        number=f"{self.numbers[key]} · {GATE.say(self.lang)}" if step.gate else self.numbers[key],
                        form=form.number if form else "",
                        ways=[self._way(outcome) for outcome in _outcomes(step) if outcome.then != "go_on"],
                        mark=self.marks.get(key),
                        lang=self.lang,
                    )
                case Choice() as choice:
                    boxes[key] = chart_boxes.choice(choice.title.say(self.lang))
        return boxes

    def _way(self, outcome: Outcome) -> str:
        label = outcome.label.say(self.lang)
        if outcome.then == "end":
            return f"■ {label}"
        return f"↩ {self.numbers[outcome.to]} {label}"

    def _labels(self) -> dict[str, Mapping[str, list[str]]]:
        """The words beside the line into each branch: its title, else its first row in short."""
        words = rules.fact_words(self.definition)
        labels: dict[str, Mapping[str, list[str]]] = {}
        for key, place in self.plan.places.items():
            if not isinstance(place.block, Choice):
                continue
            said = {place.block.table.otherwise or SKIP: ELSE}
            for row in reversed(place.block.table.rows):
                if row.when:
                    said[row.then] = rules.short_words(row.when[0], words)
            said |= {name: branch.title for name, branch in place.block.branches.items() if branch.title}
            labels[key] = {name: self._label_lines(text) for name, text in said.items()}
        return labels

    def _label_lines(self, text: Text) -> list[str]:
        return wrapped(text.say(self.lang), 11.5, (COLUMN / 2 - 12,), 2) if text else []

    # ── the whole ───────────────────────────────────────────────────────────────────────────────────────────

    def svg(self) -> str:
        """All of it, from back to front."""
        layout = self.layout
        width, height = layout.width + 1, layout.bottom + 12 + (FOOT if self.marks else 0.0)
        name = f"{self.definition.card.title.say(self.lang)} · {CHART.say(self.lang)}"
        kind = "pc is-long" if height > LONG * width else "pc"
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" id="{escape(self.dom_id)}" role="group" '
            f'aria-labelledby="{escape(self.dom_id)}-title" viewBox="0 0 {width:.0f} {height:.0f}" '
            f'width="{width:.0f}" height="{height:.0f}" font-family="{FONT}" font-size="13" fill="{INK}">',
            f'<title id="{escape(self.dom_id)}-title">{escape(name)}</title>',
            f'<defs><marker id="{escape(self.dom_id)}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            f'markerHeight="7" orient="auto"><path d="M0 0.8 7.4 4 0 7.2z" fill="{LINE}" class="pc-arrow"/>'
            "</marker></defs>",
            *self._lanes(layout.bottom + 6),
            *self._phases(),
            *(self._frame(frame) for frame in layout.frames),
            *(self._bar(node) for node in layout.nodes if node.kind == "bar"),
            *self._bridges(),
            *self._lines(),
            *(self._frame_title(frame) for frame in layout.frames),
            *(self._node(node) for node in layout.nodes),
            *(self._legend(layout.bottom + 30) if self.marks else ()),
            "</svg>",
        ]
        return "".join(parts)

    def _lanes(self, bottom: float) -> Iterator[str]:
        layout = self.layout
        whole = f'x="0.5" y="0.5" width="{layout.width:.1f}" stroke="{HAIR}"'
        yield f'<rect class="pc-sheet" {whole} height="{bottom:.1f}" fill="{PAPER}"/>'
        yield f'<rect class="pc-head" {whole} height="{HEAD}" fill="{GROUND}"/>'
        for lane, (left, right) in layout.spans.items():
            lines = wrapped(layout.lanes[lane].say(self.lang), 13, (right - left - 16,), 2)
            y = HEAD / 2 + 4.5 - 8 * (len(lines) - 1)
            if left > 0:
                yield f'<path class="pc-lane" d="M{left:.1f} 0.5V{bottom:.1f}" stroke="{HAIR}"/>'
            for at, line in enumerate(lines):
                yield (
                    f'<text class="pc-lane-title" x="{(left + right) / 2:.1f}" y="{y + 16 * at:.1f}" '
                    f'text-anchor="middle" font-weight="600">{escape(line)}</text>'
                )

    def _phases(self) -> Iterator[str]:
        """The phases down the left side, parted by dotted lines where they do not overlap."""
        reach: dict[str, tuple[float, float]] = {}
        for node in self.layout.nodes:
            if isinstance(node.block, Step):
                phase = self.plan.phases[node.block.key]
                top, bottom = reach.get(phase, (node.y, node.y))
                reach[phase] = (min(top, node.y), max(bottom, node.y + node.height))
        known = [phase for phase in self.definition.phases if phase.key in reach]
        known.sort(key=lambda phase: reach[phase.key])
        for at, shown in enumerate(known):
            top, bottom = reach[shown.key]
            if at and reach[known[at - 1].key][1] < top:
                y = (reach[known[at - 1].key][1] + top) / 2
                yield (
                    f'<line class="pc-phase" x1="0.5" y1="{y:.1f}" x2="{self.layout.width:.1f}" y2="{y:.1f}" '
                    f'stroke="{HAIR}" stroke-dasharray="2 4"/>'
                )
            middle = (top + bottom) / 2
            title = escape(wrapped(shown.title.say(self.lang), 12, (max(bottom - top, 60.0),), 1)[0])
            if self.lang.startswith("en"):
                yield (
                    f'<text class="pc-phase-title" x="{PHASES / 2:.1f}" y="{middle:.1f}" text-anchor="middle" '
                    f'font-size="12" fill="{GREY}" dy="4" '
                    f'transform="rotate(-90 {PHASES / 2:.1f} {middle:.1f})">{title}</text>'
                )
            else:
                first = middle - 8 * (len(title) - 1) + 4.5
                for n, sign in enumerate(title):
                    yield (
                        f'<text class="pc-phase-title" x="{PHASES / 2:.1f}" y="{first + 16 * n:.1f}" '
                        f'text-anchor="middle" font-size="12.5" fill="{GREY}">{sign}</text>'
                    )

    def _frame_top(self, frame: Frame) -> float:
        return self.layout.tops[frame.top] + self.layout.heights[frame.top] - FRAME_TOP + 12

    def _frame(self, frame: Frame) -> str:
        top, bottom = self._frame_top(frame), self.layout.tops[frame.bottom] + 8
        return (
            f'<rect class="pc-frame" x="{frame.left:.1f}" y="{top:.1f}" width="{frame.right - frame.left:.1f}" '
            f'height="{bottom - top:.1f}" rx="8" fill="none" stroke="{LINE}" stroke-dasharray="5 4"/>'
        )

    def _frame_title(self, frame: Frame) -> str:
        """What a frame is repeated for, over the line that enters it."""
        lead = ONE_BY_ONE if frame.block.in_sequence else EACH
        text = lead.say(self.lang) + frame.block.title.say(self.lang)
        line = wrapped(text, 11.5, (max(frame.right - frame.left - 22, 130.0),), 1)[0]
        x, y = frame.left + 8, self._frame_top(frame)
        return (
            f'<rect x="{x:.1f}" y="{y - 8:.1f}" width="{width_of(line, 11.5) + 8:.1f}" height="15" fill="{PAPER}"/>'
            f'<text class="pc-frame-title" x="{x + 4:.1f}" y="{y + 4:.1f}" font-size="11.5" fill="{GREY}">'
            f"{escape(line)}</text>"
        )

    # ── lines ───────────────────────────────────────────────────────────────────────────────────────────────

    def _lines(self) -> Iterator[str]:
        yield f'<g class="pc-lines" fill="none" stroke="{LINE}" stroke-width="1.3" aria-hidden="true">'
        yield from (self._line(edge) for edge in self.layout.edges)
        yield "</g>"
        yield f'<g class="pc-labels" font-size="11.5" fill="{GREY}">'
        yield from (self._label(edge) for edge in self.layout.edges if edge.label)
        yield "</g>"

    def _line(self, edge: Edge) -> str:
        y1 = edge.source.y + (edge.source.height if edge.source.kind != "bar" else 0.0)
        y2 = edge.target.y
        if edge.x1 == edge.x2:
            path = f"M{edge.x1:.1f} {y1:.1f}V{y2:.1f}"
        else:
            path = f"M{edge.x1:.1f} {y1:.1f}V{chart_stacking.turn_of(self.layout, edge):.1f}H{edge.x2:.1f}V{y2:.1f}"
        arrow = "" if edge.target.kind == "bypass" else f' marker-end="url(#{escape(self.dom_id)}-arrow)"'
        return f'<path class="pc-line" d="{path}"{arrow}/>'

    def _label(self, edge: Edge) -> str:
        y = self.layout.tops[edge.slot] + self.layout.heights[edge.slot] - 5 - LABEL * (len(edge.label) - 1)
        return "".join(
            f'<text class="pc-label" x="{edge.x2 + 6:.1f}" y="{y + LABEL * at:.1f}">{escape(line)}</text>'
            for at, line in enumerate(edge.label)
        )

    def _bridges(self) -> Iterator[str]:
        """White under a line where it crosses a bar it has nothing to do with."""
        bars = [node for node in self.layout.nodes if node.kind == "bar"]
        for edge in self.layout.edges:
            y1, y2 = edge.source.y + edge.source.height, edge.target.y
            turn = chart_stacking.turn_of(self.layout, edge) if edge.x1 != edge.x2 else y2
            for bar in bars:
                if bar in (edge.source, edge.target):
                    continue
                for x, top, bottom in ((edge.x1, y1, turn), (edge.x2, turn, y2)):
                    if bar.left < x < bar.right and top < bar.y < bottom:
                        yield f'<rect x="{x - 5:.1f}" y="{bar.y - 3:.1f}" width="10" height="6" fill="{PAPER}"/>'

    # ── things ──────────────────────────────────────────────────────────────────────────────────────────────

    def _node(self, node: Node) -> str:
        match node.kind, node.block:
            case "step", Step() as step:
                return self._step(node, step)
            case "choice", Choice() as choice:
                inner = self.drawn[choice.key].at(node.x, node.y)
                label = escape(choice.title.say(self.lang))
                return f'<g class="pc-choice" role="img" aria-label="{label}">{inner}</g>'
            case (("start" | "end"), _):
                text = (START if node.kind == "start" else END).say(self.lang)
                return chart_boxes.terminal(text, node.x, node.y, node.height, is_end=node.kind == "end")
        return ""

    def _bar(self, node: Node) -> str:
        """Where branches begin side by side, and where they join."""
        return (
            f'<rect class="pc-bar" x="{node.left:.1f}" y="{node.y - 2:.1f}" rx="2" height="4" '
            f'width="{node.right - node.left:.1f}" fill="{INK}"/>'
        )

    def _step(self, node: Node, step: Step) -> str:
        mark = self.marks.get(step.key)
        duty = f" · {TO_DO.say(self.lang)}{step.duty.say(self.lang)}" if step.duty else ""
        said = f" · {MARKS[mark][1].say(self.lang)}" if mark else ""
        gate = f" · {GATE.say(self.lang)}" if step.gate else ""
        label = f"{self.numbers[step.key]} {step.title.say(self.lang)}{gate}{duty}{said}"
        classes = f"pc-step pc-{step.kind}" + (f" is-{mark}" if mark else "")
        focus = ' tabindex="0" role="button"' if self.selectable else ' role="img"'
        return (
            f'<g id="{escape(self.dom_id)}-{escape(step.key)}" class="{classes}" data-step="{escape(step.key)}"{focus} '
            f'aria-label="{escape(label)}"><title>{escape(label)}</title>'
            f"{self.drawn[step.key].at(node.x, node.y)}</g>"
        )

    def _legend(self, y: float) -> Iterator[str]:
        x = self.left + 12
        for mark, (_, words) in MARKS.items():
            text = words.say(self.lang)
            yield (
                f'<g class="pc-legend is-{mark}">{chart_boxes.sign(mark, x + 8, y - 4)}'
                f'<text x="{x + 22:.1f}" y="{y:.1f}" font-size="11.5" fill="{GREY}">{escape(text)}</text></g>'
            )
            x += 44 + width_of(text, 11.5)


def _outcomes(step: Step) -> tuple[Outcome, ...]:
    return step.work.outcomes if isinstance(step.work, Decision | Wait) else ()
