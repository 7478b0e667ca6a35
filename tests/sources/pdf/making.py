"""Sets the gold PDFs: `python -m tests.sources.pdf.making` (needs Chromium and LibreOffice; the tests do not).

One text in many layouts by several programs: so a layout and a program can be told apart when something is misread.
"""

import html
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import typst

from tests.sources.pdf import texts
from tests.sources.word import making as word

GOLD = Path(__file__).parent / "gold"
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
FONT = {"zh": "Noto Sans CJK SC", "en": "DejaVu Serif", "de": "DejaVu Serif"}


def page(text: texts.Text, style: str = "") -> str:
    """The text as HTML."""
    body = "".join(
        f"<{'h2' if level else 'p'}>{html.escape(said)}</{'h2' if level else 'p'}>" for level, said in text.paragraphs
    )
    if text.rows:
        head, *rows = text.rows
        cells = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        body += f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"
    return (
        f'<!DOCTYPE html><html lang="{text.language}"><meta charset="utf-8"><style>'
        f"body{{font-family:'{FONT[text.language]}';font-size:11pt;line-height:1.5}} p{{text-align:justify}}"
        f"table{{border-collapse:collapse}} td,th{{border:1px solid #000;padding:3px 6px}} {style}</style>{body}</html>"
    )


def by_chromium(source: str) -> bytes:
    """Printed by Chromium."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.html"
        file.write_text(source, "utf-8")
        made = Path(folder) / "made.pdf"
        command = [shutil.which("chromium") or "chromium", "--headless", "--no-sandbox", "--disable-gpu"]
        command += ["--no-pdf-header-footer"]
        subprocess.run(
            [*command, f"--print-to-pdf={made}", file.as_uri()], check=True, capture_output=True, timeout=120
        )
        return made.read_bytes()


def word_of(text: texts.Text) -> bytes:
    """The text as a Word file; its table has lines around all cells and a heading that comes again on each page."""
    body = [word.p(said, more=f'<w:jc w:val="{"left" if level else "both"}"/>') for level, said in text.paragraphs]
    if text.rows:
        lines = "".join(f'<w:{side} w:val="single" w:sz="4"/>' for side in SIDES)
        rows = [
            word.row(
                *(word.cell(word.p(cell)) for cell in row), more="<w:trPr><w:tblHeader/></w:trPr>" if at == 0 else ""
            )
            for at, row in enumerate(text.rows)
        ]
        body.append(f"<w:tbl><w:tblPr><w:tblBorders>{lines}</w:tblBorders></w:tblPr>{''.join(rows)}</w:tbl>")
    run = f'<w:rFonts w:ascii="{FONT[text.language]}" w:eastAsia="{FONT[text.language]}"/><w:sz w:val="22"/>'
    return word.Made(body, styles=[word.style("a", "Normal", run=run, is_default=True)]).content()


def by_libreoffice(content: bytes) -> bytes:
    """A Word file converted by LibreOffice Writer."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.docx"
        file.write_bytes(content)
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(file)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return file.with_suffix(".pdf").read_bytes()


def by_typst(text: texts.Text, *, columns: int = 1, has_contents: bool = False) -> bytes:
    """Set by typst: heads with the chapter's name, feet with the page, hyphenation, columns, a table of contents."""
    hyphenates = json.dumps(text.language != "zh")
    quoted = [(level, json.dumps(said, ensure_ascii=False)) for level, said in text.paragraphs]
    lines = [
        f'#set page("a4", numbering: "1 / 1", columns: {columns}, header: context [QM-001 #h(1fr) '
        "#query(selector(heading).before(here())).at(-1, default: (body: []),).body])",
        f'#set text(font: "{FONT[text.language]}", size: 10.5pt, lang: "{text.language}", hyphenate: {hyphenates})',
        "#set par(justify: true)",
    ]
    quoted_title = json.dumps("目录" if text.language == "zh" else "Contents", ensure_ascii=False)
    if has_contents:
        lines.append(f"#outline(title: {quoted_title})\n#pagebreak()")
    lines += [f"#heading({said})" if level else f"#par({said})" for level, said in quoted]
    if text.rows:
        cells = ", ".join(json.dumps(cell, ensure_ascii=False) for row in text.rows[1:] for cell in row)
        head = ", ".join(json.dumps(cell, ensure_ascii=False) for cell in text.rows[0])
        lines.append(f"#table(columns: (auto, auto, 1fr, auto), table.header({head}), {cells})")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "asked.typ"
        file.write_text("\n\n".join(lines), "utf-8")
        return typst.compile(str(file))


HEADS = (
    "@page{size:A4;margin:25mm 20mm;@top-left{content:'供应商质量手册'} "
    "@bottom-right{content:'第 ' counter(page) ' 页'}}"
)
TWO = "@page{size:A4;margin:18mm} body{column-count:2;column-gap:9mm}"
FILES = {
    "chromium_heads_zh": (texts.CHINESE, lambda: by_chromium(page(texts.CHINESE, HEADS))),
    "chromium_two_columns_en": (texts.ENGLISH, lambda: by_chromium(page(texts.ENGLISH, TWO))),
    "chromium_table_zh": (texts.TABLE, lambda: by_chromium(page(texts.TABLE))),
    "libreoffice_zh": (texts.CHINESE, lambda: by_libreoffice(word_of(texts.CHINESE))),
    "libreoffice_en": (texts.ENGLISH, lambda: by_libreoffice(word_of(texts.ENGLISH))),
    "libreoffice_table_zh": (texts.TABLE, lambda: by_libreoffice(word_of(texts.TABLE))),
    "typst_contents_zh": (texts.CHINESE, lambda: by_typst(texts.CHINESE, has_contents=True)),
    "typst_contents_en": (texts.ENGLISH, lambda: by_typst(texts.ENGLISH, has_contents=True)),
    "typst_two_columns_de": (texts.GERMAN, lambda: by_typst(texts.GERMAN, columns=2)),
    "typst_two_columns_zh": (texts.CHINESE, lambda: by_typst(texts.CHINESE, columns=2)),
    "typst_table_zh": (texts.TABLE, lambda: by_typst(texts.TABLE)),
}

if __name__ == "__main__":
    for name, (_, make) in FILES.items():
        (GOLD / f"{name}.pdf").write_bytes(made := make())
        print(name, len(made))
