"""Who gets a task and when it is due: the columns of a task filled from its step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from yinuo.kit import plugs
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access, models
from yinuo.procedures.actions import telling
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.engine import facts as engine_facts
from yinuo.procedures.engine import state as states
from yinuo.procedures.queries import people

SUBJECT_COLUMNS = ("subject_type", "subject_id", "subject_label", "subject_url", "scope_id", "site_id")

AWAY = Text("{who}不在岗且未委托代理", "{who} is away and named nobody to stand in")


@dataclass
class Given:
    """To whom a task was given: people (maybe nobody), those who stand in for them, candidates among whom one takes
    it, and the superior when everybody is away and nobody stands in."""

    people: list[org.Person] = field(default_factory=list)
    stand_ins: list[org.Person] = field(default_factory=list)
    candidates: list[models.Candidate] = field(default_factory=list)
    unattended: list[org.Person] = field(default_factory=list)

    def notices(self, task: models.Task) -> list[tuple[str, list[org.Person], models.Task | models.Run]]:
        """What to tell whom about the new task."""
        found: list[tuple[str, list[org.Person], models.Task | models.Run]] = []
        if self.people and task.state == models.Task.State.OPEN:
            kind = "task_returned" if task.returned_because else "task_assigned"
            found.append((kind, [*self.people, *self.stand_ins], task))
        if self.unattended:
            found.append(("task_unattended", self.unattended, task))
        return found


def assign(
    task: models.Task,
    wanted: Iterable[shapes.Who],
    *,
    run: models.Run,
    now: datetime,
    before: models.Task | None = None,
) -> Given:
    """Fill post, holder or candidates of a new task from those wanted for it.

    One person found is the holder; a held post keeps the task as a post's (whoever holds it on the day acts); several
    people are candidates. An attempt `before` this one goes back to whoever made it, if they still may.
    """
    found = people.responsible(wanted, run=run, now=now)
    task.party, task.party_zh, task.party_en = found.party[:120], found.words.zh[:200], found.words.en[:200]
    task.warning_zh, task.warning_en = found.warning.zh, found.warning.en
    given = Given(people=found.people)
    same = _same_again(before, run)
    if same is not None:
        task.holder, task.post = same, None
        given.people = [same]
    elif found.post is not None:
        task.post = found.post
    elif len(found.people) == 1:
        task.holder = found.people[0]
    else:
        given.candidates = [models.Candidate(task=task, person=person) for person in found.people]
    _mind_absence(task, given, now)
    return given


def _same_again(before: models.Task | None, run: models.Run) -> org.Person | None:
    """Whoever made the attempt before: the one on whose behalf it was made, else the one who made it."""
    if before is None:
        return None
    person = before.on_behalf_of or before.closed_by or before.holder
    if person is None:
        return None
    return next(iter(access.able([person], access.P.PROCEDURES_WORK, run.scope_id, run.site_id)), None)


def _mind_absence(task: models.Task, given: Given, now: datetime) -> None:
    """Whoever stands in is told too; when everybody asked is away and nobody stands in, their superior at once."""
    absent = telling.away(now) if given.people else set()
    given.stand_ins = telling.stand_ins(given.people, absent, now)
    if not given.people or given.stand_ins or not all(person.pk in absent for person in given.people):
        return
    first = given.people[0]
    superior = org_queries.superior_of(first, timezone.localtime(now).date())
    given.unattended = [superior] if superior else []
    if not task.warning_zh:
        task.warning_zh, task.warning_en = AWAY.zh.format(who=first.name), AWAY.en.format(who=first.name)


def owners(run: models.Run, now: datetime) -> list[org.Person]:
    """Whoever answers for the run's procedure today; without anybody, whoever started the run."""
    post = run.procedure.owner_post
    holders = org_queries.holders(post.code, timezone.localtime(now).date()) if post else []
    return holders or ([run.started_by] if run.started_by else [])


def about(definition: shapes.Definition, item: states.Item, facts: Mapping[str, object]) -> Text:
    """What an item is about inside repetitions: the titles of their elements, and whose opinion it is."""
    place = walking.plan_of(definition).places[item.step]
    found = [_element(loop, key, facts) for loop, key in zip(place.loops, item.path, strict=False)]
    if item.kind == "opinions" and item.party:
        found.append(people.words_of(item.party))
    found = [text for text in found if text]
    return Text(" · ".join(text.zh for text in found), " · ".join(text.en for text in found)) if found else NOTHING


def _element(loop: shapes.ForEach, key: str, facts: Mapping[str, object]) -> Text:
    """The title of one element: its attributes title_zh and title_en, or title, else its key."""
    if not loop.fact:
        return people.words_of(key) if ":" in key else Text(key, key)

    def attribute(name: str) -> str:
        try:
            return str(engine_facts.attribute(loop, key, name, facts))
        except KeyError:
            return ""

    plain = attribute("title")
    zh, en = attribute("title_zh") or plain, attribute("title_en") or plain
    return Text(zh or en or key, en or zh or key)


def drop_entries(task: models.Task, now: datetime) -> None:
    """Opinions entered for people whose task it no longer is wait no more."""
    for entry in task.opinions.filter(models.Opinion.WAITING).select_related("said_by"):
        if not task.is_live or not access.in_whose_name(entry.said_by, task, now)[0]:
            models.Opinion.objects.filter(pk=entry.pk).update(withdrawn_at=now)


def show(run: models.Run, definition: shapes.Definition, state: states.State) -> None:
    """Fill the columns by which lists show where a run stands."""
    run.state = states.as_json(state)
    run.reason = state.reason
    run.status_key = state.status
    status = walking.status(definition, state.status)
    if status is not None:
        run.status_zh, run.status_en, run.stage = status.title.zh, status.title.en, status.stage
    elif state.situation == "ended":
        run.status_zh, run.status_en, run.stage = "", "", models.Stage.DONE
    else:
        run.status_zh, run.status_en, run.stage = "", "", models.Stage.ACTIVE
    plan = walking.plan_of(definition)
    current = sorted((item.step for item in state.open_items()), key=lambda key: plan.order[key])
    run.phase = plan.phases[current[0]] if current else run.phase


def carried(definition: shapes.Definition, step: shapes.Step, before: models.Task) -> dict[str, Any]:
    """What the attempt before leaves in the form of a step done again, but for fields that start afresh."""
    fields = [field for form in definition.forms if form.key == step.form for field in form.fields]
    kinds = {field.key: field.kind for field in fields if field.kind in plugs.field_kinds}
    afresh = {key for key, kind in kinds.items() if plugs.field_kinds.get(kind).about.get("afresh")}
    return {key: value for key, value in (before.data or before.draft).items() if key not in afresh}
