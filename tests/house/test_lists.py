"""Every list costs as many queries with thirty rows as with one, whatever page it stands on."""

import ast
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models import BaseConstraint, DateTimeField, Model, UUIDField, Value
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from pytest_django import DjangoDbBlocker

from tests import cast
from tests.hostile import attacking
from tests.hostile import world as worlds
from tests.house import tree
from yinuo.cases import models as cases
from yinuo.changes import models as changes
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.letters import models as letters
from yinuo.messengers import models as messengers
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.records import models as records
from yinuo.reports import models as reports
from yinuo.reports.actions import accounting
from yinuo.sources import models as sources
from yinuo.watches import models as watches

# Address → (what its query asks beside, the model whose rows it lists)
LISTS: dict[str, tuple[str, type[Model]]] = {
    "cases:cases": ("", cases.Case),
    "cases:findings": ("", cases.Finding),
    "cases:items_all": ("", cases.Item),
    "cases:lessons": ("", cases.Lesson),
    "cases:objects": ("", cases.Sample),
    "cases:sorting": ("", cases.Finding),
    "changes:changes": ("", changes.Change),
    "customers:contacts": ("", customers.CustomerContact),
    "customers:customers": ("", customers.Customer),
    "customers:portals": ("", customers.Portal),
    "customers:portal_checks": ("", customers.PortalCheck),
    "customers:products": ("", customers.Product),
    "customers:projects": ("", customers.Project),
    "desk:work": ("tab=started", procedures.Run),
    "letters:mails": ("", letters.Mail),
    "letters:plans": ("", letters.ProgressPlan),
    "letters:talks": ("", letters.Thread),
    "messengers:deliveries": ("", messengers.Delivery),
    "notify:inbox": ("", notify.Message),
    "notify:outbox": ("", notify.Mail),
    "org:address_book": ("", org.Organisation),
    "org:people": ("", org.Person),
    "org:posts": ("", org.Post),
    "org:roles": ("", org.RoleGrant),
    "org:scopes": ("", org.Scope),
    "procedures:procedures": ("", procedures.Procedure),
    "records:entries": ("", records.Entry),
    "records:readings": ("", records.Reading),
    "reports:repeats": ("", reports.Repeat),
    "reports:requests": ("", cases.Case),
    "sources:clauses": ("", sources.ClauseText),
    "watches:watched": ("", watches.Page),
    "sources:documents": ("", sources.Document),
    "sources:obsolete": ("", sources.Obsolete),
    "sources:references": ("", sources.Reference),
    "sources:withdrawn": ("", sources.Withdrawn),
    "reports:statistics_items": ("", cases.Item),
    "reports:statistics_requests": ("", cases.Case),
    "reports:statistics_tasks": ("", procedures.Task),
    "reports:tasks": ("", procedures.Task),
}
UNDECLARED = {"notify:inbox"}  # laid out by hand, so without a file


@pytest.fixture(scope="module")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[worlds.World]:
    folder = tmp_path_factory.mktemp("lists")
    fast = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings = override_settings(DATA_DIR=folder, FILES_DIR=Path(folder) / "files", PASSWORD_HASHERS=fast)
    with settings, django_db_blocker.unblock(), attacking.undone():
        yield worlds.build()


@pytest.fixture
def db(built: worlds.World) -> Iterator[None]:
    with attacking.undone():
        yield


def binds(constraint: BaseConstraint, row: Model) -> bool:
    """Whether a constraint means this row, and so its copies, or only rows under another condition."""
    condition = getattr(constraint, "condition", None)
    values = {f.name: Value(getattr(row, f.attname), output_field=f) for f in row._meta.concrete_fields}
    return condition is None or bool(condition.check(values))


