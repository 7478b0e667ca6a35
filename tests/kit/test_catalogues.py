"""The Chinese catalogue: parts merged, clashes found, the company's words put in, compiled without GNU gettext."""

import gettext
from pathlib import Path

import polib
import pytest

from yinuo.kit import catalogues

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def part(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.po").write_text(HEAD + text, encoding="utf-8")


def test_parts_become_one_catalogue(tmp_path: Path) -> None:
    part(tmp_path, "cases", 'msgid "Request"\nmsgstr "顾客要求"\n')
    part(tmp_path, "org", 'msgid "Site"\nmsgstr "工厂"\n\nmsgid "Request"\nmsgstr "顾客要求"\n')
    assert {entry.msgid: entry.msgstr for entry in catalogues.merged(tmp_path)} == {
        "Request": "顾客要求",
        "Site": "工厂",
    }


def test_one_sentence_has_one_translation(tmp_path: Path) -> None:
    part(tmp_path, "cases", 'msgid "Close"\nmsgstr "关闭"\n')
    part(tmp_path, "org", 'msgid "Close"\nmsgstr "办结"\n')
    with pytest.raises(catalogues.Clash, match="Close"):
        catalogues.merged(tmp_path)


def test_a_context_makes_a_sentence_another_one(tmp_path: Path) -> None:
    part(tmp_path, "cases", 'msgctxt "field"\nmsgid "close"\nmsgstr "关闭"\n')
    part(tmp_path, "org", 'msgctxt "value"\nmsgid "close"\nmsgstr "近"\n')
    assert len(catalogues.merged(tmp_path)) == 2


def test_the_companys_words_go_in_when_it_is_compiled(tmp_path: Path) -> None:
    part(
        tmp_path,
        "cases",
        'msgid "R"\nmsgstr "顾客特殊要求"\n\nmsgid "%(n)s r"\nmsgid_plural "%(n)s rs"\nmsgstr[0] "%(n)s 条顾客要求"\n',
    )
    target = tmp_path / "out" / "django.mo"
    assert catalogues.compile_to(tmp_path, target, ("客户", "特定")) == 2
    with target.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("R") == "客户特定要求"
    assert catalogue.ngettext("%(n)s r", "%(n)s rs", 5) == "%(n)s 条客户要求"
    assert polib.mofile(str(target)).metadata["Language"] == "zh_Hans"
