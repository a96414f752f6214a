"""The sheet that adds a run: a file that is dropped or chosen, with what becomes of it, or the run told by hand."""

from nicegui import run

from sensor_hub.adapters.web import today_labels as labels
from sensor_hub.adapters.web.data_page import ImportCard
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.run_form import RunForm
from sensor_hub.adapters.web.runs_page import Things
from sensor_hub.adapters.web.sheet import Sheet
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import HubView, Keeping


class AddRun:
    """A button and its sheet. files, by_hand : which of both ways whoever looks may use."""

    def __init__(self, view: HubView, writing: WriteSide, athlete: Athlete, *, files: bool, by_hand: bool) -> None:
        self._view, self._writing, self._athlete = view, writing, athlete
        self._files, self._by_hand = files, by_hand
        Sheet(labels.add_run(), "add-sheet", self._fill)

    def _fill(self) -> None:
        if self._files:
            ImportCard(self._writing.jobs, self._athlete.id)
        if self._by_hand and self._writing.keeping is not None:
            try:
                ByHand(self._view, self._writing, self._writing.keeping, self._athlete)
            except SensorHubError as problem:
                Tag("p", str(problem), "form-problem", role="alert")


class ByHand:
    """The form of a run that no sensor saw, with its undo."""

    def __init__(self, view: HubView, writing: WriteSide, keeping: Keeping, athlete: Athlete) -> None:
        self._keeping, self._athlete = keeping, athlete
        self._history = keeping.history(athlete.id)
        self._things = Things(view, writing, athlete)
        editor = Editor(view, keeping, athlete.id, lambda: self._things.names(self._history), self._changed)
        self._form = RunForm(
            editor, athlete.zone, self._history.today, self._things.worn(), writing.new_sid, labels.by_hand()
        )

    async def _changed(self) -> None:
        """Know what the next sentence may speak of; the page behind looks for itself."""
        history: HistoryView | None = await run.io_bound(self._keeping.history, self._athlete.id)
        if history is not None:
            self._history = history
            self._form.show(history.today)
