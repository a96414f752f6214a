"""Passwords: what one has to be, and the hash that is kept of it (argon2-cffi)."""

from sensor_hub.adapters.passwords.hashing import Cost, Passwords
from sensor_hub.adapters.passwords.rules import LONGEST_BYTES, SHORTEST, problem_of

__all__ = ["LONGEST_BYTES", "SHORTEST", "Cost", "Passwords", "problem_of"]
