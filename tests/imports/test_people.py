"""Lists of people become accounts with invitations: no password ever comes in, none goes out."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.imports import test_imports as importing
from yinuo.imports import models
from yinuo.notify import models as notify
from yinuo.org import models as org
from yinuo.records import models as records

KIND = "org.person"
HEADS = ["姓名", "工号", "邮箱", "部门", "岗位", "入职日期", "技能"]
ROWS: list[list[Any]] = [
    ["钱宁", "0501", "qian.ning@qinghe.example", "质量部", "质量工程师", date(2024, 5, 6), "焊接"],
    ["郑爽", "0502", "", "", "", "", ""],
    ["孙丽", "0302", "sun@qinghe.example", "质量部", "质量工程师", "", ""],
    ["陈刚", "0201", "chen.gang@qinghe.example", "", "", "", ""],
    ["无岗", "0503", "", "质量部", "宇航员", "", ""],
    ["", "0504", "", "", "", "", ""],
    ["没号", "", "", "", "", "", ""],
]


@pytest.fixture
def admin(company: cast.Company, signed_in: Callable[[str], Client]) -> Client:
    org.Skill.objects.create(code="welding", name_zh="焊接", name_en="Welding")
    return signed_in("admin")


def checked(client: Client) -> models.Import:
    return importing.checked(client, importing.workbook(ROWS, HEADS), KIND)


def test_new_known_and_wrong_people(admin: Client) -> None:
    row = checked(admin)
    assert list(importing.states(row).values()) == ["new", "new", "same", "change", "fault", "fault", "fault"]
    said = {line.number: [each[1] for each in line.said] for line in row.lines.all()}
    assert said[6] == ["邮箱：chen@qinghe.example → chen.gang@qinghe.example"]
    assert "宇航员" in said[7][0]


def test_they_join_with_post_and_skill_and_no_password(admin: Client) -> None:
    row = checked(admin)
    importing.confirm(admin, row, with_changes="on")
    qian = org.Person.objects.get(employee_number="0501")
    assert (qian.sign_in, qian.has_usable_password(), qian.site and qian.site.code) == ("qian.ning", False, "nb")
    assert str(qian.holdings.get().from_on) == "2024-05-06"
    assert qian.skills.get().skill.code == "welding"
    assert org.Person.objects.get(employee_number="0502").sign_in == "0502"
    assert org.Person.objects.get(employee_number="0201").email == "chen.gang@qinghe.example"
    assert not notify.Mail.objects.exists()
    assert set(importing.states(checked(admin)).values()) == {"same", "fault"}


def test_links_are_made_afterwards_for_those_who_are_ticked_and_shown_once(admin: Client) -> None:
    row = checked(admin)
    importing.confirm(admin, row)
    assert "/org/people/invitations" in admin.get(row.get_absolute_url()).content.decode()
    page = admin.get("/org/people/invitations").content.decode()
    assert "钱宁" in page
    assert "郑爽" in page
    assert "孙丽" not in page, "has a password"
    qian = org.Person.objects.get(employee_number="0501")
    made = admin.post("/org/people/invitations", {"people": [qian.pk]}).content.decode()
    assert made.count("/org/invitation/") >= 1
    assert "郑爽" not in made
    assert "/org/invitation/" not in admin.get("/org/people/invitations").content.decode()
    token = made.partition("/org/invitation/")[2].partition("<")[0].strip()
    assert Client().get(f"/org/invitation/{token}").status_code == 200
    assert records.Entry.objects.filter(word="org.person.invited", subject_id=qian.pk).count() == 2


@pytest.mark.parametrize("heading", ["密码", "初始密码", "登录 密码", "账号/密码", "Password", "签名口令", "PWD"])
@pytest.mark.parametrize("kind", [KIND, "customers.portal"])
def test_a_column_of_passwords_is_refused_and_nothing_is_kept(
    heading: str, kind: str, company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("admin" if kind == KIND else "lina")
    content = importing.workbook([["钱宁", "0501", "Geheim-123"]], ["姓名", "工号", heading])
    response = importing.bring(client, content, kind)
    assert response.status_code == 422
    said = response.content.decode()
    assert "不导入密码" in said
    assert "C2" in said
    assert not models.Import.objects.exists()
    assert not records.Blob.objects.exists()


def test_a_requirement_about_passwords_is_no_password(
    company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    content = importing.workbook([["SVW", "门户密码管理要求：每 90 天更换密码"]], ["顾客名称", "特殊要求内容"])
    assert importing.bring(signed_in("lina"), content, "cases.case").status_code == 302


def test_only_whoever_manages_the_company_brings_people(
    company: cast.Company, signed_in: Callable[[str], Client]
) -> None:
    assert importing.bring(signed_in("lina"), importing.workbook(ROWS, HEADS), KIND).status_code == 404
    assert signed_in("lina").get("/org/people/invitations").status_code in (403, 404)
