"""What imports say to people: why a file cannot be read, what is wrong with a cell, what stood beside the values."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WHY_UNREADABLE: dict[str, "str | Promise"] = {
    "empty": gettext_lazy("The file is empty."),
    "exported": gettext_lazy(
        "This list was exported here. Please bring it back under “Bring back exported lists”: there you see each "
        "difference before it is written."
    ),
    "too_large": gettext_lazy("The file is larger than %(limit)s MB. Please split it."),
    "enterprise": gettext_lazy(
        "The file is encrypted by %(tool)s. Please have it decrypted (or sent out unencrypted), then choose it again."
    ),
    "encrypted": gettext_lazy(
        "The file is encrypted or damaged. If your company encrypts files, please have it decrypted first."
    ),
    "password": gettext_lazy("The workbook has a password. Please save it without one, then choose it again."),
    "damaged": gettext_lazy("The file is damaged. Please open it in Excel and save it again."),
    "bomb": gettext_lazy("The file would unpack to %(unpacked)s MB. Please keep only the sheet that you need."),
    "too_heavy": gettext_lazy(
        "Reading this file takes too much memory. Please copy the table alone into a new workbook."
    ),
    "too_long": gettext_lazy("Reading this file took longer than %(seconds)s seconds. Please split it."),
    "too_many_cells": gettext_lazy("The sheet “%(sheet)s” has too many cells. Please split it."),
    "not_a_sheet": gettext_lazy("This is no workbook. Please choose an Excel file (.xlsx, .xls) or a .csv."),
    "html": gettext_lazy("This is a web page under the name of a workbook. Please open it in Excel and save as .xlsx."),
    "xml2003": gettext_lazy("This is an XML table of Excel 2003. Please open it in Excel and save it as .xlsx."),
    "no_cells": gettext_lazy("The workbook has no filled cell."),
    "no_table": gettext_lazy("Every sheet of the workbook is hidden. Please show the one that you need, and save it."),
    "passwords": gettext_lazy(
        "Cell %(place)s is the heading of passwords (“%(heading)s”). Passwords are never taken over, and nothing of "
        "the file was kept. Please delete this column, then choose the file again; people set their own password "
        "by a link."
    ),
    "nobody": gettext_lazy("Whoever brought the workbook may not take these rows over any more."),
}

WRONG: dict[str, "str | Promise"] = {
    "missing": gettext_lazy("%(field)s is missing."),
    "too_long": gettext_lazy("%(field)s is longer than %(longest)s characters."),
    "failed": gettext_lazy(
        "The cell shows the error %(error)s, so %(field)s was not read. Please mend the formula or enter the value."
    ),
    "no_day": gettext_lazy("The date “%(value)s” cannot be read. Please write it like 2026-03-01."),
    "no_number": gettext_lazy("“%(value)s” is no number."),
    "no_flag": gettext_lazy("“%(value)s” is neither yes nor no."),
    "no_mail": gettext_lazy("“%(value)s” is no e-mail address."),
    "no_choice": gettext_lazy("“%(value)s” is no %(field)s. Possible: %(choices)s."),
    "became_day": gettext_lazy(
        "Excel has made a date of it: %(read)s. If it was a number like 3-1, please enter it as text."
    ),
    "counted_day": gettext_lazy("“%(value)s” was read as the date %(read)s."),
    "lost_zero": gettext_lazy("“%(value)s” is a number in Excel: %(value)s0 would look the same. Please check."),
    "lost_digits": gettext_lazy("Excel keeps 15 digits only; the last ones of “%(read)s” may be wrong."),
    "part": gettext_lazy("Belongs to row %(n)s."),
    "part_faulty": gettext_lazy("Row %(n)s, which belongs to it, has errors."),
    "twin": gettext_lazy("The same row stands above already, in row %(first)s."),
}

NOTES: dict[str, "str | Promise"] = {
    "macros": gettext_lazy("The workbook has macros. They were not run and are of no consequence."),
    "ending": gettext_lazy("By its content the file is .%(kind)s, whatever its name says."),
    "hidden_rows": gettext_lazy("%(n)s hidden rows are read along."),
    "hidden_columns": gettext_lazy("%(n)s hidden columns are read along."),
    "hidden_sheets": gettext_lazy("%(n)s hidden sheets were left out."),
    "skipped": gettext_lazy("%(n)s rows that are no data (empty, totals, repeated headings) were passed by."),
}


def said(words: Mapping[str, "str | Promise"], code: str, facts: Mapping[str, Any]) -> str:
    """The sentence of a code."""
    sentence = str(words.get(code, code)) % facts
    if code == "no_choice" and facts.get("guess"):
        return f"{sentence}{_(' Is “%(guess)s” meant?') % facts}"
    return sentence
