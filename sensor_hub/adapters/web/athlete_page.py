"""An athlete's page: now and today, what the rules say, the latest run, weeks and runs; beside it plan, shoes, sensors.

The live part follows the tile, four times a second. Everything else is read in a thread when the hub says that
something changed, and drawn again only where it did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from nicegui import run, ui

from sensor_hub import words
from sensor_hub.adapters.web import athlete_labels, labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.chart_health import NOTHING, Health, plan_of
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.finding_cards import Findings, Found
from sensor_hub.adapters.web.finding_marker import Marker
from sensor_hub.adapters.web.frame import POLL_S, Frame
from sensor_hub.adapters.web.guide_panel import GuidePanel
from sensor_hub.adapters.web.latest_run import LatestRun
from sensor_hub.adapters.web.load_cards import SumsCard
from sensor_hub.adapters.web.load_charts import LoadCharts
from sensor_hub.adapters.web.pain_chart import pains_of
from sensor_hub.adapters.web.summary_cards import PlanSummary, SensorsSummary, ShoesSummary
from sensor_hub.adapters.web.verdict_tile import VerdictTile
from sensor_hub.adapters.web.withdrawn import withdrawn_because
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.guidance import Guidance
from sensor_hub.model.history import HistoryView
from sensor_hub.model.ports import AthleteView, DiaryView, HubView
from sensor_hub.model.sensor_view import SensorView
from sensor_hub.model.session import SessionSummary

SLOW_POLL_S: Final = 1.0
RUNNING_POLL: Final = 2  # of these looks: while somebody runs something changes at each of them
REST_POLL: Final = 10  # of these looks: sensors, and what a diary says


@dataclass(frozen=True, slots=True)
class Allowed:
    """What whoever looks may do here.

    guidance : see what is said of the diary. pain : see the diary's levels. diary : write into it. mark : mark
    findings. shoes, sensors : see them.
    """

    guidance: bool = True
    pain: bool = True
    diary: bool = True
    mark: bool = True
    shoes: bool = True
    sensors: bool = True


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read beside the live numbers; None where it was not asked for."""

    found: AthleteView | None
    sessions: Sequence[SessionSummary] | None = None
    history: HistoryView | None = None
    shoes: Sequence[Shoe] | None = None
    sensors: Sequence[SensorView] | None = None
    diary: DiaryView | None = None


