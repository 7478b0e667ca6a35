"""What is said to people about a file that could not be read as it is."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yinuo.sources.definition import Fault, Noise

FAULTS: dict[str, str | Promise] = {
    Fault.EMPTY: _("The file is empty."),
    Fault.ENCRYPTED: _("The file is locked with a password. Save it without one, then add it again."),
    Fault.ENTERPRISE_ENCRYPTED: _(
        "The file was encrypted by a company's encryption tool (%(about)s). Have it decrypted there, then add it again."
    ),
    Fault.DAMAGED: _("The file is damaged: %(about)s"),
    Fault.TRUNCATED: _("The file is not complete; it was probably cut off on its way. Fetch it once more."),
    Fault.TOO_LARGE: _("The file is too large to be read (%(about)s)."),
    Fault.TOO_LONG: _("Reading the file took longer than %(about)s seconds and was stopped."),
    Fault.TOO_HEAVY: _("Reading the file needed more memory than is allowed and was stopped."),
    Fault.BOMB: _("Unpacked, the file would be far larger than any document. It was not opened."),
    Fault.WRONG_EXTENSION: _(
        "The name of the file says something else than the file is (%(about)s); it was read as it is."
    ),
    Fault.UNKNOWN_FORMAT: _("No reader knows this kind of file. Save it as .docx, .pdf or .xlsx, then add it again."),
    Fault.OLD_WORD: _(
        "Old Word files (.doc) can only be read where LibreOffice is installed. Save it as .docx, please."
    ),
    Fault.HAS_MACROS: _("The file contains macros. They were not run."),
    Fault.TRACKED: _("Changes are tracked in the file (%(about)s); it was read as if they were accepted."),
    Fault.NO_TEXT: _("The file holds no text that can be read: it was probably scanned. Ask for the original."),
    Fault.PAGES_UNREAD: _("No text could be read on pages %(about)s: they are probably pictures."),
    Fault.RECOGNISED: _("Pages %(about)s were scanned and read by recognition: compare them with the original."),
    Fault.TEXT_CUT: _("Not all of the text could be read."),
    Fault.CHARSET_GUESSED: _("The file does not say its character set; it was guessed (%(about)s)."),
    Fault.GLYPHS_UNKNOWN: _("Some signs of the font have no meaning that can be read; look at them in the original."),
}

UNNAMED: dict[str, str | Promise] = {  # where nothing more is known
    Fault.ENTERPRISE_ENCRYPTED: _(
        "The file is not what its name says; a company's encryption tool has probably sealed it. Have it decrypted"
        " there, then add it again."
    ),
    Fault.DAMAGED: _("The file is damaged. Open it in the program that wrote it, save it anew, then add it again."),
}

NOISE: dict[str, str | Promise] = {
    Noise.RUNNING_HEAD: _("running head"),
    Noise.RUNNING_FOOT: _("running foot"),
    Noise.PAGE_NUMBER: _("page number"),
    Noise.WATERMARK: _("watermark"),
    Noise.CONTENTS: _("table of contents"),
    Noise.HIDDEN: _("hidden text"),
    Noise.DELETED: _("struck out by tracked changes"),
    Noise.DOWNLOAD: _("line of a download site"),
    Noise.COLUMN_HEAD: _("repeated heading of a table"),
}


DOUBTS: dict[str, str | Promise] = {
    "glued": _("The number stands in the middle of other words."),
    "gap": _("Numbers before this one are missing."),
    "late_start": _("The count does not begin with its first number."),
    "restart": _("The numbers begin again here: perhaps another document."),
    "another": _("Only a title says that another document begins here: compare the original."),
    "repeated": _("The same number stands elsewhere too."),
    "spaced": _("There are stray spaces inside the number."),
    "weak": _("Little speaks for this being a number of a clause."),
    "no_number": _("The clause has no number."),
    "unordered": _("The number is out of order."),
    "as_value": _("The workbook held this number as another value (4.1 for 4.10, or a day): compare the original."),
    "in_table": _("The number was read from a table."),
    "empty": _("The clause has neither title nor text."),
}

LEFT: dict[str, str | Promise] = {
    "left_out": _("left out by hand"),
    "note": _("foot- or endnote"),
    "closing": _("closing words"),
    "title": _("title of the document"),
    "front": _("stands before the first clause"),
    "other_column": _("another column of the table"),
}


def doubt(code: str) -> str:
    """Why a clause is to be looked at."""
    return str(DOUBTS.get(code, code))


def left(reason: str) -> str:
    """Why words belong to no clause."""
    return str(LEFT.get(reason) or NOISE.get(reason) or reason)


def sentence(fault: str, about: str = "") -> str:
    """One fault in the reader's language."""
    words = str((not about and UNNAMED.get(fault)) or FAULTS.get(fault, fault))
    return words % {"about": about} if "%(about)s" in words else words


def all_of(remarks: Iterable[tuple[str, str]]) -> list[str]:
    """The sentences of some remarks."""
    return [sentence(fault, about) for fault, about in remarks]
