"""What is sent over the live channel: a first frame with everything, then what changed.

A frame is one JSON text. ``n`` counts the frames of one view of the hub: whoever has state n and takes in frame n + 1
has what a client that comes new at n + 1 is given. ``now`` is the hub's clock, ms since 1970. A face always has the
same keys, so that what changed of it is told by key.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sensor_hub.adapters.web.faces import Face

VERSION: Final = 1
_ENCODED: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class Looked:
    """What somebody sees of the hub now. whole : it is everybody, and who is not in it is gone."""

    faces: tuple[Face, ...]
    gone: Collection[str]
    whole: bool
    trouble: str | None


class Frames:
    """The state that all clients of one view share, and the texts that bring one there. For one thread."""

    def __init__(self) -> None:
        self.n = 0
        self._faces: dict[str, Face] = {}
        self._trouble: str | None = None
        self._tiles_text: str | None = None

    def take(self, looked: Looked, now_ms: int) -> str | None:
        """Take over what was seen; return the frame that says what changed, None if nothing did."""
        changed = [told for face in looked.faces if (told := self._changed(face))]
        names = self._faces.keys() - {face["id"] for face in looked.faces} if looked.whole else looked.gone
        gone = sorted(name for name in names if self._faces.pop(name, None) is not None)
        if not changed and not gone and looked.trouble == self._trouble:
            return None
        self._trouble = looked.trouble
        self._tiles_text = None
        return self._some(changed, gone, now_ms)

    def beat(self, now_ms: int) -> str:
        """Return a frame without news: the hub is still there."""
        return self._some([], [], now_ms)

    def everything(self, now_ms: int) -> str:
        """Return what a client that comes new is given."""
        if self._tiles_text is None:
            self._tiles_text = _ENCODED.encode(list(self._faces.values()))
        trouble = _ENCODED.encode(self._trouble)
        head = f'"v":{VERSION},"kind":"all","n":{self.n},"now":{now_ms}'
        return f'{{{head},"tiles":{self._tiles_text},"trouble":{trouble}}}'

    def _changed(self, face: Face) -> Face | None:
        name = str(face["id"])
        before = self._faces.get(name)
        self._faces[name] = face
        if before is None:
            return face
        told = {key: value for key, value in face.items() if before.get(key) != value or key not in before}
        return {"id": name, **told} if told else None

    def _some(self, changed: Iterable[Face], gone: list[str], now_ms: int) -> str:
        self.n += 1
        frame: dict[str, Any] = {"v": VERSION, "kind": "some", "n": self.n, "now": now_ms, "tiles": list(changed)}
        return _ENCODED.encode(frame | {"gone": gone, "trouble": self._trouble})
