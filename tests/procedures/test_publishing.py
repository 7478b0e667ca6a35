"""Publishing editions: frozen, signed, refused with every mistake named; runs keep theirs or are moved."""

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from tests import cast
from tests.procedures.conftest import HERE, NOW, REGISTERED, Story, proof
from yinuo.kit import actors, refusals
from yinuo.procedures import models
from yinuo.procedures.actions import publishing, running, signing
from yinuo.procedures.definition import reading
from yinuo.procedures.queries import definitions, runs
from yinuo.search import queries as search

SOURCE = (HERE / "small" / "small.yaml").read_text(encoding="utf-8")
NEXT = SOURCE.replace("edition: A/0\n  title: {zh: 小程序", "edition: A/1\n  title: {zh: 小程序")


def publish(story: Story, source: str, who: str = "zhou") -> models.Edition:
    person, now = story.company.people[who], story.tick()
    return publishing.publish(
        source=source, file="small.yaml", by=person, now=now, reason="改进", proof=proof(person, now)
    )


def longer(source: str) -> str:
    """An edition with one more step before the approval."""
    extra = (
        "  - task: check\n    title: {zh: 核对, en: Check}\n    who: {post: quality_manager}\n  - decision: approve\n"
    )
    return source.replace("  - decision: approve\n", extra)


def test_a_new_edition_is_signed_and_new_runs_take_it(story: Story) -> None:
    edition = publish(story, longer(NEXT))
    assert (edition.number, edition.label) == (2, "A/1")
    signature = models.Signature.objects.get(edition=edition)
    assert (signature.person, signature.digest) == (story.company.zhou, edition.fingerprint)
    procedure = models.Procedure.objects.get(key="small")
    assert procedure.current == edition
    assert story.fresh().edition.label == "A/0"


def test_the_post_that_answers_for_it_is_set_by_whoever_publishes(story: Story) -> None:
    procedure = models.Procedure.objects.get(key="small")
    post, company = story.company.post["sales_manager"], story.company
    with pytest.raises(refusals.NotAllowed):
        publishing.set_owner(procedure=procedure, post=post, by=company.lina, now=story.now, expected=procedure.version)
    publishing.set_owner(procedure=procedure, post=post, by=company.zhou, now=story.now, expected=procedure.version)
    assert models.Procedure.objects.get().owner_post == post


def test_a_published_procedure_is_found_by_the_words_of_its_steps(story: Story) -> None:
    found = search.find(story.company.lina, "写下内容")
    assert [hit.type for hit in found] == ["procedures.procedure"]


def test_an_edition_is_frozen(small: models.Edition) -> None:
    small.label = "A/9"
    with pytest.raises(TypeError):
        small.save()
    with pytest.raises(TypeError):
        models.Edition.objects.update(label="A/9")
    with pytest.raises(TypeError):
        models.Edition.objects.all().delete()
    assert definitions.fingerprint_of(definitions.definition_of(small)) == small.fingerprint


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SOURCE, "没有变化|Nothing differs"),
        (SOURCE.replace("小程序", "大程序"), "A/0"),
        (NEXT.replace("post: general_manager", "post: emperor"), "emperor"),
        (NEXT.replace("form: registration", "form: nothing"), "nothing"),
        ("format: 1\n  - : [", "small.yaml"),
        ("", "small.yaml"),
    ],
)
def test_what_is_wrong_is_named(story: Story, source: str, said: str) -> None:
    with pytest.raises(publishing.CannotPublish, match=said):
        publish(story, source)
    assert models.Edition.objects.count() == 1


def test_publishing_needs_the_right_and_a_fresh_signature(story: Story) -> None:
    with pytest.raises(refusals.NotAllowed):
        publish(story, NEXT, who="lina")
    zhou = story.company.zhou
    for given in (None, proof(story.company.gao, story.now), proof(zhou, story.now)):
        with pytest.raises(signing.SignatureMissing):
            publishing.publish(source=NEXT, file="x", by=zhou, now=story.tick(minutes=6), proof=given)


