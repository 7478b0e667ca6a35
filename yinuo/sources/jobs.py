"""Reading the files of an edition, in a process of their own."""

from django.utils import timezone

from yinuo.kit import actors, jobs, plugs
from yinuo.sources import models
from yinuo.sources.actions import citing, judging, obsolete, standards, texts
from yinuo.sources.actions import reading as actions
from yinuo.sources.definition import Fault, Remark, Unreadable
from yinuo.sources.queries import citing as citing_queries
from yinuo.sources.readers import apart
from yinuo.sources.rules import citing as rules

BLOCK = 100  # clauses proposed in one transaction
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


LOOKED_AT_ONCE = 200  # editions that one visit asks to be looked through


@jobs.job("sources.look_through", seconds=LONGEST)
def look_through(edition: int) -> None:
    """Find what the accepted clauses of an edition name, and what of it is no longer so."""
    row = models.Edition.objects.select_related("document").get(pk=edition)
    if row.clauses == models.Edition.Clauses.ACCEPTED:
        citing.look_through(edition=row, by=actors.PROGRAM, now=timezone.now())


@jobs.job("sources.look_for_obsolete", seconds=LONGEST)
def look_for_obsolete() -> None:
    """Entries have changed, or the program has learned: ask for every edition that was looked through before, look at
    the names of customers, and know all documents by their names."""
    now = timezone.now()
    for document in citing_queries.unknown(LOOKED_AT_ONCE):
        citing.follow(document=document, by=actors.PROGRAM, now=now)
    stamp = citing_queries.stamp()
    for edition in citing_queries.to_look_through(LOOKED_AT_ONCE):
        key = f"{edition.pk}-{edition.version}-{rules.EDITION}-{stamp}"
        jobs.enqueue("sources.look_through", key=key, now=now, edition=edition.pk)
    obsolete.note_customers(by=actors.PROGRAM, now=now)
    for plug in plugs.texts:
        jobs.enqueue("sources.look_at_texts", key=f"{plug.name}-{now:%Y%m%dT%H%M}", now=now, type=plug.name)


@jobs.job("sources.look_at_texts", seconds=LONGEST)
def look_at_texts(type: str) -> None:  # noqa: A002 - of subjects
    """What the words of other rooms say that is no longer so, block by block; what was looked through already stays."""
    texts.drop_ended(type=type, by=actors.PROGRAM, now=timezone.now())
    while texts.look_through(type=type, by=actors.PROGRAM, now=timezone.now()):
        pass


@jobs.every(30, "sources.look_again")
def look_again() -> None:
    """Every half hour: what is new among customers' names, and what was not looked through yet."""
    jobs.soon("sources.look_for_obsolete", within=60)


@jobs.job("sources.propose", outside=True, seconds=LONGEST)
def propose(edition: int) -> None:
    """What the clauses of a long edition are and where they belong, block by block; what is proposed already stays."""
    row = models.Edition.objects.select_related("document").get(pk=edition)
    while judging.propose_some(edition=row, most=BLOCK, by=actors.PROGRAM, now=timezone.now()):
        pass
