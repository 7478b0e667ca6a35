"""The board: what lies on each desk of a department, the first due first, from the small indexes of open tasks.

Of each desk the first few tasks are read, all of them are counted: one statement for all desks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When, Window
from django.db.models.functions import RowNumber
from django.db.models.lookups import IsNull
from django.utils import timezone

from yinuo.cases import models as cases
from yinuo.kit import subjects
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.reports import rules
from yinuo.reports.queries import counted, people, places

CARDS = 6  # of one desk; the list behind the board has them all
LANES = 20  # people of one page


class Card(NamedTuple):
    """An open task as the board shows it; `in_pile` and `late_in_pile`: how many there are with it."""

    pk: int
    version: int
    holder_id: int | None
    post_id: int | None
    due_at: datetime | None
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    subject_type: str
    subject_id: int
    subject_label: str
    site_id: int | None
    at_post: int | None
    in_pile: int
    late_in_pile: int


class Facts(NamedTuple):
    """What a card says of its request."""

    pk: int
    number: str
    priority: int
    is_safety: bool
    customer_zh: str
    customer_en: str


class Away(NamedTuple):
    """A stretch of absence; `span`: the columns that it covers."""

    delegate: str
    from_at: datetime
    to_at: datetime
    span: tuple[int, int]
    is_now: bool


@dataclass
class Lane:
    """A desk: a colleague's, or (None) what waits for several people or nobody. `share`: what would be theirs of all
    that lies on the desks shown, by their capacity."""

    colleague: people.Colleague | None
    cards: list[Card] = field(default_factory=list)
    count: int = 0
    late: int = 0
    share: float = 0
    away: list[Away] = field(default_factory=list)
    at_posts: dict[int, int] = field(default_factory=dict)  # how many wait at each post

    @property
    def is_away(self) -> bool:
        return any(each.is_now for each in self.away)

    def add(self, cards: list[Card]) -> None:
        """The first tasks of one pile more on this desk."""
        self.count += cards[0].in_pile
        self.late += cards[0].late_in_pile
        if cards[0].at_post:
            self.at_posts[cards[0].at_post] = cards[0].in_pile
        self.cards = sorted([*self.cards, *cards], key=lambda card: (card.due_at is None, card.due_at, card.pk))[:CARDS]


@dataclass(frozen=True)
class Board:
    lanes: list[Lane]
    waiting: Lane
    facts: dict[int, Facts]


def board(
    person: org.Person, staff: people.Staff, columns: list[rules.Span], now: datetime, site_id: int | None
) -> Board:
    """The desks of some people with what the person may see of it, and what waits at their department's posts."""
    lanes = {each.pk: Lane(each) for each in staff.people}
    waiting = Lane(None)
    alone = {post: each.pk for each in staff.people for post in each.alone}
    for (holder, post), pile in _piles(person, staff, now, site_id).items():
        lane = lanes.get(holder or alone.get(post or 0) or 0, waiting)
        lane.add(pile)
    _absences(lanes, columns, now)
    shown = list(lanes.values())
    there = [0 if lane.is_away or not lane.colleague else lane.colleague.capacity for lane in shown]
    for lane, share in zip(shown, rules.shares(there, sum(lane.count for lane in shown)), strict=True):
        lane.share = share
    return Board(shown, waiting, facts_of(card for lane in (*shown, waiting) for card in lane.cards))


def live(person: org.Person) -> QuerySet[procedures.Task]:
    """Open tasks of people that the person may see, but for runs on hold.

    Whether a run is on hold is asked task by task: a board looks at some hundred, and the runs on hold of a large
    company are many more.
    """
    held = procedures.Run.objects.filter(pk=OuterRef("run"), held_at__isnull=False)
    tasks = procedures.Task.objects.filter(~Exists(held), closed_at=None, kind__in=procedures.Task.PEOPLE_KINDS)
    return places.here(tasks, person, None)


Piles = dict[tuple[int | None, int | None], list[Card]]


def _piles(person: org.Person, staff: people.Staff, now: datetime, site_id: int | None) -> Piles:
    """The first due tasks of each person and of each post, with how many there are.

    On SQLite what somebody holds and what nobody holds yet are asked apart: together it walks through all open tasks.
    """
    alone = [post for each in staff.people for post in each.alone]
    here = Q() if site_id is None else Q(site_id=site_id)
    held = Q(holder__in=[each.pk for each in staff.people])
    waiting = Q(holder=None) & (Q(post__in=alone) | Q(here, post__in=staff.shared) | (_nobodys(staff) & here))
    found: Piles = {}
    for which in (held, waiting) if connection.vendor == "sqlite" else (held | waiting,):
        found |= _first_of_piles(live(person).filter(which), now)
    return found


def _first_of_piles(tasks: QuerySet[procedures.Task], now: datetime) -> Piles:
    pile: Any = {"partition_by": [F("holder"), F("at_post")]}
    first = (F("due_at").asc(nulls_last=True), F("pk"))
    is_late = Case(When(due_at__lt=now, then=1))
    tasks = tasks.annotate(at_post=Case(When(holder=None, then=F("post")))).annotate(
        in_pile=Window(Count("pk"), **pile),
        late_in_pile=Window(Count(is_late), **pile),
        rank=Window(RowNumber(), order_by=first, **pile),
    )
    found: Piles = defaultdict(list)
    for row in tasks.filter(rank__lte=CARDS).order_by("rank").values_list(*Card._fields):
        card = Card._make(row)
        found[card.holder_id, card.at_post].append(card)
    return found


def _nobodys(staff: people.Staff) -> Q:
    """Tasks with neither holder nor post: for which nobody was found, or which any of some of these people may take."""
    candidates = procedures.Candidate.objects.filter(task=OuterRef("pk"))
    among = candidates.filter(person__in=[each.pk for each in staff.people])
    no_post = Q(IsNull(subjects.Sieve("post_id"), True))  # sifted: nearly every task that somebody holds has no post
    return Q(holder=None) & no_post & (Q(~Exists(candidates)) | Q(Exists(among)))


def _absences(lanes: dict[int, Lane], columns: list[rules.Span], now: datetime) -> None:
    last = columns[-2].last
    assert last is not None  # noqa: S101  today and the next working day are always there
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    names = ("person_id", "delegate__name", "from_at", "to_at")
    for pk, delegate, from_at, to_at in people.absences_of(lanes, now, until).values_list(*names):
        first, end = timezone.localtime(from_at).date(), timezone.localtime(to_at - timedelta(seconds=1)).date()
        span = rules.covered(first, end, columns)
        if span:
            lanes[pk].away.append(Away(delegate or "", from_at, to_at, span, from_at <= now))


def facts_of(cards: Iterable[Card]) -> dict[int, Facts]:
    """Of the requests that the cards are about: number, priority, customer."""
    keys = {card.subject_id for card in cards if card.subject_type == counted.SUBJECT}
    columns = ("pk", "number", "priority", "is_safety", "customer__name_zh", "customer__name_en")
    rows: QuerySet[Any, Any] = cases.Case.objects.filter(pk__in=keys).values_list(*columns)
    return {row[0]: Facts._make(row) for row in rows}
