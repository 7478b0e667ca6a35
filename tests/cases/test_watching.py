"""What runs out is told to whom it concerns, once."""

from datetime import date, timedelta

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import models
from yinuo.cases.actions import judging, samples, watching
from yinuo.customers import models as customers
from yinuo.kit import actors
from yinuo.notify import models as notify


def told(kind: str) -> list[str]:
    return sorted(notify.Message.objects.filter(kind=kind).values_list("person__name", flat=True))


def visit(story: Story, **later: float) -> int:
    return watching.tell_what_runs_out(by=actors.PROGRAM, now=story.tick(**later))


def test_oral_words_not_confirmed_in_time_are_told_to_the_window_once(
    working: cast.Company, svw: customers.Customer
) -> None:
    story = Story(working, stories.open_case(working, svw, channel="phone", is_oral=True))
    assert visit(story, days=7) == 0
    assert visit(story, days=1) == 1
    assert visit(story, days=1) == 0
    assert told("oral_overdue") == ["李娜"]


def test_a_waiver_near_its_end_is_told_to_owner_and_window(story: Story) -> None:
    by, item = story.person("wang"), story.item(1)
    judging.propose(item=item, reason="工艺限制", alternative="600 h", by=by, now=story.now, expected=1)
    judging.record_answer(
        item=item,
        answer="waived",
        answer_by="沈工",
        answer_on=date(2026, 3, 2),
        waived_until_on=date(2026, 3, 31),
        by=by,
        now=story.now,
        expected=item.version,
    )
    assert visit(story, days=10) == 0
    assert visit(story, days=6) == 1
    assert visit(story, days=1) == 0
    assert told("waiver_ends") == ["李娜", "王强"]


def test_an_object_about_to_expire_is_told_to_its_keeper(story: Story) -> None:
    by = story.person("sun")
    samples.keep_sample(
        case=story.case,
        kind="colour",
        number="SB-01",
        place="色板柜",
        keeper=by,
        valid_until_on=date(2026, 3, 2) + timedelta(days=31),
        by=by,
        now=story.now,
    )
    assert visit(story) == 0
    assert visit(story, days=2) == 1
    assert told("object_expires") == ["孙丽"]
    assert models.Sample.objects.get().told_on == date(2026, 3, 4)
