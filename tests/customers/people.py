"""What the room's tests start from: a group, its companies and plants, entered by whoever keeps customers."""

from typing import Any

from tests import cast
from yinuo.customers import models
from yinuo.customers.actions import companies
from yinuo.org import models as org


def scope_of(*people: org.Person, name: str = "保密圈") -> org.Scope:
    """A circle of named people."""
    scope = org.Scope.objects.create(name_zh=name)
    for person in people:
        scope.grants.create(person=person, granted_at=cast.NOW)
    return scope


def customer(company: cast.Company, code: str, name: str, **facts: Any) -> models.Customer:
    """A customer entered by 李娜; freshly read, as a page would."""
    by = facts.pop("by", company.lina)
    facts.setdefault("although_similar", True)
    return companies.add(code=code, name_zh=name, by=fresh(by), now=cast.NOW, **facts)


def fresh(row: Any) -> Any:
    """The row as it stands in the database now (a person's rights are read once per request)."""
    return type(row).objects.get(pk=row.pk)


def volkswagen(company: cast.Company) -> dict[str, models.Customer]:
    """大众集团 above 上汽大众 (with a plant) and 一汽-大众: two companies, one parent."""
    group = customer(company, "VW", "大众集团（示例）", level="group", aliases=["大众"], window=company.zhao)
    svw = customer(
        company,
        "SVW",
        "上汽大众（示例）",
        parent=group,
        aliases=["上海大众"],
        window=company.lina,
        window_deputy=company.zhao,
    )
    plant = customer(company, "SVW-AT", "上汽大众安亭工厂（示例）", level="plant", parent=svw)
    faw = customer(company, "FAW-VW", "一汽-大众（示例）", parent=group, aliases=["一汽大众"])
    return {"group": group, "svw": svw, "plant": plant, "faw": faw}
