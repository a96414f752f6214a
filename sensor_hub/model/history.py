"""What a history looks like after its edits: which sessions count, and what was said of each."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from sensor_hub.model.edit import DayMark, Entry, Prefer
from sensor_hub.model.session import SessionSummary

Standing: TypeAlias = Literal["counts", "same-run", "merged", "deleted"]
SameRunBecause: TypeAlias = Literal["said", "two-edges", "same-numbers", "preference"]


@dataclass(frozen=True, slots=True)
class Piece:
    """The part ``[from_utc, to_utc)`` of a recorded session; None is its own start or end."""

    sid: str
    from_utc: datetime | None = None
    to_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said of a session. shoe : id, None where nobody said and no pair is the day's.

    shoe_said : the pair was said of this very session, not of the day. effort : 0 to 10, CR-10.
    """

    shoe: str | None = None
    shoe_said: bool = False
    effort: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as it stands after the edits.

    standing : "counts"; "same-run" where another source of the same run counts in its place, "merged" where it is part
        of another one (``instead`` names either); "deleted".
    because : why it is taken for the same run: a person said so; two edges heard the same run live; another file tells
        the same start, time and distance; or likely ones are linked unasked. Also of the one that counts.
    pieces : what it is made of; none for a run put in by hand. entries : ids of the entries that made it so, in order.
    """

    summary: SessionSummary
    standing: Standing
    told: Told = field(default_factory=Told)
    instead: str | None = None
    because: SameRunBecause | None = None
    pieces: tuple[Piece, ...] = ()
    entries: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the rules see it."""
        return self.standing == "counts"


@dataclass(frozen=True, slots=True)
class Offer:
    """Sessions that overlap so much that they are likely the same run; ``counts`` is the one that would count."""

    sids: tuple[str, ...]
    counts: str


@dataclass(frozen=True, slots=True)
class OpenDays:
    """A week or more without any record and without an answer whether it was rest or not recorded."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DaySpan:
    """Days that somebody answered for."""

    first: date
    last: date
    mark: DayMark


@dataclass(frozen=True, slots=True)
class ShoeUse:
    """A pair and what was run in it: distance_m with what it had before, None where one of its runs has none known.

    known_distance_m : the same without those runs, so at least that.
    """

    shoe: str
    distance_m: float | None
    known_distance_m: float
    n_runs: int


@dataclass(frozen=True, slots=True)
class HistoryView:
    """Everything a page shows of an athlete's history.

    sessions : all of them, newest first, whatever their standing. journal : newest first. idle : ids of entries that
    have no effect now, such as a trim of a part whose split was undone. undone : ids that were taken back.
    shoe_today, shoe_default : the pair of today, and the one that is worn until another is said.
    """

    athlete: str
    today: date
    sessions: tuple[KeptSession, ...]
    offers: tuple[Offer, ...] = ()
    open_days: tuple[OpenDays, ...] = ()
    days: tuple[DaySpan, ...] = ()
    shoes: tuple[ShoeUse, ...] = ()
    shoe_today: str | None = None
    shoe_default: str | None = None
    preference: Prefer = field(default_factory=Prefer)
    journal: tuple[Entry, ...] = ()
    idle: frozenset[str] = frozenset()
    undone: frozenset[str] = frozenset()
