from dataclasses import replace

import pytest

from sensor_hub.adapters.web.edit_panel import effort_choices, neighbours_of, shown_effort
from sensor_hub.model.history import KeptSession
from tests.adapters.web.history import at, session

MORNING = KeptSession(session("morning", at(18, 6), 8.0, 44), "counts")


def offered(other: KeptSession) -> list[str]:
    return [sid for sid, _ in neighbours_of(MORNING, (other, MORNING), lambda summary: summary.header.sid)]


@pytest.mark.parametrize(("start", "sids"), [(at(18, 6, 50), ["other"]), (at(18, 6, 20), []), (at(18, 23), [])])
def test_only_what_follows_within_hours_and_does_not_overlap_is_offered_for_joining(start, sids) -> None:  # type: ignore[no-untyped-def]
    assert offered(KeptSession(session("other", start, 5.0, 30), "counts")) == sids


def test_a_run_without_a_time_of_day_is_not_offered_for_joining() -> None:
    day_only = session("other", at(18, 11), 5.0, 30, "by-hand", "speed")
    assert offered(KeptSession(day_only, "counts")) == ["other"]
    assert offered(KeptSession(replace(day_only, warnings=("by-hand", "time-unknown")), "counts")) == []


@pytest.mark.parametrize("effort", [None, 0.0, 4.0, 4.5, 6.5, 10.0])
def test_an_effort_that_was_said_is_one_of_the_choices_and_shown_as_it_is(effort: float | None) -> None:
    choices = dict(effort_choices(effort))
    assert shown_effort(effort) in choices
    assert choices[shown_effort(effort)].startswith("not said" if effort is None else f"{effort:g} of 10")
