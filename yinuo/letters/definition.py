"""What one mail says, whatever program wrote it: pure data shapes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a mail is, as far as its own lines tell."""

    REQUEST = "request"
    REPLY = "reply"
    NOTICE = "notice"
    INVITATION = "invitation"
    ENCRYPTED = "encrypted"
    BOUNCE = "bounce"
    DELIVERY_REPORT = "delivery_report"
    READ_RECEIPT = "read_receipt"
    AUTO_REPLY = "auto_reply"
    LOOP = "loop"


class Fault(StrEnum):
    """What was wrong with a mail, or could not be read of it. Its sentence stands in `intake.sentences`."""

    NOT_A_MAIL = "not_a_mail"
    DAMAGED = "damaged"
    NO_SENDER = "no_sender"
    NO_DATE = "no_date"
    NO_WORDS = "no_words"
    BROKEN_PARTS = "broken_parts"
    UNCLOSED_PARTS = "unclosed_parts"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    TOO_LARGE = "too_large"
    TEXT_CUT = "text_cut"
    CHARSET_UNKNOWN = "charset_unknown"
    CHARSET_WRONG = "charset_wrong"
    CHARSET_GUESSED = "charset_guessed"
    CODING_BROKEN = "coding_broken"
    REMOTE_IMAGES = "remote_images"
    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    ELSEWHERE = "elsewhere"
    FRAGMENT = "fragment"
    TNEF_DAMAGED = "tnef_damaged"


@dataclass(frozen=True)
class Remark:
    """One fault, with the name it is about (a character set, a file)."""

    fault: Fault
    about: str = ""


@dataclass(frozen=True)
class Address:
    """Somebody's name and mail address; either may be empty."""

    name: str = ""
    address: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


@dataclass(frozen=True)
class File:
    """A file that came with a mail, byte for byte. `content_id` is set on pictures shown inside the text."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Original:
    """A mail that was forwarded: whose it was, when and about what; `text` are its words."""

    sender: Address
    said_at: datetime | None
    subject: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    text: str = ""
    is_attached: bool = False


@dataclass(frozen=True)
class Undelivered:
    """Whom a server says it could not reach, and why, in its own words."""

    address: str
    words: str = ""


@dataclass(frozen=True)
class Circle:
    """What we know of the world when we ask what a mail is: our own addresses, and domains of customers' systems."""

    own_addresses: frozenset[str] = frozenset()
    portal_domains: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Mail:
    """One mail. `text` is all it says, `own_text` without quoted history; `html` is clean and loads nothing.

    `originals` are the mails forwarded in it, outermost first; `nested` those attached whole. `received` tells which
    server took it when, the last one first.
    """

    kind: Kind
    sender: Address = Address()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    said_at: datetime | None = None
    received: tuple[tuple[str, datetime], ...] = ()
    text: str = ""
    own_text: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    originals: tuple[Original, ...] = ()
    nested: tuple["Mail", ...] = ()
    undelivered: tuple[Undelivered, ...] = ()
    remarks: tuple[Remark, ...] = field(default=())

    @property
    def is_forward(self) -> bool:
        return bool(self.originals)
