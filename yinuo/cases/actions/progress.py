"""While a request is handled: given to whoever was chosen at its step, its progress told to the customer (S7 3-5)."""

from datetime import datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import talking
from yinuo.kit import actors, refusals, rows
from yinuo.letters import models as letters
from yinuo.letters.actions import outgoing
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.records import actions as records


class NobodyChosen(refusals.Refusal):
    """A request is given to somebody."""


@transaction.atomic
def give(*, case: models.Case, owner: org.Person | None, reason: str, by: actors.Actor, now: datetime) -> models.Case:
    """Make somebody the owner who handles the request, as whoever assigns it has chosen; they are told why."""
    access.require_part(by, case)
    if owner is None:
        raise NobodyChosen(_("Please choose somebody from the list."), field="owner")
    access.require_can_see(owner, case, "owner")
    changes = rows.differences(case, {"owner": owner})
    models.Case.objects.filter(pk=case.pk).update(owner=owner)
    case.owner = owner
    records.write(by=by, now=now, word="cases.case.given", subject=case, changes=changes, reason=reason.strip())
    if changes and owner.actor_id != by.actor_id:
        words = format_lazy(_("You are now the owner: {case}"), case=case.subject_label)
        notify.tell(people=[owner], subject=case, kind="case_given", words=words, now=now)
    return case


@transaction.atomic
def report(
    *, case: models.Case, text: str, way: str, sent_at: datetime, by: org.Person, now: datetime
) -> letters.Letter:
    """Tell the customer how the request stands: released and sent by whoever may, and kept in the talk about it."""
    purpose = letters.Purpose.NOTICE
    letter = talking.say(
        case=case, purpose=purpose, text=text, way=way, sent_at=sent_at, by=by, now=now, must_release=True
    )
    outgoing.mark_sent(letter=letter, sent_at=sent_at, way=way, by=by, now=now, expected=letter.version)
    records.write(by=by, now=now, word="cases.case.progress_told", subject=case, note={"way": way})
    return letter
