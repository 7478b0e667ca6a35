"""What stands on a paper, as plain data: texts, facts, tables, pictures. Nothing in it is ever markup."""

from collections.abc import Sequence
from dataclasses import dataclass


class CannotPrint(Exception):
    """No paper came of it. `code` says why; the words for it stand where people read them."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Letterhead:
    """The company on its paper. `logo` is a PNG, `colour` six digits behind a #."""

    name: str
    address: str = ""
    colour: str = "#0f5f66"
    logo: bytes = b""


@dataclass(frozen=True)
class Heading:
    """What the following is about."""

    text: str


@dataclass(frozen=True)
class Text:
    """A paragraph; `is_quiet`: a remark in smaller letters."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Facts:
    """Labels, each with what is said to it, two pairs beside each other; a pair with `True` takes the whole line."""

    pairs: Sequence[tuple[str, str, bool]]


@dataclass(frozen=True)
class Column:
    """A column of a table. Its width follows from what stands in it."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under headings that are repeated on each page; `groups` stand above the headings, `total` closes it."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    groups: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG, with its words for those who do not see it."""

    svg: str
    words: str


Block = Heading | Text | Facts | Table | Picture


@dataclass(frozen=True)
class Signer:
    """A place to sign at the foot of the last page; name and day where they are known."""

    role: str
    name: str = ""
    day: str = ""


@dataclass(frozen=True)
class Paper:
    """A whole paper. `note` says who printed it and when: the only moment in the file."""

    head: Letterhead
    title: str
    blocks: Sequence[Block]
    number: str = ""
    edition: str = ""
    secrecy: str = ""
    note: str = ""
    language: str = "zh"
    is_wide: bool = False
    signers: Sequence[Signer] = ()
