"""Anybody reports what they got to know: words or files, at once and once, and nothing is refused or lost."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import cast
from tests.cases.reported import NOW, PNG, WAV, WORDS, SignIn, originals, reported, sha, told
from tests.hostile import payloads
from yinuo.cases import models, rules
from yinuo.cases.actions import sorting
from yinuo.cases.engine import sounds
from yinuo.customers import models as customers
from yinuo.kit import once
from yinuo.records import models as records
from yinuo.records import queries as records_queries


def test_what_is_known_goes_on_record(working: cast.Company, svw: customers.Customer) -> None:
    said_at = NOW - timedelta(hours=2)
    it = reported(
        working,
        customer=svw,
        channel="wechat",
        said_by=" 沈工 ",
        said_at=said_at,
        files=[("群聊.png", PNG), ("语音.wav", WAV)],
    )
    assert (it.reported_by, it.reported_at, it.said_by, it.said_at) == (working.wu, NOW, "沈工", said_at)
    assert originals(it) == [("群聊.png", sha(PNG)), ("语音.wav", sha(WAV))]
    entry = records.Entry.objects.get(word="cases.finding.reported", subject_id=it.pk)
    assert {each["field"] for each in entry.changes} >= {"text", "channel", "customer", "speaker", "said_at"}
    assert told(working.lina, "finding_reported") == ["吴军 0401上报新要求：5 月起盐雾试验由 480 h 改为 720 h。"]


def test_a_sentence_or_a_file_is_enough_and_nothing_is_refused(working: cast.Company) -> None:
    assert reported(working, text="一句话").title == "一句话"
    assert "无文字" in reported(working, text="", files=[("照片.jpg", PNG)]).title
    for wrong in ({"text": " \u3000\n"}, {"channel": "pigeon"}, {"said_at": NOW + timedelta(minutes=1)}):
        with pytest.raises(sorting.CannotReport):
            reported(working, **wrong)
    assert models.Finding.objects.count() == 2


def test_a_file_that_cannot_be_kept_is_named_and_nothing_half_is_left(working: cast.Company) -> None:
    with pytest.raises(sorting.CannotReport, match=r"空\.txt"):
        reported(working, files=[("好.txt", b"x"), ("空.txt", b"")])
    assert not models.Finding.objects.exists()
    assert not records.Attachment.objects.exists()


def test_whoever_is_signed_in_may_report_and_sees_their_own(working: cast.Company, signed_in: SignIn) -> None:
    client = signed_in("outsider")
    page = client.get(reverse("cases:finding_report")).content.decode()
    assert 'name="customer"' not in page  # customers are none of their business
    said = {"text": WORDS, "once": once.new_key(), "photos": SimpleUploadedFile("a.png", PNG)}
    answer = client.post(reverse("cases:finding_report"), said)
    it = models.Finding.objects.get()
    assert answer["Location"] == f"{reverse('cases:finding_report')}?sent={it.pk}"
    assert "已上报" in client.get(answer["Location"]).content.decode()
    assert WORDS.splitlines()[1] in client.get(it.get_absolute_url()).content.decode()
    assert it.title in client.get(reverse("cases:findings")).content.decode()
    attachment = records_queries.attachments(it).get()
    download = client.get(reverse("cases:finding_file", args=[it.pk, attachment.token]))
    assert b"".join(download.streaming_content) == PNG  # type: ignore[attr-defined]
    for name in ("sorting", "finding_similar", "finding_open", "finding_join", "finding_dismiss"):
        address = reverse(f"cases:{name}", args=[] if name == "sorting" else [it.pk])
        assert client.get(address).status_code == 403, name


def test_sent_twice_it_is_there_once(working: cast.Company, signed_in: SignIn) -> None:
    client, said = signed_in("wu"), {"text": WORDS, "once": once.new_key()}
    first, second = (client.post(reverse("cases:finding_report"), said) for _turn in range(2))
    assert first["Location"] == second["Location"]
    assert models.Finding.objects.count() == 1


def test_a_refused_report_gives_back_its_faults_only_so_that_the_page_keeps_files_and_words(
    working: cast.Company, signed_in: SignIn
) -> None:
    client, url = signed_in("wu"), reverse("cases:finding_report")
    said = {"text": "", "once": once.new_key()}
    answer = client.post(url, said, headers={"hx-request": "true"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "请写一句话，或添加照片、文件。" in text
    assert "<html" not in text
    assert "<textarea" not in text
    sent = client.post(url, {**said, "text": "有了"}, headers={"hx-request": "true"})  # the key still counts
    assert sent["HX-Redirect"].startswith(url)


@pytest.mark.parametrize("name", sorted(payloads.TEXTS))
def test_naughty_words_come_back_as_words(name: str, working: cast.Company, signed_in: SignIn) -> None:
    client, text = signed_in("zhou"), payloads.TEXTS[name]
    said = {"text": f"要求 {text}", "said_by": text[:90], "once": once.new_key()}
    answer = client.post(reverse("cases:finding_report"), said)
    assert answer.status_code in (302, 422, 400)
    for it in models.Finding.objects.all():
        urls = [it.get_absolute_url(), reverse("cases:sorting"), reverse("cases:findings")]
        for url in (*urls, reverse("cases:finding_open", args=[it.pk]), reverse("cases:finding_similar", args=[it.pk])):
            page = client.get(url)
            assert page.status_code == 200, url
            assert payloads.MARK not in page.content.decode()


@pytest.mark.parametrize("name", payloads.NAMES)
def test_files_with_wrong_names_and_contents_are_kept_and_only_downloaded(
    name: str, working: cast.Company, signed_in: SignIn
) -> None:
    page = b"<html><script>alert(1)</script>"
    it = reported(working, files=[(name, page)])
    attachment = records_queries.attachments(it).get()
    url = reverse("cases:finding_file", args=[it.pk, attachment.token])
    answer = signed_in("zhou").get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    for show in ("sound", "small", "large"):
        assert signed_in("zhou").get(f"{url}?show={show}").status_code == 404


def test_sounds_are_played_under_the_type_of_their_bytes(working: cast.Company, signed_in: SignIn) -> None:
    sound = WAV + b"\x80" * 5000
    it = reported(working, files=[("语音.html", sound), ("voice.wav", b"<html>not a sound")])
    real, false = records_queries.attachments(it)
    client, url = signed_in("zhou"), reverse("cases:finding_file", args=[it.pk, real.token])
    whole = client.get(f"{url}?show=sound")
    assert (whole["Content-Type"], whole["X-Content-Type-Options"]) == ("audio/wav", "nosniff")
    assert b"".join(whole.streaming_content) == sound  # type: ignore[attr-defined]
    part = client.get(f"{url}?show=sound", headers={"range": "bytes=10-19"})
    assert (part.status_code, part["Content-Range"], part.content) == (206, f"bytes 10-19/{len(sound)}", sound[10:20])
    assert client.get(f"{url}?show=sound", headers={"range": "bytes=999999-"}).status_code == 416
    other = reverse("cases:finding_file", args=[it.pk, false.token])
    assert client.get(f"{other}?show=sound").status_code == 404
    assert f"{url}?show=sound" in client.get(it.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("header", "first", "length"),
    [("bytes=0-", 0, 100), ("bytes=0-1", 0, 2), ("bytes=90-500", 90, 10), ("bytes=99-99", 99, 1)],
)
def test_the_part_that_a_player_asks_for(header: str, first: int, length: int) -> None:
    assert sounds.part_of(header, 100) == sounds.Part(first, length)


@pytest.mark.parametrize("header", ["", "bytes=-5", "bytes=0-1,3-4", "chars=0-1", "bytes=a-b", "bytes=0-1\r\nx"])
def test_what_is_no_simple_part_gets_the_whole(header: str) -> None:
    assert sounds.part_of(header, 100) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("禁用物质清单更新，IMDS 须重新提交", "environment"),
        ("样件交期提前两周", "delivery"),
        ("PPAP 等级改为 3 级", "quality"),
        ("报价 3 月底前提交，年降 3 %", "commercial"),
        ("盐雾试验 720 h", "technical"),
        ("", "technical"),
    ],
)
def test_the_nature_is_guessed_by_words(text: str, kind: str) -> None:
    assert rules.kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (WORDS, "5 月起盐雾试验由 480 h 改为 720 h"),
        ("1. 首项。其余", "首项"),
        ("长" * 200, "长" * 79 + "…"),
        ("。", "。"),
        ("Cpk 1.67 from May. More", "Cpk 1.67 from May"),
    ],
)
def test_the_title_is_the_first_sentence(text: str, title: str) -> None:
    assert rules.title_of(text) == title
