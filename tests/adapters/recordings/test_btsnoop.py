"""Bluetooth captures: what a phone heard from its sensors."""

import asyncio
import io
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bumble import hci
from bumble.core import UUID
from bumble.device import Peer
from bumble.snoop import BtSnooper

from sensor_hub.adapters.recordings.btsnoop import open_btsnoop
from sensor_hub.adapters.recordings.captures import HandleMap, parse_handle_map
from sensor_hub.adapters.recordings.opened import OpenRecording
from sensor_hub.adapters.virtual.pods import rsc_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.analysis import analyze
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.link import LINK
from sensor_hub.model.raw import RawNotification
from tests.adapters.recordings import captures_by_hand as hand

POD = "C6:05:04:03:02:01"
N_SENT = 2000


def opened(tmp_path: Path, *parts: bytes, handles: HandleMap | None = None, link: int = 1002) -> OpenRecording:
    path = tmp_path / "btsnoop_hci.log"
    path.write_bytes(hand.snoop_header(link) + b"".join(parts))
    return open_btsnoop(path, handles=handles)


def raws(recording: OpenRecording) -> list[RawNotification]:
    return [raw for raw in recording if isinstance(raw, RawNotification) and raw.characteristic != LINK]


def connected_and_discovered(*found: tuple[int, str]) -> list[bytes]:
    return [hand.snoop_packet(hand.connected()), *hand.discovery(*(found or ((0x12, hand.RSC),)))]


def notified(payload: bytes, handle: int = 0x12, **at: Any) -> bytes:
    return hand.snoop_packet(hand.acl(hand.notification(handle, payload)), **at)


def test_two_thousand_notifications_of_a_real_stack_are_read_back_equal(tmp_path: Path) -> None:
    pod = rsc_pod(POD, "Foot SIM")
    radio, log, sent, got = VirtualRadio([pod]), io.BytesIO(), [], []

    async def scene() -> None:
        async with asyncio.timeout(60):
            await radio.start()
            central = await radio.central()
            central.host.snooper = BtSnooper(log)
            connection = await central.connect_le(hci.Address(POD, hci.Address.RANDOM_DEVICE_ADDRESS))
            peer = Peer(connection)
            await peer.request_mtu(247)
            await peer.discover_all()  # type: ignore[no-untyped-call]
            (measurement,) = peer.get_characteristics_by_uuid(UUID.from_16_bits(0x2A53))
            await peer.subscribe(measurement, lambda value: got.append(bytes(value)))
            for i in range(N_SENT):
                sent.append(struct.pack("<BHBH", 1, 700 + i % 100, 85, i))
                assert await pod.notify("2a53", sent[-1])
            while len(got) < N_SENT:  # noqa: ASYNC110 - what is waited for has no event
                await asyncio.sleep(0.01)
            await radio.close()

    asyncio.run(scene())
    assert got == sent
    path = tmp_path / "capture.btsnoop"
    path.write_bytes(log.getvalue())
    recording = open_btsnoop(path)
    found = [raw for raw in raws(recording) if raw.characteristic == hand.RSC]
    assert [raw.payload for raw in found] == sent
    assert {raw.device for raw in found} == {"pod-1"}
    assert recording.faults == []
    times = [raw.arrival_utc for raw in found]
    assert times == sorted(times)
    assert POD.encode() not in path.read_bytes()
    assert "C6" not in repr(recording.info)


@pytest.mark.parametrize("link", [1001, 1002])
def test_both_kinds_of_data_link_are_read(tmp_path: Path, link: int) -> None:
    connect = hand.snoop_packet(hand.connected(), link=link)
    request = hand.acl(struct.pack("<BHHH", 0x08, 1, 0xFFFF, 0x2803), boundary=0)
    answer = hand.acl(bytes([0x09, 7]) + struct.pack("<HBHH", 0x11, 0x10, 0x12, 0x2A53))
    found = raws(
        opened(
            tmp_path,
            connect,
            hand.snoop_packet(request, received=False, link=link),
            hand.snoop_packet(answer, link=link),
            hand.snoop_packet(hand.acl(hand.notification(0x12, b"\x01\x02")), link=link),
            link=link,
        )
    )
    assert [(r.characteristic, r.payload, r.arrival_utc) for r in found] == [("2a53", b"\x01\x02", hand.START_UTC)]


