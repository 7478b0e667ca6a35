"""A real Chromium against the real product: web server and worker in processes of their own, demo company inside."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from tests.browser.seats import Seat
from tests.house import tree

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium the stories are counted as skipped, with the reason.

    Two come last: handing over changes who has what, the editor how the company works from then on.
    """
    last = ("test_handing_over", "test_editor")
    items.sort(key=lambda item: max((at for at, name in enumerate(last, 1) if name in item.path.stem), default=0))
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
        subprocess.run([*manage, *command], env=env, cwd=tree.ROOT, check=True, timeout=400)
    processes = [sys.executable, "-m", "config.processes"]
    children = [
        subprocess.Popen([*processes, *part], env=env, cwd=tree.ROOT, stdin=subprocess.PIPE, start_new_session=True)
        for part in (["web", str(port)], ["worker"])
    ]
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield Product(f"http://127.0.0.1:{port}", data)
    finally:
        for child in children:
            child.communicate(timeout=30)  # closes their standard input: so they end, as under `start.py`


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
                "--lang=zh-CN", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        )  # fmt: skip
        yield browser
        browser.close()


@dataclass
class Room:
    """Everybody who sits before the product: a browser of their own for each, and what went wrong in any of them."""

    product: Product
    browser: Browser
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def seat(self, name: str | None, size: ViewportSize = WIDE) -> Page:
        """A browser in which that person is signed in by the demo company's one click; nobody with None."""
        context = self.browser.new_context(
            base_url=self.product.url, viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: self._hear(name, said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._hear(name, str(error)))
        page.on("request", lambda asked: self._watch(name, asked.url))
        if name is not None:
            page.goto("/")
            page.locator(f"button[name=person][value={name}]").click()
            page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    def _hear(self, name: str | None, said: str) -> None:
        # The browser reports refused requests (403, 409, 422) too; tests that provoke one look for its sentence.
        if "status of 4" not in said and "Status Error Code 4" not in said:
            self.troubles.append(f"{name}: {said}")

    def _watch(self, name: str | None, url: str) -> None:
        if not url.startswith((self.product.url, "data:", "blob:")):
            self.troubles.append(f"{name}: asks {url}")

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def sit_down(product: Product, browser: Browser) -> Iterator[Callable[..., Seat]]:
    """`sit_down("lina")`: that person at their browser, signed in.

    Every error on the page's console, and every request that leaves the product, fails the test.
    """
    room = Room(product, browser)
    yield lambda name, **more: Seat(room.seat(name, **more))
    room.leave()
    assert room.troubles == []
