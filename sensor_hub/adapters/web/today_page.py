"""A runner's one screen: may I run, how much is left, and while I run, my numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import run, ui

from sensor_hub import words
from sensor_hub.adapters.web import guide_words
from sensor_hub.adapters.web import labels as hub_labels
from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.add_run import AddRun
from sensor_hub.adapters.web.asks_card import AsksCard, side_of_last
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.bars import headroom_of
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.frame import POLL_S, Frame
from sensor_hub.adapters.web.heartbeat import Heartbeat
from sensor_hub.adapters.web.own_runs import amount_of, days_of, own_runs
from sensor_hub.adapters.web.panels import is_simulated
from sensor_hub.adapters.web.ring_card import RingCard
from sensor_hub.adapters.web.rings import Ring, shared
from sensor_hub.adapters.web.run_numbers import RunNumbers, is_running
from sensor_hub.adapters.web.sensor_line import SensorLine
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.adapters.web.verdict_line import StateLine, VerdictLine
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.guidance import Guidance
from sensor_hub.model.load import Measure
from sensor_hub.model.ports import AthleteView, DiaryView, Guide, HubView, Sensors, Tile
from sensor_hub.model.sensor_view import SensorView
from sensor_hub.model.session import SessionSummary

SLOW_POLL_S: Final = 1.0  # how soon an answer, a file or a sensor shows; what is asked then is asked in a thread
SENSORS_POLL: Final = 10  # of these looks
RINGS: Final[tuple[Measure, ...]] = ("load_eq_km", "hard_load_bw_s", "distance_m")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What whoever looks may do here.

    guidance : see what is said of the diary. diary : write into it. files, by_hand : add runs so. sensors : see them,
    pair : pair them. theirs : it is somebody else's screen.
    """

    guidance: bool = True
    diary: bool = True
    files: bool = True
    by_hand: bool = True
    sensors: bool = True
    pair: bool = True
    theirs: bool = False


@dataclass(frozen=True, slots=True)
class _Slow:
    """What is read beside the live numbers: history, guidelines, sensors; None where it was not asked for.

    days : of history, where those are few. newest : of the runs that have ended; has_run : whether there is any.
    """

    days: int | None
    newest: SessionSummary | None
    has_run: bool
    today: date
    told: tuple[Guidance, DiaryView] | None
    sensors: list[SensorView] | None


