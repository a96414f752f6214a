from typing import get_args

import pytest

from sensor_hub.signal.wearing.mounting import Doubt
from sensor_hub.words import doubt_sentences, warning_text, wearing_doubt
from sensor_hub.words.pods import finding_text


def test_every_doubt_has_words_and_there_are_words_for_no_other() -> None:
    assert set(doubt_sentences()) == set(get_args(Doubt))


@pytest.mark.parametrize("doubt", get_args(Doubt))
def test_a_doubt_is_the_same_sentence_with_a_mend_after_a_run_and_in_a_check(doubt: str) -> None:
    assert warning_text(doubt) == finding_text(doubt, None) == doubt_sentences()[doubt]
    assert ": " in warning_text(doubt)


def test_a_doubt_about_one_of_two_sensors_names_it() -> None:
    assert warning_text("slipped:pod-left") == f"pod-left: {doubt_sentences()['slipped']}"


def test_a_doubt_of_a_newer_version_is_shown_as_it_is() -> None:
    assert wearing_doubt("loose:pod-left") == "loose:pod-left"
