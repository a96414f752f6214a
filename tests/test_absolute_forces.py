"""No absolute force is shown to a person without the word "modelled" and its ±40 %, wherever people read one.

Dashboards have the same test beside their queries, REST beside its descriptions.
"""

import ast
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from sensor_hub import words
from sensor_hub.adapters.web import run_labels
from sensor_hub.cli.analysis_table import show_analysis
from sensor_hub.model.load import Headroom, LoadSums, Totals
from tests.adapters.web.loaded import TODAY_SUMS, TOTALS

PACKAGE = Path(__file__).parents[1] / "sensor_hub"
ROOMS = ("words", "cli", "adapters/web")
FORCE = re.compile(r"(^\s+|\}\s*|\d\s*)BW\b(?!·s|/m)")  # BW/m is a stiffness, BW·s an impulse
CAVEAT = "modelled, ±40 %"
MADE = words.MadeBy("imu", "achilles-1.0.0", "ref-pop-1", "imu/feet/foot-1.0", "overground")


def texts_of(path: Path) -> list[tuple[int, str]]:
    """Texts of a module that a program may show: no docstrings."""
    source = path.read_text(encoding="utf-8")
    if "BW" not in source:  # the only texts that are looked for
        return []
    tree = ast.parse(source)
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {id(n.body[0].value) for n in ast.walk(tree) if isinstance(n, holders) and isinstance(n.body[0], ast.Expr)}
    found = [
        n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in docs
    ]
    return [(n.lineno, str(n.value)) for n in found]


def test_one_function_alone_puts_body_weights_behind_a_number() -> None:
    places = {
        path.relative_to(PACKAGE).as_posix()
        for room in ROOMS
        for path in (PACKAGE / room).glob("*.py")
        for _, text in texts_of(path)
        if FORCE.search(text)
    }
    assert places == {"words/numbers.py"}


def test_that_function_says_modelled_and_forty_percent() -> None:
    assert words.force(5.14) == f"5.1 BW ({CAVEAT})"
    assert words.force(None) == words.force(float("nan")) == "–"
    assert words.impulse(412.0, 25.0) == f"412 BW·s, 380–444 a leg ({CAVEAT})"


def marked(name: str, text: str, note: str) -> bool:
    return not re.search(r"\d BW\b(?!/m)", text) or CAVEAT in f"{name} {text} {note}"


def test_every_fact_of_a_run_in_body_weights_is_marked() -> None:
    facts = words.load_facts(TOTALS, MADE)
    in_body_weights = [f.key for f in facts if re.search(r"\d BW\b(?!/m)", f.text)]
    assert in_body_weights == ["walk", "hard_load_bw_s", "peak"]
    assert [f.key for f in facts if not marked(f.name, f.text, f.note)] == []


def test_every_sum_of_a_day_in_body_weights_is_marked() -> None:
    rows = words.sum_rows(replace(TODAY_SUMS, exercise_load_bw_s=31.0), TODAY_SUMS)
    assert len([row for row in rows if "BW·s" in " ".join(row[1:])]) == 2
    assert [name for name, *sums in rows if not marked(name, " ".join(sums), "")] == []


def test_the_table_of_a_file_marks_every_force(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # a test runner may set it, and then lines are folded
    answer = {f.name: getattr(TOTALS, f.name) for f in fields(Totals)}
    show_analysis(
        "run", {**answer, **dict.fromkeys(OTHERS), "tier": "imu", "warning_texts": [], "model": "achilles-1.0.0"}
    )
    lines = [line for line in capsys.readouterr().out.splitlines() if re.search(r"\d BW\b(?!/m)", line)]
    assert len(lines) == 3
    assert [line for line in lines if CAVEAT not in line] == []


OTHERS = (
    "reference", "source", "flight_time_origin", "contact_method", "contact_method_evidence", "contact_mount",
    "contact_time_calibrated",
)  # fmt: skip


def test_a_headroom_in_body_weights_is_marked_in_words_and_on_its_bar() -> None:
    headroom = Headroom("hard_load_bw_s", 400.0, 440.0, 412.0, 28.0, "normal")
    assert CAVEAT in words.headroom_sentence(headroom)
    assert CAVEAT in run_labels.room_label("hard_load_bw_s")


def test_what_nobody_measured_is_a_dash_and_never_zero() -> None:
    empty = words.load_facts(Totals(), MADE)
    told = {f.key: f.text for f in empty if f.key not in {"instrument", "model"}}
    assert set(told.values()) == {"–"}
    assert {cell for row in words.sum_rows(LoadSums(), LoadSums()) for cell in row[1:]} == {"–"}
