"""The timeline of a subject and the whole trail for auditors."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests import cast
from tests.records.conftest import CASE
from yinuo.kit import rows, subjects
from yinuo.org import models as org_models
from yinuo.records import actions, jobs, lists, models

SignedIn = Callable[[str], Client]
TIMELINE = f"/records/timeline/{CASE.type}/{CASE.id}/"


def test_the_timeline_tells_who_changed_what_and_why(company: cast.Company, signed_in: SignedIn) -> None:
    actions.write(
        by=company.lina,
        now=cast.NOW,
        word="cases.case.changed",
        subject=CASE,
        changes=[rows.Change("title", "旧标题", "新标题"), rows.Change("is_active", None, True)],
        reason="顾客更正",
        note={"file": "图.pdf", "sha256": "f" * 64},
    )
    page = signed_in("wang").get(TIMELINE).content.decode()
    for text in ("旧标题", "新标题", "顾客更正", "图.pdf", "李娜 0102", "标题", "是"):
        assert text in page
    assert "ffff" not in page


def test_the_timeline_is_paged(company: cast.Company, signed_in: SignedIn) -> None:
    for number in range(45):
        actions.write(by=company.lina, now=cast.NOW, word="x.y", subject=CASE, note={"name": f"第{number:02}次"})
    client = signed_in("lina")
    first = client.get(TIMELINE)
    assert "第44次" in first.content.decode()
    assert "第24次" not in first.content.decode()
    second = client.get(first.context["older"])
    assert "第24次" in second.content.decode()
    third = client.get(second.context["older"])
    assert "第00次" in third.content.decode()
    assert third.context["older"] == ""


def test_a_confidential_timeline_is_for_named_people(company: cast.Company, signed_in: SignedIn) -> None:
    scope = org_models.Scope.objects.create(name_zh="保密项目")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.lina, granted_at=cast.NOW)
    secret = subjects.Ref(CASE.type, CASE.id, CASE.label, CASE.url, scope_id=scope.pk)
    actions.write(by=company.lina, now=cast.NOW, word="x.y", subject=secret, reason="机密原因")
    assert "机密原因" in signed_in("lina").get(TIMELINE).content.decode()
    assert "机密原因" not in signed_in("wang").get(TIMELINE).content.decode()
    assert signed_in("outsider").get(TIMELINE).status_code == 404
    assert "机密原因" not in signed_in("auditor").get("/records/").content.decode()


@pytest.mark.parametrize("path", ["timeline/nonsense/1/", "timeline/a%00b/1/", "files/nonsense/1/", "file/nonsense/"])
def test_made_up_addresses_are_not_found(path: str, company: cast.Company, signed_in: SignedIn) -> None:
    assert signed_in("lina").get(f"/records/{path}").status_code == 404


def test_words_are_said_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert lists.word_of("records.file.attached") == "上传了文件"
        assert lists.field_of("file") == "文件"
    with translation.override("en"):
        assert lists.word_of("records.file.attached") == "File attached"
        assert lists.field_of("due_at") == "Due at"
        assert lists.value_of("is_active", False) == "no"
        assert lists.value_of("due_at", "2026-03-02T01:30:00+00:00") == "2026-03-02 09:30"
        assert lists.value_of("owner", "李娜 #12") == "李娜"
        assert lists.value_of("title", "issue #x") == "issue #x"


def test_auditors_find_entries(company: cast.Company, signed_in: SignedIn) -> None:
    actions.write(by=company.lina, now=cast.NOW, word="cases.case.opened", subject=CASE, reason="第一")
    other = subjects.Ref("org.site", 1, "宁波工厂", "/org/")
    actions.write(by=company.wang, now=cast.NOW, word="org.site.changed", subject=other, reason="第二")
    jobs.seal()
    client = signed_in("auditor")
    for query, here, away in [
        ("who=李娜", "第一", "第二"),
        ("who=0202", "第二", "第一"),
        ("word=org.site.changed", "第二", "第一"),
        ("type=cases.case", "第一", "第二"),
        ("day=2026-03-02&type=cases.case", "第一", "第二"),
    ]:
        page = client.get(f"/records/?{query}").content.decode()
        assert here in page
        assert away not in page
    assert "第一" not in client.get("/records/?day=2026-03-03").content.decode()
    assert "第一" in client.get("/records/?day=nonsense").content.decode()
    assert signed_in("lina").get("/records/").status_code == 403


def test_an_auditor_has_the_trail_verified(company: cast.Company, signed_in: SignedIn) -> None:
    actions.write(by=company.lina, now=cast.NOW, word="cases.case.opened", subject=CASE)
    jobs.seal()
    client = signed_in("auditor")
    assert client.post("/records/verification/").status_code == 302
    assert "<progress" in client.get("/records/verification/").content.decode()
    row = models.Verification.objects.get()
    jobs.seal()
    jobs.verify(verification=row.pk)
    page = client.get("/records/").content.decode()
    assert "操作记录完整" in page
    models.Entry.objects.all().update(actor_name="somebody else")
    models.Verification.objects.all().update(finished_at=cast.NOW)
    client.post("/records/verification/")
    jobs.verify(verification=models.Verification.objects.latest("pk").pk)
    assert "写入后被更改" in client.get("/records/").content.decode()


def test_somebodys_own_trail_is_for_themselves_and_those_who_manage(company: cast.Company, signed_in: SignedIn) -> None:
    actions.write(by=company.admin, now=cast.NOW, word="org.role.granted", subject=company.lina, reason="升任")
    url = f"/records/timeline/org.person/{company.lina.pk}/"
    for name, status in [("lina", 200), ("admin", 200), ("auditor", 200), ("wang", 404), ("outsider", 404)]:
        assert signed_in(name).get(url).status_code == status, name


# Redacting -----------------------------------------------------------------------------------------------------------


def test_an_entry_is_redacted_with_a_reason(company: cast.Company, signed_in: SignedIn) -> None:
    entry = actions.write(by=company.lina, now=cast.NOW, word="x.y", subject=CASE, note={"name": "身份证号 3302"})
    zhou = signed_in("zhou")
    url = reverse("records:entry_redact", args=[entry.pk])
    assert url in zhou.get(TIMELINE).content.decode()
    assert url not in signed_in("lina").get(TIMELINE).content.decode()
    assert zhou.post(url, {"reason": ""}).status_code == 200
    assert "3302" in zhou.get(TIMELINE).content.decode()
    assert zhou.post(url, {"reason": "个人信息"})["Location"] == CASE.url
    page = zhou.get(TIMELINE).content.decode()
    assert "3302" not in page
    assert "个人信息" in page
    assert zhou.get(url).status_code == 404  # once


def test_what_one_may_not_see_one_cannot_redact(company: cast.Company, signed_in: SignedIn) -> None:
    secret = subjects.Ref(CASE.type, CASE.id, CASE.label, CASE.url, scope_id=5)
    entry = actions.write(by=company.lina, now=cast.NOW, word="x.y", subject=secret)
    url = reverse("records:entry_redact", args=[entry.pk])
    assert signed_in("zhou").post(url, {"reason": "x"}).status_code == 404
    assert signed_in("auditor").post(url, {"reason": "x"}).status_code == 403
    entry.refresh_from_db()
    assert not entry.is_redacted
