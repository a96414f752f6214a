"""Every version of a runner's load reference is kept, and one of them is active."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.load import LoadReference
from sensor_hub.model.reference import Learned

FOOT = "imu/foot/foot-1.0"
MODEL = "achilles-1.0.0"
LEARNED = Learned(
    LoadReference("", 0.3612345678901234, 0.25, 5.4321, MODEL, FOOT, date(2026, 11, 21), 6, 12_000.5, 1.04),
    at_easy_speed=True,
)


def with_(**changes: object) -> Learned:
    return replace(LEARNED, reference=replace(LEARNED.reference, **changes))  # type: ignore[arg-type]


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        opened.add_athlete("Anna", "UTC")
        opened.add_athlete("Bert", "UTC")
        yield opened


def test_a_reference_comes_back_bit_for_bit_for_its_athlete_instrument_and_model_only(registry: Registry) -> None:
    kept = registry.references.keep("anna", LEARNED, asked=False)
    assert kept.reference == replace(LEARNED.reference, id="ref-own-1")
    assert (kept.athlete, kept.made, kept.before) == (registry.athlete("Anna").id, "first", "ref-pop-1")
    assert (kept.active, kept.at_easy_speed) == (True, True)
    assert registry.references.active("Anna", FOOT, MODEL) == kept
    assert registry.references.active("Anna", "imu/feet/foot-1.0", MODEL) is None
    assert registry.references.active("Anna", FOOT, "achilles-1.0.1") is None
    assert registry.references.active("Bert", FOOT, MODEL) is None
    assert registry.references.all() == registry.references.all("Anna") == [kept]
    assert registry.references.all("Bert") == []
    with pytest.raises(RegistryError, match="'Carla'"):
        registry.references.active("Carla", FOOT, MODEL)


def test_a_new_version_is_active_and_the_old_one_stays(registry: Registry) -> None:
    first = registry.references.keep("Anna", LEARNED, asked=False)
    later = replace(with_(step_time_s=0.37, learned_on=date(2027, 2, 1)), at_easy_speed=False)
    second = registry.references.keep("Anna", later, asked=True)
    assert second.reference.id == "ref-own-2"
    assert (second.made, second.before, second.at_easy_speed) == ("asked", "ref-own-1", False)
    assert registry.references.all("Anna") == [replace(first, active=False), second]
    assert registry.references.active("Anna", FOOT, MODEL) == second


def test_what_is_learned_by_itself_is_kept_as_the_first_only(registry: Registry) -> None:
    first = registry.references.keep("Anna", LEARNED, asked=False)
    assert registry.references.keep("Anna", with_(step_time_s=0.37), asked=False) == first
    assert registry.references.all() == [first]
    other = registry.references.keep("Anna", with_(model="achilles-2.0.0"), asked=False)
    assert other.before == "ref-pop-1"
    assert [kept.active for kept in registry.references.all()] == [True, True]


def test_programs_that_learn_at_once_make_one_first_version(registry: Registry) -> None:
    together = Barrier(4)
    kept = []

    def learn() -> None:
        together.wait()
        kept.append(registry.references.keep("Anna", LEARNED, asked=False))

    threads = [Thread(target=learn) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept == [kept[0]] * 4
    assert len(registry.references.all()) == 1


def test_a_merge_keeps_every_version_under_its_name_and_the_later_one_active(registry: Registry) -> None:
    older = registry.references.keep("Anna", LEARNED, asked=False)
    newer = registry.references.keep("Bert", with_(learned_on=date(2027, 1, 1)), asked=False)
    alone = registry.references.keep("Anna", with_(instrument="contact/watch"), asked=False)
    bert = registry.merge_athletes("Anna", "Bert")
    kept = registry.references.all("Bert")
    assert {k.athlete for k in kept} == {bert.id}
    assert [k.reference.id for k in kept] == [alone.reference.id, older.reference.id, newer.reference.id]
    assert registry.references.active("Bert", FOOT, MODEL) == newer
    assert registry.references.active("Bert", "contact/watch", MODEL) == replace(alone, athlete=bert.id)
    assert [k.active for k in kept] == [True, False, True]


def test_a_merge_does_not_put_an_earlier_reference_before_a_later_one(registry: Registry) -> None:
    registry.references.keep("Anna", with_(learned_on=date(2027, 1, 1)), asked=False)
    registry.references.keep("Bert", LEARNED, asked=False)
    registry.merge_athletes("Anna", "Bert")
    found = registry.references.active("Bert", FOOT, MODEL)
    assert found is not None
    assert found.reference.learned_on == date(2027, 1, 1)


def test_a_height_is_optional_and_checked(registry: Registry) -> None:
    assert registry.athlete("Anna").height_m is None
    assert registry.add_athlete("Cara", "UTC", height_m=1.68).height_m == 1.68
    assert registry.set_athlete("Anna", height_m=1.81).height_m == 1.81
    with pytest.raises(RegistryError, match=r"height 181 m is not between 0.8 and 2.5 m"):
        registry.set_athlete("Anna", height_m=181)
    assert registry.athlete("Anna").height_m == 1.81
    assert registry.set_athlete("Anna", height_m=None).height_m is None
