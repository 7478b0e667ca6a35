"""Trying a procedure out with the people of today: who would get what, and when. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yinuo.kit import plugs, subjects
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org import rules as org_rules
from yinuo.procedures import models, rules
from yinuo.procedures.definition import shapes
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import trying, wording
from yinuo.procedures.queries import due, people
from yinuo.procedures.queries import facts as fact_queries
from yinuo.search import queries as search

INVENTED = "procedures.trial"  # a subject that does not exist: nothing is known of it
OFFERED = 1000
NOW = shapes.Span(amount=0, unit="calendar_hours")


@dataclass(frozen=True)
class Row:
    """One line of a trial: what came up, whom it would go to, by which rule, and what is worth a warning."""

    tried: trying.Tried
    people: list[str]
    found_by: Text
    warning: Text


def subjects_for(person: org.Person) -> list[tuple[str, str, str]]:
    """What a trial may be about: whatever belongs to a customer, newest first; value, label, and what it is."""
    kinds = {plug.name.partition("/")[2] for plug in plugs.facts if plug.name.startswith("subject.customer_id/")}
    named = {plug.name: Text(plug.zh, plug.en) for plug in plugs.index_sources}
    rows = search.visible(person).filter(subject_type__in=kinds & set(named)).select_related("body")
    found = []
    for row in rows.order_by("subject_type", "-pk")[:OFFERED]:
        label = " ".join(part for part in (row.body.label, row.body.title) if part)
        found.append((f"{row.subject_type}:{row.subject_id}", label[:120], row.subject_type))
    return found


def kind_words(subject_type: str) -> Text:
    """What a kind of subject is called."""
    plug = plugs.index_sources.get(subject_type)
    return Text(plug.zh, plug.en)


def subject_of(value: str, person: org.Person) -> subjects.Ref:
    """The subject chosen for a trial, if the person may see it; else an invented one."""
    kind, _colon, key = value.rpartition(":")
    if key.isascii() and key.isdecimal() and len(key) <= 18:
        row = search.visible(person).filter(subject_type=kind, subject_id=int(key)).select_related("body").first()
        if row is not None:
            return subjects.Ref(kind, int(key), row.body.label, row.body.url, row.scope_id, row.site_id)
    return subjects.Ref(INVENTED, 0, "")


def trial_of(
    definition: shapes.Definition,
    *,
    owner_post: org.Post | None,
    subject: subjects.Ref,
    answers: Mapping[str, Any],
    start: datetime,
    person: org.Person,
) -> tuple[list[Row], trying.Trial]:
    """Try a definition free of mistakes, as if the person started it at that moment."""
    calendar = org_queries.calendar(subject.site_id)
    known = _Known(subject)
    trial = trying.tried(
        definition, answers, known, start=start, due_of=lambda step, at, seen: _due(step, at, seen, calendar)
    )
    procedure = models.Procedure(key=definition.key, number=definition.card.number, owner_post=owner_post)
    run = models.Run(procedure=procedure, started_by=person, started_at=start, **subjects.columns(subject))
    return [_row(each, run) for each in trial.rows], trial


def _due(step: shapes.Step, at: datetime, seen: Mapping[str, Any], calendar: org_rules.Calendar) -> datetime | None:
    """When a step opened at a moment is due; a timer: when it rings."""
    if isinstance(step.work, shapes.Timer):
        if step.work.span is not None:
            return due.add(calendar, at, step.work.span.amount, step.work.span.unit).at
        return due.moment_of(
            rules.due_base(shapes.Due(span=NOW, after=step.work.moment), seen, at.isoformat()), calendar
        )
    if step.due is None:
        return None
    base = due.moment_of(rules.due_base(step.due, seen, at.isoformat()), calendar)
    return due.add(calendar, base, step.due.span.amount, step.due.span.unit).at


def _row(tried: trying.Tried, run: models.Run) -> Row:
    if tried.kind in ("choice", "effect", "timer") or not tried.wanted:
        return Row(tried, [], Text("", ""), Text("", ""))
    wanted = [who for who in tried.wanted if who.kind != "finder" or is_known_to(who.name, run.subject_type)]
    tries = (people.find(who, run=run, now=tried.opened_at) for who in wanted)
    hit = next(((who, found) for who, found in zip(wanted, tries, strict=True) if found.people), None)
    if hit is None:
        found = people.responsible(wanted or tried.wanted[:1], run=run, now=tried.opened_at)
        return Row(tried, [person.name for person in found.people], found.words or wording.NONE, found.warning)
    who, found = hit
    words = found.words or wording.NONE
    if who != tried.wanted[0]:
        words = Text(f"后备：{words.zh}", f"fallback: {words.en}")
    return Row(tried, [person.name for person in found.people], words, found.warning)


def is_known_to(name: str, subject_type: str) -> bool:
    """Whether a finder or fact may be asked about such a subject: rooms above the subject's own do not know it, and
    would answer about something of theirs that has the same key."""
    floors = list(dict.fromkeys(plug.name.partition(".")[0] for plug in plugs.index_sources))
    room, own = name.partition(".")[0], subject_type.partition(".")[0]
    return room not in floors or (own in floors and floors.index(room) <= floors.index(own))


class _Known(fact_queries.Asked):
    """The facts that rooms know of a subject."""

    def __getitem__(self, name: str) -> Any:
        if not is_known_to(name, self.subject.type):
            raise KeyError(name)
        return super().__getitem__(name)
