"""Another program: JSON signed after Standard Webhooks, so that any library of it can verify who sent it and when.

The id stays the same whenever a post is repeated; a receiver that has seen it does nothing twice.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Any

from yinuo.kit import outgoing
from yinuo.messengers.channels import answers
from yinuo.messengers.definition import Outcome, Post, Verdict

GAP = 0.0
PREFIX = "whsec_"


def new_secret() -> str:
    """A secret for a new receiver, in the form that the libraries expect."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def is_secret(text: str) -> bool:
    """Whether it is a secret of that form, of 24 to 64 bytes."""
    try:
        return text.startswith(PREFIX) and 24 <= len(_key(text)) <= 64
    except binascii.Error:
        return False


def post(*, address: str, secret: str, key: str, payload: Any, at: datetime) -> Post:
    """One event: `payload` under the lasting id `key`, signed at this moment."""
    body, stamp = answers.body(payload), str(int(at.timestamp()))
    signed = hmac.new(_key(secret), f"{key}.{stamp}.".encode() + body, hashlib.sha256).digest()
    headers = {
        **answers.JSON,
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
    return Post(address, headers, body)


def outcome(answer: outgoing.Answer) -> Outcome:
    """Any 2xx is taken; 410 means that the receiver is gone for good."""
    if 200 <= answer.status < 300:
        return Outcome(Verdict.TAKEN)
    return answers.by_status(answer) or Outcome(Verdict.REFUSED, f"HTTP {answer.status}")


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
