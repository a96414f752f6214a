"""Firmware profiles: what the loader takes and refuses, the schema beside it, and every profile that ships."""

import json
import math
import struct
import tomllib
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from numpy.testing import assert_allclose

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.catalogue import DECODER_NAMES, LAYOUT_PREFIX, VALUE_DECODERS, is_stream, stream_decoder
from sensor_hub.decoders.table import decode_values
from sensor_hub.errors import DecodeError, ProfileError
from sensor_hub.model.gait import Mount
from sensor_hub.model.profile import Command, DeviceProfile, Layout, LayoutField, Presence
from sensor_hub.profiles import DECODERS, load_profile
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

FOLDER = Path(__file__).parents[1] / "firmware_profiles"
FILES = sorted(path for path in FOLDER.glob("*.toml") if not path.name.startswith("_"))
PROFILES = {path.stem: load_profile(path.read_text(encoding="utf-8"), str(path)) for path in FILES}
SCHEMA = json.loads((files("sensor_hub") / "schemas" / "firmware-profile.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
DATA, CONTROL = "12345678-1234-1234-1234-1234567890ab", "12345678-1234-1234-1234-1234567890ac"
GOOD = f"""
[device]
id = "pod"
version = 2
name = "Pod"
kind = "imu"
mount = "shank"
status = "documented"
evidence = "a page"
notes = "a note"

[recognise]
names = ["Pod*"]
services = ["FFF0"]
company_ids = [0x0886]

[connection]
notify_mode = "acquire"
skip_services = ["fff5"]
stale_timeout_s = 2

[characteristics]
"{DATA.upper()}" = "layout:batch"
"{CONTROL}" = "battery"

[[start]]
to = "{CONTROL}"
write = "02 1C ff"
reply_from = "{CONTROL}"
reply_prefix = "f0"

[[start]]
to = "{CONTROL}"
text = "go"
response = false

[[stop]]
to = "{CONTROL}"
write = "03"

[[keep_alive]]
to = "{CONTROL}"
write = "00"
each_s = 10

[stream]
subscribe = ["{DATA}"]
reads = ["2a19", "{CONTROL}"]
sampling_rate_hz = 100
largest_rate_hz = 200.0
range_g = 16
range_dps = 2000

[clock]
timestamp = "last_sample"
wrap_bits = 24
tick_s = 0.001

[records]
cadence_counts = "strides"
stride_divisor = 2

[axes]
x = "y"
y = "-x"

[layouts.batch]
repeat_at = 6
repeat_bytes = 7
match = [{{ at = 0, bytes = "a5" }}]
ignore_unmatched = true

[[layouts.batch.fields]]
quantity = "sequence"
type = "u8"
at = 1

[[layouts.batch.fields]]
quantity = "time"
type = "u32"
unit = "ms"

[[layouts.batch.fields]]
quantity = "acceleration"
type = "i16"
scale = "16/32768"
unit = "g"
offset = 1
repeated = true
valid_min = -32767
valid_max = 32767.0
"""
FRAME = """
[device]
id = "pod"
version = 1
name = "Pod"
kind = "records"
status = "unverified"
evidence = "a page"

[recognise]
names = ["Pod*"]

[characteristics]
"fff1" = "layout:frame"

[layouts.frame]
fields = [
    { quantity = "speed", type = "u16", scale = "1/256", unit = "m/s", at = 1 },
    { quantity = "cadence", type = "u8", unit = "1/min", valid_max = 254, present = { byte = 0, mask = 3, equals = 2 }},
]
"""


ONE_G = {  # what a sensor lying flat, turning at 100 deg/s about z, sends
    "fuzzylabs-shank-logger": struct.pack("<I6f", 5, 0, 0, 1, 0, 0, 100),
    "movella-dot": struct.pack("<I6f", 5, 0, 0, 9.80665, 0, 0, 100),
    "witmotion-wt901ble": b"\x55\x61" + struct.pack("<9h", 0, 0, 2048, 0, 0, round(100 * 32768 / 2000), 0, 0, 0),
    "nordic-thingy52": struct.pack("<9h", 0, 0, 1024, 0, 0, 3200, 0, 0, 0),
    "generic-imu": struct.pack("<HI6h", 1, 5, 0, 0, 2048, 0, 0, round(100 * 32768 / 2000)),
}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- the profiles that ship ------------------------------------------------------------------------------------------


def test_the_profiles_that_were_promised_are_there() -> None:
    assert set(PROFILES) == {
        "standard-rsc", "standard-heart-rate", "standard-cycling-power", "standard-battery",
        "standard-device-information", "stryd", "zwift-runpod", "polar-stride-sensor", "technogym-run", "npe-runn",
        "polar-h10", "polar-oh1", "polar-verity-sense", "movesense", "movella-dot", "mbientlab-metamotion-bmi160",
        "mbientlab-metamotion-bmi270", "witmotion-wt901ble", "nordic-thingy52", "arduino-nano33ble-simple-stream",
        "fuzzylabs-shank-logger", "espruino-puckjs", "generic-imu",
    }  # fmt: skip


@pytest.mark.parametrize("name", PROFILES)
def test_a_shipped_profile_can_be_believed(name: str) -> None:
    profile = PROFILES[name]
    assert profile.id == name
    assert len(profile.evidence.split()) > 5
    assert profile.status != "verified", "no device was touched"
    assert 0.5 <= profile.stale_timeout_s <= (600 if profile.kind == "companion" else 10)
    for rate_hz in (profile.sampling_rate_hz, profile.largest_rate_hz):
        assert rate_hz is None or 1 <= rate_hz <= 2000
    assert (profile.sampling_rate_hz is not None) == (profile.kind == "imu")
    assert profile.cadence_counts == "steps" or profile.kind == "records"


@pytest.mark.parametrize("name", PROFILES)
def test_a_shipped_profile_asks_for_nothing_it_does_not_understand(name: str) -> None:
    profile = PROFILES[name]
    for uuid, decoder in profile.characteristics.items():
        assert uuid == uuid.lower()
        assert len(uuid) in {4, 36}
        assert decoder in DECODER_NAMES or decoder.removeprefix(LAYOUT_PREFIX) in profile.layouts
    assert {*profile.subscribe, *profile.reads} <= set(profile.characteristics)
    assert profile.subscribe or profile.id == "standard-device-information"
    for command in (*profile.start, *profile.stop, *profile.keep_alive):
        assert len(command.characteristic) in {4, 36}
        assert command.payload
        assert command.reply_from in {None, *profile.subscribe}


@pytest.mark.parametrize("name", ONE_G)
def test_a_declared_range_fits_into_its_numbers(name: str) -> None:
    profile = PROFILES[name]
    for quantity, largest in (
        ("acceleration_x_mps2", profile.largest_acceleration_mps2),
        ("angular_velocity_x_radps", profile.largest_angular_velocity_radps),
    ):
        (field,) = (f for layout in profile.layouts.values() for f in layout.fields if f.quantity == quantity)
        if largest is not None and field.type == "i16":
            assert largest == pytest.approx(32768 * field.scale)


def test_ids_are_unique() -> None:
    ids = [p.id for p in PROFILES.values()]
    assert len(set(ids)) == len(ids)


def test_no_two_profiles_answer_to_one_name() -> None:
    said = [(pattern.replace("*", "-7 x"), p.id) for p in PROFILES.values() for pattern in p.name_patterns]
    for name, owner in said:
        others = {
            p.id
            for p in PROFILES.values()
            for pattern in p.name_patterns
            if pattern != "*" and p.id != owner and fnmatchcase(name.lower(), pattern.lower())
        }
        assert owner == "standard-rsc" or not others, name


def test_no_two_profiles_share_a_service_unless_they_are_two_chips_of_one_maker() -> None:
    owners: dict[str, list[str]] = {}
    for profile in PROFILES.values():
        for key in (*profile.services, *profile.company_ids):
            owners.setdefault(str(key), []).append(profile.id)
    shared = [ids for ids in owners.values() if len(ids) > 1]
    assert shared == [["mbientlab-metamotion-bmi160", "mbientlab-metamotion-bmi270"]]


def test_only_the_standard_profile_answers_to_any_name() -> None:
    assert [p.id for p in PROFILES.values() if "*" in p.name_patterns] == ["standard-rsc"]


def test_the_only_public_contact_time_is_that_of_stryd() -> None:
    assert [p.id for p in PROFILES.values() if p.gives_contact_time] == ["stryd"]


def test_the_decoders_a_profile_may_name_are_those_there_are() -> None:
    assert DECODERS == DECODER_NAMES


def test_there_is_a_frame_for_every_declared_imu() -> None:
    assert set(ONE_G) == {p.id for p in PROFILES.values() if p.kind == "imu" and p.layouts}


@pytest.mark.parametrize("name", ONE_G)
def test_one_g_and_a_turn_arrive_in_si(name: str) -> None:
    profile = PROFILES[name]
    (decoder_name,) = set(profile.characteristics.values()) - {"battery", "device_information"}
    assert is_stream(decoder_name, profile)
    samples = stream_decoder(decoder_name, profile).decode(profile.subscribe[0], [ONE_G[name]])
    assert samples.failures == ()
    assert_allclose(samples.acceleration_mps2, [[0, 0, STANDARD_GRAVITY_MPS2]], rtol=1e-6)
    assert_allclose(samples.angular_velocity_radps, [[0, 0, 100 * DEGREE_RAD]], rtol=1e-3)


def test_a_frame_of_stryd_has_a_contact_time_and_its_other_frames_have_none() -> None:
    layout = PROFILES["stryd"].layouts["contact"]
    assert decode_values(layout, bytes.fromhex("32 00 00 00 f3 00") + bytes(14)) == {"contact_time_s": 0.243}
    assert decode_values(layout, bytes.fromhex("33 00 00 00 f3 00") + bytes(14)) == {}


STREAMS = [
    (p.id, uuid) for p in PROFILES.values() for uuid, name in p.characteristics.items() if is_stream(name, p)
]  # fmt: skip


@pytest.mark.parametrize(("name", "uuid"), STREAMS)
@given(st.lists(st.binary(max_size=64), max_size=8))
def test_whatever_a_sensor_sends_its_stream_decoder_does_not_raise(name: str, uuid: str, payloads: list[bytes]) -> None:
    profile = PROFILES[name]
    samples = stream_decoder(profile.characteristics[uuid], profile).decode(uuid, payloads)
    assert not {i for i, _ in samples.failures} & set(samples.notification.tolist())
    assert samples.time_s.shape == samples.notification.shape


@pytest.mark.parametrize("name", PROFILES)
@given(payload=st.binary(max_size=64))
def test_whatever_a_sensor_sends_only_a_decode_error_leaves(name: str, payload: bytes) -> None:
    profile = PROFILES[name]
    for decoder in sorted(set(profile.characteristics.values())):
        try:
            if decoder in VALUE_DECODERS:
                VALUE_DECODERS[decoder](payload)
            elif decoder.startswith(LAYOUT_PREFIX):
                values = decode_values(profile.layouts[decoder.removeprefix(LAYOUT_PREFIX)], payload)
                assert all(v is None or math.isfinite(v) for v in values.values())
        except DecodeError as error:
            assert error.payload == payload  # noqa: PT017 -- either is right


# --- what a profile says ---------------------------------------------------------------------------------------------


def test_every_field_arrives() -> None:
    profile = load_profile(GOOD, "pod.toml")
    layout = profile.layouts["batch"]
    assert profile == DeviceProfile(
        id="pod",
        version=2,
        name="Pod",
        name_patterns=("Pod*",),
        characteristics={DATA: "layout:batch", CONTROL: "battery", "2a19": "battery"},
        kind="imu",
        status="documented",
        evidence="a page",
        services=("fff0",),
        company_ids=(0x886,),
        layouts={"batch": layout},
        subscribe=(DATA,),
        reads=("2a19", CONTROL),
        start=(
            Command(CONTROL, b"\x02\x1c\xff", response=True, reply_from=CONTROL, reply_prefix=b"\xf0"),
            Command(CONTROL, b"go", response=False),
        ),
        stop=(Command(CONTROL, b"\x03"),),
        keep_alive=(Command(CONTROL, b"\0"),),
        keep_alive_s=10.0,
        skip_services=("fff5",),
        notify_mode="acquire",
        sampling_rate_hz=100.0,
        largest_rate_hz=200.0,
        largest_acceleration_mps2=16 * STANDARD_GRAVITY_MPS2,
        largest_angular_velocity_radps=2000 * DEGREE_RAD,
        cadence_counts="strides",
        stride_divisor=2.0,
        stale_timeout_s=2.0,
        timestamp="last_sample",
        timestamp_wrap_bits=24,
        timestamp_tick_s=0.001,
        mount="shank",
        axes=("y", "-x", "z"),
        notes="a note",
    )
    assert profile.tag == "pod@2"


def test_a_layout_arrives_in_si() -> None:
    layout = load_profile(GOOD, "pod.toml").layouts["batch"]
    acceleration = [
        LayoutField(
            f"acceleration_{axis}_mps2",  # type: ignore[arg-type]
            "i16",
            16 / 32768 * STANDARD_GRAVITY_MPS2,
            STANDARD_GRAVITY_MPS2,
            repeated=True,
            valid_min=-32767,
            valid_max=32767,
        )
        for axis in "xyz"
    ]
    assert layout == Layout(
        "batch",
        (LayoutField("sequence", "u8", at=1), LayoutField("time_s", "u32", 0.001), *acceleration),
        match=((0, b"\xa5"),),
        repeat_at=6,
        repeat_bytes=7,
        ignore_unmatched=True,
    )


def test_a_flag_and_a_fraction_arrive() -> None:
    speed, cadence = load_profile(FRAME, "pod.toml").layouts["frame"].fields
    assert speed == LayoutField("speed_mps", "u16", 1 / 256, at=1)
    assert cadence == LayoutField("cadence_per_min", "u8", present=Presence(0, 3, 2), valid_max=254)


@pytest.mark.parametrize(
    ("quantity", "unit", "quantities", "scale"),
    [
        ("acceleration_y", "mg", ["acceleration_y_mps2"], 9.80665e-3),
        ("angular_velocity", "mdeg/s", [f"angular_velocity_{a}_radps" for a in "xyz"], math.radians(1e-3)),
        ("time", "us", ["time_s"], 1e-6),
        ("contact_time", "ns", ["contact_time_s"], 1e-9),
        ("speed", "km/h", ["speed_mps"], 1 / 3.6),
        ("cadence", "1/s", ["cadence_per_min"], 60),
        ("distance", "dm", ["distance_m"], 0.1),
        ("stride_length", "cm", ["stride_length_m"], 0.01),
    ],
)
def test_units_of_data_sheets_become_si(quantity: str, unit: str, quantities: list[str], scale: float) -> None:
    others = [q for q in ("acceleration_x", "acceleration_y", "acceleration_z") if q != quantity]
    more = [{"quantity": q, "unit": "g"} for q in others] if quantity.startswith("acceleration") else []
    if quantity == "time":
        more = [{"quantity": "acceleration", "unit": "g"}]
    rows = [{"quantity": quantity, "unit": unit}, *more]
    fields = ", ".join(f'{{ quantity = "{r["quantity"]}", type = "i32", unit = "{r["unit"]}" }}' for r in rows)
    kind = "imu" if quantity.startswith(("acc", "ang", "time")) else "records"
    clock = '[clock]\ntimestamp = "last_sample"\n' if quantity == "time" else ""
    text = f"{FRAME.split('fields')[0]}fields = [{fields}]\n{clock}[stream]\nsampling_rate_hz = 50\n"
    found = load_profile(text.replace('"records"', f'"{kind}"'), "pod.toml").layouts["frame"].fields
    assert [f.quantity for f in found][: len(quantities)] == quantities
    assert found[0].scale == pytest.approx(scale, rel=1e-12)


def test_a_vector_with_a_place_takes_three_places() -> None:
    text = FRAME.replace('"records"', '"imu"').split("fields")[0]
    text += 'fields = [{ quantity = "acceleration", type = "i24", unit = "mg", at = 2 }]\n'
    fields = load_profile(f"{text}[stream]\nsampling_rate_hz = 50\n", "pod.toml").layouts["frame"].fields
    assert [f.at for f in fields] == [2, 5, 8]


def test_simple_stream_may_have_scales_of_another_chip() -> None:
    text = text_of(FOLDER / "arduino-nano33ble-simple-stream.toml")
    text += """
[layouts.columns]
fields = [
    { quantity = "acceleration", type = "i16", scale = "4/32768", unit = "g" },
    { quantity = "angular_velocity", type = "i16", scale = "2000/32768", unit = "deg/s" },
]
"""
    profile = load_profile(text, "pod.toml")
    decoder = stream_decoder("simple_stream", profile)
    config = (
        b'{"sample_rate": 119, "samples_per_packet": 1, "column_location": {"AccelerometerX": 0, "AccelerometerY": 1, '
        b'"AccelerometerZ": 2, "GyroscopeX": 3, "GyroscopeY": 4, "GyroscopeZ": 5}}'
    )
    decoder.decode(profile.reads[0], [config])
    samples = decoder.decode(profile.subscribe[0], [struct.pack("<6h", 0, 0, 8192, 0, 0, 16384)])
    assert_allclose(samples.acceleration_mps2, [[0, 0, STANDARD_GRAVITY_MPS2]])
    assert_allclose(samples.angular_velocity_radps, [[0, 0, 1000 * DEGREE_RAD]])


def test_what_is_left_out_has_a_default() -> None:
    short = "\n".join(line for line in FRAME.splitlines() if line)
    profile = load_profile(short, "pod.toml")
    assert (profile.cadence_counts, profile.stride_divisor, profile.stale_timeout_s) == ("steps", 1.0, 3.0)
    assert (profile.timestamp, profile.timestamp_wrap_bits, profile.timestamp_tick_s) == ("none", None, None)
    assert (profile.mount, profile.axes, profile.notify_mode) == (None, ("x", "y", "z"), "auto")
    assert profile.subscribe == ("fff1",)
    assert (profile.start, profile.stop, profile.keep_alive, profile.keep_alive_s) == ((), (), (), 0.0)


def test_a_declared_time_says_what_the_clock_counts() -> None:
    profile = load_profile(GOOD.replace("wrap_bits = 24\ntick_s = 0.001\n", ""), "pod.toml")
    assert (profile.timestamp_wrap_bits, profile.timestamp_tick_s) == (32, 0.001)


BROKEN = [
    ("[device]", "[device", "not TOML"),
    ("[clock]", "[clocks]", "[clocks]"),
    ("[device]", "top = 1\n[device]", "[top]"),
    ('name = "Pod"', 'nmae = "Pod"', "device.nmae"),
    ('id = "pod"\n', "", "device.id"),
    ("version = 2", 'version = "2"', "device.version"),
    ("version = 2", "version = true", "device.version"),
    ("version = 2", "version = 0", "device.version"),
    ('id = "pod"', 'id = "Pod 1"', "device.id"),
    ('kind = "imu"', 'kind = "camera"', "device.kind"),
    ('mount = "shank"', 'mount = "wrist"', "device.mount"),
    ('status = "documented"', 'status = "sure"', "device.status"),
    ('evidence = "a page"', "evidence = 5", "device.evidence"),
    ('evidence = "a page"', 'evidence = " "', "device.evidence"),
    ('names = ["Pod*"]', 'names = "Pod*"', "recognise.names"),
    ('names = ["Pod*"]', "names = [5]", "recognise.names"),
    ('names = ["Pod*"]', 'names = [""]', "recognise.names"),
    ('names = ["Pod*"]\nservices = ["FFF0"]\ncompany_ids = [0x0886]', "names = []", "recognise.names"),
    ('services = ["FFF0"]', 'services = ["FFF"]', "recognise.services"),
    ("company_ids = [0x0886]", "company_ids = [0x10000]", "recognise.company_ids"),
    ('notify_mode = "acquire"', 'notify_mode = "both"', "connection.notify_mode"),
    ('skip_services = ["fff5"]', 'skip_services = ["fff5-1"]', "connection.skip_services"),
    ("stale_timeout_s = 2", "stale_timeout_s = -1", "connection.stale_timeout_s"),
    ("stale_timeout_s = 2", 'stale_timeout_s = "2"', "connection.stale_timeout_s"),
    ('= "battery"', '= "magic"', f"characteristics.{CONTROL}"),
    ('= "battery"', '= ["rsc"]', f"characteristics.{CONTROL}"),
    (f'"{CONTROL}" = "battery"', '"2F" = "rsc"', "characteristics.2F"),
    (f'to = "{CONTROL}"\nwrite = "03"', 'write = "03"', "stop[0].to"),
    (f'to = "{CONTROL}"\nwrite = "03"', f'to = "{CONTROL}"', "stop[0].write"),
    ('write = "03"', 'write = "03"\ntext = "x"', "stop[0].write"),
    ('write = "03"', 'write = "3"', "stop[0].write"),
    ('write = "03"', 'write = ""', "stop[0].write"),
    ('write = "03"', 'write = "03"\nreply_prefix = "f0"', "stop[0].reply_prefix"),
    ('write = "03"', 'write = "03"\neach_s = 5', "stop[0].each_s"),
    ("each_s = 10", "each_s = 0", "keep_alive[0].each_s"),
    ("each_s = 10", "", "keep_alive[0].each_s"),
    ("sampling_rate_hz = 100", "sampling_rate_hz = 0.5", "stream.sampling_rate_hz"),
    ("sampling_rate_hz = 100", "sampling_rate_hz = 5000", "stream.sampling_rate_hz"),
    ("range_g = 16", "range_g = 0", "stream.range_g"),
    ("range_dps = 2000", 'range_dps = "2000"', "stream.range_dps"),
    ('timestamp = "last_sample"', 'timestamp = "some"', "clock.timestamp"),
    ("wrap_bits = 24", "wrap_bits = 33", "clock.wrap_bits"),
    ("wrap_bits = 24", "wrap_bits = [32]", "clock.wrap_bits"),
    ('cadence_counts = "strides"', 'cadence_counts = "both"', "records.cadence_counts"),
    ("stride_divisor = 2", "stride_divisor = 0", "records.stride_divisor"),
    ('y = "-x"', 'y = "+x"', "axes.y"),
    ('type = "u32"', 'type = "u12"', "layouts.batch.fields[1].type"),
    ('quantity = "time"', 'quantity = "tide"', "layouts.batch.fields[1].quantity"),
    ('quantity = "time"', 'quantity = "time_x"', "layouts.batch.fields[1].quantity"),
    ('unit = "ms"', 'unit = "m/s"', "layouts.batch.fields[1].unit"),
    ('unit = "ms"', "", "layouts.batch.fields[1].unit"),
    ("at = 1\n", 'at = 1\nunit = "s"\n', "layouts.batch.fields[0].unit"),
    ("at = 1\n", "at = -1\n", "layouts.batch.fields[0].at"),
    ('scale = "16/32768"', 'scale = "16:32768"', "layouts.batch.fields[2].scale"),
    ('scale = "16/32768"', 'scale = "16/0"', "layouts.batch.fields[2].scale"),
    ('scale = "16/32768"', "scale = 0", "layouts.batch.fields[2].scale"),
    ("repeated = true", "repeated = 1", "layouts.batch.fields[2].repeated"),
    ("offset = 1", "present = { byte = 0 }", "layouts.batch.fields[2].present"),
    ("offset = 1", "present = { byte = 0, mask = 0 }", "layouts.batch.fields[2].present"),
    ("valid_min = -32767", 'valid_min = "low"', "layouts.batch.fields[2].valid_min"),
    ("repeat_at = 6\n", "", "layouts.batch.repeat_at"),
    ('bytes = "a5"', 'bytes = "a"', "layouts.batch.match[0].bytes"),
    ("ignore_unmatched = true", "ignore = true", "layouts.batch.ignore"),
]  # fmt: skip
CONTRADICTIONS = [  # each value by itself is right
    ("stride_divisor = 2", "stride_divisor = nan", "records.stride_divisor"),
    ("valid_min = -32767", "valid_min = inf", "layouts.batch.fields[2].valid_min"),
    ('kind = "imu"', 'kind = "records"', "device.kind"),
    ('"layout:batch"', '"layout:other"', f"characteristics.{DATA.upper()}"),
    ('"layout:batch"', '"battery"', "layouts.batch"),
    (f'subscribe = ["{DATA}"]', 'subscribe = ["fff9"]', "stream.subscribe"),
    (f'subscribe = ["{DATA}"]', f'subscribe = ["{DATA}", "{DATA}"]', "stream.subscribe"),
    (f'reads = ["2a19", "{CONTROL}"]', 'reads = ["2a1a"]', "stream.reads"),
    ('reply_from = "' + CONTROL, 'reply_from = "' + CONTROL[:-1] + "f", "start.reply_from"),
    ("largest_rate_hz = 200.0", "largest_rate_hz = 50", "stream.sampling_rate_hz"),
    ("sampling_rate_hz = 100\n", "", "stream.sampling_rate_hz"),
    ('timestamp = "last_sample"', 'timestamp = "none"', "clock.timestamp"),
    ("wrap_bits = 24", "wrap_bits = 64", "clock.wrap_bits"),
    ("tick_s = 0.001", "tick_s = 0.01", "clock.tick_s"),
    ('y = "-x"', 'y = "x"', "axes.x"),
    ('y = "-x"', 'y = "y"', "axes.x"),
    ("repeat_bytes = 7", "repeat_bytes = 5", "layouts.batch.fields"),
    ("repeat_at = 6", "repeat_at = 5", "layouts.batch.fields"),
    ("repeated = true", "repeated = false", "layouts.batch.repeat_at"),
    ("ignore_unmatched = true", "resync = true", "layouts.batch.resync"),
    ("ignore_unmatched = true", "frame_bytes = 5", "layouts.batch.fields"),
    ("ignore_unmatched = true", "frame_bytes = 6\nmatch2 = 1", "layouts.batch.match2"),
    ('quantity = "acceleration"', 'quantity = "acceleration_x"', "layouts.batch.fields"),
    ('quantity = "sequence"\ntype = "u8"', 'quantity = "time"\ntype = "u8"\nunit = "ms"', "layouts.batch.fields"),
    ('quantity = "sequence"\ntype = "u8"', 'quantity = "speed"\ntype = "u8"\nunit = "m/s"', "layouts.batch.fields"),
    ("offset = 1", "present = { byte = 0, mask = 1 }", "layouts.batch.fields"),
    ("offset = 1", "present = { byte = 0, mask = 1, equals = 2 }", "layouts.batch.fields[2].present.equals"),
]


@pytest.mark.parametrize(("old", "new", "key"), BROKEN + CONTRADICTIONS)
def test_a_mistake_names_the_file_and_the_key(old: str, new: str, key: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(ProfileError) as caught:
        load_profile(GOOD.replace(old, new), "my/pod.toml")
    assert str(caught.value).startswith("my/pod.toml: ")
    assert key in str(caught.value)


SCALARS = st.one_of(
    st.integers(-5, 300),
    st.floats(allow_nan=True),
    st.booleans(),
    st.text("abc*", max_size=4),
    st.lists(st.integers(0, 9), max_size=2),
    st.just({}),
)


@given(st.data(), SCALARS)
def test_any_value_in_any_place_is_a_profile_or_a_profile_error(data: st.DataObject, value: object) -> None:
    lines = [line for line in GOOD.splitlines() if "=" in line]
    line = data.draw(st.sampled_from(lines))
    written = {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')
    text = GOOD.replace(line, f"{line.split('=')[0]}= {written}")
    try:
        profile = load_profile(text, "pod.toml")
    except ProfileError as error:
        assert "pod.toml" in str(error)  # noqa: PT017 -- either is right
    else:
        assert profile.stale_timeout_s > 0
        decoder = stream_decoder("layout:batch", profile)
        assert decoder.decode(DATA, [b"\xa5" + bytes(12)]).notification.dtype == np.int64


# --- the schema ------------------------------------------------------------------------------------------------------


def problems(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_file_conforms_to_the_schema(path: Path) -> None:
    assert problems(text_of(path)) == []


def test_schema_and_loader_take_the_same() -> None:
    for text in (GOOD, FRAME):
        assert problems(text) == []


@pytest.mark.parametrize(("old", "new", "key"), [each for each in BROKEN if each[2] != "not TOML"])
def test_schema_and_loader_refuse_the_same(old: str, new: str, key: str) -> None:
    assert problems(GOOD.replace(old, new)), key


def enum_of(*path: str) -> set[Any]:
    part: Any = SCHEMA["properties"]
    for key in path:
        part = part[key]
    return set(part["enum"])


def test_the_schema_knows_the_words_of_the_model() -> None:
    assert enum_of("device", "properties", "mount") == set(get_args(Mount))
    decoders = SCHEMA["properties"]["characteristics"]["additionalProperties"]["anyOf"][0]["enum"]
    assert set(decoders) == DECODERS


def test_all_profiles_are_those_of_the_folder() -> None:
    assert all_profiles() == PROFILES


# --- the guide -------------------------------------------------------------------------------------------------------

GUIDE = (Path(__file__).parents[1] / "docs" / "profiles.md").read_text(encoding="utf-8")


def table_of_profiles() -> list[str]:
    rows = ["| profile | sensor | gives | Hz | contact time | status |", "|---|---|---|---|---|---|"]
    gives = {"imu": "movement", "records": "speed, cadence", "companion": "goes along"}
    for p in PROFILES.values():
        coarse = "computed, coarse" if (p.sampling_rate_hz or 0) < 100 else "computed"
        contact = coarse if p.kind == "imu" else "sent" if p.gives_contact_time else "-"
        rate = f"{p.sampling_rate_hz:g}" if p.sampling_rate_hz else "-"
        rows.append(f"| `{p.id}` | {p.name} | {gives[p.kind]} | {rate} | {contact} | {p.status} |")
    return rows


def test_the_guide_lists_the_profiles_as_they_are() -> None:
    assert [line for line in GUIDE.splitlines() if line in table_of_profiles()] == table_of_profiles()
    assert sum(line.startswith("| `") and line.endswith("ed |") for line in GUIDE.splitlines()) == len(PROFILES)


def test_the_example_of_the_guide_reads_the_frames_of_the_guide() -> None:
    (example,) = (block for block in GUIDE.split("```") if block.startswith("toml\n[device]"))
    text = example.removeprefix("toml\n")
    assert problems(text) == []
    profile = load_profile(text, "docs/profiles.md")
    frames = [bytes.fromhex(line) for line in GUIDE.splitlines() if line.startswith(("07 00 ", "08 00 ", "09 00 "))]
    samples = stream_decoder("layout:samples", profile).decode(profile.subscribe[0], frames)
    assert samples.failures == ()
    assert_allclose(samples.time_s, [1.0, 1.01, 1.02])
    assert_allclose(samples.acceleration_mps2[:, 2], STANDARD_GRAVITY_MPS2, rtol=0.002)


def test_the_guide_names_every_decoder_unit_and_type_and_the_open_layout() -> None:
    from sensor_hub.profiles.layouts import TYPES, UNITS

    words = set(GUIDE.replace("`", " ").split())
    assert {*DECODERS, *TYPES, *(unit for units in UNITS.values() for unit in units)} <= words
    generic = PROFILES["generic-imu"]
    assert all(uuid in GUIDE for uuid in (*generic.services, *generic.subscribe))


def test_the_program_for_a_puck_is_the_one_its_decoder_documents() -> None:
    from sensor_hub.decoders import json_lines

    (program,) = (block.removeprefix("js\n") for block in GUIDE.split("```") if block.startswith("js\n"))
    said = [line.strip() for line in (json_lines.__doc__ or "").splitlines()]
    assert [line.strip() for line in program.splitlines() if line.strip() not in said] == []


def test_a_name_that_would_command_a_terminal_is_refused() -> None:
    with pytest.raises(ProfileError, match=r"device\.name is .*can be shown"):
        load_profile(GOOD.replace('name = "Pod"', 'name = "\\u001b[2J"'), "x.toml")


@pytest.mark.parametrize("text", ["x = " + "[" * 100_000, "x = " + "{a=" * 100_000])
def test_a_file_nested_without_end_is_an_error_of_the_profile(text: str) -> None:
    with pytest.raises(ProfileError, match=r"x\.toml: nested too deeply"):
        load_profile(text, "x.toml")
