"""Word files made for tests, part by part, so that each holds exactly the trap it is named after."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr

NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
KINDS = ("styles", "numbering", "footnotes")


def level(place: int, format_: str, text: str, *, start: int = 1, more: str = "") -> str:
    """One level of a definition; `more` is put in where the schema wants restart, style and legal numbers."""
    return (
        f'<w:lvl w:ilvl="{place}"><w:start w:val="{start}"/><w:numFmt w:val="{format_}"/>{more}'
        f'<w:lvlText w:val={quoteattr(text)}/><w:lvlJc w:val="left"/></w:lvl>'
    )


def definition(key: int, levels: Iterable[str], more: str = "") -> str:
    inside = f'<w:multiLevelType w:val="multilevel"/>{more}{"".join(levels)}'
    return f'<w:abstractNum w:abstractNumId="{key}">{inside}</w:abstractNum>'


def number(key: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def starts(place: int, at: int) -> str:
    return f'<w:lvlOverride w:ilvl="{place}"><w:startOverride w:val="{at}"/></w:lvlOverride>'


def style(
    key: str, name: str, *, parent: str = "", paragraph: str = "", run: str = "", is_default: bool = False
) -> str:
    default = ' w:default="1"' if is_default else ""
    based = f'<w:basedOn w:val="{parent}"/>' if parent else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{key}"><w:name w:val="{name}"/>{based}'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def asks(key: int | None = None, place: int | None = None) -> str:
    """`w:numPr`: which list, which level."""
    level_ = "" if place is None else f'<w:ilvl w:val="{place}"/>'
    key_ = "" if key is None else f'<w:numId w:val="{key}"/>'
    return f"<w:numPr>{level_}{key_}</w:numPr>"


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(text: str = "", *, style: str = "", number: str = "", more: str = "", inside: str | None = None) -> str:
    """A paragraph. `inside` replaces its run; `more` goes into its properties."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}{more}</w:pPr>{run(text) if inside is None else inside}</w:p>"


def cell(*inside: str, more: str = "") -> str:
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{''.join(inside)}</w:tc>"


def row(*cells: str, more: str = "") -> str:
    return f"<w:tr>{more}{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


@dataclass
class Made:
    """A file to be: its body, its definitions of numbers, its styles, its notes."""

    body: list[str]
    numbering: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    others: dict[str, bytes] = field(default_factory=dict)

    def content(self) -> bytes:
        """The bytes of the .docx."""
        definitions = [each for each in self.numbering if each.startswith("<w:abstractNum ")]
        numbers = [each for each in self.numbering if not each.startswith("<w:abstractNum ")]
        normal = [] if any("w:default" in each for each in self.styles) else [style("a", "Normal", is_default=True)]
        parts = {
            "styles": "".join(normal + self.styles),
            "numbering": "".join(definitions + numbers),
            "footnotes": "".join(self.notes),
        }
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("[Content_Types].xml", _types())
            file.writestr("_rels/.rels", _relations({"officeDocument": "word/document.xml"}))
            file.writestr("word/_rels/document.xml.rels", _relations({kind: f"{kind}.xml" for kind in KINDS}))
            file.writestr(
                "word/document.xml", f"<w:document {NS}><w:body>{''.join(self.body)}<w:sectPr/></w:body></w:document>"
            )
            for kind, inside in parts.items():
                file.writestr(f"word/{kind}.xml", f"<w:{kind} {NS}>{inside}</w:{kind}>")
            for name, content in self.others.items():
                file.writestr(name, content)
        return packed.getvalue()


def _types() -> str:
    named = {"document": f"{TYPES}.document.main+xml"} | {kind: f"{TYPES}.{kind}+xml" for kind in KINDS}
    overrides = "".join(f'<Override PartName="/word/{name}.xml" ContentType="{kind}"/>' for name, kind in named.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(targets: dict[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'
