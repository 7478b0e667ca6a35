"""Files on the parts of a case: found under it by their names, kept by a hold on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from tests.customers import people
from yinuo.cases import models
from yinuo.cases.actions import closing, samples, sorting
from yinuo.cases.queries import documents
from yinuo.customers import models as customers
from yinuo.kit import subjects
from yinuo.letters import models as letters
from yinuo.letters.actions import incoming, threads
from yinuo.records import actions as records
from yinuo.records import models as records_models
from yinuo.records import queries as records_queries
from yinuo.search import actions as search_actions
from yinuo.search import models as search_models
from yinuo.search import queries as search

NOW = stories.NOW


def attach(company: cast.Company, subject: Any, name: str) -> records_models.Attachment:
    by = stories.fresh(company.lina)
    return records.attach(subject=subject, content=name.encode(), name=name, by=by, now=NOW, kind="file")


def letter(company: cast.Company, subject: Any, customer: customers.Customer) -> letters.Letter:
    """What the customer wrote in a talk about it."""
    by = stories.fresh(company.lina)
    thread = threads.open_thread(
        customer=customer, subject=subject, purpose="clarification", title="批次号", by=by, now=NOW
    )
    return incoming.record_incoming(
        thread=thread, text="见附件", way="mail", speaker="沈工", said_at=NOW - timedelta(hours=1), by=by, now=NOW
    )


def found(company: cast.Company, who: str, text: str) -> list[tuple[str, int]]:
    return [(hit.type, hit.id) for hit in search.find(stories.fresh(company.people[who]), text)]


def test_files_on_items_and_letters_are_found_under_the_case(story: Story, working: cast.Company) -> None:
    case = story.case
    on_item = attach(working, subjects.ref(story.item(1)), "盐雾报告2207.pdf")
    attach(working, letter(working, case, case.customer).ref, "批次号格式样张.pdf")
    attach(working, letter(working, story.item(2), case.customer).ref, "季度计划表.xlsx")
    for text in ("盐雾报告2207", "批次号格式样张", "季度计划表"):
        assert (case.subject_type, case.pk) in found(working, "zhao", text), text
        assert found(working, "outsider", text) == []
    records.void_attachment(attachment=on_item, reason="错放", by=stories.fresh(working.lina), now=NOW)
    assert (case.subject_type, case.pk) not in found(working, "zhao", "盐雾报告2207")


def test_what_a_letter_holds_that_is_more_confidential_is_not_named(story: Story, working: cast.Company) -> None:
    secret = letter(working, story.case, story.case.customer)
    scope = people.scope_of(working.lina)
    letters.Letter.objects.filter(pk=secret.pk).update(scope_id=scope.pk)
    attach(working, stories.fresh(secret).ref, "代号天狼图.pdf")
    assert "天狼" not in documents.of_cases([story.case.pk])[0].text
    models.Case.objects.filter(pk=story.case.pk).update(scope=scope)
    assert "天狼" in documents.of_cases([story.case.pk])[0].text
    letters.Letter.objects.filter(pk=secret.pk).update(state=letters.LetterState.WITHDRAWN)
    assert "天狼" not in documents.of_cases([story.case.pk])[0].text


def test_documents_of_many_cases_cost_as_much_as_of_one(working: cast.Company, svw: customers.Customer) -> None:
    cases = [stories.open_case(working, svw) for _n in range(4)]
    for case in cases:
        attach(working, subjects.ref(case.items.get()), f"{case.number}.pdf")
    costs = []
    for wanted in (cases[:1], cases):
        with CaptureQueriesContext(connection) as asked:
            assert len(documents.of_cases([each.pk for each in wanted])) == len(wanted)
        costs.append(len(asked))
    assert costs[0] == costs[1]


@pytest.fixture
def kept(story: Story, working: cast.Company) -> dict[str, Any]:
    """A file on everything of a case that takes files."""
    lina = stories.fresh(working.lina)
    finding = sorting.report(
        text="顾客要批次号", customer=story.case.customer, by=lina, now=NOW, channel="phone", said_by="沈工"
    )
    sorting.join(finding=finding, case=story.case, by=lina, now=NOW, expected=finding.version)
    sample = samples.keep_sample(
        case=story.case, kind="limit", number="L-1", place="样件柜", keeper=working.wang, by=lina, now=NOW
    )
    feedback = closing.record_feedback(
        case=story.case, way="phone", speaker="沈工", said_at=NOW, is_satisfied=True, words="好", no_proof="电话",
        by=lina, now=NOW,
    )  # fmt: skip
    parts = {
        "case": story.case, "item": story.item(1), "sample": sample, "finding": finding, "feedback": feedback,
        "letter": letter(working, story.case, story.case.customer),
    }  # fmt: skip
    return {
        name: attach(working, getattr(part, "ref", None) or subjects.ref(part), name) for name, part in parts.items()
    }


def test_a_hold_on_a_case_keeps_the_files_of_all_its_parts(
    story: Story, working: cast.Company, kept: dict[str, records_models.Attachment]
) -> None:
    zhou, later = stories.fresh(working.zhou), NOW + timedelta(days=16 * 366)
    names = set(kept)
    assert {each.name for each in records_queries.past_retention(later)} >= names
    hold = records.place_hold(subject=story.case, reason="投诉", by=zhou, now=NOW)
    assert not {each.name for each in records_queries.past_retention(later)} & names
    records.lift_hold(hold=hold, expected=hold.version, reason="结案", by=zhou, now=NOW)
    assert {each.name for each in records_queries.past_retention(later)} >= names


def test_a_hold_on_a_talk_keeps_the_files_of_its_letters(story: Story, working: cast.Company) -> None:
    said = letter(working, story.case, story.case.customer)
    attach(working, said.ref, "原件.pdf")
    later = NOW + timedelta(days=16 * 366)
    records.place_hold(subject=said.thread.ref, reason="诉讼", by=stories.fresh(working.zhou), now=NOW)
    assert "原件.pdf" not in {each.name for each in records_queries.past_retention(later)}


def test_a_case_just_registered_is_indexed_as_its_source_would_say_it(company: cast.Company) -> None:
    """What opening puts into the index from what it has in hand is what a later look finds: nothing changes."""
    stories.publish(company)
    of = stories.customer(company, "JL", "吉利")
    case = stories.open_case(company, of, items=stories.items("盐雾 720 h", "报告中英文各一份"), text="见来函")
    found = search_models.Document.objects.select_related("body").get(subject_type="cases.case", subject_id=case.pk)
    (document,) = documents.of_cases([case.pk])
    assert search.document_of(found) == search_actions._clean(document, [])
