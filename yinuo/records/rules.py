"""What an entry's digest covers, how seals are chained, and which values are never written down."""

import hashlib
import hmac
import json
from typing import Any

SECRET_FIELDS = {"password", "pin", "token", "secret", "signing_pin"}
MASK = "•••"
CHAIN_START = "0" * 64


def masked(changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes with secret fields' values replaced, so that the trail tells that, never what."""
    return [
        {**change, "old": change["old"] and MASK, "new": change["new"] and MASK}
        if change["field"] in SECRET_FIELDS
        else change
        for change in changes
    ]


def digest(payload: dict[str, Any], *, key: bytes) -> str:
    """Keyed SHA-256 over the payload in canonical JSON."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def link(previous: str, entry_id: int, entry_digest: str) -> str:
    """The chain value of the seal over one entry."""
    return hashlib.sha256(f"{previous}:{entry_id}:{entry_digest}".encode()).hexdigest()
