"""The athlete's page: live numbers, today's headroom, findings with their why, weeks and sessions against the lines."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from nicegui import ui

from sensor_hub import words
from sensor_hub.adapters.web import charts, labels, run_labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.chart_card import Chart
from sensor_hub.adapters.web import chart_rows
from sensor_hub.adapters.web.chart_values import is_lower_bound
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.finding_cards import Findings
from sensor_hub.adapters.web.frame import CHART_POLL_S, POLL_S, Frame
from sensor_hub.adapters.web.guide_panel import GuidePanel
from sensor_hub.adapters.web.load_cards import FactsCard, RunLinks, SumsCard, facts_of
from sensor_hub.adapters.web.panels import (
    SHOWN,
    HeadroomBar,
    LiveNumbers,
    StateBand,
    headroom_of,
    is_stale,
    so_far_of,
)
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.load import Measure
from sensor_hub.model.ports import AthleteView, DaySession, HubView, Tile, WeekBar
from sensor_hub.model.session import SessionSummary

SHOWN_WEEKS: Final = 12
SHOWN_NOTES: Final = 5
ON_ITS_OWN_PAGE: Final = ("sensitivity", "stiffness")  # for the curious: on the page of a run alone


class Verdict:
    """The header tile: state, numbers, today's headroom a measure."""

    def __init__(self, tile: Tile) -> None:
        shown: list[Measure] = list(SHOWN)
        if any(h.measure == "hard_load_bw_s" for h in tile.headroom):
            shown.append("hard_load_bw_s")
        with Tag("section", data_testid=f"tile-{tile.athlete.id}", aria_label=labels.today_title()) as self._box:
            self._band = StateBand()
            with Tag("div", classes="tile-body"):
                with Tag("div", classes="verdict-columns"):
                    self._numbers = LiveNumbers()
                    with Tag("div", classes="rooms"):
                        self._bars = [HeadroomBar(measure) for measure in shown]
                self._interval = Tag("p", classes="interval", data_testid="interval")
                self._label = Tag("p", classes="muted model", data_testid="model")

    def show(self, tile: Tile, model: str) -> None:
        """Show the tile and which model made its load."""
        self._box.put_classes(f"tile verdict state-{tile.state}{' stale' if is_stale(tile) else ''}")
        self._box.put(data_state=tile.state)
        self._band.show(tile)
        self._numbers.show(tile)
        for bar in self._bars:
            bar.show(headroom_of(tile, bar.measure), so_far_of(tile, bar.measure), tile.bridging)
        totals = tile.totals
        interval = "" if totals is None else words.interval_sentence(totals.load_eq_km, totals.load_eq_km_sd)
        self._interval.set_text(unbroken(interval))
        self._interval.set_visibility(bool(interval))
        self._label.set_text(unbroken(model))


def noticed(days: Sequence[DaySession], sessions: Sequence[SessionSummary]) -> list[str]:
    """What the drawn sessions noticed that can be mended, newest first, each with its day."""
    known = {summary.header.sid: summary for summary in sessions}
    lines = []
    for drawn in sorted(days, key=lambda d: d.day, reverse=True):
        summary = known.get(drawn.sid)
        for code in words.to_mend(summary.warnings) if summary is not None else []:
            of_file = summary is not None and summary.header.origin == "import"
            lines.append(labels.noticed(words.day_name(drawn.day), words.warning_text(code, of_file=of_file)))
    more = len(lines) - SHOWN_NOTES
    return [*lines[:SHOWN_NOTES], labels.noticed_more(more)] if more > 0 else lines


def run_links(days: Sequence[DaySession]) -> list[tuple[str, str]]:
    """The drawn runs, newest first: session id and a line each."""
    return [
        (
            d.sid,
            run_labels.run_link(
                words.day_name(d.day),
                words.quantity(d.distance_m, "distance_m"),
                words.ranged(d.load_eq_km, d.load_eq_km_sd, "load_eq_km", lower_bound=is_lower_bound(d)),
            ),
        )
        for d in sorted(days, key=lambda d: d.day, reverse=True)
    ]


