"""The customer complains again after a case was archived (顾客再次投诉): a case of its own, linked with the old one."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yinuo.cases import access, models
from yinuo.cases.actions import linking, opening
from yinuo.cases.queries import joining as queries
from yinuo.kit import actors, words
from yinuo.notify import actions as notify
from yinuo.org import models as org


@transaction.atomic
def open_complaint(*, about: models.Case, by: org.Person, now: datetime, **asked: Any) -> models.Case:
    """Register a case of a customer who complains about one that is over; `asked` as in `opening.open_case`."""
    if about.is_open:
        said = _("%(number)s is still being worked on: record there what the customer says.")
        raise access.CannotJoin(words.filled(said, number=about.number), field="complaint")
    if not opening.same_tree(about.customer, asked["customer"]):
        said = _("%(number)s belongs to another customer.")
        raise access.CannotJoin(words.filled(said, number=about.number), field="complaint")
    made = opening.open_case(by=by, now=now, **asked)
    linking.complained(case=made, about=about, by=by, now=now)
    return made


def not_satisfied(*, case: models.Case, speaker: str, said: str, by: actors.Actor, now: datetime) -> models.Case | None:
    """What a customer says who is not satisfied with an archived case becomes a case of its own, unless one is open
    already. None where nobody could register it: the case itself is then taken up again."""
    there = queries.complaint_about(case)
    if there is not None:
        if there.owner is not None:
            told = format_lazy(_("The customer is not satisfied: {case}"), case=there.subject_label)
            notify.tell(people=[there.owner], subject=there, kind="feedback_received", words=told, now=now)
        return there
    person = _registrar(case, by)
    if person is None:
        return None
    title, _title_en = words.both(words.filled(_("Complaint after archive: %(title)s"), title=case.title))
    return open_complaint(
        about=case,
        by=person,
        now=now,
        customer=case.customer,
        title=title[:200],
        channel=models.Channel.COMPLAINT,
        items=[opening.NewItem(text=said, kind=case.kind)],
        notified_at=now,
        said_by=speaker,
        said_at=now,
        text=said,
        products=list(case.products.all()),
        project=case.project,
        site=case.site,
        is_safety=case.is_safety,
    )


def _registrar(case: models.Case, by: actors.Actor) -> org.Person | None:
    """Whoever recorded it, else the owner or whoever registered the case, if they may register one."""
    asked = (by if isinstance(by, org.Person) else None, case.owner, case.registered_by)
    found = (each for each in asked if each is not None and access.may_open(each, case.scope_id, case.site_id))
    return next(found, None)
