"""Keeping what a list shows under a name (已存视图): saving, renaming, sharing, beginning with it, deleting."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows, views
from yinuo.org import access, models
from yinuo.records import actions as records

MOST = 30  # views of one list that somebody keeps
UNDO_WITHIN = timedelta(minutes=1)  # the page offers it for ten seconds, longer while one points at it


class CannotKeep(refusals.Refusal):
    """The view cannot be kept like this."""


@transaction.atomic
def save_view(
    *,
    sheet: str,
    name: str,
    path: str,
    query: str,
    by: models.Person,
    now: datetime,
    beside: str = "",
    is_shared: bool = False,
    is_first: bool = False,
) -> models.SavedView:
    """Keep what a list shows: its `query`, at `path`, with what else the address said there (`beside`)."""
    _check(by, sheet, name, is_shared)
    row = models.SavedView(
        owner=by,
        list=sheet,
        name=name,
        path=path,
        beside=beside,
        query=views.normal(query),
        is_shared=is_shared,
        saved_at=now,
    )
    _write(row, name)
    if is_first:
        models.FirstView.objects.update_or_create(person=by, list=sheet, defaults={"view": row})
    changes = rows.created(row, "name", "list", "query", "is_shared")
    records.write(by=by, now=now, word="org.view.saved", subject=row, changes=changes)
    return row


@transaction.atomic
def change_view(
    *,
    view: models.SavedView,
    by: models.Person,
    now: datetime,
    expected: int,
    name: str | None = None,
    query: str | None = None,
    is_shared: bool | None = None,
) -> models.SavedView:
    """Give one's own view another name, share it or no longer, or let it say what the list shows now."""
    _demand_own(view, by)
    name = view.name if name is None else name
    query = view.query if query is None else views.normal(query)
    shares = view.is_shared if is_shared is None else is_shared
    _check(by, view.list, name, shares and not view.is_shared, view)
    changes = rows.change(view, expected=expected, name=name, query=query, is_shared=shares)
    if view.is_shared is False:
        models.FirstView.objects.filter(view=view).exclude(person=by).delete()
    if changes:
        records.write(by=by, now=now, word="org.view.changed", subject=view, changes=changes)
    return view


@transaction.atomic
def begin_with(*, view: models.SavedView, by: models.Person, now: datetime, wanted: bool) -> None:
    """Open the list with this view from now on, one's own or a shared one; or no longer."""
    if not access.may_open_view(by, view):
        raise refusals.NotAllowed()
    if wanted:
        models.FirstView.objects.update_or_create(person=by, list=view.list, defaults={"view": view})
    else:
        models.FirstView.objects.filter(person=by, view=view).delete()


@transaction.atomic
def delete_view(*, view: models.SavedView, by: models.Person, now: datetime, expected: int) -> None:
    """Take one's own view away. For others whose list began with it, the list shows everything again."""
    _demand_own(view, by)
    if rows.change(view, expected=expected, voided_at=view.voided_at or now):
        records.write(by=by, now=now, word="org.view.deleted", subject=view)


@transaction.atomic
def restore_view(*, view: models.SavedView, by: models.Person, now: datetime) -> models.SavedView:
    """Undo the deletion, soon after."""
    if view.owner_id != by.pk:
        raise refusals.NotAllowed()
    if view.voided_at is None:
        return view
    if now - view.voided_at > UNDO_WITHIN:
        raise CannotKeep(_("The view was deleted too long ago to be brought back. Save it anew from the list."))
    _check(by, view.list, view.name, False, view)
    rows.change(view, expected=view.version, voided_at=None)
    records.write(by=by, now=now, word="org.view.restored", subject=view)
    return view


def _demand_own(view: models.SavedView, by: models.Person) -> None:
    if view.owner_id != by.pk or view.voided_at is not None:
        raise refusals.NotAllowed(_("Only whoever saved a view changes it. Save it as a view of your own."))


def _check(by: models.Person, sheet: str, name: str, shares: bool, view: models.SavedView | None = None) -> None:
    if not name.strip():
        raise CannotKeep(_("Please give the view a name."), field="name")
    if shares and not access.may_share_views(by):
        raise CannotKeep(_("You may not share views. Keep it for yourself, or ask your manager."), field="is_shared")
    mine = models.SavedView.objects.filter(owner=by, list=sheet, voided_at=None)
    others = mine if view is None else mine.exclude(pk=view.pk)
    if others.filter(name=name).exists():
        raise CannotKeep(
            _("You have a view of this name already. Choose another name, or update that view."), field="name"
        )
    if view is None and others.count() >= MOST:
        raise CannotKeep(_("You keep %(n)s views of this list. Delete one that you no longer need.") % {"n": MOST})


def _write(row: models.SavedView, name: str) -> None:
    """Of two windows that save the same name at once, one wins."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CannotKeep(
            _("You have a view of this name already. Choose another name, or update that view."), field="name"
        ) from None
