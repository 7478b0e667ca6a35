"""Bringing an exported list back: receiving the file, deciding conflicts, confirming, writing row by row."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import IO, Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yinuo.comparisons import access, models, queries
from yinuo.comparisons.engine import merging
from yinuo.kit import actors, changing, importing, jobs, refusals, rows, subjects
from yinuo.kit import models as kit
from yinuo.kit.sheets import mapping
from yinuo.records import actions as records
from yinuo.search import actions as search

AT_ONCE = 50  # rows in one transaction: others who write wait for no more than that
STATE = models.Comparison.State
State = models.Row.State
CHOICES = (merging.THEIRS, merging.OURS)


class CannotCompare(refusals.Refusal):
    """This cannot be done with the file now."""


@transaction.atomic
def receive(
    *, export: kit.Exported, content: bytes | IO[bytes] | File, name: str, by: Any, now: datetime
) -> models.Comparison:
    """Keep a workbook that came back; it is compared then."""
    if not access.may_bring(by, export.sheet):
        raise refusals.NotAllowed()
    row = models.Comparison.objects.create(
        exported=export, sheet=export.sheet, name=name[:255], exported_at=export.at, exported_by=export.by_name,
        by_id=by.actor_id, by_name=by.actor_name, received_at=now,
    )  # fmt: skip
    records.attach(subject=row, content=content, name=name, by=by, now=now, kind="original")
    note = {"list": export.sheet, "exported_at": export.at.isoformat()}
    records.write(by=by, now=now, word="comparisons.comparison.received", subject=row, note=note)
    jobs.enqueue("comparisons.compare", key=str(row.pk), now=now, key_of_comparison=row.pk)
    return row


@transaction.atomic
def keep_rows(
    *,
    row: models.Comparison,
    found: Iterable[models.Row],
    columns: dict[str, str],
    counts: dict[str, int],
    notes: list[list[Any]],
    by: actors.Actor,
    now: datetime,
) -> None:
    """Keep what the comparison has found; compared twice, the later one counts."""
    row.rows.all().delete()
    found = list(found)
    for each in found:
        each.of = row
    models.Row.objects.bulk_create(found, batch_size=200)
    rows.change(row, expected=row.version, state=STATE.COMPARED, columns=columns, counts=counts, notes=notes)
    note = {key: number for key, number in queries.counts(row).items() if number}
    records.write(by=by, now=now, word="comparisons.comparison.compared", subject=row, note=note)


@transaction.atomic
def give_up(*, row: models.Comparison, code: str, facts: dict[str, Any], by: actors.Actor, now: datetime) -> None:
    """The file cannot be compared (any more): say why."""
    rows.change(row, expected=row.version, state=STATE.BROKEN, notes=[*row.notes, [code, facts]], ended_at=now)
    records.write(by=by, now=now, word="comparisons.comparison.broken", subject=row, note={"why": code})


# Deciding -------------------------------------------------------------------------------------------------------------


@transaction.atomic
def decide(*, row: models.Comparison, number: int, key: str, choice: str, by: Any, now: datetime) -> models.Row:
    """Whose value a cell is to have: the file's (theirs) or the one that stands here (ours)."""
    _demand(row, by, STATE.COMPARED)
    it = row.rows.select_for_update().filter(number=number, state__in=(State.CONFLICT, State.CHANGE)).first()
    cell = next((each for each in it.cells if each["key"] == key), None) if it else None
    if it is None or cell is None or choice not in CHOICES or cell["state"] not in (merging.CONFLICT, merging.THEIRS):
        raise CannotCompare(gettext_lazy("There is nothing to decide in this cell. Please reload the page."))
    cell["choice"] = choice
    _keep_choices(it)
    return it


@transaction.atomic
def decide_all(*, row: models.Comparison, choice: str, by: Any, now: datetime, expected: int) -> int:
    """Decide all conflicts alike; what was decided before is kept for undoing. Returns how many."""
    _demand(row, by, STATE.COMPARED)
    if choice not in CHOICES:
        raise CannotCompare(gettext_lazy("Please say whose values are to hold."))
    rows.touch(row, expected=expected)
    decided = 0
    changed = []
    for it in queries.conflicts(row).iterator(chunk_size=500):
        it.was = {each["key"]: each["choice"] for each in it.cells}
        for each in it.cells:
            if each["state"] == merging.CONFLICT:
                decided += each["choice"] != choice
                each["choice"] = choice
        it.undecided = 0
        changed.append(it)
    models.Row.objects.bulk_update(changed, ["cells", "was", "undecided"], batch_size=200)
    note = {"choice": choice, "n": decided}
    records.write(by=by, now=now, word="comparisons.comparison.decided", subject=row, note=note)
    return decided


@transaction.atomic
def undo_decisions(*, row: models.Comparison, by: Any, now: datetime, expected: int) -> None:
    """Back to what was decided before all were decided alike."""
    _demand(row, by, STATE.COMPARED)
    rows.touch(row, expected=expected)
    changed = []
    for it in queries.conflicts(row).filter(was__isnull=False).iterator(chunk_size=500):
        for each in it.cells:
            each["choice"] = (it.was or {}).get(each["key"], "")
        it.was, it.undecided = None, _undecided(it)
        changed.append(it)
    models.Row.objects.bulk_update(changed, ["cells", "was", "undecided"], batch_size=200)
    records.write(by=by, now=now, word="comparisons.comparison.undecided", subject=row)


def _undecided(it: models.Row) -> int:
    return sum(each["state"] == merging.CONFLICT and not each["choice"] for each in it.cells)


def _keep_choices(it: models.Row) -> None:
    it.undecided = _undecided(it)
    it.save(update_fields=["cells", "undecided"])


