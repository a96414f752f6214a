"""What the coach's tile and the athlete's header share: state, live numbers, headroom bars, the highest finding."""

from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import labels, run_labels
from sensor_hub.adapters.web.bars import SHOWN, Bar, headroom_of, so_far_of
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.model.finding import LEVELS, Finding
from sensor_hub.model.load import Headroom, InstrumentChange, Measure
from sensor_hub.model.ports import Tile

__all__ = [
    "SHOWN", "STALE_AFTER_S", "HeadroomBar", "LiveNumber", "LiveNumbers", "StateBand", "headroom_of", "highest",
    "is_simulated", "is_stale", "so_far_of",
]  # fmt: skip

STALE_AFTER_S: Final = 5.0
_CERTAINTIES: Final = ("below", "too-close", "above")


def is_simulated(tile: Tile) -> bool:
    """Whether the numbers belong to nobody."""
    return tile.athlete.simulated or tile.origin == "simulated"


def is_stale(tile: Tile) -> bool:
    """Whether the live numbers are older than a runner's eye would forgive."""
    return tile.age_s is None or not tile.age_s <= STALE_AFTER_S


def highest(findings: tuple[Finding, ...]) -> Finding | None:
    """The finding to show first: alerts before infos, then certainty, then level; withdrawn ones never."""
    standing = [f for f in findings if not f.withdrawn]
    if not standing:
        return None
    return max(standing, key=lambda f: (f.severity == "alert", _CERTAINTIES.index(f.certainty), LEVELS.index(f.level)))


class StateBand:
    """Shape + colour + word, with the age of the newest message at the far end."""

    def __init__(self) -> None:
        with Tag("div", classes="band"):
            Tag("span", classes="shape", aria_hidden="true")
            self._word = Tag("span", classes="word", data_testid="state")
            self._badge = Tag("span", labels.simulated_badge(), "badge", data_testid="simulated")
            self._age = Tag("span", classes="age", data_testid="age")

    def show(self, tile: Tile) -> None:
        """Show a tile's state."""
        self._word.set_text(words.state_word(tile.state, tile.findings))
        self._age.set_text(words.age(tile.age_s))
        self._badge.set_visibility(is_simulated(tile))


class LiveNumber:
    """One large numeral with its unit, and the reason where there is no number."""

    def __init__(self, label: str, unit: str, testid: str) -> None:
        with Tag("div", classes="number"):
            Tag("span", label, "label")
            with Tag("span", classes="value"):
                self._digits = Tag("span", classes="digits", data_testid=testid)
                self._unit = Tag("span", unit, "unit")
            self._reason = Tag("span", classes="reason", data_testid=f"{testid}-reason")

    def show(self, digits: str, reason: str) -> None:
        """Show digits; the reason only if they are unknown."""
        unknown = digits == words.UNKNOWN
        self._digits.set_text(digits)
        self._unit.set_visibility(not unknown)
        self._reason.set_text(reason if unknown else "")


class LiveNumbers:
    """Cadence and contact time."""

    def __init__(self) -> None:
        with Tag("div", classes="numbers"):
            self._cadence = LiveNumber(labels.cadence_label(), labels.cadence_unit(), "cadence")
            self._contact = LiveNumber(labels.contact_label(), "ms", "contact")

    def show(self, tile: Tile) -> None:
        """Show a tile's live values."""
        self._cadence.show(words.whole(tile.cadence_spm), words.cadence_reason(tile.tier))
        self._contact.show(words.whole(tile.contact_time_s, 1000.0), words.contact_reason(tile.tier))


class HeadroomBar:
    """So far against the limit of one measure, as digits and as a bar with a mark at the limit."""

    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        with Tag("div", classes="room", data_testid=f"headroom-{measure}") as self._box:
            with Tag("div", classes="room-line"):
                Tag("span", unbroken(run_labels.room_label(measure)), "label")
                with Tag("span", classes="room-value"):
                    self._so_far = Tag("strong")
                    self._limit = Tag("span")
            with Tag("div", classes="track", role="img") as self._track:
                Tag("div", classes="fill")
                Tag("div", classes="over")
                Tag("div", classes="tick")
            self._note = Tag("div", classes="room-note")

    def set_visibility(self, visible: bool) -> None:
        """Show or hide it."""
        self._box.put_style("" if visible else "display: none")  # its classes are put anew by every show

    def show(self, headroom: Headroom | None, so_far: float | None, bridging: InstrumentChange | None = None) -> None:
        """Show a headroom, or only what was run so far where the hub has no limit to say.

        bridging : the change after which a load is not judged.
        """
        bar = Bar.made(self.measure, headroom, so_far, bridging)
        self._so_far.set_text(bar.so_far)
        self._limit.set_text(bar.limit)
        self._track.put(aria_label=bar.label)
        self._track.put_style(bar.style)
        self._box.put_classes(bar.classes)
        self._note.set_text(bar.note)
