"""What was heard of whom last, and how long ago: the newest step of every session that somebody may look at."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sensor_hub.model.session import LiveReading

IDLE_S: Final = 600.0  # a session that was never ended and is silent for so long no longer runs
MOST_SESSIONS: Final = 8  # of one athlete; whoever names more is no edge of theirs
BEHIND_S: Final = 10.0  # a session that is silent for so long while another of the athlete is heard shows nothing live


@dataclass(frozen=True, slots=True)
class Live:
    """The newest step of a session, and when it was heard, on this process's clock."""

    reading: LiveReading
    heard_s: float


@dataclass(frozen=True, slots=True)
class HeardNow:
    """What was heard of an athlete. live : by session, of those that may still run; two edges may hear one run.

    age_s : since the newest message; None if there was none for so long that nothing is running. silent_s : the same,
    however long it is; None if there never was one.
    """

    live: Mapping[str, Live]
    age_s: float | None
    silent_s: float | None = None

    def now_utc(self) -> datetime | None:
        """Return the session's clock while one runs."""
        newest = max(self.live.values(), key=lambda live: live.heard_s, default=None)
        return None if newest is None else newest.reading.time_utc

    def reading(self, sid: str) -> LiveReading | None:
        """Return what was heard of a session last; None where it fell silent and another of theirs did not."""
        mine = self.live.get(sid)
        newest_s = max((live.heard_s for live in self.live.values()), default=0.0)
        return None if mine is None or newest_s - mine.heard_s > BEHIND_S else mine.reading


class Heard:
    """Of everybody, by pseudonym as the registry resolves it. Safe from any thread."""

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._lock = threading.Lock()
        self._live: dict[str, dict[str, Live]] = {}
        self._heard_s: dict[str, float] = {}

    def hear(self, athlete: str, reading: LiveReading) -> None:
        """Take a step; one that is older than what was heard of its session changes nothing."""
        now_s, sid = self._clock_s(), reading.header.sid
        with self._lock:
            heard = {key: live for key, live in self._live.get(athlete, {}).items() if now_s - live.heard_s <= IDLE_S}
            before = heard.get(sid)
            if before is None or before.reading.time_utc <= reading.time_utc or before.reading.header != reading.header:
                heard[sid] = Live(reading, now_s)
            while len(heard) > MOST_SESSIONS:
                del heard[min(heard, key=lambda key: heard[key].heard_s)]
            self._live[athlete] = heard
            self._heard_s[athlete] = now_s

    def touch(self, athlete: str) -> None:
        """Something was heard of them that is no step for a screen."""
        now_s = self._clock_s()
        with self._lock:
            self._heard_s[athlete] = now_s

    def of(self, athlete: str) -> HeardNow:
        """Return what was heard of somebody that is not too long ago."""
        now_s = self._clock_s()
        with self._lock:
            live, heard_s = self._live.get(athlete, {}), self._heard_s.get(athlete)
        silent_s = None if heard_s is None else now_s - heard_s
        age_s = None if silent_s is None or silent_s >= IDLE_S else silent_s
        if any(now_s - one.heard_s > IDLE_S for one in live.values()):
            live = {sid: one for sid, one in live.items() if now_s - one.heard_s <= IDLE_S}
        return HeardNow(live, age_s, silent_s)

    def people(self) -> set[str]:
        """Everybody of whom something is held."""
        with self._lock:
            return {*self._live, *self._heard_s}

    def forget(self, athlete: str) -> None:
        """Let go of somebody."""
        with self._lock:
            self._live.pop(athlete, None)
            self._heard_s.pop(athlete, None)
