"""Mistakes in a definition, said so that a quality manager can mend them."""

from __future__ import annotations

from dataclasses import dataclass

from yinuo.procedures.definition.texts import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One mistake: in which file, line (1-based, 0 = unknown), step (key, or "") and field ("forms[0].number"); `path`
    is its place in the data."""

    file: str
    line: int
    step: str
    field: str
    words: Text
    path: tuple[str | int, ...] = ()

    def say(self, lang: str) -> str:
        """One sentence with its place, e.g. 「s5.yaml 第 12 行 · 步骤 plan · due：…」."""
        english = lang.lower().startswith("en")
        place = [self.file]
        if self.line:
            place.append(f"line {self.line}" if english else f"第 {self.line} 行")
        if self.step:
            place.append(f"step {self.step}" if english else f"步骤 {self.step}")
        if self.field:
            place.append(self.field)
        return " · ".join(place) + (": " if english else "：") + self.words.say(lang)
