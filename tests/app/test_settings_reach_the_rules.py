"""What an athlete sets of the rules reaches findings, headroom and the lines of the page; taking it back undoes it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.app.board import Board
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.sids import new_sid
from sensor_hub.config import Settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import Said, SayProfile, SetPolicy, SetRule
from sensor_hub.model.edit import Entry, Undo
from tests.app.histories import ended, header, keep

NOW_UTC = datetime.now(UTC).replace(microsecond=0)
NOON_UTC = NOW_UTC.replace(hour=12, minute=0, second=0)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(Settings(data_dir=tmp_path)) as opened:
        yield opened


@pytest.fixture
def ana(archive: Archive) -> Athlete:
    """Runs of 10 km every other day for six weeks, and one of 12 km yesterday."""
    who = archive.registry.add_athlete("Ana", "UTC")
    runs = [ended(header(who, f"run-{n}"), NOON_UTC - timedelta(days=n), 10.0) for n in range(3, 43, 2)]
    keep(archive.recorded, [*runs, ended(header(who, "long"), NOON_UTC - timedelta(days=1), 12.0)], "edge-1")
    return who


def say(archive: Archive, who: Athlete, said: Said | Undo) -> str:
    entry = Entry(new_sid(NOW_UTC), who.id, NOW_UTC, "test", said)
    assert archive.registry.journal.append([entry])
    archive.store.journal.forget()
    return entry.id


def judged(archive: Archive, who: Athlete) -> dict[str, str]:
    archive.ingest.judge(who, (NOON_UTC - timedelta(days=1)).date(), notify=False)
    standing = (f for f in archive.store.findings(who.id) if not f.withdrawn and f.level != "near")
    return {f.rule: f.severity for f in standing if f.measure != "load_eq_km"}


def limit_m(archive: Archive, who: Athlete) -> tuple[float | None, float | None]:
    view = Board(archive.store, archive.registry).athlete(who.id)
    assert view is not None
    return view.load.headroom[0].limit, view.days[-1].limit_distance_m


def test_a_factor_that_is_set_moves_finding_headroom_and_line_and_goes_back(archive: Archive, ana: Athlete) -> None:
    assert judged(archive, ana)["session-limit"] == "alert"
    assert limit_m(archive, ana) == pytest.approx((13_200, 11_000))
    entry = say(archive, ana, SetRule("session-limit", "factor", 1.5))
    assert "session-limit" not in judged(archive, ana)
    assert limit_m(archive, ana) == pytest.approx((18_000, 15_000))
    say(archive, ana, Undo(entry))
    assert judged(archive, ana)["session-limit"] == "alert"


def test_a_rule_that_is_off_says_nothing_and_the_least_rest_of_the_profile_is_a_rule(
    archive: Archive, ana: Athlete
) -> None:
    say(archive, ana, SetRule("session-limit", "on", 0.0))
    say(archive, ana, SayProfile(rest_h=60.0))
    assert judged(archive, ana)["run-spacing"] == "alert"
    assert "session-limit" not in judged(archive, ana)
    say(archive, ana, SayProfile(forget=("rest_h",)))
    assert "run-spacing" not in judged(archive, ana)


def test_nobody_elses_settings_are_taken_for_ones_own(archive: Archive, ana: Athlete) -> None:
    other = archive.registry.add_athlete("Bea", "UTC")
    say(archive, other, SetPolicy("strict"))
    say(archive, other, SetRule("session-limit", "on", 0.0))
    assert archive.store.settings(other.id).policy == "strict"
    assert archive.store.settings(ana.id).policy == "balanced"
    assert judged(archive, ana)["session-limit"] == "alert"
