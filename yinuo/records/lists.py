"""The trail in people's words: entries as sentences with their changes, the list for auditors, findings."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, lists, words
from yinuo.records import models, queries
from yinuo.records.engine import chain

# Words ---------------------------------------------------------------------------------------------------------------


def word_of(word: str) -> str:
    """What was done, in the reader's language: the room's translation of the word, else its own letters."""
    said = gettext(word)
    return said if said != word else _plain(word.partition(".")[2] or word)


def field_of(field: str) -> str:
    """A field's name in the reader's language (`msgctxt "field"`), else its own letters."""
    said = pgettext("field", field)
    return said if said != field else _plain(field)


def _plain(name: str) -> str:
    return name.replace(".", " ").replace("_", " ").strip().capitalize()


def value_of(field: str, value: Any) -> str | None:
    """A stored value as people read it: choices by their words (`msgctxt "value"`, `field:value`), moments locally,
    words in both languages (`{"zh": …, "en": …}`) in the reader's."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return gettext(", ").join(str(value_of(field, each)) for each in value)
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return value["en" if (get_language() or "").startswith("en") else "zh"] or value["zh"] or value["en"]
    if isinstance(value, dict):
        return gettext(", ").join(f"{key}: {value_of(str(key), each)}" for key, each in value.items())
    text = str(value)
    if len(text) <= 60:
        said = pgettext("value", f"{field}:{text}")
        if said != f"{field}:{text}":
            return said
    if field.endswith("_at") and (moment := _moment(text)):
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    name, mark, key = text.rpartition(" #")
    return name if mark and key.isdigit() else text


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and timezone.is_aware(found) else None


# The timeline --------------------------------------------------------------------------------------------------------

UNTOLD = {
    "sha256",
    "size",
    "digest",
    "entry",
    "of_type",
    "to_scope",
}  # facts of a note for the auditor's eyes, not the timeline's
ADDRESSED = "query"  # what stands behind an address's question mark: nobody reads it


@dataclass(frozen=True)
class Line:
    """One entry as the timeline shows it."""

    id: int
    words: str
    who: str
    at: datetime
    reason: str
    changes: list[dict[str, Any]]


def who(it: models.Entry | models.Reading) -> str:
    """Who did it; the program by its name in the reader's language."""
    return gettext("Yinuo") if it.actor_id == actors.PROGRAM.actor_id else it.actor_name


def line_of(entry: models.Entry) -> Line:
    """An entry in the reader's language."""
    changes = [
        {
            "label": field_of(change["field"]),
            "old": value_of(change["field"], change["old"]),
            "new": value_of(change["field"], change["new"]),
        }
        for change in entry.changes
        if change["field"] != ADDRESSED
    ]
    changes += [
        {"label": field_of(key), "old": None, "new": value_of(key, value)}
        for key, value in entry.note.items()
        if key not in UNTOLD and value not in (None, "", [], {})
    ]
    said = word_of(entry.word)
    if entry.is_redacted:
        said = gettext("%(words)s (content redacted)") % {"words": said}
    return Line(id=entry.pk, words=said, who=who(entry), at=entry.at, reason=entry.reason, changes=changes)


# The list for auditors -----------------------------------------------------------------------------------------------


def subject_types() -> list[tuple[str, str]]:
    """All kinds of subject that leave a trail, with their words (`msgctxt "subject"`)."""
    told = (getattr(model, "subject_type", None) for model in apps.get_models())
    types = {each for each in told if isinstance(each, str)}
    return sorted(((each, pgettext("subject", each)) for each in types), key=lambda pair: pair[1])


def words_used() -> list[tuple[str, str]]:
    """All words of the trail in the reader's language."""
    used = models.Word.objects.values_list("word", flat=True)
    return sorted(((each, word_of(each)) for each in used), key=lambda pair: pair[1])


