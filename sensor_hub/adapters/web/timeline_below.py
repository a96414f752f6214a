"""What stands below the chart of a run over its time: its keys, what is not known, and the tables behind it."""

from collections.abc import Sequence
from typing import Final

from nicegui.events import GenericEventArguments

from sensor_hub.adapters.web import timeline_labels as labels
from sensor_hub.adapters.web.elements import Tag, fill_table, table, unbroken
from sensor_hub.adapters.web.timeline_drawn import Drawn
from sensor_hub.model.timeline import Timeline, coarser
from sensor_hub.model.unseen import PAUSE, Unseen
from sensor_hub.words import timelines as words

ROW_S: Final = 60.0
MOST_ROWS: Final = 120
MOST_UNSEEN: Final = 40  # rows of the table of gaps: the longest


class Below:
    """Made below the element that is open. name : of whom the table is said to be."""

    def __init__(self, name: str) -> None:
        with Tag("ul", classes="legend", aria_hidden="true"):
            self._keys = {style: _key(style, text) for style, text in labels.legend().items()}
        self._notes = Tag("div", classes="timeline-notes", data_testid="timeline-notes")
        with Tag("details", classes="data", data_testid="unseen") as self._unseen_box:
            Tag("summary", labels.unseen_title())
            self._unseen_rows = table(labels.unseen_title(), words.unseen_header())
            self._unseen_more = Tag("p", classes="muted")
        with Tag("details", classes="data", data_testid="timeline-table") as box:
            Tag("summary", labels.table_title())
            self._rows = table(labels.table_caption(name), words.row_header())
        box.on("toggle", self._opened, js_handler="(e) => emit(e.target.open)")
        self._is_open = False
        self._drawn: Drawn | None = None

    def _opened(self, event: GenericEventArguments) -> None:
        """Fill the table for whoever opens it: some hundred cells that most never look at."""
        self._is_open = bool(event.args)
        self._fill_rows()

    def show(self, drawn: Drawn, missing: list[str], other: str | None) -> None:
        """Say what the keys mean and what nobody measured, and fill the tables.

        missing : names of quantities of which nothing is known. other : id of what it was to be compared with.
        """
        causes = {one.cause for one in drawn.run.timeline.unseen}
        keys = {
            "line": drawn.other is not None,
            "second": drawn.other is not None,
            "band": any(panel.half is not None for panel in drawn.panels),
            "limit": any(panel.key in drawn.limits for panel in drawn.panels),
            "unknown": bool(causes - {PAUSE}),
            "pause": PAUSE in causes,
        }
        for style, item in self._keys.items():
            item.set_visibility(keys[style])
        notes = [labels.missing_panels(missing)] if missing else []
        notes += [labels.from_minutes()] if drawn.run.timeline.from_minutes else []
        notes += [labels.lower_bound()] if drawn.run.is_lower_bound else []
        notes += [labels.other_not_kept()] if other is not None and drawn.other is None else []
        notes.append(labels.how_to_zoom())
        self._notes.clear()
        with self._notes:
            for note in notes:
                Tag("p", unbroken(note), "muted")
        self._drawn = drawn
        self._fill_rows()
        self._fill_unseen(drawn.run.timeline)

    def _fill_rows(self) -> None:
        if self._drawn is None or not self._is_open:
            return
        this = self._drawn.run
        n_minutes = max(1, -(-int(this.lasted_s) // int(ROW_S * MOST_ROWS)))
        rows = coarser(this.timeline, ROW_S * n_minutes)
        fill_table(self._rows, words.rows(rows, lower_bound=this.is_lower_bound))

    def _fill_unseen(self, timeline: Timeline) -> None:
        longest = sorted(timeline.unseen, key=lambda one: one.begin_s - one.end_s)[:MOST_UNSEEN]
        told = sorted(longest, key=lambda one: one.begin_s)
        fill_table(self._unseen_rows, [words.unseen_row(one) for one in told])
        self._unseen_box.set_visibility(bool(told))
        n_more = len(timeline.unseen) - len(told)
        self._unseen_more.set_visibility(n_more > 0)
        self._unseen_more.set_text(labels.unseen_more(n_more))


def _key(style: str, text: str) -> Tag:
    with Tag("li") as item:
        Tag("span", classes=f"key key-{style}")
        Tag("span", text)
    return item


def unseen_summary(unseen: Sequence[Unseen]) -> str:
    """How much of a run is not known, and how much was paused."""
    gaps = [one.end_s - one.begin_s for one in unseen if one.cause != PAUSE]
    pauses = [one.end_s - one.begin_s for one in unseen if one.cause == PAUSE]
    return labels.unseen_summary(len(gaps), sum(gaps), len(pauses), sum(pauses))