def test_an_unknown_data_link_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="data link type 1003 is unknown"):
        opened(tmp_path, link=1003)


@pytest.mark.parametrize("size", [1, 5, 7, 27])
def test_a_value_in_pieces_is_put_together(tmp_path: Path, size: int) -> None:
    pieces = [hand.snoop_packet(p) for p in hand.acl_pieces(hand.notification(0x12, bytes(range(60))), size)]
    recording = opened(tmp_path, *connected_and_discovered(), *pieces)
    assert [raw.payload for raw in raws(recording)] == [bytes(range(60))]
    assert recording.faults == []


def test_pieces_of_two_connections_are_not_mixed(tmp_path: Path) -> None:
    first = hand.acl_pieces(hand.notification(0x12, b"a" * 40), 20)
    second = hand.acl_pieces(hand.notification(0x12, b"b" * 40), 20, handle=0x41)
    other = [
        hand.snoop_packet(hand.connected(0x41, b"\x09" * 6, enhanced=True)),
        *hand.discovery((0x12, hand.BATTERY), handle=0x41),
    ]
    mixed = [hand.snoop_packet(p) for pair in zip(first, second, strict=True) for p in pair]
    found = raws(opened(tmp_path, *connected_and_discovered(), *other, *mixed))
    assert [(r.device, r.characteristic, r.payload[:1]) for r in found] == [
        ("pod-1", "2a53", b"a"),
        ("pod-2", "2a19", b"b"),
    ]


def test_several_values_in_one_notification_are_all_there(tmp_path: Path) -> None:
    both = b"\x23" + struct.pack("<HH", 0x12, 2) + b"ab" + struct.pack("<HH", 0x15, 1) + b"c"
    found = raws(
        opened(
            tmp_path,
            *connected_and_discovered((0x12, hand.RSC), (0x15, hand.BATTERY)),
            hand.snoop_packet(hand.acl(both)),
        )
    )
    assert [(r.characteristic, r.payload) for r in found] == [("2a53", b"ab"), ("2a19", b"c")]


def test_indications_and_answers_to_reads_are_values_and_writes_are_not(tmp_path: Path) -> None:
    found = raws(
        opened(
            tmp_path,
            *connected_and_discovered((0x12, "2a55"), (0x15, hand.BATTERY)),
            hand.snoop_packet(hand.acl(b"\x12\x12\x00\x99"), received=False),
            hand.snoop_packet(hand.acl(hand.notification(0x12, b"\x10\x01", opcode=0x1D))),
            hand.snoop_packet(hand.acl(b"\x0a\x15\x00"), received=False),
            hand.snoop_packet(hand.acl(b"\x0b\x4d")),
        )
    )
    assert [(r.characteristic, r.payload) for r in found] == [("2a55", b"\x10\x01"), ("2a19", b"\x4d")]


def test_a_long_value_read_in_parts_is_one(tmp_path: Path) -> None:
    text = bytes(range(50))
    parts = [
        hand.snoop_packet(hand.acl(b"\x0a\x15\x00"), received=False),
        hand.snoop_packet(hand.acl(b"\x0b" + text[:22])),
    ]
    for at in (22, 44):
        parts.append(hand.snoop_packet(hand.acl(struct.pack("<BHH", 0x0C, 0x15, at)), received=False))
        parts.append(hand.snoop_packet(hand.acl(b"\x0d" + text[at : at + 22])))
    found = raws(opened(tmp_path, *connected_and_discovered((0x15, hand.BATTERY)), *parts))
    assert [r.payload for r in found] == [text]


def test_a_sensor_that_connects_again_is_the_same_pod_with_the_same_handles(tmp_path: Path) -> None:
    again = [hand.snoop_packet(hand.disconnected()), hand.snoop_packet(hand.connected(0x55))]
    late = hand.snoop_packet(hand.acl(hand.notification(0x12, b"2"), 0x55))
    found = raws(opened(tmp_path, *connected_and_discovered(), notified(b"1"), *again, late))
    assert [(r.device, r.characteristic, r.payload) for r in found] == [
        ("pod-1", "2a53", b"1"),
        ("pod-1", "2a53", b"2"),
    ]


