"""The company on its paper: set by whoever manages it, read by everybody, and harmless whatever is uploaded."""

import io
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image

from tests import cast
from yinuo.kit import refusals
from yinuo.org import models
from yinuo.org.actions import letterhead as actions

SignedIn = Callable[[str], Client]


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 300)) -> io.BytesIO:
    found = io.BytesIO()
    Image.new("RGB", size, (15, 95, 102)).save(found, kind)
    found.seek(0)
    return found


def said(**more: Any) -> dict[str, Any]:
    plain = {"name_zh": "青禾汽车部件有限公司", "name_en": "Qinghe Auto Parts", "address_zh": "宁波", "address_en": "",
             "colour": "#0f5f66", "expected": models.Letterhead.current().version}  # fmt: skip
    return plain | more


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return "".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def test_what_is_set_stands_on_what_is_printed(company: cast.Company, signed_in: SignedIn, words_of: Any) -> None:
    actions.set_letterhead(**said(logo=picture()), by=company.admin, now=cast.NOW)
    answer = signed_in("lina").get("/cases/?pdf=cases")
    assert answer["Content-Type"] == "application/pdf"
    printed = text_of(answer.content)
    assert "青禾汽车部件有限公司" in printed
    assert "李娜" in printed
    assert words_of("org.letterhead") == ["org.letterhead.set"]
    with translation.override("en"):
        assert models.Letterhead.on_paper().name == "Qinghe Auto Parts"
        assert models.Letterhead.on_paper().address == "宁波"


def test_the_logo_is_drawn_anew_and_small(company: cast.Company) -> None:
    row = actions.set_letterhead(**said(logo=picture(size=(3000, 1500))), by=company.admin, now=cast.NOW)
    with Image.open(io.BytesIO(bytes(row.logo))) as drawn:
        assert drawn.format == "PNG"
        assert max(drawn.size) == actions.EDGE
    kept = actions.set_letterhead(**said(name_zh="别名"), by=company.admin, now=cast.NOW)
    assert bytes(kept.logo) == bytes(row.logo)
    gone = actions.set_letterhead(**said(without_logo=True), by=company.admin, now=cast.NOW)
    assert bytes(gone.logo) == b""


@pytest.mark.parametrize("content", [b"", b"<svg onload='x'/>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n damaged"])
def test_what_is_no_picture_is_refused_at_its_field(content: bytes, company: cast.Company) -> None:
    with pytest.raises(actions.CannotSetLetterhead) as refused:
        actions.set_letterhead(**said(logo=io.BytesIO(content)), by=company.admin, now=cast.NOW)
    assert refused.value.field == "logo"


@pytest.mark.parametrize("colour", ["#ffff00", "red", "#12345", "#12345g", "#0f5f66; x", "url(x)"])
def test_only_colours_that_are_read_on_white(colour: str, company: cast.Company) -> None:
    with pytest.raises(actions.CannotSetLetterhead):
        actions.set_letterhead(**said(colour=colour), by=company.admin, now=cast.NOW)


def test_only_whoever_manages_the_whole_company_sets_it(company: cast.Company, signed_in: SignedIn) -> None:
    with pytest.raises(refusals.NotAllowed):
        actions.set_letterhead(**said(), by=company.zhou, now=cast.NOW)
    assert signed_in("lina").get(reverse("org:letterhead_edit")).status_code == 403
    assert signed_in("lina").get(reverse("org:letterhead")).status_code == 200


def test_of_two_who_set_it_at_once_the_later_is_told(company: cast.Company) -> None:
    seen = said()
    actions.set_letterhead(**seen, by=company.admin, now=cast.NOW)
    with pytest.raises(refusals.Stale):
        actions.set_letterhead(**{**seen, "name_zh": "另一家"}, by=company.admin, now=cast.NOW)


def test_the_form_sets_it_and_the_specimen_shows_it(company: cast.Company, signed_in: SignedIn) -> None:
    browser = signed_in("admin")
    logo = SimpleUploadedFile("logo.png", picture("PNG").read(), "image/png")
    sent = {"name_zh": "青禾", "name_en": "", "address_zh": "", "address_en": "", "colour": "#112233", "version": 1}
    answer = browser.post(reverse("org:letterhead_edit"), {**sent, "logo": logo})
    assert answer.status_code == 302
    assert models.Letterhead.current().colour == "#112233"
    shown = browser.get(reverse("org:letterhead_preview"))
    assert shown["Content-Type"] == "image/png"
    assert shown.content.startswith(b"\x89PNG")
    wrong = SimpleUploadedFile("logo.png", b"no picture", "image/png")
    refused = browser.post(reverse("org:letterhead_edit"), {**sent, "version": 2, "logo": wrong})
    assert refused.status_code == 422
