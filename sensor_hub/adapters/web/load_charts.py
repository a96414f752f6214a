"""Weeks and the runs of the last 30 days as charts, with one switch for both; drawn again only when it changed."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sensor_hub import words
from sensor_hub.adapters.web import chart_labels, chart_rows, charts, labels, run_labels
from sensor_hub.adapters.web.bars import headroom_of
from sensor_hub.adapters.web.chart_card import Chart
from sensor_hub.adapters.web.chart_health import NOTHING, Health
from sensor_hub.adapters.web.chart_values import MEASURES, WINDOW_DAYS, is_lower_bound
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.load_cards import RunLinks
from sensor_hub.model.load import Measure
from sensor_hub.model.ports import AthleteView, DaySession
from sensor_hub.model.session import SessionSummary

SHOWN_WEEKS: Final = 12
SHOWN_NOTES: Final = 5


class LoadCharts:
    """Both charts. with_health : whether pain and plans are for who looks, so that the tables have columns of them."""

    def __init__(self, *, with_health: bool) -> None:
        self._measure: Measure = "load_eq_km"
        self._with_health = with_health
        self._drawn: object = None
        self._last: tuple[AthleteView, Sequence[SessionSummary], Health] | None = None
        with Tag("section", classes="load-charts", aria_label=chart_labels.charts_title()):
            self._toggle = self._measure_toggle()
            self._weeks = Chart(
                "weekly", labels.weekly_title(), chart_labels.weekly_note(self._measure),
                [("bar", labels.week_key()), *chart_labels.chart_keys(labels.week_line(),
                                                                        chart_labels.tolerance_line())],
                chart_labels.weekly_header(with_pain=with_health),
            )  # fmt: skip
            self._days = Chart(
                "sessions", labels.sessions_title(), chart_labels.sessions_note(self._measure),
                [("bar", labels.run_key()), ("front", labels.second_run_key()),
                 *chart_labels.chart_keys(labels.session_line(), chart_labels.longest_line())],
                chart_labels.sessions_header(with_pain=with_health),
            )  # fmt: skip
            self._links = RunLinks()

    def _measure_toggle(self) -> dict[Measure, Tag]:
        buttons: dict[Measure, Tag] = {}
        with Tag("div", classes="toggle", role="group", aria_label=labels.toggle_label()):
            for measure in MEASURES:
                with Tag("button", type="button", data_testid=f"by-{measure}") as button:
                    Tag("span", words.short_measure(measure))
                    Tag("span", words.unit(measure), "toggle-unit")
                buttons[measure] = button
                buttons[measure].on("click", lambda _, m=measure: self._choose(m))
        return buttons

    def _choose(self, measure: Measure) -> None:
        self._measure = measure
        self.redraw()

    def redraw(self) -> None:
        """Draw anew what is known, in the colours of now."""
        self._drawn = None
        if self._last is not None:
            self.show(*self._last)

    def show(self, found: AthleteView, sessions: Sequence[SessionSummary], health: Health = NOTHING) -> None:
        """Show an athlete's weeks and days. sessions : for what was noticed in them."""
        self._last = found, sessions, health
        headroom = headroom_of(found.tile, self._measure)
        lines = None if headroom is None else (headroom.limit, headroom.reference)
        key = (found.weeks, found.days, found.today, lines, self._measure, found.changes, health)
        if key == self._drawn:
            return
        self._drawn = key
        for measure, button in self._toggle.items():
            button.put(aria_pressed="true" if measure == self._measure else "false")
        self._draw_weeks(found, health)
        self._draw_days(found, health)
        self._days.note(noticed(found.days, sessions))
        self._weeks.note([words.change_line(change) for change in found.changes[-SHOWN_NOTES:]])
        self._links.show(run_links(found.days))

    def _draw_weeks(self, found: AthleteView, health: Health) -> None:
        weeks = tuple(sorted(found.weeks, key=lambda week: week.monday))[-SHOWN_WEEKS:]
        options = charts.weekly_options(weeks, found.today, self._measure, found.changes, health)
        label = labels.weekly_label(len(weeks), self._measure)
        keys = chart_rows.weekly_keys(weeks, self._measure, found.changes, health)
        self._weeks.describe(chart_labels.weekly_note(self._measure))
        rows = chart_rows.weekly_rows(weeks, health if self._with_health else None)
        self._weeks.show(options, label, keys, rows)

    def _draw_days(self, found: AthleteView, health: Health) -> None:
        days = found.days
        headroom = headroom_of(found.tile, self._measure)
        options = charts.session_options(days, found.today, self._measure, headroom, found.changes, health)
        label = labels.sessions_label(len(days), self._measure)
        calendar = [found.today - timedelta(days=back) for back in range(WINDOW_DAYS)]
        keys = chart_rows.session_keys(days, self._measure, calendar, health)
        self._days.describe(chart_labels.sessions_note(self._measure))
        self._days.show(options, label, keys, chart_rows.session_rows(days, health if self._with_health else None))


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
