"""Pages on which something is entered for somebody: opinions, signed paper, a new edition; and small moves."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.procedures.conftest import REGISTERED, Story
from tests.procedures.test_publishing import NEXT, longer
from yinuo.procedures import models

SignIn = Callable[[str], Client]
QUALITY = "department:quality"


def url(name: str, *args: object) -> str:
    return reverse(f"procedures:{name}", args=args)


@pytest.fixture
def judging(story: Story) -> Story:
    story.submit("lina", "register", data=REGISTERED)
    return story


@pytest.fixture
def deciding(judging: Story) -> Story:
    judging.submit("chen", "judge", "department:engineering", verdict="can")
    judging.submit("zhou", "judge", QUALITY, verdict="can")
    return judging


def test_an_opinion_is_entered_shown_as_waiting_and_confirmed(judging: Story, signed_in: SignIn) -> None:
    task = judging.task("judge", QUALITY)
    lina, zhou = signed_in("lina"), signed_in("zhou")
    page = lina.get(url("opinion_enter", task.pk)).content.decode()
    assert "周华" in page
    said = {"said_by": judging.company.zhou.pk, "said_at": "2026-03-02T09:00", "way": "phone", "version": task.version}
    assert lina.post(url("opinion_enter", task.pk), said).status_code == 422
    said |= {"verdict": "conditional", "condition": "需委外试验"}
    assert lina.post(url("opinion_enter", task.pk), said).status_code == 302
    shown = zhou.get(url("task", task.pk)).content.decode()
    assert "需委外试验" in shown
    assert "李娜代录" in shown
    assert url("opinion_confirm", task.pk) in shown
    assert url("opinion_confirm", task.pk) not in lina.get(url("task", task.pk)).content.decode()
    assert zhou.get(url("opinion_reject", task.pk)).status_code == 200
    assert zhou.post(url("opinion_confirm", task.pk), {"version": task.version}).status_code == 302
    assert judging.task("judge", QUALITY, state="done").condition == "需委外试验"
    assert zhou.get(url("opinion_confirm", task.pk)).status_code == 409
    assert "李娜代录" in zhou.get(url("run_chart", judging.run.pk)).content.decode()


def test_a_signed_paper_is_entered(deciding: Story, signed_in: SignIn) -> None:
    task = deciding.task("approve")
    client = signed_in("zhou")
    scan = SimpleUploadedFile("批准.pdf", b"%PDF-1.4 signed")
    entered = {
        "signer": deciding.company.gao.pk, "signed_at": "2026-03-02T09:45", "outcome": "agree", "version": task.version,
    }  # fmt: skip
    assert client.get(url("task_paper", task.pk)).status_code == 200
    assert client.post(url("task_paper", task.pk), entered).status_code == 422
    early = {**entered, "signed_at": "2026-03-02T09:00", "scan": SimpleUploadedFile("a.pdf", b"%PDF-1.4 signed")}
    assert client.post(url("task_paper", task.pk), early).status_code == 422, "before there was anything to sign"
    assert client.post(url("task_paper", task.pk), {**entered, "scan": scan}).status_code == 302
    shown = client.get(url("task", task.pk)).content.decode()
    assert "signature-paper" in shown
    assert "纸质签字" in shown
    assert "signature-electronic" not in shown


def test_whoever_came_second_keeps_what_they_entered(judging: Story, signed_in: SignIn) -> None:
    task = judging.task("judge", QUALITY)
    judging.submit("zhou", "judge", QUALITY, verdict="can")
    entered = {"verdict": "cannot", "condition": "设备不足", "version": task.version}
    answer = signed_in("zhou").post(url("task_submit", task.pk), entered, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#notices"
    assert "周华" in answer.content.decode()


def test_a_stale_form_without_scripts_shows_what_was_entered(judging: Story, signed_in: SignIn) -> None:
    task = judging.task("judge", QUALITY)
    models.Task.objects.filter(pk=task.pk).update(version=task.version + 1)
    entered = {"verdict": "cannot", "condition": "设备不足", "version": task.version}
    answer = signed_in("zhou").post(url("task_submit", task.pk), entered)
    assert answer.status_code == 409
    assert "设备不足" in answer.content.decode()


def test_a_posts_task_is_taken_and_reminded_of(judging: Story, signed_in: SignIn) -> None:
    task = judging.task("judge", QUALITY)
    assert signed_in("lina").post(url("task_remind", task.pk)).status_code == 302
    assert signed_in("lina").post(url("task_remind", task.pk)).status_code == 409
    assert signed_in("zhou").post(url("task_take", task.pk), {"version": task.version}).status_code == 302
    assert judging.task("judge", QUALITY).holder == judging.company.zhou
    assert "QP-T-01" in signed_in("sun").get(url("procedures")).content.decode()
    assert "部门评审" in signed_in("sun").get(url("person_tasks", judging.company.zhou.pk)).content.decode()


def test_withdrawing_on_the_page(judging: Story, signed_in: SignIn) -> None:
    done = judging.task("register", state="done")
    client = signed_in("lina")
    assert url("task_withdraw", done.pk) in client.get(url("task", done.pk)).content.decode()
    assert client.post(url("task_withdraw", done.pk), {"version": done.version}).status_code == 302
    assert judging.open_steps() == ["register"]


def test_publishing_names_every_mistake_and_keeps_the_text(story: Story, signed_in: SignIn) -> None:
    client = signed_in("zhou")
    assert "QP-T-01" in client.get(url("publish") + "?of=small").content.decode()
    wrong = NEXT.replace("post: general_manager", "post: emperor").replace("form: registration", "form: nothing")
    filled = {"source": wrong, "reason": "改进", "secret": cast.PASSWORD}
    answer = client.post(url("publish"), filled)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "emperor" in text
    assert "nothing" in text
    assert models.Edition.objects.count() == 1
    lost = SimpleUploadedFile("small.yaml", wrong.encode())
    again = client.post(url("publish"), {"file": lost, "reason": "改进", "secret": cast.PASSWORD}).content.decode()
    assert "post: emperor" in again, "what came as a file can be mended on the page"
    file = SimpleUploadedFile("small.yaml", longer(NEXT).encode())
    assert client.post(url("publish"), {"file": file, "reason": "改进", "secret": cast.PASSWORD}).status_code == 302
    assert models.Edition.objects.count() == 2
    assert "A/1" in client.get(url("procedure", "small")).content.decode()
    assert signed_in("lina").get(url("publish")).status_code == 403


def test_the_text_is_drawn_and_compared_while_it_is_written(story: Story, signed_in: SignIn) -> None:
    client = signed_in("zhou")
    text = client.post(url("publish_preview"), {"source": longer(NEXT)}).content.decode()
    assert "<svg" in text
    assert "核对" in text
    assert text.count("line-new") == 4
    wrong = client.post(url("publish_preview"), {"source": NEXT.replace("post: general_manager", "post: emperor")})
    assert "emperor" in wrong.content.decode()
    assert "<svg" not in wrong.content.decode().partition("<ul")[2]
    assert signed_in("lina").post(url("publish_preview"), {"source": NEXT}).status_code == 403


@pytest.mark.parametrize("bad", [b"\xff\xfe\x00", b"", b"a" * 500_000])
def test_a_file_that_is_no_procedure(story: Story, signed_in: SignIn, bad: bytes) -> None:
    file = SimpleUploadedFile("small.yaml", bad)
    filled = {"file": file, "reason": "改进", "secret": cast.PASSWORD}
    assert signed_in("zhou").post(url("publish"), filled).status_code == 422


def test_a_run_is_moved_to_a_newer_edition_on_its_page(story: Story, signed_in: SignIn) -> None:
    client = signed_in("zhou")
    file = SimpleUploadedFile("small.yaml", longer(NEXT).encode())
    client.post(url("publish"), {"file": file, "reason": "改进", "secret": cast.PASSWORD})
    edition = models.Edition.objects.get(number=2)
    assert url("run_migrate", story.run.pk) in client.get(url("run_chart", story.run.pk)).content.decode()
    moved = {"edition": edition.pk, "reason": "按新版执行", "version": story.fresh().version}
    assert client.post(url("run_migrate", story.run.pk), moved).status_code == 302
    assert story.fresh().edition == edition


def test_the_pages_speak_english_too(judging: Story, signed_in: SignIn) -> None:
    judging.company.sun.language = "en"
    judging.company.sun.save()
    client = signed_in("sun")
    task = judging.task("judge", QUALITY)
    for address in (url("task", task.pk), url("procedure", "small"), url("run_chart", judging.run.pk)):
        assert "Opinions" in client.get(address).content.decode()
