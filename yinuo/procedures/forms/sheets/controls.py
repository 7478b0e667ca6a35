"""What a sheet is made of. Every control names the place it sets and the edit it makes; it never validates: the
definition's own reading does, at every edit."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yinuo.procedures.definition import paths
from yinuo.procedures.definition.paths import CannotEdit, Path


def spoken(path: Path) -> str:
    """A path as pages carry it."""
    return json.dumps(list(path), ensure_ascii=False, separators=(",", ":"))


def read_path(text: str) -> Path:
    """The path that `spoken` wrote; empty when it is none."""
    try:
        parts = json.loads(text)
    except ValueError:
        return ()
    is_path = isinstance(parts, list) and all(isinstance(each, str) or paths.is_index(each) for each in parts)
    return tuple(parts) if is_path and len(parts) < 100 else ()


def value_at(content: Any, path: Path) -> Any:
    """What stands at a path; None when nothing does."""
    try:
        return paths.at(content, path)
    except CannotEdit:
        return None


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from; entries with a `group` stand under it."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True)
class Control:
    """One control. `do` is the edit it makes, `read_as` how its value is read (word, number, flag, scalar, scalars,
    json); `again`: the sheet is made anew after it, since other controls follow from it."""

    kind: str
    path: Path
    label: str
    value: Any = ""
    do: str = "set"
    read_as: str = "word"
    choices: Sequence[Choice] = ()
    again: bool = False
    lines: int = 1
    hint: str = ""
    english: str = ""
    hidden_label: bool = False
    search: bool = False
    parts: Sequence["Control"] = ()
    rows: Sequence["Row"] = ()
    adds: Sequence["Button"] = ()

    @property
    def where(self) -> str:
        return spoken(self.path)

    @property
    def dom_id(self) -> str:
        """An id for the control, the same as long as it stands where it stands."""
        return "-".join(["at", *map(str, self.path), self.do, self.kind])

    @property
    def grouped(self) -> list[tuple[str, list[Choice]]]:
        """The choices under their headings, in the order in which these come up."""
        found: dict[str, list[Choice]] = {}
        for choice in self.choices:
            found.setdefault(choice.group, []).append(choice)
        return list(found.items())


@dataclass(frozen=True)
class Button:
    """An edit made by pressing."""

    label: str
    do: str
    path: Path
    value: Any = None
    icon: str = "plus"

    @property
    def where(self) -> str:
        return spoken(self.path)

    @property
    def sent(self) -> str:
        return json.dumps(self.value, ensure_ascii=False)


@dataclass(frozen=True)
class Row:
    """One member of a list: its controls, and whether it can be moved."""

    path: Path
    parts: Sequence[Control]
    movable: bool = True
    name: str = ""
    cut: str = "remove"

    @property
    def where(self) -> str:
        return spoken(self.path)


@dataclass(frozen=True)
class Section:
    """Controls that belong together; `folded` ones are opened when wanted."""

    key: str
    title: str
    parts: Sequence[Control]
    folded: bool = False


@dataclass(frozen=True)
class Sheet:
    """What is shown to edit one place. `buttons` act on the place as a whole."""

    path: Path
    kind: str
    title: str
    sections: Sequence[Section]
    buttons: Sequence[Button] = field(default_factory=tuple)

    @property
    def where(self) -> str:
        return spoken(self.path)


# The usual controls ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Maker:
    """Makes controls for one content."""

    content: Mapping[str, Any]

    def words(self, path: Path, label: str, *, lines: int = 1, hint: str = "") -> Control:
        """Words in both languages; the English may be left empty."""
        value = value_at(self.content, path)
        both = value if isinstance(value, dict) else {}
        zh, en = str(both.get("zh") or ""), str(both.get("en") or "")
        return Control("words", path, label, value=zh, english=en, lines=lines, hint=hint)

    def line(self, path: Path, label: str, *, do: str = "set", hint: str = "", read_as: str = "word") -> Control:
        """A short word."""
        value = value_at(self.content, path)
        shown = "" if value is None else json_word(value)
        return Control("line", path, label, value=shown, do=do, hint=hint, read_as=read_as, again=do == "rename")

    def flag(self, path: Path, label: str, *, default: bool = False, hint: str = "", again: bool = False) -> Control:
        value = value_at(self.content, path)
        is_set = value if isinstance(value, bool) else default
        return Control("flag", path, label, value=is_set, read_as="flag", hint=hint, again=again)

    def pick(
        self,
        path: Path,
        label: str,
        choices: Iterable[Choice],
        *,
        empty: str | None = "—",
        do: str = "set",
        read_as: str = "word",
        again: bool = False,
        hint: str = "",
        value: Any = None,
    ) -> Control:
        """One of several. What stands there now is always among them, though nothing knows it."""
        found = value_at(self.content, path) if value is None else value
        now = json.dumps(found, ensure_ascii=False) if read_as == "json" else json_word(found)
        now = "" if found is None or found == "" else now
        listed = list(choices)
        if now and now not in {choice.value for choice in listed}:
            listed.insert(0, Choice(now, now))
        if empty is not None:
            listed.insert(0, Choice("", empty))
        return Control(
            "pick", path, label, value=now, choices=listed, do=do, read_as=read_as, again=again, hint=hint,
            search=len(listed) > 15,
        )  # fmt: skip

    def rows(
        self, path: Path, label: str, rows: Sequence[Row], adds: Sequence[Button], *, hint: str = "", kind: str = "rows"
    ) -> Control:
        """Members of a list, one below the other."""
        return Control(kind, path, label, rows=rows, adds=adds, hint=hint)

    def count(self, path: Path) -> int:
        """How many members a list has."""
        value = value_at(self.content, path)
        return len(value) if isinstance(value, list) else 0


def json_word(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "，".join(json_word(member) for member in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
