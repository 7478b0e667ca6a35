"""Findings: what anybody got to know from a customer is reported, then sorted once: a case, part of a case, or neither.

Of two people who sort the same finding one wins; the other is told what became of it.
"""

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.cases.actions import complaining, opening
from yinuo.cases.queries import findings as finding_queries
from yinuo.cases.queries import joining as joining_queries
from yinuo.customers import access as customers_access
from yinuo.customers import models as customers
from yinuo.customers import queries as customers_queries
from yinuo.kit import actors, plugs, refusals, rows, subjects, words
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.procedures.actions import course, effects
from yinuo.procedures.engine import moves
from yinuo.procedures.queries import runs as run_queries
from yinuo.records import actions as records
from yinuo.records import queries as records_queries
from yinuo.search import actions as search

State = models.Finding.State
UNDO_WITHIN = timedelta(minutes=1)  # the page offers it for ten seconds, longer while one points at it
TITLE = 80


class CannotReport(refusals.Refusal):
    """What was reported does not fit together."""


class CannotSort(refusals.Refusal):
    """This cannot become of the finding."""


class AlreadySorted(refusals.Refusal):
    """Somebody else has sorted it meanwhile."""


# Reporting ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(
    *,
    text: str,
    by: actors.Actor,
    now: datetime,
    files: Sequence[tuple[str, bytes | File]] = (),
    channel: str = "",
    customer: customers.Customer | None = None,
    said_by: str = "",
    said_at: datetime | None = None,
    source: str = models.Finding.Source.PERSON,
) -> models.Finding:
    """Report what was learned from a customer: words or files, and as far as known how, from whom and when.

    Anybody may who is signed in. Files are kept byte for byte. The window to the customer is told.
    """
    _check_report(text, files, channel, customer, said_at, by=by, now=now)
    reporter = by if isinstance(by, org.Person) else None
    finding = models.Finding.objects.create(
        text=text.strip(),
        source=source,
        channel=channel,
        customer=customer,
        said_by=said_by.strip(),
        said_at=said_at,
        reported_by=reporter,
        reported_at=now,
        site_id=customer.site_id if customer else (reporter.site_id if reporter else None),
        scope_id=customer.scope_id if customer else None,
    )
    known = ("text", "source", "channel", "customer", "said_at", "site", "scope")
    changes = rows.created(finding, *known)
    if finding.said_by:
        changes.append(rows.Change("speaker", None, finding.said_by))
    records.write(by=by, now=now, word="cases.finding.reported", subject=finding, changes=changes)
    for name, content in files:
        try:
            records.attach(subject=finding, content=content, name=name, by=by, now=now, kind="original")
        except records.CannotAttach as refusal:
            said = words.filled(_("%(file)s: %(fault)s"), file=name[:100], fault=refusal.sentence)
            raise CannotReport(said, field="files") from None
    if customer is not None:
        people = [person for person in finding_queries.sorters([finding])[finding.pk] if person != by]
        said = words.filled(
            _("%(by)s reported a new requirement: %(finding)s"), by=by.actor_name, finding=finding.title
        )
        _tell(people, finding, "finding_reported", said, by=by, now=now)
    search.refresh(finding.subject_type, [finding.pk])
    return finding


def _check_report(
    text: str, files: Sequence[Any], channel: str, customer: customers.Customer | None, said_at: datetime | None, *,
    by: actors.Actor, now: datetime,
) -> None:  # fmt: skip
    if isinstance(by, org.Person):
        seen = customer is None or customers_queries.customers(by).filter(pk=customer.pk).exists()
        if not by.is_active or not seen:
            raise refusals.NotAllowed()
    if not text.strip() and not files:
        raise CannotReport(_("Please write a sentence, or add a photo or file."), field="text")
    if channel and channel not in models.Channel.values:
        raise CannotReport(_("Please choose how it reached us."), field="channel")
    if said_at and said_at > now:
        raise CannotReport(_("It cannot have been said in the future."), field="said_at")


