"""What REST answers of a session over its time."""

from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from sensor_hub.adapters.web.session_answers import AMONG_SESSIONS, AS_A_FORCE, Answer, Column
from sensor_hub.model.session import SessionSummary
from sensor_hub.model.timeline import COLUMNS, Timeline
from sensor_hub.model.unseen import Unseen
from sensor_hub.words.gaps import unseen_text


class UnseenAnswer(Answer):
    """A stretch of which nothing is known, or in which the runner paused."""

    begin_s: float = Field(description="Seconds since the session's start.")
    end_s: float = Field(description="Seconds since the session's start.")
    cause: str = Field(description="Why, as a code such as silence or disconnected; pause is no gap.")
    cause_text: str = Field(description="The same in words.")
    device: str | None = Field(description="The sensor it is about; null where it is about all of them.")

    @classmethod
    def of(cls, unseen: Unseen) -> Self:
        """Answer for a stretch."""
        return cls(
            begin_s=unseen.begin_s, end_s=unseen.end_s, cause=unseen.cause, device=unseen.device,
            cause_text=unseen_text(unseen.cause),
        )  # fmt: skip


class TimelineAnswer(BaseModel):
    """A session over its time as columns of one length; null is unknown.

    Running sums are unknown in a gap and a lower bound after the first. Steps that were walked are in none of it.
    """

    sid: str = Field(description="Session id.")
    start_utc: datetime = Field(description="Start, UTC; what seconds count from.")
    end_utc: datetime = Field(description="End or newest message, UTC.")
    n_pieces: int = Field(description="Length of every column; 0 where no step of a run is kept.")
    bin_s: float | None = Field(description="Width of a piece, s; null without one.")
    from_minutes: bool = Field(
        description="True where the single steps were let go of: pieces are minutes of the clock, the first may begin "
        "before the session, and spread, balance and hard load are unknown."
    )
    at_s: Column = Field(description="Middle of each piece, seconds since the start.")
    cadence_spm: Column = Field(description="Mean while running, steps of both feet a minute.")
    contact_time_s: Column = Field(description="Mean while running, s.")
    contact_time_sd: Column = Field(
        description="Standard deviation between a piece's steps (or its records, of a 1-Hz source), both feet, s."
    )
    speed_mps: Column = Field(description="Mean while running, m/s.")
    grade: Column = Field(description="Mean rise over run, 0.03 is 3 % uphill.")
    balance_left: Column = Field(
        description="Part of the left in the left and the right mean contact time, 0 to 1; null unless both feet were "
        "measured. A difference between the sensors until they have changed feet."
    )
    load_eq_km: Column = Field(description="Modelled push-off load so far, equivalent easy kilometres.")
    load_eq_km_sd: Column = Field(
        description=f"One standard deviation of load_eq_km, {AMONG_SESSIONS} In proportion to the session's."
    )
    hard_load_bw_s: Column = Field(
        description=f"Modelled Achilles impulse a leg of steps above the hard line so far, BW·s; {AS_A_FORCE}"
    )
    hard_load_sd: Column = Field(
        description=f"One standard deviation of hard_load_bw_s, {AMONG_SESSIONS} In proportion to the session's."
    )
    load_eq_km_per_km: Column = Field(description="Modelled push-off load of a kilometre, eq-km/km.")
    distance_m: Column = Field(description="Distance so far, with what a device counted on through gaps, m.")
    unseen: list[UnseenAnswer] = Field(description="Gaps and pauses in time order.")

    @classmethod
    def of(cls, summary: SessionSummary, timeline: Timeline | None) -> Self:
        """Answer for a session; without a timeline its columns are empty."""
        if timeline is None:
            columns: dict[str, Any] = {name: [] for name in COLUMNS}
            return cls(
                sid=summary.header.sid, start_utc=summary.start_utc, end_utc=summary.end_utc, n_pieces=0, bin_s=None,
                from_minutes=False, unseen=[], **columns,
            )  # fmt: skip
        columns = {name: getattr(timeline, name).tolist() for name in COLUMNS}
        return cls(
            sid=timeline.sid, start_utc=timeline.start_utc, end_utc=timeline.end_utc, n_pieces=len(timeline),
            bin_s=timeline.bin_s, from_minutes=timeline.from_minutes,
            unseen=[UnseenAnswer.of(one) for one in timeline.unseen], **columns,
        )  # fmt: skip
