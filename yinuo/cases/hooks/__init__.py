"""What cases plug into the rooms below: effects and facts of procedure steps, people, form fields, events, search."""

from yinuo.cases.hooks import changing as _changing  # noqa: F401  plugs
from yinuo.cases.hooks import effects, facts, fields, findings, in_hand, listening, mails, publishing, showing, together
from yinuo.cases.hooks import items as _items  # noqa: F401  plugs
from yinuo.cases.hooks import ledgers as _ledgers  # noqa: F401  plugs
from yinuo.cases.hooks import saying as _saying  # noqa: F401  plugs
from yinuo.cases.hooks import texts as _texts  # noqa: F401  plugs
from yinuo.cases.hooks import undoing as _undoing  # noqa: F401  plugs

__all__ = [
    "effects",
    "facts",
    "fields",
    "findings",
    "in_hand",
    "listening",
    "mails",
    "publishing",
    "showing",
    "together",
]
