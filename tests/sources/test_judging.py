"""What clauses are held to be: proposed, decided, carried over to the next edition without losing one decision."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.customers import people
from tests.sources import editions
from tests.sources import test_documents as samples
from yinuo.kit import plugs, refusals
from yinuo.records import models as records
from yinuo.sources import jobs, models, queries
from yinuo.sources.actions import carrying, correcting, documents, judging
from yinuo.sources.queries import judging as held
from yinuo.sources.rules import carrying as rules
from yinuo.sources.rules import correcting as trees
from yinuo.sources.rules.comparing import Kind, Said

pytestmark = pytest.mark.django_db
STATE = models.Judgement.State
STANDARD = {
    "4.3.2": "顾客特定要求",
    "7.5.3.2.1": "记录的保存",
    "8.5.6.1": "更改的控制——补充",
    "9.1.1.1": "制造过程的监视和测量",
}


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.lina), "now": cast.NOW}


@pytest.fixture
def manual(company: cast.Company, by: dict[str, Any]) -> models.Document:
    customer = people.volkswagen(company)["svw"]
    return documents.add(title="供应商质量手册", number="SQM-1", kind="manual", customer=customer, **by)


@pytest.fixture
def standard(company: cast.Company, by: dict[str, Any]) -> models.Edition:
    row = documents.add(title="汽车质量管理体系", number="IATF 16949", kind="standard", **by)
    said = [Said(number, number, title, "") for number, title in STANDARD.items()]
    return with_clauses(row, said, "2016", by)


def accepted(edition: models.Edition, by: dict[str, Any]) -> models.Edition:
    edition.refresh_from_db()
    correcting.accept(edition=edition, expected=edition.draft.version, **by)
    return edition


def with_clauses(document: models.Document, said: list[Said], label: str, by: dict[str, Any]) -> models.Edition:
    """An accepted edition of exactly these clauses."""
    edition = samples.edition(document, by, samples.file(f"1 {label}\n{label}", f"{label}.txt"), label=label)
    nodes = [trees.Node(each.key, each.number, each.title, each.text, each.parent) for each in said]
    draft = models.Draft.objects.get(edition=edition)
    tree = trees.Tree(nodes=tuple(nodes), left=())
    models.Draft.objects.filter(pk=draft.pk).update(packed=queries.packed(trees.said(tree)))
    accepted(edition, by)
    jobs.propose(edition.pk)  # what is too long to wait for
    return edition


def judge_all(edition: models.Edition, by: dict[str, Any]) -> dict[int, str]:
    """Everything decided, each clause in its turn something else; by the key of the clause."""
    natures = models.Nature.values
    texts = list(edition.texts.select_related("clause__judgement"))
    for at, text in enumerate(texts):
        row = text.clause.judgement
        judging.judge(text=text, nature=natures[at % 4], reason=f"理由{at}", expected=row.version, **by)
    return {text.clause_id: natures[at % 4] for at, text in enumerate(texts)}


def state_of(text: models.ClauseText) -> tuple[str, str]:
    row = models.Judgement.objects.get(clause=text.clause_id)
    return row.state, row.nature


# Proposals ------------------------------------------------------------------------------------------------------------


def test_each_clause_gets_a_proposal_with_its_reasons(
    manual: models.Document, standard: models.Edition, by: dict[str, Any]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    rows = {each.text.number: each for each in models.Judgement.objects.select_related("text")}
    assert sorted(rows) == ["1", "1.1", "1.2", "2"]
    assert {each.state for each in rows.values()} == {STATE.PROPOSED}
    text = rows["1.1"].text
    assert all(word in f"{text.title}{text.text}" for word in rows["1.1"].because)
    assert 0 < rows["1.1"].certainty <= 1
    mapped = models.Mapping.objects.filter(clause__texts__edition=edition)
    assert all(each.state == "proposed" and each.target_text.edition == standard for each in mapped)
    assert "7.5.3.2.1" in {each.target_text.number for each in mapped.filter(clause=text.clause)}
    assert not models.Judgement.objects.filter(text__edition=standard).exists()


def test_from_when_a_clause_holds_is_kept(manual: models.Document, by: dict[str, Any]) -> None:
    said = samples.TEXT.replace("质量记录保存15年。", "本条自2026年1月1日起施行，质量记录保存15年。")
    edition = accepted(samples.edition(manual, by, samples.file(said)), by)
    text = edition.texts.get(number="1.1")
    assert text.effective_on == date(2026, 1, 1)
    assert text.effective_words in text.text


# Decisions ------------------------------------------------------------------------------------------------------------


def test_a_decision_is_told_and_who_was_faster_is_named(
    manual: models.Document, by: dict[str, Any], company: cast.Company
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    text = edition.texts.get(number="2")
    seen = text.clause.judgement.version
    other = {"by": people.fresh(company.sun), "now": cast.NOW}
    judging.judge(text=text, nature="commercial", reason="合同条款", expected=seen, **other)
    with pytest.raises(judging.CannotJudge, match="孙丽"):
        judging.judge(text=text, nature="specific", expected=seen, **by)
    told = records.Entry.objects.filter(word="sources.clause.judged").latest("pk")
    assert (told.subject_id, told.reason) == (text.pk, "合同条款")
    assert state_of(text) == (STATE.DECIDED, "commercial")


def test_whoever_may_not_edit_does_not_judge(
    manual: models.Document, by: dict[str, Any], company: cast.Company
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    text = edition.texts.get(number="2")
    with pytest.raises(refusals.NotAllowed):
        judging.judge(text=text, nature="other", expected=1, by=people.fresh(company.auditor), now=cast.NOW)


def test_all_of_which_the_program_is_sure(
    manual: models.Document, standard: models.Edition, by: dict[str, Any]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    models.Judgement.objects.filter(text__number="2").update(certainty=0.3)
    models.Judgement.objects.exclude(text__number="2").update(certainty=0.95)
    models.Mapping.objects.update(score=0.95)
    count = judging.accept_proposals(edition=edition, certainty=0.9, with_mappings=True, **by)
    assert (count, held.counts(edition).decided, held.counts(edition).proposed) == (3, 3, 1)
    per_clause = models.Mapping.objects.filter(state="accepted").values_list("clause", flat=True)
    assert len(per_clause) == len(set(per_clause)) >= 1
    assert judging.reject_proposals(edition=edition, at=cast.NOW, **by) == 3
    assert held.counts(edition).proposed == 4
    assert not models.Mapping.objects.filter(state="accepted").exists()


def test_where_in_the_standard_a_clause_belongs(
    manual: models.Document, standard: models.Edition, by: dict[str, Any]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    text, target = edition.texts.get(number="1"), standard.texts.get(number="4.3.2")
    models.Mapping.objects.filter(clause=text.clause).delete()
    row = judging.add_mapping(text=text, target=target, **by)
    assert (row.state, row.target_text) == ("accepted", target)
    with pytest.raises(judging.CannotJudge):
        judging.add_mapping(text=text, target=target, **by)
    judging.place(mapping=row, state="rejected", expected=row.version, **by)
    with pytest.raises(judging.CannotJudge, match="李娜"):
        judging.place(mapping=row, state="accepted", expected=1, **by)
    assert [each.number for each in held.targets_like("8.5")] == ["8.5.6.1"]
    assert [each.number for each in held.targets_like("监视")] == ["9.1.1.1"]


# The next edition -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_no_decision_is_lost(
    seed: int, manual: models.Document, standard: models.Edition, by: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred and fifty clauses, each decided and mapped; the next edition renumbers, moves, rewords, splits, merges,
    drops and adds. Every decision still stands, and only what says something else is asked again."""
    pair = editions.made(seed, is_chinese=seed % 2 == 1)
    heard: list[int] = []
    monkeypatch.setattr(plugs.events, "_plugs", dict(plugs.events._plugs))
    plugs.events.plug("sources.clauses_reopened/test", lambda clauses, **_more: heard.extend(clauses))
    old = with_clauses(manual, pair.old, "1", by)
    decided = judge_all(old, by)
    assert len(decided) == len(pair.old) >= 150
    target = standard.texts.get(number="4.3.2")
    models.Mapping.objects.all().delete()
    for text in old.texts.all():
        judging.add_mapping(text=text, target=target, **by)
    said = {each.text: each.clause_id for each in old.texts.all()}

    later = {**by, "now": cast.NOW + timedelta(days=90)}
    new = with_clauses(manual, pair.new, "2", later)
    rows = {each.clause_id: each for each in models.Judgement.objects.select_related("text", "was")}
    for clause, nature in decided.items():
        assert rows[clause].nature == nature
        assert rows[clause].state in (STATE.DECIDED, STATE.CARRIED)
        assert models.Mapping.objects.filter(clause=clause, target=target.clause, state="accepted").exists()
    kinds = dict(new.lineage.exclude(new=None).values_list("new", "kind"))
    for text in new.texts.all():
        row, kind = rows[text.clause_id], kinds[text.pk]
        if kind in rules.HOLDS:
            assert (row.state, row.text, row.was) == (STATE.DECIDED, text, None)
            assert not text.text or said[text.text] == text.clause_id
        elif kind == Kind.NEW:
            assert row.state == STATE.PROPOSED
        else:
            assert row.state == STATE.CARRIED
            assert row.was is not None
            assert row.was.edition == old
            assert row.text == text
    gone = new.lineage.filter(new=None).values_list("old__clause", flat=True)
    assert {rows[clause].state for clause in gone} == {STATE.DECIDED}
    carried = {each.clause_id for each in rows.values() if each.state == STATE.CARRIED}
    assert sorted(carried) == sorted(heard)
    unchanged = sum(kind in rules.HOLDS for kind in kinds.values())
    assert unchanged > 100
    assert held.counts(new).carried == len(carried)
    assert held.counts(new).todo == len(kinds) - unchanged


