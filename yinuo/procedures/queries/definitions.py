"""The definitions behind editions, and the names that definitions may use in this installation."""

import difflib
import hashlib
import json
from copy import copy
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from yinuo.kit import plugs, remembering
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.definition import mistakes, reading, shapes, walking, writing
from yinuo.procedures.definition.faults import Fault

_READ: dict[str, shapes.Definition] = {}
_KEPT = 128


def fingerprint_of(definition: shapes.Definition) -> str:
    """SHA-256 over the definition as canonical data: equal definitions have equal fingerprints."""
    text = json.dumps(writing.plain(definition), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def definition_of(edition: models.Edition) -> shapes.Definition:
    """What an edition says. Read once per process and content, since reading costs more than a whole page.

    It was checked when it was published; what is demanded of new editions since does not make it unreadable.
    """
    found = _READ.get(edition.fingerprint)
    if found is None:
        read = reading.read_plain(edition.definition, file=str(edition))
        if read.as_far is None:
            raise ValueError("; ".join(fault.say("en") for fault in read.faults))
        if len(_READ) >= _KEPT:
            _READ.clear()
        found = _READ[edition.fingerprint] = read.as_far
    return found


def known() -> mistakes.Known:
    """The names that rooms have plugged in and that the organisation has."""
    return mistakes.Known(
        effects=frozenset(plugs.effects.names()),
        facts=frozenset(plugs.facts.names()),
        finders=frozenset(plugs.finders.names()),
        events={plug.name: frozenset(plug.function()) for plug in plugs.happenings},
        field_kinds=frozenset(plugs.field_kinds.names()),
        teams=frozenset(str(plug.about["team"]) for plug in plugs.finders if "team" in plug.about),
        people=frozenset(filter(None, org_queries.people().values_list("employee_number", flat=True))),
        posts=frozenset(org_queries.posts().values_list("code", flat=True)),
        departments=frozenset(org_queries.departments().values_list("code", flat=True)),
    )


def procedures() -> QuerySet[models.Procedure]:
    """All procedures with their current edition (without its bulk) and owner."""
    return (
        models.Procedure.objects.select_related("current", "owner_post")
        .defer("current__definition", "current__source")
        .order_by("number", "pk")
    )


def in_force() -> list[models.Procedure]:
    """The procedures that are published, each with its current edition."""
    return [copy(each) for each in _in_force()]


@remembering.kept(models.Procedure, org.Post)
def _in_force() -> list[models.Procedure]:
    return list(procedures().filter(current__isnull=False))


def editions_of(procedure: models.Procedure) -> QuerySet[models.Edition]:
    """All editions of a procedure, the newest first (without their bulk)."""
    return (
        models.Edition.objects.filter(procedure=procedure)
        .select_related("published_by")
        .defer("definition", "source")
        .order_by("-number")
    )


def text_of(definition: shapes.Definition) -> str:
    """All words of a procedure worth finding: card, steps with instructions, forms with numbers; both languages."""
    card = definition.card
    found = [card.purpose, card.scope, *card.references, *card.inputs, *card.outputs, *card.kpis]
    found += [text for duty in card.duties for text in (duty.department, duty.text)]
    found += [text for term in card.terms for text in (term.term, term.meaning)]
    found += [text for step in walking.steps(definition) for text in (step.title, step.instruction, step.duty)]
    forms = [f"{form.number} {form.title.zh} {form.title.en}" for form in definition.forms]
    return "\n".join([f"{text.zh} {text.en}" for text in found if text] + forms)


def listed() -> QuerySet[models.Procedure]:
    """The procedures with the number of their runs under way."""
    return procedures().annotate(open_runs=Count("runs", filter=Q(runs__ended_at=None))).order_by()


@dataclass(frozen=True)
class Preview:
    """What a text would publish: its mistakes, or the definition with what differs from the edition in force.

    `difference` are lines of text, each with its mark: "+", "-", " " or "@" for a new place.
    """

    faults: tuple[Fault, ...]
    definition: shapes.Definition | None
    difference: list[tuple[str, str]]


def preview(source: str, *, file: str) -> Preview:
    """Read and check a text as publishing would, and compare it with the procedure's edition in force."""
    read = reading.read_yaml(source, file=file, known=known())
    if read.definition is None:
        return Preview(read.faults, None, [])
    procedure = models.Procedure.objects.filter(key=read.definition.key).select_related("current").first()
    was = procedure.current.source if procedure is not None and procedure.current is not None else ""
    lines = list(difflib.unified_diff(was.splitlines(), source.splitlines(), n=2, lineterm=""))[2:]
    return Preview((), read.definition, [(line[:1], line[1:]) for line in lines])
