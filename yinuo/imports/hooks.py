"""What imports plugs into the cellar: what stood beside the fields of a row is given back when its list is exported."""

from typing import Any

from django.db.models import QuerySet

from yinuo.imports import models, queries, rules
from yinuo.kit import beside, plugs
from yinuo.kit.sheets import dressing


def columns(type: str, rows: QuerySet[Any]) -> list[beside.Column]:  # noqa: A002 - the board's word
    """The columns of which something is kept with these rows: workbook by workbook as they stood there."""
    found = {(of, *each) for of, headings in queries.headings_beside(type, rows) for each in headings}
    return [beside.Column(*each) for _of, _at, *each in sorted(found)]


def cells(type: str, ids: list[int]) -> dict[int, list[beside.Cell]]:  # noqa: A002 - the board's word
    return {key: [_told(cell) for cell in kept] for key, kept in queries.kept_beside(type, ids)}


def _told(cell: rules.Cell) -> beside.Cell:
    look = dressing.look_of(
        cell.get("colour", ""), cell.get("ground", ""), cell.get("struck", False), cell.get("format", "")
    )
    column = beside.Column(cell["heading"], cell.get("field", ""), cell.get("hidden", False))
    return beside.Cell(column, rules.value_of(cell), look, cell.get("comment", ""))


def rescoped(*, type: str, id: int, scope_id: int | None, **_more: Any) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so does what is kept beside it."""
    models.Kept.objects.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)


plugs.beside.plug(
    "imports", cells, zh="导入表格中字段以外的内容", en="What workbooks had beside the fields", columns=columns
)
plugs.events.plug(
    "kit.rescoped/imports", rescoped, zh="保密范围变更：更新随行保留的内容", en="Scope changed: what is kept follows"
)
