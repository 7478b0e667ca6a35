"""Priority, owner, corrections, items by hand, objects, lessons, conventions: who may, and what is refused."""

from datetime import date

import pytest

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from yinuo.cases import access, models
from yinuo.cases.actions import closing, convention, items, judging, opening, planning, samples, steering
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.customers import models as customers
from yinuo.kit import refusals
from yinuo.records import models as records


def test_safety_is_lowered_only_by_who_steers_and_with_a_reason(working: cast.Company, svw: customers.Customer) -> None:
    story = Story(working, stories.open_case(working, svw, is_safety=True))
    change = {"case": story.case, "priority": models.Priority.LOW, "now": story.now, "expected": story.case.version}
    with pytest.raises(refusals.NotAllowed):
        steering.change_priority(**change, reason="已确认与安全无关", by=story.person("wang"))
    with pytest.raises(steering.CannotRank):
        steering.change_priority(**change, reason=" ", by=story.person("zhao"))
    assert story.refreshed().priority == models.Priority.TOP
    steering.change_priority(**change, reason="已确认与安全无关", by=story.person("zhao"))
    assert (story.refreshed().priority, story.case.priority_zh) == (models.Priority.LOW, "赵敏：已确认与安全无关")
    entry = records.Entry.objects.get(word="cases.case.ranked")
    assert (entry.reason, entry.note) == ("已确认与安全无关", {"lowers_safety": True})


def test_a_stale_priority_is_refused(story: Story) -> None:
    change = {"case": story.case, "reason": "x", "by": story.person("zhao"), "now": story.now, "expected": 1}
    steering.change_priority(**change, priority=models.Priority.URGENT)
    with pytest.raises(refusals.Stale):
        steering.change_priority(**change, priority=models.Priority.LOW)
    assert story.refreshed().priority == models.Priority.URGENT


def test_a_correction_ranks_anew_unless_a_person_ranked(story: Story) -> None:
    by = story.person("lina")
    steering.correct(case=story.case, by=by, now=story.now, expected=1, channel="complaint")
    assert story.refreshed().priority == models.Priority.URGENT
    steering.change_priority(
        case=story.case,
        priority=models.Priority.NORMAL,
        reason="误登记",
        by=story.person("zhao"),
        now=story.now,
        expected=story.case.version,
    )
    steering.correct(case=story.refreshed(), by=by, now=story.now, expected=story.case.version, channel="audit")
    assert story.refreshed().priority == models.Priority.NORMAL


def test_whoever_handles_may_mark_safety_but_not_unmark_it(story: Story) -> None:
    steering.correct(case=story.case, by=story.person("lina"), now=story.now, expected=1, is_safety=True)
    assert story.refreshed().priority == models.Priority.TOP
    with pytest.raises(refusals.NotAllowed):
        steering.correct(
            case=story.case, by=story.person("lina"), now=story.now, expected=story.case.version, is_safety=False
        )


def test_the_owner_is_somebody_who_may_see_it(story: Story) -> None:
    with pytest.raises(access.OutsideCircle):
        steering.change_owner(
            case=story.case, owner=story.person("outsider"), by=story.person("zhao"), now=story.now, expected=1
        )
    steering.change_owner(
        case=story.case, owner=story.person("sun"), by=story.person("zhao"), now=story.now, expected=1
    )
    assert story.refreshed().owner == story.company.sun


def test_nobody_without_a_part_changes_a_case(story: Story) -> None:
    item = story.item(1)
    by = story.person("auditor")
    with pytest.raises(refusals.NotAllowed):
        items.amend(item=item, text="x", reason="x", by=by, now=story.now, expected=1)
    with pytest.raises(refusals.NotAllowed):
        judging.judge(item=item, verdict="can", condition="", by=by, now=story.now, expected=1)
    with pytest.raises(refusals.NotAllowed):
        closing.write_lesson(case=story.case, title="x", text="x", by=by, now=story.now)
    with pytest.raises(refusals.NotAllowed):
        steering.hold(case=story.case, reason="x", by=by, now=story.now)
    with pytest.raises(refusals.NotAllowed):
        planning.keep_plan(case=story.case, lines=[], by=by, now=story.now)


def test_one_thing_more_and_one_thing_less(story: Story) -> None:
    by = story.person("lina")
    new = opening.NewItem(text="包装增加防锈纸。", kind="delivery", channel="phone", said_by="林工", is_oral=True)
    added = items.add_item(case=story.case, new=new, reason="电话补充", by=by, now=story.tick())
    wording = added.wordings.get()
    assert (added.position, wording.text, wording.channel, wording.said_by) == (4, "包装增加防锈纸。", "phone", "林工")
    assert (wording.confirmation, story.refreshed().oral) == ("waiting", "waiting")
    assert wording.confirm_due_on == story.case.oral_due_on is not None
    for position in (1, 2, 3):
        item = story.item(position)
        items.withdraw_item(item=item, reason="顾客撤回", by=by, now=story.tick(), expected=item.version)
    with pytest.raises(items.CannotAmend):
        items.withdraw_item(item=story.item(4), reason="顾客撤回", by=by, now=story.tick(), expected=added.version)
    with pytest.raises(items.CannotAmend):
        items.amend(item=story.item(1), text="x", reason="x", by=by, now=story.tick(), expected=story.item(1).version)


@pytest.mark.parametrize(("verdict", "condition"), [("conditional", ""), ("cannot", "  "), ("perhaps", "x")])
def test_a_verdict_needs_its_words(story: Story, verdict: str, condition: str) -> None:
    with pytest.raises(judging.CannotJudge):
        judging.judge(
            item=story.item(1), verdict=verdict, condition=condition, by=story.person("wang"), now=story.now, expected=1
        )


