"""Reading plain data piece by piece, noting every mistake with its place and going on with a harmless default."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

from yinuo.procedures.definition.faults import Fault
from yinuo.procedures.definition.sources import Lines
from yinuo.procedures.definition.texts import NOTHING, Text

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}([.:][a-z0-9][a-z0-9_]{0,59}){0,4}")


class Sheet:
    """One file being read: its lines and the mistakes found so far."""

    def __init__(self, file: str, lines: Lines) -> None:
        self.file = file
        self.lines = lines
        self.faults: list[Fault] = []
        self.keys: dict[str, Box] = {}


class Box:
    """One value with its place. Reading from it never raises."""

    __slots__ = ("path", "sheet", "step", "step_depth", "value")

    def __init__(
        self, value: Any, path: tuple[str | int, ...], sheet: Sheet, step: str = "", step_depth: int = 0
    ) -> None:
        self.value = value
        self.path = path
        self.sheet = sheet
        self.step = step
        self.step_depth = step_depth

    def as_step(self, key: str) -> Box:
        """The same value, its mistakes named as those of step `key`."""
        return Box(self.value, self.path, self.sheet, key, len(self.path))

    def fault(self, zh: str, en: str, *more: str | int) -> None:
        """Note a mistake here, or at the place `more` below."""
        path = (*self.path, *more)
        self.sheet.faults.append(
            Fault(
                file=self.sheet.file,
                line=self.sheet.lines.at(path),
                step=self.step,
                field=shown(path[self.step_depth :]),
                words=Text(zh, en),
                path=path,
            )
        )

    def at(self, name: str | int) -> Box:
        """The value under a name (None when absent)."""
        inner = self.value.get(name) if isinstance(self.value, dict) else None
        return Box(inner, (*self.path, name), self.sheet, self.step, self.step_depth)

    def has(self, name: str) -> bool:
        """Whether something stands under a name."""
        return isinstance(self.value, dict) and self.value.get(name) is not None

    def is_mapping(self) -> bool:
        """Whether this is a mapping; a mistake is noted when not."""
        if isinstance(self.value, dict):
            return True
        self.fault("此处应为“字段: 值”的形式。", "Fields with values are expected here.")
        return False

    def only(self, *names: str) -> None:
        """Note every field that is none of `names`."""
        if not isinstance(self.value, dict):
            return
        for key in self.value:
            if key in names:
                continue
            near = difflib.get_close_matches(str(key), names, 1)
            hint_zh, hint_en = (f"是否指“{near[0]}”？", f" Did you mean “{near[0]}”?") if near else ("", "")
            self.fault(f"未知字段“{key}”。{hint_zh}", f"Unknown field “{key}”.{hint_en}", str(key))

    def boxes(self, name: str = "", *, filled: bool = False) -> list[Box]:
        """The members of a list (here, or under `name`); absent = empty, which `filled` does not allow."""
        here = self.at(name) if name else self
        if here.value is None:
            members: list[Any] = []
        elif isinstance(here.value, list):
            members = here.value
        else:
            here.fault("此处应为列表。", "A list is expected here.")
            return []
        if filled and not members:
            here.fault("列表不能为空。", "The list must not be empty.")
        return [
            Box(value, (*here.path, at), here.sheet, here.step, here.step_depth) for at, value in enumerate(members)
        ]

    def members(self, name: str) -> Iterator[tuple[str, Box]]:
        """The fields of a mapping under `name` in their order; absent = none."""
        here = self.at(name)
        if here.value is None or not here.is_mapping():
            return
        for key in here.value:
            if isinstance(key, str):
                yield key, here.at(key)
            else:
                here.fault("字段名必须是文字。", "A field name must be a word.")

    def word(self, name: str, *, required: bool = False) -> str:
        """A short text; numbers are taken as they are written."""
        here = self.at(name)
        value = here.value
        if isinstance(value, str) or (isinstance(value, int | float) and not isinstance(value, bool)):
            text = str(value).strip()
            if required and not text:
                here.fault("不能为空。", "This must not be empty.")
            return text
        if value is not None:
            here.fault("此处应为文字。", "A text is expected here.")
        elif required:
            self.fault(f"缺少“{name}”。", f"“{name}” is missing.", name)
        return ""

    def key(self, name: str, *, required: bool = True) -> str:
        """A key: lower-case letters, digits and underscores."""
        word = self.word(name, required=required)
        if word and not KEY.fullmatch(word):
            self.fault(
                f"“{word}”不能作为标识：只用小写字母、数字和下划线。",
                f"“{word}” cannot be a key: use lower-case letters, digits and underscores.",
                name,
            )
        return word

    def name(self, name: str, *, required: bool = False) -> str:
        """A dotted name of a fact, effect, finder or event."""
        word = self.word(name, required=required)
        self.is_name(word, name)
        return word

    def is_name(self, word: str, *more: str | int) -> None:
        """Note when `word` is no dotted name."""
        if word and not NAME.fullmatch(word):
            self.fault(f"“{word}”不是有效的名称。", f"“{word}” is not a valid name.", *more)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """true or false."""
        here = self.at(name)
        if here.value is None:
            return default
        if not isinstance(here.value, bool):
            here.fault("此处应为 true 或 false。", "true or false is expected here.")
            return default
        return here.value

    def number(self) -> float | None:
        """This value as a finite number; a mistake is noted when it is none."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
            self.fault("此处应为数字。", "A number is expected here.")
            return None
        return value

    def one_of(self, name: str, choices: Iterable[str], default: str) -> str:
        """One of a few words."""
        here = self.at(name)
        if here.value is None:
            return default
        if not isinstance(here.value, str) or here.value not in choices:
            listed = ", ".join(choices)
            here.fault(f"应为其中之一：{listed}。", f"It must be one of: {listed}.")
            return default
        return here.value

    def text(self, name: str, *, required: bool = False) -> Text:
        """Words in both languages under `name`."""
        here = self.at(name)
        if here.value is None:
            if required:
                self.fault(f"缺少“{name}”。", f"“{name}” is missing.", name)
            return NOTHING
        return here.words(required=required)

    def words(self, *, required: bool = True) -> Text:
        """This value as words in both languages; one language missing is a mistake."""
        if not isinstance(self.value, dict):
            self.fault("应给出中文和英文：{zh: …, en: …}。", "Give both languages: {zh: …, en: …}.")
            return NOTHING
        self.only("zh", "en")
        zh, en = self.word("zh"), self.word("en")
        if bool(zh) != bool(en):
            self.fault(f"缺少{'英文' if zh else '中文'}。", f"The {'English' if zh else 'Chinese'} is missing.")
        elif required and not zh:
            self.fault("不能为空。", "This must not be empty.")
        return Text(zh, en)

    def texts(self, name: str) -> tuple[Text, ...]:
        """A list of words in both languages."""
        return tuple(box.words() for box in self.boxes(name))


def shown(path: tuple[str | int, ...]) -> str:
    """A place in words: forms[0].number."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
