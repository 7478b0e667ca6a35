"""Procedures and their frozen editions, runs, tasks, signatures, opinions entered for others, copies, and the log of
moves. Django looks for a room's tables here; other modules say `models.Task`.
"""

from yinuo.procedures.models.drafts import Draft
from yinuo.procedures.models.editions import Edition, Frozen, Procedure
from yinuo.procedures.models.runs import Move, Run
from yinuo.procedures.models.signing import Opinion, Signature
from yinuo.procedures.models.stages import Stage, words
from yinuo.procedures.models.tasks import Candidate, Copy, Reminder, Task

__all__ = [
    "Candidate",
    "Copy",
    "Draft",
    "Edition",
    "Frozen",
    "Move",
    "Opinion",
    "Procedure",
    "Reminder",
    "Run",
    "Signature",
    "Stage",
    "Task",
    "words",
]
