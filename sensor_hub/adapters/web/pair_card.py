"""Pairing over the page: an edge listens, somebody taps what was heard, says where it is worn, and it is checked."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web import sensor_labels as labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.forms import Fields, Form, FormError, choice_field, text_field
from sensor_hub.adapters.web.guarded_sensors import SeenSensors
from sensor_hub.errors import SensorHubError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.sensor_view import EdgeView, HeardSensor, SensorView

SCAN_S: Final = 8
MOST_OTHERS: Final = 30  # phones and televisions of a block of flats
_SIDES: Final[tuple[Side, ...]] = ("L", "R", "U")
_MOUNTS: Final[tuple[Mount, ...]] = ("foot", "shank", "sacrum")


class PairCard:
    """A card with one step at a time. athlete : for whom, by pseudonym; None for the box.

    on_paired : called with what was paired; check : has it looked at.
    """

    def __init__(
        self,
        sensors: SeenSensors,
        athlete: str | None,
        *,
        on_paired: Callable[[SensorView], Awaitable[object]],
        check: Callable[[str], Awaitable[object]],
    ) -> None:
        self._sensors, self._athlete = sensors, athlete
        self._on_paired, self._check = on_paired, check
        self._edges: list[EdgeView] = []
        self._gw: str | None = None
        self._heard: list[HeardSensor] = []
        self._left_s, self._step = SCAN_S, "start"
        with Tag("section", classes="card pairing", aria_labelledby="pair-title", data_testid="pair-card"):
            Tag("h2", labels.pair_title(), id="pair-title")
            self._box = Tag("div", classes="pair-step")
        self._problem: str | None = None
        self._countdown = ui.timer(1.0, self._tick, active=False)
        self._clock: Tag | None = None

    # --- which edge --------------------------------------------------------------------------------------------------

    def show(self, edges: Sequence[EdgeView]) -> None:
        """Offer these edges; who is in the middle of something is left alone."""
        if self._step != "start" or self._box.is_deleted:
            return
        if list(edges) == self._edges and self._box.default_slot.children:
            return
        self._edges = list(edges)
        self._draw_start()

    def _draw_start(self) -> None:
        self._step = "start"
        ready = [edge for edge in self._edges if edge.takes_requests]
        self._box.clear()
        with self._box:
            if not ready:
                Tag("p", labels.no_edge(len(self._edges)), "pair-how", data_testid="no-edge")
                return
            Tag("p", labels.pair_how(), "pair-how")
            self._draw_problem()
            chosen = self._gw if self._gw in {edge.gw for edge in ready} else ready[0].gw
            with Form("listen", self._sent_listen, "form") as form:
                if len(ready) > 1:
                    choice_field(labels.edge(), "gw", [(e.gw, labels.edge_name(e)) for e in ready], chosen)
                else:
                    Tag("input", type="hidden", name="gw", value=chosen)
            form.send_button(labels.listen())

    def _draw_problem(self) -> None:
        if self._problem is not None:
            Tag("p", self._problem, "form-problem", role="alert", data_testid="pair-problem")

    async def _sent_listen(self, fields: Fields) -> bool:
        known = {edge.gw for edge in self._edges if edge.takes_requests}
        if fields.get("gw") in known:
            await self._listen(fields["gw"])
        return False

    # --- who is heard ------------------------------------------------------------------------------------------------

    async def _listen(self, gw: str) -> None:
        self._gw, self._step, self._left_s, self._problem = gw, "listening", SCAN_S, None
        self._box.clear()
        with self._box:
            self._clock = Tag("p", labels.listening(SCAN_S), "working", role="status", data_testid="listening")
            self._bar = Tag("progress", max=str(SCAN_S), value="0", aria_label=labels.listening(SCAN_S))
        self._countdown.activate()
        try:
            heard: list[HeardSensor] | None = await run.io_bound(self._sensors.scan, gw, float(SCAN_S))
        except SensorHubError as problem:
            self._failed(str(problem))
            return
        finally:
            self._countdown.deactivate()
        self._heard = heard or []
        self._draw_heard()

    def _tick(self) -> None:
        self._left_s -= 1
        if self._clock is not None and not self._clock.is_deleted:
            self._clock.set_text(labels.listening(self._left_s))
            self._bar.put(value=str(min(SCAN_S, SCAN_S - self._left_s)))

    def _failed(self, problem: str) -> None:
        if not self._box.is_deleted:
            self._problem = problem
            self._draw_start()

    def _draw_heard(self) -> None:
        if self._box.is_deleted:
            return
        self._step = "heard"
        known = [heard for heard in self._heard if heard.profile is not None]
        others = [heard for heard in self._heard if heard.profile is None]
        self._box.clear()
        with self._box:
            if known:
                Tag("p", labels.heard_title(len(known)), "pair-how", role="status", data_testid="heard-title")
            else:
                Tag("p", labels.nobody_heard(), "pair-how", role="status", data_testid="nobody-heard")
            self._draw_problem()
            with Tag("ul", classes="heard", data_testid="heard"):
                for heard in known:
                    self._draw_one(heard)
            if others:
                Tag("p", labels.others_heard(len(others)), "muted")
                with Tag("details"):
                    Tag("summary", labels.show_others())
                    with Tag("ul", classes="facts"):
                        for heard in others[:MOST_OTHERS]:
                            Tag("li", f"{heard.name or labels.nameless()} · {labels.loudness(heard.rssi_dbm)}")
            with Tag("div", classes="row"):
                again = Tag("button", labels.listen_again(), "button", type="button", data_testid="again")
                again.on("click", lambda: self._listen(str(self._gw)))

    def _draw_one(self, heard: HeardSensor) -> None:
        name = heard.name or labels.nameless()
        told = [heard.profile_name, labels.loudness(heard.rssi_dbm)]
        told += [] if heard.paired is None else [labels.paired_already()]
        with Tag("li", classes="heard-one", data_testid="heard-one"):
            with Tag("div"):
                Tag("strong", name)
                Tag("p", unbroken(" · ".join(told)), "muted")
            choose = Tag("button", labels.choose(), "button main", type="button", data_testid="choose")
            choose.put(aria_label=labels.choose_named(name))
            choose.on("click", lambda: self._draw_form(heard))

    # --- where it is worn --------------------------------------------------------------------------------------------

    def _draw_form(self, heard: HeardSensor) -> None:
        self._step, self._problem = "form", None
        must_side = heard.asks_side
        self._box.clear()
        with self._box:
            Tag("p", f"{heard.name or labels.nameless()} · {heard.profile_name}", "chosen", data_testid="chosen")
            with Form("pair", lambda fields: self._pair(heard, fields), "form") as form:
                if heard.mounts:
                    choice_field(labels.mount(), "mount", labels.mount_choices())
                choice_field(labels.side(), "side", labels.side_choices(must=must_side), "" if must_side else "U")
                text_field(labels.call_it(), "name", maxlength="80", placeholder=heard.name)
            form.send_button(labels.pair(), labels.pairing())
            with Tag("div", classes="row"):
                back = Tag("button", labels.cancel(), "button plain", type="button", data_testid="other")
                back.on("click", self._draw_heard)

    async def _pair(self, heard: HeardSensor, fields: Fields) -> bool:
        mount = next((m for m in _MOUNTS if m == fields.get("mount")), None)
        side: Side | None = next((s for s in _SIDES if s == fields.get("side")), None)
        if heard.mounts and mount is None:
            raise FormError(labels.say_mount())
        if mount == "sacrum":
            side = "U"
        elif side is None or (side == "U" and (heard.asks_side or mount is not None)):
            raise FormError(labels.say_side())
        gw, key, who, name = str(self._gw), heard.key, self._athlete, fields.get("name") or None
        try:
            paired: SensorView | None = await run.io_bound(
                lambda: self._sensors.pair(gw, key, who, side=side, mount=mount, name=name)
            )
        except SensorHubError as problem:
            raise FormError(str(problem)) from None
        if paired is not None:
            await self._on_paired(paired)
            self._draw_done(paired)
        return False

    def _draw_done(self, paired: SensorView) -> None:
        if self._box.is_deleted:
            return
        self._step = "done"
        name = paired.name or labels.unnamed(paired.device)
        self._box.clear()
        with self._box:
            Tag("p", labels.after_pairing(name), "pair-how", role="status", data_testid="paired")
            with Tag("div", classes="row"):
                check = Tag("button", labels.check_now(), "button main", type="button", data_testid="check-now")
                check.on("click", lambda: self._check_and_begin_anew(paired.device))
                again = Tag("button", labels.listen_again(), "button", type="button", data_testid="again")
                again.on("click", lambda: self._listen(str(self._gw)))

    async def _check_and_begin_anew(self, device: str) -> None:
        self._draw_start()
        await self._check(device)
