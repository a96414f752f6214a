"""What REST answers: the model's types as pydantic models, SI units in names and descriptions, NaN as null."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from sensor_hub import words
from sensor_hub.model.finding import Finding, Level
from sensor_hub.model.foot_strike import FootStrike
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable, ValueOrigin
from sensor_hub.model.load import Measure
from sensor_hub.model.ports import AthleteView, Tile, TileState
from sensor_hub.model.session import SessionHeader, SessionSummary


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _finite_column(values: Sequence[float]) -> list[float | None]:
    return [v if math.isfinite(v) else None for v in values]


Number = Annotated[float | None, BeforeValidator(_finite)]
Column = Annotated[list[float | None], BeforeValidator(_finite_column)]


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str = Field(description="A sentence for a person.")


class HealthAnswer(BaseModel):
    """The hub takes readings in and can be read."""

    status: Literal["ok"] = Field(description="Always 'ok'; a hub in trouble or that cannot be read answers 503.")
    n_athletes: int = Field(description="Athletes the registry knows.")


class HealthProblem(BaseModel):
    """The hub can be read, but nothing is being taken in."""

    status: Literal["trouble"] = Field(description="Always 'trouble'.")
    problem: str = Field(description="Why nothing is being taken in, a sentence for a person.")


class AthleteAnswer(_Answer):
    """An athlete as far as REST shows one: body mass stays in the registry."""

    id: str = Field(description="Random pseudonym.")
    display_name: str = Field(description="Name on the page.")
    zone: str = Field(description="IANA time zone that decides the athlete's days.")
    simulated: bool = Field(description="True if no such person exists.")


class TotalsAnswer(_Answer):
    """Running totals of a session; null is unknown."""

    n_steps: float = Field(description="Steps of both feet; with one pod 2 x n_strides, estimated.")
    n_strides: float = Field(description="Strides of one foot; from a 1-Hz source estimated.")
    duration_s: float = Field(description="Moving time, s.")
    distance_m: Number = Field(description="Distance, m.")
    cadence_spm: Number = Field(description="Median over running, steps of both feet a minute.")
    contact_time_s: Number = Field(description="Mean of measured contact times, s; null in tier speed.")
    load_eq_km: Number = Field(description="Modelled push-off load, equivalent easy kilometres.")
    load_eq_km_sd: Number = Field(description="One standard deviation of load_eq_km.")
    hard_load_bw_s: Number = Field(description="Modelled Achilles impulse a leg of steps above the hard line, BW·s.")
    coverage: Number = Field(description="Recorded / moving time, 0 to 1; below 0.8 a load is a lower bound.")
    duty_factor: Number = Field(description="Mean over running of contact time / stride time (two steps).")
    flight_time_s: Number = Field(description="Mean while running, s; estimated where the steps' own is.")
    contact_balance_left: Number = Field(
        description="Part of the left in the sum of the left and the right mean contact time, 0 to 1; null unless both "
        "feet were measured."
    )
    contact_time_bias_s: Number = Field(
        description="Bound, by the evidence of the method, of how far contact_time_s may lie from a force plate's, s."
    )
    foot_pitch_rad: Number = Field(
        description="Mean angle of the sole to the ground at initial contact, rad, toes up positive."
    )
    foot_strike: FootStrike | None = Field(
        description="That of most steps by foot_pitch_rad: rearfoot above 8.0 degrees, forefoot below -1.6, midfoot "
        "between (doi 10.1016/j.gaitpost.2011.09.104)."
    )


class HeadroomAnswer(_Answer):
    """What one session limit leaves; numbers in the measure's unit (m, eq-km, BW·s)."""

    measure: Measure = Field(description="Which quantity; its suffix is the unit.")
    reference: Number = Field(description="Highest single run of the previous 30 days.")
    limit: Number = Field(description="Session limit, 1.10 x reference by default.")
    so_far: Number = Field(description="Today or in the session in progress.")
    left: Number = Field(description="limit - so_far; negative above the limit.")
    confidence: str = Field(description="learning, low or normal.")
    reason: str | None = Field(description="Why a number is null: no-history, low-coverage, no-source, hub-away.")


