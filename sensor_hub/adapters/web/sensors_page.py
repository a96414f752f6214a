"""Sensors of a runner, or of the box: how they are, whether they are fit for a run, and pairing another one."""

from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web import keeping_labels
from sensor_hub.adapters.web import sensor_labels as labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.editor import OutcomeBar
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.guarded_sensors import SeenSensors
from sensor_hub.adapters.web.pair_card import PairCard
from sensor_hub.adapters.web.sensor_card import SensorCard
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import HubView
from sensor_hub.model.sensor_view import EdgeView, SensorView

SENSORS_POLL_S: Final = 2.0


class SensorsPage:
    """A card a sensor, and one to pair. athlete : whose they are; None for those of the box.

    refusal : why this browser may not pair here, None if it may.
    """

    def __init__(
        self, view: HubView, writing: WriteSide, sensors: SeenSensors, athlete: Athlete | None, refusal: str | None
    ) -> None:
        self._view, self._writing, self._sensors, self._athlete = view, writing, sensors, athlete
        self._cards: dict[str, SensorCard] = {}
        self._names: dict[str, str] = {}
        self._pair: PairCard | None = None
        title = labels.box_title()
        if athlete is not None:
            title = keeping_labels.page_of(labels.sensors(), athlete.display_name)
        self._frame = Frame(title, back=True)
        if athlete is not None:
            with self._frame.header:
                athlete_nav(athlete.id, athlete.display_name, "sensors", writing)
        with self._frame.body:
            if athlete is None:
                Tag("p", labels.box_note(), "muted")
            if refusal is not None:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            name = None if athlete is None else athlete.display_name
            self._none = Tag("p", labels.none_yet(name), "muted", data_testid="no-sensors")
            self._list = Tag("div", classes="grid sensors", data_testid="sensors")
            if refusal is None:
                self._pair = PairCard(sensors, self._who, on_paired=self._on_paired, check=self._check)
            self._said = OutcomeBar()
        self._show(*self._read())
        ui.timer(SENSORS_POLL_S, self._refresh)

    @property
    def _who(self) -> str | None:
        return None if self._athlete is None else self._athlete.id

    def _read(self) -> tuple[list[SensorView], list[EdgeView]]:
        self._names = {tile.athlete.id: tile.athlete.display_name for tile in self._view.tiles()}
        return self._sensors.all(self._who), self._sensors.edges()

    async def _refresh(self) -> None:
        try:
            read = await run.io_bound(self._read)
            if read is not None:
                self._show(*read)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)

    def _show(self, views: list[SensorView], edges: list[EdgeView]) -> None:
        if self._list.is_deleted:
            return
        there = {view.device for view in views}
        for device in [device for device in self._cards if device not in there]:
            self._cards.pop(device).box.delete()
        now_utc = self._writing.now_utc()
        for view in views:
            if view.device not in self._cards:
                with self._list:
                    self._cards[view.device] = SensorCard(
                        view, self._sensors, self._who, self._names.get, self._say, self._refresh
                    )
            self._cards[view.device].show(view, now_utc)
        self._none.set_visibility(not views)
        if self._pair is not None:
            self._pair.show(edges)

    def _say(self, text: str, refused: bool) -> None:
        self._said.show(text, can_undo=False, refused=refused)

    async def _on_paired(self, _paired: SensorView) -> None:
        await self._refresh()

    async def _check(self, device: str) -> None:
        if device in self._cards:
            await self._cards[device].check()
