"""Who does something: a person of the company, an outsider with a signed link, or the program itself."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """What the trail needs to know of whoever acts. `org.Person` fulfils it."""

    @property
    def actor_id(self) -> str: ...

    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class Outsider:
    """Somebody without sign-in, e.g. a customer's contact answering by signed link."""

    actor_name: str
    actor_id: str = "outside"


@dataclass(frozen=True)
class Program:
    """The program itself: timers, reminders, imports at night."""

    actor_name: str = "Yinuo"
    actor_id: str = "program"


PROGRAM = Program()
