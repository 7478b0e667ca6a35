"""The company with its procedures, a customer, and a case with its original to live through."""

from datetime import datetime
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import cast
from tests.cases import story as stories
from tests.cases.conftest import svw, working
from yinuo.cases import models
from yinuo.customers import models as customers

__all__ = ["svw", "working"]


@pytest.fixture(autouse=True)
def own_files(settings: Settings, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def registered(company: cast.Company, of: customers.Customer, now: datetime) -> models.Case:
    """A request of three items whose mail is kept."""
    items = stories.items(stories.SALT, stories.REPORT, stories.LEAD)
    mail = [("来函.eml", b"Subject: salt spray\n\n720 h")]
    return stories.open_case(company, of, items=items, files=mail, now=now, notified_at=now)


@pytest.fixture
def story(working: cast.Company, svw: customers.Customer) -> stories.Story:
    return stories.Story(working, registered(working, svw, stories.NOW))
