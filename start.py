#!/usr/bin/env python3
"""One command from a fresh clone to the running product; needs Python 3.11 or newer and nothing else.

    python3 start.py               set up what changed, then run web server and job worker until Ctrl+C
    python3 start.py test [...]    the same set-up with the test tools, then pytest with the given arguments

PORT (default 8000) says where the pages are; the other settings stand at the top of config/settings.py.

Every process started here holds one end of a pipe, its leash, as standard input. When the leash closes,
because it is time to stop or because this process was killed, the process ends itself in good order.
"""

import contextlib
import hashlib
import http.client
import importlib.util
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

if sys.version_info < (3, 11):  # noqa: UP036  the very check that stops an older one
    sys.exit("一诺需要 Python 3.11 或更新版本 / Yinuo needs Python 3.11 or newer, this is " + sys.version.split()[0])

ROOT = Path(__file__).resolve().parent
DATA = Path(os.environ.get("YINUO_DATA") or ROOT / "var").resolve()
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MARKER = VENV / "installed.json"
HOST = "127.0.0.1"
LOOPBACK = (HOST, "localhost", "::1")
GRACE = 10.0  # seconds a process has to end by itself before it is killed with all it started
RESTARTS = 3  # more deaths than this within RESTART_SPAN seconds: give up and end cleanly
RESTART_SPAN = 60.0
READY_WITHIN = 90.0


class Refused(Exception):
    """Set-up or start cannot go on; the text says why and what to do."""


def say(zh: str, en: str) -> None:
    tell(f"{zh} / {en}")


