"""What REST answers of diary and guidelines: the same numbers the pages show, with their sentences."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from sensor_hub.adapters.web import guide_words
from sensor_hub.adapters.web.answers import FindingAnswer
from sensor_hub.adapters.web.said_bodies import SaidBody, body_of_said, is_said
from sensor_hub.adapters.web.session_answers import Answer, Number
from sensor_hub.model.diary import ConsentCategory, CrossSport, PainSide, PlanKind, PolicyName, Warming
from sensor_hub.model.guidance import (
    Ask,
    Fact,
    Gate,
    Guidance,
    Left,
    Notice,
    PlannedDay,
    PlannedItem,
    PlanView,
    Verdict,
    WeekPlan,
    Weight,
)
from sensor_hub.model.load import Measure
from sensor_hub.model.ports import DiaryView, SaidOutcome
from sensor_hub.model.rule import RuleSettings

FactAnswer = Number | str | bool | date


def _facts(facts: Mapping[str, Fact]) -> dict[str, Any]:
    return {name: None if isinstance(value, float) and value != value else value for name, value in facts.items()}


class NoticeAnswer(BaseModel):
    """What a rule says."""

    rule: str = Field(description="Id of the rule.")
    key: str = Field(description="Which of its sentences.")
    rows: list[str] = Field(description="Rows of the source texts that speak.")
    weight: Weight = Field(description="Heaviest first: red-flag, refer, stop, plan, load, caution, info, unknown.")
    since: date = Field(description="Local day from which it holds.")
    sid: str | None = Field(description="Id of the run it is about.")
    facts: dict[str, FactAnswer] = Field(description="What it goes by.")
    sentence: str = Field(description="In words.")
    why: list[str] = Field(description="The reasons behind it, a line each.")

    @classmethod
    def of(cls, notice: Notice) -> Self:
        """Answer for a notice."""
        return cls(
            rule=notice.rule, key=notice.key, rows=list(notice.rows), weight=notice.weight, since=notice.since,
            sid=notice.sid, facts=_facts(notice.facts), sentence=guide_words.notice(notice),
            why=guide_words.notice_why(notice),
        )  # fmt: skip


class VerdictAnswer(BaseModel):
    """One answer to "what now"."""

    standing: Literal["red-flag", "refer", "stop", "plan", "load", "caution", "clear", "unknown"] = Field(
        description="What decides."
    )
    sentence: str = Field(description="In words.")
    running: Literal["none", "plan", "reduced", "usual", "unknown"] = Field(description="What running there may be.")
    cap_low: Number = Field(description="Of reduced running: at least this part of the usual distance.")
    cap_high: Number = Field(description="Of reduced running: at most this part of the usual distance.")
    hills: bool = Field(description="Whether hills are part of it.")
    speed: bool = Field(description="Whether fast running is part of it.")
    hold_headroom: str | None = Field(description="Why no headroom is shown, a key; null where it is.")
    silent: list[str] = Field(description="What keeps quiet: planner, exercise, under-load.")
    offers: list[CrossSport] = Field(description="Sports instead.")
    because: list[NoticeAnswer] = Field(description="The notices that decide, the most telling first.")

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Answer for a verdict."""
        return cls(
            standing=verdict.standing, sentence=guide_words.verdict(verdict), running=verdict.running,
            cap_low=verdict.cap_low, cap_high=verdict.cap_high, hills=verdict.hills, speed=verdict.speed,
            hold_headroom=verdict.hold_headroom, silent=sorted(verdict.silent), offers=list(verdict.offers),
            because=[NoticeAnswer.of(notice) for notice in verdict.because],
        )  # fmt: skip


