"""Plans: where somebody stands in each, what is to be done, beginning and ending one; and the next seven days."""

from datetime import date
from typing import Final, get_args

from nicegui import background_tasks, run, ui

from sensor_hub.adapters.web import account_labels, diary_labels, guide_labels, keeping_labels
from sensor_hub.adapters.web import plan_labels as labels
from sensor_hub.adapters.web.athlete_nav import athlete_nav
from sensor_hub.adapters.web.elements import Tag
from sensor_hub.adapters.web.forms import Fields, Form, FormError, choice_field, read_distance_m, text_field
from sensor_hub.adapters.web.frame import Frame
from sensor_hub.adapters.web.guide_panel import GUIDE_POLL_S, GuidePanel
from sensor_hub.adapters.web.plan_cards import PlanCard
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.adapters.web.week_card import WeekCard
from sensor_hub.adapters.web.writing import WriteSide
from sensor_hub.errors import SensorHubError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import PainSide, PlanKind, StartPlan
from sensor_hub.model.guidance import Guidance, PlanView, Verdict, WeekPlan
from sensor_hub.model.ports import DiaryView, Guide
from sensor_hub.words.plans import plan_name

WEEK_POLL_S: Final = 6 * GUIDE_POLL_S


class PlanPage:
    """One athlete's. may_write : whether it is the diary of who looks at it."""

    def __init__(self, writing: WriteSide, guide: Guide, athlete: Athlete, *, may_write: bool) -> None:
        self._writing, self._guide, self._athlete, self._may_write = writing, guide, athlete, may_write
        self._shown: tuple[PlanView, ...] | None = None
        self._decided: tuple[Verdict, tuple[PlanView, ...]] | None = None
        self._frame = Frame(keeping_labels.page_of(guide_labels.plan(), athlete.display_name), back=True)
        with self._frame.header:
            athlete_nav(athlete.id, athlete.display_name, "plan", writing)
        with self._frame.body:
            if not may_write:
                Tag("p", account_labels.only_looking(), "refusal muted", data_testid="refusal")
            self._panel = GuidePanel(self._frame, writing, guide, athlete, on_told=self._show, may_write=may_write)
            self._plans = Tag("div", classes="body", data_testid="plans")
            if may_write:
                StartForm(self._panel.speaker, writing, self._panel.side)
            self._week = WeekCard()
        self._week.show(guide.week_plan(athlete.id))
        self._panel.show()
        ui.timer(WEEK_POLL_S, self._refresh_week)

    def _show(self, guidance: Guidance, _diary: DiaryView) -> None:
        decided = guidance.verdict, guidance.plans
        if self._decided is not None and self._decided != decided:  # what is planned goes with both
            background_tasks.create(self._refresh_week())
        self._decided = decided
        if guidance.plans == self._shown:
            return
        self._shown = guidance.plans
        self._plans.clear()
        with self._plans:
            for plan in guidance.plans:
                PlanCard(self._panel.speaker, self._writing.now_utc, plan, may_write=self._may_write)

    async def _refresh_week(self) -> None:
        try:
            week: WeekPlan | None = await run.io_bound(self._guide.week_plan, self._athlete.id)
        except SensorHubError as problem:
            self._frame.trouble(str(problem))
            return
        if week is not None:
            self._week.show(week)


class StartForm:
    """Begins a plan today; why one cannot begin, the hub says."""

    def __init__(self, speaker: Speaker, writing: WriteSide, side: PainSide) -> None:
        self._speaker, self._now_utc = speaker, writing.now_utc
        with Tag("details", classes="card", data_testid="start-plan"):
            Tag("summary", labels.start_title())
            Tag("p", labels.start_note(), "muted")
            with Form("start-plan-form", self._start) as form:
                plans = [(plan, plan_name(plan)) for plan in get_args(PlanKind)]
                choice_field(labels.which_plan(), "plan", plans)
                sides = [(one, guide_labels.side_word(one)) for one in guide_labels.SIDES]
                choice_field(diary_labels.field("side"), "side", sides, side)
                text_field(labels.usual_km(), "km", inputmode="decimal")
            form.send_button(labels.begin())

    async def _start(self, fields: Fields) -> bool:
        plan = next((one for one in get_args(PlanKind) if one == fields.get("plan")), None)
        if plan is None:
            raise FormError(diary_labels.say_which())
        side: PainSide = next((one for one in guide_labels.SIDES if one == fields.get("side")), "both")
        today: date = self._now_utc().astimezone(self._speaker.zone).date()
        return await self._speaker.say(StartPlan(plan, today, side, read_distance_m(fields.get("km", ""))))
