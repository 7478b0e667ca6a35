"""The matrix and what clauses cite, for programs: as far as the person may see the documents they stand in."""

import json
from typing import Any

import pytest

from tests import cast
from tests.api.programs import Program
from tests.cases import story as stories
from tests.hostile import world as worlds
from tests.hostile.world import SECRET, World
from yinuo.kit import once
from yinuo.sources import models
from yinuo.sources.actions import judging, standards


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


@pytest.fixture
def lina(world: World) -> Program:
    return Program(world.company.lina)


@pytest.fixture
def iatf(world: World) -> models.Edition:
    """The standard, and a clause of the circle's customer that belongs to 4.3.2."""
    edition = standards.load_supplied(name="iatf-16949-2016", by=stories.fresh(world.company.zhou), now=cast.NOW)
    by = {"by": stories.fresh(world.company.lina), "now": cast.NOW}
    text = world.rows["clause"]
    judging.add_mapping(text=text, target=edition.texts.get(number="4.3.2"), **by)
    row = models.Judgement.objects.get(clause=text.clause_id)
    judging.judge(text=text, nature="specific", expected=row.version, **by)
    return edition


def test_a_cell_holds_the_customers_clause(world: World, lina: Program, iatf: models.Edition) -> None:
    told = lina.get("matrix?chapter=4")
    assert (told["edition"]["label"], told["left"]) == ("2016", [])
    (column,) = told["customers"]
    assert (column["customer"]["id"], column["clauses"], column["decided"]) == (world.rows["customer"].pk, 2, 1)
    assert not column["is_judged"]  # one of its clauses is not, so nothing can be said of empty cells
    cells = {row["number"]: row["cells"] for row in told["rows"]}
    assert cells["4.3"] == []
    (cell,) = cells["4.3.2"]
    key = str(world.rows["clause"].pk)
    assert [(each["key"], each["is_sure"]) for each in cell["clauses"]] == [(key, True)]
    assert {number.split(".")[0] for number in cells} == {"4"}
    filled = [row["number"] for row in lina.get("matrix?show=content")["rows"] if row["cells"]]
    assert "4.3.2" in filled
    assert lina.get(f"matrix?customer={10**30}")["customers"] == []
    assert lina.call("GET", "matrix?colour=red").status_code == 422


def test_a_confidential_document_s_clauses_stand_in_no_stranger_s_matrix(world: World, iatf: models.Edition) -> None:
    worlds.everything(world.company.auditor)
    stranger = Program(world.company.auditor)
    told = stranger.get(f"matrix?customer={world.rows['customer'].pk}")
    assert told["customers"] == []
    assert stranger.get("matrix")["customers"] == []
    assert [row for row in stranger.get("matrix")["rows"] if row["cells"]] == []
    for path in ("matrix", "clauses", "cited-documents", "obsolete"):
        said = json.dumps(stranger.get(path), ensure_ascii=False)
        assert SECRET not in said
        assert "QS-9000" not in said
    for path in (f"cited-documents/{world.rows['reference'].pk}", f"obsolete/{world.rows['obsolete'].pk}"):
        assert stranger.call("GET", path).status_code == 404


def test_a_cited_document_says_where_it_is_cited(world: World, lina: Program) -> None:
    (row,) = lina.get("cited-documents")["items"]
    assert (row["designation"], row["state"], row["clauses"]) == ("QS-9000", "missing", 1)
    where = f"cited-documents/{row['id']}"
    told = lina.get(where)
    (place,) = told["places"]
    assert (place["number"], place["printed"], place["customer"]["id"]) == ("2", "QS-9000", world.rows["customer"].pk)
    clause = lina.get(f"clauses/{place['key']}")
    assert [each["id"] for each in clause["cites"]] == [row["id"]]
    version = told["version"]
    assert answered(lina.change("POST", f"{where}/put-aside", {"reason": ""}, version), 422)["field"] == "reason"
    aside = answered(lina.change("POST", f"{where}/put-aside", {"reason": "已由 IATF 16949 取代"}, version))
    assert (aside["state"], aside["by"]) == ("not_needed", world.company.lina.name)
    assert lina.change("POST", f"{where}/follow", None, version).status_code == 412
    back = answered(lina.change("POST", f"{where}/follow", None, aside["version"]))
    assert back["state"] == "missing"
    known = answered(lina.change("POST", f"{where}/know", {"where": "标准柜"}, back["version"]))
    document = world.rows["document"].pk
    linked = answered(lina.change("POST", f"{where}/link", {"document": document}, known["version"]))
    assert (linked["document"]["id"], linked["is_by_hand"]) == (document, True)


def test_the_customer_is_asked_for_a_document(world: World, lina: Program) -> None:
    where = f"cited-documents/{world.rows['reference'].pk}"
    said = {"customer": world.rows["customer"].pk, "title": "索取 QS-9000"}
    asked = answered(lina.change("POST", f"{where}/ask", said, lina.get(where)["version"]))
    assert lina.get(f"talks/{asked['talk']}")["title"] == said["title"]
    assert lina.change("POST", f"{where}/ask", said, asked["version"]).status_code == 409


def test_what_is_no_longer_so_is_settled(world: World, lina: Program) -> None:
    (row,) = lina.get("obsolete?state=open")["items"]
    assert (row["printed"], row["state"], row["customer"]["id"]) == ("QS-9000", "open", world.rows["customer"].pk)
    assert row["name"]
    where = f"obsolete/{row['id']}"
    bare = lina.change("POST", f"{where}/settle", {"state": "accepted"}, row["version"])
    assert answered(bare, 409)["field"] == "reason"
    settled = answered(lina.change("POST", f"{where}/settle", {"state": "told"}, row["version"]))
    assert (settled["state"], settled["by"]) == ("told", world.company.lina.name)
    assert lina.change("POST", f"{where}/settle", {"state": "open"}, row["version"]).status_code == 412
    asked = answered(lina.change("POST", f"{where}/ask", {"title": "以什么为准？"}, settled["version"]))
    assert asked["talk"]


def test_the_company_records_what_is_withdrawn(world: World, lina: Program) -> None:
    assert any("QS-9000" in each["name"] for each in lina.get("withdrawn/supplied"))
    said = {"name": "VDA 6.1", "successor": "VDA 6.3", "source": "VDA QMC"}
    key = once.new_key()
    made = answered(lina.create("withdrawn", said, key), 201)
    assert (made["what"], made["is_active"], made["version"]) == ("replaced", True, 1)
    assert answered(lina.create("withdrawn", said, key), 201)["id"] == made["id"]
    assert answered(lina.create("withdrawn", {"name": "X"}), 422)["field"] == "source"
    where = f"withdrawn/{made['id']}"
    changed = answered(lina.change("PATCH", where, {"is_active": False}, 1))
    assert (changed["is_active"], changed["successor"]) == (False, "VDA 6.3")
    assert lina.change("PATCH", where, {"is_active": True}, 1).status_code == 412
