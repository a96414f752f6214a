"""Profiles and pods of these tests: the smallest of each kind."""

from dataclasses import replace

from sensor_hub.adapters.ble.pod import Pod
from sensor_hub.adapters.virtual.gatt import VirtualCharacteristic, VirtualService
from sensor_hub.adapters.virtual.pod import VirtualPod
from sensor_hub.adapters.virtual.pods import about, rsc_pod, shank_pod
from sensor_hub.adapters.virtual.polar_pod import PMD_CONTROL, PMD_DATA
from sensor_hub.model.profile import Command, DeviceProfile

RSC, SHANK = "2a53", "2fff"
START_52_HZ = bytes.fromhex("02 02 00 01 34 00 01 01 10 00 02 01 08 00 04 01 03")

RSC_PROFILE = DeviceProfile(
    id="test-rsc",
    version=1,
    name="footpod",
    name_patterns=(),
    characteristics={RSC: "rsc"},
    kind="records",
    status="documented",
    evidence="made for a test",
    subscribe=(RSC,),
    stale_timeout_s=1.5,
)
SHANK_PROFILE = replace(
    RSC_PROFILE,
    id="test-shank",
    name="shank logger",
    characteristics={SHANK: "layout:shank"},
    kind="imu",
    subscribe=(SHANK,),
)
PMD_PROFILE = replace(
    RSC_PROFILE,
    id="test-pmd",
    name="PMD sensor",
    characteristics={PMD_DATA: "polar_pmd"},
    kind="imu",
    subscribe=(PMD_CONTROL, PMD_DATA),
    start=(Command(PMD_CONTROL, START_52_HZ, reply_from=PMD_CONTROL, reply_prefix=bytes.fromhex("f0 02 02 00")),),
    stop=(Command(PMD_CONTROL, b"\x03\x02", reply_from=PMD_CONTROL, reply_prefix=bytes.fromhex("f0 03 02 00")),),
)


def address(i: int) -> str:
    return f"C0:00:00:00:00:{i:02X}"


def footpod(i: int = 1) -> VirtualPod:
    return rsc_pod(address(i), f"POD{i}")


def logger(i: int = 1) -> VirtualPod:
    return shank_pod(address(i), f"POD{i}")


def bound(i: int = 1, profile: DeviceProfile = RSC_PROFILE) -> Pod:
    return Pod(f"pod-{i}", address(i), profile)


def bare_pod(i: int, service: str, *characteristics: VirtualCharacteristic) -> VirtualPod:
    return VirtualPod(address(i), f"POD{i}", [VirtualService(service, characteristics), *about("bare pod", 50)])


def numbered(i: int) -> bytes:
    """A notification that says which it is; the length of a shank logger's."""
    return i.to_bytes(4, "little") + bytes(24)


def numbers(payloads: list[bytes]) -> list[int]:
    return [int.from_bytes(p[:4], "little") for p in payloads]
