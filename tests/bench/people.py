"""The company whose cases are loaded: sites, posts and procedure as in the tests, customers, and as many people as fit.

A company that has more cases has more people: one for every 500, so that a desk holds the same work at every size.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from tests import cast
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.kit import actors
from yinuo.org import models as org
from yinuo.org.actions import calendars
from yinuo.procedures.actions import publishing

SINCE = date(2010, 1, 1)
YEARS = range(2010, 2045)
CASES_PER_PERSON = 500
ROLES = ("sales", "manager")
NAMES = ("华辰", "启明", "远航", "中岳", "长河", "东屿", "新程", "瑞驰", "天工", "北辰")
KINDS = ("整车", "底盘", "动力")


@dataclass
class Company:
    """Who takes part in loaded cases."""

    people: list[org.Person]
    customers: list[customers.Customer]


def colleague(sign_in: str, name: str, site: org.Site | None = None) -> org.Person:
    """A person with roles, without a mail address: their messages stay in the inbox."""
    person = org.Person.objects.create(sign_in=sign_in, name=name, site=site, password=make_password(None))
    for role in ROLES:
        org.RoleGrant.objects.create(person=person, role=role, from_on=SINCE)
    return person


def prepare(size: int, now: datetime) -> Company:
    """Put the company into an empty database: people for `size` cases, thirty customers, the shipped procedures."""
    company = cast.company()
    org.CalendarYear.objects.bulk_create(org.CalendarYear(year=year, source="bench", loaded_at=now) for year in YEARS)
    calendars.renew(site_ids=[None], years=YEARS, by=actors.PROGRAM, now=now)
    publishing.load_library(by=actors.PROGRAM, now=now, owner_post=company.post["quality_manager"])
    people = [
        colleague(f"person{number}", f"同事{number:04}", company.site["nb"])
        for number in range(max(20, size // CASES_PER_PERSON))
    ]
    return Company(people, [customer(number, people, now) for number in range(len(NAMES) * len(KINDS))])


def customer(number: int, people: list[org.Person], now: datetime) -> customers.Customer:
    """One customer, entered by one of the people, with another one as its window."""
    name = NAMES[number % len(NAMES)] + KINDS[number // len(NAMES)]
    return companies.add(
        code=f"B{number:03}",
        name_zh=f"{name}（示例）",
        name_en=f"Customer {number:03}",
        window=people[number % len(people)],
        although_similar=True,
        by=people[0],
        now=now,
    )
