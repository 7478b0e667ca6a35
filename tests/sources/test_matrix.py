"""The matrix: IATF 16949 down, customers across; and what the list of clauses says of judging."""

from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import cast
from tests.customers import people
from tests.sources import test_documents as samples
from tests.sources.test_judging import by, manual, standard, with_clauses  # noqa: F401 - fixtures
from yinuo.org import models as org
from yinuo.sources import models
from yinuo.sources.actions import documents, judging
from yinuo.sources.queries import judging as held
from yinuo.sources.queries import matrix
from yinuo.sources.rules.comparing import Said

pytestmark = pytest.mark.django_db
SAID = [Said("a", "3.1", "更改", "更改须提前180天提出。"), Said("b", "3.2", "保存", "记录保存15年。")]


@pytest.fixture
def edition(
    manual: models.Document, standard: models.Edition, by: dict[str, Any]  # noqa: F811 - fixtures
) -> models.Edition:  # fmt: skip
    return with_clauses(manual, SAID, "2026.1", by)


def decide(text: models.ClauseText, nature: str, by: dict[str, Any]) -> None:  # noqa: F811
    row = models.Judgement.objects.get(clause=text.clause_id)
    judging.judge(text=text, nature=nature, expected=row.version, **by)


def place(text: models.ClauseText, standard: models.Edition, number: str, by: dict[str, Any]) -> None:  # noqa: F811
    target = standard.texts.get(number=number)
    row = models.Mapping.objects.filter(clause=text.clause_id, target=target.clause_id).first()
    if row is None:
        judging.add_mapping(text=text, target=target, **by)
    else:
        judging.place(mapping=row, state="accepted", expected=row.version, **by)


def cells(person: org.Person) -> dict[str, list[list[tuple[str, bool]]]]:
    standard = matrix.standard(person)  # noqa: F811
    assert standard is not None
    assert standard.current is not None
    columns = matrix.columns(person, matrix.choices(person))
    return {
        row.line.text.number: [[(each.words, each.is_sure) for each in cell] for cell in row.cells]
        for row in matrix.rows(standard.current, person, columns)
    }


