"""A company in the middle of its work, built once; each test's calls are rolled back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.hostile import attacking
from tests.hostile import world as worlds
from tests.hostile.world import World


@pytest.fixture(scope="package")
def built(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("api")
    fast = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings = override_settings(DATA_DIR=folder, FILES_DIR=Path(folder) / "files", PASSWORD_HASHERS=fast)
    with settings, django_db_blocker.unblock(), attacking.undone():
        yield worlds.build()


@pytest.fixture
def db(built: World) -> Iterator[None]:
    """In place of the usual fixture: what a test writes is rolled back to the world as it was built."""
    cache.clear()
    with attacking.undone():
        yield


@pytest.fixture
def world(built: World, db: None) -> World:
    return built
