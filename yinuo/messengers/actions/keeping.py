"""Keeping the list of groups and programs that are told."""

from datetime import datetime, time
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import outgoing, refusals, rows, vault
from yinuo.messengers import definition, models, queries
from yinuo.messengers.channels import webhook
from yinuo.org import models as org
from yinuo.records import actions as records


class CannotKeep(refusals.Refusal):
    """This receiver cannot be kept so."""


class Facts(TypedDict, total=False):
    """What is kept of a receiver beside kind, address and secret."""

    name: str
    language: str
    department: org.Department | None
    tells: str
    digest_at: time | None
    with_confidential: bool


FIELDS = ("name", "language", "department", "tells", "digest_at", "with_confidential")
SECRETLESS = {definition.Kind.WECOM}  # its robots know no signature


@transaction.atomic
def add(
    *, kind: str, address: str, secret: str, by: org.Person, now: datetime, **facts: Unpack[Facts]
) -> models.Receiver:
    """Put a group or program on the list. A webhook without a secret gets a new one (`show_secret`)."""
    _demand(by)
    if kind == definition.Kind.WEBHOOK and not secret:
        secret = webhook.new_secret()
    _check(kind, address, secret, facts, None)
    receiver = models.Receiver(kind=kind, **facts, **_sealed(address, secret))
    receiver.save(force_insert=True)
    changes = rows.created(receiver, "kind", "address_hint", *FIELDS)
    records.write(by=by, now=now, word="messengers.receiver.added", subject=receiver, changes=changes)
    return receiver


@transaction.atomic
def change(
    *,
    receiver: models.Receiver,
    address: str,
    secret: str,
    by: org.Person,
    now: datetime,
    expected: int,
    **facts: Unpack[Facts],
) -> None:
    """Change what is kept of a receiver; an empty address or secret leaves the one that is sealed."""
    _demand(by)
    _check(receiver.kind, address, secret, facts, receiver)
    sealed: dict[str, Any] = _sealed(address, secret) if address else {}
    if not address and secret:
        sealed = {"secret_sealed": vault.seal(secret)}
    elif address and not secret:
        sealed.pop("secret_sealed")
    changes = rows.change(receiver, expected=expected, **facts, **sealed)
    note = {"address": bool(address), "signature": bool(secret)}
    told = [each for each in changes if not each.field.endswith("_sealed")]
    records.write(by=by, now=now, word="messengers.receiver.changed", subject=receiver, changes=told, note=note)


@transaction.atomic
def switch(*, receiver: models.Receiver, is_on: bool, by: org.Person, now: datetime, expected: int) -> None:
    """Stop telling a receiver, or begin again. What waits stays and leaves when it is in use again."""
    _demand(by)
    changes = rows.change(receiver, expected=expected, is_on=is_on)
    records.write(by=by, now=now, word="messengers.receiver.switched", subject=receiver, changes=changes)


def _demand(by: org.Person) -> None:
    if not queries.may_manage(by):
        raise refusals.NotAllowed()


def _check(kind: str, address: str, secret: str, facts: Facts, before: models.Receiver | None) -> None:
    if kind not in models.Receiver.Kind.values:
        raise CannotKeep(_("Please choose what kind of receiver it is."), field="kind")
    if not facts.get("name", "").strip():
        raise CannotKeep(_("Please give it a name."), field="name")
    same = models.Receiver.objects.filter(name=facts["name"])
    if same.exists() and (before is None or facts["name"] != before.name):
        raise CannotKeep(_("There is a receiver of this name already."), field="name")
    if address or before is None:
        outgoing.check(address)
    if secret and kind in SECRETLESS:
        raise CannotKeep(_("WeCom's robots know no signature; please leave this empty."), field="secret")
    if secret and kind == definition.Kind.WEBHOOK and not webhook.is_secret(secret):
        raise CannotKeep(
            _("A webhook's secret begins with whsec_, followed by 24 to 64 bytes in base64."), field="secret"
        )


def _sealed(address: str, secret: str) -> dict[str, Any]:
    """Address and secret as they are kept; of the address host and last letters stay readable."""
    return {
        "address_sealed": vault.seal(address),
        "address_hint": f"{urlsplit(address).hostname} …{address[-4:]}"[:200],
        "secret_sealed": vault.seal(secret),
    }


@transaction.atomic
def show_secret(*, receiver: models.Receiver, by: org.Person, now: datetime) -> str:
    """A webhook's secret, for whoever sets up the other system; that it was shown is told."""
    _demand(by)
    if not receiver.is_webhook:
        raise refusals.NotAllowed()
    records.write(by=by, now=now, word="messengers.receiver.secret_shown", subject=receiver)
    try:
        return vault.unseal(receiver.secret_sealed)
    except vault.Unreadable as error:
        raise CannotKeep(_("The secret cannot be read any more; please enter a new one.")) from error
