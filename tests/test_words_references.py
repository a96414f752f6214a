"""What is said of a runner's own load reference."""

from dataclasses import replace
from datetime import date

import pytest

from sensor_hub.model.load import LoadReference
from sensor_hub.model.reference import KeptReference, Missing, NotYet
from sensor_hub.words.manner import Manner, speaking
from sensor_hub.words.references import not_yet_sentence, off_sentence, reference_line, signed_percent

OWN = LoadReference(
    "ref-own-1", 0.36, 0.25, 5.0, "achilles-1.0.0", "imu/foot/foot-1.0", date(2026, 11, 21), 6, 12_000.0
)
EVERY: tuple[Missing, ...] = ("instrument", "contact-time", "days")
KEPT = KeptReference("a2b3c4d5", OWN, "first", at_easy_speed=True, active=True, before="ref-pop-1")


def test_the_line_that_stays_says_since_when_from_what_and_what_was_before() -> None:
    assert reference_line(KEPT) == (
        "Since 2026-11-21: your own reference ref-own-1, from 6 runs (motion sensor, one foot, foot-1.0); "
        "before that the population's."
    )
    later = replace(KEPT, reference=replace(OWN, id="ref-own-2"), before="ref-own-1")
    assert reference_line(later).endswith("before that ref-own-1.")


def test_a_kilometre_that_is_not_of_2_78_mps_is_said() -> None:
    assert "not of 2.78 m/s" in reference_line(replace(KEPT, at_easy_speed=False))
    assert "2.78" not in reference_line(KEPT)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        (("days",), "waits for 3 more days."),
        (("sessions", "steps"), "waits for 2 more runs, 500 more easy steps."),
        (("days", "sessions", "steps"), "waits for 3 more days, 2 more runs, 500 more easy steps."),
        (("instrument",), "an older program stored these runs without their sensor"),
        (("contact-time",), "without a contact time (motion sensor, one foot, foot-1.0) there is no own reference"),
    ],
)
def test_what_is_missing_is_said_with_how_much_of_it(missing: tuple[Missing, ...], says: str) -> None:
    sentence = not_yet_sentence(NotYet("imu/foot/foot-1.0", missing, 3, 2, 500.0))
    assert says in sentence
    assert sentence.startswith("Loads are in the population's kilometre")


def test_a_reference_that_is_off_is_told_with_both_numbers_and_changed_by_nobody() -> None:
    sentence = off_sentence(0.0612, -0.021)
    assert "an easy kilometre by +6.1 %, the hard line by −2.1 %" in sentence
    assert "never done by itself" in sentence
    assert [signed_percent(part) for part in (0.0, 0.0004, -0.0004)] == ["0.0", "0.0", "0.0"]


@pytest.mark.parametrize("theirs", [False, True])
def test_to_who_wants_miles_nothing_is_said_of_kilometres(theirs: bool) -> None:
    with speaking(Manner(distance="mi")):
        sentences = [
            reference_line(replace(KEPT, at_easy_speed=False), theirs=theirs),
            off_sentence(0.0612, -0.021, theirs=theirs),
            *(
                not_yet_sentence(NotYet("imu/foot/foot-1.0", (missing,), 3, 2, 500.0), theirs=theirs)
                for missing in EVERY
            ),
        ]
    assert all(" mile" in sentence and "kilomet" not in sentence for sentence in sentences), sentences


def test_of_somebody_else_nothing_is_called_yours() -> None:
    sentences = [
        reference_line(replace(KEPT, at_easy_speed=False), theirs=True),
        not_yet_sentence(NotYet("imu/foot/foot-1.0", ("days",), 3, 2, 500.0), theirs=True),
        off_sentence(0.0612, -0.021, theirs=True),
    ]
    for sentence in sentences:
        assert "your" not in sentence.lower()
        assert "their" in sentence.lower()