class ResponseAnswer(Answer):
    """How the tendon answered a run: levels 0 to 10, null is unknown."""

    sid: str = Field(description="Id of the run.")
    day: date = Field(description="Its local day.")
    start_utc: datetime = Field(description="Its start.")
    end_utc: datetime = Field(description="Its end.")
    before: Number = Field(description="Before it.")
    during: Number = Field(description="Worst during it.")
    after: Number = Field(description="Worst after it.")
    evening: Number = Field(description="The evening of its day.")
    morning: Number = Field(description="The next morning.")
    day_after: Number = Field(description="24 h after its end, or later.")
    baseline: Number = Field(description="Median of the last seven mornings without a run the day before.")
    warming: Warming | None = Field(description="How pain during it went on.")
    tapering: bool | None = Field(description="Whether pain after it became less with time.")
    onset_min: Number = Field(description="Minutes after it that soreness set in.")
    settled: bool | None = Field(description="Back to the baseline within 24 h.")
    too_soon: bool = Field(description="True while the 24 h are not over.")
    highest: Number = Field(description="The highest level that is known about it.")
    gate: Gate = Field(description="What the 24-hour table says after it.")
    rows: list[str] = Field(description="Rows of the source texts that decide.")
    side: PainSide = Field(description="The worse leg, whose answers these are.")
    overloaded: bool = Field(description="Soreness set in within the hour after it, or was there in the evening.")


class AskAnswer(Answer):
    """A question that is due."""

    key: Literal["morning", "day-after", "daily", "rested"] = Field(description="What is asked.")
    day: date = Field(description="The day it is about.")
    due_utc: datetime = Field(description="Since when it is due.")
    sid: str | None = Field(description="Id of the run it is about.")
    question: str = Field(description="In words.")

    @classmethod
    def of(cls, ask: Ask) -> Self:
        """Answer for a question."""
        return cls(key=ask.key, day=ask.day, due_utc=ask.due_utc, sid=ask.sid, question=guide_words.question(ask))


class ItemAnswer(BaseModel):
    """Something to do."""

    key: str = Field(description="What.")
    rows: list[str] = Field(description="Rows of the source texts.")
    facts: dict[str, FactAnswer] = Field(description="How much of it.")
    sentence: str = Field(description="In words.")

    @classmethod
    def of(cls, item: PlannedItem) -> Self:
        """Answer for an item."""
        return cls(key=item.key, rows=list(item.rows), facts=_facts(item.facts), sentence=guide_words.item(item))


class PlanGateAnswer(BaseModel):
    """A condition of a stage's exit."""

    key: str = Field(description="Which.")
    state: Literal["met", "open", "unknown"] = Field(description="Unknown does not open.")
    rows: list[str] = Field(description="Rows of the source texts.")
    facts: dict[str, FactAnswer] = Field(description="What it goes by.")
    sentence: str = Field(description="In words.")


class StageChangeAnswer(Answer):
    """A plan went to another stage."""

    day: date = Field(description="On this day.")
    before: int = Field(description="From this stage.")
    after: int = Field(description="To this one.")
    because: str = Field(description="Why, a key.")
    sid: str | None = Field(description="Id of the run that did it.")


class PlanAnswer(BaseModel):
    """Where somebody stands in a plan."""

    plan: PlanKind = Field(description="Which plan.")
    started: date = Field(description="Day it began.")
    stage: int = Field(description="From 1.")
    n_stages: int = Field(description="How many there are.")
    week: int = Field(description="Since the plan began, from 1.")
    since: date = Field(description="When the stage began.")
    side: PainSide = Field(description="Which leg.")
    locked: str | None = Field(description="Why nothing of it may be done now, a key; null if it may.")
    run_low_s: Number = Field(description="A run is at least so long, s; null where running is not timed.")
    run_high_s: Number = Field(description="A run is at most so long, s; 0 where there is none.")
    hills: bool | None = Field(description="Whether hills are part of it.")
    speed: bool | None = Field(description="Whether fast running is part of it.")
    rest_days: int = Field(description="Least days between two runs.")
    next_max_m: Number = Field(description="Most of the next run where the last was too much, m.")
    next_max_s: Number = Field(description="The same, s.")
    items: list[ItemAnswer] = Field(description="What is to be done now.")
    gates: list[PlanGateAnswer] = Field(description="Conditions of this stage's exit.")
    changes: list[StageChangeAnswer] = Field(description="Oldest first.")
    adherence: Number = Field(description="Part of the exercise of the last 14 days that was done, 0 to 1.")
    complete: bool = Field(description="Whether all of it was done.")
    violations: list[NoticeAnswer] = Field(description="Sessions that were not in the plan.")

    @classmethod
    def of(cls, plan: PlanView) -> Self:
        """Answer for a plan."""
        gates = [
            PlanGateAnswer(key=g.key, state=g.state, rows=list(g.rows), facts=_facts(g.facts),
                           sentence=guide_words.gate(g))
            for g in plan.gates
        ]  # fmt: skip
        return cls(
            plan=plan.plan, started=plan.started, stage=plan.stage, n_stages=plan.n_stages, week=plan.week,
            since=plan.since, side=plan.side, locked=plan.locked, run_low_s=plan.run_low_s, run_high_s=plan.run_high_s,
            hills=plan.hills, speed=plan.speed, rest_days=plan.rest_days, next_max_m=plan.next_max_m,
            next_max_s=plan.next_max_s, items=[ItemAnswer.of(item) for item in plan.items], gates=gates,
            changes=[StageChangeAnswer.model_validate(change) for change in plan.changes], adherence=plan.adherence,
            complete=plan.complete, violations=[NoticeAnswer.of(notice) for notice in plan.violations],
        )  # fmt: skip


