"""One answer to "what now": red flag > refer > stop > plan stage > load.

Pain that lets somebody run less, and a question whose answer could end running, decide only where nothing heavier does;
but what they ask for holds beside anything that leaves running free. Where running ends, the sports that put next to
nothing on the tendon are offered instead; in an emergency, and where pain is severe, nothing is.
"""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from sensor_hub.model.diary import CrossSport
from sensor_hub.model.guidance import Notice, PlanView, Verdict
from sensor_hub.model.rule import RuleInfo

INFO: Final = RuleInfo(id="verdict", kind="P", family="pain", rows=("A18", "A22", "C07"), grade="text")
INSTEAD: Final[tuple[CrossSport, ...]] = ("cycling", "swimming", "rowing")
SILENT: Final = frozenset({"planner", "exercise", "under-load"})
OF_PAIN: Final = frozenset({"pain-24h", "flares", "pattern"})  # a caution about an exercise or a shoe ends no run
_Ending: TypeAlias = Literal["red-flag", "refer", "stop"]
_ENDING: Final[tuple[_Ending, ...]] = ("red-flag", "refer", "stop")


def verdict(notices: Sequence[Notice], plans: Sequence[PlanView] = ()) -> Verdict:
    """Return what decides, and what follows from it for running, headroom and what keeps quiet."""
    for weight in _ENDING:
        because = _of(notices, weight)
        if because:
            return Verdict(
                standing=weight,
                because=because,
                running="none",
                hills=False,
                speed=False,
                hold_headroom=weight,
                silent=SILENT,
                offers=() if weight == "red-flag" or any(n.key == "severe" for n in because) else INSTEAD,
            )
    return _free(notices, _going(plans))


def _of(notices: Sequence[Notice], weight: str) -> tuple[Notice, ...]:
    """The notices of a weight, the newest first."""
    return tuple(sorted((n for n in notices if n.weight == weight), key=lambda n: n.since, reverse=True))


def _going(plans: Sequence[PlanView]) -> PlanView | None:
    """The plan of running that goes on; one that is locked or done leaves running to the rest."""
    going = [p for p in plans if p.plan == "return-to-running" and p.locked is None and not p.complete]
    return going[0] if going else None


def _free(notices: Sequence[Notice], plan: PlanView | None) -> Verdict:
    """The verdict where running is not ended."""
    cautions = tuple(n for n in _of(notices, "caution") if n.rule in OF_PAIN or "cap_low" in n.facts)
    loads = _of(notices, "load")
    lows = [low for n in cautions if isinstance(low := n.facts.get("cap_low"), float)]
    highs = [high for n in cautions if isinstance(high := n.facts.get("cap_high"), float)]
    open_questions = tuple(n for n in _of(notices, "unknown") if n.facts.get("could_stop") is True)
    silent = tuple(n for n in _of(notices, "unknown") if (n.rule, n.key) == ("diary-open", "silent"))
    rests = plan is not None and plan.run_high_s == 0
    is_less = bool(lows)
    running: Literal["none", "plan", "reduced", "usual", "unknown"] = "usual"
    if rests:
        running = "none"
    elif open_questions:
        running = "unknown"
    elif plan is not None:
        running = "plan"
    elif is_less:
        running = "reduced"
    standing: Literal["plan", "load", "caution", "clear", "unknown"] = "clear"
    because: tuple[Notice, ...] = ()
    if plan is not None:
        standing, because = "plan", _of(notices, "plan")
    elif loads:
        standing, because = "load", loads
    elif open_questions:
        standing, because = "unknown", open_questions
    elif cautions:
        standing, because = "caution", cautions
    elif silent:
        standing, because = "unknown", silent
    return Verdict(
        standing=standing,
        because=because,
        running=running,
        cap_low=min(lows, default=None),
        cap_high=min(highs, default=None),
        hills=not is_less and (plan is None or plan.hills is not False) and running != "none",
        speed=not is_less and (plan is None or plan.speed is not False) and running != "none",
        offers=INSTEAD if rests or is_less else (),
    )
