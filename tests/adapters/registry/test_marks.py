"""Marks on findings in the registry: the newest holds, through merges, erasures, exports and imports."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.finding import Finding
from sensor_hub.model.mark import FindingMark
from tests.adapters.web.hub import finding

NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
OF_ANA: Finding = finding("aaaaaaaa", scope="session:run-1")
OF_BEN: Finding = replace(OF_ANA, athlete="bbbbbbbb")


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as registry:
        registry.add_athlete("Ana", "UTC", pseudonym="aaaaaaaa")
        registry.add_athlete("Ben", "UTC", pseudonym="bbbbbbbb")
        yield registry


def test_a_finding_is_marked_as_it_is_and_the_newest_mark_holds(registry: Registry) -> None:
    first = registry.marks.put(OF_ANA, by="runner", at_utc=NOW)
    assert first == FindingMark("aaaaaaaa", OF_ANA.about, "limit", NOW, "runner")
    assert registry.marks.of("Ana") == {OF_ANA.id: first}
    risen = replace(OF_ANA, level="over-30")
    second = registry.marks.put(risen, by="coach", at_utc=LATER, until_utc=LATER + timedelta(days=1))
    assert registry.marks.of("aaaaaaaa") == {OF_ANA.id: second}
    assert registry.marks.of("Ben") == {}


def test_a_mark_is_taken_back_and_what_was_not_marked_stays_so(registry: Registry) -> None:
    registry.marks.put(OF_ANA, by="runner", at_utc=NOW)
    registry.marks.remove(replace(OF_ANA, measure="distance_m"))
    assert len(registry.marks.of("Ana")) == 1
    registry.marks.remove(OF_ANA)
    registry.marks.remove(OF_ANA)
    assert registry.marks.of("Ana") == {}


def test_of_somebody_whom_only_an_edge_knows_nothing_is_marked(registry: Registry) -> None:
    assert registry.marks.of("zzzzzzzz") == {}
    with pytest.raises(RegistryError, match="no athlete 'zzzzzzzz'"):
        registry.marks.put(replace(OF_ANA, athlete="zzzzzzzz"), by="page", at_utc=NOW)


def test_a_moment_without_a_zone_is_refused(registry: Registry) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        registry.marks.put(OF_ANA, by="page", at_utc=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(("of_ana", "of_ben", "by"), [(NOW, LATER, "ben"), (LATER, NOW, "ana")])
def test_a_merge_hands_marks_over_and_of_two_keeps_the_newer(
    registry: Registry, of_ana: datetime, of_ben: datetime, by: str
) -> None:
    alone = finding("aaaaaaaa", "distance_m", scope="session:run-1")
    registry.marks.put(alone, by="ana", at_utc=NOW)
    registry.marks.put(OF_ANA, by="ana", at_utc=of_ana)
    registry.marks.put(OF_BEN, by="ben", at_utc=of_ben)
    registry.merge_athletes("Ana", "Ben")
    marks = registry.marks.of("Ben")
    assert set(marks) == {OF_BEN.id, replace(alone, athlete="bbbbbbbb").id}
    assert marks[OF_BEN.id].by == by
    assert all(mark.athlete == "bbbbbbbb" for mark in marks.values())


def test_an_erased_person_leaves_no_mark(registry: Registry) -> None:
    registry.marks.put(OF_ANA, by="runner", at_utc=NOW)
    kept = registry.marks.put(OF_BEN, by="runner", at_utc=NOW)
    registry.erasing.finish("aaaaaaaa")
    assert registry.marks.of("Ben") == {OF_BEN.id: kept}
    assert [row[0] for row in registry.erasing.tables()["finding_marks"]] == ["bbbbbbbb"]


def test_marks_go_with_all_that_is_kept_of_a_person_and_come_back(registry: Registry) -> None:
    mark = registry.marks.put(OF_ANA, by="runner", at_utc=NOW, until_utc=LATER)
    whole = registry.persons.kept("Ana")
    assert whole.marks == (mark,)
    registry.erasing.finish("aaaaaaaa")
    registry.persons.restore(whole)
    assert registry.marks.of("Ana") == {OF_ANA.id: mark}
    newer = registry.marks.put(OF_ANA, by="coach", at_utc=LATER)
    registry.persons.restore(whole)
    assert registry.marks.of("Ana") == {OF_ANA.id: newer}, "what was marked here since stays"
