"""Looking at a page: what it says, whether that is new, who is told; and what somebody decides it means."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, fetching, refusals, rows
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.watches import access, engine, models, rules
from yinuo.watches.definition import Part, Seen, Trouble, Unread

NOT_MODIFIED = 304
OK = 200
State, Outcome = models.State, models.Outcome


class CannotDecide(refusals.Refusal):
    """There is nothing to decide, or not enough was said."""


def look(*, page: models.Page, by: actors.Actor, now: datetime) -> models.Visit | None:
    """Fetch a page and keep what came. The fetching holds no transaction."""
    try:
        answer = fetching.get(page.address, etag=page.etag, last_modified=page.last_modified)
    except fetching.CannotFetch as fault:
        return keep(page=page, trouble=fault.code, about=fault.about, by=by, now=now)
    return keep(page=page, answer=answer, by=by, now=now)


@transaction.atomic
def keep(
    *, page: models.Page, by: actors.Actor, now: datetime, answer: fetching.Answer | None = None, trouble: str = "",
    about: str = "",
) -> models.Visit | None:  # fmt: skip
    """Keep one visit, and tell people when the page has changed or has become unreachable.

    None when the page was changed meanwhile: what came is not what it asks for any more.
    """
    asked = _asked(page)
    page = models.Page.objects.select_for_update(of=("self",)).select_related("keeper", "deputy").get(pk=page.pk)
    if asked != _asked(page) or not page.is_active:
        return None
    seen: Seen | None = None
    if answer is not None and answer.status not in (OK, NOT_MODIFIED):
        trouble, about = Trouble.STATUS, str(answer.status)
    elif answer is not None and answer.status == OK:
        try:
            part = Part(page.part_begins, page.part_ends, page.ignores_numbers, page.selector)
            seen = engine.read(answer.body, answer.media, part)
        except Unread as unread:
            trouble, about = unread.trouble, unread.about
    visit = models.Visit(page=page, at=now, by=by if isinstance(by, org.Person) else None)
    if answer is not None:
        visit.status, visit.came_from, visit.media = answer.status, answer.address[:1000], answer.media
        visit.last_modified = answer.last_modified
    if trouble:
        return _failed(page, visit, trouble, about, answer.wait if answer else 0, now)
    return _came(page, visit, seen, answer, now)


def _asked(page: models.Page) -> tuple[str | bool, ...]:
    """What is looked at, and which part of it counts."""
    return page.address, page.part_begins, page.part_ends, page.ignores_numbers, page.selector


def _failed(page: models.Page, visit: models.Visit, trouble: str, about: str, wait: int, now: datetime) -> models.Visit:
    visit.outcome, visit.trouble, visit.about = Outcome.FAILED, trouble, about[:300]
    visit.save(force_insert=True)
    failures = page.failures + 1
    values: dict[str, Any] = {"failures": failures, "next_at": rules.next_at(now, page.every, failures, wait)}
    if failures >= rules.UNREACHABLE_AFTER and page.state in (State.NEW, State.UNCHANGED):
        values |= {"state": State.UNREACHABLE, "since": now}
        words = _("The watched page {page} could not be reached {n} times in a row")
        _tell(page, "watch_unreachable", format_lazy(words, page=page.name, n=failures), now)
    _settle(page, now, values)
    return visit


def _came(
    page: models.Page, visit: models.Visit, seen: Seen | None, answer: fetching.Answer | None, now: datetime
) -> models.Visit:
    """The page came: the first time, as it was, or with another text than the one that somebody knows."""
    base, latest = page.base, page.latest
    values: dict[str, Any] = {"failures": 0, "next_at": rules.next_at(now, page.every)}
    if seen is not None and answer is not None:
        visit.size, visit.fingerprint, visit.is_file = seen.size, seen.fingerprint, seen.is_file
        values |= {"etag": answer.etag, "last_modified": answer.last_modified}
    known = latest.fingerprint if latest else ""
    if seen is None or seen.fingerprint == known:
        visit.outcome = Outcome.SAME
    elif base is None:
        visit.outcome, visit.text = Outcome.FIRST, seen.text
    else:
        visit.outcome = Outcome.BACK if seen.fingerprint == base.fingerprint else Outcome.CHANGED
        visit.text = seen.text
    visit.save(force_insert=True)
    values |= _standing(page, visit)
    if values.get("state", page.state) != page.state:
        values["since"] = now
    if visit.outcome == Outcome.CHANGED and page.state != State.CHANGED:
        _tell(page, "watch_changed", format_lazy(_("The watched page {page} has changed"), page=page.name), now)
    _settle(page, now, values)
    return visit


def _standing(page: models.Page, visit: models.Visit) -> dict[str, Any]:
    """Which texts the page compares from now on, and how it stands."""
    if visit.outcome == Outcome.FIRST:
        return {"base": visit, "latest": visit, "state": State.UNCHANGED}
    if visit.outcome == Outcome.BACK:
        return {"latest": visit, "base": visit, "state": State.UNCHANGED}
    if visit.outcome == Outcome.CHANGED:
        return {"latest": visit, "state": State.CHANGED}
    has_open = page.latest_id != page.base_id
    return {"state": State.CHANGED if has_open else State.UNCHANGED}


def _settle(page: models.Page, now: datetime, values: dict[str, Any]) -> None:
    if fetching.is_example(page.address):
        values["next_at"] = None  # nobody is there, ever
    rows.change(page, expected=page.version, last_at=now, **values)


def _tell(page: models.Page, kind: str, words: Any, now: datetime) -> None:
    """Everybody who keeps the page is told, and the trail says so."""
    people = [each for each in (page.keeper, page.deputy, *page.others.filter(is_active=True)) if each is not None]
    discreet = _("A watched page is to be looked at")
    notify.tell(people=people, subject=page, kind=kind, words=words, discreet=discreet, now=now, by=actors.PROGRAM)
    word = "watches.page.found_changed" if kind == "watch_changed" else "watches.page.unreachable"
    records.write(by=actors.PROGRAM, now=now, word=word, subject=page)


@transaction.atomic
def decide(
    *, page: models.Page, decision: str, remark: str, by: org.Person, now: datetime, expected: int
) -> models.Visit:
    """Say what the change means; from now on its text is the one that is known."""
    if not access.may_decide(by, page):
        raise refusals.NotAllowed()
    visit = page.latest
    if page.state != State.CHANGED or visit is None:
        raise CannotDecide(_("Nothing has changed on this page that is still to be decided."))
    if decision not in models.Decision.values:
        raise CannotDecide(_("Please say what the change means."), field="decision")
    if not remark.strip():
        raise CannotDecide(_("Please say in a few words what changed."), field="remark")
    rows.change(page, expected=expected, base=visit, state=State.UNCHANGED, since=now)
    said = {"decision": decision, "remark": remark.strip(), "decided_by": by, "decided_at": now}
    models.Visit.objects.filter(pk=visit.pk).update(**said)
    visit.refresh_from_db()
    note = {"decision": decision, "remark": remark.strip()}
    records.write(by=by, now=now, word="watches.page.decided", subject=page, note=note)
    return visit
