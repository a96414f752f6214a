"""The words for a session's warnings, and which of them somebody can mend."""

import pytest

from sensor_hub.words import contact_bias_text, to_mend, warning_text
from sensor_hub.words.warnings import MENDABLE


def test_what_can_be_mended_is_told_and_what_holds_for_every_run_is_not() -> None:
    codes = [
        "silence",
        "calibration-void",
        "slipped:pod-left",
        "provisional-model",
        "no-contact-time",
        "decode-failed:3",
    ]
    assert to_mend(codes) == ["calibration-void", "slipped:pod-left"]


@pytest.mark.parametrize("code", sorted(MENDABLE))
def test_what_can_be_mended_has_a_sentence(code: str) -> None:
    assert warning_text(code) != code


def test_what_was_put_in_by_hand_is_not_called_a_line_of_a_log() -> None:
    assert warning_text("by-hand") == "put in by hand: nothing was measured"
    assert to_mend(["by-hand"]) == []


def test_a_sensor_is_called_by_its_name_where_that_is_known() -> None:
    assert warning_text("slipped:pod-1", {"pod-1": "left, red"}).startswith("left, red: it seems to have slipped")
    assert warning_text("slipped:pod-2", {"pod-1": "left, red"}).startswith("pod-2: ")


def test_a_foot_that_took_no_steps_is_named_and_told_of_the_ways_to_mend_it() -> None:
    assert to_mend(["not-worn:pod-2"]) == ["not-worn:pod-2"]
    assert warning_text("not-worn:pod-2", {"pod-2": "right"}).startswith("right: it was heard but took no steps")


def test_the_mend_of_a_file_is_an_option_and_not_pairing() -> None:
    assert "give --mount" in warning_text("not-this-mount", of_file=True)
    assert "pair it again" in warning_text("not-this-mount")
    for code in ("upside-down", "sides-swapped", "not-this-mount"):
        assert "pair" not in warning_text(code, of_file=True)


@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_a_bound_from_other_peoples_studies_is_called_one_and_no_promise(mount: str) -> None:
    text = contact_bias_text(0.022, mount=mount, calibrated=False)
    assert text == "may be off by 22 ms or more; rests on other people's studies"


def test_at_the_sacrum_no_bound_is_told_for_other_people() -> None:
    text = contact_bias_text(0.038, mount="sacrum", calibrated=False)
    assert text == "fitted on one runner; for others it may be off by tens of ms"


def test_a_calibrated_contact_time_says_what_its_reference_allows() -> None:
    assert contact_bias_text(0.011, mount="sacrum", calibrated=True) == "calibrated; may still be off by 11 ms"
    assert "unknown" in contact_bias_text(None, mount="foot", calibrated=True)
    assert contact_bias_text(None, mount=None, calibrated=False) == "how far from a force plate's is unknown"
