"""Real HTTP servers on loopback that behave as messengers do: verify signatures, limit, hesitate, die."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import override_settings

from tests import cast
from yinuo.messengers import jobs, models
from yinuo.messengers.actions import keeping

Answer = tuple[int, Any]
OK = {"errcode": 0, "errmsg": "ok"}


@dataclass
class Messenger:
    """What came in, and what is answered: first from `answers` (a callable may break the connection), then `usual`."""

    port: int
    usual: Answer = (200, OK)
    answers: list[Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    check: Callable[["Messenger"], Answer | None] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/send?key=k-1234"

    @property
    def texts(self) -> list[str]:
        """The texts that groups got to see."""
        return [(each.get("text") or {}).get("content") or each["content"]["text"] for each in self.taken]


def handler_for(man: Messenger) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            man.paths.append(self.path)
            man.headers.append({key.lower(): value for key, value in self.headers.items()})
            man.bodies.append(body)
            man.taken.append(json.loads(body))
            answer = (man.check(man) if man.check else None) or (man.answers.pop(0) if man.answers else man.usual)
            if callable(answer):
                answer(self)
                return
            status, value = answer
            said = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    return Handler


@pytest.fixture
def messenger() -> Iterator[Messenger]:
    """A messenger's server, which the product may post to."""
    man = Messenger(0)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(man))
    man.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with override_settings(OUTGOING_ALLOW=[f"127.0.0.1:{man.port}"]):
        yield man
    server.shutdown()
    server.server_close()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """The connection breaks after the text was taken and before an answer."""
    handler.connection.close()
    handler.close_connection = True


def wants_dingtalk_signature(secret: str) -> Callable[[Messenger], Answer | None]:
    """As DingTalk does it: HMAC over `time\\nsecret` with the secret, in the address."""

    def check(man: Messenger) -> Answer | None:
        asked = parse_qs(urlsplit(man.paths[-1]).query)
        stamp, sign = asked.get("timestamp", [""])[0], asked.get("sign", [""])[0]
        right = hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256")
        if sign != base64.b64encode(right).decode():
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
        return None

    return check


def wants_feishu_signature(secret: str) -> Callable[[Messenger], Answer | None]:
    """As Feishu does it: HMAC over nothing with `time\\nsecret` as the key, in the body."""

    def check(man: Messenger) -> Answer | None:
        said = man.taken[-1]
        right = hmac.new(f"{said.get('timestamp')}\n{secret}".encode(), b"", hashlib.sha256).digest()
        if said.get("sign") != base64.b64encode(right).decode():
            return 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        return None

    return check


def robot(company: cast.Company, messenger: Messenger, kind: str = "wecom", **more: Any) -> models.Receiver:
    """A group of the whole company that hears everything, unless said otherwise."""
    values: dict[str, Any] = {"name": f"质量群 {kind}", "address": messenger.address, "secret": "", "tells": "all"}
    return keeping.add(kind=kind, by=company.admin, now=cast.NOW, **{**values, **more})


def post() -> None:
    """The poster's visit, with everything that waits due at once."""
    models.Receiver.objects.update(next_post_at=None)
    jobs.post()
