"""Originals come back byte for byte, whatever they are and are called; nothing in them runs; rights hold on each."""

import hashlib
import io
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from tests import cast
from tests.records.conftest import CASE
from yinuo.kit import once, plugs, subjects
from yinuo.org import models as org_models
from yinuo.records import actions, jobs, models, queries, rules
from yinuo.records.engine import pictures, store

SignedIn = Callable[[str], Client]


def attach(
    company: cast.Company, content: bytes, name: str = "a.bin", subject: subjects.Ref = CASE
) -> models.Attachment:
    return actions.attach(subject=subject, content=content, name=name, by=company.lina, now=cast.NOW)


def body_of(response: object) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def picture_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # turned by 90 degrees
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (29.0, 52.0, 0.0)
    return picture(exif=exif)


# Storing -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"x", b"\x00" * 10, os.urandom(3 * store.CHUNK + 17), "盐雾".encode("gb18030")])
def test_an_original_comes_back_byte_for_byte(content: bytes, company: cast.Company, signed_in: SignedIn) -> None:
    row = attach(company, content)
    assert body_of(signed_in("wang").get(row.get_absolute_url())) == content
    assert row.blob.sha256 == hashlib.sha256(content).hexdigest()
    assert row.blob.size == len(content)


def test_the_same_bytes_are_stored_once(company: cast.Company, data_folder: Path) -> None:
    first, second = attach(company, b"same", "a.txt"), attach(company, b"same", "b.txt")
    assert first.blob == second.blob
    assert first.token != second.token
    stored = [path for path in (data_folder / "files").rglob("*") if path.is_file()]
    assert stored == [first.blob.path]


def test_a_file_beyond_the_limit_leaves_nothing(company: cast.Company, settings: Settings, data_folder: Path) -> None:
    settings.MAX_FILE_BYTES = 2 * store.CHUNK
    with pytest.raises(actions.CannotAttach, match="MB"):
        actions.attach(
            subject=CASE, content=io.BytesIO(b"x" * (2 * store.CHUNK + 1)), name="a", by=company.lina, now=cast.NOW
        )
    assert [path for path in (data_folder / "files").rglob("*") if path.is_file()] == []
    assert not models.Blob.objects.exists()


def test_an_empty_file_is_refused(company: cast.Company) -> None:
    with pytest.raises(actions.CannotAttach):
        attach(company, b"")


def test_attaching_and_voiding_are_in_the_trail(company: cast.Company) -> None:
    row = attach(company, b"x", "图纸.pdf")
    actions.void_attachment(attachment=row, reason="传错了", by=company.lina, now=cast.NOW)
    row.refresh_from_db()
    assert row.void_reason == "传错了"
    words = list(queries.entries(CASE).values_list("word", "reason", "note__file"))
    assert words == [("records.file.voided", "传错了", "图纸.pdf"), ("records.file.attached", "", "图纸.pdf")]
    with pytest.raises(actions.CannotVoid):
        actions.void_attachment(attachment=row, reason="again", by=company.lina, now=cast.NOW)
    with pytest.raises(actions.CannotVoid):
        actions.void_attachment(attachment=attach(company, b"y"), reason="", by=company.lina, now=cast.NOW)


def test_a_writer_killed_in_the_middle_leaves_no_half_file(tmp_path: Path) -> None:
    """A real process is killed while it writes: no file has a content name, and the broom takes the rest."""
    program = textwrap.dedent(
        f"""
        import pathlib, time
        from yinuo.records.engine import store
        def chunks():
            yield b"x" * 1000
            print("writing", flush=True)
            time.sleep(60)
        store.store(pathlib.Path({str(tmp_path)!r}), chunks(), limit=10**9)
        """
    )
    writer = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"writing\n"
    writer.kill()
    writer.wait()
    writer.stdout.close()
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.parent.name for path in left] == ["incoming"]
    assert store.sweep(tmp_path, older_than=time.time() + 10, is_known=lambda names: set()) == [left[0].name]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_broom_spares_what_is_known_or_fresh(company: cast.Company, data_folder: Path) -> None:
    known = attach(company, b"known").blob
    root = data_folder / "files"
    orphan = store.path_of(root, store.store(root, [b"orphan"], limit=100).sha256)
    fresh = store.path_of(root, store.store(root, [b"fresh"], limit=100).sha256)
    for path in (known.path, orphan):
        os.utime(path, (1, 1))
    jobs.sweep_files()
    assert known.path.exists()
    assert fresh.exists()
    assert not orphan.exists()


# Names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("图纸 A版.pdf", "图纸 A版.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\报价.xlsx", "报价.xlsx"),
        ("a\r\nb\x00c.txt", "abc.txt"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("", "file"),
        ("..", "file"),
        (" . ", "file"),
        ('q"u?o*t<e>.txt', "q_u_o_t_e_.txt"),
        ("no-ending", "no-ending"),
        (".gitignore", "gitignore"),
        ("é.txt", "é.txt"),
    ],
)
def test_names_are_cleaned(given_name: str, expected: str) -> None:
    assert rules.clean_name(given_name) == expected


