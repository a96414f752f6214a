from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.shoes.drop_change import RAMP, allowed_share
from sensor_hub.guidelines.shoes.notices import shoe_notices
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.diary import PolicyName, Said, SayCare, SayEpisode, SetPolicy, SetRule, WornOut
from sensor_hub.model.guidance import Notice
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.guidance import notice_sentence, notice_why
from tests.guidelines.cases import RUNNER, TODAY, case_of
from tests.guidelines.histories import run

DAY = timedelta(days=1)
OLD = Shoe("old", RUNNER.id, "Old", drop_mm=10.0)
LOW = Shoe("low", RUNNER.id, "Low", drop_mm=4.0)


def day(days_ago: int) -> date:
    return TODAY - days_ago * DAY


def notices(
    wear: Sequence[tuple[int, float | None, Shoe | None]], said: Sequence[Said] = (), shoes: Sequence[Shoe] = (OLD, LOW)
) -> list[Notice]:
    """What is said of runs: how many days ago, km, and the pair."""
    runs: list[SessionSummary] = [run(d, km, sid=f"s{n}") for n, (d, km, _) in enumerate(wear)]
    worn = [(f"s{n}", pair.id) for n, (_, _, pair) in enumerate(wear) if pair is not None]
    found = shoe_notices(case_of(runs, said, shoes=shoes, worn=worn))
    texts = [text for n in found for text in (notice_sentence(n), notice_sentence(n, theirs=True), *notice_why(n))]
    assert all(text and "{" not in text for text in texts)  # whatever a rule says has words; without them this raises
    return found


def told(found: Sequence[Notice], rule: str) -> list[tuple[str, str]]:
    return [(n.key, n.weight) for n in found if n.rule == rule]


# --- wear ------------------------------------------------------------------------------------------------------------


@pytest.mark.row("A04")
@pytest.mark.parametrize(
    ("before_km", "policy", "expected"),
    [
        (472.9, "balanced", []),
        (473.0, "balanced", [("warn", "info")]),
        (473.0, "strict", [("warn", "caution")]),
        (794.9, "balanced", [("warn", "info")]),
        (795.0, "balanced", [("critical", "caution")]),
        (795.0, "strict", [("critical", "load")]),
    ],
)
def test_a_pair_is_warned_of_at_483_km_and_critical_at_805(
    before_km: float, policy: PolicyName, expected: list[tuple[str, str]]
) -> None:
    pair = Shoe("p", RUNNER.id, "Pair", start_distance_m=1000 * before_km)
    assert told(notices([(3, 10.0, pair)], [SetPolicy(policy)], [pair]), "shoe-wear") == expected


@pytest.mark.row("A04")
def test_a_pair_that_somebody_finds_worn_is_critical_until_that_is_taken_back() -> None:
    worn = WornOut("old", day(3))
    assert told(notices([], [worn]), "shoe-wear") == [("worn", "caution")]
    assert told(notices([], [worn, WornOut("old", day(1), worn=False)]), "shoe-wear") == []
    gone = Shoe("old", RUNNER.id, "Old", retired_utc=datetime(2026, 11, 1, tzinfo=UTC))
    assert told(notices([], [worn], [gone]), "shoe-wear") == []


@pytest.mark.row("A04")
def test_runs_of_unknown_distance_make_it_at_least_and_what_may_be_above_is_unknown() -> None:
    pair = Shoe("p", RUNNER.id, "Pair", start_distance_m=478_000.0)
    assert told(notices([(3, None, pair), (1, 3.0, None)], shoes=[pair]), "shoe-wear") == []
    (unsure,) = [n for n in notices([(3, None, pair), (1, 8.0, None)], shoes=[pair]) if n.rule == "shoe-wear"]
    assert (unsure.key, unsure.weight, unsure.facts["km"]) == ("unknown", "unknown", 478.0)
    (above,) = [n for n in notices([(3, None, pair), (1, 8.0, pair)], shoes=[pair]) if n.rule == "shoe-wear"]
    assert (above.key, above.facts["at_least"]) == ("warn", True)


@pytest.mark.row("A04")
def test_what_was_walked_in_a_pair_or_run_longer_than_a_year_ago_is_at_least() -> None:
    pair = Shoe("p", RUNNER.id, "Pair", start_distance_m=480_000.0)

    def at_least(days_ago: int, *more: tuple[str, str]) -> object:
        case = case_of([run(days_ago, 5.0, sid="a")], shoes=[pair], worn=[("a", "p"), *more])
        (notice,) = shoe_notices(case)
        return notice.facts["at_least"]

    assert at_least(5) is False
    assert at_least(5, ("a-walk", "p")) is True
    assert at_least(380) is True


