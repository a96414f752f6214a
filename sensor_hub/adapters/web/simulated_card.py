"""Simulated runners to look at: they come, run, and go, with the progress of each."""

from collections.abc import Callable
from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web import start_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.errors import SensorHubError
from sensor_hub.model.newcomer import SimulatedSquad
from sensor_hub.model.ports import Newcomers

SQUAD_POLL_S: Final = 0.5


class SimulatedCard:
    """What the hub knows of them, so that a page that is opened anew says the same."""

    def __init__(self, newcomers: Newcomers) -> None:
        self._newcomers = newcomers
        self._shown: SimulatedSquad | None = None
        self._refused = ""
        with Tag("section", classes="card squad-card", aria_labelledby="squad-title", data_testid="simulated-squad"):
            Tag("h2", labels.squad_title(), id="squad-title")
            self._text = Tag("p", role="status", data_testid="squad-text")
            self._progress = Tag("progress", aria_label=labels.squad_title(), data_testid="squad-progress")
            self._problem = Tag("p", classes="form-problem", role="alert", data_testid="squad-problem")
            with Tag("div", classes="row"):
                self._see = Tag("a", labels.see_them(), "button main", href="/", data_testid="see-squad")
                self._invite = _button(labels.invite(), "invite-squad", self._come)
                self._again = _button(labels.run_again(), "run-squad", self._come)
                self._dismiss = _button(labels.dismiss(), "dismiss-squad", self._go)
            self._note = Tag("p", labels.dismiss_text(), "muted")
        self._tell(newcomers.simulated())
        ui.timer(SQUAD_POLL_S, self._look)

    async def _come(self) -> None:
        await self._asked(self._newcomers.invite_simulated_squad)

    async def _go(self) -> None:
        await self._asked(self._newcomers.dismiss_simulated_squad)

    async def _asked(self, ask: Callable[[], int]) -> None:
        self._refused = ""
        try:
            await run.io_bound(ask)
        except SensorHubError as problem:
            self._refused = str(problem)
        await self._look()

    async def _look(self) -> None:
        try:
            squad: SimulatedSquad | None = await run.io_bound(self._newcomers.simulated)
        except SensorHubError as problem:
            self._say(str(problem))
            return
        if squad is not None:  # else the server is going down
            self._tell(squad)

    def _tell(self, squad: SimulatedSquad) -> None:
        self._say(self._refused or squad.problem or "")
        if squad != self._shown:
            self._shown = squad
            self._show(squad)

    def _say(self, problem: str) -> None:
        self._problem.set_text(labels.squad_failed(problem) if problem else "")
        self._problem.set_visibility(bool(problem))

    def _show(self, squad: SimulatedSquad) -> None:
        busy, here = squad.doing is not None, squad.n_athletes > 0
        self._text.set_text(text_of(squad))
        self._progress.set_visibility(busy)
        self._progress.put(value=str(squad.n_done), max=str(max(squad.n_total, 1)))
        self._invite.set_visibility(not busy and not here)
        self._again.set_visibility(not busy and here and not squad.n_running)
        self._dismiss.set_visibility(not busy and here)
        self._see.set_visibility(not busy and here)
        self._note.set_visibility(here)


def _button(text: str, testid: str, on_click: Callable[[], object]) -> Tag:
    button = Tag("button", text, "button", type="button", data_testid=testid)
    button.on("click", on_click)
    return button


def text_of(squad: SimulatedSquad) -> str:
    """How it stands with them, in a sentence."""
    if squad.doing == "coming":
        return labels.coming(squad.n_done, squad.n_total)
    if squad.doing == "going":
        return labels.going(squad.n_done, squad.n_total)
    if not squad.n_athletes:
        return labels.squad_text()
    if not squad.n_running:
        return labels.squad_rests(squad.n_athletes)
    return labels.squad_here(squad.n_athletes, squad.n_running)
