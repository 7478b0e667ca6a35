"""What is asked again is found, in either language and with other values; what only shares words is not; what somebody
said holds; and nobody hears of what they may not see."""

from itertools import combinations

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.cases import story as stories
from tests.reports import repeats_gold
from yinuo.cases import models as cases
from yinuo.cases.actions import items as item_actions
from yinuo.customers import models as customers
from yinuo.kit import actors, refusals
from yinuo.org import models as org
from yinuo.org.definition import Permission
from yinuo.records import models as records
from yinuo.reports import models
from yinuo.reports.actions import repeating
from yinuo.reports.engine import grouping
from yinuo.reports.queries import repeats
from yinuo.search import models as document
from yinuo.search.engine import glossary, meaning

Company = cast.Company


def ask(company: Company, of: customers.Customer, *texts: str, **more: object) -> cases.Case:
    more.setdefault("title", "来函要求")
    return stories.open_case(company, of, items=stories.items(*texts), **more)


def look() -> int:
    done = 0
    while found := repeating.find(by=actors.PROGRAM, now=stories.NOW):
        done += found
    return done


def group_of(case: cases.Case, position: int = 1) -> models.Repeat | None:
    return models.Asking.objects.select_related("repeat").get(case=case, item__position=position).repeat


# The ranking ----------------------------------------------------------------------------------------------------------


def quality(pairs: set[frozenset[int]], wanted: set[frozenset[int]]) -> tuple[float, float]:
    """Precision and recall."""
    hits = len(pairs & wanted)
    return hits / max(len(pairs), 1), hits / max(len(wanted), 1)


def pairs_of(groups: dict[int, object]) -> set[frozenset[int]]:
    named = [(key, group) for key, group in groups.items() if group is not None]
    return {frozenset((a, b)) for (a, of_a), (b, of_b) in combinations(named, 2) if of_a == of_b}


