"""When a request is over, its talks are only read: nothing is written, no file is taken, until it is open again."""

import pytest

from tests import cast
from tests.cases import story as stories
from tests.cases.conftest import svw, working  # noqa: F401  the case's fixtures
from yinuo.cases import models as cases
from yinuo.cases.actions import steering
from yinuo.customers import models as customers
from yinuo.kit import plugs, refusals, subjects
from yinuo.letters import access, models, queries
from yinuo.letters.actions import outgoing, threads
from yinuo.records import models as records

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(working: cast.Company, svw: customers.Customer) -> stories.Story:  # noqa: F811
    return stories.Story(working, stories.open_case(working, svw))


def talk(story: stories.Story, about: subjects.Ref, title: str) -> models.Thread:
    by = {"by": story.person("wang"), "now": story.now}
    customer = story.case.customer
    return threads.open_thread(subject=about, customer=customer, title=title, purpose="clarification", **by)


def test_talks_about_a_case_and_its_items_close_with_it(story: stories.Story) -> None:
    by, now = story.person("wang"), story.now
    of_case = talk(story, subjects.ref(story.case), "盐雾试验")
    of_item = talk(story, story.item(1).ref, "要求项 1")
    letter = outgoing.draft(thread=of_case, text="请确认。", ask=True, by=by, now=now)
    steering.terminate(case=story.case, reason="顾客撤回", by=story.person("zhao"), now=now)

    for thread in (of_case, of_item):
        thread.refresh_from_db()
        assert (thread.state, thread.closed_by) == ("closed", story.company.zhao)
        with pytest.raises(access.TalkClosed):
            outgoing.draft(thread=thread, text="还有一事", by=by, now=now)
        with pytest.raises(access.SubjectOver):
            threads.reopen(thread=thread, reason="补充", by=by, now=now, expected=thread.version)
        with pytest.raises(access.SubjectOver):
            talk(story, thread.subject, "另一件事")
    assert stories.fresh(letter).state == "withdrawn"
    assert plugs.attachables.get(queries.LETTER).function(letter.pk, by) is None
    assert queries.drafts_to_release(story.person("lina"), now) == []
    ended = records.Entry.objects.filter(word="letters.thread.ended").order_by("id")
    assert [entry.note["thread"] for entry in ended] == ["盐雾试验", "要求项 1"]


def test_talks_go_on_when_the_case_is_open_again(story: stories.Story) -> None:
    thread = talk(story, subjects.ref(story.case), "盐雾试验")
    zhao, now = story.person("zhao"), story.now
    steering.terminate(case=story.case, reason="误登记", by=zhao, now=now)
    steering.reopen(case=story.refreshed(), to="register", reason="顾客坚持", by=zhao, now=now)
    thread.refresh_from_db()
    threads.reopen(thread=thread, reason="继续", by=zhao, now=now, expected=thread.version)
    outgoing.draft(thread=thread, text="请确认。", by=story.person("wang"), now=now)
    assert cases.Case.objects.get(pk=story.case.pk).is_open


def test_a_subject_of_which_nothing_is_known_goes_on() -> None:
    access.require_going_on(subjects.Ref("upper.row", 1, "x"))


def test_the_refusal_names_what_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugs.facts, "_plugs", dict(plugs.facts._plugs))
    plugs.facts.plug("subject.is_over/upper.row", lambda subject: True)
    with pytest.raises(refusals.Refusal, match="CSR-2026-0413"):
        access.require_going_on(subjects.Ref("upper.row", 1, "CSR-2026-0413"))
