"""The clock's visits."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.procedures.actions import clock, evaluating


@jobs.every(1, "procedures.clock")
def strike() -> None:
    """Every minute: whose moment has come?"""
    clock.strike(by=actors.PROGRAM, now=timezone.now())


@jobs.every(15, "procedures.people")
def mend_people() -> None:
    """Every quarter of an hour: tasks whose people have left or whose post is vacant."""
    clock.mend_people(by=actors.PROGRAM, now=timezone.now())


@jobs.every(24 * 60, "procedures.evaluation")
def ask_for_evaluation() -> None:
    """Every day: which procedure was last evaluated a year ago?"""
    evaluating.ask_for_evaluation(by=actors.PROGRAM, now=timezone.now())


@jobs.job("procedures.wake")
def wake(task: int) -> None:
    """One task's moment has come."""
    clock.wake(task_id=task, by=actors.PROGRAM, now=timezone.now())


@jobs.job("procedures.recompute_due")
def recompute_due(tasks: list[int]) -> None:
    """Due moments of some tasks after the calendar changed."""
    clock.recompute_due(task_ids=tasks, by=actors.PROGRAM, now=timezone.now())
