"""All sessions of a runner: what only they know, a run by hand, every session with its edits, what was changed."""

from typing import Final

from nicegui import run, ui

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.edit_panel import Around, EditPanel, neighbours_of
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Choices
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.journal_card import DaysCard, JournalCard, SourcesCard
from sensor_hub.adapters.web.questions_card import QuestionsCard
from sensor_hub.adapters.web.run_form import RunForm
from sensor_hub.adapters.web.run_list import RunList
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete, Shoe
from sensor_hub.model.history import HistoryView, KeptSession
from sensor_hub.model.ports import HubView, Keeping
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.edits import Names
from sensor_hub.words.sessions import session_amount, session_moment, source_word

HISTORY_POLL_S: Final = 5.0


class Things:
    """What sentences and choices call things: shoes and people, read when asked."""

    def __init__(self, view: HubView, writing: WriteSide, athlete: Athlete) -> None:
        self._view, self._writing, self.athlete = view, writing, athlete

    def names(self, history: HistoryView) -> Names:
        """What things are called."""
        return Names.of(history, self.athlete.zone, tuple(self.shoes()), tuple(self.people()))

    def shoes(self) -> list[Shoe]:
        """Pairs of the runner."""
        return [] if self._writing.data is None else self._writing.data.shoes(self.athlete.id)

    def people(self) -> list[Athlete]:
        """Everybody."""
        return [tile.athlete for tile in self._view.tiles()]

    def around(self, kept: KeptSession, history: HistoryView) -> Around:
        """What the panel of a session offers beside it."""
        return Around(
            people=sorted(((p.id, p.display_name) for p in self.people()), key=lambda pair: pair[1].casefold()),
            shoes=self.worn(),
            neighbours=neighbours_of(kept, history.sessions, self._called),
            zone=self.athlete.zone,
            new_sid=self._writing.new_sid,
        )

    def worn(self) -> Choices:
        """Pairs to choose from: those that are not retired."""
        return [(shoe.id, shoe.name) for shoe in self.shoes() if shoe.retired_utc is None]

    def _called(self, summary: SessionSummary) -> str:
        return f"{session_moment(summary, self.athlete.zone)}, {session_amount(summary)}"

    def source(self, summary: SessionSummary) -> str:
        """Where a session comes from, in words."""
        kind = source_word(self._writing.source_kind(summary))
        return f"{kind} ({summary.source})" if summary.source and summary.source != "by-hand" else kind


class RunsPage:
    """The history of one athlete, read again every few seconds; rows are made anew where something changed.

    refusal : why this browser may not change anything, None if it may.
    """

    def __init__(
        self, view: HubView, writing: WriteSide, keeping: Keeping, athlete: Athlete, refusal: str | None
    ) -> None:
        self._keeping, self._athlete = keeping, athlete
        self._things = Things(view, writing, athlete)
        self._history = keeping.history(athlete.id)
        self._frame = Frame(labels.page_of(labels.runs(), athlete.display_name), back=True)
        with self._frame.header:
            athlete_nav(athlete.id, athlete.display_name, "runs", writing)
        with self._frame.body:
            editor = None
            if refusal is None:
                editor = Editor(view, keeping, athlete.id, lambda: self._things.names(self._history), self._refresh)
            else:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            self._questions = QuestionsCard(editor, writing.source_kind)
            self._form: RunForm | None = None
            if editor is not None:
                self._form = RunForm(editor, athlete.zone, self._history.today, self._things.worn(), writing.new_sid)
            self._list = RunList(
                self._things.source, None if editor is None else lambda kept: self._panel(editor, kept)
            )
            self._days = DaysCard(editor)
            self._journal = JournalCard(editor)
            self._sources = SourcesCard(editor)
        self._show()
        ui.timer(HISTORY_POLL_S, self._refresh)

    def _panel(self, editor: Editor, kept: KeptSession) -> None:
        EditPanel(editor, kept, self._things.around(kept, self._history))

    async def _refresh(self) -> None:
        try:
            history: HistoryView | None = await run.io_bound(self._keeping.history, self._athlete.id)
            self._history = self._history if history is None else history
            self._show()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)

    def _show(self) -> None:
        names = self._things.names(self._history)
        self._questions.show(self._history, names)
        if self._form is not None:
            self._form.show(self._history.today)
        self._list.show(self._history.sessions, names)
        self._days.show(self._history.days)
        self._journal.show(self._history, names)
        self._sources.show(self._history.preference)
