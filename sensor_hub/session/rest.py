"""How a run ends: a long rest after its last step is no part of it."""

from collections import deque
from typing import Final

from sensor_hub.units import US_PER_S

LONGEST_REST_S: Final = 300.0  # ours: standing about for longer than this after the last step is not the run any more
MOST_UNKNOWN: Final = 0.1  # ours: the share of such a rest that may be unknown


class RestMarks:
    """Remembers, from the last step on, how much was recorded and unknown at each boundary of the session's clock."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, float, float]] = deque()  # UTC µs, s recorded, s unknown
        self.has_steps = False

    def mark(self, at_us: int, recorded_s: float, unknown_s: float) -> None:
        """Take the times at a boundary."""
        self._marks.append((at_us, recorded_s, unknown_s))

    def stepped(self, last_us: int) -> None:
        """There was a step: what was marked before it is of no use any more."""
        self.has_steps = True
        while len(self._marks) > 1 and self._marks[0][0] < last_us:
            self._marks.popleft()

    def end_of_run(self) -> tuple[int, float, float]:
        """Return UTC µs at which the run ended, with the seconds recorded and unknown until then.

        Only a rest that was heard is left out: of a sensor that fell silent nobody knows whether the runner went on.
        """
        first, newest = self._marks[0], self._marks[-1]
        rest_s = (newest[0] - first[0]) / US_PER_S
        is_rest = rest_s >= LONGEST_REST_S and newest[2] - first[2] <= MOST_UNKNOWN * rest_s
        return first if self.has_steps and is_rest else newest
