"""Definitions being written: where one begins, what is filled in for its author, what still lacks its English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.upgrading import FORMAT

CHINESE = re.compile(r"[\u3400-\u9fff]")
BLOCK_KINDS = ("sequence", "side_by_side", "choice", "for_each")
STEP_KINDS = ("task", "opinions", "decision", "wait", "timer", "effect")
KINDS = (*STEP_KINDS, *BLOCK_KINDS)


def is_text(value: Any) -> bool:
    """Whether this is words in two languages, one of which may be missing."""
    return isinstance(value, dict) and bool(value) and set(value) <= {"zh", "en"}


def kind_of(block: Any) -> str:
    """The kind of a block; "" when it has none or several."""
    found = [kind for kind in KINDS if isinstance(block, dict) and kind in block]
    return found[0] if len(found) == 1 else ""


def is_sound(data: Any) -> bool:
    """Whether data has the outer shape of a procedure, so that it can be edited, however many mistakes it has."""
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("card"), dict):
        return False
    for name in ("forms", "statuses", "phases"):
        members = data.get(name, [])
        if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
            return False
    fields = (form.get("fields", []) for form in data.get("forms", []))
    if not all(isinstance(found, list) and all(isinstance(field, dict) for field in found) for found in fields):
        return False
    return isinstance(data.get("facts", {}), dict) and _is_flow(data.get("flow"))


def _is_flow(flow: Any) -> bool:
    return isinstance(flow, list) and all(kind_of(block) and _is_block(block) for block in flow)


def _is_block(block: dict[str, Any]) -> bool:
    match kind_of(block):
        case "sequence" | "for_each":
            return _is_flow(block.get("flow"))
        case "side_by_side":
            branches = block.get("branches")
            return isinstance(branches, list) and all(map(_is_branch, branches))
        case "choice":
            branches, table = block.get("branches"), block.get("table", {})
            if not isinstance(branches, dict) or not isinstance(table, dict):
                return False
            return all(isinstance(name, str) and _is_branch(found) for name, found in branches.items())
    return True


def _is_branch(branch: Any) -> bool:
    return _is_flow(branch.get("flow") if isinstance(branch, dict) else branch)


def tidied(data: Any) -> Any:
    """Sound data in the one shape that is edited: branches are mappings with a flow; English that only repeats the
    Chinese is left out."""
    if is_text(data):
        zh, en = data.get("zh", ""), data.get("en", "")
        return {"zh": zh, "en": "" if en == zh and isinstance(zh, str) and CHINESE.search(zh) else en}
    if isinstance(data, list):
        return [tidied(member) for member in data]
    if not isinstance(data, dict):
        return data
    tidy = {key: tidied(value) for key, value in data.items()}
    if "side_by_side" in data and isinstance(tidy.get("branches"), list):
        tidy["branches"] = [_branch(found) for found in tidy["branches"]]
    if "choice" in data and isinstance(tidy.get("branches"), dict):
        tidy["branches"] = {name: _branch(found) for name, found in tidy["branches"].items()}
    return tidy


def _branch(branch: Any) -> dict[str, Any]:
    return branch if isinstance(branch, dict) else {"flow": branch}


def completed(data: Any) -> Any:
    """The data as it would be published: words missing in one language stand in the other; empty words say nothing."""
    if is_text(data):
        zh, en = data.get("zh") or "", data.get("en") or ""
        return {"zh": zh or en, "en": en or zh}
    if isinstance(data, list):
        return [completed(member) for member in data]
    if isinstance(data, dict):
        whole = {key: completed(value) for key, value in data.items()}
        return {key: value for key, value in whole.items() if not (is_text(value) and not value["zh"])}
    return data


def untranslated(data: Any, path: Path = ()) -> Iterator[Path]:
    """The places of Chinese words that have no English yet."""
    if is_text(data):
        zh, en = data.get("zh") or "", data.get("en") or ""
        if isinstance(zh, str) and CHINESE.search(zh) and (not en or en == zh):
            yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from untranslated(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from untranslated(value, (*path, index))


def blank(key: str, number: str, title: str) -> dict[str, Any]:
    """A new procedure: its card, the usual statuses, one step."""
    return {
        "format": FORMAT,
        "key": key,
        "card": {"number": number, "edition": "A/0", "title": {"zh": title, "en": ""}},
        "statuses": [
            {"key": "active", "title": {"zh": "处理中", "en": "In progress"}, "stage": "active"},
            {"key": "completed", "title": {"zh": "已完成", "en": "Completed"}, "stage": "done"},
            {"key": "terminated", "title": {"zh": "已终止", "en": "Terminated"}, "stage": "done"},
        ],
        "shows": {"start": "active", "completed": "completed", "terminated": "terminated"},
        "phases": [],
        "forms": [],
        "facts": {},
        "flow": [{"task": "task_1", "title": {"zh": "第一步", "en": "First step"}}],
    }


def next_label(label: str) -> str:
    """The edition that follows: A/0 → A/1, 1.9 → 1.10, B → B/1."""
    found = re.fullmatch(r"(.*?)(\d+)", label)
    return f"{found[1]}{int(found[2]) + 1}" if found else f"{label}/1"
