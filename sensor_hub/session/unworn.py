"""A foot that is heard and makes no contact while the other one steps: what it did is unknown.

Its sensor fell off or lies on a table, or its contacts cannot be found: nobody can tell, and half the steps are
missing. Such time begins with the foot's last contact, or with the session, and ends with the last contact of the
other foot before this one makes its next: while both are still, nothing is missing.

What is found depends on the contacts, on the silences already told and on the session's newest time alone, and is asked
for at fixed boundaries of the session's clock only, so the grouping of notifications changes nothing. Until a stretch
can be told it counts as far as it is known.

Validity: both feet's sensors are heard. Hopping on one leg for longer than that cannot be told from a lost sensor.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np

from sensor_hub.model.arrays import BoolArray, IntArray
from sensor_hub.session.timeline import LATEST_US, Silence
from sensor_hub.session.two_feet import PATIENCE_US

NOT_WORN: Final = "not-worn"
LONGEST_WITHOUT_US: Final = 10_000_000  # ours: of time heard; some fifteen strides, more than a detector ever misses
FEWEST_OF_OTHER: Final = 10  # ours: contacts of the other foot meanwhile; fewer are shuffling about
_OTHER: Final = {"L": "R", "R": "L"}

Piece: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class _Foot:
    """What is kept of one foot from ``since_us`` on: the beginning of the session, or a contact of its own."""

    since_us: int | None = None
    landed: list[IntArray] = field(default_factory=list)
    others: list[IntArray] = field(default_factory=list)  # contacts of the other foot
    silences: list[Piece] = field(default_factory=list)
    silent_us: int = 0  # all that was told of it
    told_us: int = 0  # not worn, and told
    open_us: int = 0  # not worn as far as is known, and not told yet

    def keep_from(self, since_us: int) -> None:
        self.since_us = since_us
        self.landed = [_joined(self.landed, since_us)]
        self.others = [_joined(self.others, since_us)]
        self.silences = [piece for piece in self.silences if piece[1] > since_us]


class UnwornFeet:
    """Watches the contacts of a left and a right foot."""

    def __init__(self) -> None:
        self._feet = {"L": _Foot(), "R": _Foot()}

    def land(self, side: str, time_us: IntArray) -> None:
        """Take (n,) UTC microseconds of contacts of a foot."""
        self._feet[side].landed.append(time_us)
        self._feet[_OTHER[side]].others.append(time_us)

    def silent(self, side: str, silence: Silence) -> None:
        """Take a stretch that is unknown already."""
        foot = self._feet[side]
        foot.silences.append((silence.start_us, silence.end_us))
        foot.silent_us += max(0, silence.end_us - silence.start_us)

    @property
    def unknown_us(self) -> int:
        """Microseconds not worn up to the newest boundary, both feet together."""
        return sum(foot.told_us + foot.open_us for foot in self._feet.values())

    def close(
        self, start_us: int, newest_us: int, heard: Mapping[str, Piece], *, is_over: bool = False
    ) -> list[tuple[str, Silence]]:
        """Bring up to date at a boundary; return what became certain: side and stretch, not unknown before.

        start_us, newest_us : first and newest moment of the session. heard : of each foot that was heard, its newest
        moment and the microseconds that its stream does not know. is_over : nothing more will come.
        """
        until_us = LATEST_US if is_over else newest_us - PATIENCE_US
        found: list[tuple[str, Silence]] = []
        for side, (last_us, unknown_us) in heard.items():
            for begin_us, end_us in _close(self._feet[side], start_us, last_us, unknown_us, until_us, is_over=is_over):
                found.append((side, Silence(begin_us, end_us, NOT_WORN)))
        return found


def _close(foot: _Foot, start_us: int, last_us: int, unknown_us: int, until_us: int, *, is_over: bool) -> list[Piece]:
    """Return the pieces that became certain of one foot."""
    since_us = start_us if foot.since_us is None else foot.since_us
    own = _joined(foot.landed, since_us)
    marks = np.concatenate([(since_us,), own, (max(last_us, since_us),)])
    told: list[Piece] = []
    foot.open_us = 0
    without = np.nonzero(np.diff(marks) > LONGEST_WITHOUT_US)[0].tolist()
    if without:
        others = _joined(foot.others, since_us)
        foot.others = [others]
        pending_us = max(0, unknown_us - foot.silent_us)  # of a silence that is told when it has ended
        silences = sorted([*foot.silences, (last_us - pending_us, last_us)])
        for i in without:
            begin_us, end_us = int(marks[i]), int(marks[i + 1])
            pieces = _not_worn(others[(others > begin_us) & (others < end_us)], begin_us, silences)
            is_certain = is_over if i == len(own) else end_us <= until_us
            told += pieces if is_certain else []
            foot.told_us += _length_us(pieces) if is_certain else 0
            foot.open_us += 0 if is_certain else _length_us(pieces)
    certain = own[own <= until_us]
    if len(certain):
        foot.keep_from(int(certain[-1]))
    return told


def _not_worn(others: IntArray, begin_us: int, silences: list[Piece]) -> list[Piece]:
    """Return the pieces from ``begin_us`` to the last of the other foot's contacts (n,) that are not silent.

    Empty where they are too short, or the other foot made too few contacts in them.
    """
    others = others[~_inside(others, silences)]
    if len(others) < FEWEST_OF_OTHER:
        return []
    last_us = int(others[-1])
    pieces: list[Piece] = []
    for start_us, end_us in silences:
        if begin_us < min(start_us, last_us):
            pieces.append((begin_us, min(start_us, last_us)))
        begin_us = max(begin_us, end_us)
    if begin_us < last_us:
        pieces.append((begin_us, last_us))
    return pieces if _length_us(pieces) > LONGEST_WITHOUT_US else []


def _inside(time_us: IntArray, pieces: list[Piece]) -> BoolArray:
    """(n,) whether a moment lies in one of the pieces, which are sorted and at least one."""
    starts_us, ends_us = np.array(pieces).T
    newest = np.searchsorted(starts_us, time_us, side="right") - 1
    inside: BoolArray = (newest >= 0) & (time_us < np.maximum.accumulate(ends_us)[newest])
    return inside


def _length_us(pieces: list[Piece]) -> int:
    return sum(end_us - start_us for start_us, end_us in pieces)


def _joined(parts: list[IntArray], since_us: int) -> IntArray:
    """Return the contacts after a moment."""
    joined = np.concatenate(parts) if parts else np.empty(0, np.int64)
    return joined[joined > since_us]
