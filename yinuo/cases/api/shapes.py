"""What calls about cases are sent and answer."""

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from yinuo.kit import api

More = dict[str, str | bool | int | float | None]  # the company's own fields, by their keys
Text = str


class CaseLine(Schema):
    """A case as it stands in a list; `url` is its page."""

    id: int
    number: str
    title: str
    customer: api.Named
    kind: str
    priority: int
    is_safety: bool
    state: str
    state_words: str
    oral: str
    step: str
    holder: str
    step_due_at: datetime | None
    ended_at: datetime | None
    owner: api.Named | None
    version: int
    url: str

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


class Item(Schema):
    """One requirement of a case."""

    id: int
    position: int
    text: str
    kind: str
    applies: str
    product_id: int | None
    site_id: int | None
    owner: api.Named | None
    due_on: date | None
    verdict: str
    condition: str
    answer: str
    is_met: bool | None
    withdrawn_at: datetime | None
    more: dict[str, Any]
    version: int


class CaseTask(Schema):
    """A task of the case that waits."""

    id: int
    title: str
    responsible: str
    state: str
    due_at: datetime | None


class CaseProduct(api.Named):
    """A product that the case is about."""

    number: str


class Case(CaseLine):
    """A case with its items, products and the tasks that wait."""

    text: str
    channel: str
    said_by: str
    contact: api.Named | None
    project: api.Named | None
    site: api.Named | None
    said_at: datetime | None
    notified_at: datetime
    registered_at: datetime
    registered_by: api.Named
    wanted_on: date | None
    promised_on: date | None
    due_at: datetime | None
    is_provisional: bool
    stops_line: bool
    held_at: datetime | None
    hold_reason: str
    acknowledged_at: datetime | None
    answered_at: datetime | None
    end_reason: str
    more: dict[str, Any]
    products: list[CaseProduct]
    items: list[Item]
    tasks: list[CaseTask]

    @staticmethod
    def resolve_products(row: Any) -> list[Any]:
        return list(row.products.order_by("number"))

    @staticmethod
    def resolve_items(row: Any) -> list[Any]:
        return list(row.shown_items)

    @staticmethod
    def resolve_tasks(row: Any) -> list[Any]:
        return list(row.shown_tasks)


class NewItem(api.Asked):
    """One requirement. `applies`: customer, project, product:<id> or site:<id>."""

    text: str = Field(min_length=1, max_length=4000)
    kind: str = Field(max_length=20)
    applies: str = Field("customer", max_length=40)
    owner: int | None = None
    due_on: date | None = None
    more: More = {}


class LaterItem(NewItem):
    """One requirement more, with how it came."""

    channel: str = Field(max_length=20)
    said_by: str = Field(max_length=100)
    said_at: datetime
    is_oral: bool = False
    reason: str = Field("", max_length=300)


class NewCase(api.Asked):
    """What a customer asks. Files are uploaded to the case afterwards; without `notified_at` it is now."""

    customer: int
    title: str = Field(min_length=1, max_length=200)
    channel: str = Field(max_length=20)
    items: list[NewItem] = Field(min_length=1, max_length=100)
    notified_at: datetime | None = None
    contact: int | None = None
    said_by: str = Field("", max_length=100)
    said_at: datetime | None = None
    wanted_on: date | None = None
    is_oral: bool = False
    is_safety: bool = False
    stops_line: bool = False
    products: list[int] = Field([], max_length=50)
    project: int | None = None
    site: int | None = None
    owner: int | None = None
    procedure: str = Field("", max_length=80)
    text: str = Field("", max_length=50_000)
    more: More = {}


class Corrected(api.Asked):
    """What is corrected; what is left out stays, null empties."""

    customer: int | None = None
    title: str | None = Field(None, max_length=200)
    channel: str | None = Field(None, max_length=20)
    notified_at: datetime | None = None
    contact: int | None = None
    said_by: str | None = Field(None, max_length=100)
    said_at: datetime | None = None
    wanted_on: date | None = None
    promised_on: date | None = None
    is_oral: bool | None = None
    is_safety: bool | None = None
    stops_line: bool | None = None
    products: list[int] | None = Field(None, max_length=50)
    project: int | None = None
    site: int | None = None
    text: str | None = Field(None, max_length=50_000)
    more: More = {}
    reason: str | None = Field(None, max_length=300)


class Reason(api.Asked):
    """Why."""

    reason: str = Field(max_length=4000)


class Priority(Reason):
    """Another priority than the table's: 1 is the most urgent."""

    priority: int


class Owner(api.Asked):
    """Who is to be the owner."""

    owner: int


class Finding(Schema):
    """What was reported, and what became of it; the case stands there for whoever may see it."""

    id: int
    text: str
    channel: str
    customer: api.Named | None
    said_by: str
    said_at: datetime | None
    reported_at: datetime
    reporter: str
    state: str
    reason: str
    case: str | None
    version: int
    url: str
