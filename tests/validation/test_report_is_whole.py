"""The committed report is that of the committed results, and the results are of the methods that are shipped."""

import json
import re
import struct
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.model.gait import Mount
from tests.validation.__main__ import FOLDER, REFERENCES, methods
from tests.validation.fingerprint import fingerprint
from tests.validation.goals import GOALS, judged_all
from tests.validation.leg_offsets import SHIPPED
from tests.validation.load_files import N_LONGEST
from tests.validation.load_report_simulated import MAIN_CASE
from tests.validation.load_results import LOAD, model_card
from tests.validation.report import report
from tests.validation.scenarios import CONDITIONS, MOUNTS, N_PEOPLE, SPEEDS_MPS, STRIKES

AGAIN = "run `make validation` and commit what it writes"


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))
    return told


@pytest.fixture(scope="module")
def page() -> str:
    return (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_page_is_written_from_the_results_and_not_by_hand(results: dict[str, Any], page: str) -> None:
    assert page == report(results), AGAIN


def test_the_methods_measured_are_those_that_are_shipped(results: dict[str, Any]) -> None:
    assert results["methods"] == methods(), AGAIN


def test_methods_and_load_model_answer_as_those_measured_did(results: dict[str, Any]) -> None:
    assert results["fingerprint"] == fingerprint(), AGAIN


def test_the_load_model_measured_is_the_one_that_is_shipped(results: dict[str, Any]) -> None:
    assert results["load"]["model"] == model_card(), AGAIN


def test_everything_of_the_load_model_was_measured(results: dict[str, Any]) -> None:
    assert set(results["load"]) == {*LOAD, "model", "n_wrong_signs"}
    assert all(results["load"][name] for name in LOAD)


def test_the_goals_on_the_load_model_point_where_they_say(results: dict[str, Any]) -> None:
    told = results["load"]
    ways = [row["way"] for row in told["van_hooren"]["ways"]]
    assert ways[0] == "the model as shipped"
    assert ways[2].startswith("each ratio left out, exponent and slope fitted")
    assert ways[4].startswith("time x grade")
    assert told["vgrf_table"]["ways"][0]["way"].endswith("(the model's form)")
    assert told["bands"]["contact_pooled"]["n"] == told["bands"]["contact"][0]["n"] + told["bands"]["contact"][3]["n"]
    assert told["bands"]["vgrf_pooled"]["n"] == told["bands"]["vgrf"][0]["n"] + told["bands"]["vgrf"][3]["n"]
    assert len(told["repeatability"]["named"]) == N_LONGEST


def test_what_the_page_says_of_the_load_in_words_is_what_its_figures_say(results: dict[str, Any]) -> None:
    told = results["load"]
    means = {row["way"]: row["means"]["mape_pct"] for row in told["vgrf_trials"]["ways"]}
    assert min(error for way, error in means.items() if "waveform" in way) > means["sacral contact, one k"]
    table = {row["way"]: row["mape_pct"] for row in told["vgrf_table"]["ways"]}
    by_plate, own = table["plate contact, k by speed (the model's form)"], table["the sensor's own peak, powers"]
    assert by_plate < own < table["the sensor's contact time, powers"] < table["no sensor: speed and step time"]
    outside = {row["study"] for row in told["absolutes"] if not row["inside"]}
    assert len(outside) == 1
    assert "tensiometry" in outside.pop()
    assert told["vgrf_table"]["identity"]["mean"] == pytest.approx(1.04, abs=0.005)
    assert told["contrasts"]["almonroeder_rate"]["model_pct"] < 5
    assert max(r["rate_pct"] for r in told["alarms"]["power"] if r["measure"] == "hard_load_bw_s") < 20
    skill = told["simulated"]["following"]["impulse"]["slope"]["skill"]["time_x_slope"]
    assert skill < 0.05
    assert told["simulated"]["bands"]["cases"][MAIN_CASE]["name"] == "foot sensor, slopes from a watch"


def test_every_force_of_the_load_model_is_called_modelled_and_has_its_band(page: str) -> None:
    part = page.split("### Peaks in body weights")[1].split("###")[0]
    assert "Modelled, with their ±40 %" in part
    assert "modelled BW, ±40 %" in part
    assert "mean modelled Achilles peak, BW (±40 %)" in page
    assert "None of it validates an Achilles force" in page


def test_every_goal_is_judged_by_the_figures_beside_it(results: dict[str, Any]) -> None:
    assert [row["goal"] for row in results["goals"]] == [goal.what for goal in GOALS], AGAIN
    assert results["goals"] == judged_all(results), AGAIN


def test_every_real_recording_was_there(results: dict[str, Any]) -> None:
    assert results["absent"] == []
    assert set(results["reference"]) == set(REFERENCES)
    assert all(results["reference"].values())


@pytest.mark.parametrize("mount", MOUNTS)
def test_every_condition_was_measured_for_every_mount(results: dict[str, Any], mount: str) -> None:
    told = results["simulated"][mount]
    assert [row["name"] for row in told["conditions"]] == [scenario.name for scenario in CONDITIONS], AGAIN
    assert len(told["people"]) == N_PEOPLE * len(STRIKES)
    both = {(row.get("strike"), row.get("speed_mps")) for row in told["groups"]}
    assert both >= {(strike, speed) for strike in STRIKES for speed in SPEEDS_MPS}


@pytest.mark.parametrize("mount", SHIPPED)
def test_the_offsets_shipped_are_those_that_were_fitted(results: dict[str, Any], mount: Mount) -> None:
    told = results["simulated"][mount]["offsets"]
    now = asdict(SHIPPED[mount])
    assert told["shipped"] == {name: now[name] for name in told["fitted"]}, AGAIN
    for name, value in told["fitted"].items():
        assert now[name] == pytest.approx(value, abs=0.0002 if name.endswith("_s") else 0.003), name


def test_every_picture_of_the_page_is_there_and_none_is_left_over(page: str) -> None:
    shown = set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page))
    assert shown == {path.name for path in FOLDER.glob("*.png")}
    assert 0 < len(shown) <= 12


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.png")), ids=lambda p: p.name)
def test_a_picture_can_be_read_on_any_screen(path: Path) -> None:
    head = path.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, _ = struct.unpack(">II", head[16:24])
    assert 360 <= width <= 1200


def test_every_link_of_the_page_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)", page)
    assert [link for link in links if "://" not in link and not (FOLDER / link).exists()] == []


def test_simulated_figures_are_called_simulated(page: str) -> None:
    after = page.split("## Simulated people")[1].split("## Limits")[0]
    headings = re.findall(r"^### (.*)$", after, flags=re.M)
    assert headings
    assert all(heading.startswith("Simulated") for heading in headings)
