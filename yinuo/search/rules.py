"""What is indexed of a document, and how text becomes tokens: Chinese in pairs of characters, the rest in words."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Document:
    """What an upper room gives to the index for one subject.

    `label` is its number or short name, `title` its heading, `text` everything else worth finding, `url` a local
    address, `at` when it came about. `kind` groups hits on the search page (the name of an index source; its type when
    empty).
    """

    type: str
    id: int
    title: str
    label: str
    text: str
    url: str
    scope_id: int | None
    site_id: int | None
    at: datetime
    kind: str = ""


@dataclass(frozen=True)
class Hit:
    """One found document; hits in `title`, `label` and `snippet` stand between U+E000 and U+E001."""

    type: str
    id: int
    kind: str
    label: str
    title: str
    snippet: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Similar:
    """One similar document; `percent` is its similarity, 0 to 100."""

    type: str
    id: int
    kind: str
    label: str
    title: str
    url: str
    at: datetime
    percent: int
