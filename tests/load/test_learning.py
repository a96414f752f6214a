"""A runner's own reference from steps: what it is made of, when it is refused, and how sure it is."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.load.achilles import ACHILLES_1, VERSION, AchillesModel, StepInputs, population_reference
from sensor_hub.load.expressing import expressed
from sensor_hub.load.learning import OFF, PastSession, change, learn
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.load.remodel import totals_after
from sensor_hub.load.tendon import FOREFOOT, REARFOOT
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Conditions, LoadReference, Totals
from sensor_hub.model.reference import Learned, NotYet

TODAY = date(2026, 11, 21)
FIRST = TODAY - timedelta(days=27)
INSTRUMENT = "imu/foot/foot-1.0"
HARD = 4.0  # m/s


def steps(
    n: int = 1000,
    *,
    seed: int = 0,
    speed_mps: float = EASY_SPEED_MPS,
    contact_factor: float = 1.0,
    contact_error_s: float = 0.0,
    scatter_s: float = 0.005,
    knows_speed: bool = True,
    grade: float = float("nan"),
    gait: str = "run",
    quality: float = 0.9,
    n_steps: float = 2.0,
    foot_pitch_rad: float = float("nan"),
) -> StepTable:
    """Rows of a runner whose contacts differ from the population's by a factor, as a pod would tell them."""
    rng = np.random.default_rng(seed)
    step_s = np.full(n, float(REF_POP_1.step_time_s(speed_mps))) + rng.normal(0, 0.003, n)
    contact_s = contact_factor * float(REF_POP_1.contact_time_s(speed_mps)) + rng.normal(0, scatter_s, n)
    contact_s = contact_s + contact_error_s
    unknown = np.full(n, np.nan)
    v = np.full(n, speed_mps)
    is_walk = np.full(n, gait == "walk")
    slopes, sd = np.full(n, grade), np.full(n, 0.010)
    pitch_rad = np.full(n, foot_pitch_rad)
    forces = ACHILLES_1.step_loads(StepInputs(step_s, contact_s, sd, v, slopes, pitch_rad, is_walk))
    return StepTable(
        time_utc_us=np.arange(n, dtype=np.int64) * 700_000,
        side=np.full(n, "L"),
        n_steps=np.full(n, n_steps),
        step_time_s=step_s,
        contact_time_s=contact_s,
        contact_time_sd=sd,
        flight_time_s=unknown,
        speed_mps=v if knows_speed else unknown,
        quality=np.full(n, quality),
        foot_pitch_rad=pitch_rad,
        step_time_origin=np.full(n, "estimated"),
        grade=slopes,
        gait=np.full(n, gait, dtype="<U4"),
        **{name: getattr(forces, name) for name in type(forces).__slots__},
    )


def session(day: int, *tables: StepTable, coverage: float | None = 1.0) -> PastSession:
    """A run so many days before today."""
    return PastSession(f"sid-{day:02d}", TODAY - timedelta(days=day), coverage, StepTable.concatenate(tables))


def season(n: int = 6, **how: object) -> list[PastSession]:
    return [session(4 * k, steps(seed=k, **how)) for k in range(n)]  # type: ignore[arg-type]


def learned(sessions: list[PastSession], **changes: object) -> Learned:
    found = asked(sessions, **changes)
    assert isinstance(found, Learned), found
    return found


def asked(sessions: list[PastSession], **changes: object) -> Learned | NotYet:
    given_: dict[str, object] = {"instrument": INSTRUMENT, "model": VERSION, "first_day": FIRST, "today": TODAY}
    return learn(sessions, **(given_ | changes))  # type: ignore[arg-type]


def test_a_runner_like_the_population_has_the_population_s_kilometre() -> None:
    own = learned(season()).reference
    assert own.step_time_s == pytest.approx(float(REF_POP_1.step_time_s(EASY_SPEED_MPS)), abs=0.0005)
    assert own.contact_time_s == pytest.approx(float(REF_POP_1.contact_time_s(EASY_SPEED_MPS)), abs=0.0005)
    assert abs(change(population_reference(), own).easy_km) < 0.002
    assert (own.instrument, own.model, own.learned_on, own.n_sessions) == (INSTRUMENT, VERSION, TODAY, 6)
    assert own.n_steps == 12_000
    assert own.id == ""


@given(st.floats(2.3, 3.6), st.floats(0.85, 1.15))
@settings(max_examples=25)
def test_whatever_speed_is_easy_the_times_are_those_of_2_78_mps(speed_mps: float, factor: float) -> None:
    own = learned(season(speed_mps=speed_mps, contact_factor=factor)).reference
    assert own.step_time_s == pytest.approx(float(REF_POP_1.step_time_s(EASY_SPEED_MPS)), abs=0.001)
    assert own.contact_time_s == pytest.approx(factor * float(REF_POP_1.contact_time_s(EASY_SPEED_MPS)), abs=0.001)


