"""Trying a procedure out without anybody doing anything: who would get what and when, and which way it would go.

Everybody takes all the time they have, then answers as invented: the first outcome, "can be met", unless something
else was invented. Pure: when something is due is told by the caller, who knows the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from yinuo.procedures import rules
from yinuo.procedures.definition import walking
from yinuo.procedures.definition.shapes import (
    VERDICTS,
    Choice,
    Decision,
    Definition,
    Json,
    Opinions,
    Outcome,
    Step,
    Timer,
    Wait,
    Who,
)
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.definition.walking import Plan
from yinuo.procedures.engine import changes, facts, moves, questioning, running
from yinuo.procedures.engine.changes import Change
from yinuo.procedures.engine.run import Run
from yinuo.procedures.engine.state import Item, State

LONGEST = 250  # pieces of work after which a trial is broken off: it goes round in circles

DueOf = Callable[[Step, datetime, Mapping[str, Json]], datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A piece of work that came up, or (kind "choice") a choice that was made.

    `wanted`: whom it is for, in the order in which they are looked for. `result` is how it turned out; of a choice
    the branch taken, and `why`.
    """

    key: str
    kind: str
    title: Text
    path: tuple[str, ...] = ()
    attempt: int = 1
    opened_at: datetime
    due_at: datetime | None = None
    wanted: tuple[Who, ...] = ()
    result: Text = NOTHING
    why: Text = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came up, in order; `ending` is "completed", "terminated" or "" when it was broken off."""

    rows: tuple[Tried, ...]
    ending: str
    ended_at: datetime


def tried(
    definition: Definition,
    answers: Mapping[str, Json],
    known: Mapping[str, Json],
    *,
    start: datetime,
    due_of: DueOf,
) -> Trial:
    """Try a definition free of mistakes. `answers` are what was invented (`questioning.questions_of`), `known` the
    facts behind them."""
    trial = _Trial(definition, answers, known, start, due_of)
    trial.go()
    ending = trial.state.ending if trial.state.situation == "ended" else ""
    return Trial(rows=tuple(trial.rows), ending=ending, ended_at=trial.now)


class _Facts(dict[str, Json]):
    """What was invented, and behind it what is known."""

    def __init__(self, invented: Mapping[str, Json], known: Mapping[str, Json]) -> None:
        super().__init__(invented)
        self.known = known

    def __missing__(self, name: str) -> Json:
        return self.known[name]

    def get(self, name: str, default: Json = None) -> Json:  # type: ignore[override]
        try:
            return self[name]
        except KeyError:
            return default


class _Trial:
    def __init__(
        self,
        definition: Definition,
        answers: Mapping[str, Json],
        known: Mapping[str, Json],
        start: datetime,
        due_of: DueOf,
    ) -> None:
        self.plan: Plan = walking.plan_of(definition)
        self.answers = answers
        self.facts = _Facts(questioning.invented(definition, answers), known)
        self.words = rules.fact_words(definition)
        self.now = start
        self.due_of = due_of
        self.state: State = running.new(definition)
        self.rows: list[Tried] = []
        self.at: dict[str, int] = {}  # item → its row

    def go(self) -> None:
        """From the start to the end, always finishing next what is due first."""
        moved = running.apply(self.plan.definition, self.state, self.facts, moves.Start())
        self._take_in(moved.state, moved.changes)
        for _piece in range(LONGEST):
            items = [item for item in self.state.open_items() if item.id in self.at]
            if self.state.situation == "ended" or not items:
                return
            self._finish(min(items, key=self._rank))

    def _rank(self, item: Item) -> tuple[datetime, int, tuple[str, ...], str]:
        row = self.rows[self.at[item.id]]
        return row.due_at or row.opened_at, self.plan.order[item.step], item.path, item.id

    def _finish(self, item: Item) -> None:
        row, step = self.rows[self.at[item.id]], self.plan.step(item.step)
        self.now = max(self.now, row.due_at or row.opened_at)
        run = Run(self.plan, self.state, self.facts)
        run.complete(item, **self._answer(step, item))
        if run.situation != "ended":
            run.settle()
        self._take_in(run.frozen(), run.changes)

    def _answer(self, step: Step, item: Item) -> dict[str, Json]:
        """How somebody answers."""
        data = {
            name.partition(".")[2]: value
            for name, value in self.answers.items()
            if name.partition(".")[0] == step.key and name.partition(".")[2] not in ("outcome", "verdict")
        }
        match step.work:
            case Opinions():
                verdict = str(self.answers.get(f"{step.key}.verdict") or "can")
                return {"outcome": "done", "verdict": verdict, "condition": "—", "data": data}
            case Decision(outcomes=outcomes):
                return {"outcome": self._outcome(step, item, outcomes, "done"), "data": data}
            case Wait(outcomes=outcomes):
                return {"outcome": self._outcome(step, item, outcomes, "arrived"), "data": data}
            case Timer():
                return {"outcome": "reached"}
        return {"outcome": "done", "data": data}

    def _outcome(self, step: Step, item: Item, outcomes: tuple[Outcome, ...], none: str) -> str:
        """The invented outcome, else the first; what sends back does so once, then the first that goes on is taken."""
        if not outcomes:
            return none
        wanted = self.answers.get(f"{step.key}.outcome")
        chosen = next((each for each in outcomes if each.key == wanted), outcomes[0])
        is_again = item.attempt > 1 or wanted is None
        if chosen.then == "back" and is_again:
            chosen = next((each for each in outcomes if each.then == "go_on"), chosen)
        return chosen.key

    # ── what happened ───────────────────────────────────────────────────────────────────────────────────────

    def _take_in(self, state: State, found: list[Change] | tuple[Change, ...]) -> None:
        self.state = state
        for change in found:
            match change:
                case changes.BranchPicked():
                    self._picked(change)
                case (
                    changes.ItemOpened(item=item)
                    | changes.WaitStarted(item=item)
                    | changes.TimerStarted(item=item)
                    | changes.EffectStarted(item=item)
                ):
                    self._opened(item)
                case changes.ItemDone(item=item) if item.id in self.at:
                    row = self.at[item.id]
                    self.rows[row] = replace(self.rows[row], result=self._result(item))

    def _opened(self, item: Item) -> None:
        step = self.plan.step(item.step)
        seen = facts.RunFacts(self.plan, self.state.nodes, self.facts, item.step, item.path)
        self.at[item.id] = len(self.rows)
        self.rows.append(
            Tried(
                key=item.step,
                kind=item.kind,
                title=step.title,
                path=item.path,
                attempt=item.attempt,
                opened_at=self.now,
                due_at=self.due_of(step, self.now, seen),
                wanted=facts.wanted_for(self.plan, item, self.facts),
            )
        )

    def _picked(self, change: changes.BranchPicked) -> None:
        choice = self.plan.places[change.choice].block
        if not isinstance(choice, Choice):
            return
        table = choice.table
        row = table.rows[change.row] if 0 <= change.row < len(table.rows) else None
        why = rules.row_words(row.when, self.words) if row else Text("以上各行均不成立", "none of the rows holds")
        if row and row.note:
            why = Text(f"{row.note.zh}（{why.zh}）", f"{row.note.en} ({why.en})")
        taken = choice.branches.get(change.branch)
        result = (taken.title or Text(change.branch, change.branch)) if taken else Text("跳过", "skipped")
        self.rows.append(
            Tried(
                key=change.choice,
                kind="choice",
                title=choice.title,
                path=change.path,
                opened_at=self.now,
                result=result,
                why=why,
            )
        )

    def _result(self, item: Item) -> Text:
        """How a piece of work turned out."""
        if item.verdict:
            return VERDICTS[item.verdict]
        work = self.plan.step(item.step).work
        for outcome in work.outcomes if isinstance(work, Decision | Wait) else ():
            if outcome.key == item.outcome:
                return outcome.label
        return NOTHING
