"""One mail to one mail server. Knows no database and no Django.

The outcome of a try is one of four: taken by the server, to be tried again, refused for good, or unknown (the
connection broke after the text was handed over and before the server answered).
"""

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

TIMEOUT = 15.0  # seconds for each step of the talk
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


class NotSent(Exception):
    """The mail was not taken; `words` are the server's or the system's."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words[:900]


class TryAgain(NotSent):
    """Not now: the server is away, busy, or greylists."""


class Away(TryAgain):
    """Not now, and no other mail either: the server cannot be reached, hangs, or does not let us in."""


class Refused(NotSent):
    """Never: the server refuses this address, this sender or this text."""


class Unknown(NotSent):
    """The text was handed over, the answer never came: the mail may have been taken."""


class BadServer(ValueError):
    """The address of the mail server cannot be used."""


@dataclass(frozen=True)
class Server:
    """Where and how mail is handed over: plain (`smtp`), STARTTLS (`smtp+tls`) or TLS from the start (`smtps`)."""

    way: str
    host: str
    port: int
    user: str = ""
    password: str = ""
    at: str = ""  # the address behind the name, when somebody has looked it up: then no other is connected to


def server_of(url: str) -> Server:
    """`smtp[s|+tls]://user:password@host:port` as a server."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadServer(f"expected smtp://, smtp+tls:// or smtps:// and a host, not {parts.scheme}://…")
    return Server(
        way=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def letter(
    *, sender: str, to: str, heading: str, text: str, header_id: str, at: datetime, language: str
) -> EmailMessage:
    """A plain text mail; names and headings in Chinese are encoded as the mail standards ask (RFC 2047)."""
    name, address = parseaddr(sender)
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = heading
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = header_id
    mail["Content-Language"] = language
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="base64" if not text.isascii() else None)
    return mail


def send(server: Server, mail: EmailMessage, *, handing_over: Callable[[], None], timeout: float = TIMEOUT) -> None:
    """Hand the mail over; returns when the server has taken it, else raises a `NotSent`.

    `handing_over` is called just before the text goes out: before it nothing can have been sent.
    """
    sender, to = mail["From"].addresses[0].addr_spec, mail["To"].addresses[0].addr_spec
    (kept_out,) = send_to(
        server, sender, [to], mail.as_bytes(), handing_over=lambda _taken: handing_over(), timeout=timeout
    ).values()
    if kept_out is not None:
        raise kept_out


def send_to(
    server: Server,
    sender: str,
    people: Sequence[str],
    content: bytes,
    *,
    handing_over: Callable[[list[str]], None],
    timeout: float = TIMEOUT,
) -> dict[str, NotSent | None]:
    """Hand one text over for several addresses; returns why not, for each that the server did not take it for.

    `handing_over` is called with those it will take it for just before the text goes out. Raises `Away` when nothing
    was handed over, `Unknown` when the text was and no answer came.
    """
    said: dict[str, NotSent | None] = {}
    with _connected(server, timeout) as talk:
        _ask(talk.mail, sender)
        for each in people:
            said[each] = _answer(talk.rcpt, each)
        taken = [each for each, kept_out in said.items() if kept_out is None]
        if taken:
            handing_over(taken)
            kept_out = _text_over(talk, content)
            said |= dict.fromkeys(taken, kept_out)
    return said


def _answer(say: Callable[[str], tuple[int, bytes]], address: str) -> NotSent | None:
    """What the server has against one address; a server that is away is everybody's matter."""
    try:
        _ask(say, address)
    except Away:
        raise
    except NotSent as kept_out:
        return kept_out
    return None


def _text_over(talk: smtplib.SMTP, content: bytes) -> NotSent | None:
    try:
        code, words = talk.data(content)
    except smtplib.SMTPDataError as error:
        code, words = error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else b""
    except (OSError, smtplib.SMTPException) as error:
        raise Unknown(str(error) or type(error).__name__) from error
    if not 200 <= code < 600:
        raise Unknown(f"{code} {_text(words)}")  # no answer that means anything: it may have been taken
    try:
        _judge(code, words)
    except NotSent as kept_out:
        return kept_out
    return None


class _At:
    """Connects to the address that was looked up; the certificate must still be the name's."""

    at = ""
    _host = ""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found: socket.socket = super()._get_socket(self.at or host, port, timeout)  # type: ignore[misc]
        return found


class _Plain(_At, smtplib.SMTP):
    pass


class _Tls(_At, smtplib.SMTP_SSL):
    pass


def _opened(server: Server, timeout: float) -> smtplib.SMTP:
    talk: _Plain | _Tls
    if server.way == "smtps":
        talk = _Tls(timeout=timeout, context=ssl.create_default_context())
    else:
        talk = _Plain(timeout=timeout)
    talk.at = server.at
    talk._host = server.host  # the name that the certificate must be for
    code, words = talk.connect(server.host, server.port)
    if code != 220:
        talk.close()
        raise smtplib.SMTPConnectError(code, words)
    return talk


@contextmanager
def _connected(server: Server, timeout: float) -> Iterator[smtplib.SMTP]:
    """A connection that is greeted, encrypted and signed in as the server's address asks."""
    talk: smtplib.SMTP | None = None
    try:
        try:
            talk = _opened(server, timeout)
            talk.ehlo_or_helo_if_needed()
            if server.way == "smtp+tls":
                talk.starttls(context=ssl.create_default_context())
                talk.ehlo()
            if server.user:
                talk.login(server.user, server.password)
        except smtplib.SMTPResponseException as error:
            # Wrong password, too many connections: the server's or the company's matter, not this mail's.
            raise Away(f"{error.smtp_code} {_text(error.smtp_error)}") from error
        except (OSError, smtplib.SMTPException, UnicodeError) as error:  # smtplib signs in with ASCII only
            raise Away(f"{type(error).__name__}: {error}") from error
        yield talk
    finally:
        if talk is not None:
            _close(talk)


def _close(talk: smtplib.SMTP) -> None:
    """Say goodbye without waiting long: the mail's fate is decided already."""
    try:
        if talk.sock is not None:
            talk.sock.settimeout(2)
        talk.quit()
    except (OSError, smtplib.SMTPException):
        talk.close()


def _ask(say: Callable[[str], tuple[int, bytes]], address: str) -> None:
    try:
        code, words = say(address)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        raise Away(f"{type(error).__name__}: {error}") from error
    _judge(code, words)


def _judge(code: int, words: bytes) -> None:
    """The meaning of a reply code: 2xx taken, 5xx refused for good, all else once more."""
    said = f"{code} {_text(words)}"
    if 200 <= code < 300:
        return
    if code == 421:
        raise Away(said)
    if code < 500:
        raise TryAgain(said)
    raise Refused(said)


def _text(words: bytes | str) -> str:
    return words if isinstance(words, str) else words.decode("utf-8", "replace")
