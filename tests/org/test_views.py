"""Saved views and acts on several rows, through the pages."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import cast
from yinuo.kit import lists as kit_lists
from yinuo.kit import once, refusals, views
from yinuo.org import models
from yinuo.org.actions import views as actions
from yinuo.records import models as records

NEW = reverse("org:view_new")
HERE = {"list": "org.people", "path": "/org/people/", "beside": "", "query": "site=1&sort=name"}


def save(client: Client, name: str = "宁波的人", here: dict[str, str] = HERE, **more: str) -> models.SavedView:
    data = {"name": name, "once": once.new_key(), **more}
    response = client.post(f"{NEW}?{urlencode(here)}", data)
    assert response.status_code == 302, response.content.decode()
    return models.SavedView.objects.latest("pk")


def test_saving_opening_renaming_deleting_and_undoing(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    zhou = signed_in("zhou")
    here = {**HERE, "query": f"site={company.site['nb'].pk}&sort=name"}
    view = save(zhou, here=here)
    page = zhou.get(view.get_absolute_url())
    assert page.context["page"].chosen["site"] == str(company.site["nb"].pk)
    assert page.context["page"].sort == "name"
    assert "宁波的人" in page.content.decode()

    zhou.post(reverse("org:view_edit", args=[view.pk]), {"name": "宁波", "version": view.version})
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("宁波", False)
    zhou.post(reverse("org:view_update", args=[view.pk]), {"version": view.version, "query": "q=王"})
    view.refresh_from_db()
    assert zhou.get(view.get_absolute_url()).context["page"].chosen["q"] == "王"

    zhou.post(reverse("org:view_delete", args=[view.pk]), {"version": view.version})
    gone = zhou.get(view.get_absolute_url())
    assert gone.context["page"].opened.is_missing
    zhou.post(reverse("org:view_restore", args=[view.pk]))
    assert zhou.get(view.get_absolute_url()).context["page"].view.name == "宁波"
    told = records.Entry.objects.filter(subject_type="org.savedview", subject_id=view.pk).order_by("pk")
    assert [entry.word.rpartition(".")[2] for entry in told] == ["saved", "changed", "changed", "deleted", "restored"]


def test_a_deleted_view_comes_back_only_soon(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    view = save(signed_in("zhou"))
    now = timezone.now()
    actions.delete_view(view=view, by=company.zhou, now=now, expected=view.version)
    with pytest.raises(actions.CannotKeep):
        actions.restore_view(view=view, by=company.zhou, now=now + timedelta(minutes=2))
    save(signed_in("zhou"))  # its name is free again
    with pytest.raises(actions.CannotKeep):
        actions.restore_view(view=view, by=company.zhou, now=now)


def test_sharing_needs_the_right_and_others_only_read(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    wang, zhou = signed_in("wang"), signed_in("zhou")
    assert "is_shared" not in wang.get(f"{NEW}?{urlencode(HERE)}").content.decode()
    assert not save(wang, is_shared="on").is_shared
    with pytest.raises(actions.CannotKeep):
        actions.save_view(
            sheet="org.people", name="x", path="/", query="", is_shared=True, by=company.wang, now=timezone.now()
        )
    view = save(zhou, name="共享的", is_shared="on")
    page = wang.get(view.get_absolute_url())
    assert (page.context["page"].view.by, page.context["page"].view.is_shared) == ("周华", True)
    for name, data in (("view_edit", {}), ("view_update", {"version": 1}), ("view_delete", {"version": 1})):
        assert wang.post(reverse(f"org:{name}", args=[view.pk]), data).status_code == 404
    with pytest.raises(refusals.NotAllowed):
        actions.delete_view(view=view, by=company.wang, now=timezone.now(), expected=view.version)


def test_a_view_that_is_not_ones_own_says_so(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    view = save(signed_in("zhou"))
    page = signed_in("wang").get(view.get_absolute_url())
    assert (page.status_code, page.context["page"].opened.is_missing) == (200, True)
    assert "宁波的人" not in page.content.decode()
    assert signed_in("wang").post(reverse("org:view_first", args=[view.pk])).status_code == 403


def test_one_begins_with_a_shared_view_until_it_is_shared_no_more(
    company: cast.Company, signed_in: Callable[..., Client]
) -> None:
    zhou, wang = signed_in("zhou"), signed_in("wang")
    view = save(zhou, is_shared="on", is_first="")
    wang.post(reverse("org:view_first", args=[view.pk]))
    assert wang.get("/org/people/").context["page"].view.id == view.pk
    assert wang.get("/org/people/?view=all").context["page"].view is None
    assert zhou.get("/org/people/").context["page"].view is None
    zhou.post(reverse("org:view_edit", args=[view.pk]), {"name": view.name, "version": view.version})
    assert wang.get("/org/people/").context["page"].view is None
    assert not models.FirstView.objects.exists()
    wang_own = save(wang, is_first="on")
    assert wang.get("/org/people/").context["page"].view.id == wang_own.pk
    wang.post(reverse("org:view_first", args=[wang_own.pk]))
    assert wang.get("/org/people/").context["page"].view is None


def test_a_closed_site_is_left_out_with_a_sentence(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    zhou = signed_in("zhou")
    view = save(zhou, here={**HERE, "query": f"site={company.site['cc'].pk}&q=何"})
    models.Site.objects.filter(pk=company.site["cc"].pk).update(is_active=False)
    page = zhou.get(view.get_absolute_url())
    assert page.context["page"].chosen == {"q": "何", "department": "", "site": ""}
    assert len(page.context["page"].faded) == 1


def test_the_same_name_twice_and_two_windows_at_once(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    zhou = signed_in("zhou")
    view = save(zhou)
    again = zhou.post(f"{NEW}?{urlencode(HERE)}", {"name": view.name, "once": once.new_key()})
    assert again.status_code == 422
    first = {"version": view.version, "query": "q=一"}
    zhou.post(reverse("org:view_update", args=[view.pk]), first)
    assert zhou.post(reverse("org:view_update", args=[view.pk]), {**first, "query": "q=二"}).status_code == 409
    assert "%E4%B8%80" in models.SavedView.objects.get(pk=view.pk).query


@pytest.mark.parametrize("path", ["//evil.example/", "http://evil.example/", "/a?b=c", "javascript:alert(1)", ""])
def test_a_view_leads_nowhere_else(path: str, company: cast.Company, signed_in: Callable[..., Client]) -> None:
    assert signed_in("zhou").get(f"{NEW}?{urlencode({**HERE, 'path': path})}").status_code == 404


def test_a_shared_view_of_mine_shows_everybody_their_own(company: cast.Company) -> None:
    """“Mine” is kept as such, not as the person who shared it; an address that names oneself means the same."""
    sheet = kit_lists.Sheet(
        name="them",
        columns=[kit_lists.Column("name", "name", lambda row: row.name)],
        filters=[
            kit_lists.Filter(
                "who", "who", lambda rows, value: rows.filter(pk=int(value)), lambda person: [(views.ME, "mine")]
            )
        ],
        sorts={"id": ("id", "pk", False)},
    )
    for person in (company.zhou, company.wang):
        for said in (views.ME, str(person.pk)):
            page = kit_lists.page_of(sheet, models.Person.objects.all(), {"who": said}, person=person)
            assert [row for row, _cells in page.rows] == [person]
            assert (page.chosen["who"], page.query) == (views.ME, "who=me&sort=id")
        assert kit_lists.found_by(sheet, models.Person.objects.all(), {"who": "me"}, person=person, most=9) == [person]


def test_the_menu_marks_where_one_came_from(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    """What is done with several rows of the requests is no matter of the organisation."""
    zhou = signed_in("zhou")
    for url in (
        reverse("org:bulk", args=["cases", "owner"]) + f"?{urlencode({'back': '/cases/?sort=due'})}",
        f"{NEW}?{urlencode({**HERE, 'path': '/cases/'})}",
    ):
        page = zhou.get(url)
        assert page.status_code == 200
        assert [entry["url"] for entry in page.context["menu"] if entry["is_here"]] == ["/cases/"], url


def test_columns_left_out_are_part_of_a_view(company: cast.Company, signed_in: Callable[..., Client]) -> None:
    """Ticked in the list, kept in the view, gone from paper; the first column always stays."""
    zhou, wang = signed_in("zhou"), signed_in("wang")
    page = zhou.get("/org/people/?sort=name&hide=phone&hide=email&hide=name&hide=none").context["page"]
    assert page.hidden == ("phone", "email")
    assert page.query == "sort=name&hide=phone.email"
    assert [cell.column.key for cell in page.rows[0][1]] == [each.key for each in page.columns]
    assert {"name", "posts"} <= {each.key for each in page.columns}
    assert not page.is_usual
    view = save(zhou, here={**HERE, "query": page.query}, is_shared="on")
    shown = wang.get(view.get_absolute_url())
    assert shown.context["page"].hidden == ("phone", "email")
    assert not shown.context["page"].is_changed
    heads = shown.content.decode().split("<thead>")[1].split("</thead>")[0]
    assert "电话" not in heads
    assert "hide=phone.email" in heads  # kept when one sorts
    assert wang.get(f"{view.get_absolute_url()}&sort=name").context["page"].is_changed


def test_columns_shown_also_on_the_phone_are_part_of_a_view(
    company: cast.Company, signed_in: Callable[..., Client]
) -> None:
    """Of those that a phone leaves out, whoever wants one there gets it there; others are offered, none is invented."""
    zhou = signed_in("zhou")
    usual = zhou.get("/cases/items/").context["page"]
    assert [each.key for each in usual.roomy] == ["kind", "verdict", "result"]
    assert {each.key for each in usual.columns if not each.narrow} == {"kind", "verdict", "result"}
    page = zhou.get("/cases/items/?show=result&show=kind&show=none&hide=kind").context["page"]
    assert (page.always, page.hidden, page.is_usual) == (("kind", "result"), ("kind",), False)
    assert {each.key for each in page.columns if not each.narrow} == {"verdict"}
    view = save(zhou, here={"list": "items", "path": "/cases/items/", "beside": "", "query": page.query})
    shown = zhou.get(view.get_absolute_url()).context["page"]
    assert (shown.always, shown.hidden, shown.is_changed) == (("kind", "result"), ("kind",), False)
