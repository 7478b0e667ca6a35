"""What mail brings: a finding to be sorted, as if somebody had reported it; an answer goes to its case."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.queries import findings as finding_queries
from yinuo.cases.queries import joining as joining_queries
from yinuo.kit import actors, rows, words
from yinuo.letters import models as letters
from yinuo.letters.actions import mails
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search

LONGEST = 20_000


@transaction.atomic
def report(
    *,
    mail: letters.Mail,
    files: Sequence[tuple[str, bytes]],
    answers: Sequence[letters.Mail],
    by: actors.Actor,
    now: datetime,
) -> models.Finding:
    """Make a finding of a mail that came: we were notified when it reached us. Whoever sorts it is told.

    An answer to a mail of which a case was made, still open and as confidential, joins that case at once.
    """
    finding = models.Finding.objects.create(
        text=f"{mail.title}\n{mail.own_text[:LONGEST]}".strip(),
        source=models.Finding.Source.MAIL,
        channel=models.Channel.MAIL,
        customer=mail.customer,
        said_by=mail.sender[:100],
        said_at=mail.said_at,
        reported_by=by if isinstance(by, org.Person) else None,
        reported_at=mail.notified_at,
        site=mail.site,
        scope=mail.scope,
    )
    told = rows.created(finding, "text", "channel", "customer", "said_at", "reported_at", "site", "scope")
    told.append(rows.Change("speaker", None, finding.said_by))
    records.write(by=by, now=now, word="cases.finding.reported", subject=finding, changes=told)
    for name, content in files:
        records.attach(subject=finding, content=content, name=name, by=by, now=now, kind="original")
    mails.lead(mail=mail, subject=finding, by=by, now=now)
    case = _case_of(finding, answers)
    if case is not None:
        _join(finding, case, files, by=by, now=now)
    else:
        _tell_sorters(finding, by=by, now=now)
    search.refresh(finding.subject_type, [finding.pk])
    return finding


def _case_of(finding: models.Finding, answers: Sequence[letters.Mail]) -> models.Case | None:
    """The open case that was made of a mail which this one answers, if it is the same customer's and confidence."""
    ids = [each.led_to_id for each in answers if each.led_to_id and each.led_to_type == models.Finding.subject_type]
    found = models.Finding.objects.filter(pk__in=ids).exclude(case=None).select_related("case__customer", "case__owner")
    for each in found.order_by("-pk"):
        if each.case is None or finding.customer is None:
            continue
        case = joining_queries.survivor_of(each.case)
        if not case.is_open:
            continue
        one, other = finding.customer.path, case.customer.path
        if (one.startswith(other) or other.startswith(one)) and case.scope_id == finding.scope_id:
            return case
    return None


def _join(
    finding: models.Finding,
    case: models.Case,
    files: Sequence[tuple[str, bytes]],
    *,
    by: actors.Actor,
    now: datetime,
) -> None:
    """The answer stands on its case, with its files; whoever has the case in hand is told."""
    state = models.Finding.State.JOINED
    person = by if isinstance(by, org.Person) else None
    changes = rows.change(finding, expected=finding.version, state=state, case=case, decided_at=now, decided_by=person)
    for name, content in files:
        records.attach(subject=case, content=content, name=name, by=by, now=now, kind="original")
    note = {"who": finding.reporter, "reported_at": finding.reported_at, "said": finding.title}
    records.write(by=by, now=now, word="cases.case.finding_came", subject=case, note=note)
    told = [change for change in changes if change.field in ("state", "case")]
    records.write(by=by, now=now, word="cases.finding.joined", subject=finding, changes=told)
    if case.owner is not None and case.owner != by:
        said = words.filled(_("The customer answered by mail: %(case)s"), case=case)
        notify.tell(people=[case.owner], subject=case, kind="finding_joined", words=said, by=by, now=now)


def _tell_sorters(finding: models.Finding, *, by: actors.Actor, now: datetime) -> None:
    """Tell whoever sorts what is known to be a customer's; strangers' mails wait in the inbox without a word."""
    if finding.customer is None:
        return
    people = [person for person in finding_queries.sorters([finding])[finding.pk] if person != by]
    said = words.filled(_("A mail of %(customer)s: %(finding)s"), customer=finding.customer, finding=finding.title)
    discreet = _("A mail from a customer")
    notify.tell(people=people, subject=finding, kind="finding_reported", words=said, by=by, now=now, discreet=discreet)
