"""Engineering changes for programs: the ledger, one change with what follows it, and its acts."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from yinuo.changes import access, lists, models, queries
from yinuo.changes.actions import applying, beside, deciding
from yinuo.changes.forms import acts as forms
from yinuo.kit import api, refusals
from yinuo.org.definition import Permission
from yinuo.records import actions as records

router = Router(tags=["engineering changes"])
SEE, EDIT = Permission.CHANGES_SEE, Permission.CHANGES_EDIT


class EngineeringChange(Schema):
    """A change of a customer's engineering specification, with its days and its clock. `state` is how the clock stands
    today: running, soon, near, today, late, met, met_late or stopped; `working_days` are left, overdue or used."""

    number: str
    title: str
    customer: api.Named
    edition: int | None
    reference: str
    responsible: str
    published_on: date | None
    notified_on: date | None
    received_on: date
    started_on: date
    days: int
    due_on: date
    is_provisional: bool
    reviewed_on: date | None
    implemented_on: date | None
    verified_on: date | None
    state: str
    working_days: int
    is_confidential: bool
    version: int
    added_at: datetime
    url: str

    @staticmethod
    def resolve_edition(row: Any) -> int | None:
        return row.edition_id

    @staticmethod
    def resolve_responsible(row: Any) -> str:
        return str(row.responsible.name)

    @staticmethod
    def resolve_state(row: Any) -> str:
        return str(_standing(row).state)

    @staticmethod
    def resolve_working_days(row: Any) -> int:
        return _standing(row).days

    @staticmethod
    def resolve_is_confidential(row: Any) -> bool:
        return row.scope_id is not None

    @staticmethod
    def resolve_url(row: Any) -> str:
        return str(row.get_absolute_url())


def _standing(row: Any) -> Any:
    return queries.standing_of(row, timezone.localdate(), queries.Calendars())


class Application(Schema):
    """The change at one product and site: to_do, implemented, verified or unaffected. `version` is what `If-Match` of
    its acts says."""

    id: int
    product: str
    site: str
    state: str
    break_kind: str
    break_on: date | None
    break_mark: str
    stock: str
    stock_note: str
    transit: str
    transit_note: str
    implemented_on: date | None
    verified_on: date | None
    reason: str
    version: int

    @staticmethod
    def resolve_product(row: Any) -> str:
        return str(row.product.number)

    @staticmethod
    def resolve_site(row: Any) -> str:
        return str(row.site.code)


class SupplierConcerned(Schema):
    """A supplier whom the change concerns: when it was told, and when it acknowledged. `version` is what `If-Match` of
    its change says."""

    id: int
    name: str
    told_on: date | None
    acknowledged_on: date | None
    note: str
    version: int


class WholeChange(EngineeringChange):
    """A change with its review, its effect on PPAP, what the customer answered, its applications and suppliers."""

    what: str
    clauses_changed: int | None
    start_reason: str
    result: str
    said: str
    impact: str
    level: int | None
    impact_note: str
    impact_by: str
    answer: str
    answered_on: date | None
    answer_reference: str
    applications: list[Application]
    suppliers: list[SupplierConcerned]

    @staticmethod
    def resolve_impact_by(row: Any) -> str:
        return row.impact_by.name if row.impact_by else ""

    @staticmethod
    def resolve_suppliers(row: Any) -> list[Any]:
        return list(row.suppliers.all())

    @staticmethod
    def resolve_applications(row: Any) -> list[Any]:
        return list(row.applications.select_related("product", "site"))


class Review(Schema):
    """Who reviewed the change on which day, and what it came to: take_over, clarify, refuse or nothing."""

    on: date
    reviewer: int | None = None
    result: str
    said: str
    reason: str = ""


class Implemented(Schema):
    """From where on parts are made as changed (day, batch, serial), and what becomes of those made before: none,
    use_up, rework, scrap, return, separate or other."""

    on: date
    break_kind: str
    break_on: date | None = None
    break_mark: str = ""
    stock: str
    stock_note: str = ""
    transit: str
    transit_note: str = ""


class Verified(Schema):
    """By what it was verified. Whoever implemented it is refused."""

    on: date
    how: str


class PpapEffect(api.Asked):
    """What the change means for PPAP (`level` where it is submitted again), and who decided it: oneself if left out."""

    impact: str = Field(max_length=10)
    level: int | None = None
    decider: int | None = None
    note: str = Field("", max_length=4000)


class CustomerAnswer(api.Asked):
    """What the customer answered on which day, and where that stands (number of the PSW, mail, entry of the portal)."""

    answer: str = Field(max_length=10)
    on: date
    reference: str = Field("", max_length=200)


class WrittenSupplier(api.Asked):
    """A supplier whom the change concerns. In a change, what is left out stays and null empties."""

    name: str | None = Field(None, max_length=200)
    told_on: date | None = None
    acknowledged_on: date | None = None
    note: str | None = Field(None, max_length=300)


def _rows(request: api.Request) -> Any:
    return lists.change_rows(queries.changes(request.user))


def _shown(request: api.Request, response: HttpResponse, number: str) -> models.Change:
    row = api.found(_rows(request), number=number)
    api.tagged(response, row.version)
    return row


@api.call(router, "GET", "/engineering-changes", SEE, api.Listed[EngineeringChange], sheet=lists.CHANGES)
def engineering_changes(request: api.Request) -> dict[str, Any]:
    """All changes of customers' engineering specifications."""
    return api.listed(request, lists.CHANGES, _rows(request))


