"""Who may wear what where; and pairing with virtual sensors."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.ble.scan import LONGEST_NAME, shown_name
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.pods import rsc_pod, shank_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.pairing import (
    Heard,
    Paired,
    acceptable_name,
    choose,
    gives,
    hear,
    pair_pod,
    profile_for,
    unpair_pod,
)
from sensor_hub.app.collecting.wearing import Wearing, check_wearing, rebind
from sensor_hub.errors import BluetoothError, ProfileError, RegistryError
from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.link import Found
from tests.app.on_air import LEFT, RIGHT, radio_of

PROFILES = all_profiles()
SHANK, RSC, H10 = "fuzzylabs-shank-logger", "standard-rsc", "polar-h10"
T = TypeVar("T")


def on_air(radio: VirtualRadio, what: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        async with asyncio.timeout(60):
            try:
                return await what()
            finally:
                await radio.close()

    return asyncio.run(run())


async def listened(radio: VirtualRadio, registry: Registry, n: int = 1) -> list[Heard]:
    """Listen in short windows, as many as it takes, until so many are heard."""
    found: list[Heard] = []
    for _ in range(100):
        if len(found := await hear(radio_of(radio), 0.3, registry, PROFILES)) >= n:
            break
    return found


def heard(name: str, address: str = LEFT) -> Heard:
    return Heard(Found(address, name, -60), None, None)


def wears(registry: Registry, side: Side = "U", mount: Mount | None = None) -> Wearing:
    return Wearing(registry.me("UTC"), side, mount)


# --- who is meant ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["MyFoot 1", "myfoot 1", LEFT, LEFT.lower(), "foot 1"])
def test_a_sensor_is_found_by_name_part_or_address(typed: str) -> None:
    both = [heard("MyFoot 1"), heard("MyFoot 2", RIGHT)]
    assert choose(both, typed) is both[0]


def test_a_name_that_fits_two_asks_for_an_address() -> None:
    with pytest.raises(BluetoothError, match=f"fits 2 sensors: give an address .*{LEFT}"):
        choose([heard("MyFoot 1"), heard("MyFoot 2", RIGHT)], "MyFoot")


def test_who_was_not_heard_is_named_with_those_who_were() -> None:
    with pytest.raises(BluetoothError, match=r"'Stryd' was not heard \(heard: MyFoot 1\): switch it on"):
        choose([heard("MyFoot 1")], "Stryd")


def test_a_sensor_that_nothing_fits_is_refused_with_the_way_to_a_profile() -> None:
    with pytest.raises(ProfileError, match="devices profiles new"):
        profile_for(heard("Toaster"), None, PROFILES)
    with pytest.raises(ProfileError, match="no firmware profile 'toaster'"):
        profile_for(heard("Toaster"), "toaster", PROFILES)
    assert profile_for(heard("Toaster"), RSC, PROFILES).id == RSC


# --- where it is worn ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "side", "mount", "mend"),
    [
        (H10, "U", None, "--mount foot, shank or sacrum"),
        (H10, "U", "foot", "--side left or right"),
        (SHANK, "U", None, "--side left or right"),
        (H10, "L", "sacrum", "leave --side out"),
    ],
)
def test_a_place_that_cannot_work_is_refused_with_the_mend(
    registry: Registry, profile: str, side: Side, mount: Mount | None, mend: str
) -> None:
    with pytest.raises(RegistryError, match=mend):
        check_wearing(registry, PROFILES, PROFILES[profile], wears(registry, side, mount))


@pytest.mark.parametrize(
    ("profile", "side", "mount"), [(H10, "U", "sacrum"), (SHANK, "L", None), (RSC, "U", None), (RSC, "R", "foot")]
)
def test_a_place_that_works_is_taken(registry: Registry, profile: str, side: Side, mount: Mount | None) -> None:
    check_wearing(registry, PROFILES, PROFILES[profile], wears(registry, side, mount))


def test_a_second_pod_on_the_same_side_is_refused_and_one_on_the_other_is_not(registry: Registry) -> None:
    me = registry.me("UTC")
    first = registry.add_device(LEFT, "MyFoot 1", SHANK, athlete=me.id, side="L", mount="shank")
    with pytest.raises(RegistryError, match=f"on the left already.*devices unpair {first.id}"):
        check_wearing(registry, PROFILES, PROFILES[SHANK], wears(registry, "L"))
    check_wearing(registry, PROFILES, PROFILES[SHANK], wears(registry, "R"))
    check_wearing(registry, PROFILES, PROFILES[SHANK], wears(registry, "L"), but=first.id)
    check_wearing(registry, PROFILES, PROFILES[RSC], wears(registry, "L"))
    ana = registry.add_athlete("Ana", "UTC")
    check_wearing(registry, PROFILES, PROFILES[SHANK], Wearing(ana, "L", None))


def test_a_pod_can_change_its_wearer_and_its_side(registry: Registry) -> None:
    me, ana = registry.me("UTC"), registry.add_athlete("Ana", "UTC")
    pod = registry.add_device(LEFT, "MyFoot 1", SHANK, athlete=me.id, side="L", mount="shank")
    moved, exchanged = rebind(registry, PROFILES, pod, ana, "R", None)
    assert exchanged is None
    assert (moved.athlete, moved.side, moved.mount) == (ana.id, "R", "shank")
    other = registry.add_device(RIGHT, "MyFoot 2", SHANK, athlete=me.id, side="L", mount="shank")
    with pytest.raises(RegistryError, match="on the right already"):
        rebind(registry, PROFILES, other, ana, "R", None)


@pytest.mark.parametrize("which", [0, 1])
def test_the_two_of_a_pair_change_sides_in_one_step_and_a_sensor_of_another_kind_stays(
    registry: Registry, which: int
) -> None:
    me = registry.me("UTC")
    pods = [
        registry.add_device(LEFT, "MyFoot 1", SHANK, athlete=me.id, side="L", mount="shank"),
        registry.add_device(RIGHT, "MyFoot 2", SHANK, athlete=me.id, side="R", mount="shank"),
    ]
    footpod = registry.add_device("C0:00:00:00:00:03", "Stryd", "stryd", athlete=me.id, side="R", mount="foot")
    side: Side = "R" if which == 0 else "L"
    registry.remember_device(pods[which].id, swing="z+")
    moved, other = rebind(registry, PROFILES, registry.device(pods[which].id), me, side, None)
    assert (moved.id, moved.side) == (pods[which].id, side)
    assert other is not None
    assert (other.id, other.side) == (pods[1 - which].id, "L" if which == 0 else "R")
    assert {d.id: d.side for d in registry.devices()} == {pods[0].id: "R", pods[1].id: "L", footpod.id: "R"}
    assert registry.device(moved.id).swing is None, "it is learned anew on the other leg"


def test_a_sensor_from_the_sacrum_needs_its_new_place(registry: Registry) -> None:
    me = registry.me("UTC")
    pod = registry.add_device(LEFT, "Polar", H10, athlete=me.id, side="U", mount="sacrum")
    with pytest.raises(RegistryError, match="--mount foot or shank"):
        rebind(registry, PROFILES, pod, me, "L", None)
    moved, _ = rebind(registry, PROFILES, pod, me, "L", "shank")
    assert (moved.side, moved.mount) == ("L", "shank")


@pytest.mark.parametrize(
    ("profile", "what"),
    [(RSC, "cadence"), ("stryd", "contact-as-reported"), (SHANK, "contact"), ("movella-dot", "coarse")],
)
def test_what_a_sensor_can_give_is_said_before_the_run(profile: str, what: str) -> None:
    assert gives(PROFILES[profile]) == what


# --- on the air ------------------------------------------------------------------------------------------------------


def test_a_sensor_is_heard_recognised_paired_and_forgotten(registry: Registry) -> None:
    radio = VirtualRadio([shank_pod(LEFT, "MyFoot SIM", battery_percent=41), rsc_pod(RIGHT, "Foot SIM")])

    async def scene() -> tuple[list[Heard], Paired, list[Heard]]:
        first = await listened(radio, registry, 2)
        which = choose(first, "MyFoot")
        kind = profile_for(which, None, PROFILES)
        how = wears(registry, "L")
        paired = await pair_pod(radio_of(radio), registry, PROFILES, which, kind, how, ask_passkey=None)
        return first, paired, await listened(radio, registry, 2)

    first, paired, second = on_air(radio, scene)
    assert {h.profile.id for h in first if h.profile} == {SHANK, RSC}
    assert all(h.paired is None for h in first)
    assert paired.facts.battery_percent == 41
    assert paired.answer()["gives"] == "contact"
    assert LEFT not in str(paired.answer())
    assert choose(second, LEFT).paired == paired.device
    gone, problem = on_air(radio, lambda: unpair_pod(radio_of(radio), registry, "MyFoot SIM"))
    assert (gone, problem) == (paired.device, None)
    assert registry.devices() == []


def test_a_name_from_the_air_commands_no_terminal_and_is_never_the_reason_to_refuse(registry: Registry) -> None:
    radio = VirtualRadio([rsc_pod(LEFT, "\x1b[2J\x07Fo\not\u202e")])

    async def scene() -> tuple[Heard, Paired]:
        (which,) = await listened(radio, registry)
        return which, await pair_pod(
            radio_of(radio), registry, PROFILES, which, PROFILES[RSC], wears(registry), ask_passkey=None
        )

    which, paired = on_air(radio, scene)
    assert which.found.name == paired.device.name == "[2J Fo ot"


@given(st.none() | st.text())
def test_whatever_a_sensor_calls_itself_can_be_shown_and_is_short(told: str | None) -> None:
    name = shown_name(told)
    assert name.isprintable()
    assert len(name) <= LONGEST_NAME
    assert shown_name(name) == name
    assert acceptable_name(name, PROFILES[RSC].name)


def test_a_name_the_registry_refuses_gives_way_to_the_next() -> None:
    assert acceptable_name("\ufdfa" * 60, "", "Stryd") == "Stryd"
    assert acceptable_name("\x1b") == "sensor"


def test_a_sensor_is_called_as_it_is_told_to_be_and_a_name_that_cannot_be_is_refused_before_it_is_paired(
    registry: Registry,
) -> None:
    radio = VirtualRadio([rsc_pod(LEFT, "Foot SIM")])

    async def scene(name: str) -> Paired:
        which = choose(await listened(radio, registry), LEFT)
        return await pair_pod(
            radio_of(radio), registry, PROFILES, which, PROFILES[RSC], wears(registry), ask_passkey=None, name=name
        )

    async def scenes() -> Paired:
        with pytest.raises(RegistryError, match="cannot be shown"):
            await scene("\x1b[2J")
        assert registry.devices() == []
        first = await scene("Red one")
        with pytest.raises(RegistryError, match=r"'Red one' here.*devices unpair"):
            await scene("Blue one")
        return first

    assert on_air(radio, scenes).device.name == "Red one"
    assert [d.name for d in registry.devices()] == ["Red one"]


def test_pairing_a_paired_sensor_again_binds_it_anew(registry: Registry) -> None:
    radio = VirtualRadio([shank_pod(LEFT, "MyFoot SIM")])

    async def pair_as(side: Side) -> Paired:
        which = choose(await listened(radio, registry), LEFT)
        kind = profile_for(which, None, PROFILES)
        return await pair_pod(radio_of(radio), registry, PROFILES, which, kind, wears(registry, side), ask_passkey=None)

    async def scene() -> tuple[Paired, Paired]:
        return await pair_as("L"), await pair_as("R")

    one, two = on_air(radio, scene)
    assert one.device.id == two.device.id
    assert [d.side for d in registry.devices()] == ["R"]


def test_a_sensor_that_lacks_what_the_profile_needs_is_not_kept(registry: Registry) -> None:
    radio = VirtualRadio([rsc_pod(LEFT, "Foot SIM")])

    async def scene() -> Paired:
        which = choose(await listened(radio, registry), LEFT)
        return await pair_pod(
            radio_of(radio), registry, PROFILES, which, PROFILES[SHANK], wears(registry, "L"), ask_passkey=None
        )

    with pytest.raises(ProfileError, match="has no characteristic 2fff"):
        on_air(radio, scene)
    assert registry.devices() == []


def test_a_passkey_is_asked_for_and_a_wrong_one_keeps_nothing(registry: Registry) -> None:
    async def scene(radio: VirtualRadio) -> Paired:
        which = choose(await listened(radio, registry), LEFT)
        kind = profile_for(which, None, PROFILES)
        return await pair_pod(
            radio_of(radio), registry, PROFILES, which, kind, wears(registry), ask_passkey=radio.ask_passkey
        )

    wrong = VirtualRadio([rsc_pod(LEFT, "Foot SIM", passkey=123456)], ask_passkey=lambda: 1)
    with pytest.raises(BluetoothError, match=r"passkey|pairing"):
        on_air(wrong, lambda: scene(wrong))
    assert registry.devices() == []
    right = VirtualRadio([rsc_pod(LEFT, "Foot SIM", passkey=123456)], ask_passkey=lambda: 123456)
    assert on_air(right, lambda: scene(right)).facts.bonded
