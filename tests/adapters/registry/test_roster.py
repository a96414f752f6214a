"""Lines of a roster: ended, never overwritten; handed over on a merge."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.roster import RosterLine

EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        yield opened


def pod(registry: Registry, n: int) -> str:
    return registry.add_device(f"C0:00:00:00:00:0{n}", f"Pod {n}", "standard-rsc").id


def line(device: str, athlete: str, from_utc: datetime = EVENING, hours: float = 4) -> RosterLine:
    return RosterLine(0, device, athlete, "L", None, from_utc, from_utc + hours * HOUR)


def test_a_line_that_another_follows_is_ended_and_stays(registry: Registry) -> None:
    ana, ben, one = registry.add_athlete("Ana", "UTC").id, registry.add_athlete("Ben", "UTC").id, pod(registry, 1)
    registry.rosters.write([line(one, ana)], EVENING)
    registry.rosters.write([line(one, ben, EVENING + HOUR)], EVENING + HOUR)
    first, second = registry.rosters.lines()
    assert (first.athlete, first.from_utc, first.until_utc) == (ana, EVENING, EVENING + HOUR)
    assert (second.athlete, second.until_utc) == (ben, EVENING + 5 * HOUR)
    assert registry.rosters.lines(EVENING + 2 * HOUR) == [second]
    for at_utc, whose in ((EVENING, ana), (EVENING + HOUR, ben)):
        assert [held.athlete for held in registry.rosters.devices_and_lines(at_utc)[1]] == [whose]
    assert registry.rosters.devices_and_lines(EVENING + 5 * HOUR)[1] == []


def test_a_line_ended_when_it_began_was_never_there(registry: Registry) -> None:
    ana, one = registry.add_athlete("Ana", "UTC").id, pod(registry, 1)
    registry.rosters.write([line(one, ana)], EVENING)
    registry.rosters.write([], EVENING, ending=[one])
    assert registry.rosters.lines() == []


def test_of_several_lines_all_are_written_or_none_and_nothing_is_ended(registry: Registry) -> None:
    ana, one = registry.add_athlete("Ana", "UTC").id, pod(registry, 1)
    registry.rosters.write([line(one, ana)], EVENING)
    before = registry.rosters.lines()
    for wrong in (line("nosuchid", ana), line(one, "nobody"), line(one, ana, EVENING + HOUR, hours=0)):
        with pytest.raises(RegistryError):
            registry.rosters.write([line(one, ana, EVENING + HOUR), wrong], EVENING + HOUR)
        assert registry.rosters.lines() == before


def test_a_merge_hands_over_the_lines(registry: Registry) -> None:
    ana, ann, one = registry.add_athlete("Ana", "UTC").id, registry.add_athlete("Ann", "UTC").id, pod(registry, 1)
    registry.rosters.write([line(one, ann)], EVENING)
    registry.merge_athletes(ann, ana)
    assert [kept.athlete for kept in registry.rosters.lines()] == [ana]


def test_what_a_forgotten_pod_was_stays_known(registry: Registry) -> None:
    ana, one = registry.add_athlete("Ana", "UTC").id, pod(registry, 1)
    registry.rosters.write([line(one, ana)], EVENING)
    registry.remove_device(one)
    assert [kept.device for kept in registry.rosters.lines()] == [one]
