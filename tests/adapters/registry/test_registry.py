import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.registry import Registry
from sensor_hub.errors import RegistryError
from sensor_hub.model.athlete import Athlete

PSEUDONYM = re.compile(r"[a-z2-7]{8}")


@pytest.fixture
def registry(registry_url: str) -> Iterator[Registry]:
    with Registry(registry_url) as opened:
        yield opened


def test_an_athlete_is_found_by_pseudonym_and_by_name_in_any_case(registry: Registry) -> None:
    added = registry.add_athlete("Anna Müller", "Europe/Berlin", mass_kg=58.5, week_start=7)
    assert PSEUDONYM.fullmatch(added.id)
    assert added == Athlete(added.id, "Anna Müller", "Europe/Berlin", 58.5, 7, simulated=False)
    for wanted in (added.id, "Anna Müller", "anna  MÜLLER", "Anna Mu\u0308ller"):
        assert registry.athlete(wanted) == added


def test_what_was_added_is_there_after_reopening(registry_url: str) -> None:
    url = registry_url.replace("registry.db", "deep/registry.db")
    with Registry(url) as first:
        athlete = first.add_athlete("Anna", "Asia/Tokyo", simulated=True)
        device = first.add_device("AA:BB", "left pod", "standard-rsc", athlete="Anna", side="L", mount="foot")
        shoe = first.shoes.add("Anna", "Old faithful", drop_mm=8, start_distance_m=250_000)
        shoe = first.shoes.retire(shoe.id, datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=9))))
    with Registry(url) as second:
        assert second.athletes() == [athlete]
        assert second.devices("Anna") == [device]
        assert second.shoes.all("Anna") == [shoe]
        assert shoe.retired_utc == datetime(2026, 3, 1, 3, tzinfo=UTC)
        assert second.shoes.retire(shoe.id, None).retired_utc is None