def copies(row: Model, number: int) -> Iterator[Model]:
    """The same row again and again, with what must be unique made so."""
    unique, own = {f.name for f in row._meta.concrete_fields if f.unique}, set()
    for constraint in row._meta.constraints:
        names = getattr(constraint, "fields", ()) if binds(constraint, row) else ()
        unique |= set(names)
        if names and all(row._meta.get_field(name).is_relation for name in names):
            own.add(names[-1])  # only rows of others make it unique: each copy gets one of its own
    for at in range(number):
        copy = type(row)(**{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields})
        copy.pk = None
        for field in row._meta.concrete_fields:
            if field.name not in unique or field.primary_key:
                continue
            value: Any = getattr(row, field.attname)
            if (field.one_to_one or field.name in own) and value is not None:
                related = next(copies(getattr(row, field.name), at + 1))
                related.save()
                setattr(copy, field.name, related)
                continue
            if field.is_relation:
                continue
            if isinstance(field, UUIDField):
                value = uuid.uuid4()
            elif isinstance(value, int) and not isinstance(value, bool):
                value = value + at + 1000
            elif isinstance(value, str):
                value = f"{value[: (field.max_length or 999) - 6]}~{at:03}"
            elif isinstance(field, DateTimeField) or value is None:
                continue
            setattr(copy, field.attname, value)
        yield copy


def queries_of(client: Client, url: str) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as seen:
        response = client.get(url)
        content = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 200, url
    return len(seen), content.decode("utf-8", "replace")


def one_row_then_thirty(name: str, built: worlds.World) -> tuple[Client, str, Callable[[], None]]:
    """Who looks at which address; and what makes twenty-nine more of its last row."""
    query, model = LISTS[name]
    zhou = built.company.zhou
    worlds.everything(zhou)
    if model is records.Entry:  # the world has made more of them than a page shows
        latest = records.Entry.objects.order_by("-pk").values("pk")[:5]
        records.Entry.objects.exclude(pk__in=list(latest.values_list("pk", flat=True))).delete()
    if model is procedures.Run:
        procedures.Run.objects.update(started_by=zhou)
    if model is notify.Message:
        notify.Message.objects.update(person=zhou)
    if model is records.Reading:
        built.client("zhou").get(reverse("cases:case", args=[built.rows["case"].number]))

    if name == "reports:statistics_tasks":
        last = procedures.Task.objects.order_by("-pk").values("pk")[:1]
        finished = {
            "state": "done",
            "closed_at": cast.NOW,
            "kind": "task",
            "subject_type": "cases.case",
            "wake_at": None,
        }
        procedures.Task.objects.filter(pk__in=list(last.values_list("pk", flat=True))).update(**finished)
    accounting.count_changed(by=actors.PROGRAM, now=cast.NOW)

    def more() -> None:
        rows = model._default_manager.order_by("-pk")
        if model is sources.ClauseText:  # those of standards have a list of their own
            rows = rows.exclude(edition__document__kind=sources.DocumentKind.STANDARD)
        row = rows.first()
        assert row is not None, name
        model._default_manager.bulk_create(list(copies(row, 29)))
        if name.startswith("reports:statistics"):
            accounting.count_changed(by=actors.PROGRAM, now=cast.NOW)

    return built.client("zhou"), f"{reverse(name)}?{query}", more


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_costs_the_same_with_one_row_and_with_thirty(name: str, built: worlds.World, db: None) -> None:
    client, url, more = one_row_then_thirty(name, built)
    queries_of(client, url)  # what is read once is read
    few, before = queries_of(client, url)
    more()
    many, after = queries_of(client, url)
    assert len(after) > len(before) + 29 * 30, f"{name} does not show the rows"
    assert many == few


@pytest.mark.parametrize("name", sorted(set(LISTS) - UNDECLARED))
def test_a_file_of_a_list_costs_the_same_with_one_row_and_with_thirty(name: str, built: worlds.World, db: None) -> None:
    client, url, more = one_row_then_thirty(name, built)
    wish = re.search(r"excel=[\w.%-]+", client.get(url).content.decode())
    assert wish, f"{name} offers no file"
    queries_of(client, f"{url}&{wish[0]}")
    few, before = queries_of(client, f"{url}&{wish[0]}")
    more()
    many, after = queries_of(client, f"{url}&{wish[0]}")
    assert len(after) > len(before) + 29, f"{name} does not tell the rows"
    assert many == few


def test_every_list_is_there() -> None:
    """Whatever page reads a declared list stands in the table above."""
    reading = set()
    for path, module in tree.modules():
        if tree.shelf(path) != "pages":
            continue
        for function in module.body:
            if isinstance(function, ast.FunctionDef) and "page_of(" in ast.unparse(function):
                reading.add(function.name)
    shown = {getattr(get_resolver().resolve(reverse(name)).func, "__name__", "") for name in LISTS}
    assert reading - shown == set()