# --- less drop -------------------------------------------------------------------------------------------------------

USUAL = [(d, 10.0, OLD) for d in range(20, 100, 2)]


@pytest.mark.row("D06", "B08")
def test_from_10_mm_to_4_within_a_week_is_critical() -> None:
    week = [(d, 10.0, LOW) for d in range(0, 16, 2)]
    assert told(notices([*USUAL, *week]), "drop-switch") == [("in-a-week", "caution")]
    assert told(notices([*USUAL, *week], [SetPolicy("strict")]), "drop-switch") == [("in-a-week", "load")]


@pytest.mark.row("D06")
def test_from_10_mm_to_4_within_three_months_is_an_alarm_and_slower_is_not() -> None:
    """One run in five in the new pair for some weeks, then all of them, so many days after the first."""

    def changed(after: int, until: int = 0) -> list[Notice]:
        first = after + 10
        before = [(d, 10.0, OLD) for d in range(first + 1, first + 60, 2)]
        mixed = [(d, 10.0, LOW if (first - d) % 10 == 0 else OLD) for d in range(first, 9, -2)]
        return notices([*before, *mixed, *[(d, 10.0, LOW) for d in range(9, until - 1, -1)]])

    assert told(changed(60), "drop-switch") == [("in-months", "caution")]
    assert told(changed(100), "drop-switch") == []


@pytest.mark.row("D06")
@pytest.mark.parametrize(
    ("usual", "new", "said"), [(10.0, 6.0, True), (12.0, 0.0, True), (9.0, 4.0, False), (10.0, 6.5, False)]
)
def test_that_is_said_of_10_mm_and_more_down_to_6_and_less(usual: float, new: float, said: bool) -> None:
    old, low = Shoe("a", RUNNER.id, "A", drop_mm=usual), Shoe("b", RUNNER.id, "B", drop_mm=new)
    wear = [*((d, 10.0, old) for d in range(10, 60, 2)), *((d, 10.0, low) for d in range(0, 9, 2))]
    found = notices(wear, shoes=[old, low])
    assert bool(told(found, "drop-switch")) is said
    assert told(found, "drop-ramp") == [("above", "caution")]  # every lowering is one, also a small one


@pytest.mark.row("B08", "D34")
@pytest.mark.parametrize(
    ("low_km", "expected"),
    [(2.0, ("within", "info")), (2.6, ("quick", "info")), (3.1, ("above", "caution"))],
)
def test_the_first_weeks_leave_10_to_15_percent(low_km: float, expected: tuple[str, str]) -> None:
    wear = [*((d, 4.0, OLD) for d in range(8, 60, 2)), *((d, (20.0 - low_km) / 4, OLD) for d in (0, 2, 4, 6))]
    assert told(notices([*wear, (1, low_km, LOW)]), "drop-ramp") == [expected]


@pytest.mark.row("D34")
@pytest.mark.parametrize(
    ("days", "slow", "most"), [(0, 0.10, 0.15), (14, 0.10, 0.15), (52, 0.306, 0.575), (90, 0.512, 1.0), (180, 1.0, 1.0)]
)
def test_the_ramp_is_a_line_to_all_of_it_after_three_to_six_months(days: int, slow: float, most: float) -> None:
    assert allowed_share(case_of(), days) == pytest.approx((slow, most), abs=0.001)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_ramp_never_falls_and_never_jumps(one: int, other: int) -> None:
    first, second = sorted((one, other))
    low, high = allowed_share(case_of(), first), allowed_share(case_of(), second)
    assert low.slow <= min(low.most, high.slow)
    assert low.most <= high.most
    assert high.most - low.most <= 0.0112 * (second - first) + 1e-9


@pytest.mark.row("D34")
def test_all_runs_in_the_lower_pair_are_within_after_six_months_and_not_after_two() -> None:
    for first, expected in [(60, [("above", "caution")]), (185, [])]:
        before = [(d, 10.0, OLD) for d in range(first + 2, first + 80, 2)]
        found = notices([*before, *((d, 10.0, LOW) for d in range(first, -1, -2))])
        assert told(found, "drop-ramp") == expected


@pytest.mark.row("D34")
def test_a_first_run_of_a_week_is_not_all_of_the_week() -> None:
    wear = [(d, 10.0, OLD) for d in range(9, 60, 2)]
    (found,) = [n for n in notices([*wear, (0, 2.5, LOW)]) if n.rule == "drop-ramp"]
    assert found.key == "within"
    assert found.facts["share"] == pytest.approx(2.5 / 25.6, abs=0.01)


