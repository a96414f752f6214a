"""On a session's own page: how it stands, what it is made of, what was said of it, and what can be changed."""

from dataclasses import replace

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.edit_panel import EditPanel, panel_key
from sensor_hub.adapters.web.editor import Editor
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.journal_card import JournalCard
from sensor_hub.adapters.web.runs_page import Things
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.history import HistoryView, KeptSession
from sensor_hub.model.ports import HubView, Keeping
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.edits import Names
from sensor_hub.words.sessions import effort_text
from sensor_hub.words.standings import made_of, standing_sentence


class KeepingCard:
    """Below the numbers of a session. refusal : why this browser may not change anything, None if it may."""

    def __init__(
        self, view: HubView, writing: WriteSide, keeping: Keeping, summary: SessionSummary, refusal: str | None
    ) -> None:
        self._view, self._writing, self._keeping = view, writing, keeping
        self._sid = summary.header.sid
        self._shown: KeptSession | None = None
        self._panel_shown: object = None
        self._things: Things | None = None
        self._history: HistoryView | None = None
        self._editor: Editor | None = None
        with Tag("section", classes="card", data_testid="keeping") as self._box:
            self._standing = Tag("p", classes="kept-why", data_testid="standing")
            self._said = Tag("p", classes="kept-numbers", data_testid="said")
            self._pieces_title = Tag("h2", labels.made_of_title())
            self._pieces = Tag("ul", classes="journal", data_testid="made-of")
            if refusal is not None:
                Tag("p", refusal, "refusal muted", data_testid="refusal")
            self._panel = Tag("div")
        if refusal is None:
            self._editor = Editor(view, keeping, summary.header.athlete, self._names, self._changed)
        self._journal = JournalCard(self._editor)
        self.refresh()

    async def _changed(self) -> None:
        self.refresh()

    def refresh(self) -> KeptSession | None:
        """Show the session as it stands now, and return it; None where the history cannot be read."""
        try:
            kept = self._keeping.kept(self._sid)
            if kept is None:
                return None
            if kept != self._shown:
                self._read(kept)
                self._show(kept)
        except SensorHubError:  # the page's own refresh says it
            return None
        return kept

    def _read(self, kept: KeptSession) -> None:
        athlete = kept.summary.header.athlete
        found = self._view.athlete(athlete)
        if found is None:
            return
        self._things = Things(self._view, self._writing, found.tile.athlete)
        self._history = self._keeping.history(athlete)
        if self._editor is not None:
            self._editor.athlete = athlete  # it may have been given to somebody else

    def _names(self) -> Names:
        if self._things is None or self._history is None:
            return Names()
        return self._things.names(self._history)

    def _show(self, kept: KeptSession) -> None:
        self._shown = kept
        names, history = self._names(), self._history
        self._box.put_classes(f"card kept-{kept.standing}")
        why = standing_sentence(kept, names)
        self._standing.set_text(why)
        self._standing.set_visibility(bool(why))
        said = [names.shoes.get(kept.told.shoe, kept.told.shoe)] if kept.told.shoe else []
        said += [effort_text(kept.told.effort)] if kept.told.effort is not None else []
        said += [f"“{kept.told.note}”"] if kept.told.note else []
        self._said.set_text(unbroken(" · ".join(said)))
        self._said.set_visibility(bool(said))
        lines = made_of(kept, names)
        self._pieces_title.set_visibility(bool(lines))
        self._pieces.clear()
        with self._pieces:
            for line in lines:
                Tag("li", line)
        if history is not None:
            self._show_panel(kept, history)
            self._journal.show(of_session(history, kept), names)

    def _show_panel(self, kept: KeptSession, history: HistoryView) -> None:
        """Made anew only where what can be changed is another, so that nothing typed is lost."""
        key = panel_key(kept)
        if key == self._panel_shown or self._editor is None or self._things is None:
            return
        self._panel_shown = key
        self._panel.clear()
        if kept.standing in {"counts", "same-run"}:
            with self._panel:
                EditPanel(self._editor, kept, self._things.around(kept, history))


def of_session(history: HistoryView, kept: KeptSession) -> HistoryView:
    """The history with the entries of one session's journal alone."""
    concerned = set(kept.entries)
    return replace(history, journal=tuple(entry for entry in history.journal if entry.id in concerned))
