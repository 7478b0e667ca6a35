"""Moulds: cases made by the product's own actions, from which any number of others are cast.

A mould is made in a transaction that is rolled back. Everything in it that differs from case to case is unmistakable:
its rows have keys of ten digits beginning with 9, its people, customer and texts have names that occur nowhere else,
its days lie in 2031. So what a value in another column, in JSON or in an address refers to can be read from the value.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models, transaction

from tests.bench import people, texts
from yinuo.cases import models as cases
from yinuo.cases.actions import opening, steering
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.letters.actions import incoming, threads
from yinuo.notify import actions as notify
from yinuo.notify import models as notify_models
from yinuo.org import models as org
from yinuo.procedures.actions import working
from yinuo.procedures.queries import tasks as task_queries

MONDAY = datetime(2031, 3, 3, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai
FIRST_KEY = 9_000_000_000
KEYS = 1_000_000  # keys kept for one table
ROOMS = ("records", "org", "search", "notify", "procedures", "customers", "letters", "cases")
SKILL = "technical"
NO_ORIGINAL = {"original_kept": False, "no_original": "电话提出"}
T = TypeVar("T")


@dataclass
class Cast:
    """Who plays which part in a case, and what is said in it."""

    customer: customers.Customer
    registrar: org.Person
    window: org.Person
    owner: org.Person
    analyst: org.Person
    said: texts.Said


@dataclass
class Mould:
    """A case with the key before its first row in each table; its rows are read while it is there."""

    state: str
    at: datetime
    number: str
    cast: Cast
    before: dict[str, int]


def tables() -> list[type[models.Model]]:
    """The tables in which a case may leave rows: those of all rooms above the cellar that count their own keys."""
    found = []
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models(include_auto_created=True):
            shared = model._meta.pk.remote_field
            if counted(model) or (shared is not None and counted(shared.model)):
                found.append(model)
    return found


def counted(model: type[models.Model]) -> bool:
    """Whether the table counts its own keys (a one-to-one row takes another's)."""
    return isinstance(model._meta.pk, models.AutoField | models.BigAutoField)


def count_from(model: type[models.Model], last: int) -> None:
    """Let the next key of a table be `last` + 1."""
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
        else:
            sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)"
            cursor.execute(sequence, [table, column, max(last, 1), last > 0])


def count_on() -> None:
    """Let every table count on from its last row."""
    for model in filter(counted, tables()):
        count_from(model, last_key(model))


class _Undo(Exception):
    """Raised to roll a mould back."""


def make(state: str, weekday: int, read: Callable[[Mould], T]) -> T:
    """Make a case that stands at `state`, opened on a weekday (0 = Monday), let `read` read it, and undo it."""
    found: list[T] = []
    at = MONDAY + timedelta(days=weekday)
    try:
        with transaction.atomic():
            for place, model in enumerate(filter(counted, tables())):
                count_from(model, FIRST_KEY + place * KEYS)
            cast = _cast()
            before = {model._meta.db_table: last_key(model) for model in tables()}
            case = live(state, at, cast)
            found.append(read(Mould(state, at, case.number, cast, before)))
            raise _Undo
    except _Undo:
        count_on()
    return found[0]


def last_key(model: type[models.Model]) -> int:
    """The key of a table's last row."""
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _cast() -> Cast:
    """People, a customer and texts with unmistakable names."""
    said = texts.Said("模具甲题", "模具甲文", "模具甲项", ("模具甲信一", "模具甲信二", "模具甲信三"))
    named = {
        part: people.colleague(f"mould-{part}", name)
        for part, name in {"registrar": "甲登记", "window": "甲窗口", "owner": "甲负责", "analyst": "甲分析"}.items()
    }
    customer = companies.add(
        code="MOULD",
        name_zh="模具甲顾客",
        name_en="Mould customer",
        window=named["window"],
        although_similar=True,
        by=named["registrar"],
        now=MONDAY,
    )
    qualify(named["analyst"])
    return Cast(customer=customer, said=said, **named)


