"""Pure decisions about talks and mails: what counts as spoken, what may follow what; whose mail it is, since when."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yinuo.letters.definition import Address, Kind, Mail

SPOKEN = frozenset({"phone", "visit", "in_person"})
AWAITS_ANSWER = frozenset({"clarification", "alternative", "feedback"})
CONFIRM_WITHIN_WORKING_DAYS = 3


def is_spoken(way: str) -> bool:
    """Whether words said this way leave nothing in writing, so that the customer should confirm them."""
    return way in SPOKEN


def may_change(state: str) -> bool:
    """Only a draft may still be rewritten; what was released is what goes out."""
    return state == "draft"


def may_release(state: str, text: str) -> bool:
    return state == "draft" and bool(text.strip())


def may_send(state: str) -> bool:
    return state == "released"


def may_withdraw(state: str) -> bool:
    """A letter that did not leave the house yet."""
    return state in ("draft", "released")


def is_waiting_after(purpose: str, direction: str) -> bool:
    """Whether the customer is to answer after this letter went."""
    return direction == "out" and purpose in AWAITS_ANSWER


# Mail ----------------------------------------------------------------------------------------------------------------

PUBLIC_DOMAINS = frozenset(
    {"qq.com", "vip.qq.com", "foxmail.com", "163.com", "vip.163.com", "126.com", "yeah.net", "sina.com", "sina.cn",
     "sohu.com", "139.com", "189.cn", "aliyun.com", "21cn.com", "gmail.com", "outlook.com", "hotmail.com", "live.com",
     "live.cn", "msn.com", "yahoo.com", "icloud.com", "me.com", "gmx.de", "web.de", "t-online.de"}
)  # fmt: skip
KEPT_KINDS = frozenset({Kind.BOUNCE, Kind.DELIVERY_REPORT, Kind.READ_RECEIPT, Kind.AUTO_REPLY, Kind.LOOP})
TOKEN = re.compile(r"(?<![A-Z0-9])YN\s?[-‐-―]\s?(\d{1,12})\s?[-‐-―]\s?([0-9a-f]{8})(?![A-Z0-9])", re.IGNORECASE)


@dataclass(frozen=True)
class Ours:
    """By which addresses and domains our own people and servers are known."""

    addresses: frozenset[str]
    domains: frozenset[str]

    def wrote(self, address: Address) -> bool:
        """Whether one of our own people wrote from this address."""
        return address.address.lower() in self.addresses or is_within(address.domain, self.domains)


def is_within(domain: str, domains: Collection[str]) -> bool:
    """Whether a domain is one of these, or lies below one."""
    pieces = domain.lower().split(".")
    return any(".".join(pieces[index:]) in domains for index in range(len(pieces) - 1))


def own_domains(addresses: Iterable[str]) -> frozenset[str]:
    """The company's domains by the addresses of its people; those of public mail services say nothing."""
    found = {each.rpartition("@")[2].lower() for each in addresses if "@" in each}
    return frozenset(found - PUBLIC_DOMAINS)


@dataclass(frozen=True)
class Said:
    """Whose mail it is and from when; who of ours passed it on, and when."""

    sender: Address
    said_at: datetime | None
    passed_on_by: Address | None = None
    passed_on_at: datetime | None = None


def said_by(mail: Mail, ours: Ours) -> Said:
    """Whose mail it is: what our own people pass on is its first outside writer's, of its own day."""
    if mail.originals and ours.wrote(mail.sender):
        for original in mail.originals:
            if not ours.wrote(original.sender):
                return Said(original.sender, original.said_at or mail.said_at, mail.sender, mail.said_at)
    return Said(mail.sender, mail.said_at)


def notified_at(mail: Mail, said: Said, ours: Ours, arrived_at: datetime | None, now: datetime) -> datetime:
    """When the company was notified: the day the first of its own servers, or of its people, had it; never later
    than now."""
    if said.passed_on_by is not None and said.said_at is not None:
        return min(said.said_at, now)
    own = [at for by, at in mail.received if is_within(by, ours.domains)]
    at = own[-1] if own else (mail.received[0][1] if mail.received else arrived_at or mail.said_at or now)
    return min(at, now)


def is_kept(kind: Kind) -> bool:
    """Whether a mail is nobody's request, whatever it says: a machine's word about another mail."""
    return kind in KEPT_KINDS


def key_of(mail: Mail, content: bytes) -> str:
    """The same for the same mail, by whichever mailbox or hand it came: its number and what it says, else its bytes."""
    if not mail.message_id:
        return hashlib.sha256(content).hexdigest()
    said = [mail.message_id, mail.sender.address, mail.subject, "".join(mail.text.split())]
    files = [hashlib.sha256(file.content).hexdigest() for file in mail.files]
    return hashlib.sha256("\n".join([*said, *files]).encode()).hexdigest()


def tokens_in(text: str) -> list[tuple[int, str]]:
    """The talks that a subject (or a text, or a mail's number) names, each with its proof, as far as programs on the
    way left it: in other brackets, in full width, broken over lines."""
    found = TOKEN.findall(unicodedata.normalize("NFKC", text))
    return list(dict.fromkeys((int(number), proof.lower()) for number, proof in found))


# Mailboxes -----------------------------------------------------------------------------------------------------------

LOOK_EVERY = timedelta(minutes=2)
BACK_OFF = [timedelta(minutes=m) for m in (1, 2, 5, 15, 30, 60)]


def try_again_after(tries: int) -> timedelta:
    """How long a mailbox is left alone that could not be read so many times in a row."""
    return BACK_OFF[min(tries, len(BACK_OFF) - 1)]


# Mails that we send ---------------------------------------------------------------------------------------------------

UNDO = timedelta(seconds=10)  # what is taken back within this time never leaves
SENDING_LEASE = timedelta(seconds=90)  # longer than a job may run: after it, whoever was sending is dead
RETRIES = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720)]
COPY_RETRIES = [timedelta(minutes=m) for m in (2, 15, 60, 360)]
MOST_BYTES = 20 * 1024 * 1024  # of enclosed files: what customers' servers still take
MOST_RECIPIENTS = 50


def next_try(now: datetime, attempts: int, pauses: list[timedelta] = RETRIES) -> datetime | None:
    """When to try again after the n-th failed try; None: not any more by itself."""
    return now + pauses[attempts - 1] if 0 < attempts <= len(pauses) else None


def heading_with(heading: str, token: str) -> str:
    """The subject line of a mail, on one line, with the talk's token at its end, whatever its length."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in heading.replace(token, "")).split())
    return f"{plain[: 180 - len(token)]} {token}".strip()


def bounced_among(addresses: Iterable[str], reported: Iterable[tuple[str, str]], text: str) -> dict[str, str]:
    """Which of these addresses a mail of a server says it could not reach, and its words: as it reports in its own
    lines, else the addresses that its text names."""
    wanted = {each.lower(): each for each in addresses}
    found = {wanted[who.lower()]: why for who, why in reported if who.lower() in wanted}
    if found:
        return found
    said = text.lower()
    words = " ".join(text.split())[:400]
    return {real: words for low, real in wanted.items() if low in said}
