"""Signing again with password or personal PIN, and setting that PIN."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import models, rules
from yinuo.org.actions import signing_in
from yinuo.records import actions as records

TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class CannotSetPin(refusals.Refusal):
    """This PIN cannot be set."""


class CannotSign(refusals.Refusal):
    """This signature does not count."""


@dataclass(frozen=True)
class Proof:
    """That a person has just shown who they are: `way` is `password` or `pin`. Actions that sign ask for it."""

    person_id: int
    way: str
    at: datetime


@transaction.atomic
def set_pin(*, password: str, pin: str, by: models.Person, now: datetime) -> None:
    """Set one's own signing PIN (6 to 12 digits, not a trivial one), knowing the password."""
    if not by.check_password(password):
        raise signing_in.WrongPassword(_("The present password is not right."), field="password")
    if not pin.isascii() or not pin.isdecimal() or len(pin) not in rules.PIN_LENGTHS:
        raise CannotSetPin(_("A PIN has 6 to 12 digits."), field="pin")
    if rules.is_trivial_pin(pin, known=f"{by.employee_number or ''} {by.phone}"):
        raise CannotSetPin(_("This PIN is too easy to guess."), field="pin")
    rows.change(by, expected=by.version, signing_pin=make_password(pin), signing_failures=0, signing_locked_until=None)
    records.write(by=by, now=now, word="org.person.pin_set", subject=by)


@transaction.atomic
def remove_pin(*, by: models.Person, now: datetime) -> None:
    """Remove one's own PIN; one signs with the password then."""
    rows.change(by, expected=by.version, signing_pin="")
    records.write(by=by, now=now, word="org.person.pin_removed", subject=by)


def check_signature(*, secret: str, by: models.Person, now: datetime) -> Proof:
    """Whether `secret` is the person's password or PIN; raises `CannotSign` if not, or after five wrong tries.

    Call it before the transaction of the action that signs, and hand that action the proof: a wrong try must stay
    counted when the action is refused and rolled back. (A durable block refuses to run inside another.)
    """
    with transaction.atomic(durable=True):
        person = models.Person.objects.select_for_update().get(pk=by.pk)
        way = _way(person, secret, now)
        if way:
            if person.signing_failures:
                models.Person.objects.filter(pk=by.pk).update(signing_failures=0, signing_locked_until=None)
            return Proof(person_id=by.pk, way=way, at=now)
        is_last = person.signing_failures + 1 >= TRIES
        models.Person.objects.filter(pk=by.pk).update(
            signing_failures=0 if is_last else F("signing_failures") + 1,
            signing_locked_until=now + LOCKED_FOR if is_last else None,
        )
        records.write(by=by, now=now, word="org.person.signature_refused", subject=by, note={"locked": is_last})
    if is_last:
        raise _locked(now + LOCKED_FOR)
    raise CannotSign(_("This is neither your password nor your PIN."), field="secret")


def _way(person: models.Person, secret: str, now: datetime) -> str:
    """`pin`, `password` or nothing; refuses while signing is locked."""
    if not person.is_active:
        raise CannotSign(_("This person may not sign in."))
    if person.signing_locked_until and person.signing_locked_until > now:
        raise _locked(person.signing_locked_until)
    if person.signing_pin and secret.isdecimal() and check_password(secret, person.signing_pin):
        return "pin"
    return "password" if person.check_password(secret) else ""


def _locked(until: datetime) -> CannotSign:
    sentence = _("Too many wrong tries. You can sign again from %(moment)s on.")
    return CannotSign(sentence % {"moment": f"{timezone.localtime(until):%H:%M}"}, field="secret")
