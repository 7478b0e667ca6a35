"""Which function of the rooms calls which, read from the code: by names a module defines or imports, never by guess."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.house import tree

Node = tuple[str, str]  # dotted module, function or class


def graph() -> dict[Node, set[Node]]:
    """Each function and class with what it mentions; a class mentions what its methods do."""
    modules = {dotted(path.relative_to(tree.ROOT).with_suffix("").parts): module for path, module in tree.modules()}
    return {
        (name, node.name): mentioned
        for name, module in modules.items()
        for node, mentioned in _mentions(name, module, modules)
    }


def dotted(parts: tuple[str, ...]) -> str:
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _mentions(
    name: str, module: ast.Module, modules: dict[str, ast.Module]
) -> Iterator[tuple[ast.FunctionDef | ast.ClassDef, set[Node]]]:
    known: dict[str, str] = {}  # what a name in this module stands for: a module, or "module:function"
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("yinuo"):
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                known[each.asname or each.name] = inner if inner in modules else f"{node.module}:{each.name}"
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            known[node.name] = f"{name}:{node.name}"
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node, {found for inner in ast.walk(node) if (found := _resolved(inner, known)) is not None}


def _resolved(node: ast.AST, known: dict[str, str]) -> Node | None:
    if isinstance(node, ast.Name) and ":" in known.get(node.id, ""):
        module, _, function = known[node.id].partition(":")
        return module, function
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
        return known[node.value.id], node.attr
    return None


def leading_to(*targets: Node) -> set[Node]:
    """Every function and class from which one of the targets is reached."""
    callers: dict[Node, set[Node]] = defaultdict(set)
    for node, mentioned in graph().items():
        for each in mentioned:
            callers[each].add(node)
    found, fresh = set(targets), set(targets)
    while fresh:
        fresh = {caller for node in fresh for caller in callers[node]} - found
        found |= fresh
    return found
