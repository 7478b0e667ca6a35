"""Taking rows over from workbooks: receiving the file, assigning its columns, confirming, writing row by row."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import IO, Any

from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.imports import access, models, queries, rules
from yinuo.kit import actors, importing, jobs, refusals, rows, subjects
from yinuo.kit.sheets import definition
from yinuo.records import actions as records
from yinuo.search import actions as search

AT_ONCE = 50  # rows in one transaction: others who write wait for no more than that
TOGETHER = 250  # the same of rows that one act takes over
STATE = models.Import.State


class CannotImport(refusals.Refusal):
    """This cannot be done with the workbook now."""


@transaction.atomic
def receive(
    *, kind: str, content: bytes | IO[bytes] | File, name: str, read: dict[str, Any], by: Any, now: datetime
) -> models.Import:
    """Keep a workbook as the source of an import; `read` is what `intake` found in it."""
    if not access.may_bring(by, kind):
        raise refusals.NotAllowed()
    row = models.Import.objects.create(
        kind=kind, name=name[:255], by_id=by.actor_id, by_name=by.actor_name, received_at=now, **read
    )
    records.attach(subject=row, content=content, name=name, by=by, now=now, kind="original")
    records.write(by=by, now=now, word="imports.import.received", subject=row, note={"kind": kind})
    return row


@transaction.atomic
def assign(
    *, row: models.Import, table: dict[str, Any], columns: dict[str, int], by: Any, now: datetime, expected: int,
    options: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Say which field stands in which column of which table, and what holds for all rows; they are checked then. The
    columns are kept for the next such file."""
    _demand(row, by, STATE.MAPPING)
    kind = importing.kind_of(row.kind)
    fields = kind.fields(by)
    if gone := rules.missing(fields, columns):
        words = "、".join(each.words for each in gone)
        raise CannotImport(_("Please say in which column this stands: %(fields)s.") % {"fields": words})
    row.lines.all().delete()
    changes = rows.change(row, expected=expected, columns=columns, options=options or {}, state=STATE.CHECKING, **table)
    models.Assignment.objects.update_or_create(
        kind=row.kind, print=rules.print_of(row.print), defaults={"columns": columns, "at": now}
    )
    told = [each for each in changes if each.field == "columns"]
    records.write(by=by, now=now, word="imports.import.assigned", subject=row, changes=told)
    _check(row, now)


def _check(row: models.Import, now: datetime) -> None:
    jobs.enqueue("imports.check", key=f"{row.pk}-{row.version}", now=now, key_of_import=row.pk)


@transaction.atomic
def choose_table(*, row: models.Import, table: dict[str, Any], by: Any, now: datetime, expected: int) -> None:
    """Say in which sheet and rows the headings stand; `table` is what `intake.chosen` found there. Kept for the next
    such file."""
    _demand(row, by, STATE.MAPPING)
    if not table["headings"]:
        raise CannotImport(_("There is no heading in these rows. Please choose the row with the headings."))
    changes = rows.change(row, expected=expected, **table)
    models.Assignment.objects.update_or_create(
        kind=row.kind,
        print=rules.print_of(row.print),
        defaults={"heading_rows": row.heading_rows, "columns": row.columns, "at": now},
    )
    told = [each for each in changes if each.field in ("sheet", "heading_rows")]
    records.write(by=by, now=now, word="imports.import.table_chosen", subject=row, changes=told)


@transaction.atomic
def keep_lines(
    *, row: models.Import, lines: Iterable[models.Line], by: actors.Actor, now: datetime,
    asked: Sequence[dict[str, Any]] = (),
) -> None:  # fmt: skip
    """Keep what the check of the rows has found, and what it asks; checked twice, the later check counts."""
    row.lines.all().delete()
    models.Line.objects.bulk_create(lines, batch_size=200)
    rows.change(row, expected=row.version, state=STATE.CHECKED, asked=list(asked))
    note = {key: number for key, number in queries.counts(row).items() if number}
    records.write(by=by, now=now, word="imports.import.checked", subject=row, note=note)


@transaction.atomic
def give_up(*, row: models.Import, code: str, facts: dict[str, Any], by: actors.Actor, now: datetime) -> None:
    """The workbook cannot be read (any more): say why."""
    rows.change(row, expected=row.version, state=STATE.BROKEN, notes=[*row.notes, [code, facts]], ended_at=now)
    records.write(by=by, now=now, word="imports.import.broken", subject=row, note={"why": code})


