"""The API against whoever means ill: every role at every call, the circle, the other site, and made-up requests."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, settings
from ninja import Schema
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi_checks

from config import api as assembled
from tests.api.programs import Program
from tests.hostile import attacking
from tests.hostile import world as worlds
from tests.hostile.test_secrets import LEAKS, _open_to_site
from tests.hostile.world import SECRET, World
from yinuo.kit import once, pages
from yinuo.org import definition
from yinuo.org import models as org

PREFIX = "/api/v1/"
# What of the world stands at which address; everything else is a task.
ROWS = {
    "customers": "customer", "products": "product", "projects": "project", "findings": "finding",
    "contacts": "contact", "documents": "document", "editions": "edition", "talks": "thread", "letters": "released",
    "mails": "came", "standards": "standard", "mailboxes": "mailbox", "imports": "import", "comparisons": "comparison",
    "saved-reports": "report", "clauses": "clause", "cited-documents": "reference", "obsolete": "obsolete",
    "withdrawn": "withdrawn", "portals": "portal", "repeats": "repeat", "progress-plans": "plan",
    "engineering-changes": "application",
}  # fmt: skip
SCHEMA = assembled.api.get_openapi_schema(path_prefix=PREFIX)
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in SCHEMA["paths"].items()
    for method, operation in operations.items()
]


def owner(world: World, path: str, otherwise: org.Person) -> org.Person:
    """Workbooks are of whoever brought them, reports of whoever keeps them; all else is tried by somebody else."""
    of = path.removeprefix(PREFIX).partition("/")[0]
    if of == "saved-reports":
        return world.company.zhou
    return world.company.zhao if of in ("imports", "comparisons") else otherwise


def urls(world: World, path: str) -> Iterator[str]:
    """The address with what really is there."""
    rows = world.rows
    of = path.removeprefix(PREFIX).partition("/")[0]
    if "{type}" in path:
        for name in ("case", "customer", "product", "project", "portal"):
            yield path.format(type=rows[name].subject_type, id=rows[name].pk)
        return
    key = rows[ROWS[of]].pk if of in ROWS else world.open_tasks()[0].pk
    kind = "customers.customer" if of == "imports" else "receipt"
    language = "en" if of == "clauses" else "zh"  # into another one than it is written in
    number = rows["change" if of == "engineering-changes" else "case"].number
    yield path.format(
        id=key, number=number, token=rows["attachment"].token, kind=kind, language=language,
        mapping=rows["mapping"].pk, link=rows["relation"].pk, supplier=rows["supplier"].pk, item=rows["asking"].pk,
    )  # fmt: skip


def answers(world: World, program: Program) -> Iterator[tuple[str, Any, Any]]:
    """Every call at every real row, undone afterwards, with its permission."""
    for method, path, operation in OPERATIONS:
        for url in urls(world, path):
            with attacking.undone():
                headers = {"If_Match": '"1"', "Idempotency_Key": once.new_key()}
                said = {"reason": "x"} if method != "GET" else None
                answer = program.call(method, url, said, **headers)
                yield f"{method} {url}", operation["x-permission"], answer


def test_every_call_names_a_permission_that_exists() -> None:
    known = {*map(str, definition.Permission), pages.SIGNED_IN}
    assert len(OPERATIONS) > 25
    assert [path for _method, path, operation in OPERATIONS if operation["x-permission"] not in known] == []


def test_every_call_wants_a_token() -> None:
    assert [path for _method, path, operation in OPERATIONS if operation["security"] != [{"Token": []}]] == []


def test_whatever_writes_is_made_once_or_from_a_version() -> None:
    """What is sent twice creates once; a change says from which version; what takes from one to make another, both."""
    for method, path, operation in OPERATIONS:
        names = {each["name"] for each in operation["parameters"] if each.get("required")}
        has = [name for name in ("Idempotency-Key", "If-Match") if name in names]
        assert bool(has) == (method != "GET"), (method, path, has)
        assert len(has) < 2 or path.endswith("/split"), (method, path, has)


def test_whatever_writes_wants_its_header(world: World) -> None:
    """It is asked for before anything else, and nothing is changed."""
    for method, path, operation in OPERATIONS:
        if method == "GET":
            continue
        with attacking.undone():
            person = owner(world, path, world.company.lina)
            worlds.everything(person)
            answer = Program(person).call(method, next(urls(world, path)), _least(operation))
            assert answer.status_code in (400, 409, 422, 428), (method, path, answer.status_code)
            if answer.status_code == 409:  # a rule of the work refused it first
                assert "If-Match" in str(operation["parameters"]), path


def _least(operation: dict[str, Any]) -> dict[str, Any]:
    """The least that the call takes."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    shape = SCHEMA["components"]["schemas"].get(body.get("$ref", "").rpartition("/")[2], {})
    return {name: _any_value(shape["properties"][name]) for name in shape.get("required", ())}


