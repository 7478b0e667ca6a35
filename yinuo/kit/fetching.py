"""Fetching what anybody may read on the web: one page or file, within limits of size and time.

Every hop of a redirection is looked at as `outgoing` looks at an address, so none leads inside. What is packed is
unpacked up to a limit. Whatever the other side does, it ends: with an answer or with `CannotFetch`.
"""

import threading
import time
import zlib
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

from yinuo.kit import outgoing

PATIENCE = 30.0  # seconds for everything, redirections included
MOST = 10 * 2**20  # bytes that are read
MOST_UNPACKED = 20 * 2**20
HOPS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS = {"Accept-Encoding": "gzip, identity;q=0.5", "User-Agent": "Yinuo", "Accept": "*/*"}
EXAMPLES = (".example", ".test", ".invalid", ".localhost", ".example.com", ".example.org", ".example.net")


class CannotFetch(Exception):
    """Why nothing came: a code (away, inside, slow, too_large, bomb, packed, hops, broken), and what is known of it."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(f"{code}: {about}")
        self.code, self.about = code, about[:300]


@dataclass(frozen=True)
class Answer:
    """What came. `address`: where it came from in the end; `wait`: seconds after which the server wants to be asked."""

    status: int
    body: bytes = b""
    address: str = ""
    media: str = ""
    etag: str = ""
    last_modified: str = ""
    wait: int = 0


def is_example(address: str) -> bool:
    """Whether an address stands under a name that is reserved for examples: nobody is there."""
    return f".{urlsplit(address).hostname or ''}".lower().endswith(EXAMPLES)


def get(address: str, *, etag: str = "", last_modified: str = "") -> Answer:
    """Fetch an address; given what the server said of its last answer, it may say that nothing changed (304)."""
    ends = time.monotonic() + PATIENCE
    asked = {**HEADERS}
    if etag:
        asked["If-None-Match"] = etag
    if last_modified:
        asked["If-Modified-Since"] = last_modified
    for _hop in range(HOPS + 1):
        try:
            outgoing.check(address, may_be_plain=True)
            answer = _one(address, asked, ends)
        except outgoing.CannotAsk as refusal:
            raise CannotFetch("inside", str(refusal)) from refusal
        except outgoing.Away as away:
            raise CannotFetch("away", str(away)) from away
        if isinstance(answer, Answer):
            return answer
        address = urldefrag(urljoin(address, answer))[0]
    raise CannotFetch("hops", address)


def _one(address: str, asked: dict[str, str], ends: float) -> Answer | str:
    """One request: the answer, or where it sends us. When time is up the connection is shut under whoever waits."""
    left = ends - time.monotonic()
    if left <= 0:
        raise CannotFetch("slow")
    client = httpx.Client(transport=outgoing.Guarded(), timeout=outgoing.TIMEOUT, trust_env=False)
    bell = threading.Timer(left, client.close)
    bell.daemon = True
    bell.start()
    try:
        with client.stream("GET", address, headers=asked) as came:
            leads = came.headers.get("location", "")
            if came.status_code in REDIRECTS and leads:
                return str(leads)
            return _read(came, address, ends)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise CannotFetch("away" if time.monotonic() < ends else "slow", str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError, ValueError) as error:
        is_slow = isinstance(error, httpx.TimeoutException) or time.monotonic() >= ends
        raise CannotFetch("slow" if is_slow else "broken", str(error) or type(error).__name__) from error
    finally:
        bell.cancel()
        client.close()


def _read(came: httpx.Response, address: str, ends: float) -> Answer:
    body = bytearray()
    if came.status_code == httpx.codes.OK:
        for piece in came.iter_raw():
            body += piece
            if len(body) > MOST:
                raise CannotFetch("too_large", f"{MOST // 2**20} MB")
            if time.monotonic() > ends:
                raise CannotFetch("slow")
    said = came.headers
    return Answer(
        status=came.status_code,
        body=_unpacked(bytes(body), said.get("content-encoding", "").strip().lower()),
        address=address,
        media=said.get("content-type", "")[:200],
        etag=said.get("etag", "")[:300],
        last_modified=said.get("last-modified", "")[:100],
        wait=outgoing.seconds(said.get("retry-after", "")),
    )


def _unpacked(body: bytes, packing: str) -> bytes:
    """The body as it was before it was packed for the way; never more of it than the limit."""
    if packing in ("", "identity") or not body:
        return body
    if packing not in ("gzip", "x-gzip"):
        raise CannotFetch("packed", packing[:40])
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        plain = unpacker.decompress(body, MOST_UNPACKED + 1)
    except zlib.error as error:
        raise CannotFetch("broken", str(error)) from error
    if len(plain) > MOST_UNPACKED:
        raise CannotFetch("bomb", f"{MOST_UNPACKED // 2**20} MB")
    return plain
