"""Scanned pages read by tesseract, where it is installed: words with their places become pieces like any others."""

import shutil
import subprocess
from functools import cache
from io import BytesIO

import pypdfium2 as pdfium

from yinuo.sources.readers.pdf.pieces import Page, Piece, is_wide

SCALE = 300 / 72  # pictures are drawn with 300 dots to the inch
SECONDS = 60  # for one page
MOST = 60  # pages of one file: at some seconds each, more would outlast the reader's time
SURE = 30.0  # of 100: what tesseract trusts less than that is a stain
WANTED = ("chi_sim", "eng", "deu")


@cache
def languages() -> str:
    """The languages that tesseract reads here, as it wants them; empty where it is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    try:
        told = subprocess.run([program, "--list-langs"], capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except (subprocess.TimeoutExpired, OSError):
        return ""
    known = told.stdout.decode("utf-8", "replace").split()
    return "+".join(each for each in WANTED if each in known)


def recognise(document: pdfium.PdfDocument, page: Page) -> bool:
    """Put what can be recognised on a scanned page into it; says whether there was anything."""
    try:
        drawn = document[page.number - 1]
    except pdfium.PdfiumError:  # a broken page
        return False
    picture = BytesIO()
    drawn.render(scale=SCALE, grayscale=True).to_pil().save(picture, "PNG")
    drawn.close()
    command = ["tesseract", "stdin", "stdout", "-l", languages(), "--psm", "3", "tsv"]
    try:
        done = subprocess.run(  # noqa: S603
            command, input=picture.getvalue(), capture_output=True, timeout=SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return False
    page.pieces += pieces_of(done.stdout.decode("utf-8", "replace"))
    return bool(page.pieces)


def pieces_of(table: str) -> list[Piece]:
    """The lines of tesseract's table (TSV) as pieces, in points. Words of one line are one piece."""
    lines: dict[tuple[str, ...], list[tuple[float, float, float, float, str]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) < 12 or cells[0] != "5" or not cells[11].strip() or float(cells[10]) < SURE:
            continue
        left, top, width, height = (float(cell) / SCALE for cell in cells[6:10])
        lines.setdefault(tuple(cells[2:5]), []).append((left, top, left + width, top + height, cells[11]))
    pieces = []
    for words in lines.values():
        bottom = max(word[3] for word in words)
        size = max(6.0, sorted(word[3] - word[1] for word in words)[len(words) // 2])
        text = " ".join(word[4] for word in words)
        pieces.append(Piece(_tight(text), words[0][0], words[-1][2], bottom - size * 0.15, size, is_bold=False))
    return pieces


def _tight(text: str) -> str:
    """No space between Chinese signs, which tesseract reads one by one."""
    said = ""
    for at, sign in enumerate(text):
        is_between = sign == " " and said and at + 1 < len(text) and is_wide(said[-1]) and is_wide(text[at + 1])
        said += "" if is_between else sign
    return said
