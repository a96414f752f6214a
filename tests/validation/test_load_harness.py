"""The load model's part of the harness: steps, fits, halves of runs, cost, fingerprint."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sensor_hub.load import achilles, tendon
from sensor_hub.load.achilles import AchillesModel
from tests import need
from tests.validation import load_fingerprint as fingerprint_room
from tests.validation.load_cost import cost, runner, table_of
from tests.validation.load_files import CANDIDATES, TWO_STREAMS, halves, makers, repeatability, rows_of
from tests.validation.load_fingerprint import load_fingerprint
from tests.validation.load_force_table import by_factor, by_powers, peak_errors
from tests.validation.load_steps import FILE, inputs, population_steps, published


def test_what_is_not_given_of_a_step_is_unknown() -> None:
    steps = inputs(np.array([0.36]), np.array([0.25]))
    assert np.isnan(steps.contact_time_sd[0])
    assert np.isnan(steps.speed_mps[0])
    assert np.isnan(steps.grade[0])
    assert np.isnan(steps.foot_pitch_rad[0])
    assert not steps.is_walk[0]


def test_more_steps_a_minute_are_shorter_steps_of_the_same_contact() -> None:
    usual, more = population_steps(np.array([3.33])), population_steps(np.array([3.33]), more_spm=10.0)
    assert 60 / more.step_time_s[0] == pytest.approx(60 / usual.step_time_s[0] + 10)
    assert more.contact_time_s[0] == usual.contact_time_s[0]
    assert population_steps(np.array([3.0]), slope_deg=45.0).grade[0] == pytest.approx(1.0)


def test_every_published_number_has_its_source_and_mark() -> None:
    studies = published()
    assert set(studies) >= {"van_hooren", "starbuck", "almonroeder", "willy", "keuler", "firminger", "lyght", "jssm"}
    for name, study in studies.items():
        assert study["source"], name
        if name != "typical":
            assert study["mark"] in {"read", "second-hand", "title"}, name
    assert studies["van_hooren"]["mark"] == "second-hand"


def test_a_factor_is_found_on_others_alone() -> None:
    base = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    group = np.array([0, 0, 1, 1, 2, 2])
    peak = 1.7 * base
    peak[group == 2] *= 2  # a subject unlike the rest
    predicted = by_factor(None, base, peak, group)
    np.testing.assert_allclose(predicted[group == 2], 1.7 * base[group == 2])
    errors = peak_errors(predicted, peak, group)
    assert errors["n"] == 6
    assert errors["mape_pct"] > 10


def test_powers_are_found_on_others_alone() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    predicted = by_powers(x[:, np.newaxis], 3 * x**0.5, np.arange(8) // 2)
    np.testing.assert_allclose(predicted, 3 * x**0.5)


def test_the_halves_of_an_even_run_agree_and_those_of_an_uneven_one_do_not() -> None:
    model, steps = AchillesModel(), runner(2000)
    level = replace(steps, speed_mps=np.full(2000, 2.8), step_time_s=np.full(2000, 0.36), grade=np.zeros(2000))
    table = table_of(level, model.step_loads(level))
    even = halves(rows_of("even", table))
    assert even["minutes"] == pytest.approx(2000 * 0.36 / 60, abs=0.1)
    assert even["km"] == pytest.approx(2.8 * 0.72, abs=0.006)
    assert even["per_km_cv_pct"] < 0.5
    assert even["km_per_min_cv_pct"] == pytest.approx(0.0, abs=1e-6)
    minute = np.floor(np.arange(2000) * 0.36 / 60)
    hilly = replace(level, grade=np.where(minute % 2 == 0, 0.05, -0.05))
    assert halves(rows_of("hilly", table_of(hilly, model.step_loads(hilly))))["per_km_cv_pct"] > 10


def test_walking_and_unknown_rows_are_in_no_half() -> None:
    steps = runner(100)
    table = table_of(steps, AchillesModel().step_loads(steps))
    gait = np.array(["walk"] * 50 + ["run"] * 50)
    speed_mps = np.where(np.arange(100) < 60, np.nan, table.speed_mps)
    rows = rows_of("half of it walked", replace(table, gait=gait, speed_mps=speed_mps))
    assert len(rows.minute) == 40


def test_the_longest_runs_with_contact_times_come_first() -> None:
    for name in CANDIDATES:
        need.data(f"fit/{name}")
    told = repeatability()
    minutes = [row["contact_min"] for row in told["files"]]
    assert minutes == sorted(minutes, reverse=True)
    assert told["named"] == [row["file"] for row in told["files"][:3]]
    assert told["together"]["per_km_cv_pct"] <= told["largest"]["per_km_cv_pct"] <= 3


def test_two_contact_times_of_one_run_are_compared_second_by_second() -> None:
    need.data(f"fit/{TWO_STREAMS}")
    told = makers()
    assert told["n"] > 2500
    assert told["means_ms"][0] - told["means_ms"][1] == pytest.approx(told["bias_ms"], abs=0.11)
    assert told["limits_ms"][0] < told["bias_ms"] < told["limits_ms"][1]
    assert told["km"][0] == pytest.approx(told["km"][1], rel=0.01)  # the way is the same, whoever timed the steps
    assert told["hard_load_bw_s"][0] != pytest.approx(told["hard_load_bw_s"][1], rel=0.1)


def test_the_cost_is_told_with_how_much_it_was_timed() -> None:
    told = cost()
    for key in ("batch", "batch_and_sums", "live", "live_and_sums"):
        assert told[key]["fastest_us"] <= told[key]["us"] <= told[key]["slowest_us"]
        assert told[key]["n_steps"] > 1


def test_the_fingerprint_is_the_same_twice() -> None:
    assert load_fingerprint() == load_fingerprint()


@pytest.mark.parametrize(
    ("room", "name", "value"),
    [
        (tendon, "_LEVERS", np.array([1.9291, 1.8009, 1.6772])),
        (achilles, "MEAN_FORCE_AT_EASY_BW", 1.4251),
        (achilles, "WALK_PEAK_OVER_MEAN", 1.449),
        (achilles, "MAKER_CONTACT_SD_S", 0.0251),
        (fingerprint_room, "ABSOLUTE_BAND", 0.41),
    ],
)
def test_a_changed_constant_changes_the_fingerprint(
    monkeypatch: pytest.MonkeyPatch, room: object, name: str, value: object
) -> None:
    before = load_fingerprint()
    monkeypatch.setattr(room, name, value)
    assert load_fingerprint() != before


def test_other_published_numbers_change_the_fingerprint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = load_fingerprint()
    other = tmp_path / "published.toml"
    other.write_bytes(FILE.read_bytes().replace(b"0.738", b"0.737"))
    monkeypatch.setattr(fingerprint_room, "FILE", other)
    assert load_fingerprint() != before
