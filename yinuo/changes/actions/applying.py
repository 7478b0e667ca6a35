"""A change at products and sites: implemented from a break point on, verified by somebody else, or not affected."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import product as pairs
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.changes import access, models, rules
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records

State = models.Application.State


class CannotApply(refusals.Refusal):
    """This cannot be said of the change at this product and site, or not now."""


class Implemented(TypedDict, total=False):
    """From where on parts are made as changed, and what becomes of those made before."""

    break_kind: str
    break_on: date | None
    break_mark: str
    stock: str
    stock_note: str
    transit: str
    transit_note: str


@transaction.atomic
def name(
    *, change: models.Change, products: Iterable[customers.Product], sites: Iterable[org.Site], by: org.Person,
    now: datetime, expected: int,
) -> list[models.Application]:  # fmt: skip
    """Name the products and sites at which a change is to be implemented: each product at each site, once."""
    locked = _locked(change, by)
    products, sites = list(products), list(sites)
    if not products:
        raise CannotApply(_("Please choose a product."), field="products")
    if not sites:
        raise CannotApply(_("Please choose a site."), field="sites")
    for each in products:
        if not by.may(customers_queries.SEE, each.scope_id, each.site_id):
            raise refusals.NotAllowed()
    there = set(locked.applications.values_list("product", "site"))
    made = [
        models.Application(change=locked, product=product, site=site)
        for product, site in pairs(products, sites)
        if (product.pk, site.pk) not in there
    ]
    if not made:
        raise CannotApply(_("The change is named for these products and sites already."), field="products")
    if locked.version != expected:
        raise refusals.Stale()
    models.Application.objects.bulk_create(made)
    note = {"where": [str(each) for each in made]}
    records.write(by=by, now=now, word="changes.application.named", subject=locked, note=note)
    _settle(locked, expected=expected, touch=True)
    _keep_up(change, locked)
    return made


@transaction.atomic
def implement(
    *, application: models.Application, on: date, by: org.Person, now: datetime, expected: int,
    **facts: Unpack[Implemented],
) -> models.Application:  # fmt: skip
    """The change is implemented here: from which break point on, and what becomes of stock and of parts in transit."""
    change = _locked(application.change, by)
    if change.reviewed_on is None or change.result != models.Result.TAKE_OVER:
        raise CannotApply(_("First the change is to be reviewed, with the result that it is to be implemented."))
    if application.state == State.VERIFIED:
        raise CannotApply(_("This is verified already. Take that back first."))
    _check_day(on, now, change.started_on)
    _check_break(facts)
    values = {
        "state": State.IMPLEMENTED, "implemented_on": on, "implemented_by": by, "verified_on": None,
        "verified_by": None, "verified_how": "", "reason": "", **facts,
    }  # fmt: skip
    return _act(application, change, "changes.application.implemented", by, now, expected, values)


@transaction.atomic
def verify(
    *, application: models.Application, on: date, how: str, by: org.Person, now: datetime, expected: int
) -> models.Application:
    """Somebody else than whoever implemented it has looked that parts are made as changed."""
    change = _locked(application.change, by)
    if application.state != State.IMPLEMENTED or application.implemented_on is None:
        raise CannotApply(_("Only what is implemented can be verified."))
    if application.implemented_by_id == by.pk:
        words = _("You have implemented this yourself. It is verified by somebody else, who signs in for it.")
        raise CannotApply(words)
    if not how.strip():
        raise CannotApply(_("Please say by what you verified it."), field="how")
    _check_day(on, now, application.implemented_on)
    values = {"state": State.VERIFIED, "verified_on": on, "verified_by": by, "verified_how": how.strip()}
    return _act(application, change, "changes.application.verified", by, now, expected, values)


@transaction.atomic
def leave_out(
    *, application: models.Application, reason: str, by: org.Person, now: datetime, expected: int
) -> models.Application:
    """This product at this site is not affected; the reason says why, and nothing is left to verify."""
    change = _locked(application.change, by)
    if application.state != State.OPEN:
        raise CannotApply(_("Something else was said of it already. Take that back first."))
    if not reason.strip():
        raise CannotApply(_("Please say why it is not affected."), field="reason")
    today = timezone.localdate(now)
    values = {
        "state": State.UNAFFECTED, "reason": reason.strip()[:500], "implemented_on": today, "verified_on": today,
        "implemented_by": by,
    }  # fmt: skip
    return _act(application, change, "changes.application.left_out", by, now, expected, values)


@transaction.atomic
def take_back(
    *, application: models.Application, by: org.Person, now: datetime, expected: int, reason: str = ""
) -> models.Application:
    """One step back: what is verified is only implemented again, everything else is open again."""
    change = _locked(application.change, by)
    if application.state == State.OPEN:
        raise CannotApply(_("There is nothing to take back."))
    values: dict[str, Any] = {"verified_on": None, "verified_by": None, "verified_how": ""}
    if application.state == State.VERIFIED:
        values["state"] = State.IMPLEMENTED
    else:
        values |= {"state": State.OPEN, "implemented_on": None, "implemented_by": None, "reason": ""}
    return _act(application, change, "changes.application.taken_back", by, now, expected, values, reason)


def _act(
    application: models.Application, change: models.Change, word: str, by: org.Person, now: datetime, expected: int,
    values: dict[str, Any], reason: str = "",
) -> models.Application:  # fmt: skip
    changes = rows.change(application, expected=expected, **values)
    note = {"where": str(application)}
    records.write(by=by, now=now, word=word, subject=change, changes=changes, reason=reason, note=note)
    _settle(change, expected=change.version)
    _keep_up(application.change, change)
    return application


def _settle(change: models.Change, *, expected: int, touch: bool = False) -> None:
    """A change is implemented (verified) on the day on which the last of its applications is."""
    found = change.applications.values_list("state", "implemented_on", "verified_on")
    applied = [rules.Applied(*each) for each in found]
    changes = rows.change(
        change, expected=expected, implemented_on=rules.reached_on(applied, verified=False),
        verified_on=rules.reached_on(applied, verified=True),
    )  # fmt: skip
    if touch and not changes:
        rows.touch(change, expected=expected)


def _keep_up(change: models.Change, locked: models.Change) -> None:
    """The row that the caller has in hand stands as the locked one."""
    for key in ("implemented_on", "verified_on", "version"):
        setattr(change, key, getattr(locked, key))


def _locked(change: models.Change, by: org.Person) -> models.Change:
    """The change, for one act at a time; refuses who may not, and what was dropped."""
    if not access.may_edit(by, change):
        raise refusals.NotAllowed()
    locked = models.Change.objects.select_for_update().get(pk=change.pk)
    if locked.dropped_at is not None:
        raise CannotApply(_("This change was dropped. Take it up again first."))
    return locked


def _check_day(on: date, now: datetime, first: date) -> None:
    if on > timezone.localdate(now):
        raise CannotApply(_("This day is still to come."), field="on")
    if on < first:
        words = _("This day lies before %(day)s, when the step before it was done.")
        raise CannotApply(words % {"day": first.isoformat()}, field="on")


def _check_break(facts: Implemented) -> None:
    """A break point says from which day on, or which batch or serial number is the first."""
    kind = facts.get("break_kind", "")
    if kind not in models.BreakPoint.values:
        raise CannotApply(_("Please say from where on parts are made as changed."), field="break_kind")
    if kind == models.BreakPoint.DAY and facts.get("break_on") is None:
        raise CannotApply(_("Please give the day of the break point."), field="break_on")
    if kind != models.BreakPoint.DAY and not facts.get("break_mark", "").strip():
        raise CannotApply(_("Please give the number of the first batch or of the first part."), field="break_mark")
    for key, words in (
        ("stock", _("Please say what becomes of parts in stock.")),
        ("transit", _("Please say what becomes of parts in transit.")),
    ):
        if facts.get(key) not in models.Disposal.values:
            raise CannotApply(words, field=key)
