"""Standards as lists of clauses: what comes with the product, what a company brings, what a list may not be."""

import io
from typing import Any

import pytest
import xlsxwriter
import yaml

from tests import cast
from tests.customers import people
from yinuo.kit import actors, refusals
from yinuo.records import models as records
from yinuo.search import queries as search
from yinuo.sources import jobs, models
from yinuo.sources.actions import standards
from yinuo.sources.queries import standards as queries
from yinuo.sources.readers import standards as reading
from yinuo.sources.rules import standards as rules
from yinuo.sources.rules.comparing import Kind

SUPPLIED = reading.supplied()
WHY = {"": "unreadable", "no_heading": "no heading", "no_yaml": "line %(line)s"}


def workbook(clauses: list[list[Any]], crosswalk: list[list[Any]] | None = None) -> bytes:
    """A list as a company keeps it: a title above, headings, rows; old and new numbers on a sheet of their own."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        for name, rows in (("条款", clauses), ("对照表", crosswalk or [])):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "青禾汽车部件")
            for at, row in enumerate(rows, 2):
                for column, value in enumerate(row):
                    sheet.write(at, column, value)
    return buffer.getvalue()


HEADS = ["条款号", "中文标题", "英文标题"]
VDA = [HEADS, ["P6", "过程分析：生产", "Process analysis: production"], ["P6.1", "过程输入", "Process input"],
       ["P6.1.1", "项目是否已移交批量生产？", ""], ["P7", "顾客关怀", "Customer care"]]  # fmt: skip


# What comes with the product -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SUPPLIED))
def test_a_supplied_list_has_no_faults(name: str) -> None:
    given = SUPPLIED[name]
    before = next((e for e in SUPPLIED.values() if (e.number, e.edition) == (given.number, given.follows)), None)
    assert rules.faults_of(given, [each.number for each in before.clauses] if before else None) == []
    assert all(each.zh and each.en and each.of for each in given.clauses)
    numbers = [each.number for each in given.clauses]
    assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])
    above = rules.parents(numbers)
    assert all((place == -1) == ("." not in number) for number, place in zip(numbers, above, strict=True))


def test_clauses_of_iso_9001_are_the_same_in_iatf_16949() -> None:
    whole = {each.number: each for each in SUPPLIED["iatf-16949-2016"].clauses if each.of == "ISO 9001"}
    own = {each.number: each for each in SUPPLIED["iso-9001-2015"].clauses}
    assert {number: (e.zh, e.en) for number, e in whole.items()} == {n: (e.zh, e.en) for n, e in own.items()}
    assert len(SUPPLIED["iatf-16949-2016"].clauses) == 195
    supplements = {e.number for e in SUPPLIED["iatf-16949-2016"].clauses if e.of == "IATF 16949"}
    assert {"4.3.2", "7.5.3.2.2", "8.3.3.3", "8.5.6.1.1", "8.7.1.7", "10.2.6"} <= supplements


@pytest.mark.parametrize("name", ["iatf-16949-2016", "iso-9001-2015"])
def test_a_supplied_crosswalk_leaves_nothing_out(name: str) -> None:
    new = SUPPLIED[name]
    old = next(e for e in SUPPLIED.values() if (e.number, e.edition) == (new.number, new.follows))
    became = rules.became(old.clauses, new.clauses, new.crosswalk)
    assert {each.old for each in became} - {""} == {each.number for each in old.clauses}
    assert {each.new for each in became} - {""} == {each.number for each in new.clauses}
    assert {line.kind for line in new.crosswalk} <= set(Kind)
    stated = {(line.old[0], line.kind) for line in new.crosswalk}
    assert {(each.old, str(each.kind)) for each in became if each.old} == stated, "a kind says what the numbers do not"


# Taking over ----------------------------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(company: cast.Company) -> dict[str, Any]:
    return {"by": people.fresh(company.zhou), "now": cast.NOW}


def test_every_company_begins_with_the_usual_standards(company: cast.Company) -> None:
    jobs.load_standards()
    iatf = models.Document.objects.get(number="IATF 16949")
    assert iatf.current is not None
    assert (iatf.kind, iatf.current.label, iatf.current.clauses, iatf.current.brought_by) == (
        "standard", "2016", "accepted", None,
    )  # fmt: skip
    csr = models.ClauseText.objects.get(edition=iatf.current, number="4.3.2")
    assert (csr.title, csr.parent.number, csr.depth) == ("顾客特定要求", "4.3", 2)  # type: ignore[union-attr]
    assert csr.translations.get().title == "Customer-specific requirements"
    assert csr.origin.of == "IATF 16949"
    assert models.Document.objects.filter(kind="standard").count() == 2
    assert any(hit.id == csr.pk for hit in search.find(people.fresh(company.wang), "顾客特定要求"))
    told = records.Entry.objects.filter(word="sources.standard.loaded")
    assert {each.actor_name for each in told} == {"Yinuo"}
    before = models.ClauseText.objects.count()
    jobs.load_standards()
    standards.load_usual(by=actors.PROGRAM, now=cast.NOW)
    assert models.ClauseText.objects.count() == before


def test_the_same_list_twice_changes_nothing(by: dict[str, Any]) -> None:
    first = standards.load_supplied(name="iso-9001-2015", **by)
    entries = records.Entry.objects.count()
    assert standards.load_supplied(name="iso-9001-2015", **by) == first
    assert records.Entry.objects.count() == entries


def test_an_edition_that_nobody_has_any_more_is_kept_beside(by: dict[str, Any]) -> None:
    now = standards.load_supplied(name="iso-9001-2015", **by)
    old = standards.load_supplied(name="iso-9001-2008", **by)
    now.document.refresh_from_db()
    assert (old.document, old.standing, now.document.current) == (now.document, "superseded", now)
    assert not models.Baseline.objects.exists()


def test_who_may_take_standards_over(company: cast.Company) -> None:
    with pytest.raises(refusals.NotAllowed):
        standards.load_supplied(name="iso-9001-2015", by=people.fresh(company.lina), now=cast.NOW)


def received(content: bytes, name: str, by: dict[str, Any], **said: str) -> models.Loading:
    return standards.receive(content=content, name=name, said=said, why=WHY, **by)


def test_a_workbook_of_the_company_becomes_a_standard(by: dict[str, Any]) -> None:
    row = received(workbook(VDA), "vda.xlsx", by, number="VDA 6.3", edition="2023", zh="过程审核")
    given = rules.heard(row.said)
    assert queries.faults_of(given) == []
    assert not models.Document.objects.filter(number="VDA 6.3").exists(), "nothing holds before it is confirmed"
    edition = standards.confirm(loading=row, expected=row.version, **by)
    texts = list(edition.texts.order_by("place"))
    assert [(each.number, each.depth) for each in texts] == [("P6", 0), ("P6.1", 1), ("P6.1.1", 2), ("P7", 0)]
    assert edition.document.current == edition
    assert edition.files.get().attachment == row.attachment
    with pytest.raises(standards.CannotLoad, match="已加载"):
        standards.confirm(loading=row, expected=row.version, **by)
    again = received(workbook(VDA), "vda.xlsx", by, number="VDA 6.3", edition="2023", zh="过程审核")
    assert standards.confirm(loading=again, expected=again.version, **by) == edition
    other = received(workbook(VDA[:-1]), "vda.xlsx", by, number="VDA 6.3", edition="2023")
    with pytest.raises(standards.CannotLoad, match="P7"):
        standards.confirm(loading=other, expected=other.version, **by)


def test_what_is_wrong_is_said_cell_by_cell(by: dict[str, Any]) -> None:
    rows = [HEADS, ["1", "总则", ""], ["", "没有号码", ""], ["1", "又一个", ""], ["2", "", ""]]
    walk = [["旧条款号", "新条款号", "变化"], ["9.9", "1", ""], ["1", "7", "随便"]]
    standards.confirm(
        loading=(first := received(workbook([HEADS, ["1", "旧", ""]]), "a.xlsx", by, number="Q 1", edition="A")),
        expected=first.version, **by,
    )  # fmt: skip
    row = received(workbook(rows, walk), "b.xlsx", by, number="Q 1", edition="B")
    wrong = {(each.at, each.code) for each in queries.faults_of(rules.heard(row.said))}
    assert wrong == {
        ("条款!A5", "no_number"), ("条款!A6", "twice"), ("条款!A7", "no_title"), ("对照表!A4", "unknown_old"),
        ("对照表!A5", "unknown_new"), ("对照表!A5", "unknown_kind"),
    }  # fmt: skip
    with pytest.raises(standards.CannotLoad, match="有错误"):
        standards.confirm(loading=row, expected=row.version, **by)


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"clauses: [", "a.yaml", "line"),
        (b"just text", "a.yaml", "no heading"),
        (b"clauses: 5", "a.yaml", "no heading"),
        (b"a: &a [x]\nclauses: [*a, *a]", "a.yaml", "unreadable"),
        (b"clauses: [1, 2]", "a.yaml", "no heading"),
        (b"\xff\xfe\x00", "a.yml", "unreadable"),
        (workbook([["姓名", "电话"], ["李", "1"]]), "a.xlsx", "no heading"),
        (b"PK\x03\x04 cut", "a.xlsx", "unreadable"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, name: str, says: str, by: dict[str, Any]) -> None:
    with pytest.raises(standards.CannotLoad, match=says):
        received(content, name, by, number="X", edition="1")


def test_yaml_says_all_of_itself(by: dict[str, Any]) -> None:
    said = {
        "number": "Formel Q", "edition": "9", "title": {"zh": "质量能力", "en": "Quality capability"},
        "clauses": [{"number": "1", "zh": "引言"}, {"number": "1.1", "en": "Scope"}],
    }  # fmt: skip
    row = received(yaml.safe_dump(said, allow_unicode=True).encode(), "formel.yaml", by)
    edition = standards.confirm(loading=row, expected=row.version, **by)
    assert [(each.number, each.title) for each in edition.texts.all()] == [("1", "引言"), ("1.1", "Scope")]
    assert not models.Translation.objects.exists()
