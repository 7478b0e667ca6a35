"""Programs read standards: their clauses in both languages, and how many of which customers' clauses belong to each."""

from tests import cast
from tests.api.programs import Program
from tests.cases import story as stories
from tests.hostile.world import World
from yinuo.sources import models
from yinuo.sources.actions import standards


def test_standards_and_their_clauses(world: World) -> None:
    edition = standards.load_supplied(name="iatf-16949-2016", by=stories.fresh(world.company.zhou), now=cast.NOW)
    program = Program(world.company.lina)
    said = {each["number"]: each for each in program.get("standards")["standards"]}
    one, other = said["IATF 16949"], said["ISO 9001"]
    assert (one["current"]["label"], one["clauses"], one["mapped"], one["next_edition"]) == ("2016", 195, 0, "")
    assert (other["current"]["label"], other["next_edition"]) == ("2008", "2015")
    target = edition.texts.get(number="4.3.2")
    clause = models.Clause.objects.create(document=world.rows["document"], since=world.rows["edition"])
    models.Mapping.objects.create(clause=clause, target=target.clause, target_text=target, state="accepted")
    clauses = program.get(f"standards/{one['id']}/clauses")["clauses"]
    (csr,) = [each for each in clauses if each["number"] == "4.3.2"]
    assert (csr["zh"], csr["en"]) == ("顾客特定要求", "Customer-specific requirements")
    assert (csr["of"], list(csr["mapped"].values())) == ("IATF 16949", [1])
    outside = Program(world.company.he)  # not of the circle to which the customer belongs
    seen = outside.get(f"standards/{one['id']}/clauses")["clauses"]
    assert [each["mapped"] for each in seen if each["number"] == "4.3.2"] == [{}]
    assert program.call("GET", f"standards/{world.rows['document'].pk}/clauses").status_code == 404
