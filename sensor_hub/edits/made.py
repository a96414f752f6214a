"""A session as edits left it, and what a whole journal makes of recorded sessions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sensor_hub.model.edit import (
    Distinct,
    Entry,
    Link,
    Prefer,
)
from sensor_hub.model.history import Piece, Standing, Told
from sensor_hub.model.load import Surface
from sensor_hub.model.session import Ledger, SessionSummary


@dataclass(frozen=True, slots=True)
class Made:
    """A session as the edits left it; ``surface`` and ``ledger`` are None where nobody said another."""

    sid: str
    athlete: str
    pieces: tuple[Piece, ...]
    ledger: Ledger | None = None
    surface: Surface | None = None
    told: Told = field(default_factory=Told)
    standing: Standing = "counts"
    instead: str | None = None
    entries: tuple[str, ...] = ()


@dataclass(slots=True)
class Folded:
    """What a journal makes of recorded sessions.

    sources : by id, those recorded and those put in by hand. made : the sessions that some entry touched, by id; every
    other source is a session as it was recorded. said : ``Link`` and ``Distinct`` in the order they were made.
    idle, undone : ids of entries without effect.
    """

    sources: dict[str, SessionSummary]
    made: dict[str, Made] = field(default_factory=dict)
    said: list[Link | Distinct] = field(default_factory=list)
    prefer: dict[str, Prefer] = field(default_factory=dict)
    in_force: list[Entry] = field(default_factory=list)
    idle: set[str] = field(default_factory=set)
    undone: frozenset[str] = frozenset()

    def of(self, sid: str) -> Made | None:
        """Return one session, touched or not; None where there is none."""
        known = self.made.get(sid)
        if known is not None or (source := self.sources.get(sid)) is None:
            return known
        return Made(sid, source.header.athlete, (Piece(sid),))

    def start_utc(self, made: Made) -> datetime:
        """When it begins."""
        return min(self.window(piece)[0] for piece in made.pieces)

    def end_utc(self, made: Made) -> datetime:
        """When it ends."""
        return max(self.window(piece)[1] for piece in made.pieces)

    def window(self, piece: Piece) -> tuple[datetime, datetime]:
        """Return from when to when a piece goes."""
        source = self.sources[piece.sid]
        return piece.from_utc or source.start_utc, piece.to_utc or source.end_utc

    def ledger(self, made: Made) -> Ledger:
        """Return the ledger it belongs to."""
        return made.ledger or self.sources[made.pieces[0].sid].header.ledger

    def is_over(self, made: Made) -> bool:
        """Whether all of its sources have ended."""
        return all(self.sources[piece.sid].ended for piece in made.pieces)

    def has_steps(self, made: Made) -> bool:
        """Whether steps of all its parts were counted: without them no part of it can be told from another."""
        return all(has_steps(self.sources[piece.sid]) for piece in made.pieces)


def has_steps(source: SessionSummary) -> bool:
    """Whether steps of a session were counted, run or walked."""
    return source.totals.n_steps > 0 or (source.totals.n_walk_steps or 0.0) > 0


def cut(
    found: Folded, pieces: tuple[Piece, ...], from_utc: datetime | None, to_utc: datetime | None
) -> tuple[Piece, ...]:
    """Return what of the pieces lies in ``[from_utc, to_utc)``; a bound that cuts nothing off changes nothing."""
    kept = []
    for piece in pieces:
        start_utc, end_utc = found.window(piece)
        first = start_utc if from_utc is None else max(start_utc, from_utc)
        last = end_utc if to_utc is None else min(end_utc, to_utc)
        if first >= last:
            continue
        kept.append(
            Piece(
                piece.sid,
                piece.from_utc if first == start_utc else first,
                piece.to_utc if last == end_utc else last,
            )
        )
    return tuple(kept)


def by_start(found: Folded, several: Iterable[Made]) -> list[Made]:
    """Return sessions by their start."""
    return sorted(several, key=lambda made: (found.start_utc(made), made.sid))
