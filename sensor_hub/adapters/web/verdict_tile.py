"""The upper part of an athlete's page: state, live numbers and what is left of today, by the tile."""

from sensor_hub import words
from sensor_hub.adapters.web import labels
from sensor_hub.adapters.web.bars import headroom_of, so_far_of
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.panels import SHOWN, HeadroomBar, LiveNumbers, StateBand, is_stale
from sensor_hub.model.load import Measure, Totals, is_partly_recorded
from sensor_hub.model.ports import Tile


class VerdictTile:
    """State, numbers, today's headroom a measure."""

    def __init__(self, tile: Tile) -> None:
        shown: list[Measure] = list(SHOWN)
        if any(h.measure == "hard_load_bw_s" for h in tile.headroom):
            shown.append("hard_load_bw_s")
        with Tag("section", data_testid=f"tile-{tile.athlete.id}", aria_label=labels.today_title()) as self._box:
            self._band = StateBand()
            with Tag("div", classes="tile-body"):
                with Tag("div", classes="verdict-columns"):
                    self._numbers = LiveNumbers()
                    with Tag("div", classes="rooms"):
                        self._bars = [HeadroomBar(measure) for measure in shown]
                self._interval = Tag("p", classes="interval", data_testid="interval")
                self._label = Tag("p", classes="muted model", data_testid="model")

    def show(self, tile: Tile, model: str) -> None:
        """Show the tile and which model made its load."""
        self._box.put_classes(f"tile verdict state-{tile.state}{' stale' if is_stale(tile) else ''}")
        self._box.put(data_state=tile.state)
        self._band.show(tile)
        self._numbers.show(tile)
        for bar in self._bars:
            bar.show(headroom_of(tile, bar.measure), so_far_of(tile, bar.measure), tile.bridging)
        interval = interval_of(tile.totals)
        self._interval.set_text(unbroken(interval))
        self._interval.set_visibility(bool(interval))
        self._label.set_text(unbroken(model))


def interval_of(totals: Totals | None) -> str:
    """Where the load of a run most likely lies, in a sentence; nothing of what is "at least" so much, or unknown."""
    if totals is None or is_partly_recorded(totals.coverage):
        return ""
    return words.interval_sentence(totals.load_eq_km, totals.load_eq_km_sd)