def test_an_unknown_athlete_is_refused_with_near_names(registry: Registry) -> None:
    with pytest.raises(RegistryError, match="there is none yet"):
        registry.athlete("Anna")
    registry.add_athlete("Johanna", "UTC")
    registry.add_athlete("Bert", "UTC")
    with pytest.raises(RegistryError, match="no athlete 'Johana': did you mean 'Johanna'"):
        registry.athlete("Johana")
    with pytest.raises(RegistryError, match="known are 'Bert', 'Johanna'"):
        registry.athlete("zzz")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"zone": "Europe/Berln"}, "did you mean 'Europe/Berlin'"),
        ({"zone": "Europe"}, "unknown time zone"),
        ({"zone": "../etc/passwd"}, "unknown time zone"),
        ({"zone": "qqqqqqqqqqqq"}, "give an IANA name"),
        ({"mass_kg": 19.9}, "not between 20 and 250 kg"),
        ({"mass_kg": float("nan")}, "not between 20 and 250 kg"),
        ({"week_start": 0}, "1 is Monday"),
        ({"week_start": 8}, "1 is Monday"),
        ({"name": "  "}, "empty"),
        ({"name": "x" * 81}, "81 characters"),
        ({"name": "a\x00b"}, "cannot be shown"),
        ({"name": "BERT"}, "taken"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_add_and_by_set_and_changes_nothing(
    registry: Registry, values: dict[str, Any], said: str
) -> None:
    registry.add_athlete("Bert", "UTC")
    anna = registry.add_athlete("Anna", "UTC", mass_kg=60)
    before = registry.athletes()
    with pytest.raises(RegistryError, match=said):
        registry.add_athlete(**({"name": "Carla", "zone": "UTC"} | values))
    with pytest.raises(RegistryError, match=said):
        registry.set_athlete(anna.id, **{"mass_kg": 61.0, "zone": "Asia/Tokyo", **values})
    assert registry.athletes() == before


def test_set_changes_what_is_named_and_keeps_the_rest(registry: Registry) -> None:
    anna = registry.add_athlete("Anna", "UTC", mass_kg=60)
    assert registry.set_athlete("anna", mass_kg=None).mass_kg is None
    changed = registry.set_athlete("anna", name="ANNA", zone="Asia/Tokyo", week_start=7)
    assert changed == Athlete(anna.id, "ANNA", "Asia/Tokyo", None, 7)
    with pytest.raises(ValueError, match="simulated"):
        registry.set_athlete("anna", simulated=True)  # type: ignore[call-arg]


def test_merging_moves_devices_and_shoes_and_the_old_pseudonym_still_leads_there(registry: Registry) -> None:
    first, second, third = (registry.add_athlete(name, "UTC") for name in ("One", "Two", "Three"))
    device = registry.add_device("AA", "pod", "standard-rsc", athlete="One")
    shoe = registry.shoes.add("One", "Racer")
    assert registry.merge_athletes("One", "Two") == second
    assert registry.merge_athletes("Two", "Three") == third
    assert registry.athletes() == [third]
    assert registry.device(device.id).athlete == third.id
    assert [s.id for s in registry.shoes.all("Three")] == [shoe.id]
    assert [registry.resolve(a.id) for a in (first, second, third)] == [third.id] * 3
    assert [registry.known(a.id) for a in (first, second, third)] == registry.athletes() * 3
    assert registry.athlete(first.id) == third
    assert registry.resolve("unknown7") == "unknown7"
    assert registry.known("unknown7") is None


def test_a_merge_with_oneself_or_between_simulated_and_real_is_refused(registry: Registry) -> None:
    real = registry.add_athlete("Real", "UTC")
    registry.add_athlete("Simulated", "UTC", simulated=True)
    with pytest.raises(RegistryError, match="itself"):
        registry.merge_athletes("REAL", real.id)
    for source, target in (("Real", "Simulated"), ("Simulated", "Real")):
        with pytest.raises(RegistryError, match="'Simulated' is simulated"):
            registry.merge_athletes(source, target)
    with pytest.raises(RegistryError, match="no athlete"):
        registry.merge_athletes("Real", "Nobody")
    assert len(registry.athletes()) == 2


def test_me_is_made_once_and_stays_the_same_runner_when_renamed_or_merged(registry: Registry) -> None:
    me = registry.me("Europe/Berlin")
    assert (me.display_name, me.zone) == ("me", "Europe/Berlin")
    assert registry.me("Asia/Tokyo") == me
    renamed = registry.set_athlete("me", name="Anna")
    assert registry.me("UTC") == registry.athlete("ME") == renamed
    carla = registry.add_athlete("Carla", "UTC")
    registry.merge_athletes("Anna", "Carla")
    assert registry.me("UTC") == registry.athlete("me") == carla
    with pytest.raises(RegistryError, match="'me' is 'Carla'"):
        registry.add_athlete("Me", "UTC")


def test_an_athlete_added_as_me_is_me_and_a_simulated_one_cannot_be(registry: Registry) -> None:
    registry.add_athlete("Robot", "UTC", simulated=True)
    with pytest.raises(RegistryError, match="real runner"):
        registry.add_athlete("me", "UTC", simulated=True)
    with pytest.raises(RegistryError, match="real runner"):
        registry.set_athlete("Robot", name="ME")
    assert registry.add_athlete("me", "UTC") == registry.me("Asia/Tokyo")


def test_a_name_that_reads_like_a_pseudonym_in_use_is_refused(registry: Registry) -> None:
    first, second = registry.add_athlete("One", "UTC"), registry.add_athlete("Two", "UTC")
    with pytest.raises(RegistryError, match="pseudonym in use"):
        registry.add_athlete(first.id, "UTC")
    registry.merge_athletes("One", "Two")
    with pytest.raises(RegistryError, match="pseudonym in use"):
        registry.set_athlete(second.id, name=first.id)


def test_an_address_is_paired_once_in_any_case(registry: Registry) -> None:
    device = registry.add_device("aa:BB:01", "pod", "standard-rsc")
    assert (device.address, device.athlete, device.side, device.mount) == ("aa:BB:01", None, "U", None)
    with pytest.raises(RegistryError, match=f"paired already, as 'pod' \\({device.id}\\)"):
        registry.add_device("AA:bb:01", "other", "standard-rsc")


def test_a_device_is_bound_by_id_address_or_name_and_taken_back(registry: Registry) -> None:
    anna = registry.add_athlete("Anna", "UTC")
    device = registry.add_device("AA:01", "pod", "standard-rsc")
    bound = registry.bind_device("POD", "anna", "R", "shank")
    assert (bound.id, bound.athlete, bound.side, bound.mount) == (device.id, anna.id, "R", "shank")
    assert registry.device("aa:01") == registry.devices("Anna")[0] == bound
    assert registry.bind_device(device.id, None).athlete is None
    assert registry.devices("Anna") == []


def test_a_device_that_cannot_be_told_apart_or_found_is_refused(registry: Registry) -> None:
    first, second = (registry.add_device(a, "pod", "standard-rsc") for a in ("AA", "BB"))
    with pytest.raises(RegistryError, match=" or ".join(sorted([first.id, second.id]))):
        registry.device("Pod")
    with pytest.raises(RegistryError, match="no device 'pot': did you mean 'pod'"):
        registry.device("pot")
    with pytest.raises(RegistryError, match="side 'left'"):
        registry.bind_device("AA", None, "left")  # type: ignore[arg-type]
    with pytest.raises(RegistryError, match="mount 'knee'"):
        registry.add_device("CC", "pod", "standard-rsc", mount="knee")  # type: ignore[arg-type]
    with pytest.raises(RegistryError, match="no athlete"):
        registry.add_device("CC", "pod", "standard-rsc", athlete="nobody")
    assert len(registry.devices()) == 2


def test_a_shoe_that_cannot_be_is_refused(registry: Registry) -> None:
    registry.add_athlete("Anna", "UTC")
    with pytest.raises(RegistryError, match="drop 400 mm"):
        registry.shoes.add("Anna", "Moon boot", drop_mm=400)
    with pytest.raises(RegistryError, match="start distance -1 m"):
        registry.shoes.add("Anna", "Racer", start_distance_m=-1)
    with pytest.raises(RegistryError, match="no shoe 'gone'"):
        registry.shoes.retire("gone", None)
    with pytest.raises(ValueError, match="no time zone"):
        registry.shoes.retire(registry.shoes.add("Anna", "Racer").id, datetime(2026, 1, 1))  # noqa: DTZ001
    assert [shoe.retired_utc for shoe in registry.shoes.all()] == [None]


def test_threads_that_add_at_the_same_time_lose_nothing_and_agree_on_me(registry: Registry) -> None:
    def work(worker: int) -> str:
        for i in range(5):
            registry.add_athlete(f"Runner {worker}-{i}", "UTC")
            registry.add_device(f"{worker}:{i}", "pod", "standard-rsc", athlete=f"runner {worker}-{i}")
        with suppress(RegistryError):  # one thread wins, the others are refused
            registry.add_athlete("Wanted by all", "UTC")
        return registry.me("UTC").id

    with ThreadPoolExecutor(8) as pool:
        mes = set(pool.map(work, range(8)))
    assert mes == {registry.athlete("me").id}
    assert len(registry.athletes()) == 8 * 5 + 2
    assert {d.athlete for d in registry.devices()} == {
        a.id for a in registry.athletes() if a.display_name.startswith("Runner")
    }


def test_registries_opened_at_once_on_a_new_database_see_each_other(registry_url: str) -> None:
    def work(worker: int) -> None:
        with Registry(registry_url) as own:
            own.add_athlete(f"Runner {worker}", "UTC")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    with Registry(registry_url) as registry:
        assert [a.display_name for a in registry.athletes()] == [f"Runner {i}" for i in range(6)]


@given(st.text(min_size=1, max_size=40))
def test_a_pseudonym_never_contains_the_name(name: str) -> None:
    folder = TemporaryDirectory()
    with folder, Registry(f"sqlite:///{folder.name}/registry.db") as registry, suppress(RegistryError):
        added = registry.add_athlete(name, "UTC")
        assert PSEUDONYM.fullmatch(added.id)
        assert "".join(name.casefold().split()) not in added.id
        assert registry.athlete(added.display_name) == added


NAMES = st.sampled_from(["me", "Anna", "ANNA", "Bert", "Carla", "Dora"])
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), NAMES, st.booleans()),
        st.tuples(st.just("set"), NAMES, NAMES),
        st.tuples(st.just("merge"), NAMES, NAMES),
        st.tuples(st.just("me")),
    ),
    max_size=25,
)


