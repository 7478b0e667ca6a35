"""Mail that the room of letters took in and nobody talked about yet becomes a finding."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yinuo.cases.actions import mailed
from yinuo.kit import actors, plugs
from yinuo.letters import models as letters


def mail_came(
    *,
    mail: letters.Mail,
    files: Sequence[tuple[str, bytes]],
    answers: Sequence[letters.Mail],
    by: actors.Actor,
    now: datetime,
    **_more: Any,
) -> None:
    """A mail waits to be sorted."""
    mailed.report(mail=mail, files=files, answers=answers, by=by, now=now)


plugs.events.plug("letters.mail_came/cases", mail_came, zh="来信转待分拣", en="Mail goes to be sorted")
