"""What REST answers: the model's types as pydantic models, SI units in names and descriptions, NaN as null."""

from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field

from sensor_hub import words
from sensor_hub.adapters.web.session_answers import AS_A_FORCE, Answer, Number, TotalsAnswer
from sensor_hub.model.finding import Finding, FindingMeasure, Level
from sensor_hub.model.load import Measure
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.ports import AthleteView, Tile, TileState


class Problem(BaseModel):
    """Why a request was refused."""

    detail: str = Field(description="A sentence for a person.")


class HealthAnswer(BaseModel):
    """The hub takes readings in and can be read."""

    status: Literal["ok"] = Field(description="Always 'ok'; a hub in trouble or that cannot be read answers 503.")
    n_athletes: int | None = Field(description="Athletes the asker may know of; null where nobody has signed in.")


class HealthProblem(BaseModel):
    """The hub can be read, but nothing is being taken in."""

    status: Literal["trouble"] = Field(description="Always 'trouble'.")
    problem: str | None = Field(description="Why, a sentence for a person; null where nobody has signed in.")


class AthleteAnswer(Answer):
    """An athlete as far as REST shows one: body mass stays in the registry."""

    id: str = Field(description="Random pseudonym.")
    display_name: str = Field(description="Name on the page.")
    zone: str = Field(description="IANA time zone that decides the athlete's days.")
    simulated: bool = Field(description="True if no such person exists.")


class HeadroomAnswer(Answer):
    """What one session limit leaves; numbers in the measure's unit (m, eq-km, BW·s)."""

    measure: Measure = Field(description="Which quantity; its suffix is the unit.")
    reference: Number = Field(description="Highest single run of the previous 30 days.")
    limit: Number = Field(description="Session limit, 1.10 x reference by default.")
    so_far: Number = Field(description="Today or in the session in progress.")
    left: Number = Field(description="limit - so_far; negative above the limit.")
    confidence: str = Field(description="learning, low or normal.")
    reason: str | None = Field(
        description="Why a number is null or not judged: no-history, low-coverage, no-source, hub-away, "
        "nothing-before (it was zero in all earlier runs), bridging (measured another way than before, since fewer "
        "than 14 days), unknown-run (of another run of the day it is not known), not-recorded (somebody said so of the "
        "day), held (the guidelines hold it back)."
    )
    probability: Number = Field(description="That the true value is above the limit, 0 to 1; null where unknown.")
    without_hills: bool = Field(
        default=False, description="A run is going on and nothing tells its slopes: hills are not counted live."
    )


class MarkAnswer(Answer):
    """What somebody did with a finding; what is found does not depend on it."""

    level: Level = Field(description="The finding's when it was marked; a higher one is news again.")
    at_utc: datetime = Field(description="When it was marked, UTC.")
    by: str = Field(description="Role of who marked it, page or api; never a name.")
    until_utc: datetime | None = Field(description="When a snooze ends, UTC; null of what was acknowledged.")


class FindingAnswer(Answer):
    """What a guideline has to say; numbers in the measure's unit, such as m, eq-km, BW·s, s or m/s."""

    id: str = Field(description="Opaque id.")
    athlete: str = Field(description="Pseudonym.")
    rule: str = Field(description="Rule id, such as session-limit or week-limit.")
    scope: str = Field(description="session:<sid> or week:<ISO Monday>.")
    measure: FindingMeasure = Field(description="Which quantity; its suffix is the unit.")
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
    mark: MarkAnswer | None = Field(default=None, description="The newest mark, also one that holds no more.")

    @classmethod
    def of(cls, finding: Finding, mark: FindingMark | None = None) -> Self:
        """Answer for a finding, with its words."""
        why = words.finding_why(finding)
        return cls.model_validate(_With(finding, sentence=_sentence(finding), why=why, mark=mark))


class _With:
    """An object with a few attributes more, for ``from_attributes``."""

    def __init__(self, base: object, **more: object) -> None:
        self._base, self._more = base, more

    def __getattr__(self, name: str) -> Any:
        return self._more[name] if name in self._more else getattr(self._base, name)


