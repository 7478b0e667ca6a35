"""What a visit to a page can come to."""

from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    """Why a visit brought nothing. The first ones are the codes of fetching."""

    AWAY = "away"
    INSIDE = "inside"
    SLOW = "slow"
    TOO_LARGE = "too_large"
    BOMB = "bomb"
    PACKED = "packed"
    HOPS = "hops"
    BROKEN = "broken"
    STATUS = "status"
    NO_TEXT = "no_text"
    PART_GONE = "part_gone"
    SELECTOR_GONE = "selector_gone"


class Unread(Exception):
    """A page that came but says nothing that could be compared."""

    def __init__(self, trouble: Trouble, about: str = "") -> None:
        super().__init__(trouble)
        self.trouble, self.about = trouble, about


@dataclass(frozen=True)
class Part:
    """Which part of a page counts, and whether its numbers and days do. Phrases are looked for in what the selector
    leaves."""

    begins: str = ""
    ends: str = ""
    ignores_numbers: bool = False
    selector: str = ""


@dataclass(frozen=True)
class Seen:
    """What a page says: its text, or for a file only the print of its bytes."""

    fingerprint: str
    size: int
    text: str = ""
    is_file: bool = False


@dataclass(frozen=True)
class Hunk:
    """Lines that changed: pieces of ("same" | "out" | "in", words)."""

    pieces: tuple[tuple[str, str], ...]