@pytest.mark.row("D34")
def test_unknown_pairs_drops_and_distances_leave_the_share_unknown() -> None:
    wear = [*((d, 10.0, OLD) for d in range(8, 60, 2)), (0, 3.0, LOW)]
    plain = Shoe("x", RUNNER.id, "X")
    assert told(notices([*wear, (2, 20.0, None)]), "drop-ramp") == [("share-unknown", "unknown")]
    assert told(notices([*wear, (2, 20.0, plain)], shoes=[OLD, LOW, plain]), "drop-ramp") == [
        ("share-unknown", "unknown")
    ]
    assert told(notices([*wear, (2, None, OLD)]), "drop-ramp") == [("share-unknown", "unknown")]
    unknown_before = [(d, 10.0, plain) for d in range(8, 60, 2)]
    found = notices([*unknown_before, (0, 3.0, LOW)], shoes=[plain, LOW])
    assert told(found, "drop-ramp") == [("usual-unknown", "unknown")]


def test_who_has_always_run_low_or_changes_to_more_drop_hears_nothing() -> None:
    assert notices([(d, 10.0, LOW) for d in range(0, 80, 2)]) == []
    both = [(d, 10.0, LOW if d % 4 else OLD) for d in range(0, 80, 2)]
    assert notices(both) == []
    assert notices([*((d, 10.0, LOW) for d in range(8, 80, 2)), (0, 10.0, OLD)]) == []
    had = Shoe("low", RUNNER.id, "Low", drop_mm=4.0, start_distance_m=90_000.0)
    assert told(notices([*USUAL, (0, 10.0, had)], shoes=[OLD, had]), "drop-ramp") == []


# --- more drop, for a while ------------------------------------------------------------------------------------------


@pytest.mark.row("D35", "C08")
@pytest.mark.parametrize("kind", ["higher-drop", "heel-lift"])
def test_more_drop_or_a_lift_is_for_a_while_and_needs_an_end(kind: str) -> None:
    def found(first: int, last: int | None) -> list[tuple[str, str]]:
        care = SayCare(kind, day(first), None if last is None else day(last))  # type: ignore[arg-type]
        return told(notices([], [care]), "higher-drop")

    assert found(5, None) == [("no-end", "caution")]
    assert found(5, -20) == [("until", "info")]
    assert found(90, -5) == [("too-long", "caution")]
    assert found(20, 1) == []


@pytest.mark.row("D35", "C08")
def test_in_the_first_days_of_a_spell_more_drop_is_offered_to_who_runs_in_less() -> None:
    spell = SayEpisode(day(3), "began")
    (offer,) = notices([(4, 5.0, LOW)], [spell])
    assert (offer.key, offer.facts["low_mm"], offer.facts["high_mm"]) == ("may-help", 10.0, 12.0)
    assert notices([(4, 5.0, OLD)], [spell]) == []
    assert notices([(4, 5.0, None)], [spell]) == []
    assert notices([(4, 5.0, LOW)], [SayEpisode(day(15), "began")]) == []


@pytest.mark.row("A16")
def test_an_insert_is_shown_while_it_is_worn() -> None:
    assert told(notices([], [SayCare("orthotic", day(200))]), "insert") == []
    assert told(notices([], [SayCare("orthotic", day(9), day(-9))]), "insert") == [("orthotic", "info")]
    assert told(notices([], [SayCare("orthotic", day(9), day(1))]), "insert") == []


def test_a_rule_of_shoes_that_is_switched_off_says_nothing() -> None:
    wear = [*USUAL, *((d, 10.0, LOW) for d in range(0, 16, 2))]
    assert {n.rule for n in notices(wear, [SetRule(RAMP.id, "on", 0)])} == {"drop-switch"}
    assert {n.rule for n in notices(wear, [SetRule("drop-switch", "on", 0)])} == {RAMP.id}


def test_what_is_said_of_shoes_has_its_numbers() -> None:
    week = [(d, 10.0, LOW) for d in range(0, 16, 2)]
    switch, ramp = notices([*USUAL, *week])
    assert notice_sentence(switch) == (
        "From your usual 10 mm to 4 mm within 3 days. Wear the higher pair for most runs, and change over months."
    )
    assert notice_sentence(ramp) == "100 % of the week in 4 mm, 14 days after the first run in it: at most 15 % now."
    pair = Shoe("p", RUNNER.id, "Pair", start_distance_m=478_000.0)
    (worn,) = notices([(3, None, pair), (1, 8.0, pair)], shoes=[pair])
    assert notice_sentence(worn) == "Pair: at least 486 km, above 483 km. Look how worn they are."
