"""Whose messages no hub answers: they step back, so that they hold up nobody else's.

A broker may refuse what a gateway says of one athlete and take it of another, and MQTT 3.1.1 has no word for it. So
what counts is the hub's answer: who was sent often enough without one is tried with a single message now and then, and
everything goes again as soon as one of theirs is answered.
"""

from collections.abc import Iterable
from typing import Final

_MOST_TRIES: Final = 3
_LONGEST_PAUSE_S: Final = 30.0


def about(topic: str) -> str:
    """Return whom a topic is about, by pseudonym; the topic itself where it is about nobody."""
    return topic.partition("/ath/")[2].partition("/")[0] or topic


class InVain:
    """Who is sent in vain, and the numbers of theirs that wait for it; moments are of the monotonic clock."""

    def __init__(self) -> None:
        self._whose: dict[int, str] = {}
        self._n_tries: dict[str, int] = {}
        self._waiting: dict[str, set[int]] = {}
        self._pause_s: dict[str, float] = {}
        self._again_s: dict[str, float] = {}
        self._probe: int | None = None

    def note(self, seqs: Iterable[int], topic: str) -> None:
        """Remember whom numbers that are sent are about."""
        self._whose.update(dict.fromkeys(seqs, about(topic)))

    def holds(self, seq: int, topic: str) -> bool:
        """Whether this one has to wait, because nobody answers what is said of whom it is about."""
        return bool(self._again_s) and seq != self._probe and about(topic) in self._again_s

    def wait(self, seq: int, topic: str) -> None:
        """Let one wait that has to."""
        self._waiting[about(topic)].add(seq)

    def unanswered(self, seqs: Iterable[int], now_s: float, pause_s: float) -> set[str]:
        """Note that these were sent without an answer; return who steps back for it now. ``pause_s`` : at first."""
        whose = {self._whose[seq] for seq in seqs if seq in self._whose}
        new = set()
        for who in whose:
            self._n_tries[who] = self._n_tries.get(who, 0) + 1
            if who in self._again_s:
                self._pause_s[who] = min(2 * self._pause_s[who], _LONGEST_PAUSE_S)
            elif self._n_tries[who] >= _MOST_TRIES:
                new.add(who)
                self._waiting[who], self._pause_s[who] = set(), min(pause_s, _LONGEST_PAUSE_S)
            else:
                continue
            self._again_s[who] = now_s + self._pause_s[who]
        return new

    def answered(self, seqs: Iterable[int]) -> set[int]:
        """Note that a hub answered these; return what waited for that and can go now."""
        free: set[int] = set()
        for who in {self._whose.pop(seq) for seq in seqs if seq in self._whose}:
            self._n_tries.pop(who, None)
            self._again_s.pop(who, None)
            self._pause_s.pop(who, None)
            free |= self._waiting.pop(who, set())
        return free

    def due(self, now_s: float) -> int | None:
        """Return the oldest number of who has waited longest and is to be tried again; None if nobody is."""
        over = [who for who, again_s in self._again_s.items() if again_s <= now_s and self._waiting[who]]
        if not over:
            return None
        who = min(over, key=lambda one: self._again_s[one])
        self._again_s[who] = now_s + self._pause_s[who]
        self._probe = min(self._waiting[who])
        self._waiting[who].discard(self._probe)
        return self._probe

    def begin_anew(self) -> None:
        """Forget the numbers, which all count as unsent on a new connection; who has stepped back stays so."""
        self._whose.clear()
        self._probe = None
        for waiting in self._waiting.values():
            waiting.clear()


__all__ = ["InVain", "about"]
