"""What a group's robot or another program is sent, and what it answered."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Who receives: a group's robot of one of three messengers, or another program (webhook)."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"


@dataclass(frozen=True)
class Post:
    """One HTTP POST: address with what the messenger wants in it, headers, body."""

    address: str
    headers: dict[str, str]
    body: bytes


class Verdict(StrEnum):
    """What the answer means: taken; not now, ask again later; never, whatever is sent."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """The verdict with the receiver's own words; `wait`: seconds for which it wants to be left alone.

    `is_crowded`: it was only too much at once, which does not count as a failed try.
    """

    verdict: Verdict
    words: str = ""
    wait: int = 0
    is_crowded: bool = False
