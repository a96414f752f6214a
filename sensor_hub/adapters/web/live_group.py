"""Everybody who is shown the same of the hub over the live channel: looked at once, encoded once, sent to all.

Two see the same if the same is cut out for them, they asked for the same, and read it in the same manner. Their rights
are then the same too, so one pair of eyes does for all of them; whether each still has those rights is asked apart.
"""

import time
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.faces import Face, face_of
from sensor_hub.adapters.web.guarded import SeenHub
from sensor_hub.adapters.web.live_frames import Frames, Looked
from sensor_hub.adapters.web.live_sender import Sender
from sensor_hub.adapters.web.rights import Rights
from sensor_hub.errors import SensorHubError
from sensor_hub.model.access import Account, Asker
from sensor_hub.model.ports import Guide, HubView, Tile
from sensor_hub.words.manner import Manner, current

WHOLE_S: Final = 2.0  # everybody is looked at again after so long: a consent that a coach's rights rest on is no news


@dataclass(frozen=True, slots=True)
class Sees:
    """What decides what somebody is shown. athlete : whom alone they asked for. manner : of speaking."""

    kind: str
    role: str | None
    athletes: tuple[str, ...]
    athlete: str | None
    manner: Manner

    @classmethod
    def by(cls, rights: Rights, athlete: str | None) -> "Sees":
        """Return what decides for one asker."""
        asker = rights.asker()
        account = asker.account
        mine = () if account is None else account.athletes
        return cls(asker.kind, None if account is None else account.role, mine, athlete, current())

    def asker(self) -> Asker:
        """Return somebody of whom the same is cut out."""
        if self.role is None:
            return Asker("operator", via="loopback") if self.kind == "operator" else Asker("nobody")
        whoever = Account("", "", self.role, self.athletes, datetime.fromtimestamp(0, UTC))  # type: ignore[arg-type]
        return Asker("account", whoever, via="session")


class Group:
    """The connections that see the same, and the state they share.

    ``look`` is called in one worker thread at a time, everything else in the server's loop. context : in which it is
    looked, so that language and units are those of who asked.
    """

    def __init__(self, sees: Sees, view: HubView, guide: Guide | None, context: Context) -> None:
        self.senders: set[Sender] = set()
        self.context, self._athlete = context, sees.athlete
        self._seen = SeenHub(view, Rights(sees.asker, view, guide))
        self._frames = Frames()
        self._has_looked = False
        self._told_s = float("-inf")
        self._version = 0
        self._whole_s = float("-inf")

    def look(self) -> Looked:
        """Return what is new; of a hub that cannot be read only that, and everything the next time."""
        try:
            version, names = self._seen.news(self._version)
            now_s = time.monotonic()
            whole = names is None or now_s - self._whole_s >= WHOLE_S
            if whole:
                self._whole_s = now_s
            elif self._athlete is not None and names is not None:
                names = names & {self._athlete}
            found = self._whole() if whole else self._of(names or frozenset())
        except SensorHubError as problem:
            self._whole_s = float("-inf")
            return Looked((), (), False, labels.hub_trouble(str(problem)))
        self._version = version
        return found

    def _whole(self) -> Looked:
        if self._athlete is None:
            tiles = self._seen.tiles()
        else:
            tile = self._seen.tile(self._athlete)
            tiles = [] if tile is None else [tile]
        return Looked(_faces(tiles), (), True, self._trouble_now())

    def _of(self, names: frozenset[str]) -> Looked:
        found = {name: self._seen.tile(name) for name in names}
        tiles = [tile for tile in found.values() if tile is not None]
        return Looked(_faces(tiles), [name for name, tile in found.items() if tile is None], False, self._trouble_now())

    def _trouble_now(self) -> str | None:
        problem = self._seen.trouble()
        return None if problem is None else labels.hub_trouble(problem)

    def publish(self, looked: Looked, beat_s: float) -> None:
        """Send what is new to everybody; without news a sign of life where the last one is ``beat_s`` old."""
        frame = self._frames.take(looked, _now_ms())
        now_s = time.monotonic()
        first, self._has_looked = not self._has_looked, True
        if frame is None and (first or now_s - self._told_s >= beat_s):
            frame = self._frames.beat(_now_ms())
        if frame is None:
            return
        self._told_s = now_s
        for sender in self.senders:
            if first:
                sender.begin_anew()
            else:
                sender.offer(frame)

    def everything(self) -> str | None:
        """Return the first frame of a client that comes new; None before the first look."""
        return self._frames.everything(_now_ms()) if self._has_looked else None


def _faces(tiles: list[Tile]) -> tuple[Face, ...]:
    now_ms = _now_ms()
    return tuple(face_of(tile, now_ms) for tile in tiles)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
