"""Reading the code base itself: its rooms, modules, addresses and sentences."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "yinuo"
TRANSLATING = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}


def rooms() -> list[str]:
    """Rooms that exist: folders with an app."""
    return sorted(path.parent.name for path in HOUSE.glob("*/apps.py"))


def modules(pattern: str = "**/*.py") -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the rooms (no migrations) with its syntax tree."""
    for path in sorted(HOUSE.glob(f"*/{pattern}")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(), filename=str(path))


def shelf(path: Path) -> str:
    """The shelf a module stands on: the name of its file, or of its package, below the room."""
    return path.relative_to(HOUSE).parts[1].removesuffix(".py")


@dataclass(frozen=True)
class Address:
    """One URL pattern with its full name and view."""

    name: str
    route: str
    view: object
    converters: tuple[tuple[str, str], ...]


def addresses() -> list[Address]:
    """All addresses of pages; what programs call is walked by the tests of the API."""
    found = (each for each in _walk(get_resolver(), "", "") if not each.route.lstrip("^").startswith("api/"))
    return sorted(found, key=lambda address: address.name)


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, route, inner)
        elif isinstance(pattern, URLPattern):
            converters = tuple(
                (name, type(converter).__name__) for name, converter in pattern.pattern.converters.items()
            )
            yield Address(f"{namespace}{pattern.name}", route, pattern.callback, converters)


def sentences() -> Iterator[tuple[str, str]]:
    """Every translatable sentence in Python and templates, as (where, msgid)."""
    for path, tree in modules():
        yield from _sentences_of(tree, str(path.relative_to(ROOT)))
    for path in sorted(HOUSE.glob("**/templates/**/*.*")):
        if path.suffix in {".html", ".txt", ".svg"}:
            yield from _template_sentences(path)


def _sentences_of(tree: ast.AST, where: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in TRANSLATING:
            continue
        position = 1 if name.startswith("pgettext") else 0
        argument = node.args[position] if len(node.args) > position else None
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield f"{where}:{node.lineno}", argument.value


_CALL = re.compile(
    r"""\b(?:n?pgettext\(\s*u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,|n?gettext\()\s*u?(['"])((?:\\.|(?!\1).)*)\1""",
    re.S,
)


def _template_sentences(path: Path) -> Iterator[tuple[str, str]]:
    where = str(path.relative_to(ROOT))
    for match in _CALL.finditer(templatize(path.read_text(), origin=where)):
        text = ast.literal_eval(f"{match.group(1)}{match.group(2)}{match.group(1)}".replace("\n", "\\n"))
        yield where, text
