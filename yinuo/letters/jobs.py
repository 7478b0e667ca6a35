"""The clock's visits: spoken words that were to be confirmed in writing by now; mailboxes to be looked at; mails to be
sent, and copies of them to be filed; reports of progress to be drafted."""

import logging
import time
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from yinuo.kit import actors, jobs, outgoing, vault
from yinuo.letters import models, queries
from yinuo.letters.actions import incoming, posting, progress, senders
from yinuo.letters.channels import imap, writing
from yinuo.letters.intake import polling
from yinuo.notify.channels import smtp

log = logging.getLogger(__name__)
VISIT = 30.0  # seconds one visit may take before it asks for another
Reached = models.Recipient.State


@jobs.every(60, "letters.unconfirmed")
def unconfirmed() -> None:
    """Tell who recorded spoken words that their written confirmation is overdue."""
    incoming.tell_unconfirmed(by=actors.PROGRAM, now=timezone.now())


@jobs.job("letters.read_mailboxes", outside=True)
def read_mailboxes() -> None:
    """Take in what is new in the mailboxes whose time it is."""
    if polling.look_at_due(timezone.now()):
        jobs.soon("letters.read_mailboxes", within=1)


@jobs.every(1, "letters.look_at_mailboxes")
def look_at_mailboxes() -> None:
    """Ask for a look where it is time for one."""
    if queries.mailboxes_due(timezone.now()).exists():
        jobs.soon("letters.read_mailboxes", within=1)


@jobs.every(60, "letters.progress")
def draft_progress() -> None:
    """Draft the reports of progress that are due."""
    progress.draft_due(now=timezone.now())


# Sending --------------------------------------------------------------------------------------------------------------


@jobs.every(1, "letters.look_for_letters")
def look_for_letters() -> None:
    """Ask for the poster when a mail or a copy is due: what failed before, or whose sender died."""
    now = timezone.now()
    if queries.next_dispatch(now) or queries.next_copy(now):
        jobs.soon("letters.post", within=1)


@jobs.job("letters.post", outside=True)
def post() -> None:
    """Send the mails that are due, one after the other, then file their copies."""
    began = time.monotonic()
    while dispatch := queries.next_dispatch(timezone.now()):
        if posting.claim(dispatch=dispatch, by=actors.PROGRAM, now=timezone.now()):
            deliver(dispatch)
        if time.monotonic() - began > VISIT:
            jobs.soon("letters.post", within=1)
            return
    while dispatch := queries.next_copy(timezone.now()):
        file_copy(dispatch)
        if time.monotonic() - began > VISIT:
            jobs.soon("letters.post", within=1)
            return


def deliver(dispatch: models.Dispatch, timeout: float = smtp.TIMEOUT) -> None:
    """Hand a claimed mail to its server and note what came of it."""
    try:
        content = written(dispatch)
    except (ValueError, LookupError, OSError) as error:
        words = _("The mail cannot be put together: %(words)s") % {"words": error}
        posting.not_now(dispatch=dispatch, by=actors.PROGRAM, words=words, now=timezone.now(), for_good=True)
        return
    try:
        said = _hand_over(dispatch, content, timeout)
    except smtp.Unknown as silence:
        posting.unsure(dispatch=dispatch, by=actors.PROGRAM, words=silence.words, now=timezone.now())
    except smtp.Refused as refused:  # the sender's address: no recipient's matter
        _trouble(dispatch, refused.words, for_good=True)
    except smtp.NotSent as away:
        _trouble(dispatch, polling.why(away, away.words))
    except vault.Unreadable:
        _trouble(dispatch, _("The password can no longer be read. Please enter it anew."))
    except (outgoing.CannotAsk, outgoing.Away) as guarded:
        _trouble(dispatch, polling.why(guarded, str(guarded)))
    else:
        senders.well(sender=dispatch.sender, now=timezone.now())
        posting.outcome(dispatch=dispatch, by=actors.PROGRAM, said=said, content=content, now=timezone.now())


def _hand_over(dispatch: models.Dispatch, content: bytes, timeout: float) -> dict[str, tuple[str, str]]:
    it = dispatch.sender
    server = smtp.Server(
        way=it.way, host=it.host, port=it.port, user=it.user, password=vault.unseal(it.secret),
        at=outgoing.reach(it.host, it.port),
    )  # fmt: skip
    waiting = [each.address for each in dispatch.recipients.order_by("pk") if each.state == Reached.WAITING]

    def handing_over(addresses: list[str]) -> None:
        posting.handing_over(dispatch=dispatch, by=actors.PROGRAM, addresses=addresses, now=timezone.now())

    said = smtp.send_to(server, it.mailbox.address, waiting, content, handing_over=handing_over, timeout=timeout)
    return {address: _meaning(kept_out) for address, kept_out in said.items()}


def _meaning(kept_out: smtp.NotSent | None) -> tuple[str, str]:
    if kept_out is None:
        return Reached.TAKEN, ""
    return (Reached.REFUSED if isinstance(kept_out, smtp.Refused) else Reached.WAITING), kept_out.words


def _trouble(dispatch: models.Dispatch, words: str, *, for_good: bool = False) -> None:
    senders.trouble(sender=dispatch.sender, words=words)
    posting.not_now(dispatch=dispatch, by=actors.PROGRAM, words=words, now=timezone.now(), for_good=for_good)


def written(dispatch: models.Dispatch) -> bytes:
    """The mail as bytes. All recipients stand in it, also those whom an earlier try reached."""
    letter, people = dispatch.letter, list(dispatch.recipients.select_related("contact").order_by("pk"))
    kinds = models.Recipient.Kind
    files = queries.attachments_by_key(dispatch.files)
    said = writing.Written(
        sender=(dispatch.sender.name, dispatch.sender.mailbox.address),
        to=[(each.name, each.address) for each in people if each.kind == kinds.TO],
        cc=[(each.name, each.address) for each in people if each.kind == kinds.CC],
        heading=dispatch.heading,
        text=letter.text,
        language=next((each.contact.language for each in people), "zh"),
        header_id=dispatch.header_id,
        at=timezone.localtime(_moment(dispatch)),
        token=queries.token_of(letter.thread),
        answers=dispatch.answers,
        references=dispatch.references.split(),
        files=[writing.Enclosed(each.name, each.blob.media_type, each.blob.path.read_bytes()) for each in files],
    )
    return writing.mail_of(said)


def _moment(dispatch: models.Dispatch) -> datetime:
    return dispatch.sent_at or timezone.now()


def file_copy(dispatch: models.Dispatch) -> None:
    """Put a copy of what left into the mailbox's folder for it."""
    it, box = dispatch.sender, dispatch.sender.mailbox
    sent = queries.sent_copy(dispatch)
    words = ""
    try:
        if sent is not None:
            server = imap.Server(
                way=box.way, host=box.host, port=box.port, user=box.user, password=vault.unseal(box.secret),
                folder=it.sent_folder,
            )  # fmt: skip
            content = sent.blob.path.read_bytes()
            imap.file_copy(server, dispatch.header_id, content, dispatch.sent_at or timezone.now())
    except (imap.Away, OSError) as error:
        words = polling.why(error, str(error))
    except vault.Unreadable:
        words = _("The password can no longer be read. Please enter it anew.")
    senders.copy_trouble(sender=it, words=words)
    posting.copied(dispatch=dispatch, by=actors.PROGRAM, words=words, now=timezone.now())
