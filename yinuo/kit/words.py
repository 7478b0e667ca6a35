"""Sentences in both languages, for what is stored now and read later by somebody else."""

from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise, lazy


def both(sentence: "str | Promise") -> tuple[str, str]:
    """A lazy sentence as (Chinese, English)."""
    with translation.override("zh-hans"):
        zh = str(sentence)
    with translation.override("en"):
        return zh, str(sentence)


def _told(fact: Any) -> Any:
    return timezone.localtime(fact).strftime("%Y-%m-%d %H:%M") if isinstance(fact, datetime) else fact


def filled(sentence: "str | Promise", **facts: Any) -> Promise:
    """A lazy sentence with its facts (`%(name)s`), itself lazy: a plain `%` would settle the language at once.

    Moments among the facts are told by the reader's clock.
    """
    later: Any = lazy(lambda: str(sentence) % {name: _told(fact) for name, fact in facts.items()}, str)
    promise: Promise = later()
    return promise