class RunnerPage:
    """One athlete, polled; the charts are drawn again only when their numbers change.

    sees_guidance : whether what is said of the diary is theirs who look at it. may_write : whether the diary is.
    """

    def __init__(
        self,
        view: HubView,
        first: AthleteView,
        writing: WriteSide | None = None,
        *,
        sees_guidance: bool = True,
        may_write: bool = True,
    ) -> None:
        self._view, self._athlete = view, first.tile.athlete.id
        self._measure: Measure = "load_eq_km"
        self._drawn: object = None
        self._frame = Frame(first.tile.athlete.display_name, back=True)
        if writing is not None and (writing.keeping is not None or writing.guide is not None):
            with self._frame.header:
                athlete_nav(self._athlete, first.tile.athlete.display_name, "", writing)
        with self._frame.body:
            panel = None
            if writing is not None and writing.guide is not None and sees_guidance:
                panel = GuidePanel(self._frame, writing, writing.guide, first.tile.athlete, may_write=may_write)
            self._verdict = Verdict(first.tile)
            self._findings = Findings()
            if panel is not None:
                panel.add_notices()
            with Tag("div", classes="charts"):
                self._sums = SumsCard()
                self._facts = FactsCard("")
            self._toggle = self._measure_toggle()
            with Tag("div", classes="charts"):
                self._weeks = Chart(
                    "weekly",
                    labels.weekly_title(),
                    labels.weekly_note(),
                    labels.weekly_legend(),
                    labels.weekly_header(),
                )
                self._days = Chart(
                    "sessions", labels.sessions_title(), labels.sessions_note(), labels.sessions_legend(),
                    labels.sessions_header(),
                )  # fmt: skip
            self._links = RunLinks()
        self._model = ""
        self._show_charts(first)
        self._show_live(first)
        self._refresh_live()  # trouble stands on the page from the start
        ui.timer(POLL_S, self._refresh_live)
        ui.timer(CHART_POLL_S, self._refresh_charts)
        ui.on("hub-scheme", self._redraw)

    def _measure_toggle(self) -> dict[Measure, Tag]:
        buttons: dict[Measure, Tag] = {}
        measures: tuple[Measure, ...] = ("load_eq_km", "distance_m")
        with Tag("div", classes="toggle", role="group", aria_label=labels.toggle_label()):
            for measure in measures:
                buttons[measure] = Tag(
                    "button", labels.toggle_text(measure), type="button", data_testid=f"by-{measure}"
                )
                buttons[measure].on("click", lambda _, m=measure: self._choose(m))
        return buttons

    def _choose(self, measure: Measure) -> None:
        self._measure = measure
        self._redraw()

    def _redraw(self) -> None:
        self._drawn = None
        self._refresh_charts()

    def _sessions(self) -> list[SessionSummary]:
        try:
            return self._view.sessions(self._athlete)
        except SensorHubError:  # the banner of the live numbers says it already
            return []

    def _ask(self) -> AthleteView | None:
        try:
            found, trouble = self._view.athlete(self._athlete), self._view.trouble()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return None
        self._frame.trouble(labels.athlete_gone() if found is None else trouble)
        return found

    def _refresh_live(self) -> None:
        found = self._ask()
        if found is not None:
            self._show_live(found)

    def _refresh_charts(self) -> None:
        found = self._ask()
        if found is not None:
            self._show_charts(found)

    def _show_live(self, found: AthleteView) -> None:
        self._frame.title.set_text(found.tile.athlete.display_name)
        self._verdict.show(found.tile, self._model)
        self._findings.show(found.findings)

    def _show_charts(self, found: AthleteView) -> None:
        headroom = headroom_of(found.tile, self._measure)
        limit_today = None if headroom is None else headroom.limit
        weeks = tuple(sorted(found.weeks, key=lambda week: week.monday))[-SHOWN_WEEKS:]
        self._sums.show(found.load)
        key = (weeks, found.days, found.today, limit_today, self._measure, found.changes)
        if key == self._drawn:
            return
        self._drawn = key
        sessions = self._sessions()
        self._model = _model_label(sessions)
        for measure, button in self._toggle.items():
            button.put(aria_pressed="true" if measure == self._measure else "false")
        self._draw_weeks(weeks, found)
        self._draw_days(found, limit_today)
        self._days.note(noticed(found.days, sessions))
        self._weeks.note([words.change_line(change) for change in found.changes[-SHOWN_NOTES:]])
        self._show_newest(sessions)
        self._links.show(run_links(found.days))

    def _show_newest(self, sessions: Sequence[SessionSummary]) -> None:
        """Show the newest run's load, or nothing where there never was one."""
        newest = next((s for s in sessions if s.header.ledger == "run"), None)
        self._facts.box.set_visibility(newest is not None)
        if newest is not None:
            day = words.day_name(newest.start_utc.astimezone(ZoneInfo(newest.header.zone)).date())
            title = run_labels.newest_run(day, running=not newest.ended)
            facts = [fact for fact in facts_of(newest) if fact.key not in ON_ITS_OWN_PAGE]
            self._facts.show(title, facts, newest.header.sid)

    def _draw_weeks(self, weeks: tuple[WeekBar, ...], found: AthleteView) -> None:
        options = charts.weekly_options(weeks, found.today, self._measure, found.changes)
        label = labels.weekly_label(len(weeks), self._measure)
        keys = chart_rows.weekly_keys(weeks, self._measure, found.changes)
        self._weeks.show(options, label, keys, chart_rows.weekly_rows(weeks))

    def _draw_days(self, found: AthleteView, limit_today: float | None) -> None:
        days = found.days
        options = charts.session_options(days, found.today, self._measure, headroom_of(found.tile, self._measure), found.changes)
        label = labels.sessions_label(len(days), self._measure)
        self._days.show(options, label, chart_rows.session_keys(days, self._measure), chart_rows.session_rows(days))


def _model_label(sessions: Sequence[SessionSummary]) -> str:
    if not sessions:
        return ""
    newest = sessions[0].header
    return labels.model_line(words.model_label(newest.model, newest.reference))
