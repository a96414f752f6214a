"""Passwords as mosquitto keeps them: ``$7$ITERATIONS$SALT$HASH``, PBKDF2 with SHA-512, salt and hash in base64.

Source: mosquitto's ``password_mosq.c``; a real mosquitto takes what is made here (tested).
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import Final

from sensor_hub.errors import BrokerError

# ours: ten milliseconds or so a connection. Drawn passwords have 192 bits, which no number of rounds has to protect.
ROUNDS: Final = 20_000
SALT_BYTES: Final = 12
HASH_BYTES: Final = 64
SHORTEST: Final = 16
_MOST_ROUNDS: Final = 10_000_000


def draw_password() -> str:
    """Return a new password: 192 bits, letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(24)


def checked_password(password: str) -> str:
    """Return a password somebody chose; BrokerError if it is short or cannot be typed into a client's settings."""
    if len(password) < SHORTEST:
        raise BrokerError(f"a password at the broker has {SHORTEST} characters at least: draw one, as is done unasked")
    if not password.isprintable():
        raise BrokerError("a password at the broker has characters that can be shown, and no line end")
    return password


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    salt = secrets.token_bytes(SALT_BYTES)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, HASH_BYTES)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


def matches(password: str, kept: str) -> bool:
    """Whether this is the password of which ``kept`` is kept; what is kept in no form we know matches nothing."""
    try:
        empty, kind, rounds, salt, made = kept.split("$")
        n_rounds, wanted = int(rounds), base64.b64decode(made, validate=True)
        if (empty, kind) != ("", "7") or not 0 < n_rounds <= _MOST_ROUNDS or not wanted:
            return False
        salted = base64.b64decode(salt, validate=True)
    except (ValueError, binascii.Error):
        return False
    given = hashlib.pbkdf2_hmac("sha512", password.encode("utf-8", "replace"), salted, n_rounds, len(wanted))
    return hmac.compare_digest(given, wanted)


__all__ = ["checked_password", "draw_password", "hash_password", "matches"]
