"""What REST answers of one session: its totals and its steps; and the types that every answer is made of."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sensor_hub import words
from sensor_hub.model.foot_strike import FootStrike
from sensor_hub.model.gait import FLOAT_COLUMNS, Gait, StepTable, ValueOrigin
from sensor_hub.model.session import SessionHeader, SessionSummary

DURATION_UNKNOWN: Final = "duration-unknown"
AS_A_FORCE: Final = "within ±40 % as a force: compare it with the same runner's own, do not believe it."
_AMONG: Final = "in a comparison with the same runner's {} from the same instrument; the ±40 % are not in it."
AMONG_SESSIONS: Final = _AMONG.format("sessions")
AMONG_STEPS: Final = _AMONG.format("steps")


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _finite_column(values: Sequence[float]) -> list[float | None]:
    return [v if math.isfinite(v) else None for v in values]


Number = Annotated[float | None, BeforeValidator(_finite)]
Column = Annotated[list[float | None], BeforeValidator(_finite_column)]


class Answer(BaseModel):
    """What can be made of the attributes of a model's object."""

    model_config = ConfigDict(from_attributes=True)


class TotalsAnswer(Answer):
    """Running totals of a session; null is unknown."""

    n_steps: float = Field(description="Steps of both feet; with one pod 2 x n_strides, estimated.")
    n_strides: float = Field(description="Strides of one foot; from a 1-Hz source estimated.")
    duration_s: Number = Field(description="Moving time, s; null of a run put in by hand without one.")
    distance_m: Number = Field(description="Distance, m.")
    cadence_spm: Number = Field(description="Median over running, steps of both feet a minute.")
    contact_time_s: Number = Field(description="Mean of measured contact times, s; null in tier speed.")
    load_eq_km: Number = Field(description="Modelled push-off load, equivalent easy kilometres.")
    load_eq_km_sd: Number = Field(
        description=f"One standard deviation of load_eq_km, eq-km, {AMONG_SESSIONS}",
    )
    hard_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg of steps above the hard line, BW·s; {AS_A_FORCE}"
    )
    coverage: Number = Field(description="Recorded / moving time, 0 to 1; below 0.8 a load is a lower bound.")
    duty_factor: Number = Field(description="Mean over running of contact time / stride time (two steps).")
    flight_time_s: Number = Field(description="Mean while running, s; estimated where the steps' own is.")
    contact_balance_left: Number = Field(
        description="Part of the left in the sum of the left and the right mean contact time, 0 to 1; null unless both "
        "feet were measured. A difference between the sensors until they have changed feet."
    )
    contact_time_bias_s: Number = Field(
        description="How far contact_time_s may lie from a force plate's, s, by the evidence of the method, which "
        "is other people's studies, at the sacrum one runner (for others tens of ms); it may be more."
    )
    foot_pitch_rad: Number = Field(
        description="Mean angle of the sole to the ground at initial contact, rad, toes up positive; estimated, tried "
        "on simulated people only."
    )
    foot_strike: FootStrike | None = Field(
        description="That of most steps by foot_pitch_rad: rearfoot above 8.0 degrees, forefoot below -1.6, midfoot "
        "between (doi 10.1016/j.gaitpost.2011.09.104)."
    )
    hard_load_sd: Number = Field(description=f"One standard deviation of hard_load_bw_s, BW·s, {AMONG_SESSIONS}")
    load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg while running, BW·s, the mean of both legs: what load_eq_km is "
        f"made of; {AS_A_FORCE}"
    )
    load_left_bw_s: Number = Field(
        description=f"Modelled Achilles impulse of the left leg while running, BW·s; null unless both feet were "
        f"measured; {AS_A_FORCE}"
    )
    load_right_bw_s: Number = Field(
        description=f"Modelled Achilles impulse of the right leg while running, BW·s; null unless both feet were "
        f"measured; {AS_A_FORCE}"
    )
    push_off_bw_s: Number = Field(
        description=f"The part of load_bw_s from the peaks to toe-off, BW·s, modelled; {AS_A_FORCE}"
    )
    load_m4_eq_km: Number = Field(
        description="The modelled load with forces weighted by their 4th power, eq-km: how far load_eq_km depends on "
        "what is assumed of strong steps; shown, never judged."
    )
    load_m9_eq_km: Number = Field(description="The same by the 9th power, eq-km, modelled; shown, never judged.")
    achilles_peak_bw: Number = Field(
        description="Mean modelled peak Achilles force of running steps whose peak is known, body weights; "
        f"{AS_A_FORCE}"
    )
    vgrf_peak_bw: Number = Field(
        description="Mean modelled peak vertical ground reaction force of running steps whose peak is known, body "
        "weights."
    )
    vertical_stiffness_bw_per_m: Number = Field(
        description="Mean vertical stiffness while running on slopes up to 3 %, body weights a metre (BW/m), modelled."
    )
    leg_stiffness_bw_per_m: Number = Field(
        description="Mean leg stiffness while running, body weights a metre (BW/m), modelled; null without the "
        "runner's height."
    )
    n_walk_steps: Number = Field(description="Steps walked, of both feet; no part of n_steps.")
    walk_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg while walking, BW·s: a ledger of its own, no part of the run's "
        f"load; {AS_A_FORCE}"
    )
    median_speed_mps: Number = Field(
        description="Median speed over the running time, m/s; null unless the speed of 0.8 of it is known."
    )
    speed_5min_mps: Number = Field(
        description="The speed that was held or exceeded for five minutes in all, m/s; 0 in a shorter run, null unless "
        "the speed of 0.8 of the running time is known."
    )
    uphill_s: Number = Field(
        description="Running time on slopes of 3 % and more, s; null unless the slope of 0.8 of the running time is "
        "known."
    )
    ascent_m: Number = Field(
        description="Climbed while running on slopes of 1 % and more, m. Null unless slope and speed of 0.8 of the "
        "running time are known."
    )


