"""The bytes of one mail → whose it is, since when we know, what becomes of it → on record."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors
from yinuo.letters import models, queries, rules
from yinuo.letters.actions import mails
from yinuo.letters.definition import Address, Fault, Mail, Remark
from yinuo.letters.readers import headers, mail
from yinuo.letters.readers.msg import is_msg
from yinuo.letters.readers.parts import LARGEST
from yinuo.records.rules import storable

NOISE = (".p7s", ".asc")  # signatures: nothing that anybody opens


def receive(
    content: bytes,
    *,
    name: str = "",
    arrived_at: datetime | None = None,
    mailbox: models.Mailbox | None = None,
    is_cut: bool = False,
    by: actors.Actor,
    now: datetime,
) -> tuple[models.Mail, bool]:
    """Take one mail in; returns it, and whether it is new. What a mailbox brings belongs where the mailbox does,
    unless its customer says otherwise.

    Raises `mails.CannotTakeIn` for a file of somebody's that is no mail.
    """
    mails.require_bringer(by)
    if len(content) > LARGEST and mailbox is None:
        raise mails.CannotTakeIn(_("The mail is larger than 50 MB. Please report what it says, with the files in it."))
    read = mail.read(content, queries.circle())
    if mailbox is None and _is_nothing(read):
        raise mails.CannotTakeIn(_("This is no mail. Please save the mail as .eml or .msg and add that file."))
    if is_cut:
        read = replace(read, remarks=(*read.remarks, Remark(Fault.TOO_LARGE)))
    ours = queries.ours()
    said = rules.said_by(read, ours)
    columns = _columns(read, said, content) | {
        "notified_at": rules.notified_at(read, said, ours, arrived_at, now),
        "said_at": min(said.said_at, now) if said.said_at else None,
        **_of_customer(said.sender),
    }
    if mailbox is not None:
        columns |= {"mailbox": mailbox, "site_id": columns["site_id"] or mailbox.site_id}
        columns |= {"scope_id": columns["scope_id"] or mailbox.scope_id}
    came = mails.Came(
        columns=columns,
        original=content,
        original_name=_name(read, name, content),
        files=[(file.name, file.content) for file in _files(read) if not file.name.lower().endswith(NOISE)],
        answers=[*read.in_reply_to, *reversed(read.references)],
        contact=queries.contact_of(said.sender.address, columns["customer"]),
        about=[*read.in_reply_to, *reversed(read.references), *(each.message_id for each in read.nested)],
        reported=[(each.address, each.words) for each in read.undelivered],
    )
    return mails.take_in(came=came, by=by, now=now)


def _is_nothing(read: Mail) -> bool:
    faults = {remark.fault for remark in read.remarks}
    return bool(faults & {Fault.NOT_A_MAIL, Fault.DAMAGED}) or not (read.sender.address or read.sender.name)


def _of_customer(sender: Address) -> dict[str, Any]:
    """The customer whose address it is, and what comes with it: its site, and its confidence."""
    customer = queries.customer_of(sender.address)
    return {
        "customer": customer,
        "site_id": customer.site_id if customer else None,
        "scope_id": customer.scope_id if customer else None,
    }


def _columns(read: Mail, said: rules.Said, content: bytes) -> dict[str, Any]:
    kind = models.MailKind(read.kind.value)
    kept = rules.is_kept(read.kind)
    people = [*read.to, *read.cc]
    return {
        "key": rules.key_of(read, content),
        "header_id": storable(read.message_id)[:250],
        "kind": kind,
        "outcome": models.Mail.Outcome.KEPT if kept else models.Mail.Outcome.SORTING,
        "sender": storable(str(said.sender))[:500],
        "address": storable(said.sender.address)[:254],
        "recipients": storable("; ".join(map(str, people[:100]))),
        "heading": storable(_heading(read, said))[:500],
        "text": storable(read.text),
        "own_text": storable(_own_words(read, said)),
        "html": storable(read.html),
        "remarks": [{"fault": each.fault.value, "about": storable(each.about)} for each in read.remarks],
        "passed_on_by": storable(str(said.passed_on_by or ""))[:500],
        "passed_on_at": said.passed_on_at,
    }


def _heading(read: Mail, said: rules.Said) -> str:
    """What it is about; of a mail passed on, as its writer called it."""
    if said.passed_on_by is None:
        return read.subject
    return next((each.subject for each in read.originals if each.sender == said.sender), "") or read.subject


def _own_words(read: Mail, said: rules.Said) -> str:
    """What its writer said; before it what whoever passed it on added."""
    if said.passed_on_by is None:
        return read.own_text or read.text
    words = next((each.text for each in read.originals if each.sender == said.sender), "")
    return "\n\n".join(filter(None, [read.own_text.strip(), words.strip()])) or read.text


def _files(read: Mail) -> Iterable[Any]:
    """Its files, and those of mails that were passed on whole."""
    yield from read.files
    if any(each.is_attached for each in read.originals):
        for nested in read.nested:
            yield from nested.files


def _name(read: Mail, name: str, content: bytes) -> str:
    ending = ".msg" if is_msg(content) else ".eml"
    name = headers.file_name(name)
    if name.lower().endswith(ending):
        return name
    return f"{headers.file_name(read.subject[:80]) or 'mail'}{ending}"
