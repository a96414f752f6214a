"""All that the diary rules say now: red flags, referrals, stops, cautions, patterns, and what is not known."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.pain.accounts import Account, accounts
from sensor_hub.guidelines.pain.emergency import red_flags
from sensor_hub.guidelines.pain.favouring import favouring
from sensor_hub.guidelines.pain.first_signs import first_signs
from sensor_hub.guidelines.pain.flares import flares
from sensor_hub.guidelines.pain.open_questions import open_questions
from sensor_hub.guidelines.pain.patterns import patterns
from sensor_hub.guidelines.pain.referral import referrals
from sensor_hub.guidelines.pain.responses import LAST_DAYS
from sensor_hub.guidelines.pain.running import running_notices
from sensor_hub.guidelines.pain.said_days import SaidDays
from sensor_hub.guidelines.pain.symptoms import symptoms
from sensor_hub.guidelines.pain.worsening import worsening
from sensor_hub.model.guidance import WEIGHTS, Notice


def diary_notices(case: Case, told: Sequence[Sequence[Account]] | None = None) -> list[Notice]:
    """Return what the diary rules say, heaviest first. told : ``accounts`` of the case, where they are at hand."""
    said = SaidDays.of(case)
    told = accounts(case, LAST_DAYS) if told is None else told
    notices = [
        *red_flags(case),
        *referrals(case, said),
        *worsening(case, said, told),
        *running_notices(case, said, told),
        *flares(case, said),
        *patterns(case, told),
        *first_signs(case, said),
        *favouring(case, said),
        *symptoms(case, said),
        *open_questions(case, said, told),
    ]
    return sorted(_joined(notices), key=lambda notice: WEIGHTS.index(notice.weight))


def _joined(notices: Iterable[Notice]) -> list[Notice]:
    """Make one of two that differ in nothing but the side."""
    found: dict[tuple[object, ...], Notice] = {}
    for notice in notices:
        rest = tuple(sorted((name, str(fact)) for name, fact in notice.facts.items() if name != "side"))
        key = (notice.rule, notice.key, notice.rows, notice.weight, notice.since, notice.sid, rest)
        if key in found:
            found[key] = replace(notice, facts=notice.facts | {"side": "both"})
        else:
            found[key] = notice
    return list(found.values())
