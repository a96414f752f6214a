"""Guest: passkeys, with the agent of the real BlueZ."""

from sensor_hub.adapters.ble.pair import pair, unpair
from sensor_hub.adapters.ble.radio import ANY_RADIO
from sensor_hub.errors import BluetoothError
from tests.qemu.cast import FOOTPOD, LOCATION, LOCKED, PASSKEY, RSC
from tests.qemu.registry import check
from tests.qemu.stage import Daemon, Wire, collecting, expect, profile_of, tally, until

_IN_SHOE = bytes([2])


class Person:
    """Somebody who types a passkey."""

    def __init__(self, passkey: int) -> None:
        self.passkey, self.n_asked = passkey, 0

    def ask(self) -> int:
        """Answer BlueZ."""
        self.n_asked += 1
        return self.passkey


@check("a pod without a lock gets to be known without pairing")
async def unlocked(_wire: Wire, _daemon: Daemon) -> str:
    facts = await pair(ANY_RADIO, FOOTPOD.address, ask_passkey=None)
    expect(RSC in facts.characteristics and facts.battery_percent == 87, f"{facts}")
    expect(facts.manufacturer != "" and facts.serial != "" and facts.sensor_location == 2, f"{facts}")
    return f"{facts.model}, battery {facts.battery_percent} %, bonded {facts.bonded}"


@check("a protected value of a pod that is not paired: said to need pairing")
async def not_paired(_wire: Wire, _daemon: Daemon) -> str:
    async with collecting((LOCKED, profile_of(LOCKED, "start", reads=[LOCATION]))) as heard:
        told_s = await until(lambda: bool(heard.problems(LOCKED)), "a problem told", 90.0)
        problem = heard.problems(LOCKED)[0]
    expect("pair" in problem, f"told: {problem}")
    return f"after {told_s:.1f} s: {problem}"


@check("a wrong passkey is refused in words")
async def wrong_passkey(_wire: Wire, _daemon: Daemon) -> str:
    person = Person(PASSKEY + 1)
    try:
        facts = await pair(ANY_RADIO, LOCKED.address, ask_passkey=person.ask)
    except BluetoothError as error:
        said = str(error)
    else:
        said = ""
        expect(False, f"paired all the same: {facts}")
    expect("passkey" in said and person.n_asked >= 1, f"asked {person.n_asked} times, said {said!r}")
    return f"asked {person.n_asked} times: {said}"


@check("the right passkey bonds, asked for once; the protected value is then collected; unpairing forgets")
async def right_passkey(wire: Wire, _daemon: Daemon) -> str:
    person = Person(PASSKEY)
    facts = await pair(ANY_RADIO, LOCKED.address, ask_passkey=person.ask)
    expect(facts.bonded and facts.sensor_location == 2, f"{facts}")
    await wire.ask("play", LOCKED, 40)
    async with collecting((LOCKED, profile_of(LOCKED, "start", reads=[LOCATION]))) as heard:
        up_s = await until(lambda: "up" in heard.links(LOCKED), "link up")
        counted = await tally(wire, heard, LOCKED)
        counted.expect_clean()
        expect(heard.values(LOCKED, LOCATION)[:1] == [_IN_SHOE], f"location: {heard.values(LOCKED, LOCATION)}")
    again = await pair(ANY_RADIO, LOCKED.address, ask_passkey=person.ask)
    n_asked = person.n_asked
    await unpair(ANY_RADIO, LOCKED.address)
    expect(again.bonded and n_asked == 1, f"asked {n_asked} times, bonded {again.bonded}")
    forgotten = await pair(ANY_RADIO, LOCKED.address, ask_passkey=person.ask)
    expect(
        forgotten.bonded and person.n_asked == n_asked + 1, f"after unpairing asked {person.n_asked - n_asked} times"
    )
    await unpair(ANY_RADIO, LOCKED.address)
    return f"asked {n_asked} time; link up after {up_s:.1f} s, {counted}"
