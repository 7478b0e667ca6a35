"""The page of 条款校对: what it shows, what its acts do, and what two people at once see."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import cast
from tests.customers import people
from tests.sources import test_documents as samples
from yinuo.sources import jobs, models, queries
from yinuo.sources.actions import documents

pytestmark = pytest.mark.django_db
GOLD = Path(__file__).parent / "pdf" / "gold"


@pytest.fixture
def edition(company: cast.Company) -> models.Edition:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    row = documents.add(title="供应商质量手册", kind="manual", customer=people.volkswagen(company)["svw"], **by)
    return samples.edition(row, by)


def nodes(edition: models.Edition) -> list[tuple[str, str]]:
    draft = models.Draft.objects.get(edition=edition)
    return [(each.number, each.text) for each in queries.tree_of(draft).nodes]


def act(client: Client, edition: models.Edition, name: str, place: int, **said: Any) -> Any:
    """One act on the clause at a place, as the page sends it."""
    node = queries.tree_of(models.Draft.objects.get(edition=edition)).nodes[place]
    url = f"/sources/editions/{edition.pk}/check/{name}/"
    return client.post(url, {"key": node.key, "print": node.print, **said}, headers={"HX-Request": "true"})


def test_source_and_clauses_stand_beside_each_other(
    edition: models.Edition, signed_in: Callable[[str], Client]
) -> None:
    page = signed_in("lina").get(f"/sources/editions/{edition.pk}/check/").content.decode()
    assert page.count('name="chosen"') == 4
    assert 'data-block="0-' in page
    assert "条款校对" in page


def test_split_at_the_cursor(edition: models.Edition, signed_in: Callable[[str], Client]) -> None:
    text = nodes(edition)[0][1]
    answer = act(signed_in("lina"), edition, "split", 0, at=text.index("全部"))
    assert answer.status_code == 200
    assert [each[1] for each in nodes(edition)][:4] == [
        "本手册适用于",
        "质量记录保存15年。",
        "Cpk不低于1.67。",
        "全部供方。",
    ]
    assert answer.context["chosen"] == "n0"


def test_undo_and_accept(edition: models.Edition, signed_in: Callable[[str], Client]) -> None:
    client, before = signed_in("lina"), nodes(edition)
    act(client, edition, "merge", 2)
    version = models.Draft.objects.get(edition=edition).version
    client.post(f"/sources/editions/{edition.pk}/check/undo/", {"version": version})
    assert nodes(edition) == before
    answer = client.post(f"/sources/editions/{edition.pk}/check/accept/", {"version": version + 1})
    assert answer.status_code == 302
    edition.refresh_from_db()
    assert (edition.clauses, edition.texts.count(), edition.accepted_by.name) == ("accepted", 4, "李娜")  # type: ignore[union-attr]
    assert client.get(f"/sources/editions/{edition.pk}/check/").status_code == 302


def test_who_was_faster_is_named(edition: models.Edition, signed_in: Callable[[str], Client]) -> None:
    seen = queries.tree_of(models.Draft.objects.get(edition=edition)).nodes[1]
    act(signed_in("sun"), edition, "head", 1, number="1.1a", title="")
    answer = signed_in("lina").post(
        f"/sources/editions/{edition.pk}/check/leave_out/", {"key": seen.key, "print": seen.print}
    )
    assert answer.status_code == 409
    assert "孙丽" in answer.content.decode()
    assert nodes(edition)[1][0] == "1.1a"


def test_an_old_acceptance_is_refused(edition: models.Edition, signed_in: Callable[[str], Client]) -> None:
    act(signed_in("sun"), edition, "merge", 2)
    answer = signed_in("lina").post(f"/sources/editions/{edition.pk}/check/accept/", {"version": 1})
    assert answer.status_code == 409
    edition.refresh_from_db()
    assert edition.clauses == "draft"


def test_an_act_that_does_not_exist_is_not_found(edition: models.Edition, signed_in: Callable[[str], Client]) -> None:
    assert act(signed_in("lina"), edition, "said", 0).status_code == 404


def test_pages_of_a_pdf_are_shown_as_pictures(company: cast.Company, signed_in: Callable[[str], Client]) -> None:
    by = {"by": people.fresh(company.lina), "now": cast.NOW}
    row = documents.add(title="Manual", kind="manual", customer=people.volkswagen(company)["svw"], **by)
    file = SimpleUploadedFile("manual.pdf", (GOLD / "libreoffice_en.pdf").read_bytes())
    made = documents.add_edition(document=row, files=[file], label="1", received_on=date(2026, 3, 2), **by)
    jobs.read(made.pk)
    client = signed_in("lina")
    page = client.get(f"/sources/editions/{made.pk}/check/").content.decode()
    assert "<rect data-block=" in page
    picture = client.get(f"/sources/editions/{made.pk}/pages/0/1/")
    assert picture["Content-Type"] == "image/webp"
    assert b"".join(picture).startswith(b"RIFF")  # type: ignore[arg-type]
    assert client.get(f"/sources/editions/{made.pk}/pages/0/99/").status_code == 404
    assert signed_in("outsider").get(f"/sources/editions/{made.pk}/pages/0/1/").status_code in (403, 404)
