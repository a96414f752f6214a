"""Plans in words: their names, stages, items, gates, why one is locked or cannot be begun."""

from collections.abc import Callable
from datetime import date
from typing import Final

from sensor_hub.model.diary import PlanKind
from sensor_hub.model.guidance import Fact, PlanGate, PlannedItem, PlanView, StageChange
from sensor_hub.words.numbers import UNKNOWN, day_name, fixed, quantity, share
from sensor_hub.words.translation import translate as _
from sensor_hub.words.translation import translate_n as _n


def plan_name(plan: PlanKind) -> str:
    """The name of a plan."""
    return {
        "return-to-running": _("Return to running"),
        "mid-portion": _("Heel drops, middle of the tendon"),
        "insertional": _("Heel drops, flat"),
        "isometric": _("Holds first"),
    }[plan]


def stage_name(plan: PlanKind, stage: int) -> str:
    """What a stage is about."""
    return _STAGES[plan][stage - 1]()


def plan_line(view: PlanView) -> str:
    """Where somebody stands: the plan, its stage and week; or why nothing of it may be done now."""
    if view.locked is not None:
        return _("{plan}: locked. {why}").format(plan=plan_name(view.plan), why=lock_text(view.locked))
    text = _("{plan}: stage {stage} of {n}, week {week}. {name}.")
    line = text.format(
        plan=plan_name(view.plan),
        stage=view.stage,
        n=view.n_stages,
        week=view.week,
        name=stage_name(view.plan, view.stage),
    )
    return line + " " + _("All of it is done.") if view.complete else line


def adherence_text(view: PlanView) -> str:
    """How much of what was due in the last 14 days was logged; empty where nothing was due."""
    return (
        "" if view.adherence is None else _("{share} of the last 14 days logged.").format(share=share(view.adherence))
    )


def item_text(item: PlannedItem) -> str:
    """What to do, in one line."""
    return _ITEMS[item.key](item.facts)


def gate_name(key: str) -> str:
    """A gate in a few words."""
    return _GATE_NAMES[key]()


def gate_text(gate: PlanGate) -> str:
    """A gate and how it stands."""
    return _GATES[gate.key](gate.facts) + ": " + gate_state(gate.state)


def gate_state(state: str) -> str:
    """How a gate stands, a word."""
    return {"met": _("met"), "open": _("not yet"), "unknown": _("not known")}[state]


def lock_text(key: str) -> str:
    """Why nothing of a plan may be done now."""
    return _LOCKS[key]()


def refusal(key: str) -> str:
    """Why something cannot be said of a plan, and the mend."""
    return _REFUSALS[key]() if key in _REFUSALS else lock_text(key)


def change_text(change: StageChange) -> str:
    """How a plan went to another stage."""
    text = {
        "gates-met": _("{day}: stage {after}, all gates were met"),
        "answered-well": _("{day}: stage {after}, answered well 24 to 48 hours later"),
        "pain-above-3": _("{day}: back to stage {after}, the pain was too high"),
        "own-wish": _("{day}: back to stage {after}, as asked"),
    }[change.because]
    return text.format(day=day_name(change.day), after=change.after)


_Text = Callable[[], str]
_Facts = Callable[[dict[str, Fact]], str]
_STAGES: Final[dict[PlanKind, tuple[_Text, ...]]] = {
    "return-to-running": (
        lambda: _("No running yet"),
        lambda: _("Running and walking by turns"),
        lambda: _("Easy runs of 20 to 25 minutes"),
        lambda: _("Easy runs of 30 to 35 minutes"),
        lambda: _("Easy runs of 35 to 45 minutes, first gentle hills"),
        lambda: _("Towards the usual distance, easy"),
        lambda: _("One fast session a week"),
    ),
    "mid-portion": (lambda: _("Two sets"), lambda: _("Three sets"), lambda: _("Twice a week, for good")),
    "insertional": (lambda: _("Two sets"), lambda: _("Three sets"), lambda: _("Twice a week, for good")),
    "isometric": (lambda: _("Holds"), lambda: _("Slow and heavy"), lambda: _("Jumps and running drills")),
}


def _value(value: Fact, scale: float = 1.0) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else fixed(float(value) * scale, 0)


def _minutes(value: Fact) -> str:
    return _value(value, 1 / 60)


def _knee(f: dict[str, Fact]) -> str:
    return _("straight knee (gastrocnemius)") if f.get("knee") == "straight" else _("bent knee (soleus)")


def _drop(f: dict[str, Fact]) -> str:
    ground = _("off a step, heel below its edge") if f["ground"] == "step" else _("on the flat, never below it")
    if f["ground"] != "step" and f.get("place") == "unknown":
        ground = _("on the flat, never below it, as the diary does not say where it hurts")
    up = _("up with the other leg") if f["up"] == "other-leg" else _("up with both feet")
    text = _(
        "Heel drops, {knee}, {ground}: {sets} × {reps}, {per_day} times a day, lowered in {low} to {high} s, {up}."
    )
    return text.format(
        knee=_knee(f), ground=ground, sets=_value(f["sets"]), reps=_value(f["reps"]), per_day=_value(f["per_day"]),
        low=_value(f["low_s"]), high=_value(f["high_s"]), up=up,
    )  # fmt: skip


