"""Templates of letters, and the reports of progress drafted from them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast
from tests.customers import people
from yinuo.customers.actions import contacts
from yinuo.kit import refusals, subjects
from yinuo.letters import jobs, models
from yinuo.letters.actions import outgoing, progress, threads
from yinuo.letters.actions import wording as acts
from yinuo.letters.engine import placeholders
from yinuo.letters.queries import wording
from yinuo.letters.readers import library
from yinuo.notify import models as notify
from yinuo.org import queries as org_queries
from yinuo.records import models as records

pytestmark = pytest.mark.django_db
ABOUT = subjects.Ref("upper.row", 413, "CSR-2026-0413 盐雾试验", "/upper/413/")


@pytest.fixture
def tree(company: cast.Company) -> dict[str, Any]:
    return people.volkswagen(company)


@pytest.fixture
def thread(company: cast.Company, tree: dict[str, Any]) -> models.Thread:
    facts = {"subject": ABOUT, "customer": tree["svw"], "title": "720 h 是否含划格", "purpose": "clarification"}
    return threads.open_thread(by=people.fresh(company.lina), now=cast.NOW, **facts)


def keep(company: cast.Company, text: str, **facts: Any) -> models.Template:
    values = {
        "kind": "receipt", "language": "zh", "heading": "已收到 {{ 事项 }}", "text": text, "expected": 0,
        "by": people.fresh(company.zhou), "now": cast.NOW, **facts,
    }  # fmt: skip
    return acts.keep_template(**values)


def test_all_that_is_shipped_is_whole_in_both_languages() -> None:
    kinds = {kind for kind, _language in library.templates()}
    assert kinds == set(models.Template.Kind.values)
    for (kind, language), (heading, text) in library.templates().items():
        assert placeholders.unknown_in(heading + text) == [], (kind, language)
        names = {placeholders.BY_NAME[each].name for each in placeholders.MARK.findall(heading + text)}
        other = "en" if language == "zh" else "zh"
        said = "".join(library.templates()[kind, other])
        assert names == {placeholders.BY_NAME[each].name for each in placeholders.MARK.findall(said)}, (kind, language)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{{ 案件编号 }} {{case_number}} {{ Case_Number }}", []),
        ("{{ 案件号 }}", ["案件号"]),
        ("{{ settings.SECRET_KEY }}", ["settings.SECRET_KEY"]),
        ("{{ case_number|safe }}", ["case_number|safe"]),
        ("{% include 'x' %}", ["{%", "%}"]),
        ("{{ 案件编号", ["{{"]),
        ("{{ }}", [""]),
    ],
)
def test_only_the_closed_list_is_known(text: str, unknown: list[str]) -> None:
    assert placeholders.unknown_in(text) == unknown


def test_an_unknown_placeholder_is_refused_by_its_name(company: cast.Company) -> None:
    with pytest.raises(acts.CannotKeep, match="案件号") as refused:
        keep(company, "您好 {{ 案件号 }}")
    assert refused.value.field == "text"
    assert not models.Template.objects.exists()


def test_what_is_filled_in_is_never_looked_at_again() -> None:
    values = {"matter": "{{ 顾客 }} <script>", "customer": "上汽大众"}
    assert placeholders.filled("{{ 事项 }}/{{customer}}", values, "zh") == "{{ 顾客 }} <script>/上汽大众"
    assert placeholders.gaps_in(placeholders.filled("{{ 承诺日期 }}", {}, "zh"))
    assert placeholders.gaps_in(placeholders.filled("{{ promised_on }}", {}, "de"))


def test_who_may_keeps_editions_and_the_trail_says_so(company: cast.Company) -> None:
    with pytest.raises(refusals.NotAllowed):
        keep(company, "您好", by=people.fresh(company.wang))
    row = keep(company, "您好 {{ 联系人 }}")
    with pytest.raises(refusals.Stale):
        keep(company, "另一版", expected=0)
    keep(company, "您好！{{ 联系人 }}", expected=row.version)
    assert [each.text for each in row.editions.order_by("number")] == ["您好 {{ 联系人 }}", "您好！{{ 联系人 }}"]
    assert records.Entry.objects.filter(word="letters.template.changed").count() == 2
    found = wording.template("receipt", "zh")
    assert found is not None
    assert found.text == "您好！{{ 联系人 }}"


def test_a_language_the_company_adds(company: cast.Company, thread: models.Thread) -> None:
    with pytest.raises(acts.CannotKeep):
        keep(company, "x", language="Deutsch!")
    keep(company, "Guten Tag {{ contact }}, {{ matter }}", language="de")
    contact = contacts.add(
        customer=thread.customer, name="Herr Maier", email="m@vw.example", language="en", by=people.fresh(company.lina),
        now=cast.NOW,
    )  # fmt: skip
    contact.language = "de"
    assert wording.language_for(thread.customer, contact) == "de"
    contact.language = "ja"
    assert wording.language_for(thread.customer, contact) == "en"
    assert wording.language_for(thread.customer) == "zh"
    german = wording.template("receipt", "de")
    assert german is not None
    _heading, text = wording.drafted(
        german, about=ABOUT, customer=thread.customer, contact=contact, matter="Salt spray", now=cast.NOW
    )
    assert text == "Guten Tag Herr Maier, Salt spray"


def test_a_letter_begins_with_a_template_and_its_gaps_are_not_released(
    thread: models.Thread, signed_in: Callable[[str], Client], company: cast.Company
) -> None:
    client = signed_in("lina")
    chosen = client.get(reverse("letters:draft_begin", args=[thread.pk])).content.decode()
    assert chosen.index("template=question&amp;language=zh") < chosen.index("template=receipt&amp;language=zh")
    page = client.get(thread.get_absolute_url(), {"template": "receipt", "language": "zh"}).content.decode()
    assert "720 h 是否含划格" in page
    assert "【请填写：案件编号】" in page
    lina = people.fresh(company.lina)
    draft = outgoing.draft(thread=thread, text="【请填写：收到日期】", by=lina, now=cast.NOW)
    with pytest.raises(outgoing.CannotRelease):
        outgoing.release(letter=draft, by=lina, now=cast.NOW, expected=draft.version)


def test_the_page_keeps_previews_and_names_what_it_does_not_know(
    thread: models.Thread, signed_in: Callable[[str], Client], company: cast.Company
) -> None:
    url = reverse("letters:template", args=["receipt", "zh"])
    client = signed_in("zhou")
    assert client.get(url).status_code == 200
    preview = reverse("letters:template_preview", args=["receipt", "zh"])
    said = {"heading": "{{ 事项 }}", "text": "<b>{{ 顾客 }}</b> {{ 没有的 }}", "talk": thread.pk}
    shown = client.post(preview, said).content.decode()
    assert "&lt;b&gt;上汽大众" in shown
    assert "没有的" in shown
    assert client.post(url, {**said, "version": 0}).status_code == 422
    assert client.post(url, {**said, "text": "您好", "version": 0, "is_active": "on"}).status_code == 302
    assert signed_in("wang").post(url, {**said, "text": "坏", "version": 1}).status_code == 403
    assert client.post(reverse("letters:template_add"), {"kind": "receipt", "language": "de"}).status_code == 302
    assert client.get(reverse("letters:template", args=["receipt", "de"])).status_code == 200


# Reports of progress --------------------------------------------------------------------------------------------------


def plan(company: cast.Company, tree: dict[str, Any], **facts: Any) -> models.ProgressPlan:
    values = {
        "subject": tree["svw"], "customer": tree["svw"], "every": "week", "next_on": timezone.localdate(),
        "language": "zh", "by": people.fresh(company.wang), "now": timezone.now(), "expected": 0, **facts,
    }  # fmt: skip
    return progress.plan(**values)


def test_a_report_is_drafted_for_the_window_and_never_leaves_by_itself(
    company: cast.Company, tree: dict[str, Any]
) -> None:
    row = plan(company, tree)
    assert progress.draft_due(now=cast.NOW - timedelta(days=900)) == 0
    now = morning()
    models.ProgressPlan.objects.update(next_on=now.date())
    assert progress.draft_due(now=now) == 1
    assert progress.draft_due(now=now) == 0
    (letter,) = models.Letter.objects.all()
    assert (letter.state, letter.is_automatic, letter.asked_at) == ("draft", True, now)
    assert "上汽大众" in letter.heading
    told = {each.person for each in notify.Message.objects.filter(kind="letter_to_release")}
    assert told == {company.lina, company.zhao}
    row.refresh_from_db()
    assert row.next_on == now.date() + timedelta(days=7)
    models.ProgressPlan.objects.update(next_on=now.date())
    row.refresh_from_db()
    assert progress.draft_one(plan=row, by=company.lina, now=now)
    assert sorted(models.Letter.objects.values_list("state", flat=True)) == ["draft", "withdrawn"]
    assert models.Dispatch.objects.count() == 0


def morning() -> Any:
    """The next working day's morning: a moment between now and noon could fall into the lunch break."""
    tomorrow = timezone.localtime().replace(hour=0, minute=0) + timedelta(days=1)
    return org_queries.calendar(None).next_working_moment(tomorrow) + timedelta(minutes=5)


