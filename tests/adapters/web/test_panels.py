import pytest

from sensor_hub.adapters.web.panels import _bar_style, _painted, _room_classes
from sensor_hub.model.load import Headroom


@pytest.mark.parametrize(
    ("so_far", "probability", "colour"),
    [
        (12.0, 0.95, "room-above"), (12.0, None, "room-above"), (11.2, 0.62, "room-near"), (10.5, 0.2, "room-near"),
        (5.0, 0.0, "room-ok"),
    ],
)  # fmt: skip
def test_a_load_is_painted_as_above_only_where_that_is_likely(
    so_far: float, probability: float | None, colour: str
) -> None:
    room = Headroom("load_eq_km", 10.0, 11.0, so_far, 11.0 - so_far, "normal", probability=probability)
    assert _room_classes(so_far, room) == f"room {colour}"


def test_a_load_that_is_not_judged_has_a_colour_of_its_own() -> None:
    room = Headroom("load_eq_km", 10.0, 11.0, 5.0, None, "learning", "bridging")
    assert _room_classes(5.0, room) == _room_classes(12.0, room) == "room room-unjudged"
    assert _room_classes(None, room) == "room room-unknown"


def test_a_load_too_close_to_call_is_not_painted_past_its_limit() -> None:
    close = Headroom("load_eq_km", 10.0, 11.0, 11.2, -0.2, "normal", probability=0.62)
    assert "--over: 0.000" in _bar_style(_painted(11.2, close), 11.0)
    above = Headroom("load_eq_km", 10.0, 11.0, 13.0, -2.0, "normal", probability=0.95)
    assert "--over: 0.154" in _bar_style(_painted(13.0, above), 11.0)
