"""Giving out what comes in by the company's rules; what is given against them; the rules to begin with."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.actions import convention
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.kit import actors, rows
from yinuo.kit import words as kit_words
from yinuo.notify import actions as notify
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.org.definition import Permission
from yinuo.procedures import access as procedure_access
from yinuo.procedures.definition.texts import Text
from yinuo.records import actions as records

KEPT = 20  # of the ranked, with each assignment


@transaction.atomic
def record(
    *, case: models.Case, proposal: assigning_queries.Proposal, by: org.Person, now: datetime
) -> models.Assignment:
    """Keep what the rules said of a case that was just registered, and tell whoever got it why.

    Where the pool has nobody who can take it, the window keeps it, and those who steer are told which rule and why.
    """
    first, pool, why = proposal.first, proposal.choice.pool, proposal.why
    it = keep(case=case, proposal=proposal, chosen=case.owner if first else None, by=None, now=now)
    note = {"pool": it.pool_zh, "row": it.row_zh, "why": why.zh}
    records.write(
        by=actors.PROGRAM, now=now, word="cases.case.assigned", subject=case, changes=rows.created(it, "chosen"),
        note=note,
    )  # fmt: skip
    if first is not None and case.owner is not None and case.owner != by:
        notify.tell(people=[case.owner], subject=case, kind="case_given", words=given_words(case, why), now=now)
    elif first is None and pool is not None:
        said = kit_words.filled(
            _("Nobody found for %(case)s: %(row)s → %(pool)s, %(why)s. %(owner)s keeps it."), case=case.number,
            row=_said(proposal.choice.why), pool=_said(pool.name), why=_said(why),
            owner=case.owner.name if case.owner else "—",
        )  # fmt: skip
        steering = procedure_access.able(org_queries.people(), Permission.CASES_STEER, case.scope_id, case.site_id)
        notify.tell(people=steering, subject=case, kind="case_unassigned", words=said, now=now)
    return it


def keep(
    *, case: models.Case, proposal: assigning_queries.Proposal | None, chosen: org.Person | None,
    by: org.Person | None, now: datetime, reason: str = "",
) -> models.Assignment:  # fmt: skip
    """The row that says to whom a case was given and what the rules said then; part of the acts that give it."""
    ranked = proposal.ranked if proposal else ()
    own = next((each.why for each in ranked if chosen and each.candidate.person == chosen.pk), None)
    why = own or (proposal.why if proposal and chosen is None else Text("", ""))
    pool = proposal.choice.pool if proposal else None
    said = proposal.choice.why if proposal else Text("", "")
    return models.Assignment.objects.create(
        case=case,
        pool=pool.key if pool else "",
        pool_zh=pool.name.zh[:200] if pool else "",
        pool_en=pool.name.en[:200] if pool else "",
        row=proposal.choice.row if proposal else -1,
        row_zh=said.zh[:500],
        row_en=said.en[:500],
        why_zh=why.zh[:1000],
        why_en=why.en[:1000],
        ranked=[each.as_json() for each in ranked[:KEPT]],
        chosen=chosen,
        by=by,
        at=now,
        reason=reason,
    )


def given_words(case: models.Case, why: Text) -> Promise:
    """What an owner is told whom the rules chose."""
    return kit_words.filled(
        _("You are now the owner: %(case)s. Why you: %(why)s"), case=case.subject_label, why=_said(why)
    )


def _said(text: Text) -> Promise:
    """Words in the language of whoever reads them."""
    later: Any = lazy(lambda: text.say(get_language() or "zh"), str)
    promise: Promise = later()
    return promise


@transaction.atomic
def begin(*, by: org.Person, now: datetime, expected: int) -> models.Convention:
    """Take the rules to begin with: a pool for each skill that some kind of requirement needs, a row per kind."""
    return convention.change_convention(by=by, now=now, expected=expected, **assigning_queries.offered())
