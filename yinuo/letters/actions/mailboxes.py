"""Mailboxes that are looked at: who keeps them up, and how far each was read."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from yinuo.kit import jobs, refusals, rows, vault
from yinuo.letters import models, rules
from yinuo.org import models as org
from yinuo.records import actions as records

FIELDS = ("name", "address", "host", "port", "way", "user", "folder", "since_on", "site", "scope", "is_active")
State = models.Mailbox.State
LEASE = timedelta(minutes=10)  # whoever looks has it for so long; a worker that died lets go of it then


class CannotSet(refusals.Refusal):
    """The mailbox cannot be set up like this."""


def _require_admin(by: org.Person) -> None:
    if not by.may("org.manage"):
        raise refusals.NotAllowed()


def _check(values: dict[str, Any]) -> None:
    if values["way"] not in models.Mailbox.Way.values:
        raise CannotSet(_("Please choose the encryption."), field="way")
    if not values["host"].strip() or any(char.isspace() or char == "/" for char in values["host"]):
        raise CannotSet(_("Please give the server's name, as imap.example.com."), field="host")
    if not 0 < values["port"] < 65536:
        raise CannotSet(_("A port is a number from 1 to 65535; usual are 993 and 143."), field="port")


@transaction.atomic
def add(*, password: str, by: org.Person, now: datetime, **values: Any) -> models.Mailbox:
    """Set up a mailbox; it is looked at within a minute. `values` are `FIELDS`; the password is sealed."""
    _require_admin(by)
    _check(values)
    if not password:
        raise CannotSet(_("Please give the password."), field="password")
    mailbox = models.Mailbox.objects.create(**values, secret=vault.seal(password))
    told = rows.created(mailbox, *FIELDS)
    records.write(by=by, now=now, word="letters.mailbox.added", subject=mailbox, changes=told)
    jobs.soon("letters.read_mailboxes", within=5)
    return mailbox


@transaction.atomic
def change(
    *, mailbox: models.Mailbox, password: str = "", by: org.Person, now: datetime, expected: int, **values: Any
) -> models.Mailbox:
    """Change a mailbox; without a password the old one stays. Another server, name or folder is read from its start:
    what is on record already comes in once all the same."""
    _require_admin(by)
    _check(values)
    elsewhere = {each.field for each in rows.differences(mailbox, values)} & {"host", "user", "folder"}
    state: dict[str, Any] = {"next_at": now, "tries": 0}
    if elsewhere:
        state |= {"uid_validity": 0, "uid_last": 0}
        if not password:
            raise CannotSet(_("For another server, name or folder please give the password anew."), field="password")
    if password:
        state["secret"] = vault.seal(password)
    changes = [c for c in rows.change(mailbox, expected=expected, **values, **state) if c.field in FIELDS]
    note = {"password": _("changed")} if password else {}
    records.write(by=by, now=now, word="letters.mailbox.changed", subject=mailbox, changes=changes, note=note)
    jobs.soon("letters.read_mailboxes", within=5)
    return mailbox


@transaction.atomic
def look_now(*, mailbox: models.Mailbox, by: org.Person, now: datetime) -> None:
    """Look for mail within seconds, whenever it would have been its turn."""
    _require_admin(by)
    models.Mailbox.objects.filter(pk=mailbox.pk).update(next_at=now)
    records.write(by=by, now=now, word="letters.mailbox.asked", subject=mailbox)
    jobs.soon("letters.read_mailboxes", within=1)


# What reading leaves behind -------------------------------------------------------------------------------------------


def claim(*, mailbox: models.Mailbox, now: datetime) -> bool:
    """Take a mailbox for reading; false when another worker was faster."""
    free = models.Mailbox.objects.filter(pk=mailbox.pk, is_active=True, next_at=mailbox.next_at)
    return free.update(next_at=now + LEASE, looked_at=now) == 1


def read_up_to(*, mailbox: models.Mailbox, validity: int, number: int) -> None:
    """Note how far it was read, in the transaction in which the mail came in; never backwards."""
    row = models.Mailbox.objects.filter(pk=mailbox.pk)
    if mailbox.uid_validity != validity:
        row.update(uid_validity=validity, uid_last=number)
    else:
        row.filter(uid_validity=validity, uid_last__lt=number).update(uid_last=number)
    mailbox.uid_validity, mailbox.uid_last = validity, number


def well(*, mailbox: models.Mailbox, has_more: bool, now: datetime) -> None:
    """It was read; the next look is in a few minutes, at once when more waits."""
    next_at = now if has_more else now + rules.LOOK_EVERY
    row = models.Mailbox.objects.filter(pk=mailbox.pk)
    row.update(state=State.WELL, well_at=now, tries=0, error="", next_at=next_at)


def trouble(*, mailbox: models.Mailbox, words: str, now: datetime) -> None:
    """It could not be read; the page says why, and it is tried again, less and less often."""
    next_at = now + rules.try_again_after(mailbox.tries)
    row = models.Mailbox.objects.filter(pk=mailbox.pk)
    row.update(state=State.TROUBLE, error=words[:1000], tries=F("tries") + 1, next_at=next_at)


def usual_start(today: date) -> date:
    """From when mail of a new mailbox is read: what lies there for longer was answered long ago."""
    return today - timedelta(days=7)
