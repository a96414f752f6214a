from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.errors import ProfileError
from sensor_hub.profiles import DECODERS, load_profile

FOLDER = Path(__file__).parents[1] / "firmware_profiles"
FILES = sorted(FOLDER.glob("*.toml"))
GOOD = """
[device]
id = "pod"
version = 2
name = "Pod"
name_patterns = ["Pod*"]
kind = "imu"
mount = "shank"
status = "documented"
evidence = "a page"

[characteristics]
"2FFF" = "shank_logger"

[clock]
timestamp = "last_sample"
wrap_bits = 32

[records]
cadence_counts = "strides"
stride_divisor = 2

[stream]
stale_timeout_s = 2
"""


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# --- the profiles that ship ------------------------------------------------------------------------------------------


def test_there_are_profiles() -> None:
    assert FILES


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_shipped_profile_loads_and_can_be_believed(path: Path) -> None:
    profile = load_profile(text_of(path), str(path))
    assert profile.id == path.stem
    assert profile.version >= 1
    assert profile.name.strip()
    assert profile.evidence.strip()
    assert profile.name_patterns
    assert all(isinstance(p, str) and p for p in profile.name_patterns)
    assert set(profile.characteristics.values()) <= DECODERS
    assert all(uuid == uuid.lower() and len(uuid) in {4, 36} for uuid in profile.characteristics)
    assert (profile.mount is not None) == (profile.kind == "imu")
    assert 0.5 <= profile.stale_timeout_s <= 10


def test_ids_are_unique() -> None:
    ids = [load_profile(text_of(p), str(p)).id for p in FILES]
    assert len(set(ids)) == len(ids)


def test_only_the_standard_profile_answers_to_any_name() -> None:
    anybody = [
        p.stem
        for p in FILES
        if any(fnmatchcase("Qx7 unheard of", n) for n in load_profile(text_of(p), str(p)).name_patterns)
    ]
    assert anybody == ["standard-rsc"]


# --- what a profile says ---------------------------------------------------------------------------------------------


def test_every_field_arrives() -> None:
    profile = load_profile(GOOD, "pod.toml")
    assert profile.tag == "pod@2"
    assert profile.characteristics == {"2fff": "shank_logger"}
    assert (profile.cadence_counts, profile.stride_divisor, profile.stale_timeout_s) == ("strides", 2.0, 2.0)
    assert (profile.timestamp, profile.timestamp_wrap_bits, profile.mount) == ("last_sample", 32, "shank")


def test_what_is_left_out_has_a_default() -> None:
    short = GOOD.split("[clock]")[0].replace('mount = "shank"\n', "")
    profile = load_profile(short, "pod.toml")
    assert (profile.cadence_counts, profile.stride_divisor, profile.stale_timeout_s) == ("steps", 1.0, 3.0)
    assert (profile.timestamp, profile.timestamp_wrap_bits, profile.mount) == ("none", None, None)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("[device]", "[device", "not TOML"),
        ("[clock]", "[clocks]", "[clocks]"),
        ("[device]", "top = 1\n[device]", "[top]"),
        ('name = "Pod"', 'nmae = "Pod"', "device.nmae"),
        ('id = "pod"\n', "", "device.id"),
        ("version = 2", 'version = "2"', "device.version"),
        ("version = 2", "version = true", "device.version"),
        ("version = 2", "version = 0", "device.version"),
        ('id = "pod"', 'id = "Pod 1"', "device.id"),
        ('name_patterns = ["Pod*"]', 'name_patterns = "Pod*"', "device.name_patterns"),
        ('name_patterns = ["Pod*"]', "name_patterns = []", "device.name_patterns"),
        ('name_patterns = ["Pod*"]', "name_patterns = [5]", "device.name_patterns"),
        ('kind = "imu"', 'kind = "camera"', "device.kind"),
        ('mount = "shank"', 'mount = "wrist"', "device.mount"),
        ('status = "documented"', 'status = "sure"', "device.status"),
        ('evidence = "a page"', "evidence = 5", "device.evidence"),
        ('evidence = "a page"', 'evidence = " "', "device.evidence"),
        ('"2FFF" = "shank_logger"', "", "[characteristics]"),
        ('"2FFF" = "shank_logger"', '"2FFF" = "magic"', "characteristics.2FFF"),
        ('"2FFF" = "shank_logger"', '"2FFF" = ["rsc"]', "characteristics.2FFF"),
        ('"2FFF" = "shank_logger"', '"2F" = "rsc"', "characteristics.2F"),
        ('timestamp = "last_sample"', 'timestamp = "some"', "clock.timestamp"),
        ("wrap_bits = 32", "wrap_bits = 33", "clock.wrap_bits"),
        ("wrap_bits = 32", "wrap_bits = [32]", "clock.wrap_bits"),
        ('cadence_counts = "strides"', 'cadence_counts = "both"', "records.cadence_counts"),
        ("stride_divisor = 2", "stride_divisor = 0", "stride_divisor"),
        ("stride_divisor = 2", "stride_divisor = nan", "stride_divisor"),
        ("stale_timeout_s = 2", "stale_timeout_s = -1", "stale_timeout_s"),
        ("stale_timeout_s = 2", 'stale_timeout_s = "2"', "stale_timeout_s"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(old: str, new: str, key: str) -> None:
    assert GOOD.count(old) == 1
    with pytest.raises(ProfileError) as caught:
        load_profile(GOOD.replace(old, new), "my/pod.toml")
    assert "my/pod.toml" in str(caught.value)
    assert key in str(caught.value)


SCALARS = st.one_of(
    st.integers(-5, 300),
    st.floats(allow_nan=True),
    st.booleans(),
    st.text("abc*", max_size=4),
    st.lists(st.integers(0, 9), max_size=2),
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
