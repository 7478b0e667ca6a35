"""Edits of the nested blocks: adding, copying, moving, indenting, wrapping. No edit but removing loses a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yinuo.procedures.definition import keys, paths, starting
from yinuo.procedures.definition.paths import CannotEdit, Path

Data = dict[str, Any]
Made = tuple[Data, Path]

TITLES = {
    "task": "新步骤", "opinions": "会签", "decision": "审批", "wait": "等待", "timer": "计时", "effect": "系统执行",
    "sequence": "步骤组", "side_by_side": "并行", "choice": "选择", "for_each": "逐项执行",
}  # fmt: skip


def _title(kind: str) -> dict[str, str]:
    """The title of a new block. Its English would soon speak of something else than what the author writes."""
    return {"zh": TITLES[kind], "en": ""}


def new_block(kind: str, taken: set[str]) -> Data:
    """A block of a kind as it stands before anything is said of it."""
    key = keys.fresh(taken, kind)
    block: Data = {kind: key, "title": _title(kind)}
    first = keys.fresh({*taken, key}, "task")
    inner: Data = {"task": first, "title": _title("task")}
    match kind:
        case "opinions":
            block |= {"mode": "all", "ask": []}
        case "decision":
            block |= {
                "outcomes": [
                    {"key": "agree", "label": {"zh": "同意", "en": "Agree"}},
                    {"key": "refuse", "label": {"zh": "不同意", "en": "Refuse"}, "end": True},
                ],
                "sign": False,
            }
        case "wait":
            block |= {"by_hand": True}
        case "timer":
            block |= {"lasts": {"working_days": 1}}
        case "sequence":
            block |= {"flow": [inner]}
        case "side_by_side":
            other = {"task": keys.fresh({*taken, first}, "task"), "title": _title("task")}
            block |= {"branches": [{"flow": [inner]}, {"flow": [other]}]}
        case "choice":
            block |= _choice(inner)
        case "for_each":
            block |= {"name": keys.fresh(taken, "item"), "list": {}, "flow": [inner]}
    return block


def _choice(inner: Data) -> Data:
    return {
        "table": {"rows": [{"when": [["", "is", ""]], "then": "branch_1"}], "otherwise": "skip"},
        "branches": {"branch_1": {"title": {"zh": "须执行", "en": "Needed"}, "flow": [inner]}},
    }


def add(data: Data, path: Path, value: Any) -> Made:
    """A new block of the kind `value`: behind the block at the path, or at the end of the flow at the path."""
    if value not in starting.KINDS:
        raise paths.gone()
    where, index = _place(data, path)
    made = paths.inserted(data, where, index, new_block(value, keys.keys_in(data)))
    return made, (*where, index)


def _place(data: Data, path: Path) -> tuple[Path, int]:
    """The flow and position behind a block, or the end of a flow."""
    found = paths.at(data, path)
    if isinstance(found, list) and path[-1] == "flow":
        return path, len(found)
    if starting.kind_of(found) and paths.is_index(path[-1]):
        return path[:-1], int(path[-1]) + 1
    if isinstance(found, dict) and isinstance(found.get("flow"), list):
        return (*path, "flow"), len(found["flow"])
    return ("flow",), len(data["flow"])


def _block(data: Data, path: Path) -> Data:
    found = paths.at(data, path)
    if not starting.kind_of(found) or path[:1] != ("flow",):
        raise paths.gone()
    return dict(found)


def copy(data: Data, path: Path, value: Any) -> Made:
    """The block once more behind itself, its keys and those inside it fresh."""
    block, taken = _block(data, path), keys.keys_in(data)
    names: dict[str, str] = {}
    for _path, inner in keys.blocks_in([block]):
        spoken = [str(inner[starting.kind_of(inner)]), *([str(inner["name"])] if "for_each" in inner else [])]
        for was in spoken:
            names[was] = keys.fresh(taken, was.rstrip("0123456789").rstrip("_") or "step")
            taken.add(names[was])
    copied = _loop_names(keys.renamed(block, names), names)
    where, index = path[:-1], int(path[-1]) + 1
    return paths.inserted(data, where, index, copied), (*where, index)


def _loop_names(data: Any, names: dict[str, str]) -> Any:
    if isinstance(data, list):
        return [_loop_names(member, names) for member in data]
    if isinstance(data, dict):
        whole = {key: _loop_names(value, names) for key, value in data.items()}
        return {**whole, "name": names.get(whole["name"], whole["name"])} if "for_each" in whole else whole
    return data


def cut(data: Data, path: Path, value: Any) -> Made:
    """Without the block; what stood behind it is selected, else what stood before."""
    _block(data, path)
    without = paths.removed(data, path)
    where, left = path[:-1], len(paths.at(data, path[:-1])) - 1
    if left:
        return without, (*where, min(int(path[-1]), left - 1))
    return without, where[: max(at for at, part in enumerate(where) if part == "flow")] or ("card",)


def move(data: Data, path: Path, value: Any) -> Made:
    """The block to position `at` of the flow `to` (both as they are before it is taken out)."""
    block, to, at = _block(data, path), tuple(value["to"]), int(value["at"])
    if to[: len(path)] == path:
        raise CannotEdit("不能移到自身之内。", "It cannot be moved into itself.")
    if to[-1] != "flow" or not isinstance(paths.at(data, to), list):
        raise paths.gone()
    where, index = path[:-1], int(path[-1])
    if to == where and at > index:
        at -= 1
    without = paths.removed(data, path)
    to = paths.followed(to, where, index, -1)
    return paths.inserted(without, to, at, block), (*to, at)


def indent(data: Data, path: Path, value: Any) -> Made:
    """Into the block before it: to the end of its last flow."""
    _block(data, path)
    index = int(path[-1])
    before = (*path[:-1], index - 1)
    flows = keys.flows_of(paths.at(data, before), before) if index else []
    if not flows:
        raise CannotEdit(
            "前面没有可放入的步骤组、并行、选择或逐项执行；请先用“成组”。",
            "There is no group, choice or repetition before it that could take it; wrap it first.",
        )
    where, flow = flows[-1]
    return move(data, path, {"to": where, "at": len(flow)})


def outdent(data: Data, path: Path, value: Any) -> Made:
    """Out of the block around it, to the place behind that."""
    around = around_of(path)
    if around is None:
        raise CannotEdit("已在最外层。", "It stands at the outermost level already.")
    return move(data, path, {"to": around[:-1], "at": int(around[-1]) + 1})


def around_of(path: Path) -> Path | None:
    """The path of the block around a block; None at the outermost level."""
    inner = max(at for at, part in enumerate(path) if part == "flow")
    if not inner:
        return None
    above = path[:inner]
    if len(above) > 1 and above[-2] == "branches":
        above = above[:-2]
    return above


def wrap(data: Data, path: Path, value: Any) -> Made:
    """The block inside a new one of the kind `value`."""
    if value not in starting.BLOCK_KINDS:
        raise paths.gone()
    block = _block(data, path)
    outer = new_block(value, keys.keys_in(data))
    if value == "side_by_side":
        outer["branches"] = [{"flow": [block]}, outer["branches"][1]]
    elif value == "choice":
        outer["branches"] = {"branch_1": {**outer["branches"]["branch_1"], "flow": [block]}}
    else:
        outer["flow"] = [block]
    return paths.changed(data, path, lambda _was: outer), path


def unwrap(data: Data, path: Path, value: Any) -> Made:
    """What stands inside a block in its place, one after the other."""
    block = _block(data, path)
    flows = keys.flows_of(block, path)
    if not flows:
        raise CannotEdit("这一步里面没有其他步骤。", "There is nothing inside this step.")
    inside = [inner for _path, flow in flows for inner in flow]
    where, index = path[:-1], int(path[-1])
    return (
        paths.changed(data, where, lambda was: [*was[:index], *inside, *was[index + 1 :]]),
        path if inside else where or ("card",),
    )


def branch(data: Data, path: Path, value: Any) -> Made:
    """One more branch of a side by side or a choice, with a new step."""
    block = _block(data, path)
    inner = new_block("task", keys.keys_in(data))
    if "side_by_side" in block:
        index = len(block["branches"])
        return paths.inserted(data, (*path, "branches"), index, {"flow": [inner]}), (*path, "branches", index)
    name = keys.fresh({*block["branches"]}, "branch")
    new = {"title": {"zh": "新分支", "en": "New branch"}, "flow": [inner]}
    made = paths.changed(data, (*path, "branches"), lambda was: {**was, name: new})
    rows = {"when": [["", "is", ""]], "then": name}
    at = len(block.get("table", {}).get("rows", []))
    return paths.inserted(made, (*path, "table", "rows"), at, rows), (*path, "branches", name)


def branch_cut(data: Data, path: Path, value: Any) -> Made:
    """Without a branch and the steps in it; the rows that led there are gone too."""
    above, name = path[:-2], path[-1]
    _block(data, above)
    without = paths.removed(data, path)
    if isinstance(name, str):
        table = paths.at(without, above).get("table", {})
        rows = [row for row in table.get("rows", []) if row.get("then") != name]
        left = "skip" if table.get("otherwise") == name else table.get("otherwise", "skip")
        without = paths.changed(without, (*above, "table"), lambda was: {**was, "rows": rows, "otherwise": left})
    return without, above


def branch_renamed(data: Data, where: Path, was: str, now: str) -> Data:
    """A choice's branch under another name, also where its table leads there."""
    branches = paths.at(data, where)
    if was not in branches or (now in branches and now != was):
        raise CannotEdit(f"分支“{now}”已存在。", f"The branch “{now}” exists already.")
    made = paths.changed(
        data, where, lambda found: {now if name == was else name: inner for name, inner in found.items()}
    )
    table = (*where[:-1], "table")

    def led(found: Data) -> Data:
        rows = [{**row, "then": now} if row.get("then") == was else row for row in found.get("rows", [])]
        return {**found, "rows": rows, **({"otherwise": now} if found.get("otherwise") == was else {})}

    whole: Data = paths.changed(made, table, led)
    return whole


EDITS: dict[str, Callable[[Data, Path, Any], Made]] = {
    "add": add, "copy": copy, "cut": cut, "move": move, "indent": indent, "outdent": outdent, "wrap": wrap,
    "unwrap": unwrap, "branch": branch, "branch_cut": branch_cut,
}  # fmt: skip
