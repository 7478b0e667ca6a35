"""How a task came to be where it is: what is told to whoever wanted to move it too."""

from datetime import datetime
from typing import NamedTuple

from yinuo.procedures import models as procedures
from yinuo.records import queries as records_queries

WORD = "procedures.task.reassigned"
LOOKED_AT = 20  # of the subject's latest entries


class Move(NamedTuple):
    """Who gave it to whom, and when."""

    by: str
    to: str
    at: datetime


def last_move(task: procedures.Task) -> Move | None:
    """The last move of a task as its subject's trail tells it; None where it tells of none."""
    to = task.holder.name if task.holder else task.post.name if task.post else ""
    about = {"zh": task.title_zh + (f" · {task.about_zh}" if task.about_zh else "")}
    entries = records_queries.entries(task.subject).filter(word=WORD)
    for at, by, note in entries.values_list("at", "actor_name", "note")[:LOOKED_AT]:
        if to and note.get("to") == to and (note.get("task") or {}).get("zh") == about["zh"]:
            return Move(by.rsplit(" ", 1)[0], to, at)
    return None
