"""Every address names its permission; each role is tried against each address."""

import pytest
from django.test import Client

from tests import cast
from tests.house import tree
from yinuo.kit import pages
from yinuo.org import definition

SAMPLES = {"IntConverter": "987654321", "StringConverter": "nothing-there", "SlugConverter": "nothing-there"}


def url_of(address: tree.Address) -> str:
    """A local address with made-up parameters that lead to nothing."""
    route = address.route
    for name, converter in address.converters:
        for shown in (f"<int:{name}>", f"<str:{name}>", f"<slug:{name}>", f"<{name}>", f"<path:{name}>"):
            route = route.replace(shown, SAMPLES.get(converter, "nothing-there"))
    return f"/{route}"


def ours() -> list[tree.Address]:
    return [a for a in tree.addresses() if getattr(a.view, "__module__", "").startswith("yinuo.")]


def test_every_page_names_a_permission_that_exists() -> None:
    known = set(definition.Permission) | {pages.PUBLIC, pages.SIGNED_IN}
    wrong = [a.name for a in ours() if getattr(a.view, "permission", None) not in known]
    assert ours()
    assert wrong == []


def test_addresses_are_named_after_their_page() -> None:
    wrong = [a.name for a in ours() if a.name.rpartition(":")[2] != getattr(a.view, "__name__", "")]
    assert wrong == []


@pytest.mark.django_db
def test_a_stranger_is_led_to_sign_in() -> None:
    wrong = []
    for address in ours():
        if address.view.permission == pages.PUBLIC:  # type: ignore[attr-defined]
            continue
        method = "get" if "GET" in address.view.methods else "post"  # type: ignore[attr-defined]
        response = getattr(Client(), method)(url_of(address))
        if response.status_code != 302 or "/org/sign-in" not in response["Location"]:
            wrong.append(f"{address.name}: {response.status_code}")
    assert wrong == []


def test_somebody_without_a_role_sees_nothing(company: cast.Company, signed_in) -> None:
    client = signed_in("outsider")
    wrong = []
    for address in ours():
        if address.view.permission in (pages.PUBLIC, pages.SIGNED_IN):  # type: ignore[attr-defined]
            continue
        for method in address.view.methods:  # type: ignore[attr-defined]
            response = getattr(client, method.lower())(url_of(address))
            if response.status_code not in (403, 404):
                wrong.append(f"{method} {address.name}: {response.status_code}")
    assert wrong == []


@pytest.mark.parametrize("role", sorted(definition.ROLES))
def test_each_role_meets_an_answer_at_each_address(role: str, company: cast.Company, signed_in) -> None:
    """With made-up parameters and an empty form: allowed pages answer, the others refuse; nothing breaks."""
    person = company.outsider
    person.role_grants.create(role=role, from_on="2020-01-01")
    client = signed_in("outsider")
    wrong = []
    for address in ours():
        permission = address.view.permission  # type: ignore[attr-defined]
        if permission in (pages.PUBLIC, pages.SIGNED_IN) or address.name.endswith("sign_out"):
            continue
        allowed = permission in definition.ROLES[role].permissions
        for method in address.view.methods:  # type: ignore[attr-defined]
            status = getattr(client, method.lower())(url_of(address)).status_code
            if (not allowed and status not in (403, 404)) or status >= 500 or (allowed and status == 401):
                wrong.append(f"{method} {address.name}: {status}")
    assert wrong == []
