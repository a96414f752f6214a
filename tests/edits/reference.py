"""What edits mean, once more and slowly: written from ``model/edit.py`` and plain rules, not from the fold it judges.

1. An entry is in force unless an ``Undo`` that is in force names it. An undo reaches entries before itself only, of the
   same athlete.
2. Entries in force are applied in the order of the journal. One that cannot be applied has no effect: its session is
   not there, not of that athlete, deleted or part of another, still runs, or would be empty.
3. A session is made of windows of recorded ones, or of a run by hand. A window is a time each of whose ends may be cut.
4. The rows of a session are those recorded rows whose time lies in a window of it; an end not cut keeps them all.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import isnan

from sensor_hub.model.edit import (
    AddRun,
    Change,
    Delete,
    Distinct,
    Edit,
    Entry,
    Link,
    Merge,
    Split,
    Tell,
    Trim,
    Undo,
)
from sensor_hub.model.history import Standing
from sensor_hub.units import utc_us
from tests.edits.recorded import Recorded

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
TIERS = ("imu", "contact", "speed")


@dataclass(frozen=True, slots=True)
class Window:
    """The part ``[begin, end)`` of a source; an end that is not cut is None."""

    sid: str
    begin: datetime | None = None
    end: datetime | None = None


@dataclass(slots=True)
class Kept:
    """A session after the edits."""

    sid: str
    athlete: str
    ledger: str
    surface: str
    standing: Standing = "counts"
    instead: str | None = None
    windows: tuple[Window, ...] = ()
    shoe: str | None = None
    effort: float | None = None
    note: str = ""
    entries: list[str] = field(default_factory=list)


class Rules:
    """One reading of a journal over what was recorded."""

    def __init__(self, recorded: Iterable[Recorded], entries: Sequence[Entry]) -> None:
        self.recorded: Mapping[str, Recorded] = {r.sid: r for r in recorded}
        self.by_hand: dict[str, AddRun] = {}
        self.sessions: dict[str, Kept] = {
            sid: Kept(sid, r.athlete, r.summary.header.ledger, r.summary.header.surface, windows=(Window(sid),))
            for sid, r in self.recorded.items()
        }
        self.undone = taken_back(entries)
        self.idle: set[str] = set()
        for entry in entries:
            if entry.id not in self.undone and not self._apply(entry):
                self.idle.add(entry.id)

    # --- numbers of a session ----------------------------------------------------------------------------------------

    def rows(self, windows: Sequence[Window]) -> list[tuple[str, int]]:
        """(recorded sid, number of the row) of every row in a window."""
        found = []
        for window in windows:
            if window.sid in self.by_hand:
                continue
            begin_us = utc_us(window.begin or FIRST)
            end_us = utc_us(window.end or LAST)
            times = self.recorded[window.sid].steps.time_utc_us.tolist()
            found += [(window.sid, i) for i, at_us in enumerate(times) if begin_us <= at_us < end_us]
        return found

    def n_steps(self, sid: str) -> float:
        """Steps that were run."""
        return self._sum(sid, "n_steps")

    def load_bw_s(self, sid: str) -> float:
        """Impulse a leg of the rows that were run."""
        return self._sum(sid, "achilles_impulse_bw_s", lambda value, n_steps: value * n_steps / 2)

    def _sum(self, sid: str, name: str, of: Callable[[float, float], float] = lambda value, _n: value) -> float:
        total = 0.0
        for origin, i in self.rows(self.sessions[sid].windows):
            steps = self.recorded[origin].steps
            value = of(float(getattr(steps, name)[i]), float(steps.n_steps[i]))
            if steps.gait[i] == "run" and not isnan(value):
                total += value
        return total

    def source_span(self, sid: str) -> tuple[datetime, datetime]:
        """When a recorded session, or a run by hand, began and ended."""
        if sid in self.by_hand:
            run = self.by_hand[sid]
            return run.start_utc, run.start_utc + timedelta(seconds=run.duration_s or 0.0)
        return self.recorded[sid].summary.start_utc, self.recorded[sid].summary.end_utc

    def window_span(self, window: Window) -> tuple[datetime, datetime]:
        """When a window begins and ends."""
        begin, end = self.source_span(window.sid)
        return window.begin or begin, window.end or end

    def span(self, kept: Kept) -> tuple[datetime, datetime]:
        """When a session began and ended."""
        spans = [self.window_span(window) for window in kept.windows]
        return min(begin for begin, _ in spans), max(end for _, end in spans)

    def is_whole(self, kept: Kept) -> bool:
        """Whether it is one recorded session with nothing taken off."""
        return kept.windows == (Window(kept.sid),) and kept.sid not in self.by_hand

    # --- one entry ---------------------------------------------------------------------------------------------------

    def _apply(self, entry: Entry) -> bool:
        """Apply an entry; False if it has no effect."""
        edit: Edit = entry.edit
        match edit:
            case AddRun():
                return self._add(edit, entry)
            case Trim():
                return self._trim(edit, entry)
            case Split():
                return self._split(edit, entry)
            case Merge():
                return self._merge(edit, entry)
            case Delete() | Change() | Tell():
                return self._say(edit, entry)
            case Link() | Distinct():
                return self._tell_runs_apart(edit, entry)
            case _:
                pass
        return True

    def _in_hand(self, sid: str, entry: Entry) -> Kept | None:
        """A session that this entry may change: of that athlete, and neither deleted nor part of another."""
        kept = self.sessions.get(sid)
        is_theirs = kept is not None and kept.standing == "counts" and kept.athlete == entry.athlete
        return kept if is_theirs else None

    def _is_over(self, kept: Kept) -> bool:
        return all(w.sid in self.by_hand or self.recorded[w.sid].summary.ended for w in kept.windows)

    def _can_be_cut(self, kept: Kept) -> bool:
        """Whether it is over, and all of it has rows."""
        has_rows = all(w.sid not in self.by_hand and len(self.recorded[w.sid].steps) for w in kept.windows)
        return self._is_over(kept) and has_rows

    def _add(self, run: AddRun, entry: Entry) -> bool:
        if run.sid in self.sessions:
            return False
        self.by_hand[run.sid] = run
        self.sessions[run.sid] = Kept(
            run.sid, entry.athlete, run.ledger, run.surface, windows=(Window(run.sid),), effort=run.effort,
            entries=[entry.id],
        )  # fmt: skip
        return True

    def _part(self, windows: Sequence[Window], begin: datetime, end: datetime) -> tuple[Window, ...]:
        """What is left of windows between two times; an end is cut only by a time inside."""
        left = []
        for window in windows:
            first, last = self.window_span(window)
            if max(first, begin) < min(last, end):
                new_begin, new_end = (begin if begin > first else window.begin), (end if end < last else window.end)
                left.append(Window(window.sid, new_begin, new_end))
        return tuple(left)

    def _trim(self, edit: Trim, entry: Entry) -> bool:
        kept = self._in_hand(edit.sid, entry)
        if kept is None or not self._can_be_cut(kept):
            return False
        left = self._part(kept.windows, edit.from_utc or FIRST, edit.to_utc or LAST)
        if not left:
            return False
        kept.windows = left
        kept.entries.append(entry.id)
        return True

    def _split(self, edit: Split, entry: Entry) -> bool:
        kept = self._in_hand(edit.sid, entry)
        if kept is None or not self._can_be_cut(kept) or edit.second_sid in self.sessions:
            return False
        begin, end = self.span(kept)
        first, second = self._part(kept.windows, FIRST, edit.at_utc), self._part(kept.windows, edit.at_utc, LAST)
        if not begin < edit.at_utc < end:
            return False
        kept.windows = first
        kept.entries.append(entry.id)
        # what was told of it holds for both
        self.sessions[edit.second_sid] = replace(kept, sid=edit.second_sid, windows=second, entries=[*kept.entries])
        return True

    def _merge(self, edit: Merge, entry: Entry) -> bool:
        sids = set(edit.sids)
        parts = [kept for sid in sids if (kept := self._in_hand(sid, entry)) is not None]
        parts.sort(key=lambda kept: (self.span(kept)[0], kept.sid))
        if len(parts) < 2 or len(parts) != len(sids) or not all(self._is_over(part) for part in parts):
            return False
        if len({part.ledger for part in parts}) > 1:
            return False
        spans = [self.span(part) for part in parts]
        apart = [other[0] - one[1] for one, other in pairwise(spans)]
        if min(apart) < -timedelta(seconds=60) or max(apart) > timedelta(hours=12):
            return False
        if spans[-1][1] - spans[0][0] > timedelta(hours=48):
            return False
        first, *others = parts
        windows = [window for part in parts for window in part.windows]
        first.windows = tuple(sorted(windows, key=lambda window: (self.window_span(window)[0], window.sid)))
        for part in others:
            part.standing, part.instead = "merged", first.sid
            first.shoe = first.shoe or part.shoe
            first.effort = part.effort if first.effort is None else first.effort
            first.note = first.note or part.note
        for part in parts:
            part.entries.append(entry.id)
        return True

    def _say(self, edit: Delete | Change | Tell, entry: Entry) -> bool:
        kept = self._in_hand(edit.sid, entry)
        if kept is None or (isinstance(edit, Delete) and not self._is_over(kept)):
            return False
        match edit:
            case Delete():
                kept.standing = "deleted"
            case Change():
                if edit.athlete == kept.athlete and edit.ledger is None and edit.surface is None:
                    return False
                kept.shoe = None if edit.athlete not in {None, kept.athlete} else kept.shoe
                kept.athlete = edit.athlete or kept.athlete
                kept.ledger = edit.ledger or kept.ledger
                kept.surface = edit.surface or kept.surface
            case Tell():
                kept.shoe = None if "shoe" in edit.forget else edit.shoe or kept.shoe
                kept.effort = None if "effort" in edit.forget else kept.effort if edit.effort is None else edit.effort
                kept.note = "" if "note" in edit.forget else edit.note or kept.note
        kept.entries.append(entry.id)
        return True

    def _tell_runs_apart(self, edit: Link | Distinct, entry: Entry) -> bool:
        sids = set(edit.sids)
        alive = [kept for sid in sids if (kept := self._in_hand(sid, entry)) is not None]
        if len(alive) < 2 or len(alive) != len(sids) or len({kept.ledger for kept in alive}) > 1:
            return False
        if isinstance(edit, Link) and edit.counts is not None and edit.counts not in sids:
            return False
        spans = [self.span(kept) for kept in sorted(alive, key=lambda kept: (self.span(kept)[0], kept.sid))]
        if isinstance(edit, Link) and max(b[0] - a[1] for a, b in pairwise(spans)) > timedelta(hours=24):
            return False
        for kept in alive:
            kept.entries.append(entry.id)
        return True


def taken_back(entries: Sequence[Entry]) -> set[str]:
    """Ids of entries that an undo in force names; from the newest on, as only later ones can do that."""
    undone: set[str] = set()
    for i in range(len(entries) - 1, -1, -1):
        entry = entries[i]
        if entry.id in undone or not isinstance(entry.edit, Undo):
            continue
        undone |= {e.id for e in entries[:i] if e.id == entry.edit.entry and e.athlete == entry.athlete}
    return undone
