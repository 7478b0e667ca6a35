"""The world is built once for the folder and never kept: each test acts in a savepoint that is rolled back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.hostile import attacking
from tests.hostile import world as worlds

FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="package")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[worlds.World]:
    """The world, for as long as this folder's tests run."""
    folder = tmp_path_factory.mktemp("hostile")
    settings = override_settings(DATA_DIR=folder, FILES_DIR=Path(folder) / "files", PASSWORD_HASHERS=FAST)
    with settings, django_db_blocker.unblock(), attacking.undone():
        yield worlds.build()


@pytest.fixture
def db(built: worlds.World) -> Iterator[None]:
    """In place of the usual fixture: what a test writes is rolled back to the world as it was built."""
    with attacking.undone():
        yield


@pytest.fixture
def world(built: worlds.World, db: None) -> worlds.World:
    return built