def _maintenance(f: dict[str, Fact]) -> str:
    text = _("Slow heel drops to keep it: {low} to {high} sets of {reps}, {per_week} times a week.")
    return text.format(
        low=_value(f["low_sets"]), high=_value(f["high_sets"]), reps=_value(f["reps"]), per_week=_value(f["per_week"])
    )


def _hold(f: dict[str, Fact]) -> str:
    many = f.get("sets")
    sets = _("Holds")
    if many is not None and isinstance(many, int | float):
        sets = _n("{n} hold", "{n} holds", many).format(n=_value(many))
    text = _("{sets} on the toes without moving, {knee}, {low} to {high} s each.")
    return text.format(sets=sets, knee=_knee(f), low=_value(f["low_s"]), high=_value(f["high_s"]))


def _no_stretch(f: dict[str, Fact]) -> str:
    return {
        "insertion": _("No calf stretch: not with the foot pulled up while it hurts at the heel bone."),
        "pain": _("No calf stretch while it hurts."),
        "pain-unknown": _("No calf stretch until the diary says that nothing hurts."),
        "place-unknown": _("No calf stretch until the diary says where it hurts."),
    }[str(f["because"])]


def _done(text: _Text) -> _Facts:
    return lambda f: text() + (" " + _("(done lately)") if f.get("done") else "")


def _always(text: _Text) -> _Facts:
    return lambda f: text()


def _towards(f: dict[str, Fact]) -> str:
    usual = f.get("usual_m")
    if isinstance(usual, int | float) and not isinstance(usual, bool):
        return _("Easy runs that grow towards {usual} a week.").format(usual=quantity(float(usual), "distance_m"))
    return _("Easy runs that grow towards what was usual before.")


_ITEMS: Final[dict[str, _Facts]] = {
    "no-running": _always(lambda: _("No running.")),
    "walk": _always(lambda: _("Walk.")),
    "cycle": _always(lambda: _("Cycle.")),
    "swim": _always(lambda: _("Swim.")),
    "walk-run": lambda f: _("{n} times {run} min of easy running and {walk} min of walking, every other day.").format(
        n=_value(f["n"]), run=_minutes(f["run_s"]), walk=_minutes(f["walk_s"])
    ),
    "easy-run": lambda f: _("Easy running, {low} to {high} min without a break.").format(
        low=_minutes(f["low_s"]), high=_minutes(f["high_s"])
    ),
    "gentle-hills": lambda f: _("One session with gentle hills, then {h} hours to see how it is answered.").format(
        h=_value(f["wait_h"])
    ),
    "towards-usual": _towards,
    "speed": lambda f: _("{n} fast session a week, no more.").format(n=_value(f["per_week"])),
    "begin-exercise": _always(lambda: _("Begin the exercise plan.")),
    "exercise-goes-on": _always(lambda: _("The exercise plan goes on all the while.")),
    "maintenance": _maintenance,
    "heel-drop": _drop,
    "heel-raise": _always(lambda: _("Heel raises, standing, as pain allows.")),
    "isometric-hold": _hold,
    "slow-heavy": lambda f: _("Slow, heavy calf work, {knee}, {low} to {high} times a week.").format(
        knee=_knee(f), low=_value(f["low"]), high=_value(f["high"])
    ),
    "plyometrics": _always(lambda: _("Jumps, a few at first.")),
    "run-drills": _always(lambda: _("Running drills.")),
    "split-squat": _always(lambda: _("Split squats with the back foot raised.")),
    "box-jump": _always(lambda: _("Box jumps.")),
    "depth-jump": _always(lambda: _("Depth jumps.")),
    "depth-jump-locked": lambda f: _(
        "Depth jumps are locked until split squats and box jumps were done on {days} days each."
    ).format(days=_value(f["days"])),
    "check-pain": _done(lambda: _("Pain kept in the diary, and the tendon loaded.")),
    "check-comfort": _done(lambda: _("Ice or a painkiller where needed, for a few days at most.")),
    "check-mobility": _done(lambda: _("The ankle's movement tested and kept.")),
    "check-glutes": _done(lambda: _("Seat muscles strengthened.")),
    "check-form": _done(lambda: _("Running form looked at by somebody who knows.")),
    "glutes": _always(lambda: _("For the seat muscles: deadlift, hip thrust or kettlebell swing.")),
    "hips": _done(lambda: _("For the hips: what keeps the pelvis level on one leg.")),
    "strength": lambda f: _("Strength {low} to {high} times a week, beside the heel drops.").format(
        low=_value(f["low"]), high=_value(f["high"])
    ),
    "heat": _always(lambda: _("Before: warm the tendon with water or a pack. It eases; it is no treatment.")),
    "mobility": _always(lambda: _("Then move the ankle gently.")),
    "warm-up": _always(lambda: _("Warm up before running, and walk it off afterwards.")),
    "stretch": _always(lambda: _("Calf stretch, gentle and free of pain, to cool down. It prevents at best.")),
    "no-stretch": _no_stretch,
    "foam-roll": _always(lambda: _("If liked: roll the calves afterwards.")),
    "ice": _always(lambda: _("If it is sore: ice afterwards. It eases; it is no treatment.")),
}


