"""A plan as a card: its stage, what is to be done, the conditions of the next stage, and how it went."""

from collections.abc import Callable
from datetime import datetime

from sensor_hub import words
from sensor_hub.adapters.web import guide_labels, guide_words
from sensor_hub.adapters.web import plan_labels as labels
from sensor_hub.adapters.web.elements import Tag, unbroken
from sensor_hub.adapters.web.guidance_cards import notice_card, parted
from sensor_hub.adapters.web.plan_items import done_of
from sensor_hub.adapters.web.speaker import Speaker
from sensor_hub.model.diary import Said, StepPlanBack, StopPlan
from sensor_hub.model.guidance import PlanGate, PlannedItem, PlanView
from sensor_hub.units import S_PER_MIN
from sensor_hub.words.days import dated
from sensor_hub.words.plans import adherence_text, plan_name, stage_name


class PlanCard:
    """One plan."""

    def __init__(
        self, speaker: Speaker, now_utc: Callable[[], datetime], plan: PlanView, *, may_write: bool = True
    ) -> None:
        self._speaker, self._now_utc, self._plan, self._may_write = speaker, now_utc, plan, may_write
        state = "locked" if plan.locked else "going"
        with Tag("section", classes=f"card plan plan-{state}", data_testid=f"plan-{plan.plan}"):
            Tag("h2", plan_name(plan.plan))
            Tag("p", labels.stage(plan.stage, plan.n_stages, plan.week, dated(plan.since)), "kept-numbers")
            Tag("p", stage_name(plan.plan, plan.stage))
            if plan.locked:
                with Tag("p", classes="lock guide guide-stop", data_testid="locked"):
                    Tag("span", classes="shape", aria_hidden="true")
                    Tag("span", labels.locked(), "weight-word")
                    Tag("span", guide_words.lock(plan))
            if plan.complete:
                Tag("p", labels.complete())
            for line in run_lines(plan):
                Tag("p", unbroken(line))
            self._to_do()
            self._gates()
            self._past()
            if self._may_write:
                self._buttons()

    def _to_do(self) -> None:
        Tag("h3", labels.next_title())
        if not self._plan.items:
            Tag("p", labels.nothing_to_do(), "muted")
        with Tag("ul", classes="journal", data_testid="items"):
            for item in self._plan.items:
                self._item(item)
        if self._plan.adherence is not None:
            Tag("p", unbroken(adherence_text(self._plan)), "muted")

    def _item(self, item: PlannedItem) -> None:
        with Tag("li", classes="entry"):
            Tag("p", unbroken(guide_words.item(item)), "entry-text")
            said = (
                None
                if self._plan.locked or not self._may_write
                else done_of(item, self._plan.side, self._now_utc(), self._speaker.athlete.zone)
            )
            if said is not None:
                button = Tag("button", labels.done(), "button small", type="button", data_testid=f"done-{item.key}",
                             aria_label=f"{labels.done()}: {guide_words.item(item)}")  # fmt: skip
                button.on("click", lambda: self._log(item))

    def _done(self, item: PlannedItem) -> Said | None:
        return done_of(item, self._plan.side, self._now_utc(), self._speaker.athlete.zone)

    async def _log(self, item: PlannedItem) -> None:
        said = self._done(item)
        if said is not None:
            await self._speaker.say(said)

    def _gates(self) -> None:
        if not self._plan.gates:
            return
        Tag("h3", labels.gates_title())
        with Tag("ul", classes="gates", data_testid="gates"):
            for gate in self._plan.gates:
                self._gate(gate)

    def _gate(self, gate: PlanGate) -> None:
        with Tag("li", classes=f"gate gate-{gate.state}", data_testid=f"gate-{gate.key}"):
            Tag("span", classes="shape", aria_hidden="true")
            Tag("span", unbroken(guide_words.gate(gate)))

    def _past(self) -> None:
        plan = self._plan
        if plan.changes:
            with Tag("details"):
                Tag("summary", labels.setbacks_title())
                with Tag("ul", classes="journal"):
                    for change in reversed(plan.changes):
                        Tag("li", guide_words.stage_change(change), "entry")
        if plan.violations:
            Tag("h3", labels.not_in_plan_title())
            first, rest = parted(plan.violations)
            with Tag("div", classes="findings"):
                for notice in first:
                    notice_card(notice)
            if rest:
                with Tag("details"):
                    Tag("summary", guide_labels.more_notices(len(rest)))
                    with Tag("div", classes="findings"):
                        for notice in rest:
                            notice_card(notice)

    def _buttons(self) -> None:
        plan, speaker = self._plan.plan, self._speaker

        def day() -> datetime:
            return self._now_utc().astimezone(speaker.zone)

        with Tag("div", classes="row"):
            if self._plan.stage > 1:
                back = Tag("button", labels.step_back(), "button", type="button", data_testid="step-back")
                back.on("click", lambda: speaker.say(StepPlanBack(plan, day().date())))
            stop = Tag("button", labels.stop(), "button", type="button", data_testid="stop-plan")
            stop.on("click", lambda: speaker.say(StopPlan(plan, day().date())))


def run_lines(plan: PlanView) -> list[str]:
    """How long a run of the stage may be, how far apart, and whether the next one is smaller."""
    lines = []
    if plan.run_high_s == 0:
        lines.append(labels.no_running())
    elif plan.run_high_s is not None:
        low = plan.run_high_s if plan.run_low_s is None else plan.run_low_s
        lines.append(labels.run_between(round(low / S_PER_MIN), round(plan.run_high_s / S_PER_MIN)))
    if plan.rest_days and plan.run_high_s != 0:
        lines.append(labels.rest_days(plan.rest_days))
    if plan.next_max_m is not None:
        lines.append(labels.next_at_most(words.quantity(plan.next_max_m, "distance_m")))
    elif plan.next_max_s is not None:
        lines.append(labels.next_at_most(labels.minutes(round(plan.next_max_s / S_PER_MIN))))
    return lines
