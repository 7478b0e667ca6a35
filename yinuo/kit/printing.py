"""What is shown, as PDF on the company's paper: a declared list as it stands filtered, or a paper that a page composes.

Whose paper it is, is said by the room that plugs itself into `plugs.letterheads`. That something was printed is
announced like every export, and rows of closed circles are noted as read.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yinuo.kit import downloads, exports, lists, plugs, refusals
from yinuo.kit.paper import apart, definition

TYPE = "application/pdf"
MOST_ROWS = 3_000  # of a list: a hundred sheets, two seconds
AT_ONCE = 2  # papers set in one process at a time, so that pages keep being answered
WAIT = 10.0  # seconds for which a paper waits for its turn

_setting = BoundedSemaphore(AT_ONCE)


class Busy(refusals.Refusal):
    """Others are printing just now."""

    status = 503


class CannotPrint(refusals.Refusal):
    """No paper came of it."""


def language() -> str:
    """The language of the paper: the reader's."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def letterhead() -> definition.Letterhead:
    """The company on its paper."""
    return next((plug.function() for plug in plugs.letterheads), definition.Letterhead(""))


def note(person: Any, now: datetime) -> str:
    """Who printed it and when: what stands at the foot of every sheet."""
    said = {"person": str(person), "at": f"{timezone.localtime(now):%Y-%m-%d %H:%M}"}
    return gettext("Printed by %(person)s, %(at)s") % said


def made(paper: definition.Paper, *, as_picture: bool = False) -> bytes:
    """The paper as PDF, or its first sheet as a picture; refuses in words when it cannot be."""
    if not _setting.acquire(timeout=WAIT):
        raise Busy(_("Others are printing just now. Please try again in a minute."))
    try:
        return apart.first_page(paper) if as_picture else apart.pdf(paper)
    except definition.CannotPrint as fault:
        raise CannotPrint(_why(fault.code)) from fault
    finally:
        _setting.release()


def _why(code: str) -> Any:
    if code in ("too_long", "too_heavy"):
        return _("This is too much for one paper. Please choose less of it, or export it to Excel.")
    if code == "no_fonts":
        return _("The fonts for printing are missing. Whoever runs the system fetches them by starting it again.")
    return _("The paper could not be made. Whoever runs the system finds the reason in its log.")


def answer(paper: definition.Paper, name: str) -> HttpResponse:
    """The paper as a download."""
    response = HttpResponse(made(paper), content_type=TYPE)
    response["Content-Disposition"] = (
        f"attachment; filename=\"paper.pdf\"; filename*=UTF-8''{quote(f'{name}.pdf', safe='')}"
    )
    return downloads.guarded(response)


# Lists ----------------------------------------------------------------------------------------------------------------


def response(person: Any, asked: lists.AsFile, *, path: str, now: datetime) -> HttpResponse:
    """A declared list on paper: the columns of the screen, all rows that match."""
    total = asked.rows.order_by().values("pk").count()
    if total > MOST_ROWS:
        said = {"n": f"{total:,}", "most": f"{MOST_ROWS:,}"}
        raise CannotPrint(
            _("The list has %(n)s entries, a paper takes %(most)s. Please filter it, or export it to Excel.") % said
        )
    export = exports.Export(asked, person, path, now)
    filters = "; ".join(f"{label}: {value}" for label, value in export.filters)
    plugs.announce("kit.exported", title=export.title, url=path, rows=total, filters=filters, by=person, now=now)
    columns = [column for column in asked.sheet.columns if column.export]
    rows = list(export.read([column.key for column in columns]))
    is_closed = export.is_confidential
    paper = definition.Paper(
        head=letterhead(),
        title=export.title,
        blocks=[
            definition.Text(_sentence(export, len(rows)), is_quiet=True),
            definition.Table(
                [definition.Column(str(column.label), column.kind == "number") for column in columns],
                [[words(value) for value in row] for row in rows],
            ),
        ],
        secrecy=gettext("Confidential: only for whom it is meant") if is_closed else "",
        note=note(person, now),
        language=language(),
        is_wide=len(columns) > 6,
    )
    return answer(paper, f"{export.title}_{timezone.localdate(now):%Y-%m-%d}")


def _sentence(export: exports.Export, rows: int) -> str:
    """What was filtered, in which order, and how many rows came of it."""
    said = [f"{label}：{value}" if language() == "zh" else f"{label}: {value}" for label, value in export.filters]
    count = gettext("Number of rows") + ("：" if language() == "zh" else ": ") + f"{rows:,}"
    return " · ".join([*said, str(export.order), count])


def words(value: Any) -> str:
    """A value as it is written on paper."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def table(labels: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> definition.Table:
    """A table of texts."""
    return definition.Table([definition.Column(label) for label in labels], list(rows))
