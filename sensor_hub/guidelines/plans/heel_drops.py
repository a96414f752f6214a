"""Twelve weeks of slow heel drops, twice a day with a straight and a bent knee: off a step only where it is the middle.

Two sets until they were answered well 24 to 48 hours later, then three; afterwards twice a week for good.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.history import DAY
from sensor_hub.guidelines.pain.place import Place, Places
from sensor_hub.guidelines.plans import doses
from sensor_hub.guidelines.plans.courses import Course
from sensor_hub.guidelines.plans.doses import Session, counts, done_of, flaws, sessions_of, tempo
from sensor_hub.guidelines.plans.levels import emergencies
from sensor_hub.guidelines.plans.locks import exercise_lock
from sensor_hub.guidelines.plans.phases import JUMPS, SLOW, jump_items, skipped
from sensor_hub.guidelines.plans.support import support_items
from sensor_hub.guidelines.plans.tolerance import answered_well, bearing, raises_allowed
from sensor_hub.model.diary import Knee, SayExercise
from sensor_hub.model.guidance import Fact, Notice, PlanGate, PlannedItem, PlanView, StageChange
from sensor_hub.model.rule import Parameter, RuleInfo

INFO: Final = RuleInfo(
    id="heel-drops",
    kind="P",
    family="plan",
    rows=("C11", "D18", "D19", "D20", "D21", "D22", "D23", "D24", "D36", "D44", "D52"),
    grade="trial",
    parameters=(
        Parameter("sets", 3.0, "1", 1.0, 3.0, ours=False),
        Parameter("first_sets", 2.0, "1", 1.0, 2.0, ours=False),
        Parameter("reps", 15.0, "1", 5.0, 15.0, ours=False),
        Parameter("per_day", 2.0, "1/d", 1.0, 2.0, ours=False),
        Parameter("days", 84.0, "d", 84.0, 182.0, ours=False),
        Parameter("dose_share", 0.8, "1", 0.5, 1.0),
        Parameter("adherence_days", 14.0, "d", 7.0, 28.0),
        Parameter("keep_low_sets", 2.0, "1", 1.0, 3.0, ours=False),
        Parameter("keep_high_sets", 3.0, "1", 2.0, 4.0, ours=False),
        Parameter("keep_per_week", 2.0, "1/week", 1.0, 7.0, ours=False),
    ),
    evidence="Beyer 2015, randomised: no worse than heavy slow work; Alfredson 1998 was not; Jonsson 2008, flat",
)
KNEES: Final[tuple[Knee, ...]] = ("straight", "bent")
TWO_SETS, THREE_SETS, KEEPING = 1, 2, 3


def heel_drop_view(course: Course, case: Case, said: Sequence[Notice]) -> PlanView:
    """Return where somebody stands in a protocol of heel drops. said : what the diary rules say, which may lock it."""
    places = Places(case.diary, course.side)
    done = [e for e in done_of(case, "heel-drop", course.side) if case.day_of(e.at_utc) >= course.started]
    sessions = sessions_of(done, case.settings)
    opening = _gates(course, case, done, places)
    complete = all(gate.state == "met" for gate in opening)
    changes = _changes(course, case, sessions, opening)
    stage = changes[-1].after if changes else TWO_SETS
    bears = bearing(case, course.side)
    lock = exercise_lock(case, said) or ("severe-pain" if bears == "nothing" else None)
    reached = {course.started: SLOW} | {c.day: JUMPS for c in changes if c.after == KEEPING}
    return PlanView(
        plan=course.plan,
        started=course.started,
        stage=stage,
        n_stages=KEEPING,
        week=(case.today - course.started).days // 7 + 1,
        since=changes[-1].day if changes else course.started,
        side=course.side,
        locked=lock,
        items=() if lock else tuple(_items(stage, course, case, places, holds_only=bears == "holds")),
        gates=opening,
        changes=tuple(changes),
        adherence=None if lock else _adherence(course, case, done, places, changes),
        complete=complete,
        violations=tuple([*_violations(case, sessions, places, changes), *skipped(case, course.started, reached)]),
    )


def target_reps(case: Case) -> int:
    """Repetitions of the whole protocol in one position of the knee: 3 × 15, twice a day, 84 days."""
    return int(
        case.settings.value(INFO, "sets") * case.settings.value(INFO, "reps") * case.settings.value(INFO, "per_day")
        * case.settings.value(INFO, "days")
    )  # fmt: skip


def is_mid_portion(course: Course, place: Place) -> bool:
    """Whether the step may be used: only where it is known to be the middle (C5, C11, D21)."""
    return course.plan == "mid-portion" and place == "mid-portion"


def _gates(course: Course, case: Case, done: Sequence[SayExercise], places: Places) -> tuple[PlanGate, ...]:
    left = int(case.settings.value(INFO, "days")) - (case.today - course.started).days
    weeks = PlanGate("twelve-weeks", "open" if left > 0 else "met", ("D18", "D23"), {"days_left": max(left, 0)})
    target = target_reps(case)
    needed = case.settings.value(INFO, "dose_share") * target
    valid = [e for e in done if counts(e, places.of(e.at_utc), case.settings)]
    unsaid = sum(e.sets * e.reps for e in valid if e.knee is None)
    found = [weeks]
    for knee in KNEES:
        reps = sum(e.sets * e.reps for e in valid if e.knee == knee)
        state = "met" if reps >= needed else "unknown" if reps + unsaid >= needed else "open"
        facts: dict[str, Fact] = {"knee": knee, "reps": reps, "target": target, "needed": round(needed)}
        found.append(PlanGate("dose", state, ("D18", "D20"), facts))  # type: ignore[arg-type]
    return tuple(found)


def _changes(course: Course, case: Case, sessions: Sequence[Session], opening: Sequence[PlanGate]) -> list[StageChange]:
    """Stages by day: a third set from the first good answer since the start or the last wish to go back."""
    changes: list[StageChange] = []
    backs = sorted(day for day in course.backs if day >= course.started)
    for k, first in enumerate([course.started, *backs]):
        if k and changes and changes[-1].after == THREE_SETS:
            changes.append(StageChange(first, THREE_SETS, TWO_SETS, "own-wish"))
        until = backs[k] if k < len(backs) else case.today + DAY
        unlocked = _unlocked(case, sessions, first, until)
        if unlocked is not None:
            changes.append(StageChange(unlocked, TWO_SETS, THREE_SETS, "answered-well"))
    if all(gate.state == "met" for gate in opening):
        day = course.started + timedelta(days=int(case.settings.value(INFO, "days")))
        before = changes[-1].after if changes else TWO_SETS
        changes.append(StageChange(max(day, changes[-1].day if changes else day), before, KEEPING, "gates-met"))
    return changes


def _unlocked(case: Case, sessions: Sequence[Session], first: date, until: date) -> date | None:
    for session in sessions:
        if not first <= case.day_of(session.start_utc) < until:
            continue
        well, known_utc = answered_well(case, session.end_utc)
        if well and known_utc is not None and case.day_of(known_utc) < until:
            return case.day_of(known_utc)
    return None


def _stage_on(day: date, changes: Sequence[StageChange]) -> int:
    return next((change.after for change in reversed(changes) if change.day <= day), TWO_SETS)


def _items(stage: int, course: Course, case: Case, places: Places, *, holds_only: bool) -> list[PlannedItem]:
    value = case.settings.value
    if holds_only:
        return [
            PlannedItem(
                "isometric-hold",
                ("B01", "D36"),
                {"low_s": value(doses.INFO, "hold_low_s"), "high_s": value(doses.INFO, "hold_high_s"), "knee": knee},
            )
            for knee in KNEES
        ] + support_items(case)
    step = is_mid_portion(course, places.now)
    facts: dict[str, Fact] = {
        "reps": value(INFO, "reps"),
        "low_s": value(doses.INFO, "lowering_low_s"),
        "high_s": value(doses.INFO, "lowering_high_s"),
        "ground": "step" if step else "flat",
        "place": places.now,
        "up": "other-leg" if step and course.side != "both" else "both-feet",
        "tempo": _recent_tempo(course, case),
    }
    if stage == KEEPING:
        keep: dict[str, Fact] = {"low_sets": value(INFO, "keep_low_sets"), "high_sets": value(INFO, "keep_high_sets"),
                "per_week": value(INFO, "keep_per_week"), "kept": _kept(course, case, places)}  # fmt: skip
        kept = [PlannedItem("maintenance", ("D44",), facts | keep)]
        return [*kept, *jump_items(case), *support_items(case)]
    facts |= {"sets": value(INFO, "first_sets" if stage == TWO_SETS else "sets"), "per_day": value(INFO, "per_day")}
    ground_row = "C11" if step else "D21"
    rows = ("D18", "D19", "D20", "D52", ground_row, *(("D22",) if stage == TWO_SETS else ()))
    items = [
        PlannedItem("heel-drop", (*rows, *(("B07",) if knee == "bent" else ())), facts | {"knee": knee})
        for knee in KNEES
    ]
    if raises_allowed(case, course.side):
        items.append(PlannedItem("heel-raise", ("D36",), {"knee": "straight"}))
    return [*items, *support_items(case)]


def _recent_tempo(course: Course, case: Case) -> str:
    first = case.now_utc - timedelta(days=7)
    return tempo([e for e in done_of(case, "heel-drop", course.side) if e.at_utc >= first], case.settings)


def _kept(course: Course, case: Case, places: Places) -> bool:
    """Whether the last seven days held two sessions of two to three sets of fifteen."""
    value = case.settings.value
    first = case.now_utc - timedelta(days=7)
    recent = [
        e
        for e in done_of(case, "heel-drop", course.side)
        if e.at_utc >= first and counts(e, places.of(e.at_utc), case.settings)
    ]
    enough = [
        s for s in sessions_of([e for e in recent if e.reps >= value(INFO, "reps")], case.settings)
        if value(INFO, "keep_low_sets") <= s.most_sets <= value(INFO, "keep_high_sets")
    ]  # fmt: skip
    return len({case.day_of(s.start_utc) for s in enough}) >= value(INFO, "keep_per_week")


def _adherence(
    course: Course, case: Case, done: Sequence[SayExercise], places: Places, changes: Sequence[StageChange]
) -> float | None:
    """Part of what was due on the last full days that was done, by day and knee; None where nothing was due."""
    value = case.settings.value
    first = max(course.started, case.today - timedelta(days=int(value(INFO, "adherence_days"))))
    reps: defaultdict[tuple[date, Knee | None], int] = defaultdict(int)
    for one in done:
        if counts(one, places.of(one.at_utc), case.settings):
            reps[case.day_of(one.at_utc), one.knee] += one.sets * one.reps
    due_sum = done_sum = 0.0
    alarmed = emergencies(case)
    for k in range((case.today - first).days):
        day = first + k * DAY
        stage = _stage_on(day, changes)
        if stage == KEEPING or day in alarmed:
            continue
        sets = value(INFO, "first_sets" if stage == TWO_SETS else "sets")
        due = sets * value(INFO, "reps") * value(INFO, "per_day")
        due_sum += due * len(KNEES)
        done_sum += sum(min(float(reps[day, knee]), due) for knee in KNEES)
    return done_sum / due_sum if due_sum else None


def _violations(
    case: Case, sessions: Sequence[Session], places: Places, changes: Sequence[StageChange]
) -> list[Notice]:
    first = case.today - timedelta(days=int(case.settings.value(INFO, "adherence_days")) - 1)
    found: list[Notice] = []
    for k, session in enumerate(sessions):
        day = case.day_of(session.start_utc)
        if day < first:
            continue
        keys = {flaw: None for one in session.done for flaw in flaws(one, places.of(one.at_utc), case.settings)}
        found += [
            Notice(INFO.id, key, _FLAW_ROWS[key], "plan", day, {"day": day, "place": places.of(session.start_utc)})
            for key in keys
        ]
        too_many = session.most_sets > case.settings.value(INFO, "first_sets")
        if too_many and _stage_on(day, changes) == TWO_SETS:
            key = "first-session" if k == 0 else "third-set"
            found.append(Notice(INFO.id, key, ("D22",), "plan", day, {"day": day, "sets": session.most_sets}))
    return found


_FLAW_ROWS: Final[dict[str, tuple[str, ...]]] = {
    "too-fast": ("D19",),
    "too-slow": ("D19",),
    "step": ("C11", "D21"),
    "raised-alone": ("D52",),
}
