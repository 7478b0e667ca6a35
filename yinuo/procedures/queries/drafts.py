"""Drafts: those being written, what one says as far as it can be read, its mistakes, what differs, whom it concerns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from yinuo.kit import plugs, words
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.definition import keys, paths, reading, shapes, sources, starting, walking, writing
from yinuo.procedures.definition.faults import Fault
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import chart, comparing
from yinuo.procedures.queries import definitions


def open_drafts() -> QuerySet[models.Draft]:
    """The drafts being written, the one changed last first."""
    drafts = models.Draft.objects.filter(ended_at=None).select_related("procedure", "changed_by")
    return drafts.defer("past", "ahead").order_by("-changed_at", "-pk")


def draft_of(draft_id: int) -> models.Draft | None:
    """One draft being written."""
    drafts = models.Draft.objects.select_related("procedure__current", "owner_post", "changed_by", "based_on")
    return drafts.filter(pk=draft_id, ended_at=None).first()


def next_of(edition: models.Edition) -> dict[str, Any]:
    """What an edition says, as the beginning of its successor."""
    content: dict[str, Any] = starting.tidied(writing.plain(definitions.definition_of(edition)))
    return {**content, "card": {**content["card"], "edition": starting.next_label(edition.label)}}


def copy_of(edition: models.Edition, key: str, number: str, title: str) -> dict[str, Any]:
    """What an edition says, as the beginning of another procedure."""
    content = next_of(edition)
    card = {**content["card"], "number": number, "edition": "A/0", "title": {"zh": title, "en": ""}}
    forms = [{**form, "number": f"{number}-{at:02d}", "edition": "A/0"} for at, form in enumerate(content["forms"], 1)]
    return {**content, "key": key, "card": card, "forms": forms}


def free_key() -> str:
    """A key that no procedure has, for a new one."""
    taken = set(models.Procedure.objects.values_list("key", flat=True))
    taken |= {str(draft.content.get("key")) for draft in open_drafts()}
    return keys.fresh(taken, "procedure")


def content_of(source: str) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    """A text in YAML as a draft's content, with its mistakes; None when it has not even the shape of a procedure."""
    read = reading.read_yaml(source, file=_("Text"), known=definitions.known())
    try:
        data, _lines = sources.load(source)
    except sources.Unreadable:
        return None, read.faults
    if not starting.is_sound(data):
        shapeless = Text("不是管理程序：缺少程序卡或步骤。", "This is no procedure: card or steps are missing.")
        nothing = Fault(file=_("Text"), line=0, step="", field="", words=shapeless)
        return None, read.faults or (nothing,)
    return starting.tidied(data), read.faults


def text_of(draft: models.Draft) -> str:
    """The draft as YAML: tidily if it is free of mistakes, else as it stands."""
    read = reading.read_plain(starting.completed(draft.content))
    if read.definition is not None:
        return writing.yaml_text(read.definition)
    return writing.yaml_of(draft.content)


# What stands in it ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A mistake with the place that is opened for it: `at` what can be selected, `path` the very field."""

    at: Path
    path: Path
    words: Text
    where: Text


@dataclass(frozen=True)
class Judged:
    """What a draft says: the definition if it is free of mistakes, what could be read `as_far`, its mistakes, how many
    words have no English yet, and what differs from the edition in force (None: there is none)."""

    definition: shapes.Definition | None
    as_far: shapes.Definition | None
    faults: tuple[Shown, ...]
    untranslated: tuple[Path, ...]
    different: tuple[comparing.Difference, ...] | None

    @property
    def faulty(self) -> set[Path]:
        """What can be selected and has mistakes."""
        return {fault.at for fault in self.faults}


def judged(draft: models.Draft) -> Judged:
    """Read and check a draft as publishing would."""
    read = reading.read_plain(starting.completed(draft.content), known=definitions.known())
    return Judged(
        definition=read.definition,
        as_far=read.as_far,
        faults=tuple(_shown(draft.content, fault) for fault in read.faults),
        untranslated=tuple(starting.untranslated(draft.content)),
        different=differences(draft, read.as_far) if read.as_far is not None and _in_force(draft) else None,
    )


def _in_force(draft: models.Draft) -> models.Edition | None:
    return draft.procedure.current if draft.procedure is not None else None


def differences(draft: models.Draft, definition: shapes.Definition) -> tuple[comparing.Difference, ...]:
    """What differs from the edition in force, in words; nothing without one."""
    current = _in_force(draft)
    if current is None:
        return ()
    return comparing.differences(definitions.definition_of(current), definition, names())


def selectable(content: Mapping[str, Any], path: Path) -> Path:
    """What is opened to work at a path: the innermost block or branch, a form, the words, else the card."""
    if path[:1] == ("forms",) and len(path) > 1:
        return path[:2]
    if path[:1] in (("statuses",), ("shows",), ("reopens",), ("phases",), ("facts",)):
        return ("words",)
    found: Path = ("card",)
    here: Any = content
    for depth, part in enumerate(path, 1):
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            break
        is_block = depth > 1 and path[depth - 2] == "flow" and isinstance(here, dict)
        if is_block or (depth > 2 and path[depth - 2] == "branches" and isinstance(here, dict)):
            found = path[:depth]
    return found


def _shown(content: Mapping[str, Any], fault: Fault) -> Shown:
    at = selectable(content, fault.path)
    return Shown(at=at, path=fault.path, words=fault.words, where=_where(content, at))


