"""Bytes with times, played in real time: what goes by while nobody listens is gone, as on a shoe."""

import asyncio
import time
from bisect import bisect_left, bisect_right
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

Frame: TypeAlias = tuple[float, str, bytes]


class RunClock:
    """The time of a run: begins once, goes on at ``speed`` x real time; the pods of one runner share it."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"cannot play at {speed} x real time")
        self.speed = speed
        self._begun_s: float | None = None

    def begin(self) -> None:
        """Let the run begin now, unless it has."""
        if self._begun_s is None:
            self._begun_s = time.monotonic()

    @property
    def begun(self) -> bool:
        """Whether the run has begun."""
        return self._begun_s is not None

    @property
    def now_s(self) -> float:
        """Where the run is, s; 0 before it begins."""
        return 0.0 if self._begun_s is None else (time.monotonic() - self._begun_s) * self.speed


class Player:
    """Plays frames ``(at_s, characteristic, payload)``, times rising from 0 of a clock.

    The run goes on whether there is a link or not.
    """

    def __init__(self, frames: Sequence[Frame], clock: RunClock) -> None:
        self._frames, self.clock = frames, clock
        self._times_s = [frame[0] for frame in frames]
        self._next = 0

    @property
    def ended(self) -> bool:
        """Whether every frame has been played."""
        return self._next >= len(self._frames)

    def begin(self) -> Sequence[Frame]:
        """Let the run begin now, unless it has; return the frames that went by before this player did anything."""
        if not self.clock.begun:
            self.clock.begin()
            return ()
        begin, self._next = self._next, max(self._next, bisect_left(self._times_s, self.clock.now_s))
        return self._frames[begin : self._next]

    async def run(self, send: Callable[[str, bytes], Awaitable[None]]) -> None:
        """Give every frame to ``send`` when its time has come; return after the last."""
        while not self.ended:
            due = bisect_right(self._times_s, self.clock.now_s, lo=self._next)
            while self._next < due:
                _, characteristic, payload = self._frames[self._next]
                self._next += 1
                await send(characteristic, payload)
            if not self.ended:
                await asyncio.sleep(max(0.0, (self._times_s[self._next] - self.clock.now_s) / self.clock.speed))
