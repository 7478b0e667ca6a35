"""From YAML or plain data to a `Definition`, collecting mistakes instead of raising.

The format is described in the room's README; its number stands in the file as `format: 1`, and older numbers are
brought up by `upgrading` first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from yinuo.procedures.definition import boxes, checking, reading_flow, reading_tables, sources, upgrading
from yinuo.procedures.definition.boxes import Box, Sheet
from yinuo.procedures.definition.cards import Card, Duty, Term
from yinuo.procedures.definition.faults import Fault
from yinuo.procedures.definition.mistakes import Known
from yinuo.procedures.definition.shapes import (
    STAGES,
    Definition,
    Fact,
    Field,
    Form,
    Option,
    Phase,
    Reopens,
    Shows,
    Stage,
    Status,
)
from yinuo.procedures.definition.sources import Lines
from yinuo.procedures.definition.texts import Text

TOP_FIELDS = ("format", "key", "subject", "card", "statuses", "shows", "reopens", "phases", "forms", "facts", "flow")
SHOWS = ("start", "held", "completed", "terminated", "reopened")
REOPENS = ("amended", "unsatisfied")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read: `definition` is None when there are faults; `as_far` is what could be read all the same, with
    harmless defaults for what is wrong."""

    definition: Definition | None
    faults: tuple[Fault, ...]
    as_far: Definition | None = None


def read_yaml(source: str | bytes, *, file: str = "", known: Known | None = None) -> Reading:
    """Read and check one YAML text. Never raises on any input; every mistake is a Fault with its line."""
    try:
        data, lines = sources.load(source)
    except sources.Unreadable as error:
        return Reading(
            definition=None, faults=(Fault(file=file, line=error.line, step="", field="", words=error.words),)
        )
    return _read(data, Sheet(file, lines), known)


def read_plain(data: object, *, file: str = "", known: Known | None = None) -> Reading:
    """Read and check plain data (as `writing.plain` gives, as stored in a JSON column). Never raises."""
    return _read(data, Sheet(file, Lines()), known)


def read_fields(plain: object) -> tuple[tuple[Field, ...], tuple[Text, ...]]:
    """Fields that stand in no procedure, in the shape of a form's, and what is wrong with them. Never raises."""
    sheet = Sheet("", Lines())
    fields = tuple(_field(member) for member in _keyed(Box({"fields": plain}, (), sheet), "fields"))
    return fields, tuple(fault.words for fault in sheet.faults)


def _read(data: Any, sheet: Sheet, known: Known | None) -> Reading:
    box = Box(upgrading.upgraded(data), (), sheet)
    for path, line in sheet.lines.twice:
        words = Text(f"字段“{path[-1]}”重复。", f"The field “{path[-1]}” stands twice.")
        sheet.faults.append(Fault(file=sheet.file, line=line, step="", field=boxes.shown(path), words=words))
    if not box.is_mapping():
        return Reading(definition=None, faults=tuple(sheet.faults))
    if box.value.get("format") != upgrading.FORMAT:
        box.fault(f"“format”应为 {upgrading.FORMAT}。", f"“format” must be {upgrading.FORMAT}.", "format")
        return Reading(definition=None, faults=tuple(sheet.faults))
    definition = _definition(box)
    for mistake in checking.mistakes_of(definition, known or Known()):
        place = sheet.keys.get(mistake.block, box)
        place.fault(mistake.words.zh, mistake.words.en, *mistake.field)
    faults = sorted(sheet.faults, key=lambda fault: fault.line)
    return Reading(definition=None if faults else definition, faults=tuple(faults), as_far=definition)


def _definition(box: Box) -> Definition:
    box.only(*TOP_FIELDS)
    return Definition(
        key=box.key("key"),
        card=_card(box.at("card")),
        statuses=tuple(_status(member) for member in _keyed(box, "statuses")),
        shows=_shows(box.at("shows")),
        subject=box.name("subject"),
        reopens=_reopens(box.at("reopens")),
        phases=tuple(_phase(member) for member in _keyed(box, "phases")),
        forms=tuple(_form(member) for member in _keyed(box, "forms")),
        facts=tuple(_fact(name, member) for name, member in box.members("facts")),
        flow=reading_flow.sequence(box.at("flow")),
    )


