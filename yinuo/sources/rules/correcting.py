"""A draft of clauses, and what people do to it: split, merge, move, renumber, retitle, leave out, take in.

Pure: a tree in, a tree out. No act loses a character: what stands in no clause stands among the leftovers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from yinuo.sources.definition import Split


class CannotCorrect(Exception):
    """The act makes no sense here; `code` says why (its sentence stands in `actions.correcting`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Node:
    """A clause of the draft. `key` stays with it; `parent` is a key, "" at the top. `file` is the place of its file in
    the edition, `blocks` are the numbers of its blocks there."""

    key: str
    number: str
    title: str
    text: str
    parent: str = ""
    file: int = 0
    blocks: tuple[int, ...] = ()
    confidence: float = 1.0
    doubts: tuple[str, ...] = ()

    @property
    def print(self) -> str:
        """Changes when anything of the clause changes; whoever corrects it says which they saw."""
        said = "\x1f".join((self.number, self.title, self.text, self.parent))
        return sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Left:
    """Text of a file that belongs to no clause, and why."""

    key: str
    file: int
    block: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The whole draft: clauses in the order of the document (a parent before those below it), and what is left over."""

    nodes: tuple[Node, ...]
    left: tuple[Left, ...] = ()
    made: int = 0  # keys given out so far

    def node(self, key: str) -> Node:
        for each in self.nodes:
            if each.key == key:
                return each
        raise CannotCorrect("gone")

    def place(self, key: str) -> int:
        for at, each in enumerate(self.nodes):
            if each.key == key:
                return at
        raise CannotCorrect("gone")

    def below(self, key: str) -> set[str]:
        """The keys of everything below a clause."""
        found = {key}
        for each in self.nodes:
            if each.parent in found:
                found.add(each.key)
        return found - {key}

    def depth(self, key: str) -> int:
        depth, parents = 0, {each.key: each.parent for each in self.nodes}
        while parents.get(key):
            key, depth = parents[key], depth + 1
        return depth

    @property
    def signs(self) -> tuple[int, int]:
        """How many characters (without spaces) stand in clauses, and how many in all."""
        inside = sum(count(each.title) + count(each.text) for each in self.nodes)
        return inside, inside + sum(count(each.text) for each in self.left)


def count(text: str) -> int:
    return len("".join(text.split()))


def tree_of(files: Iterable[tuple[int, Split]]) -> Tree:
    """The first draft, of what was split of each file; files in their order."""
    nodes: list[Node] = []
    left: list[Left] = []
    for place, split in files:
        for at, clause in enumerate(split.clauses):
            parent = f"{place}.{clause.parent}" if clause.parent >= 0 else ""
            nodes.append(
                Node(
                    f"{place}.{at}", clause.number, clause.title, clause.text, parent, place, tuple(clause.blocks),
                    round(clause.confidence, 3), tuple(clause.doubts),
                )
            )  # fmt: skip
        left += [
            Left(f"l{place}.{at}", place, each.block, each.text, each.reason) for at, each in enumerate(split.leftovers)
        ]
    return Tree(tuple(nodes), tuple(left))


# Acts -----------------------------------------------------------------------------------------------------------------


def split(tree: Tree, *, key: str, at: int, number: str = "", title: str = "") -> Tree:
    """Cut a clause's text in two; what follows the place `at` becomes a clause of its own beside it."""
    node = tree.node(key)
    first, second = node.text[:at].rstrip(), node.text[at:].lstrip()
    if not second.strip() or not (first.strip() or node.title.strip() or node.number):
        raise CannotCorrect("nothing_to_split")
    number, title, second = _headed(second, number, title)
    new = Node(f"n{tree.made}", number, title, second, node.parent, node.file, node.blocks)
    last = max((tree.place(each) for each in tree.below(key)), default=tree.place(key))
    nodes = list(tree.nodes)
    nodes[tree.place(key)] = replace(node, text=first, confidence=1.0, doubts=())
    nodes.insert(last + 1, new)
    return replace(tree, nodes=tuple(nodes), made=tree.made + 1)


def _headed(text: str, number: str, title: str) -> tuple[str, str, str]:
    """A number or title that already stands at the head of the text is taken from there, not written twice."""
    for said in (number, title):
        if said and text.startswith(said):
            text = text[len(said) :].lstrip(" \t　.．、:：")
    return number, title, text


def merge(tree: Tree, *, key: str) -> Tree:
    """Join a clause to the one before it in the document; what is below it moves along."""
    at = tree.place(key)
    if at == 0:
        raise CannotCorrect("first")
    node, before = tree.nodes[at], tree.nodes[at - 1]
    heading = " ".join(each for each in (node.number, node.title) if each)
    text = "\n".join(each for each in (before.text, heading, node.text) if each)
    joined = replace(
        before,
        text=text,
        blocks=tuple(dict.fromkeys((*before.blocks, *(node.blocks if node.file == before.file else ())))),
        confidence=1.0,
        doubts=(),
    )
    nodes = [
        replace(each, parent=before.key) if each.parent == key else each
        for each in (*tree.nodes[: at - 1], joined, *tree.nodes[at + 1 :])
    ]
    return replace(tree, nodes=tuple(nodes))


def inwards(tree: Tree, *, key: str) -> Tree:
    """Put a clause below the one that stands before it on its own level."""
    node = tree.node(key)
    siblings = [each for each in tree.nodes[: tree.place(key)] if each.parent == node.parent]
    if not siblings:
        raise CannotCorrect("no_sibling")
    return _put(tree, replace(node, parent=siblings[-1].key))


def outwards(tree: Tree, *, key: str) -> Tree:
    """Put a clause on the level of its parent, behind it; what follows on its own level stays where it is."""
    node = tree.node(key)
    if not node.parent:
        raise CannotCorrect("top")
    parent = tree.node(node.parent)
    moved = _put(tree, replace(node, parent=parent.parent))
    return _ordered(moved, key, after=parent.key)


def up(tree: Tree, *, key: str) -> Tree:
    """Before the clause that stands before it on its level, with everything below."""
    return _swapped(tree, key, -1)


def down(tree: Tree, *, key: str) -> Tree:
    """Behind the clause that follows it on its level, with everything below."""
    return _swapped(tree, key, 1)


def head(tree: Tree, *, key: str, number: str, title: str) -> Tree:
    """Give a clause another number or title. Words of the title that are taken away go to its text."""
    node = tree.node(key)
    number, title = " ".join(number.split()), " ".join(title.split())
    text = node.text
    if title != node.title:
        if node.title.startswith(title):
            rest = node.title[len(title) :].strip()
            text = "\n".join(each for each in (rest, text) if each)
        elif text.startswith(title.removeprefix(node.title).strip()) and title.startswith(node.title):
            text = text[len(title.removeprefix(node.title).strip()) :].lstrip()
    if not (number or title or text):
        raise CannotCorrect("nothing_left")
    return _put(tree, replace(node, number=number, title=title, text=text, confidence=1.0, doubts=()))


def leave_out(tree: Tree, *, key: str) -> Tree:
    """A clause that is none: its words go to the leftovers, what is below it to its parent."""
    node = tree.node(key)
    said = " ".join(each for each in (node.number, node.title, node.text) if each)
    left = Left(f"n{tree.made}", node.file, node.blocks[0] if node.blocks else 0, said, "left_out")
    nodes = tuple(
        replace(each, parent=node.parent) if each.parent == key else each for each in tree.nodes if each.key != key
    )
    return Tree(nodes, tuple(sorted((*tree.left, left), key=lambda each: (each.file, each.block))), tree.made + 1)


def take_in(tree: Tree, *, key: str, into: str = "", number: str = "", title: str = "") -> Tree:
    """Words left over: at the end of a clause's text (`into`), or a clause of their own where they stand."""
    found = [each for each in tree.left if each.key == key]
    if not found:
        raise CannotCorrect("gone")
    left = tuple(each for each in tree.left if each.key != key)
    taken = found[0]
    if into:
        node = tree.node(into)
        blocks = tuple(sorted({*node.blocks, taken.block})) if node.file == taken.file else node.blocks
        text = "\n".join(each for each in (node.text, taken.text) if each)
        return _put(replace(tree, left=left), replace(node, text=text, blocks=blocks))
    number, title, text = _headed(taken.text, number, title)
    before = [each for each in tree.nodes if (each.file, each.blocks[:1]) < (taken.file, (taken.block,))]
    node = Node(f"n{tree.made}", number, title, text, before[-1].parent if before else "", taken.file, (taken.block,))
    nodes = list(tree.nodes)
    nodes.insert(_end_of(tree, before[-1].key) if before else 0, node)
    return Tree(tuple(nodes), left, tree.made + 1)


def confirm(tree: Tree, *, key: str) -> Tree:
    """What was doubted is right as it stands."""
    return _put(tree, replace(tree.node(key), confidence=1.0, doubts=()))


ACTS: Mapping[str, Callable[..., Tree]] = {
    act.__name__: act for act in (split, merge, inwards, outwards, up, down, head, leave_out, take_in, confirm)
}


def _put(tree: Tree, node: Node) -> Tree:
    return replace(tree, nodes=tuple(node if each.key == node.key else each for each in tree.nodes))


def _end_of(tree: Tree, key: str) -> int:
    """The place behind a clause and everything below it."""
    members = tree.below(key) | {key}
    return max(at for at, each in enumerate(tree.nodes) if each.key in members) + 1


def _ordered(tree: Tree, key: str, after: str) -> Tree:
    """A clause with everything below it, behind another and everything below that."""
    moving = tree.below(key) | {key}
    rest = replace(tree, nodes=tuple(each for each in tree.nodes if each.key not in moving))
    at = _end_of(rest, after)
    block = tuple(each for each in tree.nodes if each.key in moving)
    return replace(tree, nodes=(*rest.nodes[:at], *block, *rest.nodes[at:]))


def _swapped(tree: Tree, key: str, step: int) -> Tree:
    node = tree.node(key)
    siblings = [each.key for each in tree.nodes if each.parent == node.parent]
    at = siblings.index(key) + step
    if not 0 <= at < len(siblings):
        raise CannotCorrect("edge")
    return _ordered(tree, key, siblings[at]) if step > 0 else _ordered(tree, siblings[at], key)


# As JSON --------------------------------------------------------------------------------------------------------------


def said(tree: Tree) -> dict[str, Any]:
    """The tree as JSON."""
    return asdict(tree)


def heard(said: Mapping[str, Any]) -> Tree:
    """The tree of its JSON."""
    nodes = tuple(
        Node(**each | {"blocks": tuple(each["blocks"]), "doubts": tuple(each["doubts"])}) for each in said["nodes"]
    )
    return Tree(nodes, tuple(Left(**each) for each in said["left"]), said["made"])


def fingerprint(number: str, title: str, text: str) -> str:
    """Of what a clause says, without spaces: the same words have the same one, however they are set."""
    return sha256("".join(f"{number}\x1f{title}\x1f{text}".split()).encode()).hexdigest()