def test_long_chinese_names_keep_their_ending() -> None:
    name = rules.clean_name("长" * 300 + ".xlsx")
    assert name.endswith("长.xlsx")
    assert len(name.encode()) <= rules.NAME_BYTES


@settings(max_examples=400)
@given(st.text(max_size=400) | st.text(" .\xa0\u3000ab/\u202e", max_size=12))
def test_no_name_is_dangerous(name: str) -> None:
    clean = rules.clean_name(name)
    assert clean
    assert clean not in (".", "..")
    assert len(clean.encode()) <= rules.NAME_BYTES
    assert not set(clean) & set('/\\\x00\r\n"\u202e')
    assert rules.clean_name(clean) == clean


# What is in them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (picture(), "image/jpeg"),
        (picture("PNG"), "image/png"),
        ("纯文本".encode(), "text/plain"),
        ("纯文本".encode("gb18030"), "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_the_type_is_told_by_content(content: bytes, expected: str, company: cast.Company) -> None:
    assert attach(company, content, "claims-to-be.png").blob.media_type == expected


EVIL = [
    (b"<script>alert(1)</script>", "x.html"),
    (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "x.svg"),
    (b"%PDF-1.7", "x.pdf"),
]


@pytest.mark.parametrize(("content", "name"), EVIL)
def test_nothing_is_shown_or_run_inline(content: bytes, name: str, company: cast.Company, signed_in: SignedIn) -> None:
    row = attach(company, content, name)
    response = signed_in("lina").get(row.get_absolute_url())
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "html" not in response["Content-Type"]
    assert "svg" not in response["Content-Type"]
    assert "no-store" in response["Cache-Control"]
    assert signed_in("lina").get(f"{row.get_absolute_url()}preview/").status_code == 404


def test_a_chinese_name_is_given_as_the_standard_says(company: cast.Company, signed_in: SignedIn) -> None:
    row = attach(company, b"x", "盐雾 报告.txt")
    disposition = signed_in("lina").get(row.get_absolute_url())["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''%E7%9B%90%E9%9B%BE%20%E6%8A%A5%E5%91%8A.txt"


def test_a_preview_has_no_place_and_no_camera(company: cast.Company, signed_in: SignedIn) -> None:
    original = picture_with_place()
    row = attach(company, original, "现场.jpg")
    client = signed_in("lina")
    shown = body_of(client.get(f"{row.get_absolute_url()}preview/?size=large"))
    with Image.open(io.BytesIO(shown)) as drawn:
        assert drawn.format == "WEBP"
        assert drawn.size == (600, 900)  # turned as the camera said
        assert not drawn.getexif()
    assert b"SecretCamera" not in shown
    assert body_of(client.get(row.get_absolute_url())) == original
    small = body_of(client.get(f"{row.get_absolute_url()}preview/"))
    with Image.open(io.BytesIO(small)) as drawn:
        assert max(drawn.size) == 320


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "WEBP"])
def test_all_usual_pictures_have_a_preview(kind: str, company: cast.Company, signed_in: SignedIn) -> None:
    row = attach(company, picture(kind, (40, 30)), "x")
    assert signed_in("lina").get(f"{row.get_absolute_url()}preview/").status_code == 200


def test_a_bomb_and_a_broken_picture_have_none(
    company: cast.Company, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = attach(company, picture()[:500], "broken.jpg")
    bomb = attach(company, picture("PNG", (3000, 3000)), "bomb.png")
    monkeypatch.setattr(pictures, "MOST_POINTS", 1_000_000)
    for row in (broken, bomb):
        assert row.has_preview
        assert signed_in("lina").get(f"{row.get_absolute_url()}preview/").status_code == 404
        assert signed_in("lina").get(row.get_absolute_url()).status_code == 200


# Rights --------------------------------------------------------------------------------------------------------------


def test_confidential_files_are_for_named_people_and_reading_is_noted(
    company: cast.Company, signed_in: SignedIn
) -> None:
    scope = org_models.Scope.objects.create(name_zh="保密项目")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.lina, granted_at=cast.NOW)
    secret = subjects.Ref(CASE.type, 8, CASE.label, CASE.url, scope_id=scope.pk)
    row = attach(company, picture(), "秘密.jpg", secret)
    for path in ("", "preview/"):
        assert signed_in("wang").get(f"{row.get_absolute_url()}{path}").status_code == 404
        assert signed_in("outsider").get(f"{row.get_absolute_url()}{path}").status_code == 404
        assert Client().get(f"{row.get_absolute_url()}{path}").status_code == 302
    assert not models.Reading.objects.exists()
    assert signed_in("lina").get(row.get_absolute_url()).status_code == 200
    (noted,) = models.Reading.objects.all()
    log = signed_in("auditor").get("/records/readings/").content.decode()
    assert "秘密.jpg" not in log  # an auditor who is not named sees no confidential readings either
    org_models.ScopeGrant.objects.create(scope=scope, person=company.auditor, granted_at=cast.NOW)
    log = signed_in("auditor").get("/records/readings/").content.decode()
    assert "秘密.jpg" in log
    assert "下载" in log
    assert signed_in("lina").get("/records/readings/").status_code == 403
    assert (noted.actor_id, noted.way, noted.what) == (str(company.lina.pk), "download", "秘密.jpg")
    plugs.events.get("kit.rescoped/records").function(type=CASE.type, id=8, scope_id=None)
    assert signed_in("wang").get(row.get_absolute_url()).status_code == 200


