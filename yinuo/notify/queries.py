"""Reading inboxes and the outbox, and what sending needs to know of a person."""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from yinuo.kit import models as kit_models
from yinuo.notify import models, rules
from yinuo.org import models as org_models
from yinuo.org import queries as org_queries

# People --------------------------------------------------------------------------------------------------------------


def may_know(people: Iterable[org_models.Person], scope_id: int | None) -> list[org_models.Person]:
    """Those who may be told about a subject of this scope: working here and, if it is confidential, named in it."""
    each = {person.pk: person for person in people if person.is_active}
    if scope_id is None or not each:
        return list(each.values())
    named = set(
        org_models.ScopeGrant.objects.filter(scope_id=scope_id, person__in=each, ended_at=None).values_list(
            "person_id", flat=True
        )
    )
    return [person for key, person in each.items() if key in named]


def choices_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Which mails people want, of those who chose at all."""
    return dict(models.Choice.objects.filter(person__in=list(person_ids)).values_list("person_id", "mails"))


def hours_row() -> models.MailHours:
    """The company's mail hours; made with the usual ones on first use."""
    starts, ends = rules.USUAL_HOURS
    row, _is_new = models.MailHours.objects.get_or_create(pk=1, defaults={"starts": starts, "ends": ends})
    return row


def _hours() -> tuple[time, time]:
    row = models.MailHours.objects.filter(pk=1).first()
    return (row.starts, row.ends) if row else rules.USUAL_HOURS


def may_leave_at(person: org_models.Person, earliest: datetime, *, urgent: bool) -> datetime:
    """When a mail to this person may leave from a moment on, by the calendar and the clock of their site."""
    return may_leave_at_site(person.site_id, earliest, urgent=urgent)


def may_leave_at_site(site_id: int | None, earliest: datetime, *, urgent: bool) -> datetime:
    """When something for people of a site may leave from a moment on, by its calendar and clock."""
    calendar = org_queries.calendar(site_id)
    return rules.may_leave_at(
        earliest,
        urgent=urgent,
        zone=ZoneInfo(str(calendar.zone)),
        is_working_day=calendar.is_working_day,
        hours=rules.USUAL_HOURS if urgent else _hours(),
    )


def mail_words(message: models.Message, said: str, language: str) -> tuple[str, str]:
    """Heading and plain text of the mail about a message; `said` is all that it tells."""
    with translation.override("en" if language == "en" else "zh-hans"):
        context = {
            "said": said,
            "name": message.person.name,
            "by": message.by_name if message.scope_id is None else "",
            "is_confidential": message.scope_id is not None,
            "url": settings.BASE_URL + reverse("notify:message", args=[message.pk]),
        }
        heading = render_to_string("notify/mail_heading.txt", context)
        return " ".join(heading.split()), render_to_string("notify/mail.txt", context)


def digest_words(person: org_models.Person, lines: list[str]) -> str:
    """The text of a digest."""
    choices = settings.BASE_URL + reverse("notify:choices")
    context = {"name": person.name, "lines": lines, "url": settings.BASE_URL, "choices": choices}
    with translation.override("en" if person.language == "en" else "zh-hans"):
        return render_to_string("notify/digest.txt", context)


def digest_wanted(person: org_models.Person) -> bool:
    """Whether the person gets the digest, as they chose; who never chose gets it."""
    return models.Choice.objects.filter(person=person).values_list("digest", flat=True).first() is not False


def digest_due(now: datetime, most: int = 50) -> list[tuple[org_models.Person, date]]:
    """Who is to be looked at for the daily digest now, with the day at their site: people at work within mail hours of
    a working day, who want it and were not looked at yet that day."""
    starts, ends = _hours()
    away = org_queries.absences_at(now).values("person_id")
    wanted = org_models.Person.objects.filter(is_active=True).exclude(email="").exclude(pk__in=away)
    wanted = wanted.exclude(mail_choice__mails=models.Choice.Mails.NEVER).exclude(mail_choice__digest=False)
    found: list[tuple[org_models.Person, date]] = []
    for site_id in [*org_queries.sites().values_list("pk", flat=True), None]:
        calendar = org_queries.calendar(site_id)
        here = now.astimezone(ZoneInfo(str(calendar.zone)))
        if not calendar.is_working_day(here.date()) or not starts <= here.time() < ends:
            continue
        seen = models.Digest.objects.filter(on=here.date()).values("person_id")
        people = wanted.filter(site=site_id).exclude(pk__in=seen).select_related("site").order_by("pk")
        found += [(person, here.date()) for person in people[: most - len(found)]]
        if len(found) >= most:
            break
    return found


# The inbox -----------------------------------------------------------------------------------------------------------


def inbox(person: org_models.Person) -> QuerySet[models.Message]:
    """A person's messages about what they may see now."""
    granted = org_models.ScopeGrant.objects.filter(person=person, ended_at=None).values("scope_id")
    return models.Message.objects.filter(
        Q(scope_id=None) | Q(scope_id__in=granted), person=person, taken_back_at=None
    ).order_by("-at", "-pk")


def older_than(rows: QuerySet[models.Message], key: int) -> QuerySet[models.Message]:
    """The messages behind the one with this key."""
    last = rows.filter(pk=key).values_list("at", flat=True).first()
    return rows.filter(Q(at__lt=last) | Q(at=last, pk__lt=key)) if last else rows.none()


def unread_count(person: org_models.Person, limit: int = 100) -> int:
    """How many messages wait unread, counted up to `limit`."""
    return len(inbox(person).filter(read_at=None).values_list("pk")[:limit])


# The outbox ----------------------------------------------------------------------------------------------------------


def next_due(now: datetime) -> models.Mail | None:
    """The mail to send next: urgent ones first, then the one that waits longest; also one whose sender died."""
    free = Q(state=models.Mail.State.WAITING) | Q(state=models.Mail.State.SENDING, claimed_until__lt=now)
    return (
        models.Mail.objects.filter(free, next_at__lte=now)
        .select_related("message__person__site")
        .order_by("-is_urgent", "next_at", "pk")
        .first()
    )


def outbox(person: org_models.Person) -> QuerySet[models.Mail]:
    """All mail that the administrator looks after: of their sites, and of no site. What is confidential has headings
    that tell nothing."""
    mails = models.Mail.objects.select_related("message")
    sites = person.rights.sites_for("org.manage")
    return mails if sites is None else mails.filter(Q(message__site_id=None) | Q(message__site_id__in=sites))


def failed_jobs(person: org_models.Person) -> QuerySet[kit_models.Job]:
    """Background work given up after its last try, newest first; for whoever manages the whole company."""
    jobs = kit_models.Job.objects.filter(state=kit_models.Job.State.FAILED).order_by("-pk")
    return jobs if person.rights.sites_for("org.manage") is None else jobs.none()


def failed(person: org_models.Person) -> list[models.Mail]:
    """Mail that failed for good, newest first, at most twenty: what an administrator should look at.

    Without a mail server nothing else can be done about mail that found none: the page says so once.
    """
    rows = outbox(person).filter(state=models.Mail.State.FAILED)
    if not settings.SMTP_URL:
        rows = rows.exclude(error__startswith=models.Mail.Ending.NO_SERVER)
    return list(rows.order_by("-pk")[:20])