# Sorting --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_case(*, finding: models.Finding, by: org.Person, now: datetime, expected: int, **asked: Any) -> models.Case:
    """Register a case of it: `asked` as in `opening.open_case`, with `about` as in `complaining.open_complaint`; but we
    were notified when it was reported.

    The files become originals of the case. Refused as there, and `AlreadySorted`.
    """
    _require_sorter(by, finding)
    changes = _decide(finding, State.CASE, by=by, now=now, expected=expected)
    asked = {**asked, "notified_at": finding.reported_at}
    with _originals(finding) as originals:
        register = complaining.open_complaint if "about" in asked else opening.open_case
        case = register(by=by, now=now, **{**asked, "files": [*asked.get("files", ()), *originals]})
    _lead_to(finding, case, by=by, now=now)
    _note("cases.finding.made_case", finding, changes, by=by, now=now, case=case)
    _tell_reporter(finding, _("Your report is now a case: %(case)s"), by=by, now=now)
    return case


@transaction.atomic
def make_case_at_once(*, finding: models.Finding, by: org.Person, now: datetime, expected: int) -> models.Case:
    """Register a case of what stands in the finding alone: its customer and words; the rest is checked at acceptance.

    The title is the first sentence, the items are the lines, their nature is guessed by words; who said it stays open
    where nobody knows.
    """
    if not finding.is_enough:
        raise CannotSort(_("Customer and words must be known; please fill in the form."))
    kind = rules.kind_of(finding.text)
    has_files = records_queries.attachments(finding).filter(voided_at=None).exists()
    return make_case(
        finding=finding,
        by=by,
        now=now,
        expected=expected,
        customer=finding.customer,
        title=rules.title_of(finding.text),
        channel=finding.channel or models.Channel.OTHER,
        items=[opening.NewItem(text=each, kind=kind) for each in rules.split(finding.text)],
        text=finding.text,
        said_by=finding.said_by or gettext("not named (reported by %(name)s)") % {"name": finding.reporter},
        said_at=finding.said_at,
        site=finding.site,
        is_oral=finding.channel in models.SPOKEN and not has_files,
    )


@transaction.atomic
def join(*, finding: models.Finding, case: models.Case, by: org.Person, now: datetime, expected: int) -> models.Finding:
    """It belongs to an open case: its files become originals there, its words stand on the case; the owner is told.
    What belongs to a merged case joins the one into which it was merged."""
    _require_sorter(by, finding)
    case = joining_queries.survivor_of(case)
    if not access.may_see(by, case):
        raise refusals.NotAllowed()
    access.require_open(case)
    changes = _decide(finding, State.JOINED, by=by, now=now, expected=expected)
    with _originals(finding) as originals:
        for name, content in originals:
            records.attach(subject=case, content=content, name=name, by=by, now=now, kind="original")
    _lead_to(finding, case, by=by, now=now)
    _note("cases.finding.joined", finding, changes, by=by, now=now, case=case)
    _tell_reporter(finding, _("Your report was joined to: %(case)s"), by=by, now=now)
    if case.owner is not None and case.owner != by:
        said = words.filled(_("%(who)s reported something to your case: %(case)s"), who=finding.reporter, case=case)
        notify.tell(people=[case.owner], subject=case, kind="finding_joined", words=said, by=by, now=now)
    return finding


@transaction.atomic
def dismiss(*, finding: models.Finding, reason: str, by: org.Person, now: datetime, expected: int) -> models.Finding:
    """It is no requirement to be handled, with the reason, which the reporter is told."""
    _require_sorter(by, finding)
    if not reason.strip():
        raise CannotSort(_("Please say why it is not handled."), field="reason")
    changes = _decide(finding, State.DISMISSED, by=by, now=now, expected=expected, reason=reason.strip()[:500])
    _note("cases.finding.dismissed", finding, changes, by=by, now=now, reason=reason.strip())
    _tell_reporter(finding, _("Your report is not handled. Reason: %(reason)s"), by=by, now=now)
    return finding


