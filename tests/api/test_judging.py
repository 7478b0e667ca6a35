"""A program judges clauses as people do on the page: what each is, where it belongs, what of it goes on."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.api.programs import Program
from tests.cases import story as stories
from tests.hostile.world import SECRET, World
from tests.sources.test_documents import NEXT, TEXT
from yinuo.kit import once
from yinuo.org import models as org
from yinuo.sources import jobs, models
from yinuo.sources.actions import standards


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


@pytest.fixture
def lina(world: World) -> Program:
    standards.load_supplied(name="iatf-16949-2016", by=stories.fresh(world.company.zhou), now=cast.NOW)
    return Program(world.company.lina)


def recorded(world: World, program: Program, text: str, label: str, document: int = 0) -> int:
    """An edition whose clauses are accepted; its key."""
    said: dict[str, Any] = {"label": label, "received_on": "2026-03-02"}
    said["files"] = SimpleUploadedFile(f"{label}.txt", text.encode())
    if not document:
        said |= {"kind": "manual", "title": f"{SECRET}条款", "customer": world.rows["customer"].pk}
    edition = answered(program.send(f"documents/{document}/editions" if document else "documents", said), 201)
    jobs.read(edition["id"])
    version = program.get(f"editions/{edition['id']}")["version"]
    answered(program.change("POST", f"editions/{edition['id']}/accept", None, version))
    jobs.propose(edition["id"])
    return int(edition["id"])


def clauses(program: Program, edition: int) -> dict[str, Any]:
    return {each["number"]: each for each in program.get(f"editions/{edition}/clauses")["clauses"]}


def document_of(program: Program, edition: int) -> int:
    return int(program.get(f"editions/{edition}")["document"])


def decide_all(program: Program, edition: int, nature: str = "specific") -> None:
    for each in clauses(program, edition).values():
        version = each["judgement"]["version"]
        answered(program.change("POST", f"clauses/{each['key']}/judge", {"nature": nature}, version))


def test_a_clause_is_proposed_with_its_words_and_decided_from_the_version_that_was_seen(
    world: World, lina: Program
) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    for each in clauses(lina, edition).values():
        words = [*each["judgement"]["because"], *(word for mapping in each["mappings"] for word in mapping["because"])]
        assert words
        assert all(word in f"{each['title']}{each['text']}" for word in words)
    one = clauses(lina, edition)["1.1"]
    held = one["judgement"]
    assert (held["state"], held["by"], one["iatf"]) == ("proposed", "", [])
    where = f"clauses/{one['key']}"
    said = {"nature": "other", "reason": "记录保存期限比标准更长"}
    answer = lina.change("POST", f"{where}/judge", said, held["version"])
    judged = answered(answer)["judgement"]
    assert (judged["nature"], judged["state"], judged["by"]) == ("other", "decided", world.company.lina.name)
    assert judged["reason"] == said["reason"]
    assert answer["ETag"] == f'"{judged["version"]}"' == lina.call("GET", where)["ETag"]
    late = lina.change("POST", f"{where}/judge", {"nature": "informative"}, held["version"])
    assert world.company.lina.name in answered(late, 412)["detail"]
    assert lina.get(where)["judgement"] == judged
    assert answered(lina.change("POST", f"{where}/judge", {"nature": "novel"}, 1), 422)["field"] == "nature"


def test_a_proposal_is_accepted_one_by_one(world: World, lina: Program) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    one = clauses(lina, edition)["1.2"]
    judged = answered(lina.change("POST", f"clauses/{one['key']}/accept", None, one["judgement"]["version"]))
    assert (judged["judgement"]["state"], judged["judgement"]["nature"]) == ("decided", one["judgement"]["proposed"])


def test_where_in_the_standard_it_belongs(world: World, lina: Program) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    one = clauses(lina, edition)["1.1"]
    where = f"clauses/{one['key']}/mappings"
    assert one["mappings"], "nothing is proposed"
    proposed = one["mappings"][0]
    assert (proposed["state"], proposed["standard"]) == ("proposed", "IATF 16949")
    at = f"{where}/{proposed['id']}"
    taken = answered(lina.change("POST", f"{at}/accept", None, proposed["version"]))
    assert taken["iatf"] == [proposed["number"]]
    assert lina.change("POST", f"{at}/reject", None, proposed["version"]).status_code == 412
    version = taken["mappings"][0]["version"]
    assert answered(lina.change("POST", f"{at}/reject", None, version))["iatf"] == []
    key = once.new_key()
    added = answered(lina.create(where, {"number": "4.3.2"}, key), 201)
    assert added["iatf"] == ["4.3.2"]
    assert answered(lina.create(where, {"number": "4.3.2"}, key), 201)["iatf"] == ["4.3.2"]
    assert lina.create(where, {"number": "4.3.2"}).status_code == 409  # it belongs there already
    assert answered(lina.create(where, {"number": "99.9"}), 422)["field"] == "number"
    other = clauses(lina, edition)["2"]
    assert lina.change("POST", f"clauses/{other['key']}/mappings/{proposed['id']}/accept", None, 1).status_code == 404


def test_many_proposals_are_accepted_at_once_and_taken_back(world: World, lina: Program) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    models.Judgement.objects.filter(text__edition=edition).update(certainty=0.7)
    models.Judgement.objects.filter(text__edition=edition, text__number="1.1").update(certainty=0.95)
    key = once.new_key()
    where = f"editions/{edition}/proposals"
    done = answered(lina.create(f"{where}/accept", {"with_mappings": True}, key))
    assert done["accepted"] == 1
    assert answered(lina.create(f"{where}/accept", {"with_mappings": True}, key)) == done
    assert lina.get(f"editions/{edition}/judging")["decided"] == 1
    assert answered(lina.create(f"{where}/take-back", {"at": done["at"]}))["taken_back"] == 1
    assert lina.get(f"editions/{edition}/judging")["decided"] == 0
    assert answered(lina.create(f"{where}/take-back", {"at": done["at"]}))["taken_back"] == 0
    assert lina.create(f"{where}/take-back", {"at": "0001-01-01T00:00:00+14:00"}).status_code == 422
    assert lina.create(f"{where}/accept", {"certainty": 0.1}).status_code == 422
    assert datetime.fromisoformat(done["at"]).tzinfo


def test_what_says_something_else_in_the_next_edition_is_confirmed(world: World, lina: Program) -> None:
    first = recorded(world, lina, TEXT, "2026.1")
    decide_all(lina, first)
    said = TEXT.replace("15年", "20年").replace("1.67", "1.33")
    second = recorded(world, lina, said, "2026.2", document_of(lina, first))
    carried = [each for each in clauses(lina, second).values() if each["judgement"]["state"] == "carried"]
    assert [each["number"] for each in carried] == ["1.1", "1.2"]
    assert lina.get(f"editions/{second}/judging")["carried"] == 2
    one = lina.get(f"clauses/{carried[0]['key']}")
    assert (one["became"], [each["number"] for each in one["before"]]) == ("reworded", ["1.1"])
    assert one["judgement"]["decided_on"] == one["before"][0]["key"]
    old = lina.get(f"clauses/{one['before'][0]['key']}")
    assert old["judgement"]["stands_for"] == one["key"]
    assert lina.change("POST", f"clauses/{old['key']}/confirm", None, old["judgement"]["version"]).status_code == 409
    seen = [{"key": each["key"], "version": each["judgement"]["version"]} for each in carried]
    seen[1]["version"] += 1
    key = once.new_key()
    done = answered(lina.create(f"editions/{second}/carried/confirm", {"clauses": seen}, key))
    assert done == {"confirmed": 1, "left": 1}
    assert answered(lina.create(f"editions/{second}/carried/confirm", {"clauses": seen}, key)) == done
    version = carried[1]["judgement"]["version"]
    confirmed = answered(lina.change("POST", f"clauses/{carried[1]['key']}/confirm", None, version))
    assert confirmed["judgement"]["state"] == "decided"


def test_a_new_clause_goes_on_from_one_that_seemed_gone(world: World, lina: Program) -> None:
    first = recorded(world, lina, TEXT, "2026.1")
    decide_all(lina, first)
    said = TEXT.replace("变更应提前六个月通知顾客。", "未经书面同意不得改动任何工艺、材料、场地。")
    second = recorded(world, lina, said.replace("2 变更", "2 同意"), "2026.2", document_of(lina, first))
    stand = lina.get(f"editions/{second}/judging")
    (gone,), (new,) = stand["gone"], stand["arrived"]
    assert (gone["number"], new["number"]) == ("2", "2")
    where, version = f"clauses/{new['key']}", new["judgement"]["version"]
    assert lina.change("POST", f"{where}/link", {"old": gone["key"]}, version + 1).status_code == 412
    linked = answered(lina.change("POST", f"{where}/link", {"old": gone["key"]}, version))
    assert linked["is_linked"]
    assert (linked["judgement"]["nature"], linked["judgement"]["state"]) == ("specific", "carried")
    other = Program(world.company.sun)  # who has seen the same list
    assert other.change("POST", f"{where}/link", {"old": gone["key"]}, version).status_code in (409, 412)
    assert lina.get(f"editions/{second}/judging")["gone"] == []
    back = answered(lina.change("POST", f"{where}/unlink", None, linked["judgement"]["version"]))
    assert not back["is_linked"]
    assert [each["key"] for each in lina.get(f"editions/{second}/judging")["gone"]] == [gone["key"]]


def test_a_translation_is_kept_from_the_version_that_was_seen(world: World, lina: Program) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    where = f"clauses/{clauses(lina, edition)['1.1']['key']}/translations/en"
    assert lina.call("GET", where)["ETag"] == '"0"'
    kept = lina.change("PATCH", where, {"body": "Records are kept for 15 years."}, 0)
    assert answered(kept)["way"] == "typed"
    assert kept["ETag"] == '"1"'
    assert lina.change("PATCH", where, {"body": "Late."}, 0).status_code == 412
    titled = answered(lina.change("PATCH", where, {"title": "Records"}, 1))
    assert (titled["title"], titled["body"]) == ("Records", "Records are kept for 15 years.")
    assert [each["body"] for each in clauses(lina, edition)["1.1"]["translations"]] == [titled["body"]]
    assert lina.change("PATCH", where.replace("/en", "/zh"), {"body": "x"}, 0).status_code == 404


def test_whoever_may_only_see_judges_nothing(world: World, lina: Program) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    one = clauses(lina, edition)["1.1"]
    person = world.company.outsider  # of the circle, and no editor
    org.RoleGrant.objects.create(person=person, role="employee", from_on="2020-01-01")
    world.scope.grants.create(person=person, granted_at=cast.NOW)
    reader = Program(person)
    assert reader.get(f"clauses/{one['key']}")["judgement"]["state"] == "proposed"
    for act, said in (("judge", {"nature": "other"}), ("accept", None)):
        assert reader.change("POST", f"clauses/{one['key']}/{act}", said, 1).status_code == 403
    assert reader.create(f"editions/{edition}/proposals/accept", {}).status_code == 403


def test_clauses_of_a_confidential_document_are_told_to_its_circle_alone(world: World, lina: Program) -> None:
    edition = recorded(world, lina, TEXT, "2026.1")
    one = clauses(lina, edition)["1.1"]
    assert one["key"] in {each["key"] for each in lina.get("clauses?state=proposed")["items"]}
    outside = Program(world.company.auditor)
    assert outside.get("clauses") == {"items": [], "next": None, "total": 0, "is_more_than_total": False}
    for path in (f"clauses/{one['key']}", f"clauses/{one['key']}/translations/en", f"editions/{edition}/judging"):
        assert outside.call("GET", path).status_code == 404


def test_the_list_of_clauses_is_the_one_of_the_screen(world: World, lina: Program) -> None:
    first = recorded(world, lina, TEXT, "2026.1")
    decide_all(lina, first, "commercial")
    recorded(world, lina, NEXT, "2026.2", document_of(lina, first))
    found = lina.get("clauses?nature=commercial&limit=200")["items"]
    assert found
    assert {each["edition"]["name"] for each in found} == {"2026.2"}  # the one that holds
    assert lina.call("GET", "clauses?colour=red").status_code == 422


def test_the_clauses_of_an_edition_cost_the_same_however_many(world: World, lina: Program) -> None:
    few = recorded(world, lina, TEXT, "2026.1")
    long = "\n".join(f"{at} 第{at}条\n第{at}条的记录保存{at}年。" for at in range(1, 31))
    many = recorded(world, lina, long, "2026.3")
    costs = []
    for edition in (few, many):
        decide_all(lina, edition)
        models.Translation.objects.bulk_create(
            models.Translation(text=each, language="en", body="x", by=world.company.lina, at=cast.NOW)
            for each in models.ClauseText.objects.filter(edition=edition)
        )
        lina.get(f"editions/{edition}/clauses")
        with CaptureQueriesContext(connection) as seen:
            found = lina.get(f"editions/{edition}/clauses")["clauses"]
        costs.append((len(seen), len(found)))
    assert costs[1][1] == 30
    assert costs[0][0] == costs[1][0]
