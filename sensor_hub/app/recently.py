"""An answer that is believed for a moment, where the same is asked many times a second."""

import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")
BELIEVED_S: Final = 1.0
MOST_KEPT: Final = 2000


class Recently(Generic[Key, Answer]):
    """Asks again when an answer is a second old; an error is nobody's answer. Safe from any thread."""

    def __init__(self, ask: Callable[[Key], Answer], clock_s: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock_s = ask, clock_s
        self._kept: dict[Key, tuple[float, Answer]] = {}

    def __call__(self, key: Key) -> Answer:
        """Return the answer, as it was a second ago at the longest."""
        now_s, kept = self._clock_s(), self._kept.get(key)
        if kept is not None and now_s - kept[0] < BELIEVED_S:
            return kept[1]
        answer = self._ask(key)
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[key] = now_s, answer
        return answer
