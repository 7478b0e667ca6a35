"""Outgoing servers beside mailboxes: through which the company's letters leave."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import outgoing, refusals, rows, vault
from yinuo.letters import models
from yinuo.org import models as org
from yinuo.records import actions as records

FIELDS = ("name", "host", "port", "way", "user", "sent_folder", "is_active")
State = models.Sender.State


class CannotSet(refusals.Refusal):
    """The outgoing server cannot be set up like this."""


@transaction.atomic
def set_sender(
    *, mailbox: models.Mailbox, password: str = "", by: org.Person, now: datetime, expected: int, **values: Any
) -> models.Sender:
    """Set up or change the outgoing server beside a mailbox (`expected` is 0 when there is none yet). Without a
    password the old one stays, as long as server and name do."""
    if not by.may("org.manage"):
        raise refusals.NotAllowed()
    _check(values)
    row = models.Sender.objects.filter(mailbox=mailbox).first()
    if row is None:
        if expected or (values["user"] and not password):
            raise CannotSet(_("Please give the password."), field="password")
        row = models.Sender.objects.create(mailbox=mailbox, secret=vault.seal(password), **values)
        told = rows.created(row, *FIELDS)
        records.write(by=by, now=now, word="letters.sender.added", subject=row, changes=told)
        return row
    elsewhere = {each.field for each in rows.differences(row, values)} & {"host", "user"}
    if elsewhere and values["user"] and not password:
        raise CannotSet(_("For another server or name please give the password anew."), field="password")
    state: dict[str, Any] = {"state": State.NEW, "error": "", "copy_error": ""}
    if password:
        state["secret"] = vault.seal(password)
    changes = [c for c in rows.change(row, expected=expected, **values, **state) if c.field in FIELDS]
    note = {"password": _("changed")} if password else {}
    records.write(by=by, now=now, word="letters.sender.changed", subject=row, changes=changes, note=note)
    return row


def _check(values: dict[str, Any]) -> None:
    if values["way"] not in models.Sender.Way.values:
        raise CannotSet(_("Please choose the encryption."), field="way")
    if not values["host"].strip() or any(char.isspace() or char == "/" for char in values["host"]):
        raise CannotSet(_("Please give the server's name, as smtp.example.com."), field="host")
    if not 0 < values["port"] < 65536:
        raise CannotSet(_("A port is a number from 1 to 65535; usual are 465 and 587."), field="port")
    try:
        outgoing.check_server(values["host"], values["port"])
    except outgoing.CannotAsk as refusal:
        raise CannotSet(str(refusal), field="host") from refusal


# What sending leaves behind -------------------------------------------------------------------------------------------


def well(*, sender: models.Sender, now: datetime) -> None:
    """It took a mail."""
    models.Sender.objects.filter(pk=sender.pk).update(state=State.WELL, well_at=now, error="")


def trouble(*, sender: models.Sender, words: str) -> None:
    """It could not be reached, or did not let us in: the page of mailboxes says why."""
    models.Sender.objects.filter(pk=sender.pk).update(state=State.TROUBLE, error=words[:1000])


def copy_trouble(*, sender: models.Sender, words: str) -> None:
    """No copy could be put into its folder (empty: one could)."""
    models.Sender.objects.filter(pk=sender.pk).update(copy_error=words[:1000])
