"""Findings on the command line: listed, marked as seen, put off, taken back; what is no longer true."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def above(cli: Cli) -> Cli:
    """Ana ran 5 km a week for four weeks, and 12 yesterday."""
    cli.ok("athlete", "add", "Ana", "--zone", "UTC")
    today = datetime.now(UTC).date()
    for back, km in ((29, 5), (22, 5), (15, 5), (8, 5), (1, 12)):
        day = (today - timedelta(days=back)).isoformat()
        cli.ok("session", "add", "--on", day, "--km", str(km), "--time", "60:00", "--athlete", "Ana")
    return cli


def of_the_run(cli: Cli, *more: str) -> dict[str, Any]:
    found = cli.ok("finding", "list", "--athlete", "Ana", "--json", *more).json
    one: dict[str, Any] = next(f for f in found if f["rule"] == "session-limit")
    return one


def test_a_finding_is_seen_put_off_and_taken_back(above: Cli) -> None:
    found = of_the_run(above)
    assert (found["level"], found["mark"]) == ("over-100", None)
    said = above.ok("finding", "ack", found["id"][:8], "--athlete", "Ana").out
    assert said.strip().endswith("[seen]")
    assert of_the_run(above)["mark"]["holds"] is True
    put_off = above.ok("finding", "snooze", found["id"], "--until", "3-days", "--athlete", "Ana", "--json").json
    until = datetime.fromisoformat(put_off["mark"]["until_utc"])
    assert timedelta(days=2) < until - datetime.now(UTC) < timedelta(days=4)
    assert "[put off until" in above.ok("finding", "list", "--athlete", "Ana").out
    assert above.ok("finding", "unmark", found["id"], "--athlete", "Ana", "--json").json["mark"] is None
    assert of_the_run(above)["mark"] is None


def test_what_is_not_there_and_what_is_no_longer_true_is_marked_by_nobody(above: Cli) -> None:
    found = of_the_run(above)
    assert "no finding 'ffff'" in above.refused("finding", "ack", "ffff", "--athlete", "Ana")
    assert above("finding", "snooze", found["id"], "--until", "ever", "--athlete", "Ana").code == 2
    above.ok("rules", "set", "session-limit", "off", "--athlete", "Ana")
    assert "no finding" in above.refused("finding", "ack", found["id"], "--athlete", "Ana")
    assert of_the_run(above, "--withdrawn")["withdrawn"] is True


def test_somebody_without_findings_is_told_so(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ben", "--zone", "UTC")
    assert cli.ok("finding", "list", "--athlete", "Ben").out.strip() == "no finding"
    assert cli.ok("finding", "list", "--athlete", "Ben", "--json").json == []