def test_an_unchanged_edition_asks_nothing(manual: models.Document, by: dict[str, Any]) -> None:
    pair = editions.made(4, is_chinese=True)
    old = with_clauses(manual, pair.old, "1", by)
    judge_all(old, by)
    new = with_clauses(manual, pair.old, "2", by)
    assert held.counts(new).todo == 0
    assert {each.text.edition for each in models.Judgement.objects.all()} == {new}


def test_an_edition_that_nobody_checked_loses_nothing(manual: models.Document, by: dict[str, Any]) -> None:
    """The second edition was never accepted: the third goes on from the first."""
    old = accepted(samples.edition(manual, by), by)
    judge_all(old, by)
    samples.edition(manual, by, samples.file(samples.TEXT + "3 其他\n无。"), label="A/2")
    new = accepted(samples.edition(manual, by, samples.file(samples.NEXT), label="A/3"), by)
    states = {each.number: state_of(each)[0] for each in new.texts.all()}
    assert states == {
        "1": STATE.DECIDED,
        "1.1": STATE.CARRIED,
        "1.2": STATE.DECIDED,
        "2": STATE.PROPOSED,
        "3": STATE.DECIDED,
    }


def test_clauses_that_became_one_say_when_they_were_held_to_be_different(
    manual: models.Document, by: dict[str, Any]
) -> None:
    first = "供方应当在量产前提交控制计划和过程能力报告，并由双方代表共同签字确认。"
    second = "包装规范由物流部门在每次交付之前更新，运输方案另行书面约定。"
    old = with_clauses(manual, [Said("a", "1", "", first), Said("b", "2", "", second)], "1", by)
    one, two = old.texts.order_by("place")
    judging.judge(text=one, nature="specific", expected=1, **by)
    judging.judge(text=two, nature="commercial", expected=1, **by)
    new = with_clauses(manual, [Said("x", "1", "", first + second)], "2", by)
    text = new.texts.get()
    assert new.lineage.first().kind == Kind.MERGED  # type: ignore[union-attr]
    assert state_of(text) == (STATE.CARRIED, "specific")
    line = held.lines(new, [text])[text.pk]
    assert [each.nature for each in line.held] == ["commercial"]
    assert line.contradicts(text.clause.judgement)


