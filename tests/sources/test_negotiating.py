"""Tracked changes of a draft on a page; what was signed beside the last draft that was reviewed."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.sources.test_documents import DAY, by, manual  # noqa: F401 - fixtures
from tests.sources.word.making import Made, asks, p, run
from tests.sources.word.test_reading import LIST, inserted, struck
from yinuo.sources import jobs, models
from yinuo.sources.actions import documents
from yinuo.sources.readers.pdf import recognising

pytestmark = pytest.mark.django_db
TERMS = [
    "1 Quality",
    "1.1 Records are kept for fifteen years after the end of production.",
    "1.2 Containment actions shall be reported within 24 hours of the notice.",
    "1.3 The supplier shall not change an approved process without consent.",
    "2 Capability",
    "2.1 The capability of each special characteristic is at least 1.67.",
]


def recorded(document: models.Document, by: dict[str, Any], name: str, content: bytes, **facts: Any) -> models.Edition:  # noqa: F811
    made = documents.add_edition(
        document=document, files=[SimpleUploadedFile(name, content)], received_on=DAY, language="en", **facts, **by
    )
    jobs.read(made.pk)
    made.refresh_from_db()
    assert made.clauses == models.Edition.Clauses.DRAFT
    return made


def scan(lines: list[str], tmp_path: Path) -> bytes:
    """The lines on paper, laid on a scanner: a PDF that holds nothing but a picture."""
    source = tmp_path / "agreement.typ"
    source.write_text("#set page(height: auto)\n#set text(size: 12pt)\n" + "\n\n".join(lines), "utf-8")
    printed = typst.compile(str(source))
    assert isinstance(printed, bytes)
    held = BytesIO()
    pdfium.PdfDocument(printed)[0].render(scale=3).to_pil().save(held, "PDF", resolution=216)
    return held.getvalue()


def test_tracked_changes_are_shown_at_their_places(
    manual: models.Document,  # noqa: F811
    by: dict[str, Any],  # noqa: F811
    signed_in: Callable[[str], Client],
) -> None:
    body = [
        p(inside=run("Cpk 不低于 ") + struck("1.33") + inserted("1.67"), number=asks(1, 0)),
        p("供方应保存记录。", number=asks(1, 0)),
    ]
    made = recorded(manual, by, "round-2.docx", Made(body, LIST).content(), label="B", standing="round", round=2)
    lina = signed_in("lina")
    address = reverse("sources:tracked_changes", args=[made.pk])
    page = lina.get(made.get_absolute_url()).content.decode()
    assert address in page
    assert "2: 王工" in page
    shown = lina.get(address).content.decode()
    assert 'Cpk 不低于 <del title="王工 2026-03-01">1.33</del><ins title="王工 2026-03-01">1.67</ins>' in shown
    assert "供方应保存记录" not in shown


def test_what_was_signed_is_compared_with_the_last_draft(
    manual: models.Document,  # noqa: F811
    by: dict[str, Any],  # noqa: F811
    signed_in: Callable[[str], Client],
) -> None:
    said = "\n\n".join(TERMS)
    recorded(manual, by, "a.txt", said.replace("24 hours", "48 hours").encode(), label="2025", standing="in_force")
    recorded(manual, by, "r1.txt", said.replace("1.67", "1.33").encode(), label="R1", standing="round", round=1)
    recorded(manual, by, "r2.txt", said.encode(), label="R2", standing="round", round=2)
    signed = recorded(manual, by, "s.txt", f"{said}\n".encode(), label="S", standing="signed")
    lina = signed_in("lina")
    page = lina.get(reverse("sources:compare", args=[signed.pk])).content.decode()
    assert "签署件与最后评审的草案“R2”一致" in page


def test_a_signed_scan_tells_what_differs_from_what_was_misread(
    manual: models.Document,  # noqa: F811
    by: dict[str, Any],  # noqa: F811
    signed_in: Callable[[str], Client],
    tmp_path: Path,
) -> None:
    if "eng" not in recognising.languages():
        pytest.skip("tesseract is not installed")
    recorded(manual, by, "r2.txt", "\n\n".join(TERMS).encode(), label="R2", standing="round", round=2)
    other = [line.replace("24 hours", "72 hours").replace("consent", "consemt") for line in TERMS]
    signed = recorded(manual, by, "signed.pdf", scan(other, tmp_path), label="S", standing="signed")
    page = signed_in("lina").get(reverse("sources:compare", args=[signed.pk])).content.decode()
    differing, misread = page.split("compare-misread")[0], page.split("compare-misread")[1]
    assert "签署件与“R2”有 1 处条款不同" in differing
    assert "<del>24 hours</del> → <ins>72 hours</ins>" in differing
    assert "approved process" in misread
