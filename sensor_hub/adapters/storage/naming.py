"""Which texts name somebody or a session: pseudonyms and ids as whole words. Pure; both stores use it."""

import re
from collections.abc import Iterable
from typing import Final

SID_GATEWAYS: Final = ("import", "exercise")  # gateways of their own for one session: import-SID…, exercise-SID


def named_in(names: Iterable[str]) -> re.Pattern[bytes] | None:
    """Return a pattern that finds any of the names as a word of its own, in bytes; None without a name."""
    words = sorted({re.escape(name.encode("utf-8", "replace")) for name in names if name}, key=len, reverse=True)
    if not words:
        return None
    return re.compile(rb"(?<![A-Za-z0-9])(?:" + b"|".join(words) + rb")(?![A-Za-z0-9])")


def names(pattern: re.Pattern[bytes] | None, *texts: str | bytes) -> bool:
    """Whether a text has one of a pattern's names in it."""
    if pattern is None:
        return False
    return any(pattern.search(t.encode("utf-8", "replace") if isinstance(t, str) else t) for t in texts)


def bears(gw: str, sid: str) -> bool:
    """Whether a gateway is one of a single session's own."""
    return any(gw == f"{way}-{sid}" or gw.startswith(f"{way}-{sid}-") for way in SID_GATEWAYS)
