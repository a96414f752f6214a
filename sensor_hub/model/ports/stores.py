"""A time-series store, and one that can be moved."""

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.minutes import MinuteTable
from sensor_hub.model.moving import Whole
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary


class Store(Protocol):
    """A time-series store. Every method may be called from any thread; every one raises StoreError only.

    ``commit`` is atomic and idempotent: when it returns, everything is on disk; the same envelope again changes
    nothing. Messages may come late and out of order; running totals never go backwards.
    """

    def commit(self, envelopes: Sequence[Envelope], dead: Sequence[DeadLetter] = ()) -> None:
        """Keep events and dead letters durably, and mark their (gw, seq) as received."""
        ...

    def received(self, gw: str) -> list[tuple[int, int]]:
        """Return closed ranges of sequence numbers received from a gateway, ascending."""
        ...

    def sessions(self, athlete: str, since_utc: datetime | None = None) -> list[SessionSummary]:
        """Sessions of an athlete, oldest first, by start; one that still runs has ended=False."""
        ...

    def session(self, sid: str) -> SessionSummary | None:
        """One session, or None."""
        ...

    def steps(self, sid: str) -> StepTable:
        """Steps of a session in time order; empty if there are none."""
        ...

    def gaps(self, sid: str) -> list[GapFound]:
        """Gaps of a session in time order."""
        ...

    def pauses(self, sid: str) -> list[SessionPaused]:
        """Pauses of a session in time order, with its header; empty if it is not here."""
        ...

    def marks(self, sid: str) -> list[tuple[str, int, int]]:
        """Return (gw, first, last) of gateways that are this one session's own: import-SID…, exercise-SID.

        The gateway of an imported recording of ours is named by a hash of the file and is not among them.
        """
        ...

    def replace_session(self, summary: SessionSummary, steps: StepTable, gaps: Sequence[GapFound]) -> None:
        """Put a session's recomputed rows and totals in place of what is stored; StoreError if it has not ended.

        Sid, athlete and origin stay as they are, and so do the numbers received from its gateway. Messages of another
        model, reference or instrument that come late, or again, change nothing of it from then on. Of one whose steps
        were let go of, steps bring them back, and a table without rows leaves its minutes as they are.
        """
        ...

    def save_finding(self, finding: Finding) -> None:
        """Insert or replace by ``finding.key``."""
        ...

    def findings(self, athlete: str | None = None) -> list[Finding]:
        """All findings, newest ``updated_utc`` first."""
        ...

    def dead_letters(self) -> list[DeadLetter]:
        """All dead letters, oldest first."""
        ...

    def reassign(self, old_athlete: str, new_athlete: str) -> None:
        """Give every session, step and finding of one athlete to another (after a merge in the registry)."""
        ...

    def restore(
        self,
        summary: SessionSummary,
        steps: StepTable,
        gaps: Sequence[GapFound],
        pauses: Sequence[SessionPaused],
        received: Sequence[tuple[str, int, int]] = (),
        minutes: MinuteTable | None = None,
    ) -> None:
        """Put a whole session in place of whatever is stored under its sid, and mark ranges (gw, first, last) received.

        StoreError if its sid is another athlete's. The same again changes nothing. Of one that has ended, messages of
        another model, reference or instrument change nothing from then on, as after ``replace_session``.
        minutes : of a session whose steps were let go of, which it then is here too; None of any other.
        """
        ...

    def hand_over(self, sid: str, new_athlete: str) -> None:
        """Give one session, with its steps, gaps, pauses and failures to decode, to another athlete."""
        ...

    def erase(self, athlete: str, sids: Sequence[str] = ()) -> int:
        """Delete everything that is a person's or names them or a session; return the number of rows.

        That is all of their pseudonym and of those it was merged from, of their sessions and of ``sids`` whosesoever
        they are, in every table; dead letters, marks of single sessions, and warnings of other people's sessions that
        name them. Stopped in between, it is to be called again. A file keeps no byte of it.
        """
        ...

    def athletes(self) -> list[str]:
        """Pseudonyms that a session is stored of, ascending."""
        ...

    def gateways(self) -> list[str]:
        """Gateways that something was received from, ascending; with ``received`` that is the audit of gaps."""
        ...

    def minutes(self, sid: str) -> MinuteTable:
        """A session's minutes: of its steps as they stand, and of one whose steps were let go of as they stood."""
        ...

    def tidy(self) -> int:
        """Do some of the housekeeping that is due, within about a second; return how many sessions it was for.

        Sessions that have ended are put into their final form: sealed, their minutes kept. What comes late of one
        undoes that, and the next call does it again. No reader can tell the difference. Safe to be killed in.
        """
        ...

    def prune(self, before_utc: datetime, keep: Collection[str] = (), *, within_s: float = math.inf) -> int:
        """Let go of the single steps of sessions that ended before a moment; return how many sessions that was for.

        Their minutes, sums, gaps and marks stay. Steps of theirs that come late go too and change no minutes.
        keep : sids whose steps stay. A session without a step has none to let go of. within_s : none is begun after so
        long; what is left is for the next call.
        """
        ...

    def pruned(self, sid: str) -> bool:
        """Whether a session's single steps were let go of: then none are here, and that is no zero."""
        ...

    def texts(self) -> list[tuple[str, str | bytes]]:
        """Return (table, text) of every text that is stored, for a search of what is left of somebody.

        Of each table, also one without a row, there is an empty text: so it can be told what was searched.
        """
        ...

    def close(self) -> None:
        """Release files and connections; safe to call twice."""
        ...


class Movable(Store, Protocol):
    """A store whose things can be put into another one: session by session, and what is none of a session."""

    def sids(self) -> list[str]:
        """Every session that anything is stored of, ascending."""
        ...

    def whole(self, sid: str) -> Whole:
        """Everything that is stored of one session; an empty one if nothing is."""
        ...

    def put_whole(self, whole: Whole) -> None:
        """Put a session, just as it is given, in place of whatever is stored of it; the same again changes nothing.

        StoreError if the store can hold no such id.
        """
        ...

    def reassigned(self) -> dict[str, str]:
        """Return the new pseudonym of each that was given to another."""
        ...

    def put_rest(self, findings: Sequence[Finding], merged: Mapping[str, str]) -> None:
        """Put findings, each in place of the one of its key, and what was given to whom."""
        ...

    def mark_received(self, gw: str, marked: Sequence[tuple[int, int]]) -> None:
        """Mark closed ranges of a gateway's numbers as received."""
        ...
