"""Asking other people's servers, never our own by mistake.

An address that an administrator enters must lead outside: its host is looked up once, every answer must be a public
address, and exactly that address is then connected to, so that a name cannot be pointed inwards in between. Internal
servers that are meant are named in YINUO_OUTGOING_ALLOW; only they may be asked without TLS.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from yinuo.kit import refusals

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
PATIENCE = 20.0  # seconds for a whole answer, however slowly it drips
MOST = 64 * 1024  # bytes of an answer that are read
PLAIN = {"Accept-Encoding": "identity", "User-Agent": "Yinuo"}  # nothing to unpack, so nothing that bursts
PORTS = {"https": 443, "http": 80}


class CannotAsk(refusals.Refusal):
    """This address must not be asked."""


class Away(Exception):
    """Nobody there: what was to be sent has certainly not arrived."""


class Unknown(Exception):
    """It was sent, and no whole answer came: it may have arrived."""


@dataclass(frozen=True)
class Answer:
    """What the server said. `body` is cut at 64 KiB; `wait`: the seconds after which it wants to be asked again."""

    status: int
    body: bytes
    wait: int = 0


def check(address: str, *, may_be_plain: bool = False) -> None:
    """Refuse an address that could not be asked, before it is kept: `CannotAsk` with the reason.

    A name is not looked up yet: what it leads to is looked at each time it is asked. `may_be_plain`: what everybody
    may read needs no TLS.
    """
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError as error:
        raise CannotAsk(_("The port of this address is not a number."), field="address") from error
    if parts.scheme not in PORTS or not parts.hostname:
        raise CannotAsk(_("Please give a whole address that begins with https://."), field="address")
    if parts.username or parts.password:
        raise CannotAsk(_("Please leave user and password out of the address."), field="address")
    is_named = _is_allowed(parts.hostname, port or PORTS[parts.scheme])
    if parts.scheme == "http" and not is_named and not may_be_plain:
        raise CannotAsk(
            _("Please use https://. Plain http:// is for servers named in YINUO_OUTGOING_ALLOW only."), field="address"
        )
    if _is_number(parts.hostname) and not is_named:
        _require_public(parts.hostname)


def check_server(host: str, port: int) -> None:
    """Refuse a mail or other server by its number, before it is kept; a name is looked at when it is reached."""
    if _is_number(host) and not _is_allowed(host, port):
        _require_public(host)


def reach(host: str, port: int) -> str:
    """The very address to connect to for a server of another kind. Raises `CannotAsk` or `Away`."""
    return _looked_up(host, port)


def ask(method: str, address: str, *, headers: Mapping[str, str], content: bytes = b"") -> Answer:
    """Send one request and read the answer; redirects are answers like any other.

    Raises `CannotAsk`, `Away` (nothing arrived) or `Unknown` (it may have).
    """
    check(address)
    with httpx.Client(transport=Guarded(), timeout=TIMEOUT, trust_env=False) as client:
        try:
            with client.stream(method, address, headers={**PLAIN, **headers}, content=content) as answer:
                return Answer(answer.status_code, _read(answer), seconds(answer.headers.get("retry-after", "")))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Away(str(error) or type(error).__name__) from error
        except httpx.HTTPError as error:
            raise Unknown(str(error) or type(error).__name__) from error


def _read(answer: httpx.Response) -> bytes:
    began, body = time.monotonic(), b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) >= MOST:
            break
        if time.monotonic() - began > PATIENCE:
            raise Unknown("the answer did not end")
    return body[:MOST]


def seconds(text: str) -> int:
    return min(int(text[:6]), 24 * 3600) if text.isascii() and text.isdigit() else 0


class Guarded(httpx.BaseTransport):
    """Connects to the very address that was looked at; certificate and Host header stay those of the name."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(verify=ssl.create_default_context(), trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or PORTS[request.url.scheme]
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=_looked_up(host, port))
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def _looked_up(host: str, port: int) -> str:
    """The address behind a name; all addresses behind it must be public, unless it is named as allowed."""
    try:
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise Away(f"{host}: {error.strerror or error}") from error
    if not _is_allowed(host, port):
        for address in found:
            _require_public(address)
    return found[0]


def _is_allowed(host: str, port: int) -> bool:
    named = {each.strip().lower() for each in settings.OUTGOING_ALLOW}
    return host.lower() in named or f"{host}:{port}".lower() in named


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _require_public(address: str) -> None:
    """Refuse an address inside: private, loopback, link-local, and IPv4 ones dressed as IPv6."""
    it = ipaddress.ip_address(address.partition("%")[0])
    inside = [it]
    if isinstance(it, ipaddress.IPv6Address):
        last = ipaddress.IPv4Address(int(it) & 0xFFFFFFFF)
        if it in ipaddress.ip_network("64:ff9b::/96"):
            inside.append(last)
        inside += [each for each in (it.ipv4_mapped, it.sixtofour, *(it.teredo or ())) if each is not None]
    if any(not each.is_global or each.is_multicast for each in inside):
        raise CannotAsk(
            _("This address leads into the company's own network. If that is meant, name it in YINUO_OUTGOING_ALLOW."),
            field="address",
        )
