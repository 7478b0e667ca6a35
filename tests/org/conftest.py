"""What the tests of the organisation share: a company whose people act at a given moment."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from tests import cast
from yinuo.records import models


@pytest.fixture
def at_work(company: cast.Company) -> Iterator[cast.Company]:
    """The company on an ordinary Monday morning."""
    with time_machine.travel(cast.NOW, tick=False):
        yield company


@pytest.fixture
def words_of(db: None) -> Callable[[str], list[str]]:
    """`words_of("org.person")`: what the trail says was done to subjects of a type, oldest first."""

    def found(subject_type: str) -> list[str]:
        entries = models.Entry.objects.filter(subject_type=subject_type).order_by("pk")
        return list(entries.values_list("word", flat=True))

    return found
