"""What cases plug into the rooms below: effects and facts of procedure steps, people, form fields, events, search."""

from yinuo.cases.hooks import effects, facts, fields, findings, in_hand, listening, publishing, showing, together

__all__ = ["effects", "facts", "fields", "findings", "in_hand", "listening", "publishing", "showing", "together"]
