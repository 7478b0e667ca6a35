"""Documents of customers and standards, their editions and clauses; what people hold clauses to be.

Django looks for a room's tables here; other modules say `models.Edition`.
"""

from yinuo.sources.models.citing import (
    Citation,
    CitedKind,
    DocumentKey,
    Looked,
    LookedText,
    Obsolete,
    Reference,
    Withdrawn,
)
from yinuo.sources.models.documents import (
    Blocks,
    Clause,
    ClauseText,
    Correction,
    Document,
    DocumentKind,
    Draft,
    Edition,
    File,
    Language,
    Lineage,
    Standing,
    Way,
)
from yinuo.sources.models.judging import USUAL, Judgement, Mapping, Nature, Translation
from yinuo.sources.models.standards import Baseline, BaselineRow, Loading, Origin

__all__ = [
    "USUAL",
    "Baseline",
    "BaselineRow",
    "Blocks",
    "Citation",
    "CitedKind",
    "Clause",
    "ClauseText",
    "Correction",
    "Document",
    "DocumentKey",
    "DocumentKind",
    "Draft",
    "Edition",
    "File",
    "Judgement",
    "Language",
    "Lineage",
    "Loading",
    "Looked",
    "LookedText",
    "Mapping",
    "Nature",
    "Obsolete",
    "Origin",
    "Reference",
    "Standing",
    "Translation",
    "Way",
    "Withdrawn",
]
