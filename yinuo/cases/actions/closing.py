"""After the work: the customer's feedback by signed link or recorded by us, completion remark, lessons, archive."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models, rules
from yinuo.cases.actions import complaining, following
from yinuo.cases.queries import conventions as convention_queries
from yinuo.cases.queries import joining as joining_queries
from yinuo.kit import actors, refusals, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.procedures.actions import running
from yinuo.records import actions as records
from yinuo.search import actions as search

SCORES = range(1, 6)


class LinkDead(refusals.Refusal):
    """The feedback link cannot be answered (any more)."""

    status = 410


class CannotRecord(refusals.Refusal):
    """What was said about the feedback does not fit together."""


class CannotKeep(refusals.Refusal):
    """The lesson cannot be kept like this."""


SENTENCES = {
    "answered": _("This link has been used: your feedback has reached us. Thank you."),
    "revoked": _("This link is no longer valid. Please ask your contact person for a new one."),
    "expired": _("This link has expired. Please ask your contact person for a new one."),
}


# Feedback ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def make_link(*, case: models.Case, name: str, by: org.Person, now: datetime) -> models.FeedbackLink:
    """Make a feedback link for one person at the customer: random, revocable, for one answer, with an end (C16)."""
    access.require_part(by, case)
    link = models.FeedbackLink.objects.create(
        case=case,
        token=secrets.token_urlsafe(32),
        name=(name.strip() or case.speaker)[:100],
        language=case.contact.language if case.contact else case.customer.language,
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=convention_queries.convention().feedback_days),
    )
    records.write(
        by=by, now=now, word="cases.feedback.asked", subject=case,
        note={"for": link.name, "until": link.expires_at.date()},
    )  # fmt: skip
    return link


@transaction.atomic
def revoke_link(*, link: models.FeedbackLink, by: org.Person, now: datetime) -> None:
    """A link that went astray no longer opens."""
    if not access.may_handle(by, link.case):
        raise refusals.NotAllowed()
    if not models.FeedbackLink.objects.filter(pk=link.pk, revoked_at=None, answered_at=None).update(revoked_at=now):
        raise LinkDead(SENTENCES["answered" if link.answered_at else "revoked"])
    records.write(by=by, now=now, word="cases.feedback.revoked", subject=link.case, note={"for": link.name})


def require_open_link(link: models.FeedbackLink, now: datetime) -> None:
    """Refuse a link that was answered, revoked or has expired, each with its own sentence."""
    state = rules.link_state(
        expires_at=link.expires_at, revoked=link.revoked_at is not None, answered=link.answered_at is not None, now=now
    )
    if state != "open":
        raise LinkDead(SENTENCES[state])


@transaction.atomic
def answer_link(
    *,
    link: models.FeedbackLink,
    is_satisfied: bool,
    score: int | None,
    words: str,
    by: actors.Outsider,
    now: datetime,
) -> models.Feedback:
    """Somebody at the customer answers by link, once: of two answers at the same time one counts."""
    require_open_link(link, now)
    taken = models.FeedbackLink.objects.filter(pk=link.pk, answered_at=None, revoked_at=None).update(answered_at=now)
    if not taken:
        raise LinkDead(SENTENCES["answered"])
    feedback = models.Feedback(
        case=link.case, link=link, way=models.FeedbackWay.LINK, speaker=by.actor_name[:100], said_at=now
    )
    return _keep(feedback, is_satisfied, score, words, by=by, now=now)


@transaction.atomic
def record_feedback(
    *,
    case: models.Case,
    way: str,
    speaker: str,
    said_at: datetime,
    is_satisfied: bool,
    by: org.Person,
    now: datetime,
    score: int | None = None,
    words: str = "",
    proof: Sequence[tuple[str, bytes]] = (),
    no_proof: str = "",
) -> models.Feedback:
    """Record what the customer said by phone, WeChat, visit or mail: speaker, time and proof, or why there is none
    (S5 4(1))."""
    if not access.may_handle(by, case):
        raise refusals.NotAllowed()
    if way not in models.FeedbackWay.values or way == models.FeedbackWay.LINK:
        raise CannotRecord(_("Please choose how it was said."), field="way")
    if not speaker.strip():
        raise CannotRecord(_("Please say who at the customer said it."), field="speaker")
    if said_at > now:
        raise CannotRecord(_("It cannot have been said in the future."), field="said_at")
    if not proof and not no_proof.strip():
        raise CannotRecord(_("Please attach a proof, or say why there is none."), field="proof")
    feedback = models.Feedback(
        case=case,
        way=way,
        speaker=speaker.strip()[:100],
        said_at=said_at,
        no_proof="" if proof else no_proof.strip()[:300],
        recorded_by=by,
    )
    kept = _keep(feedback, is_satisfied, score, words, by=by, now=now)
    for name, content in proof:
        records.attach(subject=kept.ref, content=content, name=name, by=by, now=now, kind="proof")
    return kept


@transaction.atomic
def give_up_feedback(*, case: models.Case, reason: str, by: org.Person, now: datetime) -> None:
    """The customer gives no feedback: the procedure goes on, with the reason."""
    access.require_handler(by, case)
    if not reason.strip():
        raise CannotRecord(_("Please give the reason."), field="reason")
    records.write(by=by, now=now, word="cases.feedback.given_up", subject=case, reason=reason)
    running.happened(subject=case, event="cases.feedback_received", data={"satisfied": None}, by=by, now=now)


def _keep(
    feedback: models.Feedback,
    is_satisfied: bool,
    score: int | None,
    words: str,
    *,
    by: actors.Actor,
    now: datetime,
) -> models.Feedback:
    """Store it and let the procedure know; what is said about a merged case counts for the one it was merged into.

    Whoever is not satisfied has it improved wherever the case stands: where no step waits for the feedback, before or
    after it, the procedure goes back, and a case that is over opens again. An archived one stays closed: what the
    customer says then is a case of its own.
    """
    feedback.case = case = joining_queries.survivor_of(feedback.case)
    if score is not None and score not in SCORES:
        raise CannotRecord(_("The score goes from 1 to 5."), field="score")
    if not is_satisfied and not words.strip():
        raise CannotRecord(_("Please say in words what is not satisfactory."), field="words")
    feedback.is_satisfied, feedback.score, feedback.words, feedback.recorded_at = (
        is_satisfied,
        score,
        words.strip(),
        now,
    )
    feedback.save(force_insert=True)
    models.Case.objects.filter(pk=case.pk).update(is_satisfied=is_satisfied)
    case.is_satisfied = is_satisfied
    changes = [
        *rows.created(feedback, "way", "speaker", "score", "words", "no_proof"),
        rows.Change("is_satisfied", None, is_satisfied),
    ]
    records.write(by=by, now=now, word="cases.feedback.received", subject=case, changes=changes)
    before = following.moves_of(case)
    if case.is_open:
        running.happened(
            subject=case, event="cases.feedback_received", data={"satisfied": is_satisfied}, by=by, now=now
        )
    if not is_satisfied and following.moves_of(case) == before:
        _improve(case, feedback, by=by, now=now)
    _tell_people(case, is_satisfied, now=now)
    search.refresh(case.subject_type, [case.pk])
    return feedback


def _improve(case: models.Case, feedback: models.Feedback, *, by: actors.Actor, now: datetime) -> None:
    if case.is_archived and complaining.not_satisfied(
        case=case, speaker=feedback.speaker, said=feedback.words, by=by, now=now
    ):
        return
    following.improve(case, reason=feedback.words, by=by, now=now)


def _tell_people(case: models.Case, is_satisfied: bool, *, now: datetime) -> None:
    """The owner hears of it at once."""
    if case.owner is None:
        return
    said = _("The customer is satisfied: {case}") if is_satisfied else _("The customer is not satisfied: {case}")
    words = format_lazy(said, case=case.subject_label)
    notify.tell(people=[case.owner], subject=case, kind="feedback_received", words=words, now=now)


# Completion, lessons, archive ----------------------------------------------------------------------------------------


@transaction.atomic
def complete(*, case: models.Case, remark: str, by: actors.Actor, now: datetime) -> models.Case:
    """Keep the completion remark (S1 2.5)."""
    access.require_part(by, case)
    changes = rows.differences(case, {"remark": remark.strip()})
    models.Case.objects.filter(pk=case.pk).update(remark=remark.strip())
    case.remark = remark.strip()
    records.write(by=by, now=now, word="cases.case.completed", subject=case, changes=changes)
    return case


@transaction.atomic
def write_lesson(
    *,
    case: models.Case | None,
    title: str,
    text: str,
    by: org.Person,
    now: datetime,
    tags: Sequence[str] = (),
    kind: str = "",
    family: str = "",
    fits: str = "",
) -> models.Lesson:
    """Keep what a case taught, as confidential as the case (S5 4(3)); proposed again where it fits."""
    if case is not None and not access.takes_part(by, case):
        raise refusals.NotAllowed()
    if case is None and not by.may(Permission.CASES_HANDLE):
        raise refusals.NotAllowed()
    if not text.strip() or not title.strip():
        raise CannotKeep(_("A lesson needs a title and what to do next time."), field="text")
    lesson = models.Lesson.objects.create(
        case=case,
        title=title.strip()[:200],
        text=text.strip(),
        tags=_tags(tags),
        kind=kind,
        family=family,
        fits=fits.strip()[:300],
        scope_id=case.scope_id if case else None,
        site_id=case.site_id if case else None,
        written_by=by,
        written_at=now,
    )
    records.write(
        by=by,
        now=now,
        word="cases.lesson.written",
        subject=lesson,
        changes=rows.created(lesson, "title", "text", "tags"),
    )
    search.refresh(lesson.subject_type, [lesson.pk])
    return lesson


def _tags(tags: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(tag.strip()[:40] for tag in tags if tag.strip()))[:20]


@transaction.atomic
def change_lesson(
    *, lesson: models.Lesson, by: org.Person, now: datetime, expected: int, **values: object
) -> models.Lesson:
    """Change title, text, tags, kind, family or where it fits."""
    if not by.may(Permission.CASES_HANDLE, lesson.scope_id, lesson.site_id):
        raise refusals.NotAllowed()
    if lesson.voided_at:
        raise CannotKeep(_("This lesson is void."))
    changes = rows.change(lesson, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="cases.lesson.changed", subject=lesson, changes=changes)
        search.refresh(lesson.subject_type, [lesson.pk])
    return lesson


@transaction.atomic
def void_lesson(*, lesson: models.Lesson, reason: str, by: org.Person, now: datetime, expected: int) -> models.Lesson:
    """A lesson that no longer holds is no longer proposed; it stays readable with the reason."""
    if not by.may(Permission.CASES_HANDLE, lesson.scope_id, lesson.site_id):
        raise refusals.NotAllowed()
    if not reason.strip():
        raise CannotKeep(_("Please give the reason."), field="reason")
    changes = rows.change(lesson, expected=expected, voided_at=now, void_reason=reason.strip()[:300])
    records.write(by=by, now=now, word="cases.lesson.voided", subject=lesson, changes=changes[:1], reason=reason)
    search.refresh(lesson.subject_type, [lesson.pk])
    return lesson


@transaction.atomic
def archive(*, case: models.Case, by: actors.Actor, now: datetime) -> models.Case:
    """Archive the whole record: from now on read-only, and still found (S5 5(2), C19)."""
    access.require_part(by, case)
    models.Case.objects.filter(pk=case.pk).update(archived_at=now)
    case.archived_at = now
    records.write(by=by, now=now, word="cases.case.archived", subject=case)
    return case
