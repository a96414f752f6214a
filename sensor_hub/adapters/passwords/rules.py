"""What a password has to be: long, and none of those that are tried first. No digit or sign is asked for.

Source: NIST SP 800-63B (length before composition, a list of common ones). The words and the numbers are ours.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

SHORTEST: Final = 12  # characters
LONGEST_BYTES: Final = 1024  # in UTF-8: a hash of megabytes is somebody's attack
FEWEST_DIFFERENT: Final = 5  # characters that differ
LEFT_OVER: Final = 5  # letters or digits that have to remain without a common word, or without the name
_ORDERLY: Final = 0.75  # share of neighbours in an alphabet or a row of keys from which on it is a sequence

_WHOLE: Final = frozenset(
    {
        "1qaz2wsx3edc", "1q2w3e4r5t6y", "q1w2e3r4t5y6", "qazwsxedcrfv", "zaq12wsxcde3", "correcthorsebatterystaple",
        "letmeinplease", "thisisapassword", "whatisthepassword", "onetwothreefour", "trustno1trustno1", "tobeornottobe",
    }
)  # fmt: skip
_WORDS: Final = (
    "administrator", "admin", "sensorhub", "sensor", "passwords", "password", "passwort", "passphrase", "passwd",
    "kennwort", "motdepasse", "contrasena", "senha", "wachtwoord", "haslo", "letmein", "changeme", "welcome",
    "willkommen", "bienvenue", "iloveyou", "ichliebedich", "teamo", "secret", "geheim", "default", "master", "login",
    "hello", "hallo", "football", "baseball", "fussball", "sunshine", "princess", "superman", "batman", "dragon",
    "monkey", "shadow", "michael", "charlie", "qwertyuiop", "qwertzuiop", "azertyuiop", "qwerty", "qwertz", "azerty",
    "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "yxcvbnm", "whatever", "starwars", "freedom", "computer", "internet",
    "testtest", "test", "guest", "root", "user", "coach", "runner", "running", "achilles", "marathon",
)  # fmt: skip
_ROWS: Final = ("1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm")
_LOOKS_LIKE: Final = str.maketrans("013457@$!", "oieastasi")
_EDGES: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def problem_of(password: str, name: str) -> str | None:
    """Return why a password will not do for an account of that name, with the mend; None if it will.

    The password itself is in no answer.
    """
    composed = unicodedata.normalize("NFC", password)
    if len(composed) < SHORTEST:
        return f"the password has fewer than {SHORTEST} characters: take a longer one, such as four words"
    if len(composed.encode("utf-8", "replace")) > LONGEST_BYTES:
        return f"the password is longer than {LONGEST_BYTES} bytes: take a shorter one"
    folded = _folded(composed)
    if len(set(folded)) < FEWEST_DIFFERENT or _repeats(folded) or _is_sequence(folded):
        return "the password repeats itself, or runs along the keys: take another one, such as four words"
    if _is_common(folded):
        return "the password is among the first that are tried: take another one, such as four words"
    key = _letters(_folded(name))
    if len(key) >= 3 and len(_letters(folded).replace(key, "")) < LEFT_OVER and key in _letters(folded):
        return "the password is little more than the account's name: take another one, such as four words"
    return None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _letters(folded: str) -> str:
    return re.sub(r"[\W_]+", "", folded)


def _repeats(folded: str) -> bool:
    """Whether it is a short piece again and again, the last one perhaps cut off."""
    return any((folded[:n] * len(folded))[: len(folded)] == folded for n in range(1, min(4, len(folded)) + 1))


def _is_sequence(folded: str) -> bool:
    neighbours = {pair for row in _ROWS for pair in pairwise(row)}
    neighbours |= {(second, first) for first, second in neighbours}
    pairs = [*pairwise(folded)]
    orderly = sum(abs(ord(a) - ord(b)) <= 1 or (a, b) in neighbours for a, b in pairs)
    return bool(pairs) and orderly >= _ORDERLY * len(pairs)


def _is_common(folded: str) -> bool:
    if _letters(folded) in _WHOLE:
        return True
    core = _EDGES.sub("", folded).translate(_LOOKS_LIKE)
    rest = core
    for word in _WORDS:  # the longer of two that begin alike comes first
        rest = rest.replace(word, " ")
    return rest != core and len(_letters(rest)) < LEFT_OVER


__all__ = ["LONGEST_BYTES", "SHORTEST", "problem_of"]
