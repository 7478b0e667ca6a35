"""The shapes of a procedure: process card, statuses, forms, steps, nested blocks.

Everything here is frozen and says nothing about one company. `reading` makes these shapes from YAML or plain
data, `checking` judges them, `writing` turns them back. User-facing words are `Text`, always zh and en.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from yinuo.procedures.definition.cards import Card
from yinuo.procedures.definition.tables import Table
from yinuo.procedures.definition.texts import NOTHING, Text

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

Unit = Literal["working_days", "working_hours", "calendar_hours"]
Stage = Literal["pending", "active", "done"]
WhoKind = Literal["post", "department", "person", "role", "finder", "each", "superior"]
Mode = Literal["all", "any", "in_sequence"]

UNITS: tuple[Unit, ...] = ("working_days", "working_hours", "calendar_hours")
STAGES: dict[Stage, Text] = {
    "pending": Text("待处理", "Pending"),
    "active": Text("处理中", "In progress"),
    "done": Text("已完成", "Done"),
}
FIELD_KINDS = (
    "text", "note", "number", "date", "moment", "choice", "choices", "yesno", "person", "file",
)  # fmt: skip
VERDICTS: dict[str, Text] = {
    "can": Text("能满足", "Can be met"),
    "conditional": Text("有条件满足", "Can be met on condition"),
    "cannot": Text("不能满足", "Cannot be met"),
    "not_concerned": Text("不涉及", "Not concerned"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A status the company defines (S1 2.4), standing within one of the three stages."""

    key: str
    title: Text
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of the flow shown as one mark of the flow strip (登记 ✓ ─ 分析 ● ─ …)."""

    key: str
    title: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The words for a fact that tables ask about: `name` is dotted ("cases.priority"), `values` words per value."""

    name: str
    title: Text
    values: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a choice field."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `kind` is one of FIELD_KINDS or a kind plugged in by an upper room ("product").

    `shown_when`: the field is asked only when a row of this table holds (outcome "show"); None = always."""

    key: str
    kind: str
    label: Text
    required: bool = False
    options: tuple[Option, ...] = ()
    help: Text = NOTHING
    unit: str = ""
    shown_when: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form (表单) with its own number 表单编号 and its own edition, apart from the procedure's (S4 cover)."""

    key: str
    number: str
    edition: str
    title: Text
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Who is responsible, before anybody is found.

    `name` by `kind`: post key, department key, person (employee number), role "team:role" ("project:quality"),
    finder name ("customers.window"), each: the element of an enclosing for-each ("action") or one of its
    attributes ("action.owner"); superior (name empty): the superior of the one who is late, in escalations.
    `fallback` is taken when nobody is found."""

    kind: WhoKind
    name: str = ""
    fallback: Who | None = None

    @property
    def party(self) -> str:
        """The same as one word, as stored on an item: "department:quality"."""
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An amount of time in one unit; the calendar that knows working days stands elsewhere."""

    amount: float
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Due `span` after the step opened, or after the moment in the fact `after` (the span may then be negative)."""

    span: Span
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Told when a step is `after` overdue: a post, or the superior of the responsible."""

    after: Span
    to: Who


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectCall:
    """A named effect with parameters, executed by the caller.

    `repeatable`: running it again does no harm, so a withdrawal is not refused because it has run."""

    name: str
    params: Mapping[str, Json] = field(default_factory=dict)
    repeatable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What people may do on a step. `return_to` None = every lawful earlier step, () = none."""

    return_to: tuple[str, ...] | None = None
    reassign: bool = True
    add_signer: bool = True
    withdraw: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way a decision or a wait may turn out.

    `then` is "go_on", "back" (to the step `to`, earlier in the same or an enclosing sequence) or "end"
    (the run ends as terminated). `meaning` is what a signature under this outcome says, else the decision's."""

    key: str
    label: Text
    meaning: Text = NOTHING
    then: Literal["go_on", "back", "end"] = "go_on"
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Somebody does something and says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Opinions of several parties (会签): each gives a verdict of VERDICTS, a condition or reason in words.

    `parties` are fixed, or `parties_fact` names a fact holding a list of "department:quality" words (or of
    mappings with key `key`). With an empty list the step's own `who` is asked, for silence is never consent.
    The summary verdict becomes the fact `<step>.verdict`: the worst given; "any": the first given.
    """

    mode: Mode = "all"
    parties: tuple[Who, ...] = ()
    parties_fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Somebody decides, signing when `sign`. `meaning` is what the signature says (bilingual, printed) under outcomes
    that have none of their own; without it the signature says no more than that this was decided."""

    outcomes: tuple[Outcome, ...]
    sign: bool = True
    meaning: Text = NOTHING

    def meaning_under(self, outcome: Outcome) -> Text:
        """What a signature under an outcome says."""
        return outcome.meaning or self.meaning or DECIDED