def may_put_back(person: org.Person, finding: models.Finding, now: datetime) -> bool:
    """What was dismissed can be sorted again; of the others whoever decided may think better of it for a minute."""
    if finding.state == State.DISMISSED:
        return access.may_sort(person, finding)
    at = finding.decided_at
    return finding.decided_by_id == person.pk and at is not None and now - at <= UNDO_WITHIN


@transaction.atomic
def put_back(*, finding: models.Finding, by: org.Person, now: datetime, expected: int) -> models.Finding:
    """Undo: it waits to be sorted again. What was told is taken back; a case made of it ends, and keeps its number."""
    if finding.is_waiting:
        return finding
    if not may_put_back(by, finding, now):
        raise CannotSort(_("This was sorted too long ago to be undone. Please go on in the case."))
    state, case = finding.state, finding.case
    notify.take_back(subject=finding, kind="finding_sorted", by=by, now=now)
    if case is not None and state == State.CASE:
        _end(case, finding, by=by, now=now)
    elif case is not None:
        _take_out(case, finding, by=by, now=now)
    scope_id = finding.customer.scope_id if finding.customer else None
    empty: dict[str, Any] = {"state": State.WAITING, "case": None, "decided_by": None, "decided_at": None, "reason": ""}
    changes = [change for change in rows.change(finding, expected=expected, **empty) if change.field in TOLD]
    _rescope(finding, scope_id)
    _note("cases.finding.put_back", finding, changes, by=by, now=now)
    return finding


TOLD = ("state", "case", "reason")


def _require_sorter(by: org.Person, finding: models.Finding) -> None:
    if not access.may_sort(by, finding):
        raise refusals.NotAllowed()


def _decide(
    finding: models.Finding, state: str, *, by: org.Person, now: datetime, expected: int, **values: Any
) -> list[rows.Change]:
    """Take the finding out of the inbox, first of all: whoever comes second changes nothing."""
    if not finding.is_waiting:
        raise AlreadySorted(sorted_words(finding))
    try:
        changes = rows.change(finding, expected=expected, state=state, decided_by=by, decided_at=now, **values)
    except refusals.Stale:
        now_there = models.Finding.objects.select_related("decided_by", "case").get(pk=finding.pk)
        if now_there.is_waiting:
            raise
        raise AlreadySorted(sorted_words(now_there)) from None
    return [change for change in changes if change.field in TOLD]


def sorted_words(finding: models.Finding) -> Promise:
    """Who sorted it meanwhile, and how."""
    said = {
        State.CASE: _("%(who)s has just made a case of it."),
        State.JOINED: _("%(who)s has just joined it to a case."),
        State.DISMISSED: _("%(who)s has just dismissed it: %(reason)s"),
    }[State(finding.state)]
    return words.filled(said, who=finding.decided_by.name if finding.decided_by else "", reason=finding.reason)


@contextlib.contextmanager
def _originals(finding: models.Finding) -> Iterator[list[tuple[str, File]]]:
    """The finding's files as they came, opened."""
    with contextlib.ExitStack() as stack:
        found = records_queries.attachments(finding).filter(voided_at=None)
        yield [(each.name, File(stack.enter_context(each.blob.path.open("rb")))) for each in found]


def _lead_to(finding: models.Finding, case: models.Case, *, by: org.Person, now: datetime) -> None:
    """The finding leads to its case, and is as confidential; never to one that more people may see."""
    outer = finding.scope
    if outer is not None and (case.scope is None or not customers_access.is_within(case.scope, outer)):
        raise CannotSort(_("The report is confidential; this case may be seen by more people."), field="customer")
    customer = finding.customer or (case.customer if finding.state == State.CASE else None)
    models.Finding.objects.filter(pk=finding.pk).update(case=case, customer=customer)
    finding.case, finding.customer = case, customer
    _rescope(finding, case.scope_id)
    note = {"who": finding.reporter, "reported_at": finding.reported_at, "said": finding.title}
    records.write(by=by, now=now, word="cases.case.finding_came", subject=case, note=note)


