"""Hashes of passwords: argon2id, slow and large on purpose, so that whoever has the file guesses slowly."""

import secrets
import threading
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sensor_hub.adapters.passwords.rules import LONGEST_BYTES

AT_ONCE: Final = 2  # hashes a process computes at a time: a crowd at the door takes no more memory than this


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs. OWASP's least for argon2id is 19 MiB twice; ours is 32 MiB three times, one lane."""

    passes: int = 3
    memory_kib: int = 32 * 1024
    lanes: int = 1


class Passwords:
    """Makes and checks hashes; from any thread. A password is never trimmed; an é is the same however it was typed."""

    def __init__(self, cost: Cost | None = None) -> None:
        cost = cost or Cost()
        self._hasher = PasswordHasher(
            time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=cost.lanes, hash_len=32, salt_len=16
        )
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """Return what is kept of a password, with its salt and its cost."""
        with self._turns:
            return self._hasher.hash(_bytes_of(password))

    def is_right(self, password: str, kept: str | None) -> bool:
        """Whether a password is the one a hash was made of. None, where there is no account, takes as long, and is not.

        One that is too long to be anybody's is told off without being hashed.
        """
        given, nobodys = _bytes_of(password), self._nobodys  # made at the first question, whoever is asked for
        if len(given) > LONGEST_BYTES:
            return False
        with self._turns:
            try:
                return self._hasher.verify(nobodys if kept is None else kept, given) and kept is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made at another cost, and is to be made anew once its password is known."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_bytes(32))


def _bytes_of(password: str) -> bytes:
    """UTF-8 of the composed form; what a keyboard cannot send (half of a pair) becomes a question mark."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


__all__ = ["AT_ONCE", "Cost", "Passwords"]
