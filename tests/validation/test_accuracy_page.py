"""What docs/accuracy.md says of the load in words and figures is what the report measured; so do its two neighbours."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensor_hub.load.reference import REF_POP_1
from tests import need
from tests.validation.__main__ import FOLDER
from tests.validation.load_bands import factor_line
from tests.validation.load_force_table import force_table
from tests.validation.load_report_simulated import MAIN_CASE
from tests.validation.recordings import AbsentError

FORM = "plate contact, k by speed (the model's form)"
SENSED = "the sensor's contact time, powers"
SHIPPED = "plate contact, shipped constants"
AS_SHIPPED = {
    "given": 1,
    "identity": 2,
    "steps": 4,
}  # rows of the bands of a vertical peak, with a plate's contact times
REMOUNTED = 3
DAYS_TWICE = 4
DOCS = Path(__file__).parents[2] / "docs"
NEIGHBOURS = ("numbers.md", "for-sports-scientists.md")


@pytest.fixture(scope="module")
def page() -> str:
    text = (DOCS / "accuracy.md").read_text(encoding="utf-8")
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
    assert f"mean error {table[FORM]:.1f} % with a force plate's contact time if the constants are refitted" in page
    assert f"as shipped {table[SHIPPED]:.1f} %" in page
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
    given, identity, steps = (told["bands"]["vgrf"][i] for i in AS_SHIPPED.values())
    assert not any(row["left_out"] for row in (given, identity, steps))
    assert f"**{given['coverage_pct']} %** ({given['low_pct']}–{given['high_pct']})" in page
    assert f"identity {identity['coverage_pct']} % ({identity['low_pct']}–{identity['high_pct']})" in page
    assert f"on one runner's steps {steps['coverage_pct']} %" in page
    predicted = told["bands"]["contact"][4]
    assert f"cadence {predicted['coverage_pct']} % ({predicted['low_pct']}–{predicted['high_pct']})" in page
    case = told["simulated"]["bands"]["cases"][MAIN_CASE]
    for key, name in (("load_ratio", "two sessions"), ("hard_load", "hard load"), ("absolute", "within ±40 %")):
        row = case[key]
        assert f"{name} {row['inside_pct']:.0f} % ({row['from_pct']:.0f}–{row['to_pct']:.0f})" in page
    assert f"the peak of a step {case['step_peak']['inside_pct']:.0f} %" in page
    remounted = told["simulated"]["bands"]["cases"][REMOUNTED]
    assert "10 ms" in remounted["name"]
    both = [f"{remounted[key]['inside_pct']:.0f}" for key in ("load_ratio", "hard_load")]
    assert f"only {both[0]} and {both[1]} %" in page
    days = told["simulated"]["bands"]["cases"][DAYS_TWICE]
    assert "twice as much" in days["name"]
    row = days["load_ratio"]
    assert f"the ratio {row['inside_pct']:.0f} % ({row['from_pct']:.0f}–{row['to_pct']:.0f})" in page


def test_what_a_sensor_adds_to_the_peak_is_quoted_as_measured(page: str, told: dict[str, Any]) -> None:
    less = {name: skill_pct(row) for name, row in told["simulated"]["following"]["peak"].items()}
    assert f"take {less['all']:.0f} % off the error of a contact time guessed" in page
    assert f"({less['speed']:.0f} % where speed\nchanges, {less['strike']:.0f} % where the strike does)" in page
    assert f"there it is {-less['slope']:.0f} % worse than the grade alone" in page


def skill_pct(row: dict[str, Any]) -> float:
    """By how much a sensor lowers the error of a peak whose contact time is guessed from speed and cadence."""
    return 100 * float(row["skill"]["speed_and_cadence"])


def test_the_paper_quotes_the_bias_of_hard_load_as_measured(told: dict[str, Any]) -> None:
    case = told["simulated"]["bands"]["cases"][MAIN_CASE]
    biases = [row["bias_pct"] for row in case["hard_load_by_kind"].values()]
    text = (DOCS / "for-sports-scientists.md").read_text(encoding="utf-8")
    assert "with a spread of a fifth of the session's whole load" in text
    assert case["hard_load"]["found_sd_pct"] == pytest.approx(20, abs=2.5)
    assert f"and {min(biases):.0f} to {max(biases):.0f} % of it too high" in text


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_the_other_papers_quote_the_same_of_force_bands_and_alarms(name: str, told: dict[str, Any]) -> None:
    text = (DOCS / name).read_text(encoding="utf-8").replace("**", "")
    ways = {row["way"]: row for row in told["vgrf_table"]["ways"]}
    assert f"mean error {ways[FORM]['mape_pct']:.1f} % refitted, each runner left out" in text
    shipped = ways[SHIPPED]
    assert f"constants as shipped {shipped['mape_pct']:.1f} % ({-shipped['bias_pct']:.1f} % too low" in text
    given, identity = (told["bands"]["vgrf"][AS_SHIPPED[key]] for key in ("given", "identity"))
    digits = 1 if name == "numbers.md" else 0
    assert f"{given['coverage_pct']:.{digits}f} % inside" in text
    assert f"{identity['coverage_pct']:.{digits}f} %" in text
    for case, why in ((REMOUNTED, "if remounting adds 10 ms"), (DAYS_TWICE, "if days differ twice as much")):
        row = told["simulated"]["bands"]["cases"][case]["load_ratio"]
        assert f"{row['inside_pct']:.0f} % ({row['from_pct']:.0f}-{row['to_pct']:.0f}) {why}" in text
    assert f"error {skill_pct(told['simulated']['following']['peak']['all']):.0f} % smaller" in text
    eq_km, hard = (f"{with_twice_the_noise(told, measure):.1f}" for measure in ("load_eq_km", "hard_load_bw_s"))
    assert re.search(rf"{eq_km}( % on eq-km,| and) {hard} %", text)


def with_twice_the_noise(told: dict[str, Any], measure: str) -> float:
    """Largest share of false alarms, %, where the true spread is twice the claimed."""
    rows = [row for row in told["alarms"]["false_alarms"] if row["measure"] == measure and row["noise"] == 2]
    return float(max(row["rate_pct"] for row in rows))


def test_repeats_and_alarms_are_quoted_as_measured(page: str, told: dict[str, Any]) -> None:
    rows = {row["file"]: row["per_km_cv_pct"] for row in told["repeatability"]["files"]}
    three = [rows[name] for name in told["repeatability"]["named"]]
    assert f"a CV of {min(three):.1f} to {max(three):.1f} % a km" in page
    assert told["alarms"]["largest_pct"]["load_eq_km"] < 0.4
    assert told["alarms"]["largest_pct"]["hard_load_bw_s"] < 1
    eq_km, hard = (with_twice_the_noise(told, measure) for measure in ("load_eq_km", "hard_load_bw_s"))
    assert f"with twice the claimed noise up to {eq_km:.1f} and {hard:.1f} %" in page
    assert f"differ by {told['makers']['sd_ms']:.0f} ms" in page


def test_a_predicted_contact_time_errs_beside_plates_as_the_paper_says() -> None:
    try:
        table = force_table()
    except AbsentError as absent:
        need.missing(str(absent))
    expected_s = REF_POP_1.contact_time_at(table.speed_mps, table.step_time_s)
    scaled = factor_line(np.empty((len(expected_s), 0)), expected_s, table.contact_time_s)
    errors_s = np.empty(len(expected_s))
    for one in np.unique(table.subject):
        asked = table.subject == one
        errors_s[asked] = (scaled(~asked) - table.contact_time_s)[asked]
    shipped_s = np.sqrt(np.mean((expected_s - table.contact_time_s) ** 2))
    text = (DOCS / "for-sports-scientists.md").read_text(encoding="utf-8")
    assert (
        f"19 runners: {1000 * errors_s.std(ddof=1):.1f} ms left out in turn, as shipped {1000 * shipped_s:.1f}" in text
    )