def _rescope(finding: models.Finding, scope_id: int | None) -> None:
    was = finding.scope_id
    if scope_id != was:
        models.Finding.objects.filter(pk=finding.pk).update(scope_id=scope_id)
        finding.scope_id = scope_id
        plugs.announce("kit.rescoped", type=finding.subject_type, id=finding.pk, scope_id=scope_id, was=was)


@transaction.atomic
def follow_scope(*, findings: Sequence[models.Finding], by: actors.Actor, now: datetime) -> None:
    """A customer or case became confidential or open: its findings follow."""
    for finding in findings:
        of = finding.case or finding.customer
        scope_id = of.scope_id if of else None
        if scope_id != finding.scope_id:
            changes = [rows.Change("scope", finding.scope_id, scope_id)]
            _rescope(finding, scope_id)
            _note("cases.finding.rescoped", finding, changes, by=by, now=now)


def _note(
    word: str, finding: models.Finding, changes: Sequence[rows.Change], *, by: actors.Actor, now: datetime,
    case: models.Case | None = None, reason: str = "",
) -> None:  # fmt: skip
    note = {"case": case.number} if case is not None else {}
    records.write(by=by, now=now, word=word, subject=finding, changes=changes, reason=reason, note=note)
    search.refresh(finding.subject_type, [finding.pk])


# Undoing --------------------------------------------------------------------------------------------------------------


def _end(case: models.Case, finding: models.Finding, *, by: org.Person, now: datetime) -> None:
    """End the case that was made a moment ago, by whoever made it; not once somebody has worked on it."""
    tasks = run_queries.run_of(case)
    if tasks is None or not case.is_open or tasks.tasks.filter(closed_by__isnull=False).exists():
        raise CannotSort(_("Somebody has begun to work on the case. Please go on there."))
    reason = gettext("Undone: the report waits to be sorted again")
    effects.make(course.locked(tasks.pk, by=by, now=now), moves.Terminate(reason=reason))
    for kind in ("task_assigned", "task_nobody"):
        notify.take_back(subject=case, kind=kind, by=by, now=now)
    records.write(by=by, now=now, word="cases.case.undone", subject=case, reason=reason, note={"said": finding.title})


def _take_out(case: models.Case, finding: models.Finding, *, by: org.Person, now: datetime) -> None:
    """Void the files that came to the case with the finding, and do not tell its owner."""
    blobs = records_queries.attachments(finding).values("blob")
    came = records_queries.attachments(case).filter(voided_at=None, blob__in=blobs)
    if finding.decided_at is not None:
        came = came.filter(attached_at=finding.decided_at)
    reason = gettext("Undone: the report waits to be sorted again")
    for attachment in came:
        records.void_attachment(attachment=attachment, reason=reason, by=by, now=now)
    notify.take_back(subject=case, kind="finding_joined", by=by, now=now)
    records.write(by=by, now=now, word="cases.case.finding_left", subject=case, note={"said": finding.title})


# Telling --------------------------------------------------------------------------------------------------------------


def _tell_reporter(finding: models.Finding, sentence: Promise, *, by: org.Person, now: datetime) -> None:
    """What became of it. A reporter outside the circle of a confidential case learns that it was taken up, no more."""
    person, case = finding.reported_by, finding.case
    if person is None or person == by:
        return
    if case is not None and not access.may_see(person, case):
        it = dataclasses.replace(subjects.ref(finding), scope_id=None)
        said: Promise = _("Your report was taken up.")
        notify.tell(people=[person], subject=it, kind="finding_sorted", words=said, by=by, now=now)
        return
    said = words.filled(sentence, case=case.subject_label if case else "", reason=finding.reason)
    _tell([person], finding, "finding_sorted", said, by=by, now=now)


def _tell(
    people: Sequence[org.Person], finding: models.Finding, kind: str, said: Promise, *, by: actors.Actor, now: datetime
) -> None:
    discreet = _("A report from a customer")
    notify.tell(people=people, subject=finding, kind=kind, words=said, by=by, now=now, discreet=discreet)
