"""Taking back one's own finished work (撤回), as long as nothing rests on it."""

from __future__ import annotations

from collections.abc import Iterable

from yinuo.procedures.definition.shapes import Effect, EffectCall, Opinions, Step
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.engine import changes
from yinuo.procedures.engine.run import Run, behind, is_for_people
from yinuo.procedures.engine.state import Item, Node, parts_of, place_of

TOO_LATE = Text("后续工作已经完成，不能撤回；如需更改请退回。", "Later work has been done; return the step instead.")
EFFECT_RAN = Text("后续动作已经执行，不能撤回；如需更改请退回。", "An effect has already run; return the step instead.")
NOT_DONE = Text("只能撤回自己已提交的工作。", "Only work that has been submitted can be withdrawn.")
NOT_ALLOWED = Text("本步骤不允许撤回。", "This step cannot be withdrawn.")
SIGNED_ON = Text("已有人在此之后签署，不能撤回。", "Somebody has signed since; it cannot be withdrawn.")


def obstacle(run: Run, item: Item) -> Text | None:
    """Why this item cannot be withdrawn now; None when it can."""
    place = place_of(item.step, item.path)
    node = run.nodes.get(place)
    if item.state != "done" or item.void or node is None or item.id not in node.items or not is_for_people(item):
        return NOT_DONE
    step = run.plan.step(item.step)
    if not step.allowed.withdraw:
        return NOT_ALLOWED
    if item.kind == "signer":
        if item.before and run.items[item.signs_for].state == "done":
            return SIGNED_ON
    elif any(signer.state == "done" and not signer.before for signer in run.signers_of(item)):
        return SIGNED_ON
    if not node.done:
        return TOO_LATE if _later_party_answered(run, item, node) else None
    if _lasting(step.on_done):
        return EFFECT_RAN
    return _rests_on(run, item)


def _later_party_answered(run: Run, item: Item, node: Node) -> bool:
    work = run.plan.step(item.step).work
    if item.kind == "signer" or not isinstance(work, Opinions) or work.mode != "in_sequence":
        return False
    later = node.parties[node.parties.index(item.party) + 1 :]
    return any(run.items[at].party in later and run.items[at].state == "done" for at in node.items)


def _rests_on(run: Run, item: Item) -> Text | None:
    for place in behind(run.plan, run.nodes, item.step, item.path):
        block = run.plan.places[parts_of(place)[0]].block
        if isinstance(block, Step) and _lasting(block.on_open):
            return EFFECT_RAN
        for at in run.nodes[place].items:
            later = run.items[at]
            if later.state == "done":
                return TOO_LATE
            if isinstance(block, Step) and isinstance(block.work, Effect) and _lasting((block.work.call,)):
                return EFFECT_RAN
    return None


def _lasting(calls: Iterable[EffectCall]) -> bool:
    return any(not call.repeatable for call in calls)


def withdraw(run: Run, item: Item) -> None:
    """Take the item back and open it anew; what was opened because of it is cancelled."""
    place = place_of(item.step, item.path)
    item = run.put(item, state="withdrawn")
    run.changes.append(changes.ItemWithdrawn(item=item))
    node = run.nodes[place]
    if node.done:
        run.clear(set(behind(run.plan, run.nodes, item.step, item.path)), "withdrawn")
    run.nodes[place] = Node(items=node.items, parties=node.parties)
    if item.kind == "signer":
        run.add_signer(run.items[item.signs_for], item.party, before=item.before)
        return
    run.cancel(run.signers_of(item), "withdrawn")
    _open_again(run, item, node)


def _open_again(run: Run, item: Item, node: Node) -> None:
    step = run.plan.step(item.step)
    if not isinstance(step.work, Opinions):
        run.open_item(step, item.path, item.party)
        return
    if step.work.mode == "in_sequence":
        run.cancel((run.items[at] for at in node.items), "withdrawn")
        run.open_item(step, item.path, item.party)
        return
    busy = {found.party for found in map(run.items.__getitem__, node.items) if found.is_live or found.state == "done"}
    for party in node.parties:
        if party == item.party or party not in busy:
            run.open_item(step, item.path, party)