def _any_value(described: dict[str, Any]) -> Any:
    return {"integer": 1, "array": [], "boolean": True, "object": {}}.get(described.get("type", "string"), "x")


def _shapes(of: type[Schema]) -> Iterator[type[Schema]]:
    for each in of.__subclasses__():
        yield each
        yield from _shapes(each)


def test_no_two_shapes_bear_one_name() -> None:
    """Of two the description would keep one, and lie about the other."""
    ours = {each for each in _shapes(Schema) if each.__module__.startswith("yinuo.") and "[" not in each.__name__}
    names = [each.__name__ for each in ours]
    assert len(names) > 25
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


@pytest.mark.parametrize("role", [*sorted(definition.ROLES), ""])
def test_what_a_role_does_not_allow_is_refused(role: str, world: World) -> None:
    """Also inside the circle; nothing breaks, whoever calls."""
    person = world.company.outsider
    if role:
        org.RoleGrant.objects.create(person=person, role=role, from_on="2020-01-01")
    world.scope.grants.create(person=person, granted_at="2026-01-01T00:00Z")
    allowed = set(map(str, definition.ROLES[role].permissions)) if role else set()
    wrong = []
    for call, permission, answer in answers(world, Program(person)):
        is_refused = answer.status_code in (403, 404)
        if answer.status_code >= 500 or (permission not in {*allowed, pages.SIGNED_IN} and not is_refused):
            wrong.append(f"{call}: {answer.status_code}")
    assert wrong == []


def leaks(world: World, person: org.Person) -> list[str]:
    wrong = []
    for call, _permission, answer in answers(world, Program(person)):
        text = attacking.text_of(answer)
        if named := [name for name in LEAKS if name in text]:
            wrong.append(f"{call} {answer.status_code} names {named}")
        if call.startswith(f"GET {PREFIX}standards/"):
            continue  # what the standards of the trade say is known to everybody
        is_row = call.startswith("GET") and re.search(r"\d|files/", call.removeprefix(f"GET {PREFIX}"))
        if is_row and answer.status_code not in (403, 404) and text != "[]":
            wrong.append(f"{call}: {answer.status_code}")
    return wrong


def test_whoever_is_outside_the_circle_learns_nothing(world: World) -> None:
    person = world.company.auditor
    worlds.everything(person)
    assert leaks(world, person) == []


def test_the_circle_does_see_it(world: World) -> None:
    """The check above looks for what is really there."""
    worlds.everything(world.company.lina)
    named = [each for each in leaks(world, world.company.lina) if "names" in each]
    assert len(named) > 10


def test_a_person_of_another_site_learns_nothing(world: World) -> None:
    _open_to_site(world)
    person = world.company.he
    org.RoleGrant.objects.filter(person=person).delete()
    for role in definition.ROLES:
        org.RoleGrant.objects.create(person=person, role=role, site=world.company.site["cc"], from_on="2020-01-01")
    assert leaks(world, person) == []


def test_search_finds_nothing_for_whoever_is_outside(world: World) -> None:
    person = world.company.auditor
    worlds.everything(person)
    assert Program(person).get(f"search?q={SECRET}")["hits"] == []


# Made-up requests -----------------------------------------------------------------------------------------------------

FUZZ = os.environ.get("FUZZ", "")  # so many requests to each call, after every edge of its description; takes minutes
schema = schemathesis.openapi.from_dict(SCHEMA)
schema.app = get_wsgi_application()
CHECKS = [
    checks.not_a_server_error, openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance, openapi_checks.response_schema_conformance,
]  # fmt: skip


def _lead(world: World, case: schemathesis.Case) -> None:
    """Lead a made-up request to a real row, from its real version."""
    real = next(urls(world, case.operation.path)).split("/")
    for name, at in ((part, at) for at, part in enumerate(case.operation.path.split("/")) if part.startswith("{")):
        case.path_parameters[name.strip("{}")] = real[at]
    if "If-Match" in case.headers:
        of = case.operation.path.removeprefix(PREFIX).partition("/")[0]
        row = world.rows[ROWS.get(of, "case")]
        case.headers["If-Match"] = f'"{getattr(row, "version", 1)}"'


@pytest.mark.usefixtures("kept_connection")
@schema.parametrize()
@settings(
    max_examples=int(FUZZ or 15),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate] if FUZZ else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_described(world: World, case: schemathesis.Case) -> None:
    """No answer is a breakdown, and each has a status, type and shape that the description names."""
    cache.clear()
    with attacking.undone():
        person = owner(world, case.operation.path, world.company.zhou)
        worlds.everything(person)
        token = Program(person).token
        if len(repr(case.body)) % 2:  # half of them at what really is there
            _lead(world, case)
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