@transaction.atomic
def confirm(*, row: models.Import, with_changes: bool, by: Any, now: datetime, expected: int) -> None:
    """Have the good rows taken over; rows that would change something only where that is wanted."""
    _demand(row, by, STATE.CHECKED)
    if not queries.to_take(row, 1, with_changes=with_changes):
        raise CannotImport(_("No row is to be taken over."))
    rows.change(row, expected=expected, state=STATE.WRITING, with_changes=with_changes, confirmed_at=now)
    records.write(by=by, now=now, word="imports.import.confirmed", subject=row, note={"with_changes": with_changes})
    jobs.enqueue("imports.take_over", key=f"{row.pk}-0", now=now, key_of_import=row.pk, round=0)


@transaction.atomic
def reopen(*, row: models.Import, by: Any, now: datetime, expected: int) -> None:
    """Back to the columns: they were assigned wrongly."""
    _demand(row, by, STATE.CHECKED)
    rows.change(row, expected=expected, state=STATE.MAPPING)
    records.write(by=by, now=now, word="imports.import.reopened", subject=row)


@transaction.atomic
def answer(
    *, row: models.Import, answers: dict[str, tuple[str, str]], also_keep: bool, by: Any, now: datetime, expected: int
) -> None:
    """Say who is meant by spellings that were asked about: key → (what it means, its label); empty: somebody new.

    Kept for the person's next files and, where they may and want it, with whom it means as another name. Then all
    rows are checked anew.
    """
    _demand(row, by, STATE.CHECKED)
    asked = {each["key"]: each for each in row.asked}
    given = {key: meant for key, meant in answers.items() if key in asked}
    if not given:
        raise CannotImport(_("Please say of at least one name who is meant."))
    kind = importing.kind_of(row.kind)
    rows.change(row, expected=expected, state=STATE.CHECKING)
    for key, (meant, label) in given.items():
        it = asked[key]
        is_kept = bool(meant and also_keep and kind.means(text=it["text"], meant=meant, by=by, now=now))
        queries.meanings_of(by).filter(of=it["of"], key=key).update(undone_at=now)
        models.Meaning.objects.create(
            of=it["of"], key=key, text=it["text"][:200], meant=meant, label=label[:300], is_kept=is_kept,
            by_id=by.actor_id, at=now,
        )  # fmt: skip
    note = {asked[key]["text"]: label or str(_("somebody new")) for key, (_meant, label) in given.items()}
    records.write(by=by, now=now, word="imports.import.answered", subject=row, note=note)
    _check(row, now)


@transaction.atomic
def take_back(*, row: models.Import, meaning: models.Meaning, by: Any, now: datetime, expected: int) -> None:
    """Take back what was said of a spelling, also where it was kept as another name; then it is asked anew."""
    _demand(row, by, STATE.CHECKED)
    if meaning.by_id != by.actor_id or meaning.undone_at is not None:
        raise refusals.NotAllowed()
    models.Meaning.objects.filter(pk=meaning.pk).update(undone_at=now)
    if meaning.is_kept:
        importing.kind_of(row.kind).means_not(text=meaning.text, meant=meaning.meant, by=by, now=now)
    rows.change(row, expected=expected, state=STATE.CHECKING)
    note = {meaning.text: meaning.label or str(_("somebody new"))}
    records.write(by=by, now=now, word="imports.import.answer_taken_back", subject=row, note=note)
    _check(row, now)


@transaction.atomic
def check_again(*, row: models.Import, by: Any, now: datetime, expected: int) -> None:
    """Check the rows anew: what they name has been added meanwhile."""
    _demand(row, by, STATE.CHECKED)
    rows.change(row, expected=expected, state=STATE.CHECKING)
    records.write(by=by, now=now, word="imports.import.checked_again", subject=row)
    _check(row, now)


@transaction.atomic
def drop(*, row: models.Import, by: Any, now: datetime, expected: int) -> None:
    """Take nothing over from this workbook, or nothing more."""
    _demand(row, by, STATE.MAPPING, STATE.CHECKING, STATE.CHECKED, STATE.WRITING)
    rows.change(row, expected=expected, state=STATE.DROPPED, ended_at=now)
    records.write(by=by, now=now, word="imports.import.dropped", subject=row)


def _demand(row: models.Import, by: Any, *states: str) -> None:
    if not access.may_see(by, row):
        raise refusals.NotAllowed()
    if row.state not in states:
        raise CannotImport(_("This import is already further. Please reload the page."))


