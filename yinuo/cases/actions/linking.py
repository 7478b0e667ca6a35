"""Linking cases that have to do with each other (关联案件), and voiding such a link."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


@transaction.atomic
def link(
    *, case: models.Case, other: models.Case, relation: str, by: org.Person, now: datetime, reason: str = ""
) -> models.Link:
    """Say that a case is to another what `relation` says, whatever their states; both tell it, each to those who may
    see both."""
    if not access.may_handle(by, case) or not access.may_see(by, other):
        raise refusals.NotAllowed()
    if relation not in models.Relation.values:
        raise access.CannotJoin(_("Please choose how the two cases are related."), field="relation")
    if case.pk == other.pk:
        raise access.CannotJoin(_("A case is not linked with itself. Please choose another one."), field="other")
    if relation in models.MUTUAL and case.pk < other.pk:
        case, other = other, case
    back = models.Link.objects.filter(case=other, other=case, relation=relation, voided_at=None)
    if back.exists():
        raise access.CannotJoin(_("They are linked the other way round. Void that link first."), field="relation")
    return _make(case, other, relation, by=by, now=now, reason=reason)


def complained(*, case: models.Case, about: models.Case, by: org.Person, now: datetime) -> models.Link:
    """The case was just registered as a complaint about one that is over; by whoever may register, handling or not."""
    return _make(case, about, models.Relation.COMPLAINT, by=by, now=now, reason="")


def _make(
    case: models.Case, other: models.Case, relation: str, *, by: org.Person, now: datetime, reason: str
) -> models.Link:
    try:
        with transaction.atomic():
            made = models.Link.objects.create(
                case=case, other=other, relation=relation, reason=reason.strip()[:500], made_by=by, made_at=now
            )
    except IntegrityError:
        raise access.CannotJoin(_("These two cases are linked like this already."), field="other") from None
    _tell(made, "cases.case.linked", by=by, now=now, reason=reason)
    return made


@transaction.atomic
def void_link(*, link: models.Link, reason: str, by: org.Person, now: datetime, expected: int) -> models.Link:
    """A link that does not hold is void, with the reason; by whoever handles one of the cases and may see the other."""
    ends = (link.case, link.other)
    if not all(access.may_see(by, each) for each in ends) or not any(access.may_handle(by, each) for each in ends):
        raise refusals.NotAllowed()
    if not reason.strip():
        raise access.CannotJoin(_("Please give the reason."), field="reason")
    if link.voided_at:
        raise access.CannotJoin(_("This link is void already."))
    rows.change(link, expected=expected, voided_at=now, voided_by=by, void_reason=reason.strip()[:500])
    _tell(link, "cases.case.unlinked", by=by, now=now, reason=reason)
    return link


def _tell(link: models.Link, word: str, *, by: org.Person, now: datetime, reason: str) -> None:
    """An entry on both cases; none names the other to people who may not see it."""
    for case, other in ((link.case, link.other), (link.other, link.case)):
        relation = link.relation if case.pk == link.case_id or link.relation in models.MUTUAL else f"{link.relation}_of"
        change = rows.Change("relation", None, relation)
        if word == "cases.case.unlinked":
            change = rows.Change("relation", relation, None)
        named = access.names_openly(case, other)
        records.write(
            by=by, now=now, word=word, subject=case, changes=[change], reason=reason if named else "",
            note={"case": other.number} if named else {},
        )  # fmt: skip
