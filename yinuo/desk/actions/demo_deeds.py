"""What else happens to the demo company's requests: objects, new wordings, talks, copies, holds, ends, complaints."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from yinuo.cases import models as cases
from yinuo.cases.actions import items, merging, samples, steering
from yinuo.desk import engine
from yinuo.desk.actions import demo_answers
from yinuo.letters import models as letters
from yinuo.letters.actions import incoming, outgoing, threads
from yinuo.procedures.actions import handing
from yinuo.procedures.queries import runs as run_queries


def do_the_rest(story: demo_answers.Story) -> None:
    """Whatever the data say beyond the steps of the procedure, after the last of them."""
    story.case.refresh_from_db()
    for key, do in DEEDS.items():
        if key in story.row:
            do(story)


def _keep_object(story: demo_answers.Story) -> None:
    said, day = story.row["object"], story.clock.day(story.row["days"])
    sealed = {"sealed_by": said["sealed_by"], "sealed_on": day} if "sealed_by" in said else {}
    samples.keep_sample(
        case=story.case, kind=said["kind"], number=said["number"], name=said["name"], place=said["place"],
        keeper=story.company.people[said["keeper"]], valid_until_on=day + timedelta(days=365),
        photos=[(f"{said['name']}.png", engine.thing(said["kind"]))], by=story.company.people[story.row["who"]],
        now=story.until, **sealed,
    )  # fmt: skip


def _copy(story: demo_answers.Story) -> None:
    said, run = story.row["copied"], run_queries.run_of(story.case)
    if run is not None:
        people = [story.company.people[name] for name in said["to"]]
        handing.copy_to(run=run, people=people, note=said["note"], by=story.window, now=story.until)


def _take_in(story: demo_answers.Story) -> None:
    """The customer answers what was asked about the request: a mail, and words on the phone still to be confirmed."""
    about = story.case.items.order_by("position")[0]
    thread = letters.Thread.objects.filter(subject_type=about.subject_type, subject_id=about.pk).order_by("pk").last()
    if thread is None:
        raise RuntimeError(f"nothing was asked about {story.case}")
    for said in story.row["incoming"]:
        at = story.clock.at(said["days"], 0.5)
        due_on = story.clock.calendar.working_day(at, 3) if said["way"] == "phone" else None
        incoming.record_incoming(
            thread=thread, text=said["text"], way=said["way"], said_at=at, contact=story.case.contact,
            confirm_due_on=due_on, by=story.window, now=at,
        )  # fmt: skip


def _draft(story: demo_answers.Story) -> None:
    """Somebody drafts a question; it waits for the window's release."""
    said, at = story.row["draft"], story.until
    by = story.company.people[said["by"]]
    thread = threads.open_thread(
        subject=story.case, customer=story.case.customer, title=said["title"], purpose="clarification", by=by, now=at
    )
    outgoing.draft(thread=thread, text=said["text"], contact=story.case.contact, ask=True, by=by, now=at)


def bring_together(stories: Sequence[demo_answers.Story]) -> None:
    """What makes a request of another, when all are registered: complaints, and what was asked twice."""
    by_title, latest = {story.row["title"]: story for story in stories}, max(story.at for story in stories)
    for story in stories:
        if "complaint" in story.row:
            _complain(story, latest)
        if "merged" in story.row:
            _merge(story, by_title[story.row["merged"]].case)


def _merge(story: demo_answers.Story, survivor: cases.Case) -> None:
    """The same was asked twice: the later request goes on in the earlier one."""
    story.case.refresh_from_db()
    survivor.refresh_from_db()
    merging.merge(
        case=story.case, survivor=survivor, reason="同一要求重复来函", by=story.company.people["zhao"], now=story.until,
        expected=story.case.version, expected_survivor=survivor.version,
    )  # fmt: skip


def _complain(story: demo_answers.Story, not_before: datetime) -> None:
    """The customer is not satisfied after all: an archived request leads to one of its own, numbered next."""
    story.case.refresh_from_db()
    said = story.row["complaint"]
    at = max(story.clock.at(said["days"], 0.4), not_before)
    demo_answers.tell_how_satisfied(story, said["words"], score=2, at=at)


def _hold(story: demo_answers.Story) -> None:
    zhao = story.company.people["zhao"]
    steering.hold(case=story.case, reason=story.row["hold"], by=zhao, now=story.until)


def _end(story: demo_answers.Story) -> None:
    zhao = story.company.people["zhao"]
    steering.terminate(case=story.case, reason=story.row["ended"], by=zhao, now=story.until)


def _reopen(story: demo_answers.Story) -> None:
    said, zhao = story.row["reopened"], story.company.people["zhao"]
    story.case.refresh_from_db()
    at = max(story.until, story.clock.at(said["days"], 0.3))
    steering.reopen(case=story.case, to=said["to"], reason=said["reason"], by=zhao, now=at)


DEEDS = {
    "object": _keep_object,
    "copied": _copy,
    "incoming": _take_in,
    "draft": _draft,
    "hold": _hold,
    "ended": _end,
    "reopened": _reopen,
}


def amend(story: demo_answers.Story) -> None:
    """The customer says one item otherwise, before it is analysed."""
    said = story.row["amended"]
    item = cases.Item.objects.select_related("case__customer").get(case=story.case, position=said["item"])
    items.amend(
        item=item, text=said["text"], reason=said["reason"], channel="mail", said_by=story.speaker, by=story.window,
        now=story.at, expected=item.version,
    )  # fmt: skip
