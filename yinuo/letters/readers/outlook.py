"""A message of Outlook's own kind as a mail."""

from datetime import datetime

from yinuo.letters.definition import Address, Circle, Fault, File, Kind, Mail, Remark
from yinuo.letters.readers import classifying, headers, html, mapi, quoting
from yinuo.letters.readers.parts import Part, split_lines

DEEPEST = 5


def mail_of(message: mapi.Message, circle: Circle, depth: int = 0) -> Mail:
    """What the message says. Lines of the mail it was made of, where it kept them, know best who said it and when."""
    said = message.properties
    top = Part(*split_lines(mapi.text_of(said, mapi.HEADERS).encode("utf-8", "replace")))
    line = dict(reversed(top.lines))
    text, raw = mapi.bodies(said)
    text = text if text.strip() or not raw else html.as_text(raw)
    files = [mapi.file_of(each, number) for number, each in enumerate(message.files, 1)]
    nested = [mail_of(each, circle, depth + 1) for each in message.nested[:50]] if depth < DEEPEST else []
    subject = mapi.text_of(said, mapi.SUBJECT) or headers.words(line.get("subject", b""))
    remarks = [Remark(Fault.REMOTE_IMAGES)] if html.loads_from_outside(raw) else []
    sender = next(iter(headers.addresses(line.get("from", b""))), None) or _sender(said)
    if not sender.address:
        remarks.append(Remark(Fault.NO_SENDER))
    said_at = headers.date(line.get("date", b"")) or _moment(said)
    if said_at is None:
        remarks.append(Remark(Fault.NO_DATE))
    kind = _kind(mapi.text_of(said, mapi.CLASS))
    return Mail(
        kind=kind or classifying.kind(top, headers.line(subject), sender, text, circle, ()),
        sender=sender,
        to=headers.addresses(line.get("to", b"")) or _people(message, 1),
        cc=headers.addresses(line.get("cc", b"")) or _people(message, 2),
        reply_to=headers.addresses(line.get("reply-to", b"")),
        subject=headers.line(subject)[:1000],
        message_id=_first(line.get("message-id", b""), said, mapi.MESSAGE_ID),
        in_reply_to=headers.ids(line.get("in-reply-to", b"") or mapi.text_of(said, mapi.IN_REPLY_TO).encode())[:20],
        references=headers.ids(line.get("references", b"") or mapi.text_of(said, mapi.REFERENCES).encode())[-100:],
        said_at=said_at,
        received=headers.hops(top.all("received")),
        text=_printable(text),
        own_text=quoting.own_words(_printable(text)),
        html=html.clean(raw) if raw else "",
        files=tuple(each for each in files if each is not None) + tuple(_as_file(each) for each in nested),
        nested=tuple(nested),
        remarks=tuple(remarks),
    )


def _printable(text: str) -> str:
    """Text without control characters and halves of characters."""
    kept = "".join(char for char in text[:1_000_000] if char >= " " or char in "\n\t")
    return kept.encode("utf-8", "replace").decode().strip("\n")


def _first(value: bytes, said: mapi.Properties, key: int) -> str:
    return next(iter(headers.ids(value or mapi.text_of(said, key).encode("utf-8", "replace"))), "")


def _sender(said: mapi.Properties) -> Address:
    """Who wrote it; Exchange names its own people by a path, which is no mail address."""
    for name, keys in (
        (mapi.AUTHOR_NAME, (mapi.AUTHOR_SMTP, mapi.AUTHOR_ADDRESS)),
        (mapi.SENDER_NAME, (mapi.SENDER_SMTP, mapi.SENDER_ADDRESS)),
    ):
        found = next((text for key in keys if "@" in (text := mapi.text_of(said, key))), "")
        if found:
            return Address(headers.line(mapi.text_of(said, name))[:200], headers.mailbox(found))
    return Address(headers.line(mapi.text_of(said, mapi.SENDER_NAME))[:200])


def _people(message: mapi.Message, kind: int) -> tuple[Address, ...]:
    found = []
    for each in message.recipients[: headers.MOST_ADDRESSES]:
        if (each.get(mapi.RECIPIENT_KIND) or 1) == kind:
            address = next((t for key in (mapi.SMTP, mapi.ADDRESS) if "@" in (t := mapi.text_of(each, key))), "")
            found.append(Address(headers.line(mapi.text_of(each, mapi.NAME))[:200], headers.mailbox(address)))
    return tuple(each for each in found if each.name or each.address)


def _moment(said: mapi.Properties) -> datetime | None:
    for key in (mapi.SENT_AT, mapi.DELIVERED_AT):
        ticks = said.get(key)
        if isinstance(ticks, int) and (found := mapi.moment(ticks)) is not None:
            return found
    return None


def _kind(message_class: str) -> Kind | None:
    """What Outlook's own class says; None for an ordinary mail."""
    it = message_class.upper()
    if it.startswith("REPORT."):
        if it.endswith(".NDR"):
            return Kind.BOUNCE
        return Kind.READ_RECEIPT if it.endswith((".IPNRN", ".IPNNRN")) else Kind.DELIVERY_REPORT
    if it.startswith(("IPM.SCHEDULE.MEETING", "IPM.APPOINTMENT")):
        return Kind.INVITATION
    if it.startswith("IPM.NOTE.RULES.OOFTEMPLATE"):
        return Kind.AUTO_REPLY
    if it.startswith("IPM.NOTE.SMIME") and "MULTIPARTSIGNED" not in it:
        return Kind.ENCRYPTED
    return None


def _as_file(mail: Mail) -> File:
    """An attached message of Outlook has no bytes of its own that others could read: its words are kept as text."""
    head = f"{mail.sender}\n{mail.said_at or ''}\n{mail.subject}\n\n"
    return File(headers.file_name(f"{mail.subject[:80] or 'message'}.txt"), "text/plain", (head + mail.text).encode())
