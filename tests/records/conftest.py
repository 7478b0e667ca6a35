"""What the tests of the trail share."""

from pathlib import Path

import pytest

from yinuo.kit import subjects

CASE = subjects.Ref("cases.case", 7, "CSR-2026-0413 盐雾试验", "/cases/CSR-2026-0413/")


@pytest.fixture(autouse=True)
def apart(data_folder: Path) -> None:
    """Each test seals, and keeps files, for itself."""
