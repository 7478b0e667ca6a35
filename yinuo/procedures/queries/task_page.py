"""Everything that the page of one task shows, read in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access, models
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.engine import asking, outline
from yinuo.procedures.engine import facts as engine_facts
from yinuo.procedures.engine import state as states
from yinuo.procedures.queries import answers, facts, runs, tasks


@dataclass
class TaskPage:
    """One task as somebody sees it now. What costs a query is read when it is asked for."""

    task: models.Task
    person: org.Person
    now: datetime
    definition: shapes.Definition
    state: states.State
    step: shapes.Step

    @property
    def run(self) -> models.Run:
        return self.task.run

    @cached_property
    def form(self) -> shapes.Form | None:
        """The step's form."""
        return answers.form_of(self.definition, self.step, self.task)

    @cached_property
    def outcomes(self) -> dict[str, Text]:
        """Among what a person chooses here."""
        return answers.outcomes_of(self.step, self.task) if self.is_for_people else {}

    @property
    def is_for_people(self) -> bool:
        """Whether somebody finishes it: people's work, or a wait whose end is recorded by hand."""
        return self.task.is_for_people or answers.is_by_hand(self.step, self.task)

    @property
    def outcome(self) -> Text:
        """What was answered, in words."""
        return answers.outcome_of(self.step, self.task)

    @cached_property
    def overdue(self) -> int:
        """By how many working days of its site the task is overdue."""
        if self.task.due_at is None or self.task.due_at >= self.now or not self.task.is_live:
            return 0
        return org_queries.calendar(self.task.site_id).overdue_working_days(self.task.due_at, self.now)

    @cached_property
    def meanings(self) -> list[tuple[Text, list[Text]]]:
        """What the signature means that finishing it asks for, each with the outcomes under which it does."""
        found: dict[Text, list[Text]] = {}
        for outcome, meaning in answers.meanings_of(self.step, self.task).items():
            found.setdefault(meaning, []).append(self.outcomes[outcome])
        return list(found.items())

    @property
    def signs(self) -> bool:
        """Whether finishing it asks for a signature."""
        return bool(answers.meanings_of(self.step, self.task))

    @cached_property
    def right(self) -> tuple[bool, org.Person | None]:
        """Whether the task is the person's to do now, and on whose behalf."""
        if not self.task.is_live or not self.is_for_people:
            return False, None
        return access.in_whose_name(self.person, self.task, self.now)

    @property
    def is_theirs(self) -> bool:
        return self.right[0]

    @property
    def on_behalf_of(self) -> org.Person | None:
        return self.right[1]

    @property
    def may_work(self) -> bool:
        """Whether the form can be filled in now."""
        return self.is_theirs and self.task.state == models.Task.State.OPEN and self.run.held_at is None

    @property
    def may_steer(self) -> bool:
        return access.may_steer(self.person, self.task)

    @property
    def may_reassign(self) -> bool:
        is_open = self.task.is_live and self.task.is_for_people and self.run.held_at is None
        return is_open and self.step.allowed.reassign and (self.is_theirs or self.may_steer)

    @property
    def may_add_signer(self) -> bool:
        return self.may_work and self.step.allowed.add_signer and self.task.kind != models.Task.Kind.SIGNER

    @cached_property
    def returns(self) -> list[shapes.Step]:
        """The earlier steps to which it may be sent back now."""
        if not self.may_work:
            return []
        keys = asking.returns_of(self.definition, self.state, self.task.item)
        return [walking.step(self.definition, key) for key in keys]

    @cached_property
    def may_withdraw(self) -> bool:
        """Whether the person may take back what they finished here."""
        is_own = self.person.pk in (self.task.closed_by_id, self.task.on_behalf_of_id)
        return is_own and asking.may_withdraw(self.definition, self.state, self.task.item)

    @property
    def may_remind(self) -> bool:
        return not self.is_theirs and access.may_remind(self.person, self.task)

    @property
    def may_end_delegation(self) -> bool:
        """Whether somebody works on the person's behalf here, which they may end."""
        return self.is_theirs and self.on_behalf_of is None and self.task.delegate_id is not None

    @property
    def may_enter_opinion(self) -> bool:
        """Whether the person may enter what its owner said."""
        is_open = self.task.state == models.Task.State.OPEN and self.task.is_for_people and self.run.held_at is None
        return is_open and bool(self.outcomes) and self.opinion is None and not self.is_theirs

    @property
    def may_retry(self) -> bool:
        """Whether a failed effect may be run again."""
        return (
            self.task.kind == models.Task.Kind.EFFECT
            and self.task.is_live
            and bool(self.task.reason)
            and self.may_steer
        )

    @cached_property
    def opinion(self) -> models.Opinion | None:
        """An opinion entered for its owner that waits for their confirmation."""
        if not self.task.is_live or not self.outcomes:
            return None
        waiting = self.task.opinions.filter(models.Opinion.WAITING)
        return waiting.select_related("said_by", "entered_by").first()

    @property
    def opinion_words(self) -> Text:
        """What that opinion says, in words."""
        given = self.opinion
        return self.outcomes.get(given.verdict or given.outcome, NOTHING) if given is not None else NOTHING

    @cached_property
    def sent_back_as(self) -> Text:
        """The outcome by which it was decided that this is done again; nothing where it was returned."""
        return answers.sent_back_as(self.definition, self.task)

    @property
    def may_enter_paper(self) -> bool:
        """Whether the person may enter a decision signed on paper."""
        return self.is_theirs or self.may_steer

    @cached_property
    def form_facts(self) -> Mapping[str, Any]:
        """The facts that the form's conditions ask for."""
        if self.form is None or not facts.names_in(self.form):
            return {}
        asked = facts.Asked(self.run.subject, self.run.facts)
        plan = walking.plan_of(self.definition)
        seen = engine_facts.RunFacts(plan, self.state.nodes, asked, self.task.step, tuple(self.task.path))
        return facts.for_form(self.form, seen)

    @cached_property
    def strip(self) -> tuple[outline.StripMark, ...]:
        """The flow strip with the position."""
        return outline.strip_of(self.definition, self.state)

    @cached_property
    def history(self) -> list[models.Task]:
        """The tasks of the run for people, and waits, in the order in which they were opened."""
        shown = [task for task in tasks.tasks_in(self.run) if task.is_for_people or task.kind == models.Task.Kind.WAIT]
        return tasks.with_overdue(shown, self.now)

    @cached_property
    def answered(self) -> list[answers.Answer]:
        """What was entered in the form, in words."""
        return answers.answered(self.form, self.task.data) if self.form is not None else []


def task_page(person: org.Person, task_id: int, now: datetime) -> TaskPage | None:
    """The page of one task, if the person may see it."""
    task = tasks.visible_task(person, task_id)
    if task is None:
        return None
    definition = runs.definition_of(task.run)
    return TaskPage(
        task=task,
        person=person,
        now=now,
        definition=definition,
        state=runs.state_of(task.run),
        step=walking.step(definition, task.step),
    )


def owners_of(task: models.Task, now: datetime) -> list[org.Person]:
    """The people whose task it is now: holder, holders of the post, candidates."""
    found = [task.holder_id] if task.holder_id else access.whose(task, now)
    return list(org.Person.objects.filter(pk__in=found, is_active=True).order_by("name"))