class FindingAnswer(_Answer):
    """What a guideline has to say; numbers in the measure's unit (m, eq-km, BW·s)."""

    id: str = Field(description="Opaque id.")
    athlete: str = Field(description="Pseudonym.")
    rule: str = Field(description="Rule id, such as session-limit or week-limit.")
    scope: str = Field(description="session:<sid> or week:<ISO Monday>.")
    measure: Measure = Field(description="Which quantity; its suffix is the unit.")
    level: Level = Field(description="near (from 90 % of the limit), limit, over-30, over-100 (above the reference).")
    severity: str = Field(description="alert asks for attention, info belongs to the digest.")
    certainty: str = Field(description="above, too-close or below.")
    probability: Number = Field(description="Of the true value being above the limit, 0 to 1.")
    value: Number = Field(description="What was found.")
    reference: Number = Field(description="What it is compared with.")
    limit: Number = Field(description="The limit.")
    window_days: int = Field(description="How many days back the reference looks.")
    confidence: str = Field(description="learning, low or normal.")
    lower_bound: bool = Field(description="True if value is at least what is shown.")
    first_utc: datetime = Field(description="First seen, UTC.")
    updated_utc: datetime = Field(description="Last changed, UTC.")
    origin: str = Field(description="live, import, replay or simulated.")
    withdrawn: bool = Field(description="True if it is no longer true.")
    sentence: str = Field(description="The finding in words.")
    why: list[str] = Field(description="Its reasons, a line each.")

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Answer for a finding, with its words."""
        return cls.model_validate(_With(finding, sentence=_sentence(finding), why=words.finding_why(finding)))


class _With:
    """An object with a few attributes more, for ``from_attributes``."""

    def __init__(self, base: object, **more: object) -> None:
        self._base, self._more = base, more

    def __getattr__(self, name: str) -> Any:
        return self._more[name] if name in self._more else getattr(self._base, name)


def _sentence(finding: Finding) -> str:
    return words.finding_sentence(finding)


class TileAnswer(_Answer):
    """One athlete, live."""

    athlete: AthleteAnswer
    state: TileState = Field(description="alert, near, ok, unknown or idle.")
    cadence_spm: Number = Field(description="Newest value, steps of both feet a minute.")
    contact_time_s: Number = Field(description="Newest value, s.")
    totals: TotalsAnswer | None = Field(description="Of the session in progress.")
    headroom: list[HeadroomAnswer]
    age_s: Number = Field(description="Since the newest message, s.")
    tier: str | None = Field(description="imu, contact or speed.")
    origin: str | None = Field(description="live, import, replay or simulated.")
    findings: list[FindingAnswer]

    @classmethod
    def of(cls, tile: Tile) -> Self:
        """Answer for a tile."""
        return cls.model_validate(_With(tile, findings=[FindingAnswer.of(f) for f in tile.findings]))


class WeekAnswer(_Answer):
    """One week."""

    monday: date = Field(description="First day, athlete's zone.")
    distance_m: Number = Field(description="Distance, m.")
    load_eq_km: Number = Field(description="Modelled push-off load, eq-km.")
    n_sessions: int = Field(description="Runs.")
    lower_bound: bool = Field(description="True if some run was recorded below 80 %.")
    limit_distance_m: Number = Field(description="Week line, m.")
    limit_load_eq_km: Number = Field(description="Week line, eq-km.")


class DaySessionAnswer(_Answer):
    """One session beside its day's limits."""

    sid: str = Field(description="Session id.")
    day: date = Field(description="Athlete's local day.")
    distance_m: Number = Field(description="Distance, m.")
    load_eq_km: Number = Field(description="Modelled push-off load, eq-km.")
    coverage: Number = Field(description="Recorded / moving time, 0 to 1.")
    limit_distance_m: Number = Field(description="Session limit of that day, m.")
    limit_load_eq_km: Number = Field(description="Session limit of that day, eq-km.")
    origin: str = Field(description="live, import, replay or simulated.")
    ended: bool = Field(description="False while it runs.")


