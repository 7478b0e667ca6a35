"""Cases: the work of handling what a customer asks, its items with their wordings, plan, originals, feedback, lessons.

`scope` and `site` stand on every row that is shown by itself, so that one predicate (`person.visible`) answers.
Django looks for a room's tables here; other modules say `models.Case`.
"""

from yinuo.cases.models.assigning import Assignment
from yinuo.cases.models.case import Case
from yinuo.cases.models.closing import Feedback, FeedbackLink, Lesson
from yinuo.cases.models.convention import Convention, Counter
from yinuo.cases.models.finding import Finding
from yinuo.cases.models.handling import Measure, Sample
from yinuo.cases.models.items import Item, Wording
from yinuo.cases.models.joining import Link, Merge
from yinuo.cases.models.ledger import TakenOver
from yinuo.cases.models.words import (
    ANSWER_GROUPS,
    MUTUAL,
    RELATION_BACK,
    SPOKEN,
    STATE_GROUPS,
    VERDICT_GROUPS,
    Answer,
    Applies,
    Channel,
    Confirmation,
    FeedbackWay,
    Kind,
    Priority,
    Relation,
    State,
    Verdict,
)

__all__ = [
    "ANSWER_GROUPS",
    "MUTUAL",
    "RELATION_BACK",
    "SPOKEN",
    "STATE_GROUPS",
    "VERDICT_GROUPS",
    "Answer",
    "Applies",
    "Assignment",
    "Case",
    "Channel",
    "Confirmation",
    "Convention",
    "Counter",
    "Feedback",
    "FeedbackLink",
    "FeedbackWay",
    "Finding",
    "Item",
    "Kind",
    "Lesson",
    "Link",
    "Measure",
    "Merge",
    "Priority",
    "Relation",
    "Sample",
    "State",
    "TakenOver",
    "Verdict",
    "Wording",
]