class GuidanceAnswer(BaseModel):
    """Everything the guidelines say of an athlete now."""

    athlete: str = Field(description="Pseudonym.")
    day: date = Field(description="The athlete's local day.")
    verdict: VerdictAnswer
    notices: list[NoticeAnswer] = Field(description="Heaviest first.")
    responses: list[ResponseAnswer] = Field(description="How runs were answered.")
    plans: list[PlanAnswer] = Field(description="Plans that go on.")
    asks: list[AskAnswer] = Field(description="Questions that are due.")
    safety: str = Field(description="A text that always stands.")

    @classmethod
    def of(cls, guidance: Guidance) -> Self:
        """Answer for what is said."""
        return cls(
            athlete=guidance.athlete, day=guidance.day, verdict=VerdictAnswer.of(guidance.verdict),
            notices=[NoticeAnswer.of(notice) for notice in guidance.notices],
            responses=[ResponseAnswer.model_validate(response) for response in guidance.responses],
            plans=[PlanAnswer.of(plan) for plan in guidance.plans], asks=[AskAnswer.of(ask) for ask in guidance.asks],
            safety=guide_words.safety(),
        )  # fmt: skip


class SettingAnswer(BaseModel):
    """A parameter that was given another value."""

    rule: str = Field(description="Id of the rule.")
    parameter: str = Field(description="Name of its parameter.")
    value: float = Field(description="Its value.")


class LineAnswer(BaseModel):
    """A line of the diary."""

    id: str = Field(description="Id of the entry.")
    made_utc: datetime = Field(description="When it was written.")
    by: str = Field(description="Where it was written: page, api, cli.")
    undone: bool = Field(description="Whether it was taken back.")
    said: SaidBody = Field(description="What was said.")
    sentence: str = Field(description="In words.")


class DiaryAnswer(BaseModel):
    """A diary as it stands."""

    lines: list[LineAnswer] = Field(description="Newest first, also those taken back.")
    consents: list[ConsentCategory] = Field(description="What the coach may see.")
    policy: PolicyName = Field(description="Which rules alert.")
    settings: list[SettingAnswer] = Field(description="Parameters of rules that were set.")
    off: list[str] = Field(description="Rules that were switched off.")

    @classmethod
    def of(
        cls,
        diary: DiaryView,
        settings: RuleSettings,
        consents: frozenset[ConsentCategory],
        zone: str,
        shoes: Mapping[str, str],
    ) -> Self:
        """Answer for a diary. shoes : names of pairs by id."""
        return cls(
            lines=lines_of(diary, zone, shoes), consents=sorted(consents), policy=settings.policy,
            settings=[SettingAnswer(rule=rule, parameter=name, value=value)
                      for (rule, name), value in sorted(settings.values.items())],
            off=sorted(settings.off),
        )  # fmt: skip


