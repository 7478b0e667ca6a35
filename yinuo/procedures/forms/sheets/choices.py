"""What may be chosen in the editor: people, effects, facts, units, other steps; in the reader's language."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from yinuo.kit import plugs
from yinuo.org import queries as org_queries
from yinuo.procedures.definition import keys, shapes, starting, tables
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import questioning, wording
from yinuo.procedures.forms.sheets.controls import Choice
from yinuo.procedures.queries import drafts


def say(words: Text) -> str:
    """Words in the reader's language."""
    return words.say(get_language() or "zh")


def says(words: Any, otherwise: str = "") -> str:
    """Words of plain data in the reader's language, else in the other."""
    if not isinstance(words, dict):
        return otherwise
    zh, en = str(words.get("zh") or ""), str(words.get("en") or "")
    return ((en or zh) if (get_language() or "").startswith("en") else (zh or en)) or otherwise


def sent(value: Any) -> str:
    """A value as a choice carries it."""
    return json.dumps(value, ensure_ascii=False)


def _of_plug(plug: plugs.Plug[Any]) -> str:
    return say(Text(plug.zh or plug.name, plug.en or plug.name))


@dataclass
class Choices:
    """The choices for one content. Asked for when wanted, and once."""

    content: Mapping[str, Any]
    _who: list[Choice] = field(default_factory=list)

    # Whom

    def parties(self) -> list[Choice]:
        """Everybody who can be made responsible, as one list under headings."""
        if not self._who:
            self._who = [*self._posts(), *self._departments(), *self._finders(), *self._people()]
        return self._who

    def _posts(self) -> Iterator[Choice]:
        for post in org_queries.posts():
            yield Choice(
                sent({"post": post.code}), f"{post.name}（{post.department.name}）", pgettext("editor", "Posts")
            )

    def _departments(self) -> Iterator[Choice]:
        for department in org_queries.departments():
            yield Choice(sent({"department": department.code}), department.name, _("Departments (their heads)"))

    def _finders(self) -> Iterator[Choice]:
        for plug in plugs.finders:
            team = plug.about.get("team")
            if team is None:
                yield Choice(sent({"finder": plug.name}), _of_plug(plug), _("By customer, project or run"))
        for name in self._roles_used():
            yield Choice(sent({"role": name}), say(drafts.role_words(name)), _("By customer, project or run"))

    def _roles_used(self) -> list[str]:
        """Roles of teams: those that plugs list, and those that the procedure names already."""
        used = _values_of(self.content.get("flow"), "role")
        return list(dict.fromkeys([*drafts.roles(), *used]))

    def _people(self) -> Iterator[Choice]:
        for person in org_queries.people().only("name", "employee_number"):
            if person.employee_number:
                label = f"{person.name} {person.employee_number}"
                yield Choice(sent({"person": person.employee_number}), label, pgettext("editor", "People"))

    def whom(self, path: Path) -> list[Choice]:
        """Everybody, and within for-eachs the element itself."""
        return [*self._each(path), *self.parties()]

    def _each(self, path: Path) -> Iterator[Choice]:
        for title, name in self.loops(path):
            used = [f"{name}.owner", *_values_of(self.content.get("flow"), "each")]
            for word in dict.fromkeys([name, *(each for each in used if each.startswith(f"{name}."))]):
                what = word.partition(".")[2]
                said = say(questioning.attribute_words(what)) if what else pgettext("editor", "its own")
                label = f"{title}：{said}"
                yield Choice(sent({"each": word}), label, _("By each item"))

    def loops(self, path: Path) -> list[tuple[str, str]]:
        """The for-eachs around a place: title and the word for their elements."""
        found = []
        here: Any = self.content
        for part in path:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                break
            if isinstance(here, dict) and "for_each" in here:
                found.append((says(here.get("title"), str(here["for_each"])), str(here.get("name", ""))))
        return found

    # What

    def effects(self) -> list[Choice]:
        return [Choice(plug.name, _of_plug(plug)) for plug in plugs.effects]

    def events(self) -> list[Choice]:
        return [Choice(plug.name, _of_plug(plug)) for plug in plugs.happenings]

    def field_kinds(self) -> list[Choice]:
        words = {
            "text": pgettext("editor", "one line"),
            "note": pgettext("editor", "several lines"),
            "number": pgettext("editor", "number"),
            "date": pgettext("editor", "day"),
            "moment": _("day and time"),
            "choice": _("one of several"),
            "choices": _("several of several"),
            "yesno": _("yes or no"),
            "person": pgettext("editor", "person"),
            "file": pgettext("editor", "files"),
        }
        own = [Choice(kind, words[kind], pgettext("editor", "Usual")) for kind in shapes.FIELD_KINDS]
        return [*own, *(Choice(plug.name, _of_plug(plug), _("Of other rooms")) for plug in plugs.field_kinds)]

    def keyed(self, name: str) -> list[Choice]:
        """The procedure's own forms, statuses or phases."""
        found = []
        for member in self.content.get(name, []):
            title = says(member.get("title"), str(member.get("key")))
            found.append(Choice(str(member.get("key")), f"{member['number']} {title}" if "number" in member else title))
        return found

    def outer_steps(self) -> list[Choice]:
        """The steps in no branch: to them a run may go back from anywhere."""
        return _straight(self.content["flow"])

    def steps_before(self, path: Path) -> list[Choice]:
        """The steps to which one may go back from a place: earlier in the same or an enclosing flow."""
        found: list[Choice] = []
        for depth, part in enumerate(path):
            if depth and path[depth - 1] == "flow" and isinstance(part, int):
                flow: Any = self.content
                for each in path[:depth]:
                    flow = flow[each]
                found += _straight(flow[:part])
        return found

    # Facts

    def facts(self, path: Path) -> list[Choice]:
        """What a table at a place may ask for."""
        declared = self.content.get("facts", {})
        found = [
            Choice(name, says(words.get("title") if isinstance(words, dict) else None, name), _("Of the matter"))
            for name, words in declared.items()
        ]
        found += [
            Choice(plug.name, _of_plug(plug), _("Of the matter"))
            for plug in drafts.fact_plugs()
            if plug.name not in declared
        ]
        for title, name in self.loops(path):
            used = {part for part in _asked_for(self.content.get("flow")) if part.startswith(f"{name}.")}
            found += [
                Choice(each, f"{title}：{say(questioning.attribute_words(each.partition('.')[2]))}", _("Of each item"))
                for each in sorted(used)
            ]
        return [*found, *self._results(path)]

    def _results(self, path: Path) -> Iterator[Choice]:
        forms = {form.get("key"): form for form in self.content.get("forms", [])}
        group = _("Of earlier steps")
        for where, block in keys.blocks_in(self.content["flow"]):
            kind = starting.kind_of(block)
            if kind not in starting.STEP_KINDS or _order(where) >= _order(path):
                continue
            key, title = block[kind], says(block.get("title"), str(block[kind]))
            if block.get("outcomes"):
                yield Choice(f"{key}.outcome", f"{title}：{pgettext('editor', 'outcome')}", group)
            if kind == "opinions":
                yield Choice(f"{key}.verdict", f"{title}：{pgettext('editor', 'verdict')}", group)
            for each in forms.get(block.get("form"), {}).get("fields", []):
                yield Choice(f"{key}.{each.get('key')}", f"{title}：{says(each.get('label'), each.get('key'))}", group)

    def values_of(self, fact: str) -> tuple[str, list[Choice]]:
        """The kind of a fact and its values, where they are known."""
        first, _dot, rest = fact.partition(".")
        declared = self.content.get("facts", {}).get(fact)
        values = declared.get("values") if isinstance(declared, dict) else None
        if isinstance(values, dict) and values:
            return "choice", [Choice(value, says(words, value)) for value, words in values.items()]
        for _where, block in keys.blocks_in(self.content["flow"]):
            if block.get(starting.kind_of(block)) == first:
                return self._values_of_result(block, rest)
        return "", []

    def _values_of_result(self, block: Mapping[str, Any], name: str) -> tuple[str, list[Choice]]:
        if name == "outcome":
            outcomes = block.get("outcomes", [])
            return "choice", [Choice(str(each.get("key")), says(each.get("label"))) for each in outcomes]
        if name == "verdict":
            return "choice", [Choice(key, say(words)) for key, words in shapes.VERDICTS.items()]
        for form in self.content.get("forms", []):
            for each in form.get("fields", []) if form.get("key") == block.get("form") else ():
                if each.get("key") == name:
                    return field_values(each)
        return "", []

    # Fixed lists

    def operators(self) -> list[Choice]:
        return [Choice(name, say(words)) for name, words in tables.OPERATORS.items()]

    def units(self) -> list[Choice]:
        return [Choice(unit, say(words)) for unit, words in wording.UNIT_WORDS.items()]


