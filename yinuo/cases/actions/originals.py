"""The originals of a request: files on the case, objects, or the reason why there is none (C03)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.queries import cases as case_queries
from yinuo.kit import actors, refusals, rows
from yinuo.records import actions as records


class NoOriginal(refusals.Refusal):
    """No original is on record, and nobody has said why."""


@transaction.atomic
def settle(*, case: models.Case, is_kept: bool, reason: str, by: actors.Actor, now: datetime) -> None:
    """Say at acceptance that the original is kept, or why there is none; kept means a file or an object on record."""
    access.require_part(by, case)
    if is_kept and not case_queries.has_original(case):
        raise NoOriginal(
            _("No original is on record. Attach it, register the object, or answer no and say why."),
            field="original_kept",
        )
    if not is_kept and not reason.strip():
        raise NoOriginal(_("Please say why there is no original."), field="no_original")
    _say(case, "" if is_kept else reason.strip()[:300], by=by, now=now)


def found(*, case: models.Case, by: actors.Actor, now: datetime) -> None:
    """A file or object came after all: the original is no longer missing."""
    _say(case, "", by=by, now=now)


def _say(case: models.Case, reason: str, *, by: actors.Actor, now: datetime) -> None:
    changes = rows.differences(case, {"no_original": reason})
    if changes:
        models.Case.objects.filter(pk=case.pk).update(no_original=reason)
        case.no_original = reason
        records.write(by=by, now=now, word="cases.case.original", subject=case, changes=changes, reason=reason)
