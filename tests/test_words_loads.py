"""What is said of a load: bands, legs, ledgers, a change of the sensor, how likely a limit is passed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub import words
from sensor_hub.model.load import Headroom, InstrumentChange, LoadSums, Totals
from tests.adapters.web.loaded import CHANGE, TODAY_SUMS, TOTALS

MADE = words.MadeBy("imu", "achilles-1.0.0", "ref-pop-1", "imu/feet/foot-1.0", "overground")


def fact(key: str, totals: Totals = TOTALS, made: words.MadeBy = MADE) -> words.LoadFact:
    (found,) = [f for f in words.load_facts(totals, made) if f.key == key]
    return found


def test_a_load_stands_with_its_range() -> None:
    assert fact("load_eq_km").text == "6.4 eq-km, 6.1–6.7"
    assert words.ranged(12_400.0, 300.0, "distance_m") == "12.4 km, 12.0–12.8"
    assert words.ranged(0.4, None, "load_eq_km") == "0.40 eq-km"
    assert words.ranged(None, 0.2, "load_eq_km") == "–"


def test_the_range_of_what_was_partly_recorded_is_not_told() -> None:
    partly = replace(TOTALS, coverage=0.61)
    assert fact("load_eq_km", partly).text == "≥ 6.4 eq-km"
    assert "at least: 61 % of the run was recorded" in fact("load_eq_km", partly).note
    assert fact("legs", partly).text == "left ≥ 6.5 eq-km · right ≥ 6.3 eq-km"
    assert fact("per_km", partly).text == "≥ 1.05 eq-km a km"


@given(st.floats(0.01, 1e5), st.floats(1e-6, 1e4))
def test_a_range_holds_its_value_and_never_goes_below_zero(value: float, sd: float) -> None:
    low, high = (float(end) for end in words.likely(value, sd, "load_eq_km").split("–"))
    assert 0 <= low <= value + 0.05
    assert high >= value - 0.05


def test_hard_push_offs_are_a_part_of_the_run_in_which_forty_percent_cancel() -> None:
    told = fact("hard_share")
    assert (told.text, told.note) == ("14 %, 13–15 % of this run's load", "the steps above the hard line; modelled")
    assert "of what was recorded" in fact("hard_share", replace(TOTALS, coverage=0.61)).note
    absolute = fact("hard_load_bw_s")
    assert (absolute.text, absolute.first) == ("412 BW·s, 380–444", False)
    older = replace(TOTALS, load_bw_s=None)
    assert fact("hard_load_bw_s", older).first
    assert "hard_share" not in {f.key for f in words.load_facts(older, MADE)}


def test_hard_push_offs_close_to_the_line_lead_with_their_range() -> None:
    vague = fact("hard_share", replace(TOTALS, load_bw_s=1800.0, hard_load_bw_s=327.0, hard_load_sd=478.0))
    assert vague.text == "between none and about half of this run's load"
    assert "very unsure" in vague.note
    assert words.sum_rows(replace(TODAY_SUMS, hard_load_sd=900.0), TODAY_SUMS)[2][1:] == ["0–54 %", "14 %, 13–15 %"]


@pytest.mark.parametrize(("hard", "sd"), [(0.0, 0.0), (0.0, 0.5), (0.0, 100.0), (20.0, 100.0), (412.0, 25.0)])
def test_a_little_doubt_about_next_to_nothing_is_not_called_very_unsure(hard: float, sd: float) -> None:
    told = fact("hard_share", replace(TOTALS, hard_load_bw_s=hard, hard_load_sd=sd))
    assert "very unsure" not in told.note
    assert "between" not in told.text


def test_legs_that_were_not_measured_apart_are_not_told_apart() -> None:
    one = fact("legs", replace(TOTALS, load_left_bw_s=None, load_right_bw_s=None))
    assert (one.text, one.note) == ("–", "not measured apart; each is taken to carry the same")
    assert fact("legs").text == "left 6.5 eq-km · right 6.3 eq-km"
    assert "left 51 %" in fact("legs").note


def test_walking_stands_beside_the_run_and_only_where_somebody_walked() -> None:
    assert fact("walk").text == "64 BW·s a leg (modelled, ±40 %)"
    assert "walk" not in {f.key for f in words.load_facts(replace(TOTALS, n_walk_steps=None), MADE)}


def test_a_kilometre_is_that_of_the_population_or_of_the_runner() -> None:
    assert "the population's easy flat kilometre" in fact("per_km").note
    assert "the runner's own easy flat kilometre" in fact("per_km", made=replace(MADE, reference="ref-own-2")).note


def test_what_matters_stands_first_and_the_rest_is_folded() -> None:
    first = [f.key for f in words.load_facts(TOTALS, MADE) if f.first]
    assert first == ["load_eq_km", "hard_share", "legs", "walk"]


@pytest.mark.parametrize(
    ("instrument", "text"),
    [
        ("imu/foot/foot-1.0", "motion sensor, one foot, foot-1.0"),
        ("imu/feet/foot-1.0+cal-2026-11-20", "motion sensor, both feet, foot-1.0, calibrated 2026-11-20"),
        ("contact/stryd", "contact time as the device reports it, stryd"),
        ("speed/file", "speed and cadence only, file"),
        ("", "not said by the program that recorded it"),
        ("new/kind", "new, kind"),
    ],
)
def test_an_instrument_in_words(instrument: str, text: str) -> None:
    assert words.instrument_text(instrument) == text


def test_sums_of_several_sensors_are_unknown_and_say_why() -> None:
    mixed = LoadSums(n_runs=4, distance_m=29_400.0, reason="mixed-instruments")
    rows = {name: week for name, _today, week in words.sum_rows(TODAY_SUMS, mixed)}
    assert rows["Push-off load (modelled)"] == "–"
    assert rows["Distance"] == "29.4 km"
    assert words.sums_reason(mixed) == "Loads from several sensors are not added up; the distance is."
    assert words.sums_reason(TODAY_SUMS) == ""


def test_sums_with_a_run_done_without_sensor_are_dashes_and_say_why() -> None:
    unknown = LoadSums(n_runs=2, reason="unknown-run")
    rows = {name: week for name, _today, week in words.sum_rows(TODAY_SUMS, unknown)}
    assert (rows["Distance"], rows["Push-off load (modelled)"]) == ("–", "–")
    assert words.sums_reason(unknown) == "Of a run nothing is known, so nothing is added up."


def test_sums_over_days_that_were_not_recorded_are_at_least_so_much_the_distance_too() -> None:
    partly = LoadSums(n_runs=2, distance_m=29_400.0, load_eq_km=30.0, lower_bound=True, reason="not-recorded")
    rows = {name: week for name, _today, week in words.sum_rows(TODAY_SUMS, partly)}
    assert (rows["Distance"], rows["Push-off load (modelled)"]) == ("≥ 29.4 km", "≥ 30.0 eq-km")
    assert words.sums_reason(partly) == "Some days were run on and not recorded: it is at least as much as shown."


def test_ledgers_without_anything_are_left_out() -> None:
    for nothing in (None, 0.0):
        sums = replace(TODAY_SUMS, walk_load_bw_s=nothing, exercise_load_bw_s=0.0)
        names = [row[0] for row in words.sum_rows(sums, sums)]
        assert not any(name.startswith(("Walking", "Exercises")) for name in names)
    with_drops = words.sum_rows(replace(TODAY_SUMS, exercise_load_bw_s=31.0), LoadSums())
    assert ["Exercises a leg, beside it (modelled, ±40 %)", "31 BW·s", "–"] in with_drops


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_exercise_of_an_unknown_load_is_a_dash_and_no_missing_row(unknown: float | None) -> None:
    week = replace(TODAY_SUMS, exercise_load_bw_s=unknown)
    rows = words.sum_rows(replace(TODAY_SUMS, exercise_load_bw_s=0.0), week)
    assert ["Exercises a leg, beside it (modelled, ±40 %)", "0 BW·s", "–"] in rows
    assert ["Exercises a leg, beside it (modelled, ±40 %)", "–", "–"] in words.sum_rows(week, week)


def test_of_an_exercise_only_its_load_its_peak_and_its_kind_are_told() -> None:
    done = Totals(load_bw_s=468.0, achilles_peak_bw=2.6, duration_s=180.0)
    made = replace(MADE, ledger="exercise", source="exercise: 3 x 15 heel-drop")
    facts = words.load_facts(done, made)
    assert {f.key: f.text for f in facts} == {
        "load_bw_s": "468 BW·s a leg (modelled, ±40 %)",
        "peak": "2.6 BW (modelled, ±40 %)",
        "exercise": "3 x 15 heel-drop",
    }
    told = " ".join(f.note for f in facts)
    assert "by hand" in told
    assert "running steps" not in told
    assert "contact time" not in told


def test_a_change_of_the_sensor_says_since_when_and_until_when() -> None:
    assert words.bridging_sentence(CHANGE).startswith(
        "New sensor since 11 Nov (motion sensor, both feet, foot-1.0; before: contact time as the device reports it, "
        "stryd). Until 25 Nov its loads are learned and raise no alert"
    )
    assert words.bridging_sentence(CHANGE).endswith("Keep to one sensor; until then go by distance.")
    assert words.bridging_note(CHANGE) == "new sensor since 11 Nov: load not judged until 25 Nov, go by distance"
    assert words.bridging_sentence(None) == ""
    model = InstrumentChange("2026-11-11", "2026-11-25", "imu/foot/a", "achilles-1.1.0", "imu/foot/a", "achilles-1.0.0")
    assert words.bridging_sentence(model).startswith(
        "New load model since 11 Nov (achilles-1.1.0; before: achilles-1.0.0)."
    )
    assert words.bridging_sentence(model).endswith("`sensor-hub data reanalyse` ends this at once.")
    assert words.bridging_note(model).startswith("new model since 11 Nov:")
    assert words.change_mark(model) == "new model"


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (None, ""), (float("nan"), ""), (0.01, ""), (0.3, "30 % chance that it is already above"),
        (0.62, "too close to call: 62 % that it is above"), (0.85, "85 % sure"), (0.99, ""),
    ],
)  # fmt: skip
def test_how_likely_a_limit_is_passed_is_told_where_it_is_not_plain(probability: float | None, text: str) -> None:
    room = Headroom("load_eq_km", 10.0, 11.0, 11.1, -0.1, "normal", probability=probability)
    assert words.likelihood_text(room) == text
    above = "" if probability == 0.62 else "0.1 eq-km above the limit"
    assert words.headroom_note(room) == " · ".join(part for part in (above, text) if part)
    assert ("too close to call." in words.headroom_sentence(room)) == (above == "")


def test_what_is_left_is_the_difference_of_the_digits_beside_it() -> None:
    room = Headroom("hard_load_bw_s", 1679.0, 1847.4, 736.6, 1110.8, "normal")
    assert words.headroom_note(room) == "1110 BW·s left", "1847 less 737"
    assert "737 of 1847 BW·s, 1110 BW·s left" in words.headroom_sentence(room)
    km = Headroom("distance_m", 10_000.0, 11_040.0, 8_460.0, 2_580.0, "normal")
    assert "8.5 of 11.0 km, 2.5 km left" in words.headroom_sentence(km)
    assert words.headroom_note(replace(km, so_far=10_420.0, left=620.0)) == "0.6 km left"


def test_legs_measured_by_one_sensor_are_no_rows_of_dashes() -> None:
    one = replace(TODAY_SUMS, load_left_bw_s=None, load_right_bw_s=None)
    assert not [name for name, *_sums in words.sum_rows(one, one) if "leg (modelled)" in name]
    assert len([name for name, *_sums in words.sum_rows(one, TODAY_SUMS) if "leg (modelled)" in name]) == 2


def test_what_the_model_sets_is_no_sum_of_a_day() -> None:
    assert not [name for name, *_sums in words.sum_rows(TODAY_SUMS, TODAY_SUMS) if "Push-off part" in name]
    assert "set by the model, not measured" in fact("push_off").note
