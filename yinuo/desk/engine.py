"""Originals of the demo company as bytes: a mail as text, and drawn sheets that stand for photographs."""

import io

from PIL import Image, ImageDraw

PAPER, INK, TEAL, RED = "#f6f5f1", "#d3cfc4", "#0f5f66", "#a81f1a"


def mail(title: str, texts: list[str]) -> bytes:
    """A customer's mail."""
    body = "\n".join(texts)
    return (
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"From: sample@customer.example\nTo: sales@qinghe.example\nSubject: {title}\n\n{body}\n"
    ).encode()


def _png(picture: Image.Image) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def note() -> bytes:
    """A sheet with notes by hand."""
    picture = Image.new("RGB", (900, 600), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((60, 60, 840, 540), outline=TEAL, width=4)
    pen.line((60, 300, 840, 300), fill=INK, width=2)
    pen.ellipse((380, 220, 520, 380), outline=RED, width=6)
    return _png(picture)


def thing(kind: str) -> bytes:
    """A photograph of an object: shades for a colour master, a fork for a gauge, else a part with its seal."""
    picture = Image.new("RGB", (900, 600), PAPER)
    pen = ImageDraw.Draw(picture)
    if kind == "colour":
        for n, shade in enumerate(("#3c4347", "#4b5257", "#5d646a")):
            pen.rectangle((120 + 230 * n, 120, 320 + 230 * n, 480), fill=shade)
    elif kind == "gauge":
        pen.polygon([(200, 180), (700, 180), (700, 260), (460, 260), (460, 340), (700, 340), (700, 420), (200, 420)],
                    outline=TEAL, fill=INK, width=5)  # fmt: skip
    else:
        pen.polygon([(150, 400), (260, 200), (640, 200), (750, 400)], outline=TEAL, fill=INK, width=5)
        pen.ellipse((380, 250, 480, 350), fill=PAPER, outline=TEAL, width=5)
        pen.rectangle((600, 430, 780, 520), outline=RED, width=6)
    return _png(picture)
