"""Ratios on the command line: shown with what they are worth, a dash where nobody can know."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Cli

N_DAYS = 36


def test_a_runner_with_five_weeks_sees_ratios_and_what_they_are_worth(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    today = datetime.now(UTC).date()
    for n in range(0, N_DAYS, 3):
        day = (today - timedelta(days=n + 1)).isoformat()
        cli.ok("session", "add", "--on", day, "--km", "5", "--time", "30:00", "--athlete", "Ana")
    told = cli.ok("load", "status", "--athlete", "Ana", "--json").json
    distance, load = told["ratios"]
    assert (distance["measure"], load["measure"]) == ("distance_m", "load_eq_km")
    assert distance["rolling"] == pytest.approx((2 * 5 / 7) / (9 * 5 / 28))
    assert (load["rolling"], load["weighted"], load["reason"]) == (None, None, "unknown-run")
    assert "not supported by evidence" in told["ratios_note"]
    text = " ".join(cli.ok("load", "status", "--athlete", "Ana").out.split())
    assert "Distance, last 7 over last 28 days: " in text
    assert "(of a run it is not known)" in text
    assert "Impellizzeri et al. 2020" in text
