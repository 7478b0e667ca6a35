"""Drafts: shared, versioned, taken back, read in, published with signature and training, discarded."""

from typing import Any

import pytest

from tests import cast
from tests.procedures.conftest import NOW, REGISTERED, Story, proof
from yinuo.kit import refusals
from yinuo.procedures import models
from yinuo.procedures.actions import drafting, moving, publishing, signing
from yinuo.procedures.definition import editing, starting
from yinuo.procedures.queries import definitions, drafts, runs
from yinuo.procedures.queries import moving as movings
from yinuo.records import models as records


@pytest.fixture
def draft(story: Story) -> models.Draft:
    procedure = definitions.procedures().get(key="small")
    return drafting.start(procedure=procedure, by=story.company.zhou, now=NOW)


def edit(draft: models.Draft, do: str, *path: str | int, value: Any = None, by: Any = None) -> Any:
    return drafting.edit(
        draft=draft, do=editing.Edit(do=do, path=path, value=value), by=by or draft.started_by, now=NOW,
        expected=draft.version,
    )  # fmt: skip


def add_check(draft: models.Draft) -> None:
    """One more countersigning department, before the approval."""
    edit(draft, "add", "flow", 1, value="opinions")
    edit(draft, "set", "flow", 2, "title", "zh", value="生产部会签")
    edit(draft, "insert", "flow", 2, "ask", value={"department": ""})
    edit(draft, "who", "flow", 2, "ask", 0, value={"department": "production"})


def publish(draft: models.Draft, story: Story, **more: Any) -> models.Edition:
    now = story.tick()
    values: dict[str, Any] = {"departments": [], "owner_post": draft.owner_post, **more}
    return drafting.publish(
        draft=draft, reason="增加会签", proof=proof(draft.started_by, now), by=draft.started_by, now=now,
        expected=draft.version, **values,
    )  # fmt: skip


def test_a_draft_begins_as_the_edition_in_force_under_the_next_label(draft: models.Draft) -> None:
    judged = drafts.judged(draft)
    assert draft.label == "A/1"
    assert judged.faults == ()
    assert [each.kind for each in judged.different or ()] == ["changed"]


def test_a_procedure_has_one_draft_that_all_share(draft: models.Draft, story: Story) -> None:
    again = drafting.start(procedure=draft.procedure, by=story.company.zhou, now=NOW)
    assert again.pk == draft.pk


def test_only_who_may_publish_may_draft(draft: models.Draft, story: Story) -> None:
    lina = story.company.lina
    with pytest.raises(refusals.NotAllowed):
        drafting.start(procedure=draft.procedure, by=lina, now=NOW)
    with pytest.raises(refusals.NotAllowed):
        edit(draft, "set", "card", "number", value="X", by=lina)
    with pytest.raises(refusals.NotAllowed):
        drafting.discard(draft=draft, reason="x", by=lina, now=NOW, expected=draft.version)


def test_the_second_of_two_editors_is_told_by_whom(draft: models.Draft) -> None:
    seen = draft.version
    edit(draft, "set", "card", "number", value="QP-T-02")
    with pytest.raises(refusals.Stale, match="周华"):
        drafting.edit(
            draft=draft, do=editing.Edit(do="set", path=("card", "number"), value="QP-T-03"), by=draft.started_by,
            now=NOW, expected=seen,
        )  # fmt: skip
    assert models.Draft.objects.get().number == "QP-T-02"


def test_every_edit_can_be_taken_back_and_made_again(draft: models.Draft) -> None:
    was = draft.content
    add_check(draft)
    now = draft.content
    for _time in range(4):
        drafting.undo(draft=draft, by=draft.started_by, now=NOW, expected=draft.version)
    assert draft.content == was
    with pytest.raises(drafting.CannotDraft):
        drafting.undo(draft=draft, by=draft.started_by, now=NOW, expected=draft.version)
    for _time in range(4):
        drafting.redo(draft=draft, by=draft.started_by, now=NOW, expected=draft.version)
    assert draft.content == now
    with pytest.raises(drafting.CannotDraft):
        drafting.redo(draft=draft, by=draft.started_by, now=NOW, expected=draft.version)


def test_edits_stand_in_the_trail_once_each(draft: models.Draft) -> None:
    for words in ("甲", "甲乙", "甲乙丙"):
        edit(draft, "set", "flow", 0, "title", "zh", value=words)
    edit(draft, "amount", "flow", 0, "due", value=8)
    entries = records.Entry.objects.filter(word="procedures.draft.edited", subject_id=draft.pk)
    assert entries.count() == 2


def test_a_step_shows_the_department_of_whoever_is_asked(draft: models.Draft) -> None:
    add_check(draft)
    assert draft.content["flow"][2]["duty"]["zh"] == "生产部"
    edit(draft, "set", "flow", 2, "duty", "zh", value="制造")
    edit(draft, "who", "flow", 2, "ask", 0, value={"department": "quality"})
    assert draft.content["flow"][2]["duty"]["zh"] == "制造"


def test_a_fact_of_a_room_brings_its_words(draft: models.Draft) -> None:
    edit(draft, "wrap", "flow", 2, value="choice")
    edit(draft, "set", "flow", 2, "table", "rows", 0, "when", 0, 0, value="cases.is_safety")
    assert draft.content["facts"]["cases.is_safety"]["title"]["zh"]


def test_mistakes_lead_to_their_place(draft: models.Draft) -> None:
    edit(draft, "set", "flow", 0, "form", value="nothing")
    edit(draft, "set", "forms", 0, "number", value="")
    found = {(fault.at, fault.path) for fault in drafts.judged(draft).faults}
    assert found == {(("flow", 0), ("flow", 0, "form")), (("forms", 0), ("forms", 0, "number"))}
    with pytest.raises(drafting.CannotDraft):
        edit(draft, "set", "flow", value="nothing")


