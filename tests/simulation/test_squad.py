import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub import wire
from sensor_hub.app.replaying import simulated_setup
from sensor_hub.guidelines.evaluate import standing
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.reference import REF_POP_1
from sensor_hub.load.remodel import remodelled
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import StepTable, Tier
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionSummary
from sensor_hub.session.run_session import RunSession
from sensor_hub.simulation import past_loads
from sensor_hub.simulation.past_loads import speed_load
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.simulation.squad import LiveRun, SimulatedSeason, live_runs, season, squad

TODAY = date(2026, 11, 20)
MEASURES = ("distance_m", "load_eq_km", "hard_load_bw_s")
SEASONS = st.builds(
    lambda seed, today: season(seed, today, model="m-1", reference="r-1"),
    st.integers(0, 2**31),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)


def local_day(session: SessionSummary) -> date:
    return session.start_utc.astimezone(ZoneInfo(session.header.zone)).date()


def earlier(sessions: tuple[SessionSummary, ...], day: date) -> list[SessionSummary]:
    return [s for s in sessions if 1 <= (day - local_day(s)).days <= 30]


def value(session: SessionSummary, measure: str) -> float:
    known = getattr(session.totals, measure)
    assert known is not None
    return float(known)


def as_modelled(speed_mps: float, running_s: float, tier: Tier = "imu", n: int = 10) -> Totals:
    """What the load model gives the population's gait at a speed, in n rows of even steps."""
    step_s = float(REF_POP_1.step_time_s(speed_mps))
    unknown = np.full(n, np.nan)
    told: dict[str, Any] = {
        "time_utc_us": np.arange(n, dtype=np.int64), "side": np.full(n, "R"), "step_time_s": np.full(n, step_s),
        "n_steps": np.full(n, running_s / step_s / n), "speed_mps": np.full(n, speed_mps),
        "contact_time_s": np.full(n, float(REF_POP_1.contact_time_s(speed_mps))),
        "contact_time_sd": np.full(n, 0.005), "gait": np.full(n, "run"),
    }  # fmt: skip
    steps = StepTable(**{f.name: told.get(f.name, unknown) for f in fields(StepTable)})
    sums = SessionTotals(ACHILLES_1, tier)
    sums.add(remodelled(steps, ACHILLES_1, tier), np.full(n, True))
    sums.recorded_s = running_s
    return sums.totals()


def live_eq_km(run: LiveRun) -> float:
    """About what a live run will have: steady running at its plan's speed."""
    distance_m, speed_mps = run.profile.distance_m(run.profile.t_s)[-1], float(np.max(run.profile.speed_mps))
    return as_modelled(speed_mps, distance_m / speed_mps).load_eq_km or 0.0


def session_of(run: LiveRun) -> SessionSummary:
    """Take a live run through the session, as the demonstration does."""
    start_utc = datetime(2026, 11, 20, 7, tzinfo=UTC)
    session = RunSession(simulated_setup(run, run.athlete, start_utc))
    events = [*session.receive_many(run.notifications(start_utc)), *session.finish()]
    (summary,) = [event for event in events if isinstance(event, SessionSummary)]
    return summary


