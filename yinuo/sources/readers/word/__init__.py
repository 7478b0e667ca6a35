"""Word (.docx, .docm, .dotx): text with the numbers that the program shows, which stand nowhere in the file.

Tracked changes are read as accepted; every change stays with its block, with author and day. Text boxes and notes stand
after the paragraph that they hang on. Layout tables of one column are text; other tables are rows.
"""

from lxml import etree

from yinuo.sources.definition import Fault, Reading, Remark, Unreadable
from yinuo.sources.readers import glyphs
from yinuo.sources.readers.word.body import Body
from yinuo.sources.readers.word.numbering import Numbering
from yinuo.sources.readers.word.package import Package
from yinuo.sources.readers.word.styles import Styles, W


def read(content: bytes) -> Reading:
    """The blocks of a Word file; `Unreadable` says why there are none."""
    package = Package.of(content)
    root = package.xml(package.main)
    inside = None if root is None else root.find(W + "body")
    if inside is None:
        raise Unreadable(Fault.DAMAGED, package.main)
    styles = Styles.of(package.beside("styles"))
    body = Body(styles, Numbering(package.beside("numbering"), styles), _notes(package))
    body.read(inside)
    body.end()
    remarks = []
    if package.has_macros:
        remarks.append(Remark(Fault.HAS_MACROS))
    tracked = [change for block in (*body.blocks, *(each for each, _why in body.noise)) for change in block.changes]
    if tracked:
        who = sorted({change.by for change in tracked if change.by})
        remarks.append(Remark(Fault.TRACKED, f"{len(tracked)}" + (f": {', '.join(who)[:200]}" if who else "")))
    if any(glyphs.is_private(block.text) for block in body.blocks):
        remarks.append(Remark(Fault.GLYPHS_UNKNOWN))
    if not body.blocks:
        raise Unreadable(Fault.NO_TEXT)
    return Reading("docx", tuple(body.blocks), tuple(body.noise), tuple(remarks))


def _notes(package: Package) -> dict[tuple[str, str], etree._Element]:
    """Foot- and endnotes by kind and key; the lines that separate them from the text are none."""
    found: dict[tuple[str, str], etree._Element] = {}
    for kind in ("footnote", "endnote"):
        root = package.beside(f"{kind}s")
        for each in () if root is None else root.iter(W + kind):
            if each.get(W + "type", "normal") == "normal":
                found[kind, each.get(W + "id", "")] = each
    return found
