"""Whether a session was run and walked by turns as the plan asks for, from the gait of its recorded steps. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from sensor_hub.model.rule import Parameter, RuleInfo, RuleSettings

Pace: TypeAlias = Literal["run", "walk", "unknown"]
INFO: Final = RuleInfo(
    id="walk-run",
    kind="S",
    family="plan",
    rows=("D26",),
    grade="text",
    parameters=(
        Parameter("n", 10.0, "1", 1.0, 30.0, ours=False),
        Parameter("run_s", 60.0, "s", 15.0, 600.0, ours=False),
        Parameter("walk_s", 120.0, "s", 15.0, 900.0, ours=False),
        Parameter("tolerance", 0.25, "1", 0.05, 0.5),
        Parameter("blip_s", 10.0, "s", 2.0, 30.0),
        Parameter("known_share", 0.8, "1", 0.5, 1.0),
    ),
)


@dataclass(frozen=True, slots=True)
class WalkRun:
    """How a session was run and walked by turns. spans : (start, s of the session; how), in order; end_s : its end."""

    sid: str
    spans: tuple[tuple[float, Pace], ...]
    end_s: float


@dataclass(frozen=True, slots=True)
class WalkRunCheck:
    """How it compares with the plan. fits : None where too little was recorded to tell.

    n_runs : stretches that were run. longest_run_s : of them. shortest_walk_s : between two of them; None without one.
    """

    fits: bool | None
    n_runs: int
    longest_run_s: float
    shortest_walk_s: float | None
    known_share: float


def spans_of(
    time_s: Sequence[float], gait: Sequence[str], longest_gap_s: float = 5.0
) -> tuple[tuple[float, Pace], ...]:
    """Put steps together to spans of running, walking and unknown.

    Parameters
    ----------
    time_s : (n,) seconds of the session of each step, ascending.
    gait : (n,) "run", "walk", or anything else for unknown.
    longest_gap_s : what lies between two steps further apart is unknown; somebody may stand, or nothing was received.
    """
    spans: list[tuple[float, Pace]] = []
    before: float | None = None
    for at_s, how in zip(time_s, gait, strict=True):
        pace: Pace = "run" if how == "run" else "walk" if how == "walk" else "unknown"
        if before is not None and at_s - before > longest_gap_s:
            spans.append((before, "unknown"))
            spans.append((at_s, pace))
        elif not spans or spans[-1][1] != pace:
            spans.append((at_s, pace))
        before = at_s
    return tuple(spans)


def check(session: WalkRun, settings: RuleSettings) -> WalkRunCheck:
    """Compare a session with ten minutes' running in pieces of one, each followed by two of walking.

    Less than that is no fault: it fits if no stretch is longer, no walk between two shorter, and there are no more of
    them, each within the tolerance. A stretch that is too long is known however much else is not.
    """
    pieces = _merged(session, settings.value(INFO, "blip_s"))
    length_s = sum(end - start for start, end, _ in pieces)
    known_s = sum(end - start for start, end, pace in pieces if pace != "unknown")
    runs = [(start, end) for start, end, pace in pieces if pace == "run"]
    longest_s = max((end - start for start, end in runs), default=0.0)
    breaks = [later[0] - earlier[1] for earlier, later in pairwise(runs)]
    slack = settings.value(INFO, "tolerance")
    too_much = (
        longest_s > settings.value(INFO, "run_s") * (1 + slack)
        or len(runs) > settings.value(INFO, "n")
        or any(rest < settings.value(INFO, "walk_s") * (1 - slack) for rest in breaks)
    )
    share = known_s / length_s if length_s > 0 else 0.0
    fits = False if too_much else None if share < settings.value(INFO, "known_share") or not runs else True
    return WalkRunCheck(fits, len(runs), longest_s, min(breaks, default=None), share)


def _merged(session: WalkRun, blip_s: float) -> list[tuple[float, float, Pace]]:
    """Spans as (start, end, pace), short ones given to what they lie in: a stumble parts no stretch of running."""
    starts = [start for start, _ in session.spans]
    ends = [*starts[1:], session.end_s] if starts else []
    merged: list[tuple[float, float, Pace]] = []
    for (start, pace), end in zip(session.spans, ends, strict=True):
        if merged and (end - start < blip_s or merged[-1][2] == pace):
            merged[-1] = (merged[-1][0], end, merged[-1][2])
        else:
            merged.append((start, end, pace))
    return merged


def check_of(sid: str, sessions: Iterable[WalkRun], settings: RuleSettings) -> WalkRunCheck | None:
    """Return the check of a session among those whose steps are known; None without them."""
    found = next((session for session in sessions if session.sid == sid), None)
    return None if found is None else check(found, settings)
