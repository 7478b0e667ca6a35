"""Reading talks. Whatever takes a person returns only what that person may see."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from yinuo.kit import subjects
from yinuo.letters import access, models
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import models as records

SEE = Permission.LETTERS_SEE
LETTER = "letters.letter"


def threads(person: org.Person) -> QuerySet[models.Thread]:
    """Talks the person may see."""
    return person.visible(models.Thread.objects.all(), SEE)


def _letters(person: org.Person) -> QuerySet[models.Letter]:
    """Letters the person may see: by their own scope and site, which are their talk's, so that no talk is looked up."""
    return person.visible(models.Letter.objects.all(), SEE)


def letters_of(asked: Iterable[models.Thread]) -> dict[int, list[models.Letter]]:
    """The letters of several talks in the order in which they were entered, with every version of our drafts."""
    found: dict[int, list[models.Letter]] = {each.pk: [] for each in asked}
    versions = models.DraftVersion.objects.select_related("by").order_by("number")
    rows = models.Letter.objects.filter(thread__in=list(found))
    rows = rows.select_related("contact", "entered_by", "released_by", "sent_by", "confirmed_in")
    for row in rows.prefetch_related(Prefetch("versions", versions)).order_by("pk"):
        found[row.thread_id].append(row)
    return found


def threads_about(subject: "subjects.Subject | subjects.Ref", person: org.Person) -> QuerySet[models.Thread]:
    """Talks about one subject, latest first."""
    it = subjects.ref(subject)
    rows = threads(person).filter(subject_type=it.type, subject_id=it.id)
    return rows.select_related("customer").order_by("-last_at", "-pk")


def threads_with(customer_id: int, person: org.Person) -> QuerySet[models.Thread]:
    """Talks with one customer, whatever they are about, latest first."""
    return threads(person).filter(customer=customer_id).select_related("customer").order_by("-last_at", "-pk")


def unconfirmed(person: org.Person, until: date | None = None) -> QuerySet[models.Letter]:
    """Spoken words still to be confirmed in writing (待书面确认), those due until a day, earliest first."""
    rows = _letters(person).filter(confirmation=models.Confirmation.WAITING).select_related("thread__customer")
    return (rows.filter(confirm_due_on__lte=until) if until else rows).order_by("confirm_due_on", "pk")


def drafts_to_release(person: org.Person, now: datetime) -> list[models.Letter]:
    """Drafts that wait for this person's release, longest waiting first. One query when nothing waits for anybody."""
    rows = _letters(person).filter(state=models.LetterState.DRAFT, asked_at__isnull=False)
    if not rows.exists():  # asked on every page, for the menu: mostly nothing waits, which costs half as much to learn
        return []
    drafts = list(rows.select_related("thread__customer", "entered_by").order_by("asked_at")[:500])
    by_thread = access.releasers_of({draft.thread_id: draft.thread for draft in drafts}.values(), now)
    return [draft for draft in drafts if person in by_thread[draft.thread_id]]


def files_of(letters_asked: Iterable[models.Letter]) -> dict[int, list[records.Attachment]]:
    """The files of several letters, by the letter's key, oldest first; void ones are left out."""
    ids = [each.pk for each in letters_asked]
    rows = records.Attachment.objects.filter(subject_type=LETTER, subject_id__in=ids, voided_at=None)
    found: dict[int, list[records.Attachment]] = {pk: [] for pk in ids}
    for row in rows.select_related("blob").order_by("id"):
        found[row.subject_id].append(row)
    return found
