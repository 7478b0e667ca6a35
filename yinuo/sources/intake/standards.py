"""What is said of a list of a standard's clauses: why a file is none, and what is wrong in it, cell by cell."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yinuo.sources.rules.standards import Wrong

WHY: dict[str, Any] = {
    "": gettext_lazy("This file cannot be read as a workbook or YAML. Save it as .xlsx and bring it again."),
    "no_heading": gettext_lazy(
        "No list of clauses was found. A sheet needs the headings “Clause number” and “Title”, YAML an entry “clauses”."
    ),
    "no_yaml": gettext_lazy("The YAML is broken at line %(line)s."),
    "no_utf8": gettext_lazy("The YAML is not written in UTF-8. Save it as UTF-8 and bring it again."),
    "aliases": gettext_lazy("The YAML has aliases (&, *). Write out what they stand for."),
    "too_large": gettext_lazy("The file is larger than %(limit)s MB: a list of clause numbers is much smaller."),
    "password": gettext_lazy("The workbook is protected with a password. Save it without one and bring it again."),
}
WRONG: dict[str, Any] = {
    "no_clauses": gettext_lazy("The list has no clause."),
    "too_many": gettext_lazy("The list has more than %(most)s clauses."),
    "no_number": gettext_lazy("The number is missing (“%(title)s”)."),
    "long_number": gettext_lazy("“%(number)s…” is longer than %(most)s characters, that is no clause number."),
    "twice": gettext_lazy(
        "%(number)s stands twice, first at %(first)s. In Excel, set the column to Text: 4.10 becomes 4.1."
    ),
    "no_title": gettext_lazy("%(number)s has no title. Give one in Chinese or English."),
    "long_title": gettext_lazy("The title of %(number)s is longer than %(most)s characters. Give the short one."),
    "nothing_before": gettext_lazy(
        "There is a crosswalk, and no edition before this one is on record. Load the edition before first."
    ),
    "empty_line": gettext_lazy("The line of the crosswalk names no clause."),
    "unknown_old": gettext_lazy("The edition before has no clause %(number)s."),
    "unknown_new": gettext_lazy("This list has no clause %(number)s."),
    "unknown_kind": gettext_lazy(
        "“%(kind)s” is no change. Use: same, moved, renumbered, reworded, split, merged, new, gone, or leave it empty."
    ),
    "kind_and_numbers": gettext_lazy(
        "The change and the numbers do not fit: what is new has no old number, what is gone no new one."
    ),
}  # fmt: skip


def sentence(wrong: Wrong) -> str:
    """What is wrong, with the way out."""
    facts = wrong.facts | {"first": place(wrong.facts.get("first", ""))}
    return str(WRONG[wrong.code]) % facts


def place(at: str) -> str:
    """A place in a file in words: a sheet and a cell, or an entry of YAML."""
    entry = re.fullmatch(r"(clauses|crosswalk)\[(\d+)\]", at)
    if entry is None:
        return at
    words = _("Clause %(n)s of the list") if entry[1] == "clauses" else _("Line %(n)s of the crosswalk")
    return words % {"n": entry[2]}
