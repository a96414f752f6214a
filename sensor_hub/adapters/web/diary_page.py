"""The diary: what to answer now, forms for what no sensor tells, pain over load, and every line with its undo."""

from collections.abc import Callable
from typing import Final

from nicegui import ui

from sensor_hub.adapters.web import account_labels, guide_labels, guide_words, keeping_labels
from sensor_hub.adapters.web import diary_labels as labels
from sensor_hub.adapters.web import pain_chart as charts
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.chart_card import Chart
from sensor_hub.adapters.web.diary_forms import DiaryForms, Offered
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.forms import Choices
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.guide_panel import GUIDE_POLL_S, GuidePanel
from sensor_hub.adapters.web.said_bodies import is_said
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.adapters.web.writing import WriteSide, shoe_names
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import Entry
from sensor_hub.model.guidance import Guidance
from sensor_hub.model.ports import DiaryView, Guide, HubView, WeekBar
from sensor_hub.words.days import moment_text
from sensor_hub.words.sessions import session_amount, session_moment

SHOWN: Final = 50
RUNS_OFFERED: Final = 8


class DiaryPage:
    """One athlete's.

    may_write : whether it is the diary of who looks at it. sees_guidance : whether what is said of it is theirs to see.
    """

    def __init__(
        self,
        view: HubView,
        writing: WriteSide,
        guide: Guide,
        athlete: Athlete,
        *,
        may_write: bool,
        sees_guidance: bool,
    ) -> None:
        self._view, self._guide, self._athlete = view, guide, athlete
        self._drawn: object = None
        self._panel: GuidePanel | None = None
        self._frame = frame = Frame(keeping_labels.page_of(guide_labels.diary(), athlete.display_name), back=True)
        with frame.header:
            athlete_nav(athlete.id, athlete.display_name, "diary", writing)
        with frame.body:
            if not may_write:
                Tag("p", account_labels.only_looking(), "refusal muted", data_testid="refusal")
            if sees_guidance:
                self._panel = GuidePanel(frame, writing, guide, athlete, on_told=self._told, may_write=may_write)
            speaker = None
            if self._panel is not None and may_write:
                speaker = self._panel.speaker
                offered = Offered(writing.now_utc, self._panel.side, self._runs(), lambda: guide.consents(athlete.id))
                DiaryForms(speaker, offered)
            self._chart = Chart(
                "pain-chart", labels.pain_chart_title(), labels.pain_chart_note(), labels.pain_chart_keys(),
                labels.pain_chart_header(),
            )  # fmt: skip
            self._lines = DiaryLines(speaker, lambda: shoe_names(writing, athlete.id), athlete.zone)
        if self._panel is None:
            self._show(guide.diary(athlete.id))
            ui.timer(GUIDE_POLL_S, self._refresh)
        else:
            self._panel.show()
        ui.on("hub-scheme", self._redraw)

    def _runs(self) -> Choices:
        sessions = [s for s in self._view.sessions(self._athlete.id) if s.header.ledger == "run"][:RUNS_OFFERED]
        return [(s.header.sid, f"{session_moment(s, self._athlete.zone)}, {session_amount(s)}") for s in sessions]

    def _weeks(self) -> tuple[WeekBar, ...]:
        try:
            found = self._view.athlete(self._athlete.id)
        except SensorHubError:  # the panel's own reading says it already
            return ()
        return () if found is None else found.weeks

    def _redraw(self) -> None:
        self._drawn = None
        if self._panel is None:
            self._refresh()
        else:
            self._panel.show()

    def _refresh(self) -> None:
        try:
            self._show(self._guide.diary(self._athlete.id))
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(None)

    def _told(self, _guidance: Guidance, diary: DiaryView) -> None:
        self._show(diary)

    def _show(self, diary: DiaryView) -> None:
        self._lines.show(diary)
        weeks, zone = self._weeks(), self._athlete.zone
        pains = charts.shown_pains(charts.pains_of(diary), weeks, zone)
        if (pains, weeks) == self._drawn:
            return
        self._drawn = (pains, weeks)
        self._chart.show(
            charts.pain_options(pains, weeks, zone), labels.pain_chart_label(len(pains)),
            charts.pain_keys(pains, weeks, zone), charts.pain_rows(pains, zone),
        )  # fmt: skip


class DiaryLines:
    """Every line, newest first, each with undo. speaker : None where nothing is taken back."""

    def __init__(self, speaker: Speaker | None, shoes: Callable[[], dict[str, str]], zone: str) -> None:
        self._speaker, self._shoes, self._zone = speaker, shoes, zone
        self._shown: DiaryView | None = None
        with Tag("section", classes="card", aria_labelledby="lines-title", data_testid="lines"):
            Tag("h2", labels.entries_title(), id="lines-title")
            self._list = Tag("ul", classes="journal")

    def show(self, diary: DiaryView) -> None:
        """Show the newest lines."""
        if diary == self._shown:
            return
        self._shown = diary
        lines = [entry for entry in diary.entries if is_said(entry.edit)]
        self._list.clear()
        shoes = self._shoes()
        with self._list:
            if not lines:
                Tag("li", labels.no_entries(), "muted")
            for entry in lines[:SHOWN]:
                self._line(entry, shoes, is_undone=entry.id in diary.undone)
            if len(lines) > SHOWN:
                Tag("li", labels.older(len(lines) - SHOWN), "muted")

    def _line(self, entry: Entry, shoes: dict[str, str], *, is_undone: bool) -> None:
        speaker, zone = self._speaker, self._zone
        with Tag("li", classes="entry undone" if is_undone else "entry", data_testid=f"line-{entry.id}"):
            with Tag("div"):
                Tag("p", unbroken(guide_words.said(entry.edit, zone, shoes)), "entry-text")  # type: ignore[arg-type]
                when = moment_text(entry.made_utc.replace(second=0), zone)
                Tag("p", labels.made(when, keeping_labels.made_by(entry.by)), "muted")
            if speaker is None:
                return
            text = keeping_labels.redo() if is_undone else keeping_labels.undo()
            button = Tag("button", text, "button small", type="button", data_testid="undo-line")
            button.on("click", lambda: speaker.take_back(entry.id, again=is_undone))
