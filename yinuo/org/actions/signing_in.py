"""Signing in and out, where one is signed in, and one's own password."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals, rows, subjects
from yinuo.org import access, models
from yinuo.records import actions as records


class WrongPassword(refusals.Refusal):
    """The present password is not right."""


@transaction.atomic
def begin_presence(*, session_key: str, agent: str, address: str, by: models.Person, now: datetime) -> models.Presence:
    """Note that somebody has signed in: which session, with which browser, from which address."""
    presence, _is_new = models.Presence.objects.update_or_create(
        session_id=session_key,
        defaults={
            "person": by,
            "agent": agent[:300],
            "address": address[:45],
            "signed_in_at": now,
            "seen_at": now,
        },
    )
    records.write(by=by, now=now, word="org.person.signed_in", subject=by, note={"address": address})
    return presence


def note_seen(*, session_key: str, by: models.Person, now: datetime) -> None:
    """Note that a session is in use; too ordinary for the trail."""
    models.Presence.objects.filter(pk=session_key, person=by).update(seen_at=now)


@transaction.atomic
def note_failure(*, name: str, address: str, by: actors.Outsider, now: datetime) -> None:
    """Note that signing in failed.

    For unknown names too, and at the same cost, so that the answer's time does not tell whether a name exists. An
    unknown name is not written down: it may be a password typed into the wrong field.
    """
    person = models.Person.objects.filter(sign_in=name).first()
    subject = person or subjects.Ref(models.Person.subject_type, 0, "?")
    records.write(by=by, now=now, word="org.person.sign_in_failed", subject=subject, note={"address": address})


@transaction.atomic
def note_sign_out(*, by: models.Person, now: datetime) -> None:
    """Note that somebody has signed out."""
    records.write(by=by, now=now, word="org.person.signed_out", subject=by)


@transaction.atomic
def end_presences(
    *,
    person: models.Person,
    only: models.Presence | None = None,
    keep: str = "",
    by: access.Doer,
    now: datetime,
) -> int:
    """Sign a person out everywhere (but in the session with the key `keep`), or in one place (`only`).

    People do it for themselves, whoever manages their site for them. Returns how many sessions ended.
    """
    if by != person:
        access.demand_management_of(by, person)
    sessions = Session.objects.filter(presence__person=person).exclude(session_key=keep)
    if only is not None:
        sessions = sessions.filter(pk=only.pk)
    count = len(sessions)
    if count:
        sessions.delete()
        records.write(by=by, now=now, word="org.person.sessions_ended", subject=person, note={"sessions": count})
    return count


@transaction.atomic
def change_password(*, old: str, new: str, keep: str, by: models.Person, now: datetime) -> None:
    """Set one's own password, knowing the present one; every other session ends."""
    if not by.check_password(old):
        raise WrongPassword(_("The present password is not right."), field="old")
    rows.change(by, expected=by.version, password=make_password(new))
    records.write(by=by, now=now, word="org.person.password_set", subject=by)
    end_presences(person=by, keep=keep, by=by, now=now)
