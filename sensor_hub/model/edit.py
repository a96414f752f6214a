"""What a person says of their history: edits of sessions, answers about days, and what decides which source counts.

What was recorded is never changed. History is what the recorded sessions and the entries of the journal make together
(room ``edits``), so every edit can be undone, and an undone one leaves no trace but its entry.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from sensor_hub.model.diary import Said
from sensor_hub.model.load import Surface
from sensor_hub.model.session import Ledger

SourceKind: TypeAlias = Literal["sensor", "watch", "log", "by-hand"]
"""Where a session comes from: collected from a sensor (live, or a recording of it), a watch's file, a line of a log of
sessions, or put in by hand."""
SOURCE_ORDER: tuple[SourceKind, ...] = ("sensor", "watch", "log", "by-hand")
ToldField: TypeAlias = Literal["shoe", "effort", "note"]
DayMark: TypeAlias = Literal["rested", "not-recorded", "unsaid"]


@dataclass(frozen=True, slots=True)
class AddRun:
    """A run (or another session) that no sensor saw.

    start_utc : of a day without a time of day, the athlete's local noon, and ``has_time`` is False. duration_s (moving
    time) and distance_m : None is unknown, also for a run "done without sensor". effort : how hard it was, 0 to 10 on
    the CR-10 scale.
    """

    sid: str
    start_utc: datetime
    has_time: bool
    duration_s: float | None = None
    distance_m: float | None = None
    effort: float | None = None
    ledger: Ledger = "run"
    surface: Surface = "unknown"


@dataclass(frozen=True, slots=True)
class Trim:
    """Keep ``[from_utc, to_utc)`` of a session; None leaves that end as it is."""

    sid: str
    from_utc: datetime | None = None
    to_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """Make two of a session: what was before ``at_utc`` keeps its id, the rest gets ``second_sid``."""

    sid: str
    at_utc: datetime
    second_sid: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one of several sessions that follow each other; it has the id of the earliest."""

    sids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a session out of history."""

    sid: str


@dataclass(frozen=True, slots=True)
class Change:
    """Say of a session whose it is, which ledger it belongs to, or what was run on; None leaves it."""

    sid: str
    athlete: str | None = None
    ledger: Ledger | None = None
    surface: Surface | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """Say of a session what no sensor knows; None leaves it, and what is in ``forget`` is unsaid.

    shoe : id of a pair. effort : 0 to 10, CR-10. note : free text.
    """

    sid: str
    shoe: str | None = None
    effort: float | None = None
    note: str | None = None
    forget: tuple[ToldField, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """These sessions are the same run from several sources. counts : which one, None for the sources' order."""

    sids: tuple[str, ...]
    counts: str | None = None


@dataclass(frozen=True, slots=True)
class Distinct:
    """These sessions are different runs, whatever their times say."""

    sids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefer:
    """Which source counts where several tell of the same run, best first; ``ask`` False links likely ones unasked."""

    order: tuple[SourceKind, ...] = SOURCE_ORDER
    ask: bool = True


@dataclass(frozen=True, slots=True)
class MarkDays:
    """What the days from ``first`` to ``last`` without a session were; "unsaid" takes an answer back."""

    first: date
    last: date
    mark: DayMark


@dataclass(frozen=True, slots=True)
class WearShoe:
    """Which pair is worn on the days from ``first`` on, to ``last`` or (None) until another is said; "" is none."""

    shoe: str
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Undo:
    """Take an entry back; of an ``Undo`` that brings the first one back in force."""

    entry: str


HistoryEdit: TypeAlias = (
    AddRun | Trim | Split | Merge | Delete | Change | Tell | Link | Distinct | Prefer | MarkDays | WearShoe | Undo
)
Edit: TypeAlias = HistoryEdit | Said
"""An edit of a history, or a line of the diary."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: an edit of a history, or a line of the diary (``model.diary``).

    Entries are in the order they were made, and none is ever changed.

    athlete : whose history was edited. by : "cli", "page", "api" or the name of a program's own doing. other : the
    athlete whom a session was given to, None for all other edits.
    """

    id: str
    athlete: str
    made_utc: datetime
    by: str
    edit: Edit
    other: str | None = None
