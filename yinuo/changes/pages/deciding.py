"""Dialogs in which people decide: the review, the effect on PPAP, the customer's answer."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.changes import access, models
from yinuo.changes.actions import deciding as actions
from yinuo.changes.forms import acts as forms
from yinuo.changes.pages import changes
from yinuo.kit import editing, pages, undoing
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records


def keep_proofs(change: models.Change, proofs: Iterable[Any], by: org.Person) -> None:
    """Hang what proves an act on the change."""
    for each in proofs or ():
        records.attach(subject=change, content=each, name=each.name or "", by=by, now=timezone.now(), kind="proof")


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def review(request: pages.Request, number: str) -> HttpResponse:
    """Record that the change was reviewed: the clock stops."""
    row = changes.found(request, number)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial: dict[str, Any] = {"version": row.version}
    if row.reviewed_on:
        initial |= {"on": row.reviewed_on, "reviewer": row.reviewed_by_id, "result": row.result, "said": row.said}
    form = forms.Review(*editing.sent(request), person=request.user, initial=initial)
    was_reviewed = row.reviewed_on is not None

    @transaction.atomic
    def act() -> str:
        said = dict(form.cleaned_data)
        proofs, expected = said.pop("proof"), said.pop("version")
        actions.review(change=row, by=request.user, now=timezone.now(), expected=expected, **said)
        keep_proofs(row, proofs, request.user)
        return row.get_absolute_url()

    def undo() -> str:
        if was_reviewed:
            return ""
        return undoing.offer(request.user, "changes.reviewed", change=row.pk, version=row.version)

    return editing.answer(
        request, form, act=act, said=_("The review is on record. The clock has stopped."), undo=undo,
        title=_("Record the review"), verb=_("Save"), back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def impact(request: pages.Request, number: str) -> HttpResponse:
    """Decide what the change means for PPAP."""
    row = changes.found(request, number)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial: dict[str, Any] = {
        "version": row.version, "impact": row.impact, "level": row.level, "note": row.impact_note,
        **({"decider": row.impact_by_id} if row.impact_by_id else {}),
    }  # fmt: skip
    form = forms.Impact(*editing.sent(request), person=request.user, row=row, initial=initial)

    def act() -> str:
        said = dict(form.cleaned_data)
        expected = said.pop("version")
        actions.judge_impact(change=row, by=request.user, now=timezone.now(), expected=expected, **said)
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Effect on PPAP"), verb=_("Save"),
        back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(Permission.CHANGES_EDIT, methods=editing.READ_WRITE)
def answer(request: pages.Request, number: str) -> HttpResponse:
    """Record what the customer answered."""
    row = changes.found(request, number)
    if not access.may_edit(request.user, row):
        return pages.forbidden(request)
    initial = {
        "version": row.version, "answer": row.answer, "reference": row.answer_reference,
        **({"on": row.answered_on} if row.answered_on else {}),
    }  # fmt: skip
    form = forms.Answered(*editing.sent(request), initial=initial)

    @transaction.atomic
    def act() -> str:
        said = dict(form.cleaned_data)
        proofs, expected = said.pop("proof"), said.pop("version")
        actions.record_answer(change=row, by=request.user, now=timezone.now(), expected=expected, **said)
        keep_proofs(row, proofs, request.user)
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Customer's answer"), verb=_("Save"),
        back=row.get_absolute_url(),
    )  # fmt: skip