class AthletePage:
    """One athlete."""

    def __init__(
        self, view: HubView, first: AthleteView, writing: WriteSide | None = None, allowed: Allowed | None = None
    ) -> None:
        self._view, self._writing = view, WriteSide() if writing is None else writing
        self._allowed = Allowed() if allowed is None else allowed
        self._athlete = first.tile.athlete
        self._found = first
        self._tile = first.tile
        self._sessions: Sequence[SessionSummary] = ()
        self._history: HistoryView | None = None
        self._health, self._model = NOTHING, ""
        self._version, self._n_looks, self._is_reading, self._is_due = 0, 0, False, False
        self._is_touched = False  # since the history was read
        self._frame = Frame(self._athlete.display_name, back=True)
        if writing is not None and (writing.keeping is not None or writing.guide is not None):
            with self._frame.header:
                athlete_nav(self._athlete.id, self._athlete.display_name, "", writing)
        with self._frame.body:
            self._build(first)
        self._show(self._read(of=first, with_rest=True))
        self._look()  # trouble stands on the page from the start
        ui.timer(POLL_S, self._look)
        ui.timer(SLOW_POLL_S, self._look_slowly)
        ui.on("hub-scheme", self._charts.redraw)

    # --- what stands where -------------------------------------------------------------------------------------------

    def _build(self, first: AthleteView) -> None:
        with Tag("div", classes="athlete"):
            verdict = Tag("div", classes="athlete-verdict")
            with Tag("div", classes="athlete-columns"):
                with Tag("div", classes="athlete-main"):
                    self._verdict = VerdictTile(first.tile)
                    self._findings = Findings(self._marker)
                    self._latest = LatestRun(self._view, self._athlete.display_name)
                    self._charts = LoadCharts(with_health=self._sees_pain)
                with Tag("aside", classes="athlete-beside", aria_label=athlete_labels.beside()):
                    self._build_beside(verdict)

    def _build_beside(self, verdict: Tag) -> None:
        who, writing, allowed = self._athlete, self._writing, self._allowed
        self._panel: GuidePanel | None = None
        if writing.guide is not None and allowed.guidance:
            asks = Tag("div", classes="athlete-asks")
            with verdict:
                self._panel = GuidePanel(
                    self._frame, writing, writing.guide, who,
                    on_told=self._told, may_write=allowed.diary, asks_in=asks,
                )  # fmt: skip
            with Tag("details", classes="athlete-fold", data_testid="notices-fold"):
                Tag("summary", athlete_labels.fold_notices())
                self._panel.add_notices()
        self._plan = PlanSummary(who.id) if self._panel is not None else None
        has_shoes = allowed.shoes and writing.data is not None and writing.keeping is not None
        self._shoes = ShoesSummary(who.id) if has_shoes else None
        has_sensors = allowed.sensors and writing.sensors is not None
        self._sensors = SensorsSummary(who.id, who.zone, link=True) if has_sensors else None
        with Tag("details", classes="athlete-fold", data_testid="sums-fold"):
            Tag("summary", athlete_labels.fold_sums())
            self._sums = SumsCard()
        if self._panel is not None:
            self._told(self._panel.guidance, self._panel.diary)

    @property
    def _sees_pain(self) -> bool:
        return self._allowed.pain and self._writing.guide is not None

    def _marker(self, findings: Findings) -> Marker | None:
        if self._writing.marks is None or not self._allowed.mark:
            return None

        async def changed() -> None:
            await self._read_anew(with_rest=False)
            findings.focus()

        marks, say = self._writing.marks, self._frame.announce
        return Marker(marks, self._writing, self._athlete, changed, say, findings.complain)

    # --- live --------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            tile, trouble = self._view.tile(self._athlete.id, own=True), self._view.trouble()
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        self._frame.trouble(labels.athlete_gone() if tile is None else trouble)
        if tile is None:
            return
        if tile.findings != self._tile.findings:
            self._is_due = True
        self._tile = tile
        self._frame.title.set_text(tile.athlete.display_name)
        self._verdict.show(tile, self._model)

    # --- the rest ----------------------------------------------------------------------------------------------------

    async def _look_slowly(self) -> None:
        self._n_looks += 1
        with_rest = self._n_looks % REST_POLL == 0
        if with_rest or self._is_due or await run.io_bound(self._is_news):  # who asks may have to look at everybody
            await self._read_anew(with_rest=with_rest)
        else:
            self._show_findings()  # a snooze ends by time alone

    def _is_news(self) -> bool:
        try:
            version, names = self._view.news(self._version)
        except SensorHubError:  # the live part says it
            return False
        concerns = names is None or self._athlete.id in names
        self._is_touched |= concerns
        if concerns and self._tile.state != "idle" and self._n_looks % RUNNING_POLL:
            return False
        self._version = version
        return concerns

    async def _read_anew(self, *, with_rest: bool) -> None:
        if self._is_reading:
            self._is_due = True
            return
        self._is_reading, self._is_due = True, False
        try:
            read = await run.io_bound(self._read, with_rest=with_rest)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        finally:
            self._is_reading = False
        if read is not None:  # else the server is going down
            self._show(read)

    def _read(self, *, with_rest: bool, of: AthleteView | None = None) -> _Read:
        """Read what changed; in a thread."""
        who, writing = self._athlete.id, self._writing
        found = of or self._view.athlete(who)
        if found is None:
            return _Read(None)
        is_new = of is not None or found.days != self._found.days
        is_withdrawn = bool(found.withdrawn) and (of is not None or found.withdrawn != self._found.withdrawn)
        # which pair was worn changes no run, and while one goes on something is touched all the time
        is_said = with_rest and self._is_touched and self._shoes is not None and self._tile.tier is None
        history = None
        if writing.keeping is not None and (is_new or is_withdrawn or is_said):
            self._is_touched, history = False, writing.keeping.history(who)
        return _Read(
            found,
            sessions=self._view.sessions(who) if is_new else None,
            history=history,
            shoes=writing.data.shoes(who) if self._shoes is not None and writing.data is not None else None,
            sensors=self._read_sensors() if with_rest else None,
            diary=self._read_diary() if with_rest else None,
        )

    def _read_sensors(self) -> Sequence[SensorView] | None:
        sensors = self._writing.sensors
        return None if self._sensors is None or sensors is None else sensors.all(self._athlete.id)

    def _read_diary(self) -> DiaryView | None:
        """Levels, for who may see them and not what the guidelines say of them; else the panel reads the diary."""
        guide = self._writing.guide
        return guide.diary(self._athlete.id) if guide is not None and self._sees_pain and self._panel is None else None

    def _show(self, read: _Read) -> None:
        if read.found is None:
            self._frame.trouble(labels.athlete_gone())
            return
        self._found = read.found
        self._sessions = self._sessions if read.sessions is None else read.sessions
        self._history = self._history if read.history is None else read.history
        self._model = _model_label(self._sessions)
        if read.diary is not None:
            self._health = Health(tuple(pains_of(read.diary)), None, self._athlete.zone)
        self._verdict.show(self._tile, self._model)
        self._show_findings()
        self._latest.show(self._sessions)
        self._charts.show(self._found, self._sessions, self._health)
        self._sums.show(self._found.load)
        if self._shoes is not None and read.shoes is not None and self._history is not None:
            self._shoes.show(read.shoes, self._history)
        if self._sensors is not None and read.sensors is not None:
            self._sensors.show(read.sensors, datetime.now(UTC))

    def _show_findings(self) -> None:
        found, zone = self._found, self._athlete.zone
        journal = () if self._history is None else self._history.journal
        because = {f.id: withdrawn_because(f, journal, zone) for f in found.withdrawn}
        shown = Found(found.findings, found.withdrawn, found.marks, because, zone)
        self._findings.show(shown, self._writing.now_utc())

    def _told(self, guidance: Guidance, diary: DiaryView) -> None:
        """Show what a diary says in the charts and the plan's card."""
        self._health = Health(tuple(pains_of(diary)), plan_of(guidance.plans), self._athlete.zone)
        if self._plan is not None:
            self._plan.show(guidance.plans)
        self._charts.show(self._found, self._sessions, self._health)


def _model_label(sessions: Sequence[SessionSummary]) -> str:
    if not sessions:
        return ""
    newest = sessions[0].header
    return labels.model_line(words.model_label(newest.model, newest.reference))
