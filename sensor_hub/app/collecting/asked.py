"""What an edge does with its sensors when it is asked: who is here, who is heard, and what becomes of one."""

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sensor_hub.adapters.ble.faults import without_address
from sensor_hub.adapters.ble.radio import Radio
from sensor_hub.adapters.registry import Registry
from sensor_hub.app.collecting.checking import learn, told_of
from sensor_hub.app.collecting.collecting import BoundPod
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.heard_keys import HeardKeys
from sensor_hub.app.collecting.on_air import OnAir
from sensor_hub.app.collecting.pairing import Heard, hear, pair_pod, profile_for, unpair_pod
from sensor_hub.app.collecting.rostering import effective_devices
from sensor_hub.app.collecting.wearing import FEET, Wearing, needs_mount, needs_side, worn_there
from sensor_hub.app.edge import Edge
from sensor_hub.errors import BluetoothError, RegistryError, SensorHubError
from sensor_hub.model.asking import (
    MOST_HEARD,
    Ask,
    CheckSensor,
    ListSensors,
    PairedSensor,
    PairSensor,
    RefusalCode,
    Reply,
    ScanAir,
    UnpairSensor,
)
from sensor_hub.model.athlete import Athlete, Device
from sensor_hub.model.gait import Mount
from sensor_hub.model.sensor_view import HeardSensor, SensorCheck

MOUNTS: Final[tuple[Mount, ...]] = (*FEET, "sacrum")
LETS_GO_S: Final = 8.0  # the collector looks every two seconds, and ends a link politely
_POLL_S: Final = 0.2
NOBODY: Final = "nobody"


class Refused(SensorHubError):  # noqa: N818 (it is no fault of anybody's program)
    """Why what was asked is not done; ``code`` is the contract's word for it."""

    def __init__(self, code: RefusalCode, text: str = "") -> None:
        super().__init__(text)
        self.code: RefusalCode = code