def _by(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(actor_id__in=queries.people_named(text))


def _on_day(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return rows
    start = timezone.make_aware(datetime.combine(day, time.min))
    return rows.filter(at__gte=start, at__lt=start + timedelta(days=1))


def _of_type(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(subject_type=text)


def _with_word(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    return rows.filter(word=text)


ENTRIES = lists.Sheet(
    name="trail",
    title=_("Trail"),
    columns=[
        lists.Column("at", _("When"), lambda entry: entry.at, kind="moment"),
        lists.Column("who", _("Who"), who, kind="person"),
        lists.Column("what", _("What was done"), lambda entry: word_of(entry.word)),
        lists.Column("subject", _("To what"), lambda entry: entry.subject_label, kind="link"),
        lists.Column("changes", _("Changes"), lambda entry: _changes_text(entry), narrow=False),
        lists.Column("reason", _("Reason"), lambda entry: entry.reason, narrow=False),
    ],
    filters=[
        lists.Filter("who", _("Person"), _by, kind="text"),
        lists.Filter("word", _("What was done"), _with_word, choices=lambda _person: words_used()),
        lists.Filter("type", _("Kind of subject"), _of_type, choices=lambda _person: subject_types()),
        lists.Filter("day", _("Day"), _on_day, kind="day"),
    ],
    sorts={"newest": (_("Newest first"), "pk", True), "oldest": (_("Oldest first"), "pk", False)},
    empty=_("Nothing has happened yet."),
)


READINGS = lists.Sheet(
    name="readings",
    title=_("Read log"),
    columns=[
        lists.Column("at", _("When"), lambda reading: reading.at, kind="moment"),
        lists.Column("who", _("Who"), who, kind="person"),
        lists.Column("way", _("How"), lambda reading: value_of("way", reading.way)),
        lists.Column("subject", _("To what"), lambda reading: reading.subject_label, kind="link"),
        lists.Column("what", _("File or page"), lambda reading: reading.what, narrow=False),
    ],
    filters=[
        lists.Filter("who", _("Person"), _by, kind="text"),
        lists.Filter("type", _("Kind of subject"), _of_type, choices=lambda _person: subject_types()),
        lists.Filter("day", _("Day"), _on_day, kind="day"),
    ],
    sorts={"newest": (_("Newest first"), "pk", True), "oldest": (_("Oldest first"), "pk", False)},
    empty=_("Nobody has read anything confidential yet."),
)


def _changes_text(entry: models.Entry) -> str:
    shown = [
        f"{change['label']}: {change['old']} → {change['new']}"
        if change["old"]
        else f"{change['label']}: {change['new']}"
        for change in line_of(entry).changes[:4]
    ]
    return "; ".join(shown)


# Findings ------------------------------------------------------------------------------------------------------------


def finding_words(code: str, number: int, other: int) -> Promise:
    """What a finding means; `other` is the entry's id, or the last of the missing seals."""
    said = {
        "entry_changed": _("Entry %(entry)s (seal %(number)s) was changed after it was written."),
        "entry_removed": _("Entry %(entry)s (seal %(number)s) was removed."),
        "entry_inserted": _("Entry %(entry)s was inserted or changed outside the program and is not sealed."),
        "entry_copied": _("Entry %(entry)s (seal %(number)s) is a copy of another entry."),
        "redaction_unproved": _("Entry %(entry)s (seal %(number)s) was emptied without a recorded redaction."),
        "seal_changed": _("Seal %(number)s (entry %(entry)s) does not continue the chain: it was changed or inserted."),
        "seals_removed": _("Seals %(number)s to %(last)s were removed."),
        "entry_moved": _(
            "Entry %(entry)s (seal %(number)s) was given another scope outside the program: others may read it now."
        ),
        "file_changed": _("The stored file no. %(entry)s is not what was stored: its SHA-256 differs."),
        "file_missing": _("The stored file no. %(entry)s is gone."),
        "anchor_differs": _(
            "Seal %(number)s differs from what was kept outside the database: the chain was rewritten."
        ),
    }
    return words.filled(said[code], number=number, entry=other, last=other)


def verdict_words(walk: chain.Walk) -> Promise:
    """The verdict of a finished walk."""
    if walk.found:
        said = _("The trail is NOT intact: %(found)s findings in %(checked)s sealed entries.")
    else:
        said = _("The trail is complete and unchanged: %(checked)s sealed entries, %(redacted)s of them redacted.")
    return words.filled(said, checked=walk.checked, redacted=walk.redacted, found=walk.found)


def waiting_words(walk: chain.Walk) -> Promise:
    """That entries wait for the sealer longer than they should."""
    return words.filled(_("%(n)s entries are not sealed yet: the job worker may not be running."), n=walk.waiting)
