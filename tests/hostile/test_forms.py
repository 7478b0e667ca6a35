"""Every form of the product, filled as nobody should: nothing breaks, nothing comes back unescaped."""

import re

import pytest
from django.test import Client

from tests.hostile import attacking, reading
from tests.hostile import world as worlds
from tests.hostile.world import World
from tests.house import tree


def forms_at(client: Client, url: str) -> list[reading.Form]:
    """The forms of a page, as whoever is signed in sees it."""
    response = client.get(url)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return []
    return list(reading.forms_of(url, attacking.text_of(response)))


def asked_for(room: str) -> set[str]:
    """Every name that some page of a room, or of kit, takes from a sent form by itself, as its source says."""
    return {
        name
        for path, _module in tree.modules()
        if path.relative_to(tree.HOUSE).parts[0] in (room, "kit")
        for name in re.findall(r'POST\.(?:get|getlist)\("([\w-]+)"', path.read_text())
    } - {"next"}


def tried(client: Client, form: reading.Form, turn: int = 0) -> list[str]:
    """What goes wrong when a form is attacked."""
    wrong = []
    attacking.noted(f"-- {form.action}")
    for name, data, how in attacking.attacks(form, turn):
        fault = attacking.fault_of(attacking.sent(client, form.action, data, **how))
        if fault:
            wrong.append(attacking.noted(f"{form.action} {name}: {fault}"))
    return wrong


ROOMS = sorted({address.name.partition(":")[0] for address in tree.addresses()})

FORMLESS = {"desk", "kit", "search"}  # what they show are links, and forms of other rooms


@pytest.mark.parametrize("room", ROOMS)
def test_every_form_of_the_product_takes_what_nobody_should_send(room: str, world: World) -> None:
    person = world.company.zhou
    worlds.everything(person)
    client = world.client(person)
    seen: dict[str, reading.Form] = {}
    addresses = [each for each in world.addresses() if each[0].name.startswith(f"{room}:")]
    for address, url in addresses:
        if "GET" in address.view.methods and "invitation" not in url:  # type: ignore[attr-defined]
            for form in forms_at(client, url):
                seen.setdefault(form.action, form)
    for address, url in addresses:
        # Forms that no page of this moment shows.
        if "POST" in address.view.methods and url not in seen and "sign" not in address.name:  # type: ignore[attr-defined]
            names = {"version", "once", "reason", "text", "title", *asked_for(room)}
            seen[url] = reading.Form(url, {name: reading.Field(name, "text") for name in sorted(names)})
    assert seen or room in FORMLESS
    wrong = [fault for turn, form in enumerate(seen.values()) for fault in tried(client, form, turn)]
    assert wrong == []


def test_every_step_of_a_procedure_takes_what_nobody_should_send(world: World) -> None:
    for person in world.company.people.values():
        worlds.everything(person)
    wrong, steps = [], set()
    for step in worlds.live_on(world.story):
        if step in steps:
            continue
        steps.add(step)
        task = world.story.tasks(state="open").first()
        client = world.client(task.holder or world.company.zhou)
        for turn, form in enumerate(forms_at(client, f"/procedures/tasks/{task.pk}")):
            wrong += [f"{step} {fault}" for fault in tried(client, form, turn)]
    assert len(steps) > 10
    assert wrong == []
