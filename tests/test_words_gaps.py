from typing import Literal, get_args, get_origin

import pytest

from sensor_hub.model.session import GapCause
from sensor_hub.words.gaps import gap_cause, gap_causes


def causes(literal: object) -> set[str]:
    return {c for part in get_args(literal) for c in (causes(part) if get_origin(part) is Literal else {part})}


def test_every_cause_of_a_gap_has_words_and_there_are_words_for_no_other() -> None:
    assert set(gap_causes()) == causes(GapCause)


@pytest.mark.parametrize("cause", sorted(causes(GapCause)))
def test_the_words_are_a_phrase_and_not_the_code(cause: str) -> None:
    assert gap_cause(cause) != cause
    assert " " in gap_cause(cause)


def test_a_cause_of_a_newer_version_is_shown_as_it_is() -> None:
    assert gap_cause("sleeping") == "sleeping"
