"""Customers and the people there from workbooks."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.customers import models, queries, rules
from yinuo.customers.actions import companies, contacts
from yinuo.customers.intake import naming
from yinuo.customers.intake.naming import Values
from yinuo.kit.importing import Finding
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org

LEVELS = {"group": 0, "company": 1, "plant": 2}


# Customers -----------------------------------------------------------------------------------------------------------


def customer_fields(person: org.Person) -> list[Field]:
    return [
        Field(
            "code",
            _("Code"),
            ("客户代码", "顾客代码", "简称", "编码", "Code", "Customer code"),
            "code",
            True,
            longest=30,
            help=_("Short and unique, e.g. SVW"),
        ),
        Field("name_zh", _("Name"), naming.CUSTOMER, is_required=True, longest=100),
        Field("name_en", _("English name"), ("英文名", "Name in English"), longest=100),
        Field("registered_name", _("Registered name"), ("全称", "公司全称", "工商名称", "Full name"), longest=200),
        Field("aliases", _("Other names"), ("曾用名", "又名", "Aliases"), kind="list"),
        Field("level", _("Level"), ("级别",), kind="choice", choices=naming.choices(models.Level.choices)),
        Field(
            "kind", _("Kind"), ("客户类别", "类型", "Type"), kind="choice", choices=naming.choices(models.Kind.choices)
        ),
        Field(
            "parent",
            _("Belongs to"),
            ("上级", "上级顾客", "所属集团", "集团", "Parent"),
            help=_("Name or code of a customer that is there, or stands in this file"),
        ),
        Field(
            "window",
            _("Window"),
            ("联络窗口", "窗口", "对外窗口", "业务员", "负责人", "Sales"),
            help=_("Name or employee number"),
        ),
        naming.note(),
    ]


def look_at_customers(*, rows: Sequence[Values], person: org.Person, known: Collection[str]) -> list[Finding]:
    """New ones, known ones by their code; a name may belong to nobody else."""
    named = naming.Named(person, rows)
    there = {row.code: row for row in queries.customers(person).filter(code__in=[row["code"] for row in rows])}
    texts = [text for row in rows for text in _names(row)]
    bearers = {key: each.code for key, each in naming.customers(person, texts).items()}
    words = {each.key: each.words for each in customer_fields(person) if each.key not in ("aliases", "registered_name")}
    in_file = {rules.name_key(key) for key in known} | {rules.name_key(row["name_zh"]) for row in rows}
    found = []
    for row in rows:
        problems = named.problems(row, in_file)
        for text in _names(row):
            other = bearers.get(rules.name_key(text))
            if other and other != row["code"]:
                sentence = _("“%(name)s” is a name of %(customer)s.") % {"name": text, "customer": other}
                problems.append(("name_zh", sentence))
        facts = {
            key: named.customer(value) if key == "parent" else named.person_of(value) if key == "window" else value
            for key, value in row.items()
        }
        label = f"{row['code']} {row['name_zh']}"
        found.append(naming.finding(row, label, there.get(row["code"]), facts, words, problems))
    return found


def _names(row: Values) -> list[str]:
    return [str(text) for text in (row["code"], row["name_zh"], *(row.get("aliases") or ())) if text]


def take_customer(
    *, values: Values, names: naming.Named, by: org.Person, now: datetime, expected: int | None
) -> models.Customer:
    facts = names.facts(values)
    if expected is None:
        made = companies.add(by=by, now=now, although_similar=True, **facts)
        names.entered(made, _names(values))
        return made
    there = queries.customers(by).select_related("organisation", "scope", "own_scope").get(code=values["code"])
    if facts.get("aliases"):
        facts["aliases"] = list(
            dict.fromkeys([*there.names.filter(is_alias=True).values_list("text", flat=True), *facts["aliases"]])
        )
    return companies.change(customer=there, by=by, now=now, expected=expected, although_similar=True, **facts)


def level_of(values: Values) -> int:
    """Groups enter before their companies, these before their plants."""
    return LEVELS.get(values.get("level") or "company", 1)


# Contacts ------------------------------------------------------------------------------------------------------------


def contact_fields(person: org.Person) -> list[Field]:
    return [
        naming.customer(),
        Field(
            "name",
            pgettext("person", "Name"),
            ("联系人", "联系人姓名", "姓名", "Contact", "Contact person"),
            is_required=True,
            longest=100,
        ),
        Field("department", _("Department"), ("所在部门", "科室"), longest=100),
        Field("role", _("Position"), ("职务", "职位", "岗位", "Title", "Job title"), longest=100),
        Field("phone", _("Phone"), ("联系电话", "联系人电话", "手机", "电话号码", "Mobile", "Tel"), "code", longest=60),
        Field("email", _("E-mail"), ("电子邮箱", "Email", "Mail", "邮件"), "mail", longest=254),
        Field("wechat", _("WeChat"), ("微信号",), longest=60),
        naming.note(300),
    ]


def _contacts(person: org.Person, rows: Sequence[Values]) -> Mapping[Any, Any]:
    names = {row["name"] for row in rows}
    found = person.visible(models.CustomerContact.objects.filter(name__in=names, to_on=None), queries.SEE)
    return {(each.customer_id, each.name): each for each in found}


look_at_contacts = naming.look_by(
    _contacts, naming.by_customer_and_name, lambda row: f"{row['name']} · {row['customer']}", contact_fields
)


def take_contact(
    *, values: Values, names: naming.Named, by: org.Person, now: datetime, expected: int | None
) -> models.CustomerContact:
    facts = names.facts(values)
    customer = facts.pop("customer")
    if expected is None:
        return contacts.add(customer=customer, by=by, now=now, **facts)
    there = _contacts(by, [values])[customer.pk, values["name"]]
    return contacts.change(contact=there, by=by, now=now, expected=expected, **facts)
