"""A list costs as many queries with thirty rows as with one."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from tests.api.programs import Program
from tests.hostile.world import World
from tests.house.test_lists import copies
from yinuo.cases import models as cases
from yinuo.customers import models as customers
from yinuo.org import models as org
from yinuo.procedures import models as procedures

LISTS: dict[str, type[Model]] = {
    "cases": cases.Case,
    "contacts": customers.CustomerContact,
    "customers": customers.Customer,
    "findings": cases.Finding,
    "people": org.Person,
    "products": customers.Product,
    "projects": customers.Project,
    "tasks": procedures.Task,
}


@pytest.mark.parametrize("path", sorted(LISTS))
def test_a_list_costs_the_same_with_one_row_and_with_thirty(path: str, world: World) -> None:
    model, program = LISTS[path], Program(world.company.lina)
    row = model._default_manager.order_by("-pk").first()
    if path == "tasks":
        row = procedures.Task.objects.filter(closed_at=None, holder=world.company.lina).first()

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as seen:
            found = program.get(f"{path}?limit=200")
        return len(seen), len(found["items"])

    assert row is not None
    cost()  # what is read once is read
    few, before = cost()
    model._default_manager.bulk_create(list(copies(row, 29)))
    many, after = cost()
    assert after >= before + 29
    assert many == few
