"""Pictures drawn anew for showing in a page: nothing of the original's bytes, place or camera comes along.

The original is never touched. A picture that claims too many points is not decoded at all.
"""

import os
import secrets
from pathlib import Path

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF")
MOST_POINTS = 60_000_000
SIZES = {"small": 320, "large": 1600}
TYPE = "image/webp"


class NoPreview(Exception):
    """The picture cannot be shown: damaged, too large, or not what it claims to be."""


def preview(original: Path, target: Path, size: str) -> None:
    """Draw the picture anew, at most `SIZES[size]` points a side, to `target` (WebP, without EXIF); once only."""
    if target.exists():
        return
    try:
        with Image.open(original, formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_POINTS:
                raise NoPreview("too many points")
            edge = SIZES[size]
            picture.draft("RGB", (edge * 2, edge * 2))  # JPEG only: decode no more than is shown
            turned = ImageOps.exif_transpose(picture)
            turned.thumbnail((edge, edge))
            shown = turned.convert("RGBA" if "A" in turned.getbands() or "transparency" in turned.info else "RGB")
            bare = Image.new(shown.mode, shown.size)
            bare.paste(shown)
    except NoPreview:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise NoPreview(str(error)) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    passing = target.with_name(f"{secrets.token_hex(8)}.new")
    try:
        bare.save(passing, "WEBP", quality=80)
        os.replace(passing, target)
    finally:
        passing.unlink(missing_ok=True)
