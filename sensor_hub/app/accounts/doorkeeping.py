"""The door: a try is counted before a password is looked at, and taken back when it was right.

So a thousand tries at once are counted as a thousand, in however many threads and hubs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from sensor_hub.adapters.registry.checks import key_of
from sensor_hub.adapters.registry.sign_in_tries import SignInTries
from sensor_hub.app.accounts.limits import (
    NAME_FREE,
    PEER_FREE,
    QUIET,
    Counted,
    current,
    failed,
    held_s,
    peer_of,
    subject_of,
    taken_back,
)
from sensor_hub.errors import SignInRefused

REFUSED: Final = "name and password do not fit together"
TOO_OFTEN: Final = "too many tries have failed: wait a little, then try again"


class Door:
    """Counts who fails; from any thread."""

    def __init__(self, tries: SignInTries, clock: Callable[[], datetime]) -> None:
        self._tries, self._clock = tries, clock

    @contextmanager
    def trying(self, name: str, peer: str) -> Iterator[Callable[[], None]]:
        """Give a function to call when the password was right; without that call the try has failed.

        Raises
        ------
        SignInRefused
            At once, if the name or the peer has to wait; at the end, with the wait that follows, if the try failed.
        """
        by_name, by_peer = subject_of("name", key_of(name)), subject_of("peer", peer_of(peer))
        subjects = by_name, by_peer
        now_utc = self._clock()
        following_s = 0.0
        right = False

        def count(counted: Counted) -> Counted:
            nonlocal following_s
            of_name, of_peer = (current(counted.get(subject), now_utc) for subject in subjects)
            held = held_s(of_name, of_peer, now_utc)
            if held > 0:
                raise SignInRefused(TOO_OFTEN, held)
            of_name, of_peer = failed(of_name, NAME_FREE, now_utc), failed(of_peer, PEER_FREE, now_utc)
            following_s = held_s(of_name, of_peer, now_utc)
            return {by_name: of_name, by_peer: of_peer}

        def it_was_right() -> None:
            nonlocal right
            right = True
            self._tries.change(subjects, lambda counted: {
                by_name: None,
                by_peer: taken_back(current(counted.get(by_peer), now_utc), PEER_FREE),
            })  # fmt: skip

        self._tries.change(subjects, count, forget_before_utc=now_utc - QUIET)
        yield it_was_right
        if not right:
            raise SignInRefused(REFUSED, following_s)


__all__ = ["REFUSED", "TOO_OFTEN", "Door"]
