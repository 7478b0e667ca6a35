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
from yinuo.sources.models.standards import Baseline, BaselineRow, Loading, Origin

__all__ = [
    "Baseline",
    "BaselineRow",
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
    "Loading",
    "Mapping",
    "Nature",
    "Origin",
    "Standing",
    "Translation",
    "Way",
]
