"""What stands on a page of a PDF: pieces of text with their places, and the lines that are drawn."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2 as pdfium
from pypdfium2 import raw

from yinuo.sources.readers import glyphs

HYPHEN, UNKNOWN = 2, (0, 0xFFFE, 0xFFFF)
WIDE = 1.6  # a gap of so many type sizes ends a piece
LIFTED, LITTLE = 0.2, 0.6  # type sizes by which a raised digit stands above its line, and how big it is
SLANT = 0.05  # radians: anything more slanted is a watermark or the legend of a drawing
NEAR = 3.0  # points: a drawn thing not wider than this is a line


@dataclass(slots=True)
class Piece:
    """Text that stands together on one line; places in points from the page's upper left corner."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    is_bold: bool

    @property
    def top(self) -> float:
        return self.baseline - self.size * 0.88

    @property
    def bottom(self) -> float:
        return self.baseline + self.size * 0.22


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: `at` is its place across, from `begin` to `end` along."""

    is_level: bool
    at: float
    begin: float
    end: float


@dataclass(slots=True)
class Page:
    """One page as drawn. `slanted` is text that does not run from left to right."""

    number: int
    width: float
    height: float
    pieces: list[Piece]
    rules: list[Rule]
    slanted: str = ""
    has_unknown: bool = False
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How a text object of the page looks."""

    size: float
    is_bold: bool
    font: str
    turn: float = 0.0  # in radians, clockwise; letters that only lean stand upright


def page_of(document: pdfium.PdfDocument, place: int) -> Page:
    """The page at a place from 0."""
    drawn = document[place]
    try:
        turn = drawn.get_rotation()
        width, height = drawn.get_size()
        left, bottom, right, top = drawn.get_bbox()
        turned = _Turned(turn, left, bottom, right, top)
        rules, has_picture = _drawn(drawn, turned)
        page = Page(place + 1, width, height, [], rules, has_picture=has_picture)
        text = drawn.get_textpage()
        try:
            _take_text(text, page, turned)
        finally:
            text.close()
        return page
    finally:
        drawn.close()


@dataclass(frozen=True, slots=True)
class _Turned:
    """From the page's own coordinates to points from the upper left corner, as it is shown."""

    turn: int
    left: float
    bottom: float
    right: float
    top: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        if self.turn == 90:
            return y - self.bottom, x - self.left
        if self.turn == 180:
            return self.right - x, y - self.bottom
        if self.turn == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


class _Looks:
    """Looks of text objects, asked once for each."""

    def __init__(self, text: pdfium.PdfTextPage) -> None:
        self.text = text
        self.known: dict[int, Look] = {}
        self.name = ctypes.create_string_buffer(256)
        self.flags = ctypes.c_int()
        self.matrix = raw.FS_MATRIX()

    def at(self, place: int) -> Look:
        key = ctypes.cast(raw.FPDFText_GetTextObject(self.text.raw, place), ctypes.c_void_p).value or -1
        if key not in self.known:
            self.known[key] = self._asked(place)
        return self.known[key]

    def _asked(self, place: int) -> Look:
        raw.FPDFText_GetMatrix(self.text.raw, place, self.matrix)
        scale = math.hypot(self.matrix.c, self.matrix.d) or 1.0
        raw.FPDFText_GetFontInfo(self.text.raw, place, self.name, 256, self.flags)
        font = self.name.value.decode("utf-8", "replace").rpartition("+")[2]
        weight = raw.FPDFText_GetFontWeight(self.text.raw, place)
        is_bold = weight >= 600 or any(word in font.lower() for word in ("bold", "black", "heavy", "simhei"))
        size = abs(raw.FPDFText_GetFontSize(self.text.raw, place) * scale)
        return Look(size, is_bold, font, -math.atan2(self.matrix.b, self.matrix.a))


def _take_text(text: pdfium.PdfTextPage, page: Page, turned: _Turned) -> None:
    looks = _Looks(text)
    piece: Piece | None = None
    has_space = False
    box = [ctypes.c_double() for _ in range(4)]
    x, y = ctypes.c_double(), ctypes.c_double()
    upright = -math.radians(turned.turn)
    upright_rules = [rule for rule in page.rules if not rule.is_level]
    for place, sign in _signs(text):
        if sign in ("\r", "\n"):
            piece = None
            continue
        if sign.isspace():
            has_space = True
            continue
        raw.FPDFText_GetCharBox(text.raw, place, *box)
        raw.FPDFText_GetCharOrigin(text.raw, place, x, y)
        look = looks.at(place)
        if not _is_level(look.turn - upright):
            page.slanted += sign
            piece = None
            continue
        sign = glyphs.plain(sign, look.font)
        page.has_unknown = page.has_unknown or sign == "\ufffd"
        (x1, _), (x2, _) = turned.point(box[0].value, box[2].value), turned.point(box[1].value, box[3].value)
        left, right = min(x1, x2), max(x1, x2)
        _, baseline = turned.point(x.value, y.value)
        lift = box[2].value - y.value
        if sign.isdecimal() and not turned.turn and LIFTED * look.size < lift < look.size:  # ¹ as a letter of its font
            baseline, look = baseline - lift, replace(look, size=look.size * LITTLE)
        if piece is None or not _goes_on(piece, left, baseline, look) or _is_parted(piece, left, upright_rules):
            piece = Piece("", left, right, baseline, look.size, look.is_bold)
            page.pieces.append(piece)
            has_space = False
        is_spread = is_wide(piece.text[-1:]) and is_wide(sign)  # Chinese signs set apart to fill their line
        piece.text += (" " if has_space and not is_spread else "") + sign
        piece.right = max(piece.right, right)
        piece.size = max(piece.size, look.size)
        has_space = False


