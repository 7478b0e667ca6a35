"""Talks with customers: threads, letters, the mails that came and go, the words they begin with.

Django looks for a room's tables here; other modules say `models.Thread`.
"""

from yinuo.letters.models.sending import Dispatch, Recipient, Sender
from yinuo.letters.models.talks import (
    Confirmation,
    Direction,
    DraftVersion,
    Letter,
    LetterState,
    Mail,
    Mailbox,
    MailKind,
    Purpose,
    Releaser,
    Thread,
    ThreadState,
    Way,
)
from yinuo.letters.models.wording import ProgressPlan, Template, TemplateEdition

__all__ = [
    "Confirmation",
    "Direction",
    "Dispatch",
    "DraftVersion",
    "Letter",
    "LetterState",
    "Mail",
    "MailKind",
    "Mailbox",
    "ProgressPlan",
    "Purpose",
    "Recipient",
    "Releaser",
    "Sender",
    "Template",
    "TemplateEdition",
    "Thread",
    "ThreadState",
    "Way",
]
