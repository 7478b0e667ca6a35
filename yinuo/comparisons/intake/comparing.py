"""An exported list that came back → its rows as far as they differ from what left and from what holds now."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from yinuo.comparisons import actions, models, queries
from yinuo.comparisons.engine import finding, merging
from yinuo.comparisons.intake import adding
from yinuo.kit import actors, changing, exported, exports
from yinuo.kit import models as kit
from yinuo.kit.sheets import apart, settling
from yinuo.kit.sheets.definition import Book, Unreadable

AT_ONCE = 500  # rows that are asked for together
SAMPLE = 500  # rows by which a column is known again that is called otherwise
MISSING_SHOWN = 200
State = models.Row.State


def compare(row: models.Comparison, now: datetime) -> None:
    """Compare every row of the file, and keep what differs. Writes nothing else."""
    person = queries.whose(row)
    try:
        if person is None:
            raise Unreadable("nobody")
        if row.exported is None:
            raise Unreadable("unknown")
        book = apart.read(queries.source_of(row).blob.path.read_bytes(), row.name)
        found = Comparing(row.exported, book, person, now).found()
    except Unreadable as fault:
        actions.give_up(row=row, code=fault.code, facts=fault.facts, by=actors.PROGRAM, now=now)
    else:
        actions.keep_rows(
            row=row, found=found.rows, columns=found.columns, counts=dict(found.counts), notes=found.notes, by=person,
            now=now,
        )  # fmt: skip


@dataclass
class Found:
    """What the comparison found."""

    rows: list[models.Row] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[list[Any]] = field(default_factory=list)


@dataclass
class Line:
    """A row of the file beside the row as it left."""

    number: int
    base: exported.Row
    heard: list[merging.Heard]  # by compared column
    touched: list[int]  # the columns in which it is not as it left

    @property
    def is_touched(self) -> bool:
        return bool(self.touched)


class Comparing:
    """One file against one export and what holds now."""

    def __init__(self, export: kit.Exported, book: Book, person: Any, now: datetime) -> None:
        table = finding.table_in(book)
        if table is None:
            raise Unreadable("no_keys")
        self.grid, self.heading_row = table
        self.export, self.person, self.now = export, person, now
        self.it = changing.changeable_of(export.sheet)
        self.sent = exported.columns_of(export)
        self.out = Found()

    def found(self) -> Found:
        # The words in which the file was written, and the clock by which it tells moments.
        with translation.override(self.export.language), timezone.override(ZoneInfo(self.export.zone)):
            self.sheet = self.it.sheet(self.now)
            self.fields = {each.key: each for each in self.it.fields(self.person)}
            self._read_rows()
            self._find_columns()
            self._compare_all()
            self.out.rows += adding.rows(self)
        self.out.rows.sort(key=lambda each: each.number)
        self._tell()
        return self.out

    # The file -----------------------------------------------------------------------------------------------------

    def _read_rows(self) -> None:
        """Rows by their key; rows without one stand alone."""
        self.headings = finding.headings(self.grid, self.heading_row)
        by_words = {words: at for at, words in self.headings.items()}
        self.key_at, self.version_at = by_words[finding.KEY], by_words.get(finding.VERSION)
        self.by_key: dict[int, list[int]] = defaultdict(list)
        self.extra: list[int] = []
        for number in range(self.heading_row + 1, len(self.grid.rows) + 1):
            value = self.grid.at(number, self.key_at)
            if value in (None, ""):
                self.extra.append(number)
            else:
                self.by_key[_key(value)].append(number)

    def _find_columns(self) -> None:
        """Which column of the file is which of the exported ones, whatever their order and headings."""
        known, strange = finding.placed(self.headings, [each.words for each in self.sent])
        missing = [place for place in range(len(self.sent)) if place not in known.values()]
        again = finding.renamed(strange, missing, self._pairs(), [each.kind for each in self.sent])
        known |= again
        today = {each.key for each in (*self.sheet.columns, *self.sheet.further)}
        self.columns = [
            merging.Column(at, place, sent.key, sent.words, sent.kind, self.fields.get(sent.key))
            for at, place in sorted(known.items(), key=lambda pair: pair[1])
            if (sent := self.sent[place]).key in today
        ]
        self.out.columns = {each.key: each.words for each in self.columns}
        self.out.notes += [
            ["renamed", {"now": self.headings[at], "was": self.sent[place].words}] for at, place in again.items()
        ]
        for code, words in (
            ("strange", [self.headings[at] for at in strange if at not in again]),
            ("absent", [self.sent[place].words for place in missing if place not in again.values()]),
        ):
            if words:
                self.out.notes.append([code, {"columns": "、".join(words)}])

    def _pairs(self) -> Iterator[tuple[Sequence[Any], Sequence[str]]]:
        both = (
            (self.grid.rows[self.by_key[base.key][0] - 1], base.values)
            for block in exported.rows_of(self.export)
            for base in block
            if base.key in self.by_key
        )
        return islice(both, SAMPLE)

    # Row by row ---------------------------------------------------------------------------------------------------

    def _compare_all(self) -> None:
        self.sent_keys: set[int] = set()
        self.missing: list[str] = []
        self.slipped: dict[bytes, list[models.Row]] = defaultdict(list)
        label_at = next((place for place, each in enumerate(self.sent) if each.kind == "link"), 0)
        for block in exported.rows_of(self.export):
            for start in range(0, len(block), AT_ONCE):
                lines = []
                for base in block[start : start + AT_ONCE]:
                    self.sent_keys.add(base.key)
                    if base.key in self.by_key:
                        lines += self._line(base)
                    else:
                        self.out.counts["missing"] += 1
                        if len(self.missing) < MISSING_SHOWN:
                            self.missing.append(base.values[label_at])
                self._compare(lines)
        self._refuse_slipped()
        for key, numbers in self.by_key.items():
            if key not in self.sent_keys:
                self.out.rows += [self._fault(number, "foreign") for number in numbers]
        last = len(self.grid.rows)
        self.out.rows += [
            models.Row(number=last + at, label=label[:300], state=State.MISSING)
            for at, label in enumerate(self.missing, 1)
        ]

    def _line(self, base: exported.Row) -> list[Line]:
        """The row of the file with this key. Of copies the one that is as it left counts; the others are told."""
        lines = [self._heard(number, base) for number in self.by_key[base.key]]
        if len(lines) > 1:
            same = next((line for line in lines if not line.is_touched), None)
            wrong = [line for line in lines if line.is_touched]
            first = same or lines[0]
            self.out.rows += [
                self._fault(line.number, "twin", first=lines[1].number if line is lines[0] else first.number)
                for line in wrong
            ]
            lines = [same] if same else []
        if lines and self.version_at and base.version is not None:
            version = self.grid.at(lines[0].number, self.version_at)
            if version not in (None, "") and _key(version) != base.version:
                self.out.rows.append(self._fault(lines[0].number, "foreign"))
                return []
        return lines

    def _heard(self, number: int, base: exported.Row) -> Line:
        heard, touched = [], []
        row, shown_of = self.grid.rows[number - 1], self.grid.marks
        for at, column in enumerate(self.columns):
            raw = row[column.at - 1] if column.at <= len(row) else None
            was = base.values[column.place]
            if raw == was or (raw is None and not was):
                heard.append(merging.Heard(was))
                continue
            mark = shown_of.get((number, column.at))
            said = merging.heard(column, raw, was, mark.format if mark else "")
            heard.append(said)
            if said.text != was or said.code:
                touched.append(at)
        return Line(number, base, heard, touched)

    def _compare(self, lines: list[Line]) -> None:
        """Some rows against what holds now; only what differs is read."""
        keys = [line.base.key for line in lines]
        versions = dict(self.it.rows(self.person).filter(pk__in=keys).values_list("pk", "version"))
        self.out.counts["away"] += sum(line.base.key not in versions for line in lines if not line.is_touched)
        wanted = [line for line in lines if line.is_touched or versions.get(line.base.key, 0) != line.base.version]
        here = self._here([line.base.key for line in wanted if line.base.key in versions])
        self._name([line for line in wanted if line.is_touched])
        for line in wanted:
            if line.base.key in here:
                self._keep(line, *here[line.base.key])
            elif line.is_touched:
                self.out.rows.append(self._fault(line.number, "away", State.BARRED))

    def _here(self, keys: list[int]) -> dict[int, tuple[Any, list[str]]]:
        """The rows as they stand now, told as they were when they left."""
        columns = {each.key: each for each in (*self.sheet.columns, *self.sheet.further)}
        values_of = exports.told([columns[each.key] for each in self.columns])
        rows = self.it.rows(self.person).filter(pk__in=keys)
        found = {}
        for row in self.sheet.whole(rows) if self.sheet.whole else rows:
            told = [""] * len(self.sent)
            for column, value in zip(self.columns, values_of(row), strict=True):
                told[column.place] = settling.settled(value, column.kind)
            found[row.pk] = (row, told)
        return found

    def _name(self, lines: list[Line]) -> None:
        """Whom the changed cells name, asked once for all: told as the list tells them, or what is wrong."""
        said = [
            {self.columns[at].key: line.heard[at].value for at in line.touched if not line.heard[at].code}
            for line in lines
        ]
        names = self.it.names(said, self.person)
        places = {column.key: at for at, column in enumerate(self.columns)}
        for line, values in zip(lines, said, strict=True):
            for key, value in values.items():
                at = places[key]
                if (told := names.told(key, value)) is not None:
                    line.heard[at] = merging.Heard(told, value)
            for key, sentence in names.problems(values):
                at = places.get(key, line.touched[0])
                line.heard[at] = merging.Heard(line.heard[at].text, None, "said", {"sentence": sentence})

    def _keep(self, line: Line, row: Any, here: list[str]) -> None:
        cells = merging.merged(self.columns, line.base.values, line.heard, here)
        state = merging.state_of_row(cells)
        if state == merging.SAME:
            return
        self.out.counts.update(cell.state for cell in cells)
        written = [cell.key for cell in cells if cell.state in (merging.THEIRS, merging.CONFLICT)]
        heard = {column.key: said for column, said in zip(self.columns, line.heard, strict=True)}
        for cell in cells:
            said = heard[cell.key]
            cell.said = [said.code, dict(said.facts)] if said.code else []
        why = self.it.barred(self.person, row) if written else ""
        kept = models.Row(
            number=line.number,
            row=row.pk,
            label=self.it.label(row)[:300],
            url=row.get_absolute_url()[:300],
            state=State.BARRED if why else State(state),
            cells=[asdict(cell) for cell in cells],
            values=adding.resting({key: heard[key].value for key in written}),
            undecided=0 if why or state != merging.CONFLICT else sum(c.state == merging.CONFLICT for c in cells),
            said=[["said", {"sentence": why}]] if why else [],
            seen=row.version,
        )
        self.out.rows.append(kept)
        told = [said.text for said in line.heard]
        base = [line.base.values[column.place] for column in self.columns]
        if finding.is_much_changed(told, base):
            self.slipped[finding.print_of(told)].append(kept)

    def _refuse_slipped(self) -> None:
        """Rows that look as another row did when it left carry its mark: sorted without the hidden columns."""
        if not self.slipped:
            return
        wrong: dict[int, models.Row] = {}
        for block in exported.rows_of(self.export):
            for base in block:
                print_ = finding.print_of(base.values[column.place] for column in self.columns)
                wrong |= {each.number: each for each in self.slipped.get(print_, ()) if each.row != base.key}
        if len(wrong) >= finding.SHIFTED:
            raise Unreadable("shifted", n=len(wrong))
        for each in wrong.values():
            each.state, each.undecided, each.said = State.ERROR, 0, [["other_mark", {}]]

    def _fault(self, number: int, code: str, state: str = State.ERROR, **facts: Any) -> models.Row:
        first = next((str(v) for v in self.grid.rows[number - 1] if v not in (None, "")), "")
        return models.Row(number=number, label=first[:300], state=state, said=[[code, facts]])

    def _tell(self) -> None:
        for code in ("missing", "away", merging.OURS, merging.BOTH, merging.LOCKED):
            if n := self.out.counts.get(code):
                self.out.notes.append([code, {"n": n}])


def _key(value: Any) -> int:
    """A key as a cell gives it; what is none stands for no row."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else -1
