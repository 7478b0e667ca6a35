"""What set-up fetches: every package gives a file that is kept, every file kept is asked for by a page or script."""

import importlib.util
import json
from types import ModuleType

import pytest

from tests.house import tree
from yinuo.kit.paper import apart


@pytest.fixture(scope="module")
def fetch() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch", tree.ROOT / "assets" / "fetch.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package_of(path: str) -> str:
    """`@tabler/core/dist/…` → `@tabler/core`"""
    return "/".join(path.split("/")[: 2 if path.startswith("@") else 1])


def test_nothing_is_fetched_that_is_not_kept(fetch: ModuleType) -> None:
    packages = json.loads((tree.ROOT / "assets" / "package.json").read_text("utf-8"))["dependencies"]
    lock = json.loads((tree.ROOT / "assets" / "package-lock.json").read_text("utf-8"))["packages"]
    assert set(packages) == {package_of(path) for path in (*fetch.FILES, *fetch.FONTS, fetch.SPRITE)}
    assert lock[""]["dependencies"] == packages
    needed = {name for row in lock.values() for name in row.get("dependencies", ())}
    assert {path.removeprefix("node_modules/") for path in lock if path} == needed


def test_nothing_is_kept_that_no_page_asks_for(fetch: ModuleType) -> None:
    sources = [path for end in ("html", "js", "py") for path in (tree.ROOT / "yinuo").rglob(f"*.{end}")]
    texts = [path.read_text("utf-8") for path in sources]
    for name in fetch.FILES.values():
        assert any(f"vendor/{name}" in text for text in texts), name


def test_the_fonts_are_those_that_papers_are_set_in(fetch: ModuleType) -> None:
    assert {name for name in fetch.FONTS.values() if name.endswith(".otf")} == set(apart.FONT_FILES)