def _totals(summary: SessionSummary) -> TotalsAnswer:
    totals = TotalsAnswer.model_validate(summary.totals)
    if DURATION_UNKNOWN in summary.warnings:
        totals.duration_s = None
    return totals


class SessionAnswer(BaseModel):
    """One session."""

    sid: str = Field(description="Session id.")
    athlete: str = Field(description="Pseudonym.")
    zone: str = Field(description="IANA time zone.")
    origin: str = Field(description="live, import, replay or simulated.")
    tier: str = Field(description="imu, contact or speed.")
    model: str = Field(description="Load model and its version.")
    reference: str = Field(description="What one eq-km refers to.")
    instrument: str = Field(
        description="What the load was measured with, such as imu/foot/foot-1.0; loads of two instruments are never "
        "held against each other. Empty in sessions of older versions."
    )
    surface: str = Field(
        description="overground, treadmill, track, trail or unknown, as the runner said; the load model uses it."
    )
    ledger: str = Field(description="run, walk, exercise or other.")
    start_utc: datetime = Field(description="Start, UTC.")
    end_utc: datetime = Field(description="End or newest message, UTC.")
    ended: bool = Field(description="False while it runs.")
    source: str = Field(description="Where it came from.")
    warnings: list[str] = Field(description="What went wrong or was noticed on the way, as codes.")
    warning_texts: list[str] = Field(description="The same in words, one for each code.")
    totals: TotalsAnswer

    @classmethod
    def of(cls, summary: SessionSummary) -> Self:
        """Answer for a session."""
        h = summary.header
        return cls(
            sid=h.sid, athlete=h.athlete, zone=h.zone, origin=h.origin, tier=h.tier, model=h.model,
            reference=h.reference, instrument=h.instrument, surface=h.surface, ledger=h.ledger,
            start_utc=summary.start_utc, end_utc=summary.end_utc, ended=summary.ended,
            source=summary.source, warnings=list(summary.warnings),
            warning_texts=[words.warning_text(w, of_file=h.origin == "import") for w in summary.warnings],
            totals=_totals(summary),
        )  # fmt: skip