def test_nothing_is_drafted_at_night_or_by_whom_nobody_can_ask(company: cast.Company, tree: dict[str, Any]) -> None:
    alone = people.customer(company, "BYD", "比亚迪（示例）")
    row = plan(company, tree, subject=alone, customer=alone)
    company.wang.is_active = False
    company.wang.save()
    now = morning()
    models.ProgressPlan.objects.update(next_on=now.date())
    assert progress.draft_due(now=now.replace(hour=19)) == 0  # 03:00 in Shanghai
    assert progress.draft_due(now=now) == 0
    row.refresh_from_db()
    assert row.trouble
    assert models.Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("every", "last", "today", "following"),
    [
        ("week", date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 9)),
        ("week", date(2026, 3, 2), date(2026, 3, 20), date(2026, 3, 23)),
        ("two_weeks", date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 16)),
        ("month", date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)),
        ("month", date(2026, 12, 15), date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_the_next_day_follows_the_rhythm(every: str, last: date, today: date, following: date) -> None:
    assert progress.next_day(every, last, today) == following


def test_plans_are_seen_changed_and_drafted_by_hand(
    company: cast.Company, tree: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("lina")
    url = reverse("letters:plan", args=["customers.customer", tree["svw"].pk])
    assert client.get(url).status_code == 200
    sent = {"every": "month", "next_on": "2030-01-31", "language": "zh", "is_active": "on", "version": 0}
    assert client.post(url, sent).status_code == 302
    row = models.ProgressPlan.objects.get()
    assert client.get(reverse("letters:plans")).status_code == 200
    assert client.post(reverse("letters:plan_now", args=[row.pk])).status_code == 302
    assert models.Letter.objects.filter(is_automatic=True).count() == 1
    assert client.post(url, {**sent, "next_on": "2020-01-01", "version": row.version}).status_code == 422
    jobs.draft_progress()
    assert models.Letter.objects.count() == 1
