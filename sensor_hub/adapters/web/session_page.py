"""One run: over its time, beside another one, what was measured, its load piece by piece, and what it noticed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from nicegui import ui

from sensor_hub import words
from sensor_hub.adapters.web import labels, run_labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.compare_card import CompareCard
from sensor_hub.adapters.web.elements import Tag, fill_table, table, unbroken
from sensor_hub.adapters.web.frame import CHART_POLL_S, Frame
from sensor_hub.adapters.web.load_cards import FactsCard, facts_of
from sensor_hub.adapters.web.session_keeping import KeepingCard
from sensor_hub.adapters.web.timeline_card import TimelineCard, load_script
from sensor_hub.adapters.web.timeline_panels import panels_apart
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.comparison import unlike
from sensor_hub.model.ports import HubView
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.sessions import DURATION_UNKNOWN, TIME_UNKNOWN


class SessionPage:
    """A stored session, or the one in progress, read again while it is open. other : what it is compared with."""

    def __init__(
        self,
        view: HubView,
        first: SessionSummary,
        writing: WriteSide | None = None,
        refusal: str | None = None,
        other: SessionSummary | None = None,
    ) -> None:
        self._view, self._sid = view, first.header.sid
        self._name = runner_of(view, first)
        load_script()
        self._frame = Frame(run_title(first, self._name), back=True)
        if writing is not None and writing.keeping is not None:
            with self._frame.header:
                athlete_nav(first.header.athlete, self._name, None, writing)
        with self._frame.body:
            Tag("a", run_labels.to_runner(self._name), "back", href=f"/athlete/{first.header.athlete}")
            self._badge = Tag("p", run_labels.nobody_ran(), "muted", data_testid="simulated")
            second = None if other is None else other.header.sid
            apart = panels_apart(() if other is None else unlike(first.header, other.header))
            TimelineCard(view, self._sid, other=second, apart=apart, name=self._name, badge=False)
            self._compare = CompareCard(first, other, sessions_of(view, first))
            with Tag("div", classes="charts"):
                self._facts = FactsCard(run_labels.load_title(), is_open=True)
                with Tag("section", classes="card", aria_labelledby="measured-title", data_testid="measured"):
                    Tag("h2", run_labels.measured_title(), id="measured-title")
                    self._measured = table(run_labels.measured_title(), run_labels.measured_header())
                    with Tag("div", classes="noticed", data_testid="session-noticed") as self._noticed:
                        Tag("p", run_labels.noticed_here(), "noticed-title")
                        self._notes = Tag("ul")
            Tag("p", unbroken(words.range_text()), "muted")
            self._keeping = None
            if writing is not None and writing.keeping is not None:
                self._keeping = KeepingCard(view, writing, writing.keeping, first, refusal)
        self._show(first, is_pruned(view, self._sid))
        ui.timer(CHART_POLL_S, self._refresh)

    def _refresh(self) -> None:
        try:
            found, trouble = self._view.session(self._sid), self._view.trouble()
            pruned = self._view.pruned(self._sid)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        if self._keeping is not None:
            kept = self._keeping.refresh()
            found = found if kept is None else kept.summary
        self._frame.trouble(run_labels.session_unknown_text() if found is None else trouble)
        if found is not None:
            self._show(found, pruned)

    def _show(self, summary: SessionSummary, pruned: bool) -> None:
        self._frame.title.set_text(run_title(summary, self._name))
        self._badge.set_visibility(summary.header.origin == "simulated")
        self._facts.show(run_labels.load_title(), facts_of(summary))
        fill_table(self._measured, measured_rows(summary))
        self._compare.show(summary)
        of_file = summary.header.origin == "import"
        notes = [words.warning_text(code, of_file=of_file) for code in summary.warnings]
        notes += [run_labels.steps_let_go()] if pruned else []
        self._noticed.set_visibility(bool(notes))
        self._notes.clear()
        with self._notes:
            for note in notes:
                Tag("li", note)


def runner_of(view: HubView, summary: SessionSummary) -> str:
    """What the runner of a session is called; empty where the hub cannot say."""
    try:
        found = view.athlete(summary.header.athlete)
    except SensorHubError:  # the session itself can be read: its page says whose it is as soon as it is opened again
        return ""
    return "" if found is None else found.tile.athlete.display_name


def sessions_of(view: HubView, summary: SessionSummary) -> list[SessionSummary]:
    """Return the runner's sessions; empty where the hub cannot say."""
    try:
        return view.sessions(summary.header.athlete)
    except SensorHubError:
        return []


def is_pruned(view: HubView, sid: str) -> bool:
    """Whether single steps are no longer kept; False where the hub cannot say, until it is asked again."""
    try:
        return view.pruned(sid)
    except SensorHubError:
        return False


def run_title(summary: SessionSummary, name: str) -> str:
    """Such as "Ana: run of 20 Nov, 10:30", in the athlete's own zone."""
    start: datetime = summary.start_utc.astimezone(ZoneInfo(summary.header.zone))
    day, time = words.day_name(start.date()), start.strftime("%H:%M")
    if TIME_UNKNOWN in summary.warnings:
        time = run_labels.no_time()
    if summary.header.ledger == "exercise":
        return run_labels.exercise_of(day, time, name)
    return run_labels.run_of(day, time, name)


def measured_rows(summary: SessionSummary) -> list[list[str]]:
    """Name and value of what was measured, without a model."""
    t = summary.totals
    balance = words.share(t.contact_balance_left)
    rows = [
        [run_labels.distance(), words.quantity(t.distance_m, "distance_m")],
        [run_labels.moving_time(), words.clock(None if DURATION_UNKNOWN in summary.warnings else t.duration_s)],
        [run_labels.recorded(), words.share(t.coverage)],
        [labels.cadence_label(), run_labels.with_unit(words.whole(t.cadence_spm), labels.cadence_unit())],
        [labels.contact_label(), run_labels.with_unit(words.whole(t.contact_time_s, 1000.0), "ms")],
        [run_labels.flight_label(), run_labels.with_unit(words.whole(t.flight_time_s, 1000.0), "ms")],
    ]
    return [*rows, [run_labels.balance_label(), balance]] if balance != words.UNKNOWN else rows