def test_an_easy_kilometre_of_the_runner_is_one_eq_km_in_their_own_reference() -> None:
    """Their contacts are a tenth shorter than the population's, so the population's kilometre makes it 5 % more."""
    own = AchillesModel(learned(season(contact_factor=0.9)).reference)
    run = steps(2000, seed=99, contact_factor=0.9)
    km = float((run.step_time_s * run.n_steps).sum() * EASY_SPEED_MPS / 1000)
    load_bw_s = float((run.achilles_impulse_bw_s * run.n_steps / 2).sum())
    assert load_bw_s / own.eq_km_bw_s / km == pytest.approx(1.0, abs=0.005)
    assert load_bw_s / ACHILLES_1.eq_km_bw_s / km == pytest.approx(0.9**-0.5, abs=0.005)


@given(st.floats(-0.3, 0.3))
@settings(max_examples=15)
def test_however_the_foot_lands_an_easy_kilometre_is_one_eq_km(foot_pitch_rad: float) -> None:
    own = AchillesModel(learned(season(foot_pitch_rad=foot_pitch_rad)).reference)
    run = steps(2000, seed=99, foot_pitch_rad=foot_pitch_rad)
    km = float((run.step_time_s * run.n_steps).sum() * EASY_SPEED_MPS / 1000)
    load_bw_s = float((run.achilles_impulse_bw_s * run.n_steps / 2).sum())
    assert load_bw_s / own.eq_km_bw_s / km == pytest.approx(1.0, abs=0.005)
    assert own.reference.strike_factor >= 1.0


def test_a_forefoot_loads_more_and_an_untold_strike_counts_as_a_heel_s() -> None:
    assert learned(season(foot_pitch_rad=-0.4)).reference.strike_factor == FOREFOOT.lever / REARFOOT.lever
    assert learned(season(foot_pitch_rad=0.4)).reference.strike_factor == 1.0
    assert learned(season()).reference.strike_factor == 1.0


def test_a_tenth_of_easy_steps_is_hard() -> None:
    own = learned(season()).reference
    run = steps(5000, seed=99)
    assert float((run.achilles_peak_bw > own.hard_line_bw).mean()) == pytest.approx(0.10, abs=0.02)


def test_fast_stretches_steep_stretches_and_walks_change_nothing() -> None:
    plain = learned(season())
    others = [steps(300, seed=7, speed_mps=HARD), steps(300, seed=8, grade=0.05), steps(300, seed=9, gait="walk")]
    others += [steps(300, seed=10, grade=-0.05), steps(300, seed=11, quality=0.0)]
    mixed = [session(4 * k, steps(seed=k), *others) for k in range(6)]
    assert learned(mixed) == plain


def test_a_slope_up_to_three_percent_counts_as_flat() -> None:
    assert learned(season(grade=0.029)).reference.n_steps == 12_000
    assert isinstance(asked(season(grade=0.031)), NotYet)


def test_without_a_speed_the_quarter_with_the_largest_force_is_not_easy() -> None:
    """They are of easy running as it was: nobody knows how fast that was, and it is said."""
    mixed = [
        session(4 * k, steps(750, seed=k, knows_speed=False),
                steps(250, seed=k + 50, speed_mps=HARD, knows_speed=False))
        for k in range(6)
    ]  # fmt: skip
    own = learned(mixed)
    assert not own.at_easy_speed
    assert own.reference.n_steps == pytest.approx(9000, rel=0.02)
    assert own.reference.contact_time_s == pytest.approx(float(REF_POP_1.contact_time_s(EASY_SPEED_MPS)), abs=0.001)
    assert learned(season()).at_easy_speed


@given(st.permutations(range(6)), st.integers(0, 2**31))
@settings(max_examples=25)
def test_the_order_of_sessions_changes_no_bit(order: list[int], seed: int) -> None:
    runs = [session(4 * k, steps(400 + 100 * k, seed=seed % 1000 + k)) for k in range(6)]
    assert learned([runs[k] for k in order]) == learned(runs)


def test_one_session_with_a_slipped_sensor_hardly_moves_the_times() -> None:
    runs = [*season(5), session(20, steps(seed=20, contact_error_s=0.060))]
    moved_s = learned(runs).reference.contact_time_s - learned(season()).reference.contact_time_s
    assert abs(moved_s) < 0.001


def test_a_week_too_few_runs_and_too_few_steps_are_each_said_with_how_much_is_left() -> None:
    young = asked(season(), first_day=TODAY - timedelta(days=11))
    assert young == NotYet(INSTRUMENT, ("days",), days_left=3)
    assert isinstance(asked(season(), first_day=TODAY - timedelta(days=14)), Learned)
    few = asked(season(3))
    assert few == NotYet(INSTRUMENT, ("sessions",), sessions_left=1)
    short = asked([session(k, steps(150, seed=k)) for k in range(5)])
    assert short == NotYet(INSTRUMENT, ("steps",), steps_left=500.0)
    assert asked([], first_day=TODAY) == NotYet(INSTRUMENT, ("days", "sessions", "steps"), 14, 4, 2000.0)


