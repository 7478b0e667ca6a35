"""The bytes of one message, from whatever program, as what it says. Never raises; what could not be read is remarked.

`read` is the door of this shelf. Outlook's own files (.msg) are known by their first bytes, all else is read as a mail
of the internet standards, as far as it is one.
"""

import re
from dataclasses import replace
from datetime import datetime, timezone

from yinuo.letters.definition import Address, Circle, Fault, File, Kind, Mail, Original, Remark, Undelivered
from yinuo.letters.readers import bounces, classifying, headers, html, mapi, msg, outlook, quoting, tnef
from yinuo.letters.readers.parts import LARGEST, Part, Splitter, prepared

MOST_NESTED = 5
LONGEST_TEXT = 1_000_000
NOBODY = Circle()
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
ENDINGS = {"text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "message/rfc822": ".eml",
           "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf",
           "application/pkcs7-mime": ".p7m", "application/pkcs7-signature": ".p7s"}  # fmt: skip


def read(content: bytes, circle: Circle = NOBODY) -> Mail:
    """What the message says. `circle` is whom we know of, for telling a portal's notice from an absence."""
    return _read(content, circle, 0)


def _read(content: bytes, circle: Circle, depth: int) -> Mail:
    if msg.is_msg(content):
        try:
            return _with_originals(outlook.mail_of(msg.read(content), circle))
        except msg.NotReadable:
            return Mail(kind=Kind.REQUEST, remarks=(Remark(Fault.NOT_A_MAIL),))
    try:
        return _Reader(circle, depth).read(content)
    except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError, MemoryError) as error:
        return Mail(kind=Kind.REQUEST, remarks=(Remark(Fault.DAMAGED, type(error).__name__),))


def _with_originals(mail: Mail) -> Mail:
    """The mail with the mails that were passed on in it, in its words or attached."""
    if mail.kind is Kind.BOUNCE:
        return mail
    zone = mail.said_at.tzinfo if mail.said_at else None
    found = quoting.originals(mail.subject, mail.text, zone if isinstance(zone, timezone) else None)
    return replace(mail, originals=found or _attached(mail))


def _as_original(mail: Mail) -> Original:
    return Original(
        sender=mail.sender, said_at=mail.said_at, subject=mail.subject, to=mail.to, cc=mail.cc, text=mail.text,
        is_attached=True,
    )  # fmt: skip


def _attached(mail: Mail) -> tuple[Original, ...]:
    """An attached mail is what it is about when the subject says so, or when hardly anything else is said."""
    if mail.nested and (quoting.is_forwarded(mail.subject) or len(mail.own_text) < 200):
        return tuple(_as_original(each) for each in mail.nested if each.sender.address)
    return ()


