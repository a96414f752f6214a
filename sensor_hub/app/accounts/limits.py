"""How often somebody may fail to sign in: a wait that grows with every failure, of a name and of a peer.

Nobody is locked out for good, and no stranger can lock anybody out: a name that is being guessed lets in a peer that
has not failed of late at its first try. So whoever guesses from n addresses has n tries more every quarter of an hour:
against twelve characters that is nothing. A peer that fails with many names waits with all of them.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry.sign_in_tries import Counted, Tries

NAME_FREE: Final = 5  # failures of a name before it waits; ours
PEER_FREE: Final = 20  # of a peer: many people may sit behind one address; ours
QUIET: Final = timedelta(minutes=15)  # without a failure and without a wait, after which nothing is counted; ours
LONGEST_S: Final = 900.0
_CLOCKS_APART: Final = timedelta(minutes=1)  # of several hubs


def wait_s(n: int, free: int) -> float:
    """Return how long to wait after the n-th failure, s: nothing, then 1, 2, 4 … up to ``LONGEST_S``."""
    return 0.0 if n < free else min(2.0 ** min(n - free, 20), LONGEST_S)


def current(tries: Tries | None, now_utc: datetime) -> Tries | None:
    """Return what still counts; None after a quiet time, and of a time that has not come: the clock was set back."""
    if tries is None or tries.last_utc > now_utc + _CLOCKS_APART:
        return None
    return None if now_utc >= tries.until_utc + QUIET else tries


def held_s(name: Tries | None, peer: Tries | None, now_utc: datetime) -> float:
    """Return how long a name and a peer have to wait before they may try, s; 0 if they may now."""
    told = [peer] if peer is None else [name, peer]  # a peer that has not failed is not held by what others did
    return max(((tries.until_utc - now_utc).total_seconds() for tries in told if tries is not None), default=0.0)


def failed(tries: Tries | None, free: int, now_utc: datetime) -> Tries:
    """Return what counts after one more failure."""
    n = 1 if tries is None else tries.n + 1
    return Tries(n, now_utc, now_utc + timedelta(seconds=wait_s(n, free)))


def taken_back(tries: Tries | None, free: int) -> Tries | None:
    """Return what counts without one failure that was none after all."""
    if tries is None or tries.n <= 1:
        return None
    return Tries(tries.n - 1, tries.last_utc, tries.last_utc + timedelta(seconds=wait_s(tries.n - 1, free)))


def peer_of(address: str) -> str:
    """Return who an address is to a limit: itself, of IPv6 its network of 64 bits, which one machine has for itself."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "no address"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        if not parsed.is_loopback:
            return str(ipaddress.ip_network((int(parsed), 64), strict=False))
    return str(parsed)


def subject_of(kind: str, who: str) -> str:
    """Return the digest under which failures of a name or a peer are counted: who mistypes may put a password there."""
    return hashlib.sha256(f"{kind}\0{who}".encode("utf-8", "replace")).hexdigest()


__all__ = [
    "LONGEST_S", "NAME_FREE", "PEER_FREE", "QUIET", "Counted", "current", "failed", "held_s", "peer_of", "subject_of",
    "taken_back", "wait_s",
]  # fmt: skip
