"""The editor's pages: every place has its sheet, every edit its answer, nothing that is sent breaks them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.procedures.conftest import NOW, Story, proof
from tests.procedures.test_editing import SAMPLES, SOURCES
from yinuo.kit import actors
from yinuo.procedures import models
from yinuo.procedures.actions import drafting, publishing
from yinuo.procedures.definition import keys
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.forms.sheets import controls, opening
from yinuo.procedures.queries import definitions, drafts, trials


@pytest.fixture
def zhou(company: cast.Company, signed_in: Any) -> Client:
    client: Client = signed_in("zhou")
    return client


@pytest.fixture
def draft(story: Story) -> models.Draft:
    return drafting.start(procedure=definitions.procedures().get(key="small"), by=story.company.zhou, now=NOW)


def address(draft: models.Draft, part: str = "") -> str:
    return f"/procedures/drafts/{draft.pk}{part}"


def send(client: Client, draft: models.Draft, do: str, *path: str | int, **more: Any) -> Any:
    values = {"version": draft.version, "do": do, "path": json.dumps(list(path)), "at": '["card"]', **more}
    response = client.post(address(draft, "/edit"), values, headers={"hx-request": "true"})
    draft.refresh_from_db()
    return response


def places(content: dict[str, Any]) -> Iterator[Path]:
    """Everything that can be selected."""
    yield from (("card",), ("words",))
    yield from (("forms", at) for at in range(len(content["forms"])))
    for path, block in keys.blocks_in(content["flow"]):
        yield path
        yield from (flow[:-1] for flow, _members in keys.flows_of(block, path) if "branches" in flow)


@pytest.mark.parametrize("content", SAMPLES)
@pytest.mark.django_db
def test_every_place_has_its_sheet(content: dict[str, Any], company: cast.Company) -> None:
    seen = set()
    for path in places(content):
        sheet = opening.sheet_of(content, path, is_new=False)
        assert sheet.path == path, path
        assert sheet.sections
        seen.add(sheet.kind)
        for section in sheet.sections:
            assert section.title
            assert all(control.path for control in section.parts)
    assert {"card", "words", "task"} <= seen


def test_the_editor_shows_tree_sheet_and_chart(zhou: Client, draft: models.Draft) -> None:
    page = zhou.get(address(draft)).content.decode()
    for words in ("登记", "部门评审", "总经理", "QR-T-01", "没有问题，可以发布。", "<svg"):
        assert words in page


def test_an_edit_answers_with_everything_that_shows_it(zhou: Client, draft: models.Draft) -> None:
    response = send(zhou, draft, "set", "flow", 0, "title", "zh", value="登记要求")
    page = response.content.decode()
    assert response.status_code == 200
    assert draft.content["flow"][0]["title"]["zh"] == "登记要求"
    assert page.count("登记要求") > 3  # tree, chart, differences, table
    assert "名称：登记 → 登记要求" in page
    assert 'id="editor-sheet"' not in page


def test_an_invalid_edit_is_explained(zhou: Client, draft: models.Draft) -> None:
    page = send(zhou, draft, "amount", "flow", 0, "due", value="1.5", read_as="number").content.decode()
    page += send(zhou, draft, "unit", "flow", 0, "due", value="working_days").content.decode()
    assert "工作日只能是整数" in page
    assert "&quot;flow&quot;,0,&quot;due&quot;" in page


@pytest.mark.parametrize(
    ("do", "path", "value"),
    [("nothing", ["card"], ""), ("set", [], ""), ("shift", ["flow", 99], "1"), ("move", ["flow", 0], '{"to": 3}')],
)
def test_an_edit_that_does_not_fit_is_refused(
    zhou: Client, draft: models.Draft, do: str, path: list[Any], value: str
) -> None:
    response = send(zhou, draft, do, *path, value=value, read_as="json")
    assert response.status_code == 409
    assert draft.version == 1


def test_a_stale_edit_is_told_by_whom(zhou: Client, draft: models.Draft) -> None:
    send(zhou, draft, "set", "card", "number", value="QP-1")
    response = send(zhou, draft, "set", "card", "number", value="QP-2", version="1")
    assert response.status_code == 409
    assert "周华" in response.content.decode()


# An address with a zero byte is none (404).
letters = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
WORDS = ["[]", "{}", '["flow",0]', '["forms",0,"fields",1]', "null", '"task"']
texts = st.text(letters, max_size=30) | st.sampled_from(WORDS)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["set", "who", "move", "keyed", "rename", "undo", "x"]), texts, texts, texts)
def test_nothing_that_is_sent_breaks_it(
    zhou: Client, draft: models.Draft, do: str, path: str, value: str, read_as: str
) -> None:
    values = {"version": draft.version, "do": do, "path": path, "at": value, "value": value, "read_as": read_as}
    response = zhou.post(address(draft, "/edit"), values, headers={"hx-request": "true"})
    draft.refresh_from_db()
    assert response.status_code in (200, 409)
    assert zhou.get(address(draft), {"at": value}).status_code == 200


def test_trying_out_writes_nothing(zhou: Client, draft: models.Draft) -> None:
    before = (models.Run.objects.count(), models.Task.objects.count())
    page = zhou.get(address(draft, "/try"), {"start": "2026-03-02T09:00"}).content.decode()
    assert "周华" in page
    assert "03-02 09:00" in page
    assert "推演结果" not in zhou.get(address(draft, "/try"), {"about": "x:1"}).content.decode()
    assert (models.Run.objects.count(), models.Task.objects.count()) == before


@pytest.mark.parametrize(
    ("name", "subject", "known"),
    [
        ("cases.owner", "cases.case", True),
        ("cases.owner", "customers.customer", False),
        ("cases.is_safety", trials.INVENTED, False),
        ("customers.window", "cases.case", True),
        ("customers.window", "customers.project", True),
        ("projects.role", "customers.project", True),
        ("procedures.starter", trials.INVENTED, True),
    ],
)
def test_rooms_above_a_subject_are_not_asked_about_it(name: str, subject: str, known: bool) -> None:
    assert trials.is_known_to(name, subject) is known


def test_trying_out_waits_for_mistakes_to_be_mended(zhou: Client, draft: models.Draft) -> None:
    send(zhou, draft, "set", "flow", 0, "form", value="nothing")
    assert "请先改正" in zhou.get(address(draft, "/try")).content.decode()
    assert "disabled" in zhou.get(address(draft, "/publish")).content.decode()


def test_text_goes_out_and_comes_in(zhou: Client, draft: models.Draft) -> None:
    text = zhou.get(address(draft, "/yaml")).content.decode()
    assert text == drafts.text_of(draft)
    changed = text.replace("zh: 登记,", "zh: 登记受理,", 1).replace("zh: 登记\n", "zh: 登记受理\n", 1)
    response = zhou.post(address(draft, "/read"), {"version": draft.version, "source": changed})
    assert response.status_code == 302
    draft.refresh_from_db()
    assert "登记受理" in str(draft.content)
    response = zhou.post(address(draft, "/read"), {"version": draft.version, "source": "key: x"})
    assert response.status_code == 422


def test_a_new_procedure_begins_from_a_text_or_as_a_copy(zhou: Client, small: models.Edition) -> None:
    text = SOURCES["s4"].read_text("utf-8")
    response = zhou.post("/procedures/drafts/text", {"source": text})
    assert models.Draft.objects.get().content["key"] == "s4"
    assert response["Location"] == models.Draft.objects.get().get_absolute_url()
    form = zhou.get("/procedures/drafts/new").content.decode()
    once = form.split('name="once" value="')[1].split('"')[0]
    values = {"once": once, "title": "新程序", "number": "QP-9", "copied": small.procedure_id}
    assert zhou.post("/procedures/drafts/new", values).status_code == 302
    assert zhou.post("/procedures/drafts/new", values).status_code == 302
    assert models.Draft.objects.count() == 2


def test_only_who_may_publish_sees_drafts(draft: models.Draft, signed_in: Any) -> None:
    lina = signed_in("lina")
    for part in ("", "/sheet", "/yaml", "/try", "/publish", "/read", "/discard"):
        assert lina.get(address(draft, part)).status_code == 403
    assert "QP-T-01 小程序 A/1" not in lina.get("/procedures/").content.decode()


def test_a_draft_that_is_over_is_gone(zhou: Client, draft: models.Draft) -> None:
    response = zhou.post(
        address(draft, "/discard"), {"version": draft.version, "reason": "x"}, headers={"hx-request": "true"}
    )
    assert response["HX-Redirect"] == "/procedures/"
    assert zhou.get(address(draft)).status_code == 404


def test_runs_are_moved_from_their_list(zhou: Client, draft: models.Draft, story: Story) -> None:
    source = drafts.text_of(draft)
    publishing.publish(
        source=source, file="x", by=story.company.zhou, now=story.now, reason="x",
        proof=proof(story.company.zhou, story.now),
    )  # fmt: skip
    page = zhou.get("/procedures/of/small/runs").content.decode()
    assert "CSR-T-7" in page
    run = story.fresh()
    assert zhou.post("/procedures/of/small/runs", {"run": f"{run.pk}:{run.version}"}).status_code == 422
    values = {"run": [f"{run.pk}:{run.version}", "x:y", "9:9"], "reason": "换版"}
    assert zhou.post("/procedures/of/small/runs", values).status_code == 302
    assert story.fresh().edition.label == "A/1"
    assert zhou.post("/procedures/of/small/runs", {"reason": "换版"}).status_code == 409


def test_the_training_procedure_is_one_of_the_shipped(company: cast.Company) -> None:
    published = publishing.load_library(by=actors.PROGRAM, now=NOW)
    assert {edition.procedure.key for edition in published} >= {"s5", "adopt"}
    assert controls.read_path(controls.spoken(("flow", 0, "title"))) == ("flow", 0, "title")