def apply(registry: Registry, operation: tuple[Any, ...], serial: int, issued: set[str]) -> None:
    match operation:
        case ("add", name, simulated):
            added = registry.add_athlete(name, "UTC", simulated=simulated)
            issued.add(added.id)
            registry.add_device(f"address {serial}", "pod", "standard-rsc", athlete=added.id)
        case ("set", name, new):
            registry.set_athlete(name, name=new)
        case ("merge", source, target):
            registry.merge_athletes(source, target)
        case ("me",):
            issued.add(registry.me("UTC").id)


@given(OPERATIONS)
def test_any_sequence_keeps_every_device_reachable_and_every_pseudonym_meaning_somebody(
    operations: list[tuple[Any, ...]],
) -> None:
    with TemporaryDirectory() as folder, Registry(f"sqlite:///{folder}/registry.db") as registry:
        issued: set[str] = set()
        worn = 0
        for serial, operation in enumerate(operations):
            refused = False
            try:
                apply(registry, operation, serial, issued)
            except RegistryError:
                refused = True
            worn += operation[0] == "add" and not refused
        current = {a.id: a for a in registry.athletes()}
        assert {registry.resolve(pseudonym) for pseudonym in issued} == set(current)
        assert sum(len(registry.devices(a)) for a in current) == worn == len(registry.devices())
        assert len({a.display_name.casefold() for a in current.values()}) == len(current)
        assert all(ZoneInfo(a.zone) for a in current.values())
        assert registry.me("UTC").simulated is False


