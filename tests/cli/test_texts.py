from pathlib import Path
from typing import get_args

import pytest

from sensor_hub.cli.texts import steps_text
from sensor_hub.model.link import LinkCause
from sensor_hub.model.load import Totals
from sensor_hub.words import warning_text

SESSION = Path(__file__).parents[2] / "sensor_hub" / "session"
CODES = [
    "silence", "clock-reset", "rate-too-low", "no-gyroscope", "no-acceleration", "implausible-cadence",
    "decode-failed:3", "no-contact-time", "no-start-time", "stale", "cadence-unit-doubtful",
    "contact-time-never-came", "calibration-void", "no-steps", "not-worn:pod-1",
]  # fmt: skip
OF_OLD_SESSIONS = ["provisional-model"]  # no longer said, still read


@pytest.mark.parametrize("code", [*CODES, *OF_OLD_SESSIONS, *get_args(LinkCause)])
def test_every_code_of_a_session_has_a_sentence(code: str) -> None:
    said = warning_text(code)
    assert said != code
    assert " " in said


def test_the_list_of_codes_above_is_that_of_the_session() -> None:
    source = "".join(path.read_text() for path in SESSION.glob("*.py"))
    for code in CODES:
        name = code.partition(":")[0]
        assert f'"{name}' in source or name in {"silence", "clock-reset", "no-start-time"}


@pytest.mark.parametrize(
    ("n_steps", "coverage", "text"),
    [(0.0, 0.0, "–"), (0.0, None, "–"), (0.0, 0.5, "0"), (854.8, None, "855"), (12.0, 0.9, "12")],
)
def test_steps_are_unknown_where_nothing_was_recorded(n_steps: float, coverage: float | None, text: str) -> None:
    assert steps_text(Totals(n_steps=n_steps, coverage=coverage)) == text