def field_values(field_: Mapping[str, Any]) -> tuple[str, list[Choice]]:
    """The kind of a form's field and its options."""
    options = [Choice(str(each.get("key")), says(each.get("label"))) for each in field_.get("options", [])]
    return str(field_.get("kind", "")), options


def _straight(flow: list[Any]) -> list[Choice]:
    """The steps of a flow reached through groups alone."""
    found: list[Choice] = []
    for block in flow:
        kind = starting.kind_of(block)
        if kind in starting.STEP_KINDS:
            found.append(Choice(str(block[kind]), says(block.get("title"), str(block[kind]))))
        elif kind == "sequence":
            found += _straight(block["flow"])
    return found


def _order(path: Path) -> tuple[tuple[int, str], ...]:
    """Where a path stands in the order of the document; what lies in one branch stands by its name."""
    return tuple((part, "") if isinstance(part, int) else (0, part) for part in path)


def _values_of(data: Any, wanted: str) -> Iterator[str]:
    """The words under a field, wherever it stands."""
    if isinstance(data, list):
        for member in data:
            yield from _values_of(member, wanted)
    elif isinstance(data, dict):
        for name, value in data.items():
            if name == wanted and isinstance(value, str):
                yield value
            else:
                yield from _values_of(value, wanted)


def _asked_for(data: Any, inside: bool = False) -> Iterator[str]:
    """The facts in the conditions of tables."""
    if isinstance(data, list):
        if inside and len(data) > 1 and isinstance(data[0], str):
            yield data[0]
        for member in data:
            yield from _asked_for(member, inside)
    elif isinstance(data, dict):
        for name, value in data.items():
            yield from _asked_for(value, name == "when")
