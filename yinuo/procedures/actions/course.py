"""A run in the hands of one action: the engine's moves, and their changes carried out in rows.

Everything about one run happens one after the other: the run's row is locked first (on SQLite the transaction itself
is the lock), so two people acting at once on different tasks both succeed and on the same task one wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import get_language

from yinuo.kit import actors, plugs, refusals, rows
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.procedures import models
from yinuo.procedures.actions import assigning, telling, timing
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.engine import changes, moves, running
from yinuo.procedures.engine import facts as engine_facts
from yinuo.procedures.engine import state as states
from yinuo.procedures.queries import definitions
from yinuo.procedures.queries import facts as fact_queries

State = models.Task.State


class CannotProceed(refusals.Refusal):
    """The procedure does not allow this now."""


@dataclass
class Pending:
    """An effect to be executed after the rows are written. `item`: the effect step that waits for it, if one does."""

    call: shapes.EffectCall
    step: str
    path: tuple[str, ...]
    when: str
    item: str = ""


@dataclass
class Course:
    """A run with its definition, the engine's state and what this action has changed so far."""

    run: models.Run
    definition: shapes.Definition
    state: states.State
    by: actors.Actor
    now: datetime
    acting: str = ""  # the item that the person acts on
    doer: org.Person | None = None  # whose act it is, where somebody else enters it (a signed paper)
    returning: str = ""  # the item from which the run is sent back
    on_behalf_of: org.Person | None = None
    sent_back: tuple[str, tuple[str, ...], str] = ("", (), "")  # to which step, within which rounds, and why
    facts: fact_queries.Asked = field(init=False)
    tasks: dict[str, models.Task] = field(default_factory=dict)
    new: list[models.Task] = field(default_factory=list)
    candidates: list[models.Candidate] = field(default_factory=list)
    touched: dict[int, models.Task] = field(default_factory=dict)
    closed: list[models.Task] = field(default_factory=list)
    log: list[models.Move] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    notices: list[tuple[str, list[org.Person], models.Task | models.Run]] = field(default_factory=list)
    _calendar: org_rules.Calendar | None = None

    def __post_init__(self) -> None:
        self.facts = fact_queries.Asked(self.run.subject, self.run.facts)

    # Moving

    def move(self, move: moves.Move) -> bool:
        """Make one move and carry its changes out on the rows in memory; whether it changed anything.

        Raises CannotProceed when it is not lawful now; nothing has changed then.
        """
        self.returning = move.item if isinstance(move, moves.Return) else ""
        self.sent_back = ("", (), "")
        before, self.facts.seen = self.facts.seen, {}
        try:
            moved = running.apply(self.definition, self.state, self.facts, move)
        except running.CannotMove as error:
            raise CannotProceed(error.words.say(get_language() or "zh")) from error
        self.state = moved.state
        self._note(moves.as_json(move), self.facts.seen)
        self.facts.seen = {**before, **self.facts.seen}
        for change in moved.changes:
            self._carry_out(change)
        return bool(moved.changes)

    def take_over(self, move: Mapping[str, Any], state: states.State, found: tuple[changes.Change, ...]) -> None:
        """Carry out what a migration to another edition changed."""
        self.state = state
        self._note(dict(move), self.facts.seen)
        for change in found:
            self._carry_out(change)

    def _note(self, move: dict[str, Any], seen: dict[str, Any]) -> None:
        self.run.moves += 1
        self.log.append(
            models.Move(
                run=self.run,
                number=self.run.moves,
                edition_id=self.run.edition_id,
                at=self.now,
                actor_id=self.by.actor_id,
                actor_name=self.by.actor_name,
                move=rows.plain(move),
                facts=rows.plain(seen),
            )
        )

    # Changes

    def _carry_out(self, change: changes.Change) -> None:
        match change:
            case changes.ItemOpened(item=item) | changes.WaitStarted(item=item) | changes.TimerStarted(item=item):
                self._open(item)
            case changes.EffectStarted(item=item, call=call):
                self._open_effect(item, call)
            case changes.ItemDone(item=item):
                self._close(item)
            case changes.ItemCancelled(item=item, why=why):
                self._cancel(item, why)
            case changes.EffectStuck(item=item):
                self._stuck(item)
            case changes.ItemFreed(item=item):
                self._free(item)
            case changes.ItemBlocked(item=item):
                self._touch(self.task(item.id), state=State.BLOCKED, wake_at=None)
            case changes.ItemWithdrawn(item=item):
                self._touch(self.task(item.id), state=State.WITHDRAWN, is_void=True)
            case changes.ItemVoided(item=item):
                self._touch(self.task(item.id), is_void=True)
            case changes.RunEffect(call=call, step=step, path=path, when=when):
                self.pending.append(Pending(call, step, path, when))
            case _:
                self._carry_out_on_run(change)

    def _carry_out_on_run(self, change: changes.Change) -> None:
        match change:
            case changes.RunHeld():
                self.run.held_at = self.now
                self.notices += [("run_held", telling.workers(task, self.now), task) for task in self.live_tasks()]
            case changes.RunResumed():
                self._resume()
            case changes.RunEnded(ending=ending):
                self.run.ended_at, self.run.ending, self.run.held_at = self.now, ending, None
            case changes.RunReopened(to=to, reason=reason):
                self.run.ended_at, self.run.ending = None, ""
                self.sent_back = (to, (), reason)
            case changes.SentBack(to=to, path=path, reason=reason):
                self.sent_back = (to, path, reason)

    def task(self, item: str) -> models.Task:
        """The task of an engine item."""
        if item not in self.tasks:
            self.tasks[item] = models.Task.objects.select_related("post", "holder", "delegate").get(
                run=self.run, item=item
            )
        return self.tasks[item]

    def live_tasks(self) -> list[models.Task]:
        """The tasks of the items that are open or blocked now."""
        return [self.task(item.id) for item in self.state.open_items()]

    def tasks_in_hand(self) -> list[models.Task] | None:
        """The same where this action has them all; None where some would have to be read, or where an effect may have
        given one to somebody else."""
        open_items = [item.id for item in self.state.open_items()]
        if self.pending or not all(item in self.tasks for item in open_items):
            return None
        return [self.tasks[item] for item in open_items]

    def _touch(self, task: models.Task, **values: Any) -> models.Task:
        for name, value in values.items():
            setattr(task, name, value)
        if task.pk is not None and task.pk not in self.touched:
            task.version += 1
            self.touched[task.pk] = task
        return task

    def _open(self, item: states.Item) -> None:
        """The task of a newly opened item, with its people and its clock."""
        step = self.step(item)
        about = assigning.about(self.definition, item, self.facts)
        task = models.Task(
            run=self.run,
            item=item.id,
            step=item.step,
            path=list(item.path),
            kind=item.kind,
            attempt=item.attempt,
            title_zh=step.title.zh[:200],
            title_en=step.title.en[:200],
            about_zh=about.zh[:200],
            about_en=about.en[:200],
            state=State.BLOCKED if item.state == "blocked" else State.OPEN,
            opened_at=self.now,
            **{name: getattr(self.run, name) for name in assigning.SUBJECT_COLUMNS},
        )
        self.tasks[item.id] = task
        self.new.append(task)
        if (item.step, item.path) == self.sent_back[:2] and self.sent_back[2]:
            task.returned_because, task.returned_by = self.sent_back[2], self._doer
        if task.is_for_people or step.who is not None:
            self._assign(task, item, step)
        if task.state == State.OPEN:
            self._set_due(task)

    def _open_effect(self, item: states.Item, call: shapes.EffectCall) -> None:
        """An effect step begins, or begins again after it failed."""
        is_new = self.run.pk is None or not models.Task.objects.filter(run=self.run, item=item.id).exists()
        if is_new:
            self._open(item)
        self.pending.append(Pending(call, item.step, item.path, "step", item.id))

    def _free(self, item: states.Item) -> None:
        """A blocked task may be worked on now: its clock starts or goes on, its people are told."""
        task = self._touch(self.task(item.id), state=State.OPEN)
        if task.due_at is None:
            self._set_due(task)
        else:
            timing.set_clock(task, self.step(task), self.calendar, self.now)
        self.notices.append(("task_assigned", telling.workers(task, self.now), task))

    def _assign(self, task: models.Task, item: states.Item, step: shapes.Step) -> None:
        before = self._before(item)
        given = assigning.assign(task, self.wanted(item), run=self.run, now=self.now, before=before)
        self.candidates += given.candidates
        if before is not None:
            task.draft = assigning.carried(self.definition, step, before)
        if not task.is_for_people:
            return
        self.notices += given.notices(task)
        if not given.people:
            self.notices.append(("task_nobody", assigning.owners(self.run, self.now), task))

    def wanted(self, item: states.Item) -> tuple[shapes.Who, ...]:
        """Whom an item is for, first choice first."""
        return engine_facts.wanted_for(walking.plan_of(self.definition), item, self.facts)

    def chain(self, task: models.Task, who: shapes.Who) -> tuple[shapes.Who, ...]:
        """A "who" said on a task's step, with its fallbacks."""
        loops = walking.plan_of(self.definition).places[task.step].loops
        return tuple(engine_facts.chain_of(who, loops, tuple(task.path), self.facts))

    @property
    def _doer(self) -> org.Person | None:
        """The person whose act this is, if it is one's."""
        return self.doer or (self.by if isinstance(self.by, org.Person) else None)

    def _before(self, item: states.Item) -> models.Task | None:
        """The attempt before this one at the same place, by whoever did it."""
        if item.attempt == 1:
            return None
        return self.task(f"{item.id.rpartition('#')[0]}#{item.attempt - 1}")

    def step(self, item: states.Item | models.Task) -> shapes.Step:
        """The step of an item or task."""
        return walking.step(self.definition, item.step)

    def _set_due(self, task: models.Task) -> None:
        """When the task is due and what the clock does about it."""
        owner = self.task(self.state.items[task.item].signs_for) if task.kind == models.Task.Kind.SIGNER else None
        seen = self.seen_from(task)
        timing.begin(task, self.step(task), seen=seen, calendar=self.calendar, now=self.now, owner=owner)

    def set_clocks_anew(self, was: shapes.Definition) -> None:
        """Reckon the clocks of open tasks by a newer edition than `was`. What counts as it did before keeps its due
        moment, which a hold may have moved on."""
        for task in self.live_tasks():
            if task in self.new or task.state != State.OPEN:
                continue
            if timing.count_alike(walking.step(was, task.step), self.step(task)):
                timing.set_clock(task, self.step(task), self.calendar, self.now)
            else:
                self._set_due(task)
            self._touch(task)

    def _close(self, item: states.Item) -> None:
        """A finished item. Whoever returns the run has finished theirs by that, and keeps what they had entered."""
        by_person = item.id == self.acting
        task = self.task(item.id)
        is_returned = item.id == self.returning
        self._touch(
            task,
            state=State.RETURNED if is_returned else State.DONE,
            closed_at=self.now,
            closed_by=self._doer if by_person else None,
            on_behalf_of=self.on_behalf_of if by_person else None,
            data=dict(item.data),
            outcome="" if is_returned else item.outcome,
            verdict=item.verdict,
            condition="" if is_returned else item.condition,
            reason=item.condition if is_returned else "",
            wake_at=None,
            nudges=[],
            draft=task.draft if is_returned else {},
        )
        self.closed.append(task)

    def _cancel(self, item: states.Item, why: str) -> None:
        """An item no longer needed; what was entered so far is kept."""
        task = self.task(item.id)
        if why == "answered" and task.is_for_people:
            self.notices.append(("task_answered", telling.workers(task, self.now), task))
        self._touch(task, state=State.CANCELLED, closed_at=self.now, reason=why, wake_at=None, nudges=[])
        self.closed.append(task)

    def _stuck(self, item: states.Item) -> None:
        """A failed effect waits for the procedure's owner."""
        task = self._touch(self.task(item.id), reason=item.failed)
        owner = assigning.owners(self.run, self.now)
        self.notices.append(("task_effect_failed", owner, task))

    def _resume(self) -> None:
        """Clocks go on: what was left when the run was held is left now."""
        held_at, self.run.held_at = self.run.held_at or self.now, None
        for task in self.live_tasks():
            timing.go_on(task, self.step(task), held_at=held_at, calendar=self.calendar, now=self.now)
            self._touch(task)

    def seen_from(self, item: states.Item | models.Task) -> engine_facts.RunFacts:
        """The facts as seen from a task's step, its own results included."""
        plan = walking.plan_of(self.definition)
        return engine_facts.RunFacts(plan, self.state.nodes, self.facts, item.step, tuple(item.path))

    @property
    def calendar(self) -> org_rules.Calendar:
        """The calendar of the subject's site; asked for once."""
        if self._calendar is None:
            self._calendar = org_queries.calendar(self.run.site_id)
        return self._calendar

    # Writing

    def save(self) -> None:
        """Write the run, its new and changed tasks and the log of moves."""
        assigning.show(self.run, self.definition, self.state)
        if self.run.pk is None:
            self.run.save(force_insert=True)
        else:
            _write(self.run, RUN_COLUMNS)
        for task in self.new:
            task.run = self.run
        models.Task.objects.bulk_create(self.new)
        models.Candidate.objects.bulk_create(self.candidates)
        for task in self.touched.values():
            task.save(update_fields=TASK_COLUMNS)
            if not task.is_live:
                assigning.drop_entries(task, self.now)
        for line in self.log:
            line.run = self.run
        models.Move.objects.bulk_create(self.log)
        if self.new or self.closed:
            plugs.announce("procedures.tasks_moved", run=self.run, opened=self.new, closed=self.closed)

    def tell(self) -> None:
        """Tell people what was noted, unless it is over already."""
        for kind, people, what in self.notices:
            if isinstance(what, models.Run) or what.is_live or kind == "task_answered":
                telling.tell(kind, people, what, now=self.now, by=self.by, who=getattr(what, "responsible", ""))


