"""Originals that are objects: sealed samples, colour masters, gauges, limit samples (C48)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import originals
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search


class CannotKeepSample(refusals.Refusal):
    """The object cannot be registered like this."""


@transaction.atomic
def keep_sample(
    *,
    case: models.Case,
    kind: str,
    number: str,
    place: str,
    keeper: org.Person,
    by: org.Person,
    now: datetime,
    name: str = "",
    sealed_by: str = "",
    sealed_on: date | None = None,
    valid_until_on: date | None = None,
    photos: Sequence[tuple[str, bytes]] = (),
) -> models.Sample:
    """Register an object as an original: its number, place, keeper, who sealed it, until when it holds; with photos."""
    if not access.may_handle(by, case) and not access.may_open(by, case.scope_id, case.site_id):
        raise refusals.NotAllowed()
    access.require_open(case)
    if kind not in models.Sample.Kind.values:
        raise CannotKeepSample(_("Please choose what kind of object it is."), field="kind")
    if not number.strip():
        raise CannotKeepSample(_("Please give the number of the object."), field="number")
    _check(case, place, keeper, sealed_on, valid_until_on)
    try:
        with transaction.atomic():
            sample = models.Sample.objects.create(
                case=case,
                kind=kind,
                number=number.strip(),
                name=name.strip(),
                place=place.strip(),
                keeper=keeper,
                sealed_by=sealed_by.strip(),
                sealed_on=sealed_on,
                valid_until_on=valid_until_on,
            )
    except IntegrityError:
        raise CannotKeepSample(_("This number belongs to another object."), field="number") from None
    changes = rows.created(
        sample, "kind", "number", "name", "place", "keeper", "sealed_by", "sealed_on", "valid_until_on"
    )
    _note("cases.sample.kept", sample, changes, by=by, now=now)
    originals.found(case=case, by=by, now=now)
    add_photos(sample=sample, photos=photos, by=by, now=now)
    return sample


def add_photos(*, sample: models.Sample, photos: Sequence[tuple[str, bytes]], by: org.Person, now: datetime) -> None:
    """Photographs of the object."""
    for name, content in photos:
        records.attach(subject=sample.ref, content=content, name=name, by=by, now=now, kind="photo")


CHANGED = ("name", "place", "keeper", "sealed_by", "sealed_on", "valid_until_on")


@transaction.atomic
def change_sample(
    *, sample: models.Sample, by: org.Person, now: datetime, expected: int, reason: str = "", **values: Any
) -> models.Sample:
    """The object is kept elsewhere or by somebody else, holds longer, or is described better; its case may be over."""
    _require_keeper(by, sample)
    unknown = set(values) - set(CHANGED)
    if unknown:
        raise ValueError(f"not changed: {sorted(unknown)}")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    after = {name: values.get(name, getattr(sample, name)) for name in CHANGED}
    _check(sample.case, after["place"], after["keeper"], after["sealed_on"], after["valid_until_on"])
    if after["valid_until_on"] != sample.valid_until_on:
        values["told_on"] = None
    changes = [each for each in rows.change(sample, expected=expected, **values) if each.field != "told_on"]
    if changes:
        _note("cases.sample.changed", sample, changes, by=by, now=now, reason=reason)
    return sample


@transaction.atomic
def void_sample(*, sample: models.Sample, reason: str, by: org.Person, now: datetime, expected: int) -> models.Sample:
    """The object no longer holds: lost, worn, replaced by another; it stays on record."""
    _require_keeper(by, sample)
    if not reason.strip():
        raise CannotKeepSample(_("Please give the reason."), field="reason")
    changes = rows.change(sample, expected=expected, voided_at=now, void_reason=reason.strip()[:300])
    _note("cases.sample.voided", sample, changes[:1], by=by, now=now, reason=reason)
    return sample


def _require_keeper(by: org.Person, sample: models.Sample) -> None:
    """Objects outlive their case: whoever handles cases, or keeps the object, may act on it."""
    if not access.may_handle(by, sample.case) and not (by == sample.keeper and access.may_see(by, sample.case)):
        raise refusals.NotAllowed()
    if sample.voided_at:
        raise CannotKeepSample(_("This object is void."))


def _check(
    case: models.Case, place: str, keeper: org.Person, sealed_on: date | None, valid_until_on: date | None
) -> None:
    if not place.strip():
        raise CannotKeepSample(_("Please say where the object is kept."), field="place")
    if sealed_on and valid_until_on and valid_until_on < sealed_on:
        raise CannotKeepSample(_("It cannot have expired before it was sealed."), field="valid_until_on")
    access.require_can_see(keeper, case, "keeper")


def _note(
    word: str, sample: models.Sample, changes: Sequence[rows.Change], *, by: org.Person, now: datetime, reason: str = ""
) -> None:
    """The trail's entry on the case, where people look for it, and the index."""
    note = {"sample": str(sample)}
    records.write(by=by, now=now, word=word, subject=sample.case, changes=changes, reason=reason, note=note)
    search.refresh(sample.subject_type, [sample.pk])