def _sentence(finding: Finding) -> str:
    return words.finding_sentence(finding)


class TileAnswer(Answer):
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
    held: bool = Field(description="True while the guidelines hold the headroom back, as its reason says too; not why.")
    standing: str | None = Field(
        description="What decides, such as stop, of somebody who lets their coach see what it comes of (pain, "
        "medication); null of everybody else."
    )
    shows_load: bool = Field(
        description="False of somebody who does not let their coach see load: live values, totals, headroom and "
        "findings are left out of the list of athletes."
    )

    @classmethod
    def of(cls, tile: Tile) -> Self:
        """Answer for a tile."""
        return cls.model_validate(_With(tile, findings=[FindingAnswer.of(f) for f in tile.findings]))


class WeekAnswer(Answer):
    """One week."""

    monday: date = Field(description="First day, athlete's zone.")
    distance_m: Number = Field(description="Distance, m.")
    load_eq_km: Number = Field(description="Modelled push-off load, eq-km.")
    n_sessions: int = Field(description="Runs.")
    lower_bound: bool = Field(description="True if some run was recorded below 80 %, or some day not at all.")
    limit_distance_m: Number = Field(description="Week line, m.")
    limit_load_eq_km: Number = Field(description="Week line, eq-km.")
    instruments: list[str] = Field(description="What the week's loads were measured with, in the order of its runs.")
    reason: str | None = Field(
        description="Why its load is null although its runs' are known: mixed-instruments; why its sums are null: "
        "unknown-run; why they are lower bounds: not-recorded."
    )
    load_eq_km_sd: Number = Field(
        description="One standard deviation of load_eq_km in a comparison with the same runner's, eq-km."
    )
    hard_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg of steps above the hard line, BW·s; no week is judged by it; "
        f"{AS_A_FORCE}"
    )
    hard_load_sd: Number = Field(
        description="One standard deviation of hard_load_bw_s in a comparison with the same runner's, BW·s."
    )
    reference_distance_m: Number = Field(description="Highest of the 4 full weeks before, m.")
    reference_load_eq_km: Number = Field(description="Highest of the 4 full weeks before, eq-km.")
    tolerance_distance_m: Number = Field(
        description="What known rest had left of that when the week began; the same without a rest; m."
    )
    tolerance_load_eq_km: Number = Field(
        description="What known rest had left of that when the week began; the same without a rest; eq-km."
    )


class DaySessionAnswer(Answer):
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
    load_eq_km_sd: Number = Field(
        description="One standard deviation of load_eq_km in a comparison with the same runner's, eq-km."
    )
    hard_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg of steps above the hard line, BW·s; {AS_A_FORCE}"
    )
    hard_load_sd: Number = Field(
        description="One standard deviation of hard_load_bw_s in a comparison with the same runner's, BW·s."
    )
    limit_hard_load_bw_s: Number = Field(description=f"Session limit of that day on hard load, BW·s; {AS_A_FORCE}")
    instrument: str = Field(description="What its load was measured with; empty where an older program did not say.")
    bridging: bool = Field(
        description="True if that way of measuring had not been used for 14 days: its load limits are not judged."
    )
    reference_distance_m: Number = Field(description="Longest run of the 30 days before, m.")
    reference_load_eq_km: Number = Field(description="Highest run of the 30 days before, eq-km.")
    reference_hard_load_bw_s: Number = Field(description=f"Highest run of the 30 days before, BW·s; {AS_A_FORCE}")