def _keyed(box: Box, name: str) -> list[Box]:
    """The members of a list of mappings whose `key` must not stand twice."""
    members = [member for member in box.boxes(name) if member.is_mapping()]
    seen: set[Any] = set()
    for member in members:
        key = member.word("key")
        if key and key in seen:
            member.fault(f"标识“{key}”重复。", f"The key “{key}” stands twice.", "key")
        seen.add(key)
    return members


def _card(box: Box) -> Card:
    if not box.is_mapping():
        return Card(number="", edition="", title=Text("", ""))
    lists = ("references", "resources", "inputs", "outputs", "kpis", "attachments")
    box.only("number", "edition", "title", "purpose", "scope", "terms", "duties", "abbreviations", *lists)
    return Card(
        number=box.word("number", required=True),
        edition=box.word("edition", required=True),
        title=box.text("title", required=True),
        purpose=box.text("purpose"),
        scope=box.text("scope"),
        terms=_terms(box, "terms"),
        duties=tuple(_duty(member) for member in box.boxes("duties") if member.is_mapping()),
        abbreviations=_terms(box, "abbreviations"),
        **{name: box.texts(name) for name in lists},
    )


def _terms(box: Box, name: str) -> tuple[Term, ...]:
    members = [member for member in box.boxes(name) if member.is_mapping()]
    for member in members:
        member.only("term", "meaning")
    return tuple(
        Term(term=member.text("term", required=True), meaning=member.text("meaning", required=True))
        for member in members
    )


def _duty(box: Box) -> Duty:
    box.only("department", "text")
    return Duty(department=box.text("department", required=True), text=box.text("text", required=True))


def _status(box: Box) -> Status:
    box.only("key", "title", "stage")
    if not box.has("stage"):
        box.fault("缺少“stage”。", "“stage” is missing.", "stage")
    stage = cast(Stage, box.one_of("stage", STAGES, "active"))
    return Status(key=box.key("key"), title=box.text("title", required=True), stage=stage)


def _shows(box: Box) -> Shows:
    if box.value is None or not box.is_mapping():
        return Shows()
    box.only(*SHOWS)
    return Shows(**{name: box.key(name, required=False) for name in SHOWS})


def _reopens(box: Box) -> Reopens:
    if box.value is None or not box.is_mapping():
        return Reopens()
    box.only(*REOPENS)
    return Reopens(**{name: box.key(name, required=False) for name in REOPENS})


def _phase(box: Box) -> Phase:
    box.only("key", "title")
    return Phase(key=box.key("key"), title=box.text("title", required=True))


def _fact(name: str, box: Box) -> Fact:
    box.is_name(name)
    if not box.is_mapping():
        return Fact(name=name, title=Text("", ""))
    box.only("title", "values")
    values = {value: member.words() for value, member in box.members("values")}
    return Fact(name=name, title=box.text("title", required=True), values=values)


def _form(box: Box) -> Form:
    box.only("key", "number", "edition", "title", "fields")
    return Form(
        key=box.key("key"),
        number=box.word("number", required=True),
        edition=box.word("edition", required=True),
        title=box.text("title", required=True),
        fields=tuple(_field(member) for member in _keyed(box, "fields")),
    )


def _field(box: Box) -> Field:
    box.only("key", "kind", "label", "required", "options", "help", "unit", "shown_when")
    options = _keyed(box, "options")
    for option in options:
        option.only("key", "label")
    return Field(
        key=box.key("key"),
        kind=box.name("kind", required=True),
        label=box.text("label", required=True),
        required=box.flag("required"),
        options=tuple(
            Option(key=option.word("key", required=True), label=option.text("label", required=True))
            for option in options
        ),
        help=box.text("help"),
        unit=box.word("unit"),
        shown_when=reading_tables.table(box.at("shown_when")) if box.has("shown_when") else None,
    )
