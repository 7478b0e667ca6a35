"""Reading the files of an edition, in a process of their own."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.sources import models
from yinuo.sources.actions import reading as actions
from yinuo.sources.definition import Fault, Remark, Split, Unreadable
from yinuo.sources.readers import apart


@jobs.job("sources.read", outside=True)
def read(edition: int) -> None:
    """Read what waits to be read; when every file was looked at, the draft of the clauses is made."""
    row = models.Edition.objects.get(pk=edition)
    if row.clauses != models.Edition.Clauses.READING:
        return
    splits: list[tuple[int, Split]] = []
    for file in row.files.select_related("attachment__blob"):
        now = timezone.now()
        try:
            said, split = apart.read(file.attachment.blob.path.read_bytes(), file.attachment.name)
        except Unreadable as fault:
            actions.give_up(file=file, remark=fault.remark, now=now)
        except OSError:
            actions.give_up(file=file, remark=Remark(Fault.DAMAGED), now=now)
        else:
            actions.keep(file=file, reading=said, now=now)
            splits.append((file.place, split))
    actions.settle(edition=row, splits=splits, by=actors.PROGRAM, now=timezone.now())
