"""People and the address book are found in the same box as everything else."""

from tests import cast
from yinuo.org.actions import organisations, people, scopes
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
