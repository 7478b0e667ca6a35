"""Reading the files of an edition, in a process of their own."""

from django.utils import timezone

from yinuo.kit import actors, jobs
from yinuo.sources import models
from yinuo.sources.actions import reading as actions
from yinuo.sources.actions import standards
from yinuo.sources.definition import Fault, Remark, Unreadable
from yinuo.sources.readers import apart

LONGEST = 300  # seconds for one file: what reading it, and turning an old Word file, may take together


@jobs.every(minutes=60, name="sources.load_standards")
def load_standards() -> None:
    """A company begins with the clauses of the usual standards; nobody has to load them."""
    if not models.Document.objects.filter(kind=models.DocumentKind.STANDARD).exists():
        standards.load_usual(by=actors.PROGRAM, now=timezone.now())


@jobs.job("sources.read", outside=True, seconds=LONGEST)
def read(edition: int) -> None:
    """Read one file that waits to be read, then ask for the next; after the last the draft of the clauses is made."""
    row = models.Edition.objects.get(pk=edition)
    if row.clauses != models.Edition.Clauses.READING:
        return
    waiting = row.files.filter(state=models.File.State.WAITING).select_related("attachment__blob").first()
    if waiting is not None:
        _read(waiting)
    if row.files.filter(state=models.File.State.WAITING).exists():
        key = f"{row.pk}-{row.version}-{waiting.place if waiting else 0}"
        jobs.enqueue("sources.read", key=key, now=timezone.now(), edition=row.pk)
    else:
        actions.settle(edition=row, by=actors.PROGRAM, now=timezone.now())


def _read(file: models.File) -> None:
    now = timezone.now()
    try:
        said, split = apart.read(file.attachment.blob.path.read_bytes(), file.attachment.name)
    except Unreadable as fault:
        actions.give_up(file=file, remark=fault.remark, now=now)
    except OSError:
        actions.give_up(file=file, remark=Remark(Fault.DAMAGED), now=now)
    else:
        actions.keep(file=file, reading=said, split=split, now=now)