def tell(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:  # a closed terminal takes no more words, and that must not keep anything from stopping
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  until the end


def main(arguments: Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if arguments and arguments[0] != "test":
        print(__doc__)
        return 0 if arguments[0] in ("help", "-h", "--help") else 2
    stop_by_signals()
    try:
        return test(arguments[1:]) if arguments else serve()
    except Refused as refused:
        print(refused, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        say("已停止", "stopped")
        return 130


def stop_by_signals() -> None:
    """Termination and a closed terminal stop as Ctrl+C does; what a caller had ignored (nohup) stays ignored."""

    def stop(number: int, _frame: object) -> NoReturn:
        signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)


# ─── set-up ──────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.contextmanager
def only_one(lock: Path, already: str) -> Iterator[None]:
    """Hold the file for this process; the system lets go of it however the process ends.

    Raises Refused with `already` and the holder's process number.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as file:
        try:
            if sys.platform == "win32":
                import msvcrt  # exists on Windows only

                file.seek(4096)  # beyond the words, so that others can still read them
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl  # does not exist on Windows

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            raise Refused(f"{already} (pid {file.read().strip() or '?'})") from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def set_up(lock: Path, env: dict[str, str], commands: Sequence[str]) -> None:
    """Packages, front-end files, then the named management commands; what is up to date is left alone."""
    already = "另一个 start.py 正在此目录准备环境 / another start.py is setting up in this folder"
    with only_one(ROOT / "var" / "setup.lock", already):
        install(lock)
        fetch = [str(PYTHON), str(ROOT / "assets" / "fetch.py")]
        step(fetch, env, "前端文件未能获取，请检查网络", "the front-end files could not be fetched; check the network")
        prepare = [str(PYTHON), "-m", "config.processes", "prepare", *commands]
        step(prepare, env, "准备数据时出错，原因见上", "preparing the data failed; the reason stands above")


def install(lock: Path) -> None:
    """Bring `.venv` to the lock; the marker inside remembers which locks it already holds."""
    marker = read_marker()
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if marker.get(lock.name) == digest:
        return
    if not marker and not venv_works():
        make_venv()
    say("正在安装依赖包（仅首次或变更后）…", "installing packages (first time, or after a change) …")
    # The lock is complete. Left to look for dependencies, older pips take a newer release for `name[extra]`.
    locked = ["--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    quiet = ["-q", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    step(
        [PYTHON, "-m", "pip", "install", *quiet, *locked],
        os.environ,
        "依赖包安装失败；请检查网络，或在 pip 配置中设置镜像",
        "installing packages failed; check the network, or name a mirror in pip's configuration",
    )
    marker |= {"python": python_version(), lock.name: digest}
    MARKER.write_text(json.dumps(marker), encoding="utf-8")


def python_version() -> str:
    return ".".join(map(str, sys.version_info[:2]))


def read_marker() -> dict[str, str]:
    """What is installed, or nothing when `.venv` belongs to another Python or is damaged."""
    try:
        marker = json.loads(MARKER.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return marker if marker.get("python") == python_version() and PYTHON.exists() else {}


def venv_works() -> bool:
    code = "import pip, sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.strip() == python_version()


def make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        if Path("/etc/debian_version").exists():
            remedy = f"sudo apt install python{python_version()}-venv"
        else:
            remedy = "https://www.python.org/downloads/"
        raise Refused(f"此 Python 缺少 ensurepip，请先安装 / this Python lacks ensurepip, please install: {remedy}")
    say("正在创建 Python 环境 .venv …", "making the Python environment .venv …")
    make = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    step(make, os.environ, "无法创建 .venv", ".venv could not be made")


def step(command: Sequence[str | Path], env: Mapping[str, str], zh: str, en: str) -> None:
    """Run one part of the set-up to its end. Raises Refused with the sentence when it fails."""
    process = spawn(command, env, subprocess.DEVNULL)
    try:
        code = process.wait()
    except BaseException:
        kill_tree(process)
        raise
    if code:
        raise Refused(f"{zh} / {en}")


def environment(port: int, data: Path = DATA) -> dict[str, str]:
    """What Django is told; whatever the caller has set himself stands, but the demo company lives on loopback only."""
    told = {"YINUO_DATA": str(data), "YINUO_BASE_URL": f"http://{HOST}:{port}", "YINUO_DEMO": "1"} | os.environ
    if urlsplit(told["YINUO_BASE_URL"]).hostname not in LOOPBACK:
        told["YINUO_DEMO"] = "0"
    return told | {"PYTHONUTF8": "1"}


# ─── running ─────────────────────────────────────────────────────────────────────────────────────────────


def serve() -> int:
    already = "一诺已在使用这个数据目录运行 / Yinuo is already running on this data folder"
    with only_one(DATA / "running.lock", already):
        port = choose_port(os.environ.get("PORT", ""))
        env = environment(port)
        demo = ["demo"] if env["YINUO_DEMO"] == "1" else []
        set_up(ROOT / "requirements.lock", env, ["catalogues", "migrate", "reindex", "collectstatic", *demo])
        if not port_is_free(port):  # somebody took it meanwhile
            port = choose_port(os.environ.get("PORT", ""))
            env = environment(port)
        return supervise(
            [
                Child("网页服务", "web server", ["web", str(port)], env),
                Child("后台任务", "job worker", ["worker"], env),
            ],
            port,
        )


def choose_port(asked: str) -> int:
    """The port asked for, else 8000 or the next free one. Raises Refused when the one asked for is taken."""
    if asked and not (asked.isdecimal() and 0 < int(asked) < 65536):
        raise Refused(f"PORT={asked} 不是端口号 / is not a port number (1–65535)")
    wanted = int(asked or 8000)
    if port_is_free(wanted):
        return wanted
    free = next((port for port in range(wanted + 1, min(wanted + 1000, 65536)) if port_is_free(port)), None)
    if free is None:
        raise Refused(f"端口 {wanted} 及其后均被占用 / port {wanted} and those after it are taken: PORT=…")
    if asked:
        how = f"set PORT={free}&& py start.py" if os.name == "nt" else f"PORT={free} python3 start.py"
        raise Refused(f"端口 {wanted} 已被占用，{free} 空闲 / port {wanted} is taken, {free} is free:  {how}")
    say(f"端口 {wanted} 已被占用，改用 {free}", f"port {wanted} is taken, using {free}")
    return free


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name != "nt":  # there it would mean sharing the port, here it only forgets closed connections
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class Child:
    """A long-running part of the product, started again when it dies."""

    def __init__(self, zh: str, en: str, arguments: Sequence[str], env: dict[str, str]) -> None:
        self.zh, self.en = zh, en
        self.command: list[str | Path] = [PYTHON, "-m", "config.processes", *arguments]
        self.env = env
        self.deaths: list[float] = []

    def start(self) -> None:
        self.process = spawn(self.command, self.env, subprocess.PIPE)

    def revive(self) -> None:
        """Start again if it has ended. Raises Refused when that has happened too often lately."""
        code = self.process.poll()
        if code is None:
            return
        kill_tree(self.process)
        now = time.monotonic()
        self.deaths = [death for death in self.deaths if now - death < RESTART_SPAN] + [now]
        if len(self.deaths) > RESTARTS:
            raise Refused(f"{self.zh}反复退出，全部停止 / the {self.en} keeps ending; stopping everything")
        say(f"{self.zh}意外退出（{code}），重新启动", f"the {self.en} ended ({code}), starting it again")
        self.start()

    def let_go(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()

    def end(self, until: float) -> None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, until - time.monotonic()))
        kill_tree(self.process)


def supervise(children: Sequence[Child], port: int) -> int:
    """Keep all children running until told to stop; returns the exit code."""
    started: list[Child] = []
    try:
        for part in children:
            part.start()
            started.append(part)
        wait_until_ready(started, port)
        tell(f"ready: http://{HOST}:{port}")
        say("按 Ctrl+C 停止", "Ctrl+C stops it")
        while True:
            for part in started:
                part.revive()
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("正在停止…", "stopping …")
        return 0
    finally:
        for part in started:
            part.let_go()
        until = time.monotonic() + GRACE
        for part in started:
            part.end(until)


def wait_until_ready(children: Sequence[Child], port: int) -> None:
    """Return once the first page answers. Raises Refused when it does not in time."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        for part in children:
            part.revive()
        if answers(port):
            return
        time.sleep(0.2)
    raise Refused("网页服务没有应答，原因见上 / the web server does not answer; the reason stands above")


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)  # not urllib: no proxy in between
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def spawn(command: Sequence[str | Path], env: Mapping[str, str], stdin: int) -> "subprocess.Popen[bytes]":
    """Start a process that can be ended with all its descendants, and gets no Ctrl+C of the terminal."""
    if sys.platform == "win32":
        group = subprocess.CREATE_NEW_PROCESS_GROUP
        return subprocess.Popen(command, cwd=ROOT, env=env, stdin=stdin, creationflags=group)
    return subprocess.Popen(command, cwd=ROOT, env=env, stdin=stdin, start_new_session=True)


def kill_tree(process: "subprocess.Popen[bytes]") -> None:
    """End at once whatever is left of a process and its descendants."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


# ─── tests ───────────────────────────────────────────────────────────────────────────────────────────────


def test(arguments: Sequence[str]) -> int:
    env = environment(8000, data=ROOT / "var" / "test")
    set_up(ROOT / "requirements-dev.lock", env, ["catalogues", "collectstatic"])
    command = [str(PYTHON), "-m", "pytest", *arguments]
    if sys.platform == "win32":
        return subprocess.call(command, cwd=ROOT, env=env)
    os.chdir(ROOT)
    os.execve(command[0], command, env)  # pytest takes this process's place, terminal and signals included


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
