"""All sessions, newest first: what counts, and greyed what does not, with the reason; each can be changed in place."""

from collections.abc import Callable, Sequence
from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.model.history import KeptSession
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.edits import Names
from sensor_hub.words.sessions import DURATION_UNKNOWN, effort_text, ledger_word, session_moment
from sensor_hub.words.standings import standing_sentence, standing_word

SHOWN: Final = 40
LOWER_BOUND: Final = 0.8  # coverage below which a load is at least what is shown
_PART: Final = " · "


class RunList:
    """The list; rows are made anew only where a session has changed.

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
        self._rows: dict[str, tuple[object, Tag]] = {}
        self._opened: str | None = None
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
        keys = {kept.summary.header.sid: (kept, names.shoes.get(kept.told.shoe or "")) for kept in shown}
        if [key for key, _row in self._rows.values()] != list(keys.values()):
            self._fill(shown, keys)

    def _fill(self, shown: Sequence[KeptSession], keys: dict[str, tuple[KeptSession, str | None]]) -> None:
        self._list.clear()
        self._rows = {}
        with self._list:
            for kept in shown:
                sid = kept.summary.header.sid
                self._rows[sid] = (keys[sid], self._row(kept))

    def _show_more(self) -> None:
        self._n_shown += SHOWN
        self.show(self._sessions, self._names)

    def _row(self, kept: KeptSession) -> Tag:
        summary, names = kept.summary, self._names
        sid, when = summary.header.sid, session_moment(summary, names.zone)
        with Tag("li", classes=f"kept kept-{kept.standing}", data_testid=f"run-{sid}") as row:
            with Tag("div", classes="kept-head"):
                Tag("a", when, "kept-link", href=f"/session/{sid}")
                if not kept.counts:
                    Tag("span", standing_word(kept.standing), "chip standing")
                if summary.header.ledger != "run":
                    Tag("span", ledger_word(summary.header.ledger), "chip")
            with Tag("p", classes="kept-numbers"):
                for number in numbers_of(summary):
                    Tag("span", unbroken(number), "part")
            Tag("p", self._said(kept), "muted")
            why = standing_sentence(kept, names)
            if why:
                Tag("p", why, "kept-why")
            if self._open_panel is not None and (kept.counts or kept.standing == "same-run"):
                self._menu(kept, when)
        return row

    def _said(self, kept: KeptSession) -> str:
        told, shoes = kept.told, self._names.shoes
        parts = [self._source_word(kept.summary)]
        if told.shoe:
            parts.append(shoes.get(told.shoe, told.shoe))
        if told.effort is not None:
            parts.append(effort_text(told.effort))
        if told.note:
            parts.append(f"“{told.note}”")
        return _PART.join(parts)

    def _menu(self, kept: KeptSession, when: str) -> None:
        sid, open_panel = kept.summary.header.sid, self._open_panel
        button = Tag(
            "button", labels.edit(), "button small", type="button", aria_expanded="false",
            aria_label=labels.edit_of(when), data_testid=f"edit-{sid}",
        )  # fmt: skip
        place = Tag("div")

        def toggle() -> None:
            is_open = self._opened == sid
            place.clear()
            self._opened = None if is_open else sid
            button.put(aria_expanded="false" if is_open else "true")
            if not is_open and open_panel is not None:
                with place:
                    open_panel(kept)

        button.on("click", toggle)
        if self._opened == sid:  # the row was made anew while its panel was open
            self._opened = None
            toggle()


def numbers_of(summary: SessionSummary) -> list[str]:
    """Distance, time and load as far as they are known; an en dash where not."""
    t = summary.totals
    duration_s = None if DURATION_UNKNOWN in summary.warnings else t.duration_s
    lower_bound = t.coverage is not None and t.coverage < LOWER_BOUND
    load = words.ranged(t.load_eq_km, t.load_eq_km_sd, "load_eq_km", lower_bound=lower_bound)
    if not words.known(t.load_eq_km):
        load = labels.load_unknown()
    distance = words.quantity(t.distance_m, "distance_m") if words.known(t.distance_m) else labels.distance_unknown()
    time = words.clock(duration_s) if duration_s is not None else labels.time_unknown()
    return [distance, time, load]
