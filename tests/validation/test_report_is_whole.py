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


def test_the_methods_shipped_answer_as_those_measured_did(results: dict[str, Any]) -> None:
    assert results["fingerprint"] == fingerprint(), AGAIN


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
    assert 0 < len(shown) <= 8


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
