"""`manage.py worker`: the job worker, with the schedules that the rooms have plugged in."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from yinuo.kit import jobs


class Command(BaseCommand):
    help = "Run background jobs and schedules until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        jobs.sync_schedules()
        call_command("qcluster")
