"""What an entry's digest covers, how seals are chained and checked, what a file may be called."""

import hashlib
import hmac
import json
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

SECRETS = {"password", "passwd", "pin", "token", "secret"}  # also as the last part of a name: `smtp_password`
RECORD_YEARS, WORKING_YEARS = 15, 3  # until the company sets its own
MASK = "•••"
CHAIN_START = "0" * 64

PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"}
NAME_BYTES = 250
UNKNOWN_TYPE = "application/octet-stream"

# Characters that turn the reading direction or cannot be seen: they make `gpj.exe` look like `exe.jpg`.
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_DAMAGED = re.compile("[\x00\ud800-\udfff]")


@lru_cache(1024)  # fields have few names, entries many fields
def is_secret(name: str) -> bool:
    """Whether a field of this name holds what nobody may read: `pin`, `api_token`, `smtpPassword`."""
    return re.sub("([A-Z])", r"_\1", name).lower().replace("-", "_").rpartition("_")[2] in SECRETS


def masked(value: Any) -> Any:
    """The JSON value with secrets in it replaced at any depth, so that the trail tells that, never what."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"field", "old", "new"} and is_secret(str(value["field"])):
        return {**value, "old": value["old"] and MASK, "new": value["new"] and MASK}
    return {key: (item and MASK) if is_secret(str(key)) else masked(item) for key, item in value.items()}


def keep_until(day: date, years: int | None) -> date | None:
    """The last day on which a file that came on a day must be kept; None: for good."""
    if years is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # the 29th of February
        return date(day.year + years, 3, 1)


def storable(value: Any) -> Any:
    """The JSON value as both databases give it back unchanged, so that a digest still fits after years.

    PostgreSQL rewrites floats and refuses NUL and half surrogates: floats become text, damaged characters U+FFFD.
    """
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, str):
        return _DAMAGED.sub("\ufffd", value)
    if isinstance(value, dict):
        return {storable(str(key)): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value


def digest(payload: dict[str, Any], *, key: bytes) -> str:
    """Keyed SHA-256 over the payload in canonical JSON."""
    text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def link(previous: str, number: int, entry_id: int, entry_digest: str, *, key: bytes) -> str:
    """The chain value of the seal over one entry: keyed, so that nobody beside the program can chain anew."""
    return hmac.new(key, f"{previous}:{number}:{entry_id}:{entry_digest}".encode(), hashlib.sha256).hexdigest()


def icon_of(media_type: str, name: str) -> str:
    """The icon beside a file: by what it is, and only where that says little by what it is called."""
    if media_type.startswith("image/"):
        return "photo"
    if media_type == "application/pdf":
        return "file-type-pdf"
    if media_type.startswith("video/"):
        return "video"
    by_ending = {
        "doc": "file-type-doc",
        "docx": "file-type-docx",
        "xls": "file-type-xls",
        "xlsx": "file-spreadsheet",
        "csv": "file-spreadsheet",
        "pptx": "presentation",
        "eml": "mail",
        "msg": "mail",
        "zip": "file-zip",
        "txt": "file-text",
    }
    return by_ending.get(name.rpartition(".")[2].lower(), "file")


def clean_name(name: str) -> str:
    """A file name as people and file systems can take it: no path, no control or direction characters.

    Long names are cut to `NAME_BYTES` bytes of UTF-8 (83 Chinese characters) before their ending; Chinese stays.
    """
    name = unicodedata.normalize("NFC", _DAMAGED.sub("", name)).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in _INVISIBLE.sub("", name) if unicodedata.category(c) not in ("Cc", "Zl", "Zp"))
    name = re.sub(r"^[\s.]+|[\s.]+$", "", re.sub(r'[<>:"|?*]', "_", name)) or "file"
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 16:
        stem, dot, ending = name, "", ""
    room = NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + dot + ending
