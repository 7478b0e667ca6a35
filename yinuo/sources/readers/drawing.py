"""Pages of a PDF as pictures, drawn in a process of their own."""

import subprocess
import sys
import threading
from pathlib import Path

from yinuo.sources.definition import Fault, Unreadable
from yinuo.sources.readers import apart

AT_ONCE = 6  # pages drawn by one process: starting it costs more than drawing
SECONDS = 60
WIDTH = 1240  # of a picture, in pixels
LARGEST = 4000  # a poster is drawn smaller
_ONE = threading.Lock()
START = "from yinuo.sources.readers import drawing; drawing.main()"


def drawn(source: Path, folder: Path, page: int, pages: int) -> Path:
    """The picture of a page (from 1) of the PDF at `source`; its neighbours are drawn along. `Unreadable` where it
    cannot be drawn."""
    target = folder / f"{page}.webp"
    with _ONE:  # a page that shows many pictures asks for them all at once
        _draw(source, folder, page, pages, target)
    return target


def _draw(source: Path, folder: Path, page: int, pages: int, target: Path) -> None:
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        first = (page - 1) // AT_ONCE * AT_ONCE + 1
        last = min(first + AT_ONCE - 1, pages)
        house = str(apart.HOUSE)
        command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {house!r}); {START}"]
        command += [str(source), str(folder), str(first), str(last)]
        try:
            subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise Unreadable(Fault.TOO_LONG, str(SECONDS)) from None
        if not target.exists():
            raise Unreadable(Fault.DAMAGED)


def main() -> None:
    """The other process: draw pages, each into a file that appears whole."""
    import pypdfium2 as pdfium  # only the other process draws

    apart.limit_memory()
    source, folder, first, last = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    document = pdfium.PdfDocument(source)
    for page in range(first, last + 1):
        sheet = document[page - 1]
        width, height = sheet.get_size()
        scale = min(WIDTH / width, LARGEST / height)
        picture = sheet.render(scale=scale).to_pil().convert("RGB")
        part = folder / f"{page}.{first}.part"
        picture.save(part, "WEBP", quality=70, method=2)
        part.replace(folder / f"{page}.webp")
        sheet.close()
