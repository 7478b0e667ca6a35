"""PDF: text with page and place. Running heads and feet, page numbers and contents are named as noise.

Tables are known by the lines drawn around their cells; columns by the gutter between them. Scanned pages are read by
tesseract where it is installed, and so are pages whose fonts name other letters than they show; those that stay without
text are named as unread (`Reading.unread`).
"""

from dataclasses import replace

import pypdfium2 as pdfium

from yinuo.sources.definition import Block, Fault, Noise, Place, Reading, Remark, Shape, Unreadable
from yinuo.sources.readers.pdf import garbled, recognising, running
from yinuo.sources.readers.pdf.lines import Line
from yinuo.sources.readers.pdf.pages import Item, Row, items_of
from yinuo.sources.readers.pdf.paragraphs import Paragraph, hyphenated_in, joined, paragraphs_of
from yinuo.sources.readers.pdf.pieces import Page, page_of

PAGES = 3000
USUAL = 595.0, 842.0  # points of a page that does not say its size
LEAST = 12  # signs; a page that shows a picture and says less was scanned


def read(content: bytes) -> Reading:
    """The blocks of a PDF; `Unreadable` says why there are none."""
    document = _opened(content)
    try:
        if len(document) > PAGES:
            raise Unreadable(Fault.TOO_LARGE, str(len(document)))
        pages = [_page(document, place) for place in range(len(document))]
        recognised = _recognise(document, pages)
    finally:
        document.close()
    items = [items_of(page) for page in pages]
    unread = tuple(page.number for page, found in zip(pages, items, strict=True) if _is_unread(page, found))
    if not any(items):
        raise Unreadable(Fault.NO_TEXT)
    blocks, noise = _Blocks(pages, items).made()
    return Reading(
        "pdf", blocks, noise, _remarks(pages, unread, recognised), tuple((p.width, p.height) for p in pages), unread
    )


def _recognise(document: pdfium.PdfDocument, pages: list[Page]) -> tuple[int, ...]:
    """Read scanned pages with tesseract, where it is installed; which were read like that."""
    if not recognising.languages():
        return ()
    scanned = [page for page in pages if page.has_picture and sum(len(each.text) for each in page.pieces) < LEAST]
    return tuple(page.number for page in scanned[: recognising.MOST] if recognising.recognise(document, page))


def _page(document: pdfium.PdfDocument, place: int) -> Page:
    """A page; one that cannot be opened, or whose letters mean nothing, counts as a picture."""
    try:
        page = page_of(document, place)
    except pdfium.PdfiumError:
        return Page(place + 1, *USUAL, [], [], has_picture=True)
    if garbled.is_garbled("".join(piece.text for piece in page.pieces)):
        page.pieces, page.slanted, page.has_picture, page.has_unknown = [], "", True, True
    return page


def _opened(content: bytes) -> pdfium.PdfDocument:
    if b"%PDF" not in content[:2048]:
        raise Unreadable(Fault.DAMAGED)
    try:
        document = pdfium.PdfDocument(content)
        if not len(document):
            raise Unreadable(Fault.EMPTY)
        return document
    except pdfium.PdfiumError as fault:
        if "password" in str(fault).lower():
            raise Unreadable(Fault.ENCRYPTED) from None
        raise Unreadable(Fault.DAMAGED if b"%%EOF" in content[-4096:] else Fault.TRUNCATED) from None


def _is_unread(page: Page, items: list[Item]) -> bool:
    """A page that shows a picture and says next to nothing."""
    said = sum(len(each.text) for item in items for each in item.lines)
    return page.has_picture and said < LEAST


def _remarks(pages: list[Page], unread: tuple[int, ...], recognised: tuple[int, ...]) -> tuple[Remark, ...]:
    remarks = []
    if recognised:
        remarks.append(Remark(Fault.RECOGNISED, ", ".join(map(str, recognised))))
    if unread:
        remarks.append(Remark(Fault.PAGES_UNREAD, ", ".join(map(str, unread))))
    unknown = [str(page.number) for page in pages if page.has_unknown]
    if unknown:
        remarks.append(Remark(Fault.GLYPHS_UNKNOWN, ", ".join(unknown)))
    return tuple(remarks)


