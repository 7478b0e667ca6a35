"""start.py in a small tree: starting, every way of stopping, and what it refuses."""

import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import start

from .conftest import Tree, is_alive, wait_for

pytestmark = pytest.mark.skipif(os.name == "nt", reason="process groups and signals of POSIX")


def gone(pids: list[int]) -> None:
    wait_for(lambda: not any(is_alive(pid) for pid in pids))


def test_a_fresh_tree_gets_its_environment_and_a_second_start_leaves_it_alone(tree: Tree) -> None:
    prepare = tree.root / "config" / "processes.py"
    prepare.write_text("import sys\nopen('ran.txt', 'a').write(' '.join(sys.argv[1:]))\nsys.exit(3)\n")
    process = tree.start()
    output = process.communicate(timeout=120)[0]
    assert process.returncode == 1
    assert "making the Python environment" in output
    assert "installing packages" in output
    assert "preparing the data failed" in output
    assert tree.ran() == ["fetch", "prepare", "catalogues", "migrate", "reindex", "collectstatic", "demo"]

    python = tree.root / ".venv" / "bin" / "python"
    made = python.lstat().st_mtime_ns
    again = tree.start().communicate(timeout=60)[0]
    assert "installing" not in again
    assert python.lstat().st_mtime_ns == made

    tree.root.joinpath("requirements.lock").write_text("# changed\n")
    assert "installing packages" in tree.start().communicate(timeout=60)[0]
    assert python.lstat().st_mtime_ns == made


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_told_to_stop_everything_ends(tree: Tree, name: str) -> None:
    tree.install()
    process = tree.start()
    assert tree.ready(process) == []
    assert tree.ran() == ["fetch", "catalogues", "migrate", "reindex", "collectstatic", "demo"]
    pids = tree.pids()
    assert all(map(is_alive, pids))
    process.send_signal(getattr(signal, name))
    output = process.communicate(timeout=20)[0]
    assert process.returncode == 0, output
    assert "Traceback" not in output
    gone(pids)
    assert start.port_is_free(tree.port)


def test_killed_itself_its_children_end_too(tree: Tree) -> None:
    tree.install()
    process = tree.start()
    tree.ready(process)
    pids = tree.pids()
    process.kill()
    process.wait()
    gone(pids)


def test_a_closed_terminal_stops_everything(tree: Tree) -> None:
    tree.install()
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whatever these tests were started under
        os.execve(sys.executable, [sys.executable, str(tree.root / "start.py")], tree.env)
    output = b""
    while b"ready: " not in output:
        output += os.read(terminal, 4096)
    wait_for(tree.workers)
    pids = tree.pids()
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    gone(pids)


def test_what_nohup_ignores_stays_ignored(tree: Tree) -> None:
    tree.install()
    process = tree.start(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    tree.ready(process)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGHUP)
    assert is_alive(tree.web())
    assert process.poll() is None
    process.terminate()
    assert process.wait(20) == 0


def test_a_dead_worker_comes_back_without_leaving_anything(tree: Tree) -> None:
    tree.install()
    process = tree.start()
    tree.ready(process)
    web, worker, child = tree.pids()
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(tree.workers()) == 2)
    gone([worker, child])
    assert tree.web() == web
    process.terminate()
    assert "the job worker ended (-9), starting it again" in process.communicate(timeout=20)[0]


def test_several_web_processes_share_the_work_and_end_together(tree: Tree) -> None:
    tree.install()
    tree.extra["YINUO_WEB_PROCESSES"] = "3"
    process = tree.start()
    tree.ready(process)
    found: set[int] = set()
    wait_for(lambda: len(found.add(tree.web()) or found) == 3)
    os.kill(min(found), signal.SIGKILL)  # one ends: all are started anew
    gone([*found])
    again: set[int] = set()
    wait_for(lambda: start.answers(tree.port))
    wait_for(lambda: len(again.add(tree.web()) or again) == 3)
    process.terminate()
    output = process.communicate(timeout=20)[0]
    assert "the web server ended (1), starting it again" in output
    assert "Traceback" not in output
    gone([*again])
    assert start.port_is_free(tree.port)


