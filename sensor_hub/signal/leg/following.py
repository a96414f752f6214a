"""Which of a leg's newest samples may decide a contact: followed one by one, so that the search is seldom asked.

Each condition here is necessary for what the search (``events``) finds, and none is sufficient: the search has the last
word, and says afterwards what is waited for next.
"""

import numpy as np

from sensor_hub.signal.leg.events import LATE_SWING, LATEST_CERTAIN_S, LONGEST_CONTACT_S, Features
from sensor_hub.signal.leg.swings import LEVEL_RADPS, QUIET_S, SHORTEST_SWING_S


class Following:
    """What is open at the newest sample: a phase of forward turning that has not ended, a contact not finished.

    landing_seen_s : a later sample shows the landing that is waited for; infinite where none is.
    swing_radps : the fastest turning of the swing before it.
    """

    def __init__(self, features: Features) -> None:
        self._features = features
        self._kept = 1 - features.slowed
        self.rest()

    def rest(self) -> None:
        """Nothing is open."""
        self._n = 0  # samples taken since
        self._is_open = self._is_pending = False
        self._quiet_s = np.inf  # a phase that does not end has ended then
        self._begin_s, self._fastest_radps, self._slow_s, self._slow = -np.inf, 0.0, -np.inf, 0  # of the open phase
        self.swing_radps, self._swing_slow, self._least_push_radps = 0.0, 0, 0.0
        self._wait(np.inf, np.inf, np.inf)

    @property
    def is_idle(self) -> bool:
        """Whether no sample before the newest is needed any more."""
        return not (self._is_open or self._is_pending)

    @property
    def n_since_slow(self) -> int:
        """Samples since that swing was slow, that one included."""
        return self._n - self._swing_slow

    def await_end(self, quiet_s: float) -> None:
        """A phase is open, and not followed from its beginning; when it has ended if it does not before."""
        self._is_open, self._quiet_s = True, quiet_s
        self._begin_s, self._fastest_radps, self._slow_s = -np.inf, np.inf, -np.inf

    def await_landing(self, fastest_radps: float, slow_s: float, n_since_slow: int) -> None:
        """A swing has ended; slow_s, n_since_slow : since when it was slow."""
        self._is_pending, self.swing_radps, self._swing_slow = True, fastest_radps, self._n - n_since_slow
        self._wait(slow_s + self._features.landing_s, np.inf, np.inf)

    def await_push(self, fastest_radps: float, landed_s: float) -> float:
        """The foot landed after a swing; return from when on samples that were taken before are to be told again."""
        self._is_pending = True
        self._least_push_radps = min(-self._features.push_share * fastest_radps, -LEVEL_RADPS)
        from_s = landed_s + self._features.earliest_toe_off_s
        self._wait(np.inf, from_s, landed_s + LONGEST_CONTACT_S)
        return from_s

    def _wait(self, landing_seen_s: float, push_from_s: float, due_s: float) -> None:
        self.landing_seen_s, self._push_from_s, self._due_s = landing_seen_s, push_from_s, due_s
        self._lowest_radps, self._lowest_s = 0.0, -np.inf  # fastest backward turning from then on

    def may_decide(self, t_s: list[float], about_radps: list[float]) -> bool:
        """Take the newest samples; whether the search may now find what it did not before."""
        is_due = False
        for number, (at_s, turning) in enumerate(zip(t_s, about_radps, strict=True), self._n):
            if self._is_open or turning > LEVEL_RADPS:
                is_due |= self._in_phase(number, at_s, turning)
            if at_s >= self._push_from_s:
                is_due |= self._has_slowed(at_s, turning)
        self._n += len(t_s)
        return is_due or t_s[-1] > self._due_s

    def may_have_decided(self, t_s: list[float], about_radps: list[float], newest_s: float) -> bool:
        """Take samples from when on ``await_push`` said once more; whether one of them may have decided something."""
        slowed = [self._has_slowed(*one) for one in zip(t_s, about_radps, strict=True)]
        return any(slowed) or newest_s > self._due_s

    def _in_phase(self, number: int, at_s: float, turning: float) -> bool:
        """Follow a phase; whether its end may decide something."""
        is_due = at_s > self._quiet_s
        if turning > LEVEL_RADPS:
            if not self._is_open:
                self._is_open, self._begin_s, self._fastest_radps = True, at_s, 0.0
            self._quiet_s = at_s + QUIET_S
        if turning > self._fastest_radps:
            self._fastest_radps, self._slow_s = turning, np.inf
        elif self._slow_s == np.inf and turning < LATE_SWING * self._fastest_radps:
            self._slow_s, self._slow = at_s, number
        if turning < -LEVEL_RADPS:
            self._is_open, self._quiet_s = False, np.inf
            if at_s - self._begin_s >= SHORTEST_SWING_S:  # else it is none, whatever else it is
                is_due |= self._is_pending or self._slow_s == -np.inf
                self._is_pending, self.swing_radps, self._swing_slow = True, self._fastest_radps, self._slow
                self._wait(self._slow_s + self._features.landing_s, np.inf, np.inf)
        return is_due

    def _has_slowed(self, at_s: float, turning: float) -> bool:
        """Follow a push-off; whether it may have slowed down."""
        if turning < self._lowest_radps:
            self._lowest_radps, self._lowest_s = turning, at_s
        is_slower = self._lowest_radps <= self._least_push_radps and turning >= self._kept * self._lowest_radps
        return is_slower and at_s <= self._lowest_s + LATEST_CERTAIN_S
