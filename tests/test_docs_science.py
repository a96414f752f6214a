"""The page for sports scientists says what the code does, and what it is not."""

import re
from dataclasses import fields
from math import atan, exp, pi, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensor_hub.adapters.web.session_answers import StepsAnswer
from sensor_hub.load.achilles import VERSION, AchillesModel
from sensor_hub.load.aggregate import SessionTotals
from sensor_hub.load.modifiers import MODIFIERS
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.load.remodel import remodelled
from sensor_hub.load.stiffness import leg_stiffness_bw_per_m
from sensor_hub.load.tendon import REARFOOT
from sensor_hub.load.uncertainty import ABSOLUTE_BAND
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Conditions, Totals
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from sensor_hub.words import about_sections
from sensor_hub.words.numbers import ABSOLUTE_BAND_PERCENT
from tests.docs_tables import PAPER, TABLES, block, written

ROOT = Path(__file__).parents[1]
TEXT = PAPER.read_text(encoding="utf-8")
N_ROWS = 400  # of an easy run, each standing for 20 steps


def test_every_table_of_the_paper_is_that_of_the_code() -> None:
    assert written(TEXT) == TEXT, "run: python -m tests.docs_tables"


@pytest.mark.parametrize("modifier", MODIFIERS, ids=lambda m: m.name)
def test_the_paper_names_every_modifier_with_its_evidence_and_source(modifier: object) -> None:
    found = block("modifiers").search(TEXT)
    assert found is not None
    (row,) = [line for line in found[2].splitlines() if line.startswith(f"| {modifier.name} |")]  # type: ignore[attr-defined]
    assert f"| {modifier.evidence} |" in row  # type: ignore[attr-defined]
    assert modifier.source in row  # type: ignore[attr-defined]


def test_a_changed_constant_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "bands", lambda: "| another |")
    assert written(TEXT) != TEXT


@pytest.mark.parametrize(
    "words",
    [
        "no medical device",
        "no diagnosis",
        "no prediction",
        "return to sport",
        "nearly a stopwatch",
        "ours",
        "3.0 %",
        VERSION,
    ],
)
def test_the_paper_says_what_this_is_not_and_what_a_stopwatch_does(words: str) -> None:
    assert words in TEXT


def test_the_short_page_says_the_same_of_what_this_is_not() -> None:
    (section,) = [s for s in about_sections() if s.key == "not"]
    said = " ".join(section.lines)
    for words in ("no medical device", "no diagnosis", "no prediction", "return to sport"):
        assert words in said


def test_the_band_people_read_is_the_band_of_the_model() -> None:
    assert pytest.approx(100 * ABSOLUTE_BAND) == ABSOLUTE_BAND_PERCENT
    assert f"±{ABSOLUTE_BAND_PERCENT} %" in TEXT


def test_every_load_column_of_a_file_of_steps_is_explained() -> None:
    columns = [name for name in FLOAT_COLUMNS if name.startswith(("vgrf_peak", "achilles_"))]
    assert [name for name in columns if f"`{name}`" not in TEXT] == []


def test_the_readme_leads_to_the_paper() -> None:
    assert "docs/for-sports-scientists.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def easy_run(grade: float, slope_sd: float = 0.0, surface: str = "unknown") -> tuple[StepTable, Totals]:
    """An easy run of a population runner whose told slope errs by so much from row to row, and its totals."""
    rng = np.random.default_rng(17)
    speed_mps = EASY_SPEED_MPS * (1 + 0.04 * rng.standard_normal(N_ROWS))
    told: dict[str, Any] = {
        "time_utc_us": np.arange(N_ROWS, dtype=np.int64),
        "side": np.full(N_ROWS, "U"),
        "n_steps": np.full(N_ROWS, 20.0),
        "step_time_s": np.asarray(REF_POP_1.step_time_s(speed_mps)),
        "contact_time_s": np.asarray(REF_POP_1.contact_time_s(speed_mps)),
        "contact_time_sd": np.full(N_ROWS, 0.005),
        "grade": grade + slope_sd * rng.standard_normal(N_ROWS),
        "step_time_origin": np.full(N_ROWS, "measured"),
        "gait": np.full(N_ROWS, "run"),
    }
    nothing = np.full(N_ROWS, np.nan)
    model = AchillesModel(conditions=Conditions(surface=surface))  # type: ignore[arg-type]
    steps = remodelled(StepTable(**{f.name: told.get(f.name, nothing) for f in fields(StepTable)}), model, "imu")
    sums = SessionTotals(model, "imu")
    sums.add(steps, np.full(N_ROWS, True))
    sums.recorded_s = float((steps.step_time_s * steps.n_steps).sum())
    return steps, sums.totals()


