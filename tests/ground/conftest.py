"""A small tree around the real start.py and config/processes.py: its own settings, one page, a worker with a child."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import start

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
SECRET_KEY = "tree"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "config.urls"
INSTALLED_APPS = ["part"]
MIDDLEWARE = []
"""
URLS = """
import os
from django.http import HttpResponse
from django.urls import path
def who(request):
    return HttpResponse(f"{request.scheme} {request.META['REMOTE_ADDR']} {request.META.get('HTTP_X_FORWARDED_FOR')}")
urlpatterns = [path("", lambda request: HttpResponse(f"web {os.getpid()}")), path("who", who)]
"""
COMMAND = """
from pathlib import Path
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    requires_system_checks = []
    def add_arguments(self, parser):
        parser.add_argument("--noinput", action="store_false", dest="interactive")
        parser.add_argument("--if-outdated", action="store_true")
    def handle(self, **options):
        with Path("ran.txt").open("a") as file:
            file.write("NAME\\n")
"""
WORKER = """
import os, subprocess, sys, time
from pathlib import Path
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    def handle(self, **options):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        with Path("workers.txt").open("a") as file:
            file.write(f"{os.getpid()} {child.pid}\\n")
        time.sleep(600)
"""


def as_from_a_terminal() -> None:
    """Signals that were ignored when these tests began (in the background, under nohup) mean what they usually do."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_alive(pid: int) -> bool:
    """Does the process run? A zombie waiting for a careless parent does not."""
    stat = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return not Path("/proc/self").exists()
    return False


def wait_for(what: Callable[[], object], seconds: float = 15.0) -> None:
    """Return as soon as `what` holds; fail when it does not in time."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.05)


class Tree:
    """A folder in which the real start.py runs as in a clone."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.extra: dict[str, str] = {}
        self.running: list[subprocess.Popen[str]] = []
        shutil.copy(ROOT / "start.py", root)
        commands = root / "part" / "management" / "commands"
        commands.mkdir(parents=True)
        for name in ("catalogues", "migrate", "reindex", "collectstatic", "demo"):
            commands.joinpath(f"{name}.py").write_text(COMMAND.replace("NAME", name))
        commands.joinpath("worker.py").write_text(WORKER)
        for package in (root / "part", commands.parent, commands, root / "config"):
            package.mkdir(exist_ok=True)
            package.joinpath("__init__.py").touch()
        shutil.copy(ROOT / "config" / "processes.py", root / "config")
        root.joinpath("config", "settings.py").write_text(SETTINGS)
        root.joinpath("config", "urls.py").write_text(URLS)
        root.joinpath("assets").mkdir()
        root.joinpath("assets", "fetch.py").write_text("open('ran.txt', 'a').write('fetch\\n')")
        root.joinpath("requirements.lock").write_text("# nothing\n")

    def install(self) -> None:
        """An environment with the packages of the running tests, and without pip: installing would fail."""
        venv = self.root / ".venv"
        venv.joinpath("bin").mkdir(parents=True)
        venv.joinpath("bin", "python").symlink_to(Path(sys.executable).resolve())
        venv.joinpath("lib").symlink_to(Path(sys.prefix, "lib"))
        shutil.copy(Path(sys.prefix, "pyvenv.cfg"), venv)
        lock = start.hashlib.sha256(b"# nothing\n").hexdigest()
        marker = {"python": start.python_version(), "requirements.lock": lock}
        venv.joinpath("installed.json").write_text(json.dumps(marker))

    @property
    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"PORT": str(self.port)} | self.extra

    def start(self, **popen: object) -> "subprocess.Popen[str]":
        command = [sys.executable, str(self.root / "start.py")]
        popen.setdefault("preexec_fn", as_from_a_terminal)
        process = subprocess.Popen(  # type: ignore[call-overload]
            command, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **popen
        )
        self.running.append(process)
        return process

    def ready(self, process: "subprocess.Popen[str]") -> list[str]:
        """Read until the product says it is ready; returns the lines before."""
        before = []
        for line in process.stdout or ():
            if line.startswith("ready: "):
                assert line.strip() == f"ready: http://127.0.0.1:{self.port}"
                wait_for(self.workers)
                return before
            before.append(line)
        raise AssertionError("ended before it was ready: " + "".join(before))

    def ran(self) -> list[str]:
        return self.root.joinpath("ran.txt").read_text().split()

    def web(self) -> int:
        """The process number of the web server, asked from its page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5) as answer:
            return int(answer.read().split()[1])

    def who(self, forwarded: dict[str, str]) -> str:
        """Scheme and address of the visitor as the product sees them."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/who", headers=forwarded)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return str(answer.read().decode())

    def workers(self) -> list[tuple[int, int]]:
        """(worker, its child) of every start so far."""
        path = self.root / "workers.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(int(worker), int(child)) for worker, child in (line.split() for line in lines)]

    def pids(self) -> list[int]:
        return [self.web(), *self.workers()[-1]]

    def clean(self) -> None:
        for process in self.running:
            process.kill()
        for pid in [pid for pair in self.workers() for pid in pair if is_alive(pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for process in self.running:
            process.communicate(timeout=20)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[Tree]:
    made = Tree(tmp_path)
    yield made
    made.clean()
