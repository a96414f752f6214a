"""A run over its time as a card: chart, zoom, what is not known, and the table behind; one in progress grows."""

from collections.abc import Collection
from functools import partial
from typing import Any, Final

from nicegui import run, ui
from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web import run_labels
from sensor_hub.adapters.web import timeline_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.frame import CHART_POLL_S
from sensor_hub.adapters.web.scripts import TIMELINE
from sensor_hub.adapters.web.timeline_axes import height_px
from sensor_hub.adapters.web.timeline_below import Below, unseen_summary
from sensor_hub.adapters.web.timeline_drawn import By, Drawn, Run, extent
from sensor_hub.adapters.web.timeline_options import options
from sensor_hub.adapters.web.timeline_panels import FIRST, Panel, PanelKey, known_panels, panels
from sensor_hub.adapters.web.timeline_reading import Reader, Seen
from sensor_hub.errors import SensorHubError
from sensor_hub.model.ports import HubView
from sensor_hub.units import MS_PER_S
from sensor_hub.words import lengths

WIDE_PX: Final = 700  # from here on every quantity is drawn until somebody chooses


class TimelineCard:
    """A session over its time, read by itself; in progress it is read again every two seconds.

    The page it is on was made with ``load_script``.

    other : id of a second session that is drawn beside it. apart : panels of which each has its own, as they are not
    comparable. link : to the page of the session. name : of whom the table is said to be. few : the first quantities
    also where there is room, until somebody chooses. badge : whether it says of a simulated run that it is one; a page
    may say so already.
    """

    def __init__(
        self, view: HubView, sid: str, *, other: str | None = None, apart: Collection[PanelKey] = (),
        link: bool = False, name: str = "", few: bool = False, badge: bool = True,
    ) -> None:  # fmt: skip
        self._reader, self._other, self._apart, self._name = Reader(view, sid, other), other, apart, name
        self._seen: Seen | None = None
        self._drawn: object = None
        self._shape: object = None
        self._chosen: set[PanelKey] | None = None
        self._few, self._badge = few, badge
        self._is_wide = False
        self._by: By = "time"
        self._window: tuple[float, float] | None = None
        self._busy = False
        with Tag("section", classes="card timeline-card", aria_labelledby="timeline-title", data_testid="timeline"):
            Tag("h2", labels.title(), id="timeline-title")
            self._simulated = Tag("p", run_labels.nobody_ran(), "muted")
            self._simulated.set_visibility(False)
            self._empty = Tag("p", labels.loading(), "muted nothing", data_testid="timeline-empty")
            self._body = Tag("div", classes="timeline-body")
            self._body.set_visibility(False)
            with self._body:
                self._controls()
            if link:
                Tag("a", run_labels.all_numbers(), "more-link", href=f"/session/{sid}")
        ui.timer(0.01, self._arrive, once=True)
        ui.timer(CHART_POLL_S, self.refresh)
        ui.on("hub-scheme", self._redraw)

    def _controls(self) -> None:
        self._chips: dict[PanelKey, Tag] = {}
        with Tag("div", classes="chips", role="group", aria_label=labels.panels_label()):
            for panel in panels():
                chip = Tag("button", panel.name, "chip", type="button", data_testid=f"panel-{panel.key}")
                chip.on("click", partial(self._toggle, panel.key))
                self._chips[panel.key] = chip
        self._by_buttons: dict[By, Tag] = {}
        if self._other is not None:
            with Tag("div", classes="toggle", role="group", aria_label=labels.by_label()):
                for by, text in (("time", labels.by_time()), ("distance", labels.by_distance())):
                    self._by_buttons[by] = Tag("button", text, type="button", data_testid=f"by-{by}")  # type: ignore[index]
                    self._by_buttons[by].on("click", partial(self._lay, by))  # type: ignore[arg-type,index]
            self._no_distance = Tag("p", labels.no_distance(), "muted")
        self._chart = ui.echart({}).classes("chart timeline-chart")
        self._chart.props["role"] = "img"
        self._chart.on("chart:datazoom", self._zoomed, throttle=0.2)
        with Tag("div", classes="zoom", role="group", aria_label=labels.zoom_label()):
            for what, text in labels.zoom_buttons().items():
                button = Tag("button", text, "chip", type="button", data_testid=f"zoom-{what}")
                button.on("click", js_handler=f"() => hubTimeline.zoom({self._chart.id}, '{what}')")
                if what == "last":
                    self._last = button
        self._shown = Tag("p", classes="muted shown", role="status", data_testid="shown")
        self._below = Below(self._name or labels.title())

    # --- reading -----------------------------------------------------------------------------------------------------

    async def _arrive(self) -> None:
        await self.refresh()
        try:
            width = await ui.run_javascript("window.innerWidth", timeout=5.0)
        except TimeoutError:  # the page is gone, or so slow that it is a phone
            return
        self._is_wide = isinstance(width, int | float) and width >= WIDE_PX
        self._show()

    async def refresh(self) -> None:
        """Read the session again where it may have changed, and show it."""
        if self._busy:
            return
        self._busy = True
        try:
            seen: Seen | None = await run.io_bound(self._reader.read, self._seen)
        except SensorHubError as problem:
            self._empty.set_text(str(problem))
            self._empty.set_visibility(True)
            return
        finally:
            self._busy = False
        if seen is not None and not self._chart.is_deleted:
            self._seen = seen
            self._show()

    # --- choosing ----------------------------------------------------------------------------------------------------

    def _toggle(self, key: PanelKey) -> None:
        shown = {panel.key for panel in self._panels()}
        self._chosen = shown ^ {key}
        self._show()

    def _lay(self, by: By) -> None:
        if by != self._by:
            self._by, self._window = by, None
            self._show()

    def _redraw(self) -> None:
        if not self._chart.is_deleted:
            self._drawn = None
            self._show()

    def _zoomed(self, event: GenericEventArguments) -> None:
        """Remember which part is drawn, however it was chosen."""
        drawn = self._what()
        told: dict[str, Any] = event.args if isinstance(event.args, dict) else {}
        part: dict[str, Any] = (told.get("batch") or [told])[0]
        if drawn is None:
            return
        low, high = extent(drawn)
        if part.get("startValue") is not None:
            window = float(part["startValue"]), float(part["endValue"])
        elif part.get("start") is not None:
            window = low + (high - low) * part["start"] / 100, low + (high - low) * part["end"] / 100
        else:
            return
        is_whole = window[0] - low + high - window[1] < (high - low) / 1000
        self._window = None if is_whole else window
        self._say_window(drawn)

    # --- showing -----------------------------------------------------------------------------------------------------

    def _known(self) -> list[Panel]:
        seen = self._seen
        if seen is None or seen.timeline is None:
            return []
        return known_panels([seen.timeline, *([] if seen.other is None else [seen.other.timeline])])

    def _panels(self) -> list[Panel]:
        """What is drawn: as chosen, else everything on a wide screen and the first of it on a phone."""
        known = self._known()
        if self._chosen is not None:
            return [panel for panel in known if panel.key in self._chosen]
        return known if self._is_wide and not self._few else [panel for panel in known if panel.key in FIRST]

    def _what(self) -> Drawn | None:
        seen = self._seen
        if seen is None or seen.timeline is None:
            return None
        this = Run(seen.summary, seen.timeline)
        return Drawn(
            this, self._panels(), seen.other, self._by, apart=self._apart, limits=dict(seen.limits), window=self._window
        )

    def _show(self) -> None:
        seen = self._seen
        if seen is None:
            return
        self._simulated.set_visibility(self._badge and seen.summary.header.origin == "simulated")
        drawn = self._what()
        self._body.set_visibility(drawn is not None)
        self._empty.set_visibility(drawn is None)
        if drawn is None:
            self._empty.set_text(labels.nothing_kept())
            return
        shape = (tuple(panel.key for panel in drawn.panels), drawn.by, drawn.other is None)
        key = (seen, shape)
        if key == self._drawn:
            return
        self._drawn = key
        self._show_choices(drawn)
        self._draw(drawn, is_new=shape != self._shape)
        self._shape = shape
        self._say_window(drawn)
        known = {panel.key for panel in self._known()}
        self._below.show(drawn, [panel.name for panel in panels() if panel.key not in known], self._other)

    def _draw(self, drawn: Drawn, *, is_new: bool) -> None:
        """Draw; where the same panels are drawn on, the browser keeps the part it shows."""
        self._chart.set_visibility(bool(drawn.panels))
        if not drawn.panels:
            return
        whole = extent(drawn)
        at = (self._window or whole) if is_new else None
        self._chart.style(f"height: {height_px(drawn)}px")
        told = Drawn(drawn.run, drawn.panels, drawn.other, drawn.by, drawn.apart, drawn.limits, at)
        self._chart.props["options"] = options(told)
        unseen = unseen_summary(drawn.run.timeline.unseen)
        names = [panel.title for panel in drawn.panels]
        self._chart.props["aria-label"] = labels.picture(names, drawn.run.lasted_s, unseen)

    def _show_choices(self, drawn: Drawn) -> None:
        known, shown = {panel.key for panel in self._known()}, {panel.key for panel in drawn.panels}
        for key, chip in self._chips.items():
            chip.set_visibility(key in known)
            chip.put(aria_pressed="true" if key in shown else "false")
        if self._by_buttons:
            runs = [run for run in (drawn.run, drawn.other) if run is not None]
            can = all(bool((run.timeline.distance_m > 0).any()) for run in runs)
            self._by_buttons["distance"].put(disabled=None if can else "")
            self._no_distance.set_visibility(not can)
            for by, button in self._by_buttons.items():
                button.put(aria_pressed="true" if by == drawn.by else "false")
        self._last.set_visibility(drawn.by == "time")

    def _say_window(self, drawn: Drawn) -> None:
        low, high = self._window or extent(drawn)
        if drawn.by == "time":
            whole_s = extent(drawn)[1] / MS_PER_S
            self._shown.set_text(labels.window_time(max(low, 0.0) / MS_PER_S, high / MS_PER_S, whole_s))
        else:
            self._shown.set_text(labels.window_distance(f"{low:.2f}", f"{high:.2f}", lengths.length_unit()))


def load_script() -> None:
    """Have the page that is made know how to draw a timeline: what is sent to an open one may come after the chart."""
    ui.add_head_html(f"<script>{TIMELINE}</script>")
