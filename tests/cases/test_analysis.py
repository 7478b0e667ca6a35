"""Analysis by several people, each of what they are competent in."""

from datetime import date

import pytest

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.actions import judging, opening
from yinuo.customers import models as customers
from yinuo.kit import refusals
from yinuo.notify import models as notify


@pytest.fixture
def mixed(working: cast.Company, svw: customers.Customer) -> Story:
    """A technical and a commercial item, receipt confirmed; 王强 knows the one, 周华 the other."""
    stories.skill("commercial", "商务", working.zhou)
    items = [
        opening.NewItem(text=stories.SALT, kind="technical"),
        opening.NewItem(text="试验费用由供方承担。", kind="commercial"),
    ]
    story = Story(working, stories.open_case(working, svw, items=items))
    story.accept()
    story.acknowledge()
    return story


def sure(item: models.Item, **more: object) -> judging.Analysis:
    return judging.Analysis(item=item, is_authentic=True, is_feasible=True, is_reasonable=True, **more)


def submit_first(story: Story) -> None:
    """王强 fills in the line of the first item only."""
    line = {"item": story.item(1).pk, "authentic": True, "feasible": True, "reasonable": True, "words": ""}
    data = {"items": [line], "clarity": "clear", "departments": ["department:quality"], "findings": "可行"}
    story.submit("wang", "analyse", data=data)


def test_two_people_analyse_one_case(mixed: Story) -> None:
    with pytest.raises(judging.CannotJudge) as refused:
        submit_first(mixed)
    assert "第 2 项（周华）" in str(refused.value)
    assert mixed.item(1).analysed_at is None, "what is refused leaves nothing behind"
    with pytest.raises(judging.NotCompetent):
        judging.analyse(case=mixed.case, analyses=[sure(mixed.item(2))], by=mixed.person("wang"), now=mixed.tick())
    judging.analyse(case=mixed.case, analyses=[sure(mixed.item(2))], by=mixed.person("zhou"), now=mixed.tick())
    submit_first(mixed)
    assert [(mixed.item(n).analysed_by.name, mixed.item(n).analysed_as) for n in (1, 2)] == [
        ("王强", "技术"),
        ("周华", "商务"),
    ]
    assert mixed.steps() == ["departments"]


def test_who_must_analyse_the_rest_is_told_when_the_step_opens(mixed: Story) -> None:
    told = {message.person.name for message in notify.Message.objects.filter(kind="analysis_wanted")}
    assert told == {"王强", "周华"}, "the step is offered to both, each is asked for their own"


def test_an_item_is_analysed_in_a_dialog_on_the_version_seen(mixed: Story, signed_in) -> None:
    item = mixed.item(2)
    url = f"{mixed.case.get_absolute_url()}items/2/analyse/"
    client = signed_in("zhou")
    assert "商务" in client.get(url).content.decode()
    said = {"is_authentic": "yes", "is_feasible": "no", "is_reasonable": "yes", "words": "", "version": item.version}
    assert client.post(url, said).status_code == 422, "why it is not feasible is to be said"
    assert client.post(url, {**said, "words": "费用超出报价"}).status_code == 302
    assert (mixed.item(2).is_feasible, mixed.item(2).analysis) == (False, "费用超出报价")
    with pytest.raises(refusals.Stale):
        judging.analyse(
            case=mixed.case, analyses=[sure(item, expected=item.version)], by=mixed.person("zhou"), now=mixed.tick()
        )


def test_an_analysis_without_competence_on_record_shows_it(working, svw, signed_in) -> None:
    story = Story(working, stories.open_case(working, svw, items=[opening.NewItem(text="x", kind="delivery")]))
    story.accept()
    story.acknowledge()
    story.analyse("chen")
    assert story.item(1).analysed_as == ""
    for page in ("", "print/"):
        assert "无资质记录" in signed_in("lina").get(f"{story.case.get_absolute_url()}{page}").content.decode()


@pytest.mark.parametrize("quantity", [-1, -(10**40), 2**31, 10**40])
def test_a_quantity_that_no_pieces_have_is_refused(story: Story, quantity: int) -> None:
    item = story.item(1)
    said = {"reason": "工艺限制", "alternative": "600 h", "by": story.person("wang"), "now": story.now}
    with pytest.raises(judging.CannotJudge) as refused:
        judging.propose(item=item, asked_quantity=quantity, expected=item.version, **said)
    assert refused.value.field == "quantity"


def test_an_alternative_keeps_for_how_long_it_is_asked(story: Story) -> None:
    story.accept()
    story.acknowledge()
    story.analyse("wang", feasible=[True, True, False])
    story.opine("zhou", "quality", "can", "can", "cannot")
    story.plan("wang", ("更换钝化液", "wang", 1))
    third = story.item(3)
    data = {"reason": "周期不足", "alternative": "提前三天", "valid_until": "2026-06-30", "quantity": 500}
    story.submit("wang", "explain", key=third.pk, data=data)
    third = story.item(3)
    assert (third.asked_until_on, third.asked_quantity) == (date(2026, 6, 30), 500)