def test_a_cell_holds_what_was_placed_and_says_when_nothing_is(
    company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    person = people.fresh(company.lina)
    models.Mapping.objects.filter(state="proposed").delete()
    first, second = edition.texts.order_by("place")
    place(first, standard, "8.5.6.1", by)
    assert cells(person)["8.5.6.1"] == [[("3.1", False)]]  # placed, but nobody has said what it is
    (column,) = matrix.columns(person, matrix.choices(person))
    assert not column.is_judged
    decide(first, "specific", by)
    decide(second, "specific", by)
    assert cells(person)["8.5.6.1"] == [[("3.1", True)]]
    (column,) = matrix.columns(person, matrix.choices(person))
    assert (column.is_decided, column.clauses, column.decided, column.unplaced) == (True, 2, 2, 1)
    assert not column.is_judged  # the second requirement belongs nowhere yet: it may belong anywhere
    place(second, standard, "7.5.3.2.1", by)
    (column,) = matrix.columns(person, matrix.choices(person))
    assert (column.is_judged, column.unplaced) == (True, 0)


def test_a_proposal_is_told_as_one_until_the_clause_is_placed_or_is_no_requirement(
    company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    person = people.fresh(company.lina)
    models.Mapping.objects.all().delete()
    text, other = edition.texts.order_by("place")
    for each, number in ((text, "4.3.2"), (text, "9.1.1.1"), (other, "7.5.3.2.1")):
        target = standard.texts.get(number=number)
        models.Mapping.objects.create(clause=each.clause, target=target.clause, target_text=target, score=0.5)
    found = cells(person)
    assert found["4.3.2"] == [[("3.1", False)]]
    assert found["7.5.3.2.1"] == [[("3.2", False)]]
    place(text, standard, "9.1.1.1", by)
    decide(other, "informative", by)
    found = cells(person)
    assert (found["4.3.2"], found["7.5.3.2.1"]) == ([[]], [[]])


def test_a_requirement_of_which_the_standard_does_not_speak_may_stay_without_a_clause(
    company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    models.Mapping.objects.filter(state="proposed").delete()
    for text in edition.texts.all():
        decide(text, "other", by)
    (column,) = matrix.columns(people.fresh(company.lina), matrix.choices(people.fresh(company.lina)))
    assert (column.is_judged, column.unplaced) == (True, 0)


def test_what_belongs_to_another_standard_is_not_placed_in_this_one(
    company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    person = people.fresh(company.lina)
    models.Mapping.objects.all().delete()
    first, second = edition.texts.order_by("place")
    row = documents.add(title="过程审核", number="VDA 6.3", kind="standard", **by)
    other = with_clauses(row, [Said("p", "P6", "生产过程分析", "")], "2016", by).texts.get()
    judging.add_mapping(text=first, target=other, **by)
    target = standard.texts.get(number="8.5.6.1")
    models.Mapping.objects.create(clause=first.clause, target=target.clause, target_text=target, score=0.5)
    decide(first, "specific", by)
    decide(second, "informative", by)
    assert cells(person)["8.5.6.1"] == [[("3.1", False)]]
    (column,) = matrix.columns(person, matrix.choices(person))
    assert (column.is_judged, column.unplaced) == (False, 1)
    assert [each.pk for each in held.unmapped(edition)] == [first.pk]
    assert held.target_words(models.Mapping.objects.get(target=other.clause)) == "VDA 6.3 P6"


def test_a_confidential_document_is_seen_by_its_circle_alone(
    signed_in: Any, company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any],  # noqa: F811
) -> None:  # fmt: skip
    """Neither its customer, nor a cell, nor a number, nor its file's rows."""
    outside = people.fresh(company.sun)
    models.Mapping.objects.filter(state="proposed").delete()
    for text in edition.texts.all():
        decide(text, "informative", by)
    before = [(each.customer.pk, each.is_judged) for each in matrix.columns(outside, matrix.choices(outside))]
    circle = people.scope_of(company.lina)
    by = {**by, "by": people.fresh(company.lina)}
    mine = models.Document.objects.get(pk=edition.document_id).customer
    hidden = documents.add(title="密级补充要求", number="X-1", kind="csr", customer=mine, scope=circle, **by)
    secret = people.customer(company, "XEV", "保密车企", scope=circle)
    theirs = documents.add(title="密级手册", number="X-2", kind="manual", customer=secret, **by)
    for row, number in ((hidden, "77.1"), (theirs, "88.1")):
        text = with_clauses(row, [Said("a", number, "更改", "更改须提前180天提出。")], "1", by).texts.get()
        place(text, standard, "8.5.6.1", by)
    assert {point for cell in cells(people.fresh(company.lina))["8.5.6.1"] for point, _sure in cell} == {"77.1", "88.1"}
    assert len(matrix.choices(people.fresh(company.lina))) == len(before) + 1
    assert cells(outside)["8.5.6.1"] == [[] for _each in before]
    assert [(each.customer.pk, each.is_judged) for each in matrix.columns(outside, matrix.choices(outside))] == before
    client: Client = signed_in("sun")
    url = reverse("sources:matrix")
    for answer in (client.get(url), client.get(url, {"customer": secret.pk}), client.get(url, {"one": secret.pk})):
        page = answer.content.decode()
        assert not {each for each in ("77.1", "88.1", "保密车企", "密级") if each in page}
    book = python_calamine.load_workbook(BytesIO(client.get(url, {"excel": "matrix"}).content))
    said = str([book.get_sheet_by_index(at).to_python() for at in range(len(book.sheet_names))])
    assert not {each for each in ("77.1", "88.1", "保密车企", "密级") if each in said}


def test_a_new_edition_that_nobody_has_checked_leaves_it_open(
    manual: models.Document, company: cast.Company, edition: models.Edition, by: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    person = people.fresh(company.lina)
    for text in edition.texts.all():
        decide(text, "informative", by)
    assert matrix.columns(person, matrix.choices(person))[0].is_judged
    samples.edition(manual, by, samples.file("1 Neu\nText", "neu.txt"), label="2026.2")
    (column,) = matrix.columns(person, matrix.choices(person))
    assert (column.waiting, column.is_judged, column.editions) == (1, False, [edition.pk])


def body(page: str) -> str:
    """The rows of the matrix."""
    return page.split('class="matrix-table"')[1].split("</table>")[0].split("<tbody>")[1]


def test_the_page_and_its_file(
    signed_in: Any, company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any],  # noqa: F811
) -> None:  # fmt: skip
    models.Mapping.objects.filter(state="proposed").delete()
    first, second = edition.texts.order_by("place")
    place(first, standard, "8.5.6.1", by)
    decide(first, "specific", by)
    client: Client = signed_in("lina")
    page = client.get(reverse("sources:matrix")).content.decode()
    assert reverse("sources:clause", args=[first.pk]) in page
    assert "无特殊要求" not in page
    assert "未判定" in page
    decide(second, "informative", by)
    page = client.get(reverse("sources:matrix")).content.decode()
    assert "无特殊要求" in page
    assert "未判定" not in body(page)
    only = body(client.get(reverse("sources:matrix"), {"show": "content"}).content.decode())
    assert "8.5.6.1" in only
    assert edition.get_absolute_url() in page, "an auditor reads which editions were read"
    assert "7.5.3.2.1" not in only
    answer = client.get(reverse("sources:matrix"), {"excel": "matrix"})
    book = python_calamine.load_workbook(BytesIO(answer.content))
    told = {row[0]: row[2] for row in book.get_sheet_by_index(0).to_python()}
    assert (told["8.5.6.1"], told["4.3.2"]) == ("3.1", "无特殊要求")


def test_the_matrix_costs_the_same_with_two_customers(
    signed_in: Any, company: cast.Company, edition: models.Edition, by: dict[str, Any]  # noqa: F811
) -> None:  # fmt: skip
    client: Client = signed_in("lina")
    url = reverse("sources:matrix")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    group = models.Document.objects.get(pk=edition.document_id).customer.parent  # type: ignore[union-attr]
    row = documents.add(title="集团要求", number="FE-1", kind="manual", customer=group, **by)
    with_clauses(row, [Said(f"k{n}", f"9.{n}", "保存", f"记录保存{n + 9}年。") for n in range(30)], "1", by)
    with CaptureQueriesContext(connection) as many:
        assert "9.29" in client.get(url).content.decode() or len(matrix.choices(people.fresh(company.lina))) == 2
    assert len(many) == len(few)


def test_the_list_says_what_each_clause_is_and_is_filtered_by_it(
    signed_in: Any, company: cast.Company, edition: models.Edition, standard: models.Edition, by: dict[str, Any],  # noqa: F811
) -> None:  # fmt: skip
    models.Mapping.objects.filter(state="proposed").delete()
    first, second = edition.texts.order_by("place")
    place(first, standard, "8.5.6.1", by)
    decide(first, "specific", by)
    client: Client = signed_in("lina")
    url = reverse("sources:clauses")

    def shown(**asked: str) -> set[str]:
        page = client.get(url, asked).content.decode()
        return {each.number for each in (first, second) if f">{each.number}<" in page}

    assert shown() == {"3.1", "3.2"}
    assert shown(iatf="8.5") == shown(state="decided") == {"3.1"}
    assert (shown(iatf="9"), shown(state="none")) == (set(), set())
    assert "8.5.6.1" in client.get(url).content.decode()
    with CaptureQueriesContext(connection) as few:
        client.get(url, {"number": "3.1"})
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)
