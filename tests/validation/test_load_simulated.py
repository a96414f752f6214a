"""The figures on simulated runners: that a dishonest band, or a model that follows nothing, would show."""

from dataclasses import replace

import numpy as np
import pytest

from sensor_hub.guidelines.judgement import ALERT_PROBABILITY
from tests.validation.load_following import INFLUENCES, Way, followed, following, run, ways
from tests.validation.load_simulated import Case, _claims, case_bands, coverage, hard_loads, load_ratios, pairs
from tests.validation.load_simulated_runs import EXACT, FIRST_SEED, FOOT, KINDS, N_EASY, Runner, runner

ERRORS = np.random.default_rng(1).normal(0.0, 0.03, 600)


@pytest.fixture(scope="module")
def few() -> list[Runner]:
    return [runner(k, FOOT) for k in range(3)]


def test_an_honest_band_holds_ninety_of_a_hundred_and_a_boastful_one_does_not() -> None:
    honest, boastful, timid = (coverage(ERRORS, np.full(len(ERRORS), sd)) for sd in (0.03, 0.015, 0.06))
    assert honest["from_pct"] <= 90 <= honest["to_pct"]
    assert boastful["to_pct"] < 70
    assert timid["from_pct"] > 97
    assert honest["found_sd_pct"] == pytest.approx(3.0, abs=0.2)


def test_of_too_few_errors_nothing_is_said() -> None:
    assert coverage(ERRORS[:2], ERRORS[:2]) == {"n": 2}


def test_a_model_that_is_the_truth_follows_all_of_it_and_one_without_sensor_less() -> None:
    true = ERRORS * 3
    seen = followed(true, true, {"nothing": np.zeros(len(true)), "half": true / 2})
    assert (seen["slope"], seen["correlation"], seen["right_way_pct"]) == (1.0, 1.0, 100.0)
    assert seen["skill"] == {"nothing": 1.0, "half": 1.0}
    assert followed(true, true / 2, {"half": true / 2})["skill"] == {"half": 0.0}
    assert followed(true, -true, {"nothing": 0 * true})["skill"]["nothing"] == pytest.approx(-1.0)


def test_the_same_numbers_give_the_same_runner_whatever_was_made_before(few: list[Runner]) -> None:
    again = runner(1, FOOT)
    assert again.hard_line_bw == few[1].hard_line_bw
    assert [r.totals for r in again.runs] == [r.totals for r in few[1].runs]
    assert all(r.steps == other.steps for r, other in zip(again.runs, few[1].runs, strict=True))


def test_what_a_runner_truly_did_does_not_depend_on_the_sensor(few: list[Runner]) -> None:
    exact = runner(0, EXACT)
    for one, other in zip(exact.runs, few[0].runs, strict=True):
        np.testing.assert_array_equal(one.truth.peak_bw, other.truth.peak_bw)
        assert one.totals.contact_time_s != other.totals.contact_time_s


def test_nobody_of_these_people_was_fitted_on_and_each_runs_every_kind_after_the_easy_ones(few: list[Runner]) -> None:
    assert FIRST_SEED >= 1000
    for person in few:
        assert {r.kind for r in person.runs} == set(KINDS)
    assert N_EASY == 4


def test_half_of_the_bands_would_be_seen_to_be_too_narrow(few: list[Runner]) -> None:
    def narrowed(person: Runner) -> Runner:
        runs = tuple(replace(r, totals=replace(r.totals, load_eq_km_sd=1e-6, hard_load_sd=1e-6)) for r in person.runs)
        return replace(person, runs=runs)

    boastful = [narrowed(person) for person in few]
    assert load_ratios(few)["inside_pct"] > 50
    assert load_ratios(boastful)["inside_pct"] == 0
    assert hard_loads(boastful)["inside_pct"] < 20
    assert hard_loads(boastful)["found_sd_pct"] == hard_loads(few)["found_sd_pct"]


def test_a_case_tells_everything_the_report_prints() -> None:
    told = case_bands(Case("exact", EXACT), 3)
    assert told["load_ratio"]["n"] == 9
    assert told["hard_load"]["n"] == 18
    assert set(told["hard_load_by_kind"]) == set(told["step_peak_by_kind"]) == set(KINDS)
    assert told["absolute"]["n"] == 3
    assert told["alerts"]["likely"]["said_pct"] >= 80


def test_what_is_too_close_to_call_is_asked_over_the_whole_way_to_an_alert() -> None:
    people = [runner(k, FOOT) for k in range(6)]
    said = [said for pair in pairs(people) for said, _ in _claims(*pair)]
    unsure = [one for one in said if one < ALERT_PROBABILITY]
    assert min(said) > 0.5
    assert max(unsure) > 0.7
    assert np.std(unsure) > 0.05


def test_each_influence_changes_its_own_thing_and_all_are_told() -> None:
    told = following(3)
    assert set(told["peak"]) == set(told["impulse"]) == {*INFLUENCES, "all"}
    assert told["peak"]["all"]["n"] == sum(told["peak"][name]["n"] for name in INFLUENCES)
    assert {way.influence for way in ways("rearfoot")} == set(INFLUENCES)


def test_running_as_usual_changes_nothing() -> None:
    assert run(1, Way()) == run(1, Way("cadence", cadence=1.0))
