"""A signed scan beside the draft it was signed from: what the reader of pictures may have misread, and what differs.

A number is never taken for misread, nor a word that turns the meaning: a person looks at each of these.
"""

import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from yinuo.sources.rules.comparing import Kind, Match, Said

MISREAD = 2  # so many signs in a row are misread now and then; a word that was put in or taken out is longer
SHARE = 0.05  # of a clause's signs
TURNING = frozenset("不非无未勿否免")


def may_be_misread(match: Match, old: Sequence[Said], new: Sequence[Said]) -> bool:
    """Whether nothing but single signs tells a reworded clause from its draft."""
    if match.kind is not Kind.REWORDED or match.values:
        return False
    before, after = _signs(old), _signs(new)
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    differing = [(before[a1:a2], after[b1:b2]) for tag, a1, a2, b1, b2 in opcodes if tag != "equal"]
    if any(max(len(out), len(come)) > MISREAD or TURNING & {*out, *come} for out, come in differing):
        return False
    return sum(max(len(out), len(come)) for out, come in differing) <= max(2, SHARE * len(after))


def _signs(clauses: Sequence[Said]) -> str:
    """Letters and digits only: stamps and lines over a scan are read as points and strokes."""
    said = unicodedata.normalize("NFKC", "".join(f"{each.title}{each.text}" for each in clauses)).lower()
    return "".join(sign for sign in said if sign.isalnum())
