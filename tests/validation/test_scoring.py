from dataclasses import replace

import numpy as np
import pytest

from sensor_hub.signal.contacts import Contacts
from tests.validation.measures import by_quality, figures
from tests.validation.scoring import Scored, Truth, scored

ON = np.arange(1.0, 11.0, 0.7)
TRUTH = Truth.of_events(ON, ON + 0.25, speed_mps=3.0)
SPAN = (0.0, 12.0)


def found(on_s: np.ndarray, off_s: np.ndarray, sd_s: float = 0.02) -> Contacts:
    n = len(on_s)
    return Contacts(on_s, off_s, np.full(n, sd_s), np.full(n, 0.9), np.full(n, np.nan), np.zeros(n, dtype=bool))


def score(contacts: Contacts, truth: Truth = TRUTH, span: tuple[float, float] = SPAN, group: int = 0) -> Scored:
    return scored(truth, contacts, span, group)


def test_contacts_that_are_right_have_no_error() -> None:
    told = figures(score(found(ON, ON + 0.25)))
    assert (told["recall_pct"], told["precision_pct"], told["bias_ms"], told["sd_ms"]) == (100, 100, 0, 0)
    assert told["n_truth"] == told["n_found"] == len(ON)


def test_the_error_of_contact_time_is_that_of_toe_off_less_that_of_initial_contact() -> None:
    told = figures(score(found(ON + 0.004, ON + 0.25 - 0.006)))
    assert told["bias_ms"] == -10
    assert told["initial_contact_bias_ms"] == 4
    assert told["toe_off_bias_ms"] == -6


def test_a_missed_contact_costs_recall_and_an_invented_one_precision() -> None:
    missed = figures(score(found(ON[1:], ON[1:] + 0.25)))
    assert missed["recall_pct"] == pytest.approx(100 * (len(ON) - 1) / len(ON), abs=0.001)
    assert missed["precision_pct"] == 100
    extra = np.sort(np.append(ON, 5.5))
    invented = figures(score(found(extra, extra + 0.25)))
    assert invented["recall_pct"] == 100
    assert invented["precision_pct"] == pytest.approx(100 * len(ON) / (len(ON) + 1), abs=0.001)


def test_a_contact_of_unknown_length_is_not_recalled_yet_it_was_no_invention() -> None:
    off = ON + 0.25
    off[3] = np.nan
    told = figures(score(found(ON, off)))
    assert told["recall_pct"] == pytest.approx(100 * (len(ON) - 1) / len(ON), abs=0.001)
    assert told["precision_pct"] == 100


def test_contacts_that_an_end_of_the_recording_may_cut_are_not_scored() -> None:
    told = figures(score(found(ON[1:], ON[1:] + 0.25), span=(0.9, 12.0)))
    assert told["n_truth"] == len(ON) - 1
    assert told["recall_pct"] == 100
    # found and near the end: not held against the method either
    told = figures(score(found(ON, ON + 0.25), span=(0.9, 12.0)))
    assert told["precision_pct"] == 100


def test_what_is_found_beside_walking_is_neither_right_nor_wrong() -> None:
    walks = np.zeros(len(ON), dtype=bool)
    walks[4:7] = True
    told = figures(score(found(ON, ON + 0.25), truth=replace(TRUTH, wanted=~walks)))
    assert told["n_truth"] == told["n_found"] == len(ON) - 3
    assert told["precision_pct"] == 100


def test_spread_between_and_within_groups_is_told_apart() -> None:
    parts = []
    for group, bias in enumerate([-0.01, 0.0, 0.01]):
        wobble = 0.002 * (-1.0) ** np.arange(len(ON))
        parts.append(score(found(ON, ON + 0.25 + bias + wobble), group=group))
    told = figures(Scored.pooled(parts))
    assert told["n_groups"] == 3
    assert told["between_sd_ms"] == pytest.approx(10, abs=0.1)
    assert told["within_sd_ms"] == pytest.approx(2, abs=0.1)


def test_the_claimed_spread_covers_what_it_should() -> None:
    errors = np.linspace(-0.029, 0.029, len(ON))
    told = figures(score(found(ON, ON + 0.25 + errors, sd_s=0.015)))
    inside = np.mean(np.abs(errors) <= 0.015)
    assert told["within_1_sd_pct"] == pytest.approx(100 * inside, abs=0.001)
    assert told["within_2_sd_pct"] == 100


def test_nothing_found_is_unknown_and_no_zero() -> None:
    told = figures(score(Contacts.none()))
    assert told["recall_pct"] == 0
    assert told["precision_pct"] is None
    assert told["bias_ms"] is None
    assert told["sd_ms"] is None


def test_bins_of_quality_hold_every_row_once() -> None:
    scores = score(found(ON, ON + 0.25))
    bins = by_quality(replace(scores, quality=np.linspace(0, 1, len(ON))), n_bins=3)
    assert sum(int(b["n"] or 0) for b in bins) == len(ON)
    assert [b["quality"] for b in bins] == sorted(b["quality"] for b in bins if b["quality"] is not None)
