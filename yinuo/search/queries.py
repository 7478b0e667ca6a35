"""Finding: what a person may see, newest first, hits marked; and what resembles a text."""

from collections.abc import Collection

from yinuo.org import models as org_models
from yinuo.search import rules


def find(
    person: org_models.Person, text: str, kinds: Collection[str] | None = None, limit: int = 20
) -> list[rules.Hit]:
    """The newest documents that contain all words of the text and that the person may see."""
    return []


def similar(text: str, type: str, person: org_models.Person, limit: int = 5) -> list[rules.Similar]:
    """Documents of one type that resemble the text, the most similar first."""
    return []
