"""A guide that is only a script: it notes what was said to it, and answers with what it was told to answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sensor_hub.errors import EditError, RegistryError
from sensor_hub.model.diary import EMERGENCIES, Consent, ConsentCategory, Said, SayPain, SaySymptoms
from sensor_hub.model.edit import Entry
from sensor_hub.model.guidance import (
    Ask,
    Guidance,
    Left,
    Notice,
    PlanGate,
    PlannedDay,
    PlannedItem,
    PlanView,
    RunResponse,
    StageChange,
    Verdict,
    WeekPlan,
)
from sensor_hub.model.ports import DiaryView, SaidOutcome
from sensor_hub.model.rule import Parameter, RowView, RuleInfo, RuleSettings, RuleView
from tests.adapters.web.hub import NOW, TODAY

DUE_UTC = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
MORNING = Ask("morning", TODAY, DUE_UTC, "mia-14")
STOP = Notice(
    "running-response", "stop", ("D15",), "stop", date(2026, 11, 19), {"level": 4.0, "when": "morning"}, "mia-14"
)
UNKNOWN = Notice("profile", "unknown", ("A10",), "unknown", TODAY, {"born": None})
RED_FLAG = Notice("red-flag", "pop", ("A05", "D12"), "red-flag", TODAY, {})


def entry(id_: str, said: Said, by: str = "page") -> Entry:
    return Entry(id_, "mia", NOW, by, said)


def plan() -> PlanView:
    return PlanView(
        "return-to-running", date(2026, 10, 20), 3, 7, 5, date(2026, 11, 10), "L", None, 1200.0, 1500.0, False,
        False, 1,
        next_max_m=4500.0, items=(PlannedItem("heel-drop", ("D18",), {"exercise": "heel-drop", "sets": 3, "reps": 15,
                                                                       "knee": "straight", "ground": "flat"}),),
        gates=(PlanGate("two-weeks", "open", ("D28",), {"days": 10}), PlanGate("settled", "met", ("D27",)),
               PlanGate("pain", "unknown", ("D27",))),
        changes=(StageChange(date(2026, 11, 10), 2, 3, "gates-met"),), adherence=0.75,
    )  # fmt: skip


def guidance() -> Guidance:
    verdict = Verdict("stop", (STOP,), "none", hold_headroom="stop", offers=("cycling", "swimming"))
    answered = RunResponse("mia-14", date(2026, 11, 19), NOW, NOW, morning=4.0, highest=4.0, gate="stop", rows=("D15",))
    return Guidance("mia", TODAY, verdict, (STOP, UNKNOWN), (answered,), (plan(),), (MORNING,))


def week() -> WeekPlan:
    days = tuple(
        PlannedDay(date(2026, 11, 21 + i), "rest" if i % 2 else "easy", 0.0 if i % 2 else 6200.0, 0.0 if i % 2 else 6.4,
                   binds=() if i % 2 else ("session-limit",))
        for i in range(7)
    )  # fmt: skip
    left = (Left("session-limit", "distance_m", 11_000.0, 4_000.0, 7_000.0),
            Left("session-limit", "load_eq_km", None, None, None, "no-history"))  # fmt: skip
    return WeekPlan(left, (), days, (("distance_m", "session-limit"),))


class ScriptedGuide:
    """Mia's diary; ``refused`` is the next EditError. A red flag that is said stands at once."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self.now = guidance()
        self.week = week()
        self.view = DiaryView((entry("p1", SayPain(NOW, "morning", 3.5, "L", "mid-portion")),), frozenset())
        self.said: list[tuple[Said, ...]] = []
        self.undone: list[str | None] = []
        self.by: list[str] = []
        self.refused: str | None = None
        self.agreed: frozenset[ConsentCategory] = frozenset({"load"})

    def guidance(self, athlete: str) -> Guidance:
        self._known(athlete)
        return self.now

    def week_plan(self, athlete: str) -> WeekPlan:
        self._known(athlete)
        return self.week

    def diary(self, athlete: str) -> DiaryView:
        self._known(athlete)
        return self.view

    def settings(self, athlete: str) -> RuleSettings:
        self._known(athlete)
        return RuleSettings("strict", {("session-limit", "factor"): 1.05}, frozenset({"strike-change"}))

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        self._known(athlete)
        return self.agreed

    def say(self, athlete: str, said: Sequence[Said], *, by: str) -> SaidOutcome:
        self._known(athlete)
        if self.refused is not None:
            problem, self.refused = self.refused, None
            raise EditError(problem)
        self.said.append(tuple(said))
        self.by.append(by)
        made = tuple(entry(f"n{len(self.said)}-{i}", one, by) for i, one in enumerate(said))
        self.view = replace(self.view, entries=(*made[::-1], *self.view.entries))
        for one in said:
            self._hear(one)
        return SaidOutcome(made, self.now)

    def take_back(self, athlete: str, *, by: str, entry: str | None = None) -> SaidOutcome:
        self._known(athlete)
        if entry is not None and entry not in {e.id for e in self.view.entries}:
            raise EditError(f"no line {entry!r} in the diary")
        self.undone.append(entry)
        self.by.append(by)
        if entry is not None:
            self.view = replace(self.view, undone=self.view.undone ^ {entry})
        return SaidOutcome((), self.now)

    def _known(self, athlete: str) -> None:
        if athlete != "mia":
            raise RegistryError(f"no athlete {athlete!r}")

    def _hear(self, said: Said) -> None:
        if isinstance(said, SayPain) and said.when == "morning":
            self.now = replace(self.now, asks=())
        elif isinstance(said, SaySymptoms) and set(said.present) & set(EMERGENCIES):
            self.now = replace(self.now, verdict=Verdict("red-flag", (RED_FLAG,), "none", hold_headroom="red-flag"))
        elif isinstance(said, Consent):
            self.agreed = self.agreed | {said.category} if said.granted else self.agreed - {said.category}


class ScriptedBook:
    """Two rules and three rows."""

    def rows(self) -> tuple[RowView, ...]:
        return (
            RowView("A03", "a.txt", "S", "implemented", "No run far above those of the last month.",
                    ("session-limit",), ("test_it",)),
            RowView("D15", "d.txt", "P", "implemented", "From 3 of 10 on nobody runs.", ("running-response",),
                    ("test_x",), conflict="C3"),
            RowView("E01", "e.txt", "T", "refused", "A list that is not there.", reason="The list is missing."),
        )  # fmt: skip

    def rules(self, settings: RuleSettings) -> tuple[RuleView, ...]:
        factor = Parameter("factor", 1.1, "", 1.0, 2.0)
        load = RuleInfo("session-limit", "S", "session", ("A03",), "cohort", (factor,), "10.1136/bjsports-2025-109380")
        pain = RuleInfo("running-response", "P", "pain", ("D15",), "text", ())
        return tuple(
            RuleView(info, info.id.replace("-", " "), ("Says when.",),
                     {p.name: settings.value(info, p.name) for p in info.parameters}, settings.is_on(info),
                     settings.alerts(info))
            for info in (load, pain)
        )  # fmt: skip


__all__ = ["MORNING", "STOP", "ScriptedBook", "ScriptedGuide", "plan"]
