"""Reading talks. Whatever takes a person returns only what that person may see."""

from datetime import date

from django.db.models import Prefetch, QuerySet

from yinuo.kit import subjects
from yinuo.letters import models
from yinuo.org import models as org
from yinuo.org.definition import Permission

SEE = Permission.LETTERS_SEE


def threads(person: org.Person) -> QuerySet[models.Thread]:
    """Talks the person may see."""
    return person.visible(models.Thread.objects.all(), SEE)


def thread(person: org.Person, pk: int) -> models.Thread:
    """The talk, if the person may see it; else `Thread.DoesNotExist`."""
    return threads(person).select_related("customer", "opened_by", "outcome_by", "closed_by").get(pk=pk)


def letter(person: org.Person, pk: int) -> models.Letter:
    """The letter, if the person may see its talk; else `Letter.DoesNotExist`."""
    rows = models.Letter.objects.filter(thread__in=threads(person))
    return rows.select_related("thread__customer", "contact", "entered_by", "released_by", "sent_by").get(pk=pk)


def letters(of: models.Thread) -> QuerySet[models.Letter]:
    """The talk's letters in the order in which they were entered, with every version of what we drafted."""
    versions = models.DraftVersion.objects.select_related("by").order_by("number")
    rows = models.Letter.objects.filter(thread=of).select_related("contact", "entered_by", "released_by", "sent_by")
    return rows.prefetch_related(Prefetch("versions", versions)).order_by("pk")


def threads_about(subject: "subjects.Subject | subjects.Ref", person: org.Person) -> QuerySet[models.Thread]:
    """Talks about one subject, latest first."""
    it = subjects.ref(subject)
    rows = threads(person).filter(subject_type=it.type, subject_id=it.id)
    return rows.select_related("customer").order_by("-last_at", "-pk")


def unconfirmed(person: org.Person, until: date | None = None) -> QuerySet[models.Letter]:
    """Spoken words still to be confirmed in writing (待书面确认), those due until a day, earliest first."""
    rows = models.Letter.objects.filter(
        thread__in=threads(person), confirmation=models.Confirmation.WAITING
    ).select_related("thread__customer")
    return (rows.filter(confirm_due_on__lte=until) if until else rows).order_by("confirm_due_on", "pk")


def drafts_to_release(person: org.Person) -> QuerySet[models.Letter]:
    """Drafts somebody asked to have released, in talks the person may see, longest waiting first."""
    rows = models.Letter.objects.filter(
        thread__in=threads(person), state=models.LetterState.DRAFT, asked_at__isnull=False
    )
    return rows.select_related("thread__customer", "entered_by").order_by("asked_at")