def test_what_a_device_was_like_is_remembered_until_it_is_worn_elsewhere(registry: Registry) -> None:
    ana = registry.add_athlete("Ana", "UTC")
    pod = registry.add_device("C0:01", "Left pod", "standard-rsc", athlete=ana.id, side="L", mount="shank")
    assert (pod.fingerprint, pod.swing) == (None, None)
    registry.remember_device(pod.id, fingerprint="abc")
    assert registry.remember_device(pod.id, swing="z+").fingerprint == "abc"
    assert registry.bind_device(pod.id, ana.id, "L", "shank").swing == "z+"
    moved = registry.bind_device(pod.id, ana.id, "R", "shank")
    assert (moved.fingerprint, moved.swing) == ("abc", None)


def test_a_device_that_is_removed_can_be_paired_again(registry: Registry) -> None:
    pod = registry.add_device("C0:01", "Left pod", "standard-rsc")
    assert registry.remove_device("left POD") == pod
    assert registry.devices() == []
    assert registry.add_device("c0:01", "Left pod", "standard-rsc").id != pod.id
    with pytest.raises(RegistryError, match="no device"):
        registry.remove_device(pod.id)


def test_a_gateway_can_know_an_athlete_by_the_pseudonym_of_the_hub(registry: Registry) -> None:
    assert registry.add_athlete("Ana", "UTC", pseudonym="k3f2abcd").id == "k3f2abcd"
    for wrong, why in (("k3f2abcd", "in use here already"), ("K3F2ABCD", "is no pseudonym"), ("me", "is no pseudonym")):
        with pytest.raises(RegistryError, match=why):
            registry.add_athlete("Ben", "UTC", pseudonym=wrong)