class _Reader:
    """Reads one mail of the internet standards."""

    def __init__(self, circle: Circle, depth: int) -> None:
        self.circle = circle
        self.depth = depth
        self.splitter = Splitter()
        self.texts: list[str] = []
        self.htmls: list[str] = []
        self.files: list[File] = []
        self.nested: list[Mail] = []
        self.actions: list[str] = []
        self.undelivered: list[Undelivered] = []

    def read(self, content: bytes) -> Mail:
        if len(content) > LARGEST:
            self.splitter.remark(Fault.TOO_LARGE)
            content = content[:LARGEST]
        top = self.splitter.part(prepared(content))
        self._take(top)
        subject = headers.words(top.line("subject"))[:1000]
        sender = next(iter(self._people(top, "from", "sender", "resent-from")), None)
        text, shown = self._words()
        said_at = headers.date(top.line("date"))
        self._remark(top, said_at, text, has_sender=sender is not None)
        from_whom = sender or Address()
        mail = Mail(
            kind=classifying.kind(top, subject, from_whom, text, self.circle, self.actions),
            sender=from_whom,
            to=self._people(top, "to"),
            cc=self._people(top, "cc"),
            reply_to=self._people(top, "reply-to"),
            subject=subject,
            message_id=next(iter(headers.ids(top.line("message-id"))), ""),
            in_reply_to=headers.ids(top.line("in-reply-to"))[:20],
            references=headers.ids(top.line("references"))[-100:],
            said_at=said_at,
            received=headers.hops(top.all("received")),
            text=text,
            own_text=quoting.own_words(text),
            html=shown,
            files=tuple(self.files),
            nested=tuple(self.nested),
            undelivered=tuple(self.undelivered),
        )
        return replace(_with_originals(mail), remarks=tuple(self.splitter.remarks))

    def _people(self, top: Part, *names: str) -> tuple[Address, ...]:
        for name in names:
            found = tuple(each for value in top.all(name)[:20] for each in headers.addresses(value))
            if found:
                return found[: headers.MOST_ADDRESSES]
        return ()

    def _remark(self, top: Part, said_at: datetime | None, text: str, *, has_sender: bool) -> None:
        remark = self.splitter.remark
        if not top.lines:
            remark(Fault.NOT_A_MAIL)
        elif not has_sender:
            remark(Fault.NO_SENDER)
        if said_at is None:
            remark(Fault.NO_DATE)
        if not text and not self.files:
            remark(Fault.NO_WORDS)
        if classifying.is_encrypted(top, text):
            remark(Fault.ENCRYPTED)
        elif classifying.is_signed(top):
            remark(Fault.SIGNED)

    # The parts ----------------------------------------------------------------------------------------------------

    def _take(self, part: Part) -> None:
        """Take one part in: words, a file, an attached mail, or the parts inside it."""
        kind = part.media_type
        if part.parts:
            self._take_parts(part)
        elif kind == "message/rfc822" or kind == "message/global":
            self._take_nested(part)
        elif kind in ("message/delivery-status", "message/global-delivery-status"):
            self._take_status(part)
        elif kind == "message/external-body":
            self.splitter.remark(Fault.ELSEWHERE, part.file_name)
        elif kind in TNEF_TYPES or part.file_name.lower() == "winmail.dat":
            self._take_tnef(part)
        elif kind in ("text/plain", "text/html", "text/enriched") and not part.is_attachment:
            self._take_words(part)
        else:
            if kind == "message/partial":
                self.splitter.remark(Fault.FRAGMENT)
            if kind == "text/rfc822-headers" and len(self.nested) < 50:  # all that a server gives back of a mail
                self.nested.append(_read(self.splitter.content(part) + b"\r\n\r\n", self.circle, MOST_NESTED))
            self._take_file(part)

    def _take_parts(self, part: Part) -> None:
        """Of alternatives the words are taken as plain and as HTML; everything else comes in its order."""
        if part.media_type != "multipart/alternative":
            for each in part.parts:
                self._take(each)
            return
        before = len(self.texts), len(self.htmls)
        for each in part.parts:
            self._take(each)
        if len(self.texts) > before[0] and len(self.htmls) > before[1]:
            said = "\n".join(self.texts[before[0] :]).strip()
            if not said:  # programs that fill the plain alternative with nothing
                del self.texts[before[0] :]
                self.texts.append(html.as_text("\n".join(self.htmls[before[1] :])))

    def _take_words(self, part: Part) -> None:
        content = self.splitter.content(part)
        if len(content) > 4 * LONGEST_TEXT:
            self.splitter.remark(Fault.TEXT_CUT)
            content = content[: 4 * LONGEST_TEXT]
        if part.media_type == "text/html":
            declared = part.parameters.get("charset", "")
            said = self.splitter.text(part, content, declared or html.charset(content))
            self.htmls.append(said)
            return
        said = self.splitter.text(part, content)
        if part.parameters.get("format", "").lower() == "flowed":
            said = _unflowed(said, delete_space=part.parameters.get("delsp", "").lower() == "yes")
        if part.media_type == "text/enriched":
            said = re.sub(r"<[^<>]{0,200}>", "", said)
        self.texts.append(said)

    def _take_file(self, part: Part) -> None:
        name = part.file_name or self._name(part.media_type)
        content = self.splitter.content(part)
        content_id = headers.line(part.line("content-id").decode("latin-1")).strip("<> ")[:200]
        self.files.append(File(name, part.media_type[:100], content, content_id))

    def _name(self, media_type: str) -> str:
        """A name for a file that came without one."""
        return f"{len(self.files) + 1}{ENDINGS.get(media_type, '.bin')}"

    def _take_nested(self, part: Part) -> None:
        content = self.splitter.content(part)
        if self.depth >= MOST_NESTED or len(self.nested) >= 50:
            self.splitter.remark(Fault.TOO_DEEP)
        else:
            self.nested.append(_read(content, self.circle, self.depth + 1))
        name = part.file_name
        if not name:
            subject = self.nested[-1].subject if self.nested else ""
            name = headers.file_name(f"{subject[:80]}.eml") if subject else self._name("message/rfc822")
        self.files.append(File(name, "message/rfc822", content))

    def _take_status(self, part: Part) -> None:
        said = self.splitter.text(part, self.splitter.content(part)[:100_000])
        self.actions += [each.lower() for each in re.findall(r"^action:\s*(\w+)", said, re.IGNORECASE | re.MULTILINE)]
        self.undelivered += bounces.undelivered(said)
        self.texts.append(said)

    def _take_tnef(self, part: Part) -> None:
        content = self.splitter.content(part)
        message, is_whole = tnef.read(content)
        if not is_whole:
            self.splitter.remark(Fault.TNEF_DAMAGED, part.file_name)
            self._take_file(part)
        text, shown = mapi.bodies(message.properties)
        if shown and not self.htmls:
            self.htmls.append(shown)
        if text and not any(each.strip() for each in self.texts):
            self.texts.append(text)
        for number, each in enumerate(message.files, 1):
            file = mapi.file_of(each, number)
            if file is not None:
                self.files.append(file)
        if self.depth < MOST_NESTED:
            self.nested += [outlook.mail_of(each, self.circle) for each in message.nested[:50]]

    def _words(self) -> tuple[str, str]:
        """All plain words, and the HTML as it may be shown."""
        raw = "\n".join(self.htmls)
        if html.loads_from_outside(raw):
            self.splitter.remark(Fault.REMOTE_IMAGES)
        text = "\n".join(each for each in self.texts if each.strip()).strip("\n")
        if not text.strip() and raw:
            text = html.as_text(raw)
        if len(text) > LONGEST_TEXT or len(raw) > html.LONGEST:
            self.splitter.remark(Fault.TEXT_CUT)
        text = "".join(char for char in text[:LONGEST_TEXT] if char >= " " or char in "\n\t")
        return text.encode("utf-8", "replace").decode(), html.clean(raw) if raw else ""


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Lines that end in a space go on in the next one (RFC 3676); the mark of a signature does not."""
    found: list[str] = []
    is_open = False
    for line in text.split("\n"):
        said = line[1:] if line.startswith(" ") else line
        if is_open and not said.startswith(">"):
            found[-1] += said
        else:
            found.append(said)
        is_open = said.endswith(" ") and said != "-- "
        if is_open and delete_space:
            found[-1] = found[-1][:-1]
    return "\n".join(found)
