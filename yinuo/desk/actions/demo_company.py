"""The demo company's sites, departments, posts and people, and its customers (all invented)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from yinuo.customers import models as customer_models
from yinuo.customers.actions import companies, contacts, portals, products, projects
from yinuo.desk.actions import demo_clock
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.actions import (
    calendars,
    competence,
    invitations,
    letterhead,
    organisations,
    people,
    places,
    posts,
    roles,
    scopes,
)

FOLDER = Path(__file__).resolve().parents[1] / "demo"
SINCE = date(2024, 1, 1)
PASSWORD = "demo-yinuo-2026"  # noqa: S105  of invented people, in a company that only runs on loopback


@dataclass
class Company:
    """Everybody and everything of the demo company by its short name."""

    people: dict[str, org.Person] = field(default_factory=dict)
    sites: dict[str, org.Site] = field(default_factory=dict)
    departments: dict[str, org.Department] = field(default_factory=dict)
    posts: dict[str, org.Post] = field(default_factory=dict)
    skills: dict[str, org.Skill] = field(default_factory=dict)
    customers: dict[str, customer_models.Customer] = field(default_factory=dict)
    contacts: dict[str, customer_models.CustomerContact] = field(default_factory=dict)
    products: dict[str, customer_models.Product] = field(default_factory=dict)
    projects: dict[str, customer_models.Project] = field(default_factory=dict)
    circles: dict[str, org.Scope | None] = field(default_factory=dict)


def read(name: str) -> dict[str, Any]:
    """One of the demo company's data files."""
    data: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return data


def found(*, by: actors.Program, now: datetime) -> Company:
    """Put sites, departments, posts, people, skills and roles into an empty database."""
    data, it = read("company"), Company()
    calendars.load_state_years(years=range(now.year - 1, now.year + 2), by=by, now=now)
    letterhead.set_letterhead(
        name_zh=data["name"]["zh"], name_en=data["name"]["en"], **data["paper"], expected=1, by=by, now=now
    )
    for row in data["sites"]:
        it.sites[row["code"]] = places.open_site(code=row["code"], name_zh=row["zh"], name_en=row["en"], by=by, now=now)
    for row in data["departments"]:
        it.departments[row["code"]] = posts.open_department(
            code=row["code"],
            name_zh=row["zh"],
            name_en=row["en"],
            site=it.sites["nb"],
            parent=it.departments.get(row.get("parent", "")),
            by=by,
            now=now,
        )
    for row in data["posts"]:
        it.posts[row["code"]] = posts.create_post(
            code=row["code"],
            name_zh=row["zh"],
            name_en=row["en"],
            department=it.departments[row["department"]],
            superior=it.posts.get(row.get("superior", "")),
            is_head=row.get("head", False),
            by=by,
            now=now,
        )
    for row in data["skills"]:
        it.skills[row["code"]] = competence.name_skill(
            code=row["code"], name_zh=row["zh"], name_en=row["en"], by=by, now=now
        )
    for row in data["people"]:
        it.people[row["in"]] = _person(it, row, by=by, now=now)
    return it


def _person(it: Company, row: dict[str, Any], *, by: actors.Program, now: datetime) -> org.Person:
    """Somebody of the demo company with password, posts, roles and skills."""
    site = it.sites[row.get("site", "nb")]
    person, token = people.add_person(
        sign_in=row["in"],
        name=row["name"],
        name_latin=row["latin"],
        employee_number=row["number"],
        email=f"{row['in']}@qinghe.example",
        site=site,
        superior=it.people.get(row.get("boss", "")),
        by=by,
        now=now,
    )
    invitations.accept_invitation(token=token, password=PASSWORD, by=person, now=now)
    for role in row["roles"]:
        only = site if site.code != "nb" else None
        roles.grant_role(person=person, role=role, from_on=SINCE, site=only, by=by, now=now)
    held = [(code, False) for code in row.get("posts", [])] + [(code, True) for code in row.get("acting", [])]
    for code, is_acting in held:
        posts.appoint(post=it.posts[code], person=person, from_on=SINCE, is_acting=is_acting, by=by, now=now)
    for code, level in row.get("skills", {}).items():
        competence.record_skill(
            person=person, skill=it.skills[code], level=level, proof="内部评定记录 2025", by=by, now=now
        )
    return person