def qualify(person: org.Person) -> None:
    """Put on record that the person may analyse what the moulds ask for."""
    skill, _is_new = org.Skill.objects.get_or_create(code=SKILL, defaults={"name_zh": "技术", "name_en": "Technical"})
    org.PersonSkill.objects.create(person=person, skill=skill)


# One case, lived through by actions ----------------------------------------------------------------------------------


def live(state: str, at: datetime, cast: Cast) -> cases.Case:
    """A case with three letters and three changes, registered at a moment and carried to `state`."""
    case = opening.open_case(
        by=cast.registrar,
        now=at,
        customer=cast.customer,
        title=cast.said.title,
        text=cast.said.text,
        channel="mail",
        items=[opening.NewItem(text=cast.said.item, kind=SKILL)],
        notified_at=at - timedelta(minutes=30),
        said_by="顾客代表",
        said_at=at - timedelta(hours=1),
        wanted_on=(at + timedelta(days=30)).date(),
        owner=cast.window,
    )
    case = _talk_and_change(case, at, cast)
    if state in ("active", "held", "terminated"):
        _accept(case, at, cast)
    if state == "held":
        steering.hold(case=case, reason="等待顾客提供图纸", by=cast.registrar, now=at + timedelta(days=1))
    if state == "terminated":
        steering.terminate(case=case, reason="顾客撤回该要求", by=cast.registrar, now=at + timedelta(days=1))
        _read_messages(case, at + timedelta(days=1))
    return case


def _read_messages(case: cases.Case, now: datetime) -> None:
    """Everybody has read what they were told of a case that is over."""
    told = notify_models.Message.objects.filter(subject_type=case.subject_type, subject_id=case.pk)
    for message in told.select_related("person"):
        notify.read(message=message, by=message.person, now=now)


def _talk_and_change(case: cases.Case, at: datetime, cast: Cast) -> cases.Case:
    """Three letters of the customer; another priority, another owner, a corrected fact."""
    thread = threads.open_thread(
        subject=case, customer=cast.customer, title="技术澄清", purpose="clarification", by=cast.window, now=at
    )
    for number, text in enumerate(cast.said.letters, 1):
        said_at = at + timedelta(minutes=10 * number)
        incoming.record_incoming(
            thread=thread, text=text, way="mail", said_at=said_at, speaker="顾客代表", by=cast.window, now=said_at
        )
    fresh = cases.Case.objects.get(pk=case.pk)
    later = at + timedelta(hours=1)
    steering.change_priority(
        case=fresh, priority=2, reason="顾客催促", by=cast.registrar, now=later, expected=fresh.version
    )
    steering.change_owner(case=fresh, owner=cast.owner, by=cast.registrar, now=later, expected=fresh.version)
    promised = (at + timedelta(days=21)).date()
    steering.correct(case=fresh, promised_on=promised, by=cast.owner, now=later, expected=fresh.version)
    return cases.Case.objects.get(pk=case.pk)


def _accept(case: cases.Case, at: datetime, cast: Cast) -> None:
    """The window accepts the request and confirms its receipt; the analysis is open then."""
    later = at + timedelta(hours=2)
    lines = [
        {"item": item.pk, "kind": item.kind, "applies": item.applies, "owner": cast.owner.pk, "due_on": None}
        for item in case.items.all()
    ]
    _submit(case, cast.window, later, outcome="accept", data={"items": lines, **NO_ORIGINAL})
    sent_at = later.isoformat(timespec="minutes")
    _submit(case, cast.window, later, data={"sent_at": sent_at, "way": "mail", "to_whom": "顾客代表"})


def _submit(case: cases.Case, by: org.Person, now: datetime, **given: Any) -> None:
    task = task_queries.open_tasks(case).order_by("pk").first()
    assert task is not None
    working.submit(task=task, by=by, now=now, expected=task.version, **given)
