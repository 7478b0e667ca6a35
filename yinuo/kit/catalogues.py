"""The Chinese catalogue: one `.po` per room, merged and compiled without GNU gettext.

The words for 顾客 and 特殊 are the company's choice (capability C44): they are replaced when the catalogue is compiled.
"""

from pathlib import Path

import polib


class Clash(ValueError):
    """Two rooms translate one sentence differently."""


def merged(folder: Path, terms: tuple[str, str] = ("顾客", "特殊")) -> polib.POFile:
    """All parts in one catalogue; the same sentence must have the same translation everywhere."""
    whole = polib.POFile()
    whole.metadata = {
        "Content-Type": "text/plain; charset=utf-8",
        "Language": "zh_Hans",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    seen: dict[tuple[str | None, str], tuple[str, str]] = {}
    for part in sorted(folder.glob("*.po")):
        for entry in polib.pofile(str(part), encoding="utf-8"):
            key = (entry.msgctxt, entry.msgid)
            text = entry.msgstr or entry.msgstr_plural.get(0, "")
            if key in seen:
                if seen[key][0] != text:
                    raise Clash(f"{entry.msgid!r}: {seen[key][1]} says {seen[key][0]!r}, {part.name} says {text!r}")
                continue
            seen[key] = (text, part.name)
            entry.msgstr = in_terms(entry.msgstr, terms)
            entry.msgstr_plural = {n: in_terms(plural, terms) for n, plural in entry.msgstr_plural.items()}
            whole.append(entry)
    return whole


def in_terms(text: str, terms: tuple[str, str]) -> str:
    """The text with the company's words for customer and special."""
    return text.replace("顾客", terms[0]).replace("特殊", terms[1])


def compile_to(folder: Path, target: Path, terms: tuple[str, str] = ("顾客", "特殊")) -> int:
    """Write the compiled catalogue; returns its number of entries."""
    whole = merged(folder, terms)
    target.parent.mkdir(parents=True, exist_ok=True)
    whole.save_as_mofile(str(target))
    return len(whole)
