from typing import get_args

import pytest

from sensor_hub.cli.calibration_texts import refusal_text
from sensor_hub.signal.calibration.comparison import Reason


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_a_sentence_that_can_be_put_into_words(reason: str) -> None:
    for found, limit in ((0.07, 0.06), (None, None), (-0.07, 0.06)):
        said = refusal_text(reason, found, limit)
        assert said != reason
        assert "{" not in said


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert refusal_text("bad-weather", 1.0, 2.0) == "bad-weather"