@api.call(router, "GET", "/engineering-changes/{number}", SEE, WholeChange)
def engineering_change(request: api.Request, response: HttpResponse, number: str) -> Any:
    """One change with all that followed."""
    row = _shown(request, response, number)
    records.note_reading(subject=row, way="read", by=request.user, now=timezone.now())
    return row


@api.call(router, "POST", "/engineering-changes/{number}/review", EDIT, WholeChange, changes=True)
def engineering_change_review(request: api.Request, response: HttpResponse, number: str, said: Review) -> Any:
    """The change was reviewed: its clock stops. `reviewer` is left out for oneself."""
    row, version = api.found(_rows(request), number=number), api.expected(request)
    _demand(request, row)
    values = {**said.dict(), "reviewer": said.reviewer or request.user.pk, "version": version}
    cleaned = dict(api.checked(forms.Review(api.as_form(values), person=request.user)))
    facts = {key: cleaned[key] for key in ("on", "reviewer", "result", "said", "reason")}
    deciding.review(change=row, by=request.user, now=timezone.now(), expected=version, **facts)
    return _shown(request, response, number)


@api.call(
    router, "POST", "/engineering-changes/{number}/applications/{int:id}/implemented", EDIT, WholeChange, changes=True
)
def engineering_change_implemented(
    request: api.Request, response: HttpResponse, number: str, id: int, said: Implemented  # noqa: A002
) -> Any:  # fmt: skip
    """The change is implemented at a product and site. `If-Match` is the application's version."""
    line, version = _line(request, number, id), api.expected(request)
    cleaned = dict(api.checked(forms.Implemented(api.as_form({**said.dict(), "version": version}))))
    facts = {key: cleaned[key] for key in said.dict()}
    applying.implement(application=line, by=request.user, now=timezone.now(), expected=version, **facts)
    return _shown(request, response, number)


@api.call(
    router, "POST", "/engineering-changes/{number}/applications/{int:id}/verified", EDIT, WholeChange, changes=True
)
def engineering_change_verified(
    request: api.Request, response: HttpResponse, number: str, id: int, said: Verified  # noqa: A002
) -> Any:  # fmt: skip
    """Somebody else has verified it. `If-Match` is the application's version."""
    line, version = _line(request, number, id), api.expected(request)
    cleaned = api.checked(forms.Verified(api.as_form({**said.dict(), "version": version})))
    applying.verify(
        application=line, on=cleaned["on"], how=cleaned["how"], by=request.user, now=timezone.now(), expected=version
    )
    return _shown(request, response, number)