def test_what_has_mistakes_cannot_be_published(draft: models.Draft, story: Story) -> None:
    edit(draft, "set", "flow", 0, "form", value="nothing")
    with pytest.raises(publishing.CannotPublish, match="nothing"):
        publish(draft, story)
    assert models.Edition.objects.filter(procedure=draft.procedure).count() == 1


def test_publishing_is_signed_and_new_runs_meet_the_new_step(draft: models.Draft, story: Story) -> None:
    add_check(draft)
    with pytest.raises(signing.SignatureMissing):
        drafting.publish(
            draft=draft, reason="x", proof=None, departments=[], owner_post=None, by=draft.started_by, now=NOW,
            expected=draft.version,
        )  # fmt: skip
    edition = publish(draft, story)
    assert (edition.label, models.Signature.objects.get(edition=edition).person) == ("A/1", draft.started_by)
    draft.refresh_from_db()
    assert draft.ended_at is not None
    assert draft.edition == edition
    assert drafts.draft_of(draft.pk) is None
    with pytest.raises(drafting.CannotDraft):
        edit(draft, "set", "card", "number", value="X")
    titles = [
        step.get("title", {}).get("zh") for step in definitions.editions_of(edition.procedure)[0].definition["flow"]
    ]
    assert "生产部会签" in titles


def test_the_heads_of_the_departments_are_to_train_them(draft: models.Draft, story: Story) -> None:
    edition = publish(draft, story, departments=[story.company.department["production"]])
    task = models.Task.objects.get(run__procedure__key="adopt", step="train")
    assert (task.subject_type, task.subject_id) == ("procedures.edition", edition.pk)
    assert story.mine("wu") == ["train"]


def test_departments_concerned_are_those_with_work(story: Story) -> None:
    edition = models.Edition.objects.get(procedure__key="small")
    found = [each.code for each in drafts.concerned(definitions.definition_of(edition))]
    assert {"engineering", "quality", "sales"} <= set(found)
    assert "production" not in found


def test_live_runs_are_moved_together_with_one_reason(draft: models.Draft, story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    add_check(draft)
    edition = publish(draft, story)
    zhou = story.company.zhou
    procedure = definitions.procedures().get(key="small")
    [found] = movings.movable(procedure, zhou)
    assert found.run == story.run
    assert found.refusals == ()
    with pytest.raises(moving.NothingChosen):
        moving.move_runs(runs=[], edition=edition, reason="换版", by=zhou, now=story.tick())
    moved = moving.move_runs(
        runs=[(found.run, found.run.version), (found.run, found.run.version)], edition=edition, reason="换版", by=zhou,
        now=story.tick(),
    )  # fmt: skip
    assert [run.pk for run in moved.moved] == [story.run.pk]
    assert len(moved.stayed) == 1
    assert movings.movable(procedure, zhou) == []
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    assert story.open_steps() == ["opinions_1"]
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


def test_a_run_that_cannot_be_moved_says_why(draft: models.Draft, story: Story) -> None:
    edit(draft, "cut", "flow", 0)
    edit(draft, "then", "flow", 1, "outcomes", 1, value={})
    publish(draft, story)
    [found] = movings.movable(definitions.procedures().get(key="small"), story.company.zhou)
    assert "登记" in found.refusals[0].zh


def test_a_text_is_read_in_with_its_mistakes_and_taken_back(draft: models.Draft) -> None:
    was = draft.content
    text = drafts.text_of(draft).replace("post: general_manager", "post: emperor")
    faults = drafting.read_in(draft=draft, source=text, by=draft.started_by, now=NOW, expected=draft.version)
    assert any("emperor" in fault.words.zh for fault in faults)
    drafting.undo(draft=draft, by=draft.started_by, now=NOW, expected=draft.version)
    assert draft.content == was


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("format: 1\nkey: other\ncard: {}\nflow: []\n", drafting.CannotDraft),
        ("format: 1\nkey: small\nflow: nothing\n", publishing.CannotPublish),
        (": [", publishing.CannotPublish),
    ],
)
def test_what_is_no_text_of_this_procedure_is_refused(draft: models.Draft, text: str, refusal: type) -> None:
    was = draft.content
    with pytest.raises(refusal):
        drafting.read_in(draft=draft, source=text, by=draft.started_by, now=NOW, expected=draft.version)
    assert models.Draft.objects.get().content == was


def test_text_out_and_in_again_changes_nothing(draft: models.Draft) -> None:
    add_check(draft)
    content, faults = drafts.content_of(drafts.text_of(draft))
    assert faults == ()
    assert content == draft.content


def test_a_new_procedure_begins_blank_or_as_a_copy(company: cast.Company, small: models.Edition) -> None:
    blank = drafting.start(content=starting.blank(drafts.free_key(), "QP-9", "新"), by=company.zhou, now=NOW)
    assert {fault.path for fault in drafts.judged(blank).faults} == {("flow", 0, "who")}
    copied = drafting.start(content=drafts.copy_of(small, drafts.free_key(), "QP-8", "抄"), by=company.zhou, now=NOW)
    assert copied.content["key"] != blank.content["key"]
    assert drafts.judged(copied).faults == ()
    assert drafts.judged(copied).different is None


def test_a_draft_given_up_leaves_room_for_the_next(draft: models.Draft) -> None:
    with pytest.raises(drafting.CannotDraft):
        drafting.discard(draft=draft, reason=" ", by=draft.started_by, now=NOW, expected=draft.version)
    drafting.discard(draft=draft, reason="重来", by=draft.started_by, now=NOW, expected=draft.version)
    again = drafting.start(procedure=draft.procedure, by=draft.started_by, now=NOW)
    assert again.pk != draft.pk