def lines_of(diary: DiaryView, zone: str, shoes: Mapping[str, str]) -> list[LineAnswer]:
    """Answer for lines; what takes one back is told with the line itself. shoes : names of pairs by id."""
    return [
        LineAnswer(
            id=entry.id, made_utc=entry.made_utc, by=entry.by, undone=entry.id in diary.undone,
            said=body_of_said(entry.edit), sentence=guide_words.said(entry.edit, zone, shoes),  # type: ignore[arg-type]
        )
        for entry in diary.entries
        if is_said(entry.edit)
    ]  # fmt: skip


class SaidAnswer(BaseModel):
    """What a line of the diary did."""

    entries: list[str] = Field(description="Ids of the entries.")
    guidance: GuidanceAnswer
    findings: list[FindingAnswer] = Field(description="Findings that changed with it.")

    @classmethod
    def of(cls, outcome: SaidOutcome) -> Self:
        """Answer for an outcome."""
        return cls(
            entries=[entry.id for entry in outcome.entries], guidance=GuidanceAnswer.of(outcome.guidance),
            findings=[FindingAnswer.of(finding) for finding in outcome.findings],
        )  # fmt: skip


class LeftAnswer(Answer):
    """What is left of a limit; null is unknown, and ``reason`` says why."""

    rule: str = Field(description="Id of the rule.")
    measure: Measure = Field(description="In its own unit: m, eq-km, BW·s.")
    limit: Number = Field(description="The limit.")
    so_far: Number = Field(description="Run so far.")
    left: Number = Field(description="What is left.")
    reason: str | None = Field(description="Why it is unknown.")
    sentence: str = Field(description="In words.")

    @classmethod
    def of(cls, left: Left, *, today: bool) -> Self:
        """Answer for a limit of today or of this week."""
        return cls(
            rule=left.rule, measure=left.measure, limit=left.limit, so_far=left.so_far, left=left.left,
            reason=left.reason, sentence=guide_words.left(left, today=today),
        )  # fmt: skip


class PlannedDayAnswer(BaseModel):
    """A day of the planner; amounts are the most, null is unknown, 0 is rest."""

    day: date = Field(description="Local day.")
    kind: Literal["rest", "easy", "long", "hills", "fast", "plan"] = Field(description="What kind of day.")
    distance_m: Number = Field(description="At most, m.")
    load_eq_km: Number = Field(description="At most, eq-km.")
    duration_s: Number = Field(description="At most, s.")
    binds: list[str] = Field(description="Rules that keep it from being more.")
    items: list[ItemAnswer] = Field(description="What of a plan is due.")
    sentence: str = Field(description="In words.")

    @classmethod
    def of(cls, day: PlannedDay) -> Self:
        """Answer for a day."""
        return cls(
            day=day.day, kind=day.kind, distance_m=day.distance_m, load_eq_km=day.load_eq_km,
            duration_s=day.duration_s, binds=list(day.binds), items=[ItemAnswer.of(item) for item in day.items],
            sentence=guide_words.planned(day),
        )  # fmt: skip


class BindAnswer(BaseModel):
    """The rule that binds the week in a measure."""

    measure: Measure = Field(description="Measure.")
    rule: str = Field(description="Id of the rule.")


class WeekPlanAnswer(BaseModel):
    """What today and this week leave, and a next week that keeps every rule."""

    today: list[LeftAnswer] = Field(description="Limits of today.")
    week: list[LeftAnswer] = Field(description="Limits of this week.")
    days: list[PlannedDayAnswer] = Field(description="The next days.")
    binds: list[BindAnswer] = Field(description="What binds the week.")
    held: str | None = Field(description="Why there is no plan, a key; null where there is.")

    @classmethod
    def of(cls, week: WeekPlan) -> Self:
        """Answer for a week."""
        return cls(
            today=[LeftAnswer.of(left, today=True) for left in week.today],
            week=[LeftAnswer.of(left, today=False) for left in week.week],
            days=[PlannedDayAnswer.of(day) for day in week.days],
            binds=[BindAnswer(measure=measure, rule=rule) for measure, rule in week.binds], held=week.held,
        )  # fmt: skip


class UndoLineRequest(BaseModel):
    """What to take back; a word that is misspelt takes nothing back."""

    model_config = ConfigDict(extra="forbid")

    entry: str | None = Field(default=None, min_length=1, description="Id of an entry; null: what was said last.")
