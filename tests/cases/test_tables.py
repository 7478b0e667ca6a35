"""Tables in forms: what was kept of a draft is shown again."""

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.forms import steps, tables


@pytest.mark.parametrize("chosen", ["yes", "no"])
def test_yes_and_no_of_a_draft_are_chosen_again(chosen: str) -> None:
    choice = forms.ChoiceField(choices=tables.YES_NO, label="真实")
    field = tables.TableField([tables.Line(key="7", number="1", fixed={"item": 7})], {"authentic": choice})
    kept = field.clean({"7": {"authentic": chosen}})
    shown = field.widget.render("items", field.prepare_value(kept))
    assert f'<option value="{chosen}" selected>' in shown


def test_an_incomplete_table_is_kept_as_a_draft_and_shown_again(story: Story, signed_in) -> None:
    story.accept()
    story.acknowledge()
    task, item = story.task("analyse"), story.item(1)
    data = {"version": task.version, f"f-items-{item.pk}-authentic": "yes", f"f-items-{item.pk}-words": "待查"}
    answer = signed_in("wang").post(reverse("procedures:task_draft", args=[task.pk]), data)
    assert answer.status_code == 200
    task.refresh_from_db()
    assert {key: task.draft["items"][0][key] for key in ("item", "authentic", "words")} == {
        "item": item.pk,
        "authentic": "yes",
        "words": "待查",
    }
    page = signed_in("wang").get(reverse("procedures:task_form", args=[task.pk])).content.decode()
    assert "待查" in page
    assert '<option value="yes" selected>' in page


def test_a_submitted_table_becomes_the_items_analysis(story: Story, signed_in) -> None:
    story.accept()
    story.acknowledge()
    task = story.task("analyse")
    data = {"version": task.version, "f-clarity": "clear", "f-departments": "department:quality", "f-findings": "可行"}
    for item in story.case.items.all():
        data |= {f"f-items-{item.pk}-{part}": "yes" for part in ("authentic", "feasible", "reasonable")}
    first = story.item(1)
    wrong = {**data, f"f-items-{first.pk}-feasible": "no"}
    answer = signed_in("wang").post(reverse("procedures:task_submit", args=[task.pk]), wrong)
    assert answer.status_code == 422
    assert signed_in("wang").post(reverse("procedures:task_submit", args=[task.pk]), data).status_code == 302
    assert (story.item(1).is_feasible, story.item(3).analysed_by) == (True, story.company.wang)


def test_plan_lines_left_empty_drop_what_was_planned(story: Story) -> None:
    measure = models.Measure.objects.create(
        case=story.case, position=1, what="更换钝化液", person=story.company.wang, due_on="2026-03-20"
    )
    field = steps.PlanField(story.case.pk)
    raw = QueryDict(mutable=True)
    raw.update({f"f-m{measure.pk}-what": "", "f-n7-what": "新措施", "f-n7-person": str(story.company.sun.pk),
                "f-n7-due_on": "2026-03-27", "f-n7-item": ""})  # fmt: skip
    lines = field.clean(field.widget.value_from_datadict(raw, {}, "f"))
    assert [(line["measure"], line["what"], line["person"]) for line in lines] == [
        (None, "新措施", story.company.sun.pk)
    ]
    raw["f-n7-person"] = "999999"
    with pytest.raises(forms.ValidationError):
        field.clean(field.widget.value_from_datadict(raw, {}, "f"))


def test_a_plan_made_again_shows_an_issued_action_once(story: Story) -> None:
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can", "can", "can")
    story.plan("wang", ("更换钝化液", "wang", 1))
    submitted = story.tasks(step="plan").get().data["actions"]
    draft = [*submitted, {**submitted[0], "what": "培训班组"}]
    shown = steps.PlanField(story.case.pk).prepare_value(draft)
    assert [line["what"] for line in shown.values()] == ["培训班组"]


def test_a_reply_released_again_is_the_one_drafted_again(story: Story, signed_in) -> None:
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can", "can", "can")
    story.plan("wang", ("更换钝化液", "wang", 1))
    story.implement_and_verify()
    story.submit("wang", "draft_reply", data={"body": "第一稿"})
    story.submit("lina", "release_reply", outcome="revise", data={"body": "第一稿"}, condition="请附数据")
    story.submit("wang", "draft_reply", data={"body": "第二稿"})
    page = (
        signed_in("lina").get(reverse("procedures:task_form", args=[story.task("release_reply").pk])).content.decode()
    )
    assert "第二稿" in page
    assert "第一稿" not in page


def test_more_lines_than_fit_are_refused_and_none_is_dropped() -> None:
    """A hundred pasted lines and one: a sentence says so, and all are still on the page."""
    field = tables.TableField([tables.Line(key="n0", is_new=True)], {"text": forms.CharField(label="要求内容")})
    raw = QueryDict(mutable=True)
    for at in range(tables.MOST_LINES + 1):
        raw[f"items-n{at}-text"] = f"要求 {at}"
    value = field.widget.value_from_datadict(raw, {}, "items")
    with pytest.raises(forms.ValidationError, match="101"):
        field.clean(value)
    assert "要求 100" in field.widget.render("items", value)
    raw["items-n100-text"] = ""
    assert len(field.clean(field.widget.value_from_datadict(raw, {}, "items"))) == tables.MOST_LINES


def test_a_draft_of_many_new_actions_is_shown_whole(story: Story) -> None:
    kept = [{"measure": None, "what": f"措施 {at}", "person": None, "due_on": ""} for at in range(12)]
    field = steps.PlanField(story.case.pk)
    shown = field.widget.render("plan", field.prepare_value(kept))
    assert all(line["what"] in shown for line in kept)