def test_ordinary_reading_is_not_noted(company: cast.Company, signed_in: SignedIn) -> None:
    signed_in("lina").get(attach(company, b"x").get_absolute_url())
    assert not models.Reading.objects.exists()


def test_a_lost_file_is_not_found(company: cast.Company, signed_in: SignedIn) -> None:
    row = attach(company, b"x")
    row.blob.path.unlink()
    assert signed_in("lina").get(row.get_absolute_url()).status_code == 404


# The panel -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def attachable() -> Iterator[None]:
    """Cases take files from whoever handles cases."""

    def may(subject_id: int, person: org_models.Person) -> subjects.Ref | None:
        return CASE if subject_id == CASE.id and person.may("cases.handle") else None

    real = plugs.attachables._plugs.pop(CASE.type, None)
    plugs.attachables.plug(CASE.type, may)
    yield
    del plugs.attachables._plugs[CASE.type]
    if real:
        plugs.attachables._plugs[CASE.type] = real


URL = f"/records/files/{CASE.type}/{CASE.id}/"


def upload(client: Client, *files: tuple[str, bytes], key: str = "") -> object:
    return client.post(
        URL, {"once": key or once.new_key(), "uploads": [SimpleUploadedFile(name, content) for name, content in files]}
    )


@pytest.mark.usefixtures("attachable")
def test_files_are_attached_through_the_panel(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("lina")
    page = upload(client, ("一.txt", b"one"), ("二.jpg", picture())).content.decode()  # type: ignore[attr-defined]
    assert "一.txt" in page
    assert "二.jpg" in page
    assert "/preview/" in page
    assert [a.name for a in queries.attachments(CASE)] == ["一.txt", "二.jpg"]
    assert set(models.Attachment.objects.values_list("subject_label", flat=True)) == {CASE.label}


@pytest.mark.usefixtures("attachable")
def test_sending_twice_attaches_once(company: cast.Company, signed_in: SignedIn) -> None:
    client, key = signed_in("lina"), once.new_key()
    upload(client, ("一.txt", b"one"), key=key)
    upload(client, ("一.txt", b"one"), key=key)
    assert models.Attachment.objects.count() == 1


@pytest.mark.usefixtures("attachable")
def test_one_refused_file_does_not_keep_the_others_out(company: cast.Company, signed_in: SignedIn) -> None:
    page = upload(signed_in("lina"), ("空.txt", b""), ("二.txt", b"two")).content.decode()  # type: ignore[attr-defined]
    assert "空.txt" in page
    assert [a.name for a in queries.attachments(CASE)] == ["二.txt"]


@pytest.mark.usefixtures("attachable")
def test_who_may_not_attach_sees_no_form_and_cannot(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("auditor")
    assert b"<form" not in client.get(URL).content
    assert upload(client, ("一.txt", b"one")).status_code == 403  # type: ignore[attr-defined]
    assert client.get(f"/records/files/{CASE.type}/99/").status_code == 200
    assert signed_in("outsider").get(URL).status_code == 404
    assert upload(signed_in("outsider"), ("一.txt", b"one")).status_code in (403, 404)  # type: ignore[attr-defined]
    assert not models.Attachment.objects.exists()


@pytest.mark.usefixtures("attachable")
def test_a_file_is_voided_with_a_reason(company: cast.Company, signed_in: SignedIn) -> None:
    row = attach(company, b"x", "错.txt")
    url = f"/records/file/{row.token}/void/"
    assert signed_in("auditor").post(url, {"reason": "x"}).status_code == 403
    client = signed_in("lina")
    assert "错.txt" in client.get(url).content.decode()
    assert client.post(url, {"reason": " "}).status_code == 200
    assert client.post(url, {"reason": "传错"}).status_code == 302
    page = client.get(URL).content.decode()
    assert "传错" in page
    assert "is-void" in page
    assert client.get(row.get_absolute_url()).status_code == 200
