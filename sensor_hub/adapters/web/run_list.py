"""All sessions, newest first: what counts, and greyed what does not, with the reason; each can be changed in place."""

from collections.abc import Callable, Sequence
from typing import Final

from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.run_row import RunRow
from sensor_hub.model.history import KeptSession
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.edits import Names

SHOWN: Final = 40


class RunList:
    """The list; only rows whose session has changed are touched.

    source_word : says where a session comes from. open_panel : fills a panel with what can be changed of a session;
    None where nothing can.
    """

    def __init__(
        self,
        source_word: Callable[[SessionSummary], str],
        open_panel: Callable[[KeptSession], None] | None,
    ) -> None:
        self._source_word, self._open_panel = source_word, open_panel
        self._n_shown, self._sessions, self._names = SHOWN, tuple[KeptSession, ...](), Names()
        self._rows: dict[str, RunRow] = {}
        with Tag("section", classes="card", aria_labelledby="runs-title", data_testid="runs"):
            self._title = Tag("h2", id="runs-title")
            self._empty = Tag("p", labels.no_runs(), "muted")
            self._list = Tag("ul", classes="kept-list")
            self._more = Tag("button", "", "button", type="button", data_testid="show-more")
        self._more.on("click", self._show_more)

    def show(self, sessions: Sequence[KeptSession], names: Names) -> None:
        """Show a history."""
        self._sessions, self._names = tuple(sessions), names
        self._title.set_text(labels.all_runs(len(sessions)))
        self._empty.set_visibility(not sessions)
        n_older = len(sessions) - self._n_shown
        self._more.set_visibility(n_older > 0)
        self._more.set_text(labels.show_more(min(n_older, SHOWN)))
        shown = sessions[: self._n_shown]
        for sid in self._rows.keys() - {kept.summary.header.sid for kept in shown}:
            self._rows.pop(sid).box.delete()
        for place, kept in enumerate(shown):
            self._row(kept, place).show(kept, names)

    def _row(self, kept: KeptSession, place: int) -> RunRow:
        """The row of a session at its place; one that is there stays as it is, with what is being typed in it."""
        sid = kept.summary.header.sid
        if sid not in self._rows:
            with self._list:
                self._rows[sid] = RunRow(sid, self._source_word, self._open_panel)
        row = self._rows[sid]
        if self._list.default_slot.children[place] is not row.box:
            row.box.move(self._list, place)
        return row

    def _show_more(self) -> None:
        self._n_shown += SHOWN
        self.show(self._sessions, self._names)
