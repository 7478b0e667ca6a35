"""Keeping the index in step with what the rooms above know."""

from collections.abc import Iterable


def refresh(subject_type: str, ids: Iterable[int]) -> None:
    """Bring the index rows of these subjects up to date, in the caller's transaction.

    Asks the index source of the type what is to be found of them now; what it no longer names disappears.
    """
