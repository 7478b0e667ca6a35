"""Jobs that a real worker runs in tests. What they did stands in the table of one-time keys, for want of another."""

import time
import uuid

from django.utils import timezone

from yinuo.kit import jobs, models


def did(what: str) -> None:
    models.OneTimeKey.objects.create(key=uuid.uuid4().hex, result_url=what, used_at=timezone.now())


@jobs.job("workshop.piece")
def piece(name: str, seconds: float) -> None:
    """Writes first and takes its time then: a worker killed meanwhile has written and not committed."""
    did(name)
    time.sleep(seconds)
