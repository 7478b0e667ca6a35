"""The clock's visits."""

from django.utils import timezone

from yinuo.cases.actions import reminding, watching
from yinuo.kit import actors, jobs


@jobs.every(60, "cases.tell_what_runs_out")
def tell_what_runs_out() -> None:
    """Items, oral words, waivers and objects whose day comes or has passed."""
    watching.tell_what_runs_out(by=actors.PROGRAM, now=timezone.now())


@jobs.every(60, "cases.remind_of_findings")
def remind_of_findings() -> None:
    """What anybody reported and nobody has sorted for a working day."""
    reminding.remind_of_findings(by=actors.PROGRAM, now=timezone.now())
