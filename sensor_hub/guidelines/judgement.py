"""A value held against a limit: how far, how sure, and what that is called. Shared by all load rules."""

import math
from dataclasses import dataclass
from typing import Final, Literal

from sensor_hub.model.finding import FindingMeasure, Level
from sensor_hub.model.load import Measure

ALERT_PROBABILITY: Final = 0.8
TOO_CLOSE_PROBABILITY: Final = 0.5
# Ours: so little chance may be left, times the square of how many earlier runs were about as high. The 0.8 alone would
# alert up to one time in six without any change where a number is as uncertain as hard load; below a spread of 3.2 % a
# session this adds nothing. Each further high run is one that chance has already lifted, so less is asked. Chosen so
# that false alarms stay below 1 % of sessions at the claimed spread (tests/validation/load_alarms.py).
CHANCE: Final = 0.001
MOST_CHANCE: Final = 0.5
NEAR: Final = 0.9  # of the limit
VAGUE: Final = 0.5  # ours: spread over value from which being too close to call is no news
OVER_30: Final = 1.3  # of the reference
OVER_100: Final = 2.0

Confidence = Literal["learning", "low", "normal"]
Certainty = Literal["above", "too-close", "below"]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that may be uncertain (sd) and may be only partly seen (high > value).

    n_like : of the highest of several, how many lie within one standard deviation of their difference from it.
    missing : of a sum, a part of it is not known at all, so that ``high`` bounds only the rest.
    """

    value: float
    high: float
    sd: float = 0.0
    n_like: int = 1
    missing: bool = False

    @property
    def lower_bound(self) -> bool:
        """True if part of it was not recorded."""
        return self.missing or self.high > self.value


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule found; level is None where there is nothing to say."""

    measure: Measure
    amount: Amount
    reference: Amount
    limit: float
    level: Level | None
    certainty: Certainty
    probability: float
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule has to say of a run or a week; the numbers are in the measure's unit.

    informs : it asks for nothing whatever the policy says, as what was said before goes on.
    """

    measure: FindingMeasure
    level: Level
    certainty: Certainty
    probability: float
    value: float
    reference: float
    limit: float
    window_days: int
    confidence: Confidence = "normal"
    lower_bound: bool = False
    informs: bool = False


def found(judged: Judgement | None, window_days: int) -> Found | None:
    """Return what a judgement has to say; None where that is nothing."""
    if judged is None or judged.level is None:
        return None
    return Found(
        measure=judged.measure,
        level=judged.level,
        certainty=judged.certainty,
        probability=round(judged.probability, 6),
        value=judged.amount.value,
        reference=judged.reference.value,
        limit=judged.limit,
        window_days=window_days,
        confidence=judged.confidence,
        lower_bound=judged.amount.lower_bound,
    )


def probability_above(amount: Amount, reference: Amount, factor: float) -> float:
    """Probability that the true amount is above ``factor`` x the true reference, errors normal and independent."""
    spread = math.hypot(amount.sd, factor * reference.sd)
    excess = amount.value - factor * reference.value
    if spread == 0:
        return 1.0 if excess > 0 else 0.0
    return 0.5 * (1.0 + math.erf(excess / spread / math.sqrt(2.0)))


def stands_out(amount: Amount, reference: Amount) -> bool:
    """Whether an amount is so far above its reference that chance alone hardly takes it there."""
    highest = Amount(reference.high, reference.high, reference.sd)
    return 1.0 - probability_above(amount, highest, 1.0) <= min(MOST_CHANCE, CHANCE * reference.n_like**2)


def judge(
    measure: Measure,
    amount: Amount,
    reference: Amount,
    factor: float,
    confidence: Confidence,
    probability: float = ALERT_PROBABILITY,
) -> Judgement:
    """Hold an amount against ``factor`` x reference.

    "above" needs a ``probability`` of being above the limit, and an amount that stands out from chance. A reference
    that is only partly known lies between its value and its high end. It must be passed at the high end to be "above";
    passed at the low end only, it is "too close to call".
    """
    at_least = probability_above(amount, Amount(reference.high, reference.high, reference.sd), factor)
    at_most = probability_above(amount, reference, factor)
    certainty: Certainty = "below"
    if at_least >= probability and stands_out(amount, reference):
        certainty = "above"
    elif at_most >= TOO_CLOSE_PROBABILITY:
        certainty = "too-close"
    limit = factor * reference.value
    return Judgement(
        measure=measure,
        amount=amount,
        reference=reference,
        limit=limit,
        level=_level(amount, reference, limit, certainty),
        certainty=certainty,
        probability=at_least,
        confidence=confidence,
    )


def _level(amount: Amount, reference: Amount, limit: float, certainty: Certainty) -> Level | None:
    if certainty == "below":
        # below the limit as far as it was seen is unknown, not near; a sum that was near without what is missing stays
        return "near" if amount.value >= NEAR * limit and amount.high <= amount.value else None
    if certainty == "too-close" and amount.sd > VAGUE * amount.value:
        return None  # neither yes nor no, and hardly a number: there is nothing to tell
    if amount.value > OVER_100 * reference.high:
        return "over-100"
    if amount.value > OVER_30 * reference.high:
        return "over-30"
    return "limit"
