"""The Chinese catalogue: parts merged, clashes found, the company's words put in, compiled without GNU gettext."""

import gettext
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import translation
from django.utils.translation import reloader

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


def test_what_is_compiled_counts_at_once_in_the_same_process(tmp_path: Path) -> None:
    """Set-up compiles and fills the demo company in one process: its words are stored in Chinese at the first start."""
    parts = tmp_path / "locale" / "parts"
    parts.mkdir(parents=True)
    part(parts, "kit", 'msgid "A word of ours"\nmsgstr "我们的词"\n')
    there = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
    try:
        with override_settings(BASE_DIR=tmp_path, LOCALE_PATHS=[tmp_path / "locale"]):
            reloader.translation_file_changed(sender=None, file_path=there)
            with translation.override("zh-hans"):
                assert translation.gettext("A word of ours") == "A word of ours"
            call_command("catalogues", verbosity=0)
            with translation.override("zh-hans"):
                assert translation.gettext("A word of ours") == "我们的词"
    finally:
        reloader.translation_file_changed(sender=None, file_path=there)
