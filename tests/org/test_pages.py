"""The organisation's pages: what they show to whom, what their forms do, what they cost."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import cast
from yinuo.kit import actors
from yinuo.org import models, queries
from yinuo.org.actions import calendars, competence, organisations, scopes

Seat = Callable[[str], Client]
LISTS = ["structure", "people", "posts", "skills", "address_book", "calendar", "absences", "scopes", "roles"]
ONCE = "o" * 20


def text(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(f"org:{name}", args=args), query)
    assert response.status_code == 200, response.content.decode()[:400]
    return response.content.decode()


# Who sees them --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("who", ["lina", "auditor", "he", "admin"])
def test_everybody_with_a_role_may_look(signed_in: Seat, name: str, who: str) -> None:
    text(signed_in(who), name)


@pytest.mark.parametrize("name", LISTS)
def test_somebody_without_a_role_sees_nothing(signed_in: Seat, name: str) -> None:
    assert signed_in("outsider").get(reverse(f"org:{name}")).status_code == 403


@pytest.mark.parametrize("name", ["site", "department", "post", "person", "scope", "organisation", "person_edit"])
def test_forged_numbers_lead_nowhere(signed_in: Seat, name: str) -> None:
    assert signed_in("admin").get(reverse(f"org:{name}", args=[987654321])).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["site_new", "department_new", "post_new", "person_new", "skill_new", "role_grant", "scope_new", "week"],
)
def test_only_administrators_get_the_forms(signed_in: Seat, name: str) -> None:
    assert signed_in("zhou").get(reverse(f"org:{name}")).status_code == 403
    assert signed_in("admin").get(reverse(f"org:{name}")).status_code == 200


def test_an_administrator_of_one_site_does_not_set_the_companys_days(company: cast.Company, signed_in: Seat) -> None:
    models.RoleGrant.objects.create(
        person=company.he, role="administrator", site=company.site["cc"], from_on=date(2020, 1, 1)
    )
    he = signed_in("he")
    url = reverse("org:calendar_day", args=["2026-03-07"])
    assert he.get(url).status_code == 403
    assert he.get(url, {"site": company.site["nb"].pk}).status_code == 403
    assert he.get(url, {"site": company.site["cc"].pk}).status_code == 200


# Confidentiality ------------------------------------------------------------------------------------------------------


def test_a_confidential_organisation_is_shown_to_the_named_only(company: cast.Company, signed_in: Seat) -> None:
    now = timezone.now()
    scope = scopes.open_scope(name_zh="项目 Q7", by=company.admin, now=now)
    scopes.let_in(scope=scope, person=company.lina, reason="项目组", by=company.admin, now=now)
    row = organisations.add_organisation(name_zh="神秘车企", kinds=["customer"], scope=scope, by=company.admin, now=now)
    lina, zhao = signed_in("lina"), signed_in("zhao")
    assert "神秘车企" in text(lina, "address_book")
    assert "神秘车企" in text(lina, "organisation", row.pk)
    assert "项目 Q7" in text(lina, "scope", scope.pk)
    assert "神秘车企" not in text(zhao, "address_book", q="神秘")
    assert "项目 Q7" not in text(zhao, "scopes")
    for name in ("organisation", "organisation_edit"):
        assert zhao.get(reverse(f"org:{name}", args=[row.pk])).status_code == 404
    assert zhao.get(reverse("org:scope", args=[scope.pk])).status_code == 404


def test_the_reason_of_an_absence_is_private(company: cast.Company, signed_in: Seat) -> None:
    now = timezone.now()
    models.Absence.objects.create(
        person=company.lina, from_at=now - timedelta(hours=1), to_at=now + timedelta(days=1), reason="住院检查"
    )
    for name, args in (("absences", ()), ("person", (company.lina.pk,))):
        assert "住院检查" in text(signed_in("zhao"), name, *args)
        assert "住院检查" not in text(signed_in("sun"), name, *args)
    assert "住院检查" in text(signed_in("lina"), "me")


def test_others_do_not_change_an_absence(company: cast.Company, signed_in: Seat) -> None:
    now = timezone.now()
    absence = models.Absence.objects.create(person=company.lina, from_at=now, to_at=now + timedelta(days=1))
    for name in ("absence_edit", "absence_cancel"):
        assert signed_in("sun").get(reverse(f"org:{name}", args=[absence.pk])).status_code == 404
        assert signed_in("zhao").get(reverse(f"org:{name}", args=[absence.pk])).status_code == 200
    page = {"once": ONCE, "person": company.lina.pk, "from_at": "2030-01-01T08:00", "to_at": "2030-01-02T08:00"}
    assert signed_in("sun").post(reverse("org:absence_new"), page).status_code == 422  # not hers to choose
    assert not models.Absence.objects.filter(from_at__year=2030).exists()


# What they show -------------------------------------------------------------------------------------------------------


def test_the_structure_marks_vacant_and_acting_posts(signed_in: Seat) -> None:
    page = text(signed_in("lina"), "structure")
    assert "其中 1 个空缺" in page
    assert page.count("空缺</span>") == 1
    assert "订单物流课" in page
    assert page.count("代理</span>") == 1


def test_who_held_a_post_on_a_day(company: cast.Company, signed_in: Seat) -> None:
    post = company.post["quality_manager"]
    models.Holding.objects.filter(post=post).update(from_on=date(2026, 3, 2))
    models.Holding.objects.create(
        post=post, person=company.sun, from_on=date(2025, 1, 1), to_on=date(2026, 3, 1), is_acting=True
    )
    client = signed_in("lina")

    def answer(on: str) -> str:
        return text(client, "post", post.pk, on=on).partition('class="answer"')[2].partition("</p>")[0]

    assert "孙丽" in answer("2026-03-01")
    assert "周华" in answer("2026-03-02")
    assert "空缺" in answer("2024-12-31")
    assert "周华" in answer("no-day")  # nonsense means today
    assert "2026-03-01 各岗位的任职人" in text(client, "posts", on="2026-03-01")


def test_people_are_found_by_name_number_and_department(company: cast.Company, signed_in: Seat) -> None:
    client = signed_in("lina")

    def found(**query: object) -> set[str]:
        page = text(client, "people", **query)
        return {p.name for p in company.people.values() if f'href="{p.get_absolute_url()}"' in page}

    assert found(q="王") == {"王强"}
    assert found(q="0102") == {"李娜"}
    assert found(department=company.department["engineering"].pk) == {"陈刚", "王强", "何静"}
    assert found(site=company.site["cc"].pk) == {"何静"}
    assert found(site="x", department="-1") == set()
    models.Person.objects.filter(pk=company.sun.pk).update(is_active=False, left_on=date(2020, 1, 1))
    assert found(q="孙") == set()
    assert found(gone=1) == {"孙丽"}


def test_organisations_are_found_by_any_name_and_kind(company: cast.Company, signed_in: Seat) -> None:
    now = timezone.now()
    for name, kind, alias in [("上汽大众", "customer", "上海大众 SVW"), ("中汽认证", "certification_body", "CCAP")]:
        organisations.add_organisation(name_zh=name, kinds=[kind], aliases=alias.split(), by=company.admin, now=now)
    client = signed_in("lina")
    assert "上汽大众" in text(client, "address_book", q="上海")
    assert "上汽大众" in text(client, "address_book", q="svw")
    assert "上汽大众" not in text(client, "address_book", kind="certification_body")
    assert "中汽认证" in text(client, "address_book", kind="certification_body")


def test_the_calendar_shows_the_year_and_says_when_it_is_provisional(company: cast.Company, signed_in: Seat) -> None:
    calendars.load_state_years(years=[2026, 2028], by=actors.PROGRAM, now=timezone.now())
    client = signed_in("lina")
    page = text(client, "calendar", year=2026)
    assert "248 个工作日" in page  # 365 days less 117 as published
    assert 'title="2026-02-14 工作日 调休上班"' in page
    assert "暂定" not in page
    assert "暂定" in text(client, "calendar", year=2028)
    assert "data-dialog" not in page.partition('class="months"')[2].partition('id="side"')[0]  # nothing to press
    assert client.get(reverse("org:calendar"), {"site": "987654"}).status_code == 404
    assert client.get(reverse("org:calendar"), {"site": "x"}).status_code == 404
    text(client, "calendar", year="99999")


def test_roles_say_in_sentences_what_they_allow(signed_in: Seat) -> None:
    page = text(signed_in("lina"), "roles")
    assert "维护组织机构和权限，不参与业务" in page
    assert "办理分配给自己的任务" in page


def test_expired_competence_is_marked(company: cast.Company, signed_in: Seat) -> None:
    now = timezone.now()
    skill = competence.name_skill(code="welding", name_zh="焊接", by=company.admin, now=now)
    competence.record_skill(
        person=company.wang, skill=skill, level=3, proof="IWE", valid_until=date(2020, 1, 1), by=company.admin, now=now
    )
    assert "已过期" in text(signed_in("lina"), "skills")
    assert "已过期" in text(signed_in("lina"), "person", company.wang.pk)


@pytest.mark.parametrize("name", LISTS)
def test_pages_read_in_english(company: cast.Company, signed_in: Seat, name: str) -> None:
    models.Person.objects.filter(pk=company.lina.pk).update(language="en")
    assert 'lang="en"' in text(signed_in("lina"), name)


# What their forms do --------------------------------------------------------------------------------------------------


def test_a_post_is_created_once_however_often_the_form_is_sent(company: cast.Company, signed_in: Seat) -> None:
    admin = signed_in("admin")
    page = {"once": ONCE, "code": "inspector", "name_zh": "检验员", "department": company.department["quality"].pk}
    first = admin.post(reverse("org:post_new"), page)
    again = admin.post(reverse("org:post_new"), page)
    post = models.Post.objects.get(code="inspector")
    assert first["Location"] == again["Location"] == post.get_absolute_url()


def test_a_refusal_stands_at_its_field_and_the_input_stays(company: cast.Company, signed_in: Seat) -> None:
    page = {"once": ONCE, "code": "engineer", "name_zh": "检验员", "department": company.department["quality"].pk}
    response = signed_in("admin").post(reverse("org:post_new"), page)
    assert response.status_code == 422
    assert "该代号已用于另一岗位" in response.content.decode()
    assert 'value="检验员"' in response.content.decode()


def test_a_stale_form_is_refused(company: cast.Company, signed_in: Seat) -> None:
    department = company.department["sales"]
    page = {"name_zh": "销售一部", "is_active": "on", "version": 1}
    admin = signed_in("admin")
    url = reverse("org:department_edit", args=[department.pk])
    assert admin.post(url, page).status_code == 302
    assert admin.post(url, {**page, "name_zh": "销售二部"}).status_code == 422
    assert models.Department.objects.get(pk=department.pk).name_zh == "销售一部"


def test_an_administrator_walks_through_the_company(company: cast.Company, signed_in: Seat) -> None:
    admin, today = signed_in("admin"), timezone.localdate()

    def send(page_name: str, /, *args: object, **page: object) -> str:
        response = admin.post(reverse(f"org:{page_name}", args=args), page)
        assert response.status_code == 302, response.content.decode()[-3000:]
        assert admin.get(response["Location"]).status_code == 200
        return str(response["Location"])

    send("site_new", once="a" * 20, code="wh", name_zh="武汉工厂", time_zone="Asia/Shanghai")
    site = models.Site.objects.get(code="wh")
    send(
        "site_edit", site.pk, name_zh="武汉工厂", name_en="Wuhan", time_zone="Asia/Shanghai", is_active="on", version=1
    )
    send("location_new", site.pk, once="b" * 20, name_zh="一号厂房")
    send("department_new", once="c" * 20, code="wh_quality", name_zh="武汉质量课", site=site.pk)
    department = models.Department.objects.get(code="wh_quality")
    send("post_new", once="d" * 20, code="wh_head", name_zh="课长", department=department.pk, is_head="on")
    post = models.Post.objects.get(code="wh_head")
    send("post_edit", post.pk, name_zh="质量课长", department=department.pk, is_head="on", is_active="on", version=1)
    send("appoint", post.pk, once="e" * 20, person=company.sun.pk, from_on=today, is_acting="on")
    assert queries.heads("wh_quality", today) == [company.sun]
    holding = models.Holding.objects.get(post=post)
    send("holding_end", holding.pk, to_on=today, version=1, reason="试任结束")
    send("skill_new", once="f" * 20, code="welding", name_zh="焊接")
    skill = models.Skill.objects.get()
    send("competence_edit", company.sun.pk, skill=skill.pk, level=2, proof="IWE")
    assert queries.competent("welding", today) == [company.sun]
    send("role_grant", once="g" * 20, person=company.sun.pk, role="auditor", from_on=today)
    grant = models.RoleGrant.objects.get(person=company.sun, role="auditor")
    send("role_end", grant.pk, to_on=today - timedelta(days=1), version=1)
    send("scope_new", once="h" * 20, name_zh="项目 Q7")
    scope = models.Scope.objects.get()
    send("scope_edit", scope.pk, name_zh="项目 Q8", version=1)
    send("scope_let_in", scope.pk, once="i" * 20, person=company.sun.pk, reason="项目组")
    send("scope_take_out", scope.grants.get().pk, reason="离开")
    send("organisation_new", once="j" * 20, name_zh="认证公司", kinds=["certification_body"], aliases="CB\nCB")
    organisation = models.Organisation.objects.get()
    assert organisation.aliases == ["CB"]
    send("organisation_edit", organisation.pk, name_zh="认证公司", kinds=["laboratory"], is_active="on", version=1)
    send("person_edit", company.sun.pk, name="孙丽", sign_in="sun", capacity=50, language="zh", version=1)
    send("person_invite", company.sun.pk)
    send("absence_new", once="l" * 20, person=company.sun.pk, from_at="2031-01-01T08:00", to_at="2031-01-02T08:00")
    absence = models.Absence.objects.get()
    send("absence_edit", absence.pk, from_at="2031-01-01T08:00", to_at="2031-01-03T08:00", version=1)
    send("absence_cancel", absence.pk, version=2)
    send("person_bar", company.sun.pk, reason="手机遗失", version=2)
    send("person_admit", company.sun.pk, reason="已找回", version=3)
    send("person_leave", company.sun.pk, on=today, version=4)


def test_the_calendar_is_set_from_its_pages(company: cast.Company, signed_in: Seat) -> None:
    admin, cc = signed_in("admin"), company.site["cc"]
    day = reverse("org:calendar_day", args=["2026-03-07"])
    assert admin.post(day, {"kind": "work", "name_zh": "班次"}).status_code == 422  # a reason is due
    url = f"{day}?site={cc.pk}"
    work = {"kind": "work", "name_zh": "班次", "reason": "订单", "version": 1}
    assert admin.post(url, work).status_code == 302
    assert queries.calendar(cc.pk).is_working_day(date(2026, 3, 7))
    assert admin.post(url, {**work, "kind": "off"}).status_code == 422  # somebody else has set it meanwhile
    assert queries.calendar(cc.pk).is_working_day(date(2026, 3, 7))
    assert admin.post(url, {"kind": "rule", "reason": "取消", "version": 2}).status_code == 302
    assert not queries.calendar(cc.pk).is_working_day(date(2026, 3, 7))
    assert admin.post(reverse("org:year_load", args=[2026])).status_code == 302
    assert admin.post(reverse("org:year_known", args=[2027]), {"reason": "国办发明电"}).status_code == 302
    assert queries.calendar(None).known_years == {2026, 2027}
    for nonsense in ("2026-02-30", "9999-12-31", "0001-01-01"):
        assert admin.get(reverse("org:calendar_day", args=[nonsense])).status_code == 404


@pytest.mark.parametrize("hours", ["25:00-26:00", "morning", "8:30", "13:00-12:00", "8:00-12:00 11:00-13:00"])
def test_hours_as_people_write_them(signed_in: Seat, hours: str) -> None:
    admin = signed_in("admin")
    assert admin.post(reverse("org:week"), {"day0": hours, "reason": "试", "version": 1}).status_code == 422
    good = {"day0": "8:00-12:00、13:00 至 17:00", "day5": "8：00～12：00", "reason": "六天制", "version": 1}
    assert admin.post(reverse("org:week"), good).status_code == 302
    assert queries.calendar(None).is_working_day(date(2026, 3, 7))
    assert not queries.calendar(None).is_working_day(date(2026, 3, 3))


def test_one_sets_ones_own_things(company: cast.Company, signed_in: Seat) -> None:
    lina = signed_in("lina")
    assert lina.post(reverse("org:me_edit"), {"language": "zh", "phone": "139", "version": 1}).status_code == 302
    assert lina.post(reverse("org:pin"), {"password": cast.PASSWORD, "pin": "123456"}).status_code == 422
    assert lina.post(reverse("org:pin"), {"password": cast.PASSWORD, "pin": "305918"}).status_code == 302
    person = models.Person.objects.get(pk=company.lina.pk)
    assert (person.phone, bool(person.signing_pin)) == ("139", True)
    assert lina.post(reverse("org:pin_remove")).status_code == 302
    assert "305918" not in str(person.signing_pin)


# What they cost -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["structure", "people", "posts", "skills", "address_book", "absences", "roles"])
def test_thirty_more_rows_cost_no_more_queries(company: cast.Company, signed_in: Seat, name: str) -> None:
    client = signed_in("lina")
    now = timezone.now()
    skill = models.Skill.objects.create(code="first", name_zh="首项")

    def grow(number: int) -> None:
        person = models.Person.objects.create(sign_in=f"extra{number}", name=f"增{number}", site=company.site["nb"])
        post = models.Post.objects.create(
            code=f"extra{number}", name_zh=f"岗{number}", department=company.department["quality"]
        )
        models.Holding.objects.create(post=post, person=person, from_on=date(2020, 1, 1))
        models.Absence.objects.create(
            person=person, delegate=company.sun, from_at=now - timedelta(hours=1), to_at=now + timedelta(days=1)
        )
        models.PersonSkill.objects.create(person=person, skill=skill, proof="x")
        models.Organisation.objects.create(name_zh=f"机构{number}", kinds=["supplier"])
        models.RoleGrant.objects.create(person=person, role="employee", from_on=date(2020, 1, 1))

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            text(client, name)
        return len(captured)

    grow(0)
    cost()
    one = cost()
    for number in range(1, 31):
        grow(number)
    assert cost() == one


# The first administrator ----------------------------------------------------------------------------------------------


def test_the_first_administrator_comes_in_by_the_printed_link(db: None) -> None:
    out = StringIO()
    call_command("createadmin", "--name", "管理员", "--sign-in", "Root", stdout=out)
    link = out.getvalue().strip()
    path = "/" + link.split("/", 3)[3]
    client = Client()
    assert client.post(path, {"password": "first-of-all-11", "again": "first-of-all-11"}).status_code == 302
    assert client.get(reverse("org:role_grant")).status_code == 200
    assert models.Person.objects.get().sign_in == "root"


# Timelines and names --------------------------------------------------------------------------------------------------


def test_every_subject_of_the_organisation_shows_its_timeline(company: cast.Company, signed_in: Seat) -> None:
    skill = models.Skill.objects.create(code="welding", name_zh="焊接")
    nb = company.site["nb"]
    shown = {
        nb.get_absolute_url(): ("org.site", nb.pk),
        company.department["sales"].get_absolute_url(): ("org.department", company.department["sales"].pk),
        company.post["engineer"].get_absolute_url(): ("org.post", company.post["engineer"].pk),
        skill.get_absolute_url(): ("org.skill", skill.pk),
        reverse("org:calendar"): ("org.calendar", 0),
        f"{reverse('org:calendar')}?site={nb.pk}": ("org.site", nb.pk),
    }
    lina = signed_in("lina")
    for url, subject in shown.items():
        timeline = reverse("records:timeline", args=subject)
        assert timeline in lina.get(url).content.decode(), url
        assert lina.get(timeline).status_code == 200


def test_skills_and_places_get_other_names(company: cast.Company, signed_in: Seat) -> None:
    skill = models.Skill.objects.create(code="welding", name_zh="焊接")
    place = models.Location.objects.create(site=company.site["nb"], name_zh="一号楼")
    admin = signed_in("admin")
    for name, row in (("skill_edit", skill), ("location_edit", place)):
        url = reverse(f"org:{name}", args=[row.pk])
        assert admin.post(url, {"name_zh": "新名称", "version": 1}).status_code == 302
        assert admin.post(url, {"name_zh": "另一名称", "version": 1}).status_code == 422
        row.refresh_from_db()
        assert row.name_zh == "新名称"
        assert signed_in("lina").get(url).status_code == 403
