"""Real mail servers on loopback that take, hesitate, refuse, hang or die; and the subject that messages are about."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.test import override_settings

from yinuo.kit import subjects

CASE = subjects.Ref("cases.case", 7, "CSR-2026-0413 盐雾试验要求提高到 720 h", "/cases/CSR-2026-0413/")


@dataclass
class Postman:
    """What the server does with each mail: answers are taken from `replies` (rcpt, data), then everything is taken."""

    taken: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    rcpt_replies: list[str] = field(default_factory=list)
    data_replies: list[str] = field(default_factory=list)
    die_after_data: int = 0

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.rcpt_replies:
            return self.rcpt_replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_replies:
            return self.data_replies.pop(0)
        content = envelope.original_content or b""
        self.raw.append(content)
        self.taken.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        if self.die_after_data:
            self.die_after_data -= 1
            assert server.transport is not None
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 taken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postman() -> Iterator[Postman]:
    """A real mail server that the product is told to use."""
    man = Postman()
    port = free_port()
    controller = Controller(man, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(SMTP_URL=f"smtp://127.0.0.1:{port}", MAIL_FROM="一诺 <yinuo@qinghe.example>"):
            yield man
    finally:
        controller.stop()


@pytest.fixture
def guarded_postman() -> Iterator[Callable[[str, str], Postman]]:
    """A mail server that asks for name and password."""
    running = []

    def start(user: str, password: str) -> tuple[Postman, int]:
        man, port = Postman(), free_port()

        def check(server: object, session: object, envelope: object, mechanism: object, data: object) -> AuthResult:
            assert isinstance(data, LoginPassword)
            return AuthResult(success=(data.login, data.password) == (user.encode(), password.encode()), handled=False)

        controller = Controller(
            man, hostname="127.0.0.1", port=port, authenticator=check, auth_required=True, auth_require_tls=False
        )
        controller.start()
        running.append(controller)
        return man, port

    yield start  # type: ignore[misc]
    for controller in running:
        controller.stop()


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []
    stop = threading.Event()

    def take() -> None:
        listener.settimeout(0.1)
        while not stop.is_set():
            try:
                held.append(listener.accept()[0])
            except TimeoutError:
                continue

    thread = threading.Thread(target=take)
    thread.start()
    yield int(listener.getsockname()[1])
    stop.set()
    thread.join()
    for each in [*held, listener]:
        each.close()
