"""The coach's page: a tile an athlete, those who need attention first."""

from collections import Counter
from typing import Final

from nicegui import ui

from sensor_hub import words
from sensor_hub.adapters.web import guide_labels, guide_words, keeping_labels, labels, person_labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.frame import POLL_S, Frame
from sensor_hub.adapters.web.panels import (
    SHOWN,
    HeadroomBar,
    LiveNumbers,
    StateBand,
    headroom_of,
    highest,
    is_stale,
    so_far_of,
)
from sensor_hub.errors import SensorHubError
from sensor_hub.model.finding import Finding
from sensor_hub.model.ports import HubView, Tile

HELD: Final = frozenset({"red-flag", "refer", "stop"})


class TileCard:
    """One athlete; the name is the link and its area is the whole tile."""

    def __init__(self, athlete: str) -> None:
        with Tag("article", data_testid=f"tile-{athlete}") as self._box:
            self._band = StateBand()
            with Tag("div", classes="tile-body"):
                with Tag("h2"):
                    self._link = Tag("a", classes="tile-link", href=f"/athlete/{athlete}")
                self._standing = Tag("p", classes="standing-text", data_testid="standing")
                self._alert = Tag("p", classes="alert-text", data_testid="alert")
                self._numbers = LiveNumbers()
                self._bars = [HeadroomBar(measure) for measure in SHOWN]

    def show(self, tile: Tile, place: int) -> None:
        """Show a tile at this place of the grid."""
        stale = " stale" if is_stale(tile) else ""
        self._box.put_classes(f"tile state-{tile.state}{stale}")
        self._box.put_style(f"order: {place}")
        self._box.put(data_state=tile.state)
        self._link.set_text(tile.athlete.display_name)
        self._link.put(
            aria_label=labels.tile_label(tile.athlete.display_name, words.state_word(tile.state, tile.findings))
        )
        self._band.show(tile)
        self._numbers.show(tile)
        for bar in self._bars:
            bar.show(headroom_of(tile, bar.measure), so_far_of(tile, bar.measure), tile.bridging)
            bar.set_visibility(tile.shows_load)
        # What decides, of somebody who lets the coach see it; of everybody else nothing.
        held = tile.standing if tile.standing in HELD else None
        self._standing.set_text("" if held is None else guide_words.verdict_word(held))
        self._standing.set_visibility(held is not None)
        finding = highest(tile.findings)
        told = "" if finding is None else unbroken(words.finding_headline(finding, theirs=True))
        if not tile.shows_load:
            told = guide_labels.load_not_shown()
        self._alert.set_text(told)
        self._alert.set_visibility(bool(told))


class CoachPage:
    """The grid, polled; elements are made again only when somebody joins or leaves."""

    def __init__(self, view: HubView, *, roster: bool = False, rules: bool = False, backup: bool = False) -> None:
        self._view = view
        self._frame = Frame(labels.coach_title())
        with self._frame.header:
            self._summary = Tag("p", classes="summary", data_testid="summary")
            if roster or rules or backup:
                with Tag("nav", classes="pages", aria_label=keeping_labels.hub_pages(), data_testid="pages"):
                    if roster:
                        Tag("a", keeping_labels.roster(), href="/roster", data_testid="to-roster")
                    if rules:
                        Tag("a", guide_labels.rules(), href="/rules", data_testid="to-rules")
                    if backup:
                        Tag("a", person_labels.backup_link(), href="/api/backup", download="", data_testid="backup")
        with self._frame.body:
            self._empty = Tag("p", labels.no_athletes(), "empty")
            self._grid = Tag("div", classes="grid")
        self._cards: dict[str, TileCard] = {}
        self._spoken: set[tuple[str, str]] | None = None
        self.refresh()
        ui.timer(POLL_S, self.refresh)

    def refresh(self) -> None:
        """Ask the hub and show what changed."""
        try:
            tiles, trouble = self._view.tiles(), self._view.trouble()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(trouble)
        if self._cards.keys() != {t.athlete.id for t in tiles}:
            self._grid.clear()
            with self._grid:
                self._cards = {t.athlete.id: TileCard(t.athlete.id) for t in tiles}
        for place, tile in enumerate(tiles):
            self._cards[tile.athlete.id].show(tile, place)
        self._empty.set_visibility(not tiles)
        counts = Counter(t.state for t in tiles)
        self._summary.set_text(labels.roster_summary(len(tiles), counts["alert"], counts["near"]))
        self._speak([(t.athlete.display_name, f) for t in tiles for f in t.findings])

    def _speak(self, findings: list[tuple[str, Finding]]) -> None:
        """Tell screen readers of alerts that were not there before; a growing number is not news."""
        alerts = {(f.id, f.level): (name, f) for name, f in findings if f.severity == "alert" and not f.withdrawn}
        news = [] if self._spoken is None else [alerts[key] for key in alerts.keys() - self._spoken]
        self._spoken = set(alerts)
        if news:
            self._frame.announce(" ".join(words.finding_sentence(f, name) for name, f in news))
