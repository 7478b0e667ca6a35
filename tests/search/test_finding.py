"""What is found, by whom, in which order, and how hits are marked; on the real index of the database in use."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.search.conftest import TYPE, Shelf
from yinuo.org import models as org_models
from yinuo.search import jobs, models, queries


def found(person: org_models.Person, text: str) -> list[int]:
    return [hit.id for hit in queries.find(person, text)]


def test_chinese_is_found_by_any_of_its_words(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "盐雾试验要求提高到 720 h", "保险杠支架的中性盐雾试验按 GB/T 10125 执行")
    shelf.put(2, "密封性检具验收", "检具编号 38140-AB.01")
    shelf.refresh()
    assert found(company.lina, "盐雾") == [1]
    assert found(company.lina, "雾试") == [1]
    assert found(company.lina, "密封性") == [2]
    assert found(company.lina, "盐雾 支架") == [1]
    assert found(company.lina, "盐雾 检具") == []


def test_a_run_of_chinese_is_found_together_only(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "密封件的封性")
    shelf.put(2, "密封，封性")
    shelf.put(3, "密封性")
    shelf.refresh()
    assert found(company.lina, "密封性") == [3]


@pytest.mark.parametrize("text", ["密", "封", "性", "验"])
def test_one_character_is_enough(text: str, shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "密封性")
    shelf.put(2, "试验密封性 验")
    shelf.refresh()
    assert found(company.lina, text) == ([2, 1] if text != "验" else [2])


@pytest.mark.parametrize(
    "text",
    [
        *("38140-AB.01", "38140-ab.01", "38140", "AB", "３８１４０－ＡＢ．０１", "38140 ab", "38140-AB"),
        *("720h", "720 h", "control plan", "CONTROL"),
    ],
)
def test_part_numbers_units_and_english(text: str, shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "Control Plan 38140-AB.01", "盐雾720h")
    shelf.put(2, "another 38141-AC.02", "盐雾 240 h")
    shelf.refresh()
    assert found(company.lina, text) == [1]


def test_words_may_go_on_when_nothing_has_the_very_word(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "sealing of housings")
    shelf.refresh()
    result = queries.search(company.lina, "seal")
    assert result.is_loose
    assert [hit.id for hit in result.hits[TYPE]] == [1]
    assert result.hits[TYPE][0].title == "\ue000sealing\ue001 of housings"


def test_hits_are_marked_in_title_and_snippet(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "密封性检具", "前言。" * 60 + "此处要求检查密封性，并记录。" + "后记。" * 60)
    shelf.refresh()
    hit = queries.find(company.lina, "密封性")[0]
    assert hit.title == "\ue000密封性\ue001检具"
    assert "\ue000密封性\ue001，并记录" in hit.snippet
    assert hit.snippet.startswith("…")
    assert len(hit.snippet) < 140


def test_a_changed_document_is_found_by_its_new_words_only(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "盐雾试验")
    shelf.refresh()
    shelf.put(1, "色差评价")
    shelf.refresh()
    assert found(company.lina, "盐雾") == []
    assert found(company.lina, "色差") == [1]
    assert models.Document.objects.count() == 1


def test_what_its_source_no_longer_names_disappears(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "盐雾试验")
    shelf.refresh()
    shelf.documents.clear()
    shelf.refresh(1)
    assert found(company.lina, "盐雾") == []
    assert models.Document.objects.count() == models.Body.objects.count() == 0


def test_an_unchanged_document_is_not_written_again(shelf: Shelf, django_assert_num_queries: object) -> None:
    shelf.put(1, "盐雾试验")
    shelf.refresh()
    with django_assert_num_queries(4):  # type: ignore[operator]  # savepoint, two reads, release
        shelf.refresh()


def test_newest_first_and_paged_by_key(shelf: Shelf, company: cast.Company) -> None:
    for key in range(1, 31):
        shelf.put(key, f"盐雾试验 {key}")
    shelf.refresh()
    first = queries.search(company.lina, "盐雾", limit=12)
    second = queries.search(company.lina, "盐雾", limit=12, before=first.hits[TYPE][-1].key)
    assert first.counts == second.counts == {TYPE: 30}
    assert [hit.id for hit in first.hits[TYPE]] == list(range(30, 18, -1))
    assert [hit.id for hit in second.hits[TYPE]] == list(range(18, 6, -1))


def test_counting_stops_and_the_newest_are_still_first(
    shelf: Shelf, company: cast.Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "COUNT_LIMIT", 10)
    for walk in (queries.WALK, 3):
        monkeypatch.setattr(queries, "WALK", walk)
        for key in range(1, 31):
            shelf.put(key, f"盐雾试验 {key}", kind="cases.old" if key <= 15 else "")
        shelf.refresh()
        result = queries.search(company.lina, "盐雾", limit=4)
        assert result.is_capped
        assert result.total == 11
        newest = [30, 29, 28, 27]
        assert result.hits.get(TYPE) is None or [hit.id for hit in result.hits[TYPE]] == newest
        of_kind = queries.search(company.lina, "盐雾", limit=4, kinds=[TYPE])
        assert [hit.id for hit in of_kind.hits[TYPE]] == newest


def test_confidential_documents_are_for_named_people(shelf: Shelf, company: cast.Company) -> None:
    scope = org_models.Scope.objects.create(name_zh="保密项目")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.lina, granted_at=cast.NOW)
    shelf.put(1, "盐雾试验", scope_id=scope.pk)
    shelf.put(2, "盐雾试验", site_id=company.site["nb"].pk)
    shelf.refresh()
    assert found(company.lina, "盐雾") == [2, 1]
    assert found(company.wang, "盐雾") == [2]
    assert found(company.he, "盐雾") == []  # works for 长春 only
    assert found(company.outsider, "盐雾") == []
    assert queries.search(company.wang, "盐雾").counts == {TYPE: 1}
    assert queries.similar("盐雾试验", TYPE, company.wang) != []
    assert [each.id for each in queries.similar("盐雾试验", TYPE, company.wang)] == [2]


def test_a_new_scope_holds_at_once(shelf: Shelf, company: cast.Company) -> None:
    from yinuo.kit import plugs  # the real event, as an upper room announces it

    scope = org_models.Scope.objects.create(name_zh="保密项目")
    shelf.put(1, "盐雾试验")
    shelf.refresh()
    plugs.events.get("kit.rescoped/search").function(type=TYPE, id=1, scope_id=scope.pk)
    assert found(company.lina, "盐雾") == []


def test_the_rights_are_the_same_as_the_lists(shelf: Shelf, company: cast.Company) -> None:
    """Every document that `visible` shows is found, and no other: the statement uses the same predicate."""
    scope = org_models.Scope.objects.create(name_zh="保密")
    org_models.ScopeGrant.objects.create(scope=scope, person=company.sun, granted_at=cast.NOW)
    org_models.ScopeGrant.objects.create(scope=scope, person=company.he, granted_at=cast.NOW)
    key = 0
    for scope_id in (None, scope.pk, 987):
        for site in (None, company.site["nb"].pk, company.site["cc"].pk):
            key += 1
            shelf.put(key, "盐雾试验", scope_id=scope_id, site_id=site)
    shelf.refresh()
    for person in company.people.values():
        allowed = set(queries.visible(person).values_list("subject_id", flat=True))
        assert set(found(person, "盐雾")) == allowed


NAUGHTY = [
    *('"', "'", "*", "AND", "OR NOT", "NEAR(a b)", "a:b", "\\", "'; drop table x; --", "%s", "%", "(", "-", "^a", "{}"),
    *("\ue000", "🙂", "٠", "ｶﾞ", "İ", "ß", "ﬁ", "\u202e", "<->", "!", "&", "|", "", " ", "\n"),
    *("a" * 5000, "中" * 3000, "a-" * 999),
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_no_input_breaks_the_search(text: str, shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, f"盐雾{text}试验", text)
    shelf.refresh()
    queries.find(company.lina, text)
    queries.search(company.lina, text, is_open=True)
    queries.similar(text, TYPE, company.lina)
    assert found(company.lina, "盐雾") == [1]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60))
def test_any_text_is_found_by_itself(text: str, shelf: Shelf, company: cast.Company) -> None:
    """What was indexed is found by its own words, whatever they are (unless they have no words at all)."""
    from yinuo.search import rules  # the law is about the tokens

    shelf.put(1, text)
    shelf.refresh()
    if rules.terms(text):
        assert found(company.lina, text) == [1]


def test_similar_texts_the_most_similar_first(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "前保险杠支架盐雾试验要求由 480 h 提高到 720 h", "请在新项目中执行")
    shelf.put(2, "前保险杠支架盐雾试验要求由 240 h 提高到 480 h", "")
    shelf.put(3, "包装改为可循环周转箱", "每箱 24 件")
    for key in range(10, 40):
        shelf.put(key, f"第 {key} 份控制计划的更改", "特殊特性标识")
    shelf.refresh()
    alike = queries.similar("前保险杠支架的盐雾试验时间提高到 720 小时", TYPE, company.lina)
    assert [each.id for each in alike] == [1, 2]
    assert alike[0].percent > alike[1].percent >= 40
    assert alike[0].percent <= 100


def test_frequencies_are_estimated_from_a_sample(shelf: Shelf, company: cast.Company) -> None:
    for key in range(1, 41):
        shelf.put(key, "盐雾试验" if key % 2 else "控制计划")
    shelf.refresh()
    assert queries.is_sample_old()
    jobs.sample(cast.NOW)
    shares = dict(models.Frequency.objects.values_list("token", "share"))
    assert shares["盐雾"] == shares["控制"] == 0.5
    assert not queries.is_sample_old()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="looks into FTS5")
def test_the_contentless_table_stays_consistent(shelf: Shelf, company: cast.Company) -> None:
    shelf.put(1, "盐雾试验")
    shelf.put(2, "盐雾试验")
    shelf.refresh()
    shelf.put(1, "色差")
    del shelf.documents[2]
    shelf.refresh(1, 2)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_words (search_words) VALUES ('integrity-check')")
        cursor.execute("SELECT count(*) FROM search_words WHERE search_words MATCH '\"盐雾\"'")
        assert cursor.fetchone()[0] == 0
