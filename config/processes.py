"""What start.py runs on the Python of `.venv`: `prepare <commands>`, `web <port>`, `worker`.

Pages are made by several processes on PostgreSQL, one for each core, as one Python process uses one core.

Web server and worker end when their standard input closes: start.py holds the other end, so they stop
when it lets go, and also when it is killed.
"""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

import django
import waitress
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

HOST = "127.0.0.1"
MOST_WEB = 4  # processes; each holds some 100 MB
GRACE = 10.0  # seconds to end in good order before everything in this session is killed
QUIETLY: dict[str, dict[str, Any]] = {
    "migrate": {"interactive": False},
    "collectstatic": {"interactive": False},
    "reindex": {"if_outdated": True},
}
AFTER = 2.0  # seconds without a word
WHAT_TAKES_TIME = {
    "catalogues": "正在准备界面文字 … / preparing the words of the pages …",
    "migrate": "正在建立或更新数据库（首次约半分钟）… / building the database (half a minute the first time) …",
    "reindex": "正在重建检索 … / building the search anew …",
    "collectstatic": "正在整理静态文件 … / collecting static files …",
    "demo": "正在建立示范公司（仅首次）… / bringing the demo company to life (first time only) …",
}
let_go = threading.Event()


def main(arguments: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    kind, *rest = arguments
    if kind == "prepare":
        prepare(rest)
        return 0
    threading.Thread(target=end_with_input, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # lets running requests finish
    try:
        if kind == "web":
            web(int(rest[0]))
        elif kind == "pages":
            pages(socket.socket(fileno=int(rest[0])))
        else:
            work(kind)
    finally:
        if let_go.is_set() and sys.platform != "win32":
            os.killpg(0, signal.SIGKILL)  # whoever has not followed by now
    return 0


def prepare(commands: Sequence[str]) -> None:
    """Run the management commands in one process; worth words are what goes wrong, what takes its time, and that
    nobody is there yet."""
    django.setup()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        for command in commands:
            patience = threading.Timer(AFTER, say, [WHAT_TAKES_TIME.get(command, command)])
            patience.start()
            try:
                call_command(command, verbosity=0, stdout=nowhere, **QUIETLY.get(command, {}))
            finally:
                patience.cancel()
    if "migrate" in commands and apps.is_installed("yinuo.org") and not get_user_model()._default_manager.exists():
        sys.stdout.write("尚无任何用户，请建立第一位管理员 / nobody can sign in yet, add the first administrator:\n")
        sys.stdout.write(f"    {sys.executable} manage.py createadmin\n")


def say(words: str) -> None:
    """A line for whoever waits, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def web(port: int) -> None:
    """Serve the pages on loopback, from one process or several."""
    with socket.create_server((HOST, port), backlog=1024) as listening:
        count = web_processes()
        if count > 1 and sys.platform != "win32":
            share(listening, count)
        else:
            pages(listening)


def web_processes() -> int:
    """As many as there are cores; on SQLite, where one writes at a time, one is enough."""
    asked = os.environ.get("YINUO_WEB_PROCESSES", "")
    if asked.isdecimal():
        return max(1, int(asked))
    on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return min(os.cpu_count() or 1, MOST_WEB) if on_postgresql else 1


def share(listening: socket.socket, count: int) -> None:
    """Let several processes answer at one socket. When one of them ends, all end, and start.py starts them anew.

    They hold the same standard input, and end by themselves when it closes.
    """
    handle = listening.fileno()
    command = [sys.executable, "-m", "config.processes", "pages", str(handle)]
    parts = [subprocess.Popen(command, pass_fds=[handle]) for _n in range(count)]  # noqa: S603 - this very program
    try:
        os.wait()
        sys.exit(1)
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait()


def pages(listening: socket.socket) -> None:
    """Answer at the socket; when people come by https, through a proxy on this machine that ends it.

    Without https such headers stay as they came: nobody believes them, but whoever has one is not at this machine.
    """
    behind: dict[str, Any] = {"clear_untrusted_proxy_headers": False}
    if os.environ.get("YINUO_BASE_URL", "").startswith("https:"):
        believed = {"x-forwarded-for", "x-forwarded-proto"}  # of anybody else these headers are dropped
        behind = {"trusted_proxy": HOST, "trusted_proxy_count": 1, "trusted_proxy_headers": believed}
    waitress.serve(get_wsgi_application(), sockets=[listening], threads=8, ident="yinuo", **behind)


def work(command: str) -> None:
    django.setup()
    call_command(command)
    for process in multiprocessing.active_children():  # the command returns while they still work
        process.join()


def end_with_input() -> None:
    """Wait until the other end of standard input is gone, then end this process and all it has started."""
    while os.read(0, 1):
        pass
    let_go.set()
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGINT)
        return
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
