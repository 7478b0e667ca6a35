"""Two browsers sending at the same moment: of two changes one wins and the other is told; a key counts once.

On PostgreSQL both run at once, each on its own connection; SQLite lets one writer in after the other anyway.
"""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.cases import story as stories
from tests.hostile import attacking, reading
from tests.hostile import world as worlds
from yinuo.cases import models as cases
from yinuo.cases.actions import closing
from yinuo.customers import models as customers
from yinuo.letters import models as letters
from yinuo.letters.actions import threads
from yinuo.procedures import models as procedures
from yinuo.records import models as records

pytestmark = pytest.mark.django_db(transaction=True)
Send = Callable[[], Any]


def at_once(*deeds: Send) -> list[Any]:
    """What each deed gives, all begun at the same moment."""
    start = threading.Barrier(len(deeds))

    def one(deed: Send) -> Any:
        try:
            start.wait(10)
            return deed()
        finally:
            if connection.vendor != "sqlite":
                connections.close_all()

    if connection.vendor == "sqlite":
        return [deed() for deed in deeds]
    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def seats(company: cast.Company, *names: str) -> list[Client]:
    """A browser for each, signed in before the race begins."""
    found = []
    for name in names:
        client = Client(raise_request_exception=False)
        client.force_login(company.people[name], backend=worlds.BACKEND)
        found.append(client)
    return found


def shown(client: Client, url: str, action: str = "") -> dict[str, str]:
    """The form of a page as it is shown, with its version or key."""
    page = client.get(url)
    form = next(each for each in reading.forms_of(url, attacking.text_of(page)) if each.action == (action or url))
    return {name: field.value for name, field in form.fields.items() if field.kind != "file" and field.value}


@pytest.fixture
def company(settings: Any, tmp_path: Any) -> cast.Company:
    settings.DATA_DIR, settings.FILES_DIR = tmp_path, tmp_path / "files"
    company = cast.company()
    for person in company.people.values():
        worlds.everything(person)
    stories.publish(company)
    stories.skill("technical", "技术", company.wang)
    return company


def race(company: cast.Company, url: str, **said: str) -> list[int]:
    """Two people open the same form and save it at the same moment, each with own words."""
    one, other = seats(company, "lina", "zhao")
    forms = [shown(one, url) | said, shown(other, url) | said]
    for number, form in enumerate(forms):
        form.update({name: f"{words}{number}" for name, words in said.items()})
    answers = at_once(lambda: one.post(url, forms[0]), lambda: other.post(url, forms[1]))
    assert {302, 422} == {answer.status_code for answer in answers}, [faults(each) for each in answers]
    return sorted(answer.status_code for answer in answers)


def faults(answer: Any) -> list[str]:
    """What the forms of an answer complain of."""
    return re.findall(r"<p>(?:<svg.*?</svg>)?([^<]+)</p>", attacking.text_of(answer))


def test_of_two_changes_of_a_customer_one_wins(company: cast.Company) -> None:
    row = stories.customer(company)
    assert race(company, f"/customers/{row.pk}/change/", note="说明") == [302, 422]
    row.refresh_from_db()
    assert row.version == 2
    assert row.note in ("说明0", "说明1")


def test_of_two_changes_of_a_case_or_its_item_one_wins(company: cast.Company) -> None:
    case = stories.open_case(company, stories.customer(company))
    assert race(company, f"{case.get_absolute_url()}correct/", title="题目") == [302, 422]
    assert race(company, f"{case.get_absolute_url()}items/1/amend/", text="措辞", reason="来函", said_by="沈工") == [
        302,
        422,
    ]
    item = cases.Item.objects.get(case=case)
    assert [wording.number for wording in item.wordings.order_by("number")] == [1, 2]


