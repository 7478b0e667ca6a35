"""A draft's steps as the lines of a tree: numbered, named, with who does them and what is wrong or new about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from yinuo.procedures.definition import keys, starting
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.engine import outline, wording
from yinuo.procedures.queries import drafts

ICONS = {
    "task": "square-check", "opinions": "users-group", "decision": "signature", "wait": "hourglass", "timer": "alarm",
    "effect": "robot", "sequence": "list", "side_by_side": "arrows-split", "choice": "git-branch",
    "for_each": "repeat", "branch": "arrow-ramp-right",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line: a block or a branch. `flow` and `count`: the flow that takes what is dropped onto the line."""

    path: Path
    depth: int
    kind: str
    key: str
    title: Text
    number: str = ""
    who: Text = NOTHING
    is_faulty: bool = False
    mark: str = ""
    flow: Path = ()
    count: int = 0

    @property
    def icon(self) -> str:
        return ICONS.get(self.kind, "point")

    @property
    def is_block(self) -> bool:
        return self.kind != "branch"


def lines_of(content: Mapping[str, Any], judged: drafts.Judged) -> list[Line]:
    """All lines in the order of the document."""
    return list(_Tree(content, judged).of(content["flow"], ("flow",), 1))


class _Tree:
    def __init__(self, content: Mapping[str, Any], judged: drafts.Judged) -> None:
        self.names = drafts.names()
        self.faulty = judged.faulty
        self.marks = {each.key: each.kind for each in judged.different or () if each.kind != "gone"}
        self.numbers = outline.numbers_of(judged.as_far) if judged.as_far is not None else {}

    def of(self, flow: list[Any], path: Path, depth: int) -> Iterator[Line]:
        for at, block in enumerate(flow):
            here = (*path, at)
            kind = starting.kind_of(block)
            key = str(block[kind])
            inside = keys.flows_of(block, here)
            own = inside[0] if kind in ("sequence", "for_each") else ((), [])
            yield Line(
                path=here, depth=depth, kind=kind, key=key, title=_title(block, key), number=self.numbers.get(key, ""),
                who=self._who(block), is_faulty=here in self.faulty, mark=self.marks.get(key, ""),
                flow=own[0], count=len(own[1]),
            )  # fmt: skip
            if kind in ("sequence", "for_each"):
                yield from self.of(own[1], own[0], depth + 1)
                continue
            for where, branch in inside:
                yield from self._branch(block, where, branch, depth + 1)

    def _branch(self, block: Any, where: Path, flow: list[Any], depth: int) -> Iterator[Line]:
        path = where[:-1]
        name = path[-1]
        said = str(name) if isinstance(name, str) else str(int(name) + 1)
        title = _title(block["branches"][name], said)
        yield Line(
            path=path, depth=depth, kind="branch", key=said, title=title, is_faulty=path in self.faulty, flow=where,
            count=len(flow),
        )  # fmt: skip
        yield from self.of(flow, where, depth + 1)

    def _who(self, block: Any) -> Text:
        """Who does it, in as few words as will do."""
        ask = block.get("ask")
        whom = ask if isinstance(ask, list) and ask else [block.get("who")]
        return wording.joined(filter(None, map(self._named, whom)), "、", ", ") if any(whom) else NOTHING

    def _named(self, who: Any) -> Text:
        for kind, name in who.items() if isinstance(who, dict) else ():
            if kind == "role" and isinstance(name, str):
                team = name.partition(":")[0]
                return self.names.get(f"role:{name}") or self.names.get(f"team:{team}", Text(team, team))
            if kind == "each":
                return Text("逐项指定", "by each item")
            if kind != "fallback":
                return self.names.get(f"{kind}:{name}") or Text(str(name), str(name))
        return NOTHING


def _title(holder: Any, otherwise: str) -> Text:
    title = holder.get("title") if isinstance(holder, dict) else None
    zh, en = (str(title.get(name) or "") for name in ("zh", "en")) if isinstance(title, dict) else ("", "")
    return Text(zh or en or otherwise, en or zh or otherwise)