class SumsAnswer(Answer):
    """Sums over a day's or a week's sessions; null is unknown, and a sum with an unknown part is unknown."""

    n_runs: int = Field(description="Runs.")
    distance_m: Number = Field(description="Of the runs, m.")
    load_eq_km: Number = Field(description="Modelled push-off load of the runs, eq-km.")
    load_eq_km_sd: Number = Field(
        description="One standard deviation of load_eq_km in a comparison with the same runner's, eq-km."
    )
    load_per_km: Number = Field(description="Modelled eq-km to a kilometre.")
    load_bw_s: Number = Field(description=f"Modelled Achilles impulse a leg, BW·s; {AS_A_FORCE}")
    load_left_bw_s: Number = Field(
        description=f"The same of the left leg, BW·s; null unless both were measured; {AS_A_FORCE}"
    )
    load_right_bw_s: Number = Field(
        description=f"The same of the right leg, BW·s; null unless both were measured; {AS_A_FORCE}"
    )
    push_off_bw_s: Number = Field(description=f"Part of load_bw_s from the peaks to toe-off, BW·s; {AS_A_FORCE}")
    hard_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg of steps above the hard line, BW·s; {AS_A_FORCE}"
    )
    hard_load_sd: Number = Field(
        description="One standard deviation of hard_load_bw_s in a comparison with the same runner's, BW·s."
    )
    walk_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg while walking, BW·s, no part of the runs' load; {AS_A_FORCE}"
    )
    exercise_load_bw_s: Number = Field(
        description=f"Modelled Achilles impulse a leg of exercises, BW·s, no part of the runs' load; {AS_A_FORCE}"
    )
    lower_bound: bool = Field(description="True if part of a run, or a day that was run on, was not recorded.")
    reason: str | None = Field(
        description="Why loads are null: mixed-instruments or mixed-references although each run's is known; "
        "without-load where of a run only the distance is; unknown-run where of a run nothing is. not-recorded: on a "
        "day somebody ran without a record, so that every sum is a lower bound, the distance too."
    )


class ChangeAnswer(Answer):
    """From a day on, the load was measured another way; loads before and after are not held against each other."""

    first_day: str = Field(description="Of the first run measured the new way, athlete's local day, ISO.")
    normal_from: str = Field(description="From this day on loads are judged again, ISO.")
    instrument: str = Field(description="What loads are measured with since.")
    model: str = Field(description="Load model since.")
    before: str = Field(description="Instrument before.")
    before_model: str = Field(description="Load model before.")


class RatioAnswer(Answer):
    """A week's load over that of four; shown, and no limit or rule looks at it."""

    measure: str = Field(description="distance_m or load_eq_km.")
    rolling: Number = Field(description="Mean of the last 7 days over the mean of the last 28, which hold those 7.")
    weighted: Number = Field(
        description="The same of means in which newer days weigh more: 2 / (N + 1), for N = 7 and 28."
    )
    reason: str | None = Field(
        description="Why it is unknown: short-history, not-recorded, unanswered, unknown-run, low-coverage, "
        "mixed-instruments or nothing-run."
    )


class LoadAnswer(Answer):
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
    today: SumsAnswer
    week: SumsAnswer
    instrument: str | None = Field(description="What today's load is measured with; null without a run.")
    model: str | None = Field(description="Load model of today's load; null without a run.")
    reference: str | None = Field(description="What today's eq-km are expressed in; null without a run.")
    bridging: ChangeAnswer | None = Field(description="The change that loads are still learned after.")
    changes: list[ChangeAnswer] = Field(description="Every change that is known, oldest first.")
    weeks: list[WeekAnswer]
    days: list[DaySessionAnswer]
    ratios: list[RatioAnswer] = Field(
        description="Recent over long-term load, shown only: thresholds for it are not supported by evidence "
        "(Impellizzeri et al. 2020)."
    )

    @classmethod
    def of(cls, view: AthleteView) -> Self:
        """Answer for the load part of an athlete's view."""
        return cls.model_validate(
            _With(view.load, weeks=view.weeks, days=view.days, changes=view.changes, ratios=view.ratios)
        )


class AthletePage(BaseModel):
    """One athlete: live tile and findings."""

    tile: TileAnswer
    today: date = Field(description="Athlete's local day.")
    findings: list[FindingAnswer]

    @classmethod
    def of(cls, view: AthleteView) -> Self:
        """Answer for an athlete's view."""
        findings = [FindingAnswer.of(f, view.marks.get(f.id)) for f in view.findings]
        return cls(tile=TileAnswer.of(view.tile), today=view.today, findings=findings)
