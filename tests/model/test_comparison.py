"""Two sessions side by side: a difference within what the measurement may be off is none that anybody can tell."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.comparison import COMPARED, LOADS, Difference, are_of_a_kind, differences, unlike
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.words.comparing import difference_text, row, unlike_sentence

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
HEADER = SessionHeader(
    "sid", "mia", "UTC", "live", "imu", "achilles-1.0.0", "ref-pop-1", "pod", instrument="imu/foot/foot-1.0"
)
TOTALS = Totals(
    duration_s=3000.0, distance_m=10_000.0, cadence_spm=172.0, contact_time_s=0.240, flight_time_s=0.11,
    load_eq_km=10.0, load_eq_km_sd=0.3, hard_load_bw_s=80.0, hard_load_sd=8.0, coverage=0.99, median_speed_mps=3.0,
    contact_balance_left=0.5, ascent_m=80.0,
)  # fmt: skip


def session(
    header: dict[str, str] | None = None, warnings: tuple[str, ...] = (), **totals: float | None
) -> SessionSummary:
    of = replace(HEADER, **(header or {}))  # type: ignore[arg-type]
    said = replace(TOTALS, **totals)  # type: ignore[arg-type]
    return SessionSummary(of, START, START + timedelta(hours=1), said, "pod", warnings)


def told(one: SessionSummary, other: SessionSummary) -> dict[str, Difference]:
    return {difference.measure: difference for difference in differences(one, other)}


def text(one: SessionSummary, other: SessionSummary, measure: str) -> str:
    return difference_text(told(one, other)[measure])


def test_loads_apart_by_less_than_both_may_be_off_cannot_be_told_apart() -> None:
    """0.3 and 0.3 make 0.42, and 80 % lie within 0.54."""
    assert text(session(load_eq_km=10.5), session(), "load_eq_km") == "cannot be told apart"
    assert text(session(load_eq_km=10.6), session(), "load_eq_km") == "+0.6 eq-km"
    assert text(session(load_eq_km=9.4), session(), "load_eq_km") == "−0.6 eq-km"


def test_a_contact_time_is_as_sure_as_the_sensor_sat_that_day() -> None:
    assert text(session(contact_time_s=0.250), session(), "contact_time_s") == "cannot be told apart"
    assert text(session(contact_time_s=0.252), session(), "contact_time_s") == "+12 ms"
    watch = {"tier": "contact", "instrument": "contact/stance-time"}
    assert text(session(watch, contact_time_s=0.246), session(watch), "contact_time_s") == "+6 ms"


def test_51_5_percent_is_within_two_sensors() -> None:
    assert text(session(contact_balance_left=0.515), session(), "contact_balance_left") == "cannot be told apart"
    assert text(session(contact_balance_left=0.53), session(), "contact_balance_left") == "+3.0 %"


def test_what_has_no_uncertainty_stands_as_a_plain_difference() -> None:
    other = session(distance_m=9_400.0, duration_s=2900.0, cadence_spm=171.9, median_speed_mps=2.9, ascent_m=50.0)
    one = session()
    assert text(one, other, "distance_m") == "+0.6 km"
    assert text(one, other, "duration_s") == "+0:01:40"
    assert text(one, other, "cadence_spm") == "the same"
    assert text(one, other, "median_speed_mps") == "−0:11 min/km"  # faster: less time for a kilometre
    assert text(one, other, "ascent_m") == "+30 m"
    assert text(one, other, "coverage") == "the same"


@pytest.mark.parametrize(
    "changed", [{"instrument": "imu/foot/foot-2.0"}, {"model": "achilles-2"}, {"reference": "ref-own-1"}]
)
def test_loads_measured_or_told_another_way_are_not_compared(changed: dict[str, str]) -> None:
    one, other = session(), session(changed)
    found = told(one, other)
    assert {found[measure].verdict for measure in LOADS} == {"apart"}
    assert unlike(one.header, other.header) == tuple(changed)
    assert found["distance_m"].verdict == "plain"
    assert (found["contact_time_s"].verdict == "apart") is ("instrument" in changed)
    assert "not comparable and are drawn apart" in unlike_sentence(unlike(one.header, other.header))


def test_a_walk_and_a_simulated_run_are_not_held_against_a_run() -> None:
    assert are_of_a_kind(HEADER, replace(HEADER, origin="import"))
    assert not are_of_a_kind(HEADER, replace(HEADER, ledger="walk"))
    assert not are_of_a_kind(HEADER, replace(HEADER, origin="simulated"))
    assert are_of_a_kind(replace(HEADER, origin="simulated"), replace(HEADER, origin="simulated", sid="other"))


def test_runs_measured_alike_need_no_sentence() -> None:
    assert unlike_sentence(unlike(HEADER, HEADER)) == ""


def test_a_lower_bound_is_not_held_against_anything() -> None:
    assert text(session(coverage=0.6, load_eq_km=3.0), session(), "load_eq_km") == "not known: too little recorded"
    found = told(session(), session(coverage=0.6, load_eq_km=3.0))
    assert row(found["load_eq_km"])[1:3] == ["10.0 eq-km", "≥ 3.0 eq-km"]
    assert row(found["distance_m"])[1:3] == ["10.0 km", "10.0 km"]


@pytest.mark.parametrize("measure", COMPARED)
def test_what_nobody_knows_is_a_dash_and_never_a_difference(measure: str) -> None:
    for unknown in (None, float("nan")):
        found = told(session(None, (), **{measure: unknown}), session())[measure]
        assert (found.verdict, found.one, found.by) == ("unknown", None, None)
        assert row(found)[1::2] == ["–", "–"]


def test_a_run_by_hand_without_a_time_has_none() -> None:
    assert told(session(warnings=("duration-unknown",)), session())["duration_s"].one is None


@given(st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.001, 5.0))
def test_swapping_two_runs_changes_the_sign_and_nothing_else(one: float, other: float, sd: float) -> None:
    first, second = session(load_eq_km=one, load_eq_km_sd=sd), session(load_eq_km=other)
    there, back = told(first, second)["load_eq_km"], told(second, first)["load_eq_km"]
    assert there.verdict == back.verdict
    assert there.by == -(back.by or 0.0)
