"""Rows of a department's ledger → cases: several rows of one number are the items of one case."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.cases import models
from yinuo.cases.actions import ledger, opening
from yinuo.cases.intake import columns
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.customers import rules as customers_rules
from yinuo.customers.intake import naming
from yinuo.kit import refusals
from yinuo.kit.importing import FAULT, NEW, SAME, Finding
from yinuo.org import models as org
from yinuo.procedures.definition.texts import Text

Values = dict[str, Any]
KEYS_OF_CASE = ("number", "customer", "title")


# Rows → cases ---------------------------------------------------------------------------------------------------------


def gather(rows: Sequence[Values]) -> list[tuple[list[int], Values]]:
    """Rows of one customer and number are one case; so is a row that says neither and stands below one that does."""
    places: list[list[int]] = []
    by_number: dict[tuple[str, str], list[int]] = {}
    last = ""
    for at, row in enumerate(rows):
        who = customers_rules.name_key(str(row.get("customer") or last))
        key = (who, str(row["number"])) if row.get("number") else None
        if not any(row.get(name) for name in KEYS_OF_CASE) and row.get("text") and places:
            places[-1].append(at)
            continue
        if key is not None and key in by_number:
            by_number[key].append(at)
        else:
            places.append([at])
            if key is not None:
                by_number[key] = places[-1]
        last = row.get("customer") or last
    return [(found, _whole([rows[at] for at in found])) for found in places]


def _whole(rows: Sequence[Values]) -> Values:
    """One case of its rows: what is of the case from the first that says it, what is of items as a list."""
    whole: Values = {}
    for row in rows:
        for key, value in row.items():
            if key not in ("rest", *columns.OF_ITEM) and not key.startswith(columns.OWN_ITEM):
                whole.setdefault(key, value) if value not in (None, "", []) else None
    whole["text"] = rows[0].get("text")
    items: list[Values] = []
    for row in rows:
        item = {
            key: value.isoformat() if isinstance(value, date) else value
            for key, value in row.items()
            if (key in columns.OF_ITEM or key.startswith(columns.OWN_ITEM)) and value not in (None, "")
        }
        if item.get("text") and item not in items:  # a merged cell says the same in each of its rows
            items.append(item)
    pairs = [(heading, value) for row in rows for heading, value in (row.get("rest") or {}).items()]
    return {**whole, "items": items, "rest": [list(pair) for pair in dict.fromkeys(pairs)]}


def identity(values: Values) -> str:
    """By what two entries of a ledger are one: customer and number; without number by the words."""
    return f"{customers_rules.name_key(str(values.get('customer') or ''))}/{_number_or_words(values)}"


def _number_or_words(values: Values) -> str:
    if values.get("number"):
        return str(values["number"])
    said = [values.get("title"), *((it.get("document"), it.get("clause"), it.get("text")) for it in _items(values))]
    return f"~{hashlib.sha256(repr([*said, str(values.get('received_on'))]).encode()).hexdigest()[:32]}"


def _items(values: Values) -> list[Values]:
    return list(values.get("items") or ())


def title_of(values: Values) -> str:
    first = next((item["text"] for item in _items(values)), "")
    return str(values.get("title") or first.strip().split("\n")[0])[:120].strip()


# Whom rows name -------------------------------------------------------------------------------------------------------


class Named:
    """Whom and what the rows of a block name, looked up once for all of them."""

    def __init__(self, rows: Sequence[Values], person: org.Person) -> None:
        items = [item for row in rows for item in _items(row)]
        self.person = person
        self.words = {each.key: str(each.words) for each in columns.fields_asked()}
        self.customers = naming.customers(person, (row.get("customer") for row in rows))
        self.windows = customers_queries.windows({each.pk: each for each in self.customers.values()}.values())
        self.known: dict[int, org.Person] = {}
        people = [*(row.get("owner") for row in rows), *(item.get("item_owner") for item in items)]
        self.people = naming.people([text for said in people if said for text in _people_in(said)])
        numbers = {number for row in rows for number in row.get("products") or ()}
        products = customers_queries.products(person).filter(number__in=numbers)
        self.products = {each.number: each for each in products.select_related("customer")}
        projects = {str(row["project"]) for row in rows if row.get("project")}
        self.projects = _projects(person, projects)

    def customer(self, values: Values) -> customers.Customer | None:
        return self.customers.get(customers_rules.name_key(str(values.get("customer") or "")))

    def person_of(self, said: Any) -> org.Person | None:
        for text in _people_in(said):
            found = self.people.get(text, [])
            if len(found) == 1:
                return self._one(found[0])
        return None

    def window(self, customer: customers.Customer) -> org.Person:
        """Who owns what came from the customer, where the ledger does not say: its window, else who takes it over."""
        found = self.windows[customer.pk].people
        return self._one(found[0]) if found else self.person

    def _one(self, person: org.Person) -> org.Person:
        """The same object for the same person: what they may do is then asked once."""
        return self.known.setdefault(person.pk, person)

    def project(self, values: Values, customer: customers.Customer | None) -> customers.Project | None:
        found = self.projects.get(str(values.get("project") or ""))
        return found if found and customer and opening.same_tree(found.customer, customer) else None


def _people_in(said: Any) -> list[str]:
    """The names in a cell: 质量部/孙丽 names a person after a department."""
    text = str(said or "").strip()
    for mark in "/、，,；;\n ":
        text = text.replace(mark, "|")
    return [str(said or "").strip(), *(part for part in text.split("|") if part)]


def _projects(person: org.Person, said: Collection[str]) -> dict[str, customers.Project]:
    rows = customers_queries.projects(person).select_related("customer")
    found = {each.name_zh: each for each in rows.filter(name_zh__in=said)}
    return found | {each.number: each for each in rows.filter(number__in=said)}


# What a row means -----------------------------------------------------------------------------------------------------


def look(*, rows: Sequence[Values], person: org.Person, known: Collection[str]) -> list[Finding]:
    """New, or there already; what a ledger says and nobody knows is a doubt, not an error."""
    named = Named(rows, person)
    marks = {_mark(named, row): row for row in rows if named.customer(row)}
    there = {each.mark: each for each in models.TakenOver.objects.filter(mark__in=marks).select_related("case")}
    return [_finding(row, named, there) for row in rows]


def _finding(row: Values, named: Named, there: dict[str, models.TakenOver]) -> Finding:
    customer = named.customer(row)
    label = f"{row.get('number') or ''} {title_of(row)}".strip()
    if problems := _problems(row, customer):
        return Finding(FAULT, label, problems=tuple(problems))
    old = there.get(_mark(named, row))
    if old is not None:
        said = _("It is there as %(number)s. Cases are not changed by an import; please amend it there.")
        return Finding(SAME, label, doubts=(("number", said % {"number": old.case.number}),))
    return Finding(NEW, label, doubts=tuple(_doubts(row, named, customer)))


def _problems(row: Values, customer: customers.Customer | None) -> list[tuple[str, str]]:
    found = []
    if customer is None:
        said = _("There is no customer “%(name)s”. Please add it first.") % {"name": row.get("customer") or "—"}
        found.append(("customer", said))
    if row.get("received_on") and row["received_on"] > timezone.localdate():
        found.append(("received_on", _("It cannot have been received in the future.")))
    return found


def _doubts(row: Values, named: Named, customer: customers.Customer | None) -> list[tuple[str, str]]:
    found = []
    option = row.get("option", {})
    for key, text in (("owner", row.get("owner")), *(("item_owner", it.get("item_owner")) for it in _items(row))):
        if text and named.person_of(text) is None:
            found.append((key, _("Nobody who works here is called “%(name)s”; it is only noted.") % {"name": text}))
    for number in row.get("products") or ():
        if number not in named.products:
            found.append(("products", _("There is no product “%(name)s”; it is only noted.") % {"name": number}))
    if row.get("project") and named.project(row, customer) is None:
        said = _("The customer has no project “%(name)s”; it is only noted.") % {"name": row["project"]}
        found.append(("project", said))
    if (
        row.get("status")
        and option.get("way") == columns.AS_SAID
        and not columns.understood(columns.OVER, row["status"])
    ):
        said = _("The state “%(words)s” is not known: it enters as still to be handled.") % {"words": row["status"]}
        found.append(("status", said))
    return list(dict.fromkeys(found))


def _mark(named: Named, values: Values) -> str:
    customer = named.customer(values)
    return f"{customer.pk if customer else 0}:{_number_or_words(values)}"[:120]


# Taking over ----------------------------------------------------------------------------------------------------------


def take(*, values: Values, names: Named, by: org.Person, now: datetime, expected: int | None) -> models.Case:
    """A case of an entry: handled from now on, or history, as the entry and the whole file say."""
    if not is_over(values):
        return ledger.take_in(kept=_kept(values, names), by=by, now=now, **_said(values, names, now))
    told = take_over(rows=[values], names=names, by=by, now=now)[0]
    if isinstance(told, refusals.Refusal):
        raise told
    return told


def take_over(
    *, rows: Sequence[Values], names: Named, by: org.Person, now: datetime
) -> list[models.Case | refusals.Refusal]:
    """Cases of entries that were over before (`is_over`), or why one cannot be, in the order of the entries."""
    told: list[Any] = []
    for values in rows:
        try:
            told.append(_past(values, names, now))
        except refusals.Refusal as refusal:
            told.append(refusal)
    taken = iter(ledger.take_history(entries=[each for each in told if isinstance(each, ledger.Past)], by=by, now=now))
    return [next(taken) if isinstance(each, ledger.Past) else each for each in told]


def is_over(values: Values) -> bool:
    """Whether an entry enters as history."""
    return bool(_ending(values, values.get("option", {})))


def _past(values: Values, names: Named, now: datetime) -> ledger.Past:
    said = _said(values, names, now)
    said.setdefault("owner", names.window(said["customer"]))
    received = said["notified_at"]
    ended = max(_moment(values.get("ended_on"), received), received)
    is_terminated = _ending(values, values.get("option", {})) == "terminated"
    reason = str(values.get("status") or "") if is_terminated else ""
    return ledger.Past(_kept(values, names), min(ended, now), reason, said)


def _kept(values: Values, names: Named) -> ledger.Kept:
    rest = _rest(values, names.words)
    return ledger.Kept(number=str(values.get("number") or ""), mark=_mark(names, values), rest=rest)


def _said(values: Values, names: Named, now: datetime) -> dict[str, Any]:
    """What an entry says of its case, as `opening.open_case` is told of a request."""
    customer = names.customer(values)
    if customer is None:
        raise naming.NotThere(_("There is no customer “%(name)s”. Please add it first.") % {"name": values["customer"]})
    option = values.get("option", {})
    said: dict[str, Any] = {
        "customer": customer,
        "title": title_of(values),
        "channel": columns.chosen(columns.CHANNELS, models.Channel.choices, values.get("channel"))
        or option.get("channel", models.Channel.OTHER),
        "items": [_item(item, names, option) for item in _items(values)],
        "notified_at": _moment(values.get("received_on"), now),
        "text": _source(values),
        "said_by": values.get("said_by") or _("not recorded in the ledger"),
        "wanted_on": values.get("wanted_on"),
        "products": [names.products[each] for each in values.get("products") or () if each in names.products],
        "project": names.project(values, customer),
        "is_safety": bool(values.get("is_safety")),
        "more": columns.own_values(values, columns.OWN_CASE, columns.OF_CASE) or None,
    }
    if owner := names.person_of(values.get("owner")):
        said["owner"] = owner
    if soon := columns.chosen(columns.PRIORITIES, models.Priority.choices, values.get("priority")):
        said["priority"] = (int(soon), Text("台账所载", "as in the ledger"))
    return said


def _ending(values: Values, option: Values) -> str:
    """How an entry ended; empty when it is still to be handled."""
    state = columns.understood(columns.OVER, values.get("status"))
    way = option.get("way", columns.AS_SAID)
    if way == columns.RUNNING:
        return ""
    if way == columns.HISTORY:
        return "terminated" if state == "terminated" else "over"
    return state if state in ("over", "terminated") else "over" if values.get("ended_on") and not state else ""


def _item(item: Values, names: Named, option: Values) -> opening.NewItem:
    kind = columns.chosen(columns.KINDS, models.Kind.choices, item.get("kind"))
    return opening.NewItem(
        text=item["text"],
        kind=kind or option.get("kind", models.Kind.QUALITY),
        owner=names.person_of(item.get("item_owner")),
        due_on=date.fromisoformat(item["due_on"]) if item.get("due_on") else None,
        more=columns.own_values(item, columns.OWN_ITEM, columns.OF_ITEMS) or None,
    )


def _moment(day: date | None, otherwise: datetime) -> datetime:
    """Noon of a day, that is in no time zone another day; never later than now."""
    if day is None:
        return otherwise
    return min(timezone.make_aware(datetime.combine(day, time(12))), timezone.now())


def _source(values: Values) -> str:
    """From which documents and clauses it is, a line each."""
    lines = [" · ".join(filter(None, [it.get("document"), it.get("clause")])) for it in _items(values)]
    return "\n".join(dict.fromkeys(line for line in lines if line))


KEPT = ("kind", "priority", "channel", "status", "owner", "project")
KEPT_OF_ITEMS = ("kind", "item_owner")


def _rest(values: Values, words: dict[str, str]) -> list[list[str]]:
    """What the ledger said in words that the case does not keep as they were, and in columns of no field."""
    said = [(words[key], str(values[key])) for key in KEPT if values.get(key)]
    said += [(words[key], str(it[key])) for it in _items(values) for key in KEPT_OF_ITEMS if it.get(key)]
    if values.get("products"):
        said.append((words["products"], "、".join(values["products"])))
    return [list(pair) for pair in dict.fromkeys([*said, *map(tuple, values.get("rest") or ())])]
