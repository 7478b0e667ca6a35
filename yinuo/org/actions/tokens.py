"""Tokens with which programs act as people: made by oneself, ended by oneself or by whoever manages the person."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals
from yinuo.org import access, models, rules
from yinuo.records import actions as records

MOST = 20  # that open something at a time
PREFIX = "yinuo_"  # so that a token found in a text is known for what it is
MOST_A_MINUTE = 600
AT_ONCE = 10  # calls given out to a web process together, so that only one call in ten writes to the database
NOTED_EVERY = timedelta(minutes=5)  # so that calls do not write to the database each time


class CannotMakeToken(refusals.Refusal):
    """The token cannot be made like this."""


@transaction.atomic
def make_token(*, name: str, may_write: bool, days: int, by: models.Person, now: datetime) -> str:
    """A new token of one's own. It is returned once and never stored."""
    if not by.is_active:
        raise refusals.NotAllowed()
    if not name.strip():
        raise CannotMakeToken(_("Please say what the token is for."), field="name")
    if not 1 <= days <= models.Token.LONGEST_DAYS:
        raise CannotMakeToken(_("A token holds for one day to a year."), field="days")
    if by.tokens.filter(revoked_at=None, expires_at__gt=now).count() >= MOST:
        raise CannotMakeToken(_("You have %(n)s tokens. End one that is no longer used first.") % {"n": MOST})
    token = PREFIX + secrets.token_urlsafe(32)
    row = models.Token.objects.create(
        person=by, name=name.strip(), digest=rules.token_digest(token), may_write=may_write, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    note = {"token": row.name, "may_write": may_write, "expires_at": row.expires_at}
    records.write(by=by, now=now, word="org.person.token_made", subject=by, note=note)
    return token


@transaction.atomic
def end_token(*, token: models.Token, by: access.Doer, now: datetime) -> None:
    """Make a token worthless, at once."""
    if by != token.person:
        access.demand_management_of(by, token.person)
    if models.Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        note = {"token": token.name}
        records.write(by=by, now=now, word="org.person.token_ended", subject=token.person, note=note)


@transaction.atomic
def note_used(*, token: models.Token, by: models.Person, now: datetime) -> None:
    """Note when a token was used last, every few minutes."""
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        models.Token.objects.filter(pk=token.pk).update(used_at=now)


def give_out_calls(*, token: models.Token, by: models.Person, now: datetime) -> int:
    """Give some more calls of this minute to a web process; 0 when all are given out.

    Counted in the database, guarded there, so the limit holds over all web processes together.
    """
    minute = int(now.timestamp()) // 60
    row = models.Token.objects.filter(pk=token.pk, person=by)
    # A process whose clock is behind counts in the minute of the others.
    same = row.filter(counted_minute__gte=minute, counted__lte=MOST_A_MINUTE - AT_ONCE)
    if same.update(counted=F("counted") + AT_ONCE):
        return AT_ONCE
    if row.filter(counted_minute__lt=minute).update(counted_minute=minute, counted=AT_ONCE):
        return AT_ONCE
    return AT_ONCE if same.update(counted=F("counted") + AT_ONCE) else 0  # another one has just begun the minute
