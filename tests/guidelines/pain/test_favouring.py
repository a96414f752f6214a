from dataclasses import replace

import pytest

from sensor_hub.guidelines.guidance import guide
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.guidance import notice_sentence
from tests.guidelines.cases import case_of
from tests.guidelines.histories import FEET, POD, run
from tests.guidelines.pain.diaries import pain


def with_share(days_ago: int, left: float | None, instrument: str = FEET) -> SessionSummary:
    both = Totals() if left is None else Totals(load_left_bw_s=left * 1000, load_right_bw_s=(1 - left) * 1000)
    session = run(days_ago, 8, instrument=instrument)
    totals = replace(session.totals, load_left_bw_s=both.load_left_bw_s, load_right_bw_s=both.load_right_bw_s)
    return replace(session, totals=totals)


def spared(shares: list[float | None], side: str = "L", **more: str) -> list[str]:
    sessions = [with_share(3 * k + 1, share, **more) for k, share in enumerate(reversed(shares))]
    notices = guide(case_of(sessions, [pain("during", 1, 1, side=side, warming="warm-up")])).notices
    return [notice_sentence(n) for n in notices if n.rule == "favouring"]


FALLING: list[float | None] = [0.51, 0.51, 0.51, 0.51, 0.51, 0.48, 0.48, 0.48]


def test_a_falling_share_of_the_leg_that_hurts_is_told_and_is_no_good_news() -> None:
    assert spared(FALLING) == [
        "Left: its share of the load fell from 51 to 48 % while it hurts: you may be favouring it."
    ]


@pytest.mark.parametrize("side", ["R", "both"])
def test_nothing_is_told_of_the_other_leg_or_where_both_hurt(side: str) -> None:
    assert spared(FALLING, side) == []


def test_one_pod_says_nothing_of_either_leg() -> None:
    assert spared([None] * 8, instrument=POD) == []


def test_a_share_that_stays_or_too_few_runs_say_nothing() -> None:
    assert spared([0.51] * 8) == []
    assert spared(FALLING[1:]) == []


def test_shares_of_two_instruments_are_not_compared() -> None:
    old = [with_share(30 + 3 * k, 0.53, instrument="imu/other") for k in range(5)]
    new = [with_share(3 * k + 1, 0.48) for k in range(3)]
    notices = guide(case_of([*old, *new], [pain("during", 1, 1, side="L")])).notices
    assert not [n for n in notices if n.rule == "favouring"]
