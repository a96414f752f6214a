"""The page for sports scientists says what the code does, and what it is not."""

from pathlib import Path

import pytest

from sensor_hub.load.achilles import VERSION
from sensor_hub.load.modifiers import MODIFIERS
from sensor_hub.load.uncertainty import ABSOLUTE_BAND
from sensor_hub.model.gait import FLOAT_COLUMNS
from sensor_hub.words import about_sections
from sensor_hub.words.numbers import ABSOLUTE_BAND_PERCENT
from tests.docs_tables import PAPER, TABLES, block, written

ROOT = Path(__file__).parents[1]
TEXT = PAPER.read_text(encoding="utf-8")


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