def test_loading_the_library_twice_changes_nothing(company: cast.Company) -> None:
    for _time in range(2):
        publishing.load_library(by=actors.PROGRAM, now=NOW, folder=HERE / "small")
    assert models.Edition.objects.count() == 1


def test_a_run_is_moved_to_a_newer_edition_with_a_reason(story: Story) -> None:
    story.submit("lina", "register", data=REGISTERED)
    edition = publish(story, longer(NEXT))
    zhou = story.company.zhou
    with pytest.raises(running.ReasonMissing):
        running.move_to_edition(
            run=story.run, edition=edition, reason="", by=zhou, now=story.now, expected=story.fresh().version
        )
    running.move_to_edition(
        run=story.run, edition=edition, reason="按新版执行", by=zhou, now=story.tick(), expected=story.fresh().version
    )
    story.submit("chen", "judge", "department:engineering", verdict="can")
    story.submit("zhou", "judge", "department:quality", verdict="can")
    assert story.open_steps() == ["check"]
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


def test_an_older_edition_or_an_ended_run_cannot_be_moved(story: Story, small: models.Edition) -> None:
    zhou = story.company.zhou
    with pytest.raises(running.CannotMigrate):
        running.move_to_edition(
            run=story.run, edition=small, reason="回退", by=zhou, now=story.now, expected=story.run.version
        )
    edition = publish(story, longer(NEXT))
    running.terminate(run=story.run, reason="撤销", by=zhou, now=story.tick(), expected=story.run.version)
    with pytest.raises(running.CannotMigrate):
        running.move_to_edition(
            run=story.run, edition=edition, reason="试", by=zhou, now=story.tick(), expected=story.fresh().version
        )


def test_an_ended_run_is_reopened_at_a_step(story: Story) -> None:
    zhou = story.company.zhou
    story.submit("lina", "register", data=REGISTERED)
    running.terminate(run=story.run, reason="撤销", by=zhou, now=story.tick(), expected=story.fresh().version)
    assert story.open_steps() == []
    assert [step.key for step in runs.reopenings_of(story.fresh())] == ["register", "judge"]
    with pytest.raises(refusals.NotAllowed):
        running.reopen(
            run=story.run, to="judge", reason="x", by=story.company.lina, now=story.now, expected=story.run.version
        )
    running.reopen(run=story.run, to="judge", reason="顾客坚持", by=zhou, now=story.tick(), expected=story.run.version)
    assert story.open_steps() == ["judge", "judge"]
    assert runs.replayed(story.fresh()) == runs.state_of(story.run)


def test_a_run_ended_says_how_in_the_database_too(story: Story) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Run.objects.filter(pk=story.run.pk).update(ending="completed")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Task.objects.filter(run=story.run).update(state="done")
    assert story.fresh().ending == ""


def test_a_form_that_asks_for_something_else_has_an_edition_of_its_own(story: Story) -> None:
    changed = NEXT.replace("{key: hours, kind: number, unit: h,", "{key: hours, kind: number, unit: d,")
    with pytest.raises(publishing.CannotPublish, match="QR-T-01"):
        publish(story, changed)
    form = changed.replace("    number: QR-T-01\n    edition: A/0", "    number: QR-T-01\n    edition: A/1")
    assert publish(story, form).label == "A/1"


def test_an_edition_published_once_stays_readable_whatever_is_asked_of_new_ones(story: Story) -> None:
    edition = models.Edition.objects.get()
    plain = edition.definition
    for outcome in plain["flow"][-1]["outcomes"]:
        outcome.pop("meaning")
    plain["flow"][-1]["meaning"] = {"zh": "本人同意。", "en": "I agree."}
    assert reading.read_plain(plain).definition is None, "it could not be published today"
    edition.fingerprint = "another"
    assert definitions.definition_of(edition).key == "small"
