"""What a line of the diary may say, value by value; and that whatever is taken can be read again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.app.guiding.checked import Around, check, settings_change
from sensor_hub.errors import EditError
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import (
    SayCare,
    SayClearance,
    SayCrossTraining,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayPain,
    SayProfile,
    SaySleep,
    SaySymptoms,
    SetPolicy,
    SetRule,
    StartPlan,
    WornOut,
)
from sensor_hub.wire.edits import edit_body, edit_of

NOW_UTC = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = NOW_UTC.date()
DAY = timedelta(days=1)
ANA = Athlete("ana", "Ana", "UTC")
RUN = NOW_UTC - timedelta(days=2), NOW_UTC - timedelta(days=2) + timedelta(hours=1)
PAIN = SayPain(NOW_UTC, "morning", 2.0)


def around(zone: str = "UTC", *said: Any) -> Around:
    return Around(
        replace(ANA, zone=zone), NOW_UTC, diary_of(said), frozenset({"blue"}), lambda sid: RUN if sid == "run" else None
    )


def refusal(said: Any, *before: Any, zone: str = "UTC") -> str:
    with pytest.raises(EditError) as refused:
        check(said, around(zone, *before))
    return str(refused.value)


@given(level=st.floats(allow_nan=True, allow_infinity=True, width=32))
def test_a_level_is_taken_where_it_is_on_the_scale_in_steps_of_a_half_and_nowhere_else(level: float) -> None:
    allowed = level in {n / 2 for n in range(21)}
    try:
        check(replace(PAIN, level=level), around())
    except EditError:
        assert not allowed
    else:
        assert allowed


@pytest.mark.parametrize("n", range(21))
def test_every_half_step_from_0_to_10_is_taken_and_reads_back(n: int) -> None:
    said = replace(PAIN, level=n / 2)
    check(said, around())
    assert edit_of(edit_body(said)) == said


TAKEN: list[Any] = [
    PAIN,
    replace(PAIN, at_utc=NOW_UTC + timedelta(minutes=4)),  # two clocks
    replace(PAIN, sid="run"),
    SaySymptoms(NOW_UTC, absent=("pop",)),
    SaySymptoms(NOW_UTC, tender_cm=0.0),
    SayExercise(NOW_UTC, "heel-drop", 100, 1000),
    SayExercise(NOW_UTC, "isometric-hold", 100, 1, hold_s=600.0),
    SayCrossTraining(NOW_UTC, "rowing", 86400.0, 10.0),
    SayCare("heel-lift", TODAY, TODAY + 90 * DAY),  # until when it is to be worn
    SayMedicine("nsaid", TODAY - 3 * DAY),
    SaySleep(TODAY, note="restless"),
    SayProfile(conditions=()),
    SayProfile(forget=("born",)),
    SayEpisode(TODAY, "began"),
    SayClearance(TODAY, "Dr Kim", "physiotherapist"),
    StartPlan("isometric", TODAY - 7 * DAY, usual_m=30_000.0),
    WornOut("blue", TODAY),
    SetPolicy("strict"),
]
REFUSED: list[tuple[Any, str]] = [
    (replace(PAIN, when="noon"), "cannot be kept"),  # type: ignore[arg-type]
    (replace(PAIN, side="left"), "cannot be kept"),  # type: ignore[arg-type]
    (replace(PAIN, at_utc=NOW_UTC + timedelta(minutes=6)), "has not been yet"),
    (replace(PAIN, at_utc=datetime(1969, 1, 1, tzinfo=UTC)), "too long ago"),
    (replace(PAIN, at_utc=datetime(2026, 11, 20)), "time zone"),  # noqa: DTZ001
    (replace(PAIN, onset_min=-1.0), "0 to 2880"),
    (replace(PAIN, onset_min=float("nan")), "no number"),
    (replace(PAIN, note="x" * 1001), "1000 at most"),
    (replace(PAIN, sid="other"), "session list"),
    (replace(PAIN, sid="run", at_utc=NOW_UTC - 20 * DAY), "more than a week"),
    (SaySymptoms(NOW_UTC), "nothing to keep"),
    (SaySymptoms(NOW_UTC, ("pop",), ("pop",)), "one of them"),
    (SaySymptoms(NOW_UTC, tender_cm=30.5), "0 to 30"),
    (SayExercise(NOW_UTC, "heel-drop", 0), "1 to 100"),
    (SayExercise(NOW_UTC, "heel-drop", reps=1001), "1 to 1000"),
    (SayExercise(NOW_UTC, "heel-drop", pain=10.5), "not on the scale"),
    (SayExercise(NOW_UTC, "heel-drop", 100, 1000, lowering_s=60.0), "longer than a day"),
    (SayExercise(NOW_UTC, "heel-drop", sid="other"), "session list"),
    (SayCrossTraining(NOW_UTC, "rowing", 0.0), "1 to 86400"),
    (SayCare("ice", TODAY + DAY), "has not been yet"),
    (SayCare("ice", TODAY, TODAY - DAY), "first day first"),
    (SayMedicine("nsaid", TODAY, TODAY + 1001 * DAY), "too many days"),
    (SaySleep(TODAY + DAY, 8.0), "has not been yet"),
    (SaySleep(TODAY, 24.5), "0 to 24"),
    (SayProfile(), "nothing to keep"),
    (SayProfile(born=TODAY + DAY), "has not been yet"),
    (SayProfile(born=date(1899, 1, 1)), "too long ago"),
    (SayProfile(knee_to_wall_cm=31.0), "0 to 30"),
    (SayProfile(rest_h=337.0), "0 to 336"),
    (SayEpisode(TODAY, "recovered"), "episode began"),
    (SayClearance(TODAY, "  ", "physician"), "give their name"),
    (SayClearance(TODAY, "Kim", "coach"), "cannot be kept"),  # type: ignore[arg-type]
    (StartPlan("isometric", TODAY + DAY), "has not been yet"),
    (StartPlan("isometric", TODAY, usual_m=1.0), "100 to 500000"),
    (WornOut("red", TODAY), "no pair"),
]


@pytest.mark.parametrize("said", TAKEN, ids=lambda s: type(s).__name__)
def test_what_can_be_is_taken_and_reads_back(said: Any) -> None:
    check(said, around())
    assert edit_of(edit_body(said)) == said


@pytest.mark.parametrize(("said", "mend"), REFUSED, ids=lambda s: s if isinstance(s, str) else type(s).__name__)
def test_what_cannot_be_is_refused_with_the_mend(said: Any, mend: str) -> None:
    assert mend in refusal(said)


def test_a_day_is_over_where_the_athlete_lives() -> None:
    tomorrow = SaySleep(TODAY + DAY, 8.0)
    check(tomorrow, around("Pacific/Kiritimati"))  # there it is the 21st already
    assert "has not been yet" in refusal(tomorrow, zone="Pacific/Honolulu")


def test_a_birth_is_held_against_what_was_said_before() -> None:
    assert "before the birth" in refusal(SayProfile(running_since=date(1979, 1, 1)), SayProfile(born=date(1980, 1, 1)))
    check(SayProfile(running_since=date(1990, 1, 1)), around("UTC", SayProfile(born=date(1980, 1, 1))))


def test_a_spell_that_began_can_be_over() -> None:
    check(SayEpisode(TODAY, "recovered"), around("UTC", SayEpisode(TODAY - DAY, "began")))


def test_only_settings_change_findings() -> None:
    changing: list[Any] = [
        SetPolicy("strict"),
        SetRule("r", "p", 1.0),
        SayProfile(rest_h=24.0),
        SayProfile(forget=("rest_h",)),
    ]
    assert all(settings_change(said) for said in changing)
    assert not any(settings_change(said) for said in TAKEN if not isinstance(said, SetPolicy))
