"""Originals that are objects: sealed samples, colour masters, gauges, limit samples (C48)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


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
    access.require_handler(by, case)
    if kind not in models.Sample.Kind.values:
        raise CannotKeepSample(_("Please choose what kind of object it is."), field="kind")
    if not number.strip() or not place.strip():
        raise CannotKeepSample(_("Please give the number of the object and where it is kept."), field="number")
    if sealed_on and valid_until_on and valid_until_on < sealed_on:
        raise CannotKeepSample(_("It cannot have expired before it was sealed."), field="valid_until_on")
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
    records.write(by=by, now=now, word="cases.sample.kept", subject=case, changes=changes)
    for photo, content in photos:
        records.attach(subject=sample.ref, content=content, name=photo, by=by, now=now, kind="photo")
    return sample


@transaction.atomic
def move_sample(
    *, sample: models.Sample, place: str, keeper: org.Person, by: org.Person, now: datetime, expected: int
) -> models.Sample:
    """The object is kept elsewhere or by somebody else."""
    access.require_handler(by, sample.case)
    changes = rows.change(sample, expected=expected, place=place.strip(), keeper=keeper)
    if changes:
        records.write(
            by=by,
            now=now,
            word="cases.sample.moved",
            subject=sample.case,
            changes=changes,
            note={"sample": str(sample)},
        )
    return sample


@transaction.atomic
def void_sample(*, sample: models.Sample, reason: str, by: org.Person, now: datetime, expected: int) -> models.Sample:
    """The object no longer holds: lost, worn, replaced by another; it stays on record."""
    access.require_handler(by, sample.case)
    if not reason.strip():
        raise CannotKeepSample(_("Please give the reason."), field="reason")
    changes = rows.change(sample, expected=expected, voided_at=now, void_reason=reason.strip()[:300])
    records.write(
        by=by, now=now, word="cases.sample.voided", subject=sample.case, changes=changes[:1], reason=reason,
        note={"sample": str(sample)},
    )  # fmt: skip
    return sample
