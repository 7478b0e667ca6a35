"""What is locked: everything asked for, nothing twice, and nobody's address in it."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from assets import fetch

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "assets/requirements.lock"]
PIN = re.compile(r"^([A-Za-z0-9_.-]+)==(\S+)", re.MULTILINE)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(lock: str) -> dict[str, str]:
    return {normal(name): version for name, version in PIN.findall(ROOT.joinpath(lock).read_text())}


@pytest.mark.parametrize("lock", LOCKS)
def test_python_locks_name_no_host_and_hash_everything(lock: str) -> None:
    text = ROOT.joinpath(lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*-(-index|-extra|-find|i |f )", text, re.MULTILINE)
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block, block


def test_the_test_tools_come_on_top_of_the_very_same_packages() -> None:
    runtime, dev = pins("requirements.lock"), pins("requirements-dev.lock")
    assert len(runtime) > 20
    assert runtime.items() <= dev.items()


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(ROOT.joinpath("pyproject.toml").read_text())

    def names(wanted: list[str]) -> set[str]:
        return {normal(re.split(r"[^A-Za-z0-9_.-]", one)[0]) for one in wanted}

    assert names(project["project"]["dependencies"]) <= pins("requirements.lock").keys()
    assert names(project["dependency-groups"]["dev"]) <= pins("requirements-dev.lock").keys()


def test_the_front_end_lock_names_no_registry_and_checks_every_package() -> None:
    lock = json.loads(ROOT.joinpath("assets/package-lock.json").read_text())
    wanted = json.loads(ROOT.joinpath("assets/package.json").read_text())["dependencies"]
    packages = {path: package for path, package in lock["packages"].items() if path}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert "omit-lockfile-registry-resolved=true" in ROOT.joinpath("assets/.npmrc").read_text()


def test_the_fetched_files_are_there() -> None:
    assert fetch.is_fetched()
    for name in [*fetch.FILES.values(), "icons.svg"]:
        text = fetch.VENDOR.joinpath(name).read_text(encoding="utf-8")
        assert len(text) > 1000
        assert "sourceMappingURL" not in text


def test_the_sprite_holds_the_named_icons_only() -> None:
    full = '<svg><defs><symbol id="tabler-a"><path/></symbol><symbol id="tabler-a-off"><g/></symbol></defs></svg>'
    assert "tabler-a-off" not in (sprite := fetch.sprite_of(full, ["a"]))
    assert '<symbol id="tabler-a"><path/></symbol>' in sprite
    with pytest.raises(SystemExit, match="no such icon: b"):
        fetch.sprite_of(full, ["a", "b"])


def test_icon_names_are_in_order_and_single() -> None:
    names = fetch.icon_names()
    assert names == sorted(set(names))
