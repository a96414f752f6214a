"""A run beside the runner's own: never by a preset, and no mark where earlier runs say nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.load.reference import REF_POP_1
from sensor_hub.load.usual import LEAST_SESSIONS, WINDOW, balance_beside, contact_beside, usual_of
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Origin, SessionHeader, SessionSummary

START = datetime(2026, 3, 10, 17, tzinfo=UTC)
HEADER = SessionHeader(
    "now", "ana", "UTC", "live", "imu", "achilles-1.0.0", "ref-pop-1", "pod", instrument="imu/feet/x"
)
PAST = timedelta(days=2)


def of_hers(speed_mps: float, factor: float = 1.0) -> float:
    """Contact time of somebody whose contacts are a tenth longer than the population's at every speed."""
    return 1.1 * factor * float(REF_POP_1.contact_time_s(speed_mps))


def run(sid: str, back: timedelta, speed_mps: float, factor: float = 1.0, left: float | None = 0.52) -> SessionSummary:
    totals = Totals(
        n_steps=5000, coverage=0.98, contact_time_s=of_hers(speed_mps, factor), median_speed_mps=speed_mps,
        contact_balance_left=left,
    )  # fmt: skip
    start = START - back
    return SessionSummary(replace(HEADER, sid=sid), start, start + timedelta(hours=1), totals)


def earlier(n: int = 6) -> list[SessionSummary]:
    wobble = (0.0, 0.012, -0.01, 0.006, -0.008, 0.004)
    return [run(f"p{i}", PAST * (i + 1), 2.6 + 0.15 * (i % 5), 1 + wobble[i % 6], 0.52 + wobble[i % 6] / 4)
            for i in range(n)]  # fmt: skip


def now(speed_mps: float, factor: float = 1.0, left: float | None = 0.52) -> SessionSummary:
    return replace(run("now", timedelta(0), speed_mps, factor, left), ended=False)


def beside(current: SessionSummary, before: list[SessionSummary]) -> tuple[str | None, str | None]:
    usual = usual_of(current, before)
    return contact_beside(current.totals, usual), balance_beside(current.totals, usual)


@given(st.floats(2.5, 3.4), st.floats(-0.02, 0.02))
def test_a_run_like_the_others_has_no_mark_at_any_speed_of_theirs(speed_mps: float, off: float) -> None:
    assert beside(now(speed_mps, 1 + off, 0.52 + off / 4), earlier()) == (None, None)


@pytest.mark.parametrize("origin", ["replay", "simulated"])
def test_what_was_replayed_or_simulated_is_no_past_of_a_run(origin: Origin) -> None:
    others = [replace(one, header=replace(one.header, origin=origin)) for one in earlier()]
    assert beside(now(2.7, 1.12), others) == (None, None)


@pytest.mark.parametrize(("factor", "mark"), [(1.12, "longer"), (0.88, "shorter")])
def test_a_contact_beyond_the_band_is_marked_at_its_own_speed(factor: float, mark: str) -> None:
    assert beside(now(2.7, factor), earlier())[0] == beside(now(3.2, factor), earlier())[0] == mark


def test_a_faster_run_is_not_marked_for_its_shorter_contact() -> None:
    slow, fast = of_hers(2.6), of_hers(3.4)
    assert fast < 0.88 * slow
    assert beside(now(3.4), earlier())[0] is None


@pytest.mark.parametrize(("left", "mark"), [(0.545, "left"), (0.495, "right"), (0.515, None), (0.53, None)])
def test_a_balance_is_held_against_the_runners_own_and_not_against_even(left: float, mark: str | None) -> None:
    assert beside(now(2.8, 1.0, left), earlier())[1] == mark


def test_too_few_runs_say_nothing() -> None:
    odd = now(2.8, 1.3, 0.6)
    assert beside(odd, earlier(LEAST_SESSIONS - 1)) == (None, None)
    assert beside(odd, earlier(LEAST_SESSIONS)) == ("longer", "left")


@pytest.mark.parametrize(
    "other",
    [
        lambda s: replace(s, header=replace(s.header, instrument="imu/foot/x")),
        lambda s: replace(s, header=replace(s.header, instrument="")),
        lambda s: replace(s, header=replace(s.header, ledger="walk")),
        lambda s: replace(s, ended=False),
        lambda s: replace(s, totals=replace(s.totals, coverage=0.5)),
        lambda s: replace(s, totals=replace(s.totals, coverage=None)),
        lambda s: replace(s, totals=replace(s.totals, n_steps=100)),
        lambda s: replace(s, start_utc=START - WINDOW - timedelta(minutes=1)),
        lambda s: replace(s, start_utc=START + timedelta(minutes=1)),
    ],
)
def test_only_runs_that_compare_count(other: object) -> None:
    assert callable(other)
    assert beside(now(2.8, 1.3, 0.6), [other(s) for s in earlier()]) == (None, None)


def test_a_run_that_has_hardly_begun_or_tells_no_speed_has_no_mark() -> None:
    odd = now(2.8, 1.3, 0.6)
    begun = replace(odd, totals=replace(odd.totals, n_steps=150))
    assert beside(begun, earlier()) == (None, None)
    no_speed = replace(odd, totals=replace(odd.totals, median_speed_mps=None))
    assert beside(no_speed, earlier()) == (None, "left")
    unknown = replace(odd, totals=replace(odd.totals, contact_time_s=float("nan"), contact_balance_left=float("nan")))
    assert beside(unknown, earlier()) == (None, None)


def test_a_speed_of_which_earlier_runs_say_nothing_has_no_mark() -> None:
    assert beside(now(4.2, 1.3), earlier())[0] is None