def _left(text: _Text) -> _Facts:
    def told(f: dict[str, Fact]) -> str:
        left = f.get("days_left")
        if not left or not isinstance(left, int | float):
            return text()
        return f"{text()} " + _n("({n} day left)", "({n} days left)", left).format(n=_value(left))

    return told


_GATES: Final[dict[str, _Facts]] = {
    "weeks": _left(lambda: _("Two weeks in this stage")),
    "walking": _always(lambda: _("Walking without pain")),
    "during": lambda f: _("Pain of {limit} of 10 or less in each run, at least {needed} runs in the last days").format(
        limit=_level(f["limit"]), needed=_value(f["needed"])
    ),
    "day-after": lambda f: _("Back to the usual within 24 hours of each run, for {days} days").format(
        days=_value(f["days"])
    ),
    "no-rise": lambda f: _("No morning worse than the one before, for {days} days in a row").format(
        days=_value(f["days"])
    ),
    "hill": lambda f: _("One hilly session, and all well {h} hours later").format(h=_value(f["wait_h"])),
    "cleared": _always(lambda: _("A clinician's word for full intensity")),
    "no-flare": _always(lambda: _("No flare after fast running")),
    "twelve-weeks": _left(lambda: _("Twelve weeks, also when it no longer hurts")),
    "dose": lambda f: _("{reps} of {target} repetitions, {knee}").format(
        reps=_value(f["reps"]), target=_value(f["target"]), knee=_knee(f)
    ),
    "phase-days": _left(lambda: _("Time in this phase")),
    "sessions": lambda f: (
        _("{n} of {needed} days with it in the last {days}").format(
            n=_value(f["n"]), needed=_value(f["needed"]), days=_value(f["days"])
        )
        if "n" in f
        else _("Days with it")
    ),
    "exercise-pain": _always(lambda: _("Little pain in exercise")),
    "watched": _left(lambda: _("Watched for twelve weeks")),
}
_GATE_NAMES: Final[dict[str, _Text]] = {
    "weeks": lambda: _("time in this stage"),
    "walking": lambda: _("whether walking hurts"),
    "during": lambda: _("pain in the runs"),
    "day-after": lambda: _("pain 24 hours after the runs"),
    "no-rise": lambda: _("pain in the mornings"),
    "hill": lambda: _("how hills were answered"),
    "cleared": lambda: _("a clinician's word"),
    "no-flare": lambda: _("how fast running was answered"),
    "twelve-weeks": lambda: _("twelve weeks"),
    "dose": lambda: _("repetitions"),
    "phase-days": lambda: _("time in this phase"),
    "sessions": lambda: _("days with it"),
    "exercise-pain": lambda: _("pain in exercise"),
    "watched": lambda: _("time it is watched"),
}


def _level(value: Fact) -> str:
    return UNKNOWN if value is None or isinstance(value, str | date) else f"{float(value):g}"


_LOCKS: Final[dict[str, _Text]] = {
    "red-flag": lambda: _("A red flag stands: see a doctor now. Nothing of a plan until then."),
    "refer": lambda: _("See a physician or physiotherapist first."),
    "stop": lambda: _("No running for now, because of the pain. Other sport is free."),
    "medicine": lambda: _("This medicine may weaken tendons: speak to the prescriber first. No exercise plan."),
    "place": lambda: _("It hurts higher up than this tendon's middle: have it looked at first."),
    "severe-pain": lambda: _("Exercise hurt severely: none until the diary says how it is a day later."),
    "under-18": lambda: _("Under 18 there is no plan; the load view stays."),
}
_REFUSALS: Final[dict[str, _Text]] = {
    "under-18": lambda: _("Under 18 there is no plan; a physiotherapist makes one."),
    "in-the-future": lambda: _("A plan begins today or began before: give such a day."),
    "red-flag": lambda: _("A red flag stands: see a doctor now. A plan begins after a clinician's word."),
    "insertional-is-flat": lambda: _(
        "It hurts at the heel bone, where drops off a step can make it worse: start insertional."
    ),
    "no-such-plan": lambda: _("No such plan goes on; `plan start` begins one."),
    "before-its-start": lambda: _("The plan had not begun on that day: give a day since its start."),
    "not-a-clinician": lambda: _("Only a physician or physiotherapist clears; a coach cannot."),
}