def test_of_two_items_added_at_once_none_is_lost_unsaid(company: cast.Company) -> None:
    case = stories.open_case(company, stories.customer(company))
    url = f"{case.get_absolute_url()}items/add/"
    said = {"text": "再加一条", "kind": "technical", "applies": "customer", "reason": "来函"}
    one, other = seats(company, "lina", "zhao")
    forms = [{**shown(each, url), **said} for each in (one, other)]
    answers = at_once(lambda: one.post(url, forms[0]), lambda: other.post(url, forms[1]))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {302, 422}, statuses
    assert cases.Item.objects.filter(case=case).count() == 1 + statuses.count(302)


def test_of_two_changes_of_a_person_one_wins(company: cast.Company) -> None:
    assert race(company, f"/org/people/{company.sun.pk}/edit", phone="138") == [302, 422]
    assert race(company, f"/org/posts/{company.post['engineer'].pk}/edit", name_en="Engineer ") == [302, 422]


def test_a_form_sent_twice_at_once_makes_one_row(company: cast.Company) -> None:
    (client,) = seats(company, "lina")
    row = stories.customer(company)
    for url, said, made in (
        (f"/customers/{row.pk}/contacts/add/", {"name": "沈工", "language": "zh"}, customers.CustomerContact),
        (f"/customers/{row.pk}/portals/add/", {"name": "门户", "url": "https://a.example/", "keeper": company.lina.pk,
                                               "frequency": "weekly"}, customers.Portal),
    ):  # fmt: skip
        form = {**shown(client, url), **said}
        answers = at_once(*[lambda form=form, url=url: client.post(url, form)] * 3)
        assert {answer.status_code for answer in answers} == {302}, attacking.text_of(answers[0])
        assert len({answer["Location"] for answer in answers}) == 1
        assert made.objects.count() == 1


def test_a_task_submitted_twice_at_once_is_done_once(company: cast.Company) -> None:
    story = stories.Story(company, stories.open_case(company, stories.customer(company)))
    story.accept()
    task = story.task("acknowledge")
    (client,) = seats(company, "lina")
    form = shown(client, f"/procedures/tasks/{task.pk}", f"/procedures/tasks/{task.pk}/submit")
    form |= {"f-sent_at": "2026-03-02T10:00", "f-way": "mail", "f-to_whom": "沈工", "next": ""}
    answers = at_once(*[lambda: client.post(f"/procedures/tasks/{task.pk}/submit", form)] * 2)
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert procedures.Task.objects.filter(step="acknowledge").count() == 1
    assert records.Entry.objects.filter(word="cases.case.acknowledged").count() == 1


def test_a_customer_who_sends_twice_is_heard_once(company: cast.Company) -> None:
    case = stories.open_case(company, stories.customer(company))
    link = closing.make_link(case=case, name="沈工", by=stories.fresh(company.lina), now=timezone.now())
    said = {"satisfied": "yes", "score": "5", "words": "及时", "name": "沈工"}
    answers = at_once(*[lambda: Client().post(f"/cases/feedback/{link.token}/", said)] * 3)
    assert sorted(answer.status_code for answer in answers)[0] == 200
    assert [answer.status_code for answer in answers].count(200) == 1
    assert cases.Feedback.objects.count() == 1


def test_a_letter_released_twice_at_once_is_released_once(company: cast.Company) -> None:
    row = stories.customer(company)
    case = stories.open_case(company, row)
    said = {"by": stories.fresh(company.lina), "now": timezone.now()}
    thread = threads.open_thread(subject=case, customer=row, title="澄清", purpose="clarification", **said)
    one, other = seats(company, "lina", "lina")
    url = f"/letters/{thread.pk}/draft/"
    one.post(url, {**shown(one, f"/letters/{thread.pk}/", url), "text": "请确认。", "way": "mail"})
    letter = letters.Letter.objects.get()
    deed = {"version": str(letter.version)}
    where = f"/letters/letter/{letter.pk}/release/"
    answers = at_once(lambda: one.post(where, deed), lambda: other.post(where, deed))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
