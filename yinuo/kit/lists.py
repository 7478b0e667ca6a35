"""Declared lists: columns, filters and sort orders once, for screen, Excel and API.

Pages are found by key (sort value and id), never by offset, so page 1,000 costs what page 1 costs; totals are counted
up to 10,000 and shown as 10,000+ beyond.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connections
from django.db.models import BigIntegerField, F, Field, Func, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils import timezone
from django.utils.functional import Promise

from yinuo.kit import bulk, plugs, views

Words = str | Promise
COUNT_LIMIT = 10_000
MOST_ID = 2**63 - 1
FILE = "excel"  # the parameter that asks for the whole list as a workbook
PAPER = "pdf"  # the one that asks for it on paper
OUTWARD = "outward"  # the one that asks for a workbook to be given to a customer


@dataclass(frozen=True)
class Column:
    """One column. `value(row)` gives what is shown; `sort` is the model field it sorts by, if it does.

    `kind` decides how it is shown: text, link (to the row), number, day, moment, due, badge (value is a (group, word)
    pair with group pending/active/done/late/safety/quiet) or person.
    """

    key: str
    label: Words
    value: Callable[[Any], Any]
    kind: str = "text"
    sort: str = ""
    narrow: bool = True  # shown on a phone
    export: bool = True
    is_internal: bool = False  # never in a file for a customer
    language: Callable[[Any], str] | None = None  # in which the row's value is written, where that is not the reader's


@dataclass(frozen=True)
class Filter:
    """One filter. `apply(rows, value)` narrows the query; `choices(person)` gives (value, words), none for text."""

    key: str
    label: Words
    apply: Callable[[QuerySet[Any], str], QuerySet[Any]]
    choices: Callable[[Any], Sequence[tuple[str, Words]]] | None = None
    kind: str = "choice"  # choice, text, day


@dataclass(frozen=True)
class Sheet:
    """A declared list. `sorts` maps a key to (words, field, descending); the first is the default."""

    name: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    sorts: Mapping[str, tuple[Words, str, bool]] = field(default_factory=dict)
    empty: Words = ""  # what to do when there is nothing yet
    title: Words = ""  # what a file of it is called
    further: Sequence[Column] = ()  # columns that only a file of it has
    whole: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None  # reads along what the further columns need
    outward: Callable[[QuerySet[Any]], None] | None = None  # a file may go to a customer, unless this refuses the rows


@dataclass
class Cell:
    column: Column
    value: Any


@dataclass
class Page:
    """One page of a list, ready for the template `kit/list.html`."""

    sheet: Sheet
    rows: list[tuple[Any, list[Cell]]]
    total: int
    more_than_total: bool
    next_query: str
    query: str
    chosen: dict[str, str]
    sort: str
    filters: list[tuple[Filter, Sequence[tuple[str, Words]], str]]
    first: bool
    opened: views.Opened = field(default_factory=lambda: views.Opened({}))
    faded: Sequence[Words] = ()  # filters of the view whose value is no longer there
    acts: Sequence[bulk.Act] = ()  # what the person may do with several rows at once
    hidden: Sequence[str] = ()  # the keys of those left out
    always: Sequence[str] = ()  # of those shown also where there is little room, because somebody wants them there
    comes_back: bool = False  # the person may change its rows in a workbook and bring that back

    @property
    def columns(self) -> list[Column]:
        """Those that are shown."""
        shown = (each for each in self.sheet.columns if each.key not in self.hidden)
        return [replace(each, narrow=True) if each.key in self.always else each for each in shown]

    @property
    def roomy(self) -> list[Column]:
        """Those that are left out where there is little room, unless somebody wants them there."""
        return [each for each in self.sheet.columns if not each.narrow and each.label]

    @property
    def is_filtered(self) -> bool:
        return any(self.chosen.values())

    @property
    def is_usual(self) -> bool:
        """Whether nothing is filtered, the columns are the usual ones and the order is the first one."""
        return (
            not self.is_filtered and not self.hidden and not self.always and self.sort == next(iter(self.sheet.sorts))
        )

    @property
    def goes_out(self) -> bool:
        """Whether a file of the list may be given to a customer."""
        return self.sheet.outward is not None

    @property
    def view(self) -> views.View | None:
        return self.opened.view

    @property
    def is_changed(self) -> bool:
        """Whether the list shows something else than the view by whose name it was opened."""
        return self.view is not None and not self.view.shows(self.query)

    @property
    def view_key(self) -> str:
        """What an address says of the view: kept while the list is filtered and turned over."""
        if self.view is not None:
            return str(self.view.id)
        return views.ALL if self.opened.parameters.get(views.PARAMETER) == views.ALL else ""


class AsFile(Exception):
    """The address asks for the whole list as a file (`excel=<name of the sheet>`, `pdf=…`, `outward=…`): the same
    rows in the same order.

    No page needs to know: whoever calls pages answers with the file instead.
    """

    def __init__(
        self, sheet: Sheet, rows: QuerySet[Any], chosen: dict[str, str], sort: str, on_paper: bool, *,
        is_outward: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(sheet.name)
        self.sheet, self.rows, self.chosen, self.sort, self.on_paper = sheet, rows, chosen, sort, on_paper
        self.is_outward = is_outward


def page_of(sheet: Sheet, rows: QuerySet[Any], parameters: Mapping[str, str], *, person: Any, size: int = 50) -> Page:
    """The page of `rows` that the address parameters ask for. Unknown parameters are ignored, never an error."""
    is_paper_asked = parameters.get(PAPER) == sheet.name
    is_outward_asked = parameters.get(OUTWARD) == sheet.name and sheet.outward is not None
    is_file_asked = parameters.get(FILE) == sheet.name or is_paper_asked or is_outward_asked
    own = {"sort", "after", views.HIDE, views.ALWAYS, *(f.key for f in sheet.filters)}
    opened = views.opened(sheet.name, own, parameters, person)
    offered = {f.key: f.choices(person) if f.choices else () for f in sheet.filters}
    chosen, faded = _chosen(sheet, opened, offered, str(getattr(person, "pk", "")))
    for each in sheet.filters:
        if chosen[each.key]:
            rows = each.apply(rows, _meant(chosen[each.key], each, person))
    parameters = opened.parameters
    sort = parameters.get("sort", "")
    if sort not in sheet.sorts:
        sort = next(iter(sheet.sorts))
    hidden = views.hidden(parameters, [each.key for each in sheet.columns])
    always = views.always(parameters, [each.key for each in sheet.columns if not each.narrow])
    columns = [each for each in sheet.columns if each.key not in hidden]
    if is_paper_asked:
        sheet = replace(sheet, columns=columns)
    if is_file_asked:
        raise AsFile(sheet, rows, chosen, sort, is_paper_asked, is_outward=is_outward_asked)
    _words, sort_field, descending = sheet.sorts[sort]
    total = rows.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    after = _key_from(parameters.get("after", ""), _field_of(rows.model, sort_field))
    found = _found(rows, sort_field, descending, after, size + 1)
    query = {**{key: value for key, value in chosen.items() if value}, "sort": sort}
    if hidden:
        query[views.HIDE] = ".".join(hidden)
    if always:
        query[views.ALWAYS] = ".".join(always)
    next_query = ""
    if len(found) > size:
        found = found[:size]
        next_query = urlencode({**query, "after": _key_of(found[-1], sort_field)})
    return Page(
        sheet=sheet,
        rows=[(row, [Cell(column, column.value(row)) for column in columns]) for row in found],
        total=min(total, COUNT_LIMIT),
        more_than_total=total > COUNT_LIMIT,
        next_query=next_query,
        query=urlencode(query),
        chosen=chosen,
        sort=sort,
        filters=[(f, offered[f.key], chosen[f.key]) for f in sheet.filters],
        first=after is None,
        opened=opened,
        faded=faded,
        acts=bulk.acts_for(sheet.name, person),
        hidden=hidden,
        always=always,
        comes_back=any(each.name == sheet.name and person.may(each.about["permission"]) for each in plugs.changeables),
    )


def give_file(sheet: Sheet, rows: QuerySet[Any], parameters: Mapping[str, str], *, person: Any) -> None:
    """For a list that its page lays out by hand: the file of it, when the address asks for that."""
    if sheet.name in (parameters.get(FILE), parameters.get(PAPER)):
        page_of(sheet, rows, parameters, person=person)


def walk(rows: QuerySet[Any], sort_field: str, descending: bool, size: int) -> Iterator[list[Any]]:
    """All rows in order, block by block, each row once: one that moves meanwhile is not told twice."""
    after: tuple[Any, int] | None = None
    told: set[int] = set()
    while found := _found(rows, sort_field, descending, after, size):
        after = _place_of(found[-1], sort_field)
        if sort_field != "pk":
            found = [row for row in found if row.pk not in told]
            told.update(row.pk for row in found)
        yield found


def _meant(value: str, of: Filter, person: Any) -> str:
    """What a filter is given: “me” is whoever reads, so that a shared view shows everybody their own."""
    return str(person.pk) if value == views.ME and of.choices else value


def _chosen(
    sheet: Sheet, opened: views.Opened, offered: Mapping[str, Sequence[tuple[str, Words]]], me: str
) -> tuple[dict[str, str], list[Words]]:
    """The value of each filter; and the filters of a view that are left out because their value is gone."""
    chosen = {f.key: opened.parameters.get(f.key, "").replace("\x00", "").strip()[:200] for f in sheet.filters}
    for each in sheet.filters:
        if chosen[each.key] == me and any(key == views.ME for key, _w in offered[each.key]):
            chosen[each.key] = views.ME
    faded: list[Words] = []
    for each in sheet.filters if opened.takes_view else ():
        if each.choices and chosen[each.key] and chosen[each.key] not in {str(key) for key, _w in offered[each.key]}:
            chosen[each.key] = ""
            faded.append(each.label)
    return chosen, faded


def found_by(sheet: Sheet, rows: QuerySet[Any], parameters: Mapping[str, str], *, person: Any, most: int) -> list[Any]:
    """Up to `most` rows that a list finds, in its order, as `page_of` would show them page by page."""
    for each in sheet.filters:
        if value := parameters.get(each.key, "").replace("\x00", "").strip()[:200]:
            rows = each.apply(rows, _meant(value, each, person))
    sort = parameters.get("sort", "")
    _words, field, descending = sheet.sorts[sort if sort in sheet.sorts else next(iter(sheet.sorts))]
    return _found(rows, field, descending, None, most)


def _found(
    rows: QuerySet[Any], sort_field: str, descending: bool, after: tuple[Any, int] | None, size: int
) -> list[Any]:
    """Up to `size` rows in order, from behind the key `after`; rows without a value come last, ids settle ties.

    Where the database itself would put empty values first, or in the middle of the list, rows with a value and rows
    without are asked for one after the other: so a plain index gives the order.
    """
    puts_empty_last = connections[rows.db].features.nulls_order_largest is not descending
    if not _may_be_empty(rows.model, sort_field) or (after is None and puts_empty_last):
        return list(_ordered(rows, sort_field, descending, after)[:size])
    found: list[Any] = []
    if after is None or after[0] is not None:
        # Behind a key no value is empty anyway; to say so would mislead PostgreSQL's guess of how many rows there are.
        with_value = rows.filter(**{f"{sort_field}__isnull": False}) if after is None else rows
        found = list(_ordered(with_value, sort_field, descending, after)[:size])
        after = None
    if len(found) < size:
        without = rows.filter(**{f"{sort_field}__isnull": True})
        found += _ordered(without, "pk", descending, after)[: size - len(found)]
    return found


def _ordered(rows: QuerySet[Any], sort_field: str, descending: bool, after: tuple[Any, int] | None) -> QuerySet[Any]:
    """Rows in the order of a field and their ids, from behind a key; both are compared as one, as in an index."""
    names = ["pk"] if sort_field == "pk" else [sort_field, "pk"]
    if after is not None:
        field = _field_of(rows.model, sort_field)
        key = [Value(after[1])] if sort_field == "pk" else [Value(after[0], output_field=field), Value(after[1])]
        compare = LessThan if descending else GreaterThan
        rows = rows.filter(compare(_Pair(*map(F, names)), _Pair(*key)))
    return rows.order_by(*(F(name).desc() if descending else F(name).asc() for name in names))


class _Pair(Func):
    """Several values compared as one: (sort value, id)."""

    template = "(%(expressions)s)"
    output_field = BigIntegerField()


def _may_be_empty(model: type[Model], sort_field: str) -> bool:
    """Whether a sort field, or a row on the way to it, can be empty. Annotations may be."""
    for part in sort_field.split("__"):
        if part == "pk":
            return False
        try:
            found = model._meta.get_field(part)
        except FieldDoesNotExist:
            return True
        if getattr(found, "null", False):
            return True
        model = found.related_model or model
    return False


def _place_of(row: Model, sort_field: str) -> tuple[Any, int]:
    """Where a row stands in the order: sort value and id."""
    value: Any = row
    for part in sort_field.split("__"):
        value = getattr(value, part, None)
    return value, row.pk


def _key_of(row: Model, sort_field: str) -> str:
    value, key = _place_of(row, sort_field)
    if value is not None and not isinstance(value, bool | int | float | str):
        value = value.isoformat() if isinstance(value, datetime | date) else str(value)
    return base64.urlsafe_b64encode(json.dumps([value, key]).encode()).decode()


def _field_of(model: type[Model], sort_field: str) -> "Field[Any, Any] | None":
    """The model field a list sorts by; None for an annotation."""
    found: Any = None
    for part in sort_field.split("__"):
        try:
            found = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = found.related_model or model
    return found if isinstance(found, Field) else None


def _key_from(text: str, field: "Field[Any, Any] | None") -> tuple[Any, int] | None:
    """The key in an address, its value as the field takes it; anything that is no key means the first page."""
    if not text or len(text) > 1000:
        return None
    try:
        value, key = json.loads(base64.urlsafe_b64decode(text.encode()))
        if type(key) is not int or abs(key) > MOST_ID or not isinstance(value, bool | int | float | str | None):
            return None
        if value is not None and field is not None:
            value = field.to_python(value)
        is_storable = "\x00" not in value if isinstance(value, str) else _is_storable(value)
    except (ValueError, TypeError, KeyError, binascii.Error, UnicodeError, ValidationError, RecursionError):
        return None
    return (value, key) if is_storable else None


def _is_storable(value: Any) -> bool:
    """Whether a database can compare with the value: no naive moment, no number beyond its range."""
    if isinstance(value, datetime):
        return timezone.is_aware(value)
    return not isinstance(value, int | float) or abs(value) <= MOST_ID
