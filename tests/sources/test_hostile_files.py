"""Files that are broken, sealed, wrong or meant to harm: each is read or has its sentence, in a process apart."""

import os
import random
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sources import scoring
from tests.sources.sheets import shelf
from tests.sources.word import making as word
from yinuo.sources.definition import Fault, Unreadable
from yinuo.sources.intake import sentences
from yinuo.sources.readers import apart, old_word, opening
from yinuo.sources.rules import splitting

PDFS = sorted((Path(__file__).parent / "pdf" / "gold").glob("*.pdf"))
TEXT = word.p("1.1 Records are kept for fifteen years.")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
MANY = 300_000  # objects


def packed(**parts: bytes) -> bytes:
    """A zip of parts; `__` stands for a slash."""
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return whole.getvalue()


def document(inside: bytes, before: bytes = b"") -> bytes:
    """A Word file of nothing but one part."""
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    whole = b"<w:document " + space + b"><w:body>" + inside + b"</w:body></w:document>"
    return packed(word__document_xml=before + whole)


def entities() -> bytes:
    """A billion laughs."""
    named = b"".join(b'<!ENTITY l%d "%s">' % (each, b"&l%d;" % (each - 1) * 10) for each in range(1, 10))
    before = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">' + named + b"]>"
    return document(b"<w:p><w:r><w:t>1.1 Words &l9;</w:t></w:r></w:p>", before)


def objects() -> bytes:
    """A PDF of very many objects that say nothing."""
    body = b"".join(b"%d 0 obj<</A 1>>endobj\n" % each for each in range(4, MANY))
    page = b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    page += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>endobj\n"
    return b"%PDF-1.7\n" + page + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def locked() -> bytes:
    """A zip whose entry says that it is locked."""
    whole = bytearray(packed(word__document_xml=b"<x/>"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(mark) + at] |= 1
    return bytes(whole)


REFUSED = {
    "empty.docx": (b"", Fault.EMPTY),
    "zeros.pdf": (b"\0" * 500, Fault.EMPTY),
    "tsd.docx": (b"%TSD-Header-###%" + os.urandom(900), Fault.ENTERPRISE_ENCRYPTED),
    "safenet.pdf": (b"\x62\x14\x23\x65" + os.urandom(900), Fault.ENTERPRISE_ENCRYPTED),
    "named.xlsx": (b"b\x14#e\0\0E-SafeNet\0LOCK" + os.urandom(900), Fault.ENTERPRISE_ENCRYPTED),
    "guard.docx": (b"\0IP-guard" + os.urandom(900), Fault.ENTERPRISE_ENCRYPTED),
    "unnamed.docx": (bytes(range(1, 30)) * 60, Fault.ENTERPRISE_ENCRYPTED),
    "rights.docx": (OLE + "DRMEncryptedTransform".encode("utf-16-le"), Fault.ENTERPRISE_ENCRYPTED),
    "password.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), Fault.ENCRYPTED),
    "locked.docx": (locked(), Fault.ENCRYPTED),
    "cut.docx": (word.Made([TEXT]).content()[:900], Fault.TRUNCATED),
    "bomb.docx": (document(b" " * (60 * 2**20)), Fault.BOMB),
    "kind.odt": (packed(mimetype=b"\0" * (60 * 2**20), content_xml=b"<x/>"), Fault.DAMAGED),
    "other.zip": (packed(readme=b"words"), Fault.UNKNOWN_FORMAT),
    "nothing.docx": (document(b""), Fault.NO_TEXT),
    "broken.docx": (packed(word__document_xml=b"<w:document"), Fault.DAMAGED),
    "objects.pdf": (objects(), Fault.NO_TEXT),
}


@pytest.mark.parametrize("name", REFUSED)
def test_each_has_its_sentence(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_word.shutil, "which", lambda name: None)
    content, fault = REFUSED[name]
    start = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        apart.read(content, name)
    said = refused.value.remark
    wanted = {fault, Fault.OLD_WORD} if name.endswith(".odt") else {fault}
    assert said.fault in wanted
    sentence = sentences.sentence(said.fault, said.about)
    assert len(sentence) >= len("文件为空。")
    assert "()" not in sentence
    assert time.monotonic() - start < 60


def test_what_tries_to_grow_does_not() -> None:
    with pytest.raises(Unreadable) as refused:
        apart.read(entities(), "laughs.docx")
    assert refused.value.remark.fault is Fault.DAMAGED


@pytest.mark.parametrize("depth", [300, 20_000])
def test_deep_nesting_ends(depth: int) -> None:
    inside = b"<w:sdt><w:sdtContent>" * depth + b"<w:p><w:r><w:t>1.1 Words</w:t></w:r></w:p>"
    content = document(inside + b"</w:sdtContent></w:sdt>" * depth)
    try:
        reading, _ = apart.read(content, "deep.docx")
    except Unreadable as refused:
        assert refused.remark.fault in (Fault.TOO_HEAVY, Fault.DAMAGED)  # noqa: PT017
    else:
        assert reading.blocks[0].text == "1.1 Words"


def test_a_program_that_hangs_ends_with_all_that_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 300 &\nwait\n")
    program.chmod(0o755)
    monkeypatch.setattr(old_word.shutil, "which", lambda name: str(program))
    monkeypatch.setattr(old_word, "SECONDS", 1)
    start = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        old_word.converted(b"{\\rtf1 words}")
    assert refused.value.remark.fault is Fault.TOO_LONG
    assert time.monotonic() - start < 20


def ended(content: bytes, name: str) -> str:
    """How reading ends: with clauses that hold every sign, or with a named fault."""
    try:
        reading = opening.read(content, name)
    except Unreadable as refused:
        return sentences.sentence(refused.remark.fault, refused.remark.about)
    except (MemoryError, RecursionError):
        return Fault.TOO_HEAVY
    assert scoring.is_whole(splitting.split(reading.blocks))
    return "read"


WHOLE = {path.name: path.read_bytes() for path in PDFS}
WHOLE |= {"list.xlsx": shelf.FILES["columns.xlsx"][0](), "word.docx": word.Made([TEXT, TEXT]).content()}
WHOLE |= {path.name: path.read_bytes() for path in list(scoring.GOLD.glob("*.md"))[:3]}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 2**32), st.sampled_from([1, 8, 80]), st.floats(0.3, 1.0))
def test_changed_bytes_end_in_a_reading_or_a_named_fault(name: str, seed: int, times: int, share: float) -> None:
    content = bytearray(WHOLE[name])
    chance = random.Random(seed)
    for _ in range(times):
        content[chance.randrange(len(content))] = chance.randrange(256)
    cut = len(content) if seed % 2 else int(len(content) * share)
    assert ended(bytes(content[:cut]), name)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=3000), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7\n", OLE, b"{\\rtf", b"<html>"]))
def test_any_bytes_end_in_a_reading_or_a_named_fault(content: bytes, head: bytes) -> None:
    assert ended(head + content, "any.txt")