RUN_COLUMNS = [
    "edition", "state", "facts", "moves", "status_key", "status_zh", "status_en", "stage", "phase", "held_at",
    "ended_at", "ending", "reason",
]  # fmt: skip
TASK_COLUMNS = [
    "state", "is_void", "due_from", "due_amount", "due_unit", "due_at", "is_provisional", "wake_at", "nudges", "draft",
    "data", "outcome", "verdict", "condition", "closed_at", "closed_by", "on_behalf_of", "reason", "version",
]  # fmt: skip


def _write(run: models.Run, columns: list[str]) -> None:
    """Update the run if it still has the version that was read; the lock makes this certain, the guard proves it."""
    values: dict[str, Any] = {}
    for name in columns:
        value = getattr(run, name)
        values[name] = value.pk if isinstance(value, Model) else value
    updated = models.Run.objects.filter(pk=run.pk, version=run.version).update(version=run.version + 1, **values)
    if updated != 1:
        raise refusals.Stale()
    run.version += 1


def locked(run_id: int, *, by: actors.Actor, now: datetime) -> Course:
    """The run as it is now, locked until the transaction ends."""
    models.Run.objects.select_for_update().filter(pk=run_id).values_list("pk").first()
    run = (
        models.Run.objects.select_related("procedure__owner_post", "edition", "started_by")
        .defer("edition__definition", "edition__source")
        .get(pk=run_id)
    )
    definition = definitions.definition_of(run.edition)
    return Course(run=run, definition=definition, state=states.from_json(run.state), by=by, now=now)


def announce(course: Course) -> None:
    """Say that something about the run's tasks is different, for rooms that keep what they show of it."""
    plugs.announce(
        "procedures.run_moved",
        run=course.run,
        subject=course.run.subject,
        tasks=course.tasks_in_hand(),
        by=course.by,
        now=course.now,
    )
