import pytest

from sensor_hub.decoders.catalogue import DECODER_NAMES, STREAM_NAMES, VALUE_NAMES, is_stream, stream_decoder
from sensor_hub.model.profile import DeviceProfile, Layout, LayoutField
from sensor_hub.profiles.loading import DECODERS

ACCELEROMETER = Layout("fast", tuple(LayoutField(q, "i16") for q in (
    "acceleration_x_mps2", "acceleration_y_mps2", "acceleration_z_mps2"
)), frame_bytes=6)  # fmt: skip
RECORDS = Layout("slow", (LayoutField("contact_time_s", "u16"),), frame_bytes=2)
PROFILE = DeviceProfile(
    "p", 1, "P", ("*",), {"2fff": "layout:fast"}, "imu", "documented", "-",
    layouts={"fast": ACCELEROMETER, "slow": RECORDS},
)  # fmt: skip


@pytest.mark.parametrize("name", sorted([*STREAM_NAMES, "layout:fast"]))
def test_every_stream_has_a_decoder_of_its_own_for_each_device(name: str) -> None:
    assert is_stream(name, PROFILE)
    assert stream_decoder(name, PROFILE) is not stream_decoder(name, PROFILE)
    assert len(stream_decoder(name, PROFILE).decode("2fff", [])) == 0


@pytest.mark.parametrize("name", sorted([*VALUE_NAMES, "layout:slow", "layout:missing", "nonsense"]))
def test_what_is_no_stream_has_no_stream_decoder(name: str) -> None:
    assert not is_stream(name, PROFILE)
    with pytest.raises(ValueError, match="is no stream decoder"):
        stream_decoder(name, PROFILE)


def test_no_name_means_two_things() -> None:
    assert DECODER_NAMES == STREAM_NAMES | VALUE_NAMES
    assert not STREAM_NAMES & VALUE_NAMES
    assert DECODERS == DECODER_NAMES, "what a profile may name is what there is"
