"""Bluetooth captures and activity files by hand: just enough of each format to say what a test needs to say."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from tests.synthetic_run import one_leg

EPOCH_1970_US = 0x00DCDDB30F2F8000
START_UTC = datetime(2024, 5, 4, 8, 0, tzinfo=UTC)
RUNNING_3_MPS = bytes.fromhex("01 0003 55 f000")  # running, 3 m/s, 85 strides/min, stride 2.40 m
RSC, BATTERY, NAME = "2a53", "2a19", "2a00"


def snoop_header(link: int = 1002) -> bytes:
    return b"btsnoop\0" + struct.pack(">II", 1, link)


def snoop_packet(
    h4: bytes, at_utc: datetime = START_UTC, *, received: bool = True, original: int | None = None, link: int = 1002
) -> bytes:
    time_us = round((at_utc - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)) + EPOCH_1970_US
    flags = received | (0 if h4[0] == 2 else 2)
    body = h4 if link == 1002 else h4[1:]
    return struct.pack(">IIIIq", len(body) if original is None else original, len(body), flags, 0, time_us) + body


def connected(handle: int = 0x40, address: bytes = b"\1\2\3\4\5\xc6", *, enhanced: bool = False) -> bytes:
    parameters = struct.pack("<BBHBB", 0x0A if enhanced else 0x01, 0, handle, 0, 1) + address + bytes(19)
    return bytes([4, 0x3E, len(parameters)]) + parameters


def disconnected(handle: int = 0x40) -> bytes:
    return bytes([4, 0x05, 4]) + struct.pack("<BHB", 0, handle, 0x13)


def acl(att: bytes, handle: int = 0x40, *, boundary: int = 2) -> bytes:
    data = struct.pack("<HH", len(att), 4) + att
    return bytes([2]) + struct.pack("<HH", handle | boundary << 12, len(data)) + data


def acl_pieces(att: bytes, size: int, handle: int = 0x40) -> list[bytes]:
    data = struct.pack("<HH", len(att), 4) + att
    return [
        bytes([2])
        + struct.pack("<HH", handle | (1 if at else 2) << 12, len(data[at : at + size]))
        + data[at : at + size]
        for at in range(0, len(data), size)
    ]


def notification(value_handle: int, payload: bytes, opcode: int = 0x1B) -> bytes:
    return struct.pack("<BH", opcode, value_handle) + payload


def discovery(*found: tuple[int, str], handle: int = 0x40) -> list[bytes]:
    """Request and response of a Read By Type for characteristic declarations with 16-bit UUIDs, as packets."""
    request = struct.pack("<BHHH", 0x08, 1, 0xFFFF, 0x2803)
    entries = b"".join(struct.pack("<HBHH", value - 1, 0x12, value, int(uuid, 16)) for value, uuid in found)
    return [
        snoop_packet(acl(request, handle, boundary=0), received=False),
        snoop_packet(acl(bytes([0x09, 7]) + entries, handle)),
    ]


def rsc_capture(n: int = 12) -> bytes:
    """A phone connects to a footpod, asks what it has, and is notified once a second."""
    parts = [snoop_header(), snoop_packet(connected()), *discovery((0x12, RSC), (0x15, BATTERY))]
    for second in range(n):
        at_utc = START_UTC + timedelta(seconds=second)
        parts.append(snoop_packet(acl(notification(0x12, RUNNING_3_MPS)), at_utc))
    return b"".join(parts)


IMU: Final = "9efe8702-e301-49c3-a739-1f98bd11ef9d"  # of the profile generic-imu
IMU_HANDLES: Final = f'[handles]\n0x0012 = "{IMU}"\n0x0015 = "2a19"\n'


def imu_capture(duration_s: float = 20.0, *, battery_before_s: float = 60.0) -> bytes:
    """A phone hears of a battery, and later ten samples of a leg a notification; the discovery is not in it."""
    leg = one_leg(duration_s)
    counts = np.hstack([leg.acceleration_mps2 / STANDARD_GRAVITY_MPS2 / 16, leg.rotation_radps / DEGREE_RAD / 2000])
    frames = np.clip(np.round(counts * 32768), -32768, 32767).astype("<i2")
    parts = [snoop_header(), snoop_packet(connected()), snoop_packet(acl(notification(0x15, b"\x55")))]
    for number, at in enumerate(range(0, len(frames) - 9, 10)):
        payload = struct.pack("<HI", number, round(leg.t_s[at] * 1e6)) + frames[at : at + 10].tobytes()
        at_utc = START_UTC + timedelta(seconds=battery_before_s + float(leg.t_s[at + 9]))
        parts.append(snoop_packet(acl(notification(0x12, payload)), at_utc))
    return b"".join(parts)


def nrf_android(lines: Sequence[str], *, head: str = "nRF Connect, 2024-05-04\nFoot Pod (C6:05:04:03:02:01)\n") -> str:
    return head + "".join(f"{line}\n" for line in lines)


def nrf_line(clock: str, payload: bytes = RUNNING_3_MPS, uuid: str = RSC, kind: str = "Notification") -> str:
    value = f"(0x) {payload.hex('-').upper()}"
    return f"I\t{clock}\t{kind} received from 0000{uuid}-0000-1000-8000-00805f9b34fb, value: {value}"


def tcx(points: Sequence[Sequence[str]], *, sport: str = "Running") -> str:
    """Laps of one track each, from the points' own text."""
    laps = "".join(f'<Lap StartTime="x"><Track>{"".join(track)}</Track></Lap>' for track in points)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">\n'
        f'<Activities><Activity Sport="{sport}"><Id>x</Id>{laps}<Creator><Name>Watch 5</Name></Creator>'
        "</Activity></Activities></TrainingCenterDatabase>\n"
    )