class SensorsHere:
    """The sensors of one edge. Its methods wait for the radio, so they are called in a thread that may wait."""

    def __init__(self, registry: Registry, own_profiles: Path | None, edge: Edge, on_air: OnAir) -> None:
        self._registry, self._edge, self._on_air = registry, edge, on_air
        self._own_profiles = own_profiles
        self._keys = HeardKeys()

    def all(self) -> tuple[PairedSensor, ...]:
        """Every sensor that is paired here, and whose it is; of one that was let go of here nothing stands any more."""
        stands = set(self._edge.publisher.retained())  # before the registry is read: what is paired meanwhile stays
        now = {d.id: d for d in effective_devices(self._registry, all_profiles(self._own_profiles), datetime.now(UTC))}
        devices = self._registry.devices()
        for topic in stands - {self._edge.topics.device_state(device.id) for device in devices}:
            self._edge.publisher.forget_retained(topic)
        return tuple(self._told(device, now.get(device.id)) for device in devices)

    def _told(self, device: Device, worn: Device | None) -> PairedSensor:
        as_now = worn or device
        return PairedSensor(
            device=device.id,
            name=without_address(device.name),
            profile=device.profile,
            side=as_now.side,
            mount=as_now.mount,
            athlete=device.athlete,
            worn_by=None if worn is None else worn.athlete,
            battery_percent=self._on_air.battery_percent(device.id),
        )

    def do(self, ask: Ask, reply: Reply) -> Reply:
        """Do what is asked and return the answer with it. Refused, or another error, says why it cannot be."""
        match ask:
            case ScanAir(seconds):
                return replace(reply, heard=self._scan(seconds))
            case PairSensor():
                return replace(reply, sensors=(self._pair(ask),))
            case UnpairSensor(device):
                return replace(reply, sensors=(self._unpair(device),))
            case CheckSensor(device, seconds):
                return replace(reply, check=self._check(device, seconds))
            case ListSensors():
                return replace(reply, sensors=self.all())

    # --- each of them ------------------------------------------------------------------------------------------------

    def _scan(self, seconds: float) -> tuple[HeardSensor, ...]:
        profiles = all_profiles(self._own_profiles)

        async def listen(radio: Radio) -> list[Heard]:
            return await hear(radio, seconds, self._registry, profiles)

        return tuple(self._as_heard(heard) for heard in self._on_air.do(listen)[:MOST_HEARD])

    def _as_heard(self, heard: Heard) -> HeardSensor:
        profile = heard.profile
        asks_mount = profile is not None and needs_mount(profile)
        return HeardSensor(
            key=self._keys.key_of(heard),
            name=_name_of(heard),
            profile=None if profile is None else profile.id,
            rssi_dbm=heard.found.rssi_dbm,
            mounts=MOUNTS if asks_mount else (),
            paired=None if heard.paired is None else heard.paired.id,
            profile_name="" if profile is None else profile.name,
            asks_side=profile is not None and not asks_mount and needs_side(profile, None),
        )

    def _pair(self, ask: PairSensor) -> PairedSensor:
        heard, profiles = self._keys.heard(ask.key), all_profiles(self._own_profiles)
        if heard is None:
            raise Refused("key-gone")
        known = self._paired(heard)  # it may have been, or been let go of, since it was heard
        if known is not None and known.athlete != ask.athlete:  # who may pair for one may not take it from another
            raise Refused("is-anothers")
        profile = profile_for(heard, None, profiles)
        wearing = Wearing(self._athlete(ask), ask.side, ask.mount)
        but = None if known is None else known.id
        heard = replace(heard, paired=known)
        name = ask.name or (None if known is not None or _name_of(heard) else profile.name)
        other = worn_there(self._registry, profiles, profile, wearing, but=but)
        if other is not None:
            raise Refused("place-taken", other.name)

        async def pair(radio: Radio) -> Device:
            done = await pair_pod(radio, self._registry, profiles, heard, profile, wearing, ask_passkey=None, name=name)
            return done.device

        device = self._on_air.do(pair)
        return self._told(device, device if device.athlete is not None else None)

    def _paired(self, heard: Heard) -> Device | None:
        """Return what was heard as it is paired now; None if it is not."""
        address = heard.found.address.upper()
        return next((known for known in self._registry.devices() if known.address.upper() == address), None)

    def _athlete(self, ask: PairSensor) -> Athlete | None:
        """Return whose it will be; one whom only the hub knows is added here, under their pseudonym and no name."""
        if ask.athlete is None:
            return None
        known = self._registry.known(ask.athlete)
        if known is not None:
            return known
        return self._registry.add_athlete(ask.athlete, ask.zone, simulated=ask.simulated, pseudonym=ask.athlete)

    def _unpair(self, device: str) -> PairedSensor:
        try:
            known = self._known(device)
        except Refused:  # let go of while no edge ran, or by one that was killed at it: its state still stands
            self._edge.publisher.forget_retained(self._edge.topics.device_state(device))
            raise
        if self._on_air.is_in_run(known.id):
            raise Refused("in-run")
        told = self._told(known, None)

        async def unpair(radio: Radio) -> None:
            await unpair_pod(radio, self._registry, known.id)

        self._registry.bind_device(known.id, None, known.side, known.mount)  # so that it is let go of first
        end_s = time.monotonic() + LETS_GO_S
        while self._on_air.is_collected(known.id) and time.monotonic() < end_s:
            time.sleep(_POLL_S)
        with suppress(BluetoothError):  # the collecting began anew meanwhile, or the radio is off: it is forgotten here
            self._on_air.do(unpair)
        with suppress(RegistryError):  # it is forgotten already
            self._registry.remove_device(known.id)
        self._edge.publisher.forget_retained(self._edge.topics.device_state(known.id))
        return told

    def _check(self, device: str, seconds: float) -> SensorCheck:
        known = self._known(device)
        now = datetime.now(UTC)
        profiles = all_profiles(self._own_profiles)
        worn = {d.id: d for d in effective_devices(self._registry, profiles, now)}.get(known.id, known)
        profile = profiles.get(known.profile)
        if profile is None:
            raise Refused("no-profile", known.profile)
        pod = BoundPod(worn, profile, Athlete(worn.athlete or NOBODY, "–", "UTC"))
        found = self._on_air.check(pod, seconds)
        learn(self._registry, [pod], [found])
        return told_of(found, datetime.now(UTC))

    def _known(self, device: str) -> Device:
        try:
            found = self._registry.device(device)
        except RegistryError:
            raise Refused("unknown-sensor") from None
        if found.id != device:  # a name or an address will do elsewhere, but not from outside
            raise Refused("unknown-sensor")
        return found


def _name_of(heard: Heard) -> str:
    """What it calls itself; BlueZ calls one that says nothing by its address."""
    name = heard.found.name
    return "" if without_address(name) != name else name
