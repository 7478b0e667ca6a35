"""Boards of plugs: taken once, asked by name, called in floor order."""

import pytest

from yinuo.kit import plugs


def board() -> plugs.Board:
    return plugs.Board("thing", "for trying")


def test_a_name_is_taken_once() -> None:
    it = board()
    it.plug("cases.x", lambda: 1)
    with pytest.raises(ValueError, match="plugged in twice"):
        it.plug("cases.x", lambda: 2)


def test_an_unknown_name_says_what_there_is() -> None:
    it = board()
    it.plug("cases.x", lambda: 1)
    with pytest.raises(plugs.UnknownPlug, match=r"no thing named 'cases.y'; there are: cases.x"):
        it.get("cases.y")
    assert "cases.x" in it
    assert "cases.y" not in it


def test_plugs_come_in_the_order_of_the_floors() -> None:
    it = board()
    for name in ("z.low", "a.high"):
        it.plug(name, lambda: 1)
    assert [plug.name for plug in it] == ["z.low", "a.high"]
    assert it.names() == ["a.high", "z.low"]


def test_an_event_reaches_its_listeners_only() -> None:
    heard: list[str] = []
    for name in ("test.happened/low", "test.happened/high", "test.happened_too/low"):
        plugs.events.plug(name, lambda what, name=name: heard.append(f"{name}:{what}"))
    try:
        plugs.announce("test.happened", what=1)
        plugs.announce("test.never")
    finally:
        for name in ("test.happened/low", "test.happened/high", "test.happened_too/low"):
            del plugs.events._plugs[name]
    assert heard == ["test.happened/low:1", "test.happened/high:1"]


def test_every_room_has_plugged_itself_in() -> None:
    """Hooks and jobs are loaded at start: a room that is not would silently do nothing."""
    assert "records.seal" in plugs.jobs
    assert "notify.post" in plugs.jobs
    assert "kit.sweep" in plugs.schedules
    assert "kit.rescoped/search" in plugs.events
