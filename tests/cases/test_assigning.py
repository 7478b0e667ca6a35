"""Giving out what comes in by rules: who gets it and why, nobody, the circle, another with a reason, the trial."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from tests import cast
from tests.cases import story as stories
from yinuo.cases import models
from yinuo.cases.actions import assigning, convention, opening, reassigning
from yinuo.cases.queries import assigning as assigning_queries
from yinuo.cases.queries import conventions as convention_queries
from yinuo.customers import models as customers
from yinuo.kit import refusals
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.records import lists as records_lists
from yinuo.records import models as records

NOW = stories.NOW
SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def ruled(working: cast.Company) -> cast.Company:
    """The company with the rules to begin with: a pool for 技术 (王强), one for 质量 (孙丽)."""
    assigning.begin(by=stories.fresh(working.zhao), now=NOW, expected=0)
    return working


def able(person: org.Person, code: str, level: int = 2) -> None:
    skill = org.Skill.objects.get(code=code)
    org.PersonSkill.objects.create(person=person, skill=skill, level=level, proof="记录 2025-11")


def away(person: org.Person, days: int = 3) -> None:
    org.Absence.objects.create(person=person, from_at=NOW - timedelta(hours=2), to_at=NOW + timedelta(days=days))


def registered(company: cast.Company, of: customers.Customer, **said: Any) -> models.Case:
    return stories.open_case(company, of, **{"owner": None, **said})


def told(person: org.Person) -> list[str]:
    return list(notify.Message.objects.filter(person=person).order_by("-pk").values_list("words_zh", flat=True))


def test_without_rules_the_window_owns_it(working: cast.Company, svw: customers.Customer) -> None:
    assert registered(working, svw).owner == working.lina
    assert not models.Assignment.objects.exists()


def test_who_gets_it_and_why(ruled: cast.Company, svw: customers.Customer) -> None:
    able(ruled.chen, "technical", 3)
    stories.open_case(ruled, svw, owner=ruled.chen)
    case = registered(ruled, svw)
    assert case.owner == ruled.wang, "陈刚 has more skill, and a case more"
    (given,) = assigning_queries.assignments_of(case)
    assert (given.chosen, given.by, given.pool_words) == (ruled.wang, None, "技术组")
    assert given.row_words == "第 1 行：性质为技术"
    assert given.why == "技能“技术”2 级；在岗；在办 0 项（产能 100 %），为合格在岗者中最少"
    assert [each["name"] for each in given.others] == ["王强", "陈刚"]
    assert given.others[1]["why"].startswith("技能“技术”3 级；在岗；在办 1 项（产能 100 %）；近一年办理过该顾客 1 件")
    assert any(f"分派理由：{given.why}" in words for words in told(ruled.wang))
    entry = records.Entry.objects.get(word="cases.case.assigned")
    assert entry.note["why"] == given.why
    said = [records_lists.field_of(name) for name in (*entry.note, *(change["field"] for change in entry.changes))]
    assert sorted(said) == ["分派理由", "分派组", "分派给", "适用规则"]


def test_a_named_owner_stays(ruled: cast.Company, svw: customers.Customer) -> None:
    assert registered(ruled, svw, owner=ruled.sun).owner == ruled.sun
    assert not models.Assignment.objects.exists()


def test_where_time_is_shortest_skill_goes_before_load(ruled: cast.Company, svw: customers.Customer) -> None:
    able(ruled.chen, "technical", 3)
    stories.open_case(ruled, svw, owner=ruled.chen)
    case = registered(ruled, svw, is_safety=True)
    assert case.owner == ruled.chen
    assert "技能“技术”3 级，为合格在岗者中最高" in assigning_queries.assignments_of(case)[0].why


def test_a_rule_that_matches_nobody(ruled: cast.Company, svw: customers.Customer) -> None:
    """The window keeps it; those who steer are told which rule it was, and why."""
    away(ruled.wang)
    case = registered(ruled, svw)
    assert case.owner == ruled.lina
    (given,) = assigning_queries.assignments_of(case)
    assert given.chosen is None
    assert given.why == "符合要求的人员均不能接收：王强离岗至 03-05 09:30"
    words = f"{case.number} 未能自动分派：第 1 行：性质为技术 → 技术组，{given.why}。暂由李娜负责。"
    assert words in told(ruled.zhao)
    assert words not in told(ruled.wang)


def test_expired_competence_counts_no_more(ruled: cast.Company, svw: customers.Customer) -> None:
    org.PersonSkill.objects.update(valid_until=(NOW - timedelta(days=1)).date())
    case = registered(ruled, svw)
    assert case.owner == ruled.lina
    assert assigning_queries.assignments_of(case)[0].why == "没有符合要求的人员"


def test_outside_the_circle_nobody_is_asked(ruled: cast.Company) -> None:
    able(ruled.chen, "technical")
    circle = org.Scope.objects.create(name_zh="密")
    for person in (ruled.lina, ruled.chen, ruled.zhao):
        org.ScopeGrant.objects.create(scope=circle, person=person, granted_at=NOW)
    secret = stories.customer(ruled, "SECRET", "某新势力车企", scope=circle)
    case = registered(ruled, secret)
    assert case.owner == ruled.chen
    assert [each["name"] for each in assigning_queries.assignments_of(case)[0].others] == ["陈刚"]


def test_who_may_work_only_at_another_site_is_not_asked(ruled: cast.Company, svw: customers.Customer) -> None:
    able(ruled.he, "technical", 3)
    away(ruled.wang)
    assert registered(ruled, svw, site=ruled.site["nb"]).owner == ruled.lina
    assert registered(ruled, svw, site=ruled.site["cc"]).owner == ruled.he


def test_pools_by_department_with_those_below(ruled: cast.Company, svw: customers.Customer) -> None:
    section = org.Department.objects.create(code="lab", name_zh="试验课", parent=ruled.department["quality"])
    post = org.Post.objects.create(code="tester", name_zh="试验员", department=section)
    org.Holding.objects.create(post=post, person=ruled.wang, from_on="2024-01-01")
    pools = [{"key": "q", "zh": "质量部", "en": "Quality", "department": "quality"}]
    convention.change_convention(
        by=stories.fresh(ruled.zhao), now=NOW, expected=2, pools=pools, assignment={"rows": [], "otherwise": "q"}
    )
    case = registered(ruled, svw)
    assert {each["name"] for each in assigning_queries.assignments_of(case)[0].others} == {"周华", "孙丽", "王强"}


def test_another_with_a_reason_of_two_at_once_one_wins(ruled: cast.Company, svw: customers.Customer) -> None:
    case = registered(ruled, svw)
    seen = models.Case.objects.get(pk=case.pk)
    zhao: Any = {"by": stories.fresh(ruled.zhao), "now": NOW, "expected": case.version}
    with pytest.raises(reassigning.CannotReassign):
        reassigning.reassign(case=case, owner=ruled.sun, reason=" ", **zhao)
    with pytest.raises(refusals.NotAllowed):
        reassigning.reassign(case=case, owner=ruled.sun, reason="x", **{**zhao, "by": stories.fresh(ruled.wang)})
    reassigning.reassign(case=case, owner=ruled.sun, reason="熟悉盐雾试验", **zhao)
    with pytest.raises(refusals.Stale):
        reassigning.reassign(case=seen, owner=ruled.chen, reason="亦可", **zhao)
    latest, first = assigning_queries.assignments_of(case)
    assert (latest.chosen, latest.by, latest.reason) == (ruled.sun, ruled.zhao, "熟悉盐雾试验")
    assert (first.chosen, first.by) == (ruled.wang, None)
    assert any("原因：熟悉盐雾试验" in words for words in told(ruled.sun))


def test_the_dialog_offers_the_ranked_with_their_reasons(
    ruled: cast.Company, svw: customers.Customer, signed_in: SignIn
) -> None:
    able(ruled.chen, "technical", 3)
    case = registered(ruled, svw)
    url, client = reverse("cases:case_give", args=[case.number]), signed_in("zhao")
    page = client.get(url).content.decode()
    assert case.owner == ruled.chen
    assert "王强 · 技能“技术”2 级；在岗；在办 0 项" in page
    assert client.post(url, {"version": 1, "choice": ruled.wang.pk, "reason": ""}).status_code == 422
    assert client.post(url, {"version": 1, "choice": "other", "reason": "x"}).status_code == 422
    assert client.post(url, {"version": 1, "choice": ruled.wang.pk, "reason": "陈刚另有任务"}).status_code == 302
    case.refresh_from_db()
    assert case.owner == ruled.wang
    panel = client.get(reverse("cases:case_assignment", args=[case.number])).content.decode()
    assert "陈刚另有任务" in panel
    assert "由赵敏指定" in panel


def test_pages_of_the_rules(working: cast.Company, signed_in: SignIn) -> None:
    client = signed_in("zhao")
    page = client.get(reverse("cases:assignment")).content.decode()
    assert "技术组、质量组" in page
    assert client.post(reverse("cases:assignment_begin"), {"version": "7"}).status_code == 409
    assert client.post(reverse("cases:assignment_begin"), {"version": "0"}).status_code == 302
    page = client.get(reverse("cases:assignment")).content.decode()
    assert "性质为技术" in page
    assert "技能“质量”不低于 2 级" in page
    assert signed_in("wang").get(reverse("cases:assignment")).status_code == 403


def said_in(client: Client, url: str, name: str) -> dict[str, Any]:
    """What a form of lines sends when nothing is touched."""
    form = client.get(url).context["form"]
    said = {each: form[each].value() for each in form.fields if each != name}
    for line in form.fields[name].lines:
        said |= {f"{name}-{line.key}-{column}": words or "" for column, words in line.filled.items() if column != "key"}
    return said


def test_pools_and_table_line_by_line(ruled: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    client, pools_url, url = signed_in("zhao"), reverse("cases:assignment_pools"), reverse("cases:assignment_table")
    before = convention_queries.convention()
    assert client.post(pools_url, said_in(client, pools_url, "pools")).status_code == 302
    assert convention_queries.convention().pools == [{"department": "", "post": "", **each} for each in before.pools]
    new = {"pools-n2-zh": "生产部", "pools-n2-level": "2", "pools-n2-department": "production"}
    assert client.post(pools_url, said_in(client, pools_url, "pools") | new).status_code == 302
    assert client.post(url, said_in(client, url, "assignment")).status_code == 302
    assert convention_queries.convention().assignment == before.assignment, "what is shown is what is stored"
    said = said_in(client, url, "assignment") | {
        "assignment-n2-fact": "cases.customers",
        "assignment-n2-operator": "contains",
        "assignment-n2-value": "上汽大众（示例）",
        "assignment-n2-then": "p3",
        "otherwise": "p1",
    }
    assert client.post(url, said).status_code == 302
    stored = convention_queries.convention()
    assert stored.assignment["rows"][2] == {"when": [["cases.customers", "contains", "SVW"]], "then": "p3"}
    assert registered(ruled, svw, items=[opening.NewItem(text="x", kind="delivery")]).owner == ruled.wu
    named = said_in(client, pools_url, "pools") | {"pools-n2-zh": "", "pools-n2-en": ""}
    refused = client.post(pools_url, named)
    assert refused.status_code == 422, "the table still names it"
    assert "分派组“p3”不存在" in refused.content.decode()


def test_what_would_have_happened(ruled: cast.Company, svw: customers.Customer, signed_in: SignIn) -> None:
    """Cases one after the other: what the trial has given counts as load; the table on the page is tried unsaved."""
    able(ruled.chen, "technical")
    for day in range(4):
        at = NOW - timedelta(days=8 - day)
        stories.open_case(ruled, svw, now=at, notified_at=at, owner=ruled.lina)
    at = NOW - timedelta(days=2)
    stories.open_case(ruled, svw, now=at, notified_at=at, items=[opening.NewItem(text="x", kind="service")])
    trial = assigning_queries.trial(
        stories.fresh(ruled.zhao), assigning_queries.rules(), since=NOW - timedelta(days=30), until=NOW, now=NOW
    )
    assert [row for row in trial.counts if row[2]] == [("王强", 1, 2), ("陈刚", 0, 2), ("", 0, 1)]
    assert ("李娜", 4, 0) in trial.counts
    assert [(every, none) for _at, _words, every, none in trial.by_row] == [(4, 0), (0, 0), (1, 1)]
    assert (trial.total, len(trial.unmatched)) == (5, 1)
    assert not models.Assignment.objects.exists(), "nothing is given by trying"
    client = signed_in("zhao")
    models.Case.objects.update(registered_at=NOW.now(NOW.tzinfo) - timedelta(days=3))
    said = said_in(client, reverse("cases:assignment_table"), "assignment") | {"otherwise": "p2"}
    page = client.post(reverse("cases:assignment_trial"), said).content.decode()
    assert "未保存" in page
    assert "5 个可按规则分派到人" in page
    assert convention_queries.convention().assignment["otherwise"] == ""
    assert "4 个可按规则分派到人" in client.get(reverse("cases:assignment_trial")).content.decode()


def test_the_trial_shows_what_one_may_see(ruled: cast.Company, svw: customers.Customer) -> None:
    circle = org.Scope.objects.create(name_zh="密")
    for person in (ruled.lina, ruled.zhao):
        org.ScopeGrant.objects.create(scope=circle, person=person, granted_at=NOW)
    stories.open_case(ruled, stories.customer(ruled, "SECRET", "某新势力车企", scope=circle), owner=ruled.lina)
    until = NOW + timedelta(days=1)
    seen = {}
    for person in (ruled.zhao, ruled.chen):
        by, rules = stories.fresh(person), assigning_queries.rules()
        trial = assigning_queries.trial(by, rules, since=NOW - timedelta(days=1), until=until, now=until)
        seen[person.name] = len(trial.tried)
    assert seen == {"赵敏": 1, "陈刚": 0}


def test_as_many_queries_for_many_as_for_one(ruled: cast.Company, svw: customers.Customer) -> None:
    case = stories.open_case(ruled, svw)

    def asked() -> int:
        it = models.Case.objects.select_related("customer", "site").get(pk=case.pk)
        with CaptureQueriesContext(connection) as seen:
            assert assigning_queries.proposal(it, [], NOW) is not None
        return len(seen)

    able(ruled.chen, "technical")  # with a post that is theirs alone
    one = asked()
    for person in (ruled.sun, ruled.zhou, ruled.wu, ruled.lina, ruled.zhao, ruled.gao):
        able(person, "technical")
    assert asked() == one
    assert one <= 16


# Two hundred ----------------------------------------------------------------------------------------------------------

KINDS = ["technical", "quality", "delivery", "environment", "commercial"]


def crew(company: cast.Company, chance: random.Random) -> None:
    """Everybody with two or three skills, some on part time, some away; environment: nobody present."""
    for kind in KINDS[2:]:
        org.Skill.objects.create(code=kind, name_zh=str(models.Kind(kind).label), name_en=kind)
    everybody = [company.people[each[0]] for each in cast.PEOPLE[:9]]
    for person in everybody:
        for kind in chance.sample([kind for kind in KINDS if kind != "environment"], 3):
            org.PersonSkill.objects.get_or_create(
                person=person, skill=org.Skill.objects.get(code=kind), defaults={"level": chance.randint(1, 3)}
            )
    able(company.gao, "environment")
    for name, capacity in (("chen", 50), ("zhou", 60), ("sun", 80)):
        org.Person.objects.filter(pk=company.people[name].pk).update(capacity=capacity)
    for name in ("gao", "wu"):
        away(company.people[name], days=60)


def fitting(case: models.Case) -> tuple[set[int], set[int]]:
    """Counted anew, straight from the rows: who is qualified and present, and of these who the rules must prefer."""
    absent = set(org.Absence.objects.filter(from_at__lte=NOW, to_at__gt=NOW).values_list("person_id", flat=True))
    levels = {}
    for person, level in org.PersonSkill.objects.filter(skill__code=case.kind).values_list("person_id", "level"):
        if level >= 2 and person not in absent and org.Person.objects.get(pk=person).site.code == "nb":
            levels[person] = level
    if case.priority == models.Priority.TOP and levels:
        best = max(levels.values())
        preferred = {person for person, level in levels.items() if level == best}
    else:
        preferred = set(levels)
    loads = {person: load(person, case) / org.Person.objects.get(pk=person).capacity for person in preferred}
    least = min(loads.values(), default=0)
    return set(levels), {person for person, share in loads.items() if share == least}


def load(person: int, case: models.Case) -> int:
    """What a person had in hand before this case came: tasks held or at a post theirs alone, cases with none."""
    on = NOW.date()
    tasks = procedures.Task.objects.filter(closed_at=None).exclude(subject_id=case.pk)
    held = set(tasks.filter(holder=person).values_list("subject_id", flat=True))
    count = tasks.filter(holder=person).count()
    for post in org.Post.objects.filter(holdings__person=person, holdings__from_on__lte=on):
        if set(post.holdings.values_list("person_id", flat=True)) == {person}:
            count += tasks.filter(holder=None, post=post).count()
    owned = set(models.Case.objects.filter(owner=person).exclude(pk=case.pk).values_list("pk", flat=True))
    return count + len(owned - held)


def test_two_hundred_requests(working: cast.Company, svw: customers.Customer) -> None:
    """Each goes to a qualified and present person who has least in hand, wherever there is one."""
    chance = random.Random(9)
    crew(working, chance)
    assigning.begin(by=stories.fresh(working.zhao), now=NOW, expected=0)
    outcomes: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    for _n in range(200):
        kind = chance.choice(KINDS)
        case = registered(
            working, svw, items=[opening.NewItem(text="要求", kind=kind)], is_safety=chance.random() < 0.15,
            site=working.site["nb"],
        )  # fmt: skip
        given = assigning_queries.assignments_of(case)[0]
        qualified, least = fitting(case)
        if not qualified:
            outcomes["nobody there" if given.chosen is None and case.owner == working.lina else "wrong"] += 1
        elif given.chosen_id in least:
            outcomes["least loaded"] += 1
            assert f"在办 {load(given.chosen_id, case)} 项" in given.why
            assert ("仅此一人" in given.why) == (len(qualified) == 1)
            reasons[kind] = f"{case.number} {given.chosen}：{given.why}"
        else:
            outcomes["wrong"] += 1
    possible = 200 - outcomes["nobody there"]
    print(f"{outcomes['least loaded']} of {possible} to a qualified, present, least-loaded person; {dict(outcomes)}")
    print("\n".join(reasons.values()))
    owners = Counter(models.Case.objects.values_list("owner__name", flat=True))
    print(dict(owners))
    assert outcomes == {"least loaded": possible, "nobody there": outcomes["nobody there"]}
    assert possible > 140
    assert outcomes["nobody there"] > 20
