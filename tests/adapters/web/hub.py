"""A hub that is only a script: six runners, one for every state, with numbers a test can change."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from sensor_hub.app.showing.news import News
from sensor_hub.errors import StoreError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Headroom, LoadStatus, Measure, Totals
from sensor_hub.model.mark import FindingMark
from sensor_hub.model.ports import AthleteView, DaySession, Tile, WeekBar
from sensor_hub.model.ratio import LoadRatio
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.model.timeline import Timeline
from tests.adapters.web.timelines import timeline_of

NOW = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
TODAY = date(2026, 11, 20)
MONDAY = date(2026, 11, 16)
WARNINGS = ("a gap of 3 s", "silence", "slipped:pod-left")


def athlete(key: str, name: str, *, simulated: bool = False) -> Athlete:
    return Athlete(key, name, "Europe/Berlin", mass_kg=61.0, simulated=simulated)


def finding(key: str = "mia", measure: Measure = "load_eq_km", **changes: object) -> Finding:
    base = Finding(
        athlete=key, rule="session-limit", scope=f"session:{key}-1", measure=measure, level="limit", severity="alert",
        certainty="above", probability=0.93, value=12.4, reference=10.2, limit=11.22, window_days=30,
        confidence="normal", lower_bound=False, first_utc=NOW - timedelta(minutes=4), updated_utc=NOW, origin="live",
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]


def headroom(measure: Measure, limit: float | None, so_far: float | None, reason: str | None = None) -> Headroom:
    left = None if limit is None or so_far is None else limit - so_far
    reference = None if limit is None else limit / 1.1
    return Headroom(measure, reference, limit, so_far, left, "normal", reason)


def tile(who: Athlete, state: str, spm: float | None, contact_s: float | None, km: float, eq_km: float | None) -> Tile:
    totals = Totals(
        n_steps=9000, n_strides=4500, duration_s=3000, distance_m=km * 1000, cadence_spm=spm,
        contact_time_s=contact_s, load_eq_km=eq_km, load_eq_km_sd=0.3, coverage=0.97,
    )  # fmt: skip
    room = (headroom("distance_m", 11_220.0, km * 1000), headroom("load_eq_km", 11.22, eq_km))
    return Tile(who, state, spm, contact_s, totals, room, 0.4, "imu", "live", ())  # type: ignore[arg-type]


def roster() -> list[Tile]:
    mia = tile(athlete("mia", "Mia Lindqvist"), "alert", 172.0, 0.241, 11.9, 12.4)
    jon = tile(athlete("jon", "Jonas Okafor"), "near", 178.0, 0.228, 9.6, 10.6)
    ada = tile(athlete("ada", "Ada Brandt"), "ok", 184.0, 0.212, 6.2, 6.0)
    sim = tile(athlete("sim", "Simulated runner", simulated=True), "ok", 166.0, 0.255, 3.1, 3.3)
    new = tile(athlete("new", "Teresa de Jesús Montalbán-Quiñones"), "unknown", 169.0, None, 4.4, None)
    none = (
        headroom("distance_m", None, 4400.0, "no-history"),
        headroom("load_eq_km", None, None, "no-history"),
    )
    rested = (headroom("distance_m", 9_900.0, 0.0), headroom("load_eq_km", 9.9, 0.0))
    off = Tile(athlete("off", "Kim Sato"), "idle", None, None, None, rested, 5400.0, None, None, ())
    return [
        replace(mia, findings=(finding(), finding(measure="distance_m", value=11_900.0, reference=10_200.0,
                                                  limit=11_220.0, probability=1.0))),
        replace(jon, findings=(finding("jon", level="near", certainty="below", probability=0.2, value=10.6,
                                       severity="info"),)),
        replace(new, headroom=none, tier="speed"),
        ada,
        replace(sim, origin="simulated"),
        off,
    ]  # fmt: skip


def weeks() -> tuple[WeekBar, ...]:
    km = [31.0, 33.5, 36.0, 28.0, None, 38.5, 41.0, 0.0, 35.5, 44.0, 47.5, 29.4]
    limits = [None, None, None, 39.6, 39.6, 39.6, 42.4, 45.1, 45.1, 45.1, 48.4, 52.3]
    return tuple(
        WeekBar(
            MONDAY - timedelta(weeks=11 - i),
            None if v is None else v * 1000,
            None if v is None else v * 1.04,
            0 if v is None else int(v // 8),
            i == 8,
            None if limit is None else limit * 1000,
            None if limit is None else limit * 1.04,
            load_eq_km_sd=None if v is None else v * 0.03,
            hard_load_bw_s=None if v is None else v * 30,
            hard_load_sd=None if v is None else v * 3,
            reference_distance_m=None if limit is None else limit * 1000 / 1.1,
            reference_load_eq_km=None if limit is None else limit * 1.04 / 1.1,
            tolerance_distance_m=None if limit is None else limit * (900 if i == 8 else 1000) / 1.1,
            tolerance_load_eq_km=None if limit is None else limit * (0.936 if i == 8 else 1.04) / 1.1,
        )
        for i, (v, limit) in enumerate(zip(km, limits, strict=True))
    )


def days() -> tuple[DaySession, ...]:
    rows = [
        (29, 6.0, None, 0.99), (27, 8.2, 6.6, 0.98), (25, 7.0, 9.0, 0.99), (23, 9.3, 9.0, 0.97), (21, 5.0, 10.2, 0.99),
        (19, 8.0, 10.2, 0.61), (18, None, 10.2, None), (16, 10.2, 10.2, 0.99), (14, 6.5, 11.2, 0.99),
        (12, 9.0, 11.2, 0.98), (9, 7.2, 11.2, 0.99), (9, 4.1, 11.2, 0.99), (7, 10.0, 11.2, 0.99), (5, 6.1, 11.2, 0.99),
        (3, 8.3, 11.2, 0.99), (0, 11.9, 11.22, 0.97),
    ]  # fmt: skip
    return tuple(
        DaySession(
            f"mia-{i}", TODAY - timedelta(days=back), None if km is None else km * 1000,
            None if km is None else km * 1.04, coverage, None if limit is None else limit * 1000,
            None if limit is None else limit * 1.0, "live", back != 0,
            load_eq_km_sd=None if km is None else km * 0.03, hard_load_bw_s=None if km is None else km * 30,
            hard_load_sd=None if km is None else km * 3,
            limit_hard_load_bw_s=None if limit is None else limit * 33,
            reference_distance_m=None if limit is None else limit * 1000 / 1.1,
            reference_load_eq_km=None if limit is None else limit / 1.1,
            reference_hard_load_bw_s=None if limit is None else limit * 30,
        )
        for i, (back, km, limit, coverage) in enumerate(rows)
    )  # fmt: skip


class ScriptedMarks:
    """Marks in memory. at_utc : when the next one is made."""

    def __init__(self) -> None:
        self.at_utc = NOW
        self.begin_anew()

    def begin_anew(self) -> None:
        """Have none."""
        self.made: list[FindingMark] = []

    def of(self, athlete: str) -> dict[str, FindingMark]:
        return {mark.finding: mark for mark in self.made if mark.athlete == athlete}

    def acknowledge(self, finding: Finding, *, by: str) -> FindingMark:
        return self._put(FindingMark(finding.athlete, finding.about, finding.level, self.at_utc, by))

    def snooze(self, finding: Finding, until_utc: datetime, *, by: str) -> FindingMark:
        return self._put(FindingMark(finding.athlete, finding.about, finding.level, self.at_utc, by, until_utc))

    def _put(self, mark: FindingMark) -> FindingMark:
        self.made = [m for m in self.made if m.finding != mark.finding] + [mark]
        return mark

    def unmark(self, finding: Finding, *, by: str) -> None:
        self.made = [m for m in self.made if m.finding != finding.id]


class ScriptedHub:
    """A HubView over plain lists; ``broken`` makes every read fail, ``problem`` is its trouble."""

    def __init__(self) -> None:
        self._news = News()
        self.roster = roster()
        self.broken = False
        self.problem: str | None = None
        self.let_go = False  # of single steps
        self.withdrawn: tuple[Finding, ...] = ()  # of Mia's
        self.marks: ScriptedMarks | None = None

    def trouble(self) -> str | None:
        return self.problem

    def _read(self) -> None:
        if self.broken:
            raise StoreError("hub.db: disk is full (free some space)")

    def tiles(self) -> list[Tile]:
        self._read()
        return list(self.roster)

    @property
    def roster(self) -> list[Tile]:
        return self._roster

    @roster.setter
    def roster(self, tiles: list[Tile]) -> None:
        self._roster = tiles
        self._news.tell()

    def tile(self, athlete: str, *, own: bool = False) -> Tile | None:
        del own
        self._read()
        return next((t for t in self.roster if t.athlete.id == athlete), None)

    def person(self, athlete: str) -> Athlete | None:
        found = self.athlete(athlete)
        return None if found is None else found.tile.athlete

    def news(self, since: int) -> tuple[int, frozenset[str] | None]:
        return self._news.since(since)

    def listen(self, wake: Callable[[], None]) -> Callable[[], None]:
        return self._news.listen(wake)

    def change(self, key: str, **changes: object) -> None:
        """Change fields of an athlete's tile."""
        self._roster = [
            replace(t, **changes) if t.athlete.id == key else t  # type: ignore[arg-type]
            for t in self.roster
        ]
        self._news.tell(key)

    def athlete(self, athlete: str) -> AthleteView | None:
        self._read()
        found = next((t for t in self.roster if t.athlete.id == athlete), None)
        if found is None:
            return None
        if found.athlete.id != "mia":
            load = LoadStatus(
                athlete, "Europe/Berlin", TODAY.isoformat(), None, None, None, None, found.headroom, "live"
            )
            return AthleteView(found, TODAY, (), (), load, found.findings)
        load = LoadStatus(
            athlete, "Europe/Berlin", TODAY.isoformat(), 11_900.0, 12.4, 29_400.0, float("nan"), found.headroom, "live"
        )
        week = finding(
            "mia", "distance_m", rule="week-limit", scope="week:2026-11-16", severity="info", level="near",
            certainty="below", probability=0.0, value=49_000.0, reference=47_500.0, limit=52_250.0, window_days=28,
        )  # fmt: skip
        ratios = (
            LoadRatio("distance_m", 1.12, 1.08), LoadRatio("load_eq_km", None, None, "mixed-instruments"),
        )  # fmt: skip
        marks = {} if self.marks is None else dict(self.marks.of(athlete))
        return AthleteView(
            found, TODAY, weeks(), days(), load, (*found.findings, week), ratios=ratios, marks=marks,
            withdrawn=self.withdrawn,
        )  # fmt: skip

    def sessions(self, athlete: str) -> list[SessionSummary]:
        self._read()
        return [summary] if (summary := self.session(f"{athlete}-1")) is not None else []

    def session(self, sid: str) -> SessionSummary | None:
        self._read()
        if sid != "mia-1":
            return None
        header = SessionHeader(sid, "mia", "Europe/Berlin", "live", "imu", "achilles-1.0.0", "ref-pop-1", "pod",
                               instrument="imu/feet/foot-1.0", surface="treadmill")  # fmt: skip
        totals = Totals(
            n_steps=8600, n_strides=4300, duration_s=2950.0, distance_m=11_900.0, load_eq_km=float("nan"),
            duty_factor=0.36, flight_time_s=0.1, contact_balance_left=0.49, contact_time_bias_s=float("nan"),
            foot_pitch_rad=0.2, foot_strike="rearfoot", load_bw_s=3100.0, load_left_bw_s=3050.0, load_right_bw_s=3150.0,
            achilles_peak_bw=5.1, leg_stiffness_bw_per_m=float("nan"), n_walk_steps=40.0, walk_load_bw_s=9.5,
        )  # fmt: skip
        return SessionSummary(header, NOW - timedelta(hours=1), NOW, totals, "pod", WARNINGS, ended=False)

    def pruned(self, sid: str) -> bool:
        self._read()
        return self.let_go

    def timeline(self, sid: str) -> Timeline | None:
        self._read()
        return None if self.let_go or self.session(sid) is None else timeline_of(sid, NOW - timedelta(hours=1))

    def steps(self, sid: str) -> StepTable:
        self._read()
        columns = {name: np.array([0.25, np.nan, 0.25, 0.25]) for name in FLOAT_COLUMNS}
        columns["n_steps"] = np.array([2.0, 1.0, 1.0, 2.87])
        times = 1_763_634_600_000_000 + 350_000 * np.arange(4)
        return StepTable(
            time_utc_us=times, side=np.array(["L", "R", "U", "U"]), gait=np.array(["run", "walk", "", "run"]),
            step_time_origin=np.array(["estimated", "estimated", "measured", ""]), **columns,
        )  # fmt: skip

    def findings(self, *, withdrawn: bool = False) -> list[Finding]:
        self._read()
        standing = [f for t in self.roster for f in t.findings]
        return [*standing, *self.withdrawn] if withdrawn else standing
