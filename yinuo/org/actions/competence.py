"""Skills, and whose competence is on record (IATF 16949 7.2)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import access, models
from yinuo.records import actions as records


class CannotRecord(refusals.Refusal):
    """This skill cannot be set up like this."""


@transaction.atomic
def name_skill(*, code: str, name_zh: str, name_en: str = "", by: access.Doer, now: datetime) -> models.Skill:
    """Add a skill; `code` is what assignment rules name."""
    access.demand_management(by, None)
    if models.Skill.objects.filter(code=code).exists():
        raise CannotRecord(_("Another skill has this code."), field="code")
    skill = models.Skill.objects.create(code=code, name_zh=name_zh, name_en=name_en)
    changes = rows.created(skill, "code", "name_zh", "name_en")
    records.write(by=by, now=now, word="org.skill.added", subject=skill, changes=changes)
    return skill


@transaction.atomic
def rename_skill(*, skill: models.Skill, expected: int, by: access.Doer, now: datetime, **values: Any) -> models.Skill:
    """Rename a skill: `name_zh`, `name_en`."""
    access.demand_management(by, None)
    changes = rows.change(skill, expected=expected, **values)
    if changes:
        records.write(by=by, now=now, word="org.skill.changed", subject=skill, changes=changes)
    return skill


@transaction.atomic
def record_skill(
    *,
    person: models.Person,
    skill: models.Skill,
    level: int,
    proof: str,
    valid_until: date | None = None,
    by: access.Doer,
    now: datetime,
) -> models.PersonSkill:
    """Put on record that somebody knows (1), can (2) or teaches (3) a skill, what proves it and until when it holds.

    A record that exists is renewed. Level 0 withdraws the competence; the row and its trail stay.
    """
    access.demand_management(by, person.site_id)
    if level not in range(4):
        raise CannotRecord(_("Levels are 1 to 3, or 0 to withdraw."), field="level")
    if level and not proof:
        raise CannotRecord(_("Competence needs a proof: a certificate, a training, an assessment."), field="proof")
    held = models.PersonSkill.objects.filter(person=person, skill=skill).first()
    if held is None:
        held = models.PersonSkill.objects.create(
            person=person, skill=skill, level=level, proof=proof, valid_until=valid_until
        )
        changes = rows.created(held, "level", "proof", "valid_until")
    else:
        changes = rows.change(held, expected=held.version, level=level, proof=proof, valid_until=valid_until)
    if changes:
        note = {"skill": skill.name_zh}
        records.write(by=by, now=now, word="org.competence.recorded", subject=person, changes=changes, note=note)
    return held