# Writing --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def confirm(*, row: models.Comparison, by: Any, now: datetime, expected: int) -> None:
    """Have what the file says written, each row by its own act."""
    _demand(row, by, STATE.COMPARED)
    if n := queries.undecided(row):
        raise CannotCompare(
            _("%(n)s conflicts are not decided yet. Please choose for each whose value is to hold.") % {"n": n}
        )
    if not queries.to_write(row, 1):
        raise CannotCompare(gettext_lazy("There is nothing to write."))
    rows.change(row, expected=expected, state=STATE.WRITING, confirmed_at=now)
    records.write(by=by, now=now, word="comparisons.comparison.confirmed", subject=row)
    jobs.enqueue("comparisons.write", key=f"{row.pk}-0", now=now, key_of_comparison=row.pk, round=0)


@transaction.atomic
def drop(*, row: models.Comparison, by: Any, now: datetime, expected: int) -> None:
    """Write nothing from this file, or nothing more."""
    _demand(row, by, STATE.COMPARING, STATE.COMPARED, STATE.WRITING)
    rows.change(row, expected=expected, state=STATE.DROPPED, ended_at=now)
    records.write(by=by, now=now, word="comparisons.comparison.dropped", subject=row)


def _demand(row: models.Comparison, by: Any, *states: str) -> None:
    if not access.may_see(by, row):
        raise refusals.NotAllowed()
    if row.state not in states:
        raise CannotCompare(gettext_lazy("This file is already further. Please reload the page."))


@transaction.atomic
def write_some(*, row: models.Comparison, by: Any, now: datetime) -> bool:
    """Write the next rows, each for itself: one that is refused keeps no other out. Whether there are more."""
    if not models.Comparison.objects.select_for_update().filter(pk=row.pk, state=STATE.WRITING).exists():
        return False
    it = changing.changeable_of(row.sheet)
    found = queries.to_write(row, AT_ONCE)
    fields = {each.key: each for each in it.fields(by)}
    written = {each.pk: _written(each, fields) for each in found if each.state != State.NEW}
    here = {each.pk: each for each in it.rows(by).filter(pk__in=[each.row for each in found if each.row])}
    names = it.names(list(written.values()), by)
    adding = _Adding(it, [each for each in found if each.state == State.NEW], by)
    with search.together():
        made = [_try(each, _act_of(each, it, here, written, names, adding), by=by, now=now) for each in found]
    told = [(ref, {"file": row.name, "row": each.number}) for ref, each in zip(made, found, strict=True) if ref]
    records.write_all(by=by, now=now, word="comparisons.row.written", told=told)
    models.Row.objects.bulk_update(found, ["state", "said", "url"], batch_size=200)
    if len(found) == AT_ONCE:
        return True
    row.refresh_from_db()
    rows.change(row, expected=row.version, state=STATE.DONE, ended_at=now)
    note = {key: number for key, number in queries.counts(row).items() if number}
    records.write(by=by, now=now, word="comparisons.comparison.done", subject=row, note=note)
    return False


def _written(it: models.Row, fields: Mapping[str, mapping.Field]) -> dict[str, Any]:
    """The values of a row that are to be written, as the action takes them."""
    cells = [merging.Cell(**each) for each in it.cells]
    return {
        cell.key: woken(it.values[cell.key], fields[cell.key])
        for cell in cells
        if cell.is_written and cell.key in it.values and cell.key in fields
    }


def woken(value: Any, wanted: mapping.Field) -> Any:
    """A value as it was before it rested in JSON."""
    if wanted.kind == "day" and isinstance(value, str):
        return date.fromisoformat(value[:10])
    return datetime.fromisoformat(value) if wanted.kind == "moment" and isinstance(value, str) else value


def _act_of(
    each: models.Row,
    it: changing.Changeable,
    here: Mapping[int, Any],
    written: Mapping[int, dict[str, Any]],
    names: Any,
    adding: "_Adding",
) -> Any:
    """What writes a row; None where everything stays as it is here."""
    if each.state == State.NEW:
        return partial(adding.add, each)
    if not written[each.pk]:
        return None
    if (there := here.get(each.row or 0)) is None:
        return _gone
    return partial(it.plug.function, row=there, values=written[each.pk], names=names, expected=each.seen)


def _gone(**_moment: Any) -> Any:
    raise refusals.NotAllowed()


def _try(each: models.Row, act: Any, *, by: Any, now: datetime) -> subjects.Ref | None:
    """One row through its action; returned is what was written."""
    if act is None:
        each.state = State.LEFT
        return None
    try:
        with transaction.atomic():
            made = subjects.ref(act(by=by, now=now))
    except refusals.NotAllowed:
        each.state, each.said = State.REFUSED, [["said", {"sentence": _("You may not change this row.")}]]
        return None
    except refusals.Refusal as refusal:
        each.state, each.said = State.REFUSED, [*each.said, ["said", {"sentence": str(refusal)}]]
        return None
    each.state, each.url = State.TAKEN, made.url[:300]
    return made


class _Adding:
    """New rows, which enter as those of an import do."""

    def __init__(self, it: changing.Changeable, found: Sequence[models.Row], by: Any) -> None:
        if not found:
            return
        self.kind = importing.kind_of(it.adds)
        fields = {each.key: each for each in self.kind.fields(by)}
        self.values = {
            each.pk: {key: woken(value, fields[key]) for key, value in each.values.items() if key in fields}
            for each in found
        }
        self.names = self.kind.names(list(self.values.values()), by)

    def add(self, row: models.Row, *, by: Any, now: datetime) -> Any:
        values = self.values[row.pk]
        return self.kind.plug.function(values=values, names=self.names, by=by, now=now, expected=None)
