"""A paper as the JSON that the template reads. User text goes in as data; the template never evaluates a string."""

from collections.abc import Sequence
from typing import Any

from yinuo.kit.paper import fitting
from yinuo.kit.paper.definition import Block, Facts, Heading, Paper, Picture, Table, Text

LONG, SHORT = 841.89, 595.28  # points, A4
MARGIN = 42.0
LABEL = 78.0  # points of the labels of facts
TEXT, REMARK, TITLE = 10.0, 8.0, 13.0  # sizes
MOST_TITLE = 80  # letters that the running head has room for
WORDS = {
    "zh": {"number": "编号", "edition": "版号", "page": ["第", "页 共", "页"], "paged": "页次", "day": "日期"},
    "en": {"number": "No.", "edition": "Edition", "page": ["", "of", ""], "paged": "Page", "day": "Date"},
}
Files = dict[str, bytes]


def of(paper: Paper) -> tuple[dict[str, Any], Files]:
    """What the template reads, and the files that it may open."""
    room = (LONG if paper.is_wide else SHORT) - 2 * MARGIN
    files: Files = {"logo.png": paper.head.logo} if paper.head.logo else {}
    told = {
        "company": fitting.broken(paper.head.name[:120], room * 0.3 - 60, TEXT),
        "address": fitting.broken(paper.head.address[:200], room * 0.55, REMARK),
        "colour": paper.head.colour,
        "logo": bool(paper.head.logo),
        "title": fitting.broken(paper.title[:MOST_TITLE], room * 0.4, TITLE),
        "plain_title": fitting.plain(paper.title),
        "number": fitting.broken(paper.number[:60], room * 0.3 - 50, REMARK),
        "edition": fitting.broken(paper.edition[:40], room * 0.3 - 50, REMARK),
        "secrecy": fitting.broken(paper.secrecy[:60], room * 0.4, REMARK),
        "note": fitting.broken(paper.note[:200], room * 0.4, REMARK),
        "is_wide": paper.is_wide,
        "language": paper.language,
        "words": WORDS[paper.language],
        "blocks": [_block(each, room, files) for each in paper.blocks],
        "signers": [
            [fitting.broken(part[:80], room / max(len(paper.signers), 1) / 2, TEXT) for part in parts]
            for parts in ((each.role, each.name, each.day) for each in paper.signers)
        ],
    }
    return told, files


def _block(block: Block, room: float, files: Files) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": fitting.broken(block.text, room, 11)}
        case Text():
            size = REMARK if block.is_quiet else TEXT
            return {"kind": "text", "text": fitting.broken(block.text, room, size), "is_quiet": block.is_quiet}
        case Facts():
            return {"kind": "facts", "label": LABEL, "cells": _facts(block, room)}
        case Picture():
            name = f"picture-{len(files)}.svg"
            files[name] = block.svg.encode()
            return {"kind": "picture", "name": name, "words": fitting.plain(block.words)}
        case Table():
            return _table(block, room)


def _facts(block: Facts, room: float) -> list[dict[str, Any]]:
    """Cells in their order; a pair that would stand alone on its line takes the whole line."""
    cells: list[dict[str, Any]] = []
    pairs = list(block.pairs)
    is_left = True
    for at, (label, said, is_whole) in enumerate(pairs):
        follows_whole = at + 1 == len(pairs) or pairs[at + 1][2]
        spans = is_whole or (is_left and follows_whole)
        room_of = room - LABEL if spans else room / 2 - LABEL
        cells.append(
            {
                "label": fitting.broken(label, LABEL - 2 * fitting.INSET),
                "text": fitting.broken(said, room_of - 2 * fitting.INSET),
                "spans": 3 if spans else 1,
            }
        )
        is_left = True if spans else not is_left
    return cells


def _table(block: Table, room: float) -> dict[str, Any]:
    labels = [column.label for column in block.columns]
    shown = [*block.rows, block.total] if block.total else block.rows
    columns = fitting.widths(labels, shown, room)
    return {
        "kind": "table",
        "widths": columns,
        "numbers": [column.is_number for column in block.columns],
        "groups": [[fitting.broken(words, room), spans] for words, spans in block.groups],
        "heads": _cells(labels, columns),
        "rows": [_cells(row, columns) for row in block.rows],
        "total": _cells(block.total, columns),
    }


def _cells(texts: Sequence[str], columns: Sequence[float]) -> list[list[str]]:
    """A cell for every column, each broken for its width."""
    return [fitting.broken(text, wide - 2 * fitting.INSET) for text, wide in zip(texts, columns, strict=bool(texts))]
