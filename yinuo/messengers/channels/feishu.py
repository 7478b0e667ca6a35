"""Feishu (飞书) group robot: signed by time and secret in the body; 100 posts a minute and 5 a second, 20 KB."""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Any

from yinuo.kit import outgoing
from yinuo.messengers.channels import answers
from yinuo.messengers.definition import Outcome, Post

MOST = 18_000
GAP = 0.7
CROWDED = {11232: 60, 11247: 60}  # limits of the robot and of the company
BUSY = frozenset({11246, 1500})


def post(*, address: str, secret: str, text: str, at: datetime) -> Post:
    """A text for the group. Here the string of time and secret is the key, and nothing is what is signed."""
    value: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(int(at.timestamp()))
        signed = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
        value = {"timestamp": stamp, "sign": base64.b64encode(signed).decode(), **value}
    return Post(address, answers.JSON, answers.body(value))


def outcome(answer: outgoing.Answer) -> Outcome:
    return answers.by_code(answer, code="code", message="msg", crowded=CROWDED, busy=BUSY)
