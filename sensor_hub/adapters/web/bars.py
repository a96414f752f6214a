"""What a bar of headroom shows: so far against the limit, as texts and as shares of its length."""

import math
from dataclasses import dataclass
from typing import Final, Self

from sensor_hub import words
from sensor_hub.adapters.web.elements import unbroken
from sensor_hub.model.load import Headroom, InstrumentChange, Measure
from sensor_hub.model.ports import Tile

SHOWN: Final[tuple[Measure, ...]] = ("load_eq_km", "distance_m")
AT_LEAST: Final = frozenset({"low-coverage", "unknown-run", "not-recorded"})  # reasons why it may be more


@dataclass(frozen=True, slots=True)
class Bar:
    """One measure's bar.

    so_far, limit, note : texts. label : all of it in one sentence. classes : of the element around it.
    fill, over, tick : shares of the track, which ends at the limit or, above it, at the value: what is filled, what
    lies beyond the limit, where the limit is.
    """

    so_far: str
    limit: str
    note: str
    label: str
    classes: str
    fill: float
    over: float
    tick: float

    @classmethod
    def of(cls, tile: Tile, measure: Measure) -> Self:
        """Return a tile's bar, or only what was run so far where the hub has no limit to say."""
        return cls.made(measure, headroom_of(tile, measure), so_far_of(tile, measure), tile.bridging)

    @classmethod
    def made(
        cls,
        measure: Measure,
        headroom: Headroom | None,
        so_far: float | None,
        bridging: InstrumentChange | None = None,
    ) -> Self:
        """Return the bar of a headroom. bridging : the change after which a load is not judged."""
        if headroom is None:
            headroom = Headroom(measure, None, None, so_far, None, "learning", "no-history")
        value = headroom.so_far if words.known(headroom.so_far) else so_far
        at_least = "≥ " if headroom.reason in AT_LEAST and words.known(value) else ""
        note = words.headroom_note(headroom)
        if headroom.reason == "bridging" and bridging is not None:
            note = words.bridging_note(bridging)
        fill, over, tick = _shares(_painted(value, headroom), headroom.limit)
        return cls(
            so_far=at_least + words.number(value, measure),
            limit=f" / {words.number(headroom.limit, measure)} {words.unit(measure)}",
            note=unbroken(note),
            label=words.headroom_sentence(headroom),
            classes=_classes(value, headroom),
            fill=fill,
            over=over,
            tick=tick,
        )

    @property
    def style(self) -> str:
        """The shares as custom properties of the style sheet."""
        return f"--fill: {self.fill:.3f}; --over: {self.over:.3f}; --tick: {self.tick:.3f}"


def so_far_of(tile: Tile, measure: Measure) -> float | None:
    """The session's running total of a measure."""
    return None if tile.totals is None else getattr(tile.totals, measure)


def headroom_of(tile: Tile, measure: Measure) -> Headroom | None:
    """The tile's headroom of a measure."""
    return next((h for h in tile.headroom if h.measure == measure), None)


def _painted(so_far: float | None, headroom: Headroom) -> float | None:
    """A value that may as well lie below its limit is not painted past it."""
    if so_far is None or headroom.limit is None or not _is_unsure(headroom):
        return so_far
    return min(so_far, headroom.limit)


def _shares(so_far: float | None, limit: float | None) -> tuple[float, float, float]:
    if so_far is None or limit is None or not math.isfinite(so_far) or not math.isfinite(limit) or limit <= 0:
        return 0.0, 0.0, 1.0
    scale = max(limit, so_far)
    return min(so_far, limit) / scale, max(so_far - limit, 0.0) / scale, limit / scale


def _classes(so_far: float | None, headroom: Headroom) -> str:
    limit = headroom.limit
    if so_far is None or limit is None or not math.isfinite(so_far) or not math.isfinite(limit):
        return "room room-unknown"
    if headroom.left is None:
        return "room room-unjudged"
    if so_far > limit and not _is_unsure(headroom):
        return "room room-above"
    return "room room-near" if so_far >= 0.9 * limit else "room room-ok"


def _is_unsure(headroom: Headroom) -> bool:
    """Whether a load above its limit may as well be below: then it is not painted as above."""
    return headroom.probability is not None and headroom.probability < words.ALERT_PROBABILITY
