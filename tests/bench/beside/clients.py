"""Browsers that ask a server, and what it cost there: seconds on the clock, seconds of the processor."""

import http.client
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(root: int) -> float:
    """Seconds of the processor that a process, its descendants and those who have ended have taken."""
    children: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        pid = int(path.parent.name)
        children.setdefault(int(parts[1]), []).append(pid)
        spent[pid] = sum(map(int, parts[11:15]))
    found, waiting = 0, [root]
    while waiting:
        pid = waiting.pop()
        found += spent.get(pid, 0)
        waiting += children.get(pid, [])
    return found / TICKS


@dataclass
class Browser:
    """One client with its cookies; every answer is read to its end."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, bytes]:
        body = urlencode(data) if data is not None else None
        host = f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{host}{path}", "Origin": host}
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            self.connection.request("GET" if body is None else "POST", path, body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, OSError):
            self.connection.close()
            self.connection = None
            raise
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            if name != "messages":  # words for the next page, which is not looked at here
                self.cookies[name] = value
        return answer.status, content


@dataclass
class Cost:
    """Of some requests: seconds on the clock, of the server's and of the database's processor."""

    count: int
    seconds: float
    server: float
    database: float

    @property
    def cells(self) -> str:
        per = 1000 / self.count
        rate = f"{self.count / self.seconds:.1f}"
        whole = f"{(self.server + self.database) * per:.1f}"
        return f"{rate} | {self.server * per:.1f} | {self.database * per:.1f} | {whole}"


def measured(acts: list[Callable[[], None]], server: int, database: int, count: int) -> Cost:
    """Each of the acts, by a thread of its own, so often that all together it is `count` times."""
    before, began = (cpu_of(server), cpu_of(database)), time.monotonic()
    failed: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            for _n in range(count // len(acts)):
                act()
        except BaseException as error:  # told by the main thread
            failed.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    seconds = time.monotonic() - began
    return Cost(count // len(acts) * len(acts), seconds, cpu_of(server) - before[0], cpu_of(database) - before[1])
