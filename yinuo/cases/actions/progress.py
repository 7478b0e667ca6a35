"""While a request is handled: given to whoever was chosen at its step, its progress told to the customer (S7 3-5)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import assigning, talking
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.kit import actors, refusals, rows
from yinuo.kit import words as kit_words
from yinuo.letters import models as letters
from yinuo.letters.actions import outgoing
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.records import actions as records


class NobodyChosen(refusals.Refusal):
    """A request is given to somebody."""


class ReasonMissing(refusals.Refusal):
    """Whoever gives a request to another than the rules propose says why."""


@transaction.atomic
def give(*, case: models.Case, owner: org.Person | None, reason: str, by: actors.Actor, now: datetime) -> models.Case:
    """Make somebody the owner who handles the request, as whoever assigns it has chosen; they are told why.

    Whom the rules propose needs no further reason; anybody else does. What the rules said is kept with the case.
    """
    access.require_part(by, case)
    if owner is None:
        raise NobodyChosen(_("Please choose somebody from the list."), field="owner")
    access.require_can_see(owner, case, "owner")
    proposal = assigning_queries.proposal(case, list(case.products.all()), now)
    first = proposal.first if proposal is not None else None
    proposed, reason = first is not None and first.candidate.person == owner.pk, reason.strip()
    if not proposed and not reason:
        other = _("The rules propose somebody else. Please say why.")
        raise ReasonMissing(other if first else _("Please say why it is given to them."), field="reason")
    changes = rows.differences(case, {"owner": owner})
    models.Case.objects.filter(pk=case.pk).update(owner=owner)
    case.owner = owner
    records.write(by=by, now=now, word="cases.case.given", subject=case, changes=changes, reason=reason)
    if proposal is not None:
        chooser = by if isinstance(by, org.Person) and not proposed else None
        assigning.keep(case=case, proposal=proposal, chosen=owner, by=chooser, now=now, reason=reason[:500])
    if changes and owner.actor_id != by.actor_id:
        plain = _("You are now the owner: %(case)s. Reason: %(reason)s")
        words = kit_words.filled(plain, case=case.subject_label, reason=reason[:300])
        if first is not None and proposed:
            words = assigning.given_words(case, first.why)
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