@transaction.atomic
def take_over(*, row: models.Import, by: Any, now: datetime) -> bool:
    """Write the next rows: one that is refused keeps no other out. Whether there are more."""
    if not models.Import.objects.select_for_update().filter(pk=row.pk, state=STATE.WRITING).exists():
        return False
    kind = importing.kind_of(row.kind)
    fields = kind.fields(by)
    most = TOGETHER if kind.takes_together else AT_ONCE
    waiting = queries.to_take(row, most, with_changes=row.with_changes)
    values = [rules.woken(line.values, fields) | _options(row) for line in waiting]
    go_together = [line.seen is None and kind.goes_together(each) for line, each in zip(waiting, values, strict=True)]
    count = rules.taken_at_once(go_together, AT_ONCE)
    lines, values = waiting[:count], values[:count]
    names = kind.names(values, by)
    take = _take_together if any(go_together[:1]) else _take_each
    with records.together(), search.together():
        made = take(lines, kind, values, names, by=by, now=now)
        told = [_told(row, line, each) for line, each in zip(lines, made, strict=True) if each]
        records.write_all(by=by, now=now, word="imports.row.taken_over", told=told)
    _keep_beside(row, [(each, line) for each, line in zip(made, lines, strict=True) if each and line.beside])
    _keep_outcome(lines)
    if len(waiting) > count or count == most:
        return True
    row.refresh_from_db()
    rows.change(row, expected=row.version, state=STATE.DONE, ended_at=now)
    note = {key: number for key, number in queries.counts(row).items() if number}
    records.write(by=by, now=now, word="imports.import.done", subject=row, note=note)
    return False


def _keep_beside(row: models.Import, told: Sequence[tuple[subjects.Ref, models.Line]]) -> None:
    """What stood beside the fields of the lines goes with what they became, to be given back on export."""
    if not told:
        return
    of_these = {"subject_type__in": {it.type for it, _line in told}, "subject_id__in": {it.id for it, _line in told}}
    held = {(each.subject_type, each.subject_id): each for each in models.Kept.objects.filter(**of_these)}
    kept = {}
    for it, line in told:
        each = held.setdefault((it.type, it.id), models.Kept(**subjects.columns(it)))
        each.of, each.sheet, each.number = row, row.sheet, line.number
        each.columns = rules.merged(each.columns, line.beside)
        each.headings = rules.headed(each.columns)
        kept[it.type, it.id] = each
    there = [each for each in kept.values() if each.pk is not None]
    models.Kept.objects.bulk_create([each for each in kept.values() if each.pk is None])
    models.Kept.objects.bulk_update(there, ["of", "sheet", "number", "columns", "headings"])


def _keep_outcome(lines: Sequence[models.Line]) -> None:
    """What became of the lines: most are taken over, and only state and address of these change."""
    taken = [(line.state, line.url, line.pk) for line in lines if line.state == models.Line.State.TAKEN]
    with connection.cursor() as cursor:
        cursor.executemany("update imports_line set state = %s, url = %s where id = %s", taken)
    for line in lines:
        if line.state != models.Line.State.TAKEN:
            line.save(update_fields=["state", "said"])


def _options(row: models.Import) -> dict[str, Any]:
    """What was said once for all rows, in the values of each."""
    return {"option": row.options} if row.options else {}


def _take_each(
    lines: Sequence[models.Line], kind: importing.Kind, values: Sequence[dict[str, Any]], names: Any, *,
    by: Any, now: datetime,
) -> list[subjects.Ref | None]:  # fmt: skip
    """Rows through the action of their room, one by one: what each became, or None."""
    made = []
    for line, each in zip(lines, values, strict=True):
        told: Any
        try:
            with transaction.atomic():
                told = kind.plug.function(values=each, names=names, by=by, now=now, expected=line.seen)
        except refusals.Refusal as refusal:
            told = refusal
        made.append(_outcome(line, told))
    return made


def _take_together(
    lines: Sequence[models.Line], kind: importing.Kind, values: Sequence[dict[str, Any]], names: Any, *,
    by: Any, now: datetime,
) -> list[subjects.Ref | None]:  # fmt: skip
    """The same by one act for all of them."""
    told = kind.take_all(rows=values, names=names, by=by, now=now)
    return [_outcome(line, each) for line, each in zip(lines, told, strict=True)]


def _outcome(line: models.Line, told: Any) -> subjects.Ref | None:
    """Mark the line with what became of it."""
    if isinstance(told, refusals.Refusal):
        line.state = models.Line.State.REFUSED
        line.said = [*line.said, ["", str(told), False]]
        return None
    made = subjects.ref(told)
    line.state, line.url = models.Line.State.TAKEN, made.url
    return made


def _told(row: models.Import, line: models.Line, made: subjects.Ref) -> tuple[subjects.Ref, dict[str, Any]]:
    """For the trail: what the line made, and from which cell of which file it came."""
    place = definition.address(line.number, min(row.columns.values(), default=1))
    return made, {"file": row.name, "sheet": row.sheet, "cell": place}
