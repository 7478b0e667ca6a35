"""The clock's visits."""

from django.utils import timezone

from yinuo.cases.actions import watching
from yinuo.kit import actors, jobs


@jobs.every(60, "cases.tell_what_runs_out")
def tell_what_runs_out() -> None:
    """Oral words, waivers and objects whose day comes or has passed."""
    watching.tell_what_runs_out(by=actors.PROGRAM, now=timezone.now())
