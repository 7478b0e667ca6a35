"""Publishing editions of procedures."""

import dataclasses
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, catalogues, refusals, remembering, rows
from yinuo.org import models as org
from yinuo.org.actions import signing as org_signing
from yinuo.procedures import access, models
from yinuo.procedures.actions import signing
from yinuo.procedures.definition import reading, writing
from yinuo.procedures.definition.faults import Fault
from yinuo.procedures.definition.mistakes import Known
from yinuo.procedures.definition.shapes import Definition
from yinuo.procedures.queries import definitions
from yinuo.records import actions as records
from yinuo.search import actions as search

LIBRARY = Path(__file__).resolve().parent.parent / "library"


class CannotPublish(refusals.Refusal):
    """This edition cannot be published. `faults` are the mistakes in its text, if there are any."""

    def __init__(self, sentence: object = "", *, faults: tuple[Fault, ...] = (), field: str | None = None) -> None:
        super().__init__(str(sentence), field=field)
        self.faults = faults


@transaction.atomic
def publish(
    *,
    source: str,
    file: str,
    by: org.Person,
    now: datetime,
    reason: str = "",
    proof: org_signing.Proof | None = None,
    owner_post: org.Post | None = None,
) -> models.Edition:
    """Publish a new edition of a procedure from its YAML `source`, signed by the person.

    New runs take it; runs under way keep theirs. Raises `CannotPublish` naming file, line, step and field of every
    mistake, or that this edition exists already.
    """
    if not access.may_publish(by):
        raise refusals.NotAllowed()
    signing.check_proof(proof, by=by, now=now)
    definition = _read(source, file, definitions.known())
    edition = _publish(definition, source, by=by, now=now, reason=reason, owner_post=owner_post)
    signing.sign_edition(edition, proof=proof, by=by, now=now)
    return edition


@transaction.atomic
def load_library(
    *, by: actors.Actor, now: datetime, folder: Path = LIBRARY, owner_post: org.Post | None = None
) -> list[models.Edition]:
    """Publish the shipped procedures that this installation does not have yet. Idempotent: what the company has, in
    whatever edition, stays its own. Posts and departments that it does not have are found by the steps' fallbacks.
    """
    known = definitions.known()
    known = dataclasses.replace(known, facts=None, posts=None, departments=None, people=None)
    published = []
    for path in sorted(folder.glob("*.yaml")):
        source = catalogues.in_terms(path.read_text(encoding="utf-8"), settings.TERMS)
        definition = _read(source, path.name, known)
        if not models.Procedure.objects.filter(key=definition.key).exists():
            published.append(_publish(definition, source, by=by, now=now, owner_post=owner_post))
    return published


def _read(source: str, file: str, known: Known) -> Definition:
    read = reading.read_yaml(source, file=file, known=known)
    if read.definition is None:
        said = "\n".join(fault.say(get_language() or "zh") for fault in read.faults)
        raise CannotPublish(said, faults=read.faults, field="source")
    return read.definition


def _publish(
    definition: Definition,
    source: str,
    *,
    by: actors.Actor,
    now: datetime,
    reason: str = "",
    owner_post: org.Post | None = None,
) -> models.Edition:
    card = definition.card
    values = {"number": card.number, "name_zh": card.title.zh, "name_en": card.title.en}
    procedure, is_new = models.Procedure.objects.select_for_update().get_or_create(
        key=definition.key, defaults={**values, "owner_post": owner_post}
    )
    fingerprint = definitions.fingerprint_of(definition)
    last = definitions.editions_of(procedure).first()
    if last is not None and last.fingerprint == fingerprint:
        raise CannotPublish(_("Nothing differs from the edition in force."))
    if last is not None:
        _check_forms(definition, definitions.definition_of(procedure.current or last))
    if models.Edition.objects.filter(procedure=procedure, label=card.edition).exists():
        raise CannotPublish(
            _("Edition %(label)s exists already; give the new one its own number.") % {"label": card.edition},
            field="source",
        )
    edition = models.Edition.objects.create(
        procedure=procedure,
        number=last.number + 1 if last else 1,
        label=card.edition,
        definition=writing.plain(definition),
        source=source,
        fingerprint=fingerprint,
        reason=reason.strip()[:500],
        published_at=now,
        published_by=by if isinstance(by, org.Person) else None,
    )
    if owner_post is not None:
        values["owner_post"] = owner_post  # type: ignore[assignment]
    remembering.changed(definitions._in_force)
    changes = rows.change(procedure, expected=procedure.version, current=edition, **values)
    records.write(
        by=by,
        now=now,
        word="procedures.procedure.published",
        subject=procedure,
        changes=changes,
        reason=reason.strip(),
        note={"edition": edition.label, "fingerprint": fingerprint, "first": is_new},
    )
    search.refresh(models.Procedure.subject_type, [procedure.pk])
    return edition


def _check_forms(new: Definition, old: Definition) -> None:
    """A form that asks for something else has an edition of its own: its number and edition say what was filled in."""
    was = {(form.number, form.edition): form.fields for form in old.forms}
    for form in new.forms:
        if was.get((form.number, form.edition), form.fields) != form.fields:
            raise CannotPublish(
                _("The form %(number)s has changed; give it an edition other than %(edition)s.")
                % {"number": form.number, "edition": form.edition},
                field="source",
            )


@transaction.atomic
def set_owner(*, procedure: models.Procedure, post: org.Post, by: org.Person, now: datetime, expected: int) -> None:
    """Make a post answer for the procedure: what nobody can be found for goes there."""
    if not access.may_publish(by):
        raise refusals.NotAllowed()
    changes = rows.change(procedure, expected=expected, owner_post=post)
    records.write(by=by, now=now, word="procedures.procedure.owner_changed", subject=procedure, changes=changes)
