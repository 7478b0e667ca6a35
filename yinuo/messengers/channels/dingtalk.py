"""DingTalk (钉钉) group robot: signed by time and secret in the address; 20 posts a minute, else ten silent."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import urlencode

from yinuo.kit import outgoing
from yinuo.messengers.channels import answers
from yinuo.messengers.definition import Outcome, Post

MOST = 18_000  # of 20,000 bytes for the whole post
GAP = 3.1
CROWDED = {130101: 600, 410100: 600, 90018: 60, 90030: 600}  # sent too fast
BUSY = frozenset({-1})


def post(*, address: str, secret: str, text: str, at: datetime) -> Post:
    """A text for the group; with a secret the address carries the moment in ms and its signature."""
    if secret:
        stamp = str(int(at.timestamp() * 1000))
        signed = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
        address += ("&" if "?" in address else "?") + urlencode(
            {"timestamp": stamp, "sign": base64.b64encode(signed).decode()}
        )
    return Post(address, answers.JSON, answers.body({"msgtype": "text", "text": {"content": text}}))


def outcome(answer: outgoing.Answer) -> Outcome:
    return answers.by_code(answer, code="errcode", message="errmsg", crowded=CROWDED, busy=BUSY)
