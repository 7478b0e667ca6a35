"""Comments at cells of a workbook that is written: what Excel shows when one points at the cell.

A comment needs two parts of its own: its text, and an old drawing that says where its box opens.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from yinuo.kit.sheets import parts, writing

At = tuple[int, int]  # row and column, from 1
AUTHOR = "Yinuo"
WIDE, LINES = 3, 14  # columns that a box covers, letters in a column of it
TYPE_OF_TEXTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
TYPE_OF_DRAWING = "application/vnd.openxmlformats-officedocument.vmlDrawing"
SHAPE = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
    'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{left}, 15, {top}, 2, {right}, 15, {bottom}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
    'data="{sheet}"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
    'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
    'o:connecttype="rect"/></v:shapetype>{shapes}</xml>'
)


def texts(remarks: Mapping[At, str]) -> str:
    """The part with the texts of the comments."""
    told = "".join(
        f'<comment ref="{parts.letters(column)}{row}" authorId="0"><text><r><t xml:space="preserve">'
        f"{parts.spelled(text)}</t></r></text></comment>"
        for (row, column), text in sorted(remarks.items())
    )
    return (
        f'{parts.HEAD}<comments xmlns="{parts.MAIN}"><authors><author>{escape(AUTHOR)}</author></authors>'
        f"<commentList>{told}</commentList></comments>"
    )


def drawing(remarks: Mapping[At, str], sheet: int) -> str:
    """The part with their boxes."""
    shapes = "".join(
        SHAPE.format(
            number=sheet * 1024 + at, left=column, top=max(row - 2, 0), right=column + WIDE,
            bottom=max(row - 2, 0) + 3 + len(text) // (WIDE * LINES), row=row - 1, column=column - 1,
        )
        for at, ((row, column), text) in enumerate(sorted(remarks.items()), 1)
    )  # fmt: skip
    return DRAWING.format(sheet=sheet, shapes=shapes)


def relations(sheet: int) -> str:
    """What the sheet says of both."""
    return (
        f'{parts.HEAD}<Relationships xmlns="{parts.PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{parts.OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing{sheet}.vml"/>'
        f'<Relationship Id="rId2" Type="{parts.OFFICE}/comments" Target="../comments{sheet}.xml"/></Relationships>'
    )


def types(sheets: Sequence[int]) -> str:
    """What the list of parts says of them."""
    named = "".join(f'<Override PartName="/xl/comments{sheet}.xml" ContentType="{TYPE_OF_TEXTS}"/>' for sheet in sheets)
    return f'<Default Extension="vml" ContentType="{TYPE_OF_DRAWING}"/>{named}' if sheets else ""


class Workbook(writing.Workbook):
    """A workbook whose cells may have comments: whoever gives the rows fills in `remarks` on the way."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.remarks: dict[At, str] = {}
        self.remarked: list[int] = []

    def _sheet(self, *args: Any) -> Iterator[bytes]:
        self.remarks.clear()
        yield from super()._sheet(*args)
        if self.remarks:
            number = len(self.sheets)
            self.remarked.append(number)
            self._part(f"xl/comments{number}.xml", texts(self.remarks))
            self._part(f"xl/drawings/vmlDrawing{number}.vml", drawing(self.remarks, number))
            self._part(f"xl/worksheets/_rels/sheet{number}.xml.rels", relations(number))
            self.remarks.clear()  # the sheet that follows has none of them
            yield self.sink.taken()

    def _open(self, name: str) -> Any:
        return _Drawn(super()._open(name), self.remarks)

    def _part(self, name: str, text: str) -> None:
        if name == "[Content_Types].xml":
            text = text.replace("</Types>", f"{types(self.remarked)}</Types>")
        super()._part(name, text)


END = b"</worksheet>"
DRAWN = f'<legacyDrawing xmlns:r="{parts.OFFICE}" r:id="rId1"/>'.encode()


class _Drawn:
    """A sheet that names, at its end, where the boxes of its comments are drawn, if it has come to have any."""

    def __init__(self, sheet: Any, remarks: Mapping[At, str]) -> None:
        self.sheet, self.remarks = sheet, remarks

    def __enter__(self) -> "_Drawn":
        self.sheet.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.sheet.__exit__(*error)

    def write(self, data: bytes) -> int:
        if self.remarks and data.endswith(END):
            data = data.removesuffix(END) + DRAWN + END
        written: int = self.sheet.write(data)
        return written
