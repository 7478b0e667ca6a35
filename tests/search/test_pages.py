"""The search page, the suggestions, and building the index anew."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import cast
from tests.search.conftest import TYPE, Shelf
from yinuo.kit import plugs
from yinuo.org import models as org_models
from yinuo.search import jobs, models, queries, rules

SignedIn = Callable[[str], Client]


def test_hits_are_grouped_and_marked(shelf: Shelf, company: cast.Company, signed_in: SignedIn) -> None:
    for key in range(1, 9):
        shelf.put(key, f"盐雾试验 <b>{key}</b>", "按 GB/T 10125 做盐雾试验")
    shelf.put(9, "盐雾试验的老档案", kind="cases.old")
    shelf.refresh()
    page = signed_in("lina").get("/search/", {"q": "盐雾"}).content.decode()
    assert "<mark>盐雾</mark>试验 &lt;b&gt;8" in page
    assert "物件" in page
    assert "/things/8" in page
    assert '/things/3"' not in page  # five of each kind
    one = signed_in("lina").get("/search/", {"q": "盐雾", "kind": TYPE}).content.decode()
    assert '/things/3"' in one
    assert "老档案" not in one


def test_the_next_page_goes_on(shelf: Shelf, company: cast.Company, signed_in: SignedIn) -> None:
    for key in range(1, 31):
        shelf.put(key, f"盐雾试验{key}")
    shelf.refresh()
    client = signed_in("lina")
    first = client.get("/search/", {"q": "盐雾", "kind": TYPE})
    second = client.get(first.context["next_url"]).content.decode()
    assert '/things/11"' in first.content.decode()
    assert '/things/10"' in second
    assert '/things/11"' not in second


def test_nothing_found_says_what_to_do(company: cast.Company, signed_in: SignedIn) -> None:
    client = signed_in("lina")
    assert "没有找到" in client.get("/search/", {"q": "量子"}).content.decode()
    assert "请输入" in client.get("/search/", {"q": "!!!"}).content.decode()
    assert client.get("/search/").status_code == 200


def test_who_may_not_see_does_not_find(shelf: Shelf, company: cast.Company, signed_in: SignedIn) -> None:
    scope = org_models.Scope.objects.create(name_zh="保密")
    shelf.put(1, "绝密盐雾项目", scope_id=scope.pk)
    shelf.refresh()
    for person in ("lina", "outsider", "auditor", "admin"):
        for path in ("/search/", "/search/suggest/"):
            assert "/things/1" not in signed_in(person).get(path, {"q": "盐雾"}).content.decode()


def test_suggestions_while_typing(shelf: Shelf, company: cast.Company, signed_in: SignedIn) -> None:
    shelf.put(1, "sealing of housings", "38140-AB.01")
    shelf.refresh()
    client = signed_in("lina")
    for text in ("sea", "seali", "38140-A", "381", "38140-AB.01"):
        assert "/things/1" in client.get("/search/suggest/", {"q": text}).content.decode(), text
    assert client.get("/search/suggest/", {"q": ""}).content.strip() == b""


@pytest.mark.parametrize(
    "query", [{"q": "\ufffd"}, {"q": "盐雾", "kind": "nonsense"}, {"q": "盐雾", "before": "x"}, {"q": "x" * 9000}]
)
def test_strange_parameters_do_no_harm(
    query: dict[str, str], shelf: Shelf, company: cast.Company, signed_in: SignedIn
) -> None:
    shelf.put(1, "盐雾")
    shelf.refresh()
    for path in ("/search/", "/search/suggest/"):
        assert signed_in("lina").get(path, query).status_code == 200


def test_building_anew_gives_the_same(shelf: Shelf, company: cast.Company, capsys: pytest.CaptureFixture[str]) -> None:
    for key in range(1, 21):
        shelf.put(key, f"盐雾试验 {key}")
    shelf.refresh()
    del shelf.documents[20]
    call_command("reindex")
    assert [hit.id for hit in queries.find(company.lina, "盐雾", limit=50)] == list(range(19, 0, -1))
    assert models.Document.objects.filter(subject_type=TYPE).count() == 19
    assert models.Body.objects.filter(document__subject_type=TYPE).count() == 19
    assert f"{TYPE}: 19" in capsys.readouterr().out


def test_the_page_costs_the_same_for_one_and_for_thirty(
    shelf: Shelf, company: cast.Company, signed_in: SignedIn
) -> None:
    client = signed_in("lina")

    def queries_of(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path, {"q": "盐雾"}, headers={"HX-Request": "true"}).status_code == 200
        return sum(not each["sql"].startswith(("SAVEPOINT", "RELEASE", "SET LOCAL")) for each in seen)

    shelf.put(1, "盐雾试验 1")
    shelf.refresh()
    client.get("/search/", {"q": "盐雾"})
    one = [queries_of("/search/"), queries_of("/search/suggest/")]
    for key in range(2, 31):
        shelf.put(key, f"盐雾试验 {key}")
    shelf.refresh()
    assert [queries_of("/search/"), queries_of("/search/suggest/")] == one
    assert one[1] <= 7


def test_a_source_without_a_list_of_its_own_is_built_from_its_model(
    company: cast.Company, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []
    skill = org_models.Skill.objects.create(code="welding", name_zh="焊接")

    def source(ids: list[int]) -> list[rules.Document]:
        asked.extend(ids)
        return []

    plugs.index_sources.plug("org.skill_test", source)
    try:
        with pytest.raises(LookupError):
            call_command("reindex")
        del plugs.index_sources._plugs["org.skill_test"]
        plugs.index_sources.plug("org.skill", source)
        call_command("reindex")
    finally:
        for name in ("org.skill_test", "org.skill"):
            plugs.index_sources._plugs.pop(name, None)
    assert asked == [skill.pk]


def test_the_index_is_built_anew_at_set_up_when_texts_become_other_tokens(
    shelf: Shelf, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put(1, "盐雾试验")
    call_command("reindex", if_outdated=True)
    assert models.Document.objects.count() == 0  # a new index is up to date by itself
    call_command("reindex")
    before = models.Document.objects.get(subject_type=TYPE).pk
    call_command("reindex", if_outdated=True)
    assert models.Document.objects.get(subject_type=TYPE).pk == before
    monkeypatch.setattr(rules, "TOKENIZER", rules.TOKENIZER + 1)
    jobs.sample(timezone.now())  # other frequencies are no other index
    assert queries.is_outdated()
    models.Body.objects.update(title="")
    call_command("reindex", if_outdated=True)
    assert models.Body.objects.get(document__subject_type=TYPE).title == "盐雾试验"
    assert not queries.is_outdated()
