"""What a clause says in another language: typed in beside the original, or taken over from a file in that language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.kit import refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records
from yinuo.sources import access, models
from yinuo.sources.rules import translating as rules

WAY = models.Translation.Way


class CannotTranslate(refusals.Refusal):
    """This translation cannot be kept."""


class Overtaken(CannotTranslate, refusals.Stale):
    """Somebody else was faster with this translation."""


@dataclass(frozen=True)
class TakenOver:
    """What came of a file: how many clauses got a translation, what of it fits none, which clauses have none."""

    taken: int
    kept: int  # translations that somebody typed, left as they are
    unmatched: list[rules.Said]
    without: list[models.ClauseText]


@transaction.atomic
def translate(
    *, text: models.ClauseText, language: str, title: str, body: str, by: org.Person, now: datetime, expected: int
) -> models.Translation:
    """Keep what a clause says in another language. `expected`: the version of the translation as seen, 0 for none."""
    if not access.may_judge(by, text):
        raise refusals.NotAllowed()
    if language == text.edition.language:
        raise CannotTranslate(_("This is the language of the original."), field="language")
    if not (title.strip() or body.strip()):
        raise CannotTranslate(_("Please write what the clause says."), field="body")
    row = models.Translation.objects.select_for_update().filter(text=text, language=language).first()
    values = {"title": title.strip()[:500], "body": body.strip(), "way": WAY.TYPED, "by": by, "at": now}
    if row is None and not expected:
        try:
            with transaction.atomic():
                row = models.Translation.objects.create(text=text, language=language, **values)
        except IntegrityError:
            raise refusals.Stale() from None
        changes = rows.created(row, "language", "title", "body")
    elif row is None or row.version != expected:
        raise Overtaken(_overtaken(row))
    else:
        changes = [each for each in rows.change(row, expected=expected, **values) if each.field in ("title", "body")]
    records.write(by=by, now=now, word="sources.clause.translated", subject=text, changes=changes)
    return row


def _overtaken(row: models.Translation | None) -> str:
    if row is None or row.by is None:
        return str(_("Somebody else has changed this meanwhile. Look at it again."))
    return str(_("%(name)s has just translated this clause. Look at it again, then go on.") % {"name": row.by.name})


@transaction.atomic
def take_over(
    *, edition: models.Edition, language: str, said: Sequence[rules.Said], with_typed: bool, by: org.Person,
    now: datetime,
) -> TakenOver:  # fmt: skip
    """Translations for a whole edition, each to the clause of its number. What somebody typed stays unless
    `with_typed`; what fits no clause is told, never guessed."""
    if not access.may_edit(by, edition):
        raise refusals.NotAllowed()
    if language == edition.language:
        raise CannotTranslate(_("This is the language of the original."), field="language")
    texts = {str(each.pk): each for each in edition.texts.order_by("place")}
    if not texts:
        raise CannotTranslate(_("The clauses of this edition are not accepted yet. Check and accept them first."))
    pairs, unmatched = rules.matched([(key, each.number) for key, each in texts.items()], said)
    known = {each.text_id: each for each in models.Translation.objects.filter(text__edition=edition, language=language)}
    fresh: list[models.Translation] = []
    changed: list[models.Translation] = []
    kept = 0
    for key, each in pairs:
        row = known.get(texts[key].pk)
        if row is not None and row.way == WAY.TYPED and not with_typed:
            kept += 1
            continue
        (changed if row else fresh).append(_imported(row, texts[key], language, each, by, now))
    models.Translation.objects.bulk_create(fresh, batch_size=500)
    fields = ("title", "body", "way", "by", "at", "version")
    models.Translation.objects.bulk_update(changed, fields, batch_size=100)
    taken = len(fresh) + len(changed)
    note = {"language": language, "clauses": taken, "unmatched": len(unmatched)}
    records.write(by=by, now=now, word="sources.edition.translated", subject=edition, note=note)
    has = {texts[key].pk for key, _each in pairs} | set(known)
    return TakenOver(taken, kept, unmatched, [each for each in texts.values() if each.pk not in has])


def _imported(
    row: models.Translation | None, text: models.ClauseText, language: str, said: rules.Said, by: org.Person,
    now: datetime,
) -> models.Translation:  # fmt: skip
    if row is None:
        row = models.Translation(text=text, language=language)
    else:
        row.version += 1
    row.title, row.body, row.way, row.by, row.at = said.title[:500], said.text, WAY.IMPORTED, by, now
    return row