@pytest.mark.parametrize("number", [0, pytest.param(1, marks=pytest.mark.thorough), 2])
def test_a_live_run_is_measured_and_loaded_as_the_past_of_its_runner(number: int) -> None:
    run = live_runs(1)[number]
    speed_mps = float(np.max(run.profile.speed_mps))
    live = session_of(replace(run, profile=SpeedProfile.steady(speed_mps, 1500.0)))
    past = season(1, TODAY, model=ACHILLES_1.version, reference=ACHILLES_1.reference.id)[number].sessions
    assert {(s.header.tier, s.header.instrument, s.header.model, s.header.reference) for s in past} == {
        (live.header.tier, live.header.instrument, live.header.model, live.header.reference)
    }
    expected = speed_load(speed_mps, live.header.tier)
    load_bw_s = value(live, "load_bw_s")
    assert live.totals.load_eq_km == pytest.approx(1500.0 / speed_mps * expected.eq_km_per_s, rel=0.02)
    assert value(live, "load_eq_km_sd") / value(live, "load_eq_km") == pytest.approx(expected.sd, rel=0.1)
    assert value(live, "hard_load_bw_s") / load_bw_s == pytest.approx(expected.hard, abs=0.08)
    assert value(live, "hard_load_sd") / load_bw_s == pytest.approx(expected.hard_sd, abs=0.05)
    assert value(live, "push_off_bw_s") / load_bw_s == pytest.approx(past_loads.PUSH_OFF, rel=0.001)
    assert live.totals.achilles_peak_bw == pytest.approx(expected.peak_bw, rel=0.02)
    status = standing(run.athlete, [*past, live], live.end_utc, live.header.sid).status
    assert status.bridging is None
    assert [h.reason for h in status.headroom if h.measure != "hard_load_bw_s"] == [None, None]
    assert status.week.load_eq_km is not None
    assert status.week.push_off_bw_s is not None


def test_the_constants_of_the_past_are_those_of_the_load_model() -> None:
    assert pytest.approx(ACHILLES_1.eq_km_bw_s, abs=0.001) == past_loads.EQ_KM_BW_S
    assert pytest.approx(ACHILLES_1.easy_peak_bw, abs=0.001) == past_loads.EASY_PEAK_BW
    assert pytest.approx(ACHILLES_1.hard_line_bw, abs=0.001) == past_loads.HARD_LINE_BW
    for speed_mps in (2.6, 2.78, 3.1, 3.78):
        whole = as_modelled(speed_mps, 1000.0, n=3000)
        load = speed_load(speed_mps, "imu")
        assert whole.load_eq_km == pytest.approx(1000.0 * load.eq_km_per_s, rel=0.001)
        assert (whole.load_eq_km_sd or 0) / (whole.load_eq_km or 1) == pytest.approx(load.sd, rel=0.05)


def test_the_squad_is_six_simulated_people_with_names_and_pseudonyms_of_their_own() -> None:
    athletes = squad(1)
    assert len({a.display_name for a in athletes}) == len({a.id for a in athletes}) == 6
    for athlete in athletes:
        assert athlete.simulated
        assert athlete.display_name.endswith("(simulated)")
        assert re.fullmatch("[a-z2-7]{8}", athlete.id)
        assert ZoneInfo(athlete.zone).key == athlete.zone


@given(SEASONS)
@settings(max_examples=10)
def test_every_session_is_plausible_and_agrees_with_itself(squads: tuple[SimulatedSeason, ...]) -> None:
    sids = [s.header.sid for one in squads for s in one.sessions]
    assert len(set(sids)) == len(sids)
    for one in squads:
        assert [s.start_utc for s in one.sessions] == sorted(s.start_utc for s in one.sessions)
        for s in one.sessions:
            t = s.totals
            assert (s.header.origin, s.header.model, s.header.reference) == ("simulated", "m-1", "r-1")
            assert (s.header.athlete, s.header.zone, s.source) == (one.athlete.id, one.athlete.zone, "simulated season")
            assert re.fullmatch("[0-9a-hjkmnp-tv-z]{26}", s.header.sid)
            assert t.coverage == pytest.approx(0.6) or 0.97 <= (t.coverage or 0) <= 1
            speed_mps = (t.distance_m or 0) / t.duration_s
            assert 2.4 < speed_mps < 4.0
            flat_eq_km = as_modelled(speed_mps, t.duration_s).load_eq_km
            assert t.load_eq_km == pytest.approx((flat_eq_km or 0) * (t.coverage or 0), rel=0.011)
            assert t.load_bw_s == pytest.approx((t.load_eq_km or 0) * ACHILLES_1.eq_km_bw_s, rel=1e-5)
            assert 0 <= value(s, "hard_load_bw_s") <= value(s, "load_bw_s")
            assert 0.02 < value(s, "load_eq_km_sd") / value(s, "load_eq_km") < 0.04
            assert t.n_steps == pytest.approx((t.cadence_spm or 0) / 60 * t.duration_s * (t.coverage or 0))
            assert t.n_strides == t.n_steps / 2
            assert (t.contact_time_s is None) == (s.header.tier == "speed")
            assert s.end_utc - s.start_utc == timedelta(seconds=round(t.duration_s))


