"""A real IMAP server (Dovecot) on loopback for the length of the tests, and servers that are down, slow or lie."""

import contextlib
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "csr@qinghe.example", "密码 with blanks"
CONFIG = """
protocols = imap
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{root}/mail/%u
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {root}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={root}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
"""


def is_here() -> bool:
    """Whether Dovecot can be started: it wants its own users, which only root may become."""
    return shutil.which("dovecot") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


@dataclass
class Server:
    """Where it listens, and what a customer's and a person's own program would do with it."""

    plain: int
    tls: int
    certificate: Path

    @contextlib.contextmanager
    def talk(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.plain, timeout=10) as talk:
            proof = f"\0{USER}\0{PASSWORD}".encode()
            talk.authenticate("PLAIN", lambda _asked: proof)
            yield talk

    def put(self, content: bytes, folder: str = "INBOX") -> None:
        with self.talk() as talk:
            assert talk.append(folder, None, None, content)[0] == "OK"

    def empty(self) -> None:
        """Nothing in the INBOX any more."""
        with self.talk() as talk:
            count = talk.select("INBOX")[1][0]
            if count != b"0":
                talk.store("1:*", "+FLAGS", "\\Deleted")
                talk.expunge()

    def flags(self) -> list[bytes]:
        with self.talk() as talk:
            talk.select("INBOX", readonly=True)
            return [each for each in talk.fetch("1:*", "(FLAGS)")[1] if isinstance(each, bytes)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(root: Path) -> Iterator[Server]:
    root.chmod(0o755)
    server = Server(free_port(), free_port(), root / "cert.pem")
    openssl = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    paths = ["-keyout", str(root / "key.pem"), "-out", str(root / "cert.pem")]
    subprocess.run([*openssl, *names, *paths], check=True, capture_output=True)
    (root / "users").write_text(f"{USER}:{PASSWORD}\n")
    (root / "users").chmod(0o644)
    (root / "mail").mkdir()
    nobody = pwd.getpwnam("nobody")
    os.chown(root / "mail", nobody.pw_uid, nobody.pw_gid)
    config = root / "dovecot.conf"
    config.write_text(CONFIG.format(root=root, plain=server.plain, tls=server.tls))
    process = subprocess.Popen(["dovecot", "-F", "-c", str(config)], stdin=subprocess.DEVNULL)
    try:
        _wait(server.plain)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int) -> None:
    for _time in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("Dovecot does not listen")


# Servers that are no good ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def lying(answer: Callable[[str, str], bytes]) -> Iterator[int]:
    """A server that says to every command (its tag, its words) what the test wants it to; no answer: silence."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.2)
    over = threading.Event()

    def serve(talk: socket.socket) -> None:
        with contextlib.suppress(OSError), talk, talk.makefile("rb") as lines:
            talk.sendall(answer("*", "") or b"* OK hello\r\n")
            for line in lines:
                tag, _blank, words = line.decode("utf-8", "replace").strip().partition(" ")
                said = answer(tag, words)
                if said:
                    talk.sendall(said)

    def accept() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                talk, _address = listening.accept()
                threading.Thread(target=serve, args=[talk], daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        over.set()
        thread.join(2)
        listening.close()
