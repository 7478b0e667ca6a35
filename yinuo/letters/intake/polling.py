"""Looking into mailboxes: what is new comes in, each mail with its mark of how far was read in one transaction.

So nothing is lost and nothing comes twice, wherever the server, the network or a worker breaks off.
"""

import logging
import socket
import ssl
import time
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import actors, vault
from yinuo.letters import models, queries
from yinuo.letters.actions import mailboxes
from yinuo.letters.channels import imap
from yinuo.letters.intake import receiving

log = logging.getLogger(__name__)
VISIT = 40.0  # seconds one look may take before others have their turn


def look_at_due(now: datetime) -> bool:
    """Look at every mailbox whose time it is; returns whether more waits in one."""
    is_more = False
    for mailbox in list(queries.mailboxes_due(now)[:100]):
        if mailboxes.claim(mailbox=mailbox, now=now):
            is_more = look_at(mailbox) or is_more
    return is_more


def look_at(mailbox: models.Mailbox, timeout: float = imap.TIMEOUT) -> bool:
    """Take in what is new in one mailbox; returns whether more waits. Trouble stands on the mailbox."""
    try:
        has_more = _read(mailbox, timeout)
    except vault.Unreadable:
        words = _("The password can no longer be read. Please enter it anew.")
        mailboxes.trouble(mailbox=mailbox, words=words, now=timezone.now())
    except imap.NotLetIn as error:
        words = _("The server refuses name or password: %(words)s") % {"words": error.words}
        mailboxes.trouble(mailbox=mailbox, words=words, now=timezone.now())
    except imap.Away as error:
        mailboxes.trouble(mailbox=mailbox, words=why(error, error.words), now=timezone.now())
    except Exception as error:
        log.exception("mailbox %s could not be read", mailbox.pk)
        mailboxes.trouble(mailbox=mailbox, words=f"{type(error).__name__}: {error}", now=timezone.now())
    else:
        mailboxes.well(mailbox=mailbox, has_more=has_more, now=timezone.now())
        return has_more
    return False


def why(error: Exception, words: str) -> str:
    """What is the matter, in words of ours where it is one of the usual things; the system's own words beside them."""
    usual: list[tuple[type[Exception], str]] = [
        (ssl.SSLCertVerificationError, _("The server's certificate does not hold.")),
        (socket.gaierror, _("No server has this name. Please check it.")),
        (ConnectionRefusedError, _("The server takes no connection on this port. Please check both.")),
        (TimeoutError, _("The server does not answer in time.")),
    ]
    said = next((words for kind, words in usual if isinstance(error.__cause__, kind)), "")
    return f"{said} {words}" if said else words


def _read(mailbox: models.Mailbox, timeout: float) -> bool:
    began = time.monotonic()
    server = imap.Server(
        way=mailbox.way, host=mailbox.host, port=mailbox.port, user=mailbox.user,
        password=vault.unseal(mailbox.secret), folder=mailbox.folder,
    )  # fmt: skip
    with imap.opened(server, timeout) as folder:
        # Another validity: the server counts anew, so everything is looked at again; what is known comes in once.
        after = mailbox.uid_last if folder.validity == mailbox.uid_validity else 0
        for number in folder.numbers(after=after, since=mailbox.since_on):
            if time.monotonic() - began > VISIT:
                return True
            came = folder.fetch(number)
            with transaction.atomic():
                if came is not None and came.content:
                    receiving.receive(
                        came.content,
                        arrived_at=came.arrived_at,
                        is_cut=came.is_cut,
                        mailbox=mailbox,
                        by=actors.PROGRAM,
                        now=timezone.now(),
                    )
                mailboxes.read_up_to(mailbox=mailbox, validity=folder.validity, number=number)
    return False
