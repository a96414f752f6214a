"""A backlog in few messages: neighbouring step batches of a session become one of at most a minute.

A joined message says the same as its parts: their rows after each other, the totals of the last of them, ``seq`` of the
last, and in ``joined`` the ranges of all numbers it stands for. Only such batches are joined that a store makes the
same of, in parts or whole: their rows have keys of their own, time goes on from each to the next, and no total goes
back.
A hub from before this field keeps the rows all the same, and says that it has ``seq`` alone.
"""

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sensor_hub.model.message import Outgoing
from sensor_hub.units import US_PER_S, utc_us
from sensor_hub.wire.writing import Body, dump

LONGEST_S: Final = 60.0  # of the rows of one message
MOST_JOINED: Final = 1000  # numbers of one message: a reader refuses more
_STEPS: Final = "/steps"
_OF_A_PART: Final = frozenset({"seq", "t0", "dt_s", "total", "joined"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to publish, and the numbers of the outbox's rows that it stands for, ascending."""

    topic: str
    payload: bytes
    seqs: tuple[int, ...]


@dataclass(slots=True)
class _Part:
    """One batch as its row says it; times in microseconds UTC."""

    row: Outgoing
    body: Body
    t0_us: int
    times_us: list[int]
    columns: dict[str, list[Any]]
    same: Body

    @property
    def keys(self) -> set[tuple[str, int]]:
        return set(zip(self.columns["side"], self.times_us, strict=True))

    @property
    def progress(self) -> tuple[float, float]:
        total = self.body["total"]
        return total["duration_s"], total["n_steps"]


@dataclass(slots=True)
class _Group:
    parts: list[_Part]
    keys: set[tuple[str, int]] = field(default_factory=set)
    last_us: int = 0

    def takes(self, part: _Part, longest_us: int) -> bool:
        """Whether a store makes the same of the part joined to these, or alone after them."""
        newest = self.parts[-1]
        return (
            len(self.parts) < MOST_JOINED
            and part.same == newest.same
            and part.columns.keys() == newest.columns.keys()
            and part.progress >= newest.progress
            and max(part.times_us) > self.last_us
            and max(part.times_us) - min(self.parts[0].times_us) <= longest_us
            and min(part.times_us) >= min(self.parts[0].times_us)
            and not part.keys & self.keys
        )

    def add(self, part: _Part) -> None:
        self.parts.append(part)
        self.keys |= part.keys
        self.last_us = max(part.times_us)

    def parcel(self) -> Parcel:
        if len(self.parts) == 1:
            return _alone(self.parts[0].row)
        first, last = self.parts[0], self.parts[-1]
        seqs = tuple(part.row.seq for part in self.parts)
        dt_s = [(at_us - first.t0_us) / US_PER_S for part in self.parts for at_us in part.times_us]
        columns = {name: [v for part in self.parts for v in part.columns[name]] for name in first.columns}
        body = first.same | columns | {
            "t0": first.body["t0"], "dt_s": dt_s, "total": last.body["total"], "seq": seqs[-1],
            "joined": ranges_of(seqs),
        }  # fmt: skip
        return Parcel(last.row.topic, dump(body), seqs)


def join(
    rows: Iterable[Outgoing], *, longest_s: float = LONGEST_S, alone: Container[int] = frozenset()
) -> list[Parcel]:
    """Join what may be joined; whatever else there is stays a message of its own.

    Messages of one session keep their order. Those of different sessions may change places, as they do on their way.

    Parameters
    ----------
    rows : messages of one gateway in the order of their numbers.
    longest_s : between the first and the last row of one message, s.
    alone : numbers of messages that stay as they are.
    """
    longest_us = round(longest_s * US_PER_S)
    made: list[Parcel] = []
    open_groups: dict[str, _Group] = {}
    for row in rows:
        session = row.topic.rpartition("/")[0]
        part = None if row.seq in alone else _part(row)
        group = open_groups.get(session)
        if group is not None and part is not None and group.takes(part, longest_us):
            group.add(part)
            continue
        if group is not None:
            made.append(open_groups.pop(session).parcel())
        if part is None:
            made.append(_alone(row))
        else:
            open_groups[session] = _Group([])
            open_groups[session].add(part)
    made += [group.parcel() for group in open_groups.values()]
    return sorted(made, key=lambda parcel: parcel.seqs[-1])


def ranges_of(seqs: Sequence[int]) -> list[list[int]]:
    """Closed ranges [first, last] of ascending numbers, none touching the next."""
    found: list[list[int]] = []
    for seq in seqs:
        if found and seq == found[-1][1] + 1:
            found[-1][1] = seq
        else:
            found.append([seq, seq])
    return found


def _alone(row: Outgoing) -> Parcel:
    return Parcel(row.topic, row.payload, (row.seq,))


def _part(row: Outgoing) -> _Part | None:
    """Read a row; None if it is no batch of steps, has no row of its own, or is not as we write them."""
    if not row.topic.endswith(_STEPS):
        return None
    try:
        body = json.loads(row.payload)
        if body["type"] != "steps" or "joined" in body or not body["dt_s"]:
            return None
        t0_us = utc_us(datetime.fromisoformat(body["t0"]))
        times_us = [t0_us + round(dt_s * US_PER_S) for dt_s in body["dt_s"]]
        columns = {name: value for name, value in body.items() if isinstance(value, list) and name != "dt_s"}
        if any(len(column) != len(times_us) for column in columns.values()):
            return None
        same = {name: value for name, value in body.items() if name not in columns and name not in _OF_A_PART}
        part = _Part(row, body, t0_us, times_us, columns, same)
        return part if len(part.keys) == len(times_us) and part.progress >= (0.0, 0.0) else None
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None  # the hub will say what is wrong with it
