"""The words letters begin with: changed by who may, edition by edition."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.letters import models
from yinuo.letters.engine import placeholders
from yinuo.letters.readers import library
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import actions as records

LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")


class CannotKeep(refusals.Refusal):
    """A template cannot say this."""


@transaction.atomic
def keep_template(
    *,
    kind: str,
    language: str,
    heading: str,
    text: str,
    is_active: bool = True,
    by: org.Person,
    now: datetime,
    expected: int,
) -> models.Template:
    """Keep a new edition of a template (`expected` is 0 while the shipped words hold, or for a new language)."""
    if not by.may(Permission.LETTERS_TEMPLATES):
        raise refusals.NotAllowed()
    _check(kind, language, heading, text)
    row = models.Template.objects.select_for_update().filter(kind=kind, language=language).first()
    if (row.version if row else 0) != expected:
        raise refusals.Stale()
    values = {"heading": heading.strip(), "text": text.strip(), "is_active": is_active}
    if row is None:
        was = library.templates().get((kind, language), ("", ""))
        row = models.Template.objects.create(kind=kind, language=language, **values)
        changes = [rows.Change("heading", was[0], row.heading), rows.Change("text", was[1], row.text)]
        changes = [each for each in changes if each.old != each.new]
    else:
        changes = rows.change(row, expected=expected, **values)
    if {"heading", "text"} & {each.field for each in changes} or not row.editions.exists():
        number = row.editions.count() + 1
        row.editions.create(number=number, heading=row.heading, text=row.text, by=by, at=now)
    if changes:
        records.write(by=by, now=now, word="letters.template.changed", subject=row, changes=changes)
    return row


def _check(kind: str, language: str, heading: str, text: str) -> None:
    if kind not in models.Template.Kind.values:
        raise CannotKeep(_("Please choose what the letter is for."), field="kind")
    if not LANGUAGE.match(language):
        raise CannotKeep(_("Please give the language by its code, such as de, ja or pt-BR."), field="language")
    for field, said in (("heading", heading), ("text", text)):
        if not said.strip():
            raise CannotKeep(_("Please write what the letter is to say."), field=field)
        unknown = placeholders.unknown_in(said)
        if unknown:
            words = _("There is no placeholder “%(name)s”. Those that can be filled in stand beside the form.")
            raise CannotKeep(words % {"name": "”, “".join(each or "{{ }}" for each in unknown)}, field=field)
