"""Runs: a subject's, started by somebody, copied to somebody; where one stands, and its replay."""

from django.db.models import F, QuerySet

from yinuo.kit import subjects
from yinuo.org import models as org
from yinuo.procedures import access, models
from yinuo.procedures.definition import shapes, walking
from yinuo.procedures.engine import asking, migrating, moves, outline, running
from yinuo.procedures.engine import state as states
from yinuo.procedures.queries import definitions


def _with_edition(runs: QuerySet[models.Run]) -> QuerySet[models.Run]:
    return runs.select_related("procedure__owner_post", "edition", "started_by").defer(
        "edition__definition", "edition__source"
    )


def run_of(subject: subjects.Subject | subjects.Ref, procedure_key: str = "") -> models.Run | None:
    """The subject's open run, else its latest; of one procedure if its key is given."""
    it = subjects.ref(subject)
    runs = models.Run.objects.filter(subject_type=it.type, subject_id=it.id)
    if procedure_key:
        runs = runs.filter(procedure__key=procedure_key)
    return _with_edition(runs).order_by(F("ended_at").desc(nulls_first=True), "-pk").first()


def visible_run(person: org.Person, run_id: int) -> models.Run | None:
    """One run, if the person may see it."""
    runs = _with_edition(models.Run.objects.filter(pk=run_id))
    return person.visible(runs, access.P.PROCEDURES_SEE).first()


def started_by(person: org.Person) -> QuerySet[models.Run]:
    """The runs that the person started, latest first."""
    runs = models.Run.objects.filter(started_by=person).select_related("procedure").defer("state", "facts")
    return person.visible(runs, access.P.PROCEDURES_SEE).order_by("-started_at", "-pk")


def copied_to(person: org.Person) -> QuerySet[models.Copy]:
    """What was copied to the person, latest first."""
    copies = models.Copy.objects.filter(person=person).select_related("run__procedure", "task", "by")
    copies = copies.defer("run__state", "run__facts", "task__data", "task__draft")
    return person.visible(copies, access.P.PROCEDURES_SEE).order_by("-copied_at", "-pk")


def unread_copy(run: models.Run, person: org.Person) -> models.Copy | None:
    """The copy of a run that a person has not read yet."""
    return models.Copy.objects.filter(run=run, person=person, read_at=None).first()


def runs_with(procedure: models.Procedure, person: org.Person) -> QuerySet[models.Run]:
    """The open runs of a procedure that the person may see."""
    runs = models.Run.objects.filter(procedure=procedure, ended_at=None).select_related("edition")
    runs = runs.defer("state", "facts", "edition__definition", "edition__source")
    return person.visible(runs, access.P.PROCEDURES_SEE).order_by("-pk")


def definition_of(run: models.Run) -> shapes.Definition:
    """The definition to which the run is pinned."""
    return definitions.definition_of(run.edition)


def state_of(run: models.Run) -> states.State:
    """The engine's state of a run."""
    return states.from_json(run.state)


def strip_of(run: models.Run) -> tuple[outline.StripMark, ...]:
    """The flow strip of a run: its phases with the position."""
    return outline.strip_of(definition_of(run), state_of(run))


def turns_of(run: models.Run) -> tuple[outline.Turn, ...]:
    """Which way the run went where the procedure had a choice, and why."""
    return outline.turns_of(definition_of(run), state_of(run))


def reopenings_of(run: models.Run) -> list[shapes.Step]:
    """The steps at which an ended run may be reopened, earliest first."""
    definition = definition_of(run)
    steps = {step.key: step for step in walking.steps(definition)}
    return [steps[key] for key in asking.reopenings_of(definition, state_of(run))]


def replayed(run: models.Run) -> states.State:
    """The state that playing all logged moves of the run again gives; equal to the stored one, or the log is broken."""
    state: states.State | None = None
    was: shapes.Definition | None = None
    for line in models.Move.objects.filter(run=run).select_related("edition").order_by("number"):
        definition = definitions.definition_of(line.edition)
        if state is None or was is None:
            state, was = running.new(definition), definition
        if line.move["move"] == "migrate":
            state = migrating.migrate(was, definition, state, line.facts).state
        else:
            state = running.apply(definition, state, line.facts, moves.from_json(line.move)).state
        was = definition
    if state is None:
        raise ValueError("a run without moves")
    return state
