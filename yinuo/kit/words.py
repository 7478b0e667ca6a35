"""Sentences in both languages, for what is stored now and read later by somebody else."""

from django.utils import translation
from django.utils.functional import Promise


def both(sentence: "str | Promise") -> tuple[str, str]:
    """A lazy sentence as (Chinese, English)."""
    with translation.override("zh-hans"):
        zh = str(sentence)
    with translation.override("en"):
        return zh, str(sentence)