def test_a_new_clause_may_be_one_that_seemed_gone(
    manual: models.Document, standard: models.Edition, by: dict[str, Any]
) -> None:
    old = accepted(samples.edition(manual, by), by)
    judge_all(old, by)
    was = old.texts.get(number="2")
    said = samples.TEXT.replace("变更应提前六个月通知顾客。", "未经书面同意不得改动任何工艺、材料、场地。")
    said = said.replace("2 变更", "2 同意")
    new = accepted(samples.edition(manual, by, samples.file(said), label="A/2"), by)
    text = new.texts.get(number="2")
    if new.lineage.filter(old=was, new=text).exists():
        pytest.skip("found by itself")
    before = models.Judgement.objects.get(clause=text.clause_id)
    carrying.link(edition=new, old=was, new=text, expected=before.version, **by)
    text.refresh_from_db()
    assert text.clause_id == was.clause_id
    row = models.Judgement.objects.get(clause=text.clause_id)
    assert (row.state, row.was, row.text) == (STATE.CARRIED, was, text)
    assert held.counts(new).gone == 0
    assert held.is_linked_by_hand(text)
    carrying.unlink(edition=new, text=text, expected=row.version, **by)
    text.refresh_from_db()
    row.refresh_from_db()
    assert (text.clause_id, row.state, row.text, row.was) == (before.clause_id, STATE.DECIDED, was, None)
    assert held.counts(new).gone == 1
    assert not held.is_linked_by_hand(text)