DECIDED = Text("本人已审阅，并作出上述决定", "I have read this and decide as stated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Wait for facts or an event.

    Without `events` the table `until` is asked whenever facts may have changed; with `events` only when one
    of them arrives, its data readable as facts `event.<name>`; without a table any of the events ends the
    wait with the outcome "arrived". The table's outcome names one of `outcomes` (or goes on when none is
    declared). With `by_hand` whoever follows the wait (the step's `who`) may record that it happened, choosing one of
    the outcomes and filling in the step's form; then nothing else need be waited for. When the step's due moment is
    reached: "stay" (keep waiting, effects of `timeout_effects` run),
    "go_on" (outcome "timed_out"), "back" to the step `timeout_to`, or "end".
    """

    until: Table | None = None
    events: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    by_hand: bool = False
    timeout: Literal["stay", "go_on", "back", "end"] = "stay"
    timeout_to: str = ""
    timeout_effects: tuple[EffectCall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Wait for a moment: `moment` names a fact holding it, or `span` counts from the opening."""

    moment: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """The program does something by name; the step stays open until the caller says done or failed."""

    call: EffectCall


Work: TypeAlias = Task | Opinions | Decision | Wait | Timer | Effect

STEP_KINDS: dict[type, str] = {
    Task: "task", Opinions: "opinions", Decision: "decision", Wait: "wait", Timer: "timer", Effect: "effect",
}  # fmt: skip
ELEMENT_KINDS: tuple[WhoKind, ...] = ("post", "department", "person")
PEOPLE_KINDS = frozenset({"task", "opinions", "decision"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step. `work` says its kind and what belongs to that kind only.

    `form` is a form key; `status` a status key (empty = as before it); `duty` is the words of the column
    责任部门; `passes_on` what it hands over; `gate`: no newer edition may pass it over
    undone; `phase` the phase it stands in (empty = as before it). `on_open` and `on_done` run
    after the move, on every outcome: a choice directly behind still sees the facts from before them (an effect
    step between makes it wait for the new ones).
    """

    key: str
    title: Text
    work: Work
    instruction: Text = NOTHING
    who: Who | None = None
    form: str = ""
    status: str = ""
    phase: str = ""
    due: Due | None = None
    remind: tuple[Span, ...] = ()
    escalate: tuple[Escalation, ...] = ()
    duty: Text = NOTHING
    passes_on: Text = NOTHING
    gate: bool = False
    on_open: tuple[EffectCall, ...] = ()
    on_done: tuple[EffectCall, ...] = ()
    allowed: Allowed = Allowed()

    @property
    def kind(self) -> str:
        """task, opinions, decision, wait, timer or effect."""
        return STEP_KINDS[type(self.work)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """One after the other."""

    blocks: tuple[Block, ...]
    key: str = ""
    title: Text = NOTHING
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """All branches at the same time; the block is done when every branch is."""

    branches: tuple[Sequence, ...]
    key: str = ""
    title: Text = NOTHING
    phase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The first row of `table` that holds picks the branch of that key; "skip" (`SKIP`) picks none.

    The table is asked once, when the choice is reached; a return before it asks anew."""

    key: str
    title: Text
    table: Table
    branches: Mapping[str, Sequence]
    phase: str = ""


SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForEach:
    """The body once per element: of the list in `fact`, or of the fixed `elements` ("department:quality").

    The list is read once, when the block is reached. A fact's elements are words or mappings with `key`;
    `name` is the word by which the body speaks of the element ("action": `action.owner`, who each: action).
    """

    key: str
    title: Text
    name: str
    body: Sequence
    fact: str = ""
    elements: tuple[str, ...] = ()
    in_sequence: bool = False
    phase: str = ""


Block: TypeAlias = Step | Sequence | SideBySide | Choice | ForEach


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows:
    """The status a run shows when no step says otherwise, by its own situation (status keys; may be empty)."""

    start: str = ""
    held: str = ""
    completed: str = ""
    terminated: str = ""
    reopened: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopens:
    """The steps to which a run goes back for what happens outside of it: what it rests on was `amended`, or whoever
    it was done for is `unsatisfied` ("" = the procedure has no such step)."""

    amended: str = ""
    unsatisfied: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One edition of a procedure, complete. `subject`: what its runs are about ("cases.case"; "" = anything)."""

    key: str
    card: Card
    flow: Sequence
    statuses: tuple[Status, ...] = ()
    shows: Shows = Shows()
    subject: str = ""
    reopens: Reopens = Reopens()
    phases: tuple[Phase, ...] = ()
    forms: tuple[Form, ...] = ()
    facts: tuple[Fact, ...] = ()
