"""The clock's visits."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.messengers import queries as messengers
from yinuo.messengers.actions import telling
from yinuo.notify import actions as notify
from yinuo.notify import queries as notify_queries
from yinuo.procedures.actions import clock, evaluating
from yinuo.procedures.queries import digest


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


@jobs.every(5, "procedures.digest")
def send_digests() -> None:
    """Every five minutes: the groups whose daily digest is due hear what is overdue."""
    now = timezone.now()
    for group in messengers.digests_due(now):
        on = messengers.today_of(group, now)
        telling.send_digest(receiver=group, lines=digest.lines(group, now), on=on, by=actors.PROGRAM, now=now)


@jobs.every(5, "procedures.mail_digests")
def mail_digests() -> None:
    """Every five minutes: people whose morning has come get their digest by mail, if anything is due."""
    now = timezone.now()
    for person, on in notify_queries.digest_due(now):
        heading, lines = digest.lines_for(person, now)
        notify.send_digest(person=person, heading=heading, lines=lines, on=on, by=actors.PROGRAM, now=now)