def test_a_waiver_ends(story: Story) -> None:
    by, item = story.person("wang"), story.item(1)
    judging.propose(item=item, reason="工艺限制", alternative="放宽至 600 h", by=by, now=story.now, expected=1)
    answer = {"item": item, "answer": "waived", "answer_by": "沈工", "answer_on": date(2026, 3, 2), "by": by}
    for wrong in ({}, {"waived_until_on": date(2026, 3, 1)}, {"waived_quantity": 0}):
        with pytest.raises(judging.CannotJudge):
            judging.record_answer(**answer, **wrong, now=story.now, expected=item.version)
    judging.record_answer(**answer, waived_until_on=date(2026, 9, 1), now=story.now, expected=item.version)
    assert story.item(1).waived_until_on == date(2026, 9, 1)


def test_an_object_is_kept_once_with_place_and_keeper(story: Story) -> None:
    by = story.person("sun")
    said = {
        "case": story.case,
        "kind": "sealed",
        "number": "FY-2026-018",
        "place": "样件柜 3-2",
        "keeper": by,
        "sealed_by": "沈工",
        "sealed_on": date(2026, 3, 1),
        "valid_until_on": date(2027, 3, 1),
    }
    photo = b"\x89PNG\r\n\x1a\n" + bytes(40)
    sample = samples.keep_sample(**said, photos=[("封样.png", photo)], by=by, now=story.now)
    assert records.Attachment.objects.get(subject_type="cases.sample", subject_id=sample.pk).kind == "photo"
    with pytest.raises(samples.CannotKeepSample) as refused:
        samples.keep_sample(**said, by=by, now=story.now)
    assert refused.value.field == "number"
    change = {"sample": sample, "by": by, "now": story.now, "expected": 1}
    with pytest.raises(access.OutsideCircle):
        samples.change_sample(**change, keeper=story.person("outsider"))
    samples.change_sample(**change, place="检验室", keeper=story.person("zhou"), valid_until_on=date(2028, 3, 1))
    samples.void_sample(sample=sample, reason="磨损", by=by, now=story.now, expected=2)
    assert (sample.place, sample.void_reason, sample.valid_until_on) == ("检验室", "磨损", date(2028, 3, 1))
    for wrong in ({"kind": "stone"}, {"place": " "}, {"valid_until_on": date(2026, 2, 1)}):
        with pytest.raises(samples.CannotKeepSample):
            samples.keep_sample(**{**said, "number": "FY-2026-019", **wrong}, by=by, now=story.now)


def test_a_plan_names_items_of_its_own_case(story: Story, svw: customers.Customer) -> None:
    other = stories.open_case(story.company, svw)
    line = {"what": "x", "person": story.company.wang, "due_on": date(2026, 3, 20)}
    by = story.person("wang")
    for wrong in ({"item_id": other.items.get().pk}, {"measure_id": 987}, {"what": " "}):
        with pytest.raises(planning.CannotPlan):
            planning.keep_plan(case=story.case, lines=[planning.Planned(**{**line, **wrong})], by=by, now=story.now)
    (kept,) = planning.keep_plan(case=story.case, lines=[planning.Planned(**line)], by=by, now=story.now)
    planning.keep_plan(case=story.case, lines=[], by=by, now=story.now)
    kept.refresh_from_db()
    assert kept.state == models.Measure.State.DROPPED


@pytest.mark.parametrize(
    "values",
    [
        {"number_pattern": "CSR-{year}"},
        {"priorities": {"rows": []}},
        {"due_days": {"top": -1}},
        {"due_days": {"soon": 1}},
    ],
)
def test_a_convention_that_does_not_work_is_refused(story: Story, values: dict) -> None:
    with pytest.raises(convention.CannotDecide):
        convention.change_convention(by=story.person("zhou"), now=story.now, expected=0, **values)


def test_conventions_are_for_who_steers_and_hold_for_new_cases(story: Story, svw: customers.Customer) -> None:
    with pytest.raises(refusals.NotAllowed):
        convention.change_convention(by=story.person("wang"), now=story.now, expected=0, number_pattern="T{yy}-{n:03}")
    convention.change_convention(by=story.person("zhou"), now=story.now, expected=0, number_pattern="T{yy}-{n:03}")
    with pytest.raises(refusals.Stale):
        convention.change_convention(by=story.person("zhou"), now=story.now, expected=0, oral_days=3)
    assert stories.open_case(story.company, svw).number == "T26-002"
    assert story.refreshed().number == "CSR-2026-0001"


def test_a_lesson_is_proposed_where_it_fits_until_it_is_void(story: Story) -> None:
    by = story.person("wang")
    lesson = closing.write_lesson(
        case=story.case,
        title="镀锌件盐雾",
        text="报价前确认钝化工艺",
        by=by,
        now=story.now,
        kind="technical",
        family="支架",
    )
    reader = story.person("sun")
    found = lesson_queries.lessons_fitting(reader, "另一件完全不同的事", kinds=["technical"], families=["支架"])
    assert found == [lesson]
    assert lesson_queries.lessons_fitting(reader, "镀锌件盐雾试验") == [lesson]
    closing.void_lesson(lesson=lesson, reason="工艺已改", by=by, now=story.now, expected=1)
    assert lesson_queries.lessons_fitting(reader, "镀锌件盐雾试验", kinds=["technical"], families=["支架"]) == []
