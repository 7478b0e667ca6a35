"""To whom work can be given: who may, who is there, who can, and how much lies on their desks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.cases.queries import competence
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import access
from yinuo.procedures import models as procedures
from yinuo.reports.queries import board, counted, people


@dataclass(frozen=True)
class Candidate:
    """Somebody to whom the cards can be given, or why not. `can`: on record for what the requests are about; None
    where nothing is asked or kept. `holds`: in the very post for which the tasks are."""

    person: org.Person
    count: int
    late: int
    relative: float
    away_until: datetime | None
    may: bool
    can: bool | None
    holds: bool
    has_all: bool

    @property
    def is_free(self) -> bool:
        """Whether the cards can be given to them."""
        return self.may and self.away_until is None and not self.has_all


def tasks_of(person: org.Person, keys: Sequence[int]) -> list[procedures.Task]:
    """Those of some tasks that the person may see on the board, in the order of the keys; finished ones too."""
    rows = procedures.Task.objects.filter(pk__in=keys, kind__in=procedures.Task.PEOPLE_KINDS)
    rows = person.visible(rows.select_related("run", "holder", "post"), access.P.REPORTS_SEE)
    found = {task.pk: task for task in rows.defer("run__state", "run__facts", "data", "nudges")}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def candidates(
    person: org.Person, staff: people.Staff, tasks: Sequence[procedures.Task], now: datetime
) -> list[Candidate]:
    """The people of a board as candidates for some tasks: whoever can take them, may and has least to do first."""
    colleagues = {each.pk: each for each in staff.people}
    rows = org.Person.objects.in_bulk(list(colleagues))
    loads = _loads(person, staff, now)
    away = dict(org_queries.absences_at(now).filter(person__in=colleagues).order_by("to_at").values_list(
        "person_id", "to_at"
    ))  # fmt: skip
    may = _allowed(list(rows.values()), tasks)
    able = _able(tasks, now)
    posts = {task.post_id for task in tasks if task.post_id}
    on = timezone.localtime(now).date()
    holding = org_queries.holdings_on(on).filter(post__in=posts, person__in=colleagues).order_by()
    holds = set(holding.values_list("person_id", flat=True)) if posts else set()
    found = []
    for pk in colleagues:
        count, late = loads.get(pk, (0, 0))
        found.append(
            Candidate(
                rows[pk],
                count,
                late,
                count * 100 / max(rows[pk].capacity, 1),
                away.get(pk),
                pk in may,
                None if able is None else pk in able,
                pk in holds,
                all(task.holder_id == pk for task in tasks),
            )
        )
    return sorted(found, key=lambda each: (not each.is_free, each.can is False, not each.holds, each.relative))


def _loads(person: org.Person, staff: people.Staff, now: datetime) -> dict[int, tuple[int, int]]:
    """How many tasks lie on each desk, and how many of them are overdue."""
    alone = {post: each.pk for each in staff.people for post in each.alone}
    theirs = Q(holder__in=[each.pk for each in staff.people]) | Q(holder=None, post__in=alone)
    live = board.live(person).filter(theirs)
    found: dict[int, tuple[int, int]] = {}
    for holder, post, due_at in live.values_list("holder_id", "post_id", "due_at"):
        whose = holder or alone.get(post or 0) or 0
        count, late = found.get(whose, (0, 0))
        found[whose] = (count + 1, late + (due_at is not None and due_at < now))
    return found


def _allowed(colleagues: list[org.Person], tasks: Sequence[procedures.Task]) -> set[int]:
    """Who may work on all of the tasks; asked once for each scope and site."""
    found = {each.pk for each in colleagues}
    for scope, site in {(task.scope_id, task.site_id) for task in tasks}:
        found &= {each.pk for each in access.able(colleagues, access.P.PROCEDURES_WORK, scope, site)}
    return found


def _able(tasks: Sequence[procedures.Task], now: datetime) -> set[int] | None:
    """Whose competence in all that the requests are about is on record; None where no skill is asked for."""
    requests = {task.subject_id for task in tasks if task.subject_type == counted.SUBJECT}
    items = cases.Item.objects.filter(case__in=requests, withdrawn_at=None).order_by()
    kinds = set(items.values_list("kind", flat=True).distinct())
    wanted = competence.competence_for(kinds, timezone.localtime(now).date()).values() if kinds else []
    asked = [{each.pk for each in one.people} for one in wanted if one.skill is not None]
    return set.intersection(*asked) if asked else None


def owned(person: org.Person, tasks: Sequence[procedures.Task]) -> dict[int, cases.Case]:
    """The requests of some tasks whose owner holds the task, and for which the person may choose another."""
    holders = {(task.subject_id, task.holder_id) for task in tasks if task.subject_type == counted.SUBJECT}
    rows = cases.Case.objects.filter(pk__in={key for key, _holder in holders}, ended_at=None, owner__isnull=False)
    rows = person.visible(rows, access.P.CASES_STEER)
    return {case.pk: case for case in rows if (case.pk, case.owner_id) in holders}
