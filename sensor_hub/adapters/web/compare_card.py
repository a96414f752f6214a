"""Two runs of one person side by side: which other run, and both totals in a table."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from nicegui.events import GenericEventArguments

from sensor_hub import words
from sensor_hub.adapters.web import compare_labels as labels
from sensor_hub.adapters.web.elements import Tag, fill_table, table, unbroken
from sensor_hub.model.comparison import are_of_a_kind, differences, unlike
from sensor_hub.model.session import SessionSummary
from sensor_hub.words import comparing
from sensor_hub.words.sessions import session_amount, session_moment

AMONG_DAYS: Final = 90
SEARCH_FROM: Final = 8  # runs: fewer are seen at a glance


def others_of(this: SessionSummary, sessions: Sequence[SessionSummary]) -> list[SessionSummary]:
    """Return what a session can be compared with: of its kind, of the last 90 days there are, newest first."""
    alike = [s for s in sessions if are_of_a_kind(s.header, this.header) and s.header.sid != this.header.sid]
    newest = max((s.start_utc for s in [this, *alike]), default=this.start_utc)
    recent = [s for s in alike if s.start_utc >= newest - timedelta(days=AMONG_DAYS)]
    return sorted(recent, key=lambda s: s.start_utc, reverse=True)


def short_name(summary: SessionSummary) -> str:
    """Such as "20 Nov": what a column of the table is called."""
    return words.day_name(summary.start_utc.astimezone(ZoneInfo(summary.header.zone)).date())


class CompareCard:
    """Below the timeline of a session. other : what it is compared with, None for nothing yet."""

    def __init__(self, this: SessionSummary, other: SessionSummary | None, sessions: Sequence[SessionSummary]) -> None:
        self._this, self._other = this, other
        self._links: list[tuple[str, Tag]] = []
        with Tag("section", classes="card compare", aria_labelledby="compare-title", data_testid="compare"):
            Tag("h2", labels.title(), id="compare-title")
            if other is not None:
                self._both(other)
            self._choice(others_of(this, sessions))

    def _both(self, other: SessionSummary) -> None:
        this = self._this
        Tag("p", labels.with_run(session_moment(other, other.header.zone), session_amount(other)), "compared-with")
        reasons = unlike(this.header, other.header)
        if reasons:
            Tag("p", comparing.unlike_sentence(reasons), "bridging", data_testid="not-comparable")
        names = short_name(this), short_name(other)
        if names[0] == names[1]:
            names = labels.this_run(), labels.other_run()
        self._rows = table(labels.title(), comparing.header(*names))
        self.show(this)
        Tag("p", comparing.alike_sentence(), "muted")
        with Tag("p", classes="compare-links"):
            Tag("a", labels.to_other(), href=f"/session/{other.header.sid}?with={this.header.sid}")
            Tag("a", labels.stop(), href=f"/session/{this.header.sid}", data_testid="stop-comparing")

    def show(self, this: SessionSummary) -> None:
        """Show the totals of this run as they are now."""
        if self._other is not None:
            rows = [comparing.row(difference) for difference in differences(this, self._other)]
            fill_table(self._rows, [[unbroken(cell) for cell in row] for row in rows])

    def _choice(self, sessions: Sequence[SessionSummary]) -> None:
        if not sessions:
            if self._other is None:
                Tag("p", labels.nothing_to_compare(), "muted")
            return
        with Tag("details", classes="runs", data_testid="compare-with"):
            Tag("summary", labels.choose() if self._other is None else labels.choose_another())
            if len(sessions) >= SEARCH_FROM:
                with Tag("label", classes="compare-search"):
                    Tag("span", labels.search())
                    Tag("input", type="search", data_testid="compare-search", autocomplete="off").on(
                        "input", self._search, js_handler="(e) => emit(e.target.value)", throttle=0.1
                    )
            with Tag("ul", classes="compare-list"):
                for summary in sessions:
                    text = labels.choice(session_moment(summary, summary.header.zone), session_amount(summary))
                    with Tag("li") as item:
                        link = Tag("a", unbroken(text), href=_address(self._this, summary))
                        if self._other is not None and summary.header.sid == self._other.header.sid:
                            link.put(aria_current="true")
                    self._links.append((text.casefold(), item))
            self._none = Tag("p", labels.nothing_found(), "muted")
            self._none.set_visibility(False)

    def _search(self, event: GenericEventArguments) -> None:
        """Leave the runs whose line has every word that was typed."""
        wanted = str(event.args).casefold().split()
        n_found = 0
        for text, item in self._links:
            found = all(word in text for word in wanted)
            item.set_visibility(found)
            n_found += found
        self._none.set_visibility(n_found == 0)


def _address(this: SessionSummary, other: SessionSummary) -> str:
    return f"/session/{this.header.sid}?with={other.header.sid}"
