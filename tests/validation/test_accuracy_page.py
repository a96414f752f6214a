"""What docs/accuracy.md says of the load in words and figures is what the report measured."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.validation.__main__ import FOLDER
from tests.validation.load_report_simulated import MAIN_CASE

FORM = "plate contact, k by speed (the model's form)"
SENSED = "the sensor's contact time, powers"
REMOUNTED = 3


@pytest.fixture(scope="module")
def page() -> str:
    text = (Path(__file__).parents[2] / "docs" / "accuracy.md").read_text(encoding="utf-8")
    return text.split("## Push-off load")[1].split("## What simulated means")[0]


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    results: dict[str, Any] = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))["load"]
    return results


def test_published_tables_are_quoted_as_measured(page: str, told: dict[str, Any]) -> None:
    ways = [row["mae_pct"] for row in told["van_hooren"]["ways"]]
    assert f"off by {ways[0]:.1f} % ({ways[2]:.1f} % with each left out" in page
    assert f"without any sensor: {ways[4]:.1f} %" in page
    peak, rate = (told["contrasts"][name] for name in ("starbuck_peak", "starbuck_rate"))
    assert f"{peak['model_pct']} % from 3.3 to 5.6 m/s where {peak['published_pct']} is published" in page
    assert f"loading rate {rate['model_pct']:.0f} where {rate['published_pct']:.0f} is" in page
    strike, belt = told["contrasts"]["almonroeder_impulse"], told["contrasts"]["willy_peak"]
    assert f"impulse +{strike['model_pct']} % (published {strike['published_pct']:.0f})" in page
    assert f"force +{belt['model_pct']} % ({belt['published_pct']})" in page
    assert sum(not row["inside"] for row in told["absolutes"]) == 3
    assert len(told["absolutes"]) == 7


def test_vertical_force_is_quoted_as_measured(page: str, told: dict[str, Any]) -> None:
    table = {row["way"]: row["mape_pct"] for row in told["vgrf_table"]["ways"]}
    assert f"mean error {table[FORM]:.1f} %" in page
    assert f"{table[SENSED]:.1f} % with a sacral sensor's own" in page
    assert f"{table['no sensor: speed and step time']:.1f} % from speed and cadence alone" in page
    means = {row["way"]: row["means"]["mape_pct"] for row in told["vgrf_trials"]["ways"]}
    wave, timed = means["sacral waveform's peak, power"], means["sacral contact, one k"]
    assert f"{wave:.1f} against {timed:.1f} % of the means" in page


def test_bands_are_quoted_as_measured(page: str, told: dict[str, Any]) -> None:
    for key, name in (("contact_pooled", "contact time"), ("vgrf_pooled", "peak vertical force")):
        row = told["bands"][key]
        assert f"{name} {row['coverage_pct']} % ({row['low_pct']}–{row['high_pct']})" in page
        assert row["n"] == 243
    case = told["simulated"]["bands"]["cases"][MAIN_CASE]
    for key, name in (("load_ratio", "two sessions"), ("hard_load", "hard load"), ("absolute", "within ±40 %")):
        row = case[key]
        assert f"{name} {row['inside_pct']:.0f} % ({row['from_pct']:.0f}–{row['to_pct']:.0f})" in page
    assert f"the peak of a step {case['step_peak']['inside_pct']:.0f} %" in page
    remounted = told["simulated"]["bands"]["cases"][REMOUNTED]
    assert "10 ms" in remounted["name"]
    both = [f"{remounted[key]['inside_pct']:.0f}" for key in ("load_ratio", "hard_load")]
    assert f"only {both[0]} and {both[1]} %" in page


def test_repeats_and_alarms_are_quoted_as_measured(page: str, told: dict[str, Any]) -> None:
    rows = {row["file"]: row["per_km_cv_pct"] for row in told["repeatability"]["files"]}
    three = [rows[name] for name in told["repeatability"]["named"]]
    assert f"a CV of {min(three):.1f} to {max(three):.1f} % a km" in page
    assert told["alarms"]["largest_pct"]["load_eq_km"] < 0.4
    assert told["alarms"]["largest_pct"]["hard_load_bw_s"] < 1
    eq_km = [row for row in told["alarms"]["false_alarms"] if row["measure"] == "load_eq_km"]
    assert max(row["rate_pct"] for row in eq_km) < 9
    assert f"differ by {told['makers']['sd_ms']:.0f} ms" in page
