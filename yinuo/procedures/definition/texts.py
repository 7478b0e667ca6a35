"""Words in two languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def say(self, lang: str) -> str:
        """The words for a language code ("zh-hans", "en", …); Chinese unless English is asked for."""
        return self.en if lang.lower().startswith("en") else self.zh

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


NOTHING = Text("", "")