@api.call(router, "POST", "/engineering-changes/{number}/impact", EDIT, WholeChange, changes=True)
def engineering_change_impact(request: api.Request, response: HttpResponse, number: str, said: PpapEffect) -> Any:
    """Decide what the change means for PPAP."""
    row, version = _to_edit(request, number), api.expected(request)
    values = {**said.dict(), "decider": said.decider or request.user.pk, "version": version}
    cleaned = api.checked(forms.Impact(api.as_form(values), person=request.user, row=row))
    facts = {key: cleaned[key] for key in ("impact", "level", "decider", "note")}
    deciding.judge_impact(change=row, by=request.user, now=timezone.now(), expected=version, **facts)
    return _shown(request, response, number)


@api.call(router, "POST", "/engineering-changes/{number}/answer", EDIT, WholeChange, changes=True)
def engineering_change_answer(request: api.Request, response: HttpResponse, number: str, said: CustomerAnswer) -> Any:
    """Record what the customer answered to the notice or the submission."""
    row, version = _to_edit(request, number), api.expected(request)
    cleaned = api.checked(forms.Answered(api.as_form({**said.dict(), "version": version})))
    facts = {key: cleaned[key] for key in ("answer", "on", "reference")}
    deciding.record_answer(change=row, by=request.user, now=timezone.now(), expected=version, **facts)
    return _shown(request, response, number)


@api.call(router, "POST", "/engineering-changes/{number}/suppliers", EDIT, WholeChange, status=201, creates=True)
def change_supplier_add(request: api.Request, response: HttpResponse, number: str, said: WrittenSupplier) -> Any:
    """Name a supplier whom the change concerns."""
    row = _to_edit(request, number)

    def create(key: str) -> str:
        cleaned = api.checked(forms.NewSupplier(api.as_form({**said.dict(), "once": key})))
        facts: Any = {name: cleaned[name] for name in beside.SUPPLIER}
        return str(beside.add_supplier(change=row, by=request.user, now=timezone.now(), **facts).pk)

    api.create_once(request, create)
    return Status(201, _shown(request, response, number))


@api.call(router, "PATCH", "/engineering-changes/{number}/suppliers/{int:supplier}", EDIT, WholeChange, changes=True)
def change_supplier_change(
    request: api.Request, response: HttpResponse, number: str, supplier: int, said: WrittenSupplier
) -> Any:
    """When a supplier was told, and when it acknowledged. `If-Match` is the supplier's version."""
    row, version = _to_edit(request, number), api.expected(request)
    line = api.found(models.Supplier.objects.filter(change=row).select_related("change"), pk=supplier)
    as_is = {name: getattr(line, name) for name in beside.SUPPLIER}
    values = {**as_is, **said.dict(exclude_unset=True), "version": version}
    cleaned = api.checked(forms.ChangedSupplier(api.as_form(values)))
    facts: Any = {name: cleaned[name] for name in beside.SUPPLIER}
    beside.change_supplier(supplier=line, by=request.user, now=timezone.now(), expected=version, **facts)
    return _shown(request, response, number)


def _to_edit(request: api.Request, number: str) -> models.Change:
    """The change, if the person may see and edit it."""
    row: models.Change = api.found(_rows(request), number=number)
    _demand(request, row)
    return row


def _line(request: api.Request, number: str, key: int) -> models.Application:
    row = api.found(_rows(request), number=number)
    _demand(request, row)
    rows = models.Application.objects.filter(change=row).select_related("change", "product", "site")
    return api.found(rows, pk=key)


def _demand(request: api.Request, row: models.Change) -> None:
    if not access.may_edit(request.user, row):
        raise refusals.NotAllowed()
