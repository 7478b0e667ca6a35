"""A PDF whose font names other letters than it shows: its text is no text."""

import pytest

from yinuo.sources.definition import Fault, Unreadable
from yinuo.sources.readers import pdf
from yinuo.sources.readers.pdf import garbled, recognising

SHOWN = "The supplier shall inform the customer of each change in writing"
SCRIPTS = (0x0A05, 0x0B90, 0x0C0A, 0x0E10, 0x10A5, 0x1250, 0x1405, 0x1680, 0x1785, 0x3402, 0x3A11, 0x41F4)


def made(shown: str) -> bytes:
    """One page whose font says that its letters are those of a dozen scripts."""
    letters = sorted(set(shown) - {" "})
    pairs = "".join(f"<{ord(sign):02X}> <{SCRIPTS[at % len(SCRIPTS)] + at:04X}>\n" for at, sign in enumerate(letters))
    table = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def 1 begincodespacerange\n"
        f"<00> <FF>\nendcodespacerange {len(letters)} beginbfchar\n{pairs}endbfchar endcmap end end"
    )
    page = f"BT /F1 18 Tf 40 700 Td ({shown}) Tj ET"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 700 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(page)} >>\nstream\n{page}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        f"<< /Length {len(table)} >>\nstream\n{table}\nendstream",
    ]
    content, places = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    listed = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 7\n0000000000 65535 f \n{listed}trailer << /Size 7 /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    return (content + end).encode("ascii")


def test_letters_that_mean_nothing_are_not_taken_for_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "languages", lambda: "")
    with pytest.raises(Unreadable) as refused:
        pdf.read(made(SHOWN))
    assert refused.value.remark.fault is Fault.NO_TEXT


@pytest.mark.skipif("eng" not in recognising.languages(), reason="tesseract reads no English here")
def test_what_the_page_shows_is_read() -> None:
    reading = pdf.read(made(SHOWN))
    assert [block.text for block in reading.blocks] == [SHOWN]
    assert {remark.fault for remark in reading.remarks} >= {Fault.RECOGNISED, Fault.GLYPHS_UNKNOWN}


@pytest.mark.parametrize(
    "text",
    [
        "供应商应当在变更前十二个月书面通知顾客，並取得書面批准。" * 3,
        "ผู้ผลิตต้องแจ้งลูกค้าเป็นลายลักษณ์อักษรก่อนการเปลี่ยนแปลง" * 3,
        "يجب على المورد إبلاغ العميل كتابيا قبل كل تغيير" * 3,
        "आपूर्तिकर्ता प्रत्येक परिवर्तन की सूचना ग्राहक को देगा" * 3,
        "サプライヤーは変更を書面で顧客に通知する。공급자는 고객에게 통보한다." * 3,
        "Nhà cung cấp phải thông báo bằng văn bản. Größe ≥ 5 µm, ẋ = 𝑎𝑏𝑐, Ω." * 3,
        "",
    ],
)
def test_what_people_write_is_text(text: str) -> None:
    assert not garbled.is_garbled(text)
