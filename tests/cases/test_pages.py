"""Pages through the Django client: what is shown, what is refused, what it costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.customers import models as customers
from yinuo.kit import once
from yinuo.procedures import models as procedures

SignIn = Callable[[str], Client]


def intake(svw: customers.Customer, **more: Any) -> dict[str, Any]:
    """What the intake form sends."""
    return {
        "once": once.new_key(),
        "customer": svw.pk,
        "title": "盐雾试验要求提高到 720 h",
        "channel": "mail",
        "said_by": "沈工",
        "notified_at": "2026-03-02T09:00",
        "items-n0-text": stories.SALT,
        "items-n0-kind": "technical",
        "items-n0-applies": "customer",
        "items-n1-text": stories.REPORT,
        "items-n1-kind": "quality",
        "items-n1-applies": "customer",
        **more,
    }


def test_a_request_is_registered_by_form_once(
    working: cast.Company, svw: customers.Customer, signed_in: SignIn
) -> None:
    client, said = signed_in("lina"), intake(svw)
    first = client.post(reverse("cases:case_new"), said)
    assert first.status_code == 302, first.context["form"].errors
    case = models.Case.objects.get()
    assert first["Location"] == case.get_absolute_url()
    assert [item.kind for item in case.items.all()] == ["technical", "quality"]
    again = client.post(reverse("cases:case_new"), said)
    assert again["Location"] == case.get_absolute_url()
    assert models.Case.objects.count() == 1


def test_faults_stand_at_their_fields_and_the_input_stays(working, svw, signed_in) -> None:
    said = intake(svw, **{"title": "", "items-n0-kind": ""})
    answer = signed_in("lina").post(reverse("cases:case_new"), said)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"title", "items"}
    assert stories.SALT in answer.content.decode()


def test_lines_added_on_the_page_count(working, svw, signed_in) -> None:
    more = {
        f"items-n{n}-{key}": value
        for n in (5, 12)
        for key, value in {"text": f"第 {n} 条", "kind": "delivery", "applies": "customer"}.items()
    }
    answer = signed_in("lina").post(reverse("cases:case_new"), intake(svw, **more))
    assert answer.status_code == 302
    assert [item.text for item in models.Case.objects.get().items.all()] == [
        stories.SALT,
        stories.REPORT,
        "第 5 条",
        "第 12 条",
    ]


def test_a_pasted_text_is_split_into_items(working, svw, signed_in) -> None:
    answer = signed_in("lina").post(reverse("cases:items_split"), {"text": f"1. {stories.SALT}\n2、{stories.REPORT}"})
    words = answer.content.decode()
    assert stories.SALT in words
    assert 'name="items-n1-text"' in words


def test_similar_cases_and_lessons_are_shown_while_typing(story: Story, signed_in: SignIn) -> None:
    models.Lesson.objects.create(
        title="镀锌件报价",
        text="先确认钝化工艺",
        kind="technical",
        family="支架",
        written_by=story.company.wang,
        written_at=story.now,
    )
    answer = signed_in("lina").post(reverse("cases:case_similar"), {"title": "镀锌件盐雾试验时间提高", "text": ""})
    assert story.case.number in answer.content.decode()


PAGES = [
    "case",
    "case_talks",
    "case_like",
    "case_people",
    "case_print",
    "case_correct",
    "case_rank",
    "case_give",
    "case_hold",
    "case_terminate",
    "item_add",
    "sample_keep",
    "feedback_record",
    "feedback_give_up",
    "link_make",
    "lesson_write",
]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_a_case_open(story: Story, signed_in: SignIn, name: str) -> None:
    answer = signed_in("zhao").get(reverse(f"cases:{name}", args=[story.case.number]))
    assert answer.status_code == 200
    assert signed_in("zhao").get(reverse(f"cases:{name}", args=["CSR-2026-9999"])).status_code == 404


@pytest.mark.parametrize("name", ["amend", "judge", "answer", "verify", "withdraw", "confirm"])
def test_dialogs_of_an_item_open(story: Story, signed_in: SignIn, name: str) -> None:
    assert signed_in("wang").get(reverse(f"cases:item_{name}", args=[story.case.number, 1])).status_code == 200
    assert signed_in("wang").get(reverse(f"cases:item_{name}", args=[story.case.number, 99])).status_code == 404


@pytest.mark.parametrize("name", ["cases", "case_new", "lessons", "convention"])
def test_pages_of_the_room_open(story: Story, signed_in: SignIn, name: str) -> None:
    assert signed_in("zhou").get(reverse(f"cases:{name}")).status_code == 200


def test_two_people_amend_at_once_and_one_is_told(story: Story, signed_in: SignIn) -> None:
    url = reverse("cases:item_amend", args=[story.case.number, 1])
    said = {"channel": "mail", "said_by": "沈工", "reason": "来函", "version": story.item(1).version}
    assert signed_in("wang").post(url, {**said, "text": "1000 h"}).status_code == 302
    late = signed_in("sun").post(url, {**said, "text": "960 h"})
    assert late.status_code == 422
    assert "960 h" in late.content.decode()
    assert story.item(1).text == "1000 h"


def test_the_list_costs_the_same_at_one_and_thirty_rows(working, svw, signed_in) -> None:
    client, url = signed_in("zhao"), reverse("cases:cases")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    stories.open_case(working, svw)
    cost()
    one = cost()
    for _ in range(29):
        stories.open_case(working, svw)
    assert cost() == one


def test_a_case_page_costs_few_queries_whatever_it_holds(story: Story, signed_in: SignIn) -> None:
    client, url = signed_in("zhao"), story.case.get_absolute_url()

    def cost() -> tuple[int, str]:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured), "\n".join(query["sql"][:120] for query in captured)

    cost()
    before, told = cost()
    assert before <= 22, told
    story.accept()
    story.acknowledge()
    story.analyse()
    story.opine("zhou", "quality", "can", "can", "can")
    story.plan("wang", ("更换钝化液", "wang", 1), ("第三方检测", "sun", 2))
    assert cost()[0] <= before + 2


def test_lists_filter_and_sort(story: Story, signed_in: SignIn) -> None:
    client, url = signed_in("zhao"), reverse("cases:cases")
    for query, found in (
        ({"state": "new"}, True),
        ({"state": "archived"}, False),
        ({"state": "open"}, True),
        ({"kind": "technical"}, True),
        ({"kind": "delivery"}, False),
        ({"customer": "上汽"}, True),
        ({"customer": "一汽"}, False),
        ({"number": "csr-2026"}, True),
        ({"priority": "safety"}, False),
        ({"priority": "3"}, True),
        ({"owner": str(story.company.wang.pk)}, True),
        ({"owner": "x"}, True),
        ({"sort": "due"}, True),
        ({"sort": "nonsense", "after": "%%%"}, True),
    ):
        assert (story.case.number in client.get(url, query).content.decode()) is found, query


def test_the_strip_leads_to_the_swim_lanes(story: Story, signed_in: SignIn) -> None:
    client, case = signed_in("lina"), story.case
    run = procedures.Run.objects.get(subject_type=case.subject_type, subject_id=case.pk)
    chart = reverse("procedures:run_chart", args=[run.pk])
    page = client.get(case.get_absolute_url()).content.decode()
    strip = page.partition('<div class="flow"')[2].partition("</div>")[0]
    assert strip.count(f'<a class="flow-title" href="{chart}">') == strip.count("<li") > 5
    lanes = client.get(chart).content.decode()
    assert "<svg" in lanes
    assert '<a class="flow-title"' not in lanes, "there it leads nowhere"
