"""Whom and what the rows of a workbook name, and what a row means for what is there."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yinuo.customers import models, queries, rules
from yinuo.kit import importing, refusals
from yinuo.kit.importing import CHANGE, FAULT, NEW, SAME, Finding
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org

Values = dict[str, Any]
CUSTOMER = ("顾客", "客户", "客户名称", "顾客名称", "公司名称", "Customer", "Customer name", "主机厂", "OEM")


class NotThere(refusals.Refusal):
    """Somebody or something that a row names is not there."""


def choices(choices: Iterable[tuple[str, "str | Promise"]]) -> dict[str, str]:
    return {str(words): value for value, words in choices}


def customer() -> Field:
    """The column that says whose it is."""
    help_ = _("Name or code of a customer")
    return Field("customer", _("Customer"), CUSTOMER, is_required=True, longest=200, help=help_)


def note(longest: int = 4000) -> Field:
    return Field("note", _("Note"), ("备注", "说明", "Remarks", "Remark"), kind="long", longest=longest)


# Whom a row names ---------------------------------------------------------------------------------------------------


def customers(person: org.Person, texts: Iterable[Any]) -> dict[str, models.Customer]:
    """Customers by the key of the name under which a row knows them (code, usual, registered or other name)."""
    keys = {rules.name_key(str(text)) for text in texts if text}
    names = models.CustomerName.objects.filter(key__in=keys, customer__in=queries.customers(person))
    return {name.key: name.customer for name in names.select_related("customer")}


def people(texts: Iterable[Any]) -> dict[str, list[org.Person]]:
    """People by name or employee number; several may bear one name."""
    wanted = {str(text).strip() for text in texts if text}
    found: dict[str, list[org.Person]] = {}
    people = org.Person.objects.filter(is_active=True)
    for each in people.filter(Q(name__in=wanted) | Q(employee_number__in=wanted)):
        for said in {each.name, each.employee_number} & wanted:
            found.setdefault(str(said), []).append(each)
    return found


class Named:
    """Whom the rows of a block name: looked up once for all of them."""

    def __init__(self, person: org.Person, rows: Sequence[Values]) -> None:
        self.person = person
        self.customers = customers(person, (row.get(key) for row in rows for key in ("customer", "parent")))
        self.people = people(row.get(key) for row in rows for key in ("window", "keeper"))

    def customer(self, text: Any) -> models.Customer | None:
        return self.customers.get(rules.name_key(str(text))) if text else None

    def entered(self, customer: models.Customer, names: Iterable[str]) -> None:
        """A customer is there now: rows behind it may name it."""
        self.customers |= {rules.name_key(name): customer for name in names if name}

    def person_of(self, text: Any) -> org.Person | None:
        found = self.people.get(str(text).strip(), []) if text else []
        return found[0] if len(found) == 1 else None

    def problems(self, row: Values, known: Collection[str] = ()) -> list[tuple[str, str]]:
        """Whoever is named and not there, or there twice."""
        found = []
        for key in ("customer", "parent"):
            text = row.get(key)
            if text and self.customer(text) is None and rules.name_key(str(text)) not in known:
                found.append((key, _("There is no customer “%(name)s”. Please add it first.") % {"name": text}))
        for key in ("window", "keeper"):
            text = row.get(key)
            if text and self.person_of(text) is None:
                several = len(self.people.get(str(text).strip(), [])) > 1
                sentence = (
                    _("Several people are called “%(name)s”. Please write the employee number.")
                    if several
                    else _("Nobody who works here is called “%(name)s”.")
                )
                found.append((key, sentence % {"name": text}))
        return found

    def facts(self, values: Values) -> Values:
        """The values as the actions take them; what the file does not say is left out. Refuses whom nobody knows."""
        if problems := self.problems(values):
            raise NotThere(problems[0][1])
        facts = {key: value for key, value in values.items() if value not in (None, "", [])}
        for key in ("customer", "parent"):
            if key in facts:
                facts[key] = self.customer(facts[key])
        for key in ("window", "keeper"):
            if key in facts:
                facts[key] = self.person_of(facts[key])
        return facts


def finding(
    row: Values, label: str, there: Any, facts: Values, words: Mapping[str, str], problems: Sequence[tuple[str, str]]
) -> Finding:
    """The finding of a row: against what is there, or new."""
    if problems:
        return Finding(FAULT, label, problems=tuple(problems))
    if there is None:
        return Finding(NEW, label)
    changes = importing.compared(there, facts, dict(words))
    return Finding(CHANGE if changes else SAME, label, changes=changes, version=there.version)


def look_by(
    there: Callable[[org.Person, Sequence[Values]], Mapping[Any, Any]],
    key: Callable[[Named, Values], Any],
    label: Callable[[Values], str],
    fields: Callable[[org.Person], list[Field]],
) -> Callable[..., list[Finding]]:
    """How rows of a kind are looked at: what is there by key, and whom they name."""

    def look(*, rows: Sequence[Values], person: org.Person, known: Collection[str]) -> list[Finding]:
        named, by_key = Named(person, rows), there(person, rows)
        words = {each.key: each.words for each in fields(person)}
        found = []
        for row in rows:
            problems = named.problems(row)
            facts = {} if problems else named.facts(row)
            found.append(finding(row, label(row), by_key.get(key(named, row)), facts, words, problems))
        return found

    return look


def in_customer(values: Values) -> str:
    """By what two rows about something of a customer are one."""
    return "/".join(rules.name_key(str(values.get(key) or "")) for key in ("customer", "name"))


def by_customer_and_name(named: Named, row: Values) -> Any:
    customer = named.customer(row.get("customer"))
    return (customer.pk, row["name"]) if customer else None
