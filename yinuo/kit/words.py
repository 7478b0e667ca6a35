"""Sentences in both languages, for what is stored now and read later by somebody else."""

from typing import Any

from django.utils import translation
from django.utils.functional import Promise, lazy


def both(sentence: "str | Promise") -> tuple[str, str]:
    """A lazy sentence as (Chinese, English)."""
    with translation.override("zh-hans"):
        zh = str(sentence)
    with translation.override("en"):
        return zh, str(sentence)


def filled(sentence: "str | Promise", **facts: Any) -> Promise:
    """A lazy sentence with its facts (`%(name)s`), itself lazy: a plain `%` would settle the language at once."""
    later: Any = lazy(lambda: str(sentence) % facts, str)
    promise: Promise = later()
    return promise
