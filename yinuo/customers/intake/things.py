"""Products, projects and portals from workbooks."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yinuo.customers import models, queries
from yinuo.customers.actions import portals, products, projects
from yinuo.customers.intake import naming
from yinuo.customers.intake.naming import Values
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org

# Products ------------------------------------------------------------------------------------------------------------


def product_fields(person: org.Person) -> list[Field]:
    return [
        Field(
            "number",
            _("Our part number"),
            ("零件号", "产品编号", "图号", "物料号", "料号", "Part number", "Part no"),
            "code",
            True,
            longest=60,
        ),
        Field(
            "name_zh",
            _("Name"),
            ("产品名称", "零件名称", "品名", "Part name", "Description"),
            is_required=True,
            longest=200,
        ),
        Field("name_en", _("English name"), ("英文名",), longest=200),
        Field("customer", _("Made for"), naming.CUSTOMER, longest=200, help=_("Name or code of a customer")),
        Field("family", _("Product family"), ("产品系列", "产品族", "Family"), longest=100),
        Field("vehicle", _("Vehicle"), ("车型", "适用车型", "Platform"), longest=200),
        Field("starts_on", _("Start of production"), ("SOP", "量产日期", "投产时间"), "day"),
        naming.note(),
    ]


def _by_number(rows_of: Callable[[org.Person], Any]) -> Callable[[org.Person, Sequence[Values]], Mapping[Any, Any]]:
    def there(person: org.Person, rows: Sequence[Values]) -> Mapping[Any, Any]:
        return {each.number: each for each in rows_of(person).filter(number__in=[row["number"] for row in rows])}

    return there


def _products(person: org.Person) -> Any:
    return person.visible(models.Product.objects.select_related("customer", "own_scope"), queries.SEE)


look_at_products = naming.look_by(
    _by_number(_products),
    lambda _named, row: row["number"],
    lambda row: f"{row['number']} {row['name_zh']}",
    product_fields,
)


def take_product(
    *, values: Values, names: naming.Named, by: org.Person, now: datetime, expected: int | None
) -> models.Product:
    facts = names.facts(values)
    if expected is None:
        return products.add(by=by, now=now, **facts)
    there = _products(by).get(number=values["number"])
    return products.change(product=there, by=by, now=now, expected=expected, **facts)


# Projects ------------------------------------------------------------------------------------------------------------


def project_fields(person: org.Person) -> list[Field]:
    return [
        Field(
            "number", _("Project number"), ("项目号", "项目编号", "立项编号", "Project no"), "code", True, longest=60
        ),
        Field("name_zh", _("Name"), ("项目名称", "Project name", "Project"), is_required=True, longest=200),
        Field("name_en", _("English name"), ("英文名",), longest=200),
        naming.customer(),
        Field("phase", _("Phase"), ("项目阶段", "状态"), kind="choice", choices=naming.choices(models.Phase.choices)),
        Field("vehicle", _("Vehicle"), ("车型", "适用车型"), longest=200),
        Field("starts_on", _("Start"), ("立项日期", "启动日期"), "day"),
        Field("sop_on", _("Start of production"), ("SOP", "量产日期", "投产时间"), "day"),
        naming.note(),
    ]


def _projects(person: org.Person) -> Any:
    return person.visible(models.Project.objects.select_related("customer", "own_scope"), queries.SEE)


look_at_projects = naming.look_by(
    _by_number(_projects),
    lambda _named, row: row["number"],
    lambda row: f"{row['number']} {row['name_zh']}",
    project_fields,
)


def take_project(
    *, values: Values, names: naming.Named, by: org.Person, now: datetime, expected: int | None
) -> models.Project:
    facts = names.facts(values)
    if expected is None:
        return projects.add(by=by, now=now, **facts)
    there = _projects(by).get(number=values["number"])
    return projects.change(project=there, by=by, now=now, expected=expected, **facts)


# Portals -------------------------------------------------------------------------------------------------------------


def portal_fields(person: org.Person) -> list[Field]:
    return [
        naming.customer(),
        Field(
            "name",
            _("Portal"),
            ("门户网站", "网站名称", "系统名称", "平台名称", "Portal name"),
            is_required=True,
            longest=200,
        ),
        Field(
            "url", _("Address of the portal"), ("网址", "地址", "链接", "URL", "Website"), is_required=True, longest=500
        ),
        Field("account", _("Account"), ("账号", "用户名", "登录账号"), "code", longest=100),
        Field(
            "keeper",
            _("Account keeper"),
            ("管理人", "保管人", "责任人", "负责人", "Keeper"),
            is_required=True,
            help=_("Name or employee number"),
        ),
        Field(
            "frequency",
            _("How often"),
            ("查看频次", "检查频次", "频率", "Frequency"),
            kind="choice",
            choices=naming.choices(models.Frequency.choices),
        ),
        Field("next_check_on", _("Next check"), ("下次查看日期", "下次检查日期"), "day"),
        naming.note(300),
    ]


def _portals(person: org.Person, rows: Sequence[Values]) -> Mapping[Any, Any]:
    names = {row["name"] for row in rows}
    found = queries.portals(person).filter(name__in=names).select_related("customer", "keeper", "deputy")
    return {(each.customer_id, each.name): each for each in found}


look_at_portals = naming.look_by(
    _portals, naming.by_customer_and_name, lambda row: f"{row['name']} · {row['customer']}", portal_fields
)


def take_portal(
    *, values: Values, names: naming.Named, by: org.Person, now: datetime, expected: int | None
) -> models.Portal:
    facts = names.facts(values)
    customer = facts.pop("customer")
    if expected is None:
        return portals.add(customer=customer, by=by, now=now, **facts)
    there = _portals(by, [values])[customer.pk, values["name"]]
    return portals.change(portal=there, by=by, now=now, expected=expected, **facts)
