"""A guide over the real guidelines and no store: it notes what was said to it, of one runner on one morning."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sensor_hub.errors import EditError, RegistryError
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.history import Run, runs_of
from sensor_hub.guidelines.planner import plan_week
from sensor_hub.model.diary import ConsentCategory, Said, SayPain, StartPlan
from sensor_hub.model.edit import Entry
from sensor_hub.model.guidance import Guidance, WeekPlan
from sensor_hub.model.ports import DiaryView, SaidOutcome
from sensor_hub.model.rule import Parameter, RowView, RuleInfo, RuleSettings, RuleView
from tests.adapters.web.history import session
from tests.adapters.web.hub import TODAY, athlete

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # before 24 hours after yesterday's run
STARTED = date(2026, 11, 1)
FIRST: tuple[Said, ...] = (
    StartPlan("return-to-running", STARTED, "L", 30_000.0),
    StartPlan("insertional", STARTED, "L"),
    SayPain(datetime(2026, 11, 18, 6, tzinfo=UTC), "morning", 1.5, "L", "insertion"),
)


def runs() -> tuple[Run, ...]:
    """A run every other day of four weeks, the last one yesterday."""
    found = []
    for back in range(29, 0, -2):
        day = TODAY - timedelta(days=back)
        start_utc = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
        found.append(session(f"mia-{back}", start_utc, 6.0, 36, load=6.2))
    return tuple(runs_of(found, "Europe/Berlin"))


def entry(id_: str, said: Said, by: str = "page") -> Entry:
    return Entry(id_, "mia", NOW, by, said)


class ScriptedGuide:
    """Mia's diary; ``refused`` is the next EditError."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self.runs = runs()
        self.view = DiaryView(tuple(entry(f"p{i}", said) for i, said in enumerate(FIRST))[::-1], frozenset())
        self.said: list[tuple[Said, ...]] = []
        self.undone: list[str | None] = []
        self.by: list[str] = []
        self.refused: str | None = None

    def _case(self) -> Case:
        counted = [e.edit for e in self.view.entries[::-1] if e.id not in self.view.undone]
        recorded = frozenset(run.day for run in self.runs)
        return Case(athlete("mia", "Mia Lindqvist"), NOW, self.runs, diary=diary_of(counted), recorded=recorded)  # type: ignore[arg-type]

    def guidance(self, athlete: str) -> Guidance:
        self._known(athlete)
        return guide(self._case())

    def week_plan(self, athlete: str) -> WeekPlan:
        case = self._case()
        return plan_week(case, self.guidance(athlete))

    def diary(self, athlete: str) -> DiaryView:
        self._known(athlete)
        return self.view

    def settings(self, athlete: str) -> RuleSettings:
        self._known(athlete)
        return self._case().settings

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        self._known(athlete)
        return self._case().diary.consents

    def say(self, athlete: str, said: Sequence[Said], *, by: str) -> SaidOutcome:
        self._known(athlete)
        if self.refused is not None:
            problem, self.refused = self.refused, None
            raise EditError(problem)
        self.said.append(tuple(said))
        self.by.append(by)
        made = tuple(entry(f"n{len(self.said)}-{i}", one, by) for i, one in enumerate(said))
        self.view = replace(self.view, entries=(*made[::-1], *self.view.entries))
        return SaidOutcome(made, self.guidance(athlete))

    def take_back(self, athlete: str, *, by: str, entry: str | None = None) -> SaidOutcome:
        self._known(athlete)
        if entry is not None and entry not in {e.id for e in self.view.entries}:
            raise EditError(f"no line {entry!r} in the diary")
        self.undone.append(entry)
        self.by.append(by)
        if entry is not None:
            self.view = replace(self.view, undone=self.view.undone ^ {entry})
        return SaidOutcome((), self.guidance(athlete))

    def _known(self, athlete: str) -> None:
        if athlete != "mia":
            raise RegistryError(f"no athlete {athlete!r}")


class ScriptedBook:
    """Two rules and three rows."""

    def rows(self) -> tuple[RowView, ...]:
        return (
            RowView("A03", "a.txt", "S", "implemented", "No run far above those of the last month.",
                    ("session-limit",), ("test_it",)),
            RowView("D15", "d.txt", "P", "implemented", "From 3 of 10 on nobody runs.", ("pain-24h",),
                    ("test_x",), conflict="C3"),
            RowView("E01", "e.txt", "T", "refused", "A list that is not there.", reason="The list is missing."),
        )  # fmt: skip

    def rules(self, settings: RuleSettings) -> tuple[RuleView, ...]:
        factor = Parameter("factor", 1.1, "", 1.0, 2.0)
        load = RuleInfo("session-limit", "S", "session", ("A03",), "cohort", (factor,), "10.1136/bjsports-2025-109380")
        pain = RuleInfo("pain-24h", "P", "pain", ("D15",), "text", ())
        return tuple(
            RuleView(info, info.id.replace("-", " "), ("Says when.",),
                     {p.name: settings.value(info, p.name) for p in info.parameters}, settings.is_on(info),
                     settings.alerts(info))
            for info in (load, pain)
        )  # fmt: skip


__all__ = ["FIRST", "ScriptedBook", "ScriptedGuide"]
