"""Withdrawing an edition of a standard that was loaded by mistake, as long as nothing hangs on it.

Its clauses stay on record and count no more: no list, no search, no citation finds them, and the same edition can be
loaded anew. Whoever withdrew it takes it back, until the edition is loaded again.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.search import actions as search
from yinuo.sources import access, models
from yinuo.sources.queries import withdrawing as queries


class CannotWithdraw(refusals.Refusal):
    """This edition cannot be withdrawn."""


@transaction.atomic
def withdraw(*, edition: models.Edition, reason: str, by: org.Person, now: datetime, expected: int) -> models.Edition:
    """Withdraw an edition on which nothing hangs; else the sentence names what does."""
    if not access.may_load_standards(by):
        raise refusals.NotAllowed()
    if not reason.strip():
        raise CannotWithdraw(_("Please say why it is withdrawn."), field="reason")
    if edition.withdrawn_at is not None or edition.document.kind != models.DocumentKind.STANDARD:
        raise CannotWithdraw(_("Only an edition of a standard that is on record can be withdrawn."))
    if what := queries.obstacle(edition, by):
        raise CannotWithdraw(what)
    said = {"withdrawn_at": now, "standing": models.Standing.SUPERSEDED}
    _settle(edition, said, by, now, expected, done="withdrawn", reason=reason.strip())
    return edition


@transaction.atomic
def put_back(*, edition: models.Edition, standing: str, by: org.Person, now: datetime, expected: int) -> models.Edition:
    """Take a withdrawal back: the edition stands as it stood."""
    if not access.may_load_standards(by):
        raise refusals.NotAllowed()
    twin = edition.document.editions.filter(label=edition.label, withdrawn_at=None)
    if edition.withdrawn_at is None or twin.exists():
        raise CannotWithdraw(_("This edition is on record already."))
    if edition.document.current_id is not None and standing == models.Standing.IN_FORCE:
        raise CannotWithdraw(_("Another edition of this standard holds by now."))
    _settle(edition, {"withdrawn_at": None, "standing": standing}, by, now, expected, done="put_back", reason="")
    return edition


def _settle(
    edition: models.Edition, said: dict[str, object], by: org.Person, now: datetime, expected: int, *, done: str,
    reason: str,
) -> None:  # fmt: skip
    """What holds follows: the standard's current edition, what clauses cite, the search."""
    document = edition.document
    changes = rows.change(edition, expected=expected, **said)
    told = [each for each in changes if each.field != "withdrawn_at"]
    records.write(by=by, now=now, word=f"sources.edition.{done}", subject=edition, changes=told, reason=reason)
    holds = edition.standing == models.Standing.IN_FORCE
    if holds or document.current_id == edition.pk:
        document.current = edition if holds else None
        models.Document.objects.filter(pk=document.pk).update(current=document.current)
    plugs.announce("sources.edition_changed", edition=edition, by=by, now=now, reason=reason)
    search.refresh("sources.document", [document.pk])
    search.refresh("sources.clause", list(edition.texts.values_list("pk", flat=True)))
