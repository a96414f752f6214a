from datetime import timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.adapters.recordings.rsc_vectors import FIRST_ARRIVAL_UTC, open_rsc_vectors
from sensor_hub.errors import RecordingError
from sensor_hub.model.raw import RawNotification
from tests import need
from tests.adapters.recordings.test_reader_contract import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_known_by_its_content_whatever_its_name(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "misnamed.jpg"
    case.write(path)
    assert case.opened(path).info.kind == case.name.removesuffix("-unfinished").removesuffix("-gz")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "bytes ff d8 ff e0"),
        (b"4295, -0.49, 0.15\n", "a CSV that begins '4295, -0.49, 0.15'.*give --columns MAP.toml"),
        (b"hello world\n", "text that begins 'hello world'.*known formats: FIT"),
        (b'{"steps": []}', "text that begins"),
    ],
)
def test_an_unknown_file_is_refused_with_what_was_seen_and_the_mend(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "thing"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=says) as refused:
        open_recording(path)
    assert refused.value.path == str(path)


def test_captured_payloads_arrive_one_a_second_under_their_devices_name() -> None:
    recording = open_recording(need.data("ble_vectors/rsc_2a53.json"))
    notifications = [n for n in recording if isinstance(n, RawNotification)]
    assert [n.arrival_utc - FIRST_ARRIVAL_UTC for n in notifications] == [timedelta(seconds=i) for i in range(9)]
    assert [n.device for n in notifications] == [
        "npe-runn-treadmill-sensor", "technogym-myrun", "technogym-run", "technogym-run", *["synthetic"] * 5
    ]  # fmt: skip
    assert {n.characteristic for n in notifications} == {"2a53"}
    assert notifications[0].payload == bytes.fromhex("009101bb")
    assert [d.device for d in recording.info.devices] == list(dict.fromkeys(n.device for n in notifications))


def test_an_unusable_vector_is_named_and_leaves_its_second_empty(tmp_path: Path) -> None:
    path = tmp_path / "v.json"
    path.write_text('{"vectors": [{"hex": "01"}, {"hex": "0"}, 7, {"device": "x"}, {"hex": "02"}]}')
    recording = open_rsc_vectors(path)
    arrivals = [n.arrival_utc for n in recording if isinstance(n, RawNotification)]
    assert [(t - FIRST_ARRIVAL_UTC).seconds for t in arrivals] == [0, 4]
    assert [(f.place, f.lost) for f in recording.faults] == [(f"vectors[{i}]", True) for i in (1, 2, 3)]


@pytest.mark.parametrize("text", ['{"vectors": []}', '{"vectors": 3}', '{"vectors": [{"hex": 1}]}', '{"vectors"'])
def test_vectors_without_a_payload_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "v.json"
    path.write_text(text)
    with pytest.raises(RecordingError):
        open_rsc_vectors(path)
