"""Setting how the company stands on its paper: name, address, colour, logo."""

import io
import re
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from yinuo.kit import refusals, rows
from yinuo.org import access, models
from yinuo.records import actions as records

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
MOST_POINTS = 40_000_000
EDGE = 600  # points of the logo as it is kept: twelve times finer than a screen
LEAST_CONTRAST = 4.5  # of the colour on white, so that headings are read on any printer
_COLOUR = re.compile(r"#[0-9a-f]{6}")


class CannotSetLetterhead(refusals.Refusal):
    """The paper cannot look like this."""


@transaction.atomic
def set_letterhead(
    *,
    name_zh: str,
    name_en: str,
    address_zh: str,
    address_en: str,
    colour: str,
    expected: int,
    by: access.Doer,
    now: datetime,
    logo: BinaryIO | None = None,
    without_logo: bool = False,
) -> models.Letterhead:
    """Say what stands on the company's paper. Without a new `logo` the old one stays, unless it is taken away."""
    access.demand_management(by, None)
    colour = colour.strip().lower()
    _check_colour(colour)
    row, _is_new = models.Letterhead.objects.get_or_create(pk=1)
    said = {
        "name_zh": name_zh, "name_en": name_en, "address_zh": address_zh, "address_en": address_en, "colour": colour,
    }  # fmt: skip
    changes = rows.differences(row, said)
    drawn = b"" if without_logo else bytes(row.logo)
    if logo is not None:
        drawn = _drawn_anew(logo)
    if drawn != bytes(row.logo):
        changes.append(rows.Change("logo", _size(bytes(row.logo)), _size(drawn)))
    rows.change(row, expected=expected, **said, logo=drawn)
    if changes:
        records.write(by=by, now=now, word="org.letterhead.set", subject=row, changes=changes)
    return row


def _size(logo: bytes) -> str:
    return f"{-(-len(logo) // 1024)} KB" if logo else ""


def _check_colour(colour: str) -> None:
    if not _COLOUR.fullmatch(colour):
        raise CannotSetLetterhead(_("Please give the colour as six digits behind a #, like #0f5f66."), field="colour")
    if contrast_on_white(colour) < LEAST_CONTRAST:
        raise CannotSetLetterhead(
            _("This colour is too light to be read on white paper. Please choose a darker one."), field="colour"
        )


def contrast_on_white(colour: str) -> float:
    """How much darker than white a colour is, as the guidelines for readable pages count it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _drawn_anew(logo: BinaryIO) -> bytes:
    """The picture as a PNG of ours: nothing of the file's bytes comes along, and no more points than print needs."""
    try:
        with Image.open(logo, formats=FORMATS) as picture:
            if picture.size[0] * picture.size[1] > MOST_POINTS:
                raise CannotSetLetterhead(_("This picture is too large. Please give a smaller one."), field="logo")
            turned = ImageOps.exif_transpose(picture).convert("RGBA")
            turned.thumbnail((EDGE, EDGE))
            bare = Image.new("RGBA", turned.size)
            bare.paste(turned)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        raise CannotSetLetterhead(
            _("This file is no picture that can be read. Please give the logo as PNG or JPEG."), field="logo"
        ) from None
    found = io.BytesIO()
    bare.save(found, "PNG", optimize=True)
    return found.getvalue()
