"""Whom a server could not reach, by the lines of its delivery report (RFC 3464)."""

import re

from yinuo.letters.definition import Undelivered
from yinuo.letters.readers import headers

LINE = re.compile(r"^([A-Za-z-]{3,40}):[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
ADDRESS = re.compile(r"[^\s<>;,\"()]{1,64}@[^\s<>;,\"()]{1,250}")
MOST = 100


def undelivered(said: str) -> list[Undelivered]:
    """The addresses that a report calls failed, with what the server in front of them said."""
    found = []
    for block in re.split(r"\n[ \t]*\n", said.replace("\r\n", "\n"))[: MOST * 2]:
        lines = {name.lower(): " ".join(value.split()) for name, value in LINE.findall(block)}
        if lines.get("action", "").lower() != "failed":
            continue
        who = [lines.get("original-recipient", ""), lines.get("final-recipient", "")]
        addresses = [each for line in who for each in ADDRESS.findall(line)]
        reason = lines.get("diagnostic-code", "").partition(";")[2].strip() or lines.get("diagnostic-code", "")
        words = headers.words(reason.encode()) or lines.get("status", "")
        found += [Undelivered(each, words[:500]) for each in dict.fromkeys(addresses)]
    return found[:MOST]
