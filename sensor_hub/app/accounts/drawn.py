"""Secrets: drawn at random, told once, kept as digests.

A secret begins with the id of what it opens, so that it is found by something that is no secret, and compared in
constant time. A digest without salt or cost is enough for 256 random bits, which nobody guesses; for passwords it would
not be.
"""

import hashlib
import hmac
import re
import secrets
from typing import Final

TOKEN_PREFIX: Final = "shub_"  # noqa: S105 (it says what a token is: scanners for leaked secrets look for such)
SECRET_BYTES: Final = 32
_WORDS: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 that nobody mixes up when reading one aloud
_SECRET: Final = re.compile(r"([a-z2-7]{8})([A-Za-z0-9_-]{43})")


def draw() -> str:
    """Return 256 random bits as 43 characters that need no escaping in a header or a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest_of(drawn: str) -> str:
    """Return what is kept of a secret that was drawn."""
    return hashlib.sha256(drawn.encode("utf-8", "replace")).hexdigest()


def parts_of(secret: str, prefix: str = "") -> tuple[str, str] | None:
    """Return (id, what was drawn) of a secret that somebody sent; None if it cannot be one."""
    found = _SECRET.fullmatch(secret, len(prefix)) if secret.startswith(prefix) else None
    return None if found is None else (found[1], found[2])


def is_same(drawn: str, digest: str) -> bool:
    """Whether a digest is that of what was drawn, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(digest_of(drawn), digest)


def draw_password() -> str:
    """Return a password of 100 random bits, in four groups to be read aloud or typed."""
    return "-".join("".join(secrets.choice(_WORDS) for _ in range(5)) for _ in range(4))


__all__ = ["TOKEN_PREFIX", "digest_of", "draw", "draw_password", "is_same", "parts_of"]
