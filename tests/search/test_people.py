"""People, departments, posts and the address book are found in the same box as all else; files by their names."""

from pathlib import Path

from pytest_django import Settings

from tests import cast
from tests.search.conftest import TYPE, Shelf
from yinuo.kit import subjects
from yinuo.org.actions import organisations, people, posts, scopes
from yinuo.records import actions as records
from yinuo.search import queries


def _titles(person: object, text: str) -> list[str]:
    found = queries.find(person, text)
    hits = found.hits.values() if hasattr(found, "hits") else [found]
    return [hit.title.replace("\ue000", "").replace("\ue001", "") for group in hits for hit in group]


def test_a_new_colleague_is_found_by_name_and_number(company: cast.Company) -> None:
    people.add_person(sign_in="mei", name="梅兰", employee_number="0777", by=company.admin, now=cast.NOW)
    assert _titles(company.lina, "梅兰") == ["梅兰"]
    assert _titles(company.lina, "0777") == ["梅兰"]


def test_a_confidential_card_is_found_by_named_people_only(company: cast.Company) -> None:
    scope = scopes.open_scope(name_zh="保密", by=company.admin, now=cast.NOW)
    scopes.let_in(scope=scope, person=company.lina, reason="项目", by=company.admin, now=cast.NOW)
    organisations.add_organisation(
        name_zh="静水认证中心", kinds=["certification_body"], scope=scope, by=company.admin, now=cast.NOW
    )
    assert _titles(company.lina, "静水认证") == ["静水认证中心"]
    assert _titles(company.wang, "静水认证") == []


def test_departments_and_posts_are_found_by_what_they_are_called_now(company: cast.Company) -> None:
    department = posts.open_department(code="lab", name_zh="理化试验室", by=company.admin, now=cast.NOW)
    post = posts.create_post(code="tester", name_zh="盐雾试验员", department=department, by=company.admin, now=cast.NOW)
    assert _titles(company.lina, "理化试验室") == ["盐雾试验员", "理化试验室"]
    posts.change_post(post=post, expected=1, name_zh="腐蚀试验员", by=company.admin, now=cast.NOW)
    assert _titles(company.lina, "盐雾试验员") == []
    assert _titles(company.lina, "腐蚀试验员") == ["腐蚀试验员"]
    posts.change_post(post=post, expected=2, is_active=False, by=company.admin, now=cast.NOW)
    assert _titles(company.lina, "腐蚀试验员") == []
    assert _titles(company.outsider, "理化试验室") == []


def test_a_file_is_found_by_its_name_with_its_subject(
    shelf: Shelf, company: cast.Company, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path
    shelf.put(1, "盐雾要求")
    shelf.refresh()
    subject = subjects.Ref(TYPE, 1, "T-0001")
    file = records.attach(subject=subject, content=b"x", name="表面处理规范.pdf", by=company.lina, now=cast.NOW)
    assert _titles(company.lina, "表面处理") == ["盐雾要求"]
    shelf.refresh()
    assert _titles(company.lina, "表面处理") == ["盐雾要求"]
    records.void_attachment(attachment=file, reason="传错了", by=company.lina, now=cast.NOW)
    assert _titles(company.lina, "表面处理") == []
    assert _titles(company.lina, "盐雾要求") == ["盐雾要求"]


def test_files_of_what_is_not_indexed_are_nobodys_find(
    company: cast.Company, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path
    subject = subjects.Ref("cases.nothing", 1, "")
    records.attach(subject=subject, content=b"x", name="孤零零.pdf", by=company.lina, now=cast.NOW)
    assert _titles(company.lina, "孤零零") == []