class StepsAnswer(BaseModel):
    """Steps of a session as columns of equal length; null is unknown.

    Which values are estimated, step_time_origin says of each row: one pod sees strides, so step and flight time of its
    rows (n_steps = 2) are estimated from half a stride. A row of a 1-Hz source (any fraction of steps) stands for a
    record interval: its number of steps, step and flight time are estimated from the cadence. With a pod on each foot
    (n_steps = 1, side L or R) they are measured where the other foot's contact was found, and with one sensor that sees
    both feet (side U) always. Contact times are null in tier speed.
    """

    sid: str = Field(description="Session id.")
    n_rows: int = Field(description="Length of every column.")
    kept: bool = Field(
        description="False where the single steps were let go of after a time: then there are no rows, and the "
        "session's totals still say how many steps there were."
    )
    time_utc_us: list[int] = Field(description="Initial contact, microseconds since 1970, UTC.")
    side: list[str] = Field(description="L, R or U.")
    n_steps: Column = Field(
        description="Steps of both feet the row stands for: 1 with a pod on each foot, 2 with one pod (its step and "
        "the unseen one), any fraction for a record interval of a 1-Hz source, estimated."
    )
    step_time_s: Column = Field(
        description="To the other foot's initial contact, s; estimated from half a stride with one pod, from the "
        "cadence with a 1-Hz source; step_time_origin says which rows."
    )
    step_time_origin: list[ValueOrigin | None] = Field(
        description="Of step_time_s and flight_time_s of each row: measured from foot to foot, or estimated; null in "
        "sessions of older versions."
    )
    contact_time_s: Column = Field(
        description="Initial contact to toe-off, s; null throughout in tier speed, where the source measures none."
    )
    contact_time_sd: Column = Field(description="One standard deviation of contact_time_s, s.")
    flight_time_s: Column = Field(
        description="Toe-off to the other foot's initial contact, s; estimated where step_time_s is."
    )
    vgrf_peak_bw: Column = Field(
        description="Modelled peak vertical ground reaction force, body weights; vgrf_peak_sd says how far off."
    )
    vgrf_peak_sd: Column = Field(
        description="One standard deviation of vgrf_peak_bw beside a force plate, were the contact time free of bias "
        "(contact_time_bias_s of the session is not in it), body weights."
    )
    vgrf_impulse_bw_s: Column = Field(description="Modelled vertical impulse, BW·s.")
    achilles_peak_bw: Column = Field(description=f"Modelled peak Achilles force, body weights; {AS_A_FORCE}")
    achilles_peak_sd: Column = Field(
        description=f"One standard deviation of achilles_peak_bw, body weights, {AMONG_STEPS}"
    )
    achilles_impulse_bw_s: Column = Field(description=f"Modelled Achilles impulse, BW·s; {AS_A_FORCE}")
    achilles_impulse_sd: Column = Field(
        description=f"One standard deviation of achilles_impulse_bw_s, BW·s, {AMONG_STEPS}"
    )
    achilles_push_off_bw_s: Column = Field(
        description=f"Part of achilles_impulse_bw_s from the peak to toe-off, BW·s, modelled; {AS_A_FORCE}"
    )
    grade: Column = Field(description="Rise over run, 0.03 is 3 % uphill; null where the source tells no altitude.")
    gait: list[Gait | None] = Field(
        description="run counts into the run's load, walk into the ledger of walking, null into none."
    )
    speed_mps: Column = Field(description="Speed, m/s.")
    quality: Column = Field(
        description="0 to 1: how well the samples showed the two events of a contact; of a record interval 1, and 0 "
        "where it stands for no time."
    )
    foot_pitch_rad: Column = Field(
        description="Angle of the sole to the ground at initial contact, rad, toes up positive; null where the sensor "
        "does not tell."
    )
    duty_factor: Column = Field(description="Contact time / stride time (two steps).")

    @classmethod
    def of(cls, header: SessionHeader, steps: StepTable, *, kept: bool) -> Self:
        """Answer for a session's table of steps."""
        columns = {name: getattr(steps, name).tolist() for name in (*FLOAT_COLUMNS, "duty_factor")}
        return cls(
            sid=header.sid, n_rows=len(steps), kept=kept,
            time_utc_us=steps.time_utc_us.tolist(), side=steps.side.tolist(),
            step_time_origin=[origin or None for origin in steps.step_time_origin.tolist()],
            gait=[gait or None for gait in steps.gait.tolist()], **columns,
        )  # fmt: skip
