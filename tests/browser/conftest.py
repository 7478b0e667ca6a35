"""A real Chromium against the real product: web server and worker in processes of their own, demo company inside."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.house import tree

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium the stories are counted as skipped, with the reason."""
    for item in items:
        if "tests/browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@dataclass
class Product:
    """A running product: its address and the folder of its data."""

    url: str
    data: Path


def _free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product with the demo company, as `start.py` runs it."""
    data = tmp_path_factory.mktemp("product")
    port = _free_port()
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {
        "YINUO_DATA": str(data),
        "YINUO_BASE_URL": f"http://127.0.0.1:{port}",
        "YINUO_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    manage = [sys.executable, str(tree.ROOT / "manage.py")]
    for command in (["catalogues"], ["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"], ["demo"]):
        subprocess.run([*manage, *command], env=env, cwd=tree.ROOT, check=True, timeout=180)
    waitress = [
        sys.executable,
        "-m",
        "waitress",
        f"--listen=127.0.0.1:{port}",
        "--threads=8",
        "config.wsgi:application",
    ]
    children = [
        subprocess.Popen(command, env=env, cwd=tree.ROOT, start_new_session=True)
        for command in (waitress, [*manage, "worker"])
    ]
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield Product(f"http://127.0.0.1:{port}", data)
    finally:
        for child in children:
            os.killpg(child.pid, signal.SIGTERM)
        for child in children:
            child.wait(20)


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def sit_down(product: Product, browser: Browser) -> Iterator[Callable[..., Page]]:
    """`sit_down("lina")`: that person's browser, signed in by the demo company's one-click sign-in.

    Every error on the page's console, and every request that leaves the product, fails the test.
    """
    troubles: list[str] = []
    contexts = []

    def seat(name: str | None, *, size: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(
            base_url=product.url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: troubles.append(f"{name}: {said.text}") if said.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(f"{name}: {error}"))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((product.url, "data:", "blob:"))
                else troubles.append(f"{name}: asks {asked.url}")
            ),
        )
        if name is not None:
            page.goto("/")
            page.locator(f"button[name=person][value={name}]").click()
            page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield seat
    for context in contexts:
        context.close()
    # The browser reports refused requests (409, 403, 422) too; tests that provoke one look for its sentence.
    assert [it for it in troubles if "status of 4" not in it] == []


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: the documentation's folder with UPDATE_DOCS=1, else a folder of the run."""
    folder = tree.ROOT / "docs" / "pictures" if os.environ.get("UPDATE_DOCS") == "1" else None
    folder = folder or Path(os.environ.get("PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def look(pictures: Path) -> Callable[[Page, str], None]:
    """`look(page, "case")`: pictures at both widths, and no violation that axe can find at either."""

    def looked(page: Page, name: str) -> None:
        wrong = []
        for suffix, size in (("", WIDE), ("-phone", PHONE)):
            page.set_viewport_size(size)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=pictures / f"{name}{suffix}.png", full_page=True)
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if overflow > 0:
                wrong.append(f"{name}{suffix}: {overflow} px wider than the window")
            found = Axe().run(page)
            wrong += [
                f"{name}{suffix}: {each['id']} {[node['target'] for node in each['nodes']][:3]}"
                for each in found.response["violations"]
            ]
        page.set_viewport_size(WIDE)
        assert wrong == []

    return looked
