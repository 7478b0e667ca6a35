"""Keeping what a page of figures shows under a name: saving, renaming, sharing, deleting, bringing back."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records
from yinuo.reports import models
from yinuo.reports.queries import saved

MOST = 50  # reports that somebody keeps
UNDO_WITHIN = timedelta(minutes=1)


class CannotSave(refusals.Refusal):
    """The report cannot be kept like this."""


@transaction.atomic
def save_report(
    *,
    name: str,
    page: str,
    query: str,
    by: org.Person,
    now: datetime,
    posts: Iterable[org.Post] = (),
    departments: Iterable[org.Department] = (),
) -> models.SavedReport:
    """Keep what a page shows: its query, with a relative span as it stands there."""
    if not by.may(Permission.REPORTS_SEE):
        raise refusals.NotAllowed()
    _check(by, name)
    row = models.SavedReport(owner=by, name=name, page=page, query=saved.normal(query), saved_at=now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise _name_taken() from None
    _share(row, posts, departments)
    changes = rows.created(row, "name", "page", "query") + [each for each in _shared(row) if each.new]
    records.write(
        by=by,
        now=now,
        word="reports.saved.kept",
        subject=row,
        changes=changes,
    )
    return row


@transaction.atomic
def change_report(
    *,
    report: models.SavedReport,
    name: str,
    posts: Iterable[org.Post],
    departments: Iterable[org.Department],
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.SavedReport:
    """Give one's own report another name, or share it with others."""
    demand_own(report, by)
    _check(by, name, report)
    before = _shared(report)
    changes = rows.change(report, expected=expected, name=name)
    _share(report, posts, departments)
    after = _shared(report)
    if before != after:
        was = {each.field: each.new for each in before}
        changes += [rows.Change(each.field, was.get(each.field), each.new) for each in after]
        if report.version == expected:
            rows.touch(report, expected=expected)
    if changes:
        records.write(by=by, now=now, word="reports.saved.changed", subject=report, changes=changes)
    return report


@transaction.atomic
def delete_report(*, report: models.SavedReport, by: org.Person, now: datetime, expected: int) -> None:
    """Take one's own report away; nobody is sent it any more."""
    demand_own(report, by)
    if rows.change(report, expected=expected, voided_at=now, next_at=None):
        records.write(by=by, now=now, word="reports.saved.deleted", subject=report)


@transaction.atomic
def restore_report(*, report: models.SavedReport, next_at: datetime | None, by: org.Person, now: datetime) -> None:
    """Undo the deletion, soon after; it is sent again as before."""
    if report.owner_id != by.pk:
        raise refusals.NotAllowed()
    if report.voided_at is None:
        return
    if now - report.voided_at > UNDO_WITHIN:
        raise CannotSave(_("The report was deleted too long ago to be brought back. Save it anew from its page."))
    _check(by, report.name, report)
    rows.change(report, expected=report.version, voided_at=None, next_at=next_at)
    records.write(by=by, now=now, word="reports.saved.restored", subject=report)


def demand_own(report: models.SavedReport, by: org.Person) -> None:
    """Only whoever saved a report changes it."""
    if report.owner_id != by.pk or report.voided_at is not None or not by.may(Permission.REPORTS_SEE):
        raise refusals.NotAllowed(_("Only whoever saved a report changes it. Save it as a report of your own."))


def _check(by: org.Person, name: str, report: models.SavedReport | None = None) -> None:
    if not name.strip():
        raise CannotSave(_("Please give the report a name."), field="name")
    mine = models.SavedReport.objects.filter(owner=by, voided_at=None)
    others = mine if report is None else mine.exclude(pk=report.pk)
    if others.filter(name=name).exists():
        raise _name_taken()
    if report is None and others.count() >= MOST:
        raise CannotSave(_("You keep %(n)s reports. Delete one that you no longer need.") % {"n": MOST})


def _name_taken() -> CannotSave:
    return CannotSave(_("You have a report of this name already. Choose another name."), field="name")


def _share(row: models.SavedReport, posts: Iterable[org.Post], departments: Iterable[org.Department]) -> None:
    row.posts.set(posts)
    row.departments.set(departments)


def _shared(row: models.SavedReport) -> list[rows.Change]:
    """With whom it is shared, for the trail."""
    named = {"posts": row.posts.order_by("pk"), "departments": row.departments.order_by("pk")}
    return [rows.Change(field, None, [str(each) for each in found]) for field, found in named.items()]
