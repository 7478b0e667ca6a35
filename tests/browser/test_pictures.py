"""The pictures of the documentation: with UPDATE_DOCS=1 they are taken anew into docs/pictures."""

import os
from collections.abc import Callable

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.browser.seats import Seat
from tests.house import tree

PAGES = {
    "sign_in": (None, "/org/sign-in", WIDE),
    "work": ("lina", "/", WIDE),
    "cases": ("lina", "/cases/", WIDE),
    "case": ("zhou", "/cases/of/CSR-2026-0007/", WIDE),
    "case-phone": ("zhou", "/cases/of/CSR-2026-0007/", PHONE),
    "overview": ("gao", "/reports/", WIDE),
    "procedure": ("zhou", "/procedures/of/s5", WIDE),
}


@pytest.mark.skipif(os.environ.get("UPDATE_DOCS") != "1", reason="pictures are taken with UPDATE_DOCS=1")
@pytest.mark.parametrize("name", PAGES)
def test_picture(sit_down: Callable[..., Seat], name: str) -> None:
    who, address, size = PAGES[name]
    seat = sit_down(who, size=size)
    seat.go(address)
    folder = tree.ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    seat.page.screenshot(path=folder / f"{name}.png")
    assert (folder / f"{name}.png").stat().st_size < 400_000
