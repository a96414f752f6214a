"""What a publisher has sent on this connection and no hub has acknowledged yet: messages, and the numbers in each."""

from collections.abc import Collection, Iterable
from typing import Final

_FADES: Final = 0.9


class UnderWay:
    """Messages under way, each of one number or, joined, of several; its length is the number of messages.

    Times are moments of the monotonic clock: a host's clock that is set changes nothing here.
    slowest_s : how long acknowledgements have taken lately, at most; it fades with each that is faster.
    """

    def __init__(self) -> None:
        self._message_of: dict[int, int] = {}
        self._left: dict[int, set[int]] = {}
        self._joined: set[int] = set()
        self._sent_s: dict[int, float] = {}
        self.slowest_s = 0.0

    def __len__(self) -> int:
        return len(self._left)

    @property
    def n_seqs(self) -> int:
        """How many numbers are under way."""
        return len(self._message_of)

    def add(self, seqs: Collection[int], at_s: float) -> None:
        """Note a message of these numbers; it is known by the last of them."""
        last = max(seqs)
        self._left[last] = set(seqs)
        self._sent_s[last] = at_s
        self._message_of.update(dict.fromkeys(seqs, last))
        if len(seqs) > 1:
            self._joined.add(last)

    def acknowledge(self, seqs: Iterable[int], at_s: float) -> set[int]:
        """Let go of these; return what is left of joined messages of which a hub acknowledged only the last number.

        Those numbers are under way no more.
        """
        cut = set()
        self.slowest_s *= _FADES
        for seq in seqs:
            last = self._message_of.pop(seq, None)
            if last is None:
                continue
            self.slowest_s = max(self.slowest_s, at_s - self._sent_s[last])
            left = self._left[last]
            left.discard(seq)
            if not left:
                self._forget(last)
            elif seq == last and last in self._joined:
                cut.add(last)
        unknown: set[int] = set()
        for last in cut & self._left.keys():
            unknown |= self._left[last]
            self._forget(last)
        return unknown

    def sent_before(self, at_s: float) -> set[int]:
        """Return the numbers of messages sent at that moment or before."""
        return {seq for last, sent_s in self._sent_s.items() if sent_s <= at_s for seq in self._left[last]}

    def forget(self, seqs: Iterable[int]) -> None:
        """Wait no more for these."""
        for seq in seqs:
            last = self._message_of.pop(seq, None)
            if last is not None:
                self._left[last].discard(seq)
                if not self._left[last]:
                    self._forget(last)

    def _forget(self, last: int) -> None:
        for seq in self._left.pop(last):
            self._message_of.pop(seq, None)
        del self._sent_s[last]
        self._joined.discard(last)