class LoadAnswer(_Answer):
    """Today, this week, the weeks before."""

    athlete: str = Field(description="Pseudonym.")
    zone: str = Field(description="IANA time zone.")
    day: str = Field(description="Athlete's local day, ISO.")
    today_distance_m: Number = Field(description="Sum of the day's runs, m.")
    today_load_eq_km: Number = Field(description="Sum of the day's modelled push-off load, eq-km.")
    week_distance_m: Number = Field(description="Sum of the week's runs, m.")
    week_load_eq_km: Number = Field(description="Sum of the week's modelled push-off load, eq-km.")
    headroom: list[HeadroomAnswer]
    origin: str = Field(description="live, import, replay or simulated.")
    weeks: list[WeekAnswer]
    days: list[DaySessionAnswer]

    @classmethod
    def of(cls, view: AthleteView) -> Self:
        """Answer for the load part of an athlete's view."""
        return cls.model_validate(_With(view.load, weeks=view.weeks, days=view.days))


class SessionAnswer(BaseModel):
    """One session."""

    sid: str = Field(description="Session id.")
    athlete: str = Field(description="Pseudonym.")
    zone: str = Field(description="IANA time zone.")
    origin: str = Field(description="live, import, replay or simulated.")
    tier: str = Field(description="imu, contact or speed.")
    model: str = Field(description="Load model and its version.")
    reference: str = Field(description="What one eq-km refers to.")
    ledger: str = Field(description="run, walk or other.")
    start_utc: datetime = Field(description="Start, UTC.")
    end_utc: datetime = Field(description="End or newest message, UTC.")
    ended: bool = Field(description="False while it runs.")
    source: str = Field(description="Where it came from.")
    warnings: list[str] = Field(description="What went wrong on the way.")
    totals: TotalsAnswer

    @classmethod
    def of(cls, summary: SessionSummary) -> Self:
        """Answer for a session."""
        h = summary.header
        return cls(
            sid=h.sid, athlete=h.athlete, zone=h.zone, origin=h.origin, tier=h.tier, model=h.model,
            reference=h.reference, ledger=h.ledger, start_utc=summary.start_utc, end_utc=summary.end_utc,
            ended=summary.ended, source=summary.source, warnings=list(summary.warnings),
            totals=TotalsAnswer.model_validate(summary.totals),
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
    vgrf_peak_bw: Column = Field(description="Modelled peak vertical ground reaction force, body weights.")
    vgrf_impulse_bw_s: Column = Field(description="Modelled vertical impulse, BW·s.")
    achilles_peak_bw: Column = Field(description="Modelled peak Achilles force, body weights.")
    achilles_impulse_bw_s: Column = Field(description="Modelled Achilles impulse, BW·s.")
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
    def of(cls, header: SessionHeader, steps: StepTable) -> Self:
        """Answer for a session's table of steps."""
        columns = {name: getattr(steps, name).tolist() for name in (*FLOAT_COLUMNS, "duty_factor")}
        return cls(
            sid=header.sid, n_rows=len(steps), time_utc_us=steps.time_utc_us.tolist(), side=steps.side.tolist(),
            step_time_origin=[origin or None for origin in steps.step_time_origin.tolist()], **columns,
        )  # fmt: skip


class AthletePage(BaseModel):
    """One athlete: live tile and findings."""

    tile: TileAnswer
    today: date = Field(description="Athlete's local day.")
    findings: list[FindingAnswer]

    @classmethod
    def of(cls, view: AthleteView) -> Self:
        """Answer for an athlete's view."""
        findings = [FindingAnswer.of(f) for f in view.findings]
        return cls(tile=TileAnswer.of(view.tile), today=view.today, findings=findings)