class TodayPage:
    """Live by the tile, four times a second; the rest is read again when the hub says that something changed."""

    def __init__(self, view: HubView, first: AthleteView, writing: WriteSide, allowed: Allowed) -> None:
        self._view, self._writing, self._allowed = view, writing, allowed
        self._athlete: Athlete = first.tile.athlete
        self._guide: Guide | None = writing.guide if allowed.guidance else None
        self._sensors: Sensors | None = writing.sensors if allowed.sensors else None
        self._version, _names = view.news(0)
        self._n_looks, self._is_reading = 0, False
        self._held: str | None = None
        self._days: int | None = None
        self._tile = first.tile
        self._frame = Frame(self._athlete.display_name, back=allowed.theirs, about=True)
        with self._frame.header:
            athlete_nav(self._athlete.id, self._athlete.display_name, "today", writing)
        with self._frame.body:
            self._frame.body.classes("today")
            Heartbeat()
            self._build()
        self._show_tile(first.tile)
        self._show_slow(self._read_slow(with_sensors=True, of=first))
        ui.timer(POLL_S, self._look)
        ui.timer(SLOW_POLL_S, self._look_slowly)

    def _build(self) -> None:
        self._verdict = VerdictLine() if self._guide is not None else None
        self._state = None if self._verdict is not None else StateLine()
        self._live = RunNumbers()
        self._asks: AsksCard | None = None
        if self._guide is not None:
            speaker = Speaker(self._guide, self._athlete, self._said) if self._allowed.diary else None
            self._asks = AsksCard(speaker, self._writing.now_utc, self._athlete.id)
        with Tag("section", classes="card rings", aria_label=labels.room_title(), data_testid="rings"):
            with Tag("p", classes="ring-shared") as self._shared:
                self._badge = Tag("span", hub_labels.simulated_badge(), "badge", data_testid="simulated-day")
                self._shared_text = Tag("span", data_testid="ring-notes")
            self._rings = [RingCard(measure) for measure in RINGS]
            with Tag("details", classes="ring-key"):
                Tag("summary", labels.how_to_read())
                Tag("p", labels.limit_key(), "muted")
                Tag("p", labels.modelled_theirs() if self._allowed.theirs else labels.modelled(), "muted")
        with Tag("div", classes="today-foot"):
            self._newest = Tag("p", classes="newest", data_testid="newest-run")
            with self._newest:
                self._newest_text = Tag("span")
                self._newest_link = Tag("a", data_testid="newest-link")
            with Tag("div", classes="row today-ways"):
                self._ways()
            self._sensor_line = SensorLine()

    def _ways(self) -> None:
        writing, allowed = self._writing, self._allowed
        files = allowed.files and writing.data is not None
        by_hand = allowed.by_hand and writing.keeping is not None
        if files or by_hand:
            AddRun(self._view, writing, self._athlete, files=files, by_hand=by_hand)
        if writing.sensors is not None and allowed.pair:
            href = f"/athlete/{self._athlete.id}/sensors"
            Tag("a", labels.sensors(), "button", href=href, data_testid="to-sensors")

    # --- live --------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            tile, trouble = self._view.tile(self._athlete.id, own=True), self._view.trouble()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        if tile is None:
            self._frame.trouble(labels.gone())
            return
        self._frame.trouble(trouble)
        self._show_tile(tile)

    def _show_tile(self, tile: Tile) -> None:
        self._tile = tile
        running = is_running(tile)
        self._frame.body.put_classes(f"body today{' running' if running else ''}")
        self._frame.title.set_text(tile.athlete.display_name)
        self._live.show(tile)
        if self._state is not None:
            self._state.show(tile)
        rings = [
            Ring.of(
                headroom_of(tile, card.measure), card.measure, tile.totals,
                bridging=tile.bridging, held=self._held, days=self._days,
            )
            for card in self._rings
        ]  # fmt: skip
        of_all = shared(rings)
        self._shared_text.set_text(" · ".join(of_all))
        self._badge.set_visibility(is_simulated(tile))
        self._shared.set_visibility(bool(of_all) or is_simulated(tile))
        for card, ring in zip(self._rings, rings, strict=True):
            card.show(ring, of_all)

    # --- the rest ----------------------------------------------------------------------------------------------------

    async def _look_slowly(self) -> None:
        if self._is_reading:
            return
        self._is_reading = True
        try:
            self._n_looks += 1
            with_sensors = self._n_looks % SENSORS_POLL == 0
            if not with_sensors and not await run.io_bound(self._is_news):
                return
            found = await run.io_bound(self._read_slow, with_sensors=with_sensors)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        finally:
            self._is_reading = False
        if found is not None:  # else the server is going down
            self._show_slow(found)

    def _is_news(self) -> bool:
        """Whether something of this runner changed; while they run something always does, and a look a while does.

        In a thread: whoever asks for news may have to look at everybody.
        """
        version, names = self._view.news(self._version)
        concerns = names is None or self._athlete.id in names
        if concerns and is_running(self._tile) and self._n_looks % SENSORS_POLL:
            return False
        self._version = version
        return concerns

    def _read_slow(self, *, with_sensors: bool, of: AthleteView | None = None) -> _Slow:
        found = of or self._view.athlete(self._athlete.id)
        runs = own_runs(self._view.sessions(self._athlete.id), self._athlete)
        newest = next((run for run in runs if run.ended), None)
        sensors = self._sensors.all(self._athlete.id) if self._sensors is not None and with_sensors else None
        told = None if self._guide is None else self._told(self._guide)
        today = self._today() if found is None else found.today
        return _Slow(days_of(runs, today), newest, bool(runs), today, told, sensors)

    def _told(self, guide: Guide) -> tuple[Guidance, DiaryView]:
        return guide.guidance(self._athlete.id), guide.diary(self._athlete.id)

    def _today(self) -> date:
        return self._writing.now_utc().astimezone(ZoneInfo(self._athlete.zone)).date()

    async def _said(self, guidance: Guidance) -> None:
        """Show at once what a line did: a red flag waits for nothing."""
        self._show_verdict(guidance)
        try:
            found = await run.io_bound(self._read_slow, with_sensors=False)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        if found is not None:
            self._show_slow(found)

    def _show_slow(self, found: _Slow) -> None:
        self._days = found.days
        if found.told is not None:
            guidance, diary = found.told
            self._show_verdict(guidance)
            if self._asks is not None:
                self._asks.show(guidance.asks[:1], side_of_last(diary))  # one after the other: the screen is small
        if found.sensors is not None:
            self._sensor_line.show(found.sensors)
        self._show_newest(found)
        self._show_tile(self._tile)

    def _show_verdict(self, guidance: Guidance) -> None:
        held = guidance.verdict.hold_headroom
        self._held = None if held is None else guide_words.headroom_held(held).removeprefix("–: ")
        if self._verdict is not None:
            self._verdict.show(guidance.verdict)

    def _show_newest(self, found: _Slow) -> None:
        """Show the newest run that has ended, or that there was none; nothing while one goes on."""
        newest = found.newest
        self._newest.set_visibility(not is_running(self._tile) and (newest is not None or not found.has_run))
        self._newest_link.set_visibility(newest is not None)
        self._newest_text.set_visibility(newest is None)
        self._newest_text.set_text(labels.no_run_yet())
        if newest is None:
            return
        day = newest.start_utc.astimezone(ZoneInfo(self._athlete.zone)).date()
        amount = amount_of(newest)
        text = labels.todays_run(amount) if day == found.today else labels.last_run(words.day_name(day), amount)
        self._newest_link.set_text(unbroken(text))
        self._newest_link.put(href=f"/session/{newest.header.sid}")


__all__ = ["Allowed", "TodayPage"]
