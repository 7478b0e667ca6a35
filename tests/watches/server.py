"""A real web server on this machine whose pages change, stall, swell and lead elsewhere, as a test wants."""

import contextlib
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Said = tuple[int, dict[str, str], bytes]


class Site:
    """What the server answers, by path; which headers it was asked with, in order."""

    def __init__(self) -> None:
        self.answers: dict[str, Said | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str, body: str | bytes, media: str = "text/html; charset=utf-8", **headers: str) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.answers[path] = (200, {"Content-Type": media, **headers}, content)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    """The head of the answer, sign by sign, without end."""
    with contextlib.suppress(OSError):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _n in range(200):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)


def drip_body(handler: BaseHTTPRequestHandler) -> None:
    with contextlib.suppress(OSError):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _n in range(200):
            handler.wfile.write(b"<p>x")
            handler.wfile.flush()
            time.sleep(0.1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    with contextlib.suppress(OSError):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.end_headers()
        for _n in range(64):
            handler.wfile.write(b"<p>" + b"x" * 2**20)


def bomb(megabytes: int) -> bytes:
    return gzip.compress(b"<html>" + b"0" * (megabytes * 2**20))


@contextlib.contextmanager
def running() -> Iterator[Site]:
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            said = site.answers.get(self.path, (404, {}, b"nothing here"))
            if callable(said):
                said(self)
                return
            status, headers, body = said
            if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
