"""``model.ports.Guide``: diary and guidelines of a hub's memory, for command line, pages and REST alike.

A line is checked on one state of the journal and written only if nobody has written since. Most of it changes nothing
that is stored: what the guidelines say is computed when asked. Settings change findings, which are judged again; killed
in between, whoever comes next does it (``catch_up``).
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.guiding.cases import Cases
from sensor_hub.app.guiding.checked import Around, check, settings_change
from sensor_hub.app.guiding.coach_view import ForTheCoach
from sensor_hub.app.guiding.decisions import Decisions
from sensor_hub.app.guiding.diaries import Diaries
from sensor_hub.app.guiding.exercise_sessions import ExerciseSessions
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.loads.exercising import Exercise
from sensor_hub.app.sids import new_sid
from sensor_hub.edits.in_force import undone
from sensor_hub.edits.undoing import moment_of, newest_made_together, the_other_way
from sensor_hub.errors import EditError, RegistryError
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.catalogue.rules import why_not_set
from sensor_hub.guidelines.diary import USUALLY_SEEN, Diary
from sensor_hub.guidelines.evaluate import REACH, local_day
from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.planner import plan_week
from sensor_hub.guidelines.plans.locks import why_not
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import (
    SAID,
    ConsentCategory,
    Said,
    SayClearance,
    SayExercise,
    SetRule,
    StartPlan,
    StepPlanBack,
    StopPlan,
)
from sensor_hub.model.edit import Edit, Entry, Undo
from sensor_hub.model.finding import Finding
from sensor_hub.model.guidance import Guidance, Verdict, WeekPlan
from sensor_hub.model.ports import DiaryView, SaidOutcome
from sensor_hub.model.rule import RuleSettings
from sensor_hub.words.plans import refusal

TRIES: Final = 20
LEFT_BEHIND: Final = timedelta(seconds=30)  # a line that old and unjudged: its process is gone
A_MILLISECOND: Final = timedelta(milliseconds=1)


def _nobody(_athlete: str) -> None:
    pass


class Guiding:
    """What people say, and what the guidelines say to it. Safe from any thread.

    ingest : judges where settings have changed. keeping : takes exercise out of the history, and back in.
    on_change : told each athlete whose diary changed.
    """

    def __init__(
        self,
        store: KeptStore,
        registry: Registry,
        ingest: Ingest,
        keeping: HistoryKeeping,
        *,
        on_change: Callable[[str], None] = _nobody,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store, self._registry, self._ingest = store, registry, ingest
        self._on_change, self._clock = on_change, clock
        self._lock = threading.Lock()
        self._diaries = Diaries(registry)
        self._cases = Cases(store, registry, self._diaries)
        self._exercises = ExerciseSessions(store, ingest, keeping, self._diaries)
        self._decisions = Decisions(self._cases, self._diaries)

    # --- reading -----------------------------------------------------------------------------------------------------

    def case(self, athlete: str) -> Case:
        """Everything the guidelines look at."""
        return self._cases.case(self._registry.athlete(athlete), self._clock())

    def guidance(self, athlete: str) -> Guidance:
        """Everything the guidelines say now."""
        return guide(self.case(athlete))

    def week_plan(self, athlete: str) -> WeekPlan:
        """What today and this week leave, and a next week that keeps every rule."""
        case = self.case(athlete)
        return plan_week(case, guide(case))

    def diary(self, athlete: str) -> DiaryView:
        """Every line of the diary, newest first."""
        lines = self._diaries.lines(self._registry.athlete(athlete).id)
        return DiaryView(lines[::-1], undone(lines))

    def known(self, athlete: str) -> Diary:
        """What stands in the diary, by kind."""
        return self._cases.diary(self._registry.athlete(athlete))

    def settings(self, athlete: str) -> RuleSettings:
        """What the athlete has set of the rules."""
        return self.known(athlete).settings

    def consents(self, athlete: str) -> frozenset[ConsentCategory]:
        """What the coach may see. Of somebody whom only a sending edge knows it is the usual: they keep no diary."""
        if self._registry.known(athlete) is None:
            return USUALLY_SEEN
        return self.known(athlete).consents

    def verdict(self, athlete: Athlete, now_utc: datetime) -> Verdict | None:
        """The verdict for a screen that asks often; None of somebody whose diary is empty: then nothing is held."""
        return self._decisions.of(athlete, now_utc).verdict

    def for_the_coach(self, athlete: Athlete, now_utc: datetime) -> ForTheCoach:
        """What their coach may be shown, for a screen that asks often."""
        return self._decisions.of(athlete, now_utc).for_the_coach

    def forget(self, athlete: str) -> None:
        """Let go of what is held of somebody who was erased."""
        self._decisions.forget(athlete)
        self._diaries.forget()

    def version(self) -> tuple[int, int]:
        """Return what changes with every line that anybody writes."""
        return self._diaries.version()

    # --- writing -----------------------------------------------------------------------------------------------------

    def say(self, athlete: str, said: Sequence[Said], *, by: str) -> SaidOutcome:
        """Write lines of the diary, all or none of them; EditError says why one cannot be."""
        person = self._registry.athlete(athlete)
        with self._lock:
            if not said:
                raise EditError("there is nothing to keep: say one thing at least")
            now_utc = self._clock()

            def checked(_lines: Sequence[Entry]) -> list[Edit]:
                for one in said:
                    self._check(one, person, now_utc)
                return [self._exercises.with_session(one, person) for one in said]

            return self._written(person, checked, by)

    def say_exercise(self, athlete: str, said: SayExercise, done: Exercise, *, by: str) -> SaidOutcome:
        """Write an exercise of which more is known than its line says; the same again changes nothing."""
        person = self._registry.athlete(athlete)
        with self._lock:
            self._check(said, person, self._clock())
            line = replace(said, sid=self._exercises.kept(person, done, said.at_utc))
            if same := [e for e in self._diaries.standing(person.id) if e.edit == line]:
                return SaidOutcome((same[0],), self.guidance(person.id))
            return self._written(person, lambda _lines: [line], by)

    def take_back(self, athlete: str, *, by: str, entry: str | None = None) -> SaidOutcome:
        """Take back a line, or all that one call said last and is in force; of one that is undone, say it again."""
        person = self._registry.athlete(athlete)

        def undoing(lines: Sequence[Entry]) -> list[Edit]:
            if entry is not None and all(e.id != entry for e in lines):
                raise EditError(f"there is no line {entry} in {person.display_name}'s diary ('diary show' lists them)")
            gone = undone(lines)
            if entry is None and all(e.id in gone or isinstance(e.edit, Undo) for e in lines):
                raise EditError(f"nothing stands in {person.display_name}'s diary that could be taken back")
            wanted = newest_made_together(lines, gone) if entry is None else [entry]
            return [the_other_way(lines, gone, one) for one in wanted]

        with self._lock:
            return self._written(person, undoing, by)

    def catch_up(self) -> list[str]:
        """Judge after lines whose process was killed before it did; return whom they concern."""
        now_utc = self._clock()
        left = [e for e in self._diaries.unjudged() if e.made_utc < now_utc - LEFT_BEHIND]
        people = sorted({e.athlete for e in left})
        for who in people:
            self._judged([e for e in left if e.athlete == who])
        return people

    def _check(self, said: Said, person: Athlete, now_utc: datetime) -> None:
        def span_of(sid: str) -> tuple[datetime, datetime] | None:
            kept = self._store.kept(sid)
            if kept is None or kept.summary.header.athlete != person.id:
                return None
            return kept.summary.start_utc, kept.summary.end_utc

        shoes = frozenset(shoe.id for shoe in self._registry.shoes.all(person.id))
        check(said, Around(person, now_utc, self._cases.diary(person), shoes, span_of))
        if isinstance(said, SetRule) and (reason := why_not_set(said)) is not None:
            raise EditError(reason)
        if isinstance(said, StartPlan | StepPlanBack | StopPlan | SayClearance):
            key = why_not(said, self._cases.case(person, now_utc))
            if key is not None:
                raise EditError(refusal(key))

    def _written(self, person: Athlete, edits: Callable[[Sequence[Entry]], Sequence[Edit]], by: str) -> SaidOutcome:
        """Write entries that share their moment with each other and with no others of theirs: undone together."""
        for _ in range(TRIES):
            self._diaries.forget()
            version = self._registry.journal.version()
            lines = self._diaries.lines(person.id)
            made_utc = at_utc = self._clock()
            taken = {moment_of(line.id) for line in lines}
            while moment_of(new_sid(at_utc)) in taken:
                at_utc += A_MILLISECOND
            made_utc = made_utc.replace(microsecond=0)
            made = [Entry(new_sid(at_utc), person.id, made_utc, by, edit) for edit in edits(lines)]
            to_judge = any(settings_change(s) for s in _targets(made, [*lines, *made]))
            if self._registry.journal.append(made, after=version, judged=not to_judge):
                self._diaries.wrote(person.id, version, (*lines, *made), len(made))
                self._exercises.settle(person, _targets(made, [*lines, *made]), by)
                found = self._judged(made) if to_judge else []
                self._on_change(person.id)
                return SaidOutcome(tuple(made), self.guidance(person.id), tuple(found))
        raise EditError("the diary is being written by somebody else: try again in a moment")

    def _judged(self, entries: Sequence[Entry]) -> list[Finding]:
        """Judge somebody's whole history again: with other settings the same runs may give other findings."""
        found: list[Finding] = []
        self._store.journal.forget()
        try:
            person = self._registry.athlete(entries[0].athlete)
            sessions = self._store.sessions(person.id)
        except RegistryError:  # erased meanwhile
            sessions = []
        if sessions:
            first = local_day(sessions[0].start_utc, person.zone)
            last = local_day(sessions[-1].start_utc, person.zone)
            found = self._ingest.judge(person, first, reach=last - first + REACH, notify=False)
        self._registry.journal.set_judged(entries)
        return found


def _targets(made: Sequence[Entry], lines: Sequence[Entry]) -> list[Said]:
    """What entries say, or take back, or bring back."""
    known = {line.id: line for line in lines}
    found: list[Said] = []
    waiting = list(made)
    while waiting:
        entry = waiting.pop()
        if isinstance(entry.edit, SAID):
            found.append(entry.edit)
        elif isinstance(entry.edit, Undo) and (target := known.get(entry.edit.entry)) is not None:
            waiting.append(target)
    return found