def test_two_who_link_from_the_same_list_do_not_overwrite_each_other(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    """The list says of each new clause in which version it was seen; whoever was faster is named."""
    old = with_clauses(manual, [Said("a", "1", "", "包装规范由物流部门更新。")], "1", by)
    judge_all(old, by)
    new = with_clauses(manual, [Said("x", "7", "", "未经书面同意不得改动工艺、材料、场地。")], "2", by)
    (was,), (text,) = old.texts.all(), new.texts.all()
    url, client = f"/sources/editions/{new.pk}/judging/", signed_in("lina")
    page = client.get(f"{url}?show=gone").content.decode()
    assert f'value="{text.pk}.1"' in page
    judging.judge(text=text, nature="other", expected=1, **{**by, "by": people.fresh(by["by"].superior)})
    answer = client.post(f"{url}link/", {"old": was.pk, "new": f"{text.pk}.1"})
    assert answer.status_code == 409
    assert "赵敏" in answer.content.decode()
    assert client.post(f"{url}link/", {"old": was.pk, "new": text.pk}).status_code == 409  # without its version
    assert held.counts(new).gone == 1
    client.post(f"{url}link/", {"old": was.pk, "new": f"{text.pk}.2"})
    assert held.counts(new).gone == 0
    undo = client.get(url).content.decode().split('data-undo-url="')[1].split('"')[0]
    row = models.Judgement.objects.get(clause=was.clause_id)
    judging.judge(text=models.ClauseText.objects.get(pk=text.pk), nature="informative", expected=row.version, **by)
    client.post(undo, {"next": "/"})  # somebody has judged it since: it stays
    assert held.counts(new).gone == 0


def test_what_is_translated_goes_on_where_the_original_says_the_same(
    manual: models.Document, by: dict[str, Any]
) -> None:
    old = accepted(samples.edition(manual, by), by)
    for number in ("1.1", "1.2"):
        models.Translation.objects.create(
            text=old.texts.get(number=number), language="en", body=f"in English {number}", by=by["by"], at=cast.NOW
        )
    new = accepted(samples.edition(manual, by, samples.file(samples.NEXT), label="A/2"), by)
    kept = models.Translation.objects.filter(text__edition=new)
    assert [(each.text.number, each.body, each.way) for each in kept] == [("1.2", "in English 1.2", "carried")]


# The page -------------------------------------------------------------------------------------------------------------


def act(client: Client, text: models.ClauseText, name: str, **said: Any) -> Any:
    url = f"/sources/editions/{text.edition_id}/judging/{text.pk}/{name}/"
    return client.post(url, said, headers={"HX-Request": "true"})


def tabs(page: str) -> dict[str, int]:
    """The numbers on the tabs."""
    part = page.split('id="judging-tabs"')[1].split("</nav>")[0]
    return {words: int(count) for words, count in re.findall(r">([^<>]+) <span[^>]*>(\d+)</span>", part)}


def test_a_row_is_judged_and_taken_back(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    client, text = signed_in("lina"), edition.texts.get(number="1.1")
    page = client.get(f"/sources/editions/{edition.pk}/judging/").content.decode()
    assert page.count('class="judging-row') == 4
    assert "<mark>" in page
    assert tabs(page) == {"待办": 4, "系统建议": 4, "未对应标准条款": held.counts(edition).unmapped}
    answer = act(client, text, "nature", nature="informative", version=1, show="proposed")
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert 'value="1" aria-label' in shown
    assert tabs(shown) == {"待办": 3, "系统建议": 3, "已判定": 1, "未对应标准条款": held.counts(edition).unmapped}
    assert 'show=proposed" aria-current="page"' in shown, "one still stands where one stood"
    assert "3 条待处理" in shown
    assert state_of(text) == (STATE.DECIDED, "informative")
    undo = shown.split('data-undo-url="')[1].split('"')[0]
    client.post(undo, {"next": "/"})
    assert state_of(text)[0] == STATE.PROPOSED
    assert models.Judgement.objects.get(text=text).by is None


def test_the_faster_one_is_named_beside_the_page(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    text = edition.texts.get(number="1.1")
    act(signed_in("sun"), text, "nature", nature="other", version=1)
    answer = act(signed_in("lina"), text, "nature", nature="specific", version=1)
    assert answer.status_code == 409
    assert "孙丽" in answer.content.decode()


def test_several_are_confirmed_at_once_and_taken_back(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    old = accepted(samples.edition(manual, by), by)
    judge_all(old, by)
    said = samples.TEXT.replace("15年", "20年").replace("1.67", "1.33")
    new = accepted(samples.edition(manual, by, samples.file(said), label="A/2"), by)
    client = signed_in("lina")
    page = client.get(f"/sources/editions/{new.pk}/judging/?show=carried")
    assert "<del>15年</del> → <ins>20年</ins>" in page.content.decode()
    picks = [f"{each.text_id}.{each.version}" for each in models.Judgement.objects.filter(state=STATE.CARRIED)]
    assert len(picks) == 2
    where = f"/sources/editions/{new.pk}/judging/confirm/"
    client.post(where, {"pick": [*picks[:1], picks[1].split(".")[0] + ".99"]})
    assert held.counts(new).carried == 1
    after = client.get(f"/sources/editions/{new.pk}/judging/").content.decode()
    client.post(after.split('data-undo-url="')[1].split('"')[0], {"next": "/"})
    assert held.counts(new).carried == 2


def test_a_page_costs_the_same_however_many_clauses(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client], company: cast.Company
) -> None:
    client = signed_in("lina")
    few = with_clauses(manual, editions.made(3, is_chinese=True).old[:3], "few", by)
    many_of = documents.add(title="另一手册", kind="manual", customer=manual.customer, **by)
    many = with_clauses(many_of, editions.made(3, is_chinese=True, chapters=20).old, "many", by)
    costs = []
    for edition in (few, many):
        client.get(f"/sources/editions/{edition.pk}/judging/")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/sources/editions/{edition.pk}/judging/")
        costs.append(len(seen))
    assert costs[0] == costs[1]
    page = client.get(f"/sources/editions/{many.pk}/judging/")
    assert sum(len(rows) for _words, rows in page.context["groups"]) == 50
    following = client.get(f"/sources/editions/{many.pk}/judging/?after={page.context['next']}")
    assert following.context["begin"] == 51


def test_proposals_and_their_acceptance_cost_the_same_however_many_clauses(
    manual: models.Document, standard: models.Edition, by: dict[str, Any]
) -> None:
    edition = with_clauses(manual, editions.made(3, is_chinese=True).old[:60], "1", by)
    judgements = models.Judgement.objects.filter(text__edition=edition)
    costs = []
    for most in (3, 50):
        judgements.filter(text__in=edition.texts.order_by("place")[:most]).update(proposed="", certainty=0.95)
        with CaptureQueriesContext(connection) as proposing:
            assert judging.propose_some(edition=edition, most=most, **by) == most
        models.Judgement.objects.filter(text__edition=edition).update(certainty=0.0)
        judgements.filter(text__in=edition.texts.order_by("place")[:most]).update(certainty=0.95)
        with CaptureQueriesContext(connection) as accepting:
            assert judging.accept_proposals(edition=edition, certainty=0.9, with_mappings=True, **by) == most
        judging.reject_proposals(edition=edition, at=cast.NOW, **by)
        costs.append((len(proposing), len(accepting)))
    assert costs[0] == costs[1]


def test_a_clause_has_a_page_with_its_translation_and_its_past(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    old = accepted(samples.edition(manual, by), by)
    judge_all(old, by)
    new = accepted(samples.edition(manual, by, samples.file(samples.NEXT), label="A/2"), by)
    text, client = new.texts.get(number="1.1"), signed_in("lina")
    url = f"/sources/clauses/{text.pk}/translate/en/"
    client.post(url, {"body": "Records are kept for 20 years.", "version": 0})
    answer = client.post(url, {"body": "Late.", "version": 0})
    assert answer.status_code == 422
    page = client.get(f"/sources/clauses/{text.pk}/").content.decode()
    assert "Records are kept for 20 years." in page
    assert "A/1" in page
    assert "沿用待确认" in page


def test_the_proposal_is_accepted_on_the_page_of_a_clause(
    manual: models.Document, standard: models.Edition, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    text, client = edition.texts.get(number="1.1"), signed_in("lina")
    url = f"/sources/clauses/{text.pk}/"
    page = client.get(url).content.decode()
    assert 'name="nature" value="accept" data-key="a"' in page
    assert page.count('data-key="m"') == 1
    proposed = models.Judgement.objects.get(text=text).proposed
    where = f"/sources/editions/{edition.pk}/judging/{text.pk}/nature/?next={url}"
    assert client.post(where, {"nature": "accept", "version": 1})["Location"] == url
    assert state_of(text) == (STATE.DECIDED, proposed)
    assert 'value="accept"' not in client.get(url).content.decode()


def test_a_translation_for_the_whole_edition_comes_from_a_file(
    manual: models.Document, by: dict[str, Any], signed_in: Callable[[str], Client]
) -> None:
    edition = accepted(samples.edition(manual, by), by)
    english = "1 General\nThis manual applies to all suppliers.\n1.1 Records\nQuality records are kept for 15 years.\n"
    english += "1.3 Extra\nThis is not in the Chinese text.\n"
    file = SimpleUploadedFile("manual_en.txt", english.encode())
    page = signed_in("lina").post(f"/sources/editions/{edition.pk}/translate/", {"language": "en", "file": file})
    taken = page.context["taken"]
    assert (taken.taken, [each.number for each in taken.unmatched]) == (2, ["1.3"])
    assert [each.number for each in taken.without] == ["1.2", "2"]
    row = models.Translation.objects.get(text__number="1.1")
    assert (row.body, row.way) == ("Quality records are kept for 15 years.", "imported")
    assert json.dumps(records.Entry.objects.filter(word="sources.edition.translated").latest("pk").note)
