"""Pairs of shoes: named once, put right, retired and brought back, found by id or name."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Shoe

RETIRED_UTC = datetime(2026, 3, 1, 3, tzinfo=UTC)


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        opened.add_athlete("Anna", "UTC")
        opened.add_athlete("Ben", "UTC")
        yield opened


def test_a_pair_is_found_by_its_id_and_by_its_name_in_any_case(registry: Registry) -> None:
    added = registry.shoes.add("Anna", " Road  Runner ", drop_mm=8, start_distance_m=120_000)
    anna = registry.athlete("Anna").id
    assert added == Shoe(added.id, anna, "Road Runner", 8.0, 120_000.0, None)
    assert [registry.shoes.of(who, what) for who, what in (("Anna", added.id), (anna, "road runner"))] == [added, added]
    assert registry.shoes.all() == registry.shoes.all("anna") == [added]
    assert registry.shoes.all("Ben") == []


def test_a_pair_of_somebody_else_is_not_found(registry: Registry) -> None:
    of_ben = registry.shoes.add("Ben", "Trail")
    registry.shoes.add("Anna", "Trial")
    with pytest.raises(RegistryError, match=r"no pair of shoes 'Trail'.*did you mean 'Trial'"):
        registry.shoes.of("Anna", "Trail")
    with pytest.raises(RegistryError, match=f"no pair of shoes '{of_ben.id}'"):
        registry.shoes.of("Anna", of_ben.id)


def test_whoever_has_no_pair_is_told_how_to_add_one(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="Anna has none yet, add one with `sensor-hub shoe add`"):
        registry.shoes.of("Anna", "Road")


def test_an_athlete_gives_a_name_once_and_two_athletes_may_give_the_same(registry: Registry) -> None:
    road = registry.shoes.add("Anna", "Road")
    registry.shoes.add("Ben", "Road")
    with pytest.raises(RegistryError, match=rf"a pair 'Road' already \({road.id}\)"):
        registry.shoes.add("Anna", "ROAD")
    registry.shoes.retire(road.id, RETIRED_UTC)
    with pytest.raises(RegistryError, match="retired"):
        registry.shoes.add("Anna", "road")
    assert [shoe.name for shoe in registry.shoes.all("Anna")] == ["Road"]


def test_set_changes_what_is_given_and_all_of_it_or_nothing(registry: Registry) -> None:
    road = registry.shoes.add("Anna", "Road", drop_mm=8, start_distance_m=5000)
    registry.shoes.add("Anna", "Trail")
    assert registry.shoes.set(road.id, name="road") == Shoe(road.id, road.athlete, "road", 8.0, 5000.0)
    assert registry.shoes.set(road.id, drop_mm=None, start_distance_m=0).drop_mm is None
    for wrong in ({"name": "trail"}, {"name": " "}, {"drop_mm": 400.0}, {"start_distance_m": -1.0}):
        with pytest.raises(RegistryError):
            registry.shoes.set(road.id, **({"name": "Other"} | wrong))
    assert registry.shoes.of("Anna", road.id) == Shoe(road.id, road.athlete, "road", None, 0.0)
    with pytest.raises(ValueError, match="no colour"):
        registry.shoes.set(road.id, colour="red")  # type: ignore[call-arg]


def test_a_pair_is_retired_and_brought_back(registry: Registry) -> None:
    road = registry.shoes.add("Anna", "Road")
    tokyo = RETIRED_UTC.astimezone(timezone(timedelta(hours=9)))
    assert registry.shoes.retire(road.id, tokyo).retired_utc == RETIRED_UTC
    assert registry.shoes.of("Anna", "Road").retired_utc == RETIRED_UTC
    assert registry.shoes.retire(road.id, None) == road


def test_a_removed_pair_is_gone_and_its_name_is_free(registry: Registry) -> None:
    road = registry.shoes.add("Anna", "Road")
    assert registry.shoes.remove(road.id) == road
    assert registry.shoes.all() == []
    for call in (registry.shoes.remove, registry.shoes.set):
        with pytest.raises(RegistryError, match="no shoe"):
            call(road.id)
    assert registry.shoes.add("Anna", "Road").id != road.id


def test_pairs_of_two_who_were_merged_may_share_a_name_and_are_told_apart_by_id(registry: Registry) -> None:
    mine, theirs = registry.shoes.add("Anna", "Road"), registry.shoes.add("Ben", "road", start_distance_m=7000)
    registry.merge_athletes("Ben", "Anna")
    with pytest.raises(RegistryError, match=rf"2 pairs are named 'Road': give an id, .*{theirs.id} \(7 km before\)"):
        registry.shoes.of("Anna", "Road")
    assert registry.shoes.of("Anna", mine.id) == mine
    assert registry.shoes.set(theirs.id, name="Road 2").name == "Road 2"
    assert registry.shoes.of("Anna", "Road") == mine
