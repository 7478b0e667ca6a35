"""What is confidential stays so: on every page, fragment, suggestion and download, for everybody outside the circle."""

import pytest
from django.test import Client

from tests.hostile import attacking
from tests.hostile import world as worlds
from tests.hostile.test_addresses import EMPTY
from tests.hostile.world import SECRET, World
from yinuo.kit import pages
from yinuo.org import definition
from yinuo.org import models as org

# What leads to the confidential rows themselves; the organisation's own pages name nobody's customer.
ROOMS = ("cases", "customers", "letters", "sources", "changes", "procedures", "records", "search", "desk", "notify")
PUBLIC = ("cases:feedback", "org:invitation", "org:sign_in")
# Whoever keeps scopes sees how a circle is called and who is in it; that is their work.
KEEPERS = ("org:scopes", "org:scope", "org:scope_edit", "org:scope_let_in", "org:scope_take_out")


def everything_that_leaks(world: World, client: Client, method: str, *, skipped: tuple[str, ...] = PUBLIC) -> list[str]:
    """Addresses whose answer names what is secret; rows that are found at all are told apart by their status."""
    wrong, turn = [], 0
    query = f"?q={SECRET}&text={SECRET}&customer={world.rows['customer'].pk}&title={SECRET}"
    for address, url in world.addresses():
        if address.name in (*skipped, "org:sign_out", "org:password", "org:sessions_end"):
            continue
        if method not in address.view.methods:  # type: ignore[attr-defined]
            continue
        turn += 1
        if method == "GET":
            response = client.get(url + query, headers={"hx-request": "true"} if turn % 2 else {})
        else:
            data = {"text": SECRET[:2], "title": SECRET[:2], "reason": "x", "version": "1"}
            response = attacking.sent(client, url, data)
        text = attacking.text_of(response)
        if named := [name for name in LEAKS if name in text]:
            wrong.append(f"{method} {address.name} {response.status_code} names {named}")
        if fault := attacking.fault_of(response):
            wrong.append(f"{method} {address.name}: {fault}")
    return wrong


WHAT = ("汽车", "要求", "沈工", "支架", "项目", "门户", "澄清", "教训", "附件", "有消息", "请确认", "：")
LEAKS = [f"{SECRET}{what}" for what in WHAT] + [f"{letter}-{SECRET}" for letter in "PNDJS"]


# How mail is fetched and sent, and how the company words its letters, is no customer's secret.
MAILBOXES = ("letters:mailbox_change", "letters:mailbox_look", "letters:sender")
WORDING = ("letters:template", "letters:template_preview")
# What the standards of the trade say, and where their numbers went, is known to everybody.
STANDARDS = (
    "sources:standard", "sources:standard_clause", "sources:standard_supplied", "sources:loading",
    "sources:loading_confirm", "sources:baseline", "sources:baseline_decide", "sources:baseline_sign",
    "sources:withdrawn_change", "sources:standard_withdraw",
)  # fmt: skip
OF_PROCEDURES = ("procedures:procedure", "procedures:edition", "procedures:runs_move")


def must_hide(world: World, client: Client) -> list[str]:
    """Addresses of confidential rows that answer anything else than that there is no such thing."""
    wrong = []
    for address, url in world.addresses():
        room = address.name.partition(":")[0]
        open_to_all = (*PUBLIC, *OF_PROCEDURES, *MAILBOXES, *WORDING, *STANDARDS, "procedures:person_tasks")
        is_row = "<" in address.route and address.name not in open_to_all
        if address.name.startswith("procedures:draft"):
            continue  # how the company works is no customer's secret
        if room not in ROOMS or not is_row or address.name in EMPTY:
            continue
        for method in set(address.view.methods) - {"HEAD"}:  # type: ignore[attr-defined]
            response = client.get(url) if method == "GET" else attacking.sent(client, url, {"version": "1"})
            if response.status_code not in (403, 404) and SECRET not in url and attacking.text_of(response).strip():
                wrong.append(f"{method} {address.name} {url}: {response.status_code}")
    return wrong


def test_whoever_is_outside_the_circle_learns_nothing_whatever_their_roles(world: World) -> None:
    person = world.company.auditor
    worlds.everything(person)
    client = world.client(person)
    assert everything_that_leaks(world, client, "GET", skipped=(*PUBLIC, *KEEPERS)) == []
    assert everything_that_leaks(world, client, "POST", skipped=(*PUBLIC, *KEEPERS)) == []
    assert must_hide(world, client) == []


def test_the_circle_does_see_it(world: World) -> None:
    """The check above looks for what is really there."""
    client = world.client("lina")
    worlds.everything(world.company.lina)
    found = everything_that_leaks(world, client, "GET")
    assert len({line.split()[1] for line in found}) > 40


def test_a_person_of_another_site_learns_nothing(world: World) -> None:
    """The circle falls away, the site stays: rows of 宁波, somebody with every role in 长春 only."""
    _open_to_site(world)
    person = world.company.he
    org.RoleGrant.objects.filter(person=person).delete()
    for role in definition.ROLES:
        org.RoleGrant.objects.create(person=person, role=role, site=world.company.site["cc"], from_on="2020-01-01")
    client = world.client(person)
    assert everything_that_leaks(world, client, "GET", skipped=(*PUBLIC, *KEEPERS)) == []
    assert must_hide(world, client) == []


def _open_to_site(world: World) -> None:
    """Every row of the world belongs to 宁波 and to no circle, as if it had never been confidential."""
    from django.apps import apps  # the registry is full only when the tests run

    site = world.company.site["nb"].pk
    for model in apps.get_models():
        names = {each.attname for each in model._meta.concrete_fields}
        if {"scope_id", "site_id"} <= names and model.__module__.startswith("yinuo."):
            model.objects.filter(scope_id=world.scope.pk).update(scope_id=None, site_id=site)


@pytest.mark.parametrize("role", sorted(definition.ROLES))
def test_what_a_role_does_not_allow_is_refused_at_real_rows(role: str, world: World) -> None:
    """Also inside the circle. What roles allow is tried by the tests of forms."""
    person = world.company.outsider
    org.RoleGrant.objects.create(person=person, role=role, from_on="2020-01-01")
    world.scope.grants.create(person=person, granted_at="2026-01-01T00:00Z")
    client, allowed_to, wrong = world.client(person), definition.ROLES[role].permissions, []
    for address, url in world.addresses():
        permission = address.view.permission  # type: ignore[attr-defined]
        if permission in (pages.PUBLIC, pages.SIGNED_IN, *allowed_to):
            continue
        for method in set(address.view.methods) - {"HEAD"}:  # type: ignore[attr-defined]
            said = {"version": "1", "reason": "x"}
            response = client.get(url) if method == "GET" else attacking.sent(client, url, said)
            if response.status_code not in (403, 404):
                wrong.append(f"{method} {address.name}: {response.status_code} without {permission}")
    assert wrong == []


def test_a_stranger_is_asked_to_sign_in_at_every_real_row(world: World) -> None:
    client, wrong = Client(raise_request_exception=False), []
    for address, url in world.addresses():
        if address.view.permission == pages.PUBLIC:  # type: ignore[attr-defined]
            continue
        for method in address.view.methods:  # type: ignore[attr-defined]
            for headers in ({}, {"hx-request": "true"}):
                response = client.generic(method, url, headers=headers)
                led = response.get("Location", "") + response.get("HX-Redirect", "")
                if not led.startswith("/org/sign-in") or SECRET in attacking.text_of(response):
                    wrong.append(f"{method} {address.name}: {response.status_code} {led}")
    assert wrong == []