@pytest.mark.parametrize("name", ["TUNED", "UNSEEN", "FRESH"])
def test_pairs_of_gold_requests(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with each, by their meaning alone."""
    rows = [(group, meaning.understand(text)) for group, text in getattr(repeats_gold, name)]
    found = {
        frozenset((a, b))
        for (a, (_g, mine)), (b, (_h, yours)) in combinations(enumerate(rows), 2)
        if meaning.compare(mine, yours).percent >= grouping.SAME
    }
    precision, recall = quality(found, pairs_of({at: group for at, (group, _m) in enumerate(rows)}))
    with capsys.disabled():
        print(f"\nrepeats, pairs, {name} ({len(rows)}): precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.9
    assert recall >= 0.85


def test_groups_of_gold_requests(working: Company, svw: customers.Customer, capsys: pytest.CaptureFixture[str]) -> None:
    """All of them registered one after the other, found by the index, put into groups by the clock's visits."""
    gold = [*repeats_gold.TUNED, *repeats_gold.UNSEEN, *repeats_gold.FRESH]
    other = stories.customer(working, "BYD", "比亚迪（示例）")
    keys = {}
    for at, (group, text) in enumerate(gold):
        case = ask(working, other if at % 2 else svw, text, title=f"来函 {at}")
        keys[case.pk] = group
    assert look() == len(gold)
    groups = {each.case_id: each.repeat_id for each in models.Asking.objects.all()}
    precision, recall = quality(pairs_of(groups), pairs_of(keys))
    with capsys.disabled():
        print(f"\nrepeats, groups, all ({len(gold)}): precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.95
    assert recall >= 0.85
    assert look() == 0


def test_the_words_of_the_field_are_in_order() -> None:
    terms = glossary.terms()
    assert len(terms) > 250
    said: dict[str, str] = {}
    for term in terms.values():
        for word in {*term.zh, *term.en}:
            was = said.setdefault(word.casefold(), term.key)
            assert was == term.key, f"{word} stands for {was} and {term.key}"
    assert glossary.name_of("salt_spray", "zh-hans") == "盐雾"
    assert glossary.name_of("salt_spray", "en") == "salt spray"
    assert glossary.name_of("gone", "en") == "gone"


@pytest.mark.parametrize(
    ("text", "topics", "values"),
    [
        ("盐雾试验由480h提高到720小时", {"salt_spray"}, {"480 h", "720 h"}),
        ("Neutral salt spray tests for 96 hours", {"salt_spray"}, {"96 h"}),
        ("过程能力Cpk≥1.67", {"capability"}, {"1.67"}),
        ("8D报告两周内提交", {"eight_d"}, {"2 week"}),
        ("within fourteen days: 8D", {"eight_d"}, set()),
        ("每季度一次 LPA", {"layered_audit"}, {"quarterly", "1 times"}),
        ("零件 38140-AB.01 用 20 件/箱", set(), {"20 pcs"}),
        ("ISO 9227 NSS 2026-05-01", {"salt_spray"}, {"2026-05-01"}),
    ],
)
def test_what_stands_in_a_text(text: str, topics: set[str], values: set[str]) -> None:
    found = meaning.understand(text)
    assert found.topics == topics
    assert values <= {str(each) for each in found.values}


def test_a_value_is_not_another_requirement_but_is_shown() -> None:
    a = meaning.understand("镀锌件盐雾试验 480 h")
    b = meaning.understand("镀锌件盐雾试验 720 h")
    like = meaning.compare(a, b)
    assert like.percent == 100
    assert [[str(each) for each in side] for side in like.values] == [["480 h"], ["720 h"]]


def test_nothing_breaks_the_reading() -> None:
    for text in (
        "",
        " ",
        "\x00",
        "🚗" * 300,
        "8" * 5000,
        "a" * 5000,
        "盐" * 5000,
        "((((",
        "%s %d",
        "1.2.3.4",
        "±",
        "𠮷",
    ):
        a = meaning.understand(text)
        assert 0 <= meaning.compare(a, a).percent <= 100


# What a person sees and says ------------------------------------------------------------------------------------------


@pytest.fixture
def asked(working: Company, svw: customers.Customer) -> list[cases.Case]:
    """The same asked three times by two customers with two values; and something else."""
    other = stories.customer(working, "BYD", "比亚迪（示例）")
    found = [
        ask(working, svw, "镀锌件中性盐雾试验时间由 480 h 提高到 720 h，试验后无红锈。"),
        ask(working, other, "Salt spray test of zinc plated parts shall be extended to 1000 h without red rust."),
        ask(working, svw, "镀锌件盐雾试验延长到 720 小时，不得有红锈。"),
        ask(working, other, "样件交付提前两周。"),
    ]
    look()
    return found


def test_what_was_asked_again_stands_together(asked: list[cases.Case], working: Company) -> None:
    group = group_of(asked[0])
    assert group is not None
    assert [group_of(case) for case in asked] == [group, group, group, None]
    assert (group.times, group.customers) == (3, 2)
    assert group.topics[0] in ("coating", "corrosion", "salt_spray")
    assert group.percent >= grouping.SAME
    third = models.Asking.objects.get(case=asked[2])
    assert "salt_spray" in third.shares["topics"]
    assert third.shares["with"] in {asked[0].items.get().pk, asked[1].items.get().pk}
    [row] = repeats.repeats(stories.fresh(working.zhou))
    assert (row.n_times, row.n_customers) == (3, 2)


def test_nothing_is_looked_at_twice(asked: list[cases.Case], working: Company) -> None:
    assert repeats.waiting(10) == []
    before = dict(models.Asking.objects.values_list("pk", "version"))
    assert look() == 0
    assert dict(models.Asking.objects.values_list("pk", "version")) == before
    item = asked[2].items.get()
    item_actions.amend(
        item=item, text="包装改用可回收周转箱。", said_by="沈工", reason="来函", by=stories.fresh(working.lina),
        now=stories.NOW, expected=item.version,
    )  # fmt: skip
    assert look() == 1
    group = models.Repeat.objects.get()
    assert (group_of(asked[2]), group.times, group.customers) == (None, 2, 2)


def test_a_withdrawn_item_leaves_and_the_group_is_shown_no_more(asked: list[cases.Case], working: Company) -> None:
    for case in asked[1:3]:
        cases.Item.objects.filter(case=case).update(withdrawn_at=stories.NOW)
    assert look() == 2
    assert models.Repeat.objects.get().times == 1
    assert list(repeats.repeats(stories.fresh(working.zhou))) == []


def test_items_of_one_request_go_their_own_ways(
    asked: list[cases.Case], working: Company, svw: customers.Customer
) -> None:
    case = ask(working, svw, "样件交付提前三周。", "镀锌件盐雾试验 960 h。", "每月提交 PPM 数据。")
    look()
    assert group_of(case, 1) == group_of(asked[3])
    assert group_of(case, 2) == group_of(asked[0])
    assert group_of(case, 3) is None


def test_not_the_same_holds(asked: list[cases.Case], working: Company) -> None:
    asking = models.Asking.objects.select_related("case", "item").get(case=asked[1])
    group = asking.repeat
    assert group is not None
    act = {"reason": "只涉及出口件", "by": stories.fresh(working.lina), "now": stories.NOW}
    with pytest.raises(refusals.Stale):
        repeating.set_apart(asking=asking, **act, expected=asking.version + 3)
    repeating.set_apart(asking=asking, **act, expected=asking.version)
    models.Asking.objects.update(wording=0)
    look()
    assert group_of(asked[1]) is None
    assert models.Repeat.objects.get(pk=group.pk).times == 2
    entry = records.Entry.objects.get(word="reports.repeat.set_apart")
    assert (entry.subject_id, entry.subject_type) == (asked[1].pk, "cases.case")
    again = models.Asking.objects.select_related("case", "item").get(case=asked[1])
    with pytest.raises(repeating.CannotJoin):
        repeating.set_apart(asking=again, **act, expected=again.version)
    repeating.bring_in(asking=again, repeat=group, **act)
    models.Asking.objects.update(wording=0)
    look()
    assert group_of(asked[1]) == group
    assert models.Repeat.objects.get(pk=group.pk).times == 3


def test_belongs_here_holds_against_the_program(asked: list[cases.Case], working: Company) -> None:
    group, other = group_of(asked[0]), models.Asking.objects.select_related("case", "item").get(case=asked[3])
    assert group is not None
    act = {"repeat": group, "reason": "", "now": stories.NOW}
    with pytest.raises(refusals.NotAllowed):
        repeating.bring_in(asking=other, by=stories.fresh(working.people["auditor"]), **act)
    repeating.bring_in(asking=other, by=stories.fresh(working.lina), **act)
    models.Asking.objects.update(wording=0)
    look()
    assert group_of(asked[3]) == group
    with pytest.raises(repeating.CannotJoin, match=r"already|已在"):
        repeating.bring_in(asking=other, by=stories.fresh(working.lina), **act)


def test_nobody_hears_of_another_circle(asked: list[cases.Case], working: Company, client: Client) -> None:
    """What becomes confidential leaves the group at once; those of the circle see groups of their own."""
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    circle.grants.create(person=working.zhao, granted_at=stories.NOW)
    for case in asked[1:3]:
        cases.Case.objects.filter(pk=case.pk).update(scope=circle)
        document.Document.objects.filter(subject_type="cases.case", subject_id=case.pk).update(scope_id=circle.pk)
        repeating.rescoped(case_id=case.pk)
    assert list(repeats.repeats(stories.fresh(working.zhou))) == []
    look()
    assert list(repeats.repeats(stories.fresh(working.zhou))) == []
    [row] = repeats.repeats(stories.fresh(working.zhao))
    assert (row.n_times, row.scope_id) == (2, circle.pk)
    client.force_login(working.zhou)
    assert client.get(row.get_absolute_url()).status_code == 404
    assert asked[1].number not in client.get(reverse("reports:repeats")).content.decode()
    open_one = models.Asking.objects.select_related("case", "item").get(case=asked[0])
    with pytest.raises(repeating.CannotJoin):
        repeating.bring_in(asking=open_one, repeat=row, reason="", by=stories.fresh(working.zhao), now=stories.NOW)


def test_figures_of_other_sites_are_not_told(asked: list[cases.Case], working: Company, client: Client) -> None:
    """Whoever sees one site is told of its members only: words, counts, customers, values."""
    here, there = (org.Site.objects.create(code=f"S{n}", name_zh=f"工厂{n}") for n in (1, 2))
    cases.Case.objects.filter(pk__in=[asked[0].pk, asked[1].pk]).update(site=there)
    cases.Case.objects.filter(pk=asked[2].pk).update(site=here)
    person = stories.fresh(working.zhou)
    person.role_grants.update(site=here)
    assert list(repeats.repeats(stories.fresh(person))) == []
    assert repeats.asked_before(stories.fresh(person), asked[2]) == []
    assert not repeats.was_asked_before(stories.fresh(person), asked[2].pk)
    cases.Case.objects.filter(pk=asked[1].pk).update(site=None)
    [row] = repeats.repeats(stories.fresh(person))
    assert (row.n_times, row.n_customers) == (2, 2)
    assert row.n_title.startswith("Salt spray")
    client.force_login(person)
    page = client.get(row.get_absolute_url()).content.decode()
    assert asked[0].number not in page
    assert asked[1].number in page
    assert client.get(reverse("reports:repeats")).status_code == 200


def test_the_pages(asked: list[cases.Case], working: Company, client: Client) -> None:
    client.force_login(working.zhou)
    group = group_of(asked[0])
    assert group is not None
    listed = client.get(reverse("reports:repeats"), {"customer": asked[1].customer_id, "since": "2026-01-01"})
    assert listed.context["page"].total == 1
    assert client.get(reverse("reports:repeats"), {"until": "2020-01-01"}).context["page"].total == 0
    page = client.get(group.get_absolute_url()).content.decode()
    for said in (asked[0].number, asked[1].number, asked[2].number, "<mark", "1000 h", "findings/report"):
        assert said in page
    panel = client.get(reverse("reports:asked_before", args=[asked[0].number])).content.decode()
    assert asked[1].number in panel
    assert asked[0].number not in panel
    case_page = client.get(asked[0].get_absolute_url()).content.decode()
    assert reverse("reports:asked_before", args=[asked[0].number]) in case_page
    assert "asked-before" not in client.get(asked[3].get_absolute_url()).content.decode()
    book = client.get(reverse("reports:repeats"), {"excel": "repeats"})
    assert book.status_code == 200
    assert b"".join(book.streaming_content)[:2] == b"PK"
    report = client.get(reverse("cases:finding_report"), {"text": "已提出 3 次"})
    assert "已提出 3 次" in report.content.decode()


def test_the_dialogs(asked: list[cases.Case], working: Company, client: Client) -> None:
    client.force_login(working.lina if stories.fresh(working.lina).may(Permission.REPORTS_SEE) else working.zhou)
    group, asking = group_of(asked[0]), models.Asking.objects.get(case=asked[1])
    assert group is not None
    apart = reverse("reports:repeat_apart", args=[group.pk, asking.pk])
    bring = reverse("reports:repeat_bring", args=[group.pk])
    assert client.get(apart).status_code == 200
    assert client.post(apart, {"version": asking.version, "reason": "x"}).status_code == 302
    assert group_of(asked[1]) is None
    assert client.get(apart).status_code == 404
    assert client.post(bring, {}).status_code == 422
    assert client.post(bring, {"case": asked[0].pk, "reason": ""}).status_code == 422
    assert client.post(bring, {"case": asked[1].pk, "reason": ""}).status_code == 302
    assert group_of(asked[1]) == group


def test_while_registering_the_other_language_is_found_too(
    asked: list[cases.Case], working: Company, client: Client
) -> None:
    client.force_login(working.lina)
    typed = {"title": "Neutral salt spray of zinc plated parts for 720 hours"}
    found = client.post(reverse("cases:case_similar"), typed).content.decode()
    assert all(case.number in found for case in asked[:3])
    assert asked[3].number not in found
