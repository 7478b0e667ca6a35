"""The Chinese catalogue is complete and consistent; words to avoid do not occur."""

import ast
import re
import string

import polib
import pytest

from tests.house import tree
from yinuo.kit import catalogues

PARTS = tree.ROOT / "locale" / "parts"
FORMAT = re.compile(r"%\((\w+)\)s|%[sd]|\{(\w*)\}")


def catalogue() -> dict[str, str]:
    return {e.msgid: e.msgstr or e.msgstr_plural.get(0, "") for e in catalogues.merged(PARTS)}


def test_every_sentence_has_its_chinese() -> None:
    known = catalogue()
    django_knows = _djangos()
    missing = sorted(
        {f"{where}: {text!r}" for where, text in tree.sentences() if not known.get(text) and text not in django_knows}
    )
    assert missing == []


def test_every_word_of_the_trail_has_its_chinese() -> None:
    """What an act tells (`word="cases.case.opened"`) is read by auditors; words put together are looked at by hand."""
    said = {word for path, _m in tree.modules() for word in re.findall(r'word="([a-z_.]+)"', path.read_text())}
    known = catalogue()
    assert len(said) > 150
    assert sorted(word for word in said if not known.get(word)) == []


def _djangos() -> set[str]:
    import django  # the path of the installed package is needed only here

    path = f"{django.__path__[0]}/conf/locale/zh_Hans/LC_MESSAGES/django.po"
    return {entry.msgid for entry in polib.pofile(path) if entry.msgstr}


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [
        msgid
        for msgid, msgstr in catalogue().items()
        if msgstr and sorted(map(str, FORMAT.findall(msgid))) != sorted(map(str, FORMAT.findall(msgstr)))
    ]
    assert wrong == []


def test_chinese_uses_full_width_punctuation() -> None:
    half = re.compile(r"[\u4e00-\u9fff][,;:?!](?!//)|[\u4e00-\u9fff]\(|\)[\u4e00-\u9fff]")
    wrong = [text for text in catalogue().values() if half.search(text)]
    assert wrong == []


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "services", "managers"])
def test_no_junk_drawers(word: str) -> None:
    assert [str(p.relative_to(tree.ROOT)) for p in tree.HOUSE.glob(f"**/{word}.py")] == []


def test_terms_are_the_companys_choice() -> None:
    assert catalogues.in_terms("顾客特殊要求清单", ("客户", "特定")) == "客户特定要求清单"


def spoken() -> list[tuple[str, str]]:
    """What stands outside the catalogue and is read all the same: data in two languages, the documentation."""
    python = [text for path, module in tree.modules() for text in _literals(module)]
    data = [path.read_text() for path in (*tree.HOUSE.glob("*/library/*.yaml"), *tree.HOUSE.glob("*/demo/*.yaml"))]
    chinese = [text for text in python + data if re.search(r"[\u4e00-\u9fff]", text)]
    assert len(chinese) > 300
    return [("", re.sub(r"#.*", "", text)) for text in chinese]


def _literals(module: ast.Module) -> list[str]:
    return [node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_words_to_avoid_do_not_occur() -> None:
    """`docs/dictionary.md` lists words to avoid in backquotes, in the last column of its table."""
    rows = [line.split("|") for line in (tree.ROOT / "docs" / "dictionary.md").read_text().splitlines() if "|" in line]
    avoid = {word for row in rows if len(row) > 4 for word in re.findall(r"`([^`]+)`", row[4])}
    assert avoid, "the dictionary names words to avoid"
    said = [*catalogue().items(), *spoken()]
    wrong = []
    for word in sorted(avoid):
        is_latin = all(letter in string.ascii_letters + " " for letter in word)
        for english, chinese in said:
            text = english if is_latin else chinese
            if re.search(rf"\b{re.escape(word)}\b" if is_latin else re.escape(word), text, re.I):
                wrong.append(f"{word}: {text}")
    assert wrong == []
