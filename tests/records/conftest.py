"""A data folder of its own for each test: seals and files of one test are no other's."""

from pathlib import Path

import pytest
from pytest_django import Settings

from yinuo.kit import subjects

CASE = subjects.Ref("cases.case", 7, "CSR-2026-0413 盐雾试验", "/cases/CSR-2026-0413/")


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path
