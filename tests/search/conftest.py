"""A shelf of things to index: `shelf.put(1, title="…")` and then `shelf.refresh()`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests import cast
from yinuo.kit import plugs
from yinuo.search import actions, rules

TYPE = "cases.thing"


@dataclass
class Shelf:
    documents: dict[int, rules.Document] = field(default_factory=dict)

    def put(self, key: int, title: str = "", text: str = "", **more: object) -> None:
        values: dict[str, object] = {
            "type": TYPE,
            "id": key,
            "title": title,
            "label": f"T-{key:04}",
            "text": text,
            "url": f"/things/{key}",
            "scope_id": None,
            "site_id": None,
            "at": cast.NOW + timedelta(minutes=key),
        }
        self.documents[key] = rules.Document(**{**values, **more})  # type: ignore[arg-type]

    def source(self, ids: list[int]) -> list[rules.Document]:
        return [self.documents[key] for key in ids if key in self.documents]

    def refresh(self, *ids: int) -> None:
        actions.refresh(TYPE, ids or list(self.documents))


@pytest.fixture
def shelf(db: None) -> Iterator[Shelf]:
    it = Shelf()
    plugs.index_sources.plug(TYPE, it.source, zh="物件", en="Things", every=lambda: sorted(it.documents))
    yield it
    del plugs.index_sources._plugs[TYPE]
