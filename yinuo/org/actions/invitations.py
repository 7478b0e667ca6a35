"""Links with which people set their own password: nobody else ever knows one."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import access, models, rules
from yinuo.org.actions import signing_in
from yinuo.records import actions as records

VALID_FOR = timedelta(days=7)


class CannotInvite(refusals.Refusal):
    """This person cannot be invited."""


class LinkSpent(refusals.Refusal):
    """This link is no longer valid. Ask your administrator for a new one."""

    status = 404


@transaction.atomic
def invite(*, person: models.Person, by: access.Doer, now: datetime) -> str:
    """A link's token with which the person sets a password, for a new colleague or one who forgot it.

    Links made before are revoked. The token is returned once and never stored.
    """
    access.demand_management_of(by, person)
    if not person.is_active:
        raise CannotInvite(_("This person may not sign in."))
    person.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    models.Invitation.objects.create(
        person=person, token_digest=rules.token_digest(token), made_at=now, expires_at=now + VALID_FOR
    )
    records.write(by=by, now=now, word="org.person.invited", subject=person, note={"expires_at": now + VALID_FOR})
    return token


@transaction.atomic
def revoke_invitations(*, person: models.Person, by: access.Doer, now: datetime) -> None:
    """Make the person's unused links worthless."""
    access.demand_management_of(by, person)
    if person.invitations.filter(used_at=None, revoked_at=None).update(revoked_at=now):
        records.write(by=by, now=now, word="org.person.invitation_revoked", subject=person)


@transaction.atomic
def accept_invitation(*, token: str, password: str, by: models.Person, now: datetime) -> None:
    """Set one's password by a link; the link is spent, and whoever was signed in as this person is signed out."""
    spent = models.Invitation.objects.filter(
        person=by, token_digest=rules.token_digest(token), used_at=None, revoked_at=None, expires_at__gt=now
    ).update(used_at=now)
    if spent != 1 or not by.is_active:
        raise LinkSpent(_("This link is no longer valid. Ask your administrator for a new one."))
    rows.change(by, expected=by.version, password=make_password(password))
    records.write(by=by, now=now, word="org.person.password_set", subject=by)
    signing_in.end_presences(person=by, by=by, now=now)
