"""A ring of headroom as elements: the number in the middle, what it is of beneath, why something is unknown."""

from collections.abc import Collection
from typing import Final

from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.rings import LIMIT_AT, NEAR, Ring, path_of
from sensor_hub.model.load import Measure

_TICK: Final = 0.004
SHORT: Final = 3  # digits that can be as large as there is room
_WHOLE: Final = (0.0, LIMIT_AT)
_BEYOND: Final = (LIMIT_AT, 1.0)
_NEAR_TICK: Final = (NEAR * LIMIT_AT - _TICK, NEAR * LIMIT_AT + _TICK)
_LIMIT_TICK: Final = (LIMIT_AT - 2 * _TICK, LIMIT_AT + 2 * _TICK)


class RingCard:
    """One measure. Changed in place, so that four looks a second send only what changed."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self._shown: tuple[Ring, Collection[str]] | None = None
        with Tag("div", classes="ring", data_testid=f"ring-{measure}") as self._box:
            Tag("h2", labels.ring_title(measure), "ring-title")
            with Tag("div", classes="ring-face"):
                with Tag("svg", classes="ring-svg", role="img", viewBox="0 0 120 120") as self._svg:
                    Tag("path", classes="ring-track", d=path_of(_WHOLE))
                    Tag("path", classes="ring-beyond", d=path_of(_BEYOND))
                    self._fill = Tag("path", classes="ring-fill")
                    self._band = Tag("path", classes="ring-band")
                    self._over = Tag("path", classes="ring-over")
                    self._open = Tag("path", classes="ring-open")
                    Tag("path", classes="ring-near", d=path_of(_NEAR_TICK))
                    Tag("path", classes="ring-limit", d=path_of(_LIMIT_TICK))
                with Tag("div", classes="ring-middle"):
                    self._digits = Tag("span", classes="digits", data_testid=f"left-{measure}")
                    self._unit = Tag("span", classes="ring-unit")
            with Tag("div", classes="ring-words"):
                self._so_far = Tag("p", classes="ring-so-far", data_testid=f"so-far-{measure}")
                self._note = Tag("p", classes="ring-note", data_testid=f"note-{measure}")

    def show(self, ring: Ring, elsewhere: Collection[str] = ()) -> None:
        """Show a ring. elsewhere : notes that are said for several."""
        if (ring, elsewhere) == self._shown:
            return
        self._shown = ring, elsewhere
        self._box.put_classes(f"ring ring-{ring.state}")
        self._svg.put(aria_label=ring.label)
        for element, arc in (
            (self._fill, ring.fill), (self._band, ring.band), (self._over, ring.over), (self._open, ring.open),
        ):  # fmt: skip
            element.put(d=path_of(arc) or "M0 0")
        self._digits.put_classes("digits long" if len(ring.digits) > SHORT else "digits")
        self._digits.set_text(ring.digits)
        self._unit.set_text(ring.unit)
        self._so_far.set_text(ring.so_far)
        self._so_far.set_visibility(bool(ring.so_far))
        note = "\n".join(note for note in ring.notes if note not in elsewhere)
        self._note.set_text(note)
        self._note.set_visibility(bool(note))
