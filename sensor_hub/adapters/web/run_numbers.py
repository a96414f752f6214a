"""What a runner reads at arm's length while a run goes on: cadence, contact time, balance, and what is not known."""

from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import coach_labels, labels, today_labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.panels import LiveNumber, is_simulated, is_stale
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.ports import Tile
from sensor_hub.words.numbers import fixed

WHOLE: Final = 0.995  # a share of the run from which on all of it counts as recorded
EVEN: Final = 0.0005  # half of what is shown


class RunNumbers:
    """Hidden without a run; grey when nothing was heard for five seconds."""

    def __init__(self) -> None:
        with Tag("section", aria_label=today_labels.live_title(), data_testid="live-run") as self._box:
            with Tag("div", classes="live-head"):
                Tag("span", classes="live-dot", aria_hidden="true")
                Tag("span", today_labels.running(), "word")
                self._badge = Tag("span", labels.simulated_badge(), "badge", data_testid="simulated")
                self._age = Tag("span", classes="age", data_testid="age")
            with Tag("div", classes="live-numbers"):
                self._cadence = LiveNumber(labels.cadence_label(), labels.cadence_unit(), "cadence")
                self._contact = LiveNumber(labels.contact_label(), "ms", "contact")
                self._balance = BalanceNumber()
            self._remark = Tag("p", classes="live-remark", data_testid="live-remark")

    def show(self, tile: Tile) -> None:
        """Show a tile's live values."""
        running = is_running(tile)
        self._box.set_visibility(running)
        if not running:
            return
        stale = is_stale(tile)
        self._box.put_classes(f"card live-run{' stale' if stale else ''}")
        self._badge.set_visibility(is_simulated(tile))
        self._age.set_text(words.age(tile.age_s))
        self._cadence.show(words.whole(tile.cadence_spm), words.cadence_reason(tile.tier))
        self._contact.show(words.whole(tile.contact_time_s, 1000.0), words.contact_reason(tile.tier))
        self._balance.show(tile)
        remark = remarks_of(tile, stale=stale)
        self._remark.set_text(unbroken(remark))
        self._remark.set_visibility(bool(remark))


class BalanceNumber:
    """Which foot is longer on the ground: an arrow to its side, the share, and the word."""

    def __init__(self) -> None:
        with Tag("div", classes="number balance"):
            Tag("span", coach_labels.balance_label(), "label")
            with Tag("span", classes="value"):
                self._left = Tag("span", classes="side-arrow", aria_hidden="true")
                self._digits = Tag("span", classes="digits", data_testid="balance")
                self._unit = Tag("span", "%", "unit")
                self._right = Tag("span", classes="side-arrow", aria_hidden="true")
            self._reason = Tag("span", classes="reason", data_testid="balance-reason")

    def show(self, tile: Tile) -> None:
        """Show a tile's balance."""
        left = tile.contact_balance_left
        known = left is not None and words.known(left)
        part = 0.5 if left is None or not known else left
        side = "left" if part > 0.5 + EVEN else "right" if part < 0.5 - EVEN else "even"
        self._left.put_classes(f"side-arrow to-left{'' if known and side == 'left' else ' away'}")
        self._right.put_classes(f"side-arrow to-right{'' if known and side == 'right' else ' away'}")
        self._digits.set_text(fixed(100 * max(part, 1 - part), 1) if known else words.UNKNOWN)
        self._unit.set_visibility(known)
        says = {"left": today_labels.more_left(), "right": today_labels.more_right(), "even": today_labels.even()}[side]
        beside = coach_labels.balance_beside(tile.balance_beside)
        self._reason.set_text((beside or says) if known else today_labels.no_balance())


def is_running(tile: Tile) -> bool:
    """Whether a run goes on."""
    return tile.tier is not None


def remarks_of(tile: Tile, *, stale: bool) -> str:
    """What is not known of the run that goes on."""
    parts = []
    if stale and tile.age_s is not None:
        parts.append(today_labels.old_numbers(words.age(tile.age_s)))
    coverage = None if tile.totals is None else tile.totals.coverage
    if coverage is not None and words.known(coverage) and coverage < WHOLE:
        parts.append(today_labels.recorded(words.share(coverage), at_least=is_partly_recorded(coverage)))
    return " ".join(parts)
