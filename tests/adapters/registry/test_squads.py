"""Squads: named once, filled and renamed, and nothing left in them of whoever is merged away or erased."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.registry.copying import copy_registry
from sensor_hub.adapters.registry.squads import MOST
from sensor_hub.errors import RegistryError
from sensor_hub.model.squad import Squad


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        for name in ("Anna", "Ben", "Cleo"):
            opened.add_athlete(name, "UTC")
        yield opened


def ids(registry: Registry, *names: str) -> tuple[str, ...]:
    return tuple(registry.athlete(name).id for name in names)


def test_a_squad_holds_its_athletes_by_name_once_each(registry: Registry) -> None:
    made = registry.squads.add(" Sprint  team ", ["cleo", "Anna", *ids(registry, "Anna")])
    assert made == Squad(made.id, "Sprint team", ids(registry, "Anna", "Cleo"))
    assert registry.squads.all() == [made]
    assert registry.squads.of("SPRINT TEAM") == registry.squads.of(made.id) == made


def test_squads_are_told_by_name_and_an_athlete_may_be_in_several(registry: Registry) -> None:
    young, fast = registry.squads.add("young", ["Anna"]), registry.squads.add("Fast", ["Anna", "Ben"])
    assert [squad.name for squad in registry.squads.all()] == ["Fast", "young"]
    assert registry.squads.of_athletes() == {
        ids(registry, "Anna")[0]: tuple(sorted((young.id, fast.id))),
        ids(registry, "Ben")[0]: (fast.id,),
    }


def test_a_name_is_taken_whatever_its_case(registry: Registry) -> None:
    squad = registry.squads.add("Sprint")
    with pytest.raises(RegistryError, match=r"there is a squad 'Sprint' already: give another name"):
        registry.squads.add("SPRINT")
    other = registry.squads.add("Other")
    with pytest.raises(RegistryError, match="already"):
        registry.squads.change(other.id, name="sprint")
    assert registry.squads.change(squad.id, name="sprint").name == "sprint"


def test_a_change_is_made_as_a_whole_or_not_at_all(registry: Registry) -> None:
    squad = registry.squads.add("Sprint", ["Anna"])
    with pytest.raises(RegistryError, match="Dora"):
        registry.squads.change(squad.id, name="Renamed", athletes=["Ben", "Dora"])
    assert registry.squads.all() == [squad]
    changed = registry.squads.change("sprint", athletes=["Ben", "Cleo"])
    assert changed == Squad(squad.id, "Sprint", ids(registry, "Ben", "Cleo"))
    assert registry.squads.change(squad.id, athletes=[]).athletes == ()


def test_who_comes_in_and_who_goes_leaves_everybody_elses_place_alone(registry: Registry) -> None:
    squad = registry.squads.add("Sprint", ["Anna"])
    registry.squads.change("sprint", joining=["Ben", "Anna"])
    assert registry.squads.change("sprint", joining=["Cleo"], leaving=["Anna"]).athletes == ids(registry, "Ben", "Cleo")
    assert registry.squads.change(squad.id, leaving=["Anna"]).athletes == ids(registry, "Ben", "Cleo")
    with pytest.raises(RegistryError, match="Dora"):
        registry.squads.change(squad.id, joining=["Anna"], leaving=["Dora"])
    assert registry.squads.of(squad.id).athletes == ids(registry, "Ben", "Cleo")


def test_two_who_fill_a_squad_at_once_both_have_it(registry_url: str, registry: Registry) -> None:
    squad = registry.squads.add("Sprint")
    both = threading.Barrier(2)

    def fill(who: str) -> None:
        with Registry(registry_url) as own:
            both.wait(30)
            own.squads.change(squad.id, joining=[who])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fill, ("Anna", "Ben")))
    assert registry.squads.of(squad.id).athletes == ids(registry, "Anna", "Ben")


def test_a_squad_that_is_removed_leaves_its_athletes(registry: Registry) -> None:
    registry.squads.add("Sprint", ["Anna"])
    registry.squads.remove("sprint")
    assert registry.squads.all() == []
    assert registry.squads.of_athletes() == {}
    assert registry.athlete("Anna").display_name == "Anna"


def test_one_that_is_not_there_is_named_with_those_that_are_near(registry: Registry) -> None:
    registry.squads.add("Marathon")
    with pytest.raises(RegistryError, match=r"no squad 'Maraton': did you mean 'Marathon'"):
        registry.squads.remove("Maraton")


@pytest.mark.parametrize("name", ["", "  ", "x" * 500])
def test_a_name_that_cannot_be_read_is_refused(registry: Registry, name: str) -> None:
    with pytest.raises(RegistryError, match="squad name"):
        registry.squads.add(name)


def test_there_are_no_more_than_a_page_can_offer(registry: Registry) -> None:
    for i in range(MOST):
        registry.squads.add(f"squad {i}")
    with pytest.raises(RegistryError, match="remove one"):
        registry.squads.add("one more")


def test_who_is_merged_gives_their_places_to_the_other(registry: Registry) -> None:
    registry.squads.add("Both", ["Anna", "Ben"])
    registry.squads.add("One", ["Anna"])
    registry.merge_athletes("Anna", "Ben")
    assert {squad.name: squad.athletes for squad in registry.squads.all()} == {
        "Both": ids(registry, "Ben"),
        "One": ids(registry, "Ben"),
    }


def test_nothing_is_left_in_a_squad_of_who_is_erased(registry: Registry) -> None:
    registry.squads.add("Sprint", ["Anna", "Ben"])
    gone = registry.athlete("Anna").id
    registry.erasing.finish(gone)
    assert registry.squads.all()[0].athletes == ids(registry, "Ben")
    assert not any(gone in row for rows in registry.erasing.tables().values() for row in rows)


def test_squads_move_with_the_whole_registry(registry: Registry, tmp_path: Path) -> None:
    registry.squads.add("Sprint", ["Anna", "Ben"])
    target = f"sqlite:///{tmp_path / 'moved.db'}"
    copy_registry(registry.url, target)
    with Registry(target) as moved:
        assert moved.squads.all() == registry.squads.all()