def _signs(text: pdfium.PdfTextPage) -> Iterator[tuple[int, str]]:
    """Each character with its place. Two halves of one are put together; what a font does not name is U+FFFD."""
    half = 0
    for place in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, place)
        if 0xD800 <= code < 0xDC00:
            half = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, half = 0x10000 + ((half - 0xD800) << 10) + (code - 0xDC00) if half else 0, 0
        if code == HYPHEN:
            yield place, "-"
        elif code in UNKNOWN:
            yield place, "\ufffd"
        elif code >= 0x20 or code in (9, 10, 13):
            yield place, chr(code)


def is_wide(sign: str) -> bool:
    """Whether a sign is as wide as it is high: Chinese and its punctuation. No space stands between two of them."""
    return (
        "\u2e80" <= sign <= "\u9fff"
        or "\uf900" <= sign <= "\ufaff"
        or "\uff00" <= sign <= "\uff60"
        or sign > "\U0001ffff"
    )


def _is_level(angle: float) -> bool:
    angle %= 2 * math.pi
    return min(angle, 2 * math.pi - angle) < SLANT


def _goes_on(piece: Piece, left: float, baseline: float, look: Look) -> bool:
    size = max(piece.size, look.size, 1.0)
    if abs(baseline - piece.baseline) > size * 0.35 or look.is_bold != piece.is_bold:
        return False
    return -size * 1.3 < left - piece.right < size * WIDE and abs(look.size - piece.size) < size * 0.25


def _is_parted(piece: Piece, left: float, rules: list[Rule]) -> bool:
    """Whether an upright line stands between the piece and what follows."""
    if left - piece.right < piece.size * 0.2:
        return False
    middle = piece.baseline - piece.size * 0.3
    return any(piece.right - 1 <= rule.at <= left + 1 and rule.begin <= middle <= rule.end for rule in rules)


def _drawn(page: pdfium.PdfPage, turned: _Turned) -> tuple[list[Rule], bool]:
    """The level and upright lines of a page, and whether it shows a picture."""
    rules: list[Rule] = []
    has_picture = False
    for each in page.get_objects(max_depth=2):
        if each.type == raw.FPDF_PAGEOBJ_IMAGE:
            has_picture = True
        elif each.type == raw.FPDF_PAGEOBJ_PATH:
            for begin, end in _strokes(each):
                rule = _rule(turned.point(*begin), turned.point(*end))
                if rule is not None:
                    rules.append(rule)
    return rules, has_picture


def _strokes(path: pdfium.PdfObject) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight strokes of a path; a narrow filled box is the line that it looks like."""
    count = raw.FPDFPath_CountSegments(path.raw)
    if not 2 <= count <= 2000:
        return
    fill, is_stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path.raw, fill, is_stroked)
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path.raw, matrix)
    points = [_corner(path, at, matrix) for at in range(count)]
    xs, ys = [x for _, x, _ in points], [y for _, _, y in points]
    if not is_stroked.value:
        wide, high = max(xs) - min(xs), max(ys) - min(ys)
        if min(wide, high) > NEAR or count > 6:
            return
        if wide >= high:
            yield (min(xs), (min(ys) + max(ys)) / 2), (max(xs), (min(ys) + max(ys)) / 2)
        else:
            yield ((min(xs) + max(xs)) / 2, min(ys)), ((min(xs) + max(xs)) / 2, max(ys))
        return
    begun = last = (points[0][1], points[0][2])
    for at, (kind, x, y) in enumerate(points):
        if kind == raw.FPDF_SEGMENT_MOVETO:
            begun = (x, y)
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield last, (x, y)
        last = (x, y)
        if raw.FPDFPathSegment_GetClose(raw.FPDFPath_GetPathSegment(path.raw, at)):
            yield last, begun


def _corner(path: pdfium.PdfObject, at: int, matrix: raw.FS_MATRIX) -> tuple[int, float, float]:
    segment = raw.FPDFPath_GetPathSegment(path.raw, at)
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, x, y)
    across = matrix.a * x.value + matrix.c * y.value + matrix.e
    up = matrix.b * x.value + matrix.d * y.value + matrix.f
    return raw.FPDFPathSegment_GetType(segment), across, up


def _rule(begin: tuple[float, float], end: tuple[float, float]) -> Rule | None:
    (x1, y1), (x2, y2) = begin, end
    if abs(y1 - y2) < 1 and abs(x1 - x2) >= 6:
        return Rule(True, (y1 + y2) / 2, min(x1, x2), max(x1, x2))
    if abs(x1 - x2) < 1 and abs(y1 - y2) >= 6:
        return Rule(False, (x1 + x2) / 2, min(y1, y2), max(y1, y2))
    return None
