"""WeCom (企业微信) group robot: the key in the address is all there is; 20 posts a minute, 2,048 bytes of text."""

from datetime import datetime

from yinuo.kit import outgoing
from yinuo.messengers.channels import answers
from yinuo.messengers.definition import Outcome, Post

MOST = 2048
GAP = 3.1  # seconds between two posts
CROWDED = {45009: 60, 45033: 60}  # called too often; too many calls at once
BUSY = frozenset({-1})


def post(*, address: str, secret: str, text: str, at: datetime) -> Post:
    """A text for the group. The robot knows no signature, so `secret` and `at` are not used."""
    return Post(address, answers.JSON, answers.body({"msgtype": "text", "text": {"content": text}}))


def outcome(answer: outgoing.Answer) -> Outcome:
    return answers.by_code(answer, code="errcode", message="errmsg", crowded=CROWDED, busy=BUSY)