def test_what_keeps_dying_ends_everything(tree: Tree) -> None:
    tree.install()
    process = tree.start()
    tree.ready(process)
    web = tree.web()
    for count in range(1, start.RESTARTS + 2):
        wait_for(lambda count=count: len(tree.workers()) == count)
        os.kill(tree.workers()[-1][0], signal.SIGKILL)
    output = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert "the job worker keeps ending" in output
    gone([web, *(pid for pair in tree.workers() for pid in pair)])


@pytest.mark.parametrize(
    ("base", "seen"), [("https://yinuo.example", "https 203.0.113.9 203.0.113.9"), ("", "http 127.0.0.1 203.0.113.9")]
)
def test_a_proxy_is_believed_only_where_there_is_one(tree: Tree, base: str, seen: str) -> None:
    tree.install()
    tree.extra = {"YINUO_BASE_URL": base} if base else {}
    process = tree.start()
    tree.ready(process)
    assert tree.who({"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}) == seen
    process.terminate()
    assert process.wait(20) == 0


def test_a_second_start_on_the_same_data_says_so(tree: Tree) -> None:
    tree.install()
    first = tree.start()
    tree.ready(first)
    second = tree.start()
    output = second.communicate(timeout=20)[0]
    assert second.returncode == 1
    assert f"already running on this data folder (pid {first.pid})" in output
    assert is_alive(tree.web())
    assert len(tree.workers()) == 1


def test_setting_up_at_the_same_time_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "deep" / "setup.lock"
    with start.only_one(lock, "busy"):
        hold = f"import start, pathlib\nwith start.only_one(pathlib.Path({str(lock)!r}), 'busy'): print('mine')"
        other = subprocess.run(
            [sys.executable, "-c", hold], capture_output=True, text=True, cwd=start.ROOT, check=False
        )
        assert "mine" not in other.stdout
        assert f"busy (pid {os.getpid()})" in other.stderr
    with start.only_one(lock, "busy"):
        pass


def test_a_taken_port_asked_for_is_refused_with_a_free_one(tree: Tree) -> None:
    tree.install()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", tree.port))
        taken.listen()
        process = tree.start()
        output = process.communicate(timeout=20)[0]
    assert process.returncode == 1
    offered = int(output.rpartition("PORT=")[2].split()[0])
    assert offered > tree.port
    assert f"port {tree.port} is taken, {offered} is free" in output
    assert start.port_is_free(offered)
    assert not tree.root.joinpath("ran.txt").exists()


def test_without_a_wish_the_next_free_port_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    first = start.choose_port("")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", first))
        taken.listen()
        capsys.readouterr()
        second = start.choose_port("")
    assert second > first
    assert f"using {second}" in capsys.readouterr().out


@pytest.mark.parametrize("wish", ["web", "0", "65536", "-1", "80.5", "８０８０x"])
def test_a_port_is_a_number(wish: str) -> None:
    with pytest.raises(start.Refused, match="not a port number"):
        start.choose_port(wish)


def test_without_ensurepip_it_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    named = "-venv" if Path("/etc/debian_version").exists() else "python.org"
    with pytest.raises(start.Refused, match=named):
        start.make_venv()


def test_an_environment_of_another_python_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = tmp_path / "installed.json"
    monkeypatch.setattr(start, "MARKER", marker)
    for text in ("", "{", '{"python": "3.9", "requirements.lock": "…"}'):
        marker.write_text(text)
        assert start.read_marker() == {}
    marker.write_text(f'{{"python": "{start.python_version()}", "requirements.lock": "x"}}')
    assert start.read_marker()["requirements.lock"] == "x"


def test_what_the_caller_set_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINUO_BASE_URL", "https://yinuo.example")
    env = start.environment(8123)
    assert env["YINUO_BASE_URL"] == "https://yinuo.example"


@pytest.mark.parametrize(
    ("base", "said", "demo"),
    [
        ("", "", "1"),
        ("", "0", "0"),
        ("http://localhost:8000", "", "1"),
        ("https://yinuo.example", "", "0"),
        ("https://yinuo.example", "1", "0"),
    ],
)
def test_the_demo_company_is_founded_on_loopback_only(
    base: str, said: str, demo: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("YINUO_BASE_URL", base), ("YINUO_DEMO", said)):
        monkeypatch.delenv(name, raising=False)
        if value:
            monkeypatch.setenv(name, value)
    assert start.environment(8123)["YINUO_DEMO"] == demo


def test_other_words_bring_the_help() -> None:
    answer = subprocess.run([sys.executable, start.__file__, "fly"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "start.py test" in answer.stdout