class _Blocks:
    """Puts blocks and noise together, in reading order. A block's number is that of its first line."""

    def __init__(self, pages: list[Page], items: list[list[Item]]) -> None:
        self.pages, self.items = pages, items
        self.blocks: list[Block] = []
        self.noise: list[tuple[Block, Noise]] = []
        flat = [item for found in items for item in found]
        self.numbers = {id(line): at for at, item in enumerate(flat, 1) for line in item.lines}
        self.hyphenated = hyphenated_in([line for item in flat for line in item.lines])
        self.last = len(flat)

    def made(self) -> tuple[tuple[Block, ...], tuple[tuple[Block, Noise], ...]]:
        why = self._noise()
        waiting: list[Line] = []
        notes: list[Item] = []
        heads: set[tuple[str, ...]] = set()
        for page, found in zip(self.pages, self.items, strict=True):
            for item in found:
                if id(item) in why:
                    self.noise.append((self._of_item(item), why[id(item)]))
                elif item.is_note:
                    notes.append(item)
                elif isinstance(item, Row):
                    self._say_lines(waiting)
                    waiting = []
                    self._say_row(item, heads)
                else:
                    waiting += item.lines
            if page.slanted.strip():
                self.last += 1
                block = Block(page.slanted.strip(), Place(block=self.last, page=page.number))
                self.noise.append((block, Noise.WATERMARK))
        self._say_lines(waiting)
        self.blocks += [self._note(item) for item in notes]
        return tuple(self.blocks), tuple(self.noise)

    def _noise(self) -> dict[int, Noise]:
        elements = [
            [
                running.Element(
                    item.text, page.number, item.box[1], item.box[3], page.height, is_row=isinstance(item, Row)
                )
                for item in found
            ]
            for page, found in zip(self.pages, self.items, strict=True)
        ]
        why = running.noise_of(elements)
        return {
            id(item): why[id(element)]
            for found, seen in zip(self.items, elements, strict=True)
            for item, element in zip(found, seen, strict=True)
            if id(element) in why
        }

    def _say_lines(self, lines: list[Line]) -> None:
        self.blocks += map(self._of, paragraphs_of(lines))

    def _of(self, paragraph: Paragraph) -> Block:
        first = paragraph.lines[0]
        return Block(
            text=paragraph.text(self.hyphenated).strip(),
            place=Place(block=self.numbers[id(first)], page=first.page, box=_around(paragraph.lines)),
            is_bold=all(line.is_bold for line in paragraph.lines),
            size=round(first.size, 1),
            indent=round(first.left, 1),
        )

    def _of_item(self, item: Item, cells: tuple[str, ...] = ()) -> Block:
        place = Place(block=self.numbers[id(item.lines[0])], page=item.page, box=_rounded(item.box))
        is_bold = all(line.is_bold for line in item.lines)
        shape = Shape.ROW if cells else Shape.PARAGRAPH
        return Block(item.text if cells else item.text.strip(), place, shape, cells=cells, is_bold=is_bold)

    def _note(self, item: Item) -> Block:
        text = "\n".join(each.text(self.hyphenated) for each in paragraphs_of(item.lines))
        place = Place(block=self.numbers[id(item.lines[0])], page=item.page, box=_rounded(item.box))
        return Block(text.strip(), place, Shape.NOTE)

    def _say_row(self, row: Row, heads: set[tuple[str, ...]]) -> None:
        block = self._of_item(row, row.cells)
        last = self.blocks[-1] if self.blocks else None
        is_next = last is not None and last.place.page == row.page - 1 and len(last.cells) == len(row.cells)
        if row.place_in_table == 0 and row.cells in heads and is_next:  # the table goes on
            self.noise.append((block, Noise.COLUMN_HEAD))
        elif last is not None and _is_broken(last, row):
            cells = tuple(joined(a, b) if a and b else a or b for a, b in zip(last.cells, row.cells, strict=True))
            self.blocks[-1] = replace(last, text="\t".join(cells), cells=cells)
        else:
            self.blocks.append(block)
        if row.place_in_table == 0:
            heads.add(row.cells)


def _is_broken(last: Block, row: Row) -> bool:
    """Whether a row is the rest of one that began on the page before: its first cell is empty there."""
    is_next = last.place.page == row.page - 1 and row.place_in_table < 2
    return is_next and len(last.cells) == len(row.cells) and not row.cells[0] and bool(last.cells[0])


def _around(lines: list[Line]) -> tuple[float, float, float, float]:
    """The box around the lines that stand on the first one's page."""
    boxes = [line.box for line in lines if line.page == lines[0].page]
    left, top, right, bottom = zip(*boxes, strict=True)
    return _rounded((min(left), min(top), max(right), max(bottom)))


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)
