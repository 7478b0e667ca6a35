"""What must be kept and given again to another server (passwords, addresses with a key in them), sealed at rest.

Sealed with a key derived from the installation's secret: a copy of the database alone tells nothing. Changing the
secret makes what was sealed unreadable; it must then be entered anew.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(Exception):
    """It was sealed under another installation's secret, or damaged."""


def seal(text: str) -> str:
    """The text sealed, as ASCII; nothing stays nothing."""
    return _key().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text again. Raises `Unreadable`."""
    if not sealed:
        return ""
    try:
        return _key().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _key() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"vault:" + settings.SECRET_KEY.encode()).digest()))
