"""The figures of false alarms: judged as the product judges, and able to tell a rule that alerts too easily."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sensor_hub.guidelines import judgement
from sensor_hub.guidelines.history import Run, Yardstick
from sensor_hub.guidelines.judgement import Amount, judge
from tests.validation.load_alarms import (
    EASY,
    FAST,
    N_EARLIER,
    RULE,
    Claim,
    alarm_rate,
    eq_km_claims,
    hard_claim,
    own_line_model,
    reference_bias,
    wilson,
)

FEW = 2000
TODAY = date(2026, 11, 20)


def claims() -> list[Claim]:
    model = own_line_model()
    return [*eq_km_claims(), hard_claim(model, EASY), hard_claim(model, FAST)]


def run_of(days_ago: int, eq_km: float, sd: float) -> Run:
    day = TODAY - timedelta(days=days_ago)
    return Run(
        sid=str(days_ago), day=day, end_utc=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), distance_m=None,
        load_eq_km=eq_km, load_eq_km_sd=sd, hard_load_bw_s=None, hard_load_sd=0.0, load_bw_s=300 * eq_km, coverage=1.0,
        yardstick=Yardstick("imu", "imu/foot/foot-1.0", "achilles-1.0.0"), reference="ref-pop-1", origin="live",
        ended=True, start_utc=datetime(day.year, day.month, day.day, 8, tzinfo=UTC),
    )  # fmt: skip


def test_without_any_change_fewer_than_one_session_in_a_hundred_alerts_at_the_claimed_spread() -> None:
    for claim in claims():
        for case in N_EARLIER:
            found = alarm_rate(case, claim, FEW)
            assert found.low < 0.01, (case, claim.name, found.rate)
            assert found.n > 0.9 * FEW


def test_the_simulation_would_tell_a_rule_that_alerts_too_easily(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "CHANCE", 0.5)
    found = alarm_rate("two sessions", hard_claim(own_line_model(), FAST), FEW)
    assert found.low > 0.05


def test_more_noise_than_claimed_alerts_more_and_a_true_rise_is_told() -> None:
    product = next(eq_km_claims())
    rates = [alarm_rate("two sessions", product, FEW, noise=noise).rate for noise in (1.0, 1.5, 2.0)]
    assert rates == sorted(rates)
    assert rates[-1] > 0.02
    assert alarm_rate("two sessions", product, FEW, change=1.3).rate > 0.95


def test_noise_lifts_the_highest_of_several_equal_runs() -> None:
    bias = list(reference_bias(FEW).values())
    assert bias == sorted(bias)
    assert abs(bias[0]) < 0.002 < 0.03 < bias[-1] < 0.07


def test_amounts_are_judged_as_the_rule_judges_runs() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        before, now = rng.normal(10.0, 0.4, 12), float(rng.normal(11.5, 0.6))
        runs = [run_of(17 + i, float(v), 0.3) for i, v in enumerate(before)]
        by_rule = RULE.judge(runs, run_of(0, now, 0.35))
        highest = float(before.max())
        n_like = int(np.count_nonzero(highest - before <= 0.3 * 2**0.5))
        reference = Amount(highest, highest, 0.3, n_like)
        assert by_rule == judge("load_eq_km", Amount(now, now, 0.35), reference, RULE.factor, "normal")


def test_an_interval_holds_its_share_and_a_share_of_none_is_refused() -> None:
    low, high = wilson(3, 100)
    assert 0 < low < 0.03 < high < 0.09
    assert wilson(0, 50)[0] == 0.0
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)