def tcx_point(
    at: datetime | str, *, strides: int | None = 85, speed: float | None = 3.0, metres: float | None = None
) -> str:
    time = at if isinstance(at, str) else at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    inner = "" if speed is None else f"<ns3:Speed>{speed}</ns3:Speed>"
    inner += "" if strides is None else f"<ns3:RunCadence>{strides}</ns3:RunCadence>"
    distance = "" if metres is None else f"<DistanceMeters>{metres}</DistanceMeters>"
    return (
        f"<Trackpoint><Time>{time}</Time>{distance}<Extensions><ns3:TPX>{inner}</ns3:TPX></Extensions></Trackpoint>\n"
    )


def gpx(segments: Sequence[Sequence[str]], *, kind: str | None = "running") -> str:
    body = "".join(f"<trkseg>{''.join(points)}</trkseg>" for points in segments)
    sport = "" if kind is None else f"<type>{kind}</type>"
    return (
        '<?xml version="1.0"?>\n<gpx version="1.1" creator="Watch 5" xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
        f"<trk><name>n</name>{sport}{body}</trk></gpx>\n"
    )


def gpx_point(at_utc: datetime, lat: float, lon: float, cadence: int | None = 85) -> str:
    inner = "" if cadence is None else f"<gpxtpx:cad>{cadence}</gpxtpx:cad>"
    extension = f"<extensions><gpxtpx:TrackPointExtension>{inner}</gpxtpx:TrackPointExtension></extensions>"
    time = at_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    return f'<trkpt lat="{lat:.8f}" lon="{lon:.8f}"><ele>30</ele><time>{time}</time>{extension}</trkpt>\n'


METRE_DEG = 1 / 111_319.49  # of latitude, on gpxpy's sphere


def straight_gpx(n: int = 20, speed_mps: float = 3.0) -> str:
    points = [gpx_point(START_UTC + timedelta(seconds=s), 50 + speed_mps * s * METRE_DEG, 8.0) for s in range(n)]
    return gpx([points])


def straight_tcx(n: int = 20, speed_mps: float = 3.0) -> str:
    return tcx([[tcx_point(START_UTC + timedelta(seconds=s), metres=speed_mps * s) for s in range(n)]])
