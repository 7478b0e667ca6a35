"""Lines for groups and events for programs: noted in the transaction of the act that they tell of."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, jobs, refusals, rows, subjects
from yinuo.messengers import models, queries, rules
from yinuo.notify import queries as notify
from yinuo.notify import rules as notify_rules
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.records import actions as records

WITHIN = 3  # seconds: what is told meanwhile shares one visit of the poster
State = models.Delivery.State


class CannotSend(refusals.Refusal):
    """This cannot be sent again."""


def tell_groups(
    *, people: Sequence[org.Person], subject: subjects.Ref, kind: str, brief: str | Promise, urgent: bool, now: datetime
) -> None:
    """A line for each group that hears of it: what, number, step, for whom, and where to open it; no titles.

    Of what is confidential only groups hear for which that was allowed. What has no number says nothing here.
    """
    noted = []
    for group in queries.groups_for(kind, urgent=urgent):
        told = _of_department(people, group)
        if not told or (subject.scope_id is not None and not group.with_confidential):
            continue
        with override("en" if group.language == "en" else "zh-hans"):
            said = str(brief) or notify_rules.number_of(subject.label)
            text = _line(said, told, subject) if said else ""
        if text:
            noted.append(_delivery(group, subject, kind, now, urgent=urgent, text=text))
    _note(noted)


def _of_department(people: Sequence[org.Person], group: models.Receiver) -> list[org.Person]:
    if group.department_id is None:
        return list(people)
    inside = set(org_queries.people_of_department(group.department_id))
    return [person for person in people if person.pk in inside]


def _line(said: str, told: Sequence[org.Person], subject: subjects.Ref) -> str:
    names = "、".join(person.name for person in told[: rules.NAMED])
    if len(told) > rules.NAMED:
        names = ngettext("%(names)s and %(n)s more", "%(names)s and %(n)s more", len(told) - rules.NAMED) % {
            "names": names,
            "n": len(told) - rules.NAMED,
        }
    return f"{said}（{names}）{settings.BASE_URL}{subject.url}"[:2000]


def publish(*, event: str, subject: subjects.Subject | subjects.Ref, data: dict[str, Any], now: datetime) -> None:
    """An event for every webhook in use: its name, number and address of the subject, and `data` without texts."""
    it = subjects.ref(subject)
    found = []
    for hook in queries.webhooks():
        if it.scope_id is None or hook.with_confidential:
            facts = {"number": notify_rules.number_of(it.label), "url": f"{settings.BASE_URL}{it.url}", **data}
            payload = {"type": event, "timestamp": now.isoformat(), "data": rows.plain(facts)}
            found.append(_delivery(hook, it, event, now, urgent=True, payload=payload))
    _note(found)


def take_back(*, subject: subjects.Ref, kind: str) -> None:
    """What was told is undone: lines about it that have not left do not leave."""
    open_lines = models.Delivery.objects.filter(
        subject_type=subject.type, subject_id=subject.id, event=kind, state=State.WAITING
    )
    open_lines.update(state=State.CANCELLED, error=models.Delivery.Ending.TAKEN_BACK)


@transaction.atomic
def send_digest(*, receiver: models.Receiver, lines: Iterable[str], on: date, by: actors.Actor, now: datetime) -> None:
    """The daily digest of a group, one line after the other; the day is noted, so that it comes once."""
    noted = models.Receiver.objects.filter(pk=receiver.pk).exclude(digest_on=on).update(digest_on=on)
    text = "\n".join(lines)[:2000]
    if noted and text:
        nothing = subjects.Ref(models.Receiver.subject_type, receiver.pk, receiver.name, receiver.get_absolute_url())
        _note([_delivery(receiver, nothing, "digest", now, urgent=True, text=text)])


@transaction.atomic
def send_test(*, receiver: models.Receiver, by: org.Person, now: datetime) -> models.Delivery:
    """Send a test at once; the log shows what the receiver answered."""
    if not queries.may_manage(by):
        raise refusals.NotAllowed()
    with override("en" if receiver.language == "en" else "zh-hans"):
        text = gettext("This is a test from Yinuo: what concerns this group will be told here.")
    subject = subjects.ref(receiver)
    payload = {"type": "test", "timestamp": now.isoformat(), "data": {"url": settings.BASE_URL}}
    row = _delivery(
        receiver, subject, "test", now, urgent=True, text="" if receiver.is_webhook else text,
        payload=payload if receiver.is_webhook else None,
    )  # fmt: skip
    row.next_at = now
    _note([row])
    records.write(by=by, now=now, word="messengers.receiver.tested", subject=receiver)
    return row


@transaction.atomic
def send_again(*, delivery: models.Delivery, expected: int, by: org.Person, now: datetime) -> None:
    """Put what failed, or was perhaps delivered, back among what waits, under the same key."""
    if not queries.may_manage(by):
        raise refusals.NotAllowed()
    if delivery.state not in (State.FAILED, State.UNCERTAIN, State.CANCELLED):
        raise CannotSend(_("Only what failed, was cancelled or is uncertain can be sent again."))
    again = {"state": State.WAITING, "next_at": now, "attempts": 0, "handed_at": None, "error": ""}
    updated = models.Delivery.objects.filter(pk=delivery.pk, version=expected).update(version=expected + 1, **again)
    if not updated:
        raise refusals.Stale()
    records.write(
        by=by, now=now, word="messengers.delivery.sent_again", subject=delivery.receiver, note={"event": delivery.event}
    )
    jobs.soon("messengers.post", within=1)


def _delivery(
    receiver: models.Receiver,
    subject: subjects.Ref,
    event: str,
    now: datetime,
    *,
    urgent: bool,
    text: str = "",
    payload: Any = None,
) -> models.Delivery:
    site_id = receiver.department.site_id if receiver.department else subject.site_id
    return models.Delivery(
        **subjects.columns(subject),
        receiver=receiver,
        key=uuid.uuid4(),
        event=event,
        text=text,
        payload=payload,
        created_at=now,
        next_at=notify.may_leave_at_site(site_id, now + rules.UNDO, urgent=urgent),
    )


def _note(found: list[models.Delivery]) -> None:
    if found:
        models.Delivery.objects.bulk_create(found)
        jobs.soon("messengers.post", within=WITHIN, after=int(rules.UNDO.total_seconds()))
