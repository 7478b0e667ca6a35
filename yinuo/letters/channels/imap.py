"""One folder of a mailbox, read by IMAP. Opened for reading only: no mail is deleted, moved or marked as seen. Into
another folder a copy of what was sent may be put.

A server may be slow, down, or tell nonsense: every step has its time, every answer is checked, and whatever goes wrong
ends in `Away` with words for people.
"""

import imaplib
import re
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

TIMEOUT = 20.0  # seconds for each step of the talk
LARGEST = 50 * 1024 * 1024
BEGINNING = 1024 * 1024  # bytes that are read of a mail too large to be read whole
MOST_NUMBERS = 100_000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Away(Exception):
    """The mailbox cannot be read now; `words` are the server's or the system's."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words[:900]


class NotLetIn(Away):
    """The server does not accept the sign-in."""


@dataclass(frozen=True)
class Server:
    """Where the mailbox is: plain (`imap`), STARTTLS (`imap+tls`) or TLS from the start (`imaps`)."""

    way: str
    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"


@dataclass(frozen=True)
class Came:
    """One mail as the server keeps it, byte for byte; `is_cut`: only its beginning was read."""

    content: bytes
    arrived_at: datetime | None
    is_cut: bool


class _Guarded(imaplib.IMAP4):
    """Reads no more than was asked for, whatever length the server names."""

    def read(self, size: int) -> bytes:
        if size > LARGEST + 4096:
            raise imaplib.IMAP4.abort(f"the server announces {size} bytes")
        return super().read(size)


class _GuardedTls(imaplib.IMAP4_SSL):
    def read(self, size: int) -> bytes:
        if size > LARGEST + 4096:
            raise imaplib.IMAP4.abort(f"the server announces {size} bytes")
        return super().read(size)


class Folder:
    """An open folder. Numbers of mails hold as long as `validity` stays the same."""

    def __init__(self, talk: imaplib.IMAP4, validity: int) -> None:
        self.talk = talk
        self.validity = validity

    def numbers(self, *, after: int, since: date) -> list[int]:
        """The numbers of mails above one, from a day on, ascending."""
        day = since - timedelta(days=1)  # the server's day may be another than ours
        said = _ask(self.talk, "SEARCH", f"UID {after + 1}:* SINCE {day.day}-{MONTHS[day.month - 1]}-{day.year}")
        words = b" ".join(each for each in said if isinstance(each, bytes)).split()
        # The last mail always answers to "n:*", whatever its number.
        found = {int(word) for word in words if word.isdigit() and len(word) < 12}
        return sorted(number for number in found if number > after)[:MOST_NUMBERS]

    def fetch(self, number: int) -> Came | None:
        """One mail; None when it is not there any more."""
        about = b" ".join(_flat(_ask(self.talk, "FETCH", str(number), "(UID RFC822.SIZE INTERNALDATE)")))
        size = re.search(rb"RFC822\.SIZE (\d{1,18})", about)
        if size is None:
            return None
        is_cut = int(size[1]) > LARGEST
        part = f"BODY.PEEK[]<0.{BEGINNING}>" if is_cut else "BODY.PEEK[]"
        answer = _ask(self.talk, "FETCH", str(number), f"(UID {part})")
        bodies = [each for each in answer if isinstance(each, tuple)]
        told = re.search(rb"UID (\d{1,12})\b", b" ".join(_flat(answer, heads_only=True)))
        if not bodies or (told and int(told[1]) != number):
            return None
        return Came(content=bytes(bodies[0][1]), arrived_at=_moment(about), is_cut=is_cut)


@contextmanager
def opened(server: Server, timeout: float = TIMEOUT) -> Iterator[Folder]:
    """The folder, signed in, for reading only. Raises `Away`."""
    talk = None
    try:
        talk = _connected(server, timeout)
        yield Folder(talk, _examined(talk, server.folder))
    except Away:
        raise
    except (OSError, imaplib.IMAP4.error, ValueError, AttributeError, IndexError) as error:
        raise Away(f"{type(error).__name__}: {_text(error)}") from error
    finally:
        if talk is not None:
            _close(talk)


def file_copy(server: Server, header_id: str, content: bytes, at: datetime, timeout: float = TIMEOUT) -> None:
    """Put a mail that left into the folder, marked as read, unless it lies there already. Raises `Away`.

    The only thing this program ever writes into a mailbox, and only where somebody asked for it.
    """
    talk = None
    try:
        talk = _connected(server, timeout)
        _examined(talk, server.folder)
        number = header_id.replace("\\", "").replace('"', "")
        if any(each for each in _ask(talk, "SEARCH", f'HEADER Message-ID "{number}"') if each):
            return  # many servers keep what they send by themselves
        status, said = talk.append(_quoted(server.folder), "(\\Seen)", imaplib.Time2Internaldate(at), content)
        if status != "OK":
            raise Away(_text(said))
    except Away:
        raise
    except (OSError, imaplib.IMAP4.error, ValueError, AttributeError, IndexError) as error:
        raise Away(f"{type(error).__name__}: {_text(error)}") from error
    finally:
        if talk is not None:
            _close(talk)


def _connected(server: Server, timeout: float) -> imaplib.IMAP4:
    if server.way == "imaps":
        talk: imaplib.IMAP4 = _GuardedTls(
            server.host, server.port, ssl_context=ssl.create_default_context(), timeout=timeout
        )
    else:
        talk = _Guarded(server.host, server.port, timeout=timeout)
    try:
        if server.way == "imap+tls":
            talk.starttls(ssl.create_default_context())
        try:
            _sign_in(talk, server)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise NotLetIn(_text(error)) from error
        _name_ourselves(talk)
    except BaseException:
        _close(talk)
        raise
    return talk


def _sign_in(talk: imaplib.IMAP4, server: Server) -> None:
    if "AUTH=PLAIN" in talk.capabilities:  # takes names and passwords of any writing
        proof = b"\0" + server.user.encode() + b"\0" + server.password.encode()
        talk.authenticate("PLAIN", lambda _asked: proof)
    else:
        talk._encoding = "utf-8"  # type: ignore[attr-defined]
        talk.login(server.user, server.password)


def _name_ourselves(talk: imaplib.IMAP4) -> None:
    """Some servers (NetEase) open no folder for programs that do not say who they are (RFC 2971)."""
    imaplib.Commands.setdefault("ID", ("AUTH", "SELECTED"))
    try:
        talk._simple_command("ID", '("name" "yinuo")')
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        return  # a server that does not know the word lets us in anyway


def _examined(talk: imaplib.IMAP4, folder: str) -> int:
    status, said = talk.select(_quoted(folder), readonly=True)
    if status != "OK":
        raise Away(_text(said))
    validity = talk.response("UIDVALIDITY")[1]
    number = validity[0] if validity else None
    if not isinstance(number, bytes) or not number.isdigit():
        raise Away("the server does not say UIDVALIDITY")
    return int(number[:18])


def _ask(talk: imaplib.IMAP4, command: str, *words: str) -> list[Any]:
    status, said = talk.uid(command, *words)
    if status != "OK":
        raise Away(_text(said))
    return list(said)


def _flat(said: list[Any], *, heads_only: bool = False) -> Iterator[bytes]:
    for each in said:
        if isinstance(each, tuple):
            yield from (each[:1] if heads_only else each)
        elif isinstance(each, bytes):
            yield each


def _moment(about: bytes) -> datetime | None:
    found = re.search(rb'INTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d [+-]\d{4})"', about)
    if found is None:
        return None
    try:
        return parsedate_to_datetime(b" ".join(found.groups()).decode("ascii"))
    except (ValueError, IndexError):
        return None


def _quoted(folder: str) -> str:
    """A folder's name as the protocol writes it: modified UTF-7 (RFC 3501), in quotes."""
    found = []
    for piece in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", folder):
        if piece.isascii() and piece.isprintable():
            found.append(piece.replace("&", "&-"))
        else:
            coded = b64encode(piece.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            found.append(f"&{coded}-")
    name = "".join(found).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'


def _text(said: Any) -> str:
    """An answer or a fault in words."""
    if isinstance(said, imaplib.IMAP4.error):
        said = said.args[0] if said.args else type(said).__name__
    if isinstance(said, list):
        said = b" ".join(each for each in said if isinstance(each, bytes))
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _close(talk: imaplib.IMAP4) -> None:
    """Say goodbye without waiting long."""
    try:
        talk.sock.settimeout(2)
        talk.logout()
    except (OSError, imaplib.IMAP4.error, AttributeError):
        try:
            talk.shutdown()
        except OSError:
            return
