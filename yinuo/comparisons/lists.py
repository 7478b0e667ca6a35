"""What comparisons say to people: why a file cannot be compared, what is wrong in it, what was passed by."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yinuo.imports import lists as imports

WHY: dict[str, "str | Promise"] = {
    **imports.WHY_UNREADABLE,
    "no_mark": _(
        "This workbook does not say which export it is. Please bring back the file as it was exported: a table copied "
        "into a new workbook can be taken over as an import instead."
    ),
    "elsewhere": _("This workbook was exported from another company's system. It cannot be brought back here."),
    "broken_mark": _("The file mark was changed. Please export the list anew and enter the changes there."),
    "unknown": _(
        "What this workbook was exported with is no longer kept (it is kept for 180 days). Please export the list anew."
    ),
    "not_offered": _("Rows of this list cannot be changed by a workbook, or not by you."),
    "no_keys": _(
        "The column #id is missing: without it no row can be told. Please export anew and leave the hidden columns as "
        "they are."
    ),
    "shifted": _(
        "%(n)s rows carry the mark of another row: the rows were sorted or pasted without the hidden columns #id and "
        "#version. Please export anew, and sort by the arrows of the headings."
    ),
}

WRONG: dict[str, "str | Promise"] = {
    **imports.WRONG,
    "said": "%(sentence)s",
    "no_moment": _("The time “%(value)s” cannot be read. Please write it like 2026-03-01 08:30."),
    "cut": _("Only the beginning of this text was exported. Please change it on the row's own page."),
    "away": _("This row is no longer there, or you may not see it."),
    "foreign": _("This row does not belong to this export; its mark was changed or pasted from another file."),
    "other_mark": _("This row carries the mark of another row. Please export anew and enter the change there."),
    "twin": _("Row %(first)s carries the same mark: it was copied. For a new row please clear its cell in #id."),
    "doubled": imports.WRONG["twin"],
    "not_added": _("New rows are not added in this way. Please enter this one in the system."),
    "there": _("A row like this is already there. To change it please export the list anew."),
}

NOTES: dict[str, "str | Promise"] = {
    "strange": _("Columns that were not exported are not compared: %(columns)s."),
    "renamed": _("“%(now)s” is recognised as the column “%(was)s” by what stands in it."),
    "absent": _("Columns that are no longer in the file stay as they are: %(columns)s."),
    "missing": _("%(n)s rows are missing in the file. They stay as they are: nothing is deleted by leaving it out."),
    "away": _("%(n)s rows that were exported are no longer there, or you may not see them."),
    "ours": _("%(n)s cells were changed here meanwhile and not in the file. They stay as they are here."),
    "both": _("%(n)s cells were changed alike on both sides."),
    "locked": _("%(n)s cells were changed in columns that are not changed in this way. They stay as they are."),
}


def said(words: Mapping[str, "str | Promise"], code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code."""
    return imports.said(words, code, facts)
