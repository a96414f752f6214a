"""Kilometres or miles: the same quantity in other words, and nothing else changes."""

import gettext
import math
import re
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub import words
from sensor_hub.model.comparison import Difference
from sensor_hub.model.finding import FindingMeasure
from sensor_hub.words import lengths, use_translations
from sensor_hub.words.comparing import difference_text
from sensor_hub.words.manner import Manner, current, default, speaking, use_by_default
from sensor_hub.words.sessions import amount_text

KM, MI = Manner(), Manner(distance="mi")
# what one unit shown is, in the unit a measure is kept in
OF_ONE: dict[FindingMeasure, tuple[float, float]] = {
    "distance_m": (1000.0, 1609.344),
    "load_eq_km": (1.0, 1.609344),
    "speed_mps": (1 / 3.6, 0.44704),
    "speed_5min_mps": (1 / 3.6, 0.44704),
    "climb_m_per_km": (1.0, 1000 * 0.3048 / 1609.344),
}
LARGEST: dict[FindingMeasure, float] = {"distance_m": 300_000.0, "load_eq_km": 300.0, "climb_m_per_km": 200.0}


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    before = default()
    yield
    use_by_default(before)


def digits(text: str) -> tuple[float, float]:
    """A number and half of its last digit."""
    found = re.search(r"[−-]?\d+(?:\.(\d+))?", text)
    assert found is not None, text
    return float(found[0].replace("−", "-")), 0.5 * 10 ** -len(found[1] or "")


@given(measure=st.sampled_from(sorted(OF_ONE)), share=st.floats(0, 1))
def test_both_texts_denote_the_same_quantity(measure: FindingMeasure, share: float) -> None:
    value = share * LARGEST.get(measure, 12.0)
    for manner, of_one in zip((KM, MI), OF_ONE[measure], strict=True):
        with speaking(manner):
            number, half = digits(words.quantity(value, measure))
        assert number * of_one == pytest.approx(value, abs=1.001 * half * of_one, rel=1e-9)


@given(value=st.floats(0, 300), sd=st.floats(0.001, 30))
def test_a_range_in_miles_is_the_range_in_kilometres(value: float, sd: float) -> None:
    ends = []
    for manner, of_one in ((KM, 1.0), (MI, 1.609344)):
        with speaking(manner):
            low, high = words.likely(value, sd, "load_eq_km").split("–")
        ends.append([(float(end) * of_one, 0.051 * of_one) for end in (low, high)])
    for (one, one_off), (other, other_off) in zip(*ends, strict=True):
        assert one == pytest.approx(other, abs=one_off + other_off)


@given(value=st.floats(0, 300_000), limit=st.floats(0, 300_000))
def test_what_is_left_can_be_added_up_in_either_unit(value: float, limit: float) -> None:
    for manner in (KM, MI):
        with speaking(manner):
            one, other = (float(words.number(v, "distance_m")) for v in (value, limit))
            apart, _half = digits(words.numbers.apart(value, limit, "distance_m"))
        assert apart == pytest.approx(abs(one - other), abs=0.051)


@given(distance_m=st.floats(1, 500_000))
def test_what_a_field_is_filled_with_comes_back_to_the_decimetre(distance_m: float) -> None:
    for manner in (KM, MI):
        with speaking(manner):
            typed = lengths.typed_length(distance_m)
            assert float(typed) * lengths.length_m() == pytest.approx(distance_m, abs=0.1)


@given(measure=st.sampled_from(("hard_load_bw_s", "n_runs", "uphill_s", "spacing_h", "treadmill_share")))
def test_what_is_no_length_stays_as_it_is(measure: FindingMeasure) -> None:
    with speaking(MI):
        in_miles = words.quantity(0.5, measure)
    assert in_miles == words.quantity(0.5, measure)


@pytest.mark.parametrize(
    ("manner", "texts"),
    [
        (KM, ["10.0 km", "6.4 eq-km", "12.0 km/h", "15 m/km", "8.20 km in 0:45:30", "6:00 min/km", "120 m"]),
        (MI, ["6.2 mi", "4.0 eq-mi", "7.5 mph", "79 ft/mi", "5.10 mi in 0:45:30", "9:39 min/mi", "394 ft"]),
    ],
)
def test_how_it_is_written(manner: Manner, texts: list[str]) -> None:
    with speaking(manner):
        assert [
            words.quantity(10_000.0, "distance_m"), words.quantity(6.4, "load_eq_km"),
            words.quantity(12 / 3.6, "speed_mps"), words.quantity(15.0, "climb_m_per_km"),
            amount_text(8200.0, 2730.0), lengths.pace_text(1000 / 360), lengths.height_text(120.0),
        ] == texts  # fmt: skip


def test_a_difference_of_heights_is_said_whatever_a_language_makes_of_units() -> None:
    class Close(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return message.replace(" ", "\u00a0")

    climbed = Difference("ascent_m", 320.0, 200.0, "differs", 120.0)
    use_translations(Close(), "eo")
    try:
        for manner, says in ((Manner("eo"), "+120 m"), (Manner("eo", "mi"), "+394 ft")):
            with speaking(manner):
                assert difference_text(climbed) == says
    finally:
        use_translations(gettext.NullTranslations(), "eo")


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf])
def test_unknown_stays_a_dash_in_miles(unknown: float | None) -> None:
    with speaking(MI):
        told = [words.quantity(unknown, "distance_m"), lengths.pace_text(unknown), lengths.height_text(unknown)]
    assert told == ["–"] * 3


def test_a_manner_is_of_its_own_context_and_the_default_of_every_thread() -> None:
    heard: list[Manner] = []
    use_by_default(MI)
    with speaking(KM):
        thread = threading.Thread(target=lambda: heard.append(current()))
        thread.start()
        thread.join()
        assert current() == KM
    assert heard == [MI] == [current()]
    with speaking(None):
        assert current() == MI
