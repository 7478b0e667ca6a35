"""config/settings.py in a process of its own, as it is read at start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def said(data: Path, code: str, **env: str) -> str:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    told = kept | {"YINUO_DATA": str(data), "PYTHONUTF8": "1"} | env
    command = [sys.executable, "-c", f"from config import settings\nprint({code})"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=told)
    return answer.stdout.strip()


@pytest.mark.parametrize("name", ["plain", "50% #1?", "一诺 数据"])
def test_the_data_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    data = tmp_path / name
    assert said(data, "settings.DATABASES['default']['NAME']") == str(data / "yinuo.sqlite3")


def test_a_database_that_is_named_is_taken(tmp_path: Path) -> None:
    url = "postgres://yinuo:p%40ss@db.example:5432/yinuo"
    assert said(tmp_path, "settings.DATABASES['default']['PASSWORD']", DATABASE_URL=url) == "p@ss"


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from config import settings\nprint(settings.SECRET_KEY)"]
    env = {"PATH": os.environ["PATH"], "YINUO_DATA": str(tmp_path)}
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=env) for _each in range(4)]
    keys = {process.communicate(timeout=60)[0] for process in started}
    assert len(keys) == 1
    assert len(keys.pop().strip()) > 50
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