def take_on_customers(it: Company, *, by: org.Person, now: datetime) -> None:
    """The demo company's customers with contacts, products, projects and portals, entered by its sales manager."""
    data = read("customers")
    for row in data["customers"]:
        it.customers[row["code"]] = companies.add(
            code=row["code"],
            name_zh=row["zh"],
            name_en=row["en"],
            aliases=row.get("aliases", []),
            level=row["level"],
            kind=row.get("kind", "oem"),
            is_customer=not row.get("only_final", False),
            is_final_oem=row["level"] != "plant" and row.get("kind", "oem") == "oem",
            parent=it.customers.get(row.get("parent", "")),
            window=it.people.get(row.get("window", "")),
            scope=_scope(it, row, by=by, now=now),
            although_similar=True,
            by=by,
            now=now,
        )
    for row in data["circles"]:
        it.circles[row["key"]] = _scope(it, row, by=by, now=now)
    for row in data["contacts"]:
        left_on = now.date() - timedelta(days=row["left"]) if "left" in row else None
        it.contacts[row["name"]] = contacts.add(
            customer=it.customers[row["customer"]],
            name=row["name"],
            department=row["department"],
            email=row["mail"],
            authority=row["authority"],
            language=row.get("language", "zh"),
            from_on=SINCE,
            to_on=left_on,
            by=by,
            now=now,
        )
    for row in data["organisations"]:
        values = {"name_zh": row["zh"], "name_en": row["en"], "kinds": row["kinds"], "address": row["address"]}
        organisations.add_organisation(by=it.people["admin"], now=now, **values)
    for row in data["products"]:
        it.products[row["code"]] = _product(it, row, by=by, now=now)
    for row in data["projects"]:
        it.projects[row["number"]] = _project(it, row, by=by, now=now)
    clock = demo_clock.Clock(org_queries.calendar(it.sites["nb"].pk), now)
    for row in data["portals"]:
        _portal(it, row, clock, by=by)


def _rhythm(said: dict[str, Any] | None, until: int) -> list[dict[str, Any]]:
    """The checks of a portal before those told one by one."""
    if said is None:
        return []
    days = range(said["from"], until, -said["every"])
    late, refused = said.get("late", ()), said.get("no_access", ())
    return [
        {
            "days": day - 2 if day in late else day,
            "result": "no_access" if day in refused else "nothing_new",
            "note": "门户网站维护，无法登录。" if day in refused else "",
        }
        for day in days
        if day not in said.get("skip", ())
    ]


def _portal(it: Company, row: dict[str, Any], clock: demo_clock.Clock, *, by: org.Person) -> None:
    """A portal with what looking at it brought so far."""
    keeper, checks = it.people[row["keeper"]], [*_rhythm(row.get("rhythm"), row["checks"][0]["days"]), *row["checks"]]
    portal = portals.add(
        customer=it.customers[row["customer"]],
        name=row["zh"],
        url=row["url"],
        keeper=keeper,
        deputy=it.people[row["deputy"]],
        frequency=row["frequency"],
        by=by,
        now=clock.at(checks[0]["days"] + 1, 0.5),
    )
    for check in checks:
        portals.record_check(
            portal=portal, result=check["result"], note=check.get("note", ""), by=keeper,
            now=clock.at(check["days"], 0.3), expected=portal.version,
        )  # fmt: skip
    day = clock.day(-row["due"])
    portals.change(portal=portal, next_check_on=day, by=by, now=clock.at(0, 0.1), expected=portal.version)


def _scope(it: Company, row: dict[str, Any], *, by: org.Person, now: datetime) -> org.Scope | None:
    """The circle of named people of a confidential customer or project, made by the administrator."""
    if "only" not in row:
        return None
    admin = it.people["admin"]
    scope = scopes.open_scope(name_zh=row["zh"], name_en=row["en"], by=admin, now=now)
    for name in row["only"]:
        scopes.let_in(scope=scope, person=it.people[name], reason="项目组成员", by=admin, now=now)
    return scope


def _product(it: Company, row: dict[str, Any], *, by: org.Person, now: datetime) -> customer_models.Product:
    customer = it.customers[row["customer"]]
    product = products.add(
        number=row["code"],
        name_zh=row["zh"],
        name_en=row["en"],
        customer=customer,
        final_oem=it.customers[row.get("final", row["customer"])],
        family=row["family"],
        vehicle=row["vehicle"],
        sites=[it.sites["nb"]],
        starts_on=date(2024, 6, 1),
        ends_on=date(2030, 12, 31),
        service_until_on=date(2045, 12, 31),
        by=by,
        now=now,
    )
    products.add_part_number(product=product, customer=customer, number=row["part"], by=by, now=now)
    products.add_drawing(
        product=product, number=row["drawing"], edition=row["edition"], dated_on=date(2025, 9, 15), by=by, now=now
    )
    return product


def _project(it: Company, row: dict[str, Any], *, by: org.Person, now: datetime) -> customer_models.Project:
    project = projects.add(
        number=row["number"],
        name_zh=row["zh"],
        name_en=row["en"],
        customer=it.customers[row["customer"]],
        products=[it.products[code] for code in row["products"]],
        phase=row["phase"],
        department=it.departments[row["department"]],
        site=it.sites["nb"],
        scope=it.circles.get(row.get("circle", "")),
        starts_on=date(2026, 1, 15),
        sop_on=date(2027, 6, 1),
        by=by,
        now=now,
    )
    for role, name in row["team"].items():
        projects.join(project=project, person=it.people[name], role=role, from_on=date(2026, 1, 15), by=by, now=now)
    return project
