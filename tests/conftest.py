"""Fixtures that every test may use: the company, and a browser-like client for each of its people."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as laws
from pytest_django import Settings

from tests import cast
from yinuo.kit import remembering

# Laws are about what holds, not about how busy the machine is.
laws.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
laws.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="only tests that touch the database: the others are the same on any",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--only-database"):
        return
    kept = [each for each in items if each.get_closest_marker("django_db") or "db" in getattr(each, "fixturenames", ())]
    config.hook.pytest_deselected(items=[each for each in items if each not in set(kept)])
    items[:] = kept


@pytest.fixture(autouse=True)
def fast_passwords() -> object:
    """Argon2 on purpose takes its time; the tests of sign-in itself switch it on again."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test has a database of its own."""
    remembering.forget()


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Pages name static files as they are called here: the hashed names exist only after set-up has collected them."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def kept_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request outside Django's client, or a download that is broken off, would end the test's own connection."""
    monkeypatch.setattr(connections["default"], "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own: what seals and files of one test say is no other's."""
    settings.DATA_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path


@pytest.fixture
def company(db: None) -> cast.Company:
    return cast.company()


@pytest.fixture
def signed_in(company: cast.Company) -> Callable[[str], Client]:
    """`signed_in("lina")`: a client signed in as that person."""

    def client_of(name: str) -> Client:
        client = Client()
        client.force_login(company.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of
