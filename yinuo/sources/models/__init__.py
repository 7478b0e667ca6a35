"""Documents of customers and standards, their editions and clauses; what people hold clauses to be.

Django looks for a room's tables here; other modules say `models.Edition`.
"""

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
from yinuo.sources.models.judging import Judgement, Mapping, Nature, Translation

__all__ = [
    "Blocks",
    "Clause",
    "ClauseText",
    "Correction",
    "Document",
    "DocumentKind",
    "Draft",
    "Edition",
    "File",
    "Judgement",
    "Language",
    "Lineage",
    "Mapping",
    "Nature",
    "Standing",
    "Translation",
    "Way",
]
