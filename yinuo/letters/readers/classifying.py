"""What a mail is, by its own lines: somebody's request, or something a machine wrote."""

import re
from collections.abc import Sequence

from yinuo.letters import rules
from yinuo.letters.definition import Address, Circle, Kind
from yinuo.letters.readers import headers, quoting
from yinuo.letters.readers.parts import Part

MOST_HOPS = 30
DAEMON = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange[0-9a-f]*)@", re.IGNORECASE)
NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noresponse|notifications?|notify|system|auto|automailer|alert|robot|service"
    r"|portal|admin|srm|scm|edi)\b[^@]*@",
    re.IGNORECASE,
)
BOUNCED = re.compile(
    r"undeliver|delivery (?:status|failure|has failed|incomplete)|mail delivery (?:failed|system)|returned mail|"
    r"failure notice|could not be delivered|退信|无法送达|未送达|投递失败|发送失败|无法投递|unzustellbar|"
    r"nicht zugestellt",
    re.IGNORECASE,
)
AUTO_SUBJECT = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|autoreply|out of (?:the )?office|自动回复|"
    r"自动答复|自動回覆|"
    r"自動回復|休假自动回复|外出自动回复|abwesenheit|automatische antwort|réponse automatique)",
    re.IGNORECASE,
)
RECEIPT_SUBJECT = re.compile(r"^\s*(?:已读|已讀|read|gelesen|已读回执|阅读回执)\s*[:：]", re.IGNORECASE)
ENCRYPTED_TYPES = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
PGP_TEXT = "-----BEGIN PGP MESSAGE-----"


def kind(top: Part, subject: str, sender: Address, text: str, circle: Circle, actions: Sequence[str]) -> Kind:
    """What it is; `actions` are what a delivery report says happened to each recipient."""
    is_portal = rules.is_within(sender.domain, circle.portal_domains)
    if is_loop(top, sender, circle):
        return Kind.LOOP
    report = _report(top, subject, sender, actions)
    if report is not None:
        return report
    if is_auto_reply(top, subject) and not is_portal:
        return Kind.AUTO_REPLY
    if is_encrypted(top, text):
        return Kind.ENCRYPTED
    if any(part.media_type == "text/calendar" for part in top.walk()):
        return Kind.INVITATION
    if is_automatic(top, sender):
        return Kind.NOTICE
    marks = quoting.prefixes(subject)[0]
    answers = [mark for mark in marks[:1] if mark not in quoting.FORWARDS]
    if answers or (top.line("in-reply-to").strip() and not marks):
        return Kind.REPLY
    return Kind.REQUEST


def is_loop(top: Part, sender: Address, circle: Circle) -> bool:
    """What we sent ourselves comes back, or goes round between servers."""
    own = {each.lower() for each in circle.own_addresses}
    if sender.address.lower() in own:
        return True
    marked = {headers.line(value.decode("latin-1")).lower() for value in top.all("x-loop")}
    return bool(marked & own) or len(top.all("received")) > MOST_HOPS


def _report(top: Part, subject: str, sender: Address, actions: Sequence[str]) -> Kind | None:
    said = top.parameters.get("report-type", "").lower() if top.media_type == "multipart/report" else ""
    types = {part.media_type for part in top.walk()} if said or top.media_type.startswith("multipart") else set()
    if said == "disposition-notification" or (not said and "message/disposition-notification" in types):
        return Kind.READ_RECEIPT
    if said == "delivery-status" or (top.media_type == "multipart/report" and "message/delivery-status" in types):
        return Kind.DELIVERY_REPORT if actions and "failed" not in actions else Kind.BOUNCE
    if top.line("x-failed-recipients"):
        return Kind.BOUNCE
    if (DAEMON.match(sender.address) or top.line("return-path").strip() == b"<>") and BOUNCED.search(subject):
        return Kind.BOUNCE
    if RECEIPT_SUBJECT.match(subject) and _automatic_word(top):
        return Kind.READ_RECEIPT
    return None


def _automatic_word(top: Part) -> str:
    said = headers.line(top.line("auto-submitted").decode("latin-1")).lower().partition(";")[0].strip()
    return "" if said == "no" else said


def is_auto_reply(top: Part, subject: str) -> bool:
    """Somebody's program answers for them: away, received, thank you."""
    if _automatic_word(top).startswith(("auto-replied", "auto-notified")):
        return True
    if any(top.line(name) for name in ("x-autoreply", "x-autorespond", "x-auto-reply")):
        return True
    return AUTO_SUBJECT.search(subject) is not None


def is_automatic(top: Part, sender: Address) -> bool:
    """A system wrote it: a portal's notice, a mailing list."""
    if _automatic_word(top) or NO_REPLY.match(sender.address):
        return True
    precedence = headers.line(top.line("precedence").decode("latin-1")).lower()
    return precedence in ("bulk", "junk", "list", "auto_reply") or bool(top.line("list-id"))


def is_encrypted(top: Part, text: str) -> bool:
    """Nobody can read it without the recipient's key."""
    for part in top.walk():
        if part.media_type in ENCRYPTED_TYPES:
            return True
        if part.media_type in PKCS7 and part.parameters.get("smime-type", "enveloped-data").lower() != "signed-data":
            return True
    return text.lstrip().startswith(PGP_TEXT)


def is_signed(top: Part) -> bool:
    signatures = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
    for part in top.walk():
        if part.media_type in signatures or part.media_type == "multipart/signed":
            return True
        if part.media_type in PKCS7 and part.parameters.get("smime-type", "").lower() == "signed-data":
            return True
    return False
