"""Customers whom a spelling in a workbook may mean: asked about, never guessed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from yinuo.customers import access, models, queries, rules
from yinuo.customers.actions import companies
from yinuo.customers.intake import naming
from yinuo.customers.intake.naming import Values
from yinuo.kit import refusals
from yinuo.kit.importing import Choice, Question
from yinuo.org import models as org

CUSTOMERS = "customers.customer"
MOST = 6  # choices for one spelling
ASKED_OF = {"customer": CUSTOMERS, "parent": CUSTOMERS}


def asks(*, rows: Sequence[Values], person: org.Person) -> list[Question]:
    """What has to be asked of the customers that rows name: each unknown spelling that resembles a known one, once."""
    return [
        Question(field, text, choices)
        for field in ASKED_OF
        for text, choices in _unknown(person, (str(row[field]) for row in rows if row.get(field)))
    ]


def asks_of_names(*, rows: Sequence[Values], person: org.Person) -> list[Question]:
    """The same of rows that are customers: a new code under a name that resembles somebody's."""
    codes = {str(row.get("code")) for row in rows}
    there = set(queries.customers(person).filter(code__in=codes).values_list("code", flat=True))
    names = [str(row["name_zh"]) for row in rows if row.get("name_zh") and row.get("code") not in there]
    in_file = {rules.name_key(str(row[key])) for row in rows for key in ("code", "name_zh") if row.get(key)}
    parents = [str(row["parent"]) for row in rows if row.get("parent")]
    unknown = [text for text in parents if rules.name_key(text) not in in_file]
    return [
        *(Question("name_zh", text, choices) for text, choices in _unknown(person, names)),
        *(Question("parent", text, choices) for text, choices in _unknown(person, unknown)),
    ]


def _unknown(person: org.Person, texts: Iterable[str]) -> list[tuple[str, tuple[Choice, ...]]]:
    """Each spelling once that no customer bears, with whom it may mean; those like nobody are left out."""
    spelled: dict[str, str] = {}
    for text in texts:
        spelled.setdefault(rules.name_key(text), text)
    known = naming.customers(person, spelled.values())
    unknown = [text for key, text in spelled.items() if key not in known]
    if not unknown:
        return []
    names = models.CustomerName.objects.filter(customer__in=queries.customers(person))
    borne = [(pk, text, rules.core_key(text)) for pk, text in names.values_list("customer", "text")]
    alike = {text: _alike(text, borne) for text in unknown}
    rows = queries.customers(person).in_bulk({pk for found in alike.values() for pk in found})
    choices = {
        text: tuple(Choice(rows[pk].code, rows[pk].subject_label, why) for pk, why in found.items())
        for text, found in alike.items()
    }
    return [(text, chosen) for text, chosen in choices.items() if chosen]


def _alike(text: str, borne: Sequence[tuple[int, str, str]]) -> dict[int, str]:
    """Whom a spelling may mean, the likeliest first, each with the reason."""
    core, kin = rules.core_key(text), rules.kin(text)
    why: dict[int, str] = {}
    for pk, name, its_core in borne:
        if its_core == core:
            why.setdefault(pk, _("the same but for form or characters: %(name)s") % {"name": name})
    for pk, name, its_core in borne:
        if its_core in kin or rules.name_key(name) in kin:
            why.setdefault(pk, _("another name of this company or its group: %(name)s") % {"name": name})
    if not (core.isascii() and len(core) < queries.SHORT):
        cores = [its_core if len(its_core) > 1 else "" for _pk, _name, its_core in borne]
        found = process.extract(core, cores, scorer=fuzz.WRatio, score_cutoff=queries.SIMILAR_FROM, limit=MOST)
        for its_core, _score, at in found:
            if not (its_core.isascii() and len(its_core) < queries.SHORT):
                why.setdefault(borne[at][0], _("similar: %(name)s") % {"name": borne[at][1]})
    return dict(list(why.items())[:MOST])


def means(*, text: str, meant: str, by: org.Person, now: datetime) -> bool:
    """Keep a spelling with the customer as another name, where the person may and nobody else bears it."""
    customer = queries.customers(by).select_related("organisation", "scope", "own_scope", "parent").get(code=meant)
    if not access.may_edit(by, customer):
        return False
    try:
        companies.change(
            customer=customer, by=by, now=now, expected=customer.version, although_similar=True,
            aliases=[*_aliases(customer), text],
        )  # fmt: skip
    except refusals.Refusal:
        return False
    return True


def means_not(*, text: str, meant: str, by: org.Person, now: datetime) -> None:
    """Take the other name away again, if it is still there."""
    found = queries.customers(by).select_related("organisation", "scope", "own_scope", "parent").filter(code=meant)
    for customer in found:
        if access.may_edit(by, customer):
            left = [each for each in _aliases(customer) if rules.name_key(each) != rules.name_key(text)]
            companies.change(
                customer=customer, by=by, now=now, expected=customer.version, although_similar=True, aliases=left
            )


def _aliases(customer: models.Customer) -> list[str]:
    return list(customer.names.filter(is_alias=True).order_by("pk").values_list("text", flat=True))