def test_runs_from_before_the_window_or_hardly_recorded_do_not_count() -> None:
    runs = season(3)
    assert asked([*runs, session(28, steps(seed=5))]) == asked(runs)
    assert isinstance(asked([*runs, session(27, steps(seed=5))]), Learned)
    for coverage in (0.79, None):
        assert asked([*runs, session(20, steps(seed=5), coverage=coverage)]) == asked(runs)
    assert isinstance(asked([*runs, session(20, steps(seed=5), coverage=0.8)]), Learned)
    assert asked([*runs, session(-1, steps(seed=5))]) == asked(runs)


def test_a_session_of_a_few_steps_is_none() -> None:
    assert asked([*season(3), session(20, steps(99, seed=5))]) == asked(season(3))
    assert isinstance(asked([*season(3), session(20, steps(100, seed=5))]), Learned)


def test_a_sensor_without_contact_time_never_learns_and_says_so() -> None:
    runs = [session(4 * k, _without_contact(steps(seed=k))) for k in range(6)]
    found = asked(runs, instrument="speed/standard-rsc")
    assert isinstance(found, NotYet)
    assert found.missing == ("contact-time",)


def test_runs_whose_instrument_nobody_stored_teach_nothing() -> None:
    found = asked(season(), instrument="")
    assert isinstance(found, NotYet)
    assert found.missing == ("instrument",)


def _without_contact(table: StepTable) -> StepTable:
    columns = {name: getattr(table, name) for name in StepTable.__slots__}
    return StepTable(**columns | {"contact_time_s": np.full(len(table), np.nan)})


def test_two_references_from_alternate_sessions_of_one_runner_are_alike() -> None:
    """The sampling error: remounting moves a day's contact times by 5 ms, steps scatter by 8 ms; 12 runs each."""
    rng = np.random.default_rng(4)
    km, line = [], []
    for runner in range(50):
        runs = [
            session(2 * k, steps(400, seed=100 * runner + k, contact_error_s=rng.normal(0, 0.005), scatter_s=0.008,
                                 speed_mps=EASY_SPEED_MPS + rng.normal(0, 0.15)))
            for k in range(12)
        ]  # fmt: skip
        apart = change(learned(runs[::2]).reference, learned(runs[1::2]).reference)
        km.append(apart.easy_km)
        line.append(apart.hard_line)
    assert np.std(km) < 0.010  # of 200 runners: 0.63 %
    assert np.std(line) < 0.045  # 3.0 %
    assert np.std(line) > np.std(km)


def test_a_reference_is_off_beyond_five_percent_of_either_number() -> None:
    own = learned(season()).reference
    assert not change(own, own).is_off

    def with_line(factor: float) -> LoadReference:
        return LoadReference("x", own.step_time_s, own.contact_time_s, own.hard_line_bw * factor, VERSION)

    assert change(own, with_line(1 + OFF + 0.001)).is_off
    assert change(own, with_line(1 - OFF - 0.001)).is_off
    assert not change(own, with_line(1 + OFF - 0.001)).is_off
    shorter = LoadReference("x", own.step_time_s, own.contact_time_s * 0.9, own.hard_line_bw, VERSION)
    assert change(own, shorter).easy_km == pytest.approx(0.9**-0.5 - 1)
    assert change(own, shorter).is_off


# --- stored totals in another reference -------------------------------------------------------------------------------


def _totals(table: StepTable, model: AchillesModel) -> Totals:
    return totals_after(table, Totals(duration_s=1000.0, coverage=0.95, distance_m=3000.0), model, "imu")


@given(st.floats(0.85, 1.15), st.floats(0.8, 1.2))
@settings(max_examples=25)
def test_totals_in_another_reference_are_those_the_session_would_have_had(contact: float, line: float) -> None:
    pop = population_reference()
    own = AchillesModel(
        LoadReference("ref-own-1", pop.step_time_s, pop.contact_time_s * contact, pop.hard_line_bw * line, VERSION),
        Conditions(leg_length_m=0.9),
    )
    run = StepTable.concatenate([steps(200, seed=1), steps(200, seed=2, speed_mps=HARD), steps(20, gait="walk")])
    before, wanted = _totals(run, AchillesModel(conditions=Conditions(leg_length_m=0.9))), _totals(run, own)
    found = expressed(before, run, AchillesModel(own.reference), "imu")  # the leg's length is not known any more
    assert found is not None
    for name in Totals.__slots__:
        one, other = getattr(found, name), getattr(wanted, name)
        assert one == (pytest.approx(other, rel=1e-9) if isinstance(other, float) else other), name
    assert found.load_bw_s == before.load_bw_s
    back = expressed(found, run, ACHILLES_1, "imu")
    assert back is not None
    assert back.load_eq_km == pytest.approx(before.load_eq_km)
    assert back.hard_load_bw_s == before.hard_load_bw_s


def test_a_session_whose_steps_are_not_all_there_is_not_expressed_anew() -> None:
    run = steps(200)
    before = _totals(run, ACHILLES_1)
    assert expressed(before, run.only(np.arange(200) != 7), ACHILLES_1, "imu") is None
    assert expressed(before, StepTable.empty(), ACHILLES_1, "imu") is None
    assert expressed(Totals(load_eq_km=5.0), run, ACHILLES_1, "imu") is None
