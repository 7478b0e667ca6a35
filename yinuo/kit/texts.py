"""What subjects say in words, as the rooms tell it to whoever looks for what is no longer so (`plugs.texts`).

Plugged in under the type of the subjects, as `f(ids) -> list of Text`. Declared beside it:

    rows    f() -> the subjects whose words still hold, with a version that grows when they change
    seen    f(person) -> those of them that the person may see
"""

from dataclasses import dataclass

from yinuo.kit import subjects


@dataclass(frozen=True, kw_only=True)
class Text:
    """The words of one subject. `about` is what a talk on them would be about: its scope and site decide who may see.

    `label` and `url` say where the words stand; `customer_id`: whose they are.
    """

    id: int
    words: str
    label: str
    url: str
    about: subjects.Ref
    customer_id: int | None = None
