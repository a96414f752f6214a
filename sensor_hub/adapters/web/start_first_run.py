"""Third step: waits for the first run, says what it will show, and leads to the screen of today."""

from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web import start_labels as labels
from sensor_hub.adapters.web.data_page import ImportCard
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.own_runs import amount_of, own_runs
from sensor_hub.adapters.web.run_numbers import is_running
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.ports import HubView, Tile
from sensor_hub.model.session import SessionSummary

WAIT_S: Final = 1.0
Found = tuple[Tile | None, list[SessionSummary]]


class FirstRunStep:
    """What the hub knows of the runs of somebody, looked at every second. files : whether one may be dropped here."""

    def __init__(self, frame: Frame, view: HubView, writing: WriteSide, athlete: Athlete, *, files: bool) -> None:
        self._frame, self._view, self._athlete = frame, view, athlete
        with Tag("section", classes="card", aria_labelledby="first-title", data_testid="step-first-run"):
            Tag("h2", labels.first_title(athlete.display_name), id="first-title")
            with Tag("p", classes="first-run", role="status", aria_live="polite", data_testid="first-run") as self._box:
                Tag("span", classes="shape", aria_hidden="true")
                self._text = Tag("strong")
            with Tag("ul", classes="start-shows"):
                for line in labels.what_it_shows():
                    Tag("li", line)
            self._link = Tag("a", labels.to_todays(), "button main", href=f"/athlete/{athlete.id}/today",
                             data_testid="to-today")  # fmt: skip
        if writing.data is not None and files:
            ImportCard(writing.jobs, athlete.id)
        self._show(self._read())
        ui.timer(WAIT_S, self._look)

    def _read(self) -> Found:
        return self._view.tile(self._athlete.id, own=True), self._view.sessions(self._athlete.id)

    async def _look(self) -> None:
        try:
            found: Found | None = await run.io_bound(self._read)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(self._view.trouble())
        if found is not None:
            self._show(found)

    def _show(self, found: Found) -> None:
        tile, sessions = found
        state, text = "waiting", labels.waiting()
        runs = [run for run in own_runs(sessions, self._athlete) if run.ended]
        if tile is not None and is_running(tile):
            state, text = "running", labels.running_now()
        elif runs:
            state, text = "here", labels.run_here(amount_of(runs[-1]))
        self._box.put_classes(f"first-run first-{state}")
        self._box.put(data_state=state)
        self._text.set_text(unbroken(text))