@given(SEASONS)
@settings(max_examples=15)
def test_no_past_session_goes_past_a_limit(squads: tuple[SimulatedSeason, ...]) -> None:
    for one in squads:
        for s in one.sessions:
            for measure in MEASURES:
                before = [value(e, measure) / (e.totals.coverage or 1) for e in earlier(one.sessions, local_day(s))]
                limit = 1.10 * max(before, default=float("inf"))
                assert value(s, measure) / (s.totals.coverage or 1) <= limit, (one.athlete.display_name, measure)


@given(st.integers(0, 2**31), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
@settings(max_examples=15)
def test_the_first_runner_may_run_five_and_a_half_kilometres_today_and_runs_on(seed: int, today: date) -> None:
    first = season(seed, today, model="m", reference="r")[0]
    before = earlier(first.sessions, today)
    limit_m = 1.10 * max(value(s, "distance_m") for s in before)
    assert limit_m == pytest.approx(5500, rel=0.02)
    assert max(value(s, "distance_m") for s in first.sessions) > 8000  # it was a light month, not a beginner
    profile = live_runs(seed)[0].profile
    assert profile.distance_m(profile.t_s)[-1] > 1.1 * limit_m
    load_limit_eq_km = 1.10 * max(value(s, "load_eq_km") for s in before)
    assert live_eq_km(live_runs(seed)[0]) > 1.1 * load_limit_eq_km


@given(st.integers(0, 2**31), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
@settings(max_examples=15)
def test_the_two_others_stay_well_within_their_limits(seed: int, today: date) -> None:
    seasons = season(seed, today, model="m", reference="r")
    for run, one in zip(live_runs(seed)[1:], seasons[1:3], strict=True):
        assert run.athlete == one.athlete
        for measure, today_value in {
            "distance_m": run.profile.distance_m(run.profile.t_s)[-1],
            "load_eq_km": live_eq_km(run),
        }.items():
            limit = 1.10 * max(value(s, measure) for s in earlier(one.sessions, today))
            assert today_value < 0.85 * limit


def test_the_squad_has_a_beginner_a_break_a_marathoner_and_two_poor_recordings() -> None:
    seasons = season(7, TODAY, model="m", reference="r")
    days = [[(TODAY - local_day(s)).days for s in one.sessions] for one in seasons]
    assert all(max(d) > 77 and min(d) >= 1 for d in days[:5])
    assert max(days[5]) == 6
    gaps = [max(a - b for a, b in pairwise(d)) for d in days[:5]]
    assert gaps[4] >= 21 > max(gaps[:4])
    assert max(value(s, "distance_m") for s in seasons[3].sessions) > 25_000
    poor = [s for one in seasons for s in one.sessions if s.totals.coverage == 0.6]
    assert len(poor) == 2
    shares = [value(s, "hard_load_bw_s") / value(s, "load_eq_km") for s in seasons[1].sessions[5:]]
    assert max(shares) > 1.5 * min(shares)  # speed days


def test_a_season_and_its_live_runs_are_the_same_for_the_same_seed() -> None:
    assert season(3, TODAY, model="m", reference="r") == season(3, TODAY, model="m", reference="r")
    assert season(3, TODAY, model="m", reference="r") != season(4, TODAY, model="m", reference="r")
    first, again = (next(run.notifications(datetime(2026, 1, 1, tzinfo=UTC))) for run in (live_runs(3)[0],) * 2)
    assert first == again
    assert [r.devices for r in live_runs(3)] == [r.devices for r in live_runs(3)]


def test_a_registrys_pseudonyms_are_used_and_a_real_athlete_is_refused() -> None:
    known = [replace(a, id=f"{i}abcdefg") for i, a in enumerate(squad(1), start=2)]
    seasons = season(1, TODAY, model="m", reference="r", athletes=known)
    assert [one.athlete for one in seasons] == known
    assert {s.header.athlete for s in seasons[2].sessions} == {"4abcdefg"}
    assert [d.athlete for run in live_runs(1, known) for d in run.devices] == ["2abcdefg"] * 2 + ["3abcdefg"] * 2 + [
        "4abcdefg"
    ]
    for wrong in ([*known[:5], Athlete("x", "Real", "UTC")], known[:5]):
        with pytest.raises(ValueError, match="6 athletes who are simulated"):
            season(1, TODAY, model="m", reference="r", athletes=wrong)


def test_sessions_pass_the_wire_contract() -> None:
    for one in season(1, TODAY, model="m", reference="r"):
        for seq, summary in enumerate(one.sessions):
            message = wire.encode(summary, topics=wire.Topics(), gw="sim", seq=seq)
            event = wire.decode(message.payload).event
            assert isinstance(event, SessionSummary)
            assert (event.header, event.start_utc, event.source) == (summary.header, summary.start_utc, summary.source)


def test_the_live_runners_wear_what_they_should_and_their_devices_may_be_replaced() -> None:
    runs = live_runs(2)
    worn = [[(d.profile, d.side, d.mount) for d in run.devices] for run in runs]
    imu, pod = ("fuzzylabs-shank-logger", "R", "shank"), ("standard-rsc", "U", "foot")
    assert worn == [[imu, pod], [imu, pod], [pod]]
    assert all("simulated" in d.name and d.address.startswith("simulated:") for run in runs for d in run.devices)
    assert len({d.id for run in runs for d in run.devices}) == 5
    start_utc = datetime(2026, 11, 20, 7, tzinfo=UTC)
    run = replace(runs[2], devices=(replace(runs[2].devices[0], id="pod44444"),))
    raw = list(run.notifications(start_utc))
    assert {r.device for r in raw} == {"pod44444"}
    assert raw[0].arrival_utc == start_utc + timedelta(seconds=run.start_offset_s + 0.37)
    assert len(raw) == pytest.approx(run.profile.duration_s, abs=1)
    assert len(run.truth().initial_contact_s) > 2000
    shank = next(runs[0].notifications(start_utc))
    assert (shank.device, shank.characteristic, len(shank.payload)) == (runs[0].devices[0].id, "2fff", 28)


def test_the_past_says_how_fast_and_how_hilly_it_was_and_nothing_of_slopes_that_no_device_tells() -> None:
    for one in season(1, TODAY, model="m-1", reference="r-1"):
        told = [s.totals for s in one.sessions]
        tier = one.sessions[0].header.tier
        assert all((t.uphill_s is None) == (t.ascent_m is None) == (tier == "speed") for t in told)
        for t in told:
            assert t.median_speed_mps is not None
            assert t.median_speed_mps == pytest.approx((t.distance_m or 0) / t.duration_s, rel=1e-6)
            assert 1.0 <= (t.speed_5min_mps or 0) / t.median_speed_mps < 1.1
            assert t.uphill_s is None or 0 <= t.uphill_s < 0.1 * t.duration_s
            assert t.ascent_m is None or 0 < t.ascent_m < 0.015 * (t.distance_m or 0)


def test_a_live_run_and_the_past_of_its_runner_are_as_fast() -> None:
    run = live_runs(1)[0]
    speed_mps = float(np.max(run.profile.speed_mps))
    live = session_of(replace(run, profile=SpeedProfile.steady(speed_mps, 1500.0)))
    assert live.totals.median_speed_mps == pytest.approx(speed_mps, rel=0.02)
    assert live.totals.speed_5min_mps == pytest.approx(speed_mps, rel=0.03)
    assert live.totals.uphill_s is None
