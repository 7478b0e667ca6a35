"""The house rules that a program can check, read from the code itself."""

import ast
import configparser
import io

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.house import tree

# Acts without a doer or a moment: each with its reason.
NOT_AN_ACT = {
    "yinuo/search/actions.py": {"refresh": "the index follows acts of other rooms, inside their transaction"},
    "yinuo/sources/actions/reading.py": {
        "keep": "part of reading: `settle` tells by whom, when all files were looked at",
        "give_up": "part of reading: `settle` tells by whom, when all files were looked at",
    },
}


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in module.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


def test_import_contracts_name_every_room() -> None:
    parser = configparser.ConfigParser()
    parser.read(tree.ROOT / ".importlinter")
    containers = parser["importlinter:contract:shelves"]["containers"].split()
    expected = [f"yinuo.{room}" for room in tree.rooms() if room != "kit"]
    assert sorted(containers) == expected
    floors = parser["importlinter:contract:floors"]["layers"]
    assert [room for room in tree.rooms() if f"yinuo.{room}" not in floors] == []


def is_act(function: ast.FunctionDef) -> bool:
    """A write that somebody calls: it opens its transaction. Parts of acts run inside one and say what they like."""
    return any("transaction.atomic" in ast.unparse(decorator) for decorator in function.decorator_list)


def test_every_act_is_keyword_only_and_says_who_and_when() -> None:
    wrong, seen = [], 0
    for path, module in tree.modules():
        where = str(path.relative_to(tree.ROOT))
        if tree.shelf(path) != "actions":
            continue
        for function in filter(is_act, functions(module)):
            seen += 1
            named = {each.arg for each in function.args.kwonlyargs}
            if function.name in NOT_AN_ACT.get(where, {}):
                continue
            if function.args.args or function.args.posonlyargs or not {"by", "now"} <= named:
                wrong.append(f"{where}: {function.name}")
    assert seen > 50
    assert wrong == []


def test_only_actions_open_transactions() -> None:
    """Elsewhere a transaction would be a write that no action knows of."""
    allowed = {"actions", "management", "jobs", "once", "pages"}
    wrong = [
        f"{path.relative_to(tree.ROOT)}: {function.name}"
        for path, module in tree.modules()
        if tree.shelf(path) not in allowed
        for function in filter(is_act, functions(module))
    ]
    assert wrong == []


def test_nothing_below_the_pages_knows_requests() -> None:
    above = {"pages", "api", "urls"}
    wrong = []
    for path, module in tree.modules():
        if tree.shelf(path) in above or path.relative_to(tree.HOUSE).parts[0] == "kit":
            continue
        for node in ast.walk(module):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            wrong += [f"{path.relative_to(tree.ROOT)}: {n}" for n in names if n.startswith("django.http")]
    assert wrong == []


def test_no_signals() -> None:
    wrong = []
    for path, module in tree.modules():
        for node in ast.walk(module):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if isinstance(node, ast.Import | ast.ImportFrom):
                names += [alias.name for alias in node.names]
            if any(name.rpartition(".")[2] in ("dispatch", "signals", "receiver") for name in names):
                wrong.append(f"{path.relative_to(tree.ROOT)}:{node.lineno}")
    assert wrong == []


def test_no_star_imports_and_no_imports_inside_functions_without_a_reason() -> None:
    wrong = []
    for path, module in tree.modules():
        lines = path.read_text().splitlines()
        for node in ast.walk(module):
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                wrong.append(f"{path.relative_to(tree.ROOT)}:{node.lineno} star")
            if isinstance(node, ast.FunctionDef):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Import | ast.ImportFrom):
                        beside = lines[inner.lineno - 1] + lines[inner.lineno - 2]
                        if "#" not in beside:
                            wrong.append(f"{path.relative_to(tree.ROOT)}:{inner.lineno} inside {node.name}")
    assert wrong == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out)
    assert "No changes detected" in out.getvalue()


def test_every_room_tells_what_it_is_for() -> None:
    missing = [room for room in tree.rooms() if not (tree.HOUSE / room / "README.md").exists()]
    assert missing == []
    long = [r for r in tree.rooms() if len((tree.HOUSE / r / "README.md").read_text().splitlines()) > 40]
    assert long == []


def test_every_model_has_its_own_words() -> None:
    """A row without `__str__` reads as `Case object (1)` in the trail."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("yinuo.")]
    assert ours
    assert [m.__name__ for m in ours if m.__str__ is m.__mro__[-2].__str__] == []
