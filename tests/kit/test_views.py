"""Saved views: what one keeps is what the list shows again, whatever stands in the address."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kit.test_lists import SHEET, SORTS
from yinuo.kit import bulk, lists, models, plugs, views

SOMEBODY = SimpleNamespace(pk=7, may=lambda *_permission: False)
KEPT = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=60),
        "state": st.just("done"),
        "sort": st.sampled_from(SORTS),
    },
)


class Keeper:
    """Keeps views as a room above would."""

    def __init__(self) -> None:
        self.views: list[views.View] = []

    def keep(self, query: str, **more: Any) -> views.View:
        view = views.View(id=len(self.views) + 1, name="v", query=views.normal(query), version=1, **more)
        self.views.append(view)
        return view


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> Keeper:
    it = Keeper()
    board: plugs.Board[Any] = plugs.Board("view", "")
    board.plug("test", lambda sheet, person: it.views if sheet == SHEET.name else [])
    monkeypatch.setattr(plugs, "views", board)
    return it


def shown(**parameters: str) -> lists.Page:
    return lists.page_of(SHEET, models.Job.objects.all(), parameters, person=SOMEBODY, size=5)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=KEPT)
def test_a_view_shows_again_what_was_kept(asked: dict[str, str], keeper: Keeper) -> None:
    before = shown(**asked)
    view = keeper.keep(before.query)
    opened = shown(view=str(view.id))
    assert (opened.chosen, opened.sort, opened.query) == (before.chosen, before.sort, before.query)
    assert (opened.view, opened.is_changed, list(opened.faded)) == (view, False, [])
    turned = shown(**{**dict(parse_qsl(opened.query)), "view": opened.view_key})  # filters beside it count themselves
    assert (turned.chosen, turned.sort, turned.view) == (before.chosen, before.sort, view)


@given(pairs=st.lists(st.tuples(st.text(max_size=300), st.text(max_size=300)), max_size=60))
def test_keeping_twice_is_keeping_once(pairs: list[tuple[str, str]]) -> None:
    query = "&".join(f"{key}={value}" for key, value in pairs)
    once = views.normal(query)
    assert views.normal(once) == once
    assert len(once) <= views.LONGEST


@pytest.mark.django_db
def test_a_value_that_is_gone_is_left_out_and_named(keeper: Keeper) -> None:
    view = keeper.keep("state=given-up&name=a")
    opened = shown(view=str(view.id))
    assert (opened.chosen, list(opened.faded)) == ({"name": "a", "state": ""}, ["State"])
    assert opened.is_changed
    assert shown(state="given-up").chosen["state"] == "given-up"  # an address is taken at its word, as ever


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["99", "x", "-1", "9" * 30])
def test_an_address_of_no_view_shows_everything_and_says_so(asked: str, keeper: Keeper) -> None:
    keeper.keep("name=a", is_first=True)
    opened = shown(view=asked)
    assert (opened.opened.is_missing, opened.is_usual, opened.view) == (True, True, None)


@pytest.mark.django_db
def test_the_first_view_opens_unless_the_address_says_otherwise(keeper: Keeper) -> None:
    view = keeper.keep("name=a", is_first=True)
    assert (shown().view, shown().chosen["name"]) == (view, "a")
    assert (shown(view="all").view, shown(view="all").is_usual, shown(view="all").view_key) == (None, True, "all")
    assert (shown(name="b").view, shown(name="b").chosen["name"]) == (None, "b")


def test_rows_are_read_as_they_were_written() -> None:
    assert bulk.read_picks(["3.1", "3.2", "x.1", "4", "5.x", "", "6.0"]) == [bulk.Pick(3, 1), bulk.Pick(6, 0)]
    assert len(bulk.read_picks(f"{n}.1" for n in range(900))) == bulk.MOST