def test_a_link_that_went_down_is_the_cause_of_the_gap(tmp_path: Path) -> None:
    at = [hand.START_UTC + timedelta(seconds=s) for s in range(60)]
    values = [notified(hand.RUNNING_3_MPS, at_utc=t) for t in at]
    lost = hand.snoop_packet(hand.disconnected(), at[20])
    back = hand.snoop_packet(hand.connected(), at[50])
    path = tmp_path / "capture"
    path.write_bytes(
        hand.snoop_header() + b"".join([*connected_and_discovered(), *values[:20], lost, back, *values[50:]])
    )
    summary = analyze(path).summary
    assert summary is not None
    assert "disconnected" in summary.warnings
    assert "silence" not in summary.warnings


def test_a_handle_nobody_named_is_said_with_its_mend_and_a_map_mends_it(tmp_path: Path) -> None:
    parts = [hand.snoop_packet(hand.connected()), notified(b"1"), notified(b"2")]
    with pytest.raises(RecordingError, match=r"pod-1 handle 0x0012.*2 values.*--handles MAP.toml"):
        opened(tmp_path, *parts)
    handles = parse_handle_map('[handles]\n0x0012 = "00002A53-0000-1000-8000-00805F9B34FB"\n')
    found = raws(opened(tmp_path, *parts, handles=handles))
    assert [(r.characteristic, r.payload) for r in found] == [("2a53", b"1"), ("2a53", b"2")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is missing"),
        ("[handles]\nx = 3\n", "is not a handle"),
        ('[handles]\n18 = "2a5"\n', "is not a handle"),
        ('[handles]\n0x10000 = "2a53"\n', "is no handle"),
        ("[handles", "not TOML"),
    ],
)
def test_a_wrong_handle_map_says_where(text: str, says: str) -> None:
    with pytest.raises(ProfileError, match=says):
        parse_handle_map(text, "map.toml")


def test_a_connection_from_before_the_capture_is_a_pod_too(tmp_path: Path) -> None:
    recording = opened(tmp_path, notified(b"1"), handles=HandleMap("m", {0x12: "2a53"}))
    assert [r.device for r in raws(recording)] == ["pod-1"]


def test_a_packet_kept_in_part_is_lost_and_counted(tmp_path: Path) -> None:
    cut = hand.snoop_packet(hand.acl(hand.notification(0x12, b"123456"))[:14], original=18)
    recording = opened(tmp_path, *connected_and_discovered(), notified(b"1"), cut, notified(b"3"))
    assert [r.payload for r in raws(recording)] == [b"1", b"3"]
    (fault,) = recording.faults
    assert fault.lost
    assert "1 were captured in part only" in fault.problem


def test_a_clock_that_is_put_back_is_said_and_everything_kept(tmp_path: Path) -> None:
    times = [hand.START_UTC + timedelta(seconds=s) for s in (0, 60, 30, 31)]
    recording = opened(tmp_path, *connected_and_discovered(), *(notified(b"x", at_utc=at) for at in times))
    assert [r.arrival_utc for r in raws(recording)] == times
    assert [(f.problem, f.lost) for f in recording.faults] == [("time runs back by 30 s; everything is kept", False)]


def test_a_time_of_another_year_is_left_out(tmp_path: Path) -> None:
    times = [hand.START_UTC + timedelta(days=400 if s == 5 else 0, seconds=s) for s in range(30)]
    recording = opened(tmp_path, *connected_and_discovered(), *(notified(b"x", at_utc=at) for at in times))
    assert len(raws(recording)) == 29
    assert [f.lost for f in recording.faults] == [True]


def test_the_name_of_a_sensor_is_told_where_the_phone_read_it(tmp_path: Path) -> None:
    read = [hand.snoop_packet(hand.acl(b"\x0a\x03\x00"), received=False), hand.snoop_packet(hand.acl(b"\x0bStryd"))]
    recording = opened(tmp_path, *connected_and_discovered((0x03, hand.NAME), (0x12, hand.RSC)), *read, notified(b"1"))
    assert recording.info.names == {"pod-1": "Stryd"}
    assert recording.info.characteristics == {"pod-1": {"2a00": 1, "2a53": 1}}
