"""How the tendon answered each run: what was said before, during and after it, and what the 24-hour table says."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain import accounts as told
from sensor_hub.guidelines.pain.accounts import Account, accounts
from sensor_hub.model.diary import PainSide
from sensor_hub.model.guidance import Gate, RunResponse

LAST_DAYS: Final = 60
_WORST: Final[tuple[Gate, ...]] = ("stop-physio", "stop", "unknown", "caution", "reduced", "clear")


def responses(case: Case, n_days: int = LAST_DAYS) -> tuple[RunResponse, ...]:
    """Return one response for each run of the last days, oldest first; of two sides that of the worse one."""
    return responses_of(case, accounts(case, n_days))


def responses_of(case: Case, told: Sequence[Sequence[Account]]) -> tuple[RunResponse, ...]:
    """Return one response for each run, of what was told of its sides."""
    return tuple(_response(case, sides) for sides in told)


def worst(sides: Sequence[Account]) -> Account:
    """Return the account that decides: by its gate, then by its highest level; left before right."""
    return min(sides, key=lambda a: (_WORST.index(a.decision.gate), -(a.decision.highest or 0.0)))


def side_of(sides: Sequence[Account]) -> PainSide:
    """Return the side whose answers decide; "both" where they are the same, or nobody said which."""
    leg = worst(sides).leg
    is_one = len(sides) == 1 or any(account.answers != sides[0].answers for account in sides)
    return leg if is_one and leg is not None else "both"


def _response(case: Case, sides: Sequence[Account]) -> RunResponse:
    one = worst(sides)
    run, answers, decision = one.run, one.answers, one.decision
    highest = [a.decision.highest for a in sides if a.decision.highest is not None]
    return RunResponse(
        sid=run.sid,
        day=run.day,
        start_utc=run.start_utc,
        end_utc=run.end_utc,
        before=answers.before,
        during=answers.during,
        after=answers.after,
        evening=answers.evening,
        morning=answers.morning,
        day_after=answers.day_after,
        baseline=answers.baseline,
        warming=answers.warming,
        tapering=answers.tapering,
        onset_min=answers.onset_min,
        settled=decision.settled,
        too_soon=case.now_utc < run.end_utc + timedelta(hours=case.settings.value(told.INFO, "day_after_h")),
        highest=max(highest, default=None),
        gate=decision.gate,
        rows=decision.rows,
        side=side_of(sides),
        overloaded=any(a.decision.overloaded for a in sides),
    )
