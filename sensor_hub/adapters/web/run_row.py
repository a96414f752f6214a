"""One session of the list: what it was, why it does not count where it does not, and what can be changed of it."""

from collections.abc import Callable
from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import keeping_labels as labels
from sensor_hub.adapters.web.edit_panel import panel_key
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.model.history import KeptSession
from sensor_hub.model.load import is_partly_recorded
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.edits import Names
from sensor_hub.words.sessions import DURATION_UNKNOWN, effort_text, ledger_word, session_moment
from sensor_hub.words.standings import standing_sentence, standing_word

_PART: Final = " · "


class RunRow:
    """A row; its panel is made anew only where what can be changed is another, so that nothing typed is lost."""

    def __init__(
        self,
        sid: str,
        source_word: Callable[[SessionSummary], str],
        open_panel: Callable[[KeptSession], None] | None,
    ) -> None:
        self._sid, self._source_word, self._open_panel = sid, source_word, open_panel
        self._kept: KeptSession | None = None
        self._shown: object = None
        self._panel_shown: object = None
        self._is_open = False
        with Tag("li", classes="kept", data_testid=f"run-{sid}") as self.box:
            self._about = Tag("div", classes="kept-about")
            self._button = Tag(
                "button", labels.edit(), "button small", type="button", aria_expanded="false",
                data_testid=f"edit-{sid}",
            )  # fmt: skip
            self._panel = Tag("div", classes="kept-panel")
        self._button.on("click", self._toggle)

    def show(self, kept: KeptSession, names: Names) -> None:
        """Show the session as it stands."""
        self._kept = kept
        key = (kept, names.shoes.get(kept.told.shoe or ""), names.sessions.get(kept.instead or ""))
        if key == self._shown:
            return
        self._shown = key
        self.box.put_classes(f"kept kept-{kept.standing}")
        self._about.clear()
        with self._about:
            self._fill(kept, names)
        can_change = self._open_panel is not None and (kept.counts or kept.standing == "same-run")
        self._button.set_visibility(can_change)
        self._button.put(aria_label=labels.edit_of(session_moment(kept.summary, names.zone)))
        self._is_open = self._is_open and can_change
        self._show_panel()

    def _toggle(self) -> None:
        self._is_open = not self._is_open
        self._show_panel()

    def _show_panel(self) -> None:
        kept = self._kept
        key = panel_key(kept) if self._is_open and kept is not None else None
        self._button.put(aria_expanded="true" if self._is_open else "false")
        if key == self._panel_shown:
            return
        self._panel_shown = key
        self._panel.clear()
        if key is not None and kept is not None and self._open_panel is not None:
            with self._panel:
                self._open_panel(kept)

    def _fill(self, kept: KeptSession, names: Names) -> None:
        summary = kept.summary
        with Tag("div", classes="kept-head"):
            Tag("a", session_moment(summary, names.zone), "kept-link", href=f"/session/{self._sid}")
            if not kept.counts:
                Tag("span", standing_word(kept.standing), "chip standing")
            if summary.header.ledger != "run":
                Tag("span", ledger_word(summary.header.ledger), "chip")
        with Tag("p", classes="kept-numbers"):
            for number in numbers_of(summary):
                Tag("span", unbroken(number), "part")
        Tag("p", self._said(kept, names), "muted")
        why = standing_sentence(kept, names)
        if why:
            Tag("p", why, "kept-why")

    def _said(self, kept: KeptSession, names: Names) -> str:
        told = kept.told
        parts = [self._source_word(kept.summary)]
        if told.shoe:
            parts.append(names.shoes.get(told.shoe, told.shoe))
        if told.effort is not None:
            parts.append(effort_text(told.effort))
        if told.note:
            parts.append(f"“{told.note}”")
        return _PART.join(parts)


def numbers_of(summary: SessionSummary) -> list[str]:
    """Distance, time and load as far as they are known; an en dash where not."""
    t = summary.totals
    duration_s = None if DURATION_UNKNOWN in summary.warnings else t.duration_s
    load = words.ranged(t.load_eq_km, t.load_eq_km_sd, "load_eq_km", lower_bound=is_partly_recorded(t.coverage))
    if not words.known(t.load_eq_km):
        load = labels.load_unknown()
    distance = words.quantity(t.distance_m, "distance_m") if words.known(t.distance_m) else labels.distance_unknown()
    time = words.clock(duration_s) if duration_s is not None else labels.time_unknown()
    return [distance, time, load]
