"""What somebody has in hand, as the rooms tell it when it is handed over to somebody else (工作移交)."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, subjects


class NotTheirs(refusals.Refusal):
    """What was to be handed over is somebody else's by now."""

    def __init__(self, sentence: "str | Promise" = "") -> None:
        super().__init__(sentence or _("This is no longer theirs, or it is over: there is nothing left to hand over."))


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One thing somebody answers for. `subject` is what it is about: its scope and site decide who may see the duty.

    `version` is the one that is given away: changed meanwhile, it stays. `note` says what comes with it, or as what it
    is held; `may_give`: whether whoever looks may give it to somebody else.
    """

    key: int
    version: int
    label: str
    url: str
    subject: subjects.Ref
    due_at: datetime | None = None
    due_on: date | None = None
    note: str | Promise = ""
    may_give: bool = True


@dataclass(frozen=True)
class Held:
    """The duties of one kind that whoever looks may see; `hidden`: how many more there are that are confidential to
    nobody but that they have no right to see."""

    duties: list[Duty] = field(default_factory=list)
    hidden: int = 0