def _where(content: Any, at: Path) -> Text:
    """What is opened, by name."""
    if at == ("card",):
        return Text("程序卡", "Process card")
    if at == ("words",):
        return Text("状态、阶段与用语", "Statuses, phases, words")
    here = content
    for part in at:
        here = here[part]
    title = here.get("title") if isinstance(here, dict) else None
    zh, en = (str(title.get(name) or "") for name in ("zh", "en")) if isinstance(title, dict) else ("", "")
    key = str(here.get("key") or here.get(starting.kind_of(here)) or at[-1])
    return Text(zh or en or key, en or zh or key)


def drawn(definition: shapes.Definition | None, language: str) -> str:
    """The chart of a definition; "" when its mistakes leave nothing to draw."""
    if definition is None:
        return ""
    try:
        return chart.draw(definition, lang=language[:2], selectable=True)
    except (KeyError, IndexError, ValueError):
        return ""  # a way back that leads nowhere, a key twice: named among the mistakes


# Names that a definition may use --------------------------------------------------------------------------------------


def names() -> dict[str, Text]:
    """What the company calls the parties, finders, effects and events that definitions name."""
    found: dict[str, Text] = {}
    for kind, rows in (("post", org_queries.posts()), ("department", org_queries.departments())):
        found |= {f"{kind}:{row.code}": Text(row.name_zh, row.name_en or row.name_zh) for row in rows}
    for person in org_queries.people().only("name", "name_latin", "employee_number"):
        if person.employee_number:
            found[f"person:{person.employee_number}"] = Text(person.name, person.name_latin or person.name)
    for noun, board in (("finder", plugs.finders), ("effect", plugs.effects), ("event", plugs.happenings)):
        found |= {f"{noun}:{plug.name}": Text(plug.zh or plug.name, plug.en or plug.name) for plug in board}
    teams = (plug for plug in plugs.finders if "team" in plug.about)
    found |= {f"team:{plug.about['team']}": Text(plug.zh, plug.en) for plug in teams}
    return found | {f"role:{name}": words for name, words in roles().items()}


def roles() -> dict[str, Text]:
    """The roles of teams that rooms tell of with their finders: "project:quality" → 项目组成员·质量."""
    found: dict[str, Text] = {}
    for plug in plugs.finders:
        for role, label in plug.about.get("roles", ()):
            zh, en = words.both(label)
            found[f"{plug.about['team']}:{role}"] = Text(f"{plug.zh}·{zh}", f"{plug.en}, {en}")
    return found


def role_words(name: str) -> Text:
    """What a role of a team is called; of an unknown role the team and its key."""
    team, _colon, role = name.partition(":")
    plug = next((plug for plug in plugs.finders if plug.about.get("team") == team), None)
    return roles().get(name) or (Text(f"{plug.zh}·{role}", f"{plug.en}, {role}") if plug else Text(name, name))


def fact_plugs() -> Iterator[plugs.Plug[Any]]:
    """The facts of rooms that definitions may ask for."""
    return (plug for plug in plugs.facts if "/" not in plug.name)


def with_words_for_facts(content: dict[str, Any]) -> dict[str, Any]:
    """The content in which every fact of a room that it asks for has its words."""
    known, declared = {plug.name: plug for plug in fact_plugs()}, content.get("facts", {})
    missing = {name for name in _facts_in(content.get("flow")) if name in known and name not in declared}
    if not missing:
        return content
    words = {name: {"title": {"zh": known[name].zh, "en": known[name].en}} for name in sorted(missing)}
    return {**content, "facts": {**declared, **words}}


def _facts_in(data: Any, field: str = "") -> Iterator[str]:
    if isinstance(data, list):
        if field == "when" and data and isinstance(data[0], str):
            yield data[0]
        for member in data:
            yield from _facts_in(member, field)
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _facts_in(value, name)
    elif isinstance(data, str) and field in ("fact", "after", "moment"):
        yield data


def duty_of(block: Any) -> dict[str, str] | None:
    """The department shown for a step when nothing else is said: that of whoever is responsible or asked."""
    ask = block.get("ask")
    whom = [who for who in (ask if isinstance(ask, list) and ask else [block.get("who")]) if isinstance(who, dict)]
    codes = {str(who["department"]) for who in whom if who.get("department")}
    of_posts = org_queries.posts().filter(code__in=[str(who["post"]) for who in whom if who.get("post")])
    codes |= set(of_posts.values_list("department__code", flat=True))
    found = list(org_queries.departments().filter(code__in=codes)) if codes else []
    if len(found) > 1:
        return {"zh": "各相关部门", "en": "Departments concerned"}
    return {"zh": found[0].name_zh, "en": found[0].name_en} if found else None


def with_duty(was: dict[str, Any], content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The content in which a step shows the department of whoever it was given to, unless its author said another."""
    at = selectable(content, path)
    try:
        before, after = paths.at(was, at), paths.at(content, at)
    except paths.CannotEdit:
        return content
    if starting.kind_of(after) not in starting.STEP_KINDS or after.get("duty") not in (None, {}, duty_of(before)):
        return content
    duty = duty_of(after)
    if duty is None or duty == after.get("duty"):
        return content
    shown: dict[str, Any] = paths.changed(content, (*at, "duty"), lambda _was: duty)
    return shown


def concerned(definition: shapes.Definition) -> list[org.Department]:
    """The departments that a procedure gives work: named themselves or by their posts."""
    departments: set[str] = set()
    posts: set[str] = set()
    for step in walking.steps(definition):
        parties = step.work.parties if isinstance(step.work, shapes.Opinions) else ()
        for who in (step.who, *parties):
            while who is not None:
                target = {"department": departments, "post": posts}.get(who.kind)
                if target is not None:
                    target.add(who.name)
                who = who.fallback
    of_posts = org_queries.posts().filter(code__in=posts).values_list("department__code", flat=True)
    return list(org_queries.departments().filter(code__in=departments | set(of_posts)))
