"""The company with its procedures, a customer, and a case to live through."""

import pytest

from tests import cast
from tests.cases import story as stories
from yinuo.customers import models as customers


@pytest.fixture
def working(company: cast.Company) -> cast.Company:
    """The company, its procedures published, its competence on record."""
    stories.publish(company)
    stories.skill("technical", "技术", company.wang)
    stories.skill("quality", "质量", company.sun)
    return company


@pytest.fixture
def svw(working: cast.Company) -> customers.Customer:
    return stories.customer(working)


@pytest.fixture
def story(working: cast.Company, svw: customers.Customer) -> stories.Story:
    """A case of three items, just registered."""
    case = stories.open_case(working, svw, items=stories.items(stories.SALT, stories.REPORT, stories.LEAD))
    return stories.Story(working, case)