def test_the_equations_of_the_paper_give_the_numbers_of_the_model() -> None:
    for line in (
        "I = gain(strike) · sqrt(f / 1.425) · exp(3.10 · a)",
        "P = peak_over_mean(strike) · I / tc",
        "H = pi/2 · f",
    ):
        assert line in TEXT
    steps, totals = easy_run(0.03, surface="treadmill")
    step_s, contact_s = steps.step_time_s, steps.contact_time_s
    impulse = 1.677 * np.sqrt(step_s / contact_s / 1.425) * exp(3.10 * atan(0.03)) * 1.125 * step_s
    np.testing.assert_allclose(steps.achilles_impulse_bw_s, impulse, rtol=1e-3)
    np.testing.assert_allclose(steps.achilles_peak_bw, 1.918 * impulse / contact_s, rtol=1e-3)
    ref_s, ref_contact_s = float(REF_POP_1.step_time_s(2.78)), float(REF_POP_1.contact_time_s(2.78))
    ref_bw_s = 1.677 * sqrt(ref_s / ref_contact_s / 1.425) * ref_s
    eq_km = float((impulse * steps.n_steps).sum()) / 2 / (1000 / 2.78 / ref_s / 2 * ref_bw_s)
    assert totals.load_eq_km == pytest.approx(eq_km, rel=2e-3)
    assert REARFOOT.lever == pytest.approx(1.677, abs=1e-3)


def test_the_papers_leg_stiffness_is_that_of_the_code() -> None:
    assert "dL = L - sqrt(L² - (v · tc / 2)²) + dy" in TEXT
    step_s, contact_s, speed_mps, leg_m = 0.36, 0.24, 3.3, 0.53 * 1.75
    half_sine_bw = pi / 2 * step_s / contact_s
    sink_m = STANDARD_GRAVITY_MPS2 * contact_s**2 * (half_sine_bw / pi**2 - 1 / 8)
    shortens_m = leg_m - sqrt(leg_m**2 - (speed_mps * contact_s / 2) ** 2) + sink_m
    step, contact, level, speed = (np.array([one]) for one in (step_s, contact_s, 0.0, speed_mps))
    told = leg_stiffness_bw_per_m(step, contact, level, speed, leg_m)
    assert float(told[0]) == pytest.approx(half_sine_bw / shortens_m)


def hard_share(slope_sd: float) -> float:
    _, totals = easy_run(0.0, slope_sd)
    assert totals.hard_load_bw_s is not None
    assert totals.load_bw_s is not None
    return totals.hard_load_bw_s / totals.load_bw_s


@pytest.mark.parametrize("name", ["for-sports-scientists.md", "accuracy.md", "numbers.md", "files.md"])
def test_a_receivers_altitude_makes_easy_running_hard_as_the_papers_say(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8").lower()
    assert "a fifth to a third of an easy run on the flat is" in " ".join(text.split())
    assert "receiver" in text
    assert hard_share(0.026) == pytest.approx(1 / 5, abs=0.05)
    assert hard_share(0.042) == pytest.approx(1 / 3, abs=0.05)
    assert hard_share(0.006) < 0.05


def test_wherever_the_spread_of_a_vertical_peak_is_told_the_bias_of_contact_time_is_left_out_of_it() -> None:
    told = [
        re.sub(r"\s+", " ", one)
        for one in (
            TEXT.split("Each `…_sd` is")[1],
            (ROOT / "docs" / "files.md").read_text(encoding="utf-8").split("- `vgrf_peak_bw`, `vgrf_peak_sd`")[1],
            (StepTable.__doc__ or "").split("vgrf_peak_sd :")[1],
            StepsAnswer.model_fields["vgrf_peak_sd"].description or "",
        )
    ]
    for one in told:
        assert "beside a force plate, were the contact time free of bias" in one[:300]
